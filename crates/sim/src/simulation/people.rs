//! The simulated receiver and partner in their places: one at the clicker, one at the laptop, a back between them.

use crate::partner::{Instruction, Partner, PartnerProfile};
use crate::receiver::{Receiver, ReceiverProfile, Senses};
use crate::rng::{RngStream, SeededRng};
use crate::{Clicker, Gesture, Time};
use coach::{Key, Level, Prompt, View, What};

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
        let mut receiver = SeededRng::new(seed, RngStream::Receiver);
        let mut partner = SeededRng::new(seed, RngStream::Partner);
        let temper = ReceiverProfile::any(&mut receiver);
        let touch = PartnerProfile::any(&mut partner);
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
        let sensed = Senses {
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

fn told(prompt: &Prompt) -> Option<Instruction> {
    match *prompt {
        Prompt::Nudged { toward, .. } | Prompt::MoveBeside { toward, .. } => {
            Some(Instruction::Nudged(toward))
        }
        Prompt::EaseOff { .. }
        | Prompt::LittleLess
        | Prompt::Less
        | Prompt::LighterStrokes { .. }
        | Prompt::LighterTouch { .. }
        | Prompt::EaseBack { .. }
        | Prompt::EaseStretch { .. } => Some(Instruction::Less),
        Prompt::More => Some(Instruction::More),
        _ => (prompt.level() == Level::High).then_some(Instruction::HandsOff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::body::Toward;
    use coach::{Phase, Rating};

    #[test]
    fn only_the_receivers_own_word_asks_for_more() {
        assert_eq!(told(&Prompt::More), Some(Instruction::More));
        assert_eq!(told(&Prompt::Posture { region: coach::body::Region::Rhomboids, table: None }), None);
        assert_eq!(told(&Prompt::EaseOff { rating: Rating::MAX }), Some(Instruction::Less));
        assert_eq!(told(&Prompt::StopNow), Some(Instruction::HandsOff));
        let nudged = Prompt::Nudged { toward: Toward::Left, seen: coach::body::Seen::TowardYou };
        assert_eq!(told(&nudged), Some(Instruction::Nudged(Toward::Left)));
    }

    /// A partner who holds, as the screen told them to.
    fn holding(slow_ms: u32) -> (Partner, View, Time) {
        let setup = coach::Setup::of(coach::Plan::partner());
        let view = View { phase: Phase::Holding, ..coach::Coach::begin(setup).view(coach::Moment::START) };
        let touch = PartnerProfile { slow_ms, weight: 600, clumsy_per_mille: 0, proposes: false };
        let mut partner = Partner::new(SeededRng::new(7, RngStream::Partner), touch);
        let now = pass(&mut partner, &view, Time::START, 20);
        assert_eq!(partner.pressure(), 600);
        (partner, view, now)
    }

    fn pass(partner: &mut Partner, view: &View, now: Time, seconds: u64) -> Time {
        let halves = (1..=seconds * 2).map(|half| now.plus(half * HALF_SECOND_MS));
        halves.fold(now, |_, now| {
            partner.half_second(now, view);
            now
        })
    }

    #[test]
    fn a_slow_partner_follows_late() {
        let (mut quick, view, now) = holding(500);
        let (mut slow, ..) = holding(5000);
        for partner in [&mut quick, &mut slow] {
            partner.hear(now, Instruction::Less);
            pass(partner, &view, now, 3);
        }
        assert!(quick.pressure() < 600);
        assert_eq!(slow.pressure(), 600);
        pass(&mut slow, &view, now.plus(3000), 5);
        assert!(slow.pressure() < 600);
    }

    #[test]
    fn hands_come_off_at_an_alarm_however_slow() {
        let (mut slow, view, now) = holding(5000);
        slow.hear(now, Instruction::HandsOff);
        pass(&mut slow, &view, now, 1);
        assert_eq!(slow.pressure(), 0);
    }

    #[test]
    fn a_nudge_moves_the_hands() {
        let (mut partner, view, now) = holding(500);
        partner.hear(now, Instruction::Nudged(Toward::Feet));
        pass(&mut partner, &view, now, 2);
        assert_eq!(partner.place(), crate::body::Offset { right: 0, feet: 1 });
    }
}
