//! Whole sessions with a stand-in for the voice: what is said aloud, when, and what is not said.
//!
//! `SEED=17 cargo test -p tests --test voice` repeats one seed; `SEEDS=1000` plays the first thousand. With `PRINT=1` the
//! speech log of each session is printed.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints when asked to"
)]

use std::env;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use coach::{Level, Moment, Output, Phase, Prompt, Rating, RatingNow, Urgency, View};
use sim::Trouble;
use tests::World;
use transcript::{Played, Player};
use voice::{Action, Announcer, Line, Verbosity};

/// Number of seeds that takes a few seconds in a debug build.
const SEEDS: u64 = 12;

/// The event loop of the program turns at least this often.
const TURN: Duration = Duration::from_millis(500);

/// What the stand-in needs for a character, about as fast as people speak.
const CHARACTER: Duration = Duration::from_millis(65);

/// A session that is listened to.
struct Listener {
    announcer: Announcer,
    /// The line that is being said, since when, and when it ends by itself.
    saying: Option<(Line, Moment, Moment)>,
    /// When the last line that was not part of a count began.
    began: Option<Moment>,
    /// Prompts that keep somebody safe and have not been said: the phase in which each was said by the coach, and whether
    /// an alarm came after it.
    owed: Vec<(Prompt, Moment, Phase, bool)>,
    /// Alarms that have not been said.
    alarms: Vec<(Prompt, Moment)>,
    wrong: Vec<String>,
    log: String,
}

impl Listener {
    fn new(technique: coach::Technique) -> Self {
        let mut announcer = Announcer::new(Verbosity::Everything);
        announcer.led_by(technique);
        Self {
            announcer,
            saying: None,
            began: None,
            owed: Vec::new(),
            alarms: Vec::new(),
            wrong: Vec::new(),
            log: String::new(),
        }
    }

    fn said(&mut self, at: Moment, prompt: Prompt, phase: Phase) {
        self.announcer.said(at, prompt);
        match prompt.urgency() {
            Urgency::Alarm => {
                self.owed.iter_mut().for_each(|owed| owed.3 = true);
                self.alarms.push((prompt, at));
            }
            Urgency::Safety => {
                self.owed.retain(|owed| owed.0.id() != prompt.id());
                self.owed.push((prompt, at, phase, false));
            }
            Urgency::Instruction | Urgency::Remark => {}
        }
    }

    fn turn(&mut self, now: Moment, view: &View) {
        if let Some((line, _, end)) = &self.saying
            && *end <= now
        {
            self.announcer.ended(now, line.id);
            self.saying = None;
        }
        self.announcer.see(now, view);
        while let Some(action) = self.announcer.poll(now) {
            match action {
                Action::Play(_) => {}
                Action::GiveUp => {
                    self.wrong.push(format!("{} ms: a working speaker was given up", now.as_millis()))
                }
                Action::Cut => {
                    let cut = self.saying.take();
                    let _ = writeln!(self.log, "{:>9} --", clock(now));
                    let alarm = cut.is_some_and(|(line, ..)| {
                        line.prompt.is_some_and(|prompt| prompt.level() == Level::High)
                    });
                    if self.alarms.is_empty() && !alarm {
                        self.wrong.push(format!("{} ms: cut off by nothing", now.as_millis()));
                    }
                }
                Action::Say(line) => self.say(now, line, view),
            }
        }
        self.owe(now, view);
    }

    fn say(&mut self, now: Moment, line: Line, view: &View) {
        let at = now.as_millis();
        let _ = writeln!(self.log, "{:>9} {}", clock(now), line.text);
        if let Some((other, ..)) = &self.saying {
            self.wrong.push(format!("{at} ms: “{}” over “{}”", line.text, other.text));
        }
        let alarm = line.prompt.is_some_and(|prompt| prompt.urgency() == Urgency::Alarm);
        let count = line.prompt.is_some_and(|prompt| matches!(prompt, Prompt::Countdown { .. }));
        if !alarm && !count && self.began.is_some_and(|began| now.since(began) < Duration::from_secs(2)) {
            self.wrong.push(format!("{at} ms: “{}” within 2 s of the line before", line.text));
        }
        let above = matches!(view.rating, RatingNow::Live { rating, .. } if rating > Rating::CEILING);
        let unknown = matches!(view.rating, RatingNow::Stale | RatingNow::Lost);
        let presses = |prompt| {
            matches!(
                prompt,
                Prompt::LeanIn { .. }
                    | Prompt::Countdown { .. }
                    | Prompt::Posture { .. }
                    | Prompt::More
                    | Prompt::StepUp
                    | Prompt::Repeat { .. }
                    | Prompt::Hold
            )
        };
        if (above || unknown) && line.prompt.is_some_and(presses) {
            self.wrong.push(format!("{at} ms: “{}” asks for pressure at {:?}", line.text, view.rating));
        }
        if line.prompt.is_none() && !view.pressure_may_be_on() {
            self.wrong.push(format!("{at} ms: “{}”, a rating, where nobody presses", line.text));
        }
        if let Some(prompt) = line.prompt {
            self.owed.retain(|owed| owed.0.id() != prompt.id());
            if alarm {
                // What is said last of several alarms of one moment is what counts; a louder one stands for a calmer.
                self.alarms.retain(|(other, _)| other.level() > prompt.level());
            }
        }
        if !count {
            self.began = Some(now);
        }
        let lasts = CHARACTER * u32::try_from(line.text.chars().count()).unwrap();
        self.saying = Some((line, now, now + lasts));
    }

    /// What has not been said by now and may not wait longer.
    fn owe(&mut self, now: Moment, view: &View) {
        let at = now.as_millis();
        for (prompt, said) in std::mem::take(&mut self.alarms) {
            if self
                .saying
                .as_ref()
                .is_some_and(|(line, ..)| line.prompt.is_some_and(|other| other.level() >= prompt.level()))
            {
                self.alarms.push((prompt, said));
            } else if now > said {
                self.wrong
                    .push(format!("{at} ms: {prompt:?} of {} ms was not said at once", said.as_millis()));
            } else {
                self.alarms.push((prompt, said));
            }
        }
        // A louder alarm that is over by now stood for it.
        self.alarms.retain(|(_, said)| now.since(*said) < Duration::from_secs(12));
        // An alarm has replaced it; or it asked for pressure, and its phase is over.
        self.owed.retain(|(prompt, _, phase, alarmed)| {
            let replaced = *alarmed || voice_drops(prompt);
            *phase == view.phase || !replaced
        });
        let late = Duration::from_secs(90);
        for (prompt, said, ..) in self.owed.extract_if(.., |owed| now.since(owed.1) > late) {
            self.wrong.push(format!("{at} ms: {prompt:?} of {} ms was not said", said.as_millis()));
        }
    }
}

/// Whether the prompt asks for pressure, so that it is not said once its phase is over or the rating speaks against it.
fn voice_drops(prompt: &Prompt) -> bool {
    matches!(
        prompt,
        Prompt::LeanIn { .. } | Prompt::Posture { .. } | Prompt::Stretch { .. } | Prompt::StretchOther { .. }
    )
}

fn clock(now: Moment) -> String {
    let ms = now.as_millis();
    format!("{}:{:02}.{}", ms / 60_000, ms / 1_000 % 60, ms / 100 % 10)
}

/// Listens to a session of simulated people, and returns its speech log and what was wrong with it.
fn listened(plan: &str, seed: u64, trouble: Trouble) -> (String, Vec<String>) {
    let mut world = World::led_by(plan, seed, trouble);
    world.play().unwrap();
    let entries = world.stored().to_vec();
    let mut player = Player::begin(&entries).unwrap();
    let mut listener = Listener::new(player.coach().view(Moment::START).technique);
    let mut now = Moment::START;
    loop {
        player.play_to(now, |at, played, coach| {
            if let Played::Output(Output::Prompt(prompt)) = played {
                let at = at.max(now);
                listener.said(at, prompt, coach.view(at).phase);
            }
        });
        listener.turn(now, &player.coach().view(now));
        if now >= player.end() {
            let again = format!("SEED={seed} cargo test -p tests --test voice");
            let wrong = listener.wrong.iter().map(|wrong| format!("{plan}, {trouble:?}, `{again}`: {wrong}"));
            return (listener.log, wrong.collect());
        }
        let asked =
            [player.due(), listener.announcer.due(now), listener.saying.as_ref().map(|saying| saying.2)];
        now = asked.into_iter().flatten().filter(|at| *at > now).fold(now + TURN, Moment::min);
        now = now.min(player.end());
    }
}

fn every_seed(plan: &str, trouble: Trouble) {
    let mut wrong = Vec::new();
    for seed in seeds() {
        let (log, found) = listened(plan, seed, trouble);
        assert!(!log.is_empty(), "seed {seed} is not silent");
        if env::var_os("PRINT").is_some() {
            println!("{plan}, seed {seed}, {trouble:?}\n{log}");
        }
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn on_a_quiet_day() {
    every_seed("partner", Trouble::None);
}

#[test]
fn under_every_fault() {
    every_seed("partner", Trouble::All);
}

#[test]
fn every_plan() {
    for plan in plans::plan::list() {
        every_seed(plan.name, Trouble::All);
    }
}

fn seeds() -> Range<u64> {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match (number("SEED"), number("SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, seeds) => 0..seeds.unwrap_or(SEEDS),
    }
}
