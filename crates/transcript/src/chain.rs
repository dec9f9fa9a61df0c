//! The chain of hashes through a session: each entry's is made of the one before it and of the entry's own line, so that
//! no entry can be changed, taken out or put in without every later hash being another.
//!
//! It finds accidents and hasty edits. It is no signature: the hashes can be computed anew after a change.

use core::fmt;

use sha2::{Digest as _, Sha256};

/// The hash of an entry in its chain: the first sixteen bytes of a SHA-256. Printed as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; Self::LEN]);

impl Hash {
    /// Bytes of one. Against chance, half of a SHA-256 is as good as all of it, and a store of a million entries is
    /// sixteen megabytes smaller.
    pub const LEN: usize = 16;

    /// What the first entry follows.
    pub const START: Self = Self([0; Self::LEN]);

    /// The hash of the entry with this line, where this is the hash of the one before. The line is without its break.
    #[must_use]
    pub fn then(self, line: &str) -> Self {
        let digest = Sha256::new().chain_update(self.0).chain_update(line).finalize();
        let mut bytes = [0; Self::LEN];
        bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = of);
        Self(bytes)
    }

    /// As a store keeps it.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LEN] {
        self.0
    }

    /// The way back from [`Hash::to_bytes`]; `None` for any other number of bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Do not change this test: stores hold such hashes. The figure is that of `printf '%16s{}' | tr ' ' '\0' | sha256sum`.
    #[test]
    fn the_hash_of_a_line_never_changes() {
        assert_eq!(Hash::START.then("{}").to_string(), FIRST);
    }

    const FIRST: &str = "333b13ff02f57ae18049b82ca66f3759";

    #[test]
    fn whatever_is_changed_changes_all_that_follows() {
        let end = |lines: &[&str]| lines.iter().fold(Hash::START, |hash, line| hash.then(line));
        let whole = end(&["a", "b", "c"]);
        for other in
            [&["a", "b"][..], &["b", "a", "c"], &["a", "x", "c"], &["ab", "c"], &["a", "b", "b", "c"]]
        {
            assert_ne!(end(other), whole, "{other:?}");
        }
        assert_eq!(Hash::from_bytes(&whole.to_bytes()), Some(whole));
        assert_eq!(Hash::from_bytes(&[0; 15]), None);
    }
}
