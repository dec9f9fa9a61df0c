//! Timing of the LED display: feedback to a press or cue, then the rating, then dark.

use core::time::Duration;

use wire::{Dial, Means};

use crate::display::Display;
use crate::event::Button;
use crate::time::Uptime;

/// How long the display stays on after a press or cue: long enough to look, short enough to save the battery.
pub const DIGIT_TIME: Duration = Duration::from_secs(3);

/// How long the feedback itself is shown before the rating replaces it.
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

    /// Shows `display`, then the rating.
    pub(crate) fn show_feedback(&mut self, now: Uptime, display: Display) {
        self.feedback = Some((display, now + FEEDBACK_TIME));
        self.digit_until = Some(now + DIGIT_TIME);
    }

    /// Shows the rating.
    pub(crate) fn show_digit(&mut self, now: Uptime) {
        self.feedback = None;
        self.digit_until = Some(now + DIGIT_TIME);
    }

    /// Shows `display` without a rating: outside a session there is none.
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

    /// What is shown at present, `None` if the display is dark.
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

    /// Records `display` as drawn. Returns it if it differs from what was drawn before.
    pub(crate) fn draw(&mut self, display: Display) -> Option<Display> {
        let changed = display != self.drawn;
        self.drawn = display;
        changed.then_some(display)
    }
}

/// Feedback for an accepted event. SHARP has none here: its cross is shown for as long as the alarm is pending.
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
