//! A sitting as its driver sees it: frames, keys, time and a disk in; entries, cues and words out.

use core::time::Duration;

use crate::desk::{Desk, Disk, SESSION, at, beat, clicked, hello, hello_in, rating};
use coach::{Because, Key, Outcome, Phase, Prompt, Rating, StoreState};
use rstest::rstest;
use session::{Input, Notice, Timer};
use transcript::{Entry, Kind, LinkState};
use wire::{Alarm, Cue, Means, Mode, Report, Tone, Version};

pub(crate) fn links(desk: &Desk) -> Vec<(u64, LinkState, Option<u8>)> {
    let link = |entry: &Entry| match entry.kind {
        Kind::Link { state, dial } => Some((entry.at_ms, state, dial.map(Rating::value))),
        _ => None,
    };
    desk.happened.iter().filter_map(link).collect()
}

/// `(seq, late, passed)` of every click.
pub(crate) fn clicks(desk: &Desk) -> Vec<(u32, bool, bool)> {
    desk.pick(|kind| match *kind {
        Kind::Click { seq, late, passed, .. } => Some((seq, late, passed)),
        _ => None,
    })
}

pub(crate) fn alarms(desk: &Desk) -> usize {
    desk.pick(|kind| matches!(kind, Kind::Alarm { .. }).then_some(())).len()
}

fn stores(desk: &Desk) -> Vec<StoreState> {
    desk.pick(|kind| match *kind {
        Kind::Store { state } => Some(state),
        _ => None,
    })
}

fn plays(cues: &[Cue]) -> Vec<Tone> {
    let tone = |cue: &Cue| match *cue {
        Cue::Play { tone } => Some(tone),
        _ => None,
    };
    cues.iter().filter_map(tone).collect()
}

pub(crate) fn alarm(seq: u32, what: Alarm) -> Report {
    Report::Alarm { boot: 1, seq, uptime: 1_000, what }
}

/// Acknowledgements sent to the clicker.
pub(crate) fn told(cues: Vec<Cue>) -> Vec<Cue> {
    cues.into_iter().filter(|cue| matches!(cue, Cue::Ack { .. } | Cue::AlarmStored { .. })).collect()
}

#[test]
fn the_first_batch_holds_the_header_and_the_first_words() {
    let desk = Desk::new();
    assert!(matches!(desk.stored[0].kind, Kind::Session(_)));
    assert_eq!(desk.stored, desk.happened);
    assert!(!desk.spoken.is_empty(), "the first question is asked at once");
}

#[test]
fn a_hello_is_answered_with_welcome_and_where_the_record_stands() {
    let mut desk = Desk::new();
    desk.input(Input::Connected);
    assert_eq!(desk.cues(), []);
    desk.report(hello(4, 4, 17));
    let welcome = Cue::Welcome { session: SESSION.get(), version: Version::CURRENT, alone: false };
    assert_eq!(desk.cues(), [welcome, Cue::Ack { boot: 4, next: 17 }]);
    desk.report(hello(4, 4, 17));
    assert_eq!(
        desk.cues(),
        [Cue::Ack { boot: 4, next: 17 }],
        "it answers the welcome, or has not heard this"
    );
    desk.wait(3_000);
    assert!(!desk.cues().contains(&welcome));
}

#[test]
fn a_clicker_of_another_major_version_is_told_of_and_not_believed() {
    let mut desk = Desk::connected();
    let other = Version { major: 2, minor: 3 };
    desk.report(Report::Hello { boot: 1, first_boot: 1, first_seq: 0, version: other, session: 0 });
    assert_eq!(desk.notices, [Notice::OtherVersion { clicker: other, laptop: Version::CURRENT }]);
    assert_eq!(links(&desk).last(), Some(&(1_000, LinkState::Lost, None)));
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(alarm(1, Alarm::Stop));
    assert_eq!((clicks(&desk).len(), alarms(&desk)), (0, 0));
    assert_eq!(desk.session.view(desk.now).frames.rejected, 2);
    desk.wait(5_000);
    assert_eq!(desk.cues(), [], "nothing is said to it");
}

#[test]
fn a_lost_hello_is_asked_for_by_a_welcome_and_nothing_is_taken_where_the_order_is_not_known() {
    let mut desk = Desk::connected();
    desk.input(Input::Disconnected);
    desk.input(Input::Connected);
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    assert!(desk.cues().iter().any(|cue| matches!(cue, Cue::Welcome { .. })));
    assert_eq!(clicks(&desk).len(), 1);

    let mut desk = Desk::new();
    desk.input(Input::Connected);
    desk.report(clicked(1, 5, 1_000, 1, rating(3)));
    desk.report(beat(1, 1_000, Some(3), 6, 1));
    assert!(desk.cues().iter().any(|cue| matches!(cue, Cue::Welcome { .. })), "it is answered by a hello");
    assert_eq!((clicks(&desk).len(), links(&desk).len()), (0, 0));
    desk.report(hello(1, 1, 4));
    desk.report(clicked(1, 4, 1_000, 1, rating(3)));
    assert_eq!(clicks(&desk).iter().map(|click| click.0).collect::<Vec<_>>(), [4]);
}

#[test]
fn a_minor_version_is_no_obstacle() {
    let mut desk = Desk::new();
    desk.input(Input::Connected);
    let newer = Version { major: 1, minor: 9 };
    desk.report(Report::Hello { boot: 1, first_boot: 1, first_seq: 0, version: newer, session: 0 });
    assert!(desk.session.view(desk.now).connected);
}

#[rstest]
#[case::empty(&[])]
#[case::garbage(&[0xff; 20])]
#[case::cut_short(&[1, 1])]
#[case::too_long(&[1; 40])]
#[case::of_a_later_version(&[77, 1, 2, 3])]
fn what_cannot_be_read_is_counted_and_ends_nothing(#[case] bytes: &[u8]) {
    let mut desk = Desk::connected();
    let before = desk.happened.len();
    desk.input(Input::Frame(bytes));
    let frames = desk.session.view(desk.now).frames;
    assert_eq!(frames.malformed + frames.unknown, 1);
    assert!(matches!(desk.notices[..], [Notice::Unreadable(_)]));
    assert_eq!(desk.happened.len(), before);
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    assert_eq!(clicks(&desk), [(0, false, false)]);
}

#[test]
fn an_event_is_acknowledged_after_the_disk_has_it_and_not_before() {
    let mut desk = Desk::connected();
    desk.disk = Disk::Waits;
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(clicked(1, 1, 1_000, 1, rating(4)));
    assert_eq!(clicks(&desk).len(), 2, "the screen does not wait for the disk");
    assert_eq!(told(desk.cues()), []);
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    assert_eq!(desk.cues(), [Cue::Ack { boot: 1, next: 0 }], "a repetition tells only what is stored");
    desk.answer(true);
    assert_eq!(desk.cues(), [Cue::Ack { boot: 1, next: 1 }]);
    desk.answer(true);
    assert_eq!(desk.cues(), [Cue::Ack { boot: 1, next: 2 }]);
    desk.report(clicked(1, 1, 1_000, 1, rating(4)));
    assert_eq!(desk.cues(), [Cue::Ack { boot: 1, next: 2 }], "the acknowledgement was lost: again");
}

#[test]
fn an_alarm_acts_before_the_disk_and_is_confirmed_after_it() {
    let mut desk = Desk::connected();
    desk.disk = Disk::Waits;
    desk.report(alarm(0, Alarm::Sharp));
    assert!(desk.spoken.contains(&Prompt::SharpResting), "{:?}", desk.spoken);
    assert_eq!(told(desk.cues()), []);
    desk.report(alarm(0, Alarm::Sharp));
    assert_eq!(told(desk.cues()), [], "still not on the disk");
    desk.answer(true);
    assert_eq!(told(desk.cues()), [Cue::AlarmStored { boot: 1, seq: 0 }]);
    desk.report(alarm(0, Alarm::Sharp));
    assert_eq!(told(desk.cues()), [Cue::AlarmStored { boot: 1, seq: 0 }]);
    assert_eq!(alarms(&desk), 1);
}

#[rstest]
#[case::alarm_first([alarm(0, Alarm::Sharp), clicked(1, 0, 1_000, 1, Means::Sharp)])]
#[case::its_place_first([clicked(1, 0, 1_000, 1, Means::Sharp), alarm(0, Alarm::Sharp)])]
fn an_alarm_and_its_place_in_the_order_steer_once(#[case] reports: [Report; 2]) {
    let mut desk = Desk::connected();
    desk.report(reports[0]);
    assert!(desk.cues.contains(&Cue::AlarmStored { boot: 1, seq: 0 }), "told with whichever came first");
    desk.report(reports[1]);
    assert_eq!((alarms(&desk), clicks(&desk).len()), (1, 1));
    assert_eq!(desk.pick(|kind| matches!(kind, Kind::Sharp {}).then_some(())).len(), 1);
    let cues = desk.cues();
    assert!(cues.contains(&Cue::AlarmStored { boot: 1, seq: 0 }));
    assert!(cues.contains(&Cue::Ack { boot: 1, next: 1 }));
}

#[test]
fn what_was_kept_from_before_the_link_is_late() {
    let mut desk = Desk::connected();
    desk.input(Input::Disconnected);
    desk.until(9_000);
    desk.input(Input::Connected);
    desk.report(hello(1, 1, 0));
    desk.report(clicked(1, 0, 8_900, 1, rating(3)));
    desk.until(9_200);
    desk.report(clicked(1, 1, 9_100, 1, rating(4)));
    assert_eq!(clicks(&desk), [(0, true, false), (1, false, false)]);
}

#[test]
fn silence_is_told_at_its_own_moment_however_late_the_driver_comes() {
    let mut desk = Desk::connected();
    desk.late(2_700);
    assert_eq!(
        links(&desk),
        [(1_000, LinkState::Live, None), (2_000, LinkState::Stale, None), (3_000, LinkState::Lost, None)]
    );
}

#[test]
fn what_comes_late_keeps_no_link_live() {
    let mut desk = Desk::connected();
    desk.until(1_900);
    desk.report(clicked(1, 0, 500, 1, rating(3)));
    desk.until(3_100);
    assert_eq!(clicks(&desk), [(0, true, false)]);
    assert_eq!(
        links(&desk),
        [(1_000, LinkState::Live, None), (2_000, LinkState::Stale, None), (3_000, LinkState::Lost, None)]
    );
}

#[test]
fn the_end_of_the_link_is_lost_at_once() {
    let mut desk = Desk::connected();
    desk.wait(300);
    desk.input(Input::Disconnected);
    assert_eq!(links(&desk).last(), Some(&(1_300, LinkState::Lost, None)));
    desk.wait(5_000);
    assert_eq!(links(&desk).len(), 2, "it is told once");
}

#[test]
fn after_an_outage_the_beat_tells_the_dial_and_the_late_clicks_do_not() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.input(Input::Disconnected);
    desk.until(9_000);
    desk.input(Input::Connected);
    desk.report(hello(1, 1, 1));
    desk.report(beat(1, 9_000, Some(5), 3, 1));
    desk.report(clicked(1, 1, 5_000, 1, rating(4)));
    desk.report(clicked(1, 2, 5_100, 1, rating(5)));
    assert_eq!(links(&desk).last(), Some(&(9_000, LinkState::Live, Some(5))));
    assert_eq!(clicks(&desk)[1..], [(1, true, false), (2, true, false)]);
    desk.until(9_500);
    desk.report(beat(1, 9_500, Some(5), 3, 1));
    desk.until(10_000);
    desk.report(beat(1, 10_000, Some(5), 3, 1));
    let settled = [(9_000, LinkState::Live, Some(5)), (9_500, LinkState::Live, Some(5))];
    assert_eq!(links(&desk)[2..], settled, "once more after late clicks, then no more");
}

#[test]
fn a_restart_of_the_clicker_is_told_before_anything_else_of_that_boot() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, rating(4)));
    desk.report(hello(2, 2, 0));
    desk.report(clicked(2, 0, 10, 0, rating(3)));
    assert_eq!(links(&desk).last(), Some(&(1_000, LinkState::Restarted, None)));
    let order = desk.pick(|kind| match kind {
        Kind::Link { state, .. } => Some((*state == LinkState::Restarted, false)),
        Kind::Click { boot, .. } => Some((false, *boot == 2)),
        _ => None,
    });
    assert_eq!(order[order.len() - 2..], [(true, false), (false, true)]);
}

#[test]
fn a_hello_of_a_new_boot_is_a_restart_and_forgets_what_was_shown() {
    let mut desk = Desk::connected();
    assert!(desk.session.view(desk.now).acknowledged);
    desk.report(hello(2, 2, 0));
    assert_eq!(links(&desk).last(), Some(&(1_000, LinkState::Restarted, None)));
    assert!(!desk.session.view(desk.now).acknowledged, "it shows something of its own now");
}

#[rstest]
#[case::an_event(clicked(1, 0, 1_900, 1, rating(3)))]
#[case::an_alarm(Report::Alarm { boot: 1, seq: 0, uptime: 1_900, what: Alarm::Stop })]
fn what_arrives_in_time_is_a_sign_of_life(#[case] report: Report) {
    let mut desk = Desk::connected();
    desk.until(1_900);
    desk.report(report);
    desk.wait(2_000);
    let silence: Vec<_> = links(&desk).into_iter().skip(1).map(|link| link.0).collect();
    assert_eq!(silence, [2_900, 3_900]);
}

#[test]
fn a_second_connection_ends_the_first() {
    let mut desk = Desk::connected();
    desk.input(Input::Connected);
    assert_eq!(links(&desk).last(), Some(&(1_000, LinkState::Lost, None)));
}

#[test]
fn another_clicker_is_told_of_and_not_believed() {
    let mut desk = Desk::connected();
    desk.report(hello(7, 7, 0));
    desk.report(clicked(7, 0, 1_000, 1, rating(4)));
    desk.input(Input::Disconnected);
    desk.input(Input::Connected);
    desk.report(hello(3, 3, 0));
    assert_eq!(desk.notices, [Notice::OtherClicker { boot: 3, known: 7 }]);
    desk.report(clicked(3, 0, 1_000, 1, rating(5)));
    assert_eq!(clicks(&desk).len(), 1);
}

#[test]
fn events_that_are_gone_are_told_of_and_the_order_goes_on() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(hello(1, 1, 5));
    assert_eq!(desk.notices, [Notice::EventsLost { boot: 1, from: 1, to: 5 }]);
    desk.report(clicked(1, 5, 1_000, 1, rating(4)));
    assert_eq!(clicks(&desk).iter().map(|click| click.0).collect::<Vec<_>>(), [0, 5]);
}

#[test]
fn a_change_of_grammar_is_said_until_it_is_obeyed() {
    let mut desk = Desk::connected();
    let shows = |desk: &mut Desk| {
        let shows = desk.cues().into_iter().filter(|cue| matches!(cue, Cue::Show { .. }));
        shows.collect::<Vec<_>>()
    };
    let before = desk.session.view(desk.now).coach.mode;
    desk.key(Key::GoOn);
    let view = desk.session.view(desk.now).coach;
    assert_ne!(before, view.mode, "screening has gone on to its first question");
    let show = Cue::Show { number: 2, mode: Mode::Ask };
    assert_eq!(shows(&mut desk), [show]);
    desk.wait(250);
    desk.wait(250);
    assert_eq!(shows(&mut desk), [show, show]);
    assert!(!desk.session.view(desk.now).acknowledged);
    desk.report(clicked(1, 0, 1_500, 1, Means::Yes));
    assert_eq!(clicks(&desk), [(0, false, true)], "a yes to what is no longer shown has passed");
    desk.report(beat(1, 1_500, None, 1, 2));
    desk.wait(1_000);
    assert_eq!(shows(&mut desk), []);
    assert!(desk.session.view(desk.now).acknowledged);
}

#[test]
fn pulses_come_twice_a_second_with_the_rating_the_laptop_has() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.cues();
    desk.wait(1_000);
    let pulses: Vec<_> = desk.cues().into_iter().filter(|cue| matches!(cue, Cue::Pulse { .. })).collect();
    let live = Cue::Pulse { show: 1, dial: wire::Dial::new(3) };
    let stale = Cue::Pulse { show: 1, dial: None };
    assert_eq!(pulses, [live, stale], "a second of silence in between");
    desk.input(Input::Disconnected);
    desk.wait(5_000);
    assert_eq!(desk.cues(), [], "no pulse without a link");
}

#[test]
fn tones_go_to_a_clicker_that_is_there() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, Means::More));
    assert_eq!(plays(&desk.cues()), [Tone::No]);
    desk.input(Input::Disconnected);
    desk.key(Key::Stop);
    assert_eq!(desk.cues(), []);
}

#[test]
fn a_store_that_fails_is_told_once_and_nothing_is_acknowledged_until_it_has_recovered() {
    let mut desk = Desk::connected();
    desk.disk = Disk::Fails;
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(alarm(1, Alarm::Stop));
    assert!(desk.session.view(desk.now).store_failing);
    assert!(desk.spoken.contains(&Prompt::StoreFailed), "it is said");
    desk.wait(20_000);
    assert_eq!(stores(&desk), [StoreState::Failed]);
    assert_eq!(desk.notices.len(), 6, "at once, and after 0.5, 1, 2, 4 and 8 s");
    assert_eq!(told(desk.cues()), []);
    desk.disk = Disk::Takes;
    desk.wait(16_000);
    assert_eq!(stores(&desk), [StoreState::Failed, StoreState::Recovered]);
    let stored = [Cue::Ack { boot: 1, next: 1 }, Cue::AlarmStored { boot: 1, seq: 1 }];
    assert_eq!(told(desk.cues()), stored);
    assert_eq!(desk.stored, desk.happened, "nothing was lost meanwhile");
    assert_eq!(desk.session.view(desk.now).unstored, 0);
}

/// A loop that comes late to the deadline it waited for sees a gap that begins with that deadline. Prompts of that
/// deadline come before the gap in the transcript, not after it with an earlier moment.
#[test]
fn what_fell_due_as_a_gap_began_stands_before_it() {
    let mut desk = Desk::connected();
    desk.press(Means::Spot);
    for _ in 0..4 {
        desk.press(Means::No);
    }
    desk.press(rating(3));
    let due = loop {
        let due = desk.session.poll_timeout().unwrap();
        if matches!(due.timer, Timer::Coach(_)) {
            break due.at;
        }
        desk.alive(250);
    };
    let asked = desk.happened.len();
    desk.now = due + Duration::from_millis(1_408);
    desk.input(Input::Gap(Duration::from_millis(1_408)));
    desk.alive(3_000);
    let gap = desk.happened[asked..].iter().position(|entry| matches!(entry.kind, Kind::Gap { .. })).unwrap();
    assert!(gap > 0, "{:?}", &desk.happened[asked..]);
    assert!(desk.happened.is_sorted_by_key(|entry| entry.at_ms), "{:?}", &desk.happened[asked..]);
    assert_eq!(transcript::audit(&desk.stored).findings, []);
}

#[test]
fn a_gap_runs_no_timer_and_loses_the_signal() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.now = at(60_000);
    desk.input(Input::Gap(Duration::from_secs(58)));
    desk.wait(10);
    assert_eq!(links(&desk).len(), 1, "the coach knows from the gap itself");
    assert_eq!(desk.session.view(desk.now).coach.rating, coach::RatingNow::Lost);
    desk.report(beat(1, 60_010, Some(3), 1, 1));
    assert_eq!(links(&desk).len(), 1, "it may have waited in a queue");
    desk.until(61_000);
    desk.report(beat(1, 61_000, Some(3), 1, 1));
    assert_eq!(links(&desk).last(), Some(&(61_000, LinkState::Live, Some(3))));
    assert_eq!(transcript::difference(&desk.stored), Ok(None));
}

#[test]
fn a_note_is_kept_and_steers_nothing() {
    let mut desk = Desk::connected();
    desk.input(Input::Note("left shoulder, old ski injury"));
    let note = Kind::Note { text: "left shoulder, old ski injury".to_owned(), wall: None, edits: None };
    assert_eq!(desk.stored.last(), Some(&Entry::new(at(1_000), note)));
}

#[test]
fn it_says_what_it_waits_for() {
    let mut desk = Desk::connected();
    desk.wait(50);
    desk.report(hello_in(0, 1, 1, 0));
    desk.wait(50);
    desk.disk = Disk::Waits;
    desk.key(Key::Again);
    desk.answer(false);
    let mut seen = Vec::new();
    while desk.now < at(2_100) {
        let due = desk.session.poll_timeout().unwrap();
        if !seen.contains(&(due.timer)) {
            seen.push(due.timer);
        }
        desk.until(due.at.as_millis());
    }
    assert_eq!(seen, [Timer::Show, Timer::Pulse, Timer::Retry, Timer::Silence, Timer::Welcome]);
}

#[test]
fn a_hold_that_loses_its_signal_is_recorded_alike_by_a_late_driver() {
    let play = |on_time: bool| {
        let mut desk = Desk::in_hold();
        desk.alive(3_000);
        if on_time {
            desk.wait(60_000)
        } else {
            desk.late(60_000)
        }
        desk.stored
    };
    let stored = play(true);
    assert!(stored.iter().any(|entry| matches!(entry.kind, Kind::Hold { because: Because::Lost, .. })));
    assert_eq!(play(false), stored);
}

#[test]
fn a_store_that_fails_in_a_hold_lets_it_finish_and_begins_no_other() {
    let mut desk = Desk::in_hold();
    desk.disk = Disk::Fails;
    desk.alive(14_000);
    desk.press(Means::Same(wire::Dial::new(4).unwrap()));
    desk.alive(14_000);
    desk.press(Means::Same(wire::Dial::new(4).unwrap()));
    desk.alive(4_000);
    desk.press(Means::LetGo);
    let holds = desk.pick(|kind| match *kind {
        Kind::Hold { outcome, .. } => Some(outcome),
        _ => None,
    });
    assert_eq!(holds, [Outcome::Done]);
    desk.alive(60_000);
    let moves = desk.pick(|kind| match *kind {
        Kind::Phase { to, because, .. } => Some((to, because)),
        _ => None,
    });
    assert!(moves.contains(&(Phase::Stretching, Because::StoreFailed)), "{moves:?}");
    assert_eq!(moves.iter().filter(|(phase, _)| *phase == Phase::Settling).count(), 1);
}

#[test]
fn a_hold_cut_by_a_kill_is_stored_as_cut_and_taken_up_at_flushing() {
    let mut desk = Desk::in_hold();
    desk.alive(5_000);
    desk.wait(60_000);
    let at_kill = desk.stored.len();
    desk.stored.retain({
        let killed_at = desk.now.as_millis() - 60_000;
        move |entry| entry.at_ms <= killed_at
    });
    assert!(desk.stored.len() < at_kill, "the minute is the program's absence");
    let mut desk = desk.killed().unwrap();
    let cut = |kind: &Kind| {
        matches!(kind, Kind::Hold { outcome: Outcome::Cut, because: Because::Resumed, .. }).then_some(())
    };
    assert_eq!(desk.pick(cut).len(), 1, "{:?}", desk.happened);
    desk.input(Input::Connected);
    desk.report(hello(1, 1, desk.seq));
    desk.alive(1_000);
    desk.press(rating(3));
    desk.alive(1_000);
    let phase = desk.session.view(desk.now).coach.phase;
    assert_eq!(phase, Phase::Flushing, "{:?}", desk.happened);
    assert_eq!(transcript::difference(&desk.stored), Ok(None));
}

#[test]
fn a_rating_that_the_failing_disk_holds_up_is_seen_in_the_beat() {
    let mut desk = Desk::in_hold();
    desk.disk = Disk::Fails;
    // Eight unacknowledged: the clicker sends no more, and its dial goes on.
    for _ in 0..8 {
        desk.press(rating(4));
    }
    desk.seq += 5;
    desk.dial = Some(9);
    desk.alive(1_500);
    assert_eq!(links(&desk).last().map(|link| (link.1, link.2)), Some((LinkState::Live, Some(9))));
}
