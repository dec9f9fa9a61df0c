//! Facts from earlier sessions, with their rules broken one by one.

use coach::body::{Area, Region, Side, Spot, Toward};
use coach::screening::Answer;
use coach::{Because, Phase};
use transcript::{
    Answered, Entry, Header, Kind, LinkState, Means, PastKept, PlaceBefore, StoredSpot, WorkedKept,
};

use crate::play::{Play, header};
use crate::{assert_broken, assert_clean, find, findings, is_hold, last, moves_to, says, whole, without};

const HOUR: u64 = 3_600_000;

/// Where the holds of `whole` are.
fn knot() -> Spot {
    Spot::centre(Area { side: Side::Left, region: Region::UpperTrapezius })
}

fn before(spot: Spot, hours: u64) -> WorkedKept {
    let StoredSpot { side, out_cm, down_cm } = spot.into();
    WorkedKept { side, out_cm, down_cm, ago_ms: hours * HOUR, pressed_ms: 35_000 }
}

/// `whole`, as if that had been known when it began.
fn known(past: PastKept) -> Vec<Entry> {
    let mut entries = whole();
    entries[0].kind = Kind::Session(Box::new(Header { past, ..header() }));
    entries
}

fn worked(worked: Vec<WorkedKept>) -> Vec<Entry> {
    known(PastKept { worked, ..PastKept::default() })
}

/// Places of one region, each another spot of it as far as it goes.
fn within(region: Region) -> Vec<Spot> {
    let all = (0..70).flat_map(|down| (0..20).filter_map(move |out| Spot::new(Side::Left, out, down).ok()));
    all.filter(|spot| spot.area().region == region && !spot.is_same(knot())).collect()
}

#[test]
fn a_spot_a_region_or_a_day_over_its_dose_is_found() {
    let spot = vec![before(knot(), 5), before(knot(), 4)];
    assert_broken(6, &worked(spot), "this spot had had 2 holds within a day, and has at most 2");
    let region: Vec<_> = within(Region::UpperTrapezius).into_iter().take(6).map(|at| before(at, 3)).collect();
    assert_broken(6, &worked(region.clone()), "left upper-trapezius had had 6 holds within a day");
    let day: Vec<_> = within(Region::Infraspinatus).into_iter().take(8).map(|at| before(at, 3)).collect();
    assert_broken(6, &worked(day.clone()), "the receiver had had 8 holds within a day");
    // The controls: one fewer, and a day ago.
    for fine in [&region[1..], &day[1..]] {
        assert!(!findings(&worked(fine.to_vec())).contains("within a day"));
    }
    let yesterday: Vec<_> = day.iter().map(|at| WorkedKept { ago_ms: 24 * HOUR, ..*at }).collect();
    assert!(!findings(&worked(yesterday)).contains("within a day"));
}

/// A hold at a spot that was worked on yesterday, and asked about.
fn asked() -> Vec<Entry> {
    let past = PastKept { worked: vec![before(knot(), 30)], ..PastKept::default() };
    let mut play = Play::with(Header { past, ..header() });
    play.bring_to_locating();
    play.click(Means::Spot);
    play.click(Means::Yes);
    play.wait(5_000);
    play.hold_well();
    play.wait(20_000);
    play.finish();
    play.entries
}

#[test]
fn the_same_spot_within_48_hours_is_found_where_nobody_asked() {
    let entries = asked();
    assert_clean(&entries);
    let again = |kind: &Kind| matches!(kind, Kind::Screening(Answered::Again { .. }));
    assert_broken(6, &without(&entries, again), "pressed without being asked about");
    let mut left = entries.clone();
    let index = find(&left, again);
    if let Kind::Screening(Answered::Again { answer, .. }) = &mut left[index].kind {
        *answer = Answer::No;
    }
    assert_broken(6, &left, "was to be left alone");
}

/// A hold in a region that was chosen in the course of the session, toward the spine from where it began.
fn elsewhere() -> Vec<Entry> {
    let mut play = Play::locating();
    let new = |play: &Play| {
        let spot = play.entries.iter().rev().find_map(|entry| match entry.kind {
            Kind::Spot(place) => Spot::try_from(place).ok(),
            _ => None,
        });
        spot.is_some_and(|spot| spot.area() != knot().area())
    };
    while !new(&play) {
        play.click(Means::Nudge(Toward::Right));
    }
    play.click(Means::Spot);
    play.click(Means::No);
    play.wait(5_000);
    play.hold_well();
    play.wait(20_000);
    play.finish();
    play.entries
}

#[test]
fn a_new_region_that_nobody_looked_at_is_found() {
    let entries = elsewhere();
    assert_clean(&entries);
    let chosen = last(&entries, |kind| matches!(kind, Kind::Screening(Answered::Where { .. })));
    let mut unasked = entries.clone();
    unasked.drain(chosen..chosen + 4);
    assert_broken(6, &unasked, "where nobody had been asked to look");
}

#[test]
fn a_sharp_of_before_that_nobody_asked_about_is_found() {
    let StoredSpot { side, out_cm, down_cm } = knot().into();
    let sharp = PlaceBefore { side, out_cm, down_cm, ago_ms: 50 * HOUR };
    let past = PastKept { sharps: vec![sharp], ..PastKept::default() };
    assert_broken(6, &known(past.clone()), "before the SHARP of 50 h before was asked about");
    let mut play = Play::with(Header { past, ..header() });
    play.link(LinkState::Live, None);
    play.click(Means::Spot);
    play.click(Means::No);
    play.click(Means::Yes);
    assert_clean(&play.entries);
    let finished = |kind: &Kind| {
        moves_to(Phase::Finished)(kind) || says("stopped")(kind) || matches!(kind, Kind::Finished { .. })
    };
    assert_broken(6, &without(&play.entries, finished), "did not end the session");
    assert_broken(6, &without(&play.entries, says("stopped")), "without advice");
}

#[test]
fn nothing_comes_after_a_stop() {
    let mut play = Play::new();
    play.link(LinkState::Live, None);
    play.click(Means::Spot);
    play.click(Means::No);
    play.click(Means::Yes);
    play.click(Means::Yes);
    assert_clean(&play.entries);
    let at_ms = play.now + 1_000;
    let hold = whole().into_iter().find(|entry| is_hold(&entry.kind)).unwrap().kind;
    let answered = Answered::Where { side: Side::Left, region: Region::Rhomboids };
    let on = Kind::Phase { from: Phase::Finished, to: Phase::Warming, because: Because::GoOn };
    for (kind, words) in [
        (on, "warming began after the session was over"),
        (hold, "a `hold` after the session was over"),
        (Kind::Spot(knot().into()), "a `spot` after the session was over"),
        (Kind::Screening(answered), "a `screening` after the session was over"),
    ] {
        let mut entries = play.entries.clone();
        entries.push(Entry { at_ms, kind });
        assert_broken(6, &entries, words);
    }
}
