//! What is on its way between the air and the loop: bounded, and nobody who puts something in ever waits.
//!
//! Frames: the writer is the one task that only drains the Bluetooth stack. When the reader has stalled for so long that
//! [`PLACES`] frames lie here, the oldest goes: the clicker sends its ordered events again from the first one that was not
//! acknowledged and its alarms until they are stored, and of its beats only the newest is worth anything. Losing the newest
//! instead would show a rating that is long gone.
//!
//! Cues: the writer is the session's loop, which has a screen to draw and keys to read. Of what waits for the air a newer
//! cue takes the place of those it [replaces](wire::Cue::replaces).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::LinkError;

/// What waits at most: of frames more than the clicker says in 3 s (4 beats a second, 5 alarms, 8 events and as many again), after
/// which the loop takes itself for stalled anyway.
pub(super) const PLACES: usize = 64;

#[derive(Debug)]
struct Inside<T> {
    waiting: VecDeque<T>,
    ended: Option<LinkError>,
}

#[derive(Debug)]
struct Shared<T> {
    inside: Mutex<Inside<T>>,
    changed: Notify,
}

/// Where it is put in. Dropping it ends the link for the reader.
#[derive(Debug)]
pub(super) struct Slot<T>(Arc<Shared<T>>);

/// Where it is taken out.
#[derive(Debug)]
pub(super) struct Mailbox<T>(Arc<Shared<T>>);

pub(super) fn mailbox<T>() -> (Slot<T>, Mailbox<T>) {
    let inside = Inside { waiting: VecDeque::with_capacity(PLACES), ended: None };
    let shared = Arc::new(Shared { inside: Mutex::new(inside), changed: Notify::new() });
    (Slot(Arc::clone(&shared)), Mailbox(shared))
}

impl<T> Shared<T> {
    /// Nothing here is left half-done by a panic, so a poisoned lock is as good as any.
    fn inside(&self) -> MutexGuard<'_, Inside<T>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Slot<T> {
    /// Puts one in; gives whether the oldest had to go for it.
    pub(super) fn put(&self, new: T) -> bool {
        self.put_for(new, |_| false)
    }

    /// Puts one in and takes those out that it stands for; gives whether the oldest had to go for it.
    pub(super) fn put_for(&self, new: T, stands_for: impl Fn(&T) -> bool) -> bool {
        let mut inside = self.0.inside();
        inside.waiting.retain(|earlier| !stands_for(earlier));
        let full = inside.waiting.len() == PLACES;
        if full {
            inside.waiting.pop_front();
        }
        inside.waiting.push_back(new);
        drop(inside);
        self.0.changed.notify_one();
        full
    }

    /// Ends the link; only the first reason counts. What was put before is still given.
    pub(super) fn end(&self, why: LinkError) {
        self.0.inside().ended.get_or_insert(why);
        self.0.changed.notify_one();
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        self.end(LinkError::Ended);
    }
}

impl<T> Mailbox<T> {
    /// The oldest, or the end. Cancel-safe: it is taken in the instant in which it is given.
    pub(super) async fn next(&mut self) -> Result<T, LinkError> {
        loop {
            {
                let mut inside = self.0.inside();
                if let Some(oldest) = inside.waiting.pop_front() {
                    return Ok(oldest);
                }
                if let Some(why) = &inside.ended {
                    return Err(why.clone());
                }
            }
            // A change between the look and the wait is kept as a permit.
            self.0.changed.notified().await;
        }
    }

    /// Why the link has ended, where it has.
    pub(super) fn ended(&self) -> Option<LinkError> {
        self.0.inside().ended.clone()
    }
}

#[cfg(test)]
mod tests {
    use core::future::Future;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};

    use wire::{Cue, Frame};

    use super::*;

    fn frame(next: u32) -> Frame {
        Frame::of(&Cue::Ack { boot: 1, next })
    }

    fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn frames_come_in_order_and_the_end_after_them_for_good() {
        let (slot, mut mailbox) = mailbox();
        slot.put(frame(1));
        slot.put(frame(2));
        slot.end(LinkError::NotTrusted);
        drop(slot);
        assert_eq!(mailbox.next().await, Ok(frame(1)));
        assert_eq!(mailbox.next().await, Ok(frame(2)));
        for _ in 0..2 {
            assert_eq!(mailbox.next().await, Err(LinkError::NotTrusted));
        }
        assert_eq!(mailbox.ended(), Some(LinkError::NotTrusted));
    }

    #[tokio::test]
    async fn a_stalled_reader_loses_the_oldest_and_keeps_the_order() {
        let (slot, mut mailbox) = mailbox();
        let places = u32::try_from(PLACES).unwrap();
        for next in 0..places {
            assert!(!slot.put(frame(next)));
        }
        assert!(slot.put(frame(places)));
        for next in 1..=places {
            assert_eq!(mailbox.next().await, Ok(frame(next)));
        }
        assert!(poll_once(mailbox.next()).is_pending());
    }

    #[tokio::test]
    async fn one_that_stands_for_others_comes_in_their_stead_and_last() {
        let (slot, mut mailbox) = mailbox();
        for put in [10, 21, 11, 30] {
            assert!(!slot.put_for(put, |earlier| earlier / 10 == put / 10));
        }
        for left in [21, 11, 30] {
            assert_eq!(mailbox.next().await, Ok(left));
        }
        assert!(poll_once(mailbox.next()).is_pending());
    }

    #[tokio::test]
    async fn a_dropped_next_has_taken_no_frame() {
        let (slot, mut mailbox) = mailbox();
        assert!(poll_once(mailbox.next()).is_pending());
        slot.put(frame(1));
        assert_eq!(poll_once(mailbox.next()), Poll::Ready(Ok(frame(1))));
    }

    #[tokio::test]
    async fn a_reader_that_waits_is_woken_by_a_frame_and_by_the_end() {
        let (slot, mut mailbox) = mailbox();
        let reading = tokio::spawn(async move { (mailbox.next().await, mailbox.next().await) });
        tokio::task::yield_now().await;
        slot.put(frame(7));
        tokio::task::yield_now().await;
        drop(slot);
        assert_eq!(reading.await.unwrap(), (Ok(frame(7)), Err(LinkError::Ended)));
    }
}
