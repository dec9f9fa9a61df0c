//! Pairing fails with wrong digits and outside the window, and the message says which. The earlier bond survives both.
//! Three failed attempts close the window; the right digits pair in a new one.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, Process, SOON};

pub(crate) const CASE: Case = Case {
    name: "wrong_digits_and_a_shut_window",
    about: "wrong digits and a closed window fail with a message and keep the bond; three attempts close the window",
    limit: Duration::from_secs(420),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const WRONG: &str = "Not paired: those were not the digits that the clicker shows";
const SHUT: &str = "Not paired: the clicker is not open for pairing";

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    let key = lab.radio.agreed_key()?;
    let bonds = lab.work.join("bonds");
    lab.bluetooth.save_bonds(&bonds)?;

    // The laptop has lost the bond, and the clicker's window is closed.
    couple.reset_clicker(lab)?;
    lab.bluetooth.remove(&couple.address)?;
    fails(couple.unknot(lab, "pair", &["pair", &couple.address])?, SHUT)?;

    couple.clicker.kill();
    couple.clicker = lab.clicker_with_window("clicker", couple.clicker.port)?;
    for _ in 0..3 {
        fails(couple.try_to_pair(lab, false)?, WRONG)?;
        couple.clicker.line("pairing failed wrong-passkey", SOON)?;
    }
    couple.clicker.line("window closed", SOON)?;
    fails(couple.unknot(lab, "pair", &["pair", &couple.address])?, SHUT)?;
    ensure!(!couple.clicker.all().contains("paired bond"), "paired by wrong digits");

    // With the laptop's earlier bonds restored, the first bond still works.
    couple.reset_clicker(lab)?;
    lab.bluetooth.restore_bonds(&bonds)?;
    couple.sit_down(lab)?;
    couple.says("Where is the knot?", SOON * 2)?;
    lab.radio.came_back_by(&key)?;
    couple.end()?;

    lab.bluetooth.remove(&couple.address)?;
    couple.clicker.kill();
    couple.clicker = lab.clicker_with_window("clicker", couple.clicker.port)?;
    let pairing = couple.try_to_pair(lab, true)?;
    pairing.line("Paired.", SOON * 2)?;
    couple.clicker.line("paired bond", SOON)?;
    let new = lab.radio.last_key()?;
    ensure!(new["result"] == "same" && new["hash"] != key["hash"], "no new bond: {new}, first {key}");
    Ok(())
}

/// The program must print this and fail.
fn fails(mut pairing: Process, words: &str) -> anyhow::Result<()> {
    pairing.line(words, SOON * 3)?;
    let status = pairing.ended(SOON)?;
    ensure!(status.code() == Some(1), "pairing failed but the program ended with {status}");
    Ok(())
}
