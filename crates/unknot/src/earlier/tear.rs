//! For tests, also those of the whole program.

use std::path::Path;

/// Changes the first of these words in a closed store into others, from outside.
pub(crate) fn tear(store: &Path, known: &str, altered: &str) {
    assert_eq!(known.len(), altered.len(), "its pages stay as they are");
    let mut bytes = std::fs::read(store).expect("there is a store");
    let at = bytes.windows(known.len()).position(|window| window == known.as_bytes());
    let at = at.expect("the words are in the store");
    bytes[at..at + known.len()].copy_from_slice(altered.as_bytes());
    std::fs::write(store, bytes).expect("the store is written");
}
