//! Button input: edges become gestures, gestures become events or are refused.

use wire::{Alarm, Means};

use super::{ActiveMode, Answers, Context, Handheld, MORE_TIMEOUT, Question};
use crate::display::Display;
use crate::display_timer::feedback_for;
use crate::event::{Button, Edge, Entry};
use crate::gestures::{Gesture, Length};
use crate::keymap::{Action, action};
use crate::sound::Sound;
use crate::time::Uptime;

impl Handheld {
    pub(super) fn on_edge(&mut self, button: Button, edge: Edge) {
        self.liveness.touched(self.now);
        let answers = match (edge, button, self.question) {
            (Edge::Down, Button::Logo, Question::More { .. }) if self.gestures.is_up(button) => {
                self.question = Question::MoreTouched;
                Answers::More
            }
            (Edge::Down, Button::B, Question::TakeOver { .. }) => Answers::TakeOver,
            (Edge::Down | Edge::Up, Button::A | Button::B | Button::Logo, _) => Answers::Nothing,
        };
        let context = Context { active: self.active_mode(), answers };
        if let Some(gesture) = self.gestures.edge(self.now, button, edge, context) {
            self.on_gesture(gesture);
        }
    }

    pub(super) fn on_gesture(&mut self, gesture: Gesture<Context>) {
        // Any gesture ends the question.
        let question = self.drop_question();
        match gesture {
            Gesture::Sharp => self.raise_alarm(Alarm::Sharp),
            Gesture::Stop => self.raise_alarm(Alarm::Stop),
            // It has no effect; the display shows that the logo is covered while it is.
            Gesture::Covered => self.play(Sound::No),
            Gesture::Press { button, length, context } => match (context.answers, question, length) {
                (Answers::TakeOver, Question::TakeOver { session, .. }, Length::Long) => {
                    self.take_over(session)
                }
                (Answers::More, Question::MoreTouched, Length::Short) => self.accept(Means::More, context),
                // The question was cancelled before the touch was decided.
                (
                    Answers::More,
                    Question::None | Question::More { .. } | Question::TakeOver { .. },
                    Length::Short,
                ) => {
                    self.refuse(self.now, Display::Refused);
                }
                (Answers::Nothing | Answers::More | Answers::TakeOver, _, Length::Short | Length::Long) => {
                    self.on_press(button, length, context);
                }
            },
        }
    }

    pub(super) fn on_press(&mut self, button: Button, length: Length, context: Context) {
        let (Some(active), Some(_)) = (context.active, self.session()) else {
            self.refuse(self.now, Display::NoSession);
            return;
        };
        match action(active.mode, button, length, self.dial) {
            Action::Event(means) => self.accept(means, context),
            Action::AskMore if self.active_mode() == Some(active) => {
                self.question = Question::More { until: self.now + MORE_TIMEOUT };
                self.play(Sound::Question);
            }
            Action::AskMore | Action::Nothing => self.refuse(self.now, Display::Refused),
        }
    }

    pub(super) fn accept(&mut self, means: Means, context: Context) {
        let Some(active) = context.active.filter(|_| self.session().is_some()) else {
            self.refuse(self.now, Display::NoSession);
            return;
        };
        if !self.outbox.has_room() {
            self.refuse(self.now, Display::Full);
            return;
        }
        if let Means::Rating(dial) = means {
            self.dial = Some(dial);
        }
        self.keep(means, active);
    }

    pub(super) fn raise_alarm(&mut self, what: Alarm) {
        if self.session().is_none() {
            self.refuse(self.now, Display::NoSession);
            return;
        }
        if !self.outbox.has_room_for_alarm() {
            self.refuse(self.now, Display::Full);
            self.announce_not_heard();
            return;
        }
        let means = match what {
            Alarm::Sharp => Means::Sharp,
            Alarm::Stop => Means::Stop,
        };
        self.alarms.raise(self.now, self.outbox.next(), what);
        let active = self.active_mode().unwrap_or(self.active);
        self.keep(means, active);
    }

    /// Accepts an event for which there is space. Its tick sounds once it is stored.
    pub(super) fn keep(&mut self, means: Means, active: ActiveMode) {
        let entry = Entry { id: self.outbox.next(), uptime: self.now.to_wire(), show: active.number, means };
        self.outbox.push(entry, active.mode);
        match feedback_for(means) {
            Some(display) => self.display_timer.show_feedback(self.now, display),
            None => self.display_timer.show_digit(self.now),
        }
        if !self.liveness.is_heard() {
            self.announce_not_heard();
        }
    }

    /// Plays the "no" cue and shows the reason.
    pub(super) fn refuse(&mut self, now: Uptime, why: Display) {
        if self.session().is_some() {
            self.display_timer.show_feedback(now, why);
        } else {
            self.display_timer.show_feedback_alone(now, why);
        }
        self.play(Sound::No);
    }
}
