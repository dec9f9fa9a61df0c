//! How deep the stack has been: it is painted at the start, and what is still painted was never used.
#![expect(unsafe_code, reason = "the stack's free part is looked at, which is nobody's")]

use core::ptr::addr_of;

unsafe extern "C" {
    // Both from the linker's script; the stack grows from the first down to the second.
    static _stack_start: u32;
    static _stack_end: u32;
}

/// The most bytes that were in use at once, and how many there are.
pub(crate) fn deepest() -> (usize, usize) {
    let (top, bottom) = (addr_of!(_stack_start), addr_of!(_stack_end));
    let all = top.addr() - bottom.addr();
    let mut word = bottom;
    // SAFETY: between the two lies RAM that is the stack's alone, in whole words. Below the deepest use it still holds
    // the paint, and the search ends there at the latest.
    while word < top && unsafe { word.read_volatile() } == cortex_m_rt::STACK_PAINT_VALUE {
        word = word.wrapping_add(1);
    }
    (top.addr() - word.addr(), all)
}
