//! The last two minutes as a strip: ratings as bars, holds shaded, gaps as gaps.
//!
//! A column stands for a fixed stretch of the session's time, so the picture moves by a whole column at a time and is
//! not drawn anew in between. Of several ratings in one column the highest is shown.

use std::time::Duration;

use coach::{Moment, Rating};
pub use outline::timeline::RatingState;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use words::Words;

use crate::cells::{self, put};
use crate::texts;
use crate::theme::{Role, Theme};

/// How much of the past the strip shows.
pub const STRIP: Duration = Duration::from_secs(120);

/// The last two minutes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strip {
    /// The present.
    pub now: Moment,
    /// What was known, oldest first; each lasts until the next.
    pub pieces: Vec<Piece>,
}

/// A stretch of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// When it began.
    pub from: Moment,
    /// What was known of the rating.
    pub known: RatingState,
    /// Whether it was in a hold.
    pub hold: bool,
}

/// One column: the worst that was known in it, and whether any of it was in a hold.
type StripColumn = Option<(RatingState, bool)>;

impl Strip {
    fn columns(&self, width: u16) -> Vec<StripColumn> {
        let per = (STRIP.as_millis() as u64).div_ceil(u64::from(width.max(1))).max(1);
        let last = self.now.as_millis() / per;
        (0..u64::from(width))
            .map(|column| {
                let nth = (last + 1 + column).checked_sub(u64::from(width))?;
                let (from, to) = (nth * per, ((nth + 1) * per).min(self.now.as_millis() + 1));
                self.between(Moment::from_millis(from), Moment::from_millis(to))
            })
            .collect()
    }

    fn between(&self, from: Moment, to: Moment) -> StripColumn {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.from).chain([Moment::from_millis(u64::MAX)]);
        let within = self.pieces.iter().zip(ends).filter(|(piece, end)| piece.from < to && *end > from);
        within.fold(None, |column: StripColumn, (piece, _)| {
            let (known, hold) = column.unwrap_or((piece.known, piece.hold));
            Some((known.max(piece.known), hold || piece.hold))
        })
    }
}

/// Bars of one to eight eighths of a cell.
const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Draws the strip with its scale below it. Too low for bars, it draws nothing.
pub(crate) fn draw(strip: &Strip, area: Rect, buf: &mut Buffer, words: &Words, theme: &Theme) {
    if area.height < 3 || area.width < 8 {
        return;
    }
    let (bars, legend) = (Rect { height: area.height - 1, ..area }, cells::row(area, area.height - 1));
    let height = u32::from(bars.height);
    let eighths = |rating: Rating| (u32::from(rating.value()) * height * 8).div_ceil(10);
    // The line that 5 reaches, in rows from the bottom.
    let ceiling = (eighths(Rating::CEILING).div_ceil(8)).saturating_sub(1);
    for (x, column) in (bars.left()..bars.right()).zip(strip.columns(bars.width)) {
        for up in 0..height {
            let y = bars.bottom() - 1 - up as u16;
            let (known, hold) = match column {
                Some(column) => column,
                None => (RatingState::Nothing, false),
            };
            let ground = match (hold, up == ceiling) {
                (_, true) => "┄",
                (true, false) => "░",
                (false, false) => " ",
            };
            let role = if hold { Role::Hold } else { Role::Quiet };
            let (symbol, role) = match known {
                RatingState::Nothing => (ground, role),
                RatingState::Gap => ("╳", Role::Quiet),
                RatingState::Rating(rating) => {
                    let above = rating > Rating::CEILING && up > ceiling;
                    match eighths(rating).saturating_sub(up * 8) {
                        0 => (ground, role),
                        // A shape of its own, for those who do not see the colour.
                        _ if above => ("▓", Role::AlarmDark),
                        some => {
                            (EIGHTHS[some.min(8) as usize - 1], if hold { Role::Hold } else { Role::Calm })
                        }
                    }
                }
            };
            put(buf, x, y, symbol, theme.style(role));
        }
    }
    let text = words.render(texts::STRIP, &[]);
    cells::line(buf, legend, &text, theme.style(Role::Quiet));
}
