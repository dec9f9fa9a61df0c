//! Pauses: what is waited for, what goes on meanwhile, and the way back.

use core::time::Duration;

use coach::body::Toward;
use coach::{Awaits, Because, Click, Input, Key, Output, Phase, Plan, PlanParams, Prompt, Setup, Technique};

use super::{last_move, said, silent};
use crate::support::{Sitting, moves, outputs, secs};

/// A standstill inside a pause, and one as long as a pause, were counted twice.
#[test]
fn a_standstill_is_taken_off_once() {
    let warmed = || {
        let mut sitting = Sitting::at(Phase::Warming);
        sitting.wait(secs(480));
        // What is on record last is where a program that is started again goes on from.
        sitting.key(Key::Again);
        sitting
    };
    let resumed = |minutes: u64| {
        let mut sitting = warmed();
        sitting.now += secs(minutes * 60);
        sitting.tell(Input::Resumed);
        sitting
    };
    let gap = |minutes: u64| {
        let mut sitting = warmed();
        sitting.tell(Input::Gap(secs(minutes * 60)));
        sitting.link_up();
        sitting.click(Click::Yes);
        sitting
    };
    let gap_in_a_pause = |paused: u64, gap: u64| {
        let mut sitting = warmed();
        sitting.stop();
        sitting.wait(secs(paused * 60));
        sitting.tell(Input::Gap(secs(gap * 60)));
        sitting.link_up();
        sitting.click(Click::Yes);
        sitting
    };
    for (what, sitting) in [
        ("resumed after 2 min", resumed(2)),
        ("resumed after 10 min", resumed(10)),
        ("a gap of 6 min", gap(6)),
        ("a gap of 3 min in a pause", gap_in_a_pause(1, 3)),
        ("a gap of 8 min in a pause", gap_in_a_pause(1, 8)),
        ("the control: a pause of 6 min", gap_in_a_pause(6, 0)),
    ] {
        assert_eq!(sitting.phase(), Phase::Warming, "{what}");
        let left = sitting.view().count.expect("the minimum is counted to").left;
        assert_eq!(left, secs(120), "{what}: 8 of 10 minutes are done");
    }
}

/// The twenty minutes leave out a pause once, however it was spent.
#[test]
fn the_minutes_of_a_session_leave_out_a_standstill_once() {
    let stretching_after = |pause: &dyn Fn(&mut Sitting)| {
        let mut sitting = Sitting::at(Phase::Locating);
        sitting.stop();
        pause(&mut sitting);
        sitting.link_up();
        sitting.click(Click::Yes);
        // They never agree on the spot, so that the minutes are what ends it.
        let mut ways = [Toward::Left, Toward::Right].into_iter().cycle();
        while moves(&sitting.log).all(|(_, _, to, _)| to != Phase::Stretching) {
            if sitting.phase() == Phase::Locating {
                sitting.wait(secs(100));
                sitting.click(Click::Spot);
                sitting.click(Click::Nudge(ways.next().expect("it goes round")));
            } else {
                sitting.answer();
            }
        }
        let at = |phase| moves(&sitting.log).find(|&(_, _, to, _)| to == phase).map(|(at, ..)| at);
        let (first, last) = (at(Phase::BroadStrokes), at(Phase::Stretching));
        last.expect("it is stretched").since(first.expect("it is stroked"))
    };
    let minutes = secs(20 * 60 - 85);
    assert_eq!(stretching_after(&|_| ()), minutes, "a hold no longer fits in");
    let paused = |sitting: &mut Sitting| {
        sitting.wait(secs(280));
    };
    let slept = |sitting: &mut Sitting| {
        sitting.tell(Input::Gap(secs(280)));
    };
    assert_eq!(stretching_after(&paused), minutes + secs(280));
    assert_eq!(stretching_after(&slept), minutes + secs(280));
}

/// A touch of one who had fallen silent did not count where it was the logo.
#[test]
fn any_new_touch_answers_for_one_who_fell_silent_and_nothing_else_does() {
    let click = |means, late, passed| Input::Click { means, late, passed };
    for (input, answers) in [
        (click(Click::Again, false, false), true),
        (click(Click::Yes, false, false), true),
        (click(Click::No, false, false), true),
        (click(Click::Less, false, false), true),
        (click(Click::Yes, false, true), false),
        (click(Click::Again, true, false), false),
        (Input::Key(Key::GoOn), false),
    ] {
        let mut sitting = silent();
        sitting.wait(secs(30));
        assert_eq!((sitting.phase(), last_move(&sitting).1), (Phase::Paused, Because::Silent));
        sitting.tell(input);
        assert_eq!(sitting.phase() != Phase::Paused, answers, "{input:?}");
        let looked = said(&sitting.wait(secs(60))).contains(&"look-at-them");
        assert_eq!(looked, !answers, "{input:?}");
    }
}

/// What the partner keyed meanwhile kept "look at them" from coming.
#[test]
fn look_at_them_comes_whatever_the_partner_does_meanwhile() {
    for key in [Key::Stop, Key::Sharp, Key::End, Key::Again] {
        let mut sitting = silent();
        sitting.wait(secs(3));
        sitting.key(key);
        sitting.wait(secs(70));
        let looks: Vec<_> = outputs(&sitting.log)
            .filter(|&(_, output)| output == Output::Prompt(Prompt::LookAtThem))
            .map(|(at, _)| at)
            .collect();
        let (ended, _) = sitting.holds()[0];
        assert_eq!(looks, [ended + secs(60)], "{key:?}");
    }
}

/// The receiver's answer to the partner's question, and the partner's step back from it, took up a session that
/// another pause held.
#[test]
fn taking_back_the_end_gives_the_pause_back() {
    let receiver = |means| Input::Click { means, late: false, passed: false };
    let by_receiver = |sitting: &mut Sitting| {
        sitting.stop();
    };
    let by_partner = |sitting: &mut Sitting| {
        sitting.key(Key::Stop);
    };
    let nobody = |_: &mut Sitting| {};
    type Stops<'a> = &'a dyn Fn(&mut Sitting);
    let stops: [(&str, Stops<'_>, Option<Awaits>); 3] = [
        ("the receiver's STOP", &by_receiver, Some(Awaits::Receiver)),
        ("the partner's STOP", &by_partner, Some(Awaits::Partner)),
        ("the control: nothing but the question", &nobody, None),
    ];
    for (what, stop, awaits) in stops {
        for input in [Input::Key(Key::Back), Input::Key(Key::No), receiver(Click::No)] {
            let mut sitting = Sitting::at(Phase::Locating);
            stop(&mut sitting);
            sitting.key(Key::End);
            assert!(sitting.view().ending);
            sitting.tell(input);
            assert!(!sitting.view().ending, "{what}, {input:?}");
            match awaits {
                Some(awaits) => {
                    assert_eq!(sitting.phase(), Phase::Paused, "{what}, {input:?}");
                    assert_eq!(sitting.view().awaits, awaits, "{what}, {input:?}");
                }
                None => assert_eq!(sitting.phase(), Phase::Locating, "{what}, {input:?}"),
            }
        }
        let mut sitting = Sitting::at(Phase::Locating);
        stop(&mut sitting);
        sitting.key(Key::End);
        sitting.tell(receiver(Click::Yes));
        assert_eq!(
            last_move(&sitting),
            (Phase::Finished, Because::Ended),
            "a yes never takes it up ({what})"
        );
    }
}

/// After the laptop had slept, only the keyboard led on.
#[test]
fn after_a_long_gap_the_clicker_leads_on() {
    let mut sitting = Sitting::at(Phase::Locating);
    sitting.tell(Input::Gap(Duration::from_secs(400)));
    sitting.link_up();
    assert_eq!((sitting.phase(), sitting.view().awaits), (Phase::Paused, Awaits::Receiver));
    sitting.key(Key::GoOn);
    assert_eq!(sitting.phase(), Phase::Paused, "the control: the receiver is asked, not the partner");
    sitting.click(Click::Yes);
    assert_eq!(sitting.phase(), Phase::BroadStrokes);
}

/// "Did you feel it somewhere else?" was open when STOP came, and was never put again.
#[test]
fn what_a_pause_interrupted_is_asked_again() {
    for (technique, minutes) in
        [(Technique::Partner, 0), (Technique::Partner, 6), (Technique::Ball, 0), (Technique::Ball, 6)]
    {
        for shown in [false, true] {
            let plan = Plan::build(PlanParams::given(technique)).unwrap();
            let mut sitting = Sitting::begin_with(Setup::of(plan));
            sitting.go_to(Phase::Holding);
            held(&mut sitting);
            open_elsewhere(&mut sitting);
            if shown {
                sitting.click(Click::Yes);
            }
            sitting.stop();
            sitting.wait(secs(minutes * 60));
            let from = sitting.log.len();
            sitting.click(Click::Yes);
            open_elsewhere(&mut sitting);
            let pressed = moves(&sitting.log[from..]).any(|(_, _, to, _)| to == Phase::Settling);
            assert!(!pressed, "{technique}, {minutes} min: it is asked before anything is pressed");
            assert_eq!(sitting.view().felt, None, "what was shown before is not shown any more");
            sitting.click(Click::Yes);
            let given = sitting.click(Click::Spot);
            assert!(given.iter().any(|output| matches!(output, Output::Felt { .. })), "{given:?}");
            sitting.stop();
            let given = sitting.click(Click::Yes);
            assert!(!said(&given).contains(&"ask-elsewhere"), "the control: it has been answered");
            sitting.wait(secs(10));
            assert_ne!(sitting.view().awaits, Awaits::FeltElsewhere, "{technique}: the control");
        }
    }
}

/// After half an hour another place is chosen, and nobody can say of it where else it was felt.
#[test]
fn what_was_felt_half_an_hour_ago_is_not_asked_about() {
    let mut sitting = Sitting::at(Phase::Holding);
    held(&mut sitting);
    open_elsewhere(&mut sitting);
    sitting.stop();
    sitting.wait(secs(31 * 60));
    sitting.click(Click::Yes);
    assert_eq!(sitting.phase(), Phase::Screening);
    while sitting.phase() != Phase::Settling {
        assert_ne!(sitting.view().awaits, Awaits::FeltElsewhere);
        assert!(sitting.answer(), "{:?}", sitting.view());
    }
}

/// A hold that lets go after its minimum.
fn held(sitting: &mut Sitting) {
    for _ in 0..3 {
        sitting.rate(3);
        sitting.wait_ms(11_000);
    }
    sitting.click(Click::LetGo);
}

/// On to where it is asked whether it was felt elsewhere. What comes next, alone, is the end.
fn open_elsewhere(sitting: &mut Sitting) {
    for _ in 0..100 {
        match sitting.view().awaits {
            Awaits::FeltElsewhere => return,
            Awaits::Next => drop(sitting.click(Click::Enough)),
            _ => assert!(sitting.answer(), "{:?}", sitting.view()),
        }
    }
    panic!("it is not asked whether it was felt elsewhere: {:?}", sitting.view());
}
