//! Which sessions: all that pass a filter, a page at a time, and the notes that hold some words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use coach::body::{Area, Region, Side};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::error::ReadError;
use crate::read::{Journal, Key, Session, SessionKind};

/// Which sessions are asked for. The default asks for all; each field that is set leaves some out.
///
/// ```
/// use journal::Filter;
/// let sharp_last_spring = Filter {
///     from: Some("2026-03-01".to_owned()),
///     before: Some("2026-06-01".to_owned()),
///     sharp: true,
///     ..Filter::default()
/// };
/// # let _ = sharp_last_spring;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Those of this receiver, as [`is_one_receiver`] takes names. The empty name selects sessions without a name.
    pub receiver: Option<String>,
    /// Those led by the plan of this name.
    pub plan: Option<String>,
    /// Those that began at this time or later: RFC 3339 in UTC, or the beginning of it (`2026-03`).
    pub from: Option<String>,
    /// Those that began before this time, written likewise.
    pub before: Option<String>,
    /// Those on this side: of a hold, or as chosen in screening. With `region`: in that region on that side.
    pub side: Option<Side>,
    /// Those in this region.
    pub region: Option<Region>,
    /// Only those with a SHARP, that of the ready check not counted.
    pub sharp: bool,
    /// Only practice, or only those with a clicker in a receiver's hand.
    pub kind: Option<SessionKind>,
    /// Those with a note in which each of these words is, or is the beginning of one: see [`Journal::search`]. Where it is
    /// empty nothing is left out.
    pub words: String,
}

/// Some of the sessions that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// They, the latest begun first.
    pub sessions: Vec<Session>,
    /// How many there are on all pages.
    pub total: usize,
}

/// A note that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The session it is on.
    pub session: Key,
    /// The session's id.
    pub id: String,
    /// When the session began, as RFC 3339.
    pub started: String,
    /// The note's place among the session's entries, from 0.
    pub n: i64,
    /// Text of the note.
    pub text: String,
}

/// Maximum number of words in a search; further ones are ignored.
const MOST_WORDS: usize = 16;

impl Journal {
    /// The sessions that pass a filter, the latest begun first: at most `limit` of them, after the first `skip`.
    ///
    /// # Errors
    /// Where the store fails. A filter is never wrong: what nothing fits gives no session.
    pub fn list(&self, filter: &Filter, skip: usize, limit: usize) -> Result<Listing, ReadError> {
        let (listed, found) = (self.listed()?, self.found(filter)?);
        let of = |key: &Key| listed.sessions.iter().find(|(session, _)| session.key == *key);
        let page = found.iter().skip(skip).take(limit);
        let sessions = page.filter_map(of).map(|(session, _)| session.clone()).collect();
        Ok(Listing { sessions, total: found.len() })
    }

    /// Which sessions pass a filter, the latest begun first. [`Journal::session`] gives the row of each.
    ///
    /// # Errors
    /// Where the store fails, as [`Journal::list`].
    pub fn found(&self, filter: &Filter) -> Result<Vec<Key>, ReadError> {
        let listed = self.listed()?;
        let wanted = wanted(&filter.words);
        if wanted.is_empty() && !filter.words.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut found: Vec<&Session> = listed
            .sessions
            .iter()
            .filter(|(session, notes)| {
                lets_through(filter, session)
                    && (wanted.is_empty() || notes.iter().any(|(_, text)| has_all(text, &wanted)))
            })
            .map(|(session, _)| session)
            .collect();
        found.sort_by(|one, other| (&other.started, other.key).cmp(&(&one.started, one.key)));
        Ok(found.into_iter().map(|session| session.key).collect())
    }

    /// The notes in which each of these words is, or is the beginning of one, those of the latest stored sessions first: at
    /// most `limit`. Capitals and accents do not matter; what is neither letter nor digit parts words; after the sixteenth
    /// word nothing more is looked for. Where there is no word, there is no note. An edited note is found by its older
    /// wordings too: each is an entry of its own.
    ///
    /// # Errors
    /// Where the store fails. No words are wrong.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, ReadError> {
        let wanted = wanted(words);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let listed = self.listed()?;
        let notes = listed
            .sessions
            .iter()
            .rev()
            .flat_map(|(session, notes)| notes.iter().rev().map(move |(n, text)| (session, *n, text)));
        let hits = notes.filter(|(_, _, text)| has_all(text, &wanted)).take(limit);
        Ok(hits
            .map(|(session, n, text)| Hit {
                session: session.key,
                id: session.id.clone(),
                started: session.started.clone(),
                n: n.into(),
                text: text.clone(),
            })
            .collect())
    }

    /// Receivers with their number of sessions, most first. The empty name counts sessions without one. A name spelled
    /// in several ways appears in its most frequent spelling.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn receivers(&self) -> Result<Vec<(String, usize)>, ReadError> {
        let mut receivers: Vec<(String, usize)> = Vec::new();
        for (name, sessions) in self.counted(|session| session.receiver.clone().unwrap_or_default())? {
            match receivers.iter_mut().find(|(known, _)| is_one_receiver(known, &name)) {
                Some((_, all)) => *all += sessions,
                None => receivers.push((name, sessions)),
            }
        }
        receivers.sort_by_key(|(_, sessions)| Reverse(*sessions));
        Ok(receivers)
    }

    /// The plans that sessions were led by, and how many, those with the most first.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn plans(&self) -> Result<Vec<(String, usize)>, ReadError> {
        self.counted(|session| session.plan.clone())
    }

    fn counted(&self, of: impl Fn(&Session) -> String) -> Result<Vec<(String, usize)>, ReadError> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (session, _) in &self.listed()?.sessions {
            *counts.entry(of(session)).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| Reverse(*count));
        Ok(counts)
    }
}

/// Whether two names are of one receiver: they differ in nothing but capitals and spaces. A known receiver is not taken
/// for a new one because of a key held down while typing.
#[must_use]
pub fn is_one_receiver(one: &str, other: &str) -> bool {
    let folded = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    folded(one) == folded(other)
}

/// Whether this session is asked for, its notes apart.
fn lets_through(filter: &Filter, session: &Session) -> bool {
    let Filter { receiver, plan, from, before, side, region, sharp, kind, words: _ } = filter;
    let receiver = receiver
        .as_ref()
        .is_none_or(|name| is_one_receiver(name, session.receiver.as_deref().unwrap_or_default()));
    let plan = plan.as_ref().is_none_or(|plan| *plan == session.plan);
    let from = from.as_ref().is_none_or(|from| session.started >= *from);
    let before = before.as_ref().is_none_or(|before| session.started < *before);
    let of_area = |area: &Area| {
        side.is_none_or(|side| area.side == side) && region.is_none_or(|region| area.region == region)
    };
    let area = (side.is_none() && region.is_none()) || session.areas.iter().any(of_area);
    let kind = kind.is_none_or(|kind| kind == session.kind);
    receiver && plan && from && before && area && (!sharp || session.sharps > 0) && kind
}

/// The words of a text, in small letters and without accents.
fn folded(text: &str) -> Vec<String> {
    let letters = text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let letters: String = letters.collect();
    let words = letters.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words that are looked for.
fn wanted(words: &str) -> Vec<String> {
    let mut wanted = folded(words);
    wanted.truncate(MOST_WORDS);
    wanted
}

/// Whether each of these words is in the text, or is the beginning of a word in it.
fn has_all(text: &str, wanted: &[String]) -> bool {
    let words = folded(text);
    wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted.as_str())))
}
