//! The store as its callers see it: what is kept, what is refused, and what outlives a crash.

#[cfg(test)]
mod crash;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod opening;

use transcript::{Entry, Header, Kind, PlanKept, SCHEMA, Versions};

/// A header with this id, which need not be a UUID for the store.
fn header(id: &str) -> Header {
    Header {
        id: id.to_owned(),
        versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
        plan: PlanKept::new(&coach::Plan::partner(), "# the partner plan\n"),
        seed: Some(7),
        wall: "2026-11-22T18:00:00Z".to_owned(),
        receiver: Some("Ada".to_owned()),
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
        learn: None,
    }
}

/// A batch of `len` entries that says which batch it is.
fn batch(number: u64, len: u64) -> Vec<Entry> {
    (0..len).map(|n| Entry { at_ms: number, kind: Kind::Gap { ms: n } }).collect()
}
