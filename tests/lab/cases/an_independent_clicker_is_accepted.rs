//! `unknot` works with a clicker written only from the protocol's page, on another stack: it pairs, holds a session,
//! and records every click. With a clicker of another major version it opens no session and says what to update.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use journal::Journal;

use crate::cases::{Case, Program};
use crate::guest::{Independent, Lab, Process, SOON, STARTED, refusals, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "an_independent_clicker_is_accepted",
    about: "a clicker written from the protocol page pairs and holds a session; another version is refused with a message",
    limit: Duration::from_secs(600),
    needs: &[Program::Unknot],
    run,
};

/// Reaction time of a person who has read the question.
const REACTION: Duration = Duration::from_secs(2);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let kept = ["--keystore", "clicker.keys", "--store", "clicker.store"];
    let mut clicker = lab.independent("clicker", "clicker", &kept)?;
    let told = clicker.says("\"event\": \"advertising\"", STARTED)?;
    let address = told["address"].as_str().context("no address")?.trim_end_matches("/P").to_owned();
    clicker.order("window")?;
    let mut pairing = lab.unknot("pair", &["--db", "sessions.db", "pair", &address])?;
    let passkey = clicker.passkey(SOON * 2)?;
    pairing.text("Type the six digits", SOON)?;
    pairing.order(&passkey)?;
    pairing.line("Paired.", SOON * 2)?;
    ensure!(pairing.ended(SOON)?.success(), "pairing succeeded but the program failed");

    let mut session = begin(lab, "session")?;
    hold(&mut session, &mut clicker)?;
    let journal = Journal::open(&lab.work.join("sessions.db"))?;
    let last = journal.last()?.context("no session is stored")?;
    let accepted = clicker.clicks("accepted")?;
    ensure!(accepted.len() >= 6, "expected an event for each answer: {accepted:?}");
    same_clicks(&journal.entries(last.key)?, &accepted)?;
    drop(journal);
    // The clicker learns of the end and does not report that it is not heard.
    clicker.says("\"open\": false, \"session\": ", SOON)?;
    let problems = clicker.all("problem");
    ensure!(problems.is_empty(), "the clicker reports protocol violations by the laptop: {problems:?}");
    let mut audit = lab.unknot("audit", &["--db", "sessions.db", "audit", "--all"])?;
    ensure!(audit.ended(SOON * 2)?.success(), "the audit reports a broken promise:\n{}", audit.all());

    // Restarts it with another major version.
    clicker.kill();
    let clicker = lab.independent("clicker-2", "clicker", &[&kept[..], &["--major", "2"]].concat())?;
    clicker.says("\"event\": \"advertising\"", STARTED)?;
    let mut session = begin(lab, "session-2")?;
    let words = session.line("the clicker speaks version 2.", SOON * 3)?;
    ensure!(words.contains("update the older one"), "the message gives no remedy: {words}");
    ensure!(session.ended(SOON)?.code() == Some(1), "no session can start, but the program succeeded");
    ensure!(clicker.all("cue").is_empty(), "a cue was sent to a clicker of another version");
    let sessions = Journal::open(Path::new(&lab.work.join("sessions.db")))?.sessions()?.len();
    ensure!(sessions == 1, "{sessions} sessions are stored");
    Ok(())
}

fn begin(lab: &Lab, name: &str) -> anyhow::Result<Process> {
    lab.unknot(name, &["--db", "sessions.db", "session", "--plain"])
}

/// Answers, and repeats the answer if the laptop counts it for the previous question: on a busy machine the clicker
/// gets its new mode seconds after the question.
fn answered(session: &Process, clicker: &mut Independent, answer: &str, next: &str) -> anyhow::Result<()> {
    loop {
        wait(REACTION);
        let refused = refusals(session);
        clicker.order(answer)?;
        match session.line(next, SOON) {
            Err(error) if refusals(session) == refused => return Err(error),
            Err(_) => {}
            Ok(_) => return Ok(()),
        }
    }
}

/// From the first question to warming, then the end.
fn hold(session: &mut Process, clicker: &mut Independent) -> anyhow::Result<()> {
    session.line("Where is the knot?", SOON * 2)?;
    session.order("o")?;
    session.line("look at the skin", SOON)?;
    for (answer, next) in [
        ("no", "a fever"),
        ("no", "does any of these apply"),
        ("no", "numb between the legs"),
        ("no", "How much does it hurt right now"),
        ("rate 3", "bother you when you move"),
        ("rate 4", "When moving: 4."),
    ] {
        answered(session, clicker, answer, next)?;
    }
    session.line("-- warming", SOON)?;
    session.order("e")?;
    session.line("Really end the session?", SOON)?;
    session.order("e")?;
    session.line("The session is over", SOON)?;
    ensure!(session.ended(SOON)?.success(), "the session ended but the program failed");
    Ok(())
}
