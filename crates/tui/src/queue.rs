//! What of all that is said is on the screen now, what waits, and until when.
//!
//! - An alarm is shown at once. A quieter one waits until it has been on the screen for its time.
//! - A safety sentence is shown for as long as it takes to read, in the order in which they were said. An alarm goes
//!   before it, and afterwards its time begins anew; if the phase is over by then, the alarm has replaced it.
//! - Of instructions and questions the newest counts. It waits for safety sentences and for nothing else.
//! - A question that has been answered is gone.
//! - A remark has a place of its own and covers nothing.

use std::collections::VecDeque;
use std::time::Duration;

use coach::{Awaits, Level, Moment, Phase, Prompt, Rating, RatingNow, Urgency, View};

use crate::scene::{Alarm, HALF_FLASH, flash};

/// An alarm is on the screen this long at least, whatever calmer is said meanwhile: the eyes of the partner are on the
/// back.
const ALARM_STANDS: Duration = Duration::from_secs(3);

/// "A little less" and "less" are over after this long, if nothing else was said: by then they were followed, or the
/// coach has said something louder (promise 2).
const LESS_STANDS: Duration = Duration::from_secs(10);

/// A remark is on the screen this long at least: the reason of a refusal can be read twice.
const REMARK_STANDS: Duration = Duration::from_secs(8);

/// The queue. Time is an argument; `see` is called once a turn, after what was said in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PromptQueue {
    /// Prompts said so far, by which the newest is known.
    count: u32,
    alarm: Option<Alarmed>,
    /// An alarm that is less loud, and was said before that one had its time.
    quieter: Option<Alarmed>,
    /// Safety sentences that have not been read, in the order in which they were said.
    sentences: VecDeque<Said>,
    /// The newest prompt that asks nothing.
    instruction: Option<Said>,
    /// The newest question, until it is answered.
    question: Option<Said>,
    remark: Option<Said>,
    /// Something else covers the page: nothing on it can be read.
    covered: bool,
    /// It is played faster than the clock: sentences of a phase go with it.
    hurried: bool,
}

/// A prompt that was said.
#[derive(Debug, Clone, Copy)]
struct Said {
    prompt: Prompt,
    number: u32,
    at: Moment,
    /// How long it takes to read.
    takes: Duration,
    /// What the session was doing and waiting for when it was said.
    context: Option<(Phase, Awaits)>,
    /// Since when it has been on the screen without a break.
    shown_since: Option<Moment>,
    /// An alarm was said after it.
    interrupted: bool,
}

/// An alarm, on the screen or waiting to be.
#[derive(Debug, Clone, Copy)]
struct Alarmed {
    prompt: Prompt,
    at: Moment,
    takes: Duration,
    /// Since when it has been on the screen.
    since: Moment,
    phase: Option<Phase>,
    /// Something calmer was said after it.
    followed: bool,
}

/// What the queue shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnScreen {
    pub(crate) alarm: Option<Alarm>,
    pub(crate) sentence: Option<Prompt>,
    pub(crate) instruction: Option<Prompt>,
    pub(crate) waiting: Vec<Prompt>,
    pub(crate) remark: Option<Prompt>,
}

impl PromptQueue {
    /// Something was said; it takes this long to read.
    pub(crate) fn said(&mut self, now: Moment, prompt: Prompt, takes: Duration) {
        self.count += 1;
        let said = Said {
            prompt,
            number: self.count,
            at: now,
            takes,
            context: None,
            shown_since: None,
            interrupted: false,
        };
        match prompt.urgency() {
            Urgency::Remark => self.remark = Some(said),
            Urgency::Alarm => self.alarmed(now, prompt, takes),
            Urgency::Safety | Urgency::Instruction => self.told(said),
        }
    }

    /// Something newer has the place of a remark.
    pub(crate) const fn drop_remark(&mut self) {
        self.remark = None;
    }

    /// Whether something else covers the page.
    pub(crate) const fn cover(&mut self, covered: bool) {
        self.covered = covered;
    }

    /// Whether it is played faster than the clock.
    pub(crate) const fn hurry(&mut self, hurried: bool) {
        self.hurried = hurried;
    }

    /// The session is looked at: what is over goes, and what has been read makes room.
    pub(crate) fn see(&mut self, now: Moment, view: &View) {
        self.see_alarm(now, view);
        let slots = self.instruction.iter_mut().chain(&mut self.question).chain(&mut self.sentences);
        for said in slots {
            said.context.get_or_insert((view.phase, view.awaits));
        }
        let hurried = self.hurried;
        self.sentences.retain(|said| !(said.is_over(view) || hurried && said.has_left(view)));
        self.question.take_if(|said| said.is_over(view));
        self.instruction.take_if(|said| said.is_over(view));
        self.remark.take_if(|said| now >= said.remark_until());
        self.read(now);
    }

    /// What is on the screen.
    pub(crate) fn shown(&self, now: Moment) -> OnScreen {
        let newest = self.newest();
        let first = usize::from(self.alarm.is_none());
        let waits = newest.filter(|_| self.alarm.is_none() && !self.sentences.is_empty());
        let waits = waits.filter(|newest| self.sentences.iter().all(|said| said.number != newest.number));
        // What is for its moment will be over: a countdown is in the count, and nothing announces a wish for more.
        let waits = waits.filter(|newest| newest.prompt.may_be_repeated());
        OnScreen {
            alarm: self.alarm.map(|alarm| Alarm { prompt: alarm.prompt, lit: flash(now.since(alarm.since)) }),
            sentence: self.sentences.front().map(|said| said.prompt),
            instruction: newest.map(|said| said.prompt),
            waiting: self.sentences.iter().skip(first).chain(&waits).map(|said| said.prompt).collect(),
            remark: self.remark.map(|said| said.prompt),
        }
    }

    /// The next moments at which something of it changes by itself.
    pub(crate) fn due(&self, now: Moment, still: bool) -> impl Iterator<Item = Moment> {
        let flashes = self.alarm.filter(|alarm| alarm.prompt.level() == Level::High && !still).map(|alarm| {
            let half = HALF_FLASH.as_millis() as u64;
            let stood = now.since(alarm.since).as_millis() as u64;
            alarm.since + Duration::from_millis((stood / half + 1) * half)
        });
        let alarm = self.alarm.and_then(|alarm| alarm.until(self.quieter.is_some()));
        let sentence = self.sentences.front().and_then(|said| Some(said.shown_since? + said.takes));
        let remark = self.remark.map(|said| said.remark_until());
        [flashes, alarm, sentence, remark].into_iter().flatten()
    }

    /// The newest of what is not an alarm and not a remark.
    fn newest(&self) -> Option<Said> {
        self.instruction.into_iter().chain(self.question).max_by_key(|said| said.number)
    }

    fn told(&mut self, said: Said) {
        for alarm in self.alarm.iter_mut().chain(&mut self.quieter) {
            alarm.followed = true;
        }
        if said.asks() {
            self.question = Some(said);
        } else {
            self.instruction = Some(said);
        }
        if said.prompt.urgency() != Urgency::Safety {
            return;
        }
        // The same sentence, said again, keeps its place. With other words in it, it has to be read anew.
        match self.sentences.iter_mut().find(|other| other.prompt.id() == said.prompt.id()) {
            Some(other) if other.prompt == said.prompt => {
                *other = Said { shown_since: other.shown_since, ..said };
            }
            Some(other) => *other = said,
            None => self.sentences.push_back(said),
        }
    }

    fn alarmed(&mut self, now: Moment, prompt: Prompt, takes: Duration) {
        let alarm = Alarmed { prompt, at: now, takes, since: now, phase: None, followed: false };
        let louder = |other: &Alarmed| prompt.level() < other.prompt.level() && !other.has_stood(now);
        if self.alarm.as_ref().is_some_and(louder) {
            self.quieter = Some(alarm);
        } else {
            (self.alarm, self.quieter) = (Some(alarm), None);
        }
        for said in self.instruction.iter_mut().chain(&mut self.question).chain(&mut self.sentences) {
            said.interrupted = true;
            said.shown_since = None;
        }
        // Nothing that was for its moment comes back after an alarm: least of all the wish for more.
        self.instruction.take_if(|said| !said.prompt.may_be_repeated());
        self.question.take_if(|said| !said.prompt.may_be_repeated());
    }

    fn see_alarm(&mut self, now: Moment, view: &View) {
        for alarm in self.alarm.iter_mut().chain(&mut self.quieter) {
            alarm.phase.get_or_insert(view.phase);
        }
        // What was louder has replaced it where the phase is over.
        self.quieter.take_if(|alarm| alarm.phase != Some(view.phase) || alarm.has_lost_its_cause(now, view));
        let waited_for = self.quieter.is_some();
        let is_over = |alarm: Alarmed| {
            (waited_for || alarm.followed) && alarm.has_stood(now) || alarm.has_lost_its_cause(now, view)
        };
        if self.alarm.is_some_and(is_over) {
            self.alarm = self.quieter.take().map(|alarm| Alarmed { since: now, ..alarm });
        }
    }

    /// The first sentence is being read, unless something covers it.
    fn read(&mut self, now: Moment) {
        if self.alarm.is_some() || self.covered {
            self.sentences.iter_mut().for_each(|said| said.shown_since = None);
            return;
        }
        while let Some(first) = self.sentences.front_mut() {
            let since = *first.shown_since.get_or_insert(now);
            if now.since(since) < first.takes {
                return;
            }
            self.sentences.pop_front();
        }
    }
}

impl Said {
    /// Whether it waits for an answer. That the signal is gone is told, and not asked.
    fn asks(&self) -> bool {
        self.prompt.level() == Level::Low && self.prompt != Prompt::NoSignal
    }

    /// Whether the phase is over in which it was said.
    fn has_left(&self, view: &View) -> bool {
        self.context.is_some_and(|(phase, _)| phase != view.phase)
    }

    /// Whether it was answered, or an alarm has replaced it.
    fn is_over(&self, view: &View) -> bool {
        let answered = |(_, awaited)| awaited != Awaits::Nothing && awaited != view.awaits;
        // Who goes on to the strokes has said that it is warm.
        let warm = self.prompt == Prompt::Warm && view.phase == Phase::BroadStrokes;
        let replaced = self.interrupted && self.has_left(view);
        self.asks() && self.context.is_some_and(answered) || warm || replaced
    }

    fn remark_until(&self) -> Moment {
        self.at + self.takes.max(REMARK_STANDS)
    }
}

impl Alarmed {
    /// How long it is on the screen at least.
    fn stands(&self) -> Duration {
        self.takes.max(ALARM_STANDS)
    }

    fn has_stood(&self, now: Moment) -> bool {
        now.since(self.since) >= self.stands()
    }

    /// Whether its cause is the rating, so that it ends when that has come down.
    const fn is_about_rating(&self) -> bool {
        matches!(
            self.prompt,
            Prompt::EaseOff { .. }
                | Prompt::LighterStrokes { .. }
                | Prompt::LighterTouch { .. }
                | Prompt::EaseBack { .. }
                | Prompt::EaseStretch { .. }
        )
    }

    /// When it is over, where it has an end of its own.
    fn ends(&self) -> Option<Moment> {
        matches!(self.prompt, Prompt::LittleLess | Prompt::Less)
            .then(|| self.at + self.stands().max(LESS_STANDS))
    }

    /// Whether its cause is gone although nothing was said since.
    fn has_lost_its_cause(&self, now: Moment, view: &View) -> bool {
        let down = matches!(view.rating, RatingNow::Live { rating, .. } if rating <= Rating::CEILING);
        self.is_about_rating() && down && self.has_stood(now) || self.ends().is_some_and(|end| now >= end)
    }

    /// When it may leave the screen by itself. `waited_for`: another alarm waits for that.
    fn until(&self, waited_for: bool) -> Option<Moment> {
        let least = waited_for || self.followed || self.is_about_rating();
        if least { Some(self.since + self.stands()) } else { self.ends() }
    }
}

#[cfg(test)]
mod tests {
    use coach::body::{Region, Stand};

    use super::*;
    use crate::samples;
    use crate::scene::Scene;

    const NO_TIME: Duration = Duration::ZERO;
    const SPINE: Prompt = Prompt::FeelForSpine;
    const STAND: Prompt = Prompt::StandAt { stand: Stand::LeftSide, table: None };
    const POSTURE: Prompt = Prompt::Posture { region: Region::Rhomboids, table: None };

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn view(phase: Phase, awaits: Awaits) -> View {
        let Scene::Sitting(sitting) = samples::running_hold() else { unreachable!("it is a session") };
        View { phase, awaits, rating: RatingNow::None, ..sitting.view }
    }

    /// A queue to which these were said at once, each with the time it takes to read in milliseconds.
    fn queue(said: &[(Prompt, u64)], phase: Phase) -> PromptQueue {
        let mut queue = PromptQueue::default();
        for &(prompt, takes) in said {
            queue.said(at(0), prompt, Duration::from_millis(takes));
        }
        queue.see(at(0), &view(phase, Awaits::Nothing));
        queue
    }

    /// What is largest on the page, and what waits.
    fn shown(queue: &PromptQueue, ms: u64) -> (Option<Prompt>, Vec<Prompt>) {
        let shown = queue.shown(at(ms));
        let alarm = shown.alarm.map(|alarm| alarm.prompt);
        (alarm.or(shown.sentence).or(shown.instruction), shown.waiting)
    }

    #[test]
    fn what_is_said_at_once_is_shown_one_after_the_other() {
        let mut queue = queue(&[(STAND, 6_000), (SPINE, 4_000), (Prompt::Hold, 2_000)], Phase::Locating);
        let calm = view(Phase::Locating, Awaits::Nothing);
        assert_eq!(shown(&queue, 0), (Some(STAND), vec![SPINE, Prompt::Hold]));
        queue.see(at(5_999), &calm);
        assert_eq!(shown(&queue, 5_999).0, Some(STAND));
        assert_eq!(queue.due(at(5_999), true).min(), Some(at(6_000)));
        queue.see(at(6_000), &calm);
        assert_eq!(shown(&queue, 6_000), (Some(SPINE), vec![Prompt::Hold]));
        queue.see(at(10_000), &calm);
        assert_eq!(shown(&queue, 10_000), (Some(Prompt::Hold), vec![]));
        assert_eq!(queue.due(at(10_000), true).min(), None, "nothing is left to change");
    }

    #[test]
    fn a_sentence_outlasts_its_phase_and_is_shown_before_the_lean() {
        let mut queue = queue(&[(SPINE, 4_000)], Phase::Locating);
        let lean = Prompt::LeanIn { region: Region::Rhomboids, tool: None };
        queue.said(at(500), lean, Duration::from_millis(2_000));
        queue.see(at(500), &view(Phase::Settling, Awaits::Nothing));
        assert_eq!(shown(&queue, 500), (Some(SPINE), vec![lean]));
        queue.said(at(2_000), Prompt::Countdown { n: 3 }, Duration::from_millis(2_000));
        queue.see(at(4_000), &view(Phase::Settling, Awaits::Nothing));
        assert_eq!(shown(&queue, 4_000), (Some(lean), vec![]), "a countdown is not announced");
    }

    #[test]
    fn an_alarm_is_shown_at_once_and_the_sentence_is_read_anew_afterwards() {
        let mut queue = queue(&[(POSTURE, 2_500)], Phase::Holding);
        let hold = view(Phase::Holding, Awaits::Nothing);
        queue.said(at(2_400), Prompt::LittleLess, NO_TIME);
        assert_eq!(shown(&queue, 2_400), (Some(Prompt::LittleLess), vec![POSTURE]));
        queue.see(at(12_400), &hold);
        assert_eq!(shown(&queue, 12_400).0, Some(POSTURE));
        queue.see(at(14_899), &hold);
        assert!(queue.shown(at(14_899)).sentence.is_some(), "its time begins anew");
        queue.see(at(14_900), &hold);
        assert_eq!(queue.shown(at(14_900)).sentence, None);
    }

    #[test]
    fn an_alarm_that_ends_the_phase_replaces_what_was_said_in_it() {
        let mut queue = queue(&[(POSTURE, 2_500)], Phase::Holding);
        queue.said(at(100), Prompt::SharpHolding, NO_TIME);
        queue.said(at(100), Prompt::FlushAround, Duration::from_millis(4_000));
        queue.see(at(100), &view(Phase::Flushing, Awaits::Nothing));
        assert_eq!(shown(&queue, 100), (Some(Prompt::SharpHolding), vec![Prompt::FlushAround]));
        queue.see(at(3_100), &view(Phase::Flushing, Awaits::Nothing));
        assert_eq!(shown(&queue, 3_100), (Some(Prompt::FlushAround), vec![]));
    }

    /// Whatever is read, an alarm is on the screen in the frame in which it was said.
    #[test]
    fn nothing_delays_an_alarm() {
        for urgent in [Prompt::StopNow, Prompt::SharpHolding, Prompt::NoSignalPressing, Prompt::Less] {
            let mut queue = queue(&[(STAND, 6_000), (SPINE, 4_000), (Prompt::HowMuch, 0)], Phase::Holding);
            queue.said(at(1), urgent, NO_TIME);
            assert_eq!(shown(&queue, 1).0, Some(urgent));
        }
    }

    #[test]
    fn an_alarm_is_on_the_screen_until_it_could_be_read() {
        let mut queue = PromptQueue::default();
        queue.said(at(0), Prompt::Silent, Duration::from_millis(3_840));
        queue.said(at(0), Prompt::Flush, NO_TIME);
        for (ms, first) in [(3_839, Prompt::Silent), (3_840, Prompt::Flush)] {
            queue.see(at(ms), &view(Phase::Flushing, Awaits::Nothing));
            assert_eq!(shown(&queue, ms).0, Some(first));
        }
    }

    /// After "ease off" nothing on the screen may ask for more.
    #[test]
    fn the_wish_for_more_does_not_come_back_after_an_alarm() {
        let mut queue = queue(&[(Prompt::Hold, 0), (Prompt::More, 0)], Phase::Holding);
        assert_eq!(shown(&queue, 0).0, Some(Prompt::More));
        queue.said(at(1_000), Prompt::LittleLess, NO_TIME);
        queue.see(at(20_000), &view(Phase::Holding, Awaits::Nothing));
        assert_eq!(shown(&queue, 20_000).0, None);
    }

    #[test]
    fn a_question_that_is_answered_gives_way_to_what_was_to_be_done() {
        let mut queue = PromptQueue::default();
        queue.said(at(0), Prompt::Flush, NO_TIME);
        queue.said(at(1), Prompt::AskElsewhere, NO_TIME);
        queue.see(at(1), &view(Phase::Flushing, Awaits::FeltElsewhere));
        assert_eq!(shown(&queue, 1).0, Some(Prompt::AskElsewhere));
        // A remark hides no question.
        let referral = coach::body::Referral::Other;
        queue.said(at(2), Prompt::FeltThere { referral }, NO_TIME);
        assert_eq!(shown(&queue, 2).0, Some(Prompt::AskElsewhere));
        queue.see(at(3), &view(Phase::Flushing, Awaits::Nothing));
        assert_eq!(shown(&queue, 3).0, Some(Prompt::Flush));
        assert_eq!(queue.shown(at(3)).remark, Some(Prompt::FeltThere { referral }));
    }

    #[test]
    fn what_is_covered_is_not_being_read() {
        let mut queue = queue(&[(SPINE, 4_000)], Phase::Locating);
        let locating = view(Phase::Locating, Awaits::Spot);
        queue.cover(true);
        queue.see(at(3_000), &locating);
        queue.see(at(60_000), &locating);
        queue.cover(false);
        queue.see(at(61_000), &locating);
        queue.see(at(64_999), &locating);
        assert_eq!(shown(&queue, 64_999).0, Some(SPINE));
    }

    #[test]
    fn faster_than_the_clock_a_sentence_goes_with_its_phase() {
        let mut queue = queue(&[(SPINE, 64_000)], Phase::Locating);
        queue.hurry(true);
        queue.see(at(30_000), &view(Phase::Locating, Awaits::Spot));
        assert_eq!(shown(&queue, 30_000).0, Some(SPINE));
        queue.see(at(31_000), &view(Phase::Settling, Awaits::Nothing));
        assert_eq!(queue.shown(at(31_000)).sentence, None);
    }

    #[test]
    fn a_sentence_that_is_said_again_keeps_its_place_and_its_time() {
        let mut queue = queue(&[(SPINE, 4_000), (STAND, 6_000)], Phase::Locating);
        queue.said(at(3_000), SPINE, Duration::from_millis(4_000));
        queue.see(at(4_000), &view(Phase::Locating, Awaits::Spot));
        assert_eq!(shown(&queue, 4_000), (Some(STAND), vec![SPINE]));
    }
}
