//! What can be read of a transcript that was stored: all of it, as it should be, or what is left where entries were
//! changed from outside into something that is none. Each entry keeps its place, so that nothing moves into a hole.

use crate::entry::Entry;
use crate::notes::{self, Note};

/// A transcript as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Readable {
    /// The entries that this version knows, in their order.
    pub entries: Vec<Entry>,
    /// The place of each of them, the header's being 0: what an edit of a note names.
    pub places: Vec<u32>,
    /// The places at which there is something else.
    pub unread: Vec<Unread>,
}

/// A place at which no entry could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The place.
    pub place: u32,
    /// Why.
    pub reason: String,
}

/// One place of a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    /// The entry at it.
    Entry(u32, &'a Entry),
    /// There is something, and it is no entry.
    Unread(&'a Unread),
}

impl From<Vec<Entry>> for Readable {
    /// A whole one.
    fn from(entries: Vec<Entry>) -> Self {
        let places = (0..).zip(&entries).map(|(place, _)| place).collect();
        Self { entries, places, unread: Vec::new() }
    }
}

impl Readable {
    /// All that is there, in its order.
    pub fn all(&self) -> impl Iterator<Item = Found<'_>> {
        let mut unread = self.unread.iter().peekable();
        let mut entries = self.places.iter().copied().zip(&self.entries).peekable();
        std::iter::from_fn(move || {
            let first = |unread: &&Unread| entries.peek().is_none_or(|(place, _)| unread.place < *place);
            match unread.next_if(first) {
                Some(unread) => Some(Found::Unread(unread)),
                None => entries.next().map(|(place, entry)| Found::Entry(place, entry)),
            }
        })
    }

    /// The notes, as [`crate::notes()`] gives those of a whole transcript. An edit of an unreadable note becomes a note
    /// of its own.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        notes::placed(self.places.iter().copied().zip(&self.entries))
    }

    /// The moment of what is at this place: of what cannot be read, that of the entry before it.
    #[must_use]
    pub fn moment(&self, place: u32) -> u64 {
        let until = self.places.partition_point(|known| *known <= place);
        until.checked_sub(1).and_then(|nth| self.entries.get(nth)).map_or(0, |entry| entry.at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Kind;

    fn note(at_ms: u64, text: &str, edits: Option<u32>) -> Entry {
        Entry { at_ms, kind: Kind::Note { text: text.to_owned(), wall: None, edits } }
    }

    /// Of six entries the second cannot be read and the fourth is not there.
    fn torn() -> Readable {
        Readable {
            entries: vec![note(1, "one", None), note(3, "three", None), note(5, "five", Some(2))],
            places: vec![0, 2, 4],
            unread: vec![
                Unread { place: 1, reason: "torn".to_owned() },
                Unread { place: 5, reason: "torn".to_owned() },
            ],
        }
    }

    #[test]
    fn nothing_moves_into_the_place_of_what_cannot_be_read() {
        let torn = torn();
        let places: Vec<(u32, bool)> = torn
            .all()
            .map(|found| match found {
                Found::Entry(place, _) => (place, true),
                Found::Unread(unread) => (unread.place, false),
            })
            .collect();
        assert_eq!(places, [(0, true), (1, false), (2, true), (4, true), (5, false)]);
        let notes = torn.notes();
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert_eq!((notes[1].now.place, notes[1].now.text.as_str()), (4, "five"));
        assert_eq!(notes[1].before[0].text, "three");
    }

    #[test]
    fn what_cannot_be_read_was_at_the_moment_before_it() {
        assert_eq!([0, 1, 2, 3, 4, 5].map(|place| torn().moment(place)), [1, 1, 3, 3, 5, 5]);
        let headless = Readable { entries: vec![note(7, "x", None)], places: vec![1], unread: Vec::new() };
        assert_eq!(headless.moment(0), 0);
    }

    #[test]
    fn of_a_whole_one_everything_is_where_it_is() {
        let entries = vec![note(1, "one", None), note(2, "two", Some(0))];
        let whole = Readable::from(entries.clone());
        assert_eq!((whole.places.as_slice(), whole.unread.len()), ([0, 1].as_slice(), 0));
        assert_eq!(whole.notes(), crate::notes(&entries));
    }
}
