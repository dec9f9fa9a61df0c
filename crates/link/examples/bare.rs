//! Minimal reader of a clicker: btleplug, and one line for each click as soon as its notification arrives. The lab
//! measures `unknot session` against it. No store, no coach, no screen, no reconnection.
//!
//! `bare ADDRESS CLICKS`. The clicker must be paired already. Prints `in session`, `seq N` for each click, and `done`
//! after that many clicks.
#![expect(clippy::print_stdout, reason = "it is all this example does")]

use std::error::Error;
use std::time::Duration;

use btleplug::api::{Central as _, CharPropFlags, Manager as _, Peripheral as _, ScanFilter, WriteType};
use btleplug::platform::{Manager, Peripheral};
use futures_util::StreamExt as _;
use tokio::time::{interval, sleep};
use uuid::Uuid;
use wire::{Cue, Frame, Mode, Report, gatt};

/// Any session id but 0.
const SESSION: u32 = 0x00c0_ffee;
const TRIES: u32 = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, clicks] = arguments.as_slice() else { return Err("bare ADDRESS CLICKS".into()) };
    let clicks: u32 = clicks.parse()?;
    let manager = Manager::new().await?;
    let adapter = manager.adapters().await?.into_iter().next().ok_or("no adapter")?;
    adapter.start_scan(ScanFilter::default()).await?;
    let clicker = connected(&adapter, address).await?;
    adapter.stop_scan().await?;
    clicker.discover_services().await?;
    let found = |uuid: gatt::Uuid| {
        let uuid = Uuid::from_u128(uuid.0);
        clicker.characteristics().into_iter().find(|found| found.uuid == uuid).ok_or("not a clicker")
    };
    let (report, cue) = (found(gatt::REPORT)?, found(gatt::CUE)?);
    if !report.properties.contains(CharPropFlags::NOTIFY) {
        return Err("it does not notify".into());
    }
    let write =
        async |cued: Cue| clicker.write(&cue, Frame::of(&cued).as_bytes(), WriteType::WithResponse).await;
    let mut notifications = clicker.notifications().await?;
    clicker.subscribe(&report).await?;
    write(Cue::Welcome { session: SESSION, version: wire::Version::CURRENT, alone: false }).await?;
    let mut pulses = interval(Duration::from_millis(500));
    let (mut seen, mut last, mut is_open) = (0, None, false);
    while seen < clicks {
        let notification = tokio::select! {
            notification = notifications.next() => notification.ok_or("the notifications ended")?,
            _ = pulses.tick() => {
                write(Cue::Pulse { show: 1, dial: None }).await?;
                continue;
            }
        };
        match wire::decode::<Report>(&notification.value) {
            Ok(Report::Clicked { boot, seq, .. }) => {
                // The clicker repeats an event whose acknowledgement is late.
                if last != Some((boot, seq)) {
                    println!("seq {seq}");
                    seen += 1;
                    last = Some((boot, seq));
                }
                write(Cue::Ack { boot, next: seq + 1 }).await?;
            }
            Ok(Report::Hello { first_boot, first_seq, session: SESSION, .. }) => {
                write(Cue::Ack { boot: first_boot, next: first_seq }).await?;
                write(Cue::Show { number: 1, mode: Mode::Rate }).await?;
            }
            Ok(Report::Beat { show: 1, .. }) if !is_open => {
                println!("in session");
                is_open = true;
            }
            Ok(Report::Hello { .. } | Report::Beat { .. } | Report::Alarm { .. }) | Err(_) => {}
        }
    }
    write(Cue::Bye { session: SESSION }).await?;
    clicker.unsubscribe(&report).await?;
    clicker.disconnect().await?;
    println!("done");
    Ok(())
}

/// Waits for the clicker and connects. Retries, because a first attempt over the air may fail.
async fn connected(
    adapter: &btleplug::platform::Adapter,
    address: &str,
) -> Result<Peripheral, Box<dyn Error>> {
    let mut why: Box<dyn Error> = "it is not heard".into();
    for _ in 0..TRIES {
        for peripheral in adapter.peripherals().await? {
            if !peripheral.address().to_string().eq_ignore_ascii_case(address) {
                continue;
            }
            match peripheral.connect().await {
                Ok(()) => return Ok(peripheral),
                Err(error) => why = error.into(),
            }
        }
        sleep(Duration::from_millis(500)).await;
    }
    Err(why)
}
