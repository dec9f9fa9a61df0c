//! The practice clicker in real time: the real logic, its hand on the keyboard, its radio a link in memory.

use std::time::Duration;

use handheld::Display;
use link::Link;
use sim::clicker::{BoardOutput, Clicker, Flash};
use sim::{Gesture, Time};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::clock::{Clock, Pace};

/// A link that takes no frame for so long has lost it, as the air would have: clicker and laptop send again what
/// matters, and neither may wait for ever on the other.
const TAKEN_WITHIN: Duration = Duration::from_millis(200);

/// A clicker and what it is connected to.
pub(crate) struct Pump<C, L> {
    clicker: Clicker,
    clock: C,
    pace: Pace,
    link: L,
    hand: UnboundedReceiver<Gesture>,
    lights: UnboundedSender<Display>,
}

impl<C: Clock, L: Link> Pump<C, L> {
    /// A clicker that has been switched on so many times before, and connects.
    pub(crate) fn new(
        mut clock: C,
        pace: Pace,
        boots: u16,
        link: L,
        hand: UnboundedReceiver<Gesture>,
        lights: UnboundedSender<Display>,
    ) -> Self {
        let now = time(&mut clock, pace);
        let mut clicker = Clicker::new(now, Flash::GOOD);
        // A clicker counts its boots, and the laptop tells a repeated event by them: the count has to go on.
        for _ in 0..boots {
            clicker.reset(now, 0);
            clicker.handle_timeout(now);
        }
        clicker.link_up(now);
        Self { clicker, clock, pace, link, hand, lights }
    }

    /// Runs until the link ends.
    pub(crate) async fn run(mut self) {
        self.carry().await;
    }

    /// The next link: the one before has ended.
    #[cfg(test)]
    pub(crate) fn linked(&mut self, link: L) {
        let now = time(&mut self.clock, self.pace);
        self.clicker.link_down(now);
        self.link = link;
        self.clicker.link_up(now);
    }

    /// Carries frames and gestures until the link ends.
    pub(crate) async fn carry(&mut self) {
        loop {
            let now = time(&mut self.clock, self.pace);
            self.clicker.handle_timeout(now);
            self.drain(now).await;
            let wait = self.clicker.poll_timeout().map(|due| self.pace.takes(millis(due.since(now))));
            tokio::select! {
                // What the laptop showed before a key was pressed is heard before it, however late this turn comes.
                biased;
                frame = self.link.next() => {
                    let Ok(frame) = frame else { return };
                    self.clicker.hear(time(&mut self.clock, self.pace), frame.as_bytes());
                }
                Some(gesture) = self.hand.recv() => {
                    self.clicker.gesture(time(&mut self.clock, self.pace), gesture);
                }
                () = tokio::time::sleep(wait.unwrap_or(TAKEN_WITHIN)) => {}
            }
        }
    }

    async fn drain(&mut self, now: Time) {
        while let Some(signal) = self.clicker.poll_output(now) {
            match signal {
                BoardOutput::Send(frame) => {
                    // Lost or on its way: either way it has left the stack.
                    drop(tokio::time::timeout(TAKEN_WITHIN, self.link.send(&frame)).await);
                    self.clicker.sent(now);
                }
                // Whoever shows the lights may have gone first.
                BoardOutput::Display(face) => drop(self.lights.send(face)),
                BoardOutput::Sound(_) => {}
            }
        }
    }
}

fn time(clock: &mut impl Clock, pace: Pace) -> Time {
    Time::START + pace.passes_in(clock.read().monotonic)
}

const fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
