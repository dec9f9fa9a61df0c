//! The notes of a transcript as a person reads them: each with its present wording and the earlier ones. Nothing is
//! removed: an edit is an entry of its own that names the note it rewords.

use crate::entry::{Entry, Kind};

/// A note, in all its wordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The moment of the session to which it was first written.
    pub at_ms: u64,
    /// As it reads now.
    pub now: Wording,
    /// How it read before, the oldest first.
    pub before: Vec<Wording>,
}

/// One wording of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Its place in the transcript, the header's being 0: what an edit names.
    pub place: u32,
    /// The words.
    pub text: String,
    /// When it was written, as RFC 3339, where that was after the session.
    pub wall: Option<String>,
}

impl Note {
    /// The wording at this place of the transcript, and whether it is an edit.
    #[must_use]
    pub fn worded_at(&self, place: u32) -> Option<(&Wording, bool)> {
        let mut wordings = self.before.iter().chain([&self.now]).enumerate();
        wordings.find(|(_, wording)| wording.place == place).map(|(nth, wording)| (wording, nth > 0))
    }
}

/// The notes of a transcript, in the order in which they were first written.
///
/// An edit may name the note or any wording of it. An edit that names no note, which this program never writes, becomes
/// a note of its own, so that no text is lost.
#[must_use]
pub fn notes(entries: &[Entry]) -> Vec<Note> {
    placed((0..).zip(entries))
}

/// The notes among these entries, each of which comes with its place.
pub(crate) fn placed<'a>(entries: impl Iterator<Item = (u32, &'a Entry)>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for (place, entry) in entries {
        let Kind::Note { text, wall, edits } = &entry.kind else { continue };
        let wording = Wording { place, text: text.clone(), wall: wall.clone() };
        let edited = edits.and_then(|edits| notes.iter_mut().find(|note| note.worded_at(edits).is_some()));
        match edited {
            Some(note) => note.before.push(std::mem::replace(&mut note.now, wording)),
            None => notes.push(Note { at_ms: entry.at_ms, now: wording, before: Vec::new() }),
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(at_ms: u64, text: &str, edits: Option<u32>) -> Entry {
        Entry { at_ms, kind: Kind::Note { text: text.to_owned(), wall: None, edits } }
    }

    /// Each note as it reads now, and how it read before.
    fn read(entries: &[Entry]) -> Vec<(u32, String, Vec<String>)> {
        let texts = |note: Note| {
            let before: Vec<String> = note.before.iter().map(|wording| wording.text.clone()).collect();
            (note.now.place, note.now.text, before)
        };
        notes(entries).into_iter().map(texts).collect()
    }

    #[test]
    fn an_edit_takes_the_place_and_the_older_wording_stays() {
        let gap = Entry { at_ms: 5, kind: Kind::Gap { ms: 5 } };
        let entries = [
            gap,
            note(6, "left hand", None),
            note(7, "softer", None),
            note(9, "right hand", Some(1)),
            // An edit may name any wording of the note.
            note(9, "right hand, the whole time", Some(3)),
        ];
        let hand = ("right hand, the whole time", vec!["left hand", "right hand"]);
        let owned = |before: Vec<&str>| before.into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            read(&entries),
            [(4, hand.0.to_owned(), owned(hand.1)), (2, "softer".to_owned(), owned(vec![]))]
        );
        let notes = notes(&entries);
        assert_eq!(notes[0].at_ms, 6, "it stays where it was first written");
        let worded = |place| notes[0].worded_at(place).map(|(wording, edit)| (wording.text.as_str(), edit));
        assert_eq!(
            [worded(1), worded(2), worded(3)],
            [Some(("left hand", false)), None, Some(("right hand", true))]
        );
    }

    #[test]
    fn an_edit_of_what_is_no_note_stands_by_itself() {
        let entries = [note(1, "one", Some(0)), note(2, "two", Some(7)), note(3, "three", Some(3))];
        let texts: Vec<String> = read(&entries).into_iter().map(|(_, text, _)| text).collect();
        assert_eq!(texts, ["one", "two", "three"]);
    }
}
