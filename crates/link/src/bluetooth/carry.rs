//! A standing connection: frames from the air into the mailbox, cues from the loop to the air.

use core::time::Duration;

use tokio::sync::mpsc;
use wire::{Cue, Frame};

use super::About;
use super::fault::Fault;
use super::gatt::{self, Failure, Gatt, Notifications};
use super::mailbox::{self, Mailbox, Slot};
use super::reach::Reaching;
use super::thread::Stack;
use crate::{Link, LinkError};

/// Cues that wait for the air: as many as frames may wait in memory.
const PLACES: usize = 8;

/// Within a session a clicker beats at least twice a second, outside it says hello every three seconds at the least; twice
/// the supervision timeout of 4 s without either is a connection that the system has not noticed is gone.
const SILENCE: Duration = Duration::from_secs(8);

/// A cue that has been under way for so long holds up others that grow stale: a tone would come too late, a pulse says
/// nothing new. Those that wait are dropped until it has arrived; all that matters is sent again, but for the last word.
const HELD_UP: Duration = Duration::from_millis(500);

/// Whoever wants no more links has said what there is to say: that the session is over, as a rule. It arrives within a few
/// connection events, or after what was held up before it, or not at all.
const LAST_WORDS: Duration = Duration::from_secs(2);

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

/// Where cues are written.
trait Air {
    /// Writes one; ends when the clicker has answered.
    fn write(&self, cue: &Frame) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl Air for Gatt {
    fn write(&self, cue: &Frame) -> impl Future<Output = Result<(), Failure>> + Send {
        Self::write(self, cue)
    }
}

/// Writes cues one after the other. Ends when the link is dropped and what was under way has arrived, or when nothing can
/// be written any more.
async fn deliver(mut waiting: mpsc::Receiver<Frame>, air: &impl Air, slot: &Slot) {
    let mut last_word = None;
    while let Some(frame) = match last_word.take() {
        Some(frame) => Some(frame),
        None => waiting.recv().await,
    } {
        let mut write = core::pin::pin!(air.write(&frame));
        let written = match tokio::time::timeout(HELD_UP, &mut write).await {
            Ok(written) => written,
            Err(_) => loop {
                tokio::select! {
                    biased;
                    written = &mut write => break written,
                    Some(dropped) = waiting.recv() => {
                        if is_last_word(&dropped) {
                            last_word = Some(dropped);
                        } else {
                            tracing::debug!("a cue was dropped: the air is held up");
                        }
                    }
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

/// Nothing follows it, and nobody says it again.
fn is_last_word(cue: &Frame) -> bool {
    matches!(wire::decode(cue.as_bytes()), Ok(Cue::Bye { .. }))
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const ACK: Cue = Cue::Ack { boot: 1, next: 1 };
    const BYE: Cue = Cue::Bye { session: 7 };

    /// Takes so long for each cue.
    struct Slow(Duration, Mutex<Vec<Cue>>);

    impl Air for Slow {
        async fn write(&self, cue: &Frame) -> Result<(), Failure> {
            tokio::time::sleep(self.0).await;
            self.1.lock().unwrap().push(wire::decode(cue.as_bytes()).unwrap());
            Ok(())
        }
    }

    /// Which of these cues are written where each takes so long, the link being dropped at once.
    async fn written(cues: &[Cue], each: Duration) -> Vec<Cue> {
        let (sender, waiting) = mpsc::channel(PLACES);
        for cue in cues {
            sender.send(Frame::of(cue)).await.unwrap();
        }
        drop(sender);
        let (slot, _mailbox) = mailbox::mailbox();
        let air = Slow(each, Mutex::default());
        deliver(waiting, &air, &slot).await;
        air.1.into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn while_the_air_is_free_every_cue_is_written() {
        assert_eq!(written(&[ACK, ACK, BYE], HELD_UP / 2).await, [ACK, ACK, BYE]);
    }

    #[tokio::test(start_paused = true)]
    async fn held_up_cues_are_dropped_and_the_last_word_is_not() {
        assert_eq!(written(&[ACK, ACK, ACK, BYE], HELD_UP * 2).await, [ACK, BYE]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_under_way_when_the_link_is_dropped_arrives() {
        assert_eq!(written(&[BYE], HELD_UP * 3).await, [BYE]);
    }
}
