//! What the keys of a script do in a session: the same as on the keyboard.

use sim::KeyEffect;

use crate::keys::{self, Act, Clicker, Press};

/// What this key does, by the table that the program reads keys with; see [`sim::Keymap`].
#[must_use]
pub fn keymap(key: plans::Key, pressure_may_be_on: bool) -> Option<KeyEffect> {
    match keys::act(press(key), pressure_may_be_on, Clicker::OnKeyboard)? {
        Act::Partner(key) => Some(KeyEffect::Partner(key)),
        Act::Clicker(gesture) => Some(KeyEffect::Clicker(gesture)),
        // Words for a note or a guess, help and leaving are the program's own affair, not the session's.
        Act::Note | Act::Guess | Act::Help | Act::Leave | Act::Suspend => None,
    }
}

const fn press(key: plans::Key) -> Press {
    match key {
        plans::Key::Char(typed) => Press::Char(typed),
        plans::Key::Space => Press::Char(' '),
        plans::Key::Enter => Press::Enter,
        plans::Key::Esc => Press::Esc,
        plans::Key::Left => Press::Left,
        plans::Key::Right => Press::Right,
        plans::Key::Up => Press::Up,
        plans::Key::Down => Press::Down,
    }
}
