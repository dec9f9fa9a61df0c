//! The simulated receiver and partner in their places: one at the clicker, one at the laptop, a back between them.

use coach::{Key, Level, Prompt, View, What};
use sim::dice::{Dice, Thrower};
use sim::partner::{Partner, Told, Touch};
use sim::receiver::{Receiver, Sensed, Temper};
use sim::{Clicker, Gesture, Time};

/// Two people.
#[derive(Debug, Clone)]
pub(super) struct People {
    receiver: Receiver,
    partner: Partner,
    next: Time,
}

/// How often people are asked what they do.
const HALF_SECOND_MS: u64 = 500;

impl People {
    pub(super) fn new(seed: u64) -> Self {
        let mut receiver = Dice::new(seed, Thrower::Receiver);
        let mut partner = Dice::new(seed, Thrower::Partner);
        let temper = Temper::any(&mut receiver);
        let touch = Touch::any(&mut partner);
        Self {
            receiver: Receiver::new(receiver, temper),
            partner: Partner::new(partner, touch),
            next: Time::START.plus(HALF_SECOND_MS),
        }
    }

    pub(super) const fn due(&self) -> Time {
        self.next
    }

    /// Both do what they do in this half second, if it has come. `view` is `None` while the laptop is dark.
    pub(super) fn half_second(
        &mut self,
        now: Time,
        view: Option<&View>,
        clicker: &Clicker,
    ) -> (Option<Gesture>, Option<Key>) {
        if now < self.next {
            return (None, None);
        }
        self.next = now.plus(HALF_SECOND_MS);
        let Some(view) = view else { return (None, None) };
        let key = self.partner.half_second(now, view);
        let Some(mode) = clicker.mode() else { return (None, key) };
        let sensed = Sensed {
            pressure: self.partner.pressure(),
            place: self.partner.place(),
            phase: view.phase,
            awaits: view.awaits,
            question: view.question,
            mode,
            dial: clicker.dial(),
        };
        (self.receiver.half_second(now, &sensed), key)
    }

    /// A sentence is spoken. What it comes to for the hands of the partner, they follow.
    pub(super) fn hear(&mut self, now: Time, prompt: &Prompt) {
        match prompt {
            Prompt::Refused { what: What::Spot, .. } => self.receiver.try_elsewhere(),
            Prompt::Refused { what: What::Nudge, .. } => self.receiver.make_do(),
            _ => {}
        }
        if let Some(told) = told(prompt) {
            self.partner.hear(now, told);
        }
    }
}

fn told(prompt: &Prompt) -> Option<Told> {
    match *prompt {
        Prompt::Nudged { toward, .. } | Prompt::MoveBeside { toward, .. } => Some(Told::Nudged(toward)),
        Prompt::EaseOff { .. }
        | Prompt::LittleLess
        | Prompt::Less
        | Prompt::LighterStrokes { .. }
        | Prompt::LighterTouch { .. }
        | Prompt::EaseBack { .. }
        | Prompt::EaseStretch { .. } => Some(Told::Less),
        Prompt::More => Some(Told::More),
        _ => (prompt.level() == Level::High).then_some(Told::HandsOff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::Rating;
    use coach::body::Toward;

    #[test]
    fn only_the_receivers_own_word_asks_for_more() {
        assert_eq!(told(&Prompt::More), Some(Told::More));
        assert_eq!(told(&Prompt::Posture), None);
        assert_eq!(told(&Prompt::EaseOff { rating: Rating::MAX }), Some(Told::Less));
        assert_eq!(told(&Prompt::StopNow), Some(Told::HandsOff));
        let nudged = Prompt::Nudged { toward: Toward::Left, seen: coach::body::Seen::TowardYou };
        assert_eq!(told(&nudged), Some(Told::Nudged(Toward::Left)));
    }
}
