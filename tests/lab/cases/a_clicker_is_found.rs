//! The laptop's Bluetooth finds a device that advertises, with its signal strength, and does not find it out of reach.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;

use crate::cases::Case;
use crate::guest::{Lab, STAND_IN};

pub(crate) const CASE: Case = Case {
    name: "a_clicker_is_found",
    about: "an advertising device is found with its signal strength; out of reach it is not",
    limit: Duration::from_secs(90),
    needs: &[],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    lab.radio.order(&json!({"do": "rssi", "of": "stand-in", "dbm": -71}))?;
    lab.radio.reach_all(false)?;
    lab.radio.stand_in("start")?;
    let mut tool = lab.bluetoothctl()?;
    tool.order("scan on")?;
    tool.text("Discovery started", Duration::from_secs(10))?;
    ensure!(tool.text(STAND_IN, Duration::from_secs(2)).is_err(), "found out of reach");
    lab.radio.reach_all(true)?;
    tool.text(STAND_IN, Duration::from_secs(10))?;
    tool.order(&format!("info {STAND_IN}"))?;
    tool.text("RSSI: -71", Duration::from_secs(5))?;
    Ok(())
}
