//! Time driver on the machine's timers: one runs freely, the other interrupts at the next alarm. The processor sleeps
//! in between.
//!
//! The emulator's timers count executed instructions, and time while none is executed, but not the time the emulator
//! itself takes to wake up. On one machine that was 1.6 to 2 seconds in a hundred, more than the error of any crystal,
//! and after a minute a laptop treats a click as late. If the emulator executes faster than the count assumes, they run
//! ahead. So after each sleep the clock is set from the emulator's own.

use core::cell::{Cell, RefCell};
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::Waker;

use critical_section::{CriticalSection, Mutex};
use embassy_time::Instant;
use embassy_time_driver::Driver;
use embassy_time_queue_utils::Queue;
use semihosting::sys::arm_compat::sys_elapsed;

use crate::chip::{Irq, TICKS_PER_MICRO, TIMER0, TIMER1};

const NANOS_PER_MICRO: u64 = 1_000;

static SKIPS_SLEEP: AtomicBool = AtomicBool::new(false);

/// The clock of the program.
struct Clock {
    /// Overflows of the free-running timer.
    overflows: Mutex<Cell<u32>>,
    /// Offset added to the timers' count; it wraps.
    offset: Mutex<Cell<u64>>,
    queue: Mutex<RefCell<Queue>>,
}

embassy_time_driver::time_driver_impl!(static CLOCK: Clock = Clock {
    overflows: Mutex::new(Cell::new(0)),
    offset: Mutex::new(Cell::new(0)),
    queue: Mutex::new(RefCell::new(Queue::new())),
});

/// Starts both timers. Time does not advance before.
pub(crate) fn start() {
    TIMER0.start(u32::MAX);
    Irq::TIMER0.unmask();
    Irq::TIMER1.unmask();
}

/// Call it if the emulator skips sleeps; then the timers alone are right.
pub(crate) fn skip_sleep() {
    SKIPS_SLEEP.store(true, Ordering::Relaxed);
}

/// Ticks of 40 ns since the emulator started.
pub(crate) fn ticks() -> u64 {
    critical_section::with(|cs| CLOCK.ticks(cs))
}

/// The same by the timers alone: executed instructions, and time without any.
pub(crate) fn counted() -> u64 {
    critical_section::with(|cs| CLOCK.counted(cs))
}

/// The same for a time since which the processor has not slept.
pub(crate) fn counted_at(at: Instant) -> u64 {
    counted().saturating_sub(ticks().saturating_sub(at.as_micros() * TICKS_PER_MICRO))
}

/// Microseconds since the emulator started, by its own clock, if it provides one.
pub(crate) fn elapsed_us() -> Option<u64> {
    sys_elapsed().ok().map(|elapsed_ns| elapsed_ns / NANOS_PER_MICRO)
}

/// Sets the clock after a sleep that began at `began`. The clock never goes back.
pub(crate) fn set_after_sleep(began: u64) {
    if SKIPS_SLEEP.load(Ordering::Relaxed) {
        return;
    }
    // Without it the timers stay as they are.
    let Some(elapsed_us) = elapsed_us() else { return };
    critical_section::with(|cs| {
        let now = began.max(elapsed_us * TICKS_PER_MICRO);
        CLOCK.offset.borrow(cs).set(now.wrapping_sub(CLOCK.counted(cs)));
        CLOCK.set_alarm(cs);
    });
}

/// The free-running timer has overflowed.
pub(crate) fn on_overflow() {
    critical_section::with(|cs| CLOCK.take_overflow(cs));
}

/// The alarm timer has reached zero.
pub(crate) fn on_alarm() {
    critical_section::with(|cs| {
        TIMER1.stop();
        CLOCK.set_alarm(cs);
    });
}

impl Clock {
    fn ticks(&self, cs: CriticalSection<'_>) -> u64 {
        self.counted(cs).wrapping_add(self.offset.borrow(cs).get())
    }

    fn counted(&self, cs: CriticalSection<'_>) -> u64 {
        let mut value = TIMER0.value();
        if TIMER0.has_ended() {
            // It may have overflowed before or after it was read.
            self.take_overflow(cs);
            value = TIMER0.value();
        }
        u64::from(self.overflows.borrow(cs).get()) << 32 | u64::from(u32::MAX - value)
    }

    fn take_overflow(&self, cs: CriticalSection<'_>) {
        if TIMER0.has_ended() {
            TIMER0.clear();
            let overflows = self.overflows.borrow(cs);
            overflows.set(overflows.get() + 1);
        }
    }

    /// Wakes the tasks that are due, and sets the alarm for the next one.
    fn set_alarm(&self, cs: CriticalSection<'_>) {
        let now = self.ticks(cs);
        let next = self.queue.borrow(cs).borrow_mut().next_expiration(now / TICKS_PER_MICRO);
        let at = next.saturating_mul(TICKS_PER_MICRO);
        if next == u64::MAX {
            TIMER1.stop();
        } else {
            // An alarm beyond the timer's range is set again when that is over; one that is due now fires at the next
            // tick.
            TIMER1.start(u32::try_from(at.saturating_sub(now)).unwrap_or(u32::MAX).max(1));
        }
    }
}

impl Driver for Clock {
    fn now(&self) -> u64 {
        ticks() / TICKS_PER_MICRO
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|cs| {
            if self.queue.borrow(cs).borrow_mut().schedule_wake(at, waker) {
                self.set_alarm(cs);
            }
        });
    }
}
