//! What the clicker does, minus the hardware.
#![no_std]
