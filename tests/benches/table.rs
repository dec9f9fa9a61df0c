//! Benchmark table: each operation beside a baseline, measured in one run on one machine.
//!
//! The machines are noisy, so figures are medians, and the ratio is what counts: both sides of it are measured
//! alternately, within the same seconds. Printed, not tested.
#![expect(clippy::print_stdout, reason = "the table is for the person who runs it")]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Write as _};
use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use coach::{Click, Coach, Input, Key, Link, Moment, Plan, Rating, Setup};
use journal::Writer;
use session::{Opening, Output, Session};
use sim::{Cast, Memory, Settings, Simulation, Trouble};
use transcript::{Entry, Header, Kind, Means, PlanKept, Versions, ndjson};
use wire::{Cue, Frame, Report, Version};

/// Enough rounds for a stable median, few enough to finish within half a minute.
const ROUNDS: usize = 301;

fn main() -> anyhow::Result<()> {
    // `cargo test` runs benches too, where the table would only cost time.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    println!("| what | figure | beside | ratio | aim |");
    println!("|---|---|---|---|---|");
    frames();
    coach_steps();
    virtual_time()?;
    storing()?;
    acknowledged()?;
    lab()
}

/// Figures of the last lab run, from `figures.tsv` among its logs.
fn lab() -> anyhow::Result<()> {
    println!();
    // A bench program lies in `TARGET/PROFILE/deps`.
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(3).context("the build has no folder")?;
    let Ok(figures) = fs::read_to_string(target.join("lab/run/figures.tsv")) else {
        println!("over the air: no lab run yet: cargo xtask lab");
        return Ok(());
    };
    println!("| over the air, in the radio lab's last run | figure | aim |");
    println!("|---|---|---|");
    for line in figures.lines() {
        let mut columns = line.split('\t').skip(1);
        let mut next = || columns.next().unwrap_or_default();
        println!("| {} | {} | {} |", next(), next(), next());
    }
    Ok(())
}

fn frames() {
    let report =
        Report::Clicked { boot: 7, seq: 70_000, uptime: 7_000_000, show: 700, means: wire::Means::Spot };
    let frame = Frame::of(&report);
    let (encode, copy) =
        beside(|| repeat(1_000, || Frame::of(black_box(&report))), || repeat(1_000, || *black_box(&frame)));
    row("encode a frame", nanos(encode / 1_000), "copy it", nanos(copy / 1_000), ratio(encode, copy), "");
    let (decode, copy) = beside(
        || repeat(1_000, || wire::decode::<Report>(black_box(frame.as_bytes()))),
        || repeat(1_000, || *black_box(&frame)),
    );
    row("decode a frame", nanos(decode / 1_000), "copy it", nanos(copy / 1_000), ratio(decode, copy), "");
}

/// A hold with a rating each second, the most that people click.
fn coach_steps() {
    let begun = in_a_hold();
    let steps = 40;
    let took = median((0..ROUNDS).map(|_| {
        let (mut coach, mut now) = begun.clone();
        time(|| {
            for step in 0..steps {
                now += Duration::from_secs(1);
                let rating = Rating::new(3 + step % 3).unwrap_or(Rating::CEILING);
                coach.handle(now, Input::Click { means: Click::Rating(rating), late: false, passed: false });
                while let Some(output) = coach.poll_output() {
                    black_box(output);
                }
            }
        })
    }));
    let each = took / u32::from(steps);
    row("coach, a click in a hold", nanos(each), "", String::new(), per_second(each), "");
}

fn virtual_time() -> anyhow::Result<()> {
    let mut lived = Duration::ZERO;
    let took = time(|| -> anyhow::Result<()> {
        for seed in 0..20 {
            let settings = Settings::seeded(seed, Trouble::None);
            let mut simulation = Simulation::begin(header(seed), Memory::new(), settings, Cast::People)?;
            simulation.run(Duration::from_secs(4 * 3_600), |entry| drop(black_box(entry)))?;
            lived += Duration::from_millis(simulation.now().as_millis());
        }
        Ok(())
    });
    let times = lived.as_secs_f64() / took.as_secs_f64();
    let figure = format!("{:.0} s in {:.2} s", lived.as_secs_f64(), took.as_secs_f64());
    row("sessions in virtual time", figure, "real time", String::new(), format!("{times:.0}"), "50,000");
    Ok(())
}

/// A click and its consequences as one batch, durable on return.
fn storing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Writer::open(&folder.path().join("bench.db"))?;
    let session = store.create(&header(0))?;
    let mut plain = Plain::create(&folder.path().join("plain"))?;
    let batch = batch();
    // Both files have room, as they do in the middle of a session.
    let mut failed = Ok(());
    let (ours, bare) = beside(
        || {
            time(|| {
                if let Err(error) = store.append(session, &batch) {
                    failed = Err(error);
                }
            })
        },
        || time(|| plain.append(&batch).unwrap_or_default()),
    );
    failed?;
    row(
        "store an event, durably",
        per_second(ours),
        "append + fdatasync",
        per_second(bare),
        ratio(ours, bare),
        "1.5",
    );
    Ok(())
}

/// From a click's frame at the laptop to its acknowledgement handed to the link, including the disk.
fn acknowledged() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Writer::open(&folder.path().join("bench.db"))?;
    let key = store.create(&header(0))?;
    let mut plain = Plain::create(&folder.path().join("plain"))?;
    let opening = Opening { session: NonZeroU32::MIN, alone: false };
    let mut session = Session::begin(header(1), opening)?;
    let version = Version::CURRENT;
    session.handle(Moment::START, session::Input::Connected);
    let hello = Report::Hello { boot: 1, first_boot: 1, first_seq: 0, version, session: 1 };
    exchange(&mut session, &mut store, key, Moment::START, &hello)?;
    let beat = Report::Beat { boot: 1, uptime: 0, dial: None, next: 0, show: 1, alarm: false };
    exchange(&mut session, &mut store, key, Moment::START, &beat)?;
    let batch = batch();
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for seq in 0..u32::try_from(ROUNDS)? {
        let uptime = seq * 1_000;
        let now = Moment::from_millis(uptime.into());
        session.handle_timeout(now);
        exchange(&mut session, &mut store, key, now, &beat)?;
        // Nudges in the screening choose the area, so any number can follow each other.
        let means = wire::Means::Nudge(wire::Toward::Feet);
        let click = Report::Clicked { boot: 1, seq, uptime, show: 1, means };
        let from = Instant::now();
        let acked = exchange(&mut session, &mut store, key, now, &click)?;
        ours.push(from.elapsed());
        anyhow::ensure!(acked == Some(seq + 1), "click {seq} was acknowledged as {acked:?}");
        bare.push(time(|| plain.append(&batch).unwrap_or_default()));
    }
    let (ours, bare) = (median(ours.into_iter()), median(bare.into_iter()));
    row("click to acknowledged", micros(ours), "append + fdatasync", micros(bare), ratio(ours, bare), "");
    Ok(())
}

/// Passes a frame to the session and performs its outputs. Returns the acknowledgement, if there was one.
fn exchange(
    session: &mut Session,
    store: &mut Writer,
    key: journal::Key,
    now: Moment,
    report: &Report,
) -> anyhow::Result<Option<u32>> {
    let mut acked = None;
    session.handle(now, session::Input::Frame(Frame::of(report).as_bytes()));
    while let Some(output) = session.poll_output() {
        match output {
            Output::Store { batch, entries } => {
                let entries: Vec<Entry> =
                    entries.into_iter().filter(|entry| !matches!(entry.kind, Kind::Session(_))).collect();
                store.append(key, &entries)?;
                session.handle(now, session::Input::Stored { batch });
            }
            Output::Send(Cue::Ack { next, .. }) => acked = Some(next),
            Output::Send(_)
            | Output::Speak(_)
            | Output::Happened(_)
            | Output::Notice(_)
            | Output::Finished => {}
        }
    }
    Ok(acked)
}

/// Durable baseline: append lines to a file and sync it.
struct Plain(File);

impl Plain {
    fn create(path: &Path) -> io::Result<Self> {
        File::create(path).map(Self)
    }

    fn append(&mut self, batch: &[Entry]) -> io::Result<()> {
        let lines: String = batch.iter().map(|entry| ndjson::line(entry) + "\n").collect();
        self.0.write_all(lines.as_bytes())?;
        self.0.sync_data()
    }
}

fn in_a_hold() -> (Coach, Moment) {
    let mut coach = Coach::begin(Setup::of(Plan::partner()));
    let mut now = Moment::START;
    let click = |means| Input::Click { means, late: false, passed: false };
    let three = Rating::new(3).unwrap_or(Rating::MIN);
    let steps = [
        (0, Input::Link(Link::Live { dial: None })),
        (0, click(Click::Spot)),
        (0, Input::Key(Key::GoOn)),
        (0, Input::Key(Key::No)),
        (0, Input::Key(Key::No)),
        (0, Input::Key(Key::No)),
        (0, click(Click::Same(three))),
        (0, click(Click::Same(three))),
        (0, Input::Key(Key::AlreadyWarm)),
        (10, click(Click::Felt(coach::body::Side::Left))),
        (0, Input::Alarm(coach::Alarm::Sharp)),
        (0, click(Click::Yes)),
        (80, click(Click::Spot)),
        (6, click(Click::Rating(three))),
    ];
    for (wait, input) in steps {
        now += Duration::from_secs(wait);
        coach.handle(now, input);
    }
    while coach.poll_output().is_some() {}
    assert_eq!(coach.view(now).phase, coach::Phase::Holding);
    (coach, now)
}

fn header(seed: u64) -> Header {
    Header {
        id: format!("01890a5d-ac96-774b-bcce-{seed:012x}"),
        versions: Versions {
            program: "bench".to_owned(),
            wire: "1.0".to_owned(),
            schema: transcript::SCHEMA,
        },
        plan: PlanKept::new(&Plan::partner(), ""),
        seed: Some(seed),
        wall: "2026-11-22T18:00:00Z".to_owned(),
        receiver: None,
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
        learn: None,
    }
}

fn batch() -> Vec<Entry> {
    let four = Rating::new(4).unwrap_or(Rating::MIN);
    let at_ms = 123_456;
    let kinds = [
        Kind::Click {
            boot: 1,
            seq: 17,
            clicked_ms: at_ms,
            late: false,
            means: Means::Rating(four),
            passed: false,
        },
        Kind::Rating { value: four, late: false },
    ];
    kinds.into_iter().map(|kind| Entry { at_ms, kind }).collect()
}

/// Medians of two operations, measured alternately.
fn beside(mut one: impl FnMut() -> Duration, mut other: impl FnMut() -> Duration) -> (Duration, Duration) {
    let (ones, others): (Vec<_>, Vec<_>) = (0..ROUNDS).map(|_| (one(), other())).unzip();
    (median(ones.into_iter()), median(others.into_iter()))
}

fn repeat<T>(times: u32, mut what: impl FnMut() -> T) -> Duration {
    time(|| {
        for _ in 0..times {
            black_box(what());
        }
    })
}

/// Duration of a call. Its result is dropped after the clock was read.
fn time<T>(what: impl FnOnce() -> T) -> Duration {
    let from = Instant::now();
    black_box(what());
    from.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn row(what: &str, figure: String, beside: &str, other: String, ratio: String, aim: &str) {
    println!("| {what} | {figure} | {beside} {other} | {ratio} | {aim} |");
}

fn nanos(time: Duration) -> String {
    format!("{} ns", time.as_nanos())
}

fn micros(time: Duration) -> String {
    format!("{} us", time.as_micros())
}

fn per_second(each: Duration) -> String {
    format!("{:.0}/s", 1.0 / each.as_secs_f64())
}

fn ratio(ours: Duration, theirs: Duration) -> String {
    format!("{:.2}", ours.as_secs_f64() / theirs.as_secs_f64())
}
