//! Why the clicker started: the chip's reset reasons, and the fault remembered across the reset.

use core::fmt;

/// A fault that ended the previous run. Its code fits an 8-bit register that a reset does not clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program panicked.
    Panic,
    /// The processor raised a hard fault.
    HardFault,
    /// Storage failed.
    Store,
    /// The Bluetooth stack kept failing.
    Stack,
}

impl Fault {
    /// The fault behind a hard fault at this instruction. A panic is a trap, which takes less code than a message.
    #[must_use]
    pub const fn at(instruction: u16) -> Self {
        if instruction == TRAP { Self::Panic } else { Self::HardFault }
    }

    /// Every fault.
    const ALL: [Self; 4] = [Self::Panic, Self::HardFault, Self::Store, Self::Stack];

    /// Its code in the register. 0, the register's value after power-on, is not a code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Panic => 0xa1,
            Self::HardFault => 0xa2,
            Self::Store => 0xa3,
            Self::Stack => 0xa4,
        }
    }
}

/// Code that the program leaves in the register before it resets the chip without a fault, as startup does once after
/// flashing. A software reset without any code came from outside.
pub const OWN_RESET: u8 = 0xa5;

/// The instruction with which the compiler ends a panicking program: `UDF #254`, LLVM's trap. The architecture
/// guarantees that it faults.
const TRAP: u16 = 0xdefe;

/// Why the clicker started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetReason {
    /// Power-on.
    PowerOn,
    /// Reset button. On the micro:bit it is connected to the interface chip, which resets this one by its debug port (as
    /// it does when a program on the laptop closes the serial port); elsewhere to the reset pin.
    Button,
    /// The watchdog expired.
    Watchdog,
    /// A fault, with the address of the instruction for a panic or hard fault.
    After(Fault, u32),
    /// Lock-up: a fault inside the fault handler.
    LockUp,
    /// A software reset by the program itself.
    Software,
}

/// Bits of the nRF52's RESETREAS register (nRF52833 Product Specification, POWER).
const PIN: u32 = 1;
const DOG: u32 = 1 << 1;
const SREQ: u32 = 1 << 2;
const LOCKUP: u32 = 1 << 3;

impl ResetReason {
    /// Derives the reason from RESETREAS, the remembered code and the remembered address. The caller has cleared the
    /// first two.
    #[must_use]
    pub fn read(reasons: u32, remembered: u8, address: u32) -> Self {
        // After a fault the code is remembered and the watchdog expires, or the program resets itself. The register
        // does not survive a power cycle, so a code is never older than that.
        if let Some(fault) = Fault::ALL.into_iter().find(|fault| fault.code() == remembered) {
            let told = matches!(fault, Fault::Panic | Fault::HardFault);
            return Self::After(fault, if told { address } else { 0 });
        }
        match reasons {
            0 => Self::PowerOn,
            bits if bits & LOCKUP != 0 => Self::LockUp,
            bits if bits & DOG != 0 => Self::Watchdog,
            _ if remembered == OWN_RESET => Self::Software,
            bits if bits & (SREQ | PIN) != 0 => Self::Button,
            // Wake-up by a pin, an NFC field or a debug probe: this clicker uses none of them.
            _ => Self::Software,
        }
    }

    /// Whether a person may have started it: only then may the pairing window open, if the logo is held as well.
    #[must_use]
    pub const fn by_hand(self) -> bool {
        match self {
            Self::PowerOn | Self::Button => true,
            Self::Watchdog | Self::After(..) | Self::LockUp | Self::Software => false,
        }
    }
}

impl fmt::Display for ResetReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PowerOn => f.write_str("power"),
            Self::Button => f.write_str("button"),
            Self::Watchdog => f.write_str("watchdog"),
            // Short, because it follows the firmware version in a text of 22 bytes.
            Self::After(Fault::Panic, at) => write!(f, "panic {at:x}"),
            Self::After(Fault::HardFault, at) => write!(f, "fault {at:x}"),
            Self::After(Fault::Store, _) => f.write_str("storage"),
            Self::After(Fault::Stack, _) => f.write_str("bluetooth"),
            Self::LockUp => f.write_str("lock-up"),
            Self::Software => f.write_str("software"),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;

    use super::*;

    #[test]
    fn only_a_hand_opens_the_window() {
        assert!(ResetReason::read(0, 0, 0).by_hand());
        assert!(ResetReason::read(PIN, 0, 0).by_hand());
        for reasons in
            [DOG, LOCKUP, PIN | DOG, SREQ | DOG, PIN | LOCKUP, SREQ | LOCKUP, 1 << 16, 1 << 18, 1 << 20]
        {
            assert!(!ResetReason::read(reasons, 0, 0).by_hand(), "{reasons:#x}");
        }
    }

    #[test]
    fn a_software_reset_that_is_not_the_programs_own_is_the_reset_button() {
        for reasons in [SREQ, PIN | SREQ] {
            assert_eq!(ResetReason::read(reasons, 0, 0), ResetReason::Button);
            assert_eq!(ResetReason::read(reasons, OWN_RESET, 0), ResetReason::Software);
        }
        assert_eq!(ResetReason::read(DOG, OWN_RESET, 0), ResetReason::Watchdog);
        assert!(Fault::ALL.iter().all(|fault| fault.code() != OWN_RESET));
    }

    #[test]
    fn a_fault_is_remembered_whatever_the_chip_says_of_the_reset() {
        for fault in Fault::ALL {
            for reasons in [0, PIN, DOG, SREQ, DOG | SREQ] {
                let started = ResetReason::read(reasons, fault.code(), 77);
                let at = if matches!(fault, Fault::Panic | Fault::HardFault) { 77 } else { 0 };
                assert_eq!(started, ResetReason::After(fault, at));
                assert!(!started.by_hand());
            }
        }
    }

    #[test]
    fn what_gave_up_is_told_from_what_failed() {
        assert_eq!(Fault::at(0xdefe), Fault::Panic);
        for instruction in [0, 0xde00, 0xdeff, 0xbf00, 0xffff] {
            assert_eq!(Fault::at(instruction), Fault::HardFault, "{instruction:#x}");
        }
    }

    #[test]
    fn the_longest_reason_fits_behind_the_number_of_the_firmware() {
        let at = u32::MAX;
        let all = [DOG, SREQ, LOCKUP].map(|reasons| ResetReason::read(reasons, OWN_RESET, at));
        let faults = Fault::ALL.map(|fault| ResetReason::read(0, fault.code(), at));
        for started in all.into_iter().chain(faults) {
            let told = format!("{} {started}", env!("CARGO_PKG_VERSION"));
            assert!(told.len() <= 22, "{told}");
        }
    }

    #[test]
    fn a_register_that_was_never_written_remembers_nothing() {
        for code in (0..=u8::MAX).filter(|code| Fault::ALL.iter().all(|fault| fault.code() != *code)) {
            assert_eq!(ResetReason::read(DOG, code, 5), ResetReason::Watchdog);
        }
    }
}
