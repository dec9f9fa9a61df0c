//! What the doctor finds out by Bluetooth: the adapter, what is near, and whether each remembered clicker can be reached
//! with its bond. It connects to them, because nothing less tells whether the other side still has the bond.

use std::time::Duration;

use link::bluetooth::Bluetooth;
use link::{NotReached, Reach as _};
use words::{Value, Words};

use super::devices::{listen, ready};
use super::doctor::{Finding, Mark};
use super::{Near, near, texts};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock as _, SystemClock};

/// A clicker that was heard connects within two seconds or three; BlueZ tries for longer.
const REACHED_WITHIN: Duration = Duration::from_secs(15);

/// Everything about the air. A session over it can work where nothing in the way was found and one clicker answers.
pub(super) async fn air(words: &Words, clickers: &Clickers) -> (Vec<Finding>, bool) {
    let bluetooth = Bluetooth::start();
    let mut findings = Vec::new();
    let said = |what, mark, text| Finding { what, mark, text };
    match ready(&bluetooth, words).await {
        Ok(name) => {
            let text = words.render(texts::BLUETOOTH_READY, &[("name", Value::Name(&name))]);
            findings.push(said(texts::DOCTOR_BLUETOOTH, Mark::Ok, text));
        }
        Err(why) => {
            findings.push(said(texts::DOCTOR_BLUETOOTH, Mark::Not, why));
            let now = SystemClock::start().read().wall;
            let known = clickers.all.iter().map(|known| near::known(words, known, None, now));
            findings.extend(known.map(|line| said(texts::DOCTOR_CLICKER, Mark::Note, line)));
            if clickers.all.is_empty() {
                let text = words.render(texts::DOCTOR_NO_CLICKER, &[]);
                findings.push(said(texts::DOCTOR_CLICKER, Mark::Not, text));
            }
            return (findings, false);
        }
    }
    let heard = match listen(&bluetooth).await {
        Ok(heard) => heard,
        Err(why) => {
            findings.push(said(texts::DOCTOR_NEAR, Mark::Not, why));
            return (findings, false);
        }
    };
    findings.push(if heard.is_empty() {
        said(texts::DOCTOR_NEAR, Mark::Not, words.render(texts::DOCTOR_NONE_NEAR, &[]))
    } else {
        let n = Value::Number(u32::try_from(heard.len()).unwrap_or(u32::MAX));
        said(texts::DOCTOR_NEAR, Mark::Ok, words.render(texts::DOCTOR_NEAR_SOME, &[("n", n)]))
    });
    if clickers.all.is_empty() {
        let text = words.render(texts::DOCTOR_NO_CLICKER, &[]);
        findings.push(said(texts::DOCTOR_CLICKER, Mark::Not, text));
    }
    let mut works = false;
    for known in &clickers.all {
        let near = heard.iter().find(|near| near.id == known.id);
        let (mark, text) = clicker(&bluetooth, words, known, near).await;
        works |= mark == Mark::Ok;
        findings.push(said(texts::DOCTOR_CLICKER, mark, text));
    }
    (findings, works)
}

async fn clicker(
    bluetooth: &Bluetooth,
    words: &Words,
    known: &Remembered,
    near: Option<&Near>,
) -> (Mark, String) {
    let line = near::known(words, known, near, SystemClock::start().read().wall);
    let tell = |id, why: &str| {
        let seconds = u32::try_from(REACHED_WITHIN.as_secs()).unwrap_or(u32::MAX);
        let args = [
            ("line", Value::Name(&line)),
            ("id", Value::Name(&known.id)),
            ("why", Value::Name(why)),
            ("seconds", Value::Number(seconds)),
        ];
        words.render(id, &args)
    };
    let Some(near) = near else { return (Mark::Not, tell(texts::DOCTOR_NOT_HEARD, "")) };
    if near.connected {
        return (Mark::Ok, tell(texts::DOCTOR_BUSY, ""));
    }
    if near.bonded == Some(false) {
        return (Mark::Not, tell(texts::DOCTOR_BOND_HERE, ""));
    }
    let Ok(id) = known.id.parse() else { return (Mark::Not, tell(texts::DOCTOR_BOND_HERE, "")) };
    let mut reaching = bluetooth.clicker(&id);
    match tokio::time::timeout(REACHED_WITHIN, reaching.reach()).await {
        Ok(Ok(_)) => (Mark::Ok, tell(texts::DOCTOR_WORKS, "")),
        Ok(Err(NotReached::ForgottenByClicker)) => (Mark::Not, tell(texts::DOCTOR_BOND_THERE, "")),
        Ok(Err(NotReached::ForgottenHere)) => (Mark::Not, tell(texts::DOCTOR_BOND_HERE, "")),
        Ok(Err(why @ NotReached::OtherVersion { .. })) => {
            (Mark::Not, tell(texts::DOCTOR_OTHER_VERSION, &why.to_string()))
        }
        Ok(Err(NotReached::Gone)) | Err(_) => (Mark::Not, tell(texts::DOCTOR_NO_CONNECTION, "")),
    }
}
