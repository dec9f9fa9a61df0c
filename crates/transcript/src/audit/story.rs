//! A transcript as phases, holds and the state at each entry: the input of all checks.

use std::ops::Range;

use coach::body::{Area, Region, Side, Spot};
use coach::{
    Ask, Because, Dose, Freshness, Named as _, Outcome, Phase, PlanParams, Pressed, Rating, Refusal,
};

use crate::entry::{Answered, Entry, Kind, LinkState, Said, StoredSpot, Value};
use crate::header::{Header, PlanFigures};
use crate::pressings::{Pressing, pressings};

/// How long a pressing counts toward the limits of a day, in milliseconds.
const DAY: u64 = 24 * 3_600_000;
/// A hold of a plan that asks for it may last this long ...
const LOW_LONGEST: u64 = 90_000;
/// ... while its ratings are this and less.
const LOW: u8 = 3;

/// A transcript with what every check needs to know of it.
pub(super) struct Story<'a> {
    pub(super) header: &'a Header,
    pub(super) entries: &'a [Entry],
    /// State before each entry, and after the last.
    pub(super) states: Vec<State>,
    /// What was pressed.
    pub(super) pressings: Vec<Pressing>,
    /// The plan as the coach has it.
    pub(super) plan: PlanParams,
    /// The phases, in their order.
    pub(super) spans: Vec<Span>,
    /// The holds, each from the lean.
    pub(super) holds: Vec<Hold>,
    /// Ends of holds that never began.
    pub(super) stray_ends: Vec<usize>,
    /// The moment the transcript reaches. Notes and check-ins do not count: they are written at any time.
    pub(super) reached: u64,
}

/// State of the session at an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) fresh: Freshness,
    /// The link as last reported. A restart of the clicker keeps it; a gap loses it.
    pub(super) link: Option<LinkState>,
    pub(super) spot: Option<StoredSpot>,
    /// Where the receiver has pointed to. As long as there is no spot, it is what counts.
    pub(super) area: Area,
}

/// A phase.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) phase: Phase,
    pub(super) began: u64,
    /// Its entries, without the `phase` entries at both ends.
    pub(super) inside: Range<usize>,
    /// When it ended; `None` for the last.
    pub(super) ended: Option<u64>,
}

/// A hold.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    /// The entry by which the lean began.
    pub(super) lean: usize,
    pub(super) lean_at: u64,
    /// The entry by which holding began.
    pub(super) held: Option<usize>,
    /// How it ended; `None` where the transcript ends first, or the spot was moved before it was held.
    pub(super) end: Option<End>,
    /// Its entries, from the lean to the end of the hold.
    pub(super) inside: Range<usize>,
    /// The spot was moved then, while the partner leaned in: no hold came of it.
    pub(super) moved_at: Option<u64>,
    /// Set if the program was not running when it ended: the moment up to which its course is known.
    pub(super) watched_until: Option<u64>,
}

/// The end of a hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) index: usize,
    pub(super) at: u64,
    pub(super) outcome: Outcome,
    pub(super) because: Because,
    pub(super) counted: u64,
    pub(super) pressed: u64,
}

impl<'a> Story<'a> {
    pub(super) fn read(header: &'a Header, entries: &'a [Entry]) -> Self {
        let phase = header.begins_in();
        let area = Area { side: Side::Left, region: Region::UpperTrapezius };
        let mut state = State { phase, fresh: Freshness::None, link: None, spot: None, area };
        let mut states = Vec::with_capacity(entries.len() + 1);
        let mut spans = vec![Span { phase, began: 0, inside: 0..0, ended: None }];
        let mut holds: Vec<Hold> = Vec::new();
        let mut stray_ends = Vec::new();
        let mut open = false;
        let mut reached = 0;
        // When the program stopped or the laptop was suspended, for the last gap or resumption.
        let mut nobody = None;
        for (index, entry) in entries.iter().enumerate() {
            states.push(state);
            match &entry.kind {
                Kind::Phase { to, because, from: _ } => {
                    if let Some(span) = spans.last_mut() {
                        span.inside.end = index;
                        span.ended = Some(entry.at_ms);
                    }
                    let inside = index + 1..index + 1;
                    spans.push(Span { phase: *to, began: entry.at_ms, inside, ended: None });
                    match (to, holds.last_mut()) {
                        (Phase::Settling, _) => {
                            open = true;
                            holds.push(Hold {
                                lean: index,
                                lean_at: entry.at_ms,
                                held: None,
                                end: None,
                                inside: index..index + 1,
                                moved_at: None,
                                watched_until: None,
                            });
                        }
                        (Phase::Holding, Some(hold)) if open => hold.held = Some(index),
                        (_, Some(hold)) if open && *because == Because::Nudged => {
                            hold.moved_at = Some(entry.at_ms);
                            open = false;
                        }
                        _ => {}
                    }
                    state.phase = *to;
                }
                &Kind::Hold { outcome, because, counted_ms, pressed_ms } => match holds.last_mut() {
                    Some(hold) if open => {
                        hold.watched_until = nobody.filter(|_| is_unwatched(because));
                        hold.end = Some(End {
                            index,
                            at: entry.at_ms,
                            outcome,
                            because,
                            counted: counted_ms,
                            pressed: pressed_ms,
                        });
                        hold.inside.end = index + 1;
                        open = false;
                    }
                    _ => stray_ends.push(index),
                },
                Kind::Freshness { state: fresh } => state.fresh = *fresh,
                Kind::Link { state: link, .. } if *link != LinkState::Restarted => state.link = Some(*link),
                Kind::Gap { .. } | Kind::Resumed { .. } => {
                    state.link = Some(LinkState::Lost);
                    nobody = Some(match entry.kind {
                        Kind::Gap { ms } => entry.at_ms.saturating_sub(ms),
                        _ => reached,
                    });
                }
                Kind::Spot(place) => state.spot = Some(*place),
                Kind::Prompt(said) if said.id == "where" => state.area = area_of(said).unwrap_or(state.area),
                &Kind::Screening(Answered::Where { side, region }) if state.phase == Phase::Screening => {
                    state.area = Area { side, region };
                    state.spot = None;
                }
                _ => {}
            }
            if !entry.kind.is_aside() {
                reached = reached.max(entry.at_ms);
            }
            if open && let Some(hold) = holds.last_mut() {
                hold.inside.end = index + 1;
            }
        }
        states.push(state);
        if let Some(span) = spans.last_mut() {
            span.inside.end = entries.len();
        }
        let plan = header.plan.figures();
        Self {
            header,
            entries,
            states,
            pressings: pressings(entries),
            plan,
            spans,
            holds,
            stray_ends,
            reached,
        }
    }

    pub(super) const fn figures(&self) -> &PlanFigures {
        &self.header.plan.figures
    }

    /// Whether the receiver presses: a solo plan.
    pub(super) const fn is_alone(&self) -> bool {
        self.figures().technique.is_alone()
    }

    /// The longest that pressure may be called for in this hold: where the plan asks for it 90 s, as long as every
    /// rating in it was Live and 3 or less; and no longer than what was pressed before leaves.
    pub(super) fn longest(&self, hold: &Hold) -> u64 {
        let figures = self.figures();
        let low = |(index, _, kind): (usize, u64, &Kind)| match kind {
            Kind::Rating { value, late } => !late && value.value() <= LOW,
            Kind::Link { state, dial } => {
                *state == LinkState::Live && dial.is_none_or(|dial| dial.value() <= LOW)
            }
            Kind::Ask { what: Ask::Less } => false,
            _ => self.states[index].link == Some(LinkState::Live),
        };
        // The rating that ended the hold does not count toward its duration.
        let over = self.over_at(hold);
        let unwatched = hold.watched_until.is_some();
        let before = self.holding(hold).take_while(|&(_, at, kind)| {
            if unwatched { !matches!(kind, Kind::Gap { .. } | Kind::Resumed { .. }) } else { at < over }
        });
        let most =
            if figures.low_90 && before.into_iter().all(low) { LOW_LONGEST } else { figures.hold_max_ms };
        let limits = self.states[hold.lean].spot.and_then(|place| Spot::try_from(place).ok());
        let limits = limits.into_iter().flat_map(|spot| self.limits(spot, hold.lean));
        let left = limits.filter_map(|(had, most, _)| had.spares(most, &self.plan));
        left.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)).fold(most, u64::min)
    }

    /// What may be pressed at this spot, each limit with how much of it was had before the lean at `lean`. (What is void may
    /// have slipped, and a slip gives its hold back: fewer holds are counted here than by the coach.)
    pub(super) fn limits(&self, spot: Spot, lean: usize) -> [(Dose, u32, Refusal); 5] {
        let figures = self.figures();
        let before = self.pressings.iter().take_while(move |pressing| pressing.lean < lean);
        let here = || {
            before.clone().map(|pressing| match pressing.outcome {
                Some(Outcome::Void) => pressing.pressed.given_back(),
                _ => pressing.pressed,
            })
        };
        let at = self.entries.get(lean).map_or(0, |entry| entry.at_ms);
        let today = |fits: &dyn Fn(Spot) -> bool| {
            let earlier = self.earlier(at, DAY);
            Dose::of(here().chain(earlier).filter(|one| fits(one.spot)), &self.plan)
        };
        let same = |other: Spot| other.is_same(spot);
        [
            (
                Dose::of(here().filter(|one| same(one.spot)), &self.plan),
                figures.holds_per_spot,
                Refusal::SpotUsed,
            ),
            (today(&same), figures.holds_per_spot, Refusal::SpotToday),
            (today(&|other| other.area() == spot.area()), figures.holds_per_region, Refusal::RegionToday),
            (today(&|_| true), figures.holds_per_day, Refusal::DayUsed),
            (Dose::of(here(), &self.plan), figures.holds, Refusal::HoldsUsed),
        ]
    }

    /// What was pressed in earlier sessions less than so many milliseconds before this moment.
    pub(super) fn earlier(&self, at: u64, within: u64) -> impl Iterator<Item = Pressed> {
        let worked = self.header.past.worked.iter();
        worked
            .filter(move |kept| kept.ago_ms.saturating_add(at) < within)
            .filter_map(|kept| kept.worked().ok())
            .map(|worked| worked.pressed)
    }

    /// The outputs that the input at `index` led to at once.
    pub(super) fn response(&self, index: usize) -> &'a [Entry] {
        &self.entries[index + 1..self.response_end(index)]
    }

    /// State after the input at `index` and its immediate outputs.
    pub(super) fn after(&self, index: usize) -> State {
        self.states[self.response_end(index)]
    }

    /// The outputs around the one at `index` that came of the same happening: all from the last input or moment on.
    pub(super) fn together(&self, index: usize) -> &'a [Entry] {
        let at = self.entries[index].at_ms;
        let same = |entry: &Entry| entry.kind.is_output() && entry.at_ms == at;
        let before = self.entries[..index].iter().rev().take_while(|entry| same(entry)).count();
        let after = self.entries[index..].iter().take_while(|entry| same(entry)).count();
        &self.entries[index - before..index + after]
    }

    /// The input that led to the output at `index`; `None` where a timer did.
    pub(super) fn cause(&self, index: usize) -> Option<&'a Kind> {
        let at = self.entries[index].at_ms;
        let before = self.entries[..index].iter().rev().find(|entry| !entry.kind.is_output())?;
        (before.at_ms == at && !matches!(before.kind, Kind::Session(_)) && !before.kind.is_aside())
            .then_some(&before.kind)
    }

    /// The highest rating at which the count runs, where the hand is or is to be before `index`.
    pub(super) fn ceiling(&self, index: usize) -> Rating {
        let State { spot, area, .. } = self.states[index];
        let spot = spot.and_then(|place| Spot::try_from(place).ok());
        let region = spot.map_or(area, Spot::area).region;
        self.figures().ceiling.min(Rating::CEILING).min(region.ceiling())
    }

    /// End of a hold: pressure was called off, or the program was not running. `reached` for an open one.
    pub(super) fn over_at(&self, hold: &Hold) -> u64 {
        match &hold.end {
            Some(end) => {
                hold.watched_until.map_or(end.at, |until| until.clamp(hold.lean_at, end.at.max(hold.lean_at)))
            }
            None => hold.moved_at.unwrap_or(self.reached),
        }
    }

    /// The holding part of a hold, as indices and entries, each with its moment, none later than the hold's end.
    pub(super) fn holding(&self, hold: &Hold) -> impl Iterator<Item = (usize, u64, &'a Kind)> {
        let over = self.over_at(hold);
        let inside = hold.held.map_or(0..0, |held| held + 1..hold.inside.end);
        let entries = self.entries;
        inside.map(move |index| (index, entries[index].at_ms.min(over), &entries[index].kind))
    }

    fn response_end(&self, index: usize) -> usize {
        let at = self.entries[index].at_ms;
        let rest = &self.entries[index + 1..];
        index + 1 + rest.iter().take_while(|entry| entry.kind.is_output() && entry.at_ms == at).count()
    }
}

/// Whether this reason for the end of a hold means that the program was not running.
pub(super) const fn is_unwatched(because: Because) -> bool {
    matches!(because, Because::Gap | Because::Resumed)
}

/// The area that a sentence names.
pub(super) fn area_of(said: &Said) -> Option<Area> {
    let name = |key: &str| match said.args.get(key) {
        Some(Value::Name(name)) => Some(name.as_str()),
        Some(Value::Number(_)) | None => None,
    };
    Some(Area { side: Side::from_name(name("side")?)?, region: Region::from_name(name("region")?)? })
}

/// Whether one of these outputs is the prompt with this id.
pub(super) fn says(outputs: &[Entry], id: &str) -> bool {
    outputs.iter().any(|entry| matches!(&entry.kind, Kind::Prompt(said) if said.id == id))
}

/// The phase that these outputs lead to last, if they lead to another one.
pub(super) fn leads_to(outputs: &[Entry]) -> Option<Phase> {
    outputs.iter().rev().find_map(|entry| match entry.kind {
        Kind::Phase { to, .. } => Some(to),
        _ => None,
    })
}

/// Whether the program was not running just before the first of these entries, so that what was due then was not done.
pub(super) fn begins_unwatched(entries: &[Entry]) -> bool {
    entries.first().is_some_and(|entry| matches!(entry.kind, Kind::Gap { .. } | Kind::Resumed { .. }))
}

/// Whether these outputs end a hold.
pub(super) fn ends_hold(outputs: &[Entry]) -> bool {
    outputs.iter().any(|entry| matches!(entry.kind, Kind::Hold { .. }))
}
