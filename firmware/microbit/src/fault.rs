//! Remembers the last fault across a reset.
//!
//! GPREGRET keeps eight bits through every reset except power-on. The address of the fault is kept in RAM that startup
//! does not clear; it is informative only and checked by its complement.
//!
//! A panic is a hard fault here: the image is built to trap instead of formatting a message. `cargo xtask firmware
//! --at` finds the source line of the address.
#![expect(
    unsafe_code,
    reason = "RAM that is not cleared at the start is read and written as plain numbers, and the handler of hard faults is called by \
              the processor, which the attribute spells out"
)]

use core::mem::MaybeUninit;
use core::panic::PanicInfo;
use core::ptr;

use board_support::{Fault, OWN_RESET, ResetReason};
use cortex_m::peripheral::SCB;
use embassy_nrf::pac;

/// Address of the last fault, and its complement.
#[unsafe(link_section = ".uninit.FAULT_ADDRESS")]
static mut FAULT_ADDRESS: MaybeUninit<[u32; 2]> = MaybeUninit::uninit();

/// End of the chip's flash.
const FLASH_END: u32 = 512 * 1024;

/// The reset reason. Call it once: it clears the registers.
pub(crate) fn reset_reason() -> ResetReason {
    let reasons = pac::POWER.resetreas().read().0;
    // Bits are cleared by writing ones.
    pac::POWER.resetreas().write(|bits| bits.0 = u32::MAX);
    let remembered = pac::POWER.gpregret().read().0 as u8;
    pac::POWER.gpregret().write(|bits| bits.0 = 0);
    // Any bits are valid numbers, and nothing else accesses them.
    let [address_word, complement] =
        unsafe { ptr::read_volatile((&raw const FAULT_ADDRESS).cast::<[u32; 2]>()) };
    ResetReason::read(reasons, remembered, if address_word == !complement { address_word } else { 0 })
}

/// Remembers a fault for the next start.
pub(crate) fn save(fault: Fault) {
    note(fault.code());
}

/// Runs what may reset the chip, as the HAL's start does after it has written the chip's configuration.
pub(crate) fn with_own_reset<T>(run: impl FnOnce() -> T) -> T {
    note(OWN_RESET);
    let result = run();
    note(0);
    result
}

fn note(code: u8) {
    pac::POWER.gpregret().write(|bits| bits.0 = code.into());
}

/// Required by the compiler; never called in an image that traps on panic.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    cortex_m::asm::udf()
}

#[cortex_m_rt::exception]
unsafe fn HardFault(frame: &cortex_m_rt::ExceptionFrame) -> ! {
    let at = frame.pc();
    // After a jump outside flash there is no instruction to read.
    let instruction = if at < FLASH_END {
        // All of flash is readable, and any content is a valid number.
        unsafe { ptr::read_volatile(ptr::without_provenance::<u16>((at & !1) as usize)) }
    } else {
        0
    };
    // Nothing else runs any more.
    unsafe {
        ptr::write_volatile((&raw mut FAULT_ADDRESS).cast::<[u32; 2]>(), [at, !at]);
    }
    save(Fault::at(instruction));
    SCB::sys_reset()
}
