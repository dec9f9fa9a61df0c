//! Faults during a hold, each in a hold of its own: the clicker's battery falls out, bluetoothd is restarted, the
//! adapter is switched off and on. Each hold is cut with its reason and flushed, and the session continues with the
//! next.

use std::time::Duration;

use anyhow::ensure;
use coach::Outcome;
use transcript::Kind;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, wait};

pub(crate) const CASE: Case = Case {
    name: "mishaps_in_mid_hold",
    about: "clicker reset, bluetoothd restarted, adapter off and on: each hold cut and flushed, the session continues",
    limit: Duration::from_secs(600),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::in_the_first_hold(lab)?;

    let mut made = couple.clicker.made();
    couple.reset_clicker(lab)?;
    couple.is_cut_and_flushed()?;

    couple.go_beside()?;
    lab.bluetooth.restart()?;
    couple.is_cut_and_flushed()?;

    couple.go_beside()?;
    lab.bluetooth.power(false)?;
    couple.says("no signal", SOON)?;
    wait(Duration::from_secs(3));
    lab.bluetooth.power(true)?;
    couple.is_cut_and_flushed()?;

    couple.end()?;
    couple.clicker.line("kept 0", SOON)?;
    made.extend(couple.clicker.made());
    let entries = couple.transcript()?;
    crate::guest::same_clicks(&entries, &made)?;
    let outcomes: Vec<Outcome> = entries
        .iter()
        .filter_map(|entry| match entry.kind {
            Kind::Hold { outcome, .. } => Some(outcome),
            _ => None,
        })
        .collect();
    ensure!(outcomes == [Outcome::Cut; 3], "expected three cut holds, not {outcomes:?}");
    couple.audit(lab)
}
