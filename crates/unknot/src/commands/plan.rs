//! `unknot plan`: the plans that ship, and whether a file of one's own keeps the rules.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use coach::Plan;
use plans::plan::BACKGROUND;
use transcript::PlanKept;
use words::foreign;

use crate::args;
use crate::failure::{Failure, faulty, shown};

/// `unknot plan list|show|check`
pub(crate) fn run(command: &args::Plan, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        args::Plan::List => {
            for plan in plans::plan::list() {
                let label = if plan.is_background() { format!(" ({BACKGROUND})") } else { String::new() };
                writeln!(out, "{:16} {}{label}", plan.name, plan.about)?;
            }
        }
        args::Plan::Show { name } => {
            let text = plans::plan::show(name).ok_or_else(|| unknown(name))?;
            out.write_all(text.as_bytes())?;
        }
        args::Plan::Check { file } => {
            let (plan, _) = read(file)?;
            writeln!(out, "{}: the plan `{}` keeps every rule", shown(file), foreign(&plan.name))?;
        }
    }
    Ok(())
}

/// The plan of this name or in this file, the default where nothing is named, as a session keeps it.
pub(crate) fn chosen(named: Option<&str>) -> Result<PlanKept, Failure> {
    let Some(named) = named else {
        let plan = Plan::partner();
        return Ok(PlanKept::new(&plan, plans::plan::text(&plan)));
    };
    if let Some(shipped) = plans::plan::shipped(named) {
        let plan = plans::plan::parse(shipped.name, shipped.text)
            .context("a shipped plan cannot be read: this is a fault of the program")?;
        return Ok(PlanKept::new(&plan, shipped.text));
    }
    let file = Path::new(named);
    // A name without an ending that is no file was meant as the name of a plan.
    if file.extension().is_none() && !file.exists() {
        return Err(unknown(named));
    }
    let (plan, text) = read(file)?;
    Ok(PlanKept::new(&plan, text))
}

fn read(file: &Path) -> Result<(Plan, String), Failure> {
    let text = plans::contents(file).map_err(|error| faulty(file, &error.to_string()))?;
    let plan =
        plans::plan::parse(&shown(file), &text).map_err(|faults| Failure::Usage(faults.to_string()))?;
    Ok((plan, text))
}

fn unknown(name: &str) -> Failure {
    Failure::Usage(format!(
        "no plan is called `{}`: `unknot plan list` names them, or name a file",
        foreign(name)
    ))
}
