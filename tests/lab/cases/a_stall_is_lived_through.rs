//! A stall shorter than the supervision timeout leaves the link up; a longer one ends it on both sides with the reason
//! of a lost link; an adapter that is switched off ends it with a regular disconnect.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::Case;
use crate::guest::{Lab, STAND_IN};

pub(crate) const CASE: Case = Case {
    name: "a_stall_is_lived_through",
    about: "a short stall leaves the link up; out of reach or without power it ends with the right reason",
    limit: Duration::from_secs(150),
    needs: &[],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    lab.radio.stand_in("start")?;
    let mut tool = lab.bluetoothctl()?;
    tool.pair(&lab.radio, STAND_IN)?;
    let before = lab.radio.link()?;
    ensure!(before["timeout_ms"] == 420, "not the kernel's usual timeout: {before}");

    lab.radio.stall(Duration::from_millis(200))?;
    ensure!(lab.radio.said("link down", Duration::from_secs(2)).is_err(), "ended by a short stall");
    lab.radio.reach_all(false)?;
    lab.radio.said("link down 0x08", Duration::from_secs(5))?;
    tool.text("Connected: no", Duration::from_secs(10))?;

    lab.radio.reach_all(true)?;
    tool.order(&format!("connect {STAND_IN}"))?;
    tool.text("Connection successful", Duration::from_secs(30))?;
    lab.bluetooth.power(false)?;
    lab.radio.said("link down 0x1", Duration::from_secs(10))?;
    lab.bluetooth.power(true)
}
