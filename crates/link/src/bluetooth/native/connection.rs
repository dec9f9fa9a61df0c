//! One established connection: forwards report frames to the mailbox and cues from the session to the clicker.

use core::time::Duration;

use wire::{Cue, Frame};

use super::DeviceInfo;
use super::fault::Fault;
use super::gatt::{self, Failure, Gatt, Notifications};
use super::mailbox::{self, FrameSender, Mailbox};
use super::reach::ClickerTask;
use super::thread::Stack;
use crate::{Link, LinkError};

/// Time without any frame after which the connection is closed. A clicker sends a beat at least twice a second in a
/// session and a hello at least every 3 s outside one, so twice the supervision timeout of 4 s without either means
/// that the system missed the disconnect.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(8);

/// Duration of a write after which queued tones are dropped: they would sound too late.
const WRITE_STALLED: Duration = Duration::from_millis(500);

/// Grace period for the final `Bye` after the client has gone. It arrives within a few connection events, after the
/// write that is stalled, or not at all.
const BYE_GRACE: Duration = Duration::from_secs(2);

/// Delay before the device information is read, so that the first frames have the link to themselves.
const DEVICE_INFO_DELAY: Duration = Duration::from_secs(1);

/// Interval between battery reads. A battery that lasts for weeks changes by less than a percent in this time.
const BATTERY_INTERVAL: Duration = Duration::from_secs(300);

/// A Bluetooth link to a clicker. Dropping it disconnects.
///
/// Sending never blocks: a queued cue is removed when a newer one replaces it.
#[derive(Debug)]
pub struct Connection {
    mailbox: Mailbox,
    cues: FrameSender,
}

impl Link for Connection {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        self.mailbox.next().await
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        if let Some(why) = self.mailbox.ended() {
            return Err(why);
        }
        let new = cue(frame);
        let replaces =
            |earlier: &Frame| new.zip(cue(earlier)).is_some_and(|(new, earlier)| new.replaces(&earlier));
        if self.cues.push_replacing(*frame, replaces) {
            tracing::warn!("the clicker accepts no cues; the oldest was dropped");
        }
        Ok(())
    }
}

/// What the clicker's task does after a disconnect.
pub(super) enum Disconnect {
    /// Wait for the next request.
    Ended,
    /// Reconnect at once: the next link has been requested already.
    NextRequested,
    /// End: no more links will be requested.
    ClientGone,
}

/// Hands the link to the client and forwards frames until the connection ends.
pub(super) async fn run(
    task: &mut ClickerTask,
    stack: &Stack,
    gatt: &Gatt,
    mut notifications: Notifications,
) -> Disconnect {
    let (sender, mailbox) = mailbox::mailbox();
    let (cues, waiting) = mailbox::mailbox();
    if task.links.send(Ok(Connection { mailbox, cues })).await.is_err() {
        gatt.unsubscribe().await;
        gatt.disconnect().await;
        return Disconnect::ClientGone;
    }
    let ClickerTask { requests, about, id, .. } = task;
    let mut writing = core::pin::pin!(write_cues(waiting, gatt, &sender));
    let disconnect = tokio::select! {
        () = receive(&mut notifications, &sender) => Disconnect::Ended,
        () = &mut writing => Disconnect::Ended,
        () = stack.system.disconnected(id) => {
            tracing::info!(clicker = %id, "the system reports the end of the connection");
            Disconnect::Ended
        }
        () = poll_device_info(stack, gatt, id, about) => Disconnect::Ended,
        ask = requests.recv() => if ask.is_some() { Disconnect::NextRequested } else { Disconnect::ClientGone },
    };
    if matches!(disconnect, Disconnect::ClientGone) && tokio::time::timeout(BYE_GRACE, writing).await.is_err()
    {
        tracing::warn!("the last cues were not written in time");
    }
    // Report the end before the cleanup, which may take seconds.
    sender.end(LinkError::Ended);
    gatt.unsubscribe().await;
    gatt.disconnect().await;
    disconnect
}

/// Receives reports. Returns when the notification stream ends or [`SILENCE_TIMEOUT`] passes without a frame.
async fn receive(notifications: &mut Notifications, sender: &FrameSender) {
    loop {
        match tokio::time::timeout(SILENCE_TIMEOUT, gatt::next_report(notifications)).await {
            Ok(Some(frame)) => {
                if sender.push(frame) {
                    tracing::warn!("the session reads no frames; the oldest was dropped");
                }
            }
            Ok(None) => {
                tracing::warn!("the stream of notifications has ended");
                return;
            }
            Err(_) => {
                tracing::warn!(?SILENCE_TIMEOUT, "silence; the connection is given up");
                return;
            }
        }
    }
}

/// Destination of cues; a trait so that tests can replace the clicker.
trait CueWriter {
    /// Writes one cue. Completes when the clicker has acknowledged the write.
    fn write(&self, cue: &Frame) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl CueWriter for Gatt {
    fn write(&self, cue: &Frame) -> impl Future<Output = Result<(), Failure>> + Send {
        Self::write(self, cue)
    }
}

/// Writes queued cues in order. Returns when the link has been dropped and the queue is empty, or when the clicker
/// rejects cues on this link.
async fn write_cues(mut cues: Mailbox, air: &impl CueWriter, sender: &FrameSender) {
    while let Ok(frame) = cues.next().await {
        let mut write = core::pin::pin!(air.write(&frame));
        let written = match tokio::time::timeout(WRITE_STALLED, &mut write).await {
            Ok(written) => written,
            Err(_) => {
                let written = write.await;
                // With a `Bye` queued only the `Bye` is worth writing: its grace period is short. Otherwise only tones
                // are dropped, because all other cues are repeated.
                let last = cues.any(is_bye);
                cues.retain(|frame| if last { is_bye(frame) } else { !is_tone(frame) });
                written
            }
        };
        match written {
            Ok(()) => {}
            Err((error, Fault::NotTrusted)) => {
                tracing::warn!(%error, "the clicker does not take cues over this link");
                sender.end(LinkError::NotTrusted);
                return;
            }
            // A failed write does not end the connection: the system or the silence timeout reports that.
            Err((error, _)) => tracing::debug!(%error),
        }
    }
}

/// Tones are not repeated: a late one is useless.
fn is_tone(frame: &Frame) -> bool {
    matches!(cue(frame), Some(Cue::Play { .. }))
}

/// `Bye` is the last cue of a session and is not repeated.
fn is_bye(frame: &Frame) -> bool {
    matches!(cue(frame), Some(Cue::Bye { .. }))
}

fn cue(frame: &Frame) -> Option<Cue> {
    wire::decode(frame.as_bytes()).ok()
}

/// Reads the device information once and the battery periodically. Never returns.
async fn poll_device_info(
    stack: &Stack,
    gatt: &Gatt,
    id: &super::ClickerId,
    about: &tokio::sync::watch::Sender<DeviceInfo>,
) {
    tokio::time::sleep(DEVICE_INFO_DELAY).await;
    let mut known = about.borrow().clone();
    gatt.about(&mut known).await;
    loop {
        let read = match gatt.battery().await {
            Some(percent) => Some(percent),
            None => stack.system.battery(id).await,
        };
        known.battery_percent = read.or(known.battery_percent);
        let now =
            DeviceInfo { wire: about.borrow().wire, rssi_dbm: about.borrow().rssi_dbm, ..known.clone() };
        about.send_replace(now);
        tokio::time::sleep(BATTERY_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::bluetooth::BluetoothError;

    /// A clicker that takes a fixed time per cue, and may reject all of them.
    struct Slow {
        each: Duration,
        written: Mutex<Vec<Cue>>,
        trusted: bool,
    }

    impl CueWriter for Slow {
        async fn write(&self, frame: &Frame) -> Result<(), Failure> {
            tokio::time::sleep(self.each).await;
            if !self.trusted {
                return Err((BluetoothError::TimedOut { doing: "asking" }, Fault::NotTrusted));
            }
            self.written.lock().unwrap().push(cue(frame).unwrap());
            Ok(())
        }
    }

    /// The cues that are written when each write takes `each`, and each cue is sent the given time after the previous
    /// one.
    async fn written(cues_said: &[(Duration, Cue)], each: Duration) -> Vec<Cue> {
        let ((sender, mailbox), (cues, waiting)) = (mailbox::mailbox(), mailbox::mailbox());
        let air = Slow { each, written: Mutex::default(), trusted: true };
        let mut connection = Connection { mailbox, cues };
        let said = async move {
            for (after, cue) in cues_said {
                tokio::time::sleep(*after).await;
                connection.send(&Frame::of(cue)).await.unwrap();
            }
        };
        tokio::join!(write_cues(waiting, &air, &sender), said);
        air.written.into_inner().unwrap()
    }

    /// Sends all cues while the first is being written.
    fn at_once(cues: &[Cue]) -> Vec<(Duration, Cue)> {
        let pauses =
            [Duration::ZERO, Duration::from_millis(1)].into_iter().chain(std::iter::repeat(Duration::ZERO));
        pauses.zip(cues.iter().copied()).collect()
    }

    /// Duration of a write as measured between two emulated machines.
    const EACH: Duration = Duration::from_millis(45);
    const LONG: Duration = Duration::from_millis(600);

    const SHOW: Cue = Cue::Show { number: 3, mode: wire::Mode::Hold };
    const PULSE: Cue = Cue::Pulse { show: 3, dial: None };
    const ALARM: Cue = Cue::AlarmStored { boot: 1, seq: 2 };
    const TONE: Cue = Cue::Play { tone: wire::Tone::Flush };
    const BYE: Cue = Cue::Bye { session: 7 };

    fn ack(next: u32) -> Cue {
        Cue::Ack { boot: 1, next }
    }

    #[tokio::test(start_paused = true)]
    async fn while_the_air_is_free_every_cue_is_written_in_its_order() {
        let said = [ack(1), TONE, ack(2), SHOW, SHOW, ack(3), BYE];
        assert_eq!(written(&said.map(|cue| (EACH * 2, cue)), EACH).await, said);
    }

    /// A clicker without an acknowledgement for 400 ms repeats eight events. Answering each one separately would take
    /// as long as that, so delivery would never catch up.
    #[tokio::test(start_paused = true)]
    async fn however_many_acknowledgements_wait_one_is_written() {
        let said: Vec<Cue> = (1..=100).map(ack).chain([BYE]).collect();
        assert_eq!(written(&at_once(&said), EACH).await, [ack(1), ack(100), BYE]);
    }

    /// Each cue is sent more often than one can be written.
    #[tokio::test(start_paused = true)]
    async fn what_is_said_again_and_again_comes_in_its_turn() {
        let said = [SHOW, PULSE, ALARM].repeat(20);
        let written = written(&said.iter().map(|cue| (EACH, *cue)).collect::<Vec<_>>(), LONG).await;
        for cue in [SHOW, PULSE, ALARM] {
            let times = written.iter().filter(|other| **other == cue).count();
            assert!(times >= written.len() / 3, "{cue:?} {times} times of {written:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn sending_waits_neither_for_the_air_nor_for_a_place() {
        let ((_sender, mailbox), (cues, _waiting)) = (mailbox::mailbox(), mailbox::mailbox());
        let mut connection = Connection { mailbox, cues };
        for _ in 0..1_000 {
            let sent =
                tokio::time::timeout(Duration::from_millis(1), connection.send(&Frame::of(&TONE))).await;
            assert_eq!(sent, Ok(Ok(())));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_tone_that_was_held_up_is_dropped_and_what_else_waits_is_not() {
        let said = at_once(&[ack(1), TONE, ALARM, SHOW, PULSE]);
        assert_eq!(written(&said, LONG).await, [ack(1), ALARM, SHOW, PULSE]);
        assert_eq!(written(&said, WRITE_STALLED).await, [ack(1), TONE, ALARM, SHOW, PULSE]);
    }

    #[tokio::test(start_paused = true)]
    async fn where_the_air_was_held_up_the_last_word_goes_before_all_else() {
        let said = at_once(&[PULSE, ack(1), ALARM, TONE, BYE]);
        assert_eq!(written(&said, LONG).await, [PULSE, BYE]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_under_way_when_the_link_is_dropped_arrives() {
        assert_eq!(written(&at_once(&[BYE]), WRITE_STALLED * 3).await, [BYE]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_clicker_that_takes_no_cues_over_this_link_ends_it() {
        let ((sender, mailbox), (cues, waiting)) = (mailbox::mailbox(), mailbox::mailbox());
        let mut connection = Connection { mailbox, cues };
        connection.send(&Frame::of(&PULSE)).await.unwrap();
        write_cues(waiting, &Slow { each: EACH, written: Mutex::default(), trusted: false }, &sender).await;
        assert_eq!(connection.send(&Frame::of(&PULSE)).await, Err(LinkError::NotTrusted));
        assert_eq!(connection.next().await, Err(LinkError::NotTrusted));
    }
}
