//! Both ends of a link in one process: for practice, where the clicker runs inside the laptop program, and for tests.
//!
//! ```text
//!   LaptopEnd  --- CAPACITY frames --->  ClickerEnd
//!              <--- CAPACITY frames ---
//!        \________ Switch::cut ________/     drops frames in flight, ends both sides
//! ```
//!
//! A [`LinkSource`] is the [`Reach`] of this transport: it returns the ends that its [`LinkSupplier`] supplied, in
//! order.

use tokio::sync::{mpsc, watch};
use wire::Frame;

use crate::{Link, LinkError, NotReached, Reach};

/// Queue length in frames, per direction: as many as the clicker may have unacknowledged, so that a link in memory has
/// no more room than one over Bluetooth.
pub const CAPACITY: usize = 8;

/// The laptop's end.
#[derive(Debug)]
pub struct LaptopEnd(End);

/// The clicker's end.
#[derive(Debug)]
pub struct ClickerEnd(End);

/// Ends the link from outside, as leaving radio range does.
#[derive(Debug, Clone)]
pub struct Switch(watch::Sender<bool>);

#[derive(Debug)]
struct End {
    frames: mpsc::Receiver<Frame>,
    other: mpsc::Sender<Frame>,
    cut: watch::Receiver<bool>,
}

/// Source of laptop ends, in the order in which they were supplied.
#[derive(Debug)]
pub struct LinkSource(mpsc::UnboundedReceiver<LaptopEnd>);

/// Supplies laptop ends to a [`LinkSource`].
#[derive(Debug, Clone)]
pub struct LinkSupplier(mpsc::UnboundedSender<LaptopEnd>);

/// A source without any link yet. After the last supplier is dropped and its links are taken, the source returns
/// [`NotReached::Gone`].
#[must_use]
pub fn link_source() -> (LinkSource, LinkSupplier) {
    let (supplier, source) = mpsc::unbounded_channel();
    (LinkSource(source), LinkSupplier(supplier))
}

/// A link that ends when either end is dropped.
#[must_use]
pub fn pair() -> (LaptopEnd, ClickerEnd) {
    let (laptop, clicker, switch) = pair_with_switch();
    // A dropped switch must not count as a cut.
    drop(switch);
    (laptop, clicker)
}

/// A link that ends when either end is dropped, or when the switch cuts it.
#[must_use]
pub fn pair_with_switch() -> (LaptopEnd, ClickerEnd, Switch) {
    let (to_laptop, at_laptop) = mpsc::channel(CAPACITY);
    let (to_clicker, at_clicker) = mpsc::channel(CAPACITY);
    let (switch, cut) = watch::channel(false);
    let laptop = End { frames: at_laptop, other: to_clicker, cut: cut.clone() };
    let clicker = End { frames: at_clicker, other: to_laptop, cut };
    (LaptopEnd(laptop), ClickerEnd(clicker), Switch(switch))
}

impl Switch {
    /// Ends the link. Frames in flight are lost, as they are over Bluetooth.
    pub fn cut(&self) {
        self.0.send_replace(true);
    }
}

impl LinkSupplier {
    /// Supplies the next link. Does nothing if the source has been dropped.
    pub fn supply(&self, end: LaptopEnd) {
        drop(self.0.send(end));
    }
}

/// A source of this one link.
impl From<LaptopEnd> for LinkSource {
    fn from(end: LaptopEnd) -> Self {
        let (source, supplier) = link_source();
        supplier.supply(end);
        source
    }
}

impl Reach for LinkSource {
    type Link = LaptopEnd;

    async fn reach(&mut self) -> Result<LaptopEnd, NotReached> {
        self.0.recv().await.ok_or(NotReached::Gone)
    }
}

impl Link for LaptopEnd {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        self.0.next().await
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        self.0.send(frame).await
    }
}

impl Link for ClickerEnd {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        self.0.next().await
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        self.0.send(frame).await
    }
}

impl End {
    async fn next(&mut self) -> Result<Frame, LinkError> {
        tokio::select! {
            biased; // A cut link gives nothing more, though frames may wait.
            () = cut(&mut self.cut) => Err(LinkError::Ended),
            frame = self.frames.recv() => frame.ok_or(LinkError::Ended),
        }
    }

    async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        tokio::select! {
            biased;
            () = cut(&mut self.cut) => Err(LinkError::Ended),
            place = self.other.reserve() => match place {
                Ok(place) => {
                    place.send(*frame);
                    Ok(())
                }
                Err(_) => Err(LinkError::Ended),
            },
        }
    }
}

/// Waits until the link is cut; never completes if the switch was dropped without a cut.
async fn cut(cut: &mut watch::Receiver<bool>) {
    if cut.wait_for(|cut| *cut).await.is_err() {
        core::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use core::future::Future;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};

    use super::*;
    use wire::{Cue, Report};

    fn ack(next: u32) -> Frame {
        Frame::of(&Cue::Ack { boot: 1, next })
    }

    /// Polls once, as `select!` does with a branch that loses, and drops the future.
    fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn frames_arrive_in_order_both_ways() {
        let (mut laptop, mut clicker) = pair();
        for next in 0..3 {
            laptop.send(&ack(next)).await.unwrap();
        }
        for next in 0..3 {
            assert_eq!(clicker.next().await, Ok(ack(next)));
        }
        let beat =
            Frame::of(&Report::Beat { boot: 1, uptime: 2, dial: None, next: 3, show: 4, alarm: false });
        clicker.send(&beat).await.unwrap();
        assert_eq!(laptop.next().await, Ok(beat));
    }

    #[tokio::test]
    async fn a_full_way_waits_for_a_place_and_a_dropped_send_sends_nothing() {
        let (mut laptop, mut clicker) = pair();
        for next in 0..8 {
            laptop.send(&ack(next)).await.unwrap();
        }
        assert_eq!(poll_once(laptop.send(&ack(99))), Poll::Pending);
        assert_eq!(clicker.next().await, Ok(ack(0)));
        laptop.send(&ack(8)).await.unwrap();
        for next in 1..=8 {
            assert_eq!(clicker.next().await, Ok(ack(next)));
        }
        assert_eq!(poll_once(clicker.next()), Poll::Pending, "99 was never sent");
    }

    #[tokio::test]
    async fn a_dropped_next_has_taken_no_frame() {
        let (mut laptop, mut clicker) = pair();
        assert_eq!(poll_once(clicker.next()), Poll::Pending);
        laptop.send(&ack(1)).await.unwrap();
        laptop.send(&ack(2)).await.unwrap();
        assert_eq!(clicker.next().await, Ok(ack(1)));
        assert_eq!(poll_once(clicker.next()), Poll::Ready(Ok(ack(2))));
    }

    #[tokio::test]
    async fn what_arrived_before_an_end_was_dropped_is_still_given() {
        let (mut laptop, mut clicker) = pair();
        clicker.send(&ack(1)).await.unwrap();
        drop(clicker);
        assert_eq!(laptop.next().await, Ok(ack(1)));
        for _ in 0..2 {
            assert_eq!(laptop.next().await, Err(LinkError::Ended));
        }
        assert_eq!(laptop.send(&ack(2)).await, Err(LinkError::Ended));
    }

    #[tokio::test]
    async fn a_cut_loses_what_is_under_way_and_tells_both_ends_for_good() {
        let (mut laptop, mut clicker, switch) = pair_with_switch();
        laptop.send(&ack(1)).await.unwrap();
        switch.cut();
        for _ in 0..2 {
            assert_eq!(clicker.next().await, Err(LinkError::Ended));
            assert_eq!(laptop.next().await, Err(LinkError::Ended));
            assert_eq!(laptop.send(&ack(2)).await, Err(LinkError::Ended));
        }
    }

    #[tokio::test]
    async fn a_cut_wakes_whoever_waits() {
        let (mut laptop, _clicker, switch) = pair_with_switch();
        let waiting = tokio::spawn(async move { laptop.next().await });
        tokio::task::yield_now().await;
        switch.cut();
        assert_eq!(waiting.await.unwrap(), Err(LinkError::Ended));
    }

    #[tokio::test]
    async fn a_switch_that_was_dropped_cuts_nothing() {
        let (mut laptop, mut clicker, switch) = pair_with_switch();
        drop(switch);
        laptop.send(&ack(1)).await.unwrap();
        assert_eq!(clicker.next().await, Ok(ack(1)));
        assert_eq!(poll_once(clicker.next()), Poll::Pending);
    }

    #[tokio::test]
    async fn a_way_gives_what_is_brought_in_its_order_and_is_then_gone() {
        let (mut source, supplier) = link_source();
        assert!(poll_once(source.reach()).is_pending());
        let (first, mut at_first) = pair();
        let (second, _at_second) = pair();
        supplier.supply(first);
        supplier.supply(second);
        drop(supplier);
        source.reach().await.unwrap().send(&ack(1)).await.unwrap();
        assert_eq!(at_first.next().await, Ok(ack(1)));
        assert!(source.reach().await.is_ok());
        for _ in 0..2 {
            assert_eq!(source.reach().await.err(), Some(NotReached::Gone));
        }
    }
}
