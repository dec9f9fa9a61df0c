//! Scripts that are accepted: every spelling of a step, and its value.

use core::time::Duration;
use std::collections::BTreeMap;

use plans::{
    Air, Area, Button, Expectation, Key, LinkChange, Matcher, Pattern, Phase, Press, Question, Rating,
    Region, Scalar, Screen, Script, Side, Step, StoreState, Target, Toward, Warm, WithLine,
};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

fn rating(value: u8) -> Rating {
    Rating::new(value).expect("1 to 10")
}

fn steps(script: &str) -> Vec<Step> {
    let script = Script::parse("s.toml", script).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    script.run.steps.into_iter().map(|step| step.what).collect()
}

fn step(text: &str) -> Step {
    let steps = steps(&format!("steps = [ {text} ]"));
    let [step] = &steps[..] else { panic!("{text} is {} steps", steps.len()) };
    step.clone()
}

#[test]
fn the_script_of_the_brief_is_what_it_says() {
    let script = r#"
plan = "partner"
steps = [
  { screen = "clear" },            # or a list of yes answers: { screen = ["fever"] }; region and side: { where = "left upper trapezius" }
  { warm = "already" },
  { ready = true },                # passes the ready check
  { wait = "90s" },
  { nudge = "left" }, { press = "logo" },
  { wait = "6s" }, { rate = 4 },   # clicks until the clicker shows 4
  { wait = "40s" }, { press = "chord" },
  { key = "space" },               # the partner's keyboard
  { link = "down" }, { wait = "3s" }, { link = "up" },
  { reset = "clicker" },           # battery out, battery in
  { until = "finished" },          # lets time run until that phase or kind; { until = "holding", within = "5m" } fails if it does not come
]
"#;
    let wanted = vec![
        (4, Step::Screen(Screen::clear())),
        (5, Step::Warm(Warm::Already)),
        (6, Step::Ready(true)),
        (7, Step::Wait(90 * SECOND)),
        (8, Step::Nudge(Toward::Left)),
        (8, Step::Press(Press::One(Button::Logo))),
        (9, Step::Wait(6 * SECOND)),
        (9, Step::Rate(rating(4))),
        (10, Step::Wait(40 * SECOND)),
        (10, Step::Press(Press::Chord)),
        (11, Step::Key(Key::Space)),
        (12, Step::Link(LinkChange::Down)),
        (12, Step::Wait(3 * SECOND)),
        (12, Step::Link(LinkChange::Up)),
        (13, Step::Reset { out: 3 * SECOND }),
        (14, Step::Until { what: Target::Phase(Phase::Finished), within: HOUR }),
    ];
    let script = Script::parse("brief.toml", script).unwrap();
    let steps: Vec<(u32, Step)> = script.run.steps.into_iter().map(|step| (step.line, step.what)).collect();
    assert_eq!(steps, wanted);
    assert_eq!(
        (script.plan.as_deref(), script.seed, script.file.as_str()),
        (Some("partner"), 0, "brief.toml")
    );
}

#[test]
fn the_screening_is_answered_question_by_question() {
    let yes = |yes: &[Question]| Step::Screen(Screen { yes: yes.to_vec(), ..Screen::clear() });
    assert_eq!(step("{ screen = \"clear\" }"), yes(&[]));
    assert_eq!(step("{ screen = [] }"), yes(&[]));
    assert_eq!(
        step("{ screen = [\"fever\", \"broken-skin\"] }"),
        yes(&[Question::Fever, Question::BrokenSkin])
    );
    let all = "{ screen = { yes = [\"injury\"], cleared = [\"clot\"], resting = 6, bother = 8 } }";
    let wanted = Screen {
        yes: vec![Question::Injury],
        cleared: vec![Question::Clot],
        resting: rating(6),
        bother: rating(8),
    };
    assert_eq!(step(all), Step::Screen(wanted));
}

#[test]
fn an_area_is_a_side_and_a_region_in_words_or_with_hyphens() {
    let left = Step::Where(Area { side: Side::Left, region: Region::UpperTrapezius });
    assert_eq!(step("{ where = \"left upper trapezius\" }"), left);
    assert_eq!(step("{ where = \"left upper-trapezius\" }"), left);
    let right = Step::Where(Area { side: Side::Right, region: Region::Rhomboids });
    assert_eq!(step("{ where = \"right rhomboids\" }"), right);
}

#[test]
fn warming_and_the_ready_check() {
    assert_eq!(step("{ warm = \"already\" }"), Step::Warm(Warm::Already));
    assert_eq!(step("{ warm = \"minimum\" }"), Step::Warm(Warm::Minimum));
    assert_eq!(step("{ warm = \"full\" }"), Step::Warm(Warm::Full));
    assert_eq!(step("{ ready = false }"), Step::Ready(false));
}

#[test]
fn the_gestures_of_the_clicker() {
    for (name, button) in [("a", Button::A), ("b", Button::B), ("logo", Button::Logo)] {
        assert_eq!(step(&format!("{{ press = \"{name}\" }}")), Step::Press(Press::One(button)));
        assert_eq!(step(&format!("{{ long = \"{name}\" }}")), Step::Long(button));
        let lasting = Duration::from_secs(7);
        assert_eq!(step(&format!("{{ hold = \"{name}\", for = \"7s\" }}")), Step::Hold { button, lasting });
    }
    // Longer than the 2 s of STOP, and longer than the 3 s of a palm.
    assert!(
        matches!(step("{ hold = \"a\" }"), Step::Hold { lasting, .. } if lasting > 2 * SECOND && lasting < 3 * SECOND)
    );
    assert!(matches!(step("{ hold = \"logo\" }"), Step::Hold { lasting, .. } if lasting > 3 * SECOND));
    let toward = [
        ("left", Toward::Left),
        ("right", Toward::Right),
        ("up", Toward::Head),
        ("head", Toward::Head),
        ("down", Toward::Feet),
        ("feet", Toward::Feet),
    ];
    for (name, toward) in toward {
        assert_eq!(step(&format!("{{ nudge = \"{name}\" }}")), Step::Nudge(toward));
    }
}

#[test]
fn the_keyboard_has_letters_and_names() {
    for letter in ['n', 'A', '1', '?', ','] {
        assert_eq!(step(&format!("{{ key = \"{letter}\" }}")), Step::Key(Key::Char(letter)));
    }
    let names = [
        ("space", Key::Space),
        ("enter", Key::Enter),
        ("esc", Key::Esc),
        ("left", Key::Left),
        ("right", Key::Right),
        ("up", Key::Up),
        ("down", Key::Down),
    ];
    for (name, key) in names {
        assert_eq!(step(&format!("{{ key = \"{name}\" }}")), Step::Key(key));
    }
}

#[test]
fn what_befalls_the_link_and_the_machines() {
    assert_eq!(
        step("{ link = \"stall\", for = \"700ms\" }"),
        Step::Link(LinkChange::Stall(Duration::from_millis(700)))
    );
    assert_eq!(step("{ reset = \"clicker\", for = \"9s\" }"), Step::Reset { out: 9 * SECOND });
    assert_eq!(step("{ store = \"fail\" }"), Step::Store(StoreState::Failed));
    assert_eq!(step("{ store = \"recover\" }"), Step::Store(StoreState::Recovered));
    assert_eq!(step("{ gap = \"1001ms\" }"), Step::Gap(Duration::from_millis(1001)));
    assert_eq!(step("{ kill = \"laptop\" }"), Step::Kill { gone: 5 * SECOND });
    assert_eq!(step("{ kill = \"laptop\", for = \"30m\" }"), Step::Kill { gone: 1800 * SECOND });
}

fn like(kind: &'static str, matchers: &[(&str, Matcher)]) -> Pattern {
    let matchers: BTreeMap<String, Matcher> =
        matchers.iter().map(|(path, want)| ((*path).to_owned(), want.clone())).collect();
    Pattern { kind, matchers }
}

fn is(text: &str) -> Matcher {
    Matcher::OneOf(vec![Scalar::Text(text.to_owned())])
}

#[test]
fn until_waits_for_a_phase_or_a_kind_or_an_entry() {
    let until = |what, within| Step::Until { what, within };
    assert_eq!(
        step("{ until = \"holding\", within = \"5m\" }"),
        until(Target::Phase(Phase::Holding), 300 * SECOND)
    );
    // A kind of entry with the same name as a phase comes together with it.
    assert_eq!(step("{ until = \"screening\" }"), until(Target::Phase(Phase::Screening), HOUR));
    assert_eq!(step("{ until = \"hold\" }"), until(Target::Entry(like("hold", &[])), HOUR));
    let softened = Target::Entry(like("prompt", &[("id", is("softened"))]));
    assert_eq!(step("{ until = { kind = \"prompt\", id = \"softened\" } }"), until(softened, HOUR));
}

#[test]
fn an_expectation_names_a_kind_and_some_of_its_fields() {
    let number = |number| Matcher::OneOf(vec![Scalar::Number(number)]);
    let text = r#"
        steps = [ { expect = { kind = "hold", outcome = "done", after = "30s", within = "60s" } }, { never = { kind = "sharp" } } ]
        expect = [
            { kind = "hold", because = ["fell", "let-go"], counted_ms = { least = 30000 } },
            { kind = "click", means = "rating" },
            { kind = "click", means.rating = 4, late = false },
            { kind = "key", action = { where = { side = "left" } } },
            { kind = "prompt", id = "ease-off", args = { rating = 6 } },
            { kind = "refused", what = "more", times = 2 },
            { kind = "phase", to = { not = "paused" }, because = { not = ["sharp", "stop"] } },
            { kind = "hold", pressed_ms = { most = 60000 } },
            { kind = "hold", pressed_ms = { least = 1, most = 2 } },
        ]
        never = [ { kind = "prompt", level = "high" } ]
    "#;
    let plain = |entry| Expectation { entry, after: None, within: None, times: None };
    let script = Script::parse("s.toml", text).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let done = plain(like("hold", &[("outcome", is("done"))]));
    assert_eq!(
        script.run.steps.into_iter().map(|step| step.what).collect::<Vec<_>>(),
        [
            Step::Expect(Expectation { after: Some(30 * SECOND), within: Some(60 * SECOND), ..done }),
            Step::Never(like("sharp", &[])),
        ]
    );
    let either = Matcher::OneOf(vec![Scalar::Text("fell".to_owned()), Scalar::Text("let-go".to_owned())]);
    let neither = Matcher::NoneOf(vec![Scalar::Text("sharp".to_owned()), Scalar::Text("stop".to_owned())]);
    let expect = [
        plain(like(
            "hold",
            &[("because", either), ("counted_ms", Matcher::Between { least: 30_000, most: i64::MAX })],
        )),
        plain(like("click", &[("means", is("rating"))])),
        plain(like(
            "click",
            &[("means.rating", number(4)), ("late", Matcher::OneOf(vec![Scalar::Flag(false)]))],
        )),
        plain(like("key", &[("action.where.side", is("left"))])),
        plain(like("prompt", &[("id", is("ease-off")), ("args.rating", number(6))])),
        Expectation { times: Some(2), ..plain(like("refused", &[("what", is("more"))])) },
        plain(like(
            "phase",
            &[("to", Matcher::NoneOf(vec![Scalar::Text("paused".to_owned())])), ("because", neither)],
        )),
        plain(like("hold", &[("pressed_ms", Matcher::Between { least: i64::MIN, most: 60_000 })])),
        plain(like("hold", &[("pressed_ms", Matcher::Between { least: 1, most: 2 })])),
    ];
    for (index, (read, wanted)) in script.run.expect.iter().zip(&expect).enumerate() {
        assert_eq!(&read.what, wanted);
        assert_eq!(usize::try_from(read.line).unwrap(), 4 + index);
    }
    assert_eq!(script.run.expect.len(), expect.len());
    assert_eq!(script.run.never, [WithLine { line: 14, what: like("prompt", &[("level", is("high"))]) }]);
}

#[test]
fn a_scenario_says_what_it_is_about_and_has_a_control() {
    let text = r#"
        about = "one thing"
        seed = 7
        air = { delay = "40ms", lose = 7, double = 5 }
        closed = [ { side = "right", out = 5, down = 20 } ]
        steps = [ { rate = 4 } ]

        [control]
        about = "the other"
        steps = [ { rate = 5 } ]
        expect = [ { kind = "hold" } ]
    "#;
    let script = Script::parse("s.toml", text).unwrap();
    assert_eq!(script.about.as_deref(), Some("one thing"));
    assert_eq!((script.seed, script.air), (7, Air { delay: Duration::from_millis(40), lose: 7, double: 5 }));
    let closed: Vec<_> =
        script.closed.iter().map(|spot| (spot.side(), spot.out_cm(), spot.down_cm())).collect();
    assert_eq!(closed, [(Side::Right, 5, 20)]);
    let control = script.control.unwrap();
    assert_eq!(control.about.as_deref(), Some("the other"));
    assert_eq!(control.steps, [WithLine { line: 10, what: Step::Rate(rating(5)) }]);
    assert_eq!(control.expect.len(), 1);
}

#[test]
fn reach_stands_for_the_steps_to_a_phase_and_each_further_phase_for_more_of_them() {
    let phases = [
        "warming",
        "broad-strokes",
        "locating",
        "settling",
        "holding",
        "releasing",
        "flushing",
        "stretching",
        "heat",
        "finished",
    ];
    let mut before = Vec::new();
    for phase in phases {
        let mut steps = steps(&format!("steps = [ {{ reach = \"{phase}\" }} ]"));
        assert!(
            matches!(steps.pop(), Some(Step::Expect(wanted)) if wanted.entry == like("phase", &[("to", is(phase))]))
        );
        assert!(steps.starts_with(&before), "{phase}");
        assert!(steps.len() > before.len(), "{phase}");
        let last = steps.last().cloned();
        assert!(
            matches!(&last, Some(Step::Until { what: Target::Phase(to), .. }) if to.to_string() == phase),
            "{phase}: {last:?}"
        );
        before = steps;
    }
    let moving = Script::parse("s.toml", "steps = [ { reach = \"moving\" }, { rate = 4 } ]").unwrap().run;
    assert_eq!(moving.steps.last().map(|step| &step.what), Some(&Step::Rate(rating(4))));
    assert_eq!(moving.reached, Some(Phase::Moving));
}

#[test]
fn reach_gives_all_its_steps_its_own_line() {
    let script =
        Script::parse("s.toml", "steps = [\n  { reach = \"holding\" },\n  { rate = 4 },\n]").unwrap();
    let (last, reached) = script.run.steps.split_last().unwrap();
    assert_eq!(last.line, 3);
    assert!(reached.iter().all(|step| step.line == 2));
}
