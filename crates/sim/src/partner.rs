//! The simulated partner: presses, follows the prompts, and sometimes presses a wrong key.
//!
//! The partner sees the screen ([`View`]) and hears prompts ([`Instruction`]). The output is a pressure at a place,
//! which only the receiver feels; the program never learns it.

use plans::{Action, Awaits, Phase, Stand, Toward, View};

use crate::body::{Offset, Pressure};
use crate::rng::SeededRng;
use crate::time::Time;

/// Traits of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerProfile {
    /// Minimum delay from a prompt to following it.
    pub slow_ms: u32,
    /// Pressure without any instruction.
    pub weight: Pressure,
    /// Rate of stray keys, wrong keys and a premature `n`, per mille per half second.
    pub clumsy_per_mille: u32,
    /// Whether the partner proposes the spot instead of waiting for the receiver.
    pub proposes: bool,
}

/// Effect of a prompt on the hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instruction {
    /// Less pressure.
    Less,
    /// More pressure, at the receiver's wish.
    More,
    /// Hands off, now.
    HandsOff,
    /// Move one centimetre in this direction.
    Nudged(Toward),
}

/// A simulated partner.
#[derive(Debug, Clone)]
pub struct Partner {
    rng: SeededRng,
    profile: PartnerProfile,
    pressure: Pressure,
    /// Intended pressure of this hold.
    target_pressure: Pressure,
    place: Offset,
    /// Instructions heard and not followed yet, oldest first.
    pending: Vec<(Time, Instruction)>,
    /// The phase that the partner acts by; `coming` is one just announced.
    phase: Phase,
    coming: Option<(Time, Phase)>,
    question: u32,
    busy_until: Time,
}

/// Maximum change of the pressure per half second: full weight takes 5 s.
const SHIFT: Pressure = 100;

impl PartnerProfile {
    /// A random profile.
    pub fn any(rng: &mut SeededRng) -> Self {
        let slow = rng.per_mille(250);
        Self {
            slow_ms: if slow { rng.between(2000, 6000) } else { rng.between(300, 1200) },
            weight: rng.between(350, 800),
            clumsy_per_mille: if rng.per_mille(300) { 4 } else { 0 },
            proposes: rng.per_mille(300),
        }
    }
}

impl Partner {
    /// A partner with this profile.
    #[must_use]
    pub const fn new(rng: SeededRng, profile: PartnerProfile) -> Self {
        Self {
            rng,
            profile,
            pressure: 0,
            target_pressure: profile.weight,
            place: Offset { right: 0, feet: 0 },
            pending: Vec::new(),
            phase: Phase::Screening,
            coming: None,
            question: 0,
            busy_until: Time::START,
        }
    }

    /// Current pressure.
    #[must_use]
    pub const fn pressure(&self) -> Pressure {
        self.pressure
    }

    /// Current place of the hands.
    #[must_use]
    pub const fn place(&self) -> Offset {
        self.place
    }

    /// Hears an instruction.
    pub fn hear(&mut self, now: Time, instruction: Instruction) {
        // "Hands off" comes with an alarm, which even slow people follow quickly.
        let wait = if instruction == Instruction::HandsOff { 300 } else { self.profile.slow_ms };
        self.pending.push((now.plus(wait.into()), instruction));
    }

    /// Advances by half a second. Returns the key that the partner presses, if any.
    pub fn half_second(&mut self, now: Time, view: &View) -> Option<Action> {
        self.understand(now, view);
        self.follow(now);
        self.lean();
        if self.rng.per_mille(self.profile.clumsy_per_mille) {
            return Some(self.fumble());
        }
        if now < self.busy_until {
            return None;
        }
        let key = self.answer(view)?;
        // After proposing a spot the partner waits for the receiver.
        let patience = if key == Action::Spot { 12_000 } else { 500 };
        let pause = self.profile.slow_ms + self.rng.between(patience, patience + 1000);
        self.busy_until = now.plus(pause.into());
        Some(key)
    }

    fn understand(&mut self, now: Time, view: &View) {
        if view.question != self.question {
            self.question = view.question;
            let reading = self.profile.slow_ms + self.rng.between(500, 3000);
            self.busy_until = self.busy_until.max(now.plus(reading.into()));
        }
        match self.coming {
            Some((at, phase)) if phase == view.phase => {
                if at <= now {
                    self.phase = phase;
                    self.coming = None;
                    self.begin(phase);
                }
            }
            _ if view.phase == self.phase => self.coming = None,
            _ => {
                let wait = self.profile.slow_ms;
                self.coming = Some((now.plus(wait.into()), view.phase));
            }
        }
    }

    fn begin(&mut self, phase: Phase) {
        match phase {
            Phase::Locating => self.place = Offset::default(),
            Phase::Settling => {
                let about = self.rng.between(0, 100);
                self.target_pressure = (self.profile.weight + about).saturating_sub(50);
            }
            _ => {}
        }
    }

    fn follow(&mut self, now: Time) {
        while self.pending.first().is_some_and(|(at, _)| *at <= now) {
            let (_, instruction) = self.pending.remove(0);
            match instruction {
                Instruction::Less => self.target_pressure = self.target_pressure * 7 / 10,
                Instruction::More => self.target_pressure = (self.target_pressure * 12 / 10).min(1000),
                Instruction::HandsOff => {
                    self.target_pressure = 0;
                    self.pressure = 0;
                }
                Instruction::Nudged(Toward::Left) => self.place.right -= 1,
                Instruction::Nudged(Toward::Right) => self.place.right += 1,
                Instruction::Nudged(Toward::Head) => self.place.feet -= 1,
                Instruction::Nudged(Toward::Feet) => self.place.feet += 1,
            }
        }
    }

    fn lean(&mut self) {
        let aim = match self.phase {
            Phase::Settling | Phase::Holding => self.target_pressure,
            Phase::BroadStrokes | Phase::Stretching => 120,
            Phase::Locating => 180,
            Phase::Flushing => 60,
            Phase::Screening
            | Phase::Warming
            | Phase::Learning
            | Phase::Releasing
            | Phase::Moving
            | Phase::Heat
            | Phase::Finished
            | Phase::Paused => 0,
        };
        self.pressure = if aim > self.pressure {
            aim.min(self.pressure + SHIFT)
        } else {
            aim.max(self.pressure.saturating_sub(SHIFT))
        };
    }

    fn answer(&mut self, view: &View) -> Option<Action> {
        if view.ending {
            return Some(Action::Back);
        }
        match view.awaits {
            Awaits::Where => {
                Some(if self.rng.per_mille(700) { Action::GoOn } else { Action::Move(Toward::Feet) })
            }
            // Usually the partner answers the pages; the receiver's own answer may come first.
            Awaits::Page(_) | Awaits::Question(_) | Awaits::Since(_) if self.rng.per_mille(600) => {
                Some(Action::GoOn)
            }
            Awaits::Elsewhere | Awaits::GoOn | Awaits::Partner => Some(Action::GoOn),
            Awaits::Spot if self.profile.proposes => Some(Action::Spot),
            Awaits::Nothing if view.phase == Phase::Warming && self.rng.per_mille(20) => {
                Some(Action::AlreadyWarm)
            }
            _ => None,
        }
    }

    /// A key pressed by mistake. Most keys without another meaning are STOP while pressure may be on.
    fn fumble(&mut self) -> Action {
        match self.rng.between(0, 11) {
            0 | 1 => Action::Stop,
            2 => Action::Spot,
            3 => Action::Again,
            4 => Action::Stand(Stand::AtHead),
            5 => Action::Move(Toward::Left),
            6 => Action::Back,
            7 => Action::End,
            8 => Action::Sharp,
            _ => Action::GoOn,
        }
    }
}
