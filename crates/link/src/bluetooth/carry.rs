//! A standing connection: frames from the air into the mailbox, cues from the loop to the air.

use core::time::Duration;

use tokio::sync::mpsc;
use wire::Frame;

use super::About;
use super::fault::Fault;
use super::gatt::{self, Gatt, Notifications};
use super::mailbox::{self, Mailbox, Slot};
use super::reach::Reaching;
use super::thread::Stack;
use crate::{Link, LinkError};

/// Cues that wait for the air: as many as frames may wait in memory.
const PLACES: usize = 8;

/// Within a session a clicker beats at least twice a second, outside it says hello every second; twice the supervision
/// timeout of 4 s without either is a connection that the system has not noticed is gone.
const SILENCE: Duration = Duration::from_secs(8);

/// A cue that has been under way for so long holds up others that grow stale: a tone would come too late, a pulse says
/// nothing new. Those that wait are dropped until it has arrived; all that matters is sent again.
const HELD_UP: Duration = Duration::from_millis(500);

/// Whoever wants no more links has said what there is to say: that the session is over, as a rule. It arrives within a few
/// connection events or not at all.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What the clicker is, is read when the first frames have been exchanged: they share the air.
const ABOUT_AFTER: Duration = Duration::from_secs(1);

/// A battery that lasts weeks changes by less than a percent in this.
const BATTERY_EVERY: Duration = Duration::from_secs(300);

/// A link to a clicker over the air. Dropping it ends the connection.
#[derive(Debug)]
pub struct Connection {
    mailbox: Mailbox,
    cues: mpsc::Sender<Frame>,
}

impl Link for Connection {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        self.mailbox.next().await
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        if let Some(why) = self.mailbox.ended() {
            return Err(why);
        }
        match self.cues.reserve().await {
            Ok(place) => {
                place.send(*frame);
                Ok(())
            }
            Err(_) => Err(self.mailbox.ended().unwrap_or(LinkError::Ended)),
        }
    }
}

/// What follows when a connection is over.
pub(super) enum Over {
    /// Whoever had it will ask for the next.
    Ended,
    /// The next is wanted already.
    AskedForNext,
    /// None will be wanted.
    NobodyWaits,
}

/// Hands the link over and carries frames until it ends.
pub(super) async fn carry(
    reaching: &mut Reaching,
    stack: &Stack,
    gatt: &Gatt,
    mut notifications: Notifications,
) -> Over {
    let (slot, mailbox) = mailbox::mailbox();
    let (cues, waiting) = mpsc::channel(PLACES);
    if reaching.links.send(Ok(Connection { mailbox, cues })).await.is_err() {
        gatt.unsubscribe().await;
        gatt.disconnect().await;
        return Over::NobodyWaits;
    }
    let Reaching { asks, about, id, .. } = reaching;
    let mut delivering = core::pin::pin!(deliver(waiting, gatt, &slot));
    let over = tokio::select! {
        () = drain(&mut notifications, &slot) => Over::Ended,
        () = &mut delivering => Over::Ended,
        () = stack.system.ended(id) => {
            tracing::info!(clicker = %id, "the system reports the end of the connection");
            Over::Ended
        }
        () = learn(stack, gatt, id, about) => Over::Ended,
        ask = asks.recv() => if ask.is_some() { Over::AskedForNext } else { Over::NobodyWaits },
    };
    if matches!(over, Over::NobodyWaits) && tokio::time::timeout(LAST_WORDS, delivering).await.is_err() {
        tracing::warn!("the last cues were not written in time");
    }
    // Told at once: tidying up may take its time.
    slot.end(LinkError::Ended);
    gatt.unsubscribe().await;
    gatt.disconnect().await;
    over
}

/// Only drains. Ends when the stream does or nothing comes any more.
async fn drain(notifications: &mut Notifications, slot: &Slot) {
    loop {
        match tokio::time::timeout(SILENCE, gatt::next_report(notifications)).await {
            Ok(Some(frame)) => {
                if slot.put(frame) {
                    tracing::warn!("nobody fetches frames; the oldest was dropped");
                }
            }
            Ok(None) => {
                tracing::warn!("the stream of notifications has ended");
                return;
            }
            Err(_) => {
                tracing::warn!(?SILENCE, "silence; the connection is given up");
                return;
            }
        }
    }
}

/// Writes cues one after the other. Ends when the link is dropped, or cannot be written to any more.
async fn deliver(mut waiting: mpsc::Receiver<Frame>, gatt: &Gatt, slot: &Slot) {
    while let Some(frame) = waiting.recv().await {
        let mut write = core::pin::pin!(gatt.write(&frame));
        let written = match tokio::time::timeout(HELD_UP, &mut write).await {
            Ok(written) => written,
            Err(_) => loop {
                tokio::select! {
                    biased;
                    written = &mut write => break written,
                    dropped = waiting.recv() => match dropped {
                        Some(_) => tracing::debug!("a cue was dropped: the air is held up"),
                        None => return,
                    },
                }
            },
        };
        match written {
            Ok(()) => {}
            Err((error, Fault::NotTrusted)) => {
                tracing::warn!(%error, "the clicker does not take cues over this link");
                slot.end(LinkError::NotTrusted);
                return;
            }
            // The end of the connection is told by the system or by silence; one cue is no end.
            Err((error, _)) => tracing::debug!(%error),
        }
    }
}

/// Reads what the clicker is, and its battery now and then. Never ends.
async fn learn(stack: &Stack, gatt: &Gatt, id: &super::ClickerId, about: &tokio::sync::watch::Sender<About>) {
    tokio::time::sleep(ABOUT_AFTER).await;
    let mut known = about.borrow().clone();
    gatt.about(&mut known).await;
    loop {
        let read = match gatt.battery().await {
            Some(percent) => Some(percent),
            None => stack.system.battery(id).await,
        };
        known.battery_percent = read.or(known.battery_percent);
        let now = About { wire: about.borrow().wire, rssi_dbm: about.borrow().rssi_dbm, ..known.clone() };
        about.send_replace(now);
        tokio::time::sleep(BATTERY_EVERY).await;
    }
}
