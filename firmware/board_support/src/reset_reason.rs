//! Why the clicker has started: what the chip says of its last reset, and what was remembered across it.

use core::fmt;

/// What ended the run before, where it was not a hand and not the battery. It fits a register of eight bits that a reset
/// does not clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program gave up: an index beyond its end, what was thought to be there and is not.
    Panic,
    /// The processor did.
    HardFault,
    /// Storage could not be used.
    Store,
    /// The Bluetooth stack could not be kept up.
    Stack,
}

impl Fault {
    /// Of a hard fault at this instruction. A panic is one as well: to trap takes less code than to say why.
    #[must_use]
    pub const fn at(instruction: u16) -> Self {
        if instruction == TRAP { Self::Panic } else { Self::HardFault }
    }

    /// All of them.
    const ALL: [Self; 4] = [Self::Panic, Self::HardFault, Self::Store, Self::Stack];

    /// As the register keeps it. What the register holds after power-on, 0, is none.
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

/// What the compiler has a program end with that gives up: `UDF #254`, by LLVM's name for it a trap. No processor of this
/// architecture will ever do anything else at it than fail.
const TRAP: u16 = 0xdefe;

/// Why the clicker has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetReason {
    /// It was switched on.
    PowerOn,
    /// Its reset button was pressed.
    Button,
    /// It stood still.
    Watchdog,
    /// It gave up, and at which address where it is a panic or a hard fault.
    After(Fault, u32),
    /// The processor could not even run what is to be run after a fault.
    LockUp,
    /// It was told to, by a debugger or by itself.
    Software,
}

/// Bits of the nRF52's RESETREAS (nRF52833 Product Specification, POWER).
const PIN: u32 = 1;
const DOG: u32 = 1 << 1;
const SREQ: u32 = 1 << 2;
const LOCKUP: u32 = 1 << 3;

impl ResetReason {
    /// From RESETREAS, the remembered code and address. The first two are cleared by whoever read them.
    #[must_use]
    pub fn read(reasons: u32, remembered: u8, address: u32) -> Self {
        // A fault leaves a note and waits for the watchdog, or resets by itself. A note from before the battery went is
        // none: the register does not outlive it.
        if let Some(fault) = Fault::ALL.into_iter().find(|fault| fault.code() == remembered) {
            let told = matches!(fault, Fault::Panic | Fault::HardFault);
            return Self::After(fault, if told { address } else { 0 });
        }
        match reasons {
            0 => Self::PowerOn,
            bits if bits & LOCKUP != 0 => Self::LockUp,
            bits if bits & DOG != 0 => Self::Watchdog,
            bits if bits & SREQ != 0 => Self::Software,
            bits if bits & PIN != 0 => Self::Button,
            // Woken by a pin, the field of a reader, a debugger's probe: nothing that this clicker asks for.
            _ => Self::Software,
        }
    }

    /// Whether a hand has started it: only then may the pairing window open.
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
            // Short, since it stands behind the firmware's number where there is place for 22 letters.
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
        for reasons in [DOG, SREQ, LOCKUP, PIN | DOG, PIN | SREQ, PIN | LOCKUP, 1 << 16, 1 << 18, 1 << 20] {
            assert!(!ResetReason::read(reasons, 0, 0).by_hand(), "{reasons:#x}");
        }
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
        let all = [DOG, SREQ, LOCKUP].map(|reasons| ResetReason::read(reasons, 0, at));
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
