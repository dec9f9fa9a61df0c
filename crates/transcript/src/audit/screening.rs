//! Promise 6: nothing is pressed before screening and the ready check; a stop answer cannot be overridden; closed
//! ground cannot be chosen.

use coach::body::{Area, Side, Spot};
use coach::screening::{Answer, Page, Question, Weight};
use coach::{Because, Named as _, Phase, Rating};

use super::Audit;
use super::story::{Story, leads_to, says};
use crate::entry::{Action, Answered, Entry, Kind, Means, StoredSpot, Value};

const PROMISE: u8 = 6;

const HOUR: u64 = 3_600_000;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    let mut walk = Walk::default();
    for (index, entry) in story.entries.iter().enumerate() {
        walk.step(story, index, entry, audit);
    }
}

#[derive(Default)]
struct Walk {
    area: Option<Area>,
    answers: Vec<(Question, Answer)>,
    resting: Option<Rating>,
    closed: Vec<Area>,
    /// The answers to the local questions, of the area at hand. Once there are all of them the area is open or closed;
    /// before, and where they are asked anew, nothing is settled.
    local: Vec<(Question, Answer)>,
    /// The areas that are open.
    looked: Vec<Area>,
    /// The SHARPs of earlier sessions that have been asked about.
    since: Vec<StoredSpot>,
    /// The side on which the hand rests.
    hand: Option<Side>,
    ready: Ready,
    /// The questions have been answered, and something has been done since.
    left: bool,
    over: bool,
}

/// How far the ready check has come.
#[derive(Default, PartialEq, Eq)]
enum Ready {
    #[default]
    No,
    /// The side was felt.
    Felt,
    /// A SHARP gave the alarm.
    Alarmed,
    /// Both heard it.
    Passed,
}

impl Walk {
    fn step(&mut self, story: &Story<'_>, index: usize, entry: &Entry, audit: &mut Audit) {
        let at = entry.at_ms;
        let leads_on =
            matches!(entry.kind, Kind::Screening(_) | Kind::Spot(_) | Kind::Nudge { .. } | Kind::Hold { .. });
        if self.over && leads_on {
            audit.find(PROMISE, at, format!("a `{}` after the session was over", entry.kind.name()));
        }
        match &entry.kind {
            Kind::Screening(answered) => self.answered(story, index, *answered, audit),
            Kind::Phase { to, from: _, because } => {
                if self.over {
                    audit.find(PROMISE, at, format!("{to} began after the session was over"));
                }
                match to {
                    Phase::Screening if self.left => {
                        // A long pause leads back here: everything is asked anew.
                        self.left = false;
                        self.answers.clear();
                        self.looked.clear();
                        self.resting = None;
                    }
                    // A pause within the questions leads back to where they were.
                    Phase::Screening => {}
                    Phase::Finished => {
                        self.over = true;
                        let stopped = matches!(
                            because,
                            Because::StopAnswer | Because::AllClosed | Because::Numb | Because::ThreeSharps
                        );
                        if stopped && !says(story.together(index), "stopped") {
                            audit.find(PROMISE, at, "the session was stopped without advice");
                        }
                    }
                    // A lesson without touch.
                    Phase::Learning => {}
                    Phase::Warming
                    | Phase::BroadStrokes
                    | Phase::Locating
                    | Phase::Settling
                    | Phase::Holding
                    | Phase::Stretching => {
                        self.left = true;
                        self.pressing(story, index, *to, audit);
                    }
                    Phase::Releasing | Phase::Flushing | Phase::Moving | Phase::Heat | Phase::Paused => {}
                }
            }
            &Kind::Spot(place) => {
                if let Err(error) = Spot::try_from(place) {
                    audit.find(PROMISE, at, error.to_string());
                }
            }
            Kind::Prompt(said) if matches!(said.id.as_str(), "rest-hand" | "other-side") => {
                self.hand = match said.args.get("side") {
                    Some(Value::Name(name)) => Side::from_name(name),
                    Some(Value::Number(_)) | None => None,
                };
            }
            Kind::Prompt(said) if said.id == "ready" => {
                if self.ready != Ready::Passed {
                    audit.find(PROMISE, at, "the ready check passed without a side felt and an alarm heard");
                }
            }
            _ => self.checked(story, index),
        }
    }

    fn answered(&mut self, story: &Story<'_>, index: usize, answered: Answered, audit: &mut Audit) {
        match answered {
            Answered::Where { side, region } => {
                self.area = Some(Area { side, region });
                self.local.clear();
            }
            Answered::Answer { question, answer, on: _ } => {
                self.answers.retain(|(other, _)| *other != question);
                self.answers.push((question, answer));
                if question.weight() == Weight::ClosesArea {
                    self.answered_of_area(question, answer);
                }
                let stops = match (question.weight(), answer) {
                    (_, Answer::No) | (Weight::ClosesArea, Answer::Yes | Answer::Cleared) => false,
                    (Weight::StopsUnlessCleared, Answer::Cleared) => false,
                    (Weight::StopsUnlessCleared, Answer::Yes)
                    | (Weight::Stops | Weight::Emergency, Answer::Yes | Answer::Cleared) => true,
                };
                if stops && leads_to(story.together(index)) != Some(Phase::Finished) {
                    let what = format!("{answer} to {question} did not end the session");
                    audit.find(PROMISE, story.entries[index].at_ms, what);
                }
            }
            Answered::Resting { rating } => self.resting = Some(rating),
            Answered::Since { side, out_cm, down_cm, answer } => {
                self.since.push(StoredSpot { side, out_cm, down_cm });
                if answer != Answer::No && leads_to(story.together(index)) != Some(Phase::Finished) {
                    let what = format!("{answer} to a place that was sharp before did not end the session");
                    audit.find(PROMISE, story.entries[index].at_ms, what);
                }
            }
            Answered::Again { .. } | Answered::Bother { .. } => {}
        }
    }

    /// A local question was answered, of the area at hand.
    fn answered_of_area(&mut self, question: Question, answer: Answer) {
        self.local.retain(|(other, _)| *other != question);
        self.local.push((question, answer));
        let (local, Some(area)) = (&self.local, self.area) else { return };
        if !Page::Skin.questions().iter().all(|asked| local.iter().any(|(other, _)| other == asked)) {
            return;
        }
        self.looked.retain(|other| *other != area);
        self.closed.retain(|other| *other != area);
        let is_open = local.iter().all(|(_, answer)| *answer == Answer::No);
        if is_open { &mut self.looked } else { &mut self.closed }.push(area);
    }

    /// How far the ready check comes by an input.
    fn checked(&mut self, story: &Story<'_>, index: usize) {
        if story.states[index].phase != Phase::BroadStrokes || self.ready == Ready::Passed {
            return;
        }
        let response = || story.response(index);
        let yes = match story.entries[index].kind {
            Kind::Click { means: Means::Felt(side), late: false, passed: false, .. } => {
                if self.hand == Some(side) && says(response(), "try-sharp") {
                    self.ready = Ready::Felt;
                }
                false
            }
            Kind::Alarm { .. } => {
                if self.ready == Ready::Felt && says(response(), "heard-that") {
                    self.ready = Ready::Alarmed;
                }
                false
            }
            Kind::Click { means: Means::No, late: false, passed: false, .. }
            | Kind::Key { action: Action::No }
                if self.ready == Ready::Alarmed =>
            {
                self.ready = Ready::Felt;
                false
            }
            Kind::Click { means: Means::Yes, late: false, passed: false, .. }
            | Kind::Key { action: Action::Yes } => true,
            _ => false,
        };
        if yes && self.ready == Ready::Alarmed {
            self.ready = Ready::Passed;
        }
    }

    /// A phase begins in which something is done to the receiver.
    fn pressing(&self, story: &Story<'_>, index: usize, to: Phase, audit: &mut Audit) {
        let at = story.entries[index].at_ms;
        for &question in Question::ALL {
            if !self.answers.iter().any(|(other, _)| *other == question) {
                audit.find(PROMISE, at, format!("{to} began before {question} was answered"));
                return;
            }
        }
        let Some(resting) = self.resting else {
            audit.find(PROMISE, at, format!("{to} began before the rating at rest was known"));
            return;
        };
        if let Some(sharp) =
            story.header.past.sharps.iter().find(|sharp| !self.since.contains(&sharp.place()))
        {
            let what =
                format!("{to} began before the SHARP of {} h before was asked about", sharp.ago_ms / HOUR);
            audit.find(PROMISE, at, what);
        }
        if !to.pressure_called_for() {
            return;
        }
        if resting > Rating::CEILING {
            audit.find(PROMISE, at, format!("{to} began with a rating of {resting} at rest"));
        }
        if self.ready != Ready::Passed {
            audit.find(PROMISE, at, format!("{to} began before the ready check had passed"));
        }
        let spot = story.states[index].spot.and_then(|place| Spot::try_from(place).ok());
        match spot {
            None => audit.find(PROMISE, at, format!("{to} began without a spot")),
            Some(spot) if self.closed.contains(&spot.area()) => {
                audit.find(PROMISE, at, format!("{to} began on closed ground, {}", spot.area()));
            }
            Some(spot) if !story.figures().technique.may_press(spot.area().region) => {
                let technique = story.figures().technique;
                audit.find(
                    PROMISE,
                    at,
                    format!("{to} began at {}, which is none for {technique}", spot.area()),
                );
            }
            Some(spot) if !self.looked.contains(&spot.area()) => {
                let what = format!("{to} began at {}, where nobody had been asked to look", spot.area());
                audit.find(PROMISE, at, what);
            }
            Some(_) => {}
        }
    }
}
