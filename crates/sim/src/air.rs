//! The radio channel between clicker and laptop, as Bluetooth LE provides it: frames sent over a connection arrive in
//! order, with a delay; frames in flight when the connection ends are lost.
//!
//! ```text
//!              down()                         up()
//!   connected --------> apart (in flight lost) ----> connected after `LinkConditions::reconnect_ms`
//!       |  stall(ms)
//!       +----------> silent, everything held back; delivered late and in order, or lost at a down()
//! ```
//!
//! Single frames can also be lost on a live connection ([`Air::lose_nth`]). The radio does not do that, but
//! notification queues on laptops do, silently, when a reader stalls.

use std::collections::VecDeque;

use crate::rng::SeededRng;
use crate::time::Time;

/// Direction of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the clicker to the laptop.
    Up,
    /// From the laptop to the clicker.
    Down,
}

/// Properties of the channel, in milliseconds or per mille.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkConditions {
    /// Minimum delay of a frame: half a connection interval of 30 ms (BlueZ opens links at 30 to 50 ms).
    pub latency_ms: u32,
    /// Maximum added to the delay, uniformly distributed.
    pub jitter_ms: u32,
    /// Share of frames that are held up by retransmissions, per mille.
    pub stall_per_mille: u32,
    /// Maximum delay of such a frame.
    pub stall_ms: u32,
    /// From being in reach again to connected.
    pub reconnect_ms: u32,
    /// Every nth frame per direction is lost. 0: none.
    pub lose_every: u32,
    /// Every nth frame per direction arrives twice. 0: none.
    pub double_every: u32,
}

impl LinkConditions {
    /// A metre apart in a quiet room.
    pub const CALM: Self = Self {
        latency_ms: 15,
        jitter_ms: 15,
        stall_per_mille: 0,
        stall_ms: 0,
        reconnect_ms: 300,
        lose_every: 0,
        double_every: 0,
    };

    /// A body between the two, and interference from other networks.
    pub const ROUGH: Self = Self {
        latency_ms: 15,
        jitter_ms: 60,
        stall_per_mille: 15,
        stall_ms: 1500,
        reconnect_ms: 900,
        lose_every: 97,
        double_every: 89,
    };

    /// No delay at all, for tests that check times to the millisecond.
    pub const IDEAL: Self = Self {
        latency_ms: 0,
        jitter_ms: 0,
        stall_per_mille: 0,
        stall_ms: 0,
        reconnect_ms: 0,
        lose_every: 0,
        double_every: 0,
    };
}

/// Event of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival<U, D> {
    /// Both ends see a new connection.
    Connected,
    /// A report frame reached the laptop and left the clicker's stack.
    Up(U),
    /// The previous report frame arrived a second time. Nothing left the stack.
    DuplicateUp(U),
    /// A report frame left the clicker's stack and was lost.
    LostUp,
    /// A cue frame reached the clicker.
    Down(D),
}

/// The channel, with report frames of type `U` and cue frames of type `D`.
#[derive(Debug, Clone)]
pub struct Air<U, D> {
    conditions: LinkConditions,
    rng: SeededRng,
    up: Queue<U>,
    down: Queue<D>,
    connected: bool,
    connects_at: Option<Time>,
    stalled_until: Time,
    /// Second copies of frames that have just arrived.
    duplicates: VecDeque<Arrival<U, D>>,
}

/// Capacity of the clicker's stack in report frames. The stack is one FIFO, so a longer one would delay an alarm.
pub const UP_QUEUE_LEN: usize = 2;

/// Capacity of the laptop's stack in cue frames. A laptop with this many in flight has lost its clicker.
pub const DOWN_QUEUE_LEN: usize = 64;

/// The frame was not accepted: no connection, or the stack is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendRejected;

#[derive(Debug, Clone)]
struct Queue<T> {
    in_flight: VecDeque<(Time, T)>,
    last: Time,
    lose_in: Option<u32>,
    arrived: u32,
}

/// Outcome of a frame.
enum Fate {
    Arrived,
    Duplicated,
    Lost,
}

impl<U: Copy, D: Copy> Air<U, D> {
    /// A channel without a connection.
    #[must_use]
    pub fn new(conditions: LinkConditions, rng: SeededRng) -> Self {
        Self {
            conditions,
            rng,
            up: Queue::new(),
            down: Queue::new(),
            connected: false,
            connects_at: None,
            stalled_until: Time::START,
            duplicates: VecDeque::new(),
        }
    }

    /// Whether the ends are connected.
    #[must_use]
    pub const fn connected(&self) -> bool {
        self.connected
    }

    /// Enters reach: connects after [`LinkConditions::reconnect_ms`]. Does nothing while connected.
    pub fn up(&mut self, now: Time) {
        if !self.connected && self.connects_at.is_none() {
            self.connects_at = Some(now.plus(self.conditions.reconnect_ms.into()));
        }
    }

    /// Leaves reach: the connection ends and frames in flight are lost. Returns true if there was a connection, and
    /// both ends have to be notified.
    pub fn down(&mut self) -> bool {
        self.up.in_flight.clear();
        self.down.in_flight.clear();
        self.connects_at = None;
        core::mem::take(&mut self.connected)
    }

    /// Delays everything for this long; then all of it arrives.
    pub fn stall(&mut self, now: Time, ms: u64) {
        self.stalled_until = self.stalled_until.max(now.plus(ms));
        self.up.hold(self.stalled_until);
        self.down.hold(self.stalled_until);
    }

    /// Loses the `n`th frame from now in this direction, counted from 1.
    pub fn lose_nth(&mut self, direction: Direction, n: u32) {
        match direction {
            Direction::Up => self.up.lose_in = Some(n),
            Direction::Down => self.down.lose_in = Some(n),
        }
    }

    /// Sends a report frame from the clicker.
    ///
    /// # Errors
    /// [`SendRejected`] without a connection or with [`UP_QUEUE_LEN`] frames in the stack.
    pub fn send_up(&mut self, now: Time, frame: U) -> Result<(), SendRejected> {
        let at = self.arrival(now);
        self.up.send(self.connected, UP_QUEUE_LEN, at, frame)
    }

    /// Sends a cue frame from the laptop.
    ///
    /// # Errors
    /// [`SendRejected`] without a connection or with [`DOWN_QUEUE_LEN`] frames in the stack.
    pub fn send_down(&mut self, now: Time, frame: D) -> Result<(), SendRejected> {
        let at = self.arrival(now);
        self.down.send(self.connected, DOWN_QUEUE_LEN, at, frame)
    }

    /// Next event that is due by `now`, oldest first.
    pub fn poll(&mut self, now: Time) -> Option<Arrival<U, D>> {
        if self.connects_at.is_some_and(|at| at <= now) {
            self.connects_at = None;
            self.connected = true;
            return Some(Arrival::Connected);
        }
        if let Some(again) = self.duplicates.pop_front() {
            return Some(again);
        }
        let up_first = self.up.next().is_some_and(|up| self.down.next().is_none_or(|down| up <= down));
        if up_first {
            let (frame, fate) = self.up.take(now, &self.conditions)?;
            return Some(match fate {
                Fate::Lost => Arrival::LostUp,
                Fate::Arrived => Arrival::Up(frame),
                Fate::Duplicated => {
                    self.duplicates.push_back(Arrival::DuplicateUp(frame));
                    Arrival::Up(frame)
                }
            });
        }
        loop {
            let (frame, fate) = self.down.take(now, &self.conditions)?;
            match fate {
                Fate::Lost => {}
                Fate::Arrived => return Some(Arrival::Down(frame)),
                Fate::Duplicated => {
                    self.duplicates.push_back(Arrival::Down(frame));
                    return Some(Arrival::Down(frame));
                }
            }
        }
    }

    /// When to call [`Air::poll`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        [self.connects_at, self.up.next(), self.down.next()].into_iter().flatten().min()
    }

    fn arrival(&mut self, now: Time) -> Time {
        let LinkConditions { latency_ms, jitter_ms, stall_per_mille, stall_ms, .. } = self.conditions;
        let mut ms = latency_ms;
        if jitter_ms > 0 {
            ms += self.rng.between(0, jitter_ms);
        }
        if stall_per_mille > 0 && self.rng.per_mille(stall_per_mille) {
            ms += self.rng.between(0, stall_ms);
        }
        now.plus(ms.into()).max(self.stalled_until)
    }
}

impl<T> Queue<T> {
    const fn new() -> Self {
        Self { in_flight: VecDeque::new(), last: Time::START, lose_in: None, arrived: 0 }
    }

    fn next(&self) -> Option<Time> {
        self.in_flight.front().map(|(at, _)| *at)
    }

    fn hold(&mut self, until: Time) {
        for (at, _) in &mut self.in_flight {
            *at = (*at).max(until);
        }
        self.last = self.last.max(until);
    }

    fn send(&mut self, connected: bool, capacity: usize, at: Time, frame: T) -> Result<(), SendRejected> {
        if !connected || self.in_flight.len() >= capacity {
            return Err(SendRejected);
        }
        // Keeps the order: no frame overtakes the previous one.
        self.last = self.last.max(at);
        self.in_flight.push_back((self.last, frame));
        Ok(())
    }

    /// First frame, if it has arrived by `now`, and its outcome.
    fn take(&mut self, now: Time, conditions: &LinkConditions) -> Option<(T, Fate)> {
        if self.next()? > now {
            return None;
        }
        let (_, frame) = self.in_flight.pop_front()?;
        self.arrived = self.arrived.wrapping_add(1);
        let every = |n: u32| n > 0 && self.arrived.is_multiple_of(n);
        let counted_down = self.lose_in == Some(1);
        self.lose_in = self.lose_in.and_then(|n| n.checked_sub(1)).filter(|&n| n > 0);
        Some((
            frame,
            if counted_down || every(conditions.lose_every) {
                Fate::Lost
            } else if every(conditions.double_every) {
                Fate::Duplicated
            } else {
                Fate::Arrived
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::RngStream;
    use proptest::prelude::*;

    fn connected(conditions: LinkConditions, seed: u64) -> Air<u32, u32> {
        let mut air = Air::new(conditions, SeededRng::new(seed, RngStream::Air));
        air.up(Time::START);
        let at = air.poll_timeout().unwrap();
        assert_eq!(air.poll(at), Some(Arrival::Connected));
        air
    }

    fn ms(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    /// Sends as fast as the stack accepts frames until `count` frames have arrived.
    fn pump(air: &mut Air<u32, u32>, count: usize) -> Vec<u32> {
        let (mut arrived, mut next, mut now) = (Vec::new(), 0, ms(1000));
        while arrived.len() < count {
            while air.send_up(now, next).is_ok() {
                next += 1;
            }
            now = air.poll_timeout().unwrap().max(now);
            while let Some(arrival) = air.poll(now) {
                if let Arrival::Up(frame) = arrival {
                    arrived.push(frame);
                }
            }
        }
        arrived.truncate(count);
        arrived
    }

    proptest! {
        #[test]
        fn a_standing_connection_loses_nothing_and_keeps_the_order(seed in any::<u64>()) {
            let mut air = connected(LinkConditions { lose_every: 0, double_every: 0, ..LinkConditions::ROUGH }, seed);
            prop_assert_eq!(pump(&mut air, 50), (0..50).collect::<Vec<_>>());
        }

        #[test]
        fn exactly_the_nth_frame_is_lost(n in 1_u32..30) {
            let mut air = connected(LinkConditions { lose_every: 0, double_every: 0, ..LinkConditions::ROUGH }, 3);
            air.lose_nth(Direction::Up, n);
            let arrived = pump(&mut air, 40);
            let expected: Vec<u32> = (0..).filter(|&frame| frame != n - 1).take(40).collect();
            prop_assert_eq!(arrived, expected);
        }
    }

    #[test]
    fn what_is_under_way_is_gone_when_the_connection_ends() {
        let mut air = connected(LinkConditions::CALM, 1);
        air.send_up(ms(1000), 1).unwrap();
        assert!(air.down());
        assert!(!air.down(), "it can only end once");
        assert_eq!(air.send_up(ms(1001), 2), Err(SendRejected));
        air.up(ms(2000));
        assert_eq!(air.poll(ms(9000)), Some(Arrival::Connected));
        assert_eq!(air.poll(ms(9000)), None);
    }

    #[test]
    fn a_stall_holds_back_what_is_under_way_and_what_follows() {
        let mut air = connected(LinkConditions::IDEAL, 1);
        air.send_up(ms(1000), 1).unwrap();
        air.stall(ms(1000), 700);
        air.send_up(ms(1100), 2).unwrap();
        assert_eq!(air.poll(ms(1699)), None);
        assert_eq!(air.poll(ms(1700)), Some(Arrival::Up(1)));
        assert_eq!(air.poll(ms(1700)), Some(Arrival::Up(2)));
    }

    #[test]
    fn every_third_is_lost_and_every_fourth_comes_twice() {
        let mut air =
            connected(LinkConditions { lose_every: 3, double_every: 4, ..LinkConditions::IDEAL }, 1);
        let mut arrivals = Vec::new();
        for frame in 1..=5 {
            air.send_up(ms(1000), frame).unwrap();
            arrivals.extend(std::iter::from_fn(|| air.poll(ms(1000))));
        }
        use Arrival::{DuplicateUp, LostUp, Up};
        assert_eq!(arrivals, [Up(1), Up(2), LostUp, Up(4), DuplicateUp(4), Up(5)]);
    }

    #[test]
    fn the_clickers_stack_holds_two() {
        let mut air = connected(LinkConditions::CALM, 1);
        assert_eq!(
            (1..=3).map(|frame| air.send_up(ms(1000), frame)).collect::<Vec<_>>(),
            [Ok(()), Ok(()), Err(SendRejected)]
        );
    }
}
