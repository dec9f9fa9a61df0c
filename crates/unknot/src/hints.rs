//! Which keys are worth pressing now: for a person who does not know the table by heart, and for nobody else.

use coach::body::Toward;
use coach::{Awaits, Key, Lesson, Mode, Phase, View};
use sim::{Button, Gesture};

use crate::keys::{Act, Clicker, key_for};

const A: Act = Act::Clicker(Gesture::Short(Button::A));
const B: Act = Act::Clicker(Gesture::Short(Button::B));
const LOGO: Act = Act::Clicker(Gesture::Short(Button::Logo));
const A_LONG: Act = Act::Clicker(Gesture::Long(Button::A));
const B_LONG: Act = Act::Clicker(Gesture::Long(Button::B));
const LOGO_LONG: Act = Act::Clicker(Gesture::Long(Button::Logo));
const SHARP: Act = Act::Clicker(Gesture::SHARP);
const STOP: Act = Act::Clicker(Gesture::STOP);
const GUESS: &[Hint] = &[(Act::Guess, "my guess")];
const GO: Act = Act::Partner(Key::GoOn);
const YES: Act = Act::Partner(Key::Yes);
const NO: Act = Act::Partner(Key::No);

/// A key, by what it does, and what that means now.
pub(crate) type Hint = (Act, &'static str);

/// Every hint for this moment, whoever has to act first.
pub(crate) fn now(view: &View) -> impl Iterator<Item = &'static Hint> {
    partner(view).iter().chain(receiver(view))
}

/// Gives each hint when it is news.
#[derive(Debug)]
pub(crate) struct Hints {
    clicker: Clicker,
    last: Option<String>,
    modes: Vec<Mode>,
}

impl Hints {
    /// Hints for whoever holds the clicker.
    pub(crate) const fn new(clicker: Clicker) -> Self {
        Self { clicker, last: None, modes: Vec::new() }
    }

    /// The hint for what is to be seen now, if it has not just been given. Where nothing is awaited, a grammar of the
    /// clicker is explained once a session.
    pub(crate) fn turn(&mut self, view: &View) -> Option<String> {
        let partner = partner(view);
        let new_mode = !self.modes.contains(&view.mode);
        if !new_mode && view.awaits == Awaits::Nothing && partner.is_empty() {
            self.last = None;
            return None;
        }
        // Alone there are no two people to tell apart, only what is in the hand and what is on the table.
        let who = if view.technique.is_alone() { ["Clicker", "Keys"] } else { ["Receiver", "Partner"] };
        let hint = line(who, receiver(view), partner, self.clicker);
        if self.last.as_ref() == Some(&hint) {
            return None;
        }
        if new_mode {
            self.modes.push(view.mode);
        }
        self.last = Some(hint.clone());
        Some(hint)
    }
}

fn line(who: [&str; 2], receiver: &[Hint], partner: &[Hint], clicker: Clicker) -> String {
    [(who[0], receiver), (who[1], partner)]
        .into_iter()
        .filter(|(_, hints)| !hints.is_empty())
        .map(|(who, hints)| {
            let keys: Vec<String> = hints
                .iter()
                .filter_map(|&(act, what)| key_for(act, clicker).map(|key| format!("{key} {what}")))
                .collect();
            format!("[{who}: {}]", keys.join(", "))
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// What the receiver's clicker does now.
const fn receiver(view: &View) -> &'static [Hint] {
    match (view.awaits, view.mode) {
        (Awaits::TrySharp, _) => &[(SHARP, "SHARP")],
        (Awaits::Lesson(lesson), _) => lesson_of(lesson),
        (Awaits::Where | Awaits::WhereFelt, Mode::Locate) => {
            &[(A, "left"), (B, "right"), (A_LONG, "up"), (B_LONG, "down"), (LOGO, "there")]
        }
        (Awaits::Resting | Awaits::Bother, Mode::Rate) => &[(B, "up"), (A, "down"), (LOGO, "that's it")],
        (_, Mode::Rate | Mode::Release) => {
            &[(SHARP, "SHARP"), (B, "hurts more"), (A, "hurts less"), (LOGO, "the same")]
        }
        // What is needed most comes first: a bar of 80 columns has no room for all of them.
        (_, Mode::Hold) => &[
            (SHARP, "SHARP"),
            (LOGO_LONG, "it has let go (logo)"),
            (B, "hurts more"),
            (A, "hurts less"),
            (A_LONG, "less pressure"),
            (LOGO, "the same"),
            (B_LONG, "more?"),
        ],
        (_, Mode::Ask) => &[(B, "yes"), (A, "no"), (LOGO, "say it again")],
        (_, Mode::Locate | Mode::Settle) => {
            &[(A, "left"), (B, "right"), (A_LONG, "up"), (B_LONG, "down"), (LOGO, "that's the spot")]
        }
        (_, Mode::Next) => &[(B, "beside it"), (LOGO, "same spot again"), (A, "enough")],
        (_, Mode::AfterSharp) => &[(A, "only sharp"), (B, "numb or elsewhere"), (LOGO, "it slipped")],
        (_, Mode::Sides) => &[(A, "felt on the left"), (B, "felt on the right")],
    }
}

/// The gesture that is to be tried.
const fn lesson_of(lesson: Lesson) -> &'static [Hint] {
    match lesson {
        Lesson::Higher | Lesson::Right | Lesson::Yes => &[(B, "now")],
        Lesson::Lower | Lesson::Left | Lesson::No => &[(A, "now")],
        Lesson::Sharp => &[(SHARP, "now")],
        Lesson::Less | Lesson::Head => &[(A_LONG, "now")],
        Lesson::Same | Lesson::Spot => &[(LOGO, "now")],
        Lesson::Feet => &[(B_LONG, "now")],
        Lesson::More => &[(B_LONG, "now"), (LOGO, "then")],
        Lesson::LetGo => &[(LOGO_LONG, "now")],
        Lesson::Stop => &[(STOP, "now")],
    }
}

/// What the partner's keys do now.
const fn partner(view: &View) -> &'static [Hint] {
    if view.ending {
        return &[(Act::Partner(Key::End), "really end"), (Act::Partner(Key::Back), "go on")];
    }
    match view.awaits {
        Awaits::Where => &[(Act::Partner(Key::Move(Toward::Left)), "choose"), (GO, "take it")],
        Awaits::Page(_) => &[(NO, "none of these"), (YES, "one of them")],
        Awaits::Question(_) | Awaits::Clearance(_) | Awaits::Still(_) | Awaits::Since(_) | Awaits::Again => {
            &[(YES, "yes"), (NO, "no")]
        }
        Awaits::Elsewhere => &[(YES, "choose another area"), (NO, "no")],
        Awaits::Resting | Awaits::Bother => &[(GO, "take it")],
        Awaits::HeardThat => &[(YES, "yes, both"), (NO, "no")],
        Awaits::GoOn => &[(GO, "go on")],
        Awaits::Spot => &[
            (Act::Partner(Key::Move(Toward::Left)), "move the spot"),
            (Act::Partner(Key::Spot), "propose it"),
        ],
        Awaits::LessonOffer => &[(YES, "yes"), (NO, "not now")],
        Awaits::Lesson(_) => &[(GO, "that is enough")],
        Awaits::Partner => &[(GO, "take it up again")],
        Awaits::Nothing => match view.phase {
            Phase::Warming => &[
                (Act::Partner(Key::AlreadyWarm), "it is warm already"),
                (Act::Partner(Key::Lesson), "try the clicker"),
            ],
            Phase::Screening
            | Phase::Learning
            | Phase::BroadStrokes
            | Phase::Locating
            | Phase::Settling
            | Phase::Holding
            | Phase::Releasing
            | Phase::Moving
            | Phase::Stretching
            | Phase::Heat
            | Phase::Finished
            | Phase::Paused => &[],
            Phase::Flushing if view.technique.is_alone() => &[],
            Phase::Flushing => GUESS,
        },
        Awaits::WarmCheck
        | Awaits::Hand(_)
        | Awaits::TrySharp
        | Awaits::Rating
        | Awaits::FeltElsewhere
        | Awaits::WhereFelt
        | Awaits::Next
        | Awaits::AfterSharp
        | Awaits::Receiver
        | Awaits::Signal => &[],
    }
}
