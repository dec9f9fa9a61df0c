//! A session was interrupted: it is taken up again, or closed for a new one. On the screen the start screen asks it, with
//! its keys; as lines it is a question of its own.

use std::time::Duration;

use words::{Value, Words};

use super::{Dialog, DialogView, Flow, Page};
use crate::begin::Found;
use crate::countdown::spoken;
use crate::keys::Press;

/// The ids of what is written here. They stand in the file of the language under "A session was interrupted".
mod texts {
    pub(super) const ABOUT: &str = "resume-about";
    pub(super) const ASK: &str = "resume-ask";
    pub(super) const OFFER: &str = "resume-offer";
    pub(super) const CLOSES: &str = "resume-closes";
    pub(super) const CLOSES_OR: &str = "resume-closes-or";

    #[cfg(test)]
    pub(super) const ALL: &[&str] = &[ABOUT, ASK, OFFER, CLOSES, CLOSES_OR];
}

/// Asks whether this session is taken up again; false closes it for a new one. Input that was piped in answers too.
pub(crate) async fn ask<V: DialogView>(found: &Found, dialog: &mut Dialog<'_, V>) -> Flow<bool> {
    let words = Words::english();
    let (lasted, phase) = (spoken(found.lasted()), words.name(found.phase()));
    let about = [("lasted", Value::Name(&lasted)), ("phase", Value::Name(&phase))];
    dialog.page = Page { said: vec![words.render(texts::ABOUT, &about)], ..Page::default() };
    let keys = [("up", Value::Name("y")), ("new", Value::Name("n"))];
    loop {
        dialog.now(words.render(texts::ASK, &keys))?;
        let answer = dialog.answer(|press| match press {
            Press::Char('y') => Some(Some(true)),
            Press::Char('n') => Some(Some(false)),
            Press::Esc => None,
            _ => Some(None),
        });
        if let Some(again) = answer.await? {
            return Ok(again);
        }
        // Any other key has the question repeated.
        dialog.now(String::new())?;
    }
}

/// What the start screen says of a session that lasted so long and was interrupted.
pub(crate) fn offer(lasted: Duration) -> String {
    Words::english().render(texts::OFFER, &[("lasted", Value::Name(&spoken(lasted)))])
}

/// What the start screen says where a new session would close the one that was interrupted: the key that does so when it
/// is pressed again, and the key that takes the other one up, if one does.
pub(crate) fn closes(words: &Words, again: &str, up: Option<&str>) -> String {
    let again = ("again", Value::Name(again));
    match up {
        Some(up) => words.render(texts::CLOSES_OR, &[again, ("up", Value::Name(up))]),
        None => words.render(texts::CLOSES, &[again]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_of_the_language_has_these_and_no_others() {
        let file = include_str!("../../../words/en.ftl");
        let there = file.lines().filter(|line| line.starts_with("resume-"));
        let there: BTreeSet<&str> =
            there.filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
        assert_eq!(there, texts::ALL.iter().copied().collect());
    }
}
