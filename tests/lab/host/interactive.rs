//! One machine with terminals for people.

/// Boots it and waits for its end.
pub(crate) fn interactive() -> anyhow::Result<bool> {
    anyhow::bail!("not yet")
}
