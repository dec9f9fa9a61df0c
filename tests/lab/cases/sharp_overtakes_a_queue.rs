//! Five hundred clicks wait on the clicker when the signal returns, and the last is a SHARP: it is delivered before
//! them, and their order is kept.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use transcript::Kind;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks};

pub(crate) const CASE: Case = Case {
    name: "sharp_overtakes_a_queue",
    about: "500 queued clicks, then SHARP: delivered first, the clicks follow in order",
    limit: Duration::from_secs(540),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const QUEUED: usize = 500;

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    couple.sit_down(lab)?;
    couple.says("Where is the knot?", SOON * 2)?;
    couple.key("o")?;
    couple.says("look at the skin", SOON)?;
    lab.radio.reach_all(false)?;
    couple.clicker.line("sound not-heard", SOON)?;
    let before = couple.clicker.made().len();
    for _ in 0..QUEUED {
        couple.hand("press b")?; // A rating, because the link is down; at 10 it repeats.
    }
    couple.clicker.until_made(before + QUEUED, Duration::from_secs(300))?;
    couple.hand("press chord")?;
    couple.clicker.until_made(before + QUEUED + 1, SOON)?;
    lab.radio.reach_all(true)?;
    couple.clicker.line("kept 0", Duration::from_secs(180))?;
    couple.end()?;

    let entries = couple.transcript()?;
    same_clicks(&entries, &couple.clicker.made())?;
    let alarm = entries
        .iter()
        .position(|entry| matches!(entry.kind, Kind::Alarm { .. }))
        .context("SHARP is not recorded as an alarm")?;
    let ahead =
        entries[..alarm].iter().filter(|entry| matches!(entry.kind, Kind::Click { late: true, .. })).count();
    // Frames that may precede it: two in the stack, which cannot be overtaken, and those in the same radio packet.
    ensure!(ahead <= 8, "SHARP came after {ahead} of {QUEUED} queued clicks");
    couple.audit(lab)
}
