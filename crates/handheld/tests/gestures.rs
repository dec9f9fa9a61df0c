//! The key map, row by row, and the timing rules of gestures.

mod rig;

use handheld::Button::{self, A, B, Logo};
use handheld::{Display, Edge, Event, Sound};
use proptest::prelude::*;
use rig::{Rig, dial};
use rstest::rstest;
use wire::{Alarm, Cue, Means, Mode, Toward};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Comes {
    Of(Means),
    /// The clicker asks "more?".
    Asked,
    /// The "no" cue.
    No,
}
use Comes::{Asked, No, Of};

const SHORT: u64 = 200;
const LONG_PRESS: u64 = 900;

/// Rows: the modes. Columns: A short, B short, A long, B long, logo short, logo long. The dial is at 5.
#[rstest]
#[case::rate(Mode::Rate, [Of(Means::Rating(dial(4))), Of(Means::Rating(dial(6))), Of(Means::Less), No, Of(Means::Same(dial(5))), No])]
#[case::hold(Mode::Hold, [Of(Means::Rating(dial(4))), Of(Means::Rating(dial(6))), Of(Means::Less), Asked, Of(Means::Same(dial(5))), Of(Means::LetGo)])]
#[case::release(Mode::Release, [Of(Means::Rating(dial(4))), Of(Means::Rating(dial(6))), Of(Means::Less), No, Of(Means::Same(dial(5))), No])]
#[case::ask(Mode::Ask, [Of(Means::No), Of(Means::Yes), No, No, Of(Means::Again), No])]
#[case::sides(Mode::Sides, [Of(Means::FeltLeft), Of(Means::FeltRight), No, No, Of(Means::Again), No])]
#[case::next(Mode::Next, [Of(Means::Enough), Of(Means::Beside), No, No, Of(Means::SameSpot), No])]
#[case::after_sharp(Mode::AfterSharp, [Of(Means::OnlySharp), Of(Means::Numb), No, No, Of(Means::Slipped), No])]
#[case::locate(Mode::Locate, [Of(Means::Nudge(Toward::Left)), Of(Means::Nudge(Toward::Right)), Of(Means::Nudge(Toward::Head)), Of(Means::Nudge(Toward::Feet)), Of(Means::Spot), No])]
#[case::settle(Mode::Settle, [Of(Means::Nudge(Toward::Left)), Of(Means::Nudge(Toward::Right)), Of(Means::Nudge(Toward::Head)), Of(Means::Nudge(Toward::Feet)), Of(Means::Spot), No])]
fn each_gesture_means_what_its_mode_says(#[case] mode: Mode, #[case] row: [Comes; 6]) {
    let columns =
        [(A, SHORT), (B, SHORT), (A, LONG_PRESS), (B, LONG_PRESS), (Logo, SHORT), (Logo, LONG_PRESS)];
    for ((button, ms), expected) in columns.into_iter().zip(row) {
        let mut rig = Rig::showing_with(mode, 5);
        rig.press(button, ms);
        rig.wait(500);
        let (means, sound) = match expected {
            Of(means) => (vec![means], Sound::Tick(mode)),
            Asked => (vec![], Sound::Question),
            No => (vec![], Sound::No),
        };
        assert_eq!((rig.means(), rig.sounds()), (means, vec![sound]), "{button:?} for {ms} ms in {mode:?}");
        assert!(rig.entries().iter().all(|entry| entry.show == 5), "an event names what was active");
    }
}

#[rstest]
#[case::a_tap_waits_for_a_possible_sharp(1, 80)]
#[case::so_does_a_quick_press(79, 80)]
#[case::a_press_of_80_ms_waits_for_nothing(80, 80)]
#[case::then_it_is_the_release_that_decides(81, 81)]
#[case::up_to_the_long_press(599, 599)]
fn a_short_press_is_decided_at_its_release_or_80_ms_after_the_press(#[case] ms: u64, #[case] decided: u32) {
    for button in [A, B, Logo] {
        let mut rig = Rig::showing_with(Mode::Ask, 5);
        let start = u32::try_from(rig.now).unwrap();
        rig.press(button, ms);
        rig.wait(3_000);
        assert_eq!(
            rig.events().iter().map(|(at, _)| at - start).collect::<Vec<_>>(),
            [decided],
            "{button:?}"
        );
        // It is sent at the same time.
        assert_eq!(rig.sent()[0].0, u64::from(start + decided));
    }
}

#[rstest]
#[case(600)]
#[case(601)]
#[case(1_999)]
fn a_long_press_is_decided_at_600_ms_still_held_and_its_release_says_nothing(#[case] ms: u64) {
    let mut rig = Rig::showing(Mode::Rate);
    rig.press(A, ms);
    rig.wait(3_000);
    assert_eq!(rig.events(), [(1_600, Means::Less)]);
}

#[rstest]
#[case::a(A, vec![(1_600, Means::Nudge(Toward::Head)), (3_000, Means::Stop)])]
#[case::b(B, vec![(1_600, Means::Nudge(Toward::Feet)), (3_000, Means::Stop)])]
fn held_for_2_s_is_stop_and_the_long_press_before_it_stands(
    #[case] button: Button,
    #[case] events: Vec<(u32, Means)>,
) {
    let mut rig = Rig::showing(Mode::Locate);
    rig.press(button, 10_000);
    assert_eq!(rig.events(), events);
    assert_eq!(rig.alarms(), [(3_000, Alarm::Stop)]);
}

#[rstest]
fn stop_is_stop_in_every_mode(
    #[values(
        Mode::Rate,
        Mode::Hold,
        Mode::Ask,
        Mode::Locate,
        Mode::Settle,
        Mode::Release,
        Mode::Next,
        Mode::AfterSharp,
        Mode::Sides
    )]
    mode: Mode,
) {
    let mut rig = Rig::showing(mode);
    rig.press(B, 2_000);
    assert_eq!(rig.means().last(), Some(&Means::Stop));
}

#[test]
fn released_just_before_2_s_is_no_stop() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.press(A, 1_999);
    rig.wait(5_000);
    assert_eq!(rig.means(), [Means::Less]);
}

#[rstest]
fn both_down_is_sharp_at_the_second_press_whatever_the_gap(
    #[values((A, B), (B, A))] order: (Button, Button),
    #[values(0, 1, 79, 80, 81, 300, 599)] gap: u64,
) {
    let mut rig = Rig::showing(Mode::Locate);
    rig.down(order.0);
    rig.wait(gap);
    rig.down(order.1);
    rig.wait(5_000);
    rig.up(order.0);
    rig.up(order.1);
    rig.wait(1_000);
    assert_eq!(rig.events(), [(1_000 + u32::try_from(gap).unwrap(), Means::Sharp)]);
    assert_eq!(rig.alarms(), [(1_000 + gap, Alarm::Sharp)]);
}

#[rstest]
#[case::after_a_long_press(700, &[Means::Less, Means::Sharp])]
#[case::after_a_stop(2_500, &[Means::Less, Means::Stop, Means::Sharp])]
fn what_was_decided_before_a_sharp_stands(#[case] gap: u64, #[case] means: &[Means]) {
    let mut rig = Rig::showing(Mode::Rate);
    rig.down(A);
    rig.wait(gap);
    rig.down(B);
    rig.wait(3_000);
    assert_eq!(rig.means(), means);
}

#[rstest]
#[case::at_once(20, 1, &[Means::Sharp])]
#[case::within(20, 59, &[Means::Sharp])]
#[case::one_less(20, 58, &[Means::Sharp])]
#[case::beyond(20, 61, &[Means::No, Means::Yes])]
fn presses_within_80_ms_are_sharp_even_if_they_never_overlap(
    #[case] held: u64,
    #[case] pause: u64,
    #[case] means: &[Means],
) {
    let mut rig = Rig::showing(Mode::Ask);
    rig.press(A, held);
    rig.wait(pause);
    rig.press(B, 100);
    rig.wait(1_000);
    assert_eq!(rig.means(), means);
}

#[test]
fn at_exactly_80_ms_it_is_sharp_and_the_short_press_decided_in_that_moment_stands() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.press(A, 20);
    rig.wait(60);
    rig.press(B, 100);
    assert_eq!(rig.events(), [(1_080, Means::No), (1_080, Means::Sharp)]);
}

#[test]
fn after_sharp_both_buttons_are_ignored_until_both_are_up() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.down(A);
    rig.down(B);
    rig.wait(100);
    rig.up(A);
    rig.wait(100);
    rig.press(A, 100);
    rig.press(A, 2_500);
    rig.up(B);
    rig.wait(500);
    assert_eq!(rig.means(), [Means::Sharp]);
    rig.press(A, 100);
    assert_eq!(rig.means(), [Means::Sharp, Means::No], "both were up");
}

#[test]
fn a_press_that_a_sharp_has_used_up_makes_no_second_one() {
    for (first, second) in [(A, B), (B, A)] {
        let mut rig = Rig::showing(Mode::Ask);
        rig.press(first, 10);
        rig.wait(30);
        rig.press(second, 5);
        rig.wait(15);
        rig.press(second, 100);
        assert_eq!(rig.alarms(), [(1_040, Alarm::Sharp)]);
        assert_eq!(rig.means().len(), 2, "and the third press, 60 ms after the first, is a press of its own");
    }
}

#[test]
fn the_logo_works_on_after_a_sharp() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.down(A);
    rig.down(B);
    rig.press(Logo, 100);
    assert_eq!(rig.means(), [Means::Sharp, Means::Again]);
}

#[test]
fn the_logo_with_a_button_is_no_sharp() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.down(A);
    rig.down(Logo);
    rig.wait(100);
    rig.up(A);
    rig.up(Logo);
    assert_eq!(rig.means(), [Means::No, Means::Again]);
}

#[test]
fn two_presses_of_one_button_are_two_events_however_quick() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.press(B, 20);
    rig.wait(20);
    rig.press(B, 20);
    rig.wait(100);
    assert_eq!(rig.events(), [(1_080, Means::Rating(dial(3))), (1_120, Means::Rating(dial(4)))]);
}

#[test]
fn a_covered_logo_says_so_and_counts_as_nothing() {
    let mut rig = Rig::showing_with(Mode::Ask, 5);
    let start = rig.now;
    rig.press(Logo, 5_000);
    rig.wait(1_000);
    assert_eq!(rig.means(), []);
    assert_eq!(rig.timed_sounds(), [(start + 600, Sound::No), (start + 3_000, Sound::No)]);
    let covered: Vec<_> =
        rig.displays().into_iter().filter(|(_, display)| *display == Display::Covered).collect();
    assert_eq!(covered, [(start + 3_000, Display::Covered)]);
    assert_eq!(rig.clicker.display(), Display::Blank, "uncovered again");
}

#[test]
fn edges_that_change_nothing_are_nothing() {
    let mut rig = Rig::showing(Mode::Ask);
    rig.up(A);
    rig.down(A);
    rig.wait(50);
    rig.down(A);
    rig.wait(50);
    rig.up(A);
    rig.up(A);
    rig.wait(1_000);
    assert_eq!(rig.events(), [(1_100, Means::No)]);
}

#[test]
fn a_press_means_what_was_shown_when_the_button_went_down() {
    let mut rig = Rig::showing_with(Mode::Rate, 5);
    rig.down(B);
    rig.wait(50);
    rig.cue(Cue::Show { number: 6, mode: Mode::Ask });
    rig.wait(50);
    rig.up(B);
    let entry = rig.entries()[0];
    assert_eq!(
        (entry.means, entry.show),
        (Means::Rating(dial(6)), 5),
        "nobody says yes to what they have not heard"
    );
    rig.press(B, 100);
    let entry = rig.entries()[1];
    assert_eq!((entry.means, entry.show), (Means::Yes, 6));
}

#[rstest]
#[case::a_hold_asks_for_its_own(Mode::Settle, Mode::Hold, None)]
#[case::so_does_every_question_of_a_rating(Mode::Rate, Mode::Rate, None)]
#[case::what_answered_a_question_is_of_no_touch(Mode::Ask, Mode::Rate, None)]
#[case::a_hold_that_is_asked_in_again_goes_on(Mode::Hold, Mode::Hold, Some(5))]
#[case::letting_go_is_the_same_touch(Mode::Hold, Mode::Release, Some(5))]
#[case::a_question_leaves_the_dial_alone(Mode::Rate, Mode::Ask, Some(5))]
fn a_grammar_begins_with_no_rating_where_another_touch_is_meant(
    #[case] from: Mode,
    #[case] to: Mode,
    #[case] stands: Option<u8>,
) {
    let mut rig = Rig::showing_with(from, 5);
    rig.cue(Cue::Show { number: 6, mode: to });
    assert_eq!(rig.clicker.dial(), stands.map(dial));
}

#[test]
fn a_timer_run_late_still_decides_at_its_own_moment() {
    let mut rig = Rig::showing(Mode::Rate);
    rig.pulses = false;
    rig.down(A);
    rig.now += 2_300;
    rig.wait(0);
    assert_eq!(rig.events(), [(1_600, Means::Less), (3_000, Means::Stop)]);
}

/// Edges of one hand: any button, any time, including repeated edges.
fn edges() -> impl Strategy<Value = Vec<(u64, Button, Edge)>> {
    let gap = prop_oneof![Just(0), 0_u64..100, Just(80), 0_u64..900, 0_u64..4_000];
    let button = prop::sample::select(vec![A, A, B, B, Logo]);
    let edge = prop::sample::select(vec![Edge::Down, Edge::Up]);
    prop::collection::vec((gap, button, edge), 1..30)
}

fn played(mode: Mode, edges: &[(u64, Button, Edge)]) -> Rig {
    let mut rig = Rig::showing_with(mode, 5);
    for (gap, button, edge) in edges {
        rig.wait(*gap);
        rig.event(Event::Button(*button, *edge));
    }
    rig
}

/// An independent definition of SHARP, over pairs of presses instead of states. Returns the times.
fn sharps(start: u64, edges: &[(u64, Button, Edge)]) -> Vec<u64> {
    let (mut now, mut sharps) = (start, Vec::new());
    let mut down = [false; 2];
    let mut pressed: [Option<u64>; 2] = [None; 2];
    let mut used_until_both_up = false;
    for (gap, button, edge) in edges {
        now += gap;
        let own = match button {
            A => 0,
            B => 1,
            Logo => continue,
        };
        let was_down = std::mem::replace(&mut down[own], *edge == Edge::Down);
        if down == [false; 2] {
            used_until_both_up = false;
        }
        if was_down || *edge == Edge::Up || used_until_both_up {
            continue;
        }
        let near = pressed[1 - own].is_some_and(|other| now - other <= 80);
        if down[1 - own] || near {
            sharps.push(now);
            pressed = [None; 2];
            used_until_both_up = true;
        } else {
            pressed[own] = Some(now);
        }
    }
    sharps
}

proptest! {
    #[test]
    fn every_overlap_of_a_and_b_gives_exactly_one_sharp(edges in edges()) {
        let rig = played(Mode::Hold, &edges);
        let start = Rig::showing_with(Mode::Hold, 5).now;
        let heard: Vec<u64> =
            rig.alarms().into_iter().filter(|(_, what)| *what == Alarm::Sharp).map(|(at, _)| at).collect();
        prop_assert_eq!(heard, sharps(start, &edges));
    }

    #[test]
    fn no_output_is_withdrawn(edges in edges(), cut in 0_usize..30) {
        let cut = cut.min(edges.len());
        let (mut before, whole) = (played(Mode::Hold, &edges[..cut]), played(Mode::Hold, &edges));
        prop_assert!(whole.log.starts_with(&before.log));
        // What was undecided at the cut is decided then, independently of earlier presses.
        let decided = before.events().len();
        before.wait(5_000);
        prop_assert!(before.events().len() <= decided + 6, "each button has a long press and a stop left at most");
    }

    #[test]
    fn each_accepted_press_ticks_once_and_nothing_is_left_in_doubt(edges in edges()) {
        let mut rig = played(Mode::Ask, &edges);
        for button in [A, B, Logo] {
            rig.up(button);
        }
        rig.wait(10_000);
        let ticks = rig.sounds().iter().filter(|sound| matches!(sound, Sound::Tick(_))).count();
        prop_assert_eq!(ticks, rig.means().len());
        prop_assert_eq!(rig.clicker.unacknowledged(), 0);
        prop_assert_eq!(rig.clicker.display(), Display::Blank);
    }
}
