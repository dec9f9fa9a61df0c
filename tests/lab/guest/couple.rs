//! A paired laptop and clicker with the two people who use them: `unknot session --plain`, and the clicker in the
//! receiver's hand. Each step waits for the prompt that asks for it.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use journal::Journal;
use serde_json::Value;
use transcript::{Entry, Kind};

use super::process::Process;
use super::{Clicker, Lab};

/// Limit for the direct consequence of an action, on an emulated machine.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// Silence after which the clicker reports that it is not heard: 2.5 s after the last pulse, checked twice a second.
const NOT_HEARD: RangeInclusive<Duration> = Duration::from_millis(2400)..=Duration::from_millis(3500);
/// Limit for the flush strokes of a plan.
const FLUSH: Duration = Duration::from_secs(50);
/// Reaction time of a person. A click made before the question has reached the clicker would answer the previous one.
const REACTION: Duration = Duration::from_secs(2);
/// Interval between checks for a refused click.
const LOOK: Duration = Duration::from_millis(500);
/// Refusals of a click that a repeated click resolves.
const REFUSALS: &[&str] =
    &[": no. Nothing waits for that", ": no. That question has passed", ": no. It came more than"];
/// Limit from a fault to its flush strokes: 2 s to Lost, 10 s of grace, and slow machines.
const CUT: Duration = Duration::from_secs(45);
/// Limit for the strokes of the lab's plan.
const STROKES: Duration = Duration::from_secs(90);

/// A laptop and the clicker it is paired with.
pub(crate) struct Couple {
    /// The clicker.
    pub(crate) clicker: Clicker,
    /// The laptop's program, if a session runs.
    pub(crate) laptop: Option<Process>,
    /// The clicker's address.
    pub(crate) address: String,
    db: PathBuf,
    sessions: usize,
    /// Last command to the clicker.
    last: Option<String>,
    /// Number of refusals already handled.
    refused: usize,
}

impl Couple {
    /// Switches a clicker on with its logo held and pairs it with `unknot pair` by its six digits.
    pub(crate) fn pair(lab: &mut Lab) -> anyhow::Result<Self> {
        let clicker = lab.clicker("clicker", &["--window"])?;
        let address = clicker.address()?;
        let db = lab.work.join("sessions.db");
        let mut pairing = lab.unknot("pair", &["--db", text(&db)?, "pair", &address])?;
        let passkey = clicker.passkey(SOON * 2)?;
        pairing.text("Type the six digits", SOON)?;
        pairing.order(&passkey)?;
        pairing.line("Paired.", SOON * 2)?;
        clicker.line("paired", SOON)?;
        let status = pairing.ended(SOON)?;
        ensure!(status.success(), "pairing succeeded but the program ended with {status}");
        Ok(Self { clicker, laptop: None, address, db, sessions: 0, last: None, refused: 0 })
    }

    /// Pairs and plays up to the first hold, rated 3 and then 4.
    pub(crate) fn in_the_first_hold(lab: &mut Lab) -> anyhow::Result<Self> {
        let mut couple = Self::pair(lab)?;
        couple.sit_down(lab)?;
        couple.get_ready()?;
        couple.reach_the_first_hold()?;
        Ok(couple)
    }

    /// Runs `unknot pair` on an open window, with the right digits or with wrong ones.
    pub(crate) fn try_to_pair(&self, lab: &Lab, right: bool) -> anyhow::Result<Process> {
        self.clicker.skip();
        let mut pairing = self.unknot(lab, "pair", &["pair", &self.address])?;
        let passkey = self.clicker.passkey(SOON * 2)?;
        pairing.text("Type the six digits", SOON)?;
        let digits =
            if right { passkey } else { format!("{:06}", (passkey.parse::<u32>()? + 1) % 1_000_000) };
        pairing.order(&digits)?;
        Ok(pairing)
    }

    /// Runs a command of the laptop's program with this couple's store.
    pub(crate) fn unknot(&self, lab: &Lab, name: &str, arguments: &[&str]) -> anyhow::Result<Process> {
        lab.unknot(name, &[&["--db", text(&self.db)?], arguments].concat())
    }

    /// Starts a session, or resumes an interrupted one. Names no device, so the remembered one is used.
    pub(crate) fn sit_down(&mut self, lab: &Lab) -> anyhow::Result<()> {
        self.sessions += 1;
        let plan = format!("{}/plan.toml", super::variable("LAB")?);
        let log = lab.logs.join(format!("unknot-{}.trace", self.sessions));
        let arguments =
            ["--db", text(&self.db)?, "--log", text(&log)?, "session", "--plain", "--plan", &plan];
        self.laptop = Some(lab.unknot("session", &arguments)?);
        self.refused = 0;
        Ok(())
    }

    /// Path of the store.
    pub(crate) fn db(&self) -> anyhow::Result<&str> {
        text(&self.db)
    }

    /// The laptop's program.
    pub(crate) fn laptop(&mut self) -> anyhow::Result<&mut Process> {
        self.laptop.as_mut().context("no session runs")
    }

    /// Waits until the laptop prints this. If it refuses the receiver's last click as too early or too late, clicks
    /// again, as a person would: on a busy machine both happen.
    pub(crate) fn says(&mut self, words: &str, within: Duration) -> anyhow::Result<String> {
        let began = Instant::now();
        loop {
            let said = self.laptop()?.line(words, LOOK);
            if said.is_ok() || began.elapsed() > within {
                return said;
            }
            let refused = self.refusals()?;
            if refused > self.refused
                && let Some(command) = self.last.clone()
            {
                super::wait(REACTION);
                self.hand(&command)?;
            }
            self.refused = refused;
        }
    }

    fn refusals(&mut self) -> anyhow::Result<usize> {
        Ok(refusals(self.laptop()?))
    }

    /// The partner presses keys.
    pub(crate) fn key(&mut self, keys: &str) -> anyhow::Result<()> {
        self.laptop()?.order(keys)
    }

    /// Sends a command to the clicker.
    pub(crate) fn hand(&mut self, command: &str) -> anyhow::Result<()> {
        self.last = Some(command.to_owned());
        self.clicker.order(command)
    }

    /// Waits until the clicker reports that it is not heard, and checks the time since the last pulse.
    pub(crate) fn says_not_heard(&self, lab: &Lab) -> anyhow::Result<()> {
        let line = self.clicker.line("sound not-heard", SOON)?;
        let silent = super::radio_log::silence_before(&lab.logs.join("radio.log"), &line)?;
        ensure!(
            NOT_HEARD.contains(&silent),
            "it reported `not-heard` {silent:?} after the last pulse: {line}"
        );
        Ok(())
    }

    /// Answers the question that contains this text.
    pub(crate) fn answers(&mut self, question: &str, command: &str) -> anyhow::Result<()> {
        self.says(question, SOON)?;
        super::wait(REACTION);
        self.hand(command)
    }

    /// From the first question to warming; answers all questions no.
    pub(crate) fn answer_the_questions(&mut self) -> anyhow::Result<()> {
        self.says("Where is the knot?", SOON * 2)?;
        self.key("o")?;
        for question in ["look at the skin", "a fever", "does any of these apply", "numb between the legs"] {
            self.answers(question, "press a")?;
        }
        self.answers("How much does it hurt right now", "press b")?;
        self.says("At rest: 3.", SOON)?;
        self.answers("bother you when you move", "press b")?;
        self.says("When moving: 3.", SOON)?;
        self.says("-- warming", SOON).map(drop)
    }

    /// From the first question through the ready check to the strokes.
    pub(crate) fn get_ready(&mut self) -> anyhow::Result<()> {
        self.answer_the_questions()?;
        self.key("w")?;
        self.says("-- broad strokes", SOON)?;
        self.answers("click the side you feel", "press a")?;
        self.answers("press both buttons together", "press chord")?;
        self.answers("Did you both hear that?", "press b")?;
        self.says("You are ready.", SOON).map(drop)
    }

    /// From the ready check to the first hold, rated 3 and then 4.
    pub(crate) fn reach_the_first_hold(&mut self) -> anyhow::Result<()> {
        self.says("-- locating", STROKES)?;
        self.lean_in()
    }

    /// From locating into a hold, rated 3 and then 4.
    pub(crate) fn lean_in(&mut self) -> anyhow::Result<()> {
        self.answers("Feel for the spot", "press logo")?;
        self.says("-- holding", SOON)?;
        self.rate()
    }

    /// Gives the first two ratings of a hold.
    pub(crate) fn rate(&mut self) -> anyhow::Result<()> {
        self.answers("how much is it now?", "press b")?;
        self.says("Rating 3.", SOON)?;
        self.hand("press b")?;
        self.says("Rating 4.", SOON).map(drop)
    }

    /// Holds until the minimum is reached, confirming the rating regularly: a hold ends when its rating is too old.
    pub(crate) fn hold_on(&mut self) -> anyhow::Result<()> {
        for _ in 0..8 {
            if self.says("Has it softened?", Duration::from_secs(7)).is_ok() {
                return Ok(());
            }
            self.hand("press logo")?;
        }
        bail!("the minimum was not reached within a minute")
    }

    /// From a hold at its minimum through all phases to the end of the session and of the program.
    pub(crate) fn finish(&mut self) -> anyhow::Result<()> {
        self.hand("long logo")?;
        self.says("Hold done (it let go)", SOON)?;
        self.says("-- flushing", SOON)?;
        self.says("Receiver, what next?", Duration::from_secs(40))?;
        super::wait(Duration::from_secs(1));
        self.hand("press a")?;
        self.says("-- stretching", SOON)?;
        self.says("-- heat", Duration::from_secs(80))?;
        self.answers("bother you when you move", "press a")?;
        self.says("When moving: 3.", SOON)?;
        self.says("get up slowly", SOON)?;
        super::wait(Duration::from_secs(1));
        self.hand("press b")?;
        self.says("-- finished", SOON)?;
        let status = self.laptop()?.ended(SOON)?;
        self.laptop = None;
        ensure!(status.success(), "the session ended but the program ended with {status}");
        Ok(())
    }

    /// Waits until the hold is cut and flushing begins, and until the clicker is connected again.
    pub(crate) fn is_cut_and_flushed(&mut self) -> anyhow::Result<()> {
        self.says("Hold cut", CUT)?;
        self.says("-- flushing", SOON)?;
        self.clicker.line("link up", CUT).map(drop)
    }

    /// From flushing to the next hold, beside the last one.
    pub(crate) fn go_beside(&mut self) -> anyhow::Result<()> {
        self.says("Receiver, what next?", FLUSH)?;
        super::wait(REACTION);
        self.hand("press b")?;
        self.says("-- locating", SOON * 2)?;
        self.lean_in()
    }

    /// Ends the session by the partner's keys; the program ends by itself.
    pub(crate) fn end(&mut self) -> anyhow::Result<()> {
        self.key("e")?;
        self.says("Really end the session?", SOON)?;
        self.key("e")?;
        self.says("The session is over", SOON)?;
        let status = self.laptop()?.ended(SOON)?;
        self.laptop = None;
        ensure!(status.success(), "the session ended but the program ended with {status}");
        Ok(())
    }

    /// Resets the clicker: battery out and in again.
    pub(crate) fn reset_clicker(&mut self, lab: &Lab) -> anyhow::Result<()> {
        self.clicker.kill();
        self.clicker = lab.clicker_again("clicker", self.clicker.port)?;
        Ok(())
    }

    /// Kills the laptop's program, like a power cut.
    pub(crate) fn kill_laptop(&mut self) -> anyhow::Result<()> {
        self.laptop.take().context("no session runs")?.kill();
        Ok(())
    }

    /// Stored entries of the last session.
    pub(crate) fn transcript(&self) -> anyhow::Result<Vec<Entry>> {
        let journal = Journal::open(&self.db)?;
        let last = journal.last()?.context("no session is stored")?;
        Ok(journal.entries(last.key)?)
    }

    /// Checks all stored sessions with `unknot audit`.
    pub(crate) fn audit(&self, lab: &Lab) -> anyhow::Result<()> {
        let mut audit = lab.unknot("audit", &["--db", text(&self.db)?, "audit", "--all"])?;
        let status = audit.ended(SOON * 2)?;
        ensure!(status.success(), "the audit reports a broken promise:\n{}", audit.all());
        Ok(())
    }
}

/// Number of refused clicks that a repeated click resolves.
pub(crate) fn refusals(laptop: &Process) -> usize {
    laptop.all().lines().filter(|line| REFUSALS.iter().any(|refusal| line.contains(refusal))).count()
}

/// Clicks of a transcript in order, in the clicker's format: `boot 1 seq 4 rating 3`.
pub(crate) fn clicks(entries: &[Entry]) -> anyhow::Result<Vec<String>> {
    let mut clicks = Vec::new();
    for entry in entries {
        if let Kind::Click { boot, seq, means, .. } = &entry.kind {
            let words = match serde_json::to_value(means)? {
                Value::String(word) => word,
                Value::Object(holding) => {
                    let (word, what) = holding.into_iter().next().context("the meaning has no name")?;
                    let what = what.as_str().map_or_else(|| what.to_string(), str::to_owned);
                    // The clicker prints this one as a single word.
                    format!("{word}{}{what}", if word == "felt" { '-' } else { ' ' })
                }
                other => bail!("unexpected meaning {other}"),
            };
            clicks.push(format!("boot {boot} seq {seq} {words}"));
        }
    }
    Ok(clicks)
}

/// Checks that the transcript has every event of the clicker once, in order, and no other.
pub(crate) fn same_clicks(entries: &[Entry], made: &[String]) -> anyhow::Result<()> {
    let recorded = clicks(entries)?;
    ensure!(
        recorded == made,
        "the transcript differs from the clicks\nclicked:  {made:?}\nrecorded: {recorded:?}"
    );
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("a path is not UTF-8")
}
