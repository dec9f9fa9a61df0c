//! From edges and time to gestures. What a gesture means is no matter of this file.
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
//! What has been decided stands: nothing here ever takes a gesture back. At equal times a timer is run before an
//! edge, so of two presses exactly 80 ms apart the first may have been decided as short; the second is SHARP all the
//! same.

use core::time::Duration;

use heapless::Vec;

use crate::event::{Button, Edge};
use crate::time::Uptime;

/// Two presses this close belong together: SHARP. A short press is not decided before it, so that the first press of
/// a SHARP moves nothing.
pub const CHORD_WINDOW: Duration = Duration::from_millis(80);

/// Held for this long, a press is long: about twice what people need for a short one who cannot look.
pub const LONG_PRESS: Duration = Duration::from_millis(600);

/// A or B held for this long is STOP: a hand that clenches in pain need not let go.
pub const STOP_HOLD: Duration = Duration::from_secs(2);

/// A logo touched for this long is covered by a palm or cheek.
pub const COVERED_AFTER: Duration = Duration::from_secs(3);

/// Short presses that may wait for their 80 ms at once. No thumb makes more; the oldest is then decided early.
const MAX_PENDING: usize = 8;

/// Something a hand did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gesture<C> {
    /// One button, pressed alone.
    Press {
        button: Button,
        length: Length,
        /// What was handed in at its press.
        context: C,
    },
    /// A or B held for 2 s.
    Stop,
    /// A and B together.
    Sharp,
    /// The logo has been touched for more than 3 s.
    Covered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Short,
    Long,
}

/// The three buttons. `C` is whatever its user wants to remember of the moment of a press.
#[derive(Debug, Clone)]
pub(crate) struct Gestures<C> {
    a: Key<C>,
    b: Key<C>,
    logo: Key<C>,
    /// Released within 80 ms of their press, and not decided yet.
    waiting: Vec<(Button, Press<C>), MAX_PENDING>,
    /// The last press of A and of B that no SHARP has used up.
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
    /// Its long press has been decided.
    Held {
        since: Uptime,
    },
    /// Its STOP has been decided, or it is a covered logo.
    Done,
    /// Down in or after a SHARP.
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

    /// Whether this button is up, so that pressing it would be a new press.
    pub(crate) fn is_up(&self, button: Button) -> bool {
        let key = match button {
            Button::A => &self.a,
            Button::B => &self.b,
            Button::Logo => &self.logo,
        };
        matches!(key, Key::Up)
    }

    /// Takes in an edge, and gives what it decides. Timers due by `now` have been run.
    pub(crate) fn edge(&mut self, now: Uptime, button: Button, edge: Edge, context: C) -> Option<Gesture<C>> {
        match edge {
            Edge::Down => self.down(Press { at: now, context }, button),
            Edge::Up => self.up(now, button),
        }
    }

    /// When [`Gestures::expire`] has something to decide.
    pub(crate) fn deadline(&self) -> Option<Uptime> {
        let waiting = self.waiting.iter().map(|(_, press)| press.at + CHORD_WINDOW);
        let keys = [Button::A, Button::B, Button::Logo].into_iter().filter_map(|b| self.key_deadline(b));
        waiting.chain(keys).min()
    }

    /// Decides what falls due at `at`, one gesture a call, shorts before longs.
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
        // There is room: either there was, or the oldest has just made it.
        let _ = self.waiting.push((button, press));
        early
    }

    /// A SHARP takes up every press of A and B that is not decided yet.
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
