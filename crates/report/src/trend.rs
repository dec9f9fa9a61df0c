//! What changed over the sessions of one receiver: how much it bothers them, what they rated where, and how the two did.
//!
//! A change is between the first figure and the latest, and is called what [`crate::change`] calls it: figures in
//! between are drawn, and none is smoothed away. Practice is left out if there are other sessions.

use std::collections::BTreeMap;

use coach::Rating;
use coach::body::{Area, Spot};
use coach::screening::Feels;
use transcript::Header;

use crate::change::{Change, between};
use crate::measure::Measures;
use crate::totals::Totals;

/// The sessions of one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trend {
    in_hand: Sittings,
    practice: Sittings,
    missing: usize,
}

/// Sessions in the order in which they began, and their totals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sittings {
    /// Each of them.
    pub each: Vec<Sitting>,
    /// How the two of them did.
    pub totals: Totals,
}

/// What a trend keeps of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// Its id.
    pub id: String,
    /// When it began, as RFC 3339.
    pub started: String,
    /// The name of its plan.
    pub plan: String,
    /// "How much does it bother you when you move", before and after.
    pub bother: [Option<Rating>; 2],
    /// How it had been since, where that was asked.
    pub since: Option<(Feels, Option<Rating>)>,
    /// Its holds where both the place and a rating were given.
    pub touches: Vec<Touch>,
    /// How many holds there were, and how many of them done.
    pub holds: (usize, usize),
    /// How often SHARP was heard.
    pub sharps: usize,
}

/// A hold, as a trend keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// Where.
    pub spot: Spot,
    /// The rating at its start.
    pub start: Rating,
    /// The last.
    pub end: Rating,
}

/// Which sessions a trend is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Those with a clicker in a receiver's hand; so many practice sessions are left out.
    InHand {
        /// How many.
        practice: usize,
    },
    /// All of them are practice.
    Practice,
}

/// A figure over sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series<T> {
    /// What it is of.
    pub of: T,
    /// The session, by its place among [`Sittings::each`], the figure at its beginning, and that at its end.
    pub points: Vec<(usize, Option<Rating>, Option<Rating>)>,
}

impl Trend {
    /// Counts a session that is left out because it was changed from outside.
    pub const fn miss(&mut self) {
        self.missing += 1;
    }

    /// How many are not among them.
    #[must_use]
    pub const fn missing(&self) -> usize {
        self.missing
    }

    /// Adds a session, in any order.
    pub fn add(&mut self, header: &Header, measures: &Measures) {
        let touches = measures.holds.iter().filter_map(|hold| {
            let [start, _, end] = hold.start_peak_end()?;
            Some(Touch { spot: Spot::try_from(hold.place?).ok()?, start, end })
        });
        let done = measures.holds.iter().filter(|hold| hold.outcome == coach::Outcome::Done).count();
        let sitting = Sitting {
            id: header.id.clone(),
            started: header.wall.clone(),
            plan: header.plan.name.clone(),
            bother: measures.bother,
            since: measures.since,
            touches: touches.collect(),
            holds: (measures.holds.len(), done),
            sharps: measures.sharps.len(),
        };
        let sittings = if header.clicker.is_some() { &mut self.in_hand } else { &mut self.practice };
        let place = sittings.each.partition_point(|other| other.started <= sitting.started);
        sittings.each.insert(place, sitting);
        sittings.totals.add(measures);
    }

    /// The sessions that are looked at, and which these are.
    #[must_use]
    pub fn sittings(&self) -> (&Sittings, Of) {
        if self.in_hand.each.is_empty() {
            (&self.practice, Of::Practice)
        } else {
            (&self.in_hand, Of::InHand { practice: self.practice.each.len() })
        }
    }

    /// Those with a clicker in a receiver's hand, and practice.
    #[must_use]
    pub const fn all(&self) -> [&Sittings; 2] {
        [&self.in_hand, &self.practice]
    }
}

impl Sittings {
    /// "How much does it bother you when you move."
    #[must_use]
    pub fn bother(&self) -> Series<()> {
        let points = (0..).zip(&self.each).map(|(at, sitting)| (at, sitting.bother[0], sitting.bother[1]));
        let points = points.filter(|(_, before, after)| before.is_some() || after.is_some()).collect();
        Series { of: (), points }
    }

    /// The ratings in each area, of a session's holds there the start of the first and the end of the last; the areas of
    /// most sessions first.
    #[must_use]
    pub fn areas(&self) -> Vec<Series<Area>> {
        let mut areas: BTreeMap<Area, Vec<_>> = BTreeMap::new();
        for (at, sitting) in (0..).zip(&self.each) {
            for touch in &sitting.touches {
                touched(areas.entry(touch.spot.area()).or_default(), at, touch);
            }
        }
        let mut areas: Vec<_> = areas.into_iter().map(|(of, points)| Series { of, points }).collect();
        areas.sort_by_key(|series| std::cmp::Reverse(series.points.len()));
        areas
    }

    /// How often it had been how since, of the sessions after which that was asked and said.
    #[must_use]
    pub fn since(&self) -> BTreeMap<Feels, usize> {
        let mut counts = BTreeMap::new();
        for (feels, _) in self.each.iter().filter_map(|sitting| sitting.since) {
            if feels != Feels::NotSaid {
                *counts.entry(feels).or_default() += 1;
            }
        }
        counts
    }

    /// The same of each spot, spots within 3 cm of the first of them being one; those in most sessions first.
    #[must_use]
    pub fn spots(&self) -> Vec<Series<Spot>> {
        let mut spots: Vec<Series<Spot>> = Vec::new();
        for (at, sitting) in (0..).zip(&self.each) {
            for touch in &sitting.touches {
                let known = spots.iter().position(|series| series.of.is_same(touch.spot));
                let place = known.unwrap_or_else(|| {
                    spots.push(Series { of: touch.spot, points: Vec::new() });
                    spots.len() - 1
                });
                touched(&mut spots[place].points, at, touch);
            }
        }
        spots.sort_by_key(|series| std::cmp::Reverse(series.points.len()));
        spots
    }
}

fn touched(points: &mut Vec<(usize, Option<Rating>, Option<Rating>)>, at: usize, touch: &Touch) {
    match points.last_mut() {
        Some((of, _, end)) if *of == at => *end = Some(touch.end),
        _ => points.push((at, Some(touch.start), Some(touch.end))),
    }
}

impl<T> Series<T> {
    /// The figure at the beginning of the first session, that at the beginning of the latest, and the change between
    /// them. `None` with fewer than two.
    #[must_use]
    pub fn change(&self) -> Option<(Rating, Rating, Change)> {
        let mut given = self.points.iter().filter_map(|(_, before, _)| *before);
        let first = given.next()?;
        let latest = given.next_back()?;
        Some((first, latest, between(first, latest)))
    }

    /// In how many sessions the figure was lower at the end than at the beginning, the same, and higher.
    #[must_use]
    pub fn within(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for (_, before, after) in &self.points {
            if let (Some(before), Some(after)) = (before, after) {
                counts[match after.cmp(before) {
                    std::cmp::Ordering::Less => 0,
                    std::cmp::Ordering::Equal => 1,
                    std::cmp::Ordering::Greater => 2,
                }] += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::measure::Hold;
    use crate::schema::tests::header;
    use coach::body::Side;
    use coach::{Because, Outcome};
    use transcript::StoredSpot;

    pub(crate) fn rating(value: u8) -> Rating {
        Rating::new(value).unwrap()
    }

    pub(crate) fn hold(down_cm: u8, ratings: &[u8]) -> Hold {
        Hold {
            began_ms: 60_000,
            ended_ms: 100_000,
            place: Some(StoredSpot { side: Side::Right, out_cm: 6, down_cm }),
            outcome: Outcome::Done,
            because: Because::Time,
            counted_ms: 31_000,
            pressed_ms: 40_000,
            ratings: (1..).zip(ratings).map(|(at, value)| (60_000 + at * 5_000, rating(*value))).collect(),
            eased_after_ms: None,
            above_ms: 0,
            ease_offs: Vec::new(),
            guess: None,
        }
    }

    /// A session that began on this day, bothered so much, and had these holds.
    pub(crate) fn session(day: u8, bother: [u8; 2], holds: Vec<Hold>) -> (Header, Measures) {
        let header = Header {
            id: format!("session-{day}"),
            wall: format!("2026-03-{day:02}T18:00:00Z"),
            clicker: Some("C0:12".to_owned()),
            ..header("Ada")
        };
        (header, Measures { holds, bother: bother.map(Rating::new), ..Measures::default() })
    }

    fn trend(sessions: &[(Header, Measures)]) -> Trend {
        let mut trend = Trend::default();
        sessions.iter().for_each(|(header, measures)| trend.add(header, measures));
        trend
    }

    #[test]
    fn the_change_is_from_the_first_session_to_the_latest_whichever_was_stored_first() {
        let trend = trend(&[
            session(20, [4, 3], vec![]),
            session(1, [6, 7], vec![]),
            session(9, [9, 9], vec![]),
            // Not asked.
            session(25, [0, 0], vec![]),
        ]);
        let (sittings, of) = trend.sittings();
        assert_eq!(of, Of::InHand { practice: 0 });
        let bother = sittings.bother();
        assert_eq!(bother.change(), Some((rating(6), rating(4), Change::MuchBetter)));
        assert_eq!(bother.within(), [1, 1, 1]);
    }

    #[test]
    fn one_session_is_no_change() {
        let trend = trend(&[session(1, [6, 3], vec![hold(12, &[5, 3])])]);
        let (sittings, _) = trend.sittings();
        assert_eq!(sittings.bother().change(), None);
        assert_eq!(sittings.areas()[0].change(), None);
    }

    #[test]
    fn ratings_are_those_of_the_first_touch_and_the_last_in_each_session() {
        let trend = trend(&[
            session(1, [0, 0], vec![hold(12, &[5, 4]), hold(14, &[4, 2]), hold(40, &[3])]),
            session(2, [0, 0], vec![hold(13, &[4, 6]), hold(20, &[])]),
        ]);
        let (sittings, _) = trend.sittings();
        let spots = sittings.spots();
        assert_eq!(spots.len(), 2, "12 to 14 cm are one spot: {spots:?}");
        assert_eq!(
            spots[0].points,
            [(0, Some(rating(5)), Some(rating(2))), (1, Some(rating(4)), Some(rating(6)))]
        );
        assert_eq!(spots[0].change(), Some((rating(5), rating(4), Change::Better)));
        assert_eq!(sittings.each[1].holds, (2, 2));
    }

    #[test]
    fn practice_is_left_out_where_somebody_was_touched() {
        let practice = |day| {
            let (header, measures) = session(day, [8, 8], vec![]);
            (Header { clicker: None, ..header }, measures)
        };
        let alone = trend(&[practice(1), practice(2)]);
        assert_eq!((alone.sittings().0.each.len(), alone.sittings().1), (2, Of::Practice));
        let both = trend(&[practice(1), session(2, [4, 4], vec![])]);
        assert_eq!((both.sittings().0.each.len(), both.sittings().1), (1, Of::InHand { practice: 1 }));
    }
}
