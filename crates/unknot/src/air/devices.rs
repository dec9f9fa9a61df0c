//! `unknot devices`: what is in reach, and what is remembered. Data to stdout; what is being done, to stderr.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use link::bluetooth::{Adapter, Bluetooth};
use serde::Serialize;
use tokio::time::sleep_until;
use words::{Value, Words};

use super::{Near, near, texts};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock as _, SystemClock, from_now};
use crate::failure::Failure;
use crate::signals::Signals;

/// Long enough that a clicker which advertises once a second is heard several times.
pub(super) const LISTENS: Duration = Duration::from_secs(6);

/// A Bluetooth service that is there answers within a second or two.
const ADAPTER_WITHIN: Duration = Duration::from_secs(10);

/// What was heard, or what stood in the way, which says what to do.
pub(super) type Heard = Result<Vec<Near>, String>;

/// A clicker as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    name: Option<&'a str>,
    near: bool,
    rssi_dbm: Option<i16>,
    signal: Option<String>,
    bonded: Option<bool>,
    connected: bool,
    remembered: bool,
    paired: Option<&'a str>,
    battery_percent: Option<u8>,
    battery_read: Option<&'a str>,
    battery_age_s: Option<u64>,
    firmware: Option<&'a str>,
}

/// `unknot devices`
pub(crate) fn devices(db: &Path, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let clickers = Clickers::beside(db)?;
    let words = Words::english();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let heard = runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let bluetooth = Bluetooth::start();
        tokio::select! {
            heard = listen(&bluetooth) => Ok(heard),
            number = signals.end() => Err(Failure::Signal(number)),
        }
    })?;
    let none = Vec::new();
    let near = heard.as_ref().unwrap_or(&none);
    let now = SystemClock::start().read().wall;
    let strangers = near.iter().filter(|near| clickers.of(&near.id).is_none());
    let all: Vec<(Option<&Near>, Option<&Remembered>)> = clickers
        .all
        .iter()
        .map(|known| (near.iter().find(|near| near.id == known.id), Some(known)))
        .chain(strangers.map(|near| (Some(near), None)))
        .collect();
    for (near, known) in &all {
        match (json, near, known) {
            (true, near, known) => {
                let json = serde_json::to_string(&line(&words, *near, *known, now))?;
                writeln!(out, "{}", words::escaped(json))?;
            }
            (false, near, Some(known)) => writeln!(out, "{}", near::known(&words, known, *near, now))?,
            (false, Some(near), None) => writeln!(out, "{}", near::stranger(&words, near))?,
            (false, None, None) => {}
        }
    }
    match heard {
        Ok(_) if all.is_empty() && !json => Ok(writeln!(out, "{}", words.render(texts::DEVICES_NONE, &[]))?),
        Ok(_) => Ok(()),
        Err(why) => {
            out.flush()?;
            Err(anyhow::anyhow!("{why}").into())
        }
    }
}

/// Listens for a while.
#[expect(clippy::print_stderr, reason = "stdout is for the list")]
pub(super) async fn listen(bluetooth: &Bluetooth) -> Heard {
    let words = Words::english();
    ready(bluetooth, &words).await?;
    let seconds = u32::try_from(LISTENS.as_secs()).unwrap_or(u32::MAX);
    eprintln!("{}", words.render(texts::LOOKING_FOR_CLICKERS, &[("seconds", Value::Number(seconds))]));
    let mut scan = bluetooth.scan();
    let until = from_now(LISTENS);
    let mut heard = Ok(Vec::new());
    loop {
        tokio::select! {
            seen = scan.changed() => {
                heard = seen
                    .map(|all| all.into_iter().map(Near::from).collect())
                    .map_err(|error| error.to_string());
            }
            () = sleep_until(until) => return heard,
        }
    }
}

/// Waits until the adapter can be used, or has said why not. Gives its name.
pub(super) async fn ready(bluetooth: &Bluetooth, words: &Words) -> Result<String, String> {
    let mut adapter = bluetooth.adapter();
    let answered = adapter.wait_for(|adapter| *adapter != Adapter::Starting);
    let no_answer = || words.render(texts::BLUETOOTH_NO_ANSWER, &[]);
    let stands = match tokio::time::timeout(ADAPTER_WITHIN, answered).await {
        Ok(Ok(stands)) => stands.clone(),
        Ok(Err(_)) | Err(_) => return Err(no_answer()),
    };
    match stands {
        Adapter::Ready { name } => Ok(name),
        not @ (Adapter::Starting
        | Adapter::NotBuilt
        | Adapter::Off
        | Adapter::Missing
        | Adapter::NoPermission { .. }
        | Adapter::NoDaemon { .. }) => Err(not.to_string()),
    }
}

fn line<'a>(
    words: &Words,
    near: Option<&'a Near>,
    known: Option<&'a Remembered>,
    now: Timestamp,
) -> Line<'a> {
    let dbm = near.and_then(|near| near.rssi_dbm);
    let read = known.and_then(|known| known.battery_read.as_deref());
    Line {
        id: near.map(|near| near.id.as_str()).or(known.map(|known| known.id.as_str())).unwrap_or_default(),
        name: near.and_then(|near| near.name.as_deref()).or(known.and_then(|known| known.name.as_deref())),
        near: near.is_some(),
        rssi_dbm: dbm,
        signal: dbm.map(|dbm| words.render(near::signal(dbm), &[])),
        bonded: near.and_then(|near| near.bonded),
        connected: near.is_some_and(|near| near.connected),
        remembered: known.is_some(),
        paired: known.map(|known| known.paired.as_str()),
        battery_percent: known.and_then(|known| known.battery),
        battery_read: read,
        battery_age_s: read.and_then(|read| near::between(read, now)).map(|age| age.as_secs()),
        firmware: known.and_then(|known| known.firmware.as_deref()),
    }
}
