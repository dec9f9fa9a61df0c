//! The laptop's Bluetooth pairs by the passkey that the other end shows, is bonded, and encrypts the next connection
//! with the same key without asking again, also after its daemon was restarted.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::Case;
use crate::guest::{Lab, STAND_IN};

pub(crate) const CASE: Case = Case {
    name: "pairs_by_passkey_and_comes_back",
    about: "a passkey pairing bonds; the stored key is compared on the next connection",
    limit: Duration::from_secs(120),
    needs: &[],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    lab.radio.stand_in("start")?;
    let mut tool = lab.bluetoothctl()?;
    tool.pair(&lab.radio, STAND_IN)?;
    lab.radio.said("paired", Duration::from_secs(5))?;
    let key = lab.radio.last_key()?;
    ensure!(key["result"] == "same", "the two sides paired with different keys: {key}");

    tool.order(&format!("disconnect {STAND_IN}"))?;
    lab.radio.said("link down", Duration::from_secs(5))?;
    drop(tool);
    lab.bluetooth.restart()?;

    let mut tool = lab.bluetoothctl()?;
    tool.order(&format!("connect {STAND_IN}"))?;
    tool.text("Connection successful", Duration::from_secs(20))?;
    let again = lab.radio.last_key()?;
    ensure!(
        again["result"] == "same" && again["hash"] == key["hash"],
        "not the stored key: {again}, first {key}"
    );
    ensure!(lab.radio.passkeys()? == 1, "asked for a passkey again");
    Ok(())
}
