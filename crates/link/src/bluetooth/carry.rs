//! A standing connection: frames from the air into the mailbox, cues from the loop to the air.

use core::time::Duration;

use tokio::time::Instant;
use wire::{Cue, Frame};

use super::About;
use super::fault::Fault;
use super::gatt::{self, Failure, Gatt, Notifications};
use super::mailbox::{self, Mailbox, Slot};
use super::reach::Reaching;
use super::thread::Stack;
use crate::{Link, LinkError};

/// Within a session a clicker beats at least twice a second, outside it says hello every three seconds at the least; twice
/// the supervision timeout of 4 s without either is a connection that the system has not noticed is gone.
const SILENCE: Duration = Duration::from_secs(8);

/// A tone that has waited for the air for so long would come too late.
const TOO_LATE: Duration = Duration::from_millis(500);

/// Whoever wants no more links has said what there is to say: that the session is over, as a rule. It arrives within a few
/// connection events, or after what was held up before it, or not at all.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What the clicker is, is read when the first frames have been exchanged: they share the air.
const ABOUT_AFTER: Duration = Duration::from_secs(1);

/// A battery that lasts weeks changes by less than a percent in this.
const BATTERY_EVERY: Duration = Duration::from_secs(300);

/// A link to a clicker over the air. Dropping it ends the connection.
///
/// Sending never waits: of the cues that the air has not taken yet only the newest of each are kept.
#[derive(Debug)]
pub struct Connection {
    mailbox: Mailbox<Frame>,
    cues: Slot<Waiting>,
}

/// A cue that waits for the air.
#[derive(Debug)]
struct Waiting {
    frame: Frame,
    since: Instant,
}

impl Link for Connection {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        self.mailbox.next().await
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        if let Some(why) = self.mailbox.ended() {
            return Err(why);
        }
        self.cues.put_for(Waiting { frame: *frame, since: Instant::now() }, |earlier| {
            cue(frame).zip(cue(&earlier.frame)).is_some_and(|(new, earlier)| new.replaces(&earlier))
        });
        Ok(())
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
    let (cues, waiting) = mailbox::mailbox();
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
async fn drain(notifications: &mut Notifications, slot: &Slot<Frame>) {
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

/// Writes cues one after the other. Ends when the link is dropped and all that waited has arrived, or when nothing can be
/// written any more.
async fn deliver(mut cues: Mailbox<Waiting>, air: &impl Air, slot: &Slot<Frame>) {
    while let Ok(Waiting { frame, since }) = cues.next().await {
        if matches!(cue(&frame), Some(Cue::Play { .. })) && since.elapsed() > TOO_LATE {
            tracing::debug!("a tone was dropped: the air was held up");
            continue;
        }
        match air.write(&frame).await {
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

fn cue(frame: &Frame) -> Option<Cue> {
    wire::decode(frame.as_bytes()).ok()
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

    /// Takes so long for each cue.
    struct Slow(Duration, Mutex<Vec<Cue>>);

    impl Air for Slow {
        async fn write(&self, cue: &Frame) -> Result<(), Failure> {
            tokio::time::sleep(self.0).await;
            self.1.lock().unwrap().push(wire::decode(cue.as_bytes()).unwrap());
            Ok(())
        }
    }

    /// Which of these cues are written where each takes so long, the next of them being sent as the one before has been,
    /// `pause` later.
    async fn written(cues: &[Cue], pause: Duration, each: Duration) -> Vec<Cue> {
        let ((slot, mailbox), (cues_in, waiting)) = (mailbox::mailbox(), mailbox::mailbox());
        let air = Slow(each, Mutex::default());
        let mut connection = Connection { mailbox, cues: cues_in };
        let sending = async move {
            for cue in cues {
                connection.send(&Frame::of(cue)).await.unwrap();
                tokio::time::sleep(pause).await;
            }
        };
        tokio::join!(deliver(waiting, &air, &slot), sending);
        air.1.into_inner().unwrap()
    }

    const AT_ONCE: Duration = Duration::ZERO;
    const EACH: Duration = Duration::from_millis(45);

    fn ack(next: u32) -> Cue {
        Cue::Ack { boot: 1, next }
    }

    const BYE: Cue = Cue::Bye { session: 7 };
    const ALARM: Cue = Cue::AlarmStored { boot: 1, seq: 2 };
    const TONE: Cue = Cue::Play { tone: wire::Tone::Flush };

    #[tokio::test(start_paused = true)]
    async fn while_the_air_is_free_every_cue_is_written_in_its_order() {
        let said = [ack(1), TONE, ack(2), ack(3), BYE];
        assert_eq!(written(&said, EACH * 2, EACH).await, said);
    }

    /// A clicker that hears no acknowledgement for 400 ms sends eight events again. Were each of them answered on its own,
    /// the answers would take as long, and it would never get on.
    #[tokio::test(start_paused = true)]
    async fn however_many_acknowledgements_wait_one_is_written() {
        let said: Vec<Cue> = (1..=100).map(ack).chain([BYE]).collect();
        assert_eq!(written(&said, AT_ONCE, EACH).await, [ack(100), BYE]);
    }

    #[tokio::test(start_paused = true)]
    async fn sending_does_not_wait_for_the_air() {
        let said: Vec<Cue> = (1..=100).map(ack).collect();
        let start = Instant::now();
        let (cues, _waiting) = mailbox::mailbox();
        let (_slot, mailbox) = mailbox::mailbox();
        let mut connection = Connection { mailbox, cues };
        for cue in &said {
            connection.send(&Frame::of(cue)).await.unwrap();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_tone_that_was_held_up_is_dropped_and_what_else_waits_is_not() {
        let said = [ack(1), TONE, ALARM, BYE];
        assert_eq!(written(&said, AT_ONCE, TOO_LATE * 2).await, [ack(1), ALARM, BYE]);
        assert_eq!(written(&said, AT_ONCE, TOO_LATE / 2).await, said);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_under_way_when_the_link_is_dropped_arrives() {
        assert_eq!(written(&[BYE], AT_ONCE, TOO_LATE * 3).await, [BYE]);
    }
}
