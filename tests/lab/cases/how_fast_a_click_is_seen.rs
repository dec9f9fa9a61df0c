//! A click on the screen and on the disk, beside the least that could be done with it: a bare reader that prints a line.
//! Both take the same clicks from the same clicker in the same machine, in turns. Each is measured from the moment at
//! which the kernel had the notification, by its own trace.
//!
//! That every click is seen and stored is tested. How fast is printed: a busy machine decides it.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use transcript::Kind;
use wire::{Cue, Report};

use crate::cases::{Case, Program};
use crate::guest::trace::{self, Crossed};
use crate::guest::{Couple, Lab, Terminal, now, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "how_fast_a_click_is_seen",
    about: "60 clicks seen by a bare reader and by the screen, all stored; the delays side by side",
    limit: Duration::from_secs(540),
    needs: &[Program::Unknot, Program::Clicker, Program::Bare],
    run,
};

const SOON: Duration = Duration::from_secs(30);
/// Clicks for each of the two.
const CLICKS: usize = 60;
/// The shortest time between two clicks.
const PAUSE: Duration = Duration::from_millis(350);
/// Pauses grow by a step that has no common measure with a second, at which screens and beats come.
const STEP: Duration = Duration::from_millis(37);
const STEPS: u32 = 11;
/// A question is there so long before somebody answers it.
const REACTION: Duration = Duration::from_secs(3);

/// One stretch of clicks under one program.
struct Stretch {
    from: Duration,
    to: Duration,
    /// When the program wrote something.
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
    let connected = connected.context("the trace tells of no connection")?.0 - begun;
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

/// Half of the clicks under the bare reader, from connecting to its end.
fn read_barely(lab: &Lab, couple: &mut Couple, name: &str) -> anyhow::Result<Stretch> {
    let all = couple.clicker.all();
    let address = all.split("address ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let address = address.context("the clicker told no address")?;
    let mut bare = lab.bare(name, &[address, &(CLICKS / 2).to_string()])?;
    bare.shows("in session", SOON * 2)?;
    let stretch = click(couple, &bare, CLICKS / 2)?;
    bare.shows("done", SOON)?;
    bare.ended(SOON)?;
    Ok(stretch)
}

/// All clicks in a session on its screen, in the strokes once the receiver has told which shoulder the hand is on: from
/// then on a click is a rating, until SHARP is tried. And when its first question was there.
fn see(lab: &Lab, couple: &mut Couple) -> anyhow::Result<(Stretch, Duration)> {
    let plan = format!("{}/plan.toml", std::env::var("LAB")?);
    let log = lab.logs.join("unknot.trace");
    let (db, log) = (couple.db()?.to_owned(), log.to_str().context("a path is not UTF-8")?.to_owned());
    let arguments = ["--db", &db, "--log", &log, "session", "--table", "bed", "--plan", &plan];
    let mut unknot = lab.unknot_on_screen("unknot", &arguments)?;
    unknot.shows("where is the knot?", SOON * 2)?;
    let asked = now();
    unknot.press("n")?;
    // The last page is all in big letters, but for the line at its foot.
    for question in ["the skin there", "fever", "any of these", "one answer for this page"] {
        answer(couple, &unknot, question, "press a")?;
    }
    answer(couple, &unknot, "click 1 to 10", "press b")?;
    // The next question stands in the same words; it is there when the answer to the first has been taken.
    wait(REACTION * 2);
    answer(couple, &unknot, "click 1 to 10", "press b")?;
    unknot.shows("WARMING", SOON)?;
    unknot.press("w")?;
    answer(couple, &unknot, "felt on the left", "press a")?;
    // What changes with the answer is over.
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

/// So many clicks, up and down by turns so that each changes something, each after the one before is acknowledged.
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

/// What follows a notification, click by click.
struct Delays {
    /// The program's next write.
    seen: Vec<Duration>,
    /// The acknowledgement on its way, which says that it is on the disk.
    stored: Vec<Duration>,
}

fn delays(trace: &[(Duration, Crossed)], stretch: &Stretch) -> anyhow::Result<Delays> {
    let mut delays = Delays { seen: Vec::new(), stored: Vec::new() };
    let mut before = None;
    for (index, (came, crossed)) in trace.iter().enumerate() {
        let Crossed::Came(Report::Clicked { boot, seq, .. }) = *crossed else { continue };
        // A repetition is no new click.
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

/// Of so few as are measured here it is the worst.
fn p99(sorted: &[Duration]) -> Duration {
    sorted.get((sorted.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
