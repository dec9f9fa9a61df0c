//! What outlives a phase: the plan, the people's answers, the rating, the signal, what has been used up. And the
//! coach's mouth: everything said or recorded goes through here, stamped with the moment it belongs to.

use std::collections::VecDeque;

use core::time::Duration;

use crate::body::{Area, Felt, Region, Side, Spot, Stand, Table, Tool, Toward};
use crate::command::By;
use crate::dose::{Dose, Pressed};
use crate::input::Link;
use crate::lesson::{Learn, Learned};
use crate::output::{Freshness, Outcome, Output, Refusal, Tone, What};
use crate::past::{Past, Worked};
use crate::plan::Plan;
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::rules;
use crate::setup::Setup;
use crate::time::Moment;

/// The state that every phase shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) plan: Plan,
    pub(crate) past: Past,
    /// The moment being handled.
    pub(crate) now: Moment,
    outputs: VecDeque<(Moment, Output)>,
    pub(crate) signal: Signal,
    pub(crate) given: Option<Given>,
    shown: Freshness,
    pub(crate) area: Area,
    pub(crate) closed_areas: Vec<Area>,
    /// Regions whose three local questions were answered no.
    pub(crate) looked: Vec<Area>,
    /// Spots worked within 48 hours of which the receiver has said that they are well enough.
    pub(crate) well: Vec<Spot>,
    /// ... and those that they are not.
    pub(crate) left: Vec<Spot>,
    pub(crate) spot: Option<Spot>,
    /// Where else it is felt, as the receiver shows it. Nothing is pressed there.
    pub(crate) felt: Option<Felt>,
    /// A hold has been pressed, and whether it was felt elsewhere has neither been answered nor waited for long enough.
    pub(crate) may_refer: bool,
    pub(crate) stand: Stand,
    /// How high the receiver lies, where that is known.
    pub(crate) table: Option<Table>,
    /// What pressed in each hold, where the coach chose it.
    tools: Vec<Tool>,
    /// The partner has said where they stand. Until then the coach says where to stand.
    pub(crate) stand_said: bool,
    /// The last known value of the dial, from a click or a beat.
    pub(crate) dial: Option<Rating>,
    /// For how long was leaned without a hold coming of it, since the last flush.
    pub(crate) leaned: Duration,
    /// Spots closed by SHARP, in this session and in the last 48 hours.
    pub(crate) closed_spots: Vec<Spot>,
    /// All that was pressed in this session, holds and what was broken off.
    pub(crate) pressed: Vec<Pressed>,
    /// The last rating given in the hold that is flushed, or is to be.
    pub(crate) last_in_hold: Option<Rating>,
    /// A hold has ended and has not been flushed.
    pub(crate) flush_owed: bool,
    pub(crate) sharps: Sharps,
    /// The hold was cut because the receiver fell silent at this moment, and no touch has answered since.
    pub(crate) silent_since: Option<Moment>,
    pub(crate) ready: bool,
    pub(crate) no_holds: bool,
    pub(crate) store_failed: bool,
    /// The first stroke, moved on by every pause.
    pub(crate) strokes_began: Option<Moment>,
    pub(crate) question: u32,
    /// Every rating of the hold has been Live and low, and its plan asks for the longer maximum.
    pub(crate) low: bool,
    /// Whether the receiver is to learn the clicker, and what they have tried well.
    pub(crate) learn: Option<Learn>,
    pub(crate) learned: Learned,
    last_said: Prompt,
}

/// The link as last reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Signal {
    /// Nothing has been heard yet.
    Awaited,
    Live,
    Stale,
    Lost,
}

/// A rating and when it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Given {
    pub(crate) rating: Rating,
    pub(crate) at: Moment,
}

/// The SHARPs of the session, and the one being asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sharps {
    /// Where each one that counts was; `None` where nothing was being worked on.
    pub(crate) counted: Vec<Option<Spot>>,
    pub(crate) asking: Option<Asking>,
}

/// A SHARP that has not been explained yet. It is the last of [`Sharps::counted`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Asking {
    /// When the receiver is asked, or has been.
    pub(crate) ask_at: Moment,
    pub(crate) asked: bool,
    /// No answer came in time, and the partner was asked to ask aloud.
    pub(crate) aloud: bool,
    /// It voided a hold that used up its spot: a slip gives that back.
    pub(crate) used_up: bool,
}

impl Context {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            plan: setup.plan,
            past: setup.past,
            now: Moment::START,
            outputs: VecDeque::new(),
            signal: Signal::Awaited,
            given: None,
            shown: Freshness::None,
            area: Area { side: Side::Left, region: Region::UpperTrapezius },
            closed_areas: Vec::new(),
            looked: Vec::new(),
            well: Vec::new(),
            left: Vec::new(),
            spot: None,
            felt: None,
            may_refer: false,
            stand: Stand::LeftSide,
            table: setup.table,
            tools: Vec::new(),
            stand_said: false,
            dial: None,
            leaned: Duration::ZERO,
            closed_spots: setup.closed,
            pressed: Vec::new(),
            last_in_hold: None,
            flush_owed: false,
            sharps: Sharps::default(),
            silent_since: None,
            ready: false,
            no_holds: false,
            store_failed: false,
            strokes_began: None,
            question: 0,
            low: false,
            learn: setup.learn,
            learned: Learned::default(),
            // What the screening says as it begins, before anybody can ask for it again.
            last_said: Prompt::Where { side: Side::Left, region: Region::UpperTrapezius },
        }
    }

    pub(crate) fn poll_output(&mut self) -> Option<(Moment, Output)> {
        self.outputs.pop_front()
    }

    pub(crate) fn emit(&mut self, output: Output) {
        self.outputs.push_back((self.now, output));
    }

    pub(crate) fn tone(&mut self, tone: Tone) {
        self.emit(Output::Tone(tone));
    }

    /// Alone nobody reads the screen aloud: where a phase begins without a cue of its own, the clicker has one.
    pub(crate) fn mark(&mut self) {
        if self.plan.technique.is_alone() {
            self.tone(Tone::Flush);
        }
    }

    /// Says a sentence.
    pub(crate) fn say(&mut self, prompt: Prompt) {
        if prompt.may_be_repeated() {
            self.last_said = prompt;
        }
        self.emit(Output::Prompt(prompt));
    }

    /// Puts a new question to the receiver: answers to an earlier one no longer count.
    pub(crate) fn ask(&mut self, prompt: Prompt) {
        self.question += 1;
        self.say(prompt);
        self.tone(Tone::Question);
    }

    /// Refuses, with the reason in words (promise 8), and on the clicker where the gesture came from there.
    pub(crate) fn refuse(&mut self, by: By, what: What, why: Refusal) {
        self.emit(Output::Refused { what, why });
        self.emit(Output::Prompt(Prompt::Refused { what, why }));
        match by {
            By::Receiver => self.tone(Tone::No),
            By::Partner => {}
        }
    }

    pub(crate) fn say_again(&mut self) {
        self.emit(Output::Prompt(self.last_said));
    }

    /// The region being worked on.
    pub(crate) fn region(&self) -> Region {
        self.spot.map_or(self.area, Spot::area).region
    }

    /// What the partner presses with in the coming hold. Alone it is the ball, the hook or the wall.
    pub(crate) fn tool(&self) -> Option<Tool> {
        (!self.plan.technique.is_alone()).then(|| self.region().tool_after(&self.tools))
    }

    /// The highest rating at which the count runs, here.
    pub(crate) fn ceiling(&self) -> Rating {
        self.plan.ceiling.min(self.region().ceiling())
    }

    /// A rating given in time.
    pub(crate) fn take_rating(&mut self, rating: Rating) {
        self.given = Some(Given { rating, at: self.now });
        self.dial = Some(rating);
        self.low &= rating.value() <= rules::LOW;
        self.emit(Output::Rating { value: rating, late: false });
        self.show_freshness();
    }

    /// The rating no longer stands: a new hold asks for its own, a restarted clicker has none.
    pub(crate) fn forget_rating(&mut self) {
        self.given = None;
        self.show_freshness();
    }

    /// Takes in what is known of the link. Gives the signal as it was.
    pub(crate) fn take_link(&mut self, link: Link) -> Signal {
        let before = self.signal;
        match link {
            Link::Live { dial } => {
                self.signal = Signal::Live;
                self.compare_with_dial(dial);
            }
            Link::Stale => self.signal = Signal::Stale,
            Link::Lost => self.signal = Signal::Lost,
            Link::Restarted => self.given = None,
        }
        let low = self.given.is_none_or(|given| given.rating.value() <= rules::LOW);
        self.low &= self.signal == Signal::Live && link != Link::Restarted && low;
        self.show_freshness();
        before
    }

    /// The dial is the clicker's: a rating that it no longer shows is not shown here either. A rating that it shows
    /// and nobody clicked in time stands from now on, unless a hold has yet to be given its own.
    fn compare_with_dial(&mut self, dial: Option<Rating>) {
        self.given = match (self.given, dial) {
            (Some(given), Some(rating)) if given.rating == rating => Some(given),
            (Some(_), Some(rating)) => Some(Given { rating, at: self.now }),
            (Some(_), None) | (None, None | Some(_)) => None,
        };
    }

    pub(crate) fn freshness(&self) -> Freshness {
        match (self.signal, self.given) {
            (Signal::Live, Some(_)) => Freshness::Live,
            (Signal::Live | Signal::Awaited, _) => Freshness::None,
            (Signal::Stale, _) => Freshness::Stale,
            (Signal::Lost, _) => Freshness::Lost,
        }
    }

    fn show_freshness(&mut self) {
        let state = self.freshness();
        if state != self.shown {
            self.shown = state;
            self.emit(Output::Freshness(state));
        }
    }

    /// Moves the spot by 1 cm, or says why not.
    pub(crate) fn nudge(&mut self, by: By, toward: Toward) -> bool {
        let from = self.spot.unwrap_or_else(|| Spot::centre(self.area));
        let moved = from.nudged(toward).and_then(|spot| self.closed_area(spot.area()).map_or(Ok(spot), Err));
        match moved {
            Ok(spot) => {
                self.spot = Some(spot);
                self.emit(Output::Nudge(toward));
                self.emit(Output::Spot(spot));
                self.say(Prompt::Nudged { toward, seen: toward.seen_from(self.stand) });
                true
            }
            Err(why) => {
                self.refuse(by, What::Nudge, why);
                false
            }
        }
    }

    /// Whether an answer has closed this area, or it is none for what presses.
    pub(crate) fn closed_area(&self, area: Area) -> Option<Refusal> {
        if self.closed_areas.contains(&area) {
            Some(Refusal::ClosedByAnswer)
        } else if !self.plan.technique.may_press(area.region) {
            Some(Refusal::HandsOnly)
        } else {
            None
        }
    }

    /// Whether `spot` lies on ground that SHARP or an answer has closed.
    pub(crate) fn is_closed(&self, spot: Spot) -> Option<Refusal> {
        let area = self.closed_area(spot.area());
        if area.is_some() {
            area
        } else if self.closed_spots.iter().any(|closed| closed.is_same(spot)) {
            Some(Refusal::ClosedBySharp)
        } else {
            None
        }
    }

    pub(crate) fn holds_at(&self, spot: Spot) -> u32 {
        self.dose(self.pressed_at(spot)).holds
    }

    /// The holds of this session.
    pub(crate) fn holds(&self) -> u32 {
        self.dose(self.pressed.iter().copied()).holds
    }

    fn dose(&self, pressed: impl Iterator<Item = Pressed>) -> Dose {
        Dose::of(pressed, &self.plan)
    }

    fn pressed_at(&self, spot: Spot) -> impl Iterator<Item = Pressed> {
        self.pressed.iter().copied().filter(move |one| one.spot.is_same(spot))
    }

    /// What was pressed within the day before now, in this session and in earlier ones.
    fn pressed_today(&self) -> impl Iterator<Item = Pressed> {
        let earlier = self.past.worked.iter().filter(|worked| self.age(worked.ago) < rules::DAY);
        self.pressed.iter().copied().chain(earlier.map(|worked| worked.pressed))
    }

    /// What may be pressed here by the limits, each with how much of it was had.
    fn limits(&self, spot: Spot) -> [(Dose, u32, Refusal); 5] {
        let plan = &self.plan;
        let today =
            |fits: &dyn Fn(Spot) -> bool| self.dose(self.pressed_today().filter(|one| fits(one.spot)));
        [
            (self.dose(self.pressed_at(spot)), plan.holds_per_spot, Refusal::SpotUsed),
            (today(&|other| other.is_same(spot)), plan.holds_per_spot, Refusal::SpotToday),
            (today(&|other| other.area() == spot.area()), plan.holds_per_region, Refusal::RegionToday),
            (today(&|_| true), plan.holds_per_day, Refusal::DayUsed),
            (self.dose(self.pressed.iter().copied()), plan.holds, Refusal::HoldsUsed),
        ]
    }

    /// For how long a lean that begins now may be held: a limit that is nearly used up shortens the last hold in it.
    pub(crate) fn spares(&self) -> Duration {
        let limits = self.spot.map(|spot| self.limits(spot));
        let left = limits.into_iter().flatten().filter_map(|(had, most, _)| had.spares(most, &self.plan));
        left.min().unwrap_or(self.plan.hold_longest())
    }

    /// Why no hold may begin at `spot` now, if so (promises 4 to 6 and the limits).
    pub(crate) fn forbids_hold(&self, spot: Spot) -> Option<Refusal> {
        if self.no_holds {
            Some(Refusal::RestingPain)
        } else if self.sharps.asking.is_some() {
            Some(Refusal::SharpFirst)
        } else if !self.ready {
            Some(Refusal::ReadyCheckFirst)
        } else if self.flush_owed {
            Some(Refusal::FlushFirst)
        } else if let Some(why) = self.forbids_same(spot) {
            Some(why)
        } else if let Some(why) = self.used_up(spot) {
            Some(why)
        } else if self.minutes_used() {
            Some(Refusal::MinutesUsed)
        } else if self.store_failed {
            Some(Refusal::StoreFailed)
        } else if self.signal != Signal::Live {
            Some(Refusal::NoSignal)
        } else {
            None
        }
    }

    /// Why the same spot may not be gone back to, if so. Whether the clicker is heard is asked when it begins.
    pub(crate) fn forbids_same(&self, spot: Spot) -> Option<Refusal> {
        if let Some(why) = self.is_closed(spot) {
            Some(why)
        } else if self.left.iter().any(|left| left.is_same(spot)) {
            Some(Refusal::LeftAlone)
        } else {
            self.used_up(spot).filter(|why| !matches!(why, Refusal::DayUsed | Refusal::HoldsUsed))
        }
    }

    /// The first of the limits that has had what it has, here.
    fn used_up(&self, spot: Spot) -> Option<Refusal> {
        let used = |&(had, most, _): &(Dose, u32, Refusal)| had.spares(most, &self.plan).is_none();
        self.limits(spot).into_iter().find(used).map(|(.., why)| why)
    }

    /// Whether no hold may begin any more: the session or the day has had its holds.
    pub(crate) fn holds_used(&self) -> bool {
        self.is_used(self.pressed.iter().copied(), self.plan.holds) || self.is_day_used()
    }

    /// Whether the day has had its holds, over all sessions of the receiver.
    pub(crate) fn is_day_used(&self) -> bool {
        self.is_used(self.pressed_today(), self.plan.holds_per_day)
    }

    /// Whether this region has had the holds of a day.
    pub(crate) fn is_region_used(&self, area: Area) -> bool {
        let there = self.pressed_today().filter(|one| one.spot.area() == area);
        self.is_used(there, self.plan.holds_per_region)
    }

    fn is_used(&self, pressed: impl Iterator<Item = Pressed>, most: u32) -> bool {
        self.dose(pressed).spares(most, &self.plan).is_none()
    }

    /// How long ago this spot was worked last in an earlier session, where that is not 48 hours ago yet.
    pub(crate) fn worked_lately(&self, spot: Spot) -> Option<Duration> {
        self.worked(|other| other.is_same(spot)).map(|(_, ago)| ago)
    }

    /// What was worked in this region within the last 48 hours: how many holds, and how long ago the last was. Leans that
    /// add up to a hold count as one hold.
    pub(crate) fn worked_in(&self, area: Area) -> Option<(u32, Duration)> {
        self.worked(|other| other.area() == area).map(|(dose, ago)| (dose.holds.max(1), ago))
    }

    fn worked(&self, fits: impl Fn(Spot) -> bool) -> Option<(Dose, Duration)> {
        let lately = |worked: &&Worked| self.age(worked.ago) < rules::RECENT && fits(worked.pressed.spot);
        let there = || self.past.worked.iter().filter(lately);
        let dose = self.dose(there().map(|worked| worked.pressed));
        let last = there().map(|worked| self.age(worked.ago)).min()?;
        dose.is_worked().then_some((dose, last))
    }

    /// How long ago that is now, of what was so long before the session began.
    pub(crate) fn age(&self, ago: Duration) -> Duration {
        ago.saturating_add(self.now.since(Moment::START))
    }

    pub(crate) fn minutes_used(&self) -> bool {
        self.last_hold_by().is_some_and(|by| self.now >= by)
    }

    /// The moment from which a hold, its release and its flush no longer fit into the session's minutes.
    pub(crate) fn last_hold_by(&self) -> Option<Moment> {
        let needed = self.plan.hold_longest() + self.plan.release + self.plan.flush;
        self.strokes_began.map(|began| began + self.plan.session_max.saturating_sub(needed))
    }

    /// The first open place beside the spot at hand that no hold has used up.
    pub(crate) fn place_beside(&self) -> Option<(Toward, Spot)> {
        let from = self.spot.unwrap_or_else(|| Spot::centre(self.area));
        from.beside().find(|&(toward, spot)| {
            self.forbids_same(spot).is_none()
                && self.holds_at(spot) == 0
                && self.is_open_way(from, toward, spot)
        })
    }

    /// Whether the hand that slides there crosses no ground that an answer has closed.
    fn is_open_way(&self, from: Spot, toward: Toward, to: Spot) -> bool {
        let mut at = from;
        while at != to {
            match at.nudged(toward) {
                Ok(next) if self.closed_area(next.area()).is_none() => at = next,
                Ok(_) | Err(_) => return false,
            }
        }
        true
    }

    /// A hold, or the leaning before it, has ended.
    pub(crate) fn hold_ended(&mut self, outcome: Outcome, lasted: Duration) {
        self.flush_owed = true;
        self.low = false;
        self.tools.extend(self.tool());
        let Some(pressed) = self.spot.map(|spot| Pressed::new(spot, lasted)) else { return };
        self.pressed.push(pressed);
        self.may_refer = pressed.is_hold && outcome != Outcome::Void;
        if let (true, Outcome::Void, Some(asking)) = (pressed.is_hold, outcome, &mut self.sharps.asking) {
            asking.used_up = true;
        }
    }

    /// The SHARP that ended the last hold was a slip: it is none of the holds of its spot. It was pressed all the same.
    pub(crate) fn give_back(&mut self) {
        if let Some(last) = self.pressed.last_mut() {
            *last = last.given_back();
        }
    }

    /// The session stood still for `by`: what is measured from a moment goes on from there.
    pub(crate) fn shift(&mut self, by: Duration) {
        if let Some(began) = &mut self.strokes_began {
            *began += by;
        }
        if let Some(asking) = &mut self.sharps.asking {
            asking.ask_at += by;
        }
        if let Some(since) = &mut self.silent_since {
            *since += by;
        }
    }
}
