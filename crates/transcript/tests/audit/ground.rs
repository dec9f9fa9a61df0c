//! Promises 5 and 6, broken one by one.

use coach::body::{Referral, Region, Side, Toward};
use coach::screening::{Answer, Question};
use coach::{Alarm, Awaits, Because, Phase, Plan, PlanParams, Technique};
use transcript::{Action, Answered, Entry, Header, Kind, LinkState, Means, PlanKept, StoredSpot, Value};

use crate::play::{Play, header, rating};
use crate::{assert_broken, assert_clean, find, findings, last, moves_to, says, whole, without};

// Promise 5.

#[test]
fn every_hold_is_flushed_before_the_next_pressure() {
    let mut play = Play::holding();
    play.hold_well();
    play.wait(20_000);
    play.click(Means::SameSpot);
    play.click(Means::Spot);
    play.wait(1_000);
    assert_clean(&play.entries);
    assert_broken(5, &without(&play.entries, moves_to(Phase::Flushing)), "had not been flushed");
    let mut entries = play.entries.clone();
    let flushing = find(&entries, moves_to(Phase::Flushing));
    entries[flushing].at_ms += 1;
    assert_broken(5, &entries, "had not been flushed");
}

#[test]
fn a_gap_is_no_flush() {
    let mut play = Play::holding();
    play.hold_well();
    play.wait(6_000);
    play.gap(60_000);
    play.link(LinkState::Live, Some(4));
    play.wait(13_999);
    play.click(Means::SameSpot);
    play.wait(1);
    play.click(Means::SameSpot);
    play.click(Means::Spot);
    assert_clean(&play.entries);
    let mut entries = play.entries.clone();
    let gap = find(&entries, |kind| matches!(kind, Kind::Gap { .. }));
    entries[gap].kind = Kind::Gap { ms: 60_001 };
    assert_broken(5, &entries, "had not been flushed");
}

// Promise 6.

#[test]
fn nothing_is_pressed_before_every_question_is_answered() {
    for &question in <Question as coach::Named>::ALL {
        let is = move |kind: &Kind| matches!(kind, Kind::Screening(Answered::Answer { question: other, .. }) if *other == question);
        assert_broken(6, &without(&whole(), is), "was answered");
    }
    let resting = |kind: &Kind| matches!(kind, Kind::Screening(Answered::Resting { .. }));
    assert_broken(6, &without(&whole(), resting), "at rest was known");
}

#[test]
fn a_stop_answer_ends_the_session_and_resting_pain_forbids_holds() {
    let mut entries = whole();
    let fever = find(&entries, |kind| {
        matches!(kind, Kind::Screening(Answered::Answer { question: Question::Fever, .. }))
    });
    entries[fever].kind =
        Kind::Screening(Answered::Answer { question: Question::Fever, answer: Answer::Cleared, on: None });
    assert_broken(6, &entries, "did not end the session");

    let mut entries = whole();
    let resting = find(&entries, |kind| matches!(kind, Kind::Screening(Answered::Resting { .. })));
    entries[resting].kind = Kind::Screening(Answered::Resting { rating: rating(6) });
    assert_broken(6, &entries, "a rating of 6 at rest");

    let mut entries = whole();
    let kind = Kind::Phase { from: Phase::Finished, to: Phase::BroadStrokes, because: Because::GoOn };
    entries.push(Entry { at_ms: 9_000_000, kind });
    assert_broken(6, &entries, "after the session was over");
}

#[test]
fn a_stop_answer_of_its_own_is_clean() {
    let mut play = Play::new();
    play.link(LinkState::Live, None);
    play.click(Means::Spot);
    play.click(Means::No);
    play.click(Means::Yes);
    play.click(Means::Yes);
    assert_clean(&play.entries);
    assert!(play.entries.iter().any(|entry| matches!(entry.kind, Kind::Finished { .. })));
}

#[test]
fn closed_ground_cannot_be_chosen() {
    let mut entries = whole();
    let spot = last(&entries, |kind| matches!(kind, Kind::Spot(_)));
    entries[spot].kind = Kind::Spot(StoredSpot { side: Side::Left, out_cm: 2, down_cm: 20 });
    assert_broken(6, &entries, "is none that the chart has");

    let mut entries = whole();
    let skin = find(&entries, |kind| {
        matches!(kind, Kind::Screening(Answered::Answer { question: Question::BrokenSkin, .. }))
    });
    entries[skin].kind =
        Kind::Screening(Answered::Answer { question: Question::BrokenSkin, answer: Answer::Yes, on: None });
    assert_broken(6, &entries, "on closed ground");
    // The control: closed ground elsewhere closes nothing here.
    let chosen = find(&entries, |kind| matches!(kind, Kind::Screening(Answered::Where { .. })));
    entries[chosen].kind =
        Kind::Screening(Answered::Where { side: Side::Right, region: Region::GluteusMedius });
    assert!(!findings(&entries).contains("closed ground"));
}

/// The session with its lean made with another tool, or with none.
fn leaned_with(entries: &[Entry], tool: Option<&str>) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        if let Kind::Prompt(said) = &mut entry.kind
            && said.id == "lean-in"
        {
            said.args.remove("tool");
            said.args.extend(tool.map(|tool| ("tool".to_owned(), Value::Name(tool.to_owned()))));
        }
    }
    entries
}

#[test]
fn what_presses_fits_the_region_and_no_thumb_wears_out() {
    assert_broken(6, &leaned_with(&whole(), Some("elbow")), "elbow was called for on left upper-trapezius");
    assert_broken(6, &leaned_with(&whole(), Some("finger-pads")), "finger-pads was called for");
    assert_broken(6, &leaned_with(&whole(), None), "without saying what presses");
    assert!(!findings(&leaned_with(&whole(), Some("knuckles"))).contains("called for"), "the control");

    let mut play = Play::holding();
    for _ in 0..2 {
        play.alarm(Alarm::Sharp);
        play.wait(11_000);
        play.click(Means::Slipped);
        play.wait(20_000);
        play.click(Means::SameSpot);
        play.click(Means::Spot);
        play.wait(5_000);
    }
    assert_clean(&play.entries);
    assert_broken(6, &leaned_with(&play.entries, Some("thumb")), "thumb was called for 3 times in a row");
}

/// A session in which it was felt in the neck, and where that was shown.
fn felt_elsewhere() -> Vec<Entry> {
    let mut play = Play::holding();
    play.hold_well();
    play.wait(6_000);
    play.click(Means::Yes);
    for _ in 0..8 {
        play.click(Means::Nudge(Toward::Head));
    }
    for _ in 0..5 {
        play.click(Means::Nudge(Toward::Right));
    }
    play.click(Means::Spot);
    play.wait(20_000);
    play.finish();
    play.entries
}

#[test]
fn where_it_is_felt_was_asked_and_is_called_what_it_is() {
    let entries = felt_elsewhere();
    assert_clean(&entries);
    let shown = find(&entries, |kind| matches!(kind, Kind::Felt { .. }));
    let Kind::Felt { side, out_cm, down_cm, referral } = entries[shown].kind else { unreachable!() };
    assert_eq!((side, out_cm, down_cm, referral), (Side::Left, 4, 4, Referral::NeckAndTemple));

    let mut other = entries.clone();
    other[shown].kind = Kind::Felt { side, out_cm, down_cm, referral: Referral::LowBack };
    assert_broken(6, &other, "was called low-back");
    let mut beyond = entries.clone();
    beyond[shown].kind = Kind::Felt { side, out_cm: 18, down_cm, referral: Referral::Other };
    assert_broken(6, &beyond, "beyond the chart");
    let mut moved = entries.clone();
    let spot = Kind::Spot(StoredSpot { side, out_cm: 4, down_cm: 4 });
    moved.insert(shown, Entry { at_ms: entries[shown].at_ms, kind: spot });
    assert_broken(6, &moved, "the spot was moved");
    assert_broken(6, &without(&entries, says("where-felt")), "nobody was asked");
}

#[test]
fn no_hold_begins_before_the_ready_check() {
    let entries = whole();
    let felt = |kind: &Kind| matches!(kind, Kind::Click { means: Means::Felt(_), .. });
    assert_broken(6, &without(&entries, felt), "ready check");
    let alarm = |kind: &Kind| matches!(kind, Kind::Alarm { .. });
    assert_broken(6, &without(&entries, alarm), "ready check");
    let mut wrong = entries.clone();
    let index = find(&wrong, felt);
    if let Kind::Click { means, .. } = &mut wrong[index].kind {
        *means = Means::Felt(Side::Right);
    }
    assert_broken(6, &wrong, "ready check");
}

#[test]
fn what_was_answered_of_the_skin_is_settled_once_all_is_asked() {
    let mut play = Play::new();
    play.link(LinkState::Live, None);
    play.click(Means::Spot);
    play.click(Means::Yes);
    play.click(Means::Yes);
    // By mistake: the page is asked anew.
    play.key(Action::Back);
    for means in [Means::No; 4] {
        play.click(means);
    }
    play.rate_at_rest();
    play.pass_the_check();
    play.click(Means::Spot);
    play.wait(5_000);
    play.hold_well();
    assert_clean(&play.entries);
    assert_eq!(play.view().phase, Phase::Flushing, "the control: it was pressed");
}

#[test]
fn a_late_rating_counts_by_the_ceiling_of_the_region_that_was_chosen() {
    for region in [Region::Suboccipital, Region::Rhomboids] {
        let mut play = Play::new();
        play.link(LinkState::Live, None);
        play.key(Action::Where { side: Side::Right, region });
        play.late(Means::Rating(rating(4)));
        play.click(Means::Spot);
        play.late(Means::Rating(rating(5)));
        for means in [Means::No; 4] {
            play.click(means);
        }
        play.rate_at_rest();
        play.late(Means::Rating(rating(4)));
        assert_clean(&play.entries);
        let refused = play.entries.iter().any(|entry| matches!(entry.kind, Kind::Refused { .. }));
        assert_eq!(refused, region.ceiling() < rating(4), "the control: what is above it is not passed over");
    }
}

#[test]
fn alone_where_it_is_felt_may_be_shown_after_a_pause() {
    let plan = Plan::build(PlanParams::given(Technique::Ball)).unwrap();
    let mut play = Play::with(Header { plan: PlanKept::new(&plan, ""), ..header() });
    play.bring_to_locating();
    play.click(Means::Spot);
    play.wait(5_000);
    play.rate(3);
    while play.view().awaits != Awaits::FeltElsewhere {
        match play.view().awaits {
            Awaits::Next => play.click(Means::Enough),
            _ => assert!(play.wait_for_due(), "it is asked at the end"),
        }
    }
    play.click(Means::Yes);
    play.alarm(Alarm::Stop);
    play.click(Means::Yes);
    play.click(Means::Yes);
    play.click(Means::Spot);
    assert_clean(&play.entries);
    let felt = find(&play.entries, |kind| matches!(kind, Kind::Felt { .. }));
    let mut entries = play.entries[..felt].to_vec();
    entries.retain(|entry| !says("where-felt")(&entry.kind));
    entries.push(play.entries[felt].clone());
    assert_broken(6, &entries, "nobody was asked");
}
