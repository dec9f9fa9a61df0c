//! Where else it is felt: asked in the flush (alone in the warmth), once a hold; shown on the chart, and called what it is.
//! Part of promise 6: while it is shown the spot stays where it is, so that nothing is pressed where it is felt.

use coach::Phase;
use coach::body::{DOWN_MAX_CM, Felt, OUT_MAX_CM, Referral, Region, Side, Spot};

use super::Audit;
use super::story::Story;
use crate::entry::{Kind, StoredSpot};

const PROMISE: u8 = 6;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    for span in &story.spans {
        let in_place = span.phase == if story.is_alone() { Phase::Heat } else { Phase::Flushing };
        let mut asked = false;
        for index in span.inside.clone() {
            let at = story.entries[index].at_ms;
            match story.entries[index].kind {
                Kind::Prompt(ref said) if said.id == "where-felt" => asked = true,
                Kind::Spot(_) if asked => {
                    audit.find(PROMISE, at, "the spot was moved while it was shown where else it is felt");
                }
                Kind::Felt { side, out_cm, down_cm, referral } => {
                    if !in_place || !asked {
                        audit.find(PROMISE, at, "it was shown where it is felt, and nobody was asked");
                    }
                    asked = false;
                    if out_cm > OUT_MAX_CM || down_cm > DOWN_MAX_CM {
                        audit.find(PROMISE, at, "it was shown beyond the chart where it is felt");
                    }
                    let spot = story.states[index].spot.and_then(|place| Spot::try_from(place).ok());
                    let called = spot.map(|spot| called(spot, StoredSpot { side, out_cm, down_cm }));
                    if called != Some(referral) {
                        audit.find(PROMISE, at, format!("what is felt was called {referral}"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The common patterns, in figures of their own.
fn called(spot: Spot, felt: StoredSpot) -> Referral {
    let StoredSpot { side, out_cm, down_cm } = felt;
    let is_here = Felt::new(side, out_cm, down_cm).is_ok_and(|felt| felt.is_at(spot));
    let opposite = match spot.side() {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
    };
    if is_here || (side == opposite && out_cm > 0) {
        return Referral::Other;
    }
    match (spot.area().region, out_cm, down_cm) {
        (Region::UpperTrapezius, 0..=8, 0..=10) => Referral::NeckAndTemple,
        (Region::LevatorScapulae, 0..=6, 6..=12) => Referral::BaseOfNeck,
        (Region::QuadratusLumborum, 0..=10, 39..=60) => Referral::LowBack,
        _ => Referral::Other,
    }
}
