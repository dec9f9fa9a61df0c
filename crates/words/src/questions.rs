//! What a question says of its keys is what they do: held against the coach that answers them.

use core::time::Duration;

use coach::body::{Area, Region, Side, Spot, Toward};
use coach::screening::Question;
use coach::{
    Alarm, Awaits, Before, Cleared, Click, Coach, Day, Input, Key, Learn, Link, Moment, Output, Past, Plan,
    Pressed, Prompt, Rating, Setup, Worked,
};

use crate::Words;

/// A way to say that a button and a key answer alike, and what they are.
const ALIKE: [(&str, Click, Key); 3] =
    [("A or n", Click::No, Key::No), ("B or Enter", Click::Yes, Key::GoOn), ("B or y", Click::Yes, Key::Yes)];

/// A session, and the sentence that was said last in it.
#[derive(Clone, PartialEq)]
struct Sitting {
    coach: Coach,
    now: Moment,
    said: Option<Prompt>,
}

fn click(means: Click) -> Input {
    Input::Click { means, late: false, passed: false }
}

impl Sitting {
    /// Of somebody who was here before: a clot was cleared, and a place was worked yesterday, and sharp.
    fn begin() -> Self {
        let spot = Spot::centre(Area { side: Side::Left, region: Region::UpperTrapezius });
        let before = Before { spot, ago: Duration::from_secs(24 * 3600) };
        let cleared = Cleared { question: Question::Clot, on: Day::new(2026, 1, 2).unwrap() };
        let past = Past {
            today: Day::new(2026, 11, 24),
            cleared: vec![cleared],
            worked: vec![Worked { pressed: Pressed::new(spot, Duration::from_secs(35)), ago: before.ago }],
            sharps: vec![before],
        };
        let coach = Coach::begin(Setup { past, ..Setup::of(Plan::partner()) });
        let mut sitting = Self { coach, now: Moment::START, said: None };
        sitting.then(Input::Link(Link::Live { dial: None }));
        sitting
    }

    fn then(&mut self, input: Input) {
        self.coach.handle(self.now, input);
        self.listen();
    }

    fn with(mut self, input: Input) -> Self {
        self.then(input);
        self
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.coach.handle_timeout(self.now);
        self.listen();
    }

    fn listen(&mut self) {
        while let Some((_, output)) = self.coach.poll_output() {
            if let Output::Prompt(prompt) = output
                && !matches!(prompt, Prompt::Refused { .. })
            {
                self.said = Some(prompt);
            }
        }
    }

    fn is(&self, id: &str) -> bool {
        self.said.is_some_and(|said| said.id() == id)
    }

    /// Holds what stands against what its keys do. Gives its id where it names some.
    fn holds(&self) -> Option<&'static str> {
        let said = self.said?;
        let text = Words::english().prompt(&said);
        let named = ALIKE.iter().filter(|(way, ..)| text.contains(way));
        let mut id = None;
        for &(way, means, key) in named {
            let (mut clicked, mut keyed) = (self.clone(), self.clone());
            clicked.then(click(means));
            keyed.then(Input::Key(key));
            assert!(clicked == keyed, "“{way}” is not so: {text}");
            id = Some(said.id());
        }
        id
    }
}

/// Whether yes and no are the answers to what is awaited.
const fn is_yes_or_no(awaits: Awaits) -> bool {
    match awaits {
        Awaits::Page(_)
        | Awaits::Question(_)
        | Awaits::Clearance(_)
        | Awaits::Since(_)
        | Awaits::Still(_)
        | Awaits::Elsewhere
        | Awaits::Again
        | Awaits::HeardThat
        | Awaits::LessonOffer
        | Awaits::WarmCheck
        | Awaits::FeltElsewhere => true,
        Awaits::Nothing
        | Awaits::Where
        | Awaits::Resting
        | Awaits::Bother
        | Awaits::Hand(_)
        | Awaits::TrySharp
        | Awaits::Spot
        | Awaits::Rating
        | Awaits::WhereFelt
        | Awaits::Next
        | Awaits::AfterSharp
        | Awaits::Receiver
        | Awaits::Partner
        | Awaits::GoOn
        | Awaits::Lesson(_)
        | Awaits::Signal => false,
    }
}

/// `y` is yes and `n` is no, to every question and to nothing else; "go on" answers none.
#[test]
fn yes_and_no_answer_every_question_and_nothing_else() {
    let takes = |sitting: &Sitting, key| {
        let mut after = sitting.clone();
        after.coach.handle(after.now, Input::Key(key));
        !std::iter::from_fn(|| after.coach.poll_output())
            .any(|(_, output)| matches!(output, Output::Refused { .. }))
    };
    let mut seen = std::collections::BTreeSet::new();
    let mut new = Sitting::begin();
    new.coach = Coach::begin(Setup { learn: Some(Learn::Offered), ..Setup::of(Plan::partner()) });
    new.then(Input::Link(Link::Live { dial: None }));
    let three = Rating::new(3).unwrap();
    for first in [Sitting::begin(), new] {
        let mut all = Vec::new();
        let mut left = vec![first];
        while let Some(sitting) = left.pop() {
            let view = sitting.coach.view(sitting.now);
            let question = view.ending || is_yes_or_no(view.awaits);
            for key in [Key::Yes, Key::No] {
                assert_eq!(takes(&sitting, key), question, "{key:?} at {:?} in {}", view.awaits, view.phase);
            }
            assert!(!question || !takes(&sitting, Key::GoOn), "go on answers {:?}", view.awaits);
            if question && !view.ending {
                let name = format!("{:?}", view.awaits);
                seen.insert(name.split('(').next().unwrap_or_default().to_owned());
            }
            let steps = [
                Input::Key(Key::GoOn),
                Input::Key(Key::Yes),
                Input::Key(Key::No),
                Input::Key(Key::AlreadyWarm),
                Input::Key(Key::Stop),
                Input::Key(Key::End),
                Input::Alarm(Alarm::Sharp),
                click(Click::Same(three)),
                click(Click::Felt(Side::Left)),
                click(Click::Spot),
                click(Click::Enough),
            ];
            let mut next: Vec<Sitting> = steps.iter().map(|&input| sitting.clone().with(input)).collect();
            next.extend([10, 60, 240, 420].map(|seconds| {
                let mut later = sitting.clone();
                later.wait(seconds);
                later
            }));
            for next in next {
                let known = |other: &Sitting| {
                    let [other, next] = [other, &next].map(|sitting| sitting.coach.view(sitting.now));
                    (other.awaits, other.phase, other.ending) == (next.awaits, next.phase, next.ending)
                };
                if !all.iter().any(known) {
                    all.push(next.clone());
                    left.push(next);
                }
            }
        }
    }
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(
        seen,
        [
            "Again",
            "Clearance",
            "Elsewhere",
            "FeltElsewhere",
            "HeardThat",
            "LessonOffer",
            "Page",
            "Question",
            "Since",
            "Still",
            "WarmCheck"
        ]
    );
}

/// "n" after "yes" or "go on" was how a yes could be said by no.
#[test]
fn no_sentence_has_n_for_anything_but_no() {
    let mut named = 0;
    for line in include_str!("../en.ftl").lines().filter(|line| !line.starts_with('#')) {
        // What is said before `n`, back to the end of the sentence before.
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && !".:?{}$".contains(c)).collect();
        for (at, _) in words.iter().enumerate().filter(|(_, word)| word.trim_end_matches('.') == "n") {
            let before =
                words[..at].iter().rposition(|word| word.ends_with(['.', '?'])).map_or(0, |end| end + 1);
            let said = words[before..at].join(" ");
            let no = ["No:", "None of these:", "Go back:", "Only sharp:", "y yes"];
            assert!(no.iter().any(|no| said.starts_with(no)), "“{said} n” in: {line}");
            named += 1;
        }
    }
    assert!(named >= 10, "{named}");
}

#[test]
fn a_question_names_the_keys_that_answer_it() {
    let mut held = Vec::new();
    // Every way through the screening.
    let mut all = vec![Sitting::begin()];
    let mut at = 0;
    while let Some(sitting) = all.get(at).cloned() {
        at += 1;
        held.extend(sitting.holds());
        for input in [Key::GoOn, Key::Yes, Key::No].map(Input::Key) {
            let mut next = sitting.clone();
            next.then(input);
            // Questions are numbered, so no two states are the same: what is asked tells them apart.
            let known = |other: &Sitting| {
                other.said == next.said
                    && other.coach.view(other.now).awaits == next.coach.view(next.now).awaits
            };
            if !all.iter().any(known) {
                all.push(next);
            }
        }
    }
    // A quiet one, up to the places that are asked about.
    let mut quiet = Sitting::begin();
    for _ in 0..20 {
        if quiet.is("ask-resting") {
            break;
        }
        quiet.then(Input::Key(match quiet.coach.view(quiet.now).awaits {
            Awaits::Where => Key::GoOn,
            Awaits::Still(_) => Key::Yes,
            _ => Key::No,
        }));
    }
    let three = Rating::new(3).unwrap();
    quiet.then(click(Click::Same(three)));
    quiet.then(click(Click::Same(three)));
    let mut heat = quiet.clone();
    for _ in 0..15 {
        heat.wait(60);
        held.extend(heat.holds());
    }
    quiet.then(Input::Key(Key::AlreadyWarm));
    quiet.wait(10);
    quiet.then(click(Click::Felt(Side::Left)));
    quiet.then(Input::Alarm(Alarm::Sharp));
    quiet.then(click(Click::Yes));
    quiet.wait(80);
    for _ in 0..30 {
        quiet.then(click(Click::Spot));
        held.extend(quiet.holds());
        quiet.then(click(Click::No));
        quiet.then(click(Click::Nudge(Toward::Right)));
    }
    held.sort_unstable();
    held.dedup();
    assert_eq!(
        held,
        [
            "area-closed",
            "ask-again",
            "ask-clearance",
            "ask-page",
            "ask-question",
            "ask-rest",
            "ask-since",
            "ask-skin",
            "ask-still",
            "warm-enough",
        ]
    );
}
