//! Reading a script file.

use core::ops::Range;
use core::time::Duration;
use std::collections::BTreeMap;

use coach::body::{Area, Region, Side, Toward};
use coach::screening::Question;
use coach::{Named, Phase, Rating, StoreState};
use toml::de::{DeTable, DeValue};

use super::pattern::{KINDS, Shape};
use super::{
    Air, Button, Expectation, Key, LinkChange, Pattern, Placed, Press, Run, Scalar, Screen, Script, Step, Target,
    Want, Warm,
};
use crate::fault::Faults;
use crate::reader::{Keys, Reader, Value, instead, quoted};

/// The most steps a script takes, those that `reach` stands for among them.
const STEPS_LIMIT: usize = 10_000;

/// The longest name of a plan, or path of a plan file.
const NAME_LIMIT: usize = 400;

/// How long `until` waits at most where it is not said: longer than any session between two touches.
const WITHIN: Duration = Duration::from_secs(60 * 60);

/// How long the battery is out where it is not said: longer than the signal takes to be Lost.
const BATTERY_OUT: Duration = Duration::from_secs(3);

/// How long a killed program is gone where it is not said.
const GONE: Duration = Duration::from_secs(5);

/// `hold = "a"`: past the 2 s of STOP.
const HOLD_BUTTON: Duration = Duration::from_millis(2_200);

/// `hold = "logo"`: past the 3 s after which a touch is a palm or cheek.
const HOLD_LOGO: Duration = Duration::from_millis(3_200);

/// The rating at rest where it is not said.
const RESTING: i64 = 2;

/// How much it bothers them to move where it is not said.
const BOTHER: i64 = 4;

const BUTTONS: &[(&str, Button)] = &[("a", Button::A), ("b", Button::B), ("logo", Button::Logo)];

const PRESSES: &[(&str, Press)] = &[
    ("a", Press::One(Button::A)),
    ("b", Press::One(Button::B)),
    ("logo", Press::One(Button::Logo)),
    ("chord", Press::Chord),
];

const NUDGES: &[(&str, Toward)] = &[
    ("left", Toward::Left),
    ("right", Toward::Right),
    ("up", Toward::Head),
    ("head", Toward::Head),
    ("down", Toward::Feet),
    ("feet", Toward::Feet),
];

const WARMS: &[(&str, Warm)] = &[("already", Warm::Already), ("minimum", Warm::Minimum), ("full", Warm::Full)];

const KEYS: &[(&str, Key)] = &[
    ("space", Key::Space),
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("left", Key::Left),
    ("right", Key::Right),
    ("up", Key::Up),
    ("down", Key::Down),
];

const STORES: &[(&str, StoreState)] = &[("fail", StoreState::Failed), ("recover", StoreState::Recovered)];

/// What a step can begin with, one of them a step.
const VERBS: &[&str] = &[
    "screen", "where", "warm", "ready", "reach", "wait", "nudge", "press", "long", "hold", "rate", "key", "link",
    "reset", "store", "gap", "kill", "until", "expect", "never",
];

/// How far `reach` can go, in the order of the session.
const REACH: &[&str] = &[
    "warming", "broad-strokes", "locating", "settling", "holding", "releasing", "flushing", "moving", "stretching",
    "heat", "finished",
];

impl Script {
    /// The script in this text.
    ///
    /// # Errors
    /// Everything wrong with it, each with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, Faults> {
        Reader::run(file, text, |reader, table| script(reader, table, file))
    }
}

fn script(reader: &mut Reader<'_>, table: &DeTable<'_>, file: &str) -> Option<Script> {
    todo!("{}{file}", reader.line(table.len()))
}
