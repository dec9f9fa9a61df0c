//! The stored form of a bond: 42 bytes with the identity of a laptop and the key of its links.
//!
//! Every stored bond was made by LE Secure Connections with passkey entry, so the security level is not stored.

use handheld::Bond;
use trouble_host::prelude::{
    AddrKind, Address, BdAddr, BondInformation, Identity, IdentityResolvingKey, LongTermKey, SecurityLevel,
};

/// The most bonds stored. A fifth laptop is refused until all are forgotten: only a person can say which of four to
/// give up, and that one might own stored events.
pub const BONDS: usize = 4;

/// A paired laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BondRecord {
    /// Its number. It is not given to another laptop while stored events may belong to the first.
    pub bond: Bond,
    /// Whether the identity address is random static.
    pub random_address: bool,
    /// Identity address, least significant byte first.
    pub address: [u8; 6],
    /// Identity resolving key, least significant byte first; `None` if the laptop does not resolve.
    pub irk: Option<[u8; 16]>,
    /// Long-term key, least significant byte first.
    pub ltk: [u8; 16],
    /// Whether it is subscribed to reports, which outlives the connection.
    pub subscribed: bool,
}

impl BondRecord {
    /// Length of the stored form in bytes.
    pub const LEN: usize = 42;

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[0] = self.bond.0;
        bytes[1] = u8::from(self.random_address);
        bytes[2] = u8::from(self.irk.is_some());
        bytes[3] = u8::from(self.subscribed);
        bytes[4..10].copy_from_slice(&self.address);
        bytes[10..26].copy_from_slice(&self.irk.unwrap_or_default());
        bytes[26..].copy_from_slice(&self.ltk);
        bytes
    }

    /// Inverse of [`BondRecord::to_bytes`]. `None` for bytes that it never produces.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::LEN] = bytes.try_into().ok()?;
        let flag = |byte: u8| match byte {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
        let irk: [u8; 16] = bytes[10..26].try_into().ok()?;
        let has_irk = flag(bytes[2])?;
        if has_irk == (irk == [0; 16]) {
            return None;
        }
        Some(Self {
            bond: Bond(bytes[0]),
            random_address: flag(bytes[1])?,
            subscribed: flag(bytes[3])?,
            address: bytes[4..10].try_into().ok()?,
            irk: has_irk.then_some(irk),
            ltk: bytes[26..].try_into().ok()?,
        })
    }

    /// The record of a bond made by the stack, under this number.
    pub(crate) fn of(bond: Bond, made: &BondInformation) -> Self {
        Self {
            bond,
            // Random address kinds are odd, whether the controller resolved them or not.
            random_address: made.identity.addr.kind.as_raw() & 1 == 1,
            address: made.identity.addr.addr.into_inner(),
            irk: made.identity.irk.map(IdentityResolvingKey::to_le_bytes),
            ltk: made.ltk.to_le_bytes(),
            subscribed: false,
        }
    }

    pub(crate) fn identity(&self) -> Identity {
        let kind = if self.random_address { AddrKind::RANDOM } else { AddrKind::PUBLIC };
        Identity {
            addr: Address::new(kind, BdAddr::new(self.address)),
            irk: self.irk.and_then(IdentityResolvingKey::from_le_bytes),
        }
    }

    /// The form the stack uses.
    pub(crate) fn information(&self) -> BondInformation {
        BondInformation::new(
            self.identity(),
            LongTermKey::from_le_bytes(self.ltk),
            SecurityLevel::EncryptedAuthenticated,
            true,
        )
    }
}

/// A number that no bond uses and that does not belong to the owner of stored events.
pub(crate) fn free_number(bonds: &[BondRecord], owner: Option<Bond>) -> Bond {
    let taken = |number: &u8| bonds.iter().any(|b| b.bond.0 == *number) || owner == Some(Bond(*number));
    // At most five numbers are taken.
    Bond((0..=u8::MAX).find(|number| !taken(number)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> BondRecord {
        BondRecord {
            bond: Bond(3),
            random_address: true,
            address: [1, 2, 3, 4, 5, 6],
            irk: Some([7; 16]),
            ltk: [9; 16],
            subscribed: true,
        }
    }

    #[test]
    fn a_bond_comes_back_from_its_bytes_and_from_the_stack() {
        for irk in [None, Some([7; 16])] {
            for subscribed in [false, true] {
                let bond = BondRecord { irk, subscribed, ..record() };
                assert_eq!(BondRecord::from_bytes(&bond.to_bytes()), Some(bond));
                let back = BondRecord { subscribed, ..BondRecord::of(bond.bond, &bond.information()) };
                assert_eq!(back, bond);
            }
        }
    }

    #[test]
    fn bytes_that_no_bond_gives_are_none() {
        let good = record().to_bytes();
        assert_eq!(BondRecord::from_bytes(&good[1..]), None);
        for at in 1..4 {
            let mut bad = good;
            bad[at] = 2;
            assert_eq!(BondRecord::from_bytes(&bad), None);
        }
    }

    #[test]
    fn a_new_bond_takes_no_number_that_events_may_belong_to() {
        let with = |bond| BondRecord { bond: Bond(bond), ..record() };
        assert_eq!(free_number(&[], None), Bond(0));
        assert_eq!(free_number(&[], Some(Bond(0))), Bond(1));
        assert_eq!(free_number(&[with(0), with(2)], Some(Bond(1))), Bond(3));
    }
}
