//! Runner of scripts: what a script's hands, keyboard, channel and machines do next, given the current state of the
//! session.
//!
//! **The one rule: call [`Runner::next`] whenever something may have changed, do what it says, and call again, until it
//! says [`ScriptAction::Wait`] or [`ScriptAction::Done`].**
//!
//! Like a person, the runner makes no gesture before the clicker has taken up the mode that the laptop shows (waiting
//! [`MODE_TIMEOUT_MS`] at most), and pauses between two gestures. A step begins when the previous one is over: a
//! gesture when the finger is up again, a `reset`, `kill` or `gap` when the machine is back. A stall of the link is
//! over at once, so that further steps can happen during it.

use core::time::Duration;

use plans::{
    Action, Awaits, Button, ExpectationChecker, Key, LinkChange, Named, ObservedEntry, Phase, Press,
    Question, Rating, Run, Screen, Side, Step, StoreState, Target, Toward, View, Warm, WithLine,
};

use crate::gesture::{Gesture, REST_MS};
use crate::time::Time;

/// State of the session when the runner is asked.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    /// The laptop's screen.
    pub view: &'a View,
    /// Rating on the clicker's dial.
    pub dial: Option<u8>,
    /// Whether the clicker has taken up the mode that the laptop shows.
    pub mode_applied: bool,
}

/// What the caller does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptAction {
    /// A gesture of the receiver's hand.
    Gesture(Gesture),
    /// A key of the laptop. The program decides what it means.
    Key(Key),
    /// The key that means this action at the moment.
    Action(Action),
    /// A change of the link.
    Link(LinkChange),
    /// Remove the clicker's battery for this long.
    Reset(Duration),
    /// A change of the disk.
    Store(StoreState),
    /// Suspend the laptop for this long.
    Gap(Duration),
    /// Kill the program, and start it again after this long.
    Kill(Duration),
    /// Nothing before this time or the next change.
    Wait(Time),
    /// The script is over.
    Done,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Line of the step.
    pub line: u32,
    /// Reason, as a sentence.
    pub reason: String,
}

/// How long a gesture waits for the clicker to take up a mode. The link is Stale by then.
pub const MODE_TIMEOUT_MS: u64 = 1000;

/// Delay before an unanswered question is answered again, through the other device.
const ANSWER_RETRY_MS: u64 = 3000;

/// Maximum duration of a step that answers questions. Warming takes 15 minutes at most.
const STEP_TIMEOUT_MS: u64 = 20 * 60 * 1000;

/// Maximum clicks between any two ratings: in at 3, up to 10, and one spare.
const MAX_CLICKS: u32 = 10;

/// A script being played.
#[derive(Debug, Clone)]
pub struct Runner {
    run: Run,
    at: usize,
    checker: ExpectationChecker,
    /// When the current step began, and the number of entries at that time.
    began: Option<(Time, usize)>,
    /// The hand is busy until then.
    hand_free: Time,
    /// When a gesture began to wait for the clicker's mode.
    mode_wait_from: Option<Time>,
    clicks: u32,
    answered: Option<Answered>,
    was_asked: bool,
}

/// The question that was answered last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Answered {
    question: u32,
    awaits: Awaits,
    at: Time,
    tries: u32,
}

/// Outcome of evaluating a step.
enum StepResult {
    /// Do this; the step continues.
    Do(ScriptAction),
    /// Do this; the step is over.
    Last(ScriptAction),
    /// Do this; the step is over after this duration.
    Lasts(ScriptAction, Duration),
    /// Evaluate again at this time.
    Look(Time),
    /// The step is over.
    Over,
    /// The step failed.
    Fail(String),
}

impl Runner {
    /// Starts a run at its first step.
    #[must_use]
    pub fn new(run: Run) -> Self {
        Self {
            run,
            at: 0,
            checker: ExpectationChecker::default(),
            began: None,
            hand_free: Time::START,
            mode_wait_from: None,
            clicks: 0,
            answered: None,
            was_asked: false,
        }
    }

    /// Records a new entry of the transcript.
    pub fn see(&mut self, entry: ObservedEntry) {
        self.checker.see(entry);
    }

    /// Checks all entries so far against the expectations of `run`. That is usually the run being played, but another
    /// one can be checked against the same entries.
    #[must_use]
    pub fn verdict(&self, run: &Run) -> Vec<Failure> {
        self.checker.verdict(run).into_iter().map(|(line, reason)| Failure { line, reason }).collect()
    }

    /// Line of the current step; `None` when all are done.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.run.steps.get(self.at).map(|step| step.line)
    }

    /// What to do next.
    ///
    /// # Errors
    /// If a step fails. The script is over then.
    pub fn next(&mut self, now: Time, observation: &Observation<'_>) -> Result<ScriptAction, Failure> {
        loop {
            if now < self.hand_free {
                return Ok(ScriptAction::Wait(self.hand_free));
            }
            let Some(WithLine { line, what }) = self.run.steps.get(self.at).cloned() else {
                return Ok(ScriptAction::Done);
            };
            let (began, seen) = *self.began.get_or_insert((now, self.checker.count()));
            let act = match self.turn(now, began, seen, observation, &what) {
                StepResult::Look(at) => return Ok(ScriptAction::Wait(at)),
                StepResult::Fail(reason) => {
                    self.at = self.run.steps.len();
                    return Err(Failure { line, reason });
                }
                StepResult::Over => {
                    self.end_step();
                    continue;
                }
                StepResult::Do(act) => act,
                StepResult::Last(act) => {
                    self.end_step();
                    act
                }
                StepResult::Lasts(act, lasting) => {
                    self.end_step();
                    self.hand_free = now + lasting;
                    act
                }
            };
            if let ScriptAction::Gesture(gesture) = act {
                self.hand_free = now.plus((gesture.lasts_ms() + REST_MS).into());
                self.mode_wait_from = None;
            }
            return Ok(act);
        }
    }

    fn end_step(&mut self) {
        self.at += 1;
        self.began = None;
        self.clicks = 0;
        self.answered = None;
        self.was_asked = false;
    }

    fn turn(
        &mut self,
        now: Time,
        began: Time,
        seen: usize,
        observation: &Observation<'_>,
        step: &Step,
    ) -> StepResult {
        let spent = now.since(began);
        match step {
            Step::Screen(screen) => self.screen(now, spent, observation, screen),
            Step::Where(area) => StepResult::Last(ScriptAction::Action(Action::Where(*area))),
            Step::Warm(warm) => self.warm(now, spent, observation, *warm),
            Step::Ready(true) => self.pass_ready_check(now, spent, observation),
            Step::Ready(false) => match observation.view.awaits {
                Awaits::Hand(side) => self.hand(now, observation, felt(other(side)), StepResult::Last),
                _ => wait_for(now, spent, "the ready check"),
            },
            Step::Wait(lasting) => until(now, began + *lasting),
            Step::Nudge(toward) => self.hand(now, observation, nudge(*toward), StepResult::Last),
            Step::Press(Press::One(button)) => {
                self.hand(now, observation, Gesture::Short(*button), StepResult::Last)
            }
            Step::Press(Press::Chord) => self.hand(now, observation, Gesture::SHARP, StepResult::Last),
            Step::Long(button) => self.hand(now, observation, Gesture::Long(*button), StepResult::Last),
            Step::Hold { button, lasting } => {
                self.hand(now, observation, Gesture::Hold(*button, millis(*lasting)), StepResult::Last)
            }
            Step::Rate(rating) => self.rate(now, observation, *rating),
            Step::Guess(rating) => StepResult::Last(ScriptAction::Action(Action::Guess(*rating))),
            Step::Key(key) => StepResult::Last(ScriptAction::Key(*key)),
            Step::Link(change) => StepResult::Last(ScriptAction::Link(*change)),
            Step::Reset { out } => StepResult::Lasts(ScriptAction::Reset(*out), *out),
            Step::Store(state) => StepResult::Last(ScriptAction::Store(*state)),
            Step::Gap(lasting) => StepResult::Lasts(ScriptAction::Gap(*lasting), *lasting),
            Step::Kill { gone } => StepResult::Lasts(ScriptAction::Kill(*gone), *gone),
            Step::Until { what, within } => {
                let (met, named) = match what {
                    Target::Phase(phase) => (observation.view.phase == *phase, phase.name().to_owned()),
                    Target::Entry(entry) => (self.checker.since(seen, entry), entry.to_string()),
                };
                if met {
                    StepResult::Over
                } else if now >= began + *within {
                    let seconds = within.as_secs_f64();
                    let phase = observation.view.phase;
                    StepResult::Fail(format!("{named} did not come within {seconds} s; the phase is {phase}"))
                } else {
                    StepResult::Look(began + *within)
                }
            }
            Step::Expect(wanted) => {
                self.checker.expect(wanted).map_or_else(StepResult::Fail, |()| StepResult::Over)
            }
            Step::Never(unwanted) => {
                self.checker.never(unwanted).map_or_else(StepResult::Fail, |()| StepResult::Over)
            }
        }
    }

    /// A gesture, once the clicker is in the mode that the laptop shows.
    fn hand(
        &mut self,
        now: Time,
        observation: &Observation<'_>,
        gesture: Gesture,
        turn: fn(ScriptAction) -> StepResult,
    ) -> StepResult {
        let mode_wait_until = self.mode_wait_from.get_or_insert(now).plus(MODE_TIMEOUT_MS);
        if observation.mode_applied || now >= mode_wait_until {
            turn(ScriptAction::Gesture(gesture))
        } else {
            StepResult::Look(mode_wait_until)
        }
    }

    fn rate(&mut self, now: Time, observation: &Observation<'_>, rating: Rating) -> StepResult {
        let wanted = rating.value();
        let gesture = match observation.dial {
            Some(shown) if shown == wanted && self.clicks > 0 => return StepResult::Over,
            Some(shown) if shown == wanted => Gesture::Short(Button::Logo),
            Some(shown) if shown > wanted => Gesture::Short(Button::A),
            Some(_) | None => Gesture::Short(Button::B),
        };
        if self.clicks >= MAX_CLICKS {
            return StepResult::Fail(format!("the clicker does not come to show {wanted}"));
        }
        let turn = self.hand(now, observation, gesture, StepResult::Do);
        if let StepResult::Do(_) = turn {
            self.clicks += 1;
        }
        turn
    }

    fn screen(
        &mut self,
        now: Time,
        spent: u64,
        observation: &Observation<'_>,
        screen: &Screen,
    ) -> StepResult {
        if observation.view.phase != Phase::Screening {
            return StepResult::Over;
        }
        let yes = |question: &Question| screen.yes.contains(question) || screen.cleared.contains(question);
        let either = |is: bool| if is { Action::Yes } else { Action::No };
        let action = match observation.view.awaits {
            Awaits::Where => Action::GoOn,
            Awaits::Page(page) => either(page.questions().iter().any(yes)),
            Awaits::Question(question) => either(yes(&question)),
            Awaits::Clearance(question) | Awaits::Still(question) => {
                either(screen.cleared.contains(&question))
            }
            Awaits::Since(_) => Action::No,
            // The area is chosen by a step of its own: `where`.
            Awaits::Elsewhere => return StepResult::Over,
            Awaits::Resting => return self.rating_asked(now, spent, observation, screen.resting),
            Awaits::Bother => return self.rating_asked(now, spent, observation, screen.bother),
            _ => return wait_for(now, spent, "the end of the screening"),
        };
        self.answer(now, spent, observation, ScriptAction::Action(action), ScriptAction::Action(action))
    }

    /// A rating outside of a hold: clicked to, then confirmed if it has not been taken.
    fn rating_asked(
        &mut self,
        now: Time,
        spent: u64,
        observation: &Observation<'_>,
        rating: Rating,
    ) -> StepResult {
        let question = (observation.view.question, observation.view.awaits);
        if self.answered.is_some_and(|answered| (answered.question, answered.awaits) != question) {
            self.answered = None;
            self.clicks = 0;
        }
        if observation.dial != Some(rating.value()) || self.clicks == 0 {
            self.answered = Some(Answered { question: question.0, awaits: question.1, at: now, tries: 0 });
            return self.rate(now, observation, rating);
        }
        let logo = ScriptAction::Gesture(Gesture::Short(Button::Logo));
        self.answer(now, spent, observation, logo, ScriptAction::Action(Action::GoOn))
    }

    fn warm(&mut self, now: Time, spent: u64, observation: &Observation<'_>, warm: Warm) -> StepResult {
        if warm == Warm::Already {
            return StepResult::Last(ScriptAction::Action(Action::AlreadyWarm));
        }
        if observation.view.phase != Phase::Warming {
            return StepResult::Over;
        }
        let yes = ScriptAction::Gesture(Gesture::Short(Button::B));
        match observation.view.awaits {
            Awaits::WarmCheck => {
                self.answer(now, spent, observation, yes, ScriptAction::Action(Action::GoOn))
            }
            Awaits::GoOn if warm == Warm::Minimum => {
                self.answer(now, spent, observation, yes, ScriptAction::Action(Action::GoOn))
            }
            _ => wait_for(now, spent, "the end of the warming"),
        }
    }

    fn pass_ready_check(&mut self, now: Time, spent: u64, observation: &Observation<'_>) -> StepResult {
        let gesture = match observation.view.awaits {
            Awaits::Hand(side) => felt(side),
            Awaits::TrySharp => Gesture::SHARP,
            Awaits::HeardThat => Gesture::Short(Button::B),
            _ if self.was_asked => return StepResult::Over,
            _ => return wait_for(now, spent, "the ready check"),
        };
        self.was_asked = true;
        self.answer(now, spent, observation, ScriptAction::Gesture(gesture), ScriptAction::Gesture(gesture))
    }

    /// Answers the current question with `first`. While it stays open, retries with `otherwise` and `first` in turn.
    fn answer(
        &mut self,
        now: Time,
        spent: u64,
        observation: &Observation<'_>,
        first: ScriptAction,
        otherwise: ScriptAction,
    ) -> StepResult {
        let View { question, awaits, .. } = *observation.view;
        let before =
            self.answered.filter(|answered| (answered.question, answered.awaits) == (question, awaits));
        let (tries, again_at) =
            before.map_or((0, now), |answered| (answered.tries, answered.at.plus(ANSWER_RETRY_MS)));
        if spent > STEP_TIMEOUT_MS {
            return StepResult::Fail("the questions do not come to an end".to_owned());
        }
        if tries > 0 && now < again_at {
            return StepResult::Look(again_at);
        }
        let turn = match if tries % 2 == 0 { first } else { otherwise } {
            ScriptAction::Gesture(gesture) => self.hand(now, observation, gesture, StepResult::Do),
            act => StepResult::Do(act),
        };
        if let StepResult::Do(_) = turn {
            self.answered = Some(Answered { question, awaits, at: now, tries: tries + 1 });
        }
        turn
    }
}

fn until(now: Time, end: Time) -> StepResult {
    if now >= end { StepResult::Over } else { StepResult::Look(end) }
}

fn wait_for(now: Time, spent: u64, what: &str) -> StepResult {
    if spent > STEP_TIMEOUT_MS {
        return StepResult::Fail(format!("{what} does not come"));
    }
    // Usually something changes long before that, and the runner is asked again.
    StepResult::Look(now.plus(STEP_TIMEOUT_MS + 1 - spent))
}

/// Click for the side on which the receiver feels the hand.
const fn felt(side: Side) -> Gesture {
    match side {
        Side::Left => Gesture::Short(Button::A),
        Side::Right => Gesture::Short(Button::B),
    }
}

const fn other(side: Side) -> Side {
    match side {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
    }
}

const fn nudge(toward: Toward) -> Gesture {
    match toward {
        Toward::Left => Gesture::Short(Button::A),
        Toward::Right => Gesture::Short(Button::B),
        Toward::Head => Gesture::Long(Button::A),
        Toward::Feet => Gesture::Long(Button::B),
    }
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
