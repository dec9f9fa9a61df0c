//! Delay from a click to the screen and to the disk, beside a baseline: a minimal reader that prints a line. Both take
//! the same clicks from the same clicker in the same machine, alternately. Each delay counts from the kernel's time
//! stamp of the notification.
//!
//! The case fails if a click is not seen or not stored. Delays are only printed, because they depend on the load.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use transcript::Kind;
use wire::{Cue, Report};

use crate::cases::{Case, Program};
use crate::guest::trace::{self, Crossed};
use crate::guest::{Couple, Lab, Terminal, now, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "how_fast_a_click_is_seen",
    about: "60 clicks seen by a minimal reader and on the screen, all stored; delays printed side by side",
    limit: Duration::from_secs(540),
    needs: &[Program::Unknot, Program::Clicker, Program::Bare],
    run,
};

const SOON: Duration = Duration::from_secs(30);
/// Clicks for each program.
const CLICKS: usize = 60;
/// Minimum pause between two clicks.
const PAUSE: Duration = Duration::from_millis(350);
/// Step by which pauses grow; with no common divisor with 1 s, at which screens and beats come.
const STEP: Duration = Duration::from_millis(37);
const STEPS: u32 = 11;
/// Reaction time to a question.
const REACTION: Duration = Duration::from_secs(3);

/// A series of clicks under one program.
struct Stretch {
    from: Duration,
    to: Duration,
    /// Times of the program's writes.
    writes: Vec<Duration>,
}

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    let mut bare = vec![read_barely(lab, &mut couple, "bare-1")?];
    let begun = now();
    let (screen, asked) = see(lab, &mut couple)?;
    bare.push(read_barely(lab, &mut couple, "bare-2")?);
    let entries = couple.transcript()?;
    let made = couple.clicker.made();
    let half = CLICKS / 2;
    same_clicks(&entries, made.get(half..made.len() - half).context("clicks are missing")?)?;
    let rated = entries.iter().filter(|entry| matches!(entry.kind, Kind::Rating { .. })).count();
    ensure!(
        rated >= CLICKS,
        "{rated} of {CLICKS} clicks were ratings, and only those change a number that is seen"
    );
    couple.audit(lab)?;

    let trace = trace::read(&lab.logs.join("btmon.snoop"))?;
    let connected = trace.iter().find(|(at, crossed)| *at > begun && *crossed == Crossed::Connected);
    let connected = connected.context("the trace has no connection")?.0 - begun;
    lab.figure("session started to connected", millis(connected))?;
    lab.figure("session started to the first question on the screen", millis(asked - begun))?;

    let mut lines = Vec::new();
    for stretch in &bare {
        lines.extend(delays(&trace, stretch)?.seen);
    }
    let Delays { mut seen, mut stored } = delays(&trace, &screen)?;
    ensure!(lines.len() == CLICKS, "the bare reader saw {} of {CLICKS} clicks", lines.len());
    ensure!(seen.len() == CLICKS, "the screen showed {} of {CLICKS} clicks", seen.len());
    ensure!(stored.len() == CLICKS, "{} of {CLICKS} clicks were stored", stored.len());
    for all in [&mut lines, &mut seen, &mut stored] {
        all.sort_unstable();
    }
    let both = |all: &[Duration]| format!("{}, {}", millis(median(all)), millis(p99(all)));
    lab.figure("bare reader, notification to its line: median, p99", both(&lines))?;
    lab.figure("unknot, notification to the redraw: median, p99", both(&seen))?;
    lab.figure("unknot, notification to stored and acknowledged: median, p99", both(&stored))?;
    let ratio = median(&seen).as_secs_f64() / median(&lines).as_secs_f64();
    let missed = if ratio > 1.2 { ", MISSED" } else { "" };
    lab.figure_beside(
        "redraw beside bare, median",
        &format!("{ratio:.2} times{missed}"),
        "1.2 times or less",
    )?;
    let added = (p99(&seen).as_secs_f64() - p99(&lines).as_secs_f64()) * 1e3;
    let missed = if added > 8.0 { ", MISSED" } else { "" };
    lab.figure_beside("redraw beside bare, p99", &format!("{added:+.1} ms{missed}"), "8 ms or less added")
}

/// Half of the clicks under the minimal reader, from its connection to its end.
fn read_barely(lab: &Lab, couple: &mut Couple, name: &str) -> anyhow::Result<Stretch> {
    let all = couple.clicker.all();
    let address = all.split("address ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let address = address.context("the clicker reported no address")?;
    let mut bare = lab.bare(name, &[address, &(CLICKS / 2).to_string()])?;
    bare.shows("in session", SOON * 2)?;
    let stretch = click(couple, &bare, CLICKS / 2)?;
    bare.shows("done", SOON)?;
    bare.ended(SOON)?;
    Ok(stretch)
}

/// All clicks in a session on its screen, during the strokes, after the receiver has answered which shoulder the hand
/// is on: until SHARP is tried, clicks are ratings. Also returns the time of the first question.
fn see(lab: &Lab, couple: &mut Couple) -> anyhow::Result<(Stretch, Duration)> {
    let plan = format!("{}/plan.toml", std::env::var("LAB")?);
    let log = lab.logs.join("unknot.trace");
    let (db, log) = (couple.db()?.to_owned(), log.to_str().context("a path is not UTF-8")?.to_owned());
    let arguments = ["--db", &db, "--log", &log, "session", "--table", "bed", "--plan", &plan];
    let mut unknot = lab.unknot_on_screen("unknot", &arguments)?;
    unknot.shows("where is the knot?", SOON * 2)?;
    let asked = now();
    unknot.press("\r")?;
    // The last page is in big letters except for its bottom line.
    for question in ["the skin there", "fever", "any of these", "one answer for this page"] {
        answer(couple, &unknot, question, "press a")?;
    }
    answer(couple, &unknot, "click 1 to 10", "press b")?;
    // The next question has the same words; wait until the first answer has been taken.
    wait(REACTION * 2);
    answer(couple, &unknot, "click 1 to 10", "press b")?;
    unknot.shows("WARMING", SOON)?;
    unknot.press("w")?;
    answer(couple, &unknot, "felt on the left", "press a")?;
    // Wait until the screen has finished changing.
    wait(REACTION);
    let stretch = click(couple, &unknot, CLICKS)?;
    unknot.press("e")?;
    wait(REACTION);
    unknot.press("e")?;
    wait(REACTION);
    unknot.press(" ")?;
    unknot.ended(SOON)?;
    Ok((stretch, asked))
}

fn answer(couple: &mut Couple, unknot: &Terminal, question: &str, command: &str) -> anyhow::Result<()> {
    unknot.shows(question, SOON)?;
    wait(REACTION);
    couple.clicker.skip();
    couple.hand(command)?;
    couple.clicker.line("kept 0", SOON).map(drop)
}

/// Clicks up and down alternately, so that each changes the screen, and waits for each acknowledgement.
fn click(couple: &mut Couple, terminal: &Terminal, clicks: usize) -> anyhow::Result<Stretch> {
    let from = now();
    for (count, steps) in (0..clicks).zip((0..STEPS).cycle()) {
        couple.clicker.skip();
        couple.hand(if count % 2 == 0 { "press b" } else { "press a" })?;
        couple.clicker.line(" event ", SOON)?;
        couple.clicker.line("kept 0", SOON).with_context(|| format!("click {count} is not acknowledged"))?;
        wait(PAUSE + STEP * steps);
    }
    Ok(Stretch { from, to: now(), writes: terminal.moments() })
}

/// Delays after a notification, per click.
struct Delays {
    /// Until the program's next write.
    seen: Vec<Duration>,
    /// Until the acknowledgement is sent, which means that the click is on the disk.
    stored: Vec<Duration>,
}

fn delays(trace: &[(Duration, Crossed)], stretch: &Stretch) -> anyhow::Result<Delays> {
    let mut delays = Delays { seen: Vec::new(), stored: Vec::new() };
    let mut before = None;
    for (index, (came, crossed)) in trace.iter().enumerate() {
        let Crossed::Came(Report::Clicked { boot, seq, .. }) = *crossed else { continue };
        // Repetitions are skipped.
        if *came < stretch.from || *came > stretch.to || before >= Some((boot, seq)) {
            continue;
        }
        before = Some((boot, seq));
        let written = stretch.writes.iter().find(|write| *write >= came);
        delays.seen.push(*written.with_context(|| format!("nothing was written after click {seq}"))? - *came);
        let acknowledges = |crossed: &Crossed| matches!(*crossed, Crossed::Went(Cue::Ack { boot: of, next }) if of == boot && next > seq);
        let acked = trace.iter().skip(index).find(|(_, crossed)| acknowledges(crossed));
        delays.stored.push(acked.with_context(|| format!("click {seq} was not acknowledged"))?.0 - *came);
    }
    Ok(delays)
}

fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// With this few samples, the maximum.
fn p99(sorted: &[Duration]) -> Duration {
    sorted.get((sorted.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
