//! Stack usage: the stack is painted at startup, and words that still have the paint were never used.
#![expect(unsafe_code, reason = "the unused part of the stack is read")]

use core::ptr::addr_of;

unsafe extern "C" {
    // From the linker script; the stack grows from the first down to the second.
    static _stack_start: u32;
    static _stack_end: u32;
}

/// The most bytes in use at once, and the size of the stack.
pub(crate) fn deepest() -> (usize, usize) {
    let (top, bottom) = (addr_of!(_stack_start), addr_of!(_stack_end));
    let all = top.addr() - bottom.addr();
    let mut word = bottom;
    // SAFETY: the RAM between the two belongs to the stack, in whole words. Words below the deepest use still have the
    // paint, so the search ends there.
    while word < top && unsafe { word.read_volatile() } == cortex_m_rt::STACK_PAINT_VALUE {
        word = word.wrapping_add(1);
    }
    (top.addr() - word.addr(), all)
}
