//! On the host: installs what the lab needs, boots machines, lays out the cases for them, and tells live how each went.

mod boards;
mod figures;
mod interactive;
mod layout;
mod machine;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

pub(crate) use self::interactive::{attach, interactive};

use self::layout::{Layout, Time};
use self::machine::Machine;
use crate::cases::{self, ALL, Case, Program};
use crate::queue::{Ended, Queue};

/// From power-on to the first case taken, on a machine that others keep busy.
const BOOT: Duration = Duration::from_secs(300);
/// A machine that says nothing for so much longer than its case may take is cut off. By the host's clock, which is no
/// measure of anything: cases are ended by their own machine.
const HUNG: Duration = Duration::from_secs(300);
/// A machine that takes no case is tried again: nothing has been tested by it yet.
const BOOTS: usize = 2;
/// How often the host looks at what machines have done.
const LOOK: Duration = Duration::from_millis(50);

/// In real time so many that failed are tried again alone, because seconds on an emulated machine are what its neighbours
/// leave of them. More than that is no noise. In virtual time nothing is tried twice.
const TRIED_AGAIN: usize = 3;

/// How one case went.
#[derive(Clone)]
struct Outcome {
    case: &'static Case,
    /// By the host's clock, and by the machine's own.
    took: Duration,
    lived: Duration,
    fault: Option<String>,
    /// Whether it had failed before.
    again: bool,
}

/// Runs the named cases, or all that suit this clock. `--real-time` first means the emulated machine. True when all went
/// well.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let began = Instant::now();
    let (time, names) = parse(arguments);
    let chosen = choose(time, names)?;
    let Some(layout) = Layout::install("run", time)? else { return Ok(cannot_run(chosen.len())) };
    for case in &chosen {
        layout.take(case.needs)?;
    }
    let (alone, beside): (Vec<_>, Vec<_>) = chosen.iter().copied().partition(|case| case.is_alone());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let machines = match time {
        Time::Virtual => cores,
        // People take their time, and so do cases: half of the machines wait while the others work.
        Time::Real => cores + cores / 2,
    };
    let machines = machines.clamp(1, 4).min(beside.len());
    let what = match time {
        Time::Virtual => "machines in virtual time",
        Time::Real => "emulated machines in real time",
    };
    println!("lab: {} cases on {machines} {what}; logs in {}", chosen.len(), layout.logs.display());
    let mut outcomes = on_machines(&layout, machines, &beside)?;
    if !alone.is_empty() {
        println!("lab: {} more on one machine", alone.len());
        outcomes.extend(on_machines(&layout, 1, &alone)?);
    }
    let failed: Vec<&'static Case> =
        outcomes.iter().filter(|one| one.fault.is_some()).map(|one| one.case).collect();
    if time == Time::Real && chosen.len() > 1 && !failed.is_empty() && failed.len() <= TRIED_AGAIN {
        println!("lab: {} failed; tried once more, alone", failed.len());
        outcomes.retain(|one| one.fault.is_none());
        let again = on_machines(&layout, 1, &failed)?;
        outcomes.extend(again.into_iter().map(|one| Outcome { again: true, ..one }));
    }
    Ok(summary(&layout, time, &chosen, &outcomes, began.elapsed()))
}

/// Runs these cases on so many machines side by side.
fn on_machines(layout: &Layout, machines: usize, cases: &[&'static Case]) -> anyhow::Result<Vec<Outcome>> {
    let queue = Queue::at(&layout.logs.join("queue"));
    queue.create(cases)?;
    let outcomes: Mutex<Vec<Outcome>> = Mutex::default();
    thread::scope(|scope| {
        for number in 1..=machines.min(cases.len()) {
            let (queue, outcomes) = (&queue, &outcomes);
            scope.spawn(move || serve(layout, number, queue, outcomes));
        }
    });
    Ok(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Said so that nobody takes it for a pass; in CI it is none.
fn cannot_run(cases: usize) -> bool {
    eprintln!("THE RADIO LAB DID NOT RUN: this machine lacks what is named above, and nothing was tried.");
    println!("0 passed, 0 failed, {cases} skipped");
    std::env::var_os("CI").is_none()
}

/// Names the programs that the chosen cases run, one a line, for the one who builds them.
pub(crate) fn needs(arguments: &[String]) -> anyhow::Result<bool> {
    let chosen = match arguments.first().map(String::as_str) {
        Some("--list" | "--attach") => Vec::new(),
        Some("--interactive") => Program::BY_HAND.to_vec(),
        _ => {
            let (time, names) = parse(arguments);
            choose(time, names)?.iter().flat_map(|case| case.needs).copied().collect()
        }
    };
    for program in Program::ALL.iter().filter(|program| chosen.contains(program)) {
        println!("{}", program.name());
    }
    Ok(true)
}

fn parse(arguments: &[String]) -> (Time, &[String]) {
    match arguments.split_first() {
        Some((first, names)) if first == "--real-time" => (Time::Real, names),
        _ => (Time::Virtual, arguments),
    }
}

fn choose(time: Time, names: &[String]) -> anyhow::Result<Vec<&'static Case>> {
    let named = |case: &&Case| names.is_empty() || names.iter().any(|name| case.name.contains(name.as_str()));
    for name in names {
        ensure!(
            ALL.iter().any(|case| case.name.contains(name.as_str())),
            "no case is called {name}; --list names them"
        );
    }
    let suits = |case: &&Case| time == Time::Real || !case.wants_real_time();
    let chosen: Vec<&'static Case> = ALL.iter().filter(named).filter(suits).collect();
    ensure!(
        !chosen.is_empty(),
        "these cases mean something only in real time: cargo xtask lab --real-time {}",
        names.join(" ")
    );
    Ok(chosen)
}

/// Boots machines one after the other until no case waits: one is enough where nothing hangs.
fn serve(layout: &Layout, number: usize, queue: &Queue, outcomes: &Mutex<Vec<Outcome>>) {
    let mut idle = 0;
    while queue.has_waiting() && idle < BOOTS {
        match one_machine(layout, number, queue, outcomes) {
            Ok(true) => idle = 0,
            Ok(false) => idle += 1,
            Err(error) => {
                idle += 1;
                eprintln!("lab: machine {number}: {error:#}");
            }
        }
    }
}

/// One machine from power-on to power-off, telling each of its cases. Whether it took any.
fn one_machine(
    layout: &Layout,
    number: usize,
    queue: &Queue,
    outcomes: &Mutex<Vec<Outcome>>,
) -> anyhow::Result<bool> {
    let mut machine = Machine::boot(layout, number, "guest cases")?;
    // What an earlier machine of this number took is told.
    let mut told: HashSet<&str> = queue.taken(machine.name())?.iter().map(|case| case.name).collect();
    let before = told.len();
    let mut open: HashMap<&str, Instant> = HashMap::new();
    let mut since = Instant::now();
    loop {
        let off = machine.is_off();
        for case in queue.taken(machine.name())?.into_iter().filter(|case| !told.contains(case.name)) {
            if told.len() == before && open.is_empty() {
                println!("lab: machine {number} is up after {:.1} s", since.elapsed().as_secs_f64());
            }
            open.entry(case.name).or_insert_with(|| {
                since = Instant::now();
                since
            });
        }
        for (name, began) in open.clone() {
            let case = cases::named(name).context("a case that was taken is known")?;
            let ended = match queue.ended(case)? {
                Some(ended) => ended,
                None if off => {
                    let fault = format!("the machine went down; {}", machine.last_words());
                    Ended { took: Duration::ZERO, fault: Some(fault) }
                }
                None => continue,
            };
            told.insert(case.name);
            open.remove(name);
            let Ended { took: lived, fault } = ended;
            tell(Outcome { case, took: began.elapsed(), lived, fault, again: false }, layout, outcomes);
        }
        if off {
            if told.len() == before {
                eprintln!("lab: machine {number} took no case; {}", machine.last_words());
            }
            return Ok(told.len() > before);
        }
        let limit = open.keys().filter_map(|name| cases::named(name)).map(|case| case.limit).max();
        if since.elapsed() > limit.map_or(BOOT, |limit| limit + HUNG) {
            eprintln!("lab: machine {number} hangs and is switched off");
            machine.cut();
        }
        thread::park_timeout(LOOK);
    }
}

fn tell(outcome: Outcome, layout: &Layout, outcomes: &Mutex<Vec<Outcome>>) {
    let seconds = outcome.took.as_secs_f64();
    let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
    match &outcome.fault {
        None => println!("test {} ... ok ({seconds:.1} s)", outcome.case.name),
        Some(fault) => {
            println!("test {} ... FAILED ({seconds:.1} s)", outcome.case.name);
            println!("  {}", fault.replace('\n', "\n  "));
            println!("  logs: {}", layout.logs.join(outcome.case.name).display());
        }
    }
    outcomes.push(outcome);
}

/// The table, and the closing line. True when all went well.
fn summary(
    layout: &Layout,
    time: Time,
    chosen: &[&'static Case],
    outcomes: &[Outcome],
    took: Duration,
) -> bool {
    println!();
    let mut passed = 0;
    for case in chosen {
        let outcome = outcomes.iter().find(|outcome| outcome.case.name == case.name);
        let word = match outcome {
            Some(Outcome { fault: None, again: false, .. }) => "ok",
            Some(Outcome { fault: None, .. }) => "ok alone",
            Some(_) => "FAILED",
            None => "NOT RUN",
        };
        passed += usize::from(word.starts_with("ok"));
        let seconds = outcome.map_or(0.0, |outcome| outcome.took.as_secs_f64());
        let lived = outcome.map_or(0.0, |outcome| outcome.lived.as_secs_f64());
        let lived = if time == Time::Virtual { format!(" {lived:>6.1} s lived ") } else { String::new() };
        println!("{word:<8} {seconds:>6.1} s {lived} {:<40} {}", case.name, case.about);
    }
    let failed = chosen.len() - passed;
    if failed > 0 {
        let flag = if time == Time::Real { "--real-time " } else { "" };
        println!("again: cargo xtask lab {flag}NAME; logs: {}", layout.logs.display());
    }
    if let Err(error) = figures::collect(&layout.logs, chosen) {
        eprintln!("lab: the figures cannot be collected: {error:#}");
    }
    println!("the radio lab took {:.0} s", took.as_secs_f64());
    println!("{passed} passed, {failed} failed");
    failed == 0
}
