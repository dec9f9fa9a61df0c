//! What a question says of its keys is what they do: held against the coach that answers them.

use core::time::Duration;

use coach::body::{Area, Region, Side, Spot, Toward};
use coach::screening::Question;
use coach::{
    Alarm, Before, Cleared, Click, Coach, Day, Input, Key, Link, Moment, Output, Past, Plan, Pressed, Prompt,
    Rating, Setup, Worked,
};

use crate::Words;

/// A way to say that a button and a key answer alike, and what they are.
const ALIKE: [(&str, Click, Key); 5] = [
    ("A or n", Click::No, Key::GoOn),
    ("B or n", Click::Yes, Key::GoOn),
    ("B or y", Click::Yes, Key::Yes),
    ("B, y or n", Click::Yes, Key::Yes),
    ("B, y or n", Click::Yes, Key::GoOn),
];

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

#[test]
fn a_question_names_the_keys_that_answer_it() {
    let mut held = Vec::new();
    // Every way through the screening.
    let mut all = vec![Sitting::begin()];
    let mut at = 0;
    while let Some(sitting) = all.get(at).cloned() {
        at += 1;
        held.extend(sitting.holds());
        for input in [Input::Key(Key::GoOn), Input::Key(Key::Yes), click(Click::No)] {
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
        quiet.then(Input::Key(if quiet.is("ask-still") { Key::Yes } else { Key::GoOn }));
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
