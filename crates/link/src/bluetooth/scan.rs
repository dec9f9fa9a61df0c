//! Looking for clickers: one task a scan, for as long as somebody wants its list.

use core::time::Duration;
use std::collections::BTreeMap;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::patience::Patience;
use super::system::{Heard, Told};
use super::thread::Ways;
use super::{BluetoothError, ClickerId, Seen};

/// The list is told at most so often: the signal changes with every advertisement, and one that flickers cannot be read.
const TURN: Duration = Duration::from_millis(250);

/// A clicker advertises several times a second; one not heard for so many turns, 10 s, is out of reach or connected
/// elsewhere.
const FORGOTTEN_AFTER: u32 = 40;

/// The list, or what stands in its way.
pub(super) type List = Result<Vec<Seen>, BluetoothError>;

/// Looks until nobody wants the list any more.
pub(super) async fn scan(mut ways: Ways, list: watch::Sender<List>) {
    let nobody = list.clone();
    tokio::select! {
        () = nobody.closed() => {}
        () = look(&mut ways, &list) => {}
    }
}

async fn look(ways: &mut Ways, list: &watch::Sender<List>) {
    let mut patience = Patience::default();
    loop {
        ways.adapter_ready(|adapter| tell(list, Err(BluetoothError::Adapter(adapter)))).await;
        let stack = ways.stack().await;
        let mut lost = ways.clone();
        let error = tokio::select! {
            adapter = lost.adapter_lost() => BluetoothError::Adapter(adapter),
            error = async {
                let mut listening = match stack.system.listen().await {
                    Ok(listening) => listening,
                    Err(error) => return error,
                };
                patience.restore();
                let mut near = Near::default();
                let mut turns = interval(TURN);
                turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
                loop {
                    // Asked once and kept through the turns: it asks the system back, which may take longer than one,
                    // and what it was about to tell would be lost with it.
                    let mut next = core::pin::pin!(listening.next());
                    let told = loop {
                        tokio::select! {
                            told = &mut next => break told,
                            _ = turns.tick() => {
                                tell(list, Ok(near.list()));
                                near.turn();
                            }
                        }
                    };
                    match told {
                        Ok(told) => near.take(told),
                        Err(error) => return error,
                    }
                }
            } => error,
        };
        tracing::info!(%error, "scanning ended");
        tell(list, Err(error));
        tokio::time::sleep(patience.next_wait()).await;
    }
}

fn tell(list: &watch::Sender<List>, now: List) {
    list.send_if_modified(|stood| {
        let changed = *stood != now;
        *stood = now;
        changed
    });
}

/// The clickers near, and how many turns ago each was last heard.
#[derive(Debug, Default)]
struct Near(BTreeMap<ClickerId, (u32, Seen)>);

impl Near {
    fn take(&mut self, told: Told) {
        match told {
            Told::Gone(id) => drop(self.0.remove(&id)),
            Told::Heard(heard) => {
                let Heard { id, name, rssi_dbm, bonded, connected } = heard;
                if rssi_dbm.is_some() || connected {
                    self.0.insert(id.clone(), (0, Seen { id, name, rssi_dbm, bonded, connected }));
                } else if let Some((_, seen)) = self.0.get_mut(&id) {
                    // Known from before, and not heard now.
                    seen.connected = false;
                }
            }
        }
    }

    fn turn(&mut self) {
        self.0.retain(|_, (turns, seen)| {
            *turns += 1;
            seen.connected || *turns < FORGOTTEN_AFTER
        });
    }

    fn list(&self) -> Vec<Seen> {
        self.0.values().map(|(_, seen)| seen.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(last: u8, rssi_dbm: Option<i16>, connected: bool) -> Told {
        let id = ClickerId::of_address([0xc0, 0, 0, 0, 0, last]);
        Told::Heard(Heard { id, name: Some("Unknot".to_owned()), rssi_dbm, bonded: Some(false), connected })
    }

    fn turn(near: &mut Near, times: u32) {
        for _ in 0..times {
            near.turn();
        }
    }

    fn last_bytes(near: &Near) -> Vec<u8> {
        near.list().iter().filter_map(|seen| seen.id.address().map(|address| address[5])).collect()
    }

    #[test]
    fn a_clicker_is_listed_while_it_is_heard() {
        let mut near = Near::default();
        near.take(heard(2, Some(-60), false));
        near.take(heard(1, Some(-70), false));
        near.take(heard(3, None, false));
        assert_eq!(last_bytes(&near), [1, 2], "in the order of their names, and not what is only remembered");
        turn(&mut near, FORGOTTEN_AFTER / 2);
        near.take(heard(1, Some(-50), false));
        turn(&mut near, FORGOTTEN_AFTER / 2);
        assert_eq!(last_bytes(&near), [1]);
        assert_eq!(near.list()[0].rssi_dbm, Some(-50));
    }

    #[test]
    fn one_that_is_connected_stays_though_it_is_not_heard() {
        let mut near = Near::default();
        near.take(heard(1, None, true));
        turn(&mut near, FORGOTTEN_AFTER * 2);
        assert_eq!(last_bytes(&near), [1]);
        near.take(heard(1, None, false));
        turn(&mut near, 1);
        assert_eq!(last_bytes(&near), [] as [u8; 0]);
    }

    #[test]
    fn one_that_the_system_removed_is_gone_at_once() {
        let mut near = Near::default();
        near.take(heard(1, Some(-60), false));
        near.take(Told::Gone(ClickerId::of_address([0xc0, 0, 0, 0, 0, 1])));
        assert_eq!(last_bytes(&near), [] as [u8; 0]);
    }
}
