//! Promise 6, the ground that has had enough: no spot, no region and no day has more holds than its plan gives them,
//! over all sessions of the receiver; and what was worked within 48 hours is pressed only after it was asked about.

use coach::body::Spot;
use coach::screening::Answer;
use coach::{Outcome, Phase};

use super::Audit;
use super::story::Story;
use crate::entry::{Answered, Kind, Place};

const PROMISE: u8 = 6;

const HOUR: u64 = 3_600_000;
/// A day, over the sessions.
const DAY: u64 = 24 * HOUR;
/// For so long a spot is asked about.
const RECENT: u64 = 48 * HOUR;
/// A hold cut before this does not use up its spot.
const USES_UP: u64 = 10_000;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    let mut held: Vec<Spot> = Vec::new();
    let mut asked: Vec<(Spot, Answer)> = Vec::new();
    for (index, entry) in story.entries.iter().enumerate() {
        let here = || story.states[index].spot.and_then(|place| Spot::try_from(place).ok());
        match entry.kind {
            // What is void may have slipped, and a slip gives its spot back: less is asked for here.
            Kind::Hold { outcome, pressed_ms, .. } => {
                let used = match outcome {
                    Outcome::Done => true,
                    Outcome::Cut => pressed_ms >= USES_UP,
                    Outcome::Void => false,
                };
                held.extend(here().filter(|_| used));
            }
            Kind::Screening(Answered::Again { side, out_cm, down_cm, answer }) => {
                let spot = Spot::try_from(Place { side, out_cm, down_cm });
                asked.extend(spot.ok().map(|spot| (spot, answer)));
            }
            Kind::Phase { to: Phase::Settling, .. } => {
                if let Some(spot) = here() {
                    leaned(story, entry.at_ms, spot, &held, &asked, audit);
                }
            }
            _ => {}
        }
    }
}

/// Pressure begins at this spot.
fn leaned(
    story: &Story<'_>,
    at: u64,
    spot: Spot,
    held: &[Spot],
    asked: &[(Spot, Answer)],
    audit: &mut Audit,
) {
    let figures = story.figures();
    let earlier = |within: u64| {
        let worked = story.header.past.worked.iter();
        worked
            .filter(move |before| before.ago_ms.saturating_add(at) < within)
            .filter_map(|before| Spot::try_from(before.place()).ok())
    };
    let today: Vec<Spot> = held.iter().copied().chain(earlier(DAY)).collect();
    let count = |fits: &dyn Fn(&Spot) -> bool| today.iter().filter(|spot| fits(spot)).count();
    let mut over = |what: String, had: usize, most: u32| {
        if had >= usize::try_from(most).unwrap_or(usize::MAX) {
            audit.find(
                PROMISE,
                at,
                format!("{what} had had {had} holds within a day, and has at most {most}"),
            );
        }
    };
    over("this spot".to_owned(), count(&|other| other.is_same(spot)), figures.holds_per_spot);
    over(spot.area().to_string(), count(&|other| other.area() == spot.area()), figures.holds_per_region);
    over("the receiver".to_owned(), today.len(), figures.holds_per_day);
    if earlier(RECENT).any(|other| other.is_same(spot)) {
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
