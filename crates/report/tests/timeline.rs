//! What the timeline of a session reckons: no line through a gap, each hold where it was, the moment under a column.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use coach::body::{Felt, Referral, Side, Stand, Toward};
use coach::{Because, Freshness, Outcome, Phase, Prompt, Rating, Refusal, What};
use proptest::prelude::*;
use report::timeline::RatingState::{Gap, Nothing};
use report::timeline::*;
use transcript::{Entry, Kind, LinkState, Said, StoredSpot};

fn at(at_ms: u64, kind: Kind) -> Entry {
    Entry { at_ms, kind }
}

fn rating(value: u8) -> Rating {
    Rating::new(value).unwrap()
}

fn rated(at_ms: u64, value: u8) -> Entry {
    at(at_ms, Kind::Rating { value: rating(value), late: false })
}

fn fresh(at_ms: u64, state: Freshness) -> Entry {
    at(at_ms, Kind::Freshness { state })
}

fn phase(at_ms: u64, from: Phase, to: Phase) -> Entry {
    at(at_ms, Kind::Phase { from, to, because: Because::Time })
}

fn said(at_ms: u64, prompt: Prompt) -> Entry {
    at(at_ms, Kind::Prompt(Said::from(prompt)))
}

fn known(line: &Timeline) -> Vec<(u64, RatingState)> {
    line.pieces.iter().map(|piece| (piece.from_ms, piece.known)).collect()
}

fn stretches(line: &Timeline) -> Vec<Vec<(u64, u8)>> {
    let values =
        |stretch: Vec<(u64, Rating)>| stretch.into_iter().map(|(at, rating)| (at, rating.value())).collect();
    line.stretches().into_iter().map(values).collect()
}

/// A hold with a silence in it, and what surrounds it.
fn session() -> Vec<Entry> {
    let hold = Kind::Hold {
        outcome: Outcome::Done,
        because: Because::LetGo,
        counted_ms: 31_000,
        pressed_ms: 40_000,
    };
    vec![
        said(1_000, Prompt::TrySharp),
        at(3_000, Kind::Sharp {}),
        said(3_000, Prompt::HeardThat),
        at(8_000, Kind::Spot(StoredSpot { side: Side::Left, out_cm: 5, down_cm: 20 })),
        at(9_000, Kind::Nudge { direction: Toward::Left }),
        at(9_000, Kind::Spot(StoredSpot { side: Side::Left, out_cm: 6, down_cm: 20 })),
        phase(10_000, Phase::Settling, Phase::Holding),
        rated(12_000, 4),
        fresh(12_000, Freshness::Live),
        rated(15_000, 6),
        said(15_000, Prompt::EaseOff { rating: rating(6) }),
        rated(18_000, 5),
        fresh(20_000, Freshness::Stale),
        fresh(21_000, Freshness::Lost),
        at(24_000, Kind::Link { state: LinkState::Live, dial: Some(rating(3)) }),
        fresh(24_000, Freshness::Live),
        at(30_000, Kind::Refused { what: What::GoOn, why: Refusal::TooSoon }),
        at(50_000, hold),
        phase(50_000, Phase::Holding, Phase::Flushing),
        at(56_000, Kind::Felt { side: Side::Left, out_cm: 1, down_cm: 2, referral: Referral::NeckAndTemple }),
        at(60_000, Kind::Sharp {}),
        at(70_000, Kind::Finished { because: Because::Enough }),
        at(99_000, Kind::Note { text: "later".to_owned(), wall: None, edits: None }),
    ]
}

#[test]
fn the_rating_stands_from_click_to_click_and_a_silence_is_a_gap() {
    let line = Timeline::of(&session());
    assert_eq!(line.end_ms, 70_000, "a remark is no part of it");
    assert_eq!(
        known(&line),
        [
            (0, Nothing),
            (12_000, RatingState::Rating(rating(4))),
            (15_000, RatingState::Rating(rating(6))),
            (18_000, RatingState::Rating(rating(5))),
            (20_000, Gap),
            // The dial of the clicker when it is heard again, without a click.
            (24_000, RatingState::Rating(rating(3))),
        ]
    );
    assert_eq!(line.gaps(), [(20_000, 24_000)]);
    assert_eq!(
        stretches(&line),
        [
            vec![(12_000, 4), (15_000, 4), (15_000, 6), (18_000, 6), (18_000, 5), (20_000, 5)],
            vec![(24_000, 3), (70_000, 3)],
        ]
    );
}

#[test]
fn a_guess_stands_in_the_last_column_of_its_hold() {
    let mut entries = session();
    let of_it = at(55_000, Kind::Guess { value: rating(6), of: rating(3) });
    let after = entries.iter().position(|entry| entry.at_ms > 55_000).unwrap();
    entries.insert(after, of_it);
    let line = Timeline::of(&entries);
    let guesses = |columns| {
        let columns = line.columns(0, line.end_ms, columns).into_iter().enumerate();
        columns.filter_map(|(n, column)| Some((n, column.guess?.value(), column.hold))).collect::<Vec<_>>()
    };
    // The hold ends with 50 s, at which the sixth column of ten seconds begins.
    assert_eq!(guesses(7), [(4, 6, Some(Outcome::Done))]);
    assert_eq!(guesses(700), [(499, 6, Some(Outcome::Done))]);
    assert_eq!(Timeline::of(&session()).columns(0, 70_000, 70).iter().find_map(|column| column.guess), None);
}

#[test]
fn where_nobody_was_there_nothing_stood() {
    let standstill = [
        rated(1_000, 4),
        at(9_000, Kind::Gap { ms: 6_000 }),
        fresh(9_000, Freshness::Lost),
        at(10_000, Kind::Link { state: LinkState::Live, dial: Some(rating(4)) }),
        fresh(10_000, Freshness::Live),
        at(20_000, Kind::Finished { because: Because::Enough }),
    ];
    assert_eq!(Timeline::of(&standstill).gaps(), [(3_000, 9_000), (9_000, 10_000)]);
    let killed = [
        rated(1_000, 4),
        at(2_000, Kind::Gap { ms: 0 }),
        at(60_000, Kind::Resumed { wall: String::new() }),
        fresh(60_000, Freshness::None),
        rated(65_000, 2),
        at(70_000, Kind::Finished { because: Because::Enough }),
    ];
    let line = Timeline::of(&killed);
    assert_eq!(line.gaps(), [(2_000, 60_000)]);
    assert_eq!(stretches(&line), [vec![(1_000, 4), (2_000, 4)], vec![(65_000, 2), (70_000, 2)]]);
}

#[test]
fn the_dial_may_move_without_a_click() {
    let line = Timeline::of(&[
        rated(1_000, 4),
        at(5_000, Kind::Link { state: LinkState::Live, dial: Some(rating(5)) }),
        at(6_000, Kind::Link { state: LinkState::Live, dial: None }),
        fresh(6_000, Freshness::None),
    ]);
    assert_eq!(
        known(&line)[1..],
        [(1_000, RatingState::Rating(rating(4))), (5_000, RatingState::Rating(rating(5))), (6_000, Nothing)]
    );
}

#[test]
fn a_column_tells_the_worst_of_its_time_and_no_rating_beside_a_gap() {
    let line = Timeline::of(&session());
    let columns = line.columns(0, 70_000, 7);
    let ratings = |column: &Column| column.ratings.map(|(low, high)| (low.value(), high.value()));
    assert_eq!(
        columns.iter().map(ratings).collect::<Vec<_>>(),
        // The column from 10 s to 20 s ends where the gap begins; that from 20 s to 30 s has it.
        [None, Some((4, 6)), None, Some((3, 3)), Some((3, 3)), Some((3, 3)), Some((3, 3))]
    );
    assert_eq!(columns.iter().map(|column| column.gap).filter(|gap| *gap).count(), 1);
    let held: Vec<bool> = columns.iter().map(|column| column.hold.is_some()).collect();
    assert_eq!(held, [false, true, true, true, true, false, false]);
    assert_eq!(columns[0].mark, Some(Mark::Nudge), "before what was only said, and the trial");
    assert_eq!(columns[1].mark, Some(Mark::Alarm));
    assert_eq!(columns[3].mark, Some(Mark::Refused));
    assert_eq!(columns[6].mark, Some(Mark::Sharp));
    assert_eq!(line.columns(0, 70_000, 0), []);
}

#[test]
fn a_moment_is_told_as_it_was() {
    let line = Timeline::of(&session());
    let then = line.at(16_500);
    assert_eq!((then.phase, then.phase_for_ms), (Phase::Holding, 6_500));
    assert_eq!((then.known, then.known_for_ms), (RatingState::Rating(rating(6)), 1_500));
    assert_eq!(then.hold.map(|(number, hold)| (number, hold.outcome)), Some((1, Outcome::Done)));
    assert_eq!(then.spot.map(|place| place.out_cm), Some(6));
    assert_eq!(then.path.iter().map(|place| place.out_cm).collect::<Vec<_>>(), [5]);
    assert_eq!(then.held.len(), 1);
    assert_eq!(then.stand, Stand::LeftSide, "at the side of the knot, until they say otherwise");
    let before = line.at(0);
    assert_eq!((before.phase, before.known, before.hold), (Phase::Screening, Nothing, None));
    assert!(before.held.is_empty() && before.spot.is_none());
    assert_eq!(line.at(22_000).known, Gap);
    assert_eq!(line.at(u64::MAX).phase, Phase::Flushing);
    assert_eq!([55_999, 56_000].map(|ms| line.at(ms).felt), [None, Felt::new(Side::Left, 1, 2).ok()]);
}

#[test]
fn phases_are_cut_to_what_is_looked_at_and_a_hold_is_named() {
    let line = Timeline::of(&session());
    assert_eq!(
        line.phases_between(5_000, 55_000),
        [
            (5_000, 10_000, Phase::Screening, None),
            (10_000, 50_000, Phase::Holding, Some(0)),
            (50_000, 55_000, Phase::Flushing, None),
        ]
    );
}

#[test]
fn one_goes_from_sharp_to_sharp_and_to_ten_seconds_before_each() {
    let sharps = [20_000, 25_000, 4_000, 70_000];
    let mut entries: Vec<Entry> = sharps.iter().map(|ms| at(*ms, Kind::Sharp {})).collect();
    entries.sort_by_key(|entry| entry.at_ms);
    let line = Timeline::of(&entries);
    assert_eq!(line.sharp_after(0), Some(4_000));
    assert_eq!(line.sharp_after(4_000), Some(20_000));
    assert_eq!(line.sharp_after(70_000), None);
    assert_eq!(line.sharp_before(20_000), Some(4_000));
    assert_eq!(line.sharp_before(4_000), None);
    // From the SHARP that is looked at to what led to it, and on from there.
    assert_eq!(line.before_sharp_after(25_000), Some(15_000));
    assert_eq!(line.before_sharp_after(10_000), Some(15_000));
    assert_eq!(line.before_sharp_after(15_000), Some(60_000));
    assert_eq!(line.before_sharp_after(60_000), None);
    assert_eq!(line.before_sharp_after(4_000), Some(0), "the session is no longer than that");
    assert_eq!(line.before_sharp_before(60_000), Some(15_000));
    assert_eq!(line.before_sharp_before(15_000), Some(10_000));
    // The one of the ready check is a trial.
    assert_eq!(Timeline::of(&session()).sharps().collect::<Vec<_>>(), [60_000]);
}

proptest! {
    /// The moment of a column lies in that column.
    #[test]
    fn a_moment_lies_in_the_column_that_it_is_the_moment_of(
        from in 0..1_000_000u64, span in 1..10_000_000u64, columns in 1..400u16, nth in any::<prop::sample::Index>()
    ) {
        let column = nth.index(columns.into()) as u16;
        let to = from + span;
        let moment = moment_of(column, from, to, columns);
        prop_assert!(from <= moment && moment <= to);
        let drawn = column_of(moment, from, to, columns);
        // Where there are more columns than milliseconds several are the same moment.
        prop_assert!(drawn == column || span < u64::from(columns), "{column} of {columns} is drawn at {drawn}");
        prop_assert_eq!(column_of(to, from, to, columns), columns - 1);
    }

    #[test]
    fn what_is_looked_at_lies_within_the_session_and_has_the_moment_in_it(
        ms in 0..100_000u64, span in 1..200_000u64, end in 1..100_000u64
    ) {
        let ms = ms.min(end);
        let (from, to) = around(ms, span, end);
        prop_assert!(from <= ms && ms <= to && to <= end);
        prop_assert_eq!(to - from, span.min(end));
    }

    #[test]
    fn what_is_looked_at_follows_the_moment_and_stays_where_it_can(
        from in 0..50_000u64, span in 1..50_000u64, ms in 0..100_000u64
    ) {
        let now = follow((from, from + span), ms, 100_000);
        prop_assert!((now.0..=now.1).contains(&ms) && now.1 - now.0 == span, "{now:?}");
        prop_assert!(now == (from, from + span) || !(from..=from + span).contains(&ms));
    }

    #[test]
    fn times_are_never_closer_than_they_may_be(
        from in 0..10_000_000u64, span in prop_oneof![1..100_000_000u64, 1..90_000u64], columns in 1..300u16, apart in 1..30u16
    ) {
        let ticks = ticks(from, from + span, columns, apart);
        for pair in ticks.windows(2) {
            // A column is a whole number, so that a step may lie one short.
            prop_assert!(pair[1].0 + 1 >= pair[0].0 + apart, "{ticks:?}");
        }
        prop_assert!(ticks.iter().all(|(column, at)| *column < columns && (from..from + span).contains(at)));
    }

    /// However a transcript is out of joint, nothing here panics and no column has a rating beside a gap.
    #[test]
    fn any_order_of_entries_has_a_timeline(
        order in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![0..90_000u64, 0..1u64 << 53]), 0..40),
        from in 0..90_000u64, span in 0..90_000u64, columns in 0..60u16
    ) {
        let entries = session();
        let shuffled: Vec<Entry> = order
            .into_iter()
            .map(|(index, at_ms)| Entry { at_ms, ..entries[index.index(entries.len())].clone() })
            .collect();
        let line = Timeline::of(&shuffled);
        prop_assert!(line.columns(from, from + span, columns).iter().all(|column| !column.gap || column.ratings.is_none()));
        let phases = line.phases_between(from, from + span);
        prop_assert!(phases.iter().all(|(begin, ..)| *begin >= from));
        prop_assert!(line.at(from).held.len() <= line.holds.len());
        prop_assert!(line.stretches().iter().all(|stretch| stretch.len() >= 2));
    }
}
