//! The back as dots: the outline of the body, the bones that guide the eye, the region in question filled, closed
//! ground hatched. A cell holds two by four dots, which braille shows one by one; where a terminal has no braille each
//! cell is one letter of ASCII.

use coach::Refusal;
use coach::body::{Area, DOWN_MAX_CM, OUT_MAX_CM, Side, ground};
use outline::{Line, Point};
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::cells::put;
use crate::page::Canvas;
use crate::theme::{Dots, Role, Theme};

/// What the legend explains.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    /// The region in question.
    Area,
    /// Closed ground.
    Closed,
}

impl Mark {
    /// How it looks in the picture.
    pub(crate) fn looks(self, theme: &Theme) -> (&'static str, Style) {
        match (self, theme.dots) {
            (Self::Area, Dots::Braille) => ("⣿", theme.style(Role::Area)),
            (Self::Area, Dots::Ascii) => ("#", theme.style(Role::Area)),
            (Self::Closed, Dots::Braille) => ("⢊", theme.style(Role::Closed)),
            (Self::Closed, Dots::Ascii) => ("/", theme.style(Role::Closed)),
        }
    }
}

/// What a cell shows, the most important last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Shows {
    #[default]
    Nothing,
    Line,
    Closed,
    Area,
}

/// One cell.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// Which dots are set, as braille counts them.
    dots: u8,
    shows: Shows,
}

/// The dots of a picture.
pub(crate) struct Back {
    drawn: Rect,
    cells: Vec<Cell>,
}

impl Back {
    /// Draws the back. `place` gives the place on the body under a point of the picture, and `point` the point at which a
    /// place lies, both in cells from the picture's corner.
    pub(crate) fn new(
        drawn: Rect,
        area: Option<Area>,
        place: impl Fn(f32, f32) -> (f32, f32),
        point: impl Fn(Point) -> (f32, f32),
    ) -> Self {
        let count = usize::from(drawn.width) * usize::from(drawn.height);
        let mut back = Self { drawn, cells: vec![Cell::default(); count] };
        for (y, x) in (0..drawn.height * 4).flat_map(|y| (0..drawn.width * 2).map(move |x| (y, x))) {
            match look(area, place((f32::from(x) + 0.5) / 2.0, (f32::from(y) + 0.5) / 4.0)) {
                Shows::Closed if (x + y) % 3 != 0 => {}
                Shows::Nothing => {}
                shows => back.set(i32::from(x), i32::from(y), shows),
            }
        }
        let closed = |mut line: Line| {
            line.extend(line.first().copied());
            line
        };
        let bones = outline::blades().into_iter().chain(outline::hips()).chain(outline::spine());
        for line in bones.chain([closed(outline::body())]) {
            for ends in line.windows(2) {
                if let &[from, to] = ends {
                    back.stroke(point(from), point(to));
                }
            }
        }
        back
    }

    /// Writes the dots into the buffer.
    pub(crate) fn show(&self, canvas: &mut Canvas<'_>) {
        let places = self.drawn.rows().flat_map(Rect::positions);
        for (at, cell) in places.zip(&self.cells) {
            let role = match cell.shows {
                Shows::Nothing => continue,
                Shows::Line => Role::Quiet,
                Shows::Closed => Role::Closed,
                Shows::Area => Role::Area,
            };
            let symbol = match (canvas.theme.dots, cell.shows) {
                (Dots::Braille, _) => char::from_u32(0x2800 + u32::from(cell.dots)).unwrap_or(' '),
                (Dots::Ascii, Shows::Area) => '#',
                (Dots::Ascii, Shows::Closed) => '/',
                (Dots::Ascii, Shows::Line | Shows::Nothing) => '.',
            };
            let style = canvas.style(role);
            put(canvas.buf, at.x, at.y, symbol.encode_utf8(&mut [0; 4]), style);
        }
    }

    fn stroke(&mut self, from: (f32, f32), to: (f32, f32)) {
        let (from, to) = ((from.0 * 2.0, from.1 * 4.0), (to.0 * 2.0, to.1 * 4.0));
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().max(1.0);
        for n in 0..=steps as u16 {
            let part = f32::from(n) / steps;
            let dot = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            self.set(dot.0.floor() as i32, dot.1.floor() as i32, Shows::Line);
        }
    }

    /// Sets a dot, if it lies in the picture.
    fn set(&mut self, x: i32, y: i32, shows: Shows) {
        const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        let (width, height) = (usize::from(self.drawn.width), usize::from(self.drawn.height));
        if x / 2 >= width || y / 4 >= height {
            return;
        }
        let dot = DOTS.get(y % 4).and_then(|row| row.get(x % 2)).copied().unwrap_or(0);
        if let Some(cell) = self.cells.get_mut(y / 4 * width + x / 2) {
            cell.dots |= dot;
            cell.shows = cell.shows.max(shows);
        }
    }
}

/// What the ground shows at a place: centimetres to the receiver's right of the spine, and down from the skull.
fn look(chosen: Option<Area>, (across, down): (f32, f32)) -> Shows {
    let (out, down) = (across.abs().round(), down.round());
    if !(0.0..=f32::from(OUT_MAX_CM)).contains(&out) || !(0.0..=f32::from(DOWN_MAX_CM)).contains(&down) {
        return Shows::Nothing;
    }
    let side = if across < 0.0 { Side::Left } else { Side::Right };
    match ground(out as u8, down as u8) {
        Ok(region) if chosen == Some(Area { side, region }) => Shows::Area,
        // The spine is drawn as bones.
        Ok(_) | Err(Refusal::OffTheChart | Refusal::ClosedSpine) => Shows::Nothing,
        Err(_) => Shows::Closed,
    }
}
