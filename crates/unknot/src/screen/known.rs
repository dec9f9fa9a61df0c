//! What the start screen knows before anybody has chosen anything.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use journal::{Journal, SessionKind, is_one_receiver};
use tui::Receiver;

use crate::clickers::Remembered;
use crate::flows::resume;

/// More receivers than this are nobody's; the start screen scrolls a few.
const RECEIVERS: usize = 50;

/// What the start screen knows.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Who has been here, the last one first.
    pub(super) receivers: Vec<Receiver>,
    /// Sessions that can be taken up again, one of a kind at most, and what is to be said of each. The first of them
    /// is the one that is taken up.
    pub(super) interrupted: Vec<(SessionKind, String)>,
    /// The plans there are, and which of them comes first.
    pub(super) plans: Vec<tui::Plan>,
    pub(super) plan: usize,
    /// The clickers that are remembered.
    pub(super) clickers: Vec<Remembered>,
    /// The wall time, by which a battery has its age.
    pub(super) wall: Timestamp,
    /// Something else worth reading.
    pub(super) notice: Option<String>,
}

impl Known {
    /// What this store tells.
    pub(super) fn of(db: &Path) -> anyhow::Result<Self> {
        let journal = Journal::open(db)?;
        let mut receivers: Vec<Receiver> = Vec::new();
        for session in journal.sessions()?.into_iter().rev() {
            if let Some(name) = session.receiver
                && !receivers.iter().any(|known| is_one_receiver(&known.name, &name))
            {
                let last = format!("last {}", session.started.get(..10).unwrap_or(&session.started));
                receivers.push(Receiver { name, last });
            }
        }
        receivers.truncate(RECEIVERS);
        let mut interrupted = Vec::new();
        // One with a person comes first.
        for held in [SessionKind::InHand, SessionKind::Practice] {
            if let Some(session) = journal.last_open(held)? {
                interrupted.push((held, resume::offer(Duration::from_millis(session.lasted_ms))));
            }
        }
        Ok(Self { receivers, interrupted, ..Self::default() })
    }
}

/// Puts who was named first, in the place of the same receiver by whatever spelling, and with the day they were here last.
pub(super) fn named(receivers: &mut Vec<Receiver>, name: &str) {
    let known = receivers.iter().position(|known| is_one_receiver(&known.name, name));
    let last = known.map_or_else(String::new, |at| receivers.remove(at).last);
    receivers.insert(0, Receiver { name: name.to_owned(), last });
}

#[cfg(test)]
mod tests {
    use journal::Writer;
    use transcript::Header;

    use super::*;
    use crate::clock::fresh_id;
    use crate::commands::plan::chosen;
    use crate::practice::header;

    #[test]
    fn who_was_here_last_comes_first_with_their_last_day() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("store.db");
        let mut writer = Writer::open(&db).unwrap();
        for (name, wall) in [
            ("Anna", "2026-01-01T10:00:00Z"),
            ("Bo", "2026-02-02T10:00:00Z"),
            ("Anna", "2026-03-03T10:00:00Z"),
            ("bo ", "2026-01-31T10:00:00Z"),
            ("ANNA", "2026-02-01T10:00:00Z"),
        ] {
            let plain = header(fresh_id(), chosen(None).unwrap(), None, wall.parse().unwrap());
            writer.create(&Header { receiver: Some(name.to_owned()), ..plain }).unwrap();
        }
        drop(writer);
        let lines: Vec<String> = Known::of(&db)
            .unwrap()
            .receivers
            .into_iter()
            .map(|one| format!("{}, {}", one.name, one.last))
            .collect();
        // One receiver, however they were spelled: as last, in the place of the last.
        assert_eq!(lines, ["ANNA, last 2026-02-01", "bo , last 2026-01-31"]);
    }

    #[test]
    fn who_is_named_is_who_is_known_by_another_spelling() {
        let known = |name: &str, last: &str| Receiver { name: name.to_owned(), last: last.to_owned() };
        let mut receivers = vec![known("Bo", "last 2026-02-02"), known("Anna", "last 2026-01-01")];
        named(&mut receivers, "anna");
        named(&mut receivers, "Cy");
        assert_eq!(
            receivers,
            [known("Cy", ""), known("anna", "last 2026-01-01"), known("Bo", "last 2026-02-02")]
        );
    }
}
