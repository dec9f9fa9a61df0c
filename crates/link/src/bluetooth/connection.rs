//! A standing connection: frames from the air into the mailbox, cues from the loop to the air.

use core::time::Duration;

use wire::{Cue, Frame};

use super::DeviceInfo;
use super::fault::Fault;
use super::gatt::{self, Failure, Gatt, Notifications};
use super::mailbox::{self, FrameSender, Mailbox};
use super::reach::ClickerTask;
use super::thread::Stack;
use crate::{Link, LinkError};

/// Within a session a clicker beats at least twice a second, outside it says hello every three seconds at the least; twice
/// the supervision timeout of 4 s without either is a connection that the system has not noticed is gone.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(8);

/// A cue that has been under way for so long has held up a tone that would now come too late.
const WRITE_STALLED: Duration = Duration::from_millis(500);

/// Whoever wants no more links has said what there is to say: that the session is over, as a rule. It arrives within a few
/// connection events, or after what was held up before it, or not at all.
const BYE_GRACE: Duration = Duration::from_secs(2);

/// What the clicker is, is read when the first frames have been exchanged: they share the air.
const DEVICE_INFO_DELAY: Duration = Duration::from_secs(1);

/// A battery that lasts weeks changes by less than a percent in this.
const BATTERY_INTERVAL: Duration = Duration::from_secs(300);

/// A link to a clicker over the air. Dropping it ends the connection.
///
/// Sending never waits: a cue that the air has not taken yet is let go of when a newer one replaces it.
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
            tracing::warn!("the air takes no cues; the oldest was dropped");
        }
        Ok(())
    }
}

/// What follows when a connection is over.
pub(super) enum Disconnect {
    /// Whoever had it will ask for the next.
    Ended,
    /// The next is wanted already.
    NextRequested,
    /// None will be wanted.
    ClientGone,
}

/// Hands the link over and carries frames until it ends.
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
    // Told at once: tidying up may take its time.
    sender.end(LinkError::Ended);
    gatt.unsubscribe().await;
    gatt.disconnect().await;
    disconnect
}

/// Only drains. TaskChannels when the stream does or nothing comes any more.
async fn receive(notifications: &mut Notifications, sender: &FrameSender) {
    loop {
        match tokio::time::timeout(SILENCE_TIMEOUT, gatt::next_report(notifications)).await {
            Ok(Some(frame)) => {
                if sender.push(frame) {
                    tracing::warn!("nobody fetches frames; the oldest was dropped");
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

/// Where cues are written.
trait CueWriter {
    /// Writes one; ends when the clicker has answered.
    fn write(&self, cue: &Frame) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl CueWriter for Gatt {
    fn write(&self, cue: &Frame) -> impl Future<Output = Result<(), Failure>> + Send {
        Self::write(self, cue)
    }
}

/// Writes cues one after the other. TaskChannels when the link is dropped and all that waited has arrived, or when nothing can be
/// written any more.
async fn write_cues(mut cues: Mailbox, air: &impl CueWriter, sender: &FrameSender) {
    while let Ok(frame) = cues.next().await {
        let mut write = core::pin::pin!(air.write(&frame));
        let written = match tokio::time::timeout(WRITE_STALLED, &mut write).await {
            Ok(written) => written,
            Err(_) => {
                let written = write.await;
                // Whoever has said the last word does not wait for long, and all else but a tone is said again.
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
            // The end of the connection is told by the system or by silence; one cue is no end.
            Err((error, _)) => tracing::debug!(%error),
        }
    }
}

/// It is not said again: it would come too late.
fn is_tone(frame: &Frame) -> bool {
    matches!(cue(frame), Some(Cue::Play { .. }))
}

/// Nothing follows it, and nobody says it again.
fn is_bye(frame: &Frame) -> bool {
    matches!(cue(frame), Some(Cue::Bye { .. }))
}

fn cue(frame: &Frame) -> Option<Cue> {
    wire::decode(frame.as_bytes()).ok()
}

/// Reads what the clicker is, and its battery now and then. Never ends.
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

    use super::super::BluetoothError;
    use super::*;

    /// Takes so long for each cue, and may be one that takes none.
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

    /// Which of these cues are written where each takes so long, each being said so long after the one before.
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

    /// The first is under way when the others are said.
    fn at_once(cues: &[Cue]) -> Vec<(Duration, Cue)> {
        let pauses =
            [Duration::ZERO, Duration::from_millis(1)].into_iter().chain(std::iter::repeat(Duration::ZERO));
        pauses.zip(cues.iter().copied()).collect()
    }

    /// What a write took where two machines were emulated.
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

    /// A clicker that hears no acknowledgement for 400 ms sends eight events again. Were each of them answered on its own,
    /// the answers would take as long, and it would never get on.
    #[tokio::test(start_paused = true)]
    async fn however_many_acknowledgements_wait_one_is_written() {
        let said: Vec<Cue> = (1..=100).map(ack).chain([BYE]).collect();
        assert_eq!(written(&at_once(&said), EACH).await, [ack(1), ack(100), BYE]);
    }

    /// Each is said more often than one of them is written.
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
