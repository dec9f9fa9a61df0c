//! `unknot doctor` names each obstacle between laptop and clicker with its remedy: a bond lost on either side, an
//! adapter without power, a daemon that is not running, a clicker out of reach. Without an obstacle it reports that all
//! is well.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON};

pub(crate) const CASE: Case = Case {
    name: "a_lost_bond_is_told",
    about: "bond lost on either side, no power, no daemon, out of reach: `doctor` names it; `devices` lists the clicker",
    limit: Duration::from_secs(480),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

/// Limit for `doctor`: it listens for 6 s and tries each clicker for 15 s.
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

    // Erases the clicker's storage: it keeps its address and loses the bond.
    couple.clicker.kill();
    couple.clicker = lab.clicker("wiped", &["--address", &couple.address])?;
    couple.clicker.line("advertising", SOON)?;
    // BlueZ 5.66 does not report the missing key, so it stays a suspicion: it is said, and connecting goes on.
    couple.sit_down(lab)?;
    couple.says("keeps dropping before it is encrypted", EXAMINED)?;
    couple.kill_laptop()?;
    doctor(lab, &couple, false, "it may have lost the bond: open its window and `unknot pair")?;

    // Removes the bond on the laptop.
    lab.bluetooth.remove(&couple.address)?;
    session(lab, &mut couple, "this laptop does not know the clicker; pair with `unknot pair`")?;
    doctor(lab, &couple, false, "this computer has lost the bond; `unknot pair")?;

    // The suggested remedy works: pair again.
    couple.clicker.kill();
    couple.clicker = lab.clicker("wiped", &["--window", "--address", &couple.address])?;
    let pairing = couple.try_to_pair(lab, true)?;
    pairing.line("Paired.", SOON * 2)?;
    couple.clicker.line("paired bond", SOON)?;
    doctor(lab, &couple, true, "bond and connection work")
}

/// Runs `unknot doctor`, which must print these words; its exit status must be 0 only if all is well.
fn doctor(lab: &Lab, couple: &Couple, well: bool, words: &str) -> anyhow::Result<()> {
    let mut doctor = couple.unknot(lab, "doctor", &["doctor"])?;
    doctor.line(words, EXAMINED)?;
    let status = doctor.ended(SOON)?;
    ensure!(status.code() == Some(i32::from(!well)), "it says {words:?} and ends with {status}");
    Ok(())
}

/// Starts a session, which must fail for this reason.
fn session(lab: &Lab, couple: &mut Couple, words: &str) -> anyhow::Result<()> {
    couple.sit_down(lab)?;
    couple.says(words, EXAMINED)?;
    let status = couple.laptop()?.ended(SOON)?;
    couple.laptop = None;
    ensure!(status.code() == Some(1), "no session can start, but the program ended with {status}");
    Ok(())
}

/// `unknot devices` lists the clicker as near, remembered and bonded.
fn devices(lab: &Lab, couple: &Couple) -> anyhow::Result<()> {
    let mut devices = couple.unknot(lab, "devices", &["devices", "--json"])?;
    let line = devices.line(&format!("\"id\":\"{}\"", couple.address), EXAMINED)?;
    let told: Value = serde_json::from_str(&line).with_context(|| format!("no JSON: {line}"))?;
    ensure!(
        told["near"] == true && told["remembered"] == true && told["bonded"] == true,
        "it is near, remembered and bonded: {told}"
    );
    ensure!(devices.ended(SOON)?.success(), "`devices` printed everything but failed");
    Ok(())
}
