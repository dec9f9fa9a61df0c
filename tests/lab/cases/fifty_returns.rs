//! The link is lost and restored fifty times: it is never stuck, and neither the program's memory nor its D-Bus match
//! rules grow. Prints how long it takes to be back in the session.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks};

pub(crate) const CASE: Case = Case {
    name: "fifty_returns",
    about: "50 reconnections: none stuck, memory and match rules constant, duration printed",
    limit: Duration::from_secs(600),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const TIMES: usize = 50;
/// The first returns fill caches; growth is measured from here.
const SETTLED: usize = 10;

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    couple.sit_down(lab)?;
    // Warming lasts for ten minutes, and in it a touch of the logo means the same with and without a link.
    couple.answer_the_questions()?;
    couple.hand("press b")?;
    couple.says("Rating ", SOON)?;
    couple.clicker.line("kept 0", SOON)?;
    couple.clicker.skip();
    let mut took = Vec::new();
    let mut settled = (0, 0);
    for time in 0..TIMES {
        if time == SETTLED {
            settled = size(&mut couple)?;
        }
        let began = Instant::now();
        lab.radio.end_links()?;
        // A click made meanwhile is acknowledged only after the laptop has stored it, so this checks the session and
        // not just the connection.
        couple.hand("press logo")?;
        couple.clicker.line(" event ", SOON)?;
        couple.clicker.line("kept 0", SOON).with_context(|| format!("stuck at return {time}"))?;
        took.push(began.elapsed());
    }
    let (memory, rules) = size(&mut couple)?;
    couple.end()?;
    same_clicks(&couple.transcript()?, &couple.clicker.made())?;
    took.sort_unstable();
    lab.figure("back in the session, median of 50", format!("{} ms", took[TIMES / 2].as_millis()))?;
    lab.figure("back in the session, worst of 50", format!("{} ms", took[TIMES - 1].as_millis()))?;
    lab.figure("memory before and after 40 returns", format!("{} kB, {memory} kB", settled.0))?;
    lab.figure("match rules before and after 40 returns", format!("{}, {rules}", settled.1))?;
    ensure!(memory <= settled.0 + settled.0 / 10, "memory grew from {} kB to {memory} kB", settled.0);
    ensure!(rules <= settled.1, "match rules grew from {} to {rules}", settled.1);
    couple.audit(lab)
}

/// Resident memory in kB, and match rules on the system bus.
fn size(couple: &mut Couple) -> anyhow::Result<(u64, usize)> {
    let id = couple.laptop()?.id();
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let memory = line.split_whitespace().nth(1).context("VmRSS has no number")?.parse()?;
    let answer = Command::new("dbus-send")
        .args(["--system", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
        .arg("org.freedesktop.DBus.Debug.Stats.GetAllMatchRules")
        .output()?;
    ensure!(
        answer.status.success(),
        "D-Bus tells no match rules: {}",
        String::from_utf8_lossy(&answer.stderr)
    );
    let rules = String::from_utf8_lossy(&answer.stdout).matches("type='signal'").count();
    Ok((memory, rules))
}
