//! Registers and interrupts of the machine `mps2-an386`, with all `unsafe` code for them.
//!
//! Sources: Arm's Cortex-M System Design Kit manual (DDI 0479) and application note 386; QEMU's
//! `hw/timer/cmsdk-apb-timer.c` and `hw/char/cmsdk-apb-uart.c` implement them.
#![expect(unsafe_code, reason = "registers are addresses, and an interrupt is unmasked by its number")]

use core::ptr;

use board_support::{Fault, ResetReason};
use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;

/// Timer ticks per microsecond.
pub(crate) const TICKS_PER_MICRO: u64 = 25;

/// Free-running timer for the time.
pub(crate) const TIMER0: Timer = Timer(0x4000_0000);
/// One-shot timer for the next alarm.
pub(crate) const TIMER1: Timer = Timer(0x4000_1000);
/// To the controller.
pub(crate) const UART0: Serial = Serial(0x4000_4000);
/// To the console.
pub(crate) const UART1: Serial = Serial(0x4000_5000);

/// An interrupt number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Irq(pub(crate) u16);

impl Irq {
    pub(crate) const UART0_RX: Self = Self(0);
    pub(crate) const UART0_TX: Self = Self(1);
    pub(crate) const UART1_RX: Self = Self(2);
    pub(crate) const UART1_TX: Self = Self(3);
    pub(crate) const TIMER0: Self = Self(8);
    pub(crate) const TIMER1: Self = Self(9);

    /// Enables the interrupt.
    pub(crate) fn unmask(self) {
        // SAFETY: data shared with interrupt handlers is behind critical sections, which unmasking does not break.
        unsafe { NVIC::unmask(self) }
    }
}

// SAFETY: these are the machine's fixed interrupt numbers.
unsafe impl InterruptNumber for Irq {
    fn number(self) -> u16 {
        self.0
    }
}

/// A CMSDK timer: counts down to zero, interrupts, and restarts from its reload value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timer(usize);

impl Timer {
    const CTRL: usize = 0x0;
    const VALUE: usize = 0x4;
    const RELOAD: usize = 0x8;
    const INTERRUPT: usize = 0xc;
    /// Enables counting and the interrupt.
    const ON: u32 = 1 | 1 << 3;

    /// Counts down from `from`, repeatedly.
    pub(crate) fn start(self, from: u32) {
        write(self.0 + Self::CTRL, 0);
        write(self.0 + Self::INTERRUPT, 1);
        write(self.0 + Self::RELOAD, from);
        write(self.0 + Self::VALUE, from);
        write(self.0 + Self::CTRL, Self::ON);
    }

    pub(crate) fn stop(self) {
        write(self.0 + Self::CTRL, 0);
        write(self.0 + Self::INTERRUPT, 1);
    }

    pub(crate) fn value(self) -> u32 {
        read(self.0 + Self::VALUE)
    }

    /// Whether it has reached zero since it was last cleared.
    pub(crate) fn has_ended(self) -> bool {
        read(self.0 + Self::INTERRUPT) & 1 != 0
    }

    pub(crate) fn clear(self) {
        write(self.0 + Self::INTERRUPT, 1);
    }
}

/// A CMSDK UART: one byte buffered per direction, with an interrupt for each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Serial(usize);

impl Serial {
    const DATA: usize = 0x0;
    const STATE: usize = 0x4;
    const CTRL: usize = 0x8;
    const INTERRUPT: usize = 0xc;
    const DIVIDER: usize = 0x10;
    const TX_FULL: u32 = 1;
    const RX_FULL: u32 = 1 << 1;
    /// Enables both directions and their interrupts.
    const ON: u32 = 0b1111;

    pub(crate) fn start(self) {
        // The minimum. The emulator ignores the baud rate.
        write(self.0 + Self::DIVIDER, 16);
        write(self.0 + Self::CTRL, Self::ON);
    }

    /// The received byte, if there is one.
    pub(crate) fn take(self) -> Option<u8> {
        (read(self.0 + Self::STATE) & Self::RX_FULL != 0).then(|| read(self.0 + Self::DATA).to_le_bytes()[0])
    }

    pub(crate) fn has_room(self) -> bool {
        read(self.0 + Self::STATE) & Self::TX_FULL == 0
    }

    pub(crate) fn put(self, byte: u8) {
        write(self.0 + Self::DATA, u32::from(byte));
    }

    /// Clears the interrupts of both directions.
    pub(crate) fn clear(self) {
        write(self.0 + Self::INTERRUPT, 0b1111);
    }
}

fn read(at: usize) -> u32 {
    // SAFETY: every address passed in is a readable, aligned register defined above.
    unsafe { ptr::read_volatile(ptr::without_provenance(at)) }
}

fn write(at: usize, value: u32) {
    // SAFETY: every address passed in is a writable, aligned register defined above.
    unsafe { ptr::write_volatile(ptr::without_provenance_mut(at), value) }
}

/// Handles all interrupts. Only unmasked ones arrive.
#[cortex_m_rt::exception]
unsafe fn DefaultHandler(number: i16) {
    // Negative numbers are exceptions, which are faults here.
    match u16::try_from(number) {
        Ok(number) => crate::on_interrupt(Irq(number)),
        Err(_) => crate::exit_with_error(format_args!("exception {number}, which nothing asked for")),
    }
}

/// Also handles panics, because the image is built to trap on panic. The address identifies the source line.
#[cortex_m_rt::exception]
unsafe fn HardFault(frame: &cortex_m_rt::ExceptionFrame) -> ! {
    let at = frame.pc();
    // SAFETY: memory is readable, and any content is a valid number. At an address without memory the processor locks
    // up, and the emulator stops.
    let instruction = unsafe { ptr::read_volatile(ptr::without_provenance::<u16>((at & !1) as usize)) };
    crate::exit_with_error(format_args!("{}", ResetReason::After(Fault::at(instruction), at)))
}

/// Provokes a hard fault that is not a panic.
pub(crate) fn fail() -> ! {
    cortex_m::asm::udf()
}
