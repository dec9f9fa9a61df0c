//! What is said aloud now, what waits for it, and what is dropped.
//!
//! - An alarm interrupts whatever calmer is being said and is said at once. Of two alarms the higher level goes first.
//! - Any other line begins [`APART`] after the line before it at the earliest, and after that has ended. A count ("three,
//!   two, one") is one line in several parts and does not wait.
//! - Sentences that keep somebody safe are said in their order and not dropped. One that an alarm interrupted is said
//!   again from its beginning while its phase lasts; afterwards the alarm has replaced it.
//! - Of instructions the newest counts; it is dropped when its phase or its question is over. What asks for pressure is
//!   said in its own phase and while the rating is known to be at the ceiling or below, or not at all.
//! - A rating is said as a number once it has been unchanged for [`STEADY`].
//! - A refusal is not repeated for the same reason within [`SAME_REFUSAL`].
//!
//! What is dropped here is on the screen.

use std::collections::VecDeque;
use std::time::Duration;

use coach::{Awaits, Counting, Level, Moment, Phase, Prompt, Rating, RatingNow, Technique, Urgency, View};
use words::{Value, Words};

use crate::selection::{Verbosity, asks_for_pressure, is_for_its_moment, spoken_from};
use crate::tone::Tone;

/// Time between the beginnings of two lines, alarms and counts apart.
const APART: Duration = Duration::from_secs(2);

/// A breath between two lines.
const BREATH: Duration = Duration::from_millis(400);

/// How long a rating has to be unchanged before it is said.
const STEADY: Duration = Duration::from_secs(1);

/// The same refusal is not said again within this time.
const SAME_REFUSAL: Duration = Duration::from_secs(10);

/// A number of a count is void after this long.
const COUNT_VALID: Duration = Duration::from_millis(400);

/// A line for its moment, a remark and a rating are void after this long.
const MOMENT_VALID: Duration = Duration::from_secs(4);

/// How often a speaker that is at work is asked whether it has finished.
const ASK_SPEAKER: Duration = Duration::from_millis(100);

/// From this many seconds to the maximum of a hold on, each second ticks.
const TICKS: u64 = 5;

/// Something to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Play this tone.
    Play(Tone),
    /// Say this line.
    Say(Line),
    /// End the line that is being said at once.
    Cut,
    /// The speaker should have finished long ago: stop using it.
    GiveUp,
}

/// A line to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Number of the line, by which its end is reported.
    pub id: u64,
    /// The words.
    pub text: String,
    /// The prompt that it is the sentence of; none for a rating.
    pub prompt: Option<Prompt>,
}

/// A prompt that waits to be said.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    prompt: Prompt,
    at: Moment,
    /// What the session was doing and waiting for when it was said.
    context: Option<(Phase, Awaits)>,
    /// An alarm came in between.
    interrupted: bool,
}

/// The line that is being said.
#[derive(Debug, Clone, Copy)]
struct Speaking {
    id: u64,
    waiting: Option<Waiting>,
    /// After this moment the speaker hangs.
    until: Moment,
}

/// Decides what is said aloud. Time is an argument.
#[derive(Debug)]
pub struct Announcer {
    words: Words,
    verbosity: Verbosity,
    lines: u64,
    tones: VecDeque<Tone>,
    /// Alarms to be said, the higher level first.
    alarms: Vec<Waiting>,
    count: Option<Waiting>,
    safety: VecDeque<Waiting>,
    instruction: Option<Waiting>,
    remark: Option<Waiting>,
    /// The rating to be said, and since when it waits.
    number: Option<(Rating, Moment)>,
    /// The rating that people heard last.
    heard: Option<Rating>,
    speaking: Option<Speaking>,
    /// When the last line began.
    began: Option<Moment>,
    /// When the last line ended.
    ended: Option<Moment>,
    refused: Vec<(Prompt, Moment)>,
    view: Option<View>,
    /// The speaker is gone: tones only.
    mute: bool,
}

impl Announcer {
    /// An announcer of a session in which nothing was said yet.
    #[must_use]
    pub fn new(verbosity: Verbosity) -> Self {
        Self {
            words: Words::english(),
            verbosity,
            lines: 0,
            tones: VecDeque::new(),
            alarms: Vec::new(),
            count: None,
            safety: VecDeque::new(),
            instruction: None,
            remark: None,
            number: None,
            heard: None,
            speaking: None,
            began: None,
            ended: None,
            refused: Vec::new(),
            view: None,
            mute: false,
        }
    }

    /// From now on in the words of this technique.
    pub fn led_by(&mut self, technique: Technique) {
        self.words = self.words.of(technique);
    }

    /// The coach said this.
    pub fn said(&mut self, now: Moment, prompt: Prompt) {
        let alarm = prompt.urgency() == Urgency::Alarm;
        if let Some(tone) = Tone::of(&prompt) {
            if alarm {
                self.tones.clear();
            }
            self.tones.push_back(tone);
        }
        if alarm {
            self.interrupt();
        }
        if self.mute || spoken_from(&prompt) > self.verbosity || self.refused_lately(now, prompt) {
            return;
        }
        let waiting = Waiting { prompt, at: now, context: None, interrupted: false };
        match (prompt, prompt.urgency()) {
            (Prompt::Countdown { .. }, _) => self.count = Some(waiting),
            (_, Urgency::Alarm) => {
                self.alarms.retain(|other| other.prompt.id() != prompt.id());
                self.alarms.push(waiting);
                self.alarms.sort_by_key(|alarm| std::cmp::Reverse(alarm.prompt.level()));
            }
            (_, Urgency::Safety) => {
                match self.safety.iter_mut().find(|other| other.prompt.id() == prompt.id()) {
                    Some(other) => *other = waiting,
                    None => self.safety.push_back(waiting),
                }
            }
            (_, Urgency::Instruction) => self.instruction = Some(waiting),
            (_, Urgency::Remark) => self.remark = Some(waiting),
        }
    }

    /// The session as it is at the end of a turn, after what was said in it.
    pub fn see(&mut self, now: Moment, view: &View) {
        self.hear_rating(now, view);
        self.tick(view);
        self.view = Some(*view);
        let waiting = self.alarms.iter_mut().chain(&mut self.safety).chain(&mut self.instruction);
        for waiting in waiting.chain(&mut self.remark).chain(&mut self.count) {
            waiting.context.get_or_insert((view.phase, view.awaits));
        }
        if let Some(Speaking { waiting: Some(waiting), .. }) = &mut self.speaking {
            waiting.context.get_or_insert((view.phase, view.awaits));
        }
        self.alarms.retain(|alarm| alarm.prompt.level() == Level::High || !alarm.has_left(view));
        self.safety.retain(|said| !said.is_void(now, view));
        for slot in [&mut self.instruction, &mut self.remark, &mut self.count] {
            slot.take_if(|said| said.is_void(now, view));
        }
        let says = self.says(view);
        self.number.take_if(|(_, since)| !says || now.since(*since) > MOMENT_VALID);
    }

    /// The speaker has finished this line.
    pub fn ended(&mut self, now: Moment, id: u64) {
        if self.speaking.take_if(|line| line.id == id).is_some() {
            self.ended = Some(now);
        }
    }

    /// There is no speaker, or none any more: from now on tones alone.
    pub fn mute(&mut self) {
        self.mute = true;
        self.speaking = None;
        self.alarms.clear();
        self.safety.clear();
        (self.instruction, self.remark, self.count, self.number) = (None, None, None, None);
    }

    /// What to do now, until there is nothing more.
    pub fn poll(&mut self, now: Moment) -> Option<Action> {
        if let Some(tone) = self.tones.pop_front() {
            return Some(Action::Play(tone));
        }
        if self.speaking.is_some_and(|line| now > line.until) {
            self.mute();
            return Some(Action::GiveUp);
        }
        if let Some(alarm) = self.alarms.first().copied() {
            if self.speaking.is_some_and(|line| line.gives_way_to(alarm.prompt)) {
                self.cut();
                self.ended = Some(now);
                return Some(Action::Cut);
            }
            if self.speaking.is_none() {
                self.alarms.remove(0);
                return Some(self.say(now, alarm));
            }
        }
        if self.speaking.is_some() {
            return None;
        }
        if let Some(count) = self.count.take() {
            return Some(self.say(now, count));
        }
        if self.free_at().is_some_and(|free| now < free) {
            return None;
        }
        if let Some(said) = self.safety.pop_front() {
            return Some(self.say(now, said));
        }
        if let Some((rating, _)) = self.number.take() {
            self.heard = Some(rating);
            let text = self.words.render("voice-rating", &[("rating", Value::Number(rating.value().into()))]);
            return Some(self.begin(now, text, None));
        }
        let said = self.instruction.take().or_else(|| self.remark.take())?;
        Some(self.say(now, said))
    }

    /// When [`Announcer::poll`] may have something to do by itself.
    #[must_use]
    pub fn due(&self, now: Moment) -> Option<Moment> {
        let waits = !self.safety.is_empty()
            || self.instruction.is_some()
            || self.remark.is_some()
            || self.number.is_some()
            || !self.alarms.is_empty();
        let speaking =
            self.speaking.map(|line| (now + ASK_SPEAKER).min(line.until + Duration::from_millis(1)));
        let free = self.free_at().filter(|_| waits && self.speaking.is_none()).map(|free| free.max(now));
        let steady = self.view.and_then(|view| match view.rating {
            RatingNow::Live { rating, age }
                if self.says(&view) && self.heard != Some(rating) && age < STEADY =>
            {
                Some(now + STEADY.saturating_sub(age))
            }
            _ => None,
        });
        let tick = self.view.and_then(|view| seconds_left(&view)).and_then(|left| {
            let whole = Duration::from_secs(left.as_secs());
            (left <= Duration::from_secs(TICKS + 2))
                .then(|| now + left.saturating_sub(whole).max(Duration::from_millis(1)))
        });
        [speaking, free, steady, tick].into_iter().flatten().min()
    }

    /// When a line may begin that does not interrupt.
    fn free_at(&self) -> Option<Moment> {
        let apart = self.began.map(|began| began + APART);
        apart.max(self.ended.map(|ended| ended + BREATH))
    }

    fn say(&mut self, now: Moment, waiting: Waiting) -> Action {
        if let Prompt::EaseOff { rating } | Prompt::HandsOff { rating } = waiting.prompt {
            self.heard = Some(rating);
        }
        let text = self.words.spoken(&waiting.prompt);
        self.begin(now, text, Some(waiting))
    }

    fn begin(&mut self, now: Moment, text: String, waiting: Option<Waiting>) -> Action {
        self.lines += 1;
        self.began = Some(now);
        self.speaking = Some(Speaking { id: self.lines, waiting, until: now + longest(&text) });
        Action::Say(Line { id: self.lines, text, prompt: waiting.map(|waiting| waiting.prompt) })
    }

    /// Ends the line that is being said. A sentence that keeps somebody safe is said again.
    fn cut(&mut self) {
        let Some(Speaking { waiting: Some(waiting), .. }) = self.speaking.take() else { return };
        if waiting.prompt.urgency() == Urgency::Safety {
            self.safety.retain(|other| other.prompt.id() != waiting.prompt.id());
            self.safety.push_front(Waiting { interrupted: true, ..waiting });
        }
    }

    /// An alarm was said: nothing that was for its moment comes back after it.
    fn interrupt(&mut self) {
        self.count = None;
        self.instruction.take_if(|said| is_for_its_moment(&said.prompt));
        for said in self.safety.iter_mut().chain(&mut self.instruction) {
            said.interrupted = true;
        }
    }

    fn refused_lately(&mut self, now: Moment, prompt: Prompt) -> bool {
        if !matches!(prompt, Prompt::Refused { .. }) {
            return false;
        }
        self.refused.retain(|(_, at)| now.since(*at) < SAME_REFUSAL);
        let lately = self.refused.iter().any(|(other, _)| *other == prompt);
        if !lately {
            self.refused.push((prompt, now));
        }
        lately
    }

    /// Whether ratings are said in this state of the session.
    fn says(&self, view: &View) -> bool {
        self.verbosity == Verbosity::Everything && !self.mute && view.pressure_may_be_on()
    }

    fn hear_rating(&mut self, now: Moment, view: &View) {
        match view.rating {
            RatingNow::Live { rating, age } => {
                self.number.take_if(|(waiting, _)| *waiting != rating);
                if self.says(view) && self.heard != Some(rating) && self.number.is_none() && age >= STEADY {
                    self.number = Some((rating, now));
                }
            }
            RatingNow::None | RatingNow::Stale | RatingNow::Lost => (self.number, self.heard) = (None, None),
        }
    }

    /// The tones of a hold's count: its minimum, and its last seconds.
    fn tick(&mut self, view: &View) {
        let Some(before) = self.view.filter(|before| before.phase == Phase::Holding) else { return };
        let counted = |view: &View| view.count.map(|count| count.what);
        if counted(&before) == Some(Counting::ToMinimum) && counted(view) == Some(Counting::ToMaximum) {
            self.tones.push_back(Tone::Minimum);
        }
        if let (Some(before), Some(left)) = (seconds_left(&before), seconds_left(view)) {
            let (before, left) = (before.as_millis().div_ceil(1_000), left.as_millis().div_ceil(1_000));
            if left < before && (1..=u128::from(TICKS)).contains(&left) {
                self.tones.push_back(Tone::Count);
            }
        }
    }
}

impl Waiting {
    fn has_left(&self, view: &View) -> bool {
        self.context.is_some_and(|(phase, _)| phase != view.phase)
    }

    /// Whether it may not be said any more.
    fn is_void(&self, now: Moment, view: &View) -> bool {
        let age = now.since(self.at);
        if matches!(self.prompt, Prompt::Countdown { .. }) {
            return age > COUNT_VALID || self.has_left(view) || !pressure_is_fine(view);
        }
        if asks_for_pressure(&self.prompt) && (self.has_left(view) || !pressure_is_fine(view)) {
            return true;
        }
        if self.prompt.urgency() == Urgency::Safety {
            return self.interrupted && self.has_left(view);
        }
        let answered = |(_, awaited)| awaited != Awaits::Nothing && awaited != view.awaits;
        let brief = is_for_its_moment(&self.prompt) || self.prompt.urgency() == Urgency::Remark;
        self.has_left(view) || self.context.is_some_and(answered) || brief && age > MOMENT_VALID
    }
}

impl Speaking {
    /// Whether an alarm ends it at once. An alarm ends a calmer one, and the newest of the highest level every other.
    fn gives_way_to(&self, alarm: Prompt) -> bool {
        let Some(Waiting { prompt, .. }) = self.waiting else { return true };
        if prompt.urgency() != Urgency::Alarm {
            return true;
        }
        prompt.level() < alarm.level() || alarm.level() == Level::High && prompt.id() != alarm.id()
    }
}

/// Whether nothing that is known speaks against pressure: the rating is at the ceiling or below, or there is none yet.
const fn pressure_is_fine(view: &View) -> bool {
    match view.rating {
        RatingNow::None => true,
        RatingNow::Live { rating, .. } => rating.value() <= Rating::CEILING.value(),
        RatingNow::Stale | RatingNow::Lost => false,
    }
}

/// What is left to the maximum of a hold.
fn seconds_left(view: &View) -> Option<Duration> {
    let count =
        view.count.filter(|count| view.phase == Phase::Holding && count.what == Counting::ToMaximum)?;
    Some(count.left)
}

/// The longest time that a working speaker needs for a text: half as fast as people speak, and a second to begin.
fn longest(text: &str) -> Duration {
    let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    Duration::from_millis(1_000) + Duration::from_millis(130) * characters
}
