//! Sessions and their owner, liveness, beats and alarms.

mod rig;

use handheld::Button::{A, B, Logo};
use handheld::{Answer, Bond, Display, Event, EventId, Output, Owner, Session, Sound};
use rig::{ANOTHER, ME, Rig, SESSION, dial, welcome};
use rstest::rstest;
use wire::{Alarm, Cue, Means, Mode, Report, Tone, Version};

const SHORT: u64 = 100;

// Liveness.

#[test]
fn without_a_pulse_for_2500_ms_it_says_so_again_and_again_and_falls_back_to_ratings() {
    let mut rig = Rig::showing_with(Mode::Ask, 5);
    rig.cue(Cue::Pulse { show: 5, dial: None });
    rig.pulses = false;
    let last = rig.now;
    rig.wait(7_000);
    let said: Vec<_> = rig.timed_sounds();
    assert_eq!(said, [2_500, 4_500, 6_500].map(|after| (last + after, Sound::NotHeard)));
    assert_eq!((rig.clicker.display(), rig.clicker.mode()), (Display::NotHeard, Some(Mode::Rate)));
    rig.press(B, SHORT);
    assert_eq!(rig.means(), [Means::Rating(dial(6))], "not a yes");

    rig.cue(Cue::Pulse { show: 5, dial: None });
    assert_eq!(rig.clicker.mode(), Some(Mode::Ask));
    rig.log.clear();
    rig.wait(2_499);
    assert_eq!(rig.sounds(), [], "heard again");
}

#[test]
fn a_press_that_nobody_hears_is_kept_and_answered_with_not_heard() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.pulses = false;
    rig.event(Event::LinkDown);
    rig.wait(2_600);
    rig.log.clear();
    rig.press(B, SHORT);
    assert_eq!(rig.sounds(), [Sound::NotHeard, Sound::Tick(Mode::Rate)]);
    assert_eq!(rig.clicker.unacknowledged(), 1);
}

#[rstest]
#[case::sharp(|rig: &mut Rig| { rig.down(A); rig.down(B); rig.up(A); rig.up(B); })]
#[case::stop(|rig: &mut Rig| rig.press(A, 2_000))]
fn an_alarm_not_stored_within_1_s_is_not_heard_though_pulses_come(#[case] alarm: fn(&mut Rig)) {
    let mut rig = Rig::showing(Mode::Locate);
    rig.acknowledges = false;
    alarm(&mut rig);
    let at = rig.alarms()[0].0;
    rig.log.clear();
    rig.wait(3_500);
    assert_eq!(rig.timed_sounds(), [(at + 1_000, Sound::NotHeard), (at + 3_000, Sound::NotHeard)]);
    assert_eq!(rig.clicker.mode(), Some(Mode::Rate));
    rig.cue(Cue::AlarmStored { boot: 1, seq: rig.clicker.unacknowledged() as u32 - 1 });
    assert_eq!(rig.clicker.mode(), Some(Mode::Locate));
}

#[test]
fn having_slept_it_says_not_heard_once() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.pulses = false;
    rig.wait(3_000);
    rig.log.clear();
    rig.now += 60_000;
    rig.wait(0);
    assert_eq!(rig.sounds(), [Sound::NotHeard]);
}

#[test]
fn being_welcomed_again_is_being_heard() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.pulses = false;
    rig.wait(3_000);
    assert!(!rig.clicker.is_heard());
    rig.cue(welcome(SESSION));
    assert_eq!((rig.clicker.is_heard(), rig.clicker.mode()), (true, Some(Mode::Ask)));
}

#[test]
fn an_alarm_stored_within_1_s_is_heard() {
    let mut rig = Rig::showing(Mode::Locate);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    rig.wait(999);
    rig.cue(Cue::AlarmStored { boot: 1, seq: 0 });
    rig.wait(2_000);
    assert!(!rig.sounds().contains(&Sound::NotHeard));
}

#[rstest]
#[case::alone(true, &[Sound::PressureOff, Sound::NotHeard])]
#[case::with_a_partner(false, &[Sound::NotHeard])]
fn alone_it_says_pressure_off_by_itself(#[case] alone: bool, #[case] sounds: &[Sound]) {
    let mut rig = Rig::unpaired();
    rig.event(Event::LinkUp(ME));
    rig.cue(Cue::Welcome { session: SESSION, version: Version::CURRENT, alone });
    rig.wait(2_500);
    assert_eq!(rig.sounds(), sounds);
}

#[test]
fn outside_a_session_there_is_nothing_to_be_heard() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.pulses = false;
    rig.cue(Cue::Bye { session: SESSION });
    rig.wait(10_000);
    assert_eq!(rig.sounds(), []);
    assert!(rig.clicker.is_heard());
}

// Sessions.

#[test]
fn outside_a_session_a_press_says_no_session() {
    let mut rig = Rig::unpaired();
    rig.event(Event::LinkUp(ME));
    for (button, ms) in [(A, SHORT), (A, 2_500), (Logo, SHORT)] {
        rig.log.clear();
        rig.press(button, ms);
        assert_eq!((rig.means(), rig.sounds().first()), (vec![], Some(&Sound::No)));
        assert_eq!(rig.clicker.display(), Display::NoSession);
        rig.wait(5_000);
    }
    rig.down(A);
    rig.down(B);
    assert_eq!((rig.means(), rig.clicker.display()), (vec![], Display::NoSession));
}

#[rstest]
#[case::without_an_id(0, Version::CURRENT)]
#[case::in_another_language(9, Version { major: Version::CURRENT.major + 1, minor: 0 })]
fn a_session_that_cannot_be_held_is_not_opened(#[case] session: u32, #[case] version: Version) {
    let mut rig = Rig::unpaired();
    rig.event(Event::LinkUp(ME));
    rig.cue(Cue::Welcome { session, version, alone: false });
    assert_eq!((rig.clicker.mode(), rig.owners()), (None, vec![]));
}

#[test]
fn a_newer_minor_version_is_no_hindrance() {
    let mut rig = Rig::unpaired();
    rig.event(Event::LinkUp(ME));
    let version = Version { minor: 200, ..Version::CURRENT };
    rig.cue(Cue::Welcome { session: 9, version, alone: false });
    assert_eq!(rig.clicker.mode(), Some(Mode::Rate));
}

#[test]
fn a_session_is_kept_with_its_bond_and_closed_by_its_id() {
    let mut rig = Rig::unpaired();
    rig.event(Event::LinkUp(ME));
    rig.cue(welcome(SESSION));
    rig.cue(Cue::Bye { session: SESSION + 1 });
    assert_eq!(rig.clicker.mode(), Some(Mode::Rate), "that was another one");
    rig.cue(Cue::Bye { session: SESSION });
    assert_eq!(rig.clicker.mode(), None);
    let open = Owner { bond: ME, session: Some(Session { id: SESSION, alone: false }) };
    assert_eq!(rig.owners(), [open, Owner { session: None, ..open }]);
}

#[test]
fn a_session_is_taken_up_again_with_its_dial_and_a_new_one_has_none() {
    let mut rig = Rig::showing_with(Mode::Hold, 5);
    rig.event(Event::LinkDown);
    rig.event(Event::LinkUp(ME));
    rig.cue(welcome(SESSION));
    assert_eq!((rig.clicker.dial(), rig.clicker.mode()), (Some(dial(5)), Some(Mode::Hold)));
    rig.cue(welcome(SESSION + 1));
    assert_eq!((rig.clicker.dial(), rig.clicker.mode()), (None, Some(Mode::Rate)));
}

#[test]
fn hello_is_the_first_word_and_tells_a_stranger_nothing_of_a_session() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.press(B, SHORT);
    rig.event(Event::LinkDown);
    rig.log.clear();
    rig.event(Event::LinkUp(ANOTHER));
    rig.wait(999);
    let hello = |first_seq, session| Report::Hello {
        boot: 1,
        first_boot: 1,
        first_seq,
        version: Version::CURRENT,
        session,
    };
    assert_eq!(rig.sent().iter().map(|(_, report)| *report).collect::<Vec<_>>(), [hello(1, 0)]);
    rig.event(Event::LinkDown);
    rig.log.clear();
    rig.event(Event::LinkUp(ME));
    assert_eq!(rig.sent()[0].1, hello(0, SESSION));
    assert!(matches!(rig.sent()[1].1, Report::Clicked { seq: 0, .. }));
}

#[test]
fn cues_of_a_stranger_are_passed_over() {
    let mut rig = Rig::showing(Mode::Hold);
    rig.acknowledges = false;
    rig.press(B, SHORT);
    rig.event(Event::LinkUp(ANOTHER));
    rig.log.clear();
    rig.cue(Cue::Show { number: 9, mode: Mode::Ask });
    rig.cue(Cue::Play { tone: Tone::Over });
    rig.cue(Cue::Ack { boot: 1, next: 1 });
    rig.cue(Cue::Bye { session: SESSION });
    assert_eq!((rig.clicker.mode(), rig.clicker.unacknowledged(), rig.log), (Some(Mode::Hold), 1, vec![]));
}

/// A session of `ME` with one unacknowledged event; `ANOTHER` is connected and asks for the clicker.
fn wanted_by_another() -> Rig {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.acknowledges = false;
    rig.pulses = false;
    rig.press(B, SHORT);
    rig.event(Event::LinkUp(ANOTHER));
    rig.log.clear();
    rig.cue(welcome(500));
    rig
}

#[test]
fn another_laptop_has_to_be_confirmed_and_then_what_was_kept_is_discarded() {
    let mut rig = wanted_by_another();
    assert_eq!((rig.clicker.display(), rig.sounds()), (Display::TakeOver, vec![Sound::Question]));
    rig.press(B, 600);
    let next = rig.clicker.unacknowledged();
    assert_eq!((next, rig.clicker.mode(), rig.clicker.dial()), (0, Some(Mode::Rate), None));
    let id = |(_, output): &(u64, Output)| match output {
        Output::Forget { before } => Some(*before),
        _ => None,
    };
    let forgotten: Vec<EventId> = rig.log.iter().filter_map(id).collect();
    assert_eq!(forgotten.len(), 1);
    let EventId { boot, seq } = forgotten[0];
    let owner = Owner { bond: ANOTHER, session: Some(Session { id: 500, alone: false }) };
    assert_eq!(rig.owners(), [owner]);
    let order = rig.log.iter().filter_map(|(_, output)| match output {
        Output::Forget { .. } => Some("forget"),
        Output::KeepOwner(_) => Some("own"),
        _ => None,
    });
    assert!(order.eq(["forget", "own"]), "a reset in between must not hand over what was kept");
    // The hello states the oldest event again, and that the session is open.
    let hello =
        Report::Hello { boot: 1, first_boot: boot, first_seq: seq, version: Version::CURRENT, session: 500 };
    assert_eq!(rig.sent().last().unwrap().1, hello);
    rig.press(B, SHORT);
    assert!(rig.sent().iter().any(|(_, report)| matches!(report, Report::Clicked { .. })));
}

#[test]
fn a_pending_alarm_is_discarded_with_the_rest() {
    let mut rig = wanted_by_another();
    rig.down(A);
    rig.down(B);
    rig.up(A);
    rig.up(B);
    // SHARP ended the question; it is asked again on the next connection.
    rig.event(Event::LinkUp(ANOTHER));
    rig.cue(welcome(500));
    assert_eq!(rig.clicker.display(), Display::Sharp, "not stored yet");
    rig.log.clear();
    rig.press(B, 600);
    rig.wait(5_000);
    assert_eq!((rig.alarms(), rig.owners()[0].bond), (vec![], ANOTHER));
    assert_ne!(rig.clicker.display(), Display::Sharp);
}

#[rstest]
#[case::a_short_press(|rig: &mut Rig| rig.press(B, SHORT))]
#[case::the_other_button(|rig: &mut Rig| rig.press(A, 700))]
#[case::time(|rig: &mut Rig| rig.wait(10_000))]
fn anything_else_leaves_the_clicker_where_it_is(#[case] other: fn(&mut Rig)) {
    let mut rig = wanted_by_another();
    other(&mut rig);
    assert!(rig.clicker.unacknowledged() >= 1);
    assert_eq!(rig.owners(), []);
    rig.log.clear();
    rig.cue(welcome(500));
    assert!(!rig.sounds().contains(&Sound::Question), "it is asked once on a connection");
    rig.press(B, 700);
    assert_eq!(rig.owners(), []);
}

#[test]
fn a_button_held_since_before_the_question_is_no_yes() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.event(Event::LinkUp(ANOTHER));
    rig.down(B);
    rig.wait(100);
    rig.cue(welcome(500));
    rig.wait(1_000);
    rig.up(B);
    assert_eq!(rig.owners().iter().map(|owner| owner.bond).collect::<Vec<_>>(), [] as [Bond; 0]);
}

#[test]
fn another_laptop_may_open_a_session_where_nothing_is_kept_and_none_is_open() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.cue(Cue::Bye { session: SESSION });
    rig.event(Event::LinkUp(ANOTHER));
    rig.cue(welcome(500));
    assert_eq!(rig.owners().last().unwrap().bond, ANOTHER);
    assert_eq!(rig.clicker.mode(), Some(Mode::Rate));
}

// Beats.

#[rstest]
#[case(Mode::Rate, 500)]
#[case(Mode::Ask, 500)]
#[case(Mode::Locate, 500)]
#[case(Mode::Next, 500)]
#[case(Mode::AfterSharp, 500)]
#[case(Mode::Sides, 500)]
#[case(Mode::Settle, 250)]
#[case(Mode::Hold, 250)]
#[case(Mode::Release, 250)]
fn beats_come_4_times_a_second_while_pressing_and_twice_otherwise(#[case] mode: Mode, #[case] every: u64) {
    let mut rig = Rig::showing(mode);
    rig.wait(10_000);
    let times: Vec<u64> = rig.beats.iter().map(|(at, _)| *at).collect();
    assert!(times.len() as u64 >= 10_000 / every);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == every), "{times:?}");
}

#[test]
fn when_pressure_begins_the_next_beat_comes_within_250_ms() {
    let mut rig = Rig::showing(Mode::Locate);
    while rig.beats.is_empty() {
        rig.wait(1);
    }
    rig.cue(Cue::Show { number: 6, mode: Mode::Settle });
    rig.wait(250);
    assert_eq!(rig.beats.len(), 2, "half of what was to wait for before");
}

#[test]
fn a_beat_tells_the_dial_what_is_next_what_is_shown_and_a_pending_alarm() {
    let mut rig = Rig::showing_with(Mode::Hold, 5);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    rig.wait(250);
    let (at, beat) = *rig.beats.last().unwrap();
    let next = rig.entries()[0].id.seq + 1;
    let uptime = u32::try_from(at).unwrap();
    assert_eq!(beat, Report::Beat { boot: 1, uptime, dial: Some(dial(5)), next, show: 5, alarm: true });
}

#[test]
fn no_beat_outside_a_session_or_to_a_stranger() {
    let mut rig = Rig::showing(Mode::Hold);
    rig.event(Event::LinkUp(ANOTHER));
    rig.wait(2_000);
    assert_eq!(rig.beats, []);
    rig.event(Event::LinkUp(ME));
    rig.wait(1);
    assert_eq!(rig.beats.len(), 1, "at once on the right connection");
    rig.cue(Cue::Bye { session: SESSION });
    rig.wait(2_000);
    assert_eq!(rig.beats.len(), 1);
}

// Alarms.

#[test]
fn an_alarm_waits_for_no_more_than_the_two_frames_in_the_stack() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.acknowledges = false;
    rig.leaves = false;
    for _ in 0..6 {
        rig.press(B, SHORT);
        rig.wait(SHORT);
    }
    assert_eq!(rig.sent().len() + rig.beats.len(), 2, "the stack is full");
    rig.down(A);
    rig.down(B);
    rig.event(Event::Sent);
    assert!(matches!(rig.sent().last().unwrap().1, Report::Alarm { what: Alarm::Sharp, seq: 9, .. }));
}

#[test]
fn an_alarm_is_repeated_every_200_ms_until_it_is_stored_and_comes_again_in_its_place() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    rig.wait(500);
    let at = 1_000;
    assert_eq!(rig.alarms(), [0, 200, 400].map(|after| (at + after, Alarm::Sharp)));
    rig.cue(Cue::AlarmStored { boot: 1, seq: 0 });
    rig.wait(500);
    assert_eq!(rig.alarms().len(), 3);
    assert_eq!(rig.clicker.unacknowledged(), 1, "its ordered copy is still to be acknowledged");
    let ordered =
        |(_, report): &(u64, Report)| matches!(report, Report::Clicked { seq: 0, means: Means::Sharp, .. });
    assert!(rig.sent().iter().any(ordered));
}

#[test]
fn an_alarm_that_is_stored_silences_no_other() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.press(A, 2_000);
    rig.down(A);
    rig.down(B);
    rig.cue(Cue::AlarmStored { boot: 1, seq: rig.clicker.unacknowledged() as u32 - 1 });
    rig.log.clear();
    rig.wait(400);
    let said: Vec<Alarm> = rig.alarms().into_iter().map(|(_, what)| what).collect();
    assert_eq!(said, [Alarm::Stop, Alarm::Stop], "the SHARP is stored, the STOP before it is not");
}

#[test]
fn an_alarm_raised_without_a_link_is_the_first_word_after_hello() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.event(Event::LinkDown);
    rig.press(B, SHORT);
    rig.press(A, 2_000);
    rig.log.clear();
    rig.event(Event::LinkUp(ME));
    let sent = rig.sent();
    assert!(matches!(sent[0].1, Report::Hello { .. }));
    assert!(matches!(sent[1].1, Report::Alarm { what: Alarm::Stop, seq: 2, .. }));
}

#[test]
fn an_alarm_under_way_when_the_link_ended_is_said_at_once_on_the_next() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    rig.wait(10);
    rig.event(Event::LinkDown);
    rig.wait(10);
    rig.event(Event::LinkUp(ME));
    assert_eq!(rig.alarms(), [(1_000, Alarm::Sharp), (1_020, Alarm::Sharp)]);
}

#[test]
fn an_alarm_whose_ordered_copy_is_acknowledged_is_stored() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    rig.cue(Cue::Ack { boot: 1, next: 1 });
    rig.wait(2_000);
    assert_eq!(rig.alarms().len(), 1);
    assert!(rig.clicker.is_heard() && rig.clicker.display() != Display::Sharp);
}

#[test]
fn what_was_in_flight_when_the_link_ended_goes_again_at_once_on_the_next() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.press(B, SHORT);
    rig.event(Event::LinkDown);
    rig.event(Event::LinkUp(ME));
    let seqs = rig.sent().into_iter().filter(|(_, report)| matches!(report, Report::Clicked { seq: 0, .. }));
    assert_eq!(seqs.map(|(at, _)| at).collect::<Vec<_>>(), [1_100, 1_100]);
}

#[rstest]
#[case::of_this_boot(1, 1_000)]
#[case::of_a_boot_to_come(2, 0)]
fn an_acknowledgement_of_what_never_was_is_passed_over(#[case] boot: u16, #[case] next: u32) {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.down(A);
    rig.down(B);
    rig.cue(Cue::Ack { boot, next });
    assert_eq!((rig.clicker.unacknowledged(), rig.clicker.display()), (1, Display::Sharp));
}

#[test]
fn an_acknowledgement_of_what_was_not_sent_yet_reaches_no_further_than_what_could_be() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    let first = 3;
    rig.acknowledges = false;
    rig.event(Event::LinkDown);
    for turn in 0..10 {
        rig.keep = if turn < 4 { Answer::Kept } else { Answer::KeepFailed };
        rig.press(B, SHORT);
        rig.wait(SHORT);
    }
    rig.event(Event::LinkUp(ME));
    rig.log.clear();
    rig.cue(Cue::Ack { boot: 1, next: first + 10 });
    assert_eq!(rig.clicker.unacknowledged(), 2, "8 can be in flight");
    let seqs = rig.sent().into_iter().filter_map(|(_, report)| match report {
        Report::Clicked { seq, .. } => Some(seq),
        _ => None,
    });
    assert_eq!(seqs.collect::<Vec<_>>(), [first + 8, first + 9]);
}

/// The times of hellos and the session each one names.
fn hellos_sent(rig: &Rig) -> Vec<(u64, u32)> {
    let hello = |(at, report): (u64, Report)| match report {
        Report::Hello { session, .. } => Some((at, session)),
        _ => None,
    };
    rig.sent().into_iter().filter_map(hello).collect()
}

#[test]
fn hello_is_said_every_second_until_a_session_is_open_and_the_order_is_known() {
    let mut rig = Rig::unpaired();
    rig.acknowledges = false;
    rig.event(Event::LinkUp(ME));
    rig.wait(2_500);
    assert_eq!(hellos_sent(&rig), [(0, 0), (1_000, 0), (2_000, 0)], "each may have been lost");
    rig.cue(welcome(SESSION));
    assert_eq!(hellos_sent(&rig)[3..], [(2_500, SESSION)], "a welcome is answered");
    rig.wait(1_000);
    assert_eq!(hellos_sent(&rig)[4..], [(3_500, SESSION)], "the answer may have been lost");
    rig.press(B, SHORT);
    rig.cue(Cue::Ack { boot: 1, next: 0 });
    rig.wait(5_000);
    assert_eq!(hellos_sent(&rig).len(), 5, "it is known that the order begins at 0");
    rig.cue(welcome(SESSION));
    assert_eq!(hellos_sent(&rig).len(), 6, "welcomed again: the laptop has not heard it");
}

#[test]
fn where_no_session_is_opened_in_ten_hellos_it_is_said_more_seldom() {
    let mut rig = Rig::unpaired();
    rig.event(Event::LinkUp(ME));
    rig.wait(17_500);
    let soon = (0..10).map(|second| second * 1_000);
    let seldom = [11_750, 14_500, 17_250];
    let expected: Vec<_> = soon.chain(seldom).map(|at| (at, 0)).collect();
    assert_eq!(hellos_sent(&rig), expected);
    rig.acknowledges = false;
    rig.log.clear();
    rig.cue(welcome(SESSION));
    rig.wait(2_000);
    let expected = [17_500, 18_500, 19_500].map(|at| (at, SESSION));
    assert_eq!(hellos_sent(&rig), expected, "a session waits for its hello, so it is said soon again");
    rig.cue(Cue::Bye { session: SESSION });
    rig.log.clear();
    rig.wait(2_000);
    assert_eq!(hellos_sent(&rig), [(20_500, 0), (21_500, 0)], "and for the next session too");
}

#[test]
fn an_acknowledgement_of_what_an_older_session_left_is_no_answer() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.acknowledges = false;
    rig.press(B, SHORT);
    rig.cue(Cue::Bye { session: SESSION });
    rig.event(Event::LinkDown);
    rig.log.clear();
    rig.event(Event::LinkUp(ME));
    let begun = rig.now;
    rig.cue(Cue::Ack { boot: 1, next: 1 });
    rig.wait(1_000);
    assert_eq!(hellos_sent(&rig), [(begun, 0), (begun + 1_000, 0)], "no session is open, so no welcome came");
}

#[test]
fn after_the_end_of_a_session_hello_is_said_for_the_next() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.cue(Cue::Bye { session: SESSION });
    rig.wait(2_000);
    assert_eq!(hellos_sent(&rig), [(2_000, 0), (3_000, 0)]);
}
