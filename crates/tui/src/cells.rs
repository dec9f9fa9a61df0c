//! Small things that every page draws with: a cell, a line, words that wrap. All of them stay inside the buffer
//! whatever rectangle they are given, and every text is drawn as `words::foreign` shows it: nothing on a screen knows
//! which of it came from outside.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use words::foreign;

/// Puts one symbol, if its place is on the screen.
pub(crate) fn put(buf: &mut Buffer, x: u16, y: u16, symbol: &str, style: Style) {
    if let Some(cell) = buf.cell_mut((x, y)) {
        cell.set_symbol(symbol).set_style(style);
    }
}

/// Writes a line, cut where the area ends, and gives the columns it took. A wide letter that would be cut in half is
/// left out.
pub(crate) fn line(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return 0;
    }
    let (end, _) = buf.set_stringn(area.x, area.y, foreign(text), area.width.into(), style);
    end - area.x
}

/// Writes a line that ends with an ellipsis where there is more of it than room, and gives the columns it took.
pub(crate) fn cut(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    line(buf, area, &words::cut(&foreign(text), area.width.into()), style)
}

/// Writes a line in the middle of the area.
pub(crate) fn centred(buf: &mut Buffer, area: Rect, text: &str, style: Style) {
    let by = area.width.saturating_sub(width(text)) / 2;
    line(buf, Rect { x: area.x + by, width: area.width - by, ..area }, text, style);
}

/// Writes a line that ends where the area ends, and gives the columns it took.
pub(crate) fn right(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let by = area.width.saturating_sub(width(text));
    line(buf, Rect { x: area.x + by, width: area.width - by, ..area }, text, style)
}

/// Writes words, wrapped, and gives the rows they took. What does not fit is cut, with a mark that it was.
pub(crate) fn paragraph(buf: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let lines = wrap(text, area.width);
    for (n, text) in (0..area.height).zip(&lines) {
        let last = usize::from(n) + 1 == usize::from(area.height) && lines.len() > usize::from(area.height);
        let end = line(buf, row(area, n), text, style);
        if last {
            let x = (area.x + end).min(area.right().saturating_sub(1));
            put(buf, x, area.y + n, "…", style);
        }
    }
    u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height)
}

/// Gives every cell of the area this style, and leaves what is written.
pub(crate) fn fill(buf: &mut Buffer, area: Rect, style: Style) {
    buf.set_style(area.intersection(buf.area), style);
}

/// The nth row of an area; empty where it has fewer.
pub(crate) fn row(area: Rect, n: u16) -> Rect {
    let height = u16::from(n < area.height);
    Rect { y: area.y.saturating_add(n), height, ..area }
}

/// Takes rows off the top of an area: those, and what is left.
pub(crate) fn take_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// Takes rows off the bottom of an area: those, and what is left.
pub(crate) fn take_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { y: area.bottom() - rows, height: rows, ..area }, Rect { height: area.height - rows, ..area })
}

/// Takes columns off the left of an area: those, and what is left.
pub(crate) fn take_left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: columns, ..area }, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

/// The area without this many columns at its left and right.
pub(crate) fn indent(area: Rect, by: u16) -> Rect {
    let by = by.min(area.width / 2);
    Rect { x: area.x + by, width: area.width - 2 * by, ..area }
}

/// The columns a text takes.
pub(crate) fn width(text: &str) -> u16 {
    u16::try_from(words::width(&foreign(text))).unwrap_or(u16::MAX)
}

/// The text, cut to so many columns with a mark that it was.
pub(crate) fn shortened(text: &str, columns: u16) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    for letter in text.chars() {
        cut.push(letter);
        if width(&cut) >= columns {
            cut.pop();
            break;
        }
    }
    cut + "…"
}

/// Breaks a text at its spaces, and at its own line breaks. A word that is wider than the line stands on its own, and
/// is cut by whoever draws it.
pub(crate) fn wrap(text: &str, columns: u16) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && width(&line).saturating_add(1 + width(word)) > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_by_the_columns_they_take_and_not_by_their_letters() {
        assert_eq!(wrap("lean in slowly", 8), ["lean in", "slowly"]);
        // Each of these letters is two columns wide.
        assert_eq!(wrap("田中 花子", 5), ["田中", "花子"]);
        assert_eq!(wrap("田中 花子", 9), ["田中 花子"]);
        assert_eq!(wrap("one\n\ntwo", 80), ["one", "", "two"]);
    }

    #[test]
    fn what_is_cut_says_so() {
        let area = Rect::new(0, 0, 10, 2);
        let mut buf = Buffer::empty(area);
        assert_eq!(paragraph(&mut buf, area, "one two three four five six", Style::new()), 2);
        assert_eq!(buf, Buffer::with_lines(["one two   ", "three fou…"]));
    }

    #[test]
    fn a_text_from_outside_neither_steers_nor_turns_what_stands_beside_it() {
        let area = Rect::new(0, 0, 12, 1);
        let mut buf = Buffer::empty(area);
        let text = "\u{301}a\u{1b}b\u{202e}c\nd\u{9b}";
        assert_eq!(line(&mut buf, area, text, Style::new()), width(text));
        assert_eq!(buf, Buffer::with_lines(["◌\u{301}a\u{fffd}b\u{fffd}c d\u{fffd}   "]));
    }

    #[test]
    fn a_text_is_cut_to_its_columns() {
        assert_eq!(
            (shortened("one two", 7), shortened("one two", 6)),
            ("one two".to_owned(), "one t…".to_owned())
        );
        // Each of these letters is two columns wide.
        assert_eq!((shortened("田中花子", 5), shortened("a", 0)), ("田中…".to_owned(), "…".to_owned()));
    }

    #[test]
    fn half_of_a_wide_letter_is_never_drawn() {
        let area = Rect::new(0, 0, 5, 1);
        let mut buf = Buffer::empty(area);
        assert_eq!(line(&mut buf, area, "田中花子", Style::new()), 4);
        assert_eq!(buf, Buffer::with_lines(["田中 "]));
    }
}
