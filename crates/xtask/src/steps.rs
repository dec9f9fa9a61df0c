//! Runs the steps of a chore and prints a summary of times and results. All steps run even if one fails, so that a
//! person sees every failure at once.
//!
//! Each step is a command that can be run again by itself. Steps that use different build folders run side by side in
//! lanes; a lane runs its steps one after the other.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// Exit code of a script or chore that this machine cannot run. The step is skipped; in CI it fails.
pub(crate) const EXIT_UNSUPPORTED: u8 = 3;

/// A tool besides Rust is missing and cannot be installed here. The script has named it.
#[derive(Debug)]
pub(crate) struct Unsupported;

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a required tool is missing (see above); nothing was run")
    }
}

impl std::error::Error for Unsupported {}

/// Standard output of an install script, if it succeeds.
pub(crate) fn installed(script: &mut Command) -> anyhow::Result<String> {
    let name = script.get_program().display().to_string();
    let output = script.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {name}"))?;
    if output.status.code() == Some(EXIT_UNSUPPORTED.into()) {
        return Err(Unsupported.into());
    }
    anyhow::ensure!(output.status.success(), "{name} failed; see above");
    Ok(String::from_utf8(output.stdout)?)
}

/// One step of a chore.
pub(crate) struct Step {
    name: &'static str,
    program: Program,
    arguments: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
    after: Vec<&'static str>,
}

enum Program {
    Cargo,
    /// This program with another chore.
    Chore,
    /// A script of the repository, by its path from the root.
    Script(&'static str),
}

impl Step {
    /// A step that calls cargo.
    pub(crate) fn cargo(name: &'static str, arguments: &[&str]) -> Self {
        Self::of(name, Program::Cargo, arguments)
    }

    /// A step that runs another chore of this program.
    pub(crate) fn chore(name: &'static str, arguments: &[&str]) -> Self {
        Self::of(name, Program::Chore, arguments)
    }

    /// A step that runs a script, by its path from the root.
    pub(crate) fn script(name: &'static str, path: &'static str, arguments: &[&str]) -> Self {
        Self::of(name, Program::Script(path), arguments)
    }

    fn of(name: &'static str, program: Program, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { name, program, arguments, environment: Vec::new(), after: Vec::new() }
    }

    /// Adds an environment variable.
    pub(crate) fn with(mut self, key: &'static str, value: &'static str) -> Self {
        self.environment.push((key, value));
        self
    }

    /// Starts the step only after these steps of other lanes.
    pub(crate) fn after(mut self, steps: &[&'static str]) -> Self {
        self.after.extend(steps);
        self
    }

    fn command(&self, root: &Path, own: &Path) -> Command {
        let mut command = match self.program {
            Program::Cargo => {
                Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
            }
            Program::Chore => Command::new(own),
            Program::Script(path) => Command::new(root.join(path)),
        };
        command.args(&self.arguments).envs(self.environment.iter().copied()).current_dir(root);
        command.stdin(Stdio::null());
        if std::env::var_os("CI").is_some() {
            // CI builds everything once, so incremental data would only cost time and space.
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    /// The command as a person types it.
    fn shown(&self) -> String {
        let program = match self.program {
            Program::Cargo => "cargo",
            Program::Chore => "cargo xtask",
            Program::Script(path) => path,
        };
        let environment = self.environment.iter().map(|(key, value)| format!("{key}='{value}' "));
        let words = std::iter::once(program).chain(self.arguments.iter().map(String::as_str));
        environment.collect::<String>() + &words.collect::<Vec<_>>().join(" ")
    }
}

/// Result of a step.
struct StepResult {
    name: &'static str,
    again: String,
    took: Duration,
    passed: bool,
}

/// Runs steps in order and shows their output live.
pub(crate) fn run(root: &Path, steps: &[Step]) -> ExitCode {
    let began = Instant::now();
    let ended: Vec<StepResult> = steps
        .iter()
        .map(|step| {
            println!("== {}", step.name);
            let ended = one(root, step, None);
            println!("== {}: {} in {}\n", step.name, verdict(ended.passed), seconds(ended.took));
            ended
        })
        .collect();
    summary(&ended, began.elapsed())
}

/// Runs lanes side by side. The output of a step is printed when the step ends, so that outputs do not mix; a log in
/// `folder` has it live.
pub(crate) fn run_lanes(root: &Path, folder: &Path, lanes: &[Vec<Step>]) -> ExitCode {
    let began = Instant::now();
    if let Err(error) = fs::create_dir_all(folder) {
        eprintln!("xtask: cannot create {}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    println!("Output of each step is printed when the step ends; live logs are in {}\n", folder.display());
    let ended: Mutex<Vec<StepResult>> = Mutex::default();
    let (over, changed) = (Mutex::new(HashSet::new()), Condvar::new());
    thread::scope(|scope| {
        for lane in lanes {
            let (ended, over, changed) = (&ended, &over, &changed);
            scope.spawn(move || {
                for step in lane {
                    let mut names = over.lock().unwrap_or_else(PoisonError::into_inner);
                    while !step.after.iter().all(|name| names.contains(name)) {
                        names = changed.wait(names).unwrap_or_else(PoisonError::into_inner);
                    }
                    drop(names);
                    println!("   {} starts", step.name);
                    let log = folder.join(format!("{}.log", step.name.replace(' ', "-")));
                    let one = one(root, step, Some(&log));
                    // The lock is held while printing, so that no other output comes in between.
                    let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
                    println!("\n== {}", step.name);
                    let _ = io::stdout().write_all(&fs::read(&log).unwrap_or_default());
                    println!("== {}: {} in {}\n", step.name, verdict(one.passed), seconds(one.took));
                    ended.push(one);
                    drop(ended);
                    over.lock().unwrap_or_else(PoisonError::into_inner).insert(step.name);
                    changed.notify_all();
                }
            });
        }
    });
    summary(&ended.into_inner().unwrap_or_else(PoisonError::into_inner), began.elapsed())
}

/// Runs one step; its output goes to `log` if one is given.
fn one(root: &Path, step: &Step, log: Option<&PathBuf>) -> StepResult {
    let began = Instant::now();
    let passed = passes(root, step, log).unwrap_or_else(|error| {
        eprintln!("{}: {error:#}", step.name);
        false
    });
    StepResult { name: step.name, again: step.shown(), took: began.elapsed(), passed }
}

fn passes(root: &Path, step: &Step, log: Option<&PathBuf>) -> anyhow::Result<bool> {
    // A parallel build may have replaced this program; the new one has the same path.
    let own = std::env::current_exe()?;
    let own = own.to_string_lossy().trim_end_matches(" (deleted)").to_owned();
    let mut command = step.command(root, Path::new(&own));
    if let Some(log) = log {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdout(file.try_clone()?).stderr(file);
    }
    let status = command.status().with_context(|| format!("cannot run {}", step.shown()))?;
    if !matches!(step.program, Program::Cargo) && status.code() == Some(EXIT_UNSUPPORTED.into()) {
        eprintln!("{}: SKIPPED: this machine cannot run it", step.name);
        return Ok(std::env::var_os("CI").is_none());
    }
    Ok(status.success())
}

/// Prints the table of times and the summary line.
fn summary(ended: &[StepResult], took: Duration) -> ExitCode {
    for one in ended {
        println!("{:>8}  {:<6}  {}", seconds(one.took), verdict(one.passed), one.name);
    }
    println!("{:>8}  total", seconds(took));
    let failed: Vec<&StepResult> = ended.iter().filter(|one| !one.passed).collect();
    for one in &failed {
        println!("FAILED: {}; run again with: {}", one.name, one.again);
    }
    println!("{} of {} steps passed.", ended.len() - failed.len(), ended.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verdict(passed: bool) -> &'static str {
    if passed { "ok" } else { "FAILED" }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_shown_as_it_is_typed() {
        let step = Step::cargo("test", &["test", "--workspace"]).with("SEEDS", "9");
        assert_eq!(step.shown(), "SEEDS='9' cargo test --workspace");
        assert_eq!(Step::chore("lab", &["lab", "pairs"]).shown(), "cargo xtask lab pairs");
    }

    #[cfg(unix)]
    #[test]
    fn a_step_waits_for_one_of_another_lane_and_a_failure_is_told() {
        let place = std::env::temp_dir().join(format!("unknot-steps-{}", std::process::id()));
        fs::create_dir_all(&place).unwrap();
        let script = |name: &'static str, path, words: &[&str]| Step::script(name, path, words);
        // The second lane's step fails unless it runs after the first lane's.
        let lanes = |first: &'static str| {
            vec![
                vec![script("makes", first, &["made"])],
                vec![script("finds", "/usr/bin/test", &["-e", "made"]).after(&["makes"])],
            ]
        };
        assert_eq!(run_lanes(&place, &place.join("log"), &lanes("/usr/bin/touch")), ExitCode::SUCCESS);
        fs::remove_file(place.join("made")).unwrap();
        assert_eq!(run_lanes(&place, &place.join("log"), &lanes("/usr/bin/false")), ExitCode::FAILURE);
        fs::remove_dir_all(&place).unwrap();
    }
}
