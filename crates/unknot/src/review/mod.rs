//! Looking back: the list of stored sessions, one of them as a timeline, its notes, and what is to be played. Keys and the
//! mouse in, scenes out; the screen and plain lines both show it. It reads the store; a note it stores in a moment.
//!
//! ```text
//!   list --Enter, a click--> timeline --p--> played again --Esc--> timeline --Esc--> list --Esc--> out
//! ```

mod find;
pub(crate) mod keys;
mod list;
mod opened;
mod plain;
mod play;
#[cfg(test)]
mod tests;
pub(crate) mod texts;

use std::path::{Path, PathBuf};

use coach::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use journal::{Journal, OpenError, Session, WriteError, Writer};
use ratatui::layout::Rect;
use report::text::clock;
use transcript::Readable;
use tui::{Help, Scene};
use words::{Value, Words};

use crate::clock::Pace;
use crate::commands::read;
use crate::failure::Failure;
use crate::keys::Press;
use crate::terminal::Mouse;

use list::{List, ListStep};
use opened::{LineStep, Opened};

pub(crate) use plain::{replay as replay_plainly, review as review_plainly};
pub(crate) use play::{Playing, Tape};

/// Looking back, and what is looked at.
pub(crate) struct Review {
    db: PathBuf,
    journal: Option<Journal>,
    words: Words,
    list: List,
    opened: Option<Opened>,
    /// Whether the list was never seen: leaving the timeline then leaves it all.
    straight: bool,
    /// The first row of the help that is to be seen, where it is open.
    help: Option<usize>,
    /// Where the times of the day are shown.
    zone: TimeZone,
}

/// What is wanted of whoever shows it.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// That it is shown.
    Nothing,
    /// That this is played.
    Play(Box<Tape>),
    /// To leave.
    Leave,
}

impl Review {
    /// Looks at a store, and where a session is named, at that one.
    pub(crate) fn open(
        db: &Path,
        session: Option<&str>,
        wall: Timestamp,
        zone: TimeZone,
    ) -> Result<Self, Failure> {
        let words = Words::english();
        let (journal, found) = match session {
            Some(name) => {
                let (journal, found) = read::find(db, name)?;
                (Some(journal), Some(found))
            }
            None => match Journal::open(db) {
                Ok(journal) => (Some(journal), None),
                // There is nothing yet, and the list says how to change that.
                Err(OpenError::Missing(_)) => (None, None),
                Err(error) => return Err(error.into()),
            },
        };
        let list = List::new(journal.as_ref(), wall, zone.clone())?;
        let mut review = Self {
            db: db.to_owned(),
            journal,
            words,
            list,
            opened: None,
            straight: found.is_some(),
            help: None,
            zone,
        };
        if let Some(found) = found {
            review.open_session(found)?;
        }
        Ok(review)
    }

    fn open_session(&mut self, session: Session) -> Result<(), Failure> {
        if let Some(journal) = &self.journal {
            self.opened = Some(Opened::open(journal, session, &self.words, self.zone.clone())?);
        }
        Ok(())
    }

    /// A key.
    pub(crate) fn press(&mut self, press: Press, screen: Rect, wall: Timestamp) -> Result<Wanted, Failure> {
        if let Some(top) = self.help {
            self.turn_help(top, press);
            return Ok(Wanted::Nothing);
        }
        match &mut self.opened {
            Some(opened) => {
                let step = opened.press(press, screen);
                self.line_step(step, wall)
            }
            None => {
                let step = self.list.press(press, self.journal.as_ref(), &self.words)?;
                self.list_step(step)
            }
        }
    }

    /// What was pasted: a part of what is being typed, and elsewhere one stray key.
    pub(crate) fn pasted(&mut self, text: &str, screen: Rect, wall: Timestamp) -> Result<Wanted, Failure> {
        if self.help.is_some() {
            return Ok(Wanted::Nothing);
        }
        match &mut self.opened {
            Some(opened) => {
                if opened.put(text) {
                    return Ok(Wanted::Nothing);
                }
            }
            None => self.list.put(text),
        }
        self.press(Press::Other, screen, wall)
    }

    /// The mouse.
    pub(crate) fn point(&mut self, mouse: Mouse, screen: Rect) -> Result<Wanted, Failure> {
        if self.help.is_some() {
            return Ok(Wanted::Nothing);
        }
        match &mut self.opened {
            Some(opened) => {
                opened.point(mouse, screen);
                Ok(Wanted::Nothing)
            }
            None => {
                let step = self.list.point(mouse, screen, self.journal.as_ref())?;
                self.list_step(step)
            }
        }
    }

    fn list_step(&mut self, step: ListStep) -> Result<Wanted, Failure> {
        match step {
            ListStep::Stay => {}
            ListStep::Open(session) => {
                // One that cannot be read does not take the others away.
                if let Err(failure) = self.open_session(*session) {
                    self.list.notice = Some(failure.to_string());
                }
            }
            ListStep::Help => self.help = Some(0),
            ListStep::Leave => return Ok(Wanted::Leave),
        }
        Ok(Wanted::Nothing)
    }

    fn line_step(&mut self, step: LineStep, wall: Timestamp) -> Result<Wanted, Failure> {
        match step {
            LineStep::Stay => {}
            LineStep::Help => self.help = Some(0),
            LineStep::Play(from) => {
                if let Some(opened) = &self.opened {
                    return Ok(Wanted::Play(Box::new(Tape {
                        entries: opened.read.entries.clone(),
                        title: opened.title(),
                        receiver: opened.session.receiver.clone(),
                        warning: opened.warning.clone(),
                        from: Moment::from_millis(from),
                        pace: Pace::REAL,
                    })));
                }
            }
            LineStep::Keep { edits, text } => {
                if let (Some(opened), Some(journal)) = (&mut self.opened, &self.journal) {
                    let kept = keep(&self.db, &opened.session, edits, &text, &wall.to_string());
                    opened.kept(journal, kept)?;
                }
            }
            LineStep::Back if self.straight => return Ok(Wanted::Leave),
            LineStep::Back => {
                self.opened = None;
                self.list.read(self.journal.as_ref())?;
            }
        }
        Ok(Wanted::Nothing)
    }

    fn turn_help(&mut self, top: usize, press: Press) {
        let last = keys::groups(&self.words).iter().map(|group| group.rows.len() + 1).sum::<usize>();
        self.help = match press {
            Press::Up => Some(top.saturating_sub(1)),
            Press::Down => Some((top + 1).min(last)),
            Press::PageUp => Some(top.saturating_sub(HELP_PAGE)),
            Press::PageDown => Some((top + HELP_PAGE).min(last)),
            _ => None,
        };
    }

    /// What is to be seen on a screen of this size.
    pub(crate) fn scene(&mut self, screen: Rect) -> Result<Scene, Failure> {
        if let Some(top) = self.help {
            return Ok(Scene::Help(Box::new(Help { groups: keys::groups(&self.words), top, behind: None })));
        }
        if let Some(opened) = &self.opened {
            return Ok(Scene::Timeline(Box::new(opened.scene(screen))));
        }
        self.list.fit(self.journal.as_ref(), tui::Review::rows_at(screen).height.into())?;
        Ok(Scene::Review(Box::new(self.list.scene(&self.words))))
    }

    /// Says this, where it is seen.
    pub(crate) fn notice(&mut self, text: String) {
        match &mut self.opened {
            Some(opened) => opened.say(text),
            None => self.list.notice = Some(text),
        }
    }
}

/// So many rows of the help a page.
const HELP_PAGE: usize = 15;

/// What is played when it is asked for by name.
pub(crate) fn tape(db: &Path, session: &str, pace: Pace) -> Result<Tape, Failure> {
    let (journal, session) = read::find(db, session)?;
    let opened = Opened::open(&journal, session, &Words::english(), TimeZone::UTC)?;
    Ok(Tape {
        title: opened.title(),
        receiver: opened.session.receiver.clone(),
        warning: opened.warning,
        entries: opened.read.entries,
        from: Moment::START,
        pace,
    })
}

/// Stores a note, or another wording of one.
fn keep(db: &Path, session: &Session, edits: Option<u32>, text: &str, wall: &str) -> Result<(), String> {
    let mut store = Writer::open(db).map_err(|error| error.to_string())?;
    let kept: Result<(), WriteError> = match edits {
        None => store.note(session.key, text, wall),
        Some(note) => store.edit_note(session.key, note, text, wall),
    };
    kept.map_err(|error| error.to_string())
}

/// What is wrong with a transcript: where it was changed from outside, and what of it cannot be read.
fn warning(read: &Readable, broken: Option<i64>, words: &Words) -> Option<String> {
    let broken = broken.map(|place| u32::try_from(place).unwrap_or(u32::MAX));
    let (id, place) = match (broken, read.unread.first()) {
        (Some(place), None) => (texts::BROKEN, place),
        (Some(place), Some(_)) => (texts::BROKEN_UNREAD, place),
        (None, Some(unread)) => (texts::UNREAD, unread.place),
        (None, None) => return None,
    };
    let n = Value::Number(u32::try_from(read.unread.len()).unwrap_or(u32::MAX));
    let (entry, at) = (place.to_string(), clock(read.moment(place)));
    Some(words.render(id, &[("entry", Value::Name(&entry)), ("at", Value::Name(&at)), ("n", n)]))
}
