//! A session is opened on a clicker that may hold another, and may have kept what was pressed there.

use session::Input;
use transcript::LinkState;
use wire::{Alarm, Cue, Means, Report};

use crate::conduct::{alarms, clicks, links, told};
use crate::desk::{Desk, Disk, SESSION, beat, clicked, hello, hello_in, rating};
use crate::ending::ended;

/// A session of before, of the same bond.
const OLDER: u32 = 0xBEEF;

/// Connected to a clicker that has been on for 1000 s, holds the older session, and keeps three of its events.
fn holding_another() -> Desk {
    let mut desk = Desk::new();
    desk.input(Input::Connected);
    desk.report(hello_in(OLDER, 1, 1, 40));
    desk
}

fn welcomes(desk: &mut Desk) -> usize {
    let welcome = |cue: &Cue| matches!(cue, Cue::Welcome { session, .. } if *session == SESSION.get());
    desk.cues().iter().filter(|cue| welcome(cue)).count()
}

#[test]
fn a_lost_welcome_is_said_again_whatever_the_older_session_has_to_tell() {
    let mut desk = holding_another();
    assert_eq!(welcomes(&mut desk), 1);
    desk.report(clicked(1, 40, 999_000, 7, rating(4)));
    desk.report(beat(1, 1_000_000, Some(4), 43, 7));
    desk.wait(1_000);
    assert_eq!(welcomes(&mut desk), 1, "none of it is an answer");
    desk.report(hello_in(OLDER, 1, 1, 41));
    assert_eq!(welcomes(&mut desk), 1, "it has not heard: again at once");
    desk.report(hello(1, 1, 41));
    desk.wait(5_000);
    assert_eq!(welcomes(&mut desk), 0);
}

#[test]
fn no_session_open_is_not_this_one_open() {
    let mut desk = Desk::new();
    desk.input(Input::Connected);
    desk.report(hello_in(0, 1, 1, 0));
    desk.report(hello_in(0, 1, 1, 0));
    assert_eq!(welcomes(&mut desk), 2);
    desk.wait(1_000);
    assert_eq!(welcomes(&mut desk), 1);
}

#[test]
fn the_dial_of_another_session_is_no_rating_of_this_one() {
    let mut desk = holding_another();
    desk.report(beat(1, 1_000_000, Some(5), 43, 7));
    assert_eq!(links(&desk), []);
    desk.report(hello(1, 1, 43));
    desk.report(beat(1, 1_000_000, None, 43, 7));
    assert_eq!(links(&desk), [(0, LinkState::Live, None)]);
}

#[test]
fn what_was_kept_from_another_session_is_late_and_acknowledged_when_stored() {
    let mut desk = holding_another();
    desk.disk = Disk::Waits;
    desk.cues();
    desk.report(clicked(1, 40, 999_000, 7, Means::Spot));
    desk.report(clicked(1, 41, 999_100, 7, rating(4)));
    desk.report(hello(1, 1, 40));
    desk.report(beat(1, 1_000_000, None, 43, 7));
    // Made 10 ms before, in the older session still: the welcome was on its way.
    desk.report(clicked(1, 42, 999_990, 7, rating(9)));
    assert_eq!(told(desk.cues()), [Cue::Ack { boot: 1, next: 40 }], "nothing of it is on the disk");
    let (late, passed) = (true, true);
    assert_eq!(clicks(&desk), [(40, late, passed), (41, late, passed), (42, late, passed)]);
    desk.mend();
    assert_eq!(told(desk.cues()).last(), Some(&Cue::Ack { boot: 1, next: 43 }));
    // What is pressed in this session is in time.
    desk.wait(500);
    desk.report(clicked(1, 43, 1_000_500, 8, rating(3)));
    assert_eq!(clicks(&desk).last().map(|click| click.1), Some(false));
}

#[test]
fn an_alarm_kept_from_another_session_is_heeded_and_a_yes_is_not() {
    let mut desk = holding_another();
    let asked = desk.session.view(desk.now).coach;
    desk.report(clicked(1, 40, 999_000, 7, Means::Yes));
    let coach::View { phase, question, .. } = desk.session.view(desk.now).coach;
    assert_eq!((phase, question), (asked.phase, asked.question), "nobody answered this session's question");
    desk.report(clicked(1, 41, 999_100, 7, Means::Sharp));
    assert_eq!((alarms(&desk), clicks(&desk).len()), (1, 2));
}

#[test]
fn the_place_of_an_alarm_that_a_reset_forgot_steers_late() {
    let mut desk = Desk::connected();
    desk.input(Input::Disconnected);
    desk.wait(3_000);
    desk.input(Input::Connected);
    desk.report(hello(2, 1, 0));
    desk.cues();
    let sharp = clicked(1, 0, 3_500, 1, Means::Sharp);
    desk.report(sharp);
    assert_eq!((alarms(&desk), clicks(&desk).len()), (1, 1));
    assert!(clicks(&desk)[0].1, "it is late");
    assert_eq!(told(desk.cues()).last(), Some(&Cue::Ack { boot: 1, next: 1 }));
    desk.report(sharp);
    assert_eq!((alarms(&desk), clicks(&desk).len()), (1, 1));
    assert_eq!(
        told(desk.cues()),
        [Cue::Ack { boot: 1, next: 1 }],
        "the acknowledgement was lost: again at once"
    );
    desk.report(Report::Alarm { boot: 1, seq: 0, uptime: 3_500, what: Alarm::Sharp });
    assert_eq!(alarms(&desk), 1);
}

#[test]
fn after_the_end_nobody_is_welcomed() {
    let mut desk = Desk::connected();
    desk.input(Input::Disconnected);
    ended(&mut desk);
    desk.cues();
    desk.input(Input::Connected);
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    desk.report(hello_in(OLDER, 1, 1, 0));
    desk.wait(3_000);
    assert_eq!(desk.cues(), []);
    desk.report(clicked(1, 0, 1_000, 1, rating(3)));
    assert_eq!(
        desk.cues(),
        [Cue::Ack { boot: 1, next: 1 }],
        "what it still has is taken while somebody listens"
    );
}
