//! Holding: what everything else is for, and where somebody could be hurt.
//!
//! ```text
//!            no rating in 10 s                          "let go", fall, 2 or less (after the minimum)
//!   lean --> asked ------------> cut        counting ------------------------------------------> done
//!             | rating <= 5                  |  ^  |
//!             +------------------------------+  |  +- maximum (done, or cut short of the minimum)
//!                                            |  | <= 5
//!                       > 5, "less" twice    v  |
//!                       or unfollowed      ease off --- not lower in 5 s, > 5 after 10 s ------> cut
//!                                            |
//!   lost 2 s --> "ease off, no signal" --- back within 10 s and a fresh rating: 3-2-1, counting
//!                       |
//!                       +-- otherwise -----------------------------------------------------------> cut
//!   8 or more, STOP, silent for 25 s: cut at once.   SHARP: void at once.
//! ```
//!
//! **What came late can only end a hold sooner.** Late ratings above the ceiling and late "less" ask for relief in
//! [`Holding::all`], which can stop the count and end the hold. What came in time asks in [`Holding::timely`] as well,
//! and only that moves [`Holding::pace`], by which a hold is let go of, and the peak. So a run with something late is
//! the same run without it, with ends added to it.

use core::time::Duration;

use crate::Technique;
use crate::output::{Ask, Because, Deadline, Freshness, HoldEnd, Mode, Output, Reason, Refusal, Tone};
use crate::phase::relief::{Came, Relief, louder};
use crate::phase::tally::{Counter, Extremes, Heard, Overdue, outcome, whole_seconds};
use crate::phase::{After, Back, Paused, Releasing, after_standstill, record_hold, sharp, sooner};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Given, Room, Signal};
use crate::rules;
use crate::stage::{Act, By, Halt, Rated, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count, Counting};

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) began: Moment,
    /// When the partner began to lean: the maximum runs from here, and never stands.
    lean: Moment,
    /// For how long the limits allow it to be held, from the lean.
    spares: Duration,
    /// When the receiver was asked for a first rating: at the beginning, and when the clicker restarts.
    asked_at: Moment,
    /// A rating has been given in this hold, whatever became of it since.
    ever_given: bool,
    /// The rating given in this hold. Only a click gives one.
    given: Option<Given>,
    /// The same rating since it last changed: saying it again makes it fresh, but it has stood all the while.
    standing: Option<Given>,
    /// The time that counts toward `done` (promise 2).
    counter: Counter,
    /// The same, as if nothing had come late.
    pace: Counter,
    extremes: Extremes,
    /// What came in time asks for relief.
    timely: Relief,
    /// What came in time and what came late, together. It can end the hold and stop the count, and nothing else.
    all: Relief,
    heard: Heard,
    /// "Ease off", "a little less" or "less" was said at this moment: no "more" in this hold, no posture for 5 s.
    gentler_at: Option<Moment>,
    mores: u8,
    let_go: bool,
    minimum_said: bool,
    ten_said: bool,
    overdue: Overdue,
    next_posture: Moment,
    /// Repetitions called for, where the technique counts them.
    repetitions: u8,
    /// The clicker has asked "more?" for the fall at hand, and they have not said yes.
    stair: bool,
}

impl Holding {
    pub(crate) fn new(room: &Room, lean: Moment, spares: Duration) -> Self {
        Self {
            began: room.now,
            lean,
            spares,
            asked_at: room.now,
            ever_given: false,
            given: None,
            standing: None,
            counter: Counter::default(),
            pace: Counter::default(),
            extremes: Extremes::default(),
            timely: Relief::default(),
            all: Relief::default(),
            heard: Heard::Well,
            gentler_at: None,
            mores: 0,
            let_go: false,
            minimum_said: false,
            ten_said: false,
            overdue: Overdue::No,
            next_posture: room.now + room.plan.technique.reminder(),
            repetitions: 0,
            stair: false,
        }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, room: &mut Room) {
        room.forget_rating();
        room.low = room.plan.low_90 && room.signal == Signal::Live;
        room.tone(Tone::HoldBegins);
        room.say(Prompt::HowMuch);
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match act {
            Act::LetGo => {
                room.emit(Output::Ask(Ask::Softened));
                if self.is_past_minimum(room) {
                    return self.end(room, Because::LetGo);
                }
                self.let_go = true;
                // While they are asked to ease off, nobody is told to hold as they are.
                if self.is_easing() {
                    return Step::stay(self);
                }
                let left = room.plan.hold_min.saturating_sub(self.pace.at(room.now));
                room.say(Prompt::HoldOn { seconds: whole_seconds(left) });
                Step::stay(self)
            }
            Act::More => match self.forbids_more(room) {
                Some(why) => Step::refuse(self, act, why),
                None => {
                    self.mores += 1;
                    if room.plan.staircase {
                        // A step up the stairs: a fall is measured from what comes now.
                        self.stair = false;
                        self.extremes.eased(room.now);
                    }
                    room.emit(Output::Ask(Ask::More));
                    room.say(Prompt::More);
                    Step::stay(self)
                }
            },
            Act::Go => {
                let why = if self.is_past_minimum(room) { Refusal::ReceiverOnly } else { Refusal::HoldOn };
                Step::refuse(self, act, why)
            }
            Act::Back => Step::refuse(self, act, Refusal::NothingToUndo),
            Act::Spot if by == By::Partner => Step::refuse(self, act, Refusal::ReceiverOnly),
            Act::Yes
            | Act::No
            | Act::Spot
            | Act::Nudge(_)
            | Act::Where(_)
            | Act::AlreadyWarm
            | Act::Next(_)
            | Act::Sharp(_)
            | Act::Felt(_) => Step::refuse(self, act, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(mut self, room: &mut Room, rated: Rated) -> Step {
        if rated.rating >= Rating::HANDS_OFF {
            room.say(Prompt::HandsOff { rating: rated.rating });
            return self.end(room, Because::HandsOff);
        }
        let all = self.all.rated(room.now, rated, room.ceiling());
        if rated.late {
            self.ease_off(room, all, Prompt::EaseOff { rating: rated.rating });
            self.run_counters(room);
            return Step::stay(self);
        }
        let timely = self.timely.rated(room.now, rated, room.ceiling());
        let before = self.given.replace(Given { rating: rated.rating, at: room.now });
        self.ever_given = true;
        self.overdue = Overdue::No;
        self.stand(room, rated.rating);
        if timely == Came::EaseOff {
            self.extremes.eased(room.now);
        }
        self.ease_off(room, louder(timely, all), Prompt::EaseOff { rating: rated.rating });
        if rated.rating <= room.ceiling() {
            self.answered(room);
            if before.is_none() && self.heard == Heard::Well {
                room.say(Prompt::Hold);
            }
            let rose = before.is_none_or(|before| rated.rating > before.rating);
            if rose && self.extremes.is_rise(rated.rating) {
                self.gentler_at = Some(room.now);
                room.say(Prompt::LittleLess);
            }
            if self.is_past_minimum(room)
                && let Some(because) = self.softened()
            {
                return self.end(room, because);
            }
            self.step_up(room, rated.rating);
        }
        self.run_counters(room);
        Step::stay(self)
    }

    pub(crate) fn less(mut self, room: &mut Room, late: bool) -> Step {
        room.emit(Output::Ask(Ask::Less));
        room.low = false;
        let from = self.given.map(|given| given.rating);
        let all = self.all.less(room.now, from);
        let timely = if late { Came::Nothing } else { self.timely.less(room.now, from) };
        if timely == Came::EaseOff {
            self.extremes.eased(room.now);
        }
        self.gentler_at = Some(room.now);
        if louder(timely, all) != Came::EaseOff {
            room.say(Prompt::Less);
        }
        self.ease_off(room, louder(timely, all), Prompt::Less);
        self.run_counters(room);
        Step::stay(self)
    }

    pub(crate) fn signal(mut self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        if restarted {
            room.say(Prompt::ClickerRestarted);
            // The dial enters at 3 again, which is neither a fall nor a rise: what "ease off" or "less" asked for
            // could no longer be seen.
            if self.timely.is_open() || self.all.is_open() {
                room.say(Prompt::NoSignalPressing);
                return self.end(room, Because::Restarted);
            }
            self.given = None;
            self.standing = None;
            self.extremes = Extremes::default();
            if self.ever_given {
                self.asked_at = room.now;
            }
            self.overdue = Overdue::No;
            if let Heard::Back { .. } = self.heard {
                self.heard = Heard::Well;
            }
            room.say(Prompt::HowMuch);
        }
        let ran = self.counter.is_running();
        match (room.signal, self.heard) {
            (Signal::Lost, _) if before != Signal::Lost => self.lost(room),
            (Signal::Live, Heard::Lost(_)) if before == Signal::Lost => room.ask(Prompt::SignalBack),
            (Signal::Lost | Signal::Live | Signal::Stale | Signal::Awaited, _) => {}
        }
        self.run_counters(room);
        match (ran, self.counter.is_running(), room.signal) {
            (true, false, Signal::Stale) => room.say(Prompt::CountStopped),
            (false, true, _) if before == Signal::Stale => room.say(Prompt::CountGoesOn),
            (true | false, true | false, _) => {}
        }
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        match what {
            Halt::StopByReceiver | Halt::StopByPartner | Halt::End => {
                self.record(room, room.now, room.now, Because::Stop);
                Paused::stopped(room, what, Back::Flushing(After::Ask))
            }
            Halt::Sharp(by) => {
                sharp::heard(room, by, Prompt::SharpHolding);
                self.end(room, Because::Sharp)
            }
            Halt::Gap(by) => {
                room.say(Prompt::GapCut);
                let off = room.now.min(self.maximum(room));
                self.record(room, room.now - by, off, Because::Gap);
                after_standstill(room, by, Because::Gap)
            }
            Halt::Resumed(by) => {
                room.say(Prompt::TakenUpAgain);
                let off = self.maximum(room);
                self.record(room, room.now - by, off, Because::Resumed);
                after_standstill(room, by, Because::Resumed)
            }
        }
    }

    /// In the order in which they are heeded when they fall on the same moment: what ends the hold comes first.
    pub(crate) fn due(&self, room: &Room) -> Option<Deadline> {
        let maximum = self.maximum(room);
        // Where the first 4 brings back a maximum that has passed, it is over at once.
        let ten = !self.ten_said && room.now < maximum;
        [
            Some(Deadline { at: maximum, reason: Reason::Maximum }),
            self.heard.lost_due(),
            self.timely.due(),
            self.all.due(),
            self.rating_due(room),
            (!self.minimum_said).then(|| self.pace.due(room.plan.hold_min)).flatten(),
            ten.then_some(Deadline { at: maximum - rules::TEN_SECONDS, reason: Reason::TenToMaximum }),
            self.heard.back_due(),
            Some(Deadline { at: self.next_posture, reason: Reason::Posture }),
        ]
        .into_iter()
        .fold(None, sooner)
    }

    pub(crate) fn timeout(mut self, room: &mut Room, deadline: Deadline) -> Step {
        match deadline.reason {
            Reason::Maximum => return self.end(room, Because::Maximum),
            Reason::LostTooLong => {
                let back = room.signal == Signal::Live;
                room.say(if back { Prompt::NoRating } else { Prompt::NoSignalPressing });
                return self.end(room, Because::Lost);
            }
            Reason::EaseOff | Reason::LessFollowed => {
                let timely = self.timely.timeout(room.now);
                let came = louder(timely, self.all.timeout(room.now));
                if came == Came::Over {
                    return self.end(room, Because::AboveFive);
                }
                if timely == Came::EaseOff {
                    self.extremes.eased(room.now);
                }
                self.ease_off(room, came, Prompt::Less);
            }
            Reason::RatingDue => match (self.given, self.overdue) {
                (None, _) => {
                    room.say(Prompt::NoRating);
                    return self.end(room, Because::NoRating);
                }
                (Some(_), Overdue::No) => {
                    self.overdue = Overdue::AskedByClicker;
                    room.tone(Tone::Question);
                }
                (Some(_), Overdue::AskedByClicker) => {
                    self.overdue = Overdue::AskedByVoice;
                    room.ask(Prompt::StillThere);
                }
                (Some(_), Overdue::AskedByVoice) => {
                    room.silent_since = Some(room.now);
                    room.say(Prompt::Silent);
                    return self.end(room, Because::Silent);
                }
            },
            Reason::Minimum => {
                self.minimum_said = true;
                if let Some(because) = self.softened() {
                    room.tone(Tone::MinimumReached);
                    return self.end(room, because);
                }
                // What came late may have stopped the count that is shown: then it has not been reached.
                if !self.is_easing() {
                    room.tone(Tone::MinimumReached);
                    room.say(Prompt::Softened);
                }
            }
            Reason::TenToMaximum => {
                self.ten_said = true;
                room.tone(Tone::TenSeconds);
                room.say(Prompt::TenSeconds);
            }
            Reason::Posture => {
                self.next_posture = deadline.at + room.plan.technique.reminder();
                if self.may_speak_of_posture(room) {
                    self.remind(room);
                }
            }
            Reason::Step | Reason::PhaseOver | Reason::Stood | Reason::Answer | Reason::AskSharp => {
                self.count_back(room)
            }
        }
        self.run_counters(room);
        Step::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        Mode::Hold
    }

    pub(crate) fn awaits(&self, room: &Room) -> Awaits {
        match (room.signal, self.given, self.overdue) {
            (Signal::Lost, _, _) => Awaits::Signal,
            (_, None, _) | (_, Some(_), Overdue::AskedByClicker | Overdue::AskedByVoice) => Awaits::Rating,
            // Alone it is asked at the start and at the end.
            (_, Some(_), Overdue::No) if self.minimum_said && room.plan.technique.is_alone() => {
                Awaits::Rating
            }
            (_, Some(_), Overdue::No) => Awaits::Nothing,
        }
    }

    pub(crate) fn count(&self, room: &Room, now: Moment) -> Option<Count> {
        let to_minimum = room.plan.hold_min.saturating_sub(self.counter.at(now));
        Some(if to_minimum.is_zero() {
            Count { what: Counting::ToMaximum, left: self.maximum(room).since(now) }
        } else if self.counter.is_running() {
            Count { what: Counting::ToMinimum, left: to_minimum }
        } else {
            Count { what: Counting::Stopped, left: to_minimum }
        })
    }

    /// A hold does not outlive a gap, so nothing in it is ever moved on.
    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
    }

    /// A rating that changes counts toward the extremes for as long as it stood.
    fn stand(&mut self, room: &Room, rating: Rating) {
        match self.standing {
            Some(standing) if standing.rating == rating => return,
            Some(standing) => self.extremes.stood(standing, room.now, room.ceiling()),
            None => {}
        }
        self.standing = Some(Given { rating, at: room.now });
    }

    /// Says what came of a wish for relief.
    fn ease_off(&mut self, room: &mut Room, came: Came, ease_off: Prompt) {
        match came {
            Came::EaseOff => {
                self.gentler_at = Some(room.now);
                room.say(ease_off);
            }
            Came::Followed if self.heard == Heard::Well && !self.is_easing() => room.say(Prompt::CountGoesOn),
            Came::Followed | Came::Nothing | Came::Over => {}
        }
    }

    fn is_easing(&self) -> bool {
        self.timely.is_easing() || self.all.is_easing()
    }

    /// The signal is lost, for the first time or once more. It has to be back within 10 s of the first time.
    fn lost(&mut self, room: &mut Room) {
        self.heard = self.heard.lost(room.now);
        self.gentler_at = Some(room.now);
        self.given = None;
        // What was not heard is not known to have stood.
        if let Some(standing) = self.standing.take() {
            self.extremes.stood(standing, room.now, room.ceiling());
        }
        room.say(Prompt::NoSignalPressing);
        room.tone(Tone::PressureOff);
    }

    /// A fresh rating at or below the ceiling: it may be what a lost signal waited for.
    fn answered(&mut self, room: &Room) {
        if let (Heard::Lost(_), Signal::Live) = (self.heard, room.signal) {
            self.heard = Heard::Back { next: room.now, n: rules::COUNTED_DOWN };
        }
    }

    fn count_back(&mut self, room: &mut Room) {
        if let Heard::Back { next, n } = self.heard {
            self.heard = if self.is_easing() {
                // Nobody is counted back into pressure while they are asked to ease off.
                Heard::Back { next: next + rules::SECOND, n: rules::COUNTED_DOWN }
            } else if n == 0 {
                room.say(Prompt::CountGoesOn);
                Heard::Well
            } else {
                room.say(Prompt::Countdown { n });
                Heard::Back { next: next + rules::SECOND, n: n - 1 }
            };
        }
    }

    /// Lets the count run exactly while promise 2 allows it.
    fn run_counters(&mut self, room: &Room) {
        let calm = self.given.is_some_and(|given| given.rating <= room.ceiling())
            && self.heard == Heard::Well
            && room.signal == Signal::Live
            && room.given.is_some_and(|shown| Some(shown.rating) == self.given.map(|given| given.rating));
        self.counter.run(room.now, calm && !self.is_easing());
        self.pace.run(room.now, calm && !self.timely.is_easing());
    }

    /// When pressure is called off. It can only come nearer.
    fn maximum(&self, room: &Room) -> Moment {
        let most = if room.low { rules::LOW_HOLD } else { room.plan.hold_max };
        self.lean + most.min(self.spares)
    }

    /// On the stairs the clicker asks "more?" when it has fallen by 2, short of the minimum. Only a yes goes on to
    /// the partner, and without one it is not asked again.
    fn step_up(&mut self, room: &mut Room, rating: Rating) {
        if room.plan.staircase
            && !self.stair
            && self.extremes.is_fall(rating)
            && !self.is_past_minimum(room)
            && self.forbids_more(room).is_none()
        {
            self.stair = true;
            room.say(Prompt::StepUp);
            room.tone(Tone::Question);
        }
    }

    /// How they stand, or what they move.
    fn remind(&mut self, room: &mut Room) {
        let region = room.region();
        match room.plan.technique {
            Technique::Partner | Technique::Ball | Technique::Cane => {
                room.say(Prompt::Posture { region, table: room.table });
            }
            Technique::PinAndStretch => {
                self.repetitions += 1;
                room.say(Prompt::Repeat { n: self.repetitions, movement: region.movement() });
            }
        }
    }

    fn is_past_minimum(&self, room: &Room) -> bool {
        self.pace.at(room.now) >= room.plan.hold_min
    }

    /// Why the hold may end now that its minimum is counted.
    fn softened(&self) -> Option<Because> {
        let rating = self.given?.rating;
        if self.let_go {
            Some(Because::LetGo)
        } else if self.extremes.is_fall(rating) {
            Some(Because::Fell)
        } else if rating <= Rating::SOFT {
            Some(Because::HardlyHurt)
        } else {
            None
        }
    }

    fn forbids_more(&self, room: &Room) -> Option<Refusal> {
        let low = self
            .given
            .is_some_and(|given| given.rating.value() <= rules::MORE_AT && given.rating < room.ceiling());
        if !low || room.signal != Signal::Live || self.heard != Heard::Well {
            Some(Refusal::MoreAboveFour)
        } else if self.gentler_at.is_some() {
            Some(Refusal::MoreAfterLess)
        } else if self.mores >= rules::MORES {
            Some(Refusal::MoreTwice)
        } else {
            None
        }
    }

    fn may_speak_of_posture(&self, room: &Room) -> bool {
        self.given.is_some_and(|given| given.rating.value() <= rules::MORE_AT)
            && room.freshness() == Freshness::Live
            && self.heard == Heard::Well
            && !self.is_easing()
            && self.gentler_at.is_none_or(|at| room.now.since(at) >= rules::POSTURE_QUIET)
    }

    /// A first rating is due whatever the signal does. Later, while it is lost, it is the signal that is waited for.
    fn rating_due(&self, room: &Room) -> Option<Deadline> {
        let at = match (self.heard, self.given, self.overdue) {
            (Heard::Lost(_), _, _) if self.ever_given => return None,
            // Whoever presses knows what they feel, and has both hands full (domain: alone).
            (_, Some(_), _) if room.plan.technique.is_alone() => return None,
            (_, None, _) => self.asked_at + rules::FIRST_RATING,
            (_, Some(given), Overdue::No) => given.at + rules::ASK_BY_CLICKER,
            (_, Some(given), Overdue::AskedByClicker) => given.at + rules::ASK_BY_VOICE,
            (_, Some(given), Overdue::AskedByVoice) => given.at + rules::SILENT,
        };
        Some(Deadline { at, reason: Reason::RatingDue })
    }

    fn end(self, room: &mut Room, because: Because) -> Step {
        self.record(room, room.now, room.now, because);
        Step::to(Releasing::after(room, because), because)
    }

    /// It was watched until `watched`, and pressure came off at `off`: where nobody was there, when it may have at the latest.
    /// A gap ends with the laptop awake again, as far as its clocks tell; after a kill nobody knows when that was.
    fn record(self, room: &mut Room, watched: Moment, off: Moment, because: Because) {
        let counted = self.counter.at(watched);
        let outcome = outcome(because, counted >= room.plan.hold_min);
        room.last_in_hold = room.given.map(|given| given.rating);
        record_hold(room, HoldEnd { outcome, because, counted, pressed: off.since(self.lean) });
    }
}
