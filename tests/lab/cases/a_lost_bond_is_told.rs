//! What stands between the laptop and its clicker is told for what it is, with what mends it: a bond lost on either side,
//! an adapter without power, a daemon that is gone, a clicker out of reach. And where all is well, that.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON};

pub(crate) const CASE: Case = Case {
    name: "a_lost_bond_is_told",
    about: "a bond lost here or there, no power, no daemon, no reach: `doctor` tells which; `devices` finds it",
    limit: Duration::from_secs(480),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

/// It listens for six seconds, and tries each clicker for fifteen.
const EXAMINED: Duration = Duration::from_secs(60);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    doctor(lab, &couple, true, "bond and connection work")?;
    devices(lab, &couple)?;

    lab.bluetooth.power(false)?;
    doctor(lab, &couple, false, "Bluetooth is switched off; switch it on")?;
    lab.bluetooth.power(true)?;
    lab.bluetooth.kill_daemon();
    doctor(lab, &couple, false, "Bluetooth service does not answer")?;
    lab.bluetooth.start()?;
    lab.radio.reach_all(false)?;
    doctor(lab, &couple, false, "switched off, out of reach, or in use by another computer")?;
    lab.radio.reach_all(true)?;

    // The clicker's memory is wiped: it is the same one to the laptop, and has never heard of it.
    couple.clicker.kill();
    couple.clicker = lab.clicker("wiped", &["--address", &couple.address])?;
    couple.clicker.line("advertising", SOON)?;
    session(lab, &mut couple, "the clicker no longer knows this laptop; pair again with `unknot pair`")?;
    doctor(lab, &couple, false, "the clicker has lost the bond; open its window and `unknot pair")?;

    // And now the laptop has never heard of the clicker.
    lab.bluetooth.remove(&couple.address)?;
    session(lab, &mut couple, "this laptop does not know the clicker; pair with `unknot pair`")?;
    doctor(lab, &couple, false, "this computer has lost the bond; `unknot pair")?;

    // What was told to do mends it.
    couple.clicker.kill();
    couple.clicker = lab.clicker("wiped", &["--window", "--address", &couple.address])?;
    let pairing = couple.try_to_pair(lab, true)?;
    pairing.line("Paired.", SOON * 2)?;
    couple.clicker.line("paired bond", SOON)?;
    doctor(lab, &couple, true, "bond and connection work")
}

/// `unknot doctor` says these words, and ends well where all is well.
fn doctor(lab: &Lab, couple: &Couple, well: bool, words: &str) -> anyhow::Result<()> {
    let mut doctor = couple.unknot(lab, "doctor", &["doctor"])?;
    doctor.line(words, EXAMINED)?;
    let status = doctor.ended(SOON)?;
    ensure!(status.code() == Some(i32::from(!well)), "it says {words:?} and ends with {status}");
    Ok(())
}

/// No session is begun, for this reason.
fn session(lab: &Lab, couple: &mut Couple, words: &str) -> anyhow::Result<()> {
    couple.sit_down(lab)?;
    couple.says(words, EXAMINED)?;
    let status = couple.laptop()?.ended(SOON)?;
    couple.laptop = None;
    ensure!(status.code() == Some(1), "no session could be held, and it ended with {status}");
    Ok(())
}

/// The clicker is near, remembered, and bonded.
fn devices(lab: &Lab, couple: &Couple) -> anyhow::Result<()> {
    let mut devices = couple.unknot(lab, "devices", &["devices", "--json"])?;
    let line = devices.line(&format!("\"id\":\"{}\"", couple.address), EXAMINED)?;
    let told: Value = serde_json::from_str(&line).with_context(|| format!("no JSON: {line}"))?;
    ensure!(
        told["near"] == true && told["remembered"] == true && told["bonded"] == true,
        "it is near, remembered and bonded: {told}"
    );
    ensure!(devices.ended(SOON)?.success(), "all was told, and it ended with a failure");
    Ok(())
}
