//! Promise 6, the ground that has had enough: no spot, no region, no session and no day has more holds than its plan
//! gives them, or is pressed for longer than so many holds last, over all sessions of the receiver; and what was worked
//! within 48 hours is pressed only after it was asked about.

use coach::body::Spot;
use coach::screening::Answer;
use coach::{Dose, Phase, Refusal};

use super::Audit;
use super::story::Story;
use crate::entry::{Answered, Kind, StoredSpot};

const PROMISE: u8 = 6;

/// How long a spot is asked about, in milliseconds.
const RECENT: u64 = 48 * 3_600_000;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    let mut asked: Vec<(Spot, Answer)> = Vec::new();
    for (index, entry) in story.entries.iter().enumerate() {
        match entry.kind {
            Kind::Screening(Answered::Again { side, out_cm, down_cm, answer }) => {
                let spot = Spot::try_from(StoredSpot { side, out_cm, down_cm });
                asked.extend(spot.ok().map(|spot| (spot, answer)));
            }
            Kind::Phase { to: Phase::Settling, .. } => {
                if let Some(spot) = story.states[index].spot.and_then(|place| Spot::try_from(place).ok()) {
                    leaned(story, index, spot, &asked, audit);
                }
            }
            _ => {}
        }
    }
}

/// Pressure begins at this spot, by the entry at this place.
fn leaned(story: &Story<'_>, lean: usize, spot: Spot, asked: &[(Spot, Answer)], audit: &mut Audit) {
    let at = story.entries[lean].at_ms;
    for (had, most, limit) in story.limits(spot, lean) {
        if had.spares(most, &story.plan).is_none() {
            let (what, span) = match limit {
                Refusal::SpotUsed => ("this spot".to_owned(), "in this session"),
                Refusal::SpotToday => ("this spot".to_owned(), "within a day"),
                Refusal::RegionToday => (spot.area().to_string(), "within a day"),
                Refusal::DayUsed => ("the receiver".to_owned(), "within a day"),
                _ => ("the receiver".to_owned(), "in this session"),
            };
            let Dose { holds, lasted } = had;
            let what = format!(
                "{what} had had {holds} holds {span}, and has at most {most}: {} s",
                lasted.as_secs()
            );
            audit.find(PROMISE, at, what);
        }
    }
    let before = story.earlier(at, RECENT).filter(|one| one.spot.is_same(spot));
    if Dose::of(before, &story.plan).is_worked() {
        let last = asked.iter().rev().find(|(other, _)| other.is_same(spot)).map(|&(_, answer)| answer);
        match last {
            Some(Answer::Yes) => {}
            Some(Answer::No | Answer::Cleared) => {
                audit.find(PROMISE, at, "a spot was pressed that was to be left alone");
            }
            None => {
                audit.find(PROMISE, at, "a spot worked within 48 hours was pressed without being asked about")
            }
        }
    }
}
