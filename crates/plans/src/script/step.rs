//! Reading one step of a script.

use core::time::Duration;
use std::collections::BTreeMap;

use coach::body::{Area, Region, Side, Toward};
use coach::screening::Question;
use coach::{Named, Phase, Rating, StoreState};
use toml::de::DeValue;

use super::expectation::{expectation, pattern};
use super::pattern::KINDS;
use super::reach::reach;
use super::{Button, Key, LinkChange, Pattern, Press, Screen, Step, Target, Warm};
use crate::reader::{Keys, Reader, Value, quoted, suggestion};

/// Default time limit of `until`: longer than any session goes without input.
pub(super) const WITHIN: Duration = Duration::from_secs(60 * 60);

/// Default time without a battery: long enough for the signal to be Lost.
const BATTERY_OUT: Duration = Duration::from_secs(3);

/// Default time until a killed program is started again.
const GONE: Duration = Duration::from_secs(5);

/// `hold = "a"`: longer than the 2 s of STOP.
const HOLD_BUTTON: Duration = Duration::from_millis(2_200);

/// `hold = "logo"`: longer than the 3 s after which a touch counts as a palm or cheek.
const HOLD_LOGO: Duration = Duration::from_millis(3_200);

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

const WARMS: &[(&str, Warm)] =
    &[("already", Warm::Already), ("minimum", Warm::Minimum), ("full", Warm::Full)];

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

/// Keys that a step can begin with; exactly one per step.
const VERBS: &[&str] = &[
    "screen", "where", "warm", "ready", "reach", "wait", "nudge", "press", "long", "hold", "rate", "guess",
    "key", "link", "reset", "store", "gap", "kill", "until", "expect", "never",
];

/// Reads one step; `reach` expands to several.
pub(super) fn step<'t>(reader: &mut Reader<'t>, item: &Value<'t>, first: bool) -> Option<Vec<Step>> {
    let mut keys = reader.keys("step", "a step", item)?;
    let mut verbs = VERBS.iter().filter_map(|&verb| keys.peek(verb).map(|value| (verb, value)));
    let (Some((verb, value)), more) = (verbs.next(), verbs.next()) else {
        let table = item.get_ref().as_table();
        let first = table.and_then(|table| table.keys().next());
        let reason = match first {
            Some(key) => {
                format!("no step is called {}{}", quoted(key.get_ref()), suggestion(key.get_ref(), VERBS))
            }
            None => "this step is empty".to_owned(),
        };
        reader.wrong(first.map_or(item.span(), |key| key.span()), reason);
        return None;
    };
    if let Some((other, _)) = more {
        reader.wrong(item.span(), format!("one step does one thing: `{verb}` and `{other}` are two"));
        return None;
    }
    let value = keys.take(verb).unwrap_or(value);
    let read = match verb {
        "screen" => screen(reader, value).map(Step::Screen),
        "where" => area(reader, value).map(Step::Where),
        "warm" => named(reader, verb, value, WARMS).map(Step::Warm),
        "ready" => flag(reader, verb, value).map(Step::Ready),
        "reach" => return reach(reader, value, first, keys),
        "wait" => reader.duration(verb, value).map(Step::Wait),
        "nudge" => named(reader, verb, value, NUDGES).map(Step::Nudge),
        "press" => named(reader, verb, value, PRESSES).map(Step::Press),
        "long" => named(reader, verb, value, BUTTONS).map(Step::Long),
        "hold" => hold(reader, &mut keys, value),
        "rate" => rating(reader, verb, value).map(Step::Rate),
        "guess" => rating(reader, verb, value).map(Step::Guess),
        "key" => key(reader, value).map(Step::Key),
        "link" => link(reader, &mut keys, value),
        "reset" => only(reader, verb, value, "clicker")
            .and(lasting(reader, &mut keys, BATTERY_OUT))
            .map(|out| Step::Reset { out }),
        "store" => named(reader, verb, value, STORES).map(Step::Store),
        "gap" => gap(reader, value),
        "kill" => only(reader, verb, value, "laptop")
            .and(lasting(reader, &mut keys, GONE))
            .map(|gone| Step::Kill { gone }),
        "until" => until(reader, &mut keys, value),
        "expect" => expectation(reader, value).map(Step::Expect),
        // The only verb left is `never`.
        _ => pattern(reader, verb, value).map(Step::Never),
    };
    keys.finish(reader);
    read.map(|step| vec![step])
}

fn named<T: Copy>(
    reader: &mut Reader<'_>,
    key: &str,
    value: &Value<'_>,
    all: &[(&'static str, T)],
) -> Option<T> {
    let names: Vec<&str> = all.iter().map(|&(name, _)| name).collect();
    reader.one_of(key, value, &names, |text| {
        all.iter().find(|&&(name, _)| name == text).map(|&(_, value)| value)
    })
}

fn only(reader: &mut Reader<'_>, key: &str, value: &Value<'_>, what: &str) -> Option<()> {
    reader.one_of(key, value, &[what], |text| (text == what).then_some(()))
}

fn flag(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<bool> {
    let flag = value.get_ref().as_bool();
    if flag.is_none() {
        reader.mistyped(key, value, "true or false");
    }
    flag
}

fn rating(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<Rating> {
    let number = reader.number(key, value, 1, 10)?;
    u8::try_from(number).ok().and_then(Rating::new)
}

fn question(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<Question> {
    let names: Vec<&str> = Question::ALL.iter().map(|question| question.name()).collect();
    reader.one_of(key, value, &names, Question::from_name)
}

fn questions<'t>(reader: &mut Reader<'t>, key: &str, value: &Value<'t>) -> Option<Vec<Question>> {
    let read: Vec<Option<Question>> =
        reader.list(key, value)?.iter().map(|item| question(reader, key, item)).collect();
    read.into_iter().collect()
}

fn screen<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Screen> {
    let clear = Screen::clear();
    match value.get_ref() {
        DeValue::String(_) => only(reader, "screen", value, "clear").map(|()| clear),
        DeValue::Array(_) => Some(Screen { yes: questions(reader, "screen", value)?, ..clear }),
        DeValue::Table(_) => {
            let mut keys = reader.keys("screen", "`screen`", value)?;
            let yes = keys.take("yes").map_or(Some(Vec::new()), |value| questions(reader, "yes", value));
            let cleared =
                keys.take("cleared").map_or(Some(Vec::new()), |value| questions(reader, "cleared", value));
            let resting =
                keys.take("resting").map_or(Some(clear.resting), |value| rating(reader, "resting", value));
            let bother =
                keys.take("bother").map_or(Some(clear.bother), |value| rating(reader, "bother", value));
            keys.finish(reader);
            let screen = Screen { yes: yes?, cleared: cleared?, resting: resting?, bother: bother? };
            if let Some(both) = screen.yes.iter().find(|question| screen.cleared.contains(question)) {
                let reason = format!("`{both}` is answered yes and cleared: it can be one of them");
                reader.wrong(value.span(), reason);
                return None;
            }
            Some(screen)
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            reader.mistyped("screen", value, "\"clear\", a list of questions answered yes, or a table");
            None
        }
    }
}

/// `"left upper trapezius"`, with spaces or hyphens.
fn area(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Area> {
    let text = reader.text("where", value)?;
    let (side, region) = text.split_once(' ').unwrap_or((text, ""));
    let Some(side) = Side::from_name(side) else {
        reader.wrong(
            value.span(),
            format!(
                "`where` begins with the receiver's side, left or right, as \"left rhomboids\", not {}",
                quoted(text)
            ),
        );
        return None;
    };
    if region.trim().is_empty() {
        reader.wrong(value.span(), "`where` names a side and no region, as \"left rhomboids\"");
        return None;
    }
    let wanted = region.trim().replace(' ', "-");
    let Some(region) = Region::from_name(&wanted) else {
        let names: Vec<&str> = Region::ALL.iter().map(|region| region.name()).collect();
        let hint = suggestion(&wanted, &names);
        reader.wrong(value.span(), format!("`where` has no region {}{hint}", quoted(region)));
        return None;
    };
    Some(Area { side, region })
}

fn lasting<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>, unless_said: Duration) -> Option<Duration> {
    match keys.take("for") {
        Some(value) => reader.duration("for", value),
        None => Some(unless_said),
    }
}

fn hold<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>, value: &Value<'t>) -> Option<Step> {
    let button = named(reader, "hold", value, BUTTONS);
    let enough = match button {
        Some(Button::Logo) => HOLD_LOGO,
        Some(Button::A | Button::B) | None => HOLD_BUTTON,
    };
    let lasting = lasting(reader, keys, enough)?;
    Some(Step::Hold { button: button?, lasting })
}

fn key(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Key> {
    let text = reader.text("key", value)?;
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && letter.is_ascii_graphic()
    {
        return Some(Key::Char(letter));
    }
    let known = KEYS.iter().find(|&&(name, _)| name == text).map(|&(_, key)| key);
    if known.is_none() {
        let names: Vec<&str> = KEYS.iter().map(|&(name, _)| name).collect();
        let hint = suggestion(text, &names);
        reader.wrong(
            value.span(),
            format!("`key` is one letter, digit or sign, or a name, not {}{hint}", quoted(text)),
        );
    }
    known
}

fn link<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>, value: &Value<'t>) -> Option<Step> {
    let what = reader.one_of("link", value, &["up", "down", "stall"], |text| {
        ["up", "down", "stall"].into_iter().find(|&known| known == text)
    })?;
    let change = match what {
        "up" => LinkChange::Up,
        "down" => LinkChange::Down,
        _ => {
            let value = keys.need(reader, "for")?;
            LinkChange::Stall(reader.duration("for", value)?)
        }
    };
    Some(Step::Link(change))
}

/// A gap of up to 1 s is no gap: the laptop counts as slow.
fn gap(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Step> {
    let lasting = reader.duration("gap", value)?;
    if lasting <= Duration::from_secs(1) {
        reader.wrong(value.span(), "`gap` has to be longer than 1 s: less does not count as standing still");
        return None;
    }
    Some(Step::Gap(lasting))
}

fn until<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>, value: &Value<'t>) -> Option<Step> {
    let within = match keys.take("within") {
        Some(value) => reader.duration("within", value),
        None => Some(WITHIN),
    };
    let what = if value.get_ref().is_table() {
        Target::Entry(pattern(reader, "until", value)?)
    } else {
        // A phase takes precedence over a kind of entry of the same name: "finished" is both, and they come together.
        let text = reader.text("until", value)?;
        match (Phase::from_name(text), KINDS.iter().find(|(kind, _)| *kind == text)) {
            (Some(phase), _) => Target::Phase(phase),
            (None, Some((kind, _))) => Target::Entry(Pattern { kind, matchers: BTreeMap::new() }),
            (None, None) => {
                let phases = Phase::ALL.iter().map(|phase| phase.name());
                let all: Vec<&str> = phases.chain(KINDS.iter().map(|(kind, _)| *kind)).collect();
                let hint = suggestion(text, &all);
                reader.wrong(
                    value.span(),
                    format!("`until` waits for a phase or a kind of entry, not {}{hint}", quoted(text)),
                );
                return None;
            }
        }
    };
    Some(Step::Until { what, within: within? })
}
