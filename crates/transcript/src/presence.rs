//! Time of a session without its gaps.

use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Kind};

/// The time that a session has taken, made of its entries one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// The moment of the last entry.
    pub reached_ms: u64,
    /// How long before this moment the laptop was suspended or the program closed.
    pub away_ms: u64,
}

impl Presence {
    /// Of all these.
    #[must_use]
    pub fn of(entries: &[Entry]) -> Self {
        let mut presence = Self::default();
        entries.iter().for_each(|entry| presence.take(entry));
        presence
    }

    /// Takes up the next entry.
    pub fn take(&mut self, entry: &Entry) {
        let away = match entry.kind {
            Kind::Gap { ms } => ms,
            Kind::Resumed { .. } => entry.at_ms.saturating_sub(self.reached_ms),
            _ => 0,
        };
        self.away_ms = self.away_ms.saturating_add(away);
        self.reached_ms = entry.at_ms;
    }

    /// Time without gaps.
    #[must_use]
    pub const fn lasted_ms(self) -> u64 {
        self.reached_ms.saturating_sub(self.away_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_and_a_suspend_are_no_time_of_a_session() {
        let resumed = Kind::Resumed { wall: "2026-11-23T18:00:00Z".to_owned() };
        let note = Kind::Note { text: "well".to_owned(), wall: None, edits: None };
        let entries = [
            Entry { at_ms: 2_000, kind: Kind::Sharp {} },
            Entry { at_ms: 93_600_000, kind: resumed },
            Entry { at_ms: 93_603_000, kind: Kind::Sharp {} },
            Entry { at_ms: 93_663_000, kind: Kind::Gap { ms: 60_000 } },
            Entry { at_ms: 93_665_000, kind: note },
        ];
        assert_eq!(Presence::of(&entries).lasted_ms(), 7_000);
    }
}
