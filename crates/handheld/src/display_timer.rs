//! What the lights say for a while: an answer to a press or a cue, then the digit, then nothing.

use core::time::Duration;

use wire::{Dial, Means};

use crate::display::Display;
use crate::event::Button;
use crate::time::Uptime;

/// For how long the digit is lit after a press or a cue: long enough to look, short enough to spare the battery.
pub const DIGIT_TIME: Duration = Duration::from_secs(3);

/// For how long the answer itself is lit before the digit takes its place.
pub const FEEDBACK_TIME: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub(crate) struct DisplayTimer {
    feedback: Option<(Display, Uptime)>,
    digit_until: Option<Uptime>,
    drawn: Display,
}

impl DisplayTimer {
    pub(crate) const fn new() -> Self {
        Self { feedback: None, digit_until: None, drawn: Display::Blank }
    }

    /// Shows `display`, and the digit after it.
    pub(crate) fn show_feedback(&mut self, now: Uptime, display: Display) {
        self.feedback = Some((display, now + FEEDBACK_TIME));
        self.digit_until = Some(now + DIGIT_TIME);
    }

    /// Shows the digit.
    pub(crate) fn show_digit(&mut self, now: Uptime) {
        self.feedback = None;
        self.digit_until = Some(now + DIGIT_TIME);
    }

    /// Shows `display` and no digit: there is no session, so there is no dial to speak of.
    pub(crate) fn show_feedback_alone(&mut self, now: Uptime, display: Display) {
        self.feedback = Some((display, now + FEEDBACK_TIME));
        self.digit_until = None;
    }

    pub(crate) fn deadline(&self) -> Option<Uptime> {
        [self.feedback.map(|(_, until)| until), self.digit_until].into_iter().flatten().min()
    }

    pub(crate) fn expire(&mut self, at: Uptime) {
        self.feedback = self.feedback.filter(|(_, until)| *until > at);
        self.digit_until = self.digit_until.filter(|until| *until > at);
    }

    /// What is lit for now, `None` where nothing is.
    pub(crate) fn lit(&self, dial: Option<Dial>) -> Option<Display> {
        match (self.feedback, self.digit_until) {
            (Some((display, _)), _) => Some(display),
            (None, Some(_)) => Some(dial.map_or(Display::NoRating, Display::Rating)),
            (None, None) => None,
        }
    }

    pub(crate) const fn drawn(&self) -> Display {
        self.drawn
    }

    /// `display`, where it is not what is drawn already.
    pub(crate) fn draw(&mut self, display: Display) -> Option<Display> {
        let changed = display != self.drawn;
        self.drawn = display;
        changed.then_some(display)
    }
}

/// The display that says an event was understood. SHARP has none of its own: its cross stays for as long as it is pending.
pub(crate) const fn feedback_for(means: Means) -> Option<Display> {
    let display = match means {
        Means::Rating(dial) | Means::Same(dial) => Display::Rating(dial),
        Means::Nudge(toward) => Display::Nudge(toward),
        Means::Spot => Display::Spot,
        Means::No | Means::Enough | Means::OnlySharp | Means::FeltLeft => Display::Answered(Button::A),
        Means::Yes | Means::Beside | Means::Numb | Means::FeltRight => Display::Answered(Button::B),
        Means::Again | Means::SameSpot | Means::Slipped => Display::Answered(Button::Logo),
        Means::Less => Display::Less,
        Means::More => Display::More,
        Means::LetGo => Display::LetGo,
        Means::Stop => Display::Stop,
        Means::Sharp => return None,
    };
    Some(display)
}
