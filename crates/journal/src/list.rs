//! Which sessions: all that pass a filter, a page at a time, and the notes that hold some words.

use coach::Named as _;
use coach::body::{Region, Side};
use rusqlite::ToSql;

use crate::error::ReadError;
use crate::read::{Held, Journal, Key, Session};

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
    /// Those of this receiver, whose name is spelled exactly so. The empty name: those in which nobody was named.
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
    pub held: Option<Held>,
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
    /// The note, as it was written.
    pub text: String,
}

/// More words than this are no search; what comes after them is not looked for.
const MOST_WORDS: usize = 16;

impl Journal {
    /// The sessions that pass a filter, the latest begun first: at most `limit` of them, after the first `skip`.
    ///
    /// # Errors
    /// Where the store fails. A filter is never wrong: what nothing fits gives no session.
    pub fn list(&self, filter: &Filter, skip: usize, limit: usize) -> Result<Listing, ReadError> {
        let found = self.found(filter)?;
        // What is told of each is looked up for those of the page alone.
        let page = found.iter().skip(skip).take(limit);
        let sessions = page.filter_map(|key| self.session(*key).transpose());
        Ok(Listing { sessions: sessions.collect::<Result<_, _>>()?, total: found.len() })
    }

    /// Which sessions pass a filter, the latest begun first. What there is to say of each, [`Journal::session`] tells.
    ///
    /// # Errors
    /// Where the store fails, as [`Journal::list`].
    pub fn found(&self, filter: &Filter) -> Result<Vec<Key>, ReadError> {
        let Some((wanted, values)) = conditions(filter) else { return Ok(Vec::new()) };
        let values: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
        // The index gives them in their order; each condition is a list that is made once and looked into. With the sign
        // before it a key is not sought, which would be a search and a place in the order for each that a list has.
        let mut statement = self
            .db
            .prepare_cached(&format!("SELECT key FROM sessions {wanted} ORDER BY started DESC, key DESC"))?;
        let rows = statement.query_map(&values[..], |row| row.get(0).map(Key))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The notes in which each of these words is, or is the beginning of one, those of the latest stored sessions first: at
    /// most `limit`. Capitals and accents do not matter; what is neither letter nor digit parts words; after the sixteenth
    /// word nothing more is looked for. Where there is no word, there is no note. An edited note is found by its older
    /// wordings too: each is an entry of its own.
    ///
    /// # Errors
    /// Where the store fails. No words are wrong.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, ReadError> {
        let Some(wanted) = fts(words) else { return Ok(Vec::new()) };
        let mut statement = self.db.prepare_cached(
            "SELECT key, id, started, words.rowid & 4294967295, text
                FROM words JOIN sessions ON key = words.rowid >> 32
                WHERE words MATCH ?1 ORDER BY words.rowid DESC LIMIT ?2",
        )?;
        let rows = statement.query_map((wanted, number(limit)), |row| {
            Ok(Hit {
                session: Key(row.get(0)?),
                id: row.get(1)?,
                started: row.get(2)?,
                n: row.get(3)?,
                text: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Who has lain down, and in how many sessions, those with the most first. The empty name: nobody was named.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn receivers(&self) -> Result<Vec<(String, usize)>, ReadError> {
        self.counted("SELECT coalesce(receiver, '') AS name, count(*) FROM sessions")
    }

    /// The plans that sessions were led by, and how many, those with the most first.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn plans(&self) -> Result<Vec<(String, usize)>, ReadError> {
        self.counted("SELECT plan AS name, count(*) FROM sessions")
    }

    fn counted(&self, what: &str) -> Result<Vec<(String, usize)>, ReadError> {
        let mut statement =
            self.db.prepare_cached(&format!("{what} GROUP BY name ORDER BY count(*) DESC, name"))?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1).map(count)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

type Value = Box<dyn ToSql>;

/// What a filter asks, as SQL and the values in it; `None` where nothing can fit.
fn conditions(filter: &Filter) -> Option<(String, Vec<Value>)> {
    let Filter { receiver, plan, from, before, side, region, sharp, held, words } = filter;
    let mut wanted: Vec<&str> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let texts = [
        ("coalesce(receiver, '') = ?", receiver),
        ("plan = ?", plan),
        ("started >= ?", from),
        ("started < ?", before),
    ];
    for (condition, value) in texts {
        if let Some(value) = value {
            wanted.push(condition);
            values.push(Box::new(value.clone()));
        }
    }
    match (side, region) {
        (None, None) => {}
        (Some(side), None) => {
            wanted.push("+key IN (SELECT session FROM areas WHERE side = ?)");
            values.push(Box::new(side.name()));
        }
        (None, Some(region)) => {
            wanted.push("+key IN (SELECT session FROM areas WHERE region = ?)");
            values.push(Box::new(region.name()));
        }
        (Some(side), Some(region)) => {
            wanted.push("+key IN (SELECT session FROM areas WHERE side = ? AND region = ?)");
            values.extend([Box::new(side.name()) as Value, Box::new(region.name())]);
        }
    }
    if *sharp {
        wanted.push("+key IN (SELECT session FROM tallies WHERE sharps > 0)");
    }
    if let Some(held) = held {
        wanted.push("+key IN (SELECT session FROM tallies WHERE in_hand = ?)");
        values.push(Box::new(*held == Held::InHand));
    }
    if !words.trim().is_empty() {
        wanted.push("+key IN (SELECT rowid >> 32 FROM words WHERE words MATCH ?)");
        values.push(Box::new(fts(words)?));
    }
    let wanted = if wanted.is_empty() { String::new() } else { format!("WHERE {}", wanted.join(" AND ")) };
    Some((wanted, values))
}

/// Words in the language of the index, in which quotes take every sign out of its meaning; `None` where there are none.
fn fts(words: &str) -> Option<String> {
    let words: Vec<String> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// No count is below 0.
fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// SQLite's numbers are signed; more than these there never are.
fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
