//! What a large store costs: ten thousand sessions with a million entries, listed, filtered, opened, searched and drawn,
//! each beside what reading everything takes in the same run, which is what it would cost without an index.
//!
//! Figures are those of the machine it runs on, printed beside their aims, and not tested. The store is made in a minute
//! or less; `BENCH_STORE` names a file in which it stays for the next run.
#![expect(clippy::print_stdout, reason = "the table is for the person who runs it")]

#[cfg(target_os = "linux")]
#[path = "../../tests/pty/place.rs"]
#[expect(dead_code, reason = "the tests in the terminal use the rest")]
mod place;
mod store;
#[cfg(target_os = "linux")]
#[path = "../../tests/pty/terminal.rs"]
#[expect(dead_code, reason = "the tests in the terminal use the rest")]
mod terminal;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use coach::Named as _;
use coach::body::Region;
use journal::{Filter, Journal, Session};
use report::html::across;
use report::measure::measure;
use report::trend::Trend;
use sim::rng::{RngStream, SeededRng};
use transcript::{Entry, Kind};
use words::Words;

/// Rows of a screen.
const PAGE: usize = 40;

/// Enough for a median and a p99 that stand still.
const TIMES: usize = 500;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    // A copy of this program, whose memory is looked at.
    if let [_, inside, path] = &arguments[..]
        && inside == "inside"
    {
        return inside_of(Path::new(path));
    }
    // `cargo test` runs benches too; there the table would only cost time.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = std::env::var_os("BENCH_STORE").map_or_else(|| folder.path().join("unknot.db"), PathBuf::from);
    if path.exists() {
        println!("the store is {}", path.display());
    } else {
        let from = Instant::now();
        let entries = store::make(&path)?;
        let megabytes = std::fs::metadata(&path)?.len() / 1_000_000;
        println!(
            "a store of {} sessions and {entries} entries, {megabytes} MB, was made in {:.1} s",
            store::SESSIONS,
            from.elapsed().as_secs_f64()
        );
    }
    table(&path)?;
    memory(&path)?;
    Ok(())
}

fn table(path: &Path) -> anyhow::Result<()> {
    let journal = Journal::open(path)?;
    println!("\n| what | figure | aim | beside: reading everything | ratio |");
    println!("|---|---|---|---|---|");
    // Everything read once, as it would have to be without an index, and what is wanted picked out.
    let (read, whole) = timed(|| everything(&journal))?;
    let (sessions, notes) = read;

    let all = times(TIMES, |_| Ok(journal.list(&Filter::default(), 0, PAGE)?))?;
    row("list the latest, a screen of them, and count all", middle(&all), "20 ms", whole);
    let mut dice = SeededRng::new(11, RngStream::Receiver);
    let filtered = times(TIMES, |_| Ok(journal.list(&filter(&mut dice), 0, PAGE)?))?;
    row("filter, median", middle(&filtered), "20 ms", whole);
    row("filter, p99", p99(&filtered), "20 ms", whole);
    let deep = times(TIMES, |_| Ok(journal.list(&Filter::default(), sessions.len() - PAGE, PAGE)?))?;
    row("list the earliest, a screen of them", middle(&deep), "20 ms", whole);
    let every = times(5, |_| Ok(journal.sessions()?))?;
    row("list every session", middle(&every), "", whole);

    let most = u32::try_from(sessions.len() - 1)?;
    let opened = times(TIMES, |_| {
        let session = &sessions[usize::try_from(dice.between(0, most))?];
        let entries = journal.entries(session.key)?;
        black_box(measure(&entries));
        Ok(entries)
    })?;
    row("open a session and count what is in it, p99", p99(&opened), "5 ms", whole);

    let searched = times(TIMES * 2, |_| {
        let count = dice.between(1, 3);
        Ok(journal.search(&store::words(&mut dice, count), PAGE)?)
    })?;
    row(&format!("search {notes} notes for words, p99"), p99(&searched), "50 ms", whole);

    let (receiver, of) = journal.receivers()?.into_iter().next().context("nobody has lain down")?;
    let (page, one) = timed(|| trend(&journal, &receiver))?;
    black_box(page);
    row(&format!("the trend page of {of} sessions"), one, "1 s", whole);
    drop(journal);

    let mut export = Command::new(env!("CARGO_BIN_EXE_unknot"));
    export.args(["export", "--all", "--format", "html", "--db"]).arg(path).stdout(Stdio::null());
    let (done, all) = timed(|| Ok(export.status()?))?;
    anyhow::ensure!(done.success(), "the export failed");
    row("everybody's trends as one file, the whole program", all, "", whole);
    let history = times(9, |_| {
        let mut history = Command::new(env!("CARGO_BIN_EXE_unknot"));
        Ok(history.args(["history", "--db"]).arg(path).stdout(Stdio::null()).status()?)
    })?;
    row("`unknot history` of all of them, the whole program", middle(&history), "", whole);
    #[cfg(target_os = "linux")]
    if Command::new(env!("CARGO_BIN_EXE_unknot")).args(["review", "--help"]).output()?.status.success() {
        row(
            "`unknot review` from its start to the first screen, median",
            first_screen(path),
            "150 ms",
            whole,
        );
    }
    Ok(())
}

/// Every session, and how many notes there are, by reading all entries.
fn everything(journal: &Journal) -> anyhow::Result<(Vec<Session>, usize)> {
    let sessions = journal.sessions()?;
    let mut notes = 0;
    for session in &sessions {
        let entries: Vec<Entry> = journal.entries(session.key)?;
        notes += entries
            .iter()
            .filter(|entry| matches!(&entry.kind, Kind::Note { text, .. } if !text.is_empty()))
            .count();
    }
    Ok((sessions, notes))
}

/// What somebody may ask for: one to four matters at once.
fn filter(dice: &mut SeededRng) -> Filter {
    let mut filter = Filter::default();
    if dice.per_mille(500) {
        filter.receiver = Some("Ada".to_owned());
    }
    if dice.per_mille(500) {
        filter.from = Some(format!("20{}-03", dice.between(16, 21)));
    }
    if dice.per_mille(300) {
        filter.region = Region::ALL.get(usize::try_from(dice.between(0, 11)).unwrap_or(0)).copied();
    }
    filter.sharp = dice.per_mille(300);
    if dice.per_mille(400) {
        filter.words = store::words(dice, 1);
    }
    filter
}

fn trend(journal: &Journal, receiver: &str) -> anyhow::Result<String> {
    let filter = Filter { receiver: Some(receiver.to_owned()), ..Filter::default() };
    let mut trend = Trend::default();
    for session in journal.list(&filter, 0, usize::MAX)?.sessions {
        let entries = journal.entries(session.key)?;
        if let Some(Kind::Session(header)) = entries.first().map(|first| &first.kind) {
            trend.add(header, &measure(&entries));
        }
    }
    Ok(across::trend(receiver, &trend, "index.html", &|_| None, &Words::english()))
}

/// All of it, once, in a process that did nothing else.
fn inside_of(path: &Path) -> anyhow::Result<()> {
    let journal = Journal::open(path)?;
    let mut dice = SeededRng::new(13, RngStream::Receiver);
    let listing = journal.list(&Filter::default(), 0, PAGE)?;
    for session in &listing.sessions {
        black_box(journal.entries(session.key)?);
        black_box(journal.list(&filter(&mut dice), 0, PAGE)?);
        black_box(journal.search(&store::words(&mut dice, 2), PAGE)?);
    }
    black_box(journal.sessions()?);
    let (receiver, _) = journal.receivers()?.into_iter().next().context("nobody has lain down")?;
    black_box(trend(&journal, &receiver)?);
    // Linux alone says it; elsewhere the row is left out.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    println!("{}", most.trim());
    Ok(())
}

fn memory(path: &Path) -> anyhow::Result<()> {
    let output = Command::new(std::env::current_exe()?).arg("inside").arg(path).output()?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    if let Some(kilobytes) =
        said.trim().strip_suffix(" kB").and_then(|figure| figure.trim().parse::<u32>().ok())
    {
        println!(
            "| memory at most, all of the above in one process | {} MB | 100 MB | | |",
            kilobytes / 1_024
        );
    }
    Ok(())
}

/// The list of a store of this size, in a terminal.
#[cfg(target_os = "linux")]
fn first_screen(path: &Path) -> Duration {
    let place = place::Place::new();
    let path = path.display().to_string();
    let starts = (0..9).map(|_| {
        let from = Instant::now();
        let mut terminal = terminal::Terminal::start(place.unknot(&["--db", &path, "review"]), 120, 40);
        terminal.until("10000");
        from.elapsed()
    });
    middle(&starts.collect::<Vec<_>>())
}

fn timed<T>(what: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, Duration)> {
    let from = Instant::now();
    let given = what()?;
    Ok((given, from.elapsed()))
}

/// How long each of so many times took, the shortest first.
fn times<T>(count: usize, mut what: impl FnMut(usize) -> anyhow::Result<T>) -> anyhow::Result<Vec<Duration>> {
    let each = (0..count).map(|number| {
        let (given, took) = timed(|| what(number))?;
        black_box(given);
        Ok(took)
    });
    let mut times = each.collect::<anyhow::Result<Vec<_>>>()?;
    times.sort_unstable();
    Ok(times)
}

fn middle(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn p99(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() * 99 / 100).copied().unwrap_or_default()
}

fn row(what: &str, figure: Duration, aim: &str, whole: Duration) {
    let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    let ratio = whole.as_secs_f64() / figure.as_secs_f64().max(1e-9);
    println!("| {what} | {} | {aim} | {} | {ratio:.0} |", milliseconds(figure), milliseconds(whole));
}
