//! Promise 7: "lean from your hips" at the start of every hold, and every 15 s a posture reminder, withheld above 4, when
//! not Live, or within 5 s of "ease off" or "less". Pin and stretch has a repetition every 8 s in its place. And "more?"
//! is asked on the staircase alone, where it may be.

use coach::{Ask, Freshness, Rating, Technique};

use super::Audit;
use super::story::{Hold, Story, says};
use crate::entry::{Action, Kind, LinkState, Means};

const PROMISE: u8 = 7;

/// One reminder each, by technique.
const fn every(technique: Technique) -> u64 {
    match technique {
        Technique::Partner | Technique::Ball | Technique::Cane => 15_000,
        Technique::PinAndStretch => 8_000,
    }
}

/// How often "more?" may be asked in a hold.
const MOST_STEPS: usize = 2;
/// Upper bound of a hold under every plan.
const LONGEST: u64 = 90_000;
/// Withheld this long after "ease off" or "less".
const QUIET: u64 = 5_000;
/// Withheld above this.
const HIGHEST: u8 = 4;

/// Prompts after which posture reminders are withheld for [`QUIET`].
const GENTLER: [&str; 4] = ["ease-off", "less", "little-less", "no-signal-pressing"];

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    for hold in &story.holds {
        if !says(story.together(hold.lean), "lean-in") {
            audit.find(PROMISE, hold.lean_at, "a lean began without \"from your hips\"");
        }
        reminders(story, hold, audit);
        steps(story, hold, audit);
    }
    for (index, entry) in story.entries.iter().enumerate() {
        let held = story.holds.iter().any(|hold| hold.inside.contains(&index));
        if is_posture(&entry.kind) && !held {
            audit.find(PROMISE, entry.at_ms, "a posture reminder outside of a hold");
        }
        if is_step(&entry.kind) && !(held && story.figures().staircase) {
            audit.find(PROMISE, entry.at_ms, "\"more?\" was asked where no plan has it");
        }
    }
}

/// "More?" is asked at most twice, at a Live rating of 4 or less, with no request for less, and again only after a yes.
fn steps(story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
    let (mut asked, mut answered) = (0, true);
    let mut rating: Option<Rating> = None;
    let mut gentler = false;
    for (index, at, kind) in story.holding(hold) {
        match kind {
            Kind::Rating { value, late: false } => rating = Some(*value),
            Kind::Ask { what: Ask::More } => answered = true,
            Kind::Prompt(said) if GENTLER.contains(&said.id.as_str()) => gentler = true,
            kind if is_step(kind) => {
                let low = rating.is_some_and(|rating| rating.value() <= HIGHEST);
                asked += 1;
                if asked > MOST_STEPS || !answered {
                    audit.find(PROMISE, at, "\"more?\" was asked once too often");
                }
                if gentler || !low || story.states[index].fresh != Freshness::Live {
                    audit.find(PROMISE, at, "\"more?\" was asked where it may not be");
                }
                answered = false;
            }
            _ => {}
        }
    }
}

fn is_step(kind: &Kind) -> bool {
    matches!(kind, Kind::Prompt(said) if said.id == "step-up")
}

/// What decides whether the partner may be reminded.
struct Now {
    rating: Option<Rating>,
    fresh: Freshness,
    gentler: Option<u64>,
    /// Something happened after which only the coach knows whether a reminder is in place.
    unclear: bool,
}

fn reminders(story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
    let Some(held) = hold.held else { return };
    let began = story.entries[held].at_ms;
    let over = story.over_at(hold);
    let every = every(story.figures().technique);
    let mut due = began + every;
    let mut now = Now { rating: None, fresh: story.states[held].fresh, gentler: None, unclear: false };
    let mut missing: Option<u64> = None;
    for (index, at, kind) in story.holding(hold) {
        // Timers run before the inputs of their moment, and a reminder that another timer ended is not missed.
        while due <= began + LONGEST && (at > due || (at == due && !kind.is_output())) {
            if let Some(missed) = missing.take() {
                audit.find(PROMISE, missed, "the partner was not reminded of their posture");
            }
            missing = now.demands(due).then_some(due);
            due += every;
        }
        if is_posture(kind) && !matches!(story.cause(index), Some(Kind::Click { .. } | Kind::Key { .. })) {
            if at == due {
                due += every;
            } else if missing == Some(at) {
                missing = None;
            } else {
                audit.find(PROMISE, at, "a posture reminder out of its time");
            }
            if !now.allows(at) {
                audit.find(PROMISE, at, "a posture reminder that should have been withheld");
            }
        }
        if !is_repeated(story.cause(index)) {
            now.take(at, kind);
        }
    }
    if due < over && now.demands(due) && missing.is_none() {
        missing = Some(due);
    }
    if let Some(missed) = missing {
        audit.find(PROMISE, missed, "the partner was not reminded of their posture");
    }
}

impl Now {
    fn take(&mut self, at: u64, kind: &Kind) {
        match kind {
            Kind::Rating { value, late: false } => self.rating = Some(*value),
            Kind::Rating { late: true, .. } | Kind::Link { state: LinkState::Restarted, .. } => {
                self.unclear = true;
            }
            Kind::Link { dial: Some(dial), .. } if self.rating != Some(*dial) => self.unclear = true,
            Kind::Freshness { state } => {
                self.fresh = *state;
                match state {
                    // A hold begins without a rating: that alone is clear.
                    Freshness::Lost | Freshness::None => {
                        self.unclear |= self.rating.take().is_some() || self.fresh == Freshness::Lost;
                    }
                    Freshness::Live | Freshness::Stale => {}
                }
            }
            Kind::Prompt(said) if GENTLER.contains(&said.id.as_str()) => self.gentler = Some(at),
            _ => {}
        }
    }

    fn allows(&self, at: u64) -> bool {
        self.rating.is_some_and(|rating| rating.value() <= HIGHEST)
            && self.fresh == Freshness::Live
            && self.gentler.is_none_or(|gentler| at >= gentler + QUIET)
    }

    fn demands(&self, at: u64) -> bool {
        self.allows(at) && !self.unclear
    }
}

/// Whether it was a repetition on request, which is not a new prompt.
fn is_repeated(cause: Option<&Kind>) -> bool {
    matches!(cause, Some(Kind::Click { means: Means::Again, .. } | Kind::Key { action: Action::Again }))
}

fn is_posture(kind: &Kind) -> bool {
    matches!(kind, Kind::Prompt(said) if said.id == "posture" || said.id == "repeat")
}
