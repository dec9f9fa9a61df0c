//! Text from outside: names, notes, ids, paths, what a clicker calls itself. It is kept as it is and shown through
//! [`foreign`], so that it cannot steer a terminal, turn the order of what stands beside it or begin a line of its own.
//! Widths are in cells of a terminal, and what is taken back is what a person sees as one letter.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What is seen in the place of a character that would steer.
const STEERED: char = '\u{fffd}';

/// What carries a mark that has no letter of its own: it would be set on whatever stands before the text.
const CARRIER: char = '◌';

/// What becomes of a character where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is shown as it is.
    Plain,
    /// It ends a line or jumps to a column: a space.
    Break,
    /// It steers a terminal, or turns the order of what follows: a mark in its place tells that something was there.
    Steers,
    /// It has no picture, and only turns or hides what stands beside it.
    Unseen,
}

const fn kind(char: char) -> Kind {
    match char {
        '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::Break,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' => Kind::Steers,
        // Embeddings, overrides and isolates of the writing direction.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Kind::Steers,
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => Kind::Unseen,
        _ => Kind::Plain,
    }
}

/// Text from outside as it may be shown: one line, of letters alone.
///
/// ```
/// use words::foreign;
///
/// assert_eq!(foreign("Ada"), "Ada");
/// assert_eq!(foreign("Ada\u{1b}[2J\r\nsession 7"), "Ada\u{fffd}[2J session 7");
/// ```
#[must_use]
pub fn foreign(text: &str) -> Cow<'_, str> {
    let mark = text.chars().next().is_some_and(|first| first.width() == Some(0));
    if !mark && text.chars().all(|char| kind(char) == Kind::Plain) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + CARRIER.len_utf8());
    let mut broken = false;
    for char in text.chars() {
        let kind = kind(char);
        match kind {
            Kind::Unseen => continue,
            // Two of them are one end of a line.
            Kind::Break if broken => {}
            Kind::Break => shown.push(' '),
            Kind::Steers => shown.push(STEERED),
            Kind::Plain => {
                if shown.is_empty() && char.width() == Some(0) {
                    shown.push(CARRIER);
                }
                shown.push(char);
            }
        }
        broken = kind == Kind::Break;
    }
    Cow::Owned(shown)
}

/// The same where the text has lines of its own, as an error with a list below it: each of them is one.
#[must_use]
pub fn foreign_lines(text: &str) -> Cow<'_, str> {
    if text.split('\n').all(|line| matches!(foreign(line), Cow::Borrowed(_))) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split('\n').map(foreign).collect::<Vec<_>>().join("\n"))
}

/// JSON in which what would steer a terminal is escaped, too: for whoever reads it, it is the same to the letter.
#[must_use]
pub fn escaped(json: String) -> String {
    let raw = |char: char| char >= '\x7f' && kind(char) != Kind::Plain;
    if !json.contains(raw) {
        return json;
    }
    let escape =
        |char: char| if raw(char) { format!("\\u{:04x}", u32::from(char)) } else { char.to_string() };
    json.chars().map(escape).collect()
}

/// How many cells of a terminal a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text in so many cells: blanks behind one that is narrower.
#[must_use]
pub fn padded(text: &str, cells: usize) -> String {
    let blanks = cells.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// A text in at most so many cells. One that is cut ends with an ellipsis, and never in the middle of a letter.
#[must_use]
pub fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else { return Cow::Borrowed("") };
    let end = fitting(text, room);
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// Where so many cells of the text end, in bytes: between two letters, and at most there.
#[must_use]
pub fn fitting(text: &str, cells: usize) -> usize {
    let mut taken = 0;
    for (at, letter) in text.grapheme_indices(true) {
        taken += width(letter);
        if taken > cells {
            return at;
        }
    }
    text.len()
}

/// Where so many cells before the end of the text begin, in bytes: what is seen of a line that is being typed.
#[must_use]
pub fn ending(text: &str, cells: usize) -> usize {
    let mut taken = 0;
    for (at, letter) in text.grapheme_indices(true).rev() {
        taken += width(letter);
        if taken > cells {
            return at + letter.len();
        }
    }
    0
}

/// Takes back the last letter, with the marks on it. Gives whether there was one.
pub fn rub_out(text: &mut String) -> bool {
    let Some((at, _)) = text.grapheme_indices(true).next_back() else { return false };
    text.truncate(at);
    true
}

/// What was pasted, as a line of text takes it: its line ends are spaces, and what would steer is left out.
#[must_use]
pub fn pasted(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut broken = false;
    for char in text.trim_matches(|char| kind(char) == Kind::Break).chars() {
        let kind = kind(char);
        match kind {
            Kind::Plain => line.push(char),
            Kind::Break if !broken => line.push(' '),
            Kind::Break | Kind::Steers | Kind::Unseen => {}
        }
        broken = kind == Kind::Break;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a terminal writes it where it stands and goes on to the right.
    fn is_tame(char: char) -> bool {
        kind(char) == Kind::Plain && !char.is_control()
    }

    #[test]
    fn nothing_that_is_shown_steers_a_terminal_or_turns_what_stands_beside_it() {
        for char in (0..=0x0011_0000_u32).filter_map(char::from_u32) {
            let text = format!("{char}a{char}{char}b");
            let shown = foreign(&text);
            assert!(shown.chars().all(is_tame), "{char:?}: {shown:?}");
            assert!(shown.contains('a') && shown.ends_with('b'), "{char:?}: {shown:?}");
        }
    }

    #[test]
    fn what_steered_leaves_a_mark_and_the_letters_stay() {
        for (text, shown) in [
            ("", ""),
            ("Žofie 田中", "Žofie 田中"),
            ("a\u{1b}]52;c;eA==\u{7}b", "a\u{fffd}]52;c;eA==\u{fffd}b"),
            ("a\u{9b}31mb", "a\u{fffd}31mb"),
            ("a\0b", "a\u{fffd}b"),
            ("a\u{202e}b\u{2066}c", "a\u{fffd}b\u{fffd}c"),
            ("a\nb\r\nc\u{2028}d\te", "a b c d e"),
            ("\u{301}e", "◌\u{301}e"),
            ("\u{200f}\u{301}e", "◌\u{301}e"),
            ("e\u{301}", "e\u{301}"),
            // A family is joined by marks without a picture, which stay.
            ("👩\u{200d}👧", "👩\u{200d}👧"),
        ] {
            assert_eq!(foreign(text), shown);
        }
        assert_eq!(foreign_lines("a\u{7}\nb\r"), "a\u{fffd}\nb ");
    }

    #[test]
    fn json_says_the_same_without_steering() {
        assert_eq!(escaped("{\"a\":\"田\u{9b}\u{202e}\"}\n".to_owned()), "{\"a\":\"田\\u009b\\u202e\"}\n");
    }

    #[test]
    fn widths_are_cells_and_what_is_cut_says_so() {
        assert_eq!([width("Ada"), width("田中"), width("e\u{301}")], [3, 4, 1]);
        assert_eq!(padded("田中", 6), "田中  ");
        assert_eq!(padded("Ada", 2), "Ada");
        for (text, cells, shown) in [
            ("田中花子", 8, "田中花子"),
            ("田中花子", 7, "田中花…"),
            ("田中花子", 6, "田中…"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
        ] {
            assert_eq!(cut(text, cells), shown, "{cells}");
            assert!(width(&cut(text, cells)) <= cells);
        }
        assert_eq!(&"ab田中"[ending("ab田中", 3)..], "中");
        assert_eq!(&"ab田中"[ending("ab田中", 4)..], "田中");
    }

    #[test]
    fn what_is_taken_back_is_one_letter_of_a_person() {
        for (mut text, left) in [("ne\u{301}", "n"), ("a👩\u{200d}👧", "a"), ("🇨🇿🇩🇪", "🇨🇿"), ("田中", "田")]
            .map(|(text, left)| (text.to_owned(), left))
        {
            assert!(rub_out(&mut text));
            assert_eq!(text, left);
        }
        assert!(!rub_out(&mut String::new()));
    }

    #[test]
    fn what_is_pasted_is_one_line() {
        for (text, line) in [
            ("please buy bread\r\nand milk\r\n", "please buy bread and milk"),
            ("\n123456\n", "123456"),
            (" softer\tthere ", " softer there "),
            ("a\u{1b}[31mb\u{202e}c\0", "a[31mbc"),
            ("\r\n", ""),
        ] {
            assert_eq!(pasted(text), line);
        }
    }
}
