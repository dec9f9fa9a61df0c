//! What hands do to the clicker: edges become gestures, gestures events or refusals.

use wire::{Alarm, Means};

use super::{Answers, Context, Handheld, MORE_STANDS, Question, Shown};
use crate::display::face_of;
use crate::event::{Button, Edge, Entry};
use crate::face::Face;
use crate::gesture::{Gesture, Length};
use crate::grammar::{Meaning, meaning};
use crate::sound::Sound;
use crate::time::Uptime;

impl Handheld {
    pub(super) fn edge(&mut self, button: Button, edge: Edge) {
        self.hearing.touched(self.now);
        let answers = match (edge, button, self.question) {
            (Edge::Down, Button::Logo, Question::More { .. }) if self.gestures.is_up(button) => {
                self.question = Question::MoreTouched;
                Answers::More
            }
            (Edge::Down, Button::B, Question::TakeOver { .. }) => Answers::TakeOver,
            (Edge::Down | Edge::Up, Button::A | Button::B | Button::Logo, _) => Answers::Nothing,
        };
        let context = Context { shown: self.shown_now(), answers };
        if let Some(gesture) = self.gestures.edge(self.now, button, edge, context) {
            self.decided(gesture);
        }
    }

    pub(super) fn decided(&mut self, gesture: Gesture<Context>) {
        // A question stands until the next gesture, whatever it is.
        let question = self.drop_question();
        match gesture {
            Gesture::Sharp => self.alarm(Alarm::Sharp),
            Gesture::Stop => self.alarm(Alarm::Stop),
            // It counts as nothing; that it is covered is on the lights for as long as it is.
            Gesture::Covered => self.play(Sound::No),
            Gesture::Press { button, length, context } => match (context.answers, question, length) {
                (Answers::TakeOver, Question::TakeOver { session, .. }, Length::Long) => {
                    self.take_over(session)
                }
                (Answers::More, Question::MoreTouched, Length::Short) => self.accept(Means::More, context),
                // The question it answers was withdrawn before the touch was decided.
                (
                    Answers::More,
                    Question::None | Question::More { .. } | Question::TakeOver { .. },
                    Length::Short,
                ) => {
                    self.refuse(self.now, Face::Refused);
                }
                (Answers::Nothing | Answers::More | Answers::TakeOver, _, Length::Short | Length::Long) => {
                    self.pressed(button, length, context);
                }
            },
        }
    }

    pub(super) fn pressed(&mut self, button: Button, length: Length, context: Context) {
        let (Some(shown), Some(_)) = (context.shown, self.session()) else {
            self.refuse(self.now, Face::NoSession);
            return;
        };
        match meaning(shown.mode, button, length, self.dial) {
            Meaning::Event(means) => self.accept(means, context),
            Meaning::AskMore if self.shown_now() == Some(shown) => {
                self.question = Question::More { until: self.now + MORE_STANDS };
                self.play(Sound::Question);
            }
            Meaning::AskMore | Meaning::Nothing => self.refuse(self.now, Face::Refused),
        }
    }

    pub(super) fn accept(&mut self, means: Means, context: Context) {
        let Some(shown) = context.shown.filter(|_| self.session().is_some()) else {
            self.refuse(self.now, Face::NoSession);
            return;
        };
        if !self.outbox.has_room() {
            self.refuse(self.now, Face::Full);
            return;
        }
        if let Means::Rating(dial) = means {
            self.dial = Some(dial);
        }
        self.keep(means, shown);
    }

    pub(super) fn alarm(&mut self, what: Alarm) {
        if self.session().is_none() {
            self.refuse(self.now, Face::NoSession);
            return;
        }
        if !self.outbox.has_room_for_alarm() {
            self.refuse(self.now, Face::Full);
            self.say_not_heard();
            return;
        }
        let means = match what {
            Alarm::Sharp => Means::Sharp,
            Alarm::Stop => Means::Stop,
        };
        self.alarms.raise(self.now, self.outbox.next(), what);
        let shown = self.shown_now().unwrap_or(self.shown);
        self.keep(means, shown);
    }

    /// Accepts an event for which there is room. Its tick waits until it would survive a reset.
    pub(super) fn keep(&mut self, means: Means, shown: Shown) {
        let entry =
            Entry { place: self.outbox.next(), uptime: self.now.on_the_air(), show: shown.number, means };
        self.outbox.push(entry, shown.mode);
        match face_of(means) {
            Some(face) => self.display.flash(self.now, face),
            None => self.display.light(self.now),
        }
        if !self.hearing.is_heard() {
            self.say_not_heard();
        }
    }

    /// The "no" cue, and why.
    pub(super) fn refuse(&mut self, now: Uptime, why: Face) {
        if self.session().is_some() {
            self.display.flash(now, why);
        } else {
            self.display.flash_alone(now, why);
        }
        self.play(Sound::No);
    }
}
