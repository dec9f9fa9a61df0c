//! The registers and interrupts of the machine `mps2-an386` that the clicker uses, and all the `unsafe` they take.
//!
//! From Arm's Cortex-M System Design Kit manual (DDI 0479) and application note 386; QEMU's `hw/timer/cmsdk-apb-timer.c`
//! and `hw/char/cmsdk-apb-uart.c` do the same.
#![expect(unsafe_code, reason = "registers are addresses, and an interrupt is unmasked by its number")]

use core::ptr;

use board_support::{Fault, ResetReason};
use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;

/// Ticks of both timers in a microsecond.
pub(crate) const TICKS_PER_MICRO: u64 = 25;

/// Runs freely, for the time.
pub(crate) const TIMER0: Timer = Timer(0x4000_0000);
/// Runs once, for the next alarm.
pub(crate) const TIMER1: Timer = Timer(0x4000_1000);
/// To the controller.
pub(crate) const UART0: Serial = Serial(0x4000_4000);
/// To whoever plays the hand.
pub(crate) const UART1: Serial = Serial(0x4000_5000);

/// An interrupt's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Irq(pub(crate) u16);

impl Irq {
    pub(crate) const UART0_RX: Self = Self(0);
    pub(crate) const UART0_TX: Self = Self(1);
    pub(crate) const UART1_RX: Self = Self(2);
    pub(crate) const UART1_TX: Self = Self(3);
    pub(crate) const TIMER0: Self = Self(8);
    pub(crate) const TIMER1: Self = Self(9);

    /// Lets it interrupt.
    pub(crate) fn unmask(self) {
        // SAFETY: what an interrupt shares with the rest lies behind critical sections, which no unmasking breaks.
        unsafe { NVIC::unmask(self) }
    }
}

// SAFETY: these are the numbers of the machine, and they do not change.
unsafe impl InterruptNumber for Irq {
    fn number(self) -> u16 {
        self.0
    }
}

/// A CMSDK timer: counts down to nought, interrupts, and begins again from its reload value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timer(usize);

impl Timer {
    const CTRL: usize = 0x0;
    const VALUE: usize = 0x4;
    const RELOAD: usize = 0x8;
    const INTERRUPT: usize = 0xc;
    /// Counts, and interrupts.
    const ON: u32 = 1 | 1 << 3;

    /// Counts down from here, and from here again.
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

    /// Whether it has come to nought since it was last cleared.
    pub(crate) fn has_ended(self) -> bool {
        read(self.0 + Self::INTERRUPT) & 1 != 0
    }

    pub(crate) fn clear(self) {
        write(self.0 + Self::INTERRUPT, 1);
    }
}

/// A CMSDK serial port: one byte in each direction, and an interrupt for each.
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
    /// Both directions, and their interrupts.
    const ON: u32 = 0b1111;

    pub(crate) fn start(self) {
        // The least there is. The emulator keeps to no rate.
        write(self.0 + Self::DIVIDER, 16);
        write(self.0 + Self::CTRL, Self::ON);
    }

    /// The byte that has come, if one has.
    pub(crate) fn take(self) -> Option<u8> {
        (read(self.0 + Self::STATE) & Self::RX_FULL != 0).then(|| read(self.0 + Self::DATA).to_le_bytes()[0])
    }

    pub(crate) fn has_room(self) -> bool {
        read(self.0 + Self::STATE) & Self::TX_FULL == 0
    }

    pub(crate) fn put(self, byte: u8) {
        write(self.0 + Self::DATA, u32::from(byte));
    }

    /// Both directions' interrupts.
    pub(crate) fn clear(self) {
        write(self.0 + Self::INTERRUPT, 0b1111);
    }
}

fn read(at: usize) -> u32 {
    // SAFETY: every address given is one of a register above, readable and aligned.
    unsafe { ptr::read_volatile(ptr::without_provenance(at)) }
}

fn write(at: usize, value: u32) {
    // SAFETY: every address given is one of a register above, writable and aligned.
    unsafe { ptr::write_volatile(ptr::without_provenance_mut(at), value) }
}

/// Every interrupt there is. Those that nobody unmasked do not come.
#[cortex_m_rt::exception]
unsafe fn DefaultHandler(number: i16) {
    // Exceptions, which have negative numbers, are faults.
    match u16::try_from(number) {
        Ok(number) => crate::interrupted(Irq(number)),
        Err(_) => crate::refuse(format_args!("exception {number}, which nothing asked for")),
    }
}

/// What a panic is as well, since the image is built to trap where it gives up. The address tells which line.
#[cortex_m_rt::exception]
unsafe fn HardFault(frame: &cortex_m_rt::ExceptionFrame) -> ! {
    let at = frame.pc();
    // SAFETY: memory of the machine can be read, and a number be made of what stands there. Where there is no memory, the
    // processor stops for good, and the emulator with it.
    let instruction = unsafe { ptr::read_volatile(ptr::without_provenance::<u16>((at & !1) as usize)) };
    crate::refuse(format_args!("{}", ResetReason::After(Fault::at(instruction), at)))
}

/// Fails as a program without a fault of its own cannot: by an instruction that no processor knows.
pub(crate) fn fail() -> ! {
    cortex_m::asm::udf()
}
