//! How a sitting ends, and how one that was cut off is taken up again.

use coach::{Key, Phase};
use session::{Input, ResumeError};
use transcript::Kind;
use wire::{Alarm, Cue, Means, Report};

use crate::conduct::{alarm, alarms, clicks, told};
use crate::desk::{Desk, Disk, SESSION, at, beat, clicked, hello, hello_in, opening, rating};

/// Ends the session by the partner's word.
pub(crate) fn ended(desk: &mut Desk) {
    desk.key(Key::End);
    desk.key(Key::End);
    for _ in 0..4 {
        if desk.session.view(desk.now).coach.phase == Phase::Finished {
            return;
        }
        desk.key(Key::Yes);
    }
    panic!("not finished: {:?}", desk.session.view(desk.now));
}

#[test]
fn it_is_finished_when_everything_is_on_the_disk_and_the_clicker_has_been_told() {
    let mut desk = Desk::connected();
    desk.disk = Disk::Waits;
    ended(&mut desk);
    desk.wait(10_000);
    assert_eq!(desk.finished, 0, "the disk has not answered");
    desk.mend();
    assert_eq!(desk.finished, 1);
    let bye = Cue::Bye { session: SESSION.get() };
    assert_eq!(desk.cues().last(), Some(&bye));
    desk.wait(5_000);
    assert_eq!(desk.cues(), [], "no pulse after the end");
    desk.report(beat(1, 16_000, None, 0, 1));
    assert_eq!(desk.cues(), [bye], "it beats, so the first word was lost");
    assert_eq!(desk.finished, 1);
}

#[test]
fn what_the_clicker_still_has_is_waited_for_at_the_end() {
    let mut desk = Desk::connected();
    desk.report(beat(1, 1_000, Some(4), 1, 1));
    ended(&mut desk);
    desk.wait(400);
    assert_eq!(desk.finished, 0);
    desk.report(clicked(1, 0, 1_000, 1, rating(4)));
    desk.report(beat(1, 1_400, Some(4), 1, 1));
    assert_eq!((desk.finished, clicks(&desk).len()), (1, 1));
    assert!(desk.stored.iter().any(|entry| matches!(entry.kind, Kind::Click { .. })));
}

#[test]
fn an_alarm_that_is_told_of_is_waited_for_at_the_end() {
    let mut desk = Desk::connected();
    desk.report(Report::Beat { boot: 1, uptime: 1_000, dial: None, next: 0, show: 1, alarm: true });
    ended(&mut desk);
    assert_eq!(desk.finished, 0);
    desk.input(Input::Disconnected);
    assert_eq!(desk.finished, 1, "without a link there is nothing to wait for");
}

#[test]
fn a_clicker_that_comes_back_after_the_end_is_told_of_it() {
    let mut desk = Desk::connected();
    desk.input(Input::Disconnected);
    ended(&mut desk);
    desk.input(Input::Connected);
    desk.report(hello(1, 1, 0));
    assert_eq!(desk.cues(), [Cue::Bye { session: SESSION.get() }]);
    desk.wait(5_000);
    assert_eq!(desk.cues(), [], "once: if it was lost the clicker beats");
    desk.report(hello_in(0, 1, 1, 0));
    assert_eq!(desk.cues(), [], "it has heard");
}

#[test]
fn what_never_comes_holds_up_the_end_for_two_seconds() {
    let mut desk = Desk::connected();
    desk.report(beat(1, 1_000, Some(4), 1, 1));
    ended(&mut desk);
    desk.wait(1_999);
    assert_eq!(desk.finished, 0);
    desk.wait(1);
    assert_eq!(desk.finished, 1);
}

#[test]
fn a_killed_session_is_taken_up_where_the_disk_has_it() {
    let mut desk = Desk::connected();
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(alarm(2, Alarm::Stop));
    desk.disk = Disk::Waits;
    desk.report(clicked(1, 1, 1_000, 1, rating(4)));
    desk.until(30_000);
    let mut desk = desk.killed().unwrap();
    assert!(matches!(desk.happened[0].kind, Kind::Resumed { .. }));
    desk.input(Input::Connected);
    desk.report(hello(1, 1, 1));
    assert_eq!(told(desk.cues()), [Cue::Ack { boot: 1, next: 1 }]);
    desk.report(alarm(2, Alarm::Stop));
    assert_eq!(desk.cues(), [Cue::AlarmStored { boot: 1, seq: 2 }]);
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(clicked(1, 1, 1_000, 1, rating(4)));
    desk.report(clicked(1, 2, 1_000, 1, Means::Stop));
    assert_eq!(clicks(&desk), [(1, true, true), (2, true, true)]);
    assert_eq!(alarms(&desk), 0, "it acted before the kill");
    desk.report(beat(1, 30_000, Some(4), 3, 9));
    let number = |cue: &Cue| matches!(cue, Cue::Show { number: 10, .. });
    assert!(desk.cues().iter().any(number), "numbers go on from the clicker's");
    assert_eq!(transcript::difference(&desk.stored), Ok(None));
}

#[test]
fn time_goes_on_from_the_last_entry_whatever_the_clock_says() {
    let mut desk = Desk::connected();
    desk.wait(700);
    desk.input(Input::Note("phone rang"));
    desk.now = at(3);
    let desk = desk.killed().unwrap();
    assert_eq!(desk.happened[0].at_ms, 1_700);
    assert!(desk.stored.is_sorted_by_key(|entry| entry.at_ms));
}

#[test]
fn a_finished_session_is_not_taken_up_again() {
    let mut desk = Desk::connected();
    ended(&mut desk);
    assert_eq!(desk.killed().map(|_| ()), Err(ResumeError::Over));
}

#[test]
fn a_transcript_made_by_other_rules_is_not_taken_up_again() {
    let mut desk = Desk::connected();
    desk.key(Key::GoOn);
    let at = desk.stored.iter().rposition(|entry| entry.kind.is_output()).unwrap();
    desk.stored.remove(at);
    let resumed = session::Session::resume(&desk.stored, opening(), desk.now, "");
    assert!(matches!(resumed, Err(ResumeError::OtherRules(_))), "{resumed:?}");
}
