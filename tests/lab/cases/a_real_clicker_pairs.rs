//! The clicker's own stack against the kernel's: in its window the clicker shows a passkey and is bonded. After a power
//! cut it still has the bond; the laptop reconnects with the same key and accepts the parameters of a link without a
//! session.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::{Case, Program};
use crate::guest::Lab;

pub(crate) const CASE: Case = Case {
    name: "a_real_clicker_pairs",
    about: "the clicker's passkey pairs it; the bond outlives its power cut",
    limit: Duration::from_secs(150),
    needs: &[Program::Clicker],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut clicker = lab.clicker("clicker", &["--window"])?;
    let address = clicker.address()?;
    let mut tool = lab.bluetoothctl()?;
    tool.find(&address)?;
    tool.order(&format!("pair {address}"))?;
    let passkey = clicker.passkey(Duration::from_secs(30))?;
    tool.text("Enter passkey", Duration::from_secs(20))?;
    tool.order(&passkey)?;
    tool.text("Pairing successful", Duration::from_secs(30))?;
    let key = lab.radio.last_key()?;
    ensure!(key["result"] == "same", "the two sides paired with different keys: {key}");

    // The clicker prints this once the bond is stored.
    clicker.line("paired", Duration::from_secs(10))?;
    clicker.kill();
    tool.text("Connected: no", Duration::from_secs(20))?;
    let clicker = lab.clicker("clicker", &[])?;
    ensure!(clicker.address()? == address, "the address changed after the power cut");
    tool.order(&format!("connect {address}"))?;
    tool.text("Connection successful", Duration::from_secs(30))?;
    let again = lab.radio.last_key()?;
    ensure!(
        again["result"] == "same" && again["hash"] == key["hash"],
        "not the stored key: {again}, first {key}"
    );
    // Connected without a session: the kernel accepts the parameters for that and keeps them.
    clicker.line("params 45ms latency 22 timeout 4000", Duration::from_secs(20))?;
    Ok(())
}
