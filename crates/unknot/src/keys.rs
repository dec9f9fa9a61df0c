//! The one table of keys: what each does, and the words that tell it. Handling and help are both made of it.
//!
//! Letters are for sides and gestures; nothing here knows of terminals. Case matters: a capital is the long press of
//! the same button.

use coach::Key;
use coach::body::{Seen, Stand, Toward};
use sim::{Button, Gesture};
use tui::Deed;

/// A key, whatever it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// A character, as typed.
    Char(char),
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Escape.
    Esc,
    /// Enter.
    Enter,
    /// The end of a line piped in. It ends a note; it is no key, and so never a stray one that stops.
    LineEnd,
    /// Backspace.
    Backspace,
    /// Control-C: leave, with everything stored.
    Interrupt,
    /// Control-Z: step aside for the shell.
    Suspend,
    /// Any other key.
    Other,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The receiver's hand on the clicker.
    Clicker(Gesture),
    /// The partner's word.
    Partner(Key),
    /// A note is written.
    Note,
    /// The next key is what the partner guessed.
    Guess,
    /// The table is printed.
    Help,
    /// The program is left, and the session can be taken up again.
    Leave,
    /// The program stands still until the shell lets it go on; the time in between is a gap.
    Suspend,
}

/// Whose keys they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The receiver's clicker, played on the keyboard.
    Receiver,
    /// The partner's own keys.
    Partner,
}

/// Where the clicker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clicker {
    /// On this keyboard: practice.
    OnKeyboard,
    /// In the receiver's hand. What it does is not the keyboard's to do.
    InHand,
}

/// A line of the table.
#[derive(Debug)]
pub struct Row {
    /// Whose.
    pub whose: Whose,
    /// The keys as they are written.
    pub shown: &'static str,
    /// What they do, in words.
    pub what: &'static str,
    keys: &'static [(Press, Act)],
}

impl Row {
    /// The keys themselves.
    pub fn presses(&self) -> impl Iterator<Item = Press> {
        self.keys.iter().map(|(press, _)| *press)
    }
}

/// The table.
pub const TABLE: &[Row] = &[
    receiver(
        "a  ,",
        "button A: rating down, or no, or toward the receiver's left",
        &[
            (Press::Char('a'), Act::Clicker(Gesture::Short(Button::A))),
            (Press::Char(','), Act::Clicker(Gesture::Short(Button::A))),
        ],
    ),
    receiver(
        "b  .",
        "button B: rating up, or yes, or toward the receiver's right",
        &[
            (Press::Char('b'), Act::Clicker(Gesture::Short(Button::B))),
            (Press::Char('.'), Act::Clicker(Gesture::Short(Button::B))),
        ],
    ),
    receiver(
        "l  /",
        "the logo: same as before, that's the spot, or say it again",
        &[
            (Press::Char('l'), Act::Clicker(Gesture::Short(Button::Logo))),
            (Press::Char('/'), Act::Clicker(Gesture::Short(Button::Logo))),
        ],
    ),
    receiver(
        "A",
        "A long: less pressure, please; in locating: toward the head",
        &[(Press::Char('A'), Act::Clicker(Gesture::Long(Button::A)))],
    ),
    receiver(
        "B",
        "B long: more? (then l); in locating: toward the feet",
        &[(Press::Char('B'), Act::Clicker(Gesture::Long(Button::B)))],
    ),
    receiver(
        "L",
        "logo long, in a hold: it has let go",
        &[(Press::Char('L'), Act::Clicker(Gesture::Long(Button::Logo)))],
    ),
    receiver("x", "A and B together: SHARP, hands off", &[(Press::Char('x'), Act::Clicker(Gesture::SHARP))]),
    receiver("z", "A held for 2 seconds: STOP", &[(Press::Char('z'), Act::Clicker(Gesture::STOP))]),
    partner(
        "space",
        "STOP, always; while hands press, any key not listed too",
        &[(Press::Char(' '), Act::Partner(Key::Stop))],
    ),
    partner(
        "e",
        "end the session: pressure is off at once, then it is asked",
        &[(Press::Char('e'), Act::Partner(Key::End))],
    ),
    partner(
        "Enter  o",
        "go on, or take it, where the phase allows it",
        &[(Press::Enter, Act::Partner(Key::GoOn)), (Press::Char('o'), Act::Partner(Key::GoOn))],
    ),
    partner("y", "yes, to a question", &[(Press::Char('y'), Act::Partner(Key::Yes))]),
    partner("n", "no, to a question", &[(Press::Char('n'), Act::Partner(Key::No))]),
    partner("w", "the muscle is warm already", &[(Press::Char('w'), Act::Partner(Key::AlreadyWarm))]),
    partner(
        "k",
        "in the heat: the receiver tries the clicker for a minute",
        &[(Press::Char('k'), Act::Partner(Key::Lesson))],
    ),
    partner(
        "t",
        "that's the spot: proposes it, the receiver confirms",
        &[(Press::Char('t'), Act::Partner(Key::Spot))],
    ),
    partner("r", "SHARP, said aloud by the receiver", &[(Press::Char('r'), Act::Partner(Key::Sharp))]),
    partner("s", "say it again", &[(Press::Char('s'), Act::Partner(Key::Again))]),
    partner(
        "arrows",
        "in locating: move the spot; in the questions: the area",
        &[
            (Press::Up, Act::Partner(Key::Move(Toward::Head))),
            (Press::Down, Act::Partner(Key::Move(Toward::Feet))),
            (Press::Left, Act::Partner(Key::Move(Toward::Left))),
            (Press::Right, Act::Partner(Key::Move(Toward::Right))),
        ],
    ),
    partner(
        "1 2 3 4",
        "I stand at their left, their right, the head, the feet",
        &[
            (Press::Char('1'), Act::Partner(Key::Stand(Stand::LeftSide))),
            (Press::Char('2'), Act::Partner(Key::Stand(Stand::RightSide))),
            (Press::Char('3'), Act::Partner(Key::Stand(Stand::AtHead))),
            (Press::Char('4'), Act::Partner(Key::Stand(Stand::AtFeet))),
        ],
    ),
    partner("m", "write a note", &[(Press::Char('m'), Act::Note)]),
    partner("g", "in a flush: what I guessed; then 1 to 9, or 0 for 10", &[(Press::Char('g'), Act::Guess)]),
    partner("Esc", "one step back", &[(Press::Esc, Act::Partner(Key::Back))]),
    partner("?", "these keys", &[(Press::Char('?'), Act::Help)]),
    partner(
        "Ctrl-C",
        "leave; the session is stored and can be taken up again",
        &[(Press::Interrupt, Act::Leave)],
    ),
    partner("Ctrl-Z", "step aside for the shell: hands come off first", &[(Press::Suspend, Act::Suspend)]),
];

const fn receiver(shown: &'static str, what: &'static str, keys: &'static [(Press, Act)]) -> Row {
    Row { whose: Whose::Receiver, shown, what, keys }
}

const fn partner(shown: &'static str, what: &'static str, keys: &'static [(Press, Act)]) -> Row {
    Row { whose: Whose::Partner, shown, what, keys }
}

/// What a key of the partner means on a picture that is turned to where they stand: an arrow moves the way it points.
/// Alone the picture is not turned.
#[must_use]
pub const fn as_it_lies(key: Key, view: &coach::View) -> Key {
    let Key::Move(arrow) = key else { return key };
    if view.technique.is_alone() {
        return key;
    }
    let points = match arrow {
        Toward::Head => Seen::AwayFromYou,
        Toward::Feet => Seen::TowardYou,
        Toward::Left => Seen::YourLeft,
        Toward::Right => Seen::YourRight,
    };
    Key::Move(points.toward(view.stand))
}

/// What a key does on the start screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartAct {
    /// One line up in the list of receivers.
    Up,
    /// One line down.
    Down,
    /// The plan before the chosen one.
    PlanBefore,
    /// The plan after it.
    PlanAfter,
    /// Goes on with whoever is chosen.
    Choose,
    /// Someone else's name is typed.
    Name,
    /// Does this.
    Do(Deed),
    /// The table is shown.
    Help,
    /// One step back; there is none from here.
    Back,
}

/// A line of the start screen's table.
#[derive(Debug)]
pub struct StartRow {
    /// The keys as they are written.
    pub shown: &'static str,
    /// What they do, in words.
    pub what: &'static str,
    keys: &'static [(Press, StartAct)],
}

/// The table of the start screen.
pub const START: &[StartRow] = &[
    at_start("up down", "who lies down", &[(Press::Up, StartAct::Up), (Press::Down, StartAct::Down)]),
    at_start(
        "left right",
        "with which plan",
        &[(Press::Left, StartAct::PlanBefore), (Press::Right, StartAct::PlanAfter)],
    ),
    at_start(
        "Enter",
        "begin with a clicker where one is paired, else practise",
        &[(Press::Enter, StartAct::Choose)],
    ),
    at_start("i", "type a name", &[(Press::Char('i'), StartAct::Name)]),
    at_start("p", "practise", &[(Press::Char('p'), StartAct::Do(Deed::Practise))]),
    at_start("u", "take up the interrupted session", &[(Press::Char('u'), StartAct::Do(Deed::TakeUp))]),
    at_start("s", "a session with a clicker", &[(Press::Char('s'), StartAct::Do(Deed::Session))]),
    at_start(
        "k",
        "learn the clicker: a minute, and nobody is touched",
        &[(Press::Char('k'), StartAct::Do(Deed::Learn))],
    ),
    at_start("c", "pair a clicker", &[(Press::Char('c'), StartAct::Do(Deed::Pair))]),
    at_start("r", "look back", &[(Press::Char('r'), StartAct::Do(Deed::Review))]),
    at_start("q", "quit", &[(Press::Char('q'), StartAct::Do(Deed::Quit))]),
    at_start("Esc", "one step back", &[(Press::Esc, StartAct::Back)]),
    at_start("?", "these keys", &[(Press::Char('?'), StartAct::Help)]),
];

const fn at_start(shown: &'static str, what: &'static str, keys: &'static [(Press, StartAct)]) -> StartRow {
    StartRow { shown, what, keys }
}

/// What a press does on the start screen, if anything.
#[must_use]
pub fn start_act(press: Press) -> Option<StartAct> {
    START.iter().flat_map(|row| row.keys).find(|(key, _)| *key == press).map(|(_, act)| *act)
}

/// The key that does this on the start screen, as it is written.
#[must_use]
pub fn start_key(deed: Deed) -> &'static str {
    let row = START.iter().find(|row| row.keys.iter().any(|(_, act)| *act == StartAct::Do(deed)));
    row.map_or("", |row| row.shown)
}

/// What a press does, if anything. While hands may be pressing, whatever has no meaning of its own is STOP.
///
/// Where the receiver holds the clicker, its keys have no meaning, with one exception: the logo's, which is the
/// receiver's word and no stray key (product: "`l` in a hold is the receiver's word, not the partner's").
#[must_use]
pub fn act(press: Press, pressure_may_be_on: bool, clicker: Clicker) -> Option<Act> {
    let listed = TABLE.iter().flat_map(|row| row.keys).find(|(key, _)| *key == press).map(|(_, act)| *act);
    let listed = match (listed, clicker) {
        (Some(Act::Clicker(gesture)), Clicker::InHand)
            if pressure_may_be_on && gesture != Gesture::Short(Button::Logo) =>
        {
            None
        }
        (listed, Clicker::OnKeyboard | Clicker::InHand) => listed,
    };
    let stray = pressure_may_be_on && press != Press::LineEnd;
    listed.or(stray.then_some(Act::Partner(Key::Stop)))
}

/// The rating that a key stands for: a digit, and 0 for 10.
#[must_use]
pub fn guessed(press: Press) -> Option<coach::Rating> {
    let Press::Char(char) = press else { return None };
    let digit = u8::try_from(char.to_digit(10)?).ok()?;
    coach::Rating::new(if digit == 0 { 10 } else { digit })
}

/// The key that does this, as it is written; the first of them where there are several. Where the receiver holds the
/// clicker, what is pressed on it.
///
/// Hints name their keys by what they do, so that they cannot drift from the table.
#[must_use]
pub fn key_for(act: Act, clicker: Clicker) -> Option<&'static str> {
    if let (Act::Clicker(gesture), Clicker::InHand) = (act, clicker) {
        return CARD.iter().find(|(does, ..)| *does == gesture).map(|(_, shown, _)| *shown);
    }
    let row = TABLE.iter().find(|row| row.keys.iter().any(|(_, does)| *does == act))?;
    row.shown.split("  ").next()
}

/// The gestures of a clicker in the hand, as a card would have them.
const CARD: &[(Gesture, &str, &str)] = &[
    (Gesture::Short(Button::A), "A", "rating down, or no, or toward their left"),
    (Gesture::Short(Button::B), "B", "rating up, or yes, or toward their right"),
    (Gesture::Short(Button::Logo), "logo", "same as before, or that's the spot, or say it again"),
    (Gesture::Long(Button::A), "A long", "less pressure, please; in locating: toward the head"),
    (Gesture::Long(Button::B), "B long", "more? (then the logo); in locating: toward the feet"),
    (Gesture::Long(Button::Logo), "logo long", "in a hold: it has let go"),
    (Gesture::SHARP, "A+B", "both together: SHARP, hands off"),
    (Gesture::STOP, "A held", "A or B held for 2 seconds: STOP"),
];

/// The table in its groups: a title, and what is pressed and what it does below it.
pub fn groups(clicker: Clicker) -> impl Iterator<Item = (&'static str, Vec<(&'static str, &'static str)>)> {
    let of = |whose| -> Vec<_> {
        TABLE.iter().filter(|row| row.whose == whose).map(|row| (row.shown, row.what)).collect()
    };
    let partner = ("The partner's keys:", of(Whose::Partner));
    match clicker {
        Clicker::OnKeyboard => {
            [("The receiver's clicker, played on the keyboard:", of(Whose::Receiver)), partner]
        }
        Clicker::InHand => {
            let card = CARD.iter().map(|&(_, shown, what)| (shown, what)).collect();
            [partner, ("The clicker, in the receiver's hand:", card)]
        }
    }
    .into_iter()
}

/// The table in words, a line a row.
pub fn help(clicker: Clicker) -> impl Iterator<Item = String> {
    groups(clicker).flat_map(|(title, rows)| {
        let rows = rows.into_iter().map(|(shown, what)| format!("  {shown:9} {what}"));
        std::iter::once(title.to_owned()).chain(rows)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The picture is turned to where the partner stands, and an arrow moves the mark the way it points on it.
    #[test]
    fn an_arrow_moves_as_the_picture_lies() {
        let tui::Scene::Sitting(sitting) = tui::samples::running_hold() else { panic!("it is a session") };
        let mut view = sitting.view;
        for &stand in <Stand as coach::Named>::ALL {
            view.stand = stand;
            for (arrow, seen) in [
                (Toward::Head, Seen::AwayFromYou),
                (Toward::Feet, Seen::TowardYou),
                (Toward::Left, Seen::YourLeft),
                (Toward::Right, Seen::YourRight),
            ] {
                let Key::Move(toward) = as_it_lies(Key::Move(arrow), &view) else { panic!("it moves") };
                assert_eq!(toward.seen_from(stand), seen, "{arrow:?} from {stand:?}");
            }
        }
        view.technique = coach::Technique::Ball;
        assert_eq!(as_it_lies(Key::Move(Toward::Head), &view), Key::Move(Toward::Head), "it is not turned");
        assert_eq!(as_it_lies(Key::GoOn, &view), Key::GoOn);
    }

    /// They were cut off at the right edge of 80 columns.
    #[test]
    fn what_a_key_does_fits_beside_it() {
        let rows =
            [Clicker::OnKeyboard, Clicker::InHand].into_iter().flat_map(groups).flat_map(|(_, rows)| rows);
        for (shown, what) in rows.chain(START.iter().map(|row| (row.shown, row.what))) {
            assert!(what.chars().count() <= 60, "{shown}: {what}");
        }
    }

    #[test]
    fn no_key_has_two_meanings() {
        let keys: Vec<Press> = TABLE.iter().flat_map(|row| row.keys).map(|(key, _)| *key).collect();
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{key:?}");
        }
    }

    #[test]
    fn space_stops_whatever_goes_on() {
        for pressing in [true, false] {
            assert_eq!(act(Press::Char(' '), pressing, Clicker::OnKeyboard), Some(Act::Partner(Key::Stop)));
        }
    }

    #[test]
    fn a_stray_key_stops_only_while_hands_may_be_pressing() {
        for stray in [Press::Char('v'), Press::Char('é'), Press::Backspace, Press::Other] {
            assert_eq!(act(stray, true, Clicker::OnKeyboard), Some(Act::Partner(Key::Stop)));
            assert_eq!(act(stray, false, Clicker::OnKeyboard), None);
        }
        assert_eq!(act(Press::LineEnd, true, Clicker::OnKeyboard), None);
    }

    #[test]
    fn a_key_with_a_meaning_keeps_it_while_hands_may_be_pressing() {
        assert_eq!(act(Press::Char('t'), true, Clicker::OnKeyboard), Some(Act::Partner(Key::Spot)));
        assert_eq!(
            act(Press::Char('b'), true, Clicker::OnKeyboard),
            Some(Act::Clicker(Gesture::Short(Button::B)))
        );
    }

    #[test]
    fn everything_that_can_be_done_at_the_start_has_a_key_of_its_own() {
        let keys: Vec<Press> = START.iter().flat_map(|row| row.keys).map(|(key, _)| *key).collect();
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{key:?}");
        }
        use Deed::{Learn, Pair, Practise, Quit, Review, Session, TakeUp};
        for deed in [Session, TakeUp, Practise, Learn, Pair, Review, Quit] {
            assert!(!start_key(deed).is_empty(), "{deed:?}");
        }
    }

    #[test]
    fn help_tells_every_row() {
        let lines: Vec<String> = help(Clicker::OnKeyboard).collect();
        assert_eq!(lines.len(), TABLE.len() + 2);
        for row in TABLE {
            assert!(lines.iter().any(|line| line.contains(row.shown) && line.contains(row.what)), "{row:?}");
        }
    }

    #[test]
    fn a_digit_is_a_rating_and_nought_is_ten() {
        let value = |char| guessed(Press::Char(char)).map(coach::Rating::value);
        assert_eq!([value('1'), value('9'), value('0')], [Some(1), Some(9), Some(10)]);
        assert_eq!(
            [value('x'), value(' '), value('²'), guessed(Press::Enter).map(coach::Rating::value)],
            [None; 4]
        );
    }

    /// Everything the keyboard plays in practice, and nothing else.
    fn clickers() -> impl Iterator<Item = (Press, Gesture)> {
        TABLE.iter().flat_map(|row| row.keys).filter_map(|&(press, act)| match act {
            Act::Clicker(gesture) => Some((press, gesture)),
            _ => None,
        })
    }

    #[test]
    fn where_the_receiver_holds_the_clicker_its_keys_stop_while_hands_may_be_pressing() {
        for (press, gesture) in clickers() {
            let logo = gesture == Gesture::Short(Button::Logo);
            let does = if logo { Act::Clicker(gesture) } else { Act::Partner(Key::Stop) };
            assert_eq!(act(press, true, Clicker::InHand), Some(does), "{press:?}");
            // Elsewhere it is only told whose they are.
            assert_eq!(act(press, false, Clicker::InHand), Some(Act::Clicker(gesture)), "{press:?}");
        }
    }

    #[test]
    fn the_partners_keys_are_the_same_whoever_holds_the_clicker() {
        for (press, does) in TABLE.iter().flat_map(|row| row.keys) {
            if !matches!(does, Act::Clicker(_)) {
                for pressing in [true, false] {
                    assert_eq!(act(*press, pressing, Clicker::InHand), Some(*does), "{press:?}");
                }
            }
        }
    }

    #[test]
    fn everything_the_keyboard_plays_has_its_place_on_the_card() {
        for (press, gesture) in clickers() {
            let shown = key_for(Act::Clicker(gesture), Clicker::InHand);
            assert!(shown.is_some_and(|shown| !shown.is_empty()), "{press:?}");
        }
        let lines: Vec<String> = help(Clicker::InHand).collect();
        assert!(!lines.iter().any(|line| line.contains("played on the keyboard")), "{lines:#?}");
    }
}
