//! Running the steps of a chore one after the other, all of them even where one fails, and saying at the end how it
//! went. A person who mends something wants the whole list at once.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// One step of a chore.
pub(crate) struct Step {
    name: &'static str,
    work: Work,
}

enum Work {
    /// A call of cargo, with the environment it wants.
    Cargo { arguments: Vec<&'static str>, environment: Vec<(&'static str, &'static str)> },
    /// A function of our own: the root of the repository in, faults out.
    Own(fn(&Path) -> anyhow::Result<Vec<String>>),
}

impl Step {
    /// A step that calls cargo.
    pub(crate) fn cargo(name: &'static str, arguments: &[&'static str]) -> Self {
        Self { name, work: Work::Cargo { arguments: arguments.to_vec(), environment: Vec::new() } }
    }

    /// A step done here.
    pub(crate) fn own(name: &'static str, work: fn(&Path) -> anyhow::Result<Vec<String>>) -> Self {
        Self { name, work: Work::Own(work) }
    }

    /// The step with one more environment variable, where it calls cargo.
    pub(crate) fn with(mut self, key: &'static str, value: &'static str) -> Self {
        if let Work::Cargo { environment, .. } = &mut self.work {
            environment.push((key, value));
        }
        self
    }

    /// Whether it went well.
    fn passes(&self, root: &Path) -> anyhow::Result<bool> {
        match &self.work {
            Work::Cargo { arguments, environment } => {
                let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
                let status = Command::new(cargo)
                    .args(arguments)
                    .envs(environment.iter().copied())
                    .current_dir(root)
                    .status()?;
                Ok(status.success())
            }
            Work::Own(work) => {
                let faults = work(root)?;
                for fault in &faults {
                    eprintln!("{fault}");
                }
                Ok(faults.is_empty())
            }
        }
    }
}

/// Runs every step and ends with one line that says how it went.
pub(crate) fn run(root: &Path, steps: &[Step]) -> ExitCode {
    let mut failed = Vec::new();
    for step in steps {
        println!("== {}", step.name);
        let began = Instant::now();
        let passed = step.passes(root).unwrap_or_else(|error| {
            eprintln!("{}: {error:#}", step.name);
            false
        });
        println!("== {}: {} in {:.1?}\n", step.name, if passed { "ok" } else { "FAILED" }, began.elapsed());
        if !passed {
            failed.push(step.name);
        }
    }
    if failed.is_empty() {
        println!("All well: {} of {} steps passed.", steps.len(), steps.len());
        ExitCode::SUCCESS
    } else {
        println!("FAILED: {} ({} of {} steps).", failed.join(", "), failed.len(), steps.len());
        ExitCode::FAILURE
    }
}
