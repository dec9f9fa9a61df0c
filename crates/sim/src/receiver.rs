//! The simulated receiver: feels the knot, clicks how much it hurts, answers questions, and sometimes does neither.
//!
//! The receiver's eyes are closed: they know what they feel, the mode of the clicker by its ticks, the rating they have
//! clicked to, and what is said. They act once per half second at most, and usually not at all.

use plans::{Awaits, Lesson, Phase, Side};
use wire::{Dial, Mode};

use crate::body::{Knot, Offset, Pressure};
use crate::gesture::{Button, Gesture};
use crate::rng::SeededRng;
use crate::time::Time;

/// Traits of a receiver. Per mille figures apply to each half second in which the event is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiverProfile {
    /// Minimum delay from a question to its answer.
    pub slow_ms: u32,
    /// Probability of a sharp pain under pressure.
    pub sharp_per_mille: u32,
    /// Probability of having had enough: STOP.
    pub stop_per_mille: u32,
    /// Probability of dozing off, for up to 90 s.
    pub doze_per_mille: u32,
    /// Probability of asking for more pressure while it hardly hurts.
    pub more_per_mille: u32,
    /// Probability of a wrong answer, or of having something to answer yes to.
    pub wrong_per_mille: u32,
    /// Whether they report that the knot has let go.
    pub says_let_go: bool,
    /// Whether they say "less" instead of counting upward when it is too much.
    pub says_less: bool,
}

/// Everything that the receiver perceives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Senses {
    /// Pressure on the back.
    pub pressure: Pressure,
    /// Place of the pressure.
    pub place: Offset,
    /// Announced phase.
    pub phase: Phase,
    /// Question that waits for an answer.
    pub awaits: Awaits,
    /// Counter of questions, so that each is answered separately.
    pub question: u32,
    /// Mode of the clicker, by its ticks.
    pub mode: Mode,
    /// Rating they have clicked to.
    pub dial: Option<Dial>,
}

/// A simulated receiver.
#[derive(Debug, Clone)]
pub struct Receiver {
    rng: SeededRng,
    profile: ReceiverProfile,
    knot: Knot,
    /// Busy until then: thinking, dozing, or in a gesture.
    busy_until: Time,
    /// Time of the last rating or "same".
    rated_at: Time,
    heard: (Phase, u32),
    /// Whether a "more?" waits for its confirmation by the logo.
    confirming: bool,
    told_let_go: bool,
    holds: u32,
    holds_here: u32,
    last_place: Offset,
}

impl ReceiverProfile {
    /// A random profile.
    pub fn any(rng: &mut SeededRng) -> Self {
        let nervous = rng.per_mille(250);
        Self {
            slow_ms: rng.between(500, 2500),
            sharp_per_mille: if nervous { 4 } else { 1 },
            stop_per_mille: u32::from(nervous),
            doze_per_mille: if rng.per_mille(150) { 12 } else { 1 },
            more_per_mille: rng.between(0, 30),
            wrong_per_mille: rng.between(0, 20),
            says_let_go: rng.per_mille(600),
            says_less: rng.per_mille(400),
        }
    }
}

impl Receiver {
    /// A receiver with this profile.
    #[must_use]
    pub fn new(mut rng: SeededRng, profile: ReceiverProfile) -> Self {
        let knot = Knot::new(&mut rng);
        Self {
            rng,
            profile,
            knot,
            busy_until: Time::START,
            rated_at: Time::START,
            heard: (Phase::Screening, 0),
            confirming: false,
            told_let_go: false,
            holds: 0,
            holds_here: 0,
            last_place: Offset::default(),
        }
    }

    /// Accepts the present place, because the spot cannot be moved to the knot.
    pub const fn make_do(&mut self) {
        self.knot.at = self.last_place;
    }

    /// Chooses a spot 3 cm further toward the feet, because this one was refused.
    pub fn try_elsewhere(&mut self) {
        self.knot.at.feet += 3;
        self.holds_here = 0;
    }

    /// Advances by half a second. Returns the gesture that the hand begins, if any.
    pub fn half_second(&mut self, now: Time, senses: &Senses) -> Option<Gesture> {
        self.knot.half_second(senses.pressure, &mut self.rng);
        self.last_place = senses.place;
        self.listen(now, senses);
        if self.startled(senses) {
            self.busy(now, 2000);
            return Some(if self.rng.per_mille(500) {
                Gesture::SHARP
            } else {
                Gesture::Chord { gap_ms: self.rng.between(0, 75) }
            });
        }
        if now < self.busy_until {
            return None;
        }
        let gesture = self.act(now, senses)?;
        let pause = self.rng.between(250, 700);
        self.busy(now, gesture.lasts_ms() + pause);
        Some(gesture)
    }

    /// A new phase or a new question takes a moment to register.
    fn listen(&mut self, now: Time, senses: &Senses) {
        if self.heard == (senses.phase, senses.question) {
            return;
        }
        if self.heard.0 != senses.phase {
            self.enter(senses.phase);
        }
        self.heard = (senses.phase, senses.question);
        self.confirming = false;
        let thinking = self.profile.slow_ms + self.rng.between(0, 1500);
        self.busy(now, thinking);
    }

    fn enter(&mut self, phase: Phase) {
        match phase {
            // The next hold is at the place beside: another knot.
            Phase::Moving => {
                self.knot = Knot::new(&mut self.rng);
                self.holds_here = 0;
            }
            Phase::Holding => {
                self.told_let_go = false;
                self.holds += 1;
                self.holds_here += 1;
            }
            _ => {}
        }
    }

    fn busy(&mut self, now: Time, ms: u32) {
        self.busy_until = self.busy_until.max(now.plus(ms.into()));
    }

    fn startled(&mut self, senses: &Senses) -> bool {
        let felt = self.knot.felt(senses.pressure, senses.place);
        let leaning = matches!(senses.phase, Phase::Settling | Phase::Holding);
        leaning && (felt >= 95 || self.rng.per_mille(self.profile.sharp_per_mille))
    }

    fn act(&mut self, now: Time, senses: &Senses) -> Option<Gesture> {
        if self.confirming {
            self.confirming = false;
            return Some(Gesture::Short(Button::Logo));
        }
        let pressed = senses.phase.pressure_may_be_on();
        if pressed && self.rng.per_mille(self.profile.doze_per_mille) {
            let asleep = self.rng.between(15_000, 90_000);
            self.busy(now, asleep);
            return None;
        }
        if pressed && self.rng.per_mille(self.profile.stop_per_mille) {
            return Some(Gesture::STOP);
        }
        if let Awaits::Lesson(lesson) = senses.awaits {
            return Some(shown(lesson));
        }
        match senses.mode {
            Mode::Ask => self.answer(senses.awaits),
            Mode::Sides => match senses.awaits {
                Awaits::Hand(side) => Some(Gesture::Short(self.side(side))),
                _ => None,
            },
            // The partner keys the area here: the receiver has only pointed at it.
            Mode::Locate | Mode::Settle if senses.phase == Phase::Screening => None,
            Mode::Locate if senses.awaits == Awaits::WhereFelt => Some(self.show_where()),
            Mode::Locate | Mode::Settle => self.guide(now, senses),
            Mode::Next => Some(self.what_next()),
            Mode::AfterSharp => Some(self.what_it_was()),
            Mode::Rate | Mode::Hold | Mode::Release => self.rate(now, senses),
        }
    }

    fn answer(&mut self, awaits: Awaits) -> Option<Gesture> {
        if self.rng.per_mille(30) {
            return Some(Gesture::Short(Button::Logo));
        }
        let wrong = self.rng.per_mille(self.profile.wrong_per_mille);
        let yes = match awaits {
            Awaits::Page(_) | Awaits::Question(_) | Awaits::Since(_) => wrong,
            Awaits::FeltElsewhere => self.rng.per_mille(200),
            Awaits::TrySharp => return Some(Gesture::SHARP),
            Awaits::Nothing | Awaits::Signal | Awaits::Where | Awaits::Partner => return None,
            _ => !wrong,
        };
        Some(Gesture::Short(if yes { Button::B } else { Button::A }))
    }

    fn side(&mut self, side: Side) -> Button {
        let mistaken = self.rng.per_mille(40);
        match (side, mistaken) {
            (Side::Left, false) | (Side::Right, true) => Button::A,
            (Side::Right, false) | (Side::Left, true) => Button::B,
        }
    }

    /// Nudges one centimetre toward the knot; on the knot, "that's the spot".
    fn guide(&mut self, now: Time, senses: &Senses) -> Option<Gesture> {
        let Offset { right, feet } = senses.place;
        let astray = senses.place.nudges_to(self.knot.at);
        if senses.phase == Phase::Settling && (astray == 0 || self.rng.per_mille(900)) {
            return None;
        }
        // The hands need a moment to follow.
        let watching = self.rng.between(1000, 3000);
        self.busy(now, watching);
        Some(if right > self.knot.at.right {
            Gesture::Short(Button::A)
        } else if right < self.knot.at.right {
            Gesture::Short(Button::B)
        } else if feet > self.knot.at.feet {
            Gesture::Long(Button::A)
        } else if feet < self.knot.at.feet {
            Gesture::Long(Button::B)
        } else {
            Gesture::Short(Button::Logo)
        })
    }

    /// Moves the mark a few centimetres, mostly toward the head, then confirms it.
    fn show_where(&mut self) -> Gesture {
        match self.rng.between(0, 9) {
            0..=4 => Gesture::Long(Button::A),
            5 => Gesture::Short(Button::A),
            6 => Gesture::Short(Button::B),
            7 => Gesture::Long(Button::B),
            _ => Gesture::Short(Button::Logo),
        }
    }

    fn what_next(&mut self) -> Gesture {
        let enough = self.holds >= 2 && self.rng.per_mille(200);
        Gesture::Short(if enough {
            Button::A
        } else if self.holds_here < 2 && self.rng.per_mille(350) {
            Button::Logo
        } else {
            Button::B
        })
    }

    fn what_it_was(&mut self) -> Gesture {
        let throw = self.rng.between(0, 99);
        Gesture::Short(match throw {
            0..=7 => Button::B,
            8..=29 => Button::Logo,
            _ => Button::A,
        })
    }

    fn rate(&mut self, now: Time, senses: &Senses) -> Option<Gesture> {
        if senses.awaits == Awaits::TrySharp {
            return Some(Gesture::SHARP);
        }
        let felt = self.knot.felt(senses.pressure, senses.place);
        let asked = match senses.awaits {
            Awaits::Resting | Awaits::Bother | Awaits::Rating | Awaits::Receiver | Awaits::WarmCheck => true,
            _ => senses.phase == Phase::Holding && senses.dial.is_none(),
        };
        if !asked && !senses.phase.pressure_may_be_on() {
            return None;
        }
        if senses.mode == Mode::Hold && !self.told_let_go && self.knot.has_let_go() && self.rng.per_mille(60)
        {
            self.told_let_go = true;
            return Some(Gesture::Long(Button::Logo));
        }
        if senses.mode == Mode::Hold && felt <= 30 && self.rng.per_mille(self.profile.more_per_mille) {
            self.confirming = true;
            return Some(Gesture::Long(Button::B));
        }
        self.toward(now, felt, asked, senses.dial)
    }

    /// One detent toward the felt pain; "same" if it is unchanged and the last rating is old.
    fn toward(&mut self, now: Time, felt: u32, asked: bool, dial: Option<Dial>) -> Option<Gesture> {
        let said = dial.map_or(0, |dial| u32::from(dial.value()) * 10);
        let overdue = now.since(self.rated_at) > 11_000;
        let gesture = if dial.is_none() || felt >= said + 7 {
            if self.profile.says_less && felt >= 58 && dial.is_some() && self.rng.per_mille(500) {
                Gesture::Long(Button::A)
            } else {
                Gesture::Short(Button::B)
            }
        } else if felt + 7 <= said {
            Gesture::Short(Button::A)
        } else if asked || overdue {
            Gesture::Short(Button::Logo)
        } else {
            return None;
        };
        self.rated_at = now;
        Some(gesture)
    }
}

/// The gesture that a lesson asks for.
const fn shown(lesson: Lesson) -> Gesture {
    match lesson {
        Lesson::Higher | Lesson::Right | Lesson::Yes => Gesture::Short(Button::B),
        Lesson::Lower | Lesson::Left | Lesson::No => Gesture::Short(Button::A),
        Lesson::Sharp => Gesture::SHARP,
        Lesson::Less | Lesson::Head => Gesture::Long(Button::A),
        Lesson::Same | Lesson::Spot => Gesture::Short(Button::Logo),
        Lesson::Feet | Lesson::More => Gesture::Long(Button::B),
        Lesson::LetGo => Gesture::Long(Button::Logo),
        Lesson::Stop => Gesture::STOP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::RngStream;

    /// A receiver who only rates.
    const PLAIN: ReceiverProfile = ReceiverProfile {
        slow_ms: 1000,
        sharp_per_mille: 0,
        stop_per_mille: 0,
        doze_per_mille: 0,
        more_per_mille: 0,
        wrong_per_mille: 0,
        says_let_go: false,
        says_less: false,
    };

    fn held(pressure: Pressure) -> Senses {
        Senses {
            pressure,
            place: Offset::default(),
            phase: Phase::Holding,
            awaits: Awaits::Rating,
            question: 1,
            mode: Mode::Hold,
            dial: None,
        }
    }

    /// Gestures of the receiver over this many seconds, with the dial following them as the clicker's does.
    fn play(profile: ReceiverProfile, mut senses: Senses, seconds: u64) -> (Vec<(u64, Gesture)>, Option<u8>) {
        let mut receiver = Receiver::new(SeededRng::new(7, RngStream::Receiver), profile);
        let mut done = Vec::new();
        for half in 1..=seconds * 2 {
            let Some(gesture) = receiver.half_second(Time::from_millis(half * 500), &senses) else {
                continue;
            };
            done.push((half * 500, gesture));
            let dial = senses.dial.map(Dial::value);
            senses.dial = match gesture {
                Gesture::Short(Button::B) => Dial::new(dial.map_or(3, |dial| (dial + 1).min(10))),
                Gesture::Short(Button::A) => Dial::new(dial.map_or(3, |dial| (dial - 1).max(1))),
                _ => senses.dial,
            };
        }
        (done, senses.dial.map(Dial::value))
    }

    #[test]
    fn ratings_rise_with_pressure() {
        let rated = |pressure| play(PLAIN, held(pressure), 10).1.unwrap();
        assert!(
            rated(200) < rated(500) && rated(500) < rated(1000),
            "{} {} {}",
            rated(200),
            rated(500),
            rated(1000)
        );
    }

    #[test]
    fn ratings_ease_within_a_hold() {
        let soon = play(PLAIN, held(800), 10).1.unwrap();
        let later = play(PLAIN, held(800), 80).1.unwrap();
        assert!(later < soon, "{soon}, then {later}");
    }

    #[test]
    fn one_who_rates_says_so_again_before_being_asked() {
        let (done, _) = play(PLAIN, held(500), 60);
        let longest = done.windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap();
        assert!(longest < 15_000, "silent for {longest} ms");
    }

    #[test]
    fn one_who_dozes_is_silent() {
        let (done, dial) = play(ReceiverProfile { doze_per_mille: 1000, ..PLAIN }, held(500), 30);
        assert_eq!((done, dial), (Vec::new(), None));
    }

    #[test]
    fn only_what_presses_can_be_sharp() {
        let nervous = ReceiverProfile { sharp_per_mille: 1000, ..PLAIN };
        assert!(matches!(play(nervous, held(500), 1).0[0].1, Gesture::Chord { .. }));
        let (done, _) = play(nervous, Senses { phase: Phase::Flushing, ..held(500) }, 30);
        assert!(!done.iter().any(|(_, gesture)| matches!(gesture, Gesture::Chord { .. })));
    }

    #[test]
    fn a_question_takes_a_moment_and_gets_one_answer_at_a_time() {
        let asked = Senses { phase: Phase::Screening, awaits: Awaits::GoOn, mode: Mode::Ask, ..held(0) };
        let (done, _) = play(PLAIN, asked, 4);
        assert!(done[0].0 >= 1000, "{done:?}");
        assert!(done.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 300), "{done:?}");
    }
}
