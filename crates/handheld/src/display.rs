//! What the lights say for a while: an answer to a press or a cue, then the digit, then nothing.

use core::time::Duration;

use wire::{Dial, Means};

use crate::event::Button;
use crate::face::Face;
use crate::time::Uptime;

/// For how long the digit is lit after a press or a cue: long enough to look, short enough to spare the battery.
pub const LIT: Duration = Duration::from_secs(3);

/// For how long the answer itself is lit before the digit takes its place.
pub const FLASH: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub(crate) struct Display {
    flash: Option<(Face, Uptime)>,
    digit_until: Option<Uptime>,
    drawn: Face,
}

impl Display {
    pub(crate) const fn new() -> Self {
        Self { flash: None, digit_until: None, drawn: Face::Blank }
    }

    /// Shows `face`, and the digit after it.
    pub(crate) fn flash(&mut self, now: Uptime, face: Face) {
        self.flash = Some((face, now + FLASH));
        self.digit_until = Some(now + LIT);
    }

    /// Shows the digit.
    pub(crate) fn light(&mut self, now: Uptime) {
        self.flash = None;
        self.digit_until = Some(now + LIT);
    }

    /// Shows `face` and no digit: there is no session, so there is no dial to speak of.
    pub(crate) fn flash_alone(&mut self, now: Uptime, face: Face) {
        self.flash = Some((face, now + FLASH));
        self.digit_until = None;
    }

    pub(crate) fn deadline(&self) -> Option<Uptime> {
        [self.flash.map(|(_, until)| until), self.digit_until].into_iter().flatten().min()
    }

    pub(crate) fn expire(&mut self, at: Uptime) {
        self.flash = self.flash.filter(|(_, until)| *until > at);
        self.digit_until = self.digit_until.filter(|until| *until > at);
    }

    /// What is lit for now, `None` where nothing is.
    pub(crate) fn lit(&self, dial: Option<Dial>) -> Option<Face> {
        match (self.flash, self.digit_until) {
            (Some((face, _)), _) => Some(face),
            (None, Some(_)) => Some(dial.map_or(Face::NoRating, Face::Rating)),
            (None, None) => None,
        }
    }

    pub(crate) const fn drawn(&self) -> Face {
        self.drawn
    }

    /// `face`, where it is not what is drawn already.
    pub(crate) fn draw(&mut self, face: Face) -> Option<Face> {
        let changed = face != self.drawn;
        self.drawn = face;
        changed.then_some(face)
    }
}

/// The face that says an event was understood. SHARP has none of its own: its cross stays for as long as it is pending.
pub(crate) const fn face_of(means: Means) -> Option<Face> {
    let face = match means {
        Means::Rating(dial) | Means::Same(dial) => Face::Rating(dial),
        Means::Nudge(toward) => Face::Nudge(toward),
        Means::Spot => Face::Spot,
        Means::No | Means::Enough | Means::OnlySharp | Means::FeltLeft => Face::Answered(Button::A),
        Means::Yes | Means::Beside | Means::Numb | Means::FeltRight => Face::Answered(Button::B),
        Means::Again | Means::SameSpot | Means::Slipped => Face::Answered(Button::Logo),
        Means::Less => Face::Less,
        Means::More => Face::More,
        Means::LetGo => Face::LetGo,
        Means::Stop => Face::Stop,
        Means::Sharp => return None,
    };
    Some(face)
}
