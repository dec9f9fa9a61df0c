//! Bounded queue of frames between the Bluetooth task and the session; pushing never blocks.
//!
//! Reports: the writer is the task that drains the Bluetooth stack. When the reader stalls until [`CAPACITY`] frames
//! are queued, the oldest is evicted. That loses nothing: the clicker repeats its ordered events from the first
//! unacknowledged one and its alarms until they are stored, and only the newest beat matters. Dropping the newest
//! instead would show an outdated rating.
//!
//! Cues: the writer is the session's event loop, which must not block. A queued cue is removed when a newer one
//! [replaces](wire::Cue::replaces) it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use wire::Frame;

use crate::LinkError;

/// Capacity in frames: more than a clicker sends in 3 s (4 beats a second, 5 alarms, 8 events and as many repetitions),
/// after which the event loop counts as stalled anyway. Only a few cues are ever queued.
pub(super) const CAPACITY: usize = 64;

#[derive(Debug)]
struct State {
    frames: VecDeque<Frame>,
    ended: Option<LinkError>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

/// Writing end. Dropping it ends the link for the reader.
#[derive(Debug)]
pub(super) struct FrameSender(Arc<Shared>);

/// Reading end.
#[derive(Debug)]
pub(super) struct Mailbox(Arc<Shared>);

pub(super) fn mailbox() -> (FrameSender, Mailbox) {
    let state = State { frames: VecDeque::with_capacity(CAPACITY), ended: None };
    let shared = Arc::new(Shared { state: Mutex::new(state), changed: Notify::new() });
    (FrameSender(Arc::clone(&shared)), Mailbox(shared))
}

impl Shared {
    /// A panic leaves no update half done here, so a poisoned lock is still valid.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FrameSender {
    /// Appends a frame. Returns true if the oldest frame was evicted for it.
    pub(super) fn push(&self, frame: Frame) -> bool {
        self.push_replacing(frame, |_| false)
    }

    /// Appends a frame and removes the queued frames that it replaces. If one of those is identical, it stays in its
    /// place instead: moving a repeated cue to the end each time would delay it forever.
    pub(super) fn push_replacing(&self, frame: Frame, replaces: impl Fn(&Frame) -> bool) -> bool {
        let mut state = self.0.state();
        if state.frames.iter().any(|earlier| *earlier == frame && replaces(earlier)) {
            return false;
        }
        state.frames.retain(|earlier| !replaces(earlier));
        let full = state.frames.len() == CAPACITY;
        if full {
            state.frames.pop_front();
        }
        state.frames.push_back(frame);
        drop(state);
        self.0.changed.notify_one();
        full
    }

    /// Ends the link; only the first reason is kept. Frames already queued are still delivered.
    pub(super) fn end(&self, why: LinkError) {
        self.0.state().ended.get_or_insert(why);
        self.0.changed.notify_one();
    }
}

impl Drop for FrameSender {
    fn drop(&mut self) {
        self.end(LinkError::Ended);
    }
}

impl Mailbox {
    /// Next frame, or the reason of the end once the queue is empty. Cancel-safe: a frame is removed only when it is
    /// returned.
    pub(super) async fn next(&mut self) -> Result<Frame, LinkError> {
        loop {
            {
                let mut state = self.0.state();
                if let Some(frame) = state.frames.pop_front() {
                    return Ok(frame);
                }
                if let Some(why) = &state.ended {
                    return Err(why.clone());
                }
            }
            // `Notify` stores a permit, so a change between the check and the wait is not missed.
            self.0.changed.notified().await;
        }
    }

    /// Drops the queued frames for which `kept` returns false.
    pub(super) fn retain(&mut self, kept: impl FnMut(&Frame) -> bool) {
        self.0.state().frames.retain(kept);
    }

    /// Whether any queued frame matches.
    pub(super) fn any(&self, one: impl Fn(&Frame) -> bool) -> bool {
        self.0.state().frames.iter().any(one)
    }

    /// Reason of the end, if the link has ended.
    pub(super) fn ended(&self) -> Option<LinkError> {
        self.0.state().ended.clone()
    }
}

#[cfg(test)]
mod tests {
    use core::future::Future;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};

    use wire::Cue;

    use super::*;

    fn frame(next: u32) -> Frame {
        Frame::of(&Cue::Ack { boot: 1, next })
    }

    fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn frames_come_in_order_and_the_end_after_them_for_good() {
        let (sender, mut mailbox) = mailbox();
        sender.push(frame(1));
        sender.push(frame(2));
        sender.end(LinkError::NotTrusted);
        drop(sender);
        assert_eq!(mailbox.next().await, Ok(frame(1)));
        assert_eq!(mailbox.next().await, Ok(frame(2)));
        for _ in 0..2 {
            assert_eq!(mailbox.next().await, Err(LinkError::NotTrusted));
        }
        assert_eq!(mailbox.ended(), Some(LinkError::NotTrusted));
    }

    #[tokio::test]
    async fn a_stalled_reader_loses_the_oldest_and_keeps_the_order() {
        let (sender, mut mailbox) = mailbox();
        let places = u32::try_from(CAPACITY).unwrap();
        for next in 0..places {
            assert!(!sender.push(frame(next)));
        }
        assert!(sender.push(frame(places)));
        for next in 1..=places {
            assert_eq!(mailbox.next().await, Ok(frame(next)));
        }
        assert!(poll_once(mailbox.next()).is_pending());
    }

    #[tokio::test]
    async fn one_that_replaces_others_comes_in_their_stead_and_last() {
        let (sender, mut mailbox) = mailbox();
        let push = |next, replaced: &[u32]| {
            let replaced: Vec<Frame> = replaced.iter().copied().map(frame).collect();
            sender.push_replacing(frame(next), |earlier| replaced.contains(earlier))
        };
        assert!(!push(1, &[]) && !push(2, &[]) && !push(3, &[1]) && !push(2, &[2, 3]));
        for left in [2, 3] {
            let next = poll_once(mailbox.next());
            assert_eq!(next, Poll::Ready(Ok(frame(left))), "one that says the same stays where it is");
        }
        assert!(poll_once(mailbox.next()).is_pending());
    }

    #[tokio::test]
    async fn one_that_replaces_another_needs_no_place_of_its_own() {
        let (sender, mut mailbox) = mailbox();
        let places = u32::try_from(CAPACITY).unwrap();
        for next in 0..places {
            assert!(!sender.push(frame(next)));
        }
        assert!(!sender.push_replacing(frame(places), |earlier| *earlier == frame(7)));
        assert_eq!(mailbox.next().await, Ok(frame(0)));
    }

    #[tokio::test]
    async fn a_dropped_next_has_taken_no_frame() {
        let (sender, mut mailbox) = mailbox();
        assert!(poll_once(mailbox.next()).is_pending());
        sender.push(frame(1));
        assert_eq!(poll_once(mailbox.next()), Poll::Ready(Ok(frame(1))));
    }

    #[tokio::test]
    async fn a_reader_that_waits_is_woken_by_a_frame_and_by_the_end() {
        let (sender, mut mailbox) = mailbox();
        let reading = tokio::spawn(async move { (mailbox.next().await, mailbox.next().await) });
        tokio::task::yield_now().await;
        sender.push(frame(7));
        tokio::task::yield_now().await;
        drop(sender);
        assert_eq!(reading.await.unwrap(), (Ok(frame(7)), Err(LinkError::Ended)));
    }
}
