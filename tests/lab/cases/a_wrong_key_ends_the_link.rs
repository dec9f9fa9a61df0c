//! Encryption with a key other than the bond's fails: the link ends, and no side reports success.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;

use crate::cases::Case;
use crate::guest::{Lab, STAND_IN};

pub(crate) const CASE: Case = Case {
    name: "a_wrong_key_ends_the_link",
    about: "a key that differs from the bond's ends the link with MIC failure",
    limit: Duration::from_secs(120),
    needs: &[],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    lab.radio.stand_in("start")?;
    let mut tool = lab.bluetoothctl()?;
    tool.pair(&lab.radio, STAND_IN)?;
    tool.order(&format!("disconnect {STAND_IN}"))?;
    lab.radio.said("link down 0x13", Duration::from_secs(5))?;

    lab.radio.order(&json!({"do": "wrong-key"}))?;
    tool.order(&format!("connect {STAND_IN}"))?;
    lab.radio.said("link down 0x3d", Duration::from_secs(20))?;
    let key = lab.radio.last_key()?;
    ensure!(key["result"] == "mismatch", "the different keys were not detected: {key}");
    Ok(())
}
