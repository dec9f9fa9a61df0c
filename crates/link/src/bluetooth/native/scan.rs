//! Scanning for clickers: one task per scan, until its receiver is dropped.

use core::time::Duration;
use std::collections::BTreeMap;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::backoff::Backoff;
use super::system::{ScanEvent, Sighting};
use super::thread::StackHandle;
use super::{BluetoothError, ClickerId, ScanResult};

/// Minimum interval between updates of the list. The signal strength changes with every advertisement, and a list that
/// flickers cannot be read.
const PUBLISH_INTERVAL: Duration = Duration::from_millis(250);

/// A clicker advertises several times a second. One that is not heard for this many ticks (10 s) is out of reach or
/// connected elsewhere.
const EXPIRE_AFTER_TICKS: u32 = 40;

/// The list, or why scanning is not possible.
pub(super) type List = Result<Vec<ScanResult>, BluetoothError>;

/// Scans until the receiver of the list is dropped.
pub(super) async fn scan(mut stack_handle: StackHandle, list: watch::Sender<List>) {
    let subscribers = list.clone();
    tokio::select! {
        () = subscribers.closed() => {}
        () = run(&mut stack_handle, &list) => {}
    }
}

async fn run(stack_handle: &mut StackHandle, list: &watch::Sender<List>) {
    let mut backoff = Backoff::default();
    loop {
        stack_handle.wait_adapter_ready(|adapter| publish(list, Err(BluetoothError::Adapter(adapter)))).await;
        let stack = stack_handle.stack().await;
        let mut lost = stack_handle.clone();
        let error = tokio::select! {
            adapter = lost.wait_adapter_lost() => BluetoothError::Adapter(adapter),
            error = async {
                let mut discovery = match stack.system.start_discovery().await {
                    Ok(discovery) => discovery,
                    Err(error) => return error,
                };
                backoff.reset();
                let mut table = SightingTable::default();
                let mut ticks = interval(PUBLISH_INTERVAL);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                loop {
                    // Polled across ticks, not recreated: it queries the system, which may take longer than a tick, and
                    // its pending event would be lost.
                    let mut next = core::pin::pin!(discovery.next());
                    let event = loop {
                        tokio::select! {
                            event = &mut next => break event,
                            _ = ticks.tick() => {
                                publish(list, Ok(table.list()));
                                table.tick();
                            }
                        }
                    };
                    match event {
                        Ok(event) => table.apply(event),
                        Err(error) => return error,
                    }
                }
            } => error,
        };
        tracing::info!(%error, "scanning ended");
        publish(list, Err(error));
        tokio::time::sleep(backoff.next_delay()).await;
    }
}

fn publish(list: &watch::Sender<List>, now: List) {
    list.send_if_modified(|current| {
        let changed = *current != now;
        *current = now;
        changed
    });
}

/// Clickers in reach, each with the number of ticks since it was last heard.
#[derive(Debug, Default)]
struct SightingTable(BTreeMap<ClickerId, (u32, ScanResult)>);

impl SightingTable {
    fn apply(&mut self, event: ScanEvent) {
        match event {
            ScanEvent::Gone(id) => drop(self.0.remove(&id)),
            ScanEvent::Seen(sighting) => {
                let Sighting { id, name, rssi_dbm, bonded, connected } = sighting;
                if rssi_dbm.is_some() || connected {
                    self.0.insert(id.clone(), (0, ScanResult { id, name, rssi_dbm, bonded, connected }));
                } else if let Some((_, seen)) = self.0.get_mut(&id) {
                    // Known to the system, but not heard now.
                    seen.connected = false;
                }
            }
        }
    }

    fn tick(&mut self) {
        self.0.retain(|_, (ticks, seen)| {
            *ticks += 1;
            seen.connected || *ticks < EXPIRE_AFTER_TICKS
        });
    }

    fn list(&self) -> Vec<ScanResult> {
        self.0.values().map(|(_, seen)| seen.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(last: u8, rssi_dbm: Option<i16>, connected: bool) -> ScanEvent {
        let id = ClickerId::of_address([0xc0, 0, 0, 0, 0, last]);
        ScanEvent::Seen(Sighting {
            id,
            name: Some("Unknot".to_owned()),
            rssi_dbm,
            bonded: Some(false),
            connected,
        })
    }

    fn turn(table: &mut SightingTable, times: u32) {
        for _ in 0..times {
            table.tick();
        }
    }

    fn last_bytes(table: &SightingTable) -> Vec<u8> {
        table.list().iter().filter_map(|seen| seen.id.address().map(|address| address[5])).collect()
    }

    #[test]
    fn a_clicker_is_listed_while_it_is_heard() {
        let mut table = SightingTable::default();
        table.apply(heard(2, Some(-60), false));
        table.apply(heard(1, Some(-70), false));
        table.apply(heard(3, None, false));
        assert_eq!(
            last_bytes(&table),
            [1, 2],
            "in the order of their names, and not what is only remembered"
        );
        turn(&mut table, EXPIRE_AFTER_TICKS / 2);
        table.apply(heard(1, Some(-50), false));
        turn(&mut table, EXPIRE_AFTER_TICKS / 2);
        assert_eq!(last_bytes(&table), [1]);
        assert_eq!(table.list()[0].rssi_dbm, Some(-50));
    }

    #[test]
    fn one_that_is_connected_stays_though_it_is_not_heard() {
        let mut table = SightingTable::default();
        table.apply(heard(1, None, true));
        turn(&mut table, EXPIRE_AFTER_TICKS * 2);
        assert_eq!(last_bytes(&table), [1]);
        table.apply(heard(1, None, false));
        turn(&mut table, 1);
        assert_eq!(last_bytes(&table), [] as [u8; 0]);
    }

    #[test]
    fn one_that_the_system_removed_is_gone_at_once() {
        let mut table = SightingTable::default();
        table.apply(heard(1, Some(-60), false));
        table.apply(ScanEvent::Gone(ClickerId::of_address([0xc0, 0, 0, 0, 0, 1])));
        assert_eq!(last_bytes(&table), [] as [u8; 0]);
    }
}
