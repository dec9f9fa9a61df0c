//! What is remembered across a reset, and why there was one.
//!
//! GPREGRET keeps eight bits through every reset but that of the power; RAM keeps what nobody clears, which is enough for
//! the address of a fault and is not relied on.
//!
//! A panic is a hard fault here: the image is built so that it traps where it gives up, instead of putting words together
//! that nobody reads. `cargo xtask firmware --at` finds the line for the address.
#![expect(
    unsafe_code,
    reason = "RAM that is not cleared at the start is read and written as plain numbers, and the handler of hard faults is called by \
              the processor, which the attribute spells out"
)]

use core::mem::MaybeUninit;
use core::panic::PanicInfo;
use core::ptr;

use board_support::{Fault, ResetReason};
use cortex_m::peripheral::SCB;
use embassy_nrf::pac;

/// The address of the last fault, and its complement.
#[unsafe(link_section = ".uninit.PLACE")]
static mut PLACE: MaybeUninit<[u32; 2]> = MaybeUninit::uninit();

/// Behind the last of the chip's flash.
const FLASH_END: u32 = 512 * 1024;

/// Why it has started. Asked once: what the chip knows is cleared by it.
pub(crate) fn started() -> ResetReason {
    let reasons = pac::POWER.resetreas().read().0;
    // A bit is cleared by writing it.
    pac::POWER.resetreas().write(|bits| bits.0 = u32::MAX);
    let remembered = pac::POWER.gpregret().read().0 as u8;
    pac::POWER.gpregret().write(|bits| bits.0 = 0);
    // Any bits are a number, and nobody else reads or writes it.
    let [place, complement] = unsafe { ptr::read_volatile((&raw const PLACE).cast::<[u32; 2]>()) };
    ResetReason::read(reasons, remembered, if place == !complement { place } else { 0 })
}

/// Has the next start know of it.
pub(crate) fn remember(fault: Fault) {
    pac::POWER.gpregret().write(|bits| bits.0 = fault.code().into());
}

/// Asked for by the compiler, and called by nothing in an image that traps where it gives up.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    cortex_m::asm::udf()
}

#[cortex_m_rt::exception]
unsafe fn HardFault(frame: &cortex_m_rt::ExceptionFrame) -> ! {
    let at = frame.pc();
    // Where it was told to go on elsewhere, there is no instruction to look at.
    let instruction = if at < FLASH_END {
        // Flash can be read everywhere; what stands there is a number.
        unsafe { ptr::read_volatile(ptr::without_provenance::<u16>((at & !1) as usize)) }
    } else {
        0
    };
    // Nothing else runs any more, and no start is under way.
    unsafe {
        ptr::write_volatile((&raw mut PLACE).cast::<[u32; 2]>(), [at, !at]);
    }
    remember(Fault::at(instruction));
    SCB::sys_reset()
}
