//! Letters as large as the place allows: eight rows high, four, or one.

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
