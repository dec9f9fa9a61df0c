//! A stored session that is looked at: the moment, how much of the time around it, and what lies beside it. Where anything
//! lies in time is reckoned by `report::timeline`.

use coach::Outcome;
use coach::body::Spot;
use jiff::tz::TimeZone;
use journal::{Journal, ReadError, Session};
use ratatui::layout::Rect;
use report::measure::{DEFINITIONS, Hold, Measures, measure};
use report::text::{Line, clock, seconds};
use report::timeline::{At, RatingState, Timeline, around, column_of, follow, moment_of, ticks};
use report::wall::local;
use transcript::{Kind, Note, Readable, StoredSpot, Wording};
use tui::{ChartThen, Hint, NoteShown, Pane, Span};
use words::{Value, Words};

use super::keys::{LineAct, line_act, line_hints};
use super::texts;
use crate::commands::keep::{put, worth_keeping};
use crate::keys::Press;
use crate::terminal::{Mouse, Pointed};

/// Closer than this there is nothing to be seen: a click takes a fifth of it.
const CLOSEST_MS: u64 = 5_000;

/// From one mark of time to the next, in columns: the longest time and room to tell them apart.
const TICKS_APART: u16 = 12;

/// A session that is open.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) session: Session,
    pub(super) read: Readable,
    words: Words,
    line: Timeline,
    lines: Vec<Line>,
    notes: Vec<Note>,
    measures: Measures,
    pub(super) warning: Option<String>,
    /// The moment that is looked at, and the stretch of time that is drawn.
    cursor: u64,
    window: (u64, u64),
    /// The line that is looked at: the last until the moment, or one of several at it.
    at_line: Option<usize>,
    beside: Beside,
    typing: Option<Typing>,
    notice: Option<String>,
    /// Where the times of the day are shown.
    zone: TimeZone,
}

/// What lies beside the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Log,
    Notes { chosen: usize },
    Meanings { top: usize },
}

/// A note that is being typed.
#[derive(Debug)]
struct Typing {
    /// The place of the note whose wording it shall take.
    edits: Option<u32>,
    text: String,
}

/// What is wanted of whoever holds the session.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LineStep {
    Stay,
    /// It is to be played from this moment on.
    Play(u64),
    /// A note is to be stored.
    Keep {
        edits: Option<u32>,
        text: String,
    },
    Help,
    Back,
}

impl Opened {
    /// Opens a session. What is wrong with its transcript is a warning that stays.
    pub(super) fn open(
        journal: &Journal,
        session: Session,
        words: &Words,
        zone: TimeZone,
    ) -> Result<Self, ReadError> {
        let read = journal.readable(session.key)?;
        let words = report::words_of(&read.entries, words);
        let warning = super::warning(&read, journal.broken(session.key)?, &words);
        let measures = measure(&read.entries);
        let line = Timeline::with_measures(&read.entries, &measures);
        let mut opened = Self {
            lines: report::text::lines(&read, &words),
            notes: read.notes(),
            measures,
            window: (0, line.end_ms),
            line,
            session,
            read,
            words,
            warning,
            cursor: 0,
            at_line: None,
            beside: Beside::Log,
            typing: None,
            notice: None,
            zone,
        };
        opened.go(0);
        Ok(opened)
    }

    /// Looks at this moment.
    fn go(&mut self, ms: u64) {
        self.cursor = ms.min(self.line.end_ms);
        self.window = follow(self.window, self.cursor, self.line.end_ms);
        self.at_line = self.lines.partition_point(|line| line.at_ms <= self.cursor).checked_sub(1);
    }

    fn go_to(&mut self, ms: Option<u64>, otherwise: &'static str) {
        match ms {
            Some(ms) => self.go(ms),
            None => self.notice = Some(self.words.render(otherwise, &[])),
        }
    }

    /// Looks at the first of the lines of this very moment: the cause before what came of it.
    fn first_line(&mut self) {
        let first = self.lines.partition_point(|line| line.at_ms < self.cursor);
        if self.lines.get(first).is_some_and(|line| line.at_ms == self.cursor) {
            self.at_line = Some(first);
        }
    }

    fn go_to_line(&mut self, line: Option<usize>) {
        if let Some((line, at_ms)) = line.and_then(|nth| Some((nth, self.lines.get(nth)?.at_ms))) {
            self.go(at_ms);
            self.at_line = Some(line);
        }
    }

    /// Draws so much of the time around the moment.
    fn zoom(&mut self, span: u64) {
        let span = span.clamp(CLOSEST_MS.min(self.line.end_ms), self.line.end_ms);
        self.window = around(self.cursor, span, self.line.end_ms);
    }

    const fn span(&self) -> u64 {
        self.window.1 - self.window.0
    }

    /// What a column of the plot stands for.
    fn column_ms(&self, screen: Rect) -> u64 {
        let columns = tui::TimelineView::plot_at(screen).width.max(1);
        (self.span() / u64::from(columns)).max(1)
    }

    pub(super) fn press(&mut self, press: Press, screen: Rect) -> LineStep {
        self.notice = None;
        if let Some(typing) = self.typing.take() {
            return self.typed(typing, press);
        }
        let Some(act) = line_act(press) else {
            self.notice = Some(self.words.render(texts::NO_SUCH_KEY, &[]));
            return LineStep::Stay;
        };
        let column = self.column_ms(screen);
        match act {
            LineAct::Left => self.go(self.cursor.saturating_sub(column)),
            LineAct::Right => self.go(self.cursor.saturating_add(column)),
            LineAct::FarLeft => self.go(self.cursor.saturating_sub(self.span() / 4)),
            LineAct::FarRight => self.go(self.cursor.saturating_add(self.span() / 4)),
            LineAct::Begin => self.go(0),
            LineAct::End => self.go(self.line.end_ms),
            LineAct::Before => self.step(false),
            LineAct::After => self.step(true),
            LineAct::SharpAfter => {
                self.go_to(self.line.sharp_after(self.cursor), texts::NO_SHARP_AFTER);
                self.first_line();
            }
            LineAct::SharpBefore => {
                self.go_to(self.line.sharp_before(self.cursor), texts::NO_SHARP_BEFORE);
                self.first_line();
            }
            LineAct::LeadAfter => {
                self.go_to(self.line.before_sharp_after(self.cursor), texts::NO_SHARP_AFTER)
            }
            LineAct::LeadBefore => {
                self.go_to(self.line.before_sharp_before(self.cursor), texts::NO_SHARP_BEFORE);
            }
            LineAct::HoldAfter => {
                let hold = self.line.holds.iter().map(|hold| hold.began_ms).find(|at| *at > self.cursor);
                self.go_to(hold, texts::NO_HOLD_AFTER);
            }
            LineAct::HoldBefore => {
                let begun = self.line.holds.iter().rev().map(|hold| hold.began_ms);
                self.go_to(begun.into_iter().find(|at| *at < self.cursor), texts::NO_HOLD_BEFORE);
            }
            LineAct::Closer => self.zoom(self.span() / 2),
            LineAct::Wider => self.zoom(self.span().saturating_mul(2)),
            LineAct::Whole => self.zoom(self.line.end_ms),
            LineAct::Play => return LineStep::Play(self.cursor),
            LineAct::Notes => {
                self.beside = match self.beside {
                    Beside::Notes { .. } => Beside::Log,
                    Beside::Log | Beside::Meanings { .. } => {
                        if self.notes.is_empty() {
                            self.notice = Some(self.words.render(texts::NO_NOTES, &[]));
                        }
                        Beside::Notes { chosen: 0 }
                    }
                };
            }
            LineAct::Write => {
                self.beside = Beside::Notes { chosen: self.notes.len().saturating_sub(1) };
                self.typing = Some(Typing { edits: None, text: String::new() });
            }
            LineAct::Edit => self.edit(),
            LineAct::Meanings => {
                self.beside = match self.beside {
                    Beside::Meanings { .. } => Beside::Log,
                    Beside::Log | Beside::Notes { .. } => Beside::Meanings { top: 0 },
                };
            }
            LineAct::Help => return LineStep::Help,
            LineAct::Back => match self.beside {
                Beside::Log => return LineStep::Back,
                Beside::Notes { .. } | Beside::Meanings { .. } => self.beside = Beside::Log,
            },
        }
        LineStep::Stay
    }

    /// One further in what lies beside the moment: the lines of the session, or where these are, the notes.
    fn step(&mut self, on: bool) {
        let to = |nth: usize| if on { nth.saturating_add(1) } else { nth.saturating_sub(1) };
        match &mut self.beside {
            Beside::Notes { chosen } => *chosen = to(*chosen).min(self.notes.len().saturating_sub(1)),
            Beside::Meanings { top } => *top = to(*top).min(DEFINITIONS.len() * 2),
            Beside::Log => {
                let next = self.at_line.map_or(0, to);
                self.go_to_line(Some(next));
            }
        }
    }

    fn edit(&mut self) {
        let Beside::Notes { chosen } = self.beside else {
            self.beside = Beside::Notes { chosen: 0 };
            let id = if self.notes.is_empty() { texts::NO_NOTES } else { texts::CHOOSE_NOTE };
            self.notice = Some(self.words.render(id, &[]));
            return;
        };
        match self.notes.get(chosen) {
            Some(note) => {
                self.typing = Some(Typing { edits: Some(note.now.place), text: note.now.text.clone() });
            }
            None => self.notice = Some(self.words.render(texts::NO_NOTES, &[])),
        }
    }

    /// Puts a text into the note that is being typed. Gives whether one is.
    pub(super) fn put(&mut self, more: &str) -> bool {
        let Some(typing) = &mut self.typing else { return false };
        self.notice = put(&mut typing.text, more);
        true
    }

    fn typed(&mut self, mut typing: Typing, press: Press) -> LineStep {
        match press {
            Press::Char(letter) => self.notice = put(&mut typing.text, letter.encode_utf8(&mut [0; 4])),
            Press::Backspace => drop(words::rub_out(&mut typing.text)),
            Press::Esc => {
                self.notice = Some(self.words.render(texts::NOT_NOTED, &[]));
                return LineStep::Stay;
            }
            Press::Enter | Press::LineEnd => match worth_keeping(&typing.text) {
                Ok(text) => return LineStep::Keep { edits: typing.edits, text: text.to_owned() },
                Err(why) => {
                    self.notice = Some(why);
                    return LineStep::Stay;
                }
            },
            _ => {}
        }
        self.typing = Some(typing);
        LineStep::Stay
    }

    /// What came of a note: it was stored, so that the session is read again; or why not.
    pub(super) fn kept(&mut self, journal: &Journal, result: Result<(), String>) -> Result<(), ReadError> {
        match result {
            Ok(()) => {
                self.read = journal.readable(self.session.key)?;
                self.lines = report::text::lines(&self.read, &self.words);
                self.notes = self.read.notes();
                // A note changes no measure.
                self.line = Timeline::with_measures(&self.read.entries, &self.measures);
                self.notice = Some(self.words.render(texts::NOTED, &[]));
            }
            Err(why) => self.notice = Some(why),
        }
        Ok(())
    }

    /// Says this, where it is read.
    pub(super) fn say(&mut self, text: String) {
        self.notice = Some(text);
    }

    /// The mouse: on the plot it moves the moment, and the wheel zooms there; beside it the wheel goes line by line.
    pub(super) fn point(&mut self, mouse: Mouse, screen: Rect) {
        let plot = tui::TimelineView::plot_at(screen);
        let inside = plot.contains((mouse.x, mouse.y).into());
        match mouse.did {
            Pointed::WheelUp if inside => self.zoom(self.span() / 2),
            Pointed::WheelDown if inside => self.zoom(self.span().saturating_mul(2)),
            Pointed::WheelUp => self.step(false),
            Pointed::WheelDown => self.step(true),
            // A drag that leaves the plot goes on at its edge.
            Pointed::Down if !inside => {}
            Pointed::Down | Pointed::Drag if plot.width > 0 => {
                let column = mouse.x.clamp(plot.left(), plot.right() - 1) - plot.x;
                let (from, to) = self.window;
                self.go(moment_of(column, from, to, plot.width));
            }
            Pointed::Down | Pointed::Drag => {}
        }
    }

    pub(super) fn scene(&self, screen: Rect) -> tui::TimelineView {
        let (from, to) = self.window;
        let columns = tui::TimelineView::plot_at(screen).width.max(1);
        let at = self.line.at(self.cursor);
        let column = |ms| column_of(ms, from, to, columns);
        let typed = self.typing.as_ref().map(|typing| {
            let id = if typing.edits.is_some() { texts::TYPE_EDIT } else { texts::TYPE_NOTE };
            (self.words.render(id, &[]), typing.text.clone())
        });
        let end = clock(self.line.end_ms);
        let now = self.now(&at);
        tui::TimelineView {
            title: self.title(),
            moment: self.words.render(
                texts::MOMENT,
                &[("at", Value::Name(&clock(self.cursor))), ("end", Value::Name(&end))],
            ),
            warning: self.warning.clone(),
            columns: self.line.columns(from, to, columns),
            cursor: column(self.cursor),
            phases: self
                .line
                .phases_between(from, to)
                .into_iter()
                .map(|(begin, end, phase, hold)| Span {
                    from: column(begin),
                    to: if end >= to { columns } else { column(end) },
                    names: self.names(phase, hold),
                })
                .collect(),
            times: ticks(from, to, columns, TICKS_APART)
                .into_iter()
                .map(|(column, at)| (column, short(at)))
                .collect(),
            pane: self.pane(tui::TimelineView::pane_at(screen, &now).height),
            now,
            chart: chart(&at),
            typed,
            notice: self.notice.clone(),
            keys: self.hints(),
        }
    }

    /// Which session it is.
    pub(super) fn title(&self) -> String {
        let receiver = self.session.receiver.clone();
        let kind = match (self.session.kind, self.header_seed()) {
            (_, Some(seed)) => {
                self.words.render(texts::SIMULATED, &[("seed", Value::Name(&seed.to_string()))])
            }
            (journal::SessionKind::Practice, None) => self.words.render(texts::PRACTICE, &[]),
            (journal::SessionKind::InHand, None) => self.words.render(texts::WITH_CLICKER, &[]),
        };
        let parts = [
            Some(local(&self.session.started, &self.zone)),
            receiver,
            Some(self.session.plan.clone()),
            Some(kind),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn header_seed(&self) -> Option<u64> {
        self.read.entries.iter().find_map(|entry| match &entry.kind {
            Kind::Session(header) => header.seed,
            _ => None,
        })
    }

    fn names(&self, phase: coach::Phase, hold: Option<usize>) -> Vec<String> {
        let name = self.words.name(phase);
        match hold.and_then(|nth| Some((nth + 1, self.line.holds.get(nth)?))) {
            Some((number, hold)) => {
                let ending = self.words.name(hold.outcome);
                vec![format!("{name} {number}: {ending}"), format!("{number} {ending}"), format!("{number}")]
            }
            None => vec![name],
        }
    }

    /// How it stood at the moment, in sentences.
    fn now(&self, at: &At<'_>) -> Vec<String> {
        let phase = self.words.name(at.phase);
        let (lasted, known_for) = (seconds(at.phase_for_ms), seconds(at.known_for_ms));
        let known = match at.known {
            RatingState::Nothing => self.words.render(texts::KNOWN_NOTHING, &[]),
            RatingState::Gap => self.words.render(texts::KNOWN_GAP, &[("for", Value::Name(&known_for))]),
            RatingState::Rating(rating) => self.words.render(
                texts::KNOWN_RATING,
                &[("rating", Value::Number(rating.value().into())), ("for", Value::Name(&known_for))],
            ),
        };
        let first = self.words.render(
            texts::NOW,
            &[
                ("phase-now", Value::Name(&phase)),
                ("for", Value::Name(&lasted)),
                ("known", Value::Name(&known)),
            ],
        );
        let second = match at.hold {
            Some((number, hold)) => self.hold(number, hold),
            None => self.in_short(),
        };
        vec![first, second]
    }

    /// A hold and its figures, by the names that their meanings have.
    fn hold(&self, number: usize, hold: &Hold) -> String {
        let dash = || "–".to_owned();
        let ratings =
            hold.start_peak_end().map_or_else(dash, |[start, peak, end]| format!("{start} {peak} {end}"));
        let ease_offs: Vec<String> = hold
            .ease_offs
            .iter()
            .map(|time| time.map_or_else(|| self.words.render(texts::NOT_FOLLOWED, &[]), seconds))
            .collect();
        let ease_offs = if ease_offs.is_empty() { dash() } else { ease_offs.join(", ") };
        let told = self.words.render(
            texts::HOLD,
            &[
                ("n", count(number)),
                ("ending", Value::Name(&self.words.name(hold.outcome))),
                ("cause", Value::Name(&self.words.name(hold.because))),
                ("counted", Value::Name(&seconds(hold.counted_ms))),
                ("pressed", Value::Name(&seconds(hold.pressed_ms))),
                ("ratings", Value::Name(&ratings)),
                ("eased", Value::Name(&hold.eased_after_ms.map_or_else(dash, seconds))),
                ("above", Value::Name(&seconds(hold.above_ms))),
                ("followed", Value::Name(&ease_offs)),
            ],
        );
        let guessed = hold.guess.map(|(guess, of)| {
            let value = |rating: coach::Rating| Value::Number(rating.value().into());
            self.words.render(texts::GUESSED, &[("guess", value(guess)), ("of", value(of))])
        });
        std::iter::once(told).chain(guessed).collect::<Vec<_>>().join(" ")
    }

    /// The session in a sentence.
    fn in_short(&self) -> String {
        let of = |outcome| count(self.measures.holds.iter().filter(|hold| hold.outcome == outcome).count());
        let rated =
            |rating: Option<coach::Rating>| rating.map_or_else(|| "–".to_owned(), |one| one.to_string());
        let [before, after] = self.measures.bother;
        self.words.render(
            texts::IN_SHORT,
            &[
                ("done", of(Outcome::Done)),
                ("cut", of(Outcome::Cut)),
                ("void", of(Outcome::Void)),
                ("sharps", count(self.measures.sharps.len())),
                ("before", Value::Name(&rated(before))),
                ("after", Value::Name(&rated(after))),
            ],
        )
    }

    fn pane(&self, rows: u16) -> Pane {
        match self.beside {
            Beside::Meanings { top } => Pane::Meanings {
                meanings: DEFINITIONS
                    .iter()
                    .map(|(name, meaning)| Hint { key: (*name).to_owned(), what: (*meaning).to_owned() })
                    .collect(),
                top,
            },
            Beside::Notes { chosen } => {
                let when = |note: &Note, wording: &Wording| match &wording.wall {
                    Some(wall) => local(wall, &self.zone),
                    None => clock(note.at_ms),
                };
                let shown = |note: &Note| NoteShown {
                    now: format!("{} ({})", note.now.text, when(note, &note.now)),
                    before: note
                        .before
                        .iter()
                        .rev()
                        .map(|wording| {
                            let at = when(note, wording);
                            self.words.render(
                                texts::BEFORE_THAT,
                                &[("at", Value::Name(&at)), ("wording", Value::Name(&wording.text))],
                            )
                        })
                        .collect(),
                };
                Pane::Notes { notes: self.notes.iter().map(shown).collect(), chosen }
            }
            Beside::Log => {
                let rows = usize::from(rows.max(1));
                let at = self.at_line.unwrap_or(0);
                // Two thirds of them lie before the moment: what led to it matters more than what came of it.
                let first = at.saturating_sub(rows * 2 / 3).min(self.lines.len().saturating_sub(rows));
                let lines = self.lines.iter().skip(first).take(rows).map(told).collect();
                Pane::Log { lines, chosen: self.at_line.map(|at| at - first) }
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = |key: &str, id| Hint { key: key.to_owned(), what: self.words.render(id, &[]) };
        match (&self.typing, self.beside) {
            (Some(_), _) => vec![hint("Enter", texts::HINT_KEEP), hint("Esc", texts::HINT_DROP)],
            (None, Beside::Notes { .. }) => vec![
                hint("m", texts::HINT_WRITE),
                hint("e", texts::HINT_EDIT),
                hint("up down", texts::HINT_CHOOSE),
                hint("Esc", texts::HINT_LEAVE),
            ],
            (None, Beside::Meanings { .. }) => {
                vec![hint("up down", texts::HINT_SCROLL), hint("Esc", texts::HINT_LEAVE)]
            }
            (None, Beside::Log) => line_hints(&self.words),
        }
    }
}

fn told(line: &Line) -> String {
    // What was two lines in large letters is one here.
    let what = line.what.replace('\n', " ");
    match &line.who {
        Some(who) => format!("{:>7} {who:<8} {what}", clock(line.at_ms)),
        None => format!("{:>7} == {what}", clock(line.at_ms)),
    }
}

/// Minutes and seconds: nothing is marked that lies between two seconds.
fn short(ms: u64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1_000 % 60)
}

fn count(n: usize) -> Value<'static> {
    Value::Number(u32::try_from(n).unwrap_or(u32::MAX))
}

fn chart(at: &At<'_>) -> Option<ChartThen> {
    // A place that is none, in a transcript that was changed, is not drawn.
    let spots =
        |places: &[StoredSpot]| places.iter().filter_map(|place| Spot::try_from(*place).ok()).collect();
    at.area?;
    Some(ChartThen {
        stand: at.stand,
        area: at.area,
        spot: at.spot.and_then(|place| Spot::try_from(place).ok()),
        path: spots(&at.path),
        held: spots(&at.held),
        felt: at.felt,
    })
}

#[cfg(test)]
impl Opened {
    pub(super) const fn cursor(&self) -> u64 {
        self.cursor
    }

    pub(super) const fn timeline(&self) -> &Timeline {
        &self.line
    }
}
