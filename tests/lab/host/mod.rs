//! On the host: installs what the lab needs, checks the radio against itself, boots machines, hands out cases, and tells
//! live how each went.

mod boards;
mod figures;
mod interactive;
mod machine;
mod place;

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

pub(crate) use self::interactive::{attach, interactive};

use self::machine::Machine;
use self::place::Place;
use crate::cases::{ALL, Case, Program};

/// From power-on to the first case asked for. Seconds on an idle machine, but others may compile beside it.
const BOOT: Duration = Duration::from_secs(180);
/// What a machine needs between two cases, beyond a case's own limit.
const BETWEEN: Duration = Duration::from_secs(60);
/// A machine that does not boot is tried again: nothing has been tested by it yet.
const BOOTS: usize = 2;

/// So many that failed are tried again alone, because seconds on an emulated machine are what its neighbours leave of
/// them. More than that is no noise.
const TRIED_AGAIN: usize = 3;

/// How one case went.
struct Outcome {
    case: &'static Case,
    took: Duration,
    fault: Option<String>,
    /// Whether it had failed before.
    again: bool,
}

/// Runs the named cases, or all. True when all went well.
pub(crate) fn run(names: &[String]) -> anyhow::Result<bool> {
    let began = Instant::now();
    let chosen = choose(names)?;
    let Some(place) = Place::install("run")? else { return Ok(cannot_run(chosen.len())) };
    self_check(&place)?;
    for case in &chosen {
        place.take(case.needs)?;
    }
    let (alone, beside): (Vec<_>, Vec<_>) = chosen.iter().copied().partition(|case| case.is_alone());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // People take their time, and so do cases: half of the machines wait while the others work.
    let machines = (cores + cores / 2).clamp(1, 4).min(beside.len());
    println!("lab: {} cases on {machines} emulated machines; logs in {}", chosen.len(), place.logs.display());
    let mut outcomes = on_machines(&place, machines, &beside);
    if !alone.is_empty() {
        println!("lab: {} more on one machine", alone.len());
        outcomes.extend(on_machines(&place, 1, &alone));
    }
    let failed: Vec<&'static Case> =
        outcomes.iter().filter(|one| one.fault.is_some()).map(|one| one.case).collect();
    if chosen.len() > 1 && !failed.is_empty() && failed.len() <= TRIED_AGAIN {
        println!("lab: {} failed; tried once more, alone", failed.len());
        outcomes.retain(|one| one.fault.is_none());
        outcomes
            .extend(on_machines(&place, 1, &failed).into_iter().map(|one| Outcome { again: true, ..one }));
    }
    Ok(summary(&place, &chosen, &outcomes, began.elapsed()))
}

/// Runs these cases on so many machines side by side.
fn on_machines(place: &Place, machines: usize, cases: &[&'static Case]) -> Vec<Outcome> {
    let waiting: Mutex<VecDeque<&'static Case>> = Mutex::new(cases.iter().copied().collect());
    let outcomes: Mutex<Vec<Outcome>> = Mutex::default();
    thread::scope(|scope| {
        for number in 1..=machines.min(cases.len()) {
            let (waiting, outcomes) = (&waiting, &outcomes);
            scope.spawn(move || serve(place, number, waiting, outcomes));
        }
    });
    outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
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
        _ => choose(arguments)?.iter().flat_map(|case| case.needs).copied().collect(),
    };
    for program in Program::ALL.iter().filter(|program| chosen.contains(program)) {
        println!("{}", program.name());
    }
    Ok(true)
}

fn choose(names: &[String]) -> anyhow::Result<Vec<&'static Case>> {
    for name in names {
        ensure!(
            ALL.iter().any(|case| case.name.contains(name.as_str())),
            "no case is called {name}; --list names them"
        );
    }
    Ok(ALL
        .iter()
        .filter(|case| names.is_empty() || names.iter().any(|name| case.name.contains(name.as_str())))
        .collect())
}

/// A radio that lets a wrong key pass would make every case worthless.
fn self_check(place: &Place) -> anyhow::Result<()> {
    let output = Command::new(place.python())
        .args(["-m", "radio.selftest"])
        .current_dir(&place.folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .context("the radio's self-check cannot be run")?;
    fs::write(place.logs.join("radio-selftest.log"), [&output.stdout[..], &output.stderr].concat())?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("the radio fails its self-check:\n{text}{}", String::from_utf8_lossy(&output.stderr));
    }
    println!("lab: {}", text.lines().last().unwrap_or("the radio's self-check said nothing"));
    Ok(())
}

/// Boots machines one after the other until no case waits: one is enough where nothing hangs.
fn serve(
    place: &Place,
    number: usize,
    waiting: &Mutex<VecDeque<&'static Case>>,
    outcomes: &Mutex<Vec<Outcome>>,
) {
    let mut failed_boots = 0;
    while !waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
        match one_machine(place, number, waiting, outcomes) {
            Ok(()) => {}
            Err(error) => {
                failed_boots += 1;
                eprintln!("lab: machine {number}: {error:#}");
                if failed_boots == BOOTS {
                    return;
                }
            }
        }
    }
}

/// One machine from power-on to power-off. An error means that it never came to ask for a case.
fn one_machine(
    place: &Place,
    number: usize,
    waiting: &Mutex<VecDeque<&'static Case>>,
    outcomes: &Mutex<Vec<Outcome>>,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let desk = listener.local_addr()?.port();
    let began = Instant::now();
    let mut machine = Machine::boot(place, number, &format!("guest {desk}"))?;
    let (mut answers, lines) = talk(listener, &mut machine, BOOT)?;
    let first = heard(&lines, &mut machine, BOOT.saturating_sub(began.elapsed()));
    if first.as_deref() != Some("next") {
        bail!("did not come up within {BOOT:?}; {}", machine.last_words());
    }
    println!("lab: machine {number} is up after {:.1} s", began.elapsed().as_secs_f64());
    loop {
        let Some(case) = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front() else {
            let _ = writeln!(answers, "over");
            machine.goes_off(Duration::from_secs(15));
            return Ok(());
        };
        let began = Instant::now();
        let gone = writeln!(answers, "{}", case.name).is_err();
        let line = if gone { None } else { heard(&lines, &mut machine, case.limit) };
        let fault = match line.as_deref().and_then(|line| line.strip_prefix("done ")) {
            Some(rest) => match rest.splitn(3, ' ').nth(2) {
                Some("ok") => None,
                other => {
                    let text = other.unwrap_or("?").trim_start_matches("FAILED ");
                    Some(text.replace('\u{1f}', "\n"))
                }
            },
            None if began.elapsed() >= case.limit => Some(format!("was not over after {:?}", case.limit)),
            None => Some(format!("the machine went down; {}", machine.last_words())),
        };
        let hung = line.is_none();
        if hung {
            // What hangs is switched off hard; the next case gets a new machine.
            machine.cut();
        }
        machine.hand_over_logs(place, case.name);
        tell(&Outcome { case, took: began.elapsed(), fault, again: false }, place, outcomes);
        if hung || heard(&lines, &mut machine, BETWEEN).as_deref() != Some("next") {
            machine.cut();
            return Ok(());
        }
    }
}

/// Waits for the guest at the desk; afterwards its lines come through the channel.
fn talk(
    listener: TcpListener,
    machine: &mut Machine,
    within: Duration,
) -> anyhow::Result<(TcpStream, Receiver<String>)> {
    listener.set_nonblocking(true)?;
    let began = Instant::now();
    let stream = loop {
        match listener.accept() {
            Ok((stream, _)) => break stream,
            Err(_) if began.elapsed() > within => {
                bail!("did not come up within {within:?}; {}", machine.last_words())
            }
            Err(_) if machine.is_off() => bail!("went off; {}", machine.last_words()),
            Err(_) => thread::park_timeout(Duration::from_millis(50)),
        }
    };
    stream.set_nonblocking(false)?;
    let reader = BufReader::new(stream.try_clone()?);
    let (tell, lines) = channel();
    thread::spawn(move || {
        for line in reader.lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    Ok((stream, lines))
}

/// The guest's next line, or nothing where none comes in time or the machine has gone off.
fn heard(lines: &Receiver<String>, machine: &mut Machine, within: Duration) -> Option<String> {
    let began = Instant::now();
    loop {
        let left = within.saturating_sub(began.elapsed());
        match lines.recv_timeout(left.min(Duration::from_millis(250))) {
            Ok(line) => return Some(line),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if left.is_zero() || machine.is_off() => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn tell(outcome: &Outcome, place: &Place, outcomes: &Mutex<Vec<Outcome>>) {
    let seconds = outcome.took.as_secs_f64();
    let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
    match &outcome.fault {
        None => println!("test {} ... ok ({seconds:.1} s)", outcome.case.name),
        Some(fault) => {
            println!("test {} ... FAILED ({seconds:.1} s)", outcome.case.name);
            println!("  {}", fault.replace('\n', "\n  "));
            println!("  logs: {}", place.logs.join(outcome.case.name).display());
        }
    }
    outcomes.push(Outcome { fault: outcome.fault.clone(), ..*outcome });
}

/// The table, and the closing line. True when all went well.
fn summary(place: &Place, chosen: &[&'static Case], outcomes: &[Outcome], took: Duration) -> bool {
    println!();
    let mut passed = 0;
    for case in chosen {
        let outcome = outcomes.iter().find(|outcome| outcome.case.name == case.name);
        let (word, seconds) = match outcome {
            Some(Outcome { fault: None, again: false, took, .. }) => ("ok", took.as_secs_f64()),
            Some(Outcome { fault: None, took, .. }) => ("ok alone", took.as_secs_f64()),
            Some(outcome) => ("FAILED", outcome.took.as_secs_f64()),
            None => ("NOT RUN", 0.0),
        };
        passed += usize::from(word.starts_with("ok"));
        println!("{word:<8} {seconds:>6.1} s  {:<40} {}", case.name, case.about);
    }
    let failed = chosen.len() - passed;
    if failed > 0 {
        println!("again: cargo xtask lab NAME; logs: {}", place.logs.display());
    }
    if let Err(error) = figures::collect(&place.logs, chosen) {
        eprintln!("lab: the figures cannot be collected: {error:#}");
    }
    println!("the radio lab took {:.0} s", took.as_secs_f64());
    println!("{passed} passed, {failed} failed");
    failed == 0
}
