//! The list of stored sessions: what is looked for, and which one is chosen. A page of it is read from the store at a time,
//! so that it does not matter how many there are.

use coach::Named as _;
use coach::body::Region;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::{Filter, Journal, ReadError, Session};
use report::wall::{begins, day, local};
use tui::{Hint, Review, SessionRow};
use words::{Value, Words};

use super::find::{days, next};
use super::keys::{ListAct, list_act, list_hints, list_key};
use super::texts;
use crate::keys::Press;
use crate::terminal::{Mouse, Pointed};

/// Nobody scrolls through more names than this; others are found by words of a note, or by the day.
const CHOICES: usize = 200;

/// So many rows a turn of the wheel.
const WHEEL: usize = 3;

/// The list.
#[derive(Debug)]
pub(crate) struct List {
    filter: Filter,
    /// The days, as they were typed.
    days: String,
    /// The day it is, in this zone.
    today: Date,
    zone: TimeZone,
    receivers: Vec<String>,
    plans: Vec<String>,
    /// How many there are, and how many of them fit the filter.
    all: usize,
    total: usize,
    /// The one that is chosen, and the first that is drawn, among those that fit.
    chosen: usize,
    first: usize,
    /// Those that are drawn.
    page: Vec<Session>,
    rows: usize,
    typing: Option<(Typing, String)>,
    pub(super) notice: Option<String>,
}

/// What is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typing {
    Words,
    Days,
}

/// What is wanted of whoever holds the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ListStep {
    Stay,
    Open(Box<Session>),
    Help,
    Leave,
}

impl List {
    /// All sessions of this store, the last one chosen.
    pub(super) fn new(journal: Option<&Journal>, wall: Timestamp, zone: TimeZone) -> Result<Self, ReadError> {
        let names = |all: Vec<(String, usize)>| all.into_iter().map(|(name, _)| name).take(CHOICES).collect();
        let (receivers, plans) = match journal {
            None => (Vec::new(), Vec::new()),
            Some(journal) => (names(journal.receivers()?), names(journal.plans()?)),
        };
        let mut list = Self {
            filter: Filter::default(),
            days: String::new(),
            today: day(wall, &zone),
            zone,
            receivers,
            plans,
            all: 0,
            total: 0,
            chosen: 0,
            first: 0,
            page: Vec::new(),
            rows: 1,
            typing: None,
            notice: None,
        };
        list.read(journal)?;
        list.all = list.total;
        if let Some(journal) = journal
            && journal.is_missing_some()?
        {
            list.notice = Some(crate::commands::read::MISSING.to_owned());
        }
        Ok(list)
    }

    /// So many rows can be drawn.
    pub(super) fn fit(&mut self, journal: Option<&Journal>, rows: usize) -> Result<(), ReadError> {
        if self.rows == rows.max(1) {
            return Ok(());
        }
        self.rows = rows.max(1);
        self.show(journal)
    }

    /// What is stored may have changed: it is read again, with the same one chosen.
    pub(super) fn read(&mut self, journal: Option<&Journal>) -> Result<(), ReadError> {
        let Some(journal) = journal else { return Ok(()) };
        let listing = journal.list(&self.filter, self.first, self.rows)?;
        self.total = listing.total;
        self.page = listing.sessions;
        if self.chosen >= self.total {
            self.chosen = self.total.saturating_sub(1);
            self.show(Some(journal))?;
        }
        Ok(())
    }

    /// Brings the chosen one into what is drawn.
    fn show(&mut self, journal: Option<&Journal>) -> Result<(), ReadError> {
        let first = self.first.min(self.chosen).max((self.chosen + 1).saturating_sub(self.rows));
        self.first = first.min(self.total.saturating_sub(self.rows));
        let Some(journal) = journal else { return Ok(()) };
        self.page = journal.list(&self.filter, self.first, self.rows)?.sessions;
        Ok(())
    }

    fn choose(&mut self, journal: Option<&Journal>, nth: usize) -> Result<(), ReadError> {
        self.chosen = nth.min(self.total.saturating_sub(1));
        self.show(journal)
    }

    fn chosen(&self) -> Option<&Session> {
        self.page.get(self.chosen.checked_sub(self.first)?)
    }

    /// Something else is looked for: from the top.
    fn look(&mut self, journal: Option<&Journal>) -> Result<(), ReadError> {
        (self.chosen, self.first) = (0, 0);
        self.read(journal)
    }

    pub(super) fn press(
        &mut self,
        press: Press,
        journal: Option<&Journal>,
        words: &Words,
    ) -> Result<ListStep, ReadError> {
        self.notice = None;
        if let Some((what, text)) = self.typing.take() {
            self.typed(what, text, press, journal, words)?;
            return Ok(ListStep::Stay);
        }
        let Some(act) = list_act(press) else {
            self.notice = Some(words.render(texts::NO_SUCH_KEY, &[]));
            return Ok(ListStep::Stay);
        };
        match act {
            ListAct::Up => self.choose(journal, self.chosen.saturating_sub(1))?,
            ListAct::Down => self.choose(journal, self.chosen + 1)?,
            ListAct::PageUp => self.choose(journal, self.chosen.saturating_sub(self.rows))?,
            ListAct::PageDown => self.choose(journal, self.chosen + self.rows)?,
            ListAct::First => self.choose(journal, 0)?,
            ListAct::Last => self.choose(journal, usize::MAX)?,
            ListAct::Open => {
                if let Some(session) = self.chosen() {
                    return Ok(ListStep::Open(Box::new(session.clone())));
                }
            }
            ListAct::Words => self.typing = Some((Typing::Words, self.filter.words.clone())),
            ListAct::Days => self.typing = Some((Typing::Days, self.days.clone())),
            ListAct::Receiver => {
                self.filter.receiver = next(self.filter.receiver.as_ref(), &self.receivers);
                self.look(journal)?;
            }
            ListAct::Plan => {
                self.filter.plan = next(self.filter.plan.as_ref(), &self.plans);
                self.look(journal)?;
            }
            ListAct::Region => {
                self.filter.region = next(self.filter.region.as_ref(), Region::ALL);
                self.look(journal)?;
            }
            ListAct::Sharp => {
                self.filter.sharp = !self.filter.sharp;
                self.look(journal)?;
            }
            ListAct::Anything => {
                (self.filter, self.days) = (Filter::default(), String::new());
                self.look(journal)?;
            }
            ListAct::Help => return Ok(ListStep::Help),
            ListAct::Leave => return Ok(ListStep::Leave),
        }
        Ok(ListStep::Stay)
    }

    /// Puts a text into what is being typed, if anything is. It is looked for with the next key.
    pub(super) fn put(&mut self, more: &str) {
        if let Some((_, text)) = &mut self.typing {
            text.push_str(more);
        }
    }

    /// A key while something is being typed. Words are looked for while they are, days when they are complete.
    fn typed(
        &mut self,
        what: Typing,
        mut text: String,
        press: Press,
        journal: Option<&Journal>,
        words: &Words,
    ) -> Result<(), ReadError> {
        match press {
            Press::Char(letter) => text.push(letter),
            Press::Backspace => drop(words::rub_out(&mut text)),
            Press::Esc => text.clear(),
            _ => {}
        }
        let over = matches!(press, Press::Enter | Press::LineEnd | Press::Esc);
        match what {
            Typing::Words => {
                if self.filter.words != text {
                    self.filter.words.clone_from(&text);
                    self.look(journal)?;
                }
            }
            Typing::Days if over => match days(&text, self.today) {
                Some((from, before)) => {
                    let begins = |day: Option<Date>| day.and_then(|day| begins(day, &self.zone));
                    (self.filter.from, self.filter.before) = (begins(from), begins(before));
                    self.days.clone_from(&text);
                    self.look(journal)?;
                }
                None => {
                    self.notice = Some(words.render(texts::NO_DAYS, &[]));
                    self.typing = Some((what, text));
                    return Ok(());
                }
            },
            Typing::Days => {}
        }
        if !over {
            self.typing = Some((what, text));
        }
        Ok(())
    }

    /// The mouse: a click chooses, a click on what is chosen opens it, the wheel scrolls.
    pub(super) fn point(
        &mut self,
        mouse: Mouse,
        screen: ratatui::layout::Rect,
        journal: Option<&Journal>,
    ) -> Result<ListStep, ReadError> {
        let rows = Review::rows_at(screen);
        match mouse.did {
            Pointed::WheelUp => self.choose(journal, self.chosen.saturating_sub(WHEEL))?,
            Pointed::WheelDown => self.choose(journal, self.chosen + WHEEL)?,
            Pointed::Down if rows.contains((mouse.x, mouse.y).into()) => {
                let nth = self.first + usize::from(mouse.y - rows.y);
                if nth == self.chosen
                    && let Some(session) = self.chosen()
                {
                    return Ok(ListStep::Open(Box::new(session.clone())));
                }
                if nth < self.total {
                    self.choose(journal, nth)?;
                }
            }
            Pointed::Down | Pointed::Drag => {}
        }
        Ok(ListStep::Stay)
    }

    pub(super) fn scene(&self, words: &Words) -> Review {
        let counted = if self.total == self.all {
            words.render(texts::COUNTED_ALL, &[("n", number(self.all))])
        } else {
            words.render(texts::COUNTED_SOME, &[("n", number(self.total)), ("all", number(self.all))])
        };
        let typed = self.typing.as_ref().map(|(what, text)| {
            let id = match what {
                Typing::Words => texts::TYPE_WORDS,
                Typing::Days => texts::TYPE_DAYS,
            };
            (words.render(id, &[]), text.clone())
        });
        Review {
            counted,
            filters: self.filters(words),
            typed,
            rows: self.page.iter().map(|session| row(session, words, &self.zone)).collect(),
            chosen: self.chosen.checked_sub(self.first).filter(|nth| *nth < self.page.len()),
            about: self.about(words),
            notice: self.notice.clone(),
            keys: if self.typing.is_some() { typing_hints(words) } else { list_hints(words) },
        }
    }

    fn filters(&self, words: &Words) -> Vec<tui::Filter> {
        let Filter { receiver, plan, region, sharp, words: of_notes, .. } = &self.filter;
        let nobody = || words.render(texts::NOBODY, &[]);
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        let all = [
            (ListAct::Words, texts::FILTER_WORDS, given(of_notes)),
            (
                ListAct::Receiver,
                texts::FILTER_RECEIVER,
                receiver.as_ref().map(|name| given(name).unwrap_or_else(nobody)),
            ),
            (ListAct::Plan, texts::FILTER_PLAN, plan.clone()),
            (ListAct::Days, texts::FILTER_DAYS, given(&self.days)),
            (ListAct::Region, texts::FILTER_REGION, region.map(|region| words.name(region))),
            (ListAct::Sharp, texts::FILTER_SHARP, sharp.then(|| words.render(texts::ONLY_SHARP, &[]))),
        ];
        all.into_iter()
            .map(|(act, name, value)| tui::Filter {
                key: list_key(act).to_owned(),
                name: words.render(name, &[]),
                value,
            })
            .collect()
    }

    /// What is known of the chosen one; why there is none, and what to do about it.
    fn about(&self, words: &Words) -> Vec<String> {
        let Some(session) = self.chosen() else {
            let ids: &[&str] = if self.all == 0 {
                &[texts::EMPTY, texts::EMPTY_PRACTISE, texts::EMPTY_SIMULATED]
            } else {
                &[texts::NONE_FIT]
            };
            return ids.iter().map(|id| words.render(id, &[])).collect();
        };
        let places: Vec<String> = session
            .areas
            .iter()
            .map(|area| format!("{} {}", words.name(area.side), words.name(area.region)))
            .collect();
        let ended = report::history::ended(session, words);
        let mut about = vec![words.render(
            texts::ABOUT,
            &[
                ("id", Value::Name(&session.id)),
                ("ended", Value::Name(&ended)),
                ("holds", Value::Name(&report::history::holds(session))),
            ],
        )];
        if !places.is_empty() {
            about.push(words.render(texts::ABOUT_PLACES, &[("places", Value::Name(&places.join(", ")))]));
        }
        if session.sharps > 0 {
            about.push(words.render(texts::ABOUT_SHARPS, &[("n", Value::Number(session.sharps))]));
        }
        about
    }
}

fn typing_hints(words: &Words) -> Vec<Hint> {
    let hint = |key: &str, id| Hint { key: key.to_owned(), what: words.render(id, &[]) };
    vec![hint("Enter", texts::HINT_ENTER), hint("Esc", texts::HINT_CLEAR)]
}

fn row(session: &Session, words: &Words, zone: &TimeZone) -> SessionRow {
    let holds = session.holds;
    let all = holds.done + holds.cut + holds.void;
    let place = session.areas.first().map_or_else(
        || "-".to_owned(),
        |area| {
            let more = if session.areas.len() > 1 { " +" } else { "" };
            format!("{} {}{more}", area.side.name(), words.name(area.region))
        },
    );
    SessionRow {
        when: local(&session.started, zone),
        receiver: session.receiver.clone().unwrap_or_else(|| "-".to_owned()),
        plan: session.plan.clone(),
        place,
        lasted: whole_minutes(session.lasted_ms),
        holds: format!("{} of {all}", holds.done),
        sharp: session.sharps > 0,
    }
}

fn whole_minutes(ms: u64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1_000 % 60)
}

fn number(count: usize) -> Value<'static> {
    Value::Number(u32::try_from(count).unwrap_or(u32::MAX))
}
