//! Looking back, as plain values: the list of stored sessions, a session as a timeline, and a session that is played
//! again. What falls into which column, and what is under the cursor, has been reckoned before it comes here.
//!
//! Where the list and the plot lie on a screen of a given size is told here as well, because whoever handles a mouse and
//! fills in so many rows and columns has to know.

use coach::Outcome;
use coach::body::{Area, Felt, Spot, Stand};
pub use outline::timeline::{Column, Mark};
use ratatui::layout::Rect;

use crate::scene::{Hint, Sitting};
use crate::{LEAST, cells};

/// The stored sessions, as far as they are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// How many there are, and how many of them are listed.
    pub counted: String,
    /// What is looked for.
    pub filters: Vec<Filter>,
    /// What is being typed, after the name of what it is.
    pub typed: Option<(String, String)>,
    /// The sessions from the first that is drawn, as many as [`Review::rows_at`] has room for.
    pub rows: Vec<SessionRow>,
    /// Which of the rows is chosen.
    pub chosen: Option<usize>,
    /// What is known of the chosen one, or why there is none.
    pub about: Vec<String>,
    /// A line worth reading now.
    pub notice: Option<String>,
    /// The keys worth pressing now.
    pub keys: Vec<Hint>,
}

/// One thing by which sessions are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The key that changes it.
    pub key: String,
    /// What it is.
    pub name: String,
    /// What is looked for; `None` where anything will do.
    pub value: Option<String>,
}

/// A stored session in the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionRow {
    /// The day and the minute it began.
    pub when: String,
    /// The receiver.
    pub receiver: String,
    /// The plan.
    pub plan: String,
    /// Where it was.
    pub place: String,
    /// How long it lasted.
    pub lasted: String,
    /// Its holds.
    pub holds: String,
    /// Whether it had a SHARP.
    pub sharp: bool,
}

/// A session as a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimelineView {
    /// Which session it is.
    pub title: String,
    /// The moment that is looked at, and how long the session lasted.
    pub moment: String,
    /// What is not as it should be with this transcript. It is never covered.
    pub warning: Option<String>,
    /// As many as [`TimelineView::plot_at`] has columns.
    pub columns: Vec<Column>,
    /// The column that is looked at.
    pub cursor: u16,
    /// The phases, by the columns they take.
    pub phases: Vec<Span>,
    /// Times, each at its column.
    pub times: Vec<(u16, String)>,
    /// How it stood at the moment that is looked at.
    pub now: Vec<String>,
    /// What lies beside it.
    pub pane: Pane,
    /// The body chart at that moment.
    pub chart: Option<ChartThen>,
    /// What is being typed, after the name of what it is.
    pub typed: Option<(String, String)>,
    /// A line worth reading now.
    pub notice: Option<String>,
    /// The keys worth pressing now.
    pub keys: Vec<Hint>,
}

/// What lies beside the moment that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pane {
    /// What was said and done, and which line is the last that had been by then.
    Log {
        /// The lines around it, as many as are to be drawn.
        lines: Vec<String>,
        /// Which of them it is.
        chosen: Option<usize>,
    },
    /// The notes.
    Notes {
        /// Each with its earlier wordings below it.
        notes: Vec<NoteShown>,
        /// Which one is chosen.
        chosen: usize,
    },
    /// What the figures mean, over everything but what is above the plot.
    Meanings {
        /// Each figure by its name.
        meanings: Vec<Hint>,
        /// The first row to be drawn. Drawing stops at the last page by itself.
        top: usize,
    },
}

impl Default for Pane {
    fn default() -> Self {
        Self::Log { lines: Vec::new(), chosen: None }
    }
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoteShown {
    /// As it reads now, with when it was written.
    pub now: String,
    /// As it read before, the latest first.
    pub before: Vec<String>,
}

/// The symbol of a mark.
#[must_use]
pub const fn symbol(mark: Mark) -> &'static str {
    match mark {
        Mark::Sharp => "!",
        Mark::Stop => "■",
        Mark::Alarm => "▲",
        Mark::Refused => "x",
        Mark::Note => "n",
        Mark::Asked => "?",
        Mark::Nudge => "+",
        Mark::TrialSharp => "¡",
        Mark::Said => "·",
    }
}

/// How a hold that ended so is shaded.
#[must_use]
pub const fn shade(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "░",
        Outcome::Cut => "▒",
        Outcome::Void => "╱",
    }
}

/// A guess of the partner: beside the curve, and on it, where it was right.
pub const GUESS: [&str; 2] = ["◇", "◆"];

/// A phase, from one column to the one before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first column.
    pub from: u16,
    /// The first column after it.
    pub to: u16,
    /// What it is called, the longest first: the first that fits is written.
    pub names: Vec<String>,
}

/// The body chart at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartThen {
    /// Where the partner stood.
    pub stand: Stand,
    /// The area that was chosen.
    pub area: Option<Area>,
    /// Where the spot was.
    pub spot: Option<Spot>,
    /// The way it had come, the oldest place first.
    pub path: Vec<Spot>,
    /// The spots that had been held.
    pub held: Vec<Spot>,
    /// Where else it had just been felt.
    pub felt: Option<Felt>,
}

/// A session that is played again, on the screen it was seen on. Nothing in it is of now.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// How it stood.
    pub sitting: Sitting,
    /// Which session it is.
    pub title: String,
    /// The moment, how long it lasted, and how fast it is played.
    pub moment: String,
    /// What is not as it should be with this transcript. It is never covered.
    pub warning: Option<String>,
}

/// Where the parts of the list lie.
pub(crate) struct ListLayout {
    pub(crate) status: Rect,
    pub(crate) filters: Rect,
    pub(crate) head: Rect,
    pub(crate) rows: Rect,
    pub(crate) about: Rect,
    pub(crate) notice: Rect,
    pub(crate) keys: Rect,
}

impl ListLayout {
    pub(crate) fn of(area: Rect) -> Self {
        let (status, rest) = cells::take_top(area, 1);
        let (filters, rest) = cells::take_top(rest, 2);
        let (head, rest) = cells::take_top(rest, 1);
        let (keys, rest) = cells::take_bottom(rest, 1);
        let (notice, rest) = cells::take_bottom(rest, 1);
        let (about, rows) = cells::take_bottom(rest, if area.height >= 40 { 10 } else { 5 });
        Self { status, filters, head, rows, about, notice, keys }
    }
}

/// Where the parts of a timeline lie.
pub(crate) struct LineLayout {
    pub(crate) status: Rect,
    pub(crate) warning: Rect,
    pub(crate) axis: Rect,
    pub(crate) plot: Rect,
    pub(crate) marks: Rect,
    pub(crate) phases: Rect,
    pub(crate) times: Rect,
    pub(crate) now: Rect,
    pub(crate) pane: Rect,
    pub(crate) chart: Rect,
    pub(crate) notice: Rect,
    pub(crate) keys: Rect,
}

/// The scale beside the plot: two figures and a space.
const AXIS: u16 = 3;

impl LineLayout {
    /// With these sentences of how it stood, below which there is room for what lies beside it.
    pub(crate) fn of(area: Rect, now: &[String]) -> Self {
        let (status, rest) = cells::take_top(area, 1);
        // Two rows a rating where there is room for as many rows below.
        let (plot, rest) = cells::take_top(rest, if area.height >= 44 { 20 } else { 10 });
        let beside = |area: Rect| {
            let (axis, plot) = cells::take_left(area, AXIS);
            (axis, Rect { width: plot.width.saturating_sub(1), ..plot })
        };
        let (axis, plot) = beside(plot);
        let (marks, rest) = cells::take_top(rest, 1);
        let (phases, rest) = cells::take_top(rest, 1);
        let (times, rest) = cells::take_top(rest, 1);
        let (keys, rest) = cells::take_bottom(rest, 1);
        let (notice, rest) = cells::take_bottom(rest, 1);
        let (warning, _) = cells::take_bottom(rest, 1);
        let (left, chart) =
            cells::take_left(rest, rest.width - if rest.width >= 160 { rest.width / 3 } else { 29 });
        let left = cells::indent(left, 1);
        let rows = now.iter().map(|text| cells::wrap(text, left.width).len()).sum::<usize>();
        // Two lines of what lies beside it are always to be seen.
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(left.height.saturating_sub(2));
        let (now, pane) = cells::take_top(left, rows);
        Self {
            status,
            warning,
            axis,
            plot,
            marks: beside(marks).1,
            phases: beside(phases).1,
            times: beside(times).1,
            now,
            pane: cells::take_top(pane, u16::from(area.height >= 44)).1,
            chart,
            notice,
            keys,
        }
    }
}

/// Whether a screen of this size has the whole of a page; below it there are lines.
const fn fits(screen: Rect) -> bool {
    screen.width >= LEAST.width && screen.height >= LEAST.height
}

impl Review {
    /// Where the rows of the list lie on such a screen.
    #[must_use]
    pub fn rows_at(screen: Rect) -> Rect {
        if fits(screen) { ListLayout::of(screen).rows } else { cells::take_top(screen, 1).1 }
    }
}

impl TimelineView {
    /// Where the plot lies on such a screen, with the rows that belong to its columns; nowhere on one that is too small.
    #[must_use]
    pub fn plot_at(screen: Rect) -> Rect {
        if !fits(screen) {
            return Rect::ZERO;
        }
        let layout = LineLayout::of(screen, &[]);
        Rect { height: layout.plot.height + 3, ..layout.plot }
    }

    /// Where the lines of the pane lie on such a screen, below these sentences of how it stood.
    #[must_use]
    pub fn pane_at(screen: Rect, now: &[String]) -> Rect {
        if fits(screen) { LineLayout::of(screen, now).pane } else { screen }
    }
}
