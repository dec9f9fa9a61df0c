//! What is remembered across a reset, and why there was one.
//!
//! GPREGRET keeps eight bits through every reset but that of the power; RAM keeps what nobody clears, which is enough for
//! the line of a panic and is not relied on.
#![expect(
    unsafe_code,
    reason = "RAM that is not cleared at the start is read and written as plain numbers, and the handler of hard faults is called by \
              the processor, which the attribute spells out"
)]

use core::mem::MaybeUninit;
use core::panic::PanicInfo;
use core::ptr;

use cortex_m::peripheral::SCB;
use embassy_nrf::pac;
use parts::{Fault, Started};

/// The line of the last panic, and its complement.
#[unsafe(link_section = ".uninit.LINE")]
static mut LINE: MaybeUninit<[u32; 2]> = MaybeUninit::uninit();

/// Why it has started. Asked once: what the chip knows is cleared by it.
pub(crate) fn started() -> Started {
    let reasons = pac::POWER.resetreas().read().0;
    // A bit is cleared by writing it.
    pac::POWER.resetreas().write(|bits| bits.0 = u32::MAX);
    let remembered = pac::POWER.gpregret().read().0 as u8;
    pac::POWER.gpregret().write(|bits| bits.0 = 0);
    // Any bits are a number, and nobody else reads or writes it.
    let [line, complement] = unsafe { ptr::read_volatile((&raw const LINE).cast::<[u32; 2]>()) };
    Started::read(reasons, remembered, if line == !complement { line } else { 0 })
}

/// Has the next start know of it.
pub(crate) fn remember(fault: Fault) {
    pac::POWER.gpregret().write(|bits| bits.0 = fault.code().into());
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let line = info.location().map_or(0, core::panic::Location::line);
    // Nothing else runs any more but interrupts, which leave it alone.
    unsafe {
        ptr::write_volatile((&raw mut LINE).cast::<[u32; 2]>(), [line, !line]);
    }
    remember(Fault::Panic);
    SCB::sys_reset()
}

#[cortex_m_rt::exception]
unsafe fn HardFault(_frame: &cortex_m_rt::ExceptionFrame) -> ! {
    remember(Fault::HardFault);
    SCB::sys_reset()
}
