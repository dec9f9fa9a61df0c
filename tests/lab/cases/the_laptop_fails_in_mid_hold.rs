//! The laptop's program freezes with the link up, and later dies, each in mid-hold: the clicker reports that it is not
//! heard, no click is lost, and the session resumes at the flush strokes.

use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use coach::{Because, Outcome};
use transcript::Kind;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "the_laptop_fails_in_mid_hold",
    about: "program frozen with the link up, then killed: not heard reported, nothing lost, resumed at flushing",
    limit: Duration::from_secs(480),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::in_the_first_hold(lab)?;

    couple.clicker.skip();
    signal(&mut couple, "STOP")?;
    couple.says_not_heard(lab)?;
    couple.hand("press b")?;
    wait(Duration::from_secs(1));
    signal(&mut couple, "CONT")?;
    couple.says("The laptop stood still", SOON)?;
    couple.says("Hold cut", SOON)?;
    couple.says("-- flushing", SOON)?;

    couple.go_beside()?;
    couple.clicker.skip();
    couple.kill_laptop()?;
    couple.says_not_heard(lab)?;
    couple.hand("press b")?;
    couple.clicker.line(" event ", SOON)?;
    couple.sit_down(lab)?;
    couple.says("A session was interrupted", SOON)?;
    couple.key("y")?;
    couple.says("-- flushing", SOON * 3)?;
    couple.clicker.line("kept 0", SOON * 2)?;
    couple.end()?;

    let entries = couple.transcript()?;
    same_clicks(&entries, &couple.clicker.made())?;
    let holds: Vec<(Outcome, Because)> = entries
        .iter()
        .filter_map(|entry| match entry.kind {
            Kind::Hold { outcome, because, .. } => Some((outcome, because)),
            _ => None,
        })
        .collect();
    ensure!(
        matches!(holds[..], [(Outcome::Cut, Because::Gap), (Outcome::Cut, Because::Resumed)]),
        "one hold cut by the standstill and one by the resumption, and not {holds:?}"
    );
    couple.audit(lab)
}

fn signal(couple: &mut Couple, name: &str) -> anyhow::Result<()> {
    let id = couple.laptop()?.id().to_string();
    let status = Command::new("kill").args(["-s", name, &id]).status()?;
    ensure!(status.success(), "cannot send {name} to the laptop's program");
    Ok(())
}
