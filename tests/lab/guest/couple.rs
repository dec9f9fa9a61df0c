//! Two people at work: `unknot session --plain` on the laptop, the clicker in the receiver's hand. What they do reads
//! here as it is told to people; each step waits for the words that ask for it.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use journal::Journal;
use serde_json::Value;
use transcript::{Entry, Kind};

use super::process::Process;
use super::{Clicker, Lab};

/// What follows from something just done, on an emulated machine.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// The clicker says that nobody hears it 2.5 s after the last pulse, and looks twice a second.
const NOT_HEARD: RangeInclusive<Duration> = Duration::from_millis(2400)..=Duration::from_millis(3500);
/// The flush strokes of a plan, and the time around them.
const FLUSH: Duration = Duration::from_secs(50);
/// Nobody answers a question sooner, and a click made before the question reached the clicker would answer the one
/// before it.
const REACTION: Duration = Duration::from_secs(2);
/// Between two looks at whether a click was refused.
const LOOK: Duration = Duration::from_millis(500);
/// How the laptop refuses a click that another would mend.
const REFUSALS: &[&str] =
    &[": no. Nothing waits for that", ": no. That question has passed", ": no. It came more than"];
/// From a mishap to its flush strokes: 2 s to Lost, 10 s of patience, and the machine's slowness.
const CUT: Duration = Duration::from_secs(45);
/// The strokes of the lab's plan, and the time around them.
const STROKES: Duration = Duration::from_secs(90);

/// A laptop and the clicker it is paired with.
pub(crate) struct Couple {
    /// The clicker.
    pub(crate) clicker: Clicker,
    /// The laptop's program in a session, where one runs.
    pub(crate) laptop: Option<Process>,
    /// The clicker's address.
    pub(crate) address: String,
    db: PathBuf,
    sessions: usize,
    /// What the receiver's hand did last.
    last: Option<String>,
    /// How many refusals have been answered.
    refused: usize,
}

impl Couple {
    /// A clicker is switched on with its logo held, and `unknot pair` pairs it by its six digits.
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
        ensure!(status.success(), "pairing went well and ended with {status}");
        Ok(Self { clicker, laptop: None, address, db, sessions: 0, last: None, refused: 0 })
    }

    /// Paired, and at work up to the first hold, rated 3 and then 4.
    pub(crate) fn in_the_first_hold(lab: &mut Lab) -> anyhow::Result<Self> {
        let mut couple = Self::pair(lab)?;
        couple.sit_down(lab)?;
        couple.get_ready()?;
        couple.reach_the_first_hold()?;
        Ok(couple)
    }

    /// `unknot pair` with what the clicker shows, the window being open; or with other digits.
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

    /// A command of the laptop's program, with this couple's store.
    pub(crate) fn unknot(&self, lab: &Lab, name: &str, arguments: &[&str]) -> anyhow::Result<Process> {
        lab.unknot(name, &[&["--db", text(&self.db)?], arguments].concat())
    }

    /// The laptop's session is begun, or offered again where one was interrupted. No device is named: the one that is
    /// remembered is meant.
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

    /// Where its sessions are stored.
    pub(crate) fn db(&self) -> anyhow::Result<&str> {
        text(&self.db)
    }

    /// The laptop's program.
    pub(crate) fn laptop(&mut self) -> anyhow::Result<&mut Process> {
        self.laptop.as_mut().context("no session runs")
    }

    /// Waits for the laptop to say this. Where it says instead that the receiver's last click came too soon for a
    /// question, or too late, they click again, as a person does: on a busy machine either takes seconds.
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

    /// The receiver's hand: a command of the clicker.
    pub(crate) fn hand(&mut self, command: &str) -> anyhow::Result<()> {
        self.last = Some(command.to_owned());
        self.clicker.order(command)
    }

    /// The clicker says that nobody hears it, neither sooner nor later after the last pulse than it has to.
    pub(crate) fn says_not_heard(&self, lab: &Lab) -> anyhow::Result<()> {
        let line = self.clicker.line("sound not-heard", SOON)?;
        let silent = super::radio_log::silence_before(&lab.logs.join("radio.log"), &line)?;
        ensure!(
            NOT_HEARD.contains(&silent),
            "it says that nobody hears {silent:?} after the last pulse: {line}"
        );
        Ok(())
    }

    /// The receiver answers what the laptop asks in these words.
    pub(crate) fn answers(&mut self, question: &str, command: &str) -> anyhow::Result<()> {
        self.says(question, SOON)?;
        super::wait(REACTION);
        self.hand(command)
    }

    /// From the first question, all of them answered no, to warming.
    pub(crate) fn answer_the_questions(&mut self) -> anyhow::Result<()> {
        self.says("Where is the knot?", SOON * 2)?;
        self.key("n")?;
        for question in ["look at the skin", "a fever", "does any of these apply", "numb between the legs"] {
            self.answers(question, "press a")?;
        }
        self.answers("How much does it hurt right now", "press b")?;
        self.says("At rest: 3.", SOON)?;
        self.answers("bother you when you move", "press b")?;
        self.says("When moving: 3.", SOON)?;
        self.says("-- warming", SOON).map(drop)
    }

    /// From the first question to the strokes, with the ready check passed.
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

    /// The receiver gives the first rating of a hold, and the next.
    pub(crate) fn rate(&mut self) -> anyhow::Result<()> {
        self.answers("how much is it now?", "press b")?;
        self.says("Rating 3.", SOON)?;
        self.hand("press b")?;
        self.says("Rating 4.", SOON).map(drop)
    }

    /// Holds on until the minimum is counted, with a touch of "same as before" now and then: a rating that grows old ends
    /// a hold.
    pub(crate) fn hold_on(&mut self) -> anyhow::Result<()> {
        for _ in 0..8 {
            if self.says("Has it softened?", Duration::from_secs(7)).is_ok() {
                return Ok(());
            }
            self.hand("press logo")?;
        }
        bail!("the minimum was not counted within a minute")
    }

    /// From a hold whose minimum is counted to the end of the session, of which nothing is left out; the program ends.
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
        ensure!(status.success(), "the session is over and the program ended with {status}");
        Ok(())
    }

    /// The hold is cut, and strokes follow; the clicker is back by then or comes back in them.
    pub(crate) fn is_cut_and_flushed(&mut self) -> anyhow::Result<()> {
        self.says("Hold cut", CUT)?;
        self.says("-- flushing", SOON)?;
        self.clicker.line("link up", CUT).map(drop)
    }

    /// From flushing, whose question is answered with "beside it", to the next hold.
    pub(crate) fn go_beside(&mut self) -> anyhow::Result<()> {
        self.says("Receiver, what next?", FLUSH)?;
        super::wait(REACTION);
        self.hand("press b")?;
        self.says("-- locating", SOON * 2)?;
        self.lean_in()
    }

    /// The partner ends the session, and the program ends by itself.
    pub(crate) fn end(&mut self) -> anyhow::Result<()> {
        self.key("e")?;
        self.says("Really end the session?", SOON)?;
        self.key("e")?;
        self.says("The session is over", SOON)?;
        let status = self.laptop()?.ended(SOON)?;
        self.laptop = None;
        ensure!(status.success(), "the session is over and the program ended with {status}");
        Ok(())
    }

    /// The clicker's battery falls out and is put in again.
    pub(crate) fn reset_clicker(&mut self, lab: &Lab) -> anyhow::Result<()> {
        self.clicker.kill();
        self.clicker = lab.clicker_again("clicker", self.clicker.port)?;
        Ok(())
    }

    /// The laptop's program is ended as a power cut would.
    pub(crate) fn kill_laptop(&mut self) -> anyhow::Result<()> {
        self.laptop.take().context("no session runs")?.kill();
        Ok(())
    }

    /// What is stored of the last session.
    pub(crate) fn transcript(&self) -> anyhow::Result<Vec<Entry>> {
        let journal = Journal::open(&self.db)?;
        let last = journal.last()?.context("no session is stored")?;
        Ok(journal.entries(last.key)?)
    }

    /// Every promise is kept by every session stored, as `unknot audit` finds.
    pub(crate) fn audit(&self, lab: &Lab) -> anyhow::Result<()> {
        let mut audit = lab.unknot("audit", &["--db", text(&self.db)?, "audit", "--all"])?;
        let status = audit.ended(SOON * 2)?;
        ensure!(status.success(), "the audit finds a promise broken:\n{}", audit.all());
        Ok(())
    }
}

/// How often the laptop has refused a click that another would mend.
pub(crate) fn refusals(laptop: &Process) -> usize {
    laptop.all().lines().filter(|line| REFUSALS.iter().any(|refusal| line.contains(refusal))).count()
}

/// The clicks of a transcript in its order, in the clicker's own words: `boot 1 seq 4 rating 3`.
pub(crate) fn clicks(entries: &[Entry]) -> anyhow::Result<Vec<String>> {
    let mut clicks = Vec::new();
    for entry in entries {
        if let Kind::Click { boot, seq, means, .. } = &entry.kind {
            let words = match serde_json::to_value(means)? {
                Value::String(word) => word,
                Value::Object(holding) => {
                    let (word, what) = holding.into_iter().next().context("a meaning without a name")?;
                    let what = what.as_str().map_or_else(|| what.to_string(), str::to_owned);
                    // The one that the clicker has as two words of one.
                    format!("{word}{}{what}", if word == "felt" { '-' } else { ' ' })
                }
                other => bail!("a meaning that is {other}"),
            };
            clicks.push(format!("boot {boot} seq {seq} {words}"));
        }
    }
    Ok(clicks)
}

/// The record holds what the clicker decided: each event once, in its order, and nothing else.
pub(crate) fn same_clicks(entries: &[Entry], made: &[String]) -> anyhow::Result<()> {
    let recorded = clicks(entries)?;
    ensure!(
        recorded == made,
        "the transcript is not what was clicked\nclicked:  {made:?}\nrecorded: {recorded:?}"
    );
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("a path is not UTF-8")
}
