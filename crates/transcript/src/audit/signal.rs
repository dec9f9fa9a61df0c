//! Promise 4: a rating is Live, Stale or Lost and never silently outdated, and no pressure begins without a link.

use coach::{Because, Freshness, Outcome, Phase, Rating};

use super::Audit;
use super::story::{End, Hold, Span, Story, begins_unwatched, says};
use crate::entry::{Kind, LinkState};

const PROMISE: u8 = 4;

/// A lost signal has to be back, with a fresh rating of 5 or less, within this.
const BACK: u64 = 10_000;
/// A rating older than this in a hold is asked for by voice.
const ASKED: u64 = 20_000;
/// ... and ends the hold.
const SILENT: u64 = 25_000;
/// After a hold cut for silence: "look at them".
const LOOK: u64 = 60_000;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    shown(story, audit);
    for hold in &story.holds {
        let state = story.states[hold.lean];
        if state.link != Some(LinkState::Live) || matches!(state.fresh, Freshness::Stale | Freshness::Lost) {
            audit.find(PROMISE, hold.lean_at, "pressure began without a signal");
        }
        pressing(story, hold, audit);
        if let Some(end) = hold.end.filter(|end| end.because == Because::Silent) {
            silent(story, end, audit);
        }
    }
}

/// The freshness follows the link, and a number is Live only while the link is.
fn shown(story: &Story<'_>, audit: &mut Audit) {
    for (index, entry) in story.entries.iter().enumerate() {
        let reported = match entry.kind {
            Kind::Link { state, .. } => state,
            Kind::Gap { .. } | Kind::Resumed { .. } => LinkState::Lost,
            Kind::Freshness { state: Freshness::Live } => {
                if matches!(story.states[index].link, Some(LinkState::Stale | LinkState::Lost)) {
                    audit.find(PROMISE, entry.at_ms, "a rating was called live without a signal");
                }
                continue;
            }
            _ => continue,
        };
        let fresh = story.after(index).fresh;
        let follows = match reported {
            LinkState::Live => matches!(fresh, Freshness::Live | Freshness::None),
            LinkState::Stale => fresh == Freshness::Stale,
            LinkState::Lost => fresh == Freshness::Lost,
            LinkState::Restarted => fresh != Freshness::Live,
        };
        if !follows {
            audit.find(PROMISE, entry.at_ms, format!("the rating stayed {fresh} as the link changed"));
        }
    }
}

/// In a hold: a lost signal is announced, and ends the hold unless it comes back; an old rating is asked for, and then
/// ends it.
fn pressing(story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
    let over = story.over_at(hold);
    let mut lost: Option<u64> = None;
    let mut given: Option<u64> = None;
    // Solo plans ask for no rating between the start and the end of a hold.
    let mut asked = story.is_alone();
    let mut late = |now: u64, lost: &mut Option<u64>, given: &mut Option<u64>| {
        if lost.is_some_and(|lost| now > lost + BACK) {
            *lost = None;
            audit.find(PROMISE, now, "a hold went on without a signal for more than 10 s");
        }
        if !story.is_alone() && given.is_some_and(|given| now > given + SILENT) {
            *given = None;
            audit.find(PROMISE, now, "a hold went on with a rating older than 25 s");
        }
    };
    let mut unsaid = Vec::new();
    for (index, at, kind) in story.holding(hold) {
        late(at, &mut lost, &mut given);
        if given.is_some_and(|given| at > given + ASKED) && !asked {
            asked = true;
            unsaid.push((at, "a rating older than 20 s was not asked for"));
        }
        match kind {
            Kind::Rating { value, late: false } => {
                (given, asked) = (Some(at), story.is_alone());
                let live = story.states[index].link == Some(LinkState::Live);
                if live && *value <= story.ceiling(index).min(Rating::CEILING) {
                    lost = None;
                }
            }
            Kind::Prompt(said) if said.id == "still-there" => asked = true,
            Kind::Freshness { state: Freshness::Lost } => {
                let unwatched = matches!(story.cause(index), Some(Kind::Gap { .. } | Kind::Resumed { .. }));
                if !unwatched && !says(story.together(index), "no-signal-pressing") {
                    unsaid.push((at, "the signal was lost, and \"ease off, no signal\" was not said"));
                }
                lost.get_or_insert(at);
                given = None;
            }
            Kind::Link { state: LinkState::Restarted, .. } => given = None,
            _ => {}
        }
    }
    if hold.held.is_some() {
        late(over, &mut lost, &mut given);
    }
    for (at, what) in unsaid {
        audit.find(PROMISE, at, what);
    }
    settling(story, hold, audit);
}

/// A signal lost while the partner leans in ends it at once.
fn settling(story: &Story<'_>, hold: &Hold, audit: &mut Audit) {
    let end = hold.held.unwrap_or(hold.inside.end);
    for index in hold.lean + 1..end {
        let entry = &story.entries[index];
        if !matches!(entry.kind, Kind::Link { state: LinkState::Lost, .. }) {
            continue;
        }
        let cut = hold.end.is_some_and(|end| end.at == entry.at_ms && end.outcome == Outcome::Cut);
        if !cut || !says(story.response(index), "no-signal-pressing") {
            audit.find(PROMISE, entry.at_ms, "the signal was lost while leaning in, and that went on");
        }
    }
}

/// After a hold cut for silence: flush, a pause until the receiver clicks, and after 60 s "look at them".
fn silent(story: &Story<'_>, end: End, audit: &mut Audit) {
    let touched = |kind: &Kind| matches!(kind, Kind::Click { late: false, .. } | Kind::Alarm { .. });
    let stood_still = |kind: &Kind| matches!(kind, Kind::Gap { .. } | Kind::Resumed { .. });
    let mut after = story.spans.iter().skip_while(|span| span.inside.start <= end.index);
    let releasing = after.next();
    let Some(flush) = after.next().filter(|flush| flush.phase == Phase::Flushing) else { return };
    let calm = |from: usize, to: usize| {
        let kinds = || story.entries[from..to].iter().map(|entry| &entry.kind);
        !kinds().any(touched) && !kinds().any(stood_still)
    };
    let undisturbed = releasing.is_some() && calm(end.index, flush.inside.end);
    let Some(next) = after.next().filter(|_| undisturbed) else { return };
    if next.phase != Phase::Paused {
        audit.find(PROMISE, next.began, "the receiver had fallen silent, and nobody waited for them");
        return;
    }
    look_at_them(story, end, next, &calm, audit);
}

fn look_at_them(
    story: &Story<'_>,
    end: End,
    pause: &Span,
    calm: &dyn Fn(usize, usize) -> bool,
    audit: &mut Audit,
) {
    let due = (end.at + LOOK).max(pause.began);
    let by_then = story.entries.partition_point(|entry| entry.at_ms < due).max(pause.inside.start);
    let there = &story.entries[by_then..];
    let waiting = pause.ended.unwrap_or(story.reached) > due
        && calm(pause.inside.start, by_then)
        && !begins_unwatched(there);
    let said = there.iter().take_while(|entry| entry.at_ms == due);
    let said =
        said.into_iter().any(|entry| matches!(&entry.kind, Kind::Prompt(said) if said.id == "look-at-them"));
    if waiting && !said {
        audit.find(PROMISE, due, "the receiver was silent for 60 s, and nobody was told to look at them");
    }
}
