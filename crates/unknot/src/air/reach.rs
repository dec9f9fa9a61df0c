//! A session over the air, over as many links as it takes; and what is told and remembered of its clicker meanwhile.

use std::path::{Path, PathBuf};
use std::time::Duration;

use link::bluetooth::{Adapter, DeviceInfo, Status};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use super::{LinkStatus, Reaching, near};
use crate::begin::{self, SessionEnv, Start};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock, SystemClock};
use crate::failure::Failure;
use crate::flows::connect::{Chosen, Reached};
use crate::front::Front;
use crate::live::{Ending, Hand};

/// Lives through a session with a clicker that has been reached. What is read of its battery is remembered.
pub(crate) async fn live<C: Clock>(
    start: Start,
    reached: Reached,
    db: &Path,
    env: SessionEnv<'_, C, impl Front>,
) -> Result<Ending, Failure> {
    let Reached { chosen, links, status, about } = reached;
    let (tell, statuses) = unbounded_channel();
    let hand = Hand::Receiver { statuses };
    tokio::select! {
        ending = begin::live(start, links, hand, env) => ending,
        () = watch_over(chosen, db.to_owned(), status, about, tell) => std::future::pending().await,
    }
}

/// Tells how the clicker stands for as long as it is asked.
async fn watch_over(
    chosen: Chosen,
    db: PathBuf,
    mut status: watch::Receiver<Status>,
    mut about: watch::Receiver<DeviceInfo>,
    tell: UnboundedSender<LinkStatus>,
) {
    let mut clock = SystemClock::start();
    let now = clock.read().wall;
    let remembered = chosen.remembered.as_ref();
    let before = remembered
        .and_then(|clicker| Some((clicker.battery?, near::between(clicker.battery_read.as_deref()?, now)?)));
    if let Some((percent, age)) = before {
        // The loop that listens ends with this.
        let _gone = tell.send(LinkStatus::Battery { percent, age });
    }
    let mut last = None;
    loop {
        let reaching = Reaching::from(&*status.borrow_and_update());
        let _gone = tell.send(LinkStatus::Reaching(reaching));
        let read = about.borrow_and_update().clone();
        if let Some(percent) = read.battery_percent
            && last.as_ref() != Some(&read)
        {
            let _gone = tell.send(LinkStatus::Battery { percent, age: Duration::ZERO });
            let (db, chosen, wall) = (db.clone(), chosen.clone(), clock.read().wall.to_string());
            let about = read.clone();
            // Written beside the loop: it waits for no disk.
            let written = tokio::task::spawn_blocking(move || remember(&db, &chosen, &about, &wall)).await;
            if !matches!(written, Ok(Ok(()))) {
                tracing::warn!(?written, "the battery was not remembered");
            }
            last = Some(read);
        }
        let changed = tokio::select! {
            changed = status.changed() => changed,
            changed = about.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// Keeps what was read of a clicker, where it is one that is remembered.
fn remember(db: &Path, chosen: &Chosen, about: &DeviceInfo, wall: &str) -> anyhow::Result<()> {
    let mut clickers = Clickers::beside(db)?;
    let Some(known) = clickers.of(&chosen.id.to_string()).cloned() else { return Ok(()) };
    clickers.remember(read(known, about, wall))
}

/// What is remembered of a clicker, with what has been read of it now.
pub(crate) fn read(known: Remembered, about: &DeviceInfo, wall: &str) -> Remembered {
    let battery_read = about.battery_percent.map(|_| wall.to_owned());
    Remembered {
        battery: about.battery_percent.map(|percent| percent.min(100)).or(known.battery),
        battery_read: battery_read.or(known.battery_read),
        firmware: about.firmware.clone().or(known.firmware),
        ..known
    }
}

impl From<&Status> for Reaching {
    fn from(status: &Status) -> Self {
        match status {
            Status::Idle => Self::Idle,
            // That it can be used, or will be told, is nothing a person has to mend.
            Status::Adapter(Adapter::Ready { .. } | Adapter::Starting) => Self::Idle,
            Status::Adapter(adapter) => Self::Adapter(adapter.to_string()),
            Status::Scanning => Self::Scanning,
            Status::Connecting => Self::Connecting,
            Status::Securing => Self::Securing,
            Status::Subscribing => Self::Subscribing,
            Status::Connected => Self::Connected,
            Status::Waiting { next_try } => Self::Waiting(*next_try),
            Status::Doubted { next_try } => Self::Doubted(*next_try),
        }
    }
}
