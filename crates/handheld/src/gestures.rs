//! Recognises gestures from button edges and time. Their meaning is in [`crate::keymap`].
//!
//! ```text
//!                  80 ms and released        600 ms           A, B: 2 s        logo: 3 s
//!   down --+--------> Short        +---------> Long ----------> Stop            Covered
//!          |  (at the later of the |  (still held, at once)
//!          |   two, then sent)     |
//!          +--- A and B overlap, or are pressed within 80 ms of each other: Sharp, at the second press;
//!               both are ignored until both are up
//! ```
//!
//! A recognised gesture is never revoked. At equal times a timer runs before an edge, so of two presses exactly 80 ms
//! apart the first may already have become a short press; the second is SHARP all the same.

use core::time::Duration;

use heapless::Vec;

use crate::event::{Button, Edge};
use crate::time::Uptime;

/// Two presses within this time form a chord: SHARP. A short press is not decided earlier, so the first press of a
/// SHARP has no effect of its own.
pub const CHORD_WINDOW: Duration = Duration::from_millis(80);

/// A press held for this long is long: about twice a short press by someone who cannot look.
pub const LONG_PRESS: Duration = Duration::from_millis(600);

/// A or B held for this long is STOP: a hand that clenches in pain need not let go.
pub const STOP_HOLD: Duration = Duration::from_secs(2);

/// A logo touched for this long is covered by a palm or cheek.
pub const COVERED_AFTER: Duration = Duration::from_secs(3);

/// Short presses that can wait for their 80 ms at once. No thumb makes more; beyond that the oldest is decided early.
const MAX_PENDING: usize = 8;

/// A recognised gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gesture<C> {
    /// One button pressed alone.
    Press {
        button: Button,
        length: Length,
        /// The context passed in with the press.
        context: C,
    },
    /// A or B held for 2 s.
    Stop,
    /// A and B together.
    Sharp,
    /// The logo was touched for 3 s.
    Covered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Short,
    Long,
}

/// State of the three buttons. `C` is the caller's context, captured at each press.
#[derive(Debug, Clone)]
pub(crate) struct Gestures<C> {
    a: Key<C>,
    b: Key<C>,
    logo: Key<C>,
    /// Released within 80 ms of the press, and not decided yet.
    waiting: Vec<(Button, Press<C>), MAX_PENDING>,
    /// The last press of A and of B that was not part of a SHARP.
    last_a: Option<Uptime>,
    last_b: Option<Uptime>,
}

#[derive(Debug, Clone, Copy)]
struct Press<C> {
    at: Uptime,
    context: C,
}

#[derive(Debug, Clone, Copy)]
enum Key<C> {
    Up,
    /// Down for less than 600 ms.
    Pressed(Press<C>),
    /// The long press has been decided.
    Held {
        since: Uptime,
    },
    /// STOP has been decided, or the logo is covered.
    Done,
    /// Down during or after a SHARP.
    Ignored,
}

impl<C: Copy> Gestures<C> {
    pub(crate) const fn new() -> Self {
        Self { a: Key::Up, b: Key::Up, logo: Key::Up, waiting: Vec::new(), last_a: None, last_b: None }
    }

    /// Whether a palm or cheek lies on the logo.
    pub(crate) const fn covered(&self) -> bool {
        matches!(self.logo, Key::Done)
    }

    /// Whether the button is up, so that an edge down starts a new press.
    pub(crate) fn is_up(&self, button: Button) -> bool {
        let key = match button {
            Button::A => &self.a,
            Button::B => &self.b,
            Button::Logo => &self.logo,
        };
        matches!(key, Key::Up)
    }

    /// Processes an edge and returns the gesture it completes. Timers due by `now` must have run.
    pub(crate) fn edge(&mut self, now: Uptime, button: Button, edge: Edge, context: C) -> Option<Gesture<C>> {
        match edge {
            Edge::Down => self.down(Press { at: now, context }, button),
            Edge::Up => self.up(now, button),
        }
    }

    /// When to call [`Gestures::expire`].
    pub(crate) fn deadline(&self) -> Option<Uptime> {
        let waiting = self.waiting.iter().map(|(_, press)| press.at + CHORD_WINDOW);
        let keys = [Button::A, Button::B, Button::Logo].into_iter().filter_map(|b| self.key_deadline(b));
        waiting.chain(keys).min()
    }

    /// Returns one gesture due at `at`, short presses before long ones.
    pub(crate) fn expire(&mut self, at: Uptime) -> Option<Gesture<C>> {
        if let Some(index) = self.waiting.iter().position(|(_, press)| press.at + CHORD_WINDOW <= at) {
            return Some(short(self.waiting.remove(index)));
        }
        let due = |button: &Button| self.key_deadline(*button).is_some_and(|due| due <= at);
        let button = [Button::A, Button::B, Button::Logo].into_iter().find(due)?;
        let key = self.key(button);
        match *key {
            Key::Pressed(Press { at: since, context }) => {
                *key = Key::Held { since };
                Some(Gesture::Press { button, length: Length::Long, context })
            }
            Key::Held { .. } => {
                *key = Key::Done;
                Some(match button {
                    Button::A | Button::B => Gesture::Stop,
                    Button::Logo => Gesture::Covered,
                })
            }
            Key::Up | Key::Done | Key::Ignored => None,
        }
    }

    fn down(&mut self, press: Press<C>, button: Button) -> Option<Gesture<C>> {
        let Key::Up = *self.key(button) else { return None };
        let (other, other_last) = match button {
            Button::A => (self.b, self.last_b),
            Button::B => (self.a, self.last_a),
            Button::Logo => {
                self.logo = Key::Pressed(press);
                return None;
            }
        };
        let together = match other {
            Key::Ignored => {
                *self.key(button) = Key::Ignored;
                return None;
            }
            Key::Pressed(_) | Key::Held { .. } | Key::Done => true,
            Key::Up => other_last.is_some_and(|last| press.at.since(last) <= CHORD_WINDOW),
        };
        if together {
            self.consume_chord();
            *self.key(button) = Key::Ignored;
            return Some(Gesture::Sharp);
        }
        match button {
            Button::A => self.last_a = Some(press.at),
            Button::B => self.last_b = Some(press.at),
            Button::Logo => {}
        }
        *self.key(button) = Key::Pressed(press);
        None
    }

    fn up(&mut self, now: Uptime, button: Button) -> Option<Gesture<C>> {
        let key = self.key(button);
        let Key::Pressed(press) = core::mem::replace(key, Key::Up) else { return None };
        if press.at + CHORD_WINDOW <= now {
            return Some(short((button, press)));
        }
        let early = if self.waiting.is_full() { Some(short(self.waiting.remove(0))) } else { None };
        // There is space: either there was, or the oldest was just removed.
        let _ = self.waiting.push((button, press));
        early
    }

    /// A SHARP consumes every undecided press of A and B.
    fn consume_chord(&mut self) {
        for key in [&mut self.a, &mut self.b] {
            match key {
                Key::Up => {}
                Key::Pressed(_) | Key::Held { .. } | Key::Done | Key::Ignored => *key = Key::Ignored,
            }
        }
        self.waiting.retain(|(button, _)| *button == Button::Logo);
        self.last_a = None;
        self.last_b = None;
    }

    fn key(&mut self, button: Button) -> &mut Key<C> {
        match button {
            Button::A => &mut self.a,
            Button::B => &mut self.b,
            Button::Logo => &mut self.logo,
        }
    }

    fn key_deadline(&self, button: Button) -> Option<Uptime> {
        let (key, done_after) = match button {
            Button::A => (&self.a, STOP_HOLD),
            Button::B => (&self.b, STOP_HOLD),
            Button::Logo => (&self.logo, COVERED_AFTER),
        };
        match key {
            Key::Pressed(press) => Some(press.at + LONG_PRESS),
            Key::Held { since } => Some(*since + done_after),
            Key::Up | Key::Done | Key::Ignored => None,
        }
    }
}

const fn short<C: Copy>((button, press): (Button, Press<C>)) -> Gesture<C> {
    Gesture::Press { button, length: Length::Short, context: press.context }
}
