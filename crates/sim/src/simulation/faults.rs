//! What goes wrong with the machines of a simulation, under a seed.

use std::time::Duration;

use crate::Time;
use crate::air::{Direction, LinkConditions};
use crate::rng::{RngStream, SeededRng};

/// How much may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Nothing.
    None,
    /// The link: stalls, losses, outages.
    Link,
    /// The link, the clicker's battery, the laptop and its disk.
    All,
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing passes for so long, then everything does.
    Stall(Duration),
    /// The connection ends, and comes back after so long.
    Outage(Duration),
    /// The nth frame from here on is lost.
    Lose(Direction, u32),
    /// The clicker's battery is out for so long.
    Reset(Duration),
    /// The laptop stands still for so long.
    Gap(Duration),
    /// The laptop program is killed, and started again after so long.
    Kill(Duration),
    /// The disk takes nothing for so long.
    DiskFull(Duration),
    /// The disk takes so long for each batch from here on.
    DiskSlow(Duration),
}

/// The faults of one simulation, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    dice: SeededRng,
    trouble: Trouble,
    next: Time,
}

impl Faults {
    pub(super) fn new(seed: u64, trouble: Trouble) -> Self {
        let mut faults = Self { dice: SeededRng::new(seed, RngStream::Machines), trouble, next: Time::START };
        faults.schedule(Time::START);
        faults
    }

    /// How the air is in this simulation.
    pub(super) fn climate(&mut self) -> LinkConditions {
        match self.trouble {
            Trouble::None => LinkConditions::CALM,
            Trouble::Link | Trouble::All => {
                if self.dice.per_mille(500) {
                    LinkConditions::CALM
                } else {
                    LinkConditions::ROUGH
                }
            }
        }
    }

    pub(super) fn due(&self) -> Option<Time> {
        (self.trouble > Trouble::None).then_some(self.next)
    }

    /// What goes wrong now, if its time has come.
    pub(super) fn poll(&mut self, now: Time) -> Option<Fault> {
        if self.due()? > now {
            return None;
        }
        self.schedule(now);
        let kinds = if self.trouble == Trouble::All { 17 } else { 9 };
        let between =
            |dice: &mut SeededRng, least, most| Duration::from_millis(dice.between(least, most).into());
        let dice = &mut self.dice;
        Some(match dice.between(0, kinds) {
            0..=2 => Fault::Stall(between(dice, 200, 5_000)),
            3..=5 => Fault::Outage(between(dice, 100, 20_000)),
            6 | 7 => Fault::Lose(Direction::Up, dice.between(1, 10)),
            8 | 9 => Fault::Lose(Direction::Down, dice.between(1, 10)),
            10 | 11 => Fault::Reset(between(dice, 200, 8_000)),
            12 | 13 => Fault::Gap(between(dice, 1_100, 30_000)),
            14 => Fault::Kill(between(dice, 500, 60_000)),
            15 | 16 => Fault::DiskSlow(between(dice, 0, 3_000)),
            _ => Fault::DiskFull(between(dice, 500, 30_000)),
        })
    }

    fn schedule(&mut self, now: Time) {
        let pause = self.dice.between(5_000, 180_000);
        self.next = now.plus(pause.into());
    }
}
