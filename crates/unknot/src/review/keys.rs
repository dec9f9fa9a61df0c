//! The keys of looking back, a table a page: what each does, and the words that tell it. Handling, hints and help are made
//! of it. Nothing here reaches a session that runs.

use coach::{Named as _, Outcome};
use tui::{Group, Hint, Mark, symbol};
use words::Words;

use super::texts;
use crate::keys::Press;

/// A line of a table.
struct Row<A: 'static> {
    /// The keys as they are written.
    shown: &'static str,
    /// What they do, for the help.
    what: &'static str,
    /// The same in a word or two, for the last line, where it stands there.
    hint: Option<&'static str>,
    keys: &'static [(Press, A)],
}

/// What a key does in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListAct {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Open,
    Words,
    Receiver,
    Plan,
    Days,
    Region,
    Sharp,
    Anything,
    Help,
    Leave,
}

/// What a key does on the timeline of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineAct {
    Left,
    Right,
    Before,
    After,
    FarLeft,
    FarRight,
    Begin,
    End,
    SharpAfter,
    SharpBefore,
    LeadAfter,
    LeadBefore,
    HoldAfter,
    HoldBefore,
    Closer,
    Wider,
    Whole,
    Play,
    Notes,
    Write,
    Edit,
    Meanings,
    Help,
    Back,
}

/// What a key does while a session is played again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlayAct {
    Pause,
    Back10,
    On10,
    Faster,
    Slower,
    SharpAfter,
    LeadBefore,
    Begin,
    Leave,
}

const LIST: &[Row<ListAct>] = &[
    row("arrows", texts::KEY_CHOOSE, None, &[(Press::Up, ListAct::Up), (Press::Down, ListAct::Down)]),
    row(
        "PgUp PgDn Home End",
        texts::KEY_PAGES,
        None,
        &[
            (Press::PageUp, ListAct::PageUp),
            (Press::PageDown, ListAct::PageDown),
            (Press::Home, ListAct::First),
            (Press::End, ListAct::Last),
        ],
    ),
    row(
        "Enter",
        texts::KEY_OPEN,
        Some(texts::HINT_OPEN),
        &[(Press::Enter, ListAct::Open), (Press::LineEnd, ListAct::Open), (Press::Right, ListAct::Open)],
    ),
    row("/", texts::KEY_WORDS, None, &[(Press::Char('/'), ListAct::Words)]),
    row("r", texts::KEY_RECEIVER, None, &[(Press::Char('r'), ListAct::Receiver)]),
    row("p", texts::KEY_PLAN, None, &[(Press::Char('p'), ListAct::Plan)]),
    row("d", texts::KEY_DAYS, None, &[(Press::Char('d'), ListAct::Days)]),
    row("g", texts::KEY_REGION, None, &[(Press::Char('g'), ListAct::Region)]),
    row("x", texts::KEY_ONLY_SHARP, None, &[(Press::Char('x'), ListAct::Sharp)]),
    row("c", texts::KEY_ANYTHING, Some(texts::HINT_ANYTHING), &[(Press::Char('c'), ListAct::Anything)]),
    row("?", texts::KEY_HELP, Some(texts::HINT_KEYS), &[(Press::Char('?'), ListAct::Help)]),
    row(
        "Esc",
        texts::KEY_LEAVE,
        Some(texts::HINT_LEAVE),
        &[(Press::Esc, ListAct::Leave), (Press::Char('q'), ListAct::Leave)],
    ),
];

const LINE: &[Row<LineAct>] = &[
    row("?", texts::KEY_HELP, Some(texts::HINT_KEYS), &[(Press::Char('?'), LineAct::Help)]),
    row(
        "left right",
        texts::KEY_SCRUB,
        None,
        &[(Press::Left, LineAct::Left), (Press::Right, LineAct::Right)],
    ),
    row("up down", texts::KEY_EVENTS, None, &[(Press::Up, LineAct::Before), (Press::Down, LineAct::After)]),
    row(
        "PgUp PgDn Home End",
        texts::KEY_FAR,
        None,
        &[
            (Press::PageUp, LineAct::FarLeft),
            (Press::PageDown, LineAct::FarRight),
            (Press::Home, LineAct::Begin),
            (Press::End, LineAct::End),
        ],
    ),
    row(
        "x X",
        texts::KEY_SHARP,
        Some(texts::HINT_SHARP),
        &[(Press::Char('x'), LineAct::SharpAfter), (Press::Char('X'), LineAct::SharpBefore)],
    ),
    row(
        "t T",
        texts::KEY_LEAD,
        Some(texts::HINT_LEAD),
        &[(Press::Char('t'), LineAct::LeadAfter), (Press::Char('T'), LineAct::LeadBefore)],
    ),
    row(
        "h H",
        texts::KEY_HOLD,
        None,
        &[(Press::Char('h'), LineAct::HoldAfter), (Press::Char('H'), LineAct::HoldBefore)],
    ),
    row(
        "+ - 0",
        texts::KEY_ZOOM,
        Some(texts::HINT_ZOOM),
        &[
            (Press::Char('+'), LineAct::Closer),
            (Press::Char('='), LineAct::Closer),
            (Press::Char('-'), LineAct::Wider),
            (Press::Char('0'), LineAct::Whole),
        ],
    ),
    row(
        "p",
        texts::KEY_PLAY,
        Some(texts::HINT_PLAY),
        &[(Press::Char('p'), LineAct::Play), (Press::Enter, LineAct::Play), (Press::LineEnd, LineAct::Play)],
    ),
    row("n", texts::KEY_NOTES, Some(texts::HINT_NOTES), &[(Press::Char('n'), LineAct::Notes)]),
    row("m", texts::KEY_WRITE, None, &[(Press::Char('m'), LineAct::Write)]),
    row("e", texts::KEY_EDIT, None, &[(Press::Char('e'), LineAct::Edit)]),
    row("d", texts::KEY_MEANINGS, Some(texts::HINT_MEANINGS), &[(Press::Char('d'), LineAct::Meanings)]),
    row("Esc", texts::KEY_BACK, None, &[(Press::Esc, LineAct::Back), (Press::Char('q'), LineAct::Back)]),
];

const PLAY: &[Row<PlayAct>] = &[
    row("space", texts::KEY_PAUSE, Some(texts::HINT_PAUSE), &[(Press::Char(' '), PlayAct::Pause)]),
    row(
        "left right",
        texts::KEY_TEN,
        Some(texts::HINT_TEN),
        &[(Press::Left, PlayAct::Back10), (Press::Right, PlayAct::On10)],
    ),
    row(
        "+ -",
        texts::KEY_SPEED,
        Some(texts::HINT_SPEED),
        &[
            (Press::Char('+'), PlayAct::Faster),
            (Press::Char('='), PlayAct::Faster),
            (Press::Char('-'), PlayAct::Slower),
            (Press::Up, PlayAct::Faster),
            (Press::Down, PlayAct::Slower),
        ],
    ),
    row("t", texts::KEY_LEAD, Some(texts::HINT_LEAD), &[(Press::Char('t'), PlayAct::LeadBefore)]),
    row("x", texts::KEY_SHARP, Some(texts::HINT_SHARP), &[(Press::Char('x'), PlayAct::SharpAfter)]),
    row("Home", texts::KEY_BEGIN, None, &[(Press::Home, PlayAct::Begin)]),
    row(
        "Esc",
        texts::KEY_BACK,
        Some(texts::HINT_LEAVE),
        &[
            (Press::Esc, PlayAct::Leave),
            (Press::Char('q'), PlayAct::Leave),
            (Press::Char('p'), PlayAct::Leave),
        ],
    ),
];

const fn row<A>(
    shown: &'static str,
    what: &'static str,
    hint: Option<&'static str>,
    keys: &'static [(Press, A)],
) -> Row<A> {
    Row { shown, what, hint, keys }
}

fn act<A: Copy>(table: &'static [Row<A>], press: Press) -> Option<A> {
    table.iter().flat_map(|row| row.keys).find(|(key, _)| *key == press).map(|(_, act)| *act)
}

fn hints<A>(table: &'static [Row<A>], words: &Words) -> Vec<Hint> {
    let short =
        |row: &Row<A>| row.hint.map(|hint| Hint { key: row.shown.to_owned(), what: words.render(hint, &[]) });
    table.iter().filter_map(short).collect()
}

/// What a press does in the list.
pub(super) fn list_act(press: Press) -> Option<ListAct> {
    act(LIST, press)
}

/// What a press does on a timeline.
pub(super) fn line_act(press: Press) -> Option<LineAct> {
    act(LINE, press)
}

/// What a press does while a session is played again.
pub(crate) fn play_act(press: Press) -> Option<PlayAct> {
    act(PLAY, press)
}

/// The key that does this in the list, as it is written.
pub(super) fn list_key(wanted: ListAct) -> &'static str {
    let row = LIST.iter().find(|row| row.keys.iter().any(|(_, act)| *act == wanted));
    row.map_or("", |row| row.shown)
}

pub(super) fn list_hints(words: &Words) -> Vec<Hint> {
    hints(LIST, words)
}

pub(super) fn line_hints(words: &Words) -> Vec<Hint> {
    hints(LINE, words)
}

/// Pausing, which has the place of stopping, and the rest.
pub(crate) fn play_hints(words: &Words) -> (Hint, Vec<Hint>) {
    let mut all = hints(PLAY, words);
    let first = if all.is_empty() { Hint { key: String::new(), what: String::new() } } else { all.remove(0) };
    (first, all)
}

/// The help: the keys of both pages and of playing, what the mouse does, and what stands under the plot.
pub(super) fn groups(words: &Words) -> Vec<Group> {
    let text = |id: &str| words.render(id, &[]);
    fn rows<A>(table: &'static [Row<A>], words: &Words) -> Vec<Hint> {
        let hint = |row: &Row<A>| Hint { key: row.shown.to_owned(), what: words.render(row.what, &[]) };
        table.iter().map(hint).collect()
    }
    let pointed = [
        (texts::MOUSE_CLICK, texts::MOUSE_CLICKS),
        (texts::MOUSE_DRAG, texts::MOUSE_DRAGS),
        (texts::MOUSE_WHEEL, texts::MOUSE_WHEELS),
    ];
    let mouse = pointed.map(|(key, what)| Hint { key: text(key), what: text(what) });
    let marks = Mark::ALL.map(|mark| Hint { key: symbol(mark).to_owned(), what: text(marked(mark)) });
    let shades = Outcome::ALL
        .iter()
        .map(|outcome| Hint { key: tui::shade(*outcome).to_owned(), what: shaded(*outcome, words) });
    let others = [("┄", texts::DRAWN_CEILING), ("▓", texts::DRAWN_ABOVE), ("╳", texts::DRAWN_GAP)];
    let others = others.map(|(key, what)| Hint { key: key.to_owned(), what: text(what) });
    let guess = Hint { key: tui::GUESS.join(" "), what: text(texts::DRAWN_GUESS) };
    let group = |title, rows| Group { title: text(title), rows };
    vec![
        group(texts::HELP_LIST, rows(LIST, words)),
        group(texts::HELP_LINE, rows(LINE, words)),
        group(texts::HELP_PLAY, rows(PLAY, words)),
        group(texts::HELP_MOUSE, mouse.into()),
        group(texts::HELP_DRAWN, marks.into_iter().chain(shades).chain(others).chain([guess]).collect()),
    ]
}

fn shaded(outcome: Outcome, words: &Words) -> String {
    words.render(texts::DRAWN_HOLD, &[("ending", words::Value::Name(&words.name(outcome)))])
}

const fn marked(mark: Mark) -> &'static str {
    match mark {
        Mark::Sharp => texts::MARK_SHARP,
        Mark::Stop => texts::MARK_STOP,
        Mark::Alarm => texts::MARK_ALARM,
        Mark::Refused => texts::MARK_REFUSED,
        Mark::Note => texts::MARK_NOTE,
        Mark::Asked => texts::MARK_ASKED,
        Mark::Nudge => texts::MARK_NUDGE,
        Mark::TrialSharp => texts::MARK_TRIAL,
        Mark::Said => texts::MARK_SAID,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_key_twice<A: Copy + std::fmt::Debug>(table: &'static [Row<A>]) {
        let keys: Vec<Press> = table.iter().flat_map(|row| row.keys).map(|(key, _)| *key).collect();
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{key:?}");
        }
    }

    #[test]
    fn no_key_has_two_meanings_on_a_page() {
        no_key_twice(LIST);
        no_key_twice(LINE);
        no_key_twice(PLAY);
    }

    #[test]
    fn every_filter_has_its_key() {
        for act in
            [ListAct::Words, ListAct::Receiver, ListAct::Plan, ListAct::Days, ListAct::Region, ListAct::Sharp]
        {
            assert!(!list_key(act).is_empty(), "{act:?}");
        }
    }

    #[test]
    fn the_help_tells_every_key_and_everything_that_is_drawn() {
        let groups = groups(&Words::english());
        let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
        assert_eq!(rows, LIST.len() + LINE.len() + PLAY.len() + 3 + Mark::ALL.len() + 3 + 4);
        let widest = groups.iter().flat_map(|group| &group.rows).map(|row| row.key.chars().count()).max();
        for row in groups.iter().flat_map(|group| &group.rows) {
            // Beside the widest key, on the least screen there is.
            assert!(row.what.chars().count() <= 70 - widest.unwrap(), "{row:?} is cut");
            assert!(!row.what.starts_with('[') && !row.key.starts_with("[review"), "{row:?}");
        }
    }
}
