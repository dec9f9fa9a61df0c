//! Letters as large as the place allows: eight rows high, four, or one; and for an alarm any multiple of four.

use font8x8::legacy::BASIC_LEGACY;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::cells;

/// A size of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// 8 by 8 cells.
    Eight,
    /// 4 by 4 cells.
    Four,
    /// What the terminal writes.
    One,
}

impl Size {
    /// Rows and columns of a letter.
    pub(crate) const fn cells(self) -> u16 {
        match self {
            Self::Eight => 8,
            Self::Four => 4,
            Self::One => 1,
        }
    }
}

/// The largest size in which these lines fit as they are.
pub(crate) fn size_for(lines: &[String], area: Rect) -> Size {
    // The font of the large letters knows these and no others.
    if !lines.iter().all(|line| line.is_ascii()) {
        return Size::One;
    }
    let fits = |size: Size| {
        let widest = lines.iter().map(|line| cells::width(line)).max().unwrap_or(0);
        usize::from(area.height) >= lines.len() * usize::from(size.cells())
            && u32::from(area.width) >= u32::from(widest) * u32::from(size.cells())
    };
    [Size::Eight, Size::Four].into_iter().find(|&size| fits(size)).unwrap_or(Size::One)
}

/// Draws lines as they are, as large as fits, in the middle of the area.
pub(crate) fn lines(buf: &mut Buffer, area: Rect, lines: &[String], style: Style) {
    let size = size_for(lines, area);
    write(buf, area, lines, size, style);
}

/// Draws an instruction in the size in which two lines of twenty fit, however short it is: a countdown of one figure
/// must not be as large as a rating.
pub(crate) fn instruction(buf: &mut Buffer, area: Rect, lines: &[String], style: Style) {
    let full = || "m".repeat(20);
    let size = match size_for(&[full(), full()], area) {
        Size::One => Size::One,
        size @ (Size::Eight | Size::Four) if lines.iter().all(|line| line.is_ascii()) => size,
        Size::Eight | Size::Four => Size::One,
    };
    write(buf, area, lines, size, style);
}

/// How large a dot of the font is, in half columns and half rows. A letter has eight by eight dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dot {
    across: u16,
    down: u16,
}

impl Dot {
    /// All sizes, the largest letters first. A dot of two by one is a square; none is wider, and none is taller than
    /// twice its width.
    fn sizes() -> impl Iterator<Item = Self> {
        let mut sizes: Vec<Self> =
            (1..=12).flat_map(|down| (down..=2 * down).map(move |across| Self { across, down })).collect();
        sizes.sort_by_key(|dot| std::cmp::Reverse((dot.down, dot.across)));
        sizes.into_iter()
    }

    const fn rows(self) -> u16 {
        4 * self.down
    }

    fn columns(self, text: &str) -> u16 {
        cells::width(text).saturating_mul(4 * self.across)
    }
}

/// Draws the few words of an alarm, each line as large as fits: first all in one size, then what room is left makes the
/// first line larger, then the next. A line for which there is no room in large letters is written plainly.
pub(crate) fn shout(buf: &mut Buffer, area: Rect, lines: &[String], style: Style) {
    let sizes = sizes_of(lines, area);
    let rows: u16 = sizes.iter().map(|size| size.map_or(1, Dot::rows)).sum();
    let mut rest = cells::take_top(area, area.height.saturating_sub(rows) / 2).1;
    for (text, size) in lines.iter().zip(sizes) {
        match size {
            Some(dot) => scaled(buf, rest, text, dot, style),
            None => cells::centred(buf, cells::row(rest, 0), text, style),
        }
        rest = cells::take_top(rest, size.map_or(1, Dot::rows)).1;
    }
}

/// Whether the first line of an alarm is in large letters there.
pub(crate) fn shouts(lines: &[String], area: Rect) -> bool {
    sizes_of(lines, area).first().is_some_and(Option::is_some)
}

fn sizes_of(lines: &[String], area: Rect) -> Vec<Option<Dot>> {
    let fits = |text: &String, dot: Dot| text.is_ascii() && dot.columns(text) <= area.width;
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let alike = Dot::sizes().find(|dot| {
        dot.rows().saturating_mul(count) <= area.height && lines.iter().all(|line| fits(line, *dot))
    });
    let mut sizes = vec![alike; lines.len()];
    for (n, line) in lines.iter().enumerate() {
        let others = sizes.iter().enumerate().filter(|&(other, _)| other != n);
        let taken: u16 = others.map(|(_, size)| size.map_or(1, Dot::rows)).sum();
        let room = area.height.saturating_sub(taken);
        let larger = Dot::sizes().find(|dot| dot.rows() <= room && fits(line, *dot));
        if let Some(size) = sizes.get_mut(n) {
            *size = larger.or(*size);
        }
    }
    sizes
}

/// Draws a line in the middle of an area with dots of this size, four half dots to a cell.
fn scaled(buf: &mut Buffer, area: Rect, text: &str, dot: Dot, style: Style) {
    const QUARTERS: [&str; 16] =
        [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];
    let mut font = Buffer::empty(Rect::new(0, 0, cells::width(text).saturating_mul(8), 8));
    let whole = font.area;
    letters(&mut font, whole, text, Size::Eight, Style::new());
    let wide = dot.columns(text);
    let left = area.x + area.width.saturating_sub(wide) / 2;
    for (y, x) in (0..dot.rows()).flat_map(|y| (0..wide).map(move |x| (y, x))) {
        let inked = |right: u16, below: u16| {
            let place = ((2 * x + right) / dot.across, (2 * y + below) / dot.down);
            usize::from(font.cell(place).is_some_and(|cell| cell.symbol() != " "))
        };
        let quarters = inked(0, 0) + 2 * inked(1, 0) + 4 * inked(0, 1) + 8 * inked(1, 1);
        if let Some(symbol) = QUARTERS.get(quarters).filter(|_| quarters > 0) {
            cells::put(buf, left + x, area.y + y, symbol, style);
        }
    }
}

/// Draws words wrapped to the largest size in which they all fit. Gives the rows they took.
pub(crate) fn wrapped(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    for size in [Size::Eight, Size::Four] {
        let lines = cells::wrap(text, area.width / size.cells());
        if size_for(&lines, area) == size {
            let rows = size.cells() * u16::try_from(lines.len()).unwrap_or(u16::MAX);
            left(buf, area, &lines, size, style);
            return rows;
        }
    }
    cells::paragraph(buf, area, text, style)
}

/// Draws a short text at this height from the left, and gives the columns it took.
pub(crate) fn left(buf: &mut Buffer, area: Rect, lines: &[String], size: Size, style: Style) {
    for (n, text) in (0u16..).zip(lines) {
        let (_, below) = cells::take_top(area, n.saturating_mul(size.cells()));
        letters(buf, below, text, size, style);
    }
}

fn write(buf: &mut Buffer, area: Rect, lines: &[String], size: Size, style: Style) {
    let rows = size.cells().saturating_mul(u16::try_from(lines.len()).unwrap_or(u16::MAX));
    let (_, area) = cells::take_top(area, area.height.saturating_sub(rows) / 2);
    for (n, text) in (0u16..).zip(lines) {
        let (_, below) = cells::take_top(area, n.saturating_mul(size.cells()));
        let wide = cells::width(text).saturating_mul(size.cells());
        let by = below.width.saturating_sub(wide) / 2;
        letters(buf, Rect { x: below.x + by, width: below.width - by, ..below }, text, size, style);
    }
}

fn letters(buf: &mut Buffer, area: Rect, text: &str, size: Size, style: Style) {
    let area = area.intersection(buf.area);
    if area.height < size.cells() || area.is_empty() {
        return;
    }
    if size == Size::One {
        cells::line(buf, area, text, style);
        return;
    }
    let wide = usize::from(size.cells());
    for (cell, (n, char)) in
        (0..area.width).zip(text.chars().enumerate().flat_map(|at| std::iter::repeat_n(at, wide)))
    {
        let Some(glyph) = BASIC_LEGACY.get(char as usize) else { continue };
        let column = usize::from(cell) - n * wide;
        for row in 0..size.cells() {
            if let Some(place) = buf.cell_mut((area.x + cell, area.y + row)) {
                place.set_char(symbol(glyph, usize::from(row), column, size)).set_style(style);
            }
        }
    }
}

/// The character that shows a cell of a letter. A letter is eight bytes, a row each, the lowest bit at the left.
fn symbol(glyph: &[u8; 8], row: usize, column: usize, size: Size) -> char {
    let pixel = |y: usize, x: usize| usize::from(glyph[y] >> x & 1);
    if size == Size::Eight {
        return [' ', '█'][pixel(row, column)];
    }
    /// By the bits of the four quarters: 1 top left, 2 top right, 4 bottom left, 8 bottom right.
    const QUARTERS: [char; 16] =
        [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];
    let (y, x) = (row * 2, column * 2);
    QUARTERS[pixel(y, x) | pixel(y, x + 1) << 1 | pixel(y + 1, x) << 2 | pixel(y + 1, x + 1) << 3]
}

/// Draws paragraphs with a gap between them, as large as they all fit, and gives the rows they took.
pub(crate) fn paragraphs(buf: &mut Buffer, area: Rect, texts: &[String], style: Style) -> u16 {
    for size in [Size::Eight, Size::Four] {
        let lines: Vec<Vec<String>> =
            texts.iter().map(|text| cells::wrap(text, area.width / size.cells())).collect();
        let rows: usize = lines.iter().map(|lines| lines.len() * usize::from(size.cells()) + 1).sum();
        let fits = lines.iter().all(|lines| size_for(lines, area) == size);
        if fits && rows <= usize::from(area.height) {
            let mut rest = area;
            for lines in &lines {
                left(buf, rest, lines, size, style);
                let rows = size.cells() * u16::try_from(lines.len()).unwrap_or(u16::MAX) + 1;
                rest = cells::take_top(rest, rows).1;
            }
            return area.height - rest.height;
        }
    }
    let mut rest = area;
    for text in texts {
        let rows = cells::paragraph(buf, rest, text, style);
        rest = cells::take_top(rest, rows + 1).1;
    }
    area.height - rest.height
}
