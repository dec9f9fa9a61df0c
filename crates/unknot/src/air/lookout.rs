//! Looking out for clickers in the background while something else is on the screen. It begins when it is first asked,
//! so that the first screen waits for no Bluetooth, and a program that practises never starts one.

use link::bluetooth::{Adapter, Bluetooth, Scan};
use tokio::sync::watch;
use words::Words;

use super::Near;
use super::texts;

/// What is seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sight {
    /// This computer's Bluetooth.
    pub(crate) radio: Radio,
    /// Clickers in reach.
    pub(crate) near: Vec<Near>,
}

/// How this computer's Bluetooth stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Radio {
    /// It is being looked at.
    #[default]
    Looking,
    /// It can be used.
    Ready,
    /// It cannot, and what would help.
    Not(String),
}

/// Looks out.
#[derive(Debug, Default)]
pub(crate) struct Lookout {
    sight: Option<Sight>,
    /// What is seen in its place: a test looks at no radio.
    #[cfg(test)]
    dreamt: Option<tokio::sync::mpsc::UnboundedReceiver<Sight>>,
    bluetooth: Option<Bluetooth>,
    watching: Option<(watch::Receiver<Adapter>, Scan)>,
}

#[cfg(test)]
impl Lookout {
    /// Sees what it is told.
    pub(crate) fn dreaming(dreamt: tokio::sync::mpsc::UnboundedReceiver<Sight>) -> Self {
        Self { dreamt: Some(dreamt), ..Self::default() }
    }

    /// What is seen next.
    pub(crate) async fn changed(&mut self) -> Sight {
        let Some(dreamt) = &mut self.dreamt else { return self.looked().await };
        match dreamt.recv().await {
            Some(sight) => sight,
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(test))]
impl Lookout {
    /// What is seen, whenever it is another thing; at once when first asked. Nothing is lost where the wait is given up.
    pub(crate) async fn changed(&mut self) -> Sight {
        self.looked().await
    }
}

impl Lookout {
    /// This computer's Bluetooth, started where it was not.
    pub(crate) fn bluetooth(&mut self) -> Bluetooth {
        self.bluetooth.get_or_insert_with(Bluetooth::start).clone()
    }

    /// Looks no further until it is asked again: a clicker that is to be reached is not to be looked for twice.
    pub(crate) fn rest(&mut self) {
        self.watching = None;
        self.sight = None;
    }

    async fn looked(&mut self) -> Sight {
        let bluetooth = self.bluetooth();
        let (adapter, scan) = self.watching.get_or_insert_with(|| (bluetooth.adapter(), bluetooth.scan()));
        loop {
            let mut sight = self.sight.clone().unwrap_or_default();
            sight.radio = radio(&adapter.borrow_and_update());
            if sight.radio != Radio::Ready {
                sight.near.clear();
            }
            if self.sight.as_ref() != Some(&sight) {
                self.sight = Some(sight.clone());
                return sight;
            }
            tokio::select! {
                changed = adapter.changed() => if changed.is_err() {
                    // Its thread is gone, and will not come back.
                    let why = Words::english().render(texts::BLUETOOTH_NO_ANSWER, &[]);
                    let gone = Sight { radio: Radio::Not(why), near: Vec::new() };
                    if self.sight.as_ref() == Some(&gone) {
                        std::future::pending::<()>().await;
                    }
                    self.sight = Some(gone.clone());
                    return gone;
                },
                seen = scan.changed() => {
                    // What stands in the way of looking, the adapter tells as well.
                    let near = seen.map(|all| all.into_iter().map(Near::from).collect()).unwrap_or_default();
                    let sight = Sight { near, ..sight };
                    if self.sight.as_ref() != Some(&sight) {
                        self.sight = Some(sight.clone());
                        return sight;
                    }
                }
            }
        }
    }
}

/// How an adapter stands, for a person.
fn radio(adapter: &Adapter) -> Radio {
    match adapter {
        Adapter::Starting => Radio::Looking,
        Adapter::Ready { .. } => Radio::Ready,
        not @ (Adapter::NotBuilt
        | Adapter::Off
        | Adapter::Missing
        | Adapter::NoPermission { .. }
        | Adapter::NoDaemon { .. }) => Radio::Not(not.to_string()),
    }
}

impl From<link::bluetooth::ScanResult> for Near {
    fn from(seen: link::bluetooth::ScanResult) -> Self {
        let link::bluetooth::ScanResult { id, name, rssi_dbm, bonded, connected } = seen;
        Self { id: id.to_string(), name, rssi_dbm, bonded, connected }
    }
}
