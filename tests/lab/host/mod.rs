//! Host side: installs what the lab needs, boots machines, fills the queue, and reports each result live.

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

/// Limit from power-on to the first case taken, on a busy machine.
const BOOT: Duration = Duration::from_secs(300);
/// Additional time after a case's limit before a silent machine is killed. By the host's clock, so only a safety net:
/// each machine ends its own cases.
const HUNG: Duration = Duration::from_secs(300);
/// Boots of a machine that takes no case; nothing has been tested by then.
const BOOTS: usize = 2;
/// Interval at which the host checks the queue.
const LOOK: Duration = Duration::from_millis(50);

/// Maximum number of failed cases that are repeated alone, in real time only: there, load by neighbours can make a case
/// fail. More failures are not noise. In virtual time nothing is repeated.
const TRIED_AGAIN: usize = 3;

/// Result of one case.
#[derive(Clone)]
struct Outcome {
    case: &'static Case,
    /// By the host's clock and by the machine's own.
    took: Duration,
    lived: Duration,
    fault: Option<String>,
    /// Whether this was the second attempt.
    again: bool,
}

/// Runs the named cases, or all that suit the clock; `--real-time` first selects emulated machines. Returns whether all
/// passed.
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
        // Cases spend much time waiting, so there are half as many machines again as cores.
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
        println!("lab: {} more cases on a single machine", alone.len());
        outcomes.extend(on_machines(&layout, 1, &alone)?);
    }
    let failed: Vec<&'static Case> =
        outcomes.iter().filter(|one| one.fault.is_some()).map(|one| one.case).collect();
    if time == Time::Real && chosen.len() > 1 && !failed.is_empty() && failed.len() <= TRIED_AGAIN {
        println!("lab: {} failed; repeating each once, alone", failed.len());
        outcomes.retain(|one| one.fault.is_none());
        let again = on_machines(&layout, 1, &failed)?;
        outcomes.extend(again.into_iter().map(|one| Outcome { again: true, ..one }));
    }
    Ok(summary(&layout, time, &chosen, &outcomes, began.elapsed()))
}

/// Runs these cases on this many machines side by side.
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

/// Printed prominently, so that it is not mistaken for a pass; in CI it is a failure.
fn cannot_run(cases: usize) -> bool {
    eprintln!("THE RADIO LAB DID NOT RUN: a required tool is missing (see above). No case was run.");
    println!("0 passed, 0 failed, {cases} skipped");
    std::env::var_os("CI").is_none()
}

/// Prints the programs that the chosen cases need, one per line, for the caller to build.
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
            "no case is called {name}; `cargo xtask lab --list` lists them"
        );
    }
    let suits = |case: &&Case| time == Time::Real || !case.wants_real_time();
    let chosen: Vec<&'static Case> = ALL.iter().filter(named).filter(suits).collect();
    ensure!(
        !chosen.is_empty(),
        "these cases need real time; run: cargo xtask lab --real-time {}",
        names.join(" ")
    );
    Ok(chosen)
}

/// Boots machines one after the other until no case is waiting. One is enough unless it hangs.
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

/// Runs one machine and reports its cases. Returns whether it took any.
fn one_machine(
    layout: &Layout,
    number: usize,
    queue: &Queue,
    outcomes: &Mutex<Vec<Outcome>>,
) -> anyhow::Result<bool> {
    let mut machine = Machine::boot(layout, number, "guest cases")?;
    // Cases of an earlier machine with this number have been reported.
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
            let case = cases::named(name).context("the queue has an unknown case")?;
            let ended = match queue.ended(case)? {
                Some(ended) => ended,
                None if off => {
                    let fault = format!("the machine stopped; {}", machine.last_words());
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
            eprintln!("lab: machine {number} does not respond; switching it off");
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

/// Prints the table and the totals. Returns whether all passed.
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
        let lived = if time == Time::Virtual { format!(" {lived:>6.1} s inside ") } else { String::new() };
        println!("{word:<8} {seconds:>6.1} s {lived} {:<40} {}", case.name, case.about);
    }
    let failed = chosen.len() - passed;
    if failed > 0 {
        let flag = if time == Time::Real { "--real-time " } else { "" };
        println!("run again with: cargo xtask lab {flag}NAME; logs: {}", layout.logs.display());
    }
    if let Err(error) = figures::collect(&layout.logs, chosen) {
        eprintln!("lab: cannot collect the figures: {error:#}");
    }
    println!("the radio lab took {:.0} s", took.as_secs_f64());
    println!("{passed} passed, {failed} failed");
    failed == 0
}
