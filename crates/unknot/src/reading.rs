//! What a terminal tells, into presses: a key that is held is told from one pressed again, and what was pasted from keys.

use std::collections::BTreeSet;
use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use words::pasted;

use crate::keys::Press;
use crate::terminal::{Mouse, Pointed, Typed};

/// Terminals repeat a held key every 30 to 100 ms and say nothing of its release: the same key again within this time
/// is the same press. (The pause before the first repeat is longer, so a held key counts twice at most.)
const REPEAT: Duration = Duration::from_millis(120);

/// Some terminals cannot mark what is pasted: it comes as keys, all of them at once. So many that nobody waited for, and
/// so many different ones among them, are no hand's: a held key repeats itself, and what is pressed in a fright while the
/// line is slow is a few keys over and over. Where hands may be pressing such a burst is a stray key, and stops.
const BURST: usize = 16;
const DIFFERENT: usize = 8;

/// Makes presses of events.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    last: Option<(Press, Duration)>,
    /// Keys that came one behind the other without a wait, and what each of them is in a text.
    burst: Vec<(Press, char)>,
}

impl Reader {
    /// What comes of this event. `more` says whether another one is there already; while it is, keys of a text wait for
    /// it, so that nothing waits for time.
    pub(crate) fn take(&mut self, event: Event, more: bool, now: Duration) -> Vec<Typed> {
        let key = match &event {
            Event::Key(key) if key.kind == KeyEventKind::Press => Some((press_of(*key), text_of(*key))),
            _ => None,
        };
        if let Some((press, Some(char))) = key {
            self.burst.push((press, char));
            return if more { Vec::new() } else { self.rest(now) };
        }
        let mut typed = self.rest(now);
        typed.extend(match (key, event) {
            (Some((press, _)), _) => Some(self.pressed(press, now)),
            (None, Event::Paste(text)) => Some(Typed::Pasted(pasted(&text))),
            (None, Event::Resize(..)) => Some(Typed::Resized),
            (None, Event::Mouse(event)) => mouse_of(event).map(Typed::Mouse),
            (None, Event::Key(_) | Event::FocusGained | Event::FocusLost) => None,
        });
        typed
    }

    /// What still waits for an event that does not come.
    pub(crate) fn rest(&mut self, now: Duration) -> Vec<Typed> {
        let burst = std::mem::take(&mut self.burst);
        let different: BTreeSet<char> = burst.iter().map(|(_, char)| *char).collect();
        if burst.len() >= BURST && different.len() >= DIFFERENT {
            let text: String = burst.iter().map(|(_, char)| *char).collect();
            return vec![Typed::Pasted(pasted(&text))];
        }
        burst.into_iter().map(|(press, _)| self.pressed(press, now)).collect()
    }

    fn pressed(&mut self, press: Press, now: Duration) -> Typed {
        let before = self.last.replace((press, now));
        let held = before.is_some_and(|(key, then)| key == press && now.saturating_sub(then) < REPEAT);
        if held { Typed::Again(press) } else { Typed::Press(press) }
    }
}

/// What a key is in a text that is pasted as keys; `None` where a text has no such key.
fn text_of(key: KeyEvent) -> Option<char> {
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match key.code {
        KeyCode::Char(char) if plain => Some(char),
        // A line end, as it comes where it was not turned into the one that Enter makes.
        KeyCode::Char('j') => Some('\n'),
        KeyCode::Enter if plain => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

fn press_of(key: KeyEvent) -> Press {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c') if control => Press::Interrupt,
        // Only where a shell can stop a program; elsewhere it is a control key like any other.
        KeyCode::Char('z') if control && cfg!(unix) => Press::Suspend,
        KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => Press::Other,
        KeyCode::Char(char) => Press::Char(char),
        KeyCode::Up => Press::Up,
        KeyCode::Down => Press::Down,
        KeyCode::Left => Press::Left,
        KeyCode::Right => Press::Right,
        KeyCode::PageUp => Press::PageUp,
        KeyCode::PageDown => Press::PageDown,
        KeyCode::Home => Press::Home,
        KeyCode::End => Press::End,
        KeyCode::Esc => Press::Esc,
        KeyCode::Enter => Press::Enter,
        KeyCode::Backspace => Press::Backspace,
        _ => Press::Other,
    }
}

fn mouse_of(MouseEvent { kind, column, row, modifiers: _ }: MouseEvent) -> Option<Mouse> {
    let did = match kind {
        MouseEventKind::Down(MouseButton::Left) => Pointed::Down,
        MouseEventKind::Drag(MouseButton::Left) => Pointed::Drag,
        MouseEventKind::ScrollUp => Pointed::WheelUp,
        MouseEventKind::ScrollDown => Pointed::WheelDown,
        _ => return None,
    };
    Some(Mouse { did, x: column, y: row })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn key(char: char) -> Event {
        let code = if char == '\n' { KeyCode::Enter } else { KeyCode::Char(char) };
        Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    /// What comes of these keys, all of which are there at once.
    fn at_once(reader: &mut Reader, keys: &str, now: Duration) -> Vec<Typed> {
        let last = keys.chars().count();
        (1..).zip(keys.chars()).flat_map(|(n, char)| reader.take(key(char), n < last, now)).collect()
    }

    fn one_by_one(keys: &str, apart: Duration) -> Vec<Typed> {
        let mut reader = Reader::default();
        (1..).zip(keys.chars()).flat_map(|(n, char)| reader.take(key(char), false, apart * n)).collect()
    }

    fn presses(keys: &str) -> Vec<Typed> {
        let press = |char| if char == '\n' { Press::Enter } else { Press::Char(char) };
        keys.chars().map(|char| Typed::Press(press(char))).collect()
    }

    #[test]
    fn a_held_key_is_one_press_and_a_quick_second_key_another() {
        let mut reader = Reader::default();
        let typed: Vec<Typed> =
            [0, 30, 140, 261].into_iter().flat_map(|at| reader.take(key('b'), false, MS(at))).collect();
        let b = Press::Char('b');
        assert_eq!(typed, [Typed::Press(b), Typed::Again(b), Typed::Again(b), Typed::Press(b)]);
        assert_eq!(reader.take(key('a'), false, MS(270)), presses("a"));
    }

    #[test]
    fn what_a_terminal_marks_as_pasted_is_one_text() {
        let paste = |text: &str| Event::Paste(text.to_owned());
        let mut reader = Reader::default();
        assert_eq!(
            reader.take(paste("please\r\nbuy \u{1b}[31mbread\r"), true, MS(0)),
            [Typed::Pasted("please buy [31mbread".to_owned())]
        );
        assert_eq!(reader.take(paste("r"), false, MS(1)), [Typed::Pasted("r".to_owned())]);
    }

    /// It ended a session with a SHARP on the record that nobody had said.
    #[test]
    fn a_text_that_comes_as_keys_all_at_once_is_one_text() {
        let mut reader = Reader::default();
        let typed = at_once(&mut reader, "please buy bread\nand some more\n", MS(0));
        assert_eq!(typed, [Typed::Pasted("please buy bread and some more".to_owned())]);
        assert_eq!(at_once(&mut reader, "r", MS(1)), presses("r"));
    }

    #[test]
    fn the_same_text_typed_by_hand_is_its_keys() {
        let text = "you're at 2 sharp spots\n";
        assert_eq!(one_by_one(text, MS(1)), presses(text));
    }

    /// However slow the line: a key that is held, and a few that are pressed over and over in a fright.
    #[test]
    fn no_burst_of_a_hand_is_a_paste() {
        let again = |typed: &Typed| matches!(typed, Typed::Press(_) | Typed::Again(_));
        for keys in ["r".repeat(500), " ".repeat(500), "r xz".repeat(100), "r x z\n?".repeat(60)] {
            let typed = at_once(&mut Reader::default(), &keys, MS(0));
            assert_eq!(typed.len(), keys.chars().count());
            assert!(typed.iter().all(again), "{keys}");
        }
        let few = "nnbr x az!";
        assert!(at_once(&mut Reader::default(), few, MS(0)).iter().all(again));
    }

    #[test]
    fn a_key_that_no_text_has_is_itself_in_the_midst_of_any() {
        let mut reader = Reader::default();
        let stop = Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
        assert_eq!(reader.take(key('a'), true, MS(0)), []);
        let typed = reader.take(stop, true, MS(0));
        assert_eq!(typed, [Typed::Press(Press::Char('a')), Typed::Press(Press::Interrupt)]);
        assert_eq!(reader.take(key('r'), true, MS(0)), []);
        assert_eq!(
            reader.take(Event::Resize(80, 24), true, MS(0)),
            [presses("r"), vec![Typed::Resized]].concat()
        );
        // The terminal that said there was more is gone.
        assert_eq!(reader.take(key('x'), true, MS(900)), []);
        assert_eq!(reader.rest(MS(900)), presses("x"));
    }
}
