//! Promise 3: SHARP means hands off at once, in that phase's words, and voids the hold; the receiver is asked what it
//! was, and what they answer is heeded.

use coach::body::Spot;
use coach::{Alarm, Because, Learn, Outcome, Phase};

use super::Audit;
use super::story::{Story, begins_unwatched, leads_to, says};
use crate::entry::{Action, Entry, Kind, Means, Value};
use crate::header::Header;

const PROMISE: u8 = 3;

/// The receiver is asked this much later.
const ASKED: u64 = 5_000;
/// Without an answer for this long: paused, "ask them aloud".
const ANSWER: u64 = 20_000;
/// That many at one spot close it.
const A_SPOT: usize = 2;
/// That many in a session end it.
const A_SESSION: usize = 3;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    for hold in &story.holds {
        let Some(end) = hold.end else { continue };
        let heard = story.together(end.index).iter().any(|entry| matches!(entry.kind, Kind::Sharp {}));
        let void = end.outcome == Outcome::Void;
        if void != (end.because == Because::Sharp) || void != heard {
            let what = format!("a hold ended by {} is {}", end.because, end.outcome);
            audit.find(PROMISE, end.at, what);
        }
    }
    let mut walk = Walk {
        counted: Vec::new(),
        closed: story.header.closed.iter().filter_map(|&place| place.try_into().ok()).collect(),
        open: false,
        asking: false,
        aloud: false,
        trying: false,
    };
    for (index, entry) in story.entries.iter().enumerate() {
        walk.step(story, index, entry, audit);
    }
}

struct Walk {
    /// Where each SHARP that counts was.
    counted: Vec<Option<Spot>>,
    closed: Vec<Spot>,
    /// A SHARP has not been explained yet.
    open: bool,
    /// The receiver has been asked what it was, and has not answered.
    asking: bool,
    /// The partner has been asked to ask aloud, and may answer for the receiver.
    aloud: bool,
    /// The ready check waits for a SHARP, to let both hear the alarm.
    trying: bool,
}

impl Walk {
    fn step(&mut self, story: &Story<'_>, index: usize, entry: &Entry, audit: &mut Audit) {
        match &entry.kind {
            Kind::Alarm { what: Alarm::Sharp, .. } => self.heard(story, index, true, audit),
            Kind::Key { action: Action::Sharp } => self.heard(story, index, false, audit),
            Kind::Prompt(said) => match said.id.as_str() {
                "try-sharp" => self.trying = true,
                "heard-that" | "ready" => self.trying = false,
                "learn" => self.trying = said.args.get("lesson") == Some(&Value::Name("sharp".to_owned())),
                "ask-aloud" => self.aloud = true,
                "ask-sharp" => {
                    self.asking = true;
                    if story.cause(index).is_none() && is_due(story, index, ANSWER, true) {
                        let at = entry.at_ms + ANSWER;
                        if !is_said_at(story, index, at, "ask-aloud") {
                            audit.find(PROMISE, at, "nobody answered, and nobody was told to ask aloud");
                        }
                    }
                }
                _ => {}
            },
            Kind::Click { means, late: false, passed: false, .. } if self.asking => {
                self.answered(story, index, *means, audit);
            }
            Kind::Key { action: Action::Yes }
                if self.aloud && spoken(story, index) == Some(Because::Numb) =>
            {
                self.answered(story, index, Means::Numb, audit);
            }
            Kind::Key { action: Action::No } if self.aloud && spoken(story, index).is_some() => {
                self.answered(story, index, Means::OnlySharp, audit);
            }
            Kind::Phase { to: Phase::Settling, .. } => {
                let spot = spot_at(story, index);
                if spot.is_some_and(|spot| self.closed.iter().any(|closed| closed.is_same(spot))) {
                    audit.find(PROMISE, entry.at_ms, "pressure began at a spot that SHARP has closed");
                }
            }
            Kind::Phase { to: Phase::Finished | Phase::BroadStrokes, .. }
            | Kind::Phase { from: Phase::Learning, .. } => self.trying = false,
            _ => {}
        }
    }

    fn heard(&mut self, story: &Story<'_>, index: usize, by_receiver: bool, audit: &mut Audit) {
        let (at, response) = (story.entries[index].at_ms, story.response(index));
        let phase = story.states[index].phase;
        if !response.iter().any(|output| matches!(output.kind, Kind::Sharp {})) {
            audit.find(PROMISE, at, format!("SHARP in {phase} was not heard"));
        }
        if self.trying && by_receiver && matches!(phase, Phase::BroadStrokes | Phase::Learning) {
            return;
        }
        let shout = shout(phase, story.header);
        if !says(response, shout) {
            audit.find(PROMISE, at, format!("SHARP in {phase} was not answered by {shout}"));
        }
        if leads_to(response).unwrap_or(phase).pressure_may_be_on() {
            audit.find(PROMISE, at, format!("SHARP in {phase} did not take hands off at once"));
        }
        let void = story.holds.iter().find(|hold| hold.inside.contains(&index));
        if void.is_some_and(|hold| hold.end.is_none_or(|end| end.at != at || end.outcome != Outcome::Void)) {
            audit.find(PROMISE, at, "SHARP did not void the hold");
        }
        // What the partner passes on while one is being asked about is the same cry.
        if !by_receiver && self.open {
            return;
        }
        (self.open, self.asking, self.aloud) = (true, false, false);
        self.counted.push(spot_at(story, index));
        if phase != Phase::Finished
            && is_due(story, index, ASKED, false)
            && !is_said_at(story, index, at + ASKED, "ask-sharp")
        {
            audit.find(PROMISE, at + ASKED, "the receiver was not asked what the SHARP was");
        }
    }

    fn answered(&mut self, story: &Story<'_>, index: usize, means: Means, audit: &mut Audit) {
        let response = story.response(index);
        if response.iter().any(|output| matches!(output.kind, Kind::Refused { .. })) {
            return;
        }
        let at = story.entries[index].at_ms;
        let ends = leads_to(response) == Some(Phase::Finished);
        match means {
            Means::Numb => {
                if !(ends && says(response, "stopped")) {
                    audit.find(PROMISE, at, "numb, and the session was not ended with advice");
                }
            }
            Means::OnlySharp | Means::Slipped => {
                if means == Means::Slipped {
                    self.counted.pop();
                }
                if self.counted.len() >= A_SESSION && !ends {
                    audit.find(PROMISE, at, "the third SHARP did not end the session");
                }
                let spots: Vec<Spot> = self.counted.iter().copied().flatten().collect();
                let here = |spot: &Spot| spots.iter().filter(|other| other.is_same(*spot)).count();
                self.closed.extend(spots.iter().filter(|spot| here(spot) >= A_SPOT));
            }
            _ => return,
        }
        (self.open, self.asking, self.aloud) = (false, false, false);
    }
}

/// Why the session went on or ended at a key, where it did: an answer that was given aloud.
fn spoken(story: &Story<'_>, index: usize) -> Option<Because> {
    story.response(index).iter().find_map(|output| match output.kind {
        Kind::Phase {
            because: because @ (Because::Answered | Because::Numb | Because::ThreeSharps), ..
        } => Some(because),
        _ => None,
    })
}

/// The prompt for SHARP in each phase.
fn shout(phase: Phase, header: &Header) -> &'static str {
    match phase {
        Phase::Holding => "sharp-holding",
        Phase::Settling | Phase::Releasing => "sharp-leaning",
        Phase::BroadStrokes | Phase::Locating | Phase::Flushing | Phase::Moving => "sharp-touching",
        // The heat works meanwhile, unless this is all that is to be done.
        Phase::Learning if header.learn == Some(Learn::Only) => "sharp-resting",
        Phase::Warming | Phase::Learning | Phase::Heat => "sharp-heat",
        Phase::Stretching => "sharp-stretch",
        Phase::Screening | Phase::Paused | Phase::Finished => "sharp-resting",
    }
}

/// Whether the transcript goes on beyond the time `after` the entry at `index`, and nothing has come between.
fn is_due(story: &Story<'_>, index: usize, after: u64, answerable: bool) -> bool {
    let (at, skip) = (story.entries[index].at_ms, story.response(index).len());
    let due = at + after;
    let later = &story.entries[index + 1 + skip..];
    let (between, from) = later.split_at(later.partition_point(|entry| entry.at_ms < due));
    let undisturbed = between.iter().all(|entry| match entry.kind {
        Kind::Phase { from, .. } => from == Phase::Releasing && !answerable,
        Kind::Gap { .. } | Kind::Resumed { .. } => false,
        Kind::Alarm { .. } | Kind::Key { action: Action::Sharp | Action::Stop | Action::End } => false,
        Kind::Click { .. } => !answerable,
        _ => true,
    });
    undisturbed && story.reached > due && !begins_unwatched(from)
}

fn is_said_at(story: &Story<'_>, index: usize, at: u64, id: &str) -> bool {
    let later = &story.entries[index + 1..];
    let first = later.partition_point(|entry| entry.at_ms < at);
    let there = later[first..].iter().take_while(|entry| entry.at_ms == at);
    there.into_iter().any(|entry| matches!(&entry.kind, Kind::Prompt(said) if said.id == id))
}

fn spot_at(story: &Story<'_>, index: usize) -> Option<Spot> {
    story.states[index].spot?.try_into().ok()
}
