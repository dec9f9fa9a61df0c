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
use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Given, Signal};
use crate::output::{Ask, Because, Deadline, Freshness, HoldEnd, Mode, Output, Reason, Refusal, Tone};
use crate::phase::ease_off::{EaseOutcome, EaseRequests, louder};
use crate::phase::hold_stats::{Counter, Extremes, Overdue, SignalState, outcome, whole_seconds};
use crate::phase::{After, Back, Paused, Releasing, after_standstill, record_hold, sharp, sooner};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::rules;
use crate::state::Transition;
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
    timely: EaseRequests,
    /// What came in time and what came late, together. It can end the hold and stop the count, and nothing else.
    all: EaseRequests,
    signal_state: SignalState,
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
    pub(crate) fn new(context: &Context, lean: Moment, spares: Duration) -> Self {
        Self {
            began: context.now,
            lean,
            spares,
            asked_at: context.now,
            ever_given: false,
            given: None,
            standing: None,
            counter: Counter::default(),
            pace: Counter::default(),
            extremes: Extremes::default(),
            timely: EaseRequests::default(),
            all: EaseRequests::default(),
            signal_state: SignalState::Well,
            gentler_at: None,
            mores: 0,
            let_go: false,
            minimum_said: false,
            ten_said: false,
            overdue: Overdue::No,
            next_posture: context.now + context.plan.technique.reminder(),
            repetitions: 0,
            stair: false,
        }
    }

    #[expect(clippy::unused_self, reason = "every phase is entered alike")]
    pub(crate) fn enter(&mut self, context: &mut Context) {
        context.forget_rating();
        context.low = context.plan.low_90 && context.signal == Signal::Live;
        context.tone(Tone::HoldBegins);
        context.say(Prompt::HowMuch);
    }

    pub(crate) fn command(mut self, context: &mut Context, by: By, command: Command) -> Transition {
        match command {
            Command::LetGo => {
                context.emit(Output::Ask(Ask::Softened));
                if self.is_past_minimum(context) {
                    return self.end(context, Because::LetGo);
                }
                self.let_go = true;
                // While they are asked to ease off, nobody is told to hold as they are.
                if self.is_easing() {
                    return Transition::stay(self);
                }
                let left = context.plan.hold_min.saturating_sub(self.pace.at(context.now));
                context.say(Prompt::HoldOn { seconds: whole_seconds(left) });
                Transition::stay(self)
            }
            Command::More => match self.forbids_more(context) {
                Some(why) => Transition::refuse(self, command, why),
                None => {
                    self.mores += 1;
                    if context.plan.staircase {
                        // A step up the stairs: a fall is measured from what comes now.
                        self.stair = false;
                        self.extremes.eased(context.now);
                    }
                    context.emit(Output::Ask(Ask::More));
                    context.say(Prompt::More);
                    Transition::stay(self)
                }
            },
            Command::Go => {
                let why = if self.is_past_minimum(context) { Refusal::ReceiverOnly } else { Refusal::HoldOn };
                Transition::refuse(self, command, why)
            }
            Command::Back => Transition::refuse(self, command, Refusal::NothingToUndo),
            Command::Spot if by == By::Partner => Transition::refuse(self, command, Refusal::ReceiverOnly),
            Command::Yes
            | Command::No
            | Command::Spot
            | Command::Nudge(_)
            | Command::Where(_)
            | Command::AlreadyWarm
            | Command::Next(_)
            | Command::Sharp(_)
            | Command::Felt(_) => Transition::refuse(self, command, Refusal::NotNow),
        }
    }

    pub(crate) fn rated(mut self, context: &mut Context, rated: Rated) -> Transition {
        if rated.rating >= Rating::HANDS_OFF {
            context.say(Prompt::HandsOff { rating: rated.rating });
            return self.end(context, Because::HandsOff);
        }
        let all = self.all.rated(context.now, rated, context.ceiling());
        if rated.late {
            self.ease_off(context, all, Prompt::EaseOff { rating: rated.rating });
            self.run_counters(context);
            return Transition::stay(self);
        }
        let timely = self.timely.rated(context.now, rated, context.ceiling());
        let before = self.given.replace(Given { rating: rated.rating, at: context.now });
        self.ever_given = true;
        self.overdue = Overdue::No;
        self.stand(context, rated.rating);
        if timely == EaseOutcome::EaseOff {
            self.extremes.eased(context.now);
        }
        self.ease_off(context, louder(timely, all), Prompt::EaseOff { rating: rated.rating });
        if rated.rating <= context.ceiling() {
            self.answered(context);
            if before.is_none() && self.signal_state == SignalState::Well {
                context.say(Prompt::Hold);
            }
            let rose = before.is_none_or(|before| rated.rating > before.rating);
            if rose && self.extremes.is_rise(rated.rating) {
                self.gentler_at = Some(context.now);
                context.say(Prompt::LittleLess);
            }
            if self.is_past_minimum(context)
                && let Some(because) = self.softened()
            {
                return self.end(context, because);
            }
            self.step_up(context, rated.rating);
        }
        self.run_counters(context);
        Transition::stay(self)
    }

    pub(crate) fn less(mut self, context: &mut Context, late: bool) -> Transition {
        context.emit(Output::Ask(Ask::Less));
        context.low = false;
        let from = self.given.map(|given| given.rating);
        let all = self.all.less(context.now, from);
        let timely = if late { EaseOutcome::Nothing } else { self.timely.less(context.now, from) };
        if timely == EaseOutcome::EaseOff {
            self.extremes.eased(context.now);
        }
        self.gentler_at = Some(context.now);
        if louder(timely, all) != EaseOutcome::EaseOff {
            context.say(Prompt::Less);
        }
        self.ease_off(context, louder(timely, all), Prompt::Less);
        self.run_counters(context);
        Transition::stay(self)
    }

    pub(crate) fn signal(mut self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        if restarted {
            context.say(Prompt::ClickerRestarted);
            // The dial enters at 3 again, which is neither a fall nor a rise: what "ease off" or "less" asked for
            // could no longer be seen.
            if self.timely.is_open() || self.all.is_open() {
                context.say(Prompt::NoSignalPressing);
                return self.end(context, Because::Restarted);
            }
            self.given = None;
            self.standing = None;
            self.extremes = Extremes::default();
            if self.ever_given {
                self.asked_at = context.now;
            }
            self.overdue = Overdue::No;
            if let SignalState::Back { .. } = self.signal_state {
                self.signal_state = SignalState::Well;
            }
            context.say(Prompt::HowMuch);
        }
        let ran = self.counter.is_running();
        match (context.signal, self.signal_state) {
            (Signal::Lost, _) if before != Signal::Lost => self.lost(context),
            (Signal::Live, SignalState::Lost(_)) if before == Signal::Lost => context.ask(Prompt::SignalBack),
            (Signal::Lost | Signal::Live | Signal::Stale | Signal::Awaited, _) => {}
        }
        self.run_counters(context);
        match (ran, self.counter.is_running(), context.signal) {
            (true, false, Signal::Stale) => context.say(Prompt::CountStopped),
            (false, true, _) if before == Signal::Stale => context.say(Prompt::CountGoesOn),
            (true | false, true | false, _) => {}
        }
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        match what {
            Halt::StopByReceiver | Halt::StopByPartner | Halt::End => {
                self.record(context, context.now, context.now, Because::Stop);
                Paused::stopped(context, what, Back::Flushing(After::Ask))
            }
            Halt::Sharp(by) => {
                sharp::heard(context, by, Prompt::SharpHolding);
                self.end(context, Because::Sharp)
            }
            Halt::Gap(by) => {
                context.say(Prompt::GapCut);
                let off = context.now.min(self.maximum(context));
                self.record(context, context.now - by, off, Because::Gap);
                after_standstill(context, by, Because::Gap)
            }
            Halt::Resumed(by) => {
                context.say(Prompt::TakenUpAgain);
                let off = self.maximum(context);
                self.record(context, context.now - by, off, Because::Resumed);
                after_standstill(context, by, Because::Resumed)
            }
        }
    }

    /// In the order in which they are heeded when they fall on the same moment: what ends the hold comes first.
    pub(crate) fn due(&self, context: &Context) -> Option<Deadline> {
        let maximum = self.maximum(context);
        // Where the first 4 brings back a maximum that has passed, it is over at once.
        let ten = !self.ten_said && context.now < maximum;
        [
            Some(Deadline { at: maximum, reason: Reason::Maximum }),
            self.signal_state.lost_due(),
            self.timely.due(),
            self.all.due(),
            self.rating_due(context),
            (!self.minimum_said).then(|| self.pace.due(context.plan.hold_min)).flatten(),
            ten.then_some(Deadline { at: maximum - rules::TEN_SECONDS, reason: Reason::TenToMaximum }),
            self.signal_state.back_due(),
            Some(Deadline { at: self.next_posture, reason: Reason::Posture }),
        ]
        .into_iter()
        .fold(None, sooner)
    }

    pub(crate) fn timeout(mut self, context: &mut Context, deadline: Deadline) -> Transition {
        match deadline.reason {
            Reason::Maximum => return self.end(context, Because::Maximum),
            Reason::LostTooLong => {
                let back = context.signal == Signal::Live;
                context.say(if back { Prompt::NoRating } else { Prompt::NoSignalPressing });
                return self.end(context, Because::Lost);
            }
            Reason::EaseOff | Reason::LessFollowed => {
                let timely = self.timely.timeout(context.now);
                let came = louder(timely, self.all.timeout(context.now));
                if came == EaseOutcome::Over {
                    return self.end(context, Because::AboveFive);
                }
                if timely == EaseOutcome::EaseOff {
                    self.extremes.eased(context.now);
                }
                self.ease_off(context, came, Prompt::Less);
            }
            Reason::RatingDue => match (self.given, self.overdue) {
                (None, _) => {
                    context.say(Prompt::NoRating);
                    return self.end(context, Because::NoRating);
                }
                (Some(_), Overdue::No) => {
                    self.overdue = Overdue::AskedByClicker;
                    context.tone(Tone::Question);
                }
                (Some(_), Overdue::AskedByClicker) => {
                    self.overdue = Overdue::AskedByVoice;
                    context.ask(Prompt::StillThere);
                }
                (Some(_), Overdue::AskedByVoice) => {
                    context.silent_since = Some(context.now);
                    context.say(Prompt::Silent);
                    return self.end(context, Because::Silent);
                }
            },
            Reason::Minimum => {
                self.minimum_said = true;
                if let Some(because) = self.softened() {
                    context.tone(Tone::MinimumReached);
                    return self.end(context, because);
                }
                // What came late may have stopped the count that is shown: then it has not been reached.
                if !self.is_easing() {
                    context.tone(Tone::MinimumReached);
                    context.say(Prompt::Softened);
                }
            }
            Reason::TenToMaximum => {
                self.ten_said = true;
                context.tone(Tone::TenSeconds);
                context.say(Prompt::TenSeconds);
            }
            Reason::Posture => {
                self.next_posture = deadline.at + context.plan.technique.reminder();
                if self.may_speak_of_posture(context) {
                    self.remind(context);
                }
            }
            Reason::Step | Reason::PhaseOver | Reason::Stood | Reason::Answer | Reason::AskSharp => {
                self.count_back(context)
            }
        }
        self.run_counters(context);
        Transition::stay(self)
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
        Mode::Hold
    }

    pub(crate) fn awaits(&self, context: &Context) -> Awaits {
        match (context.signal, self.given, self.overdue) {
            (Signal::Lost, _, _) => Awaits::Signal,
            (_, None, _) | (_, Some(_), Overdue::AskedByClicker | Overdue::AskedByVoice) => Awaits::Rating,
            // Alone it is asked at the start and at the end.
            (_, Some(_), Overdue::No) if self.minimum_said && context.plan.technique.is_alone() => {
                Awaits::Rating
            }
            (_, Some(_), Overdue::No) => Awaits::Nothing,
        }
    }

    pub(crate) fn count(&self, context: &Context, now: Moment) -> Option<Count> {
        let to_minimum = context.plan.hold_min.saturating_sub(self.counter.at(now));
        Some(if to_minimum.is_zero() {
            Count { what: Counting::ToMaximum, left: self.maximum(context).since(now) }
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
    fn stand(&mut self, context: &Context, rating: Rating) {
        match self.standing {
            Some(standing) if standing.rating == rating => return,
            Some(standing) => self.extremes.stood(standing, context.now, context.ceiling()),
            None => {}
        }
        self.standing = Some(Given { rating, at: context.now });
    }

    /// Says what came of a wish for relief.
    fn ease_off(&mut self, context: &mut Context, came: EaseOutcome, ease_off: Prompt) {
        match came {
            EaseOutcome::EaseOff => {
                self.gentler_at = Some(context.now);
                context.say(ease_off);
            }
            EaseOutcome::Followed if self.signal_state == SignalState::Well && !self.is_easing() => {
                context.say(Prompt::CountGoesOn)
            }
            EaseOutcome::Followed | EaseOutcome::Nothing | EaseOutcome::Over => {}
        }
    }

    fn is_easing(&self) -> bool {
        self.timely.is_easing() || self.all.is_easing()
    }

    /// The signal is lost, for the first time or once more. It has to be back within 10 s of the first time.
    fn lost(&mut self, context: &mut Context) {
        self.signal_state = self.signal_state.lost(context.now);
        self.gentler_at = Some(context.now);
        self.given = None;
        // What was not heard is not known to have stood.
        if let Some(standing) = self.standing.take() {
            self.extremes.stood(standing, context.now, context.ceiling());
        }
        context.say(Prompt::NoSignalPressing);
        context.tone(Tone::PressureOff);
    }

    /// A fresh rating at or below the ceiling: it may be what a lost signal waited for.
    fn answered(&mut self, context: &Context) {
        if let (SignalState::Lost(_), Signal::Live) = (self.signal_state, context.signal) {
            self.signal_state = SignalState::Back { next: context.now, n: rules::COUNTED_DOWN };
        }
    }

    fn count_back(&mut self, context: &mut Context) {
        if let SignalState::Back { next, n } = self.signal_state {
            self.signal_state = if self.is_easing() {
                // Nobody is counted back into pressure while they are asked to ease off.
                SignalState::Back { next: next + rules::SECOND, n: rules::COUNTED_DOWN }
            } else if n == 0 {
                context.say(Prompt::CountGoesOn);
                SignalState::Well
            } else {
                context.say(Prompt::Countdown { n });
                SignalState::Back { next: next + rules::SECOND, n: n - 1 }
            };
        }
    }

    /// Lets the count run exactly while promise 2 allows it.
    fn run_counters(&mut self, context: &Context) {
        let calm = self.given.is_some_and(|given| given.rating <= context.ceiling())
            && self.signal_state == SignalState::Well
            && context.signal == Signal::Live
            && context.given.is_some_and(|shown| Some(shown.rating) == self.given.map(|given| given.rating));
        self.counter.run(context.now, calm && !self.is_easing());
        self.pace.run(context.now, calm && !self.timely.is_easing());
    }

    /// When pressure is called off. It can only come nearer.
    fn maximum(&self, context: &Context) -> Moment {
        let most = if context.low { rules::LOW_HOLD } else { context.plan.hold_max };
        self.lean + most.min(self.spares)
    }

    /// On the stairs the clicker asks "more?" when it has fallen by 2, short of the minimum. Only a yes goes on to
    /// the partner, and without one it is not asked again.
    fn step_up(&mut self, context: &mut Context, rating: Rating) {
        if context.plan.staircase
            && !self.stair
            && self.extremes.is_fall(rating)
            && !self.is_past_minimum(context)
            && self.forbids_more(context).is_none()
        {
            self.stair = true;
            context.say(Prompt::StepUp);
            context.tone(Tone::Question);
        }
    }

    /// How they stand, or what they move.
    fn remind(&mut self, context: &mut Context) {
        let region = context.region();
        match context.plan.technique {
            Technique::Partner | Technique::Ball | Technique::Cane => {
                context.say(Prompt::Posture { region, table: context.table });
            }
            Technique::PinAndStretch => {
                self.repetitions += 1;
                context.say(Prompt::Repeat { n: self.repetitions, movement: region.movement() });
            }
        }
    }

    fn is_past_minimum(&self, context: &Context) -> bool {
        self.pace.at(context.now) >= context.plan.hold_min
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

    fn forbids_more(&self, context: &Context) -> Option<Refusal> {
        let low = self
            .given
            .is_some_and(|given| given.rating.value() <= rules::MORE_AT && given.rating < context.ceiling());
        if !low || context.signal != Signal::Live || self.signal_state != SignalState::Well {
            Some(Refusal::MoreAboveFour)
        } else if self.gentler_at.is_some() {
            Some(Refusal::MoreAfterLess)
        } else if self.mores >= rules::MORES {
            Some(Refusal::MoreTwice)
        } else {
            None
        }
    }

    fn may_speak_of_posture(&self, context: &Context) -> bool {
        self.given.is_some_and(|given| given.rating.value() <= rules::MORE_AT)
            && context.freshness() == Freshness::Live
            && self.signal_state == SignalState::Well
            && !self.is_easing()
            && self.gentler_at.is_none_or(|at| context.now.since(at) >= rules::POSTURE_QUIET)
    }

    /// A first rating is due whatever the signal does. Later, while it is lost, it is the signal that is waited for.
    fn rating_due(&self, context: &Context) -> Option<Deadline> {
        let at = match (self.signal_state, self.given, self.overdue) {
            (SignalState::Lost(_), _, _) if self.ever_given => return None,
            // Alone, the receiver presses and has no hand free to repeat a rating (domain: alone).
            (_, Some(_), _) if context.plan.technique.is_alone() => return None,
            (_, None, _) => self.asked_at + rules::FIRST_RATING,
            (_, Some(given), Overdue::No) => given.at + rules::ASK_BY_CLICKER,
            (_, Some(given), Overdue::AskedByClicker) => given.at + rules::ASK_BY_VOICE,
            (_, Some(given), Overdue::AskedByVoice) => given.at + rules::SILENT,
        };
        Some(Deadline { at, reason: Reason::RatingDue })
    }

    fn end(self, context: &mut Context, because: Because) -> Transition {
        self.record(context, context.now, context.now, because);
        Transition::to(Releasing::after(context, because), because)
    }

    /// Records the hold. The counted time ends at `watched`, the last moment at which the timers ran. The pressed time ends at
    /// `off`: where the program was not running, this is the latest moment at which pressure can have come off.
    fn record(self, context: &mut Context, watched: Moment, off: Moment, because: Because) {
        let counted = self.counter.at(watched);
        let outcome = outcome(because, counted >= context.plan.hold_min);
        context.last_in_hold = context.given.map(|given| given.rating);
        record_hold(context, HoldEnd { outcome, because, counted, pressed: off.since(self.lean) });
    }
}
