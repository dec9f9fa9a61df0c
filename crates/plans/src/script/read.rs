//! Reads the top-level keys of a script file. Steps are read in `step`, expectations in `expectation`.

use core::time::Duration;

use coach::body::{Side, Spot, Table};
use coach::screening::Question;
use coach::{Before, Cleared, Day, Named, Past, Phase, Pressed, Worked};
use toml::de::DeTable;

use super::expectation::{expectation, pattern};
use super::step::step;
use super::{Air, Run, Script, Step, WithLine};
use crate::diagnostic::Diagnostics;
use crate::plan;
use crate::reader::{Keys, Reader, Value, quoted, suggestion};

/// Maximum number of steps, with `reach` expanded.
const MAX_STEPS: usize = 10_000;

/// Maximum length of a plan's name or path, in bytes.
const MAX_NAME_LEN: usize = 400;

/// Maximum age of an earlier session, in hours: one year.
const MAX_HOURS: i64 = 366 * 24;

impl Script {
    /// Parses a script.
    ///
    /// # Errors
    /// All errors, each with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        Reader::run(file, text, |reader, table| script(reader, table, file))
    }
}

fn script<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>, file: &str) -> Option<Script> {
    let mut keys = Keys::of(table, 0..0, "a script");
    let about = keys.take("about").and_then(|value| reader.text("about", value)).map(str::to_owned);
    let plan = keys.take("plan").and_then(|value| plan_name(reader, value));
    let seed = keys.take("seed").map_or(Some(0), |value| reader.number("seed", value, 0, i64::MAX));
    let air = keys.take("air").map_or(Some(Air::default()), |value| air(reader, value));
    let closed = match keys.take("closed") {
        Some(value) => placed(reader, "closed", value, spot),
        None => Some(Vec::new()),
    };
    let past = past(reader, &mut keys);
    let table = match keys.take("table") {
        Some(value) => {
            let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
            reader.one_of("table", value, &names, Table::from_name).map(Some)
        }
        None => Some(None),
    };
    let run = run(reader, &mut keys);
    let control = keys.take("control").map(|value| {
        let mut keys = reader.keys("control", "the control", value)?;
        let about = keys.take("about").and_then(|value| reader.text("about", value)).map(str::to_owned);
        let control = Run { about, ..self::run(reader, &mut keys)? };
        keys.finish(reader);
        Some(control)
    });
    keys.finish(reader);
    Some(Script {
        file: file.to_owned(),
        plan,
        seed: u64::try_from(seed?).ok()?,
        air: air?,
        closed: closed?.into_iter().map(|spot| spot.what).collect(),
        past: past?,
        table: table?,
        run: Run { about: about.clone(), ..run? },
        about,
        control: match control {
            Some(control) => Some(control?),
            None => None,
        },
    })
}

/// Name of a plan, or path of a plan file. Opening it checks whether the file exists.
fn plan_name(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<String> {
    let name = reader.text("plan", value)?;
    if name.is_empty() || name.len() > MAX_NAME_LEN || name.chars().any(char::is_control) {
        reader.wrong(value.span(), "`plan` is the name of a shipped plan, or a plan file ending in .toml");
        return None;
    }
    if !name.ends_with(".toml") && plan::shipped(name).is_none() {
        let hint = suggestion(name, &plan::names());
        let reason =
            format!("no plan named {} is shipped, and a plan file ends in .toml{hint}", quoted(name));
        reader.wrong(value.span(), reason);
        return None;
    }
    Some(name.to_owned())
}

fn air<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Air> {
    let mut keys = reader.keys("air", "the air", value)?;
    let delay = keys.take("delay").map_or(Some(Duration::ZERO), |value| reader.duration("delay", value));
    let lose =
        keys.take("lose").map_or(Some(0), |value| reader.number("lose", value, 2, i64::from(u32::MAX)));
    let double =
        keys.take("double").map_or(Some(0), |value| reader.number("double", value, 1, i64::from(u32::MAX)));
    keys.finish(reader);
    Some(Air { delay: delay?, lose: u32::try_from(lose?).ok()?, double: u32::try_from(double?).ok()? })
}

/// `{ side = "left", out = 5, down = 12 }`: centimetres from the spine and from the base of the skull.
fn spot<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Spot> {
    let mut keys = reader.keys("closed", "a closed spot", value)?;
    let at = place(reader, &mut keys, value);
    keys.finish(reader);
    at
}

fn place<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>, value: &Value<'t>) -> Option<Spot> {
    let side = keys.need(reader, "side").and_then(|value| {
        let names: Vec<&str> = Side::ALL.iter().map(|side| side.name()).collect();
        reader.one_of("side", value, &names, Side::from_name)
    });
    let out = keys.need(reader, "out").and_then(|value| reader.number("out", value, 0, 255));
    let down = keys.need(reader, "down").and_then(|value| reader.number("down", value, 0, 255));
    let spot = Spot::new(side?, u8::try_from(out?).ok()?, u8::try_from(down?).ok()?);
    if let Err(why) = spot {
        reader.wrong(value.span(), format!("there is no spot here: the ground is {why}"));
    }
    spot.ok()
}

/// What was worked in an earlier session was one hold of the shortest length that is done.
const HELD: Duration = Duration::from_secs(30);

/// Facts from earlier sessions of the receiver.
fn past<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>) -> Option<Past> {
    let today = keys.take("today").map(|value| day(reader, "today", value));
    let mut list = |name: &'static str, reader: &mut Reader<'t>| match keys.take(name) {
        Some(value) => placed(reader, name, value, before),
        None => Some(Vec::new()),
    };
    let (worked, sharps) = (list("worked", reader), list("sharps", reader));
    let cleared = match keys.take("cleared") {
        Some(value) => placed(reader, "cleared", value, cleared),
        None => Some(Vec::new()),
    };
    let today = match today {
        Some(today) => Some(today?),
        None => None,
    };
    let held = |before: Before| Worked { pressed: Pressed::new(before.spot, HELD), ago: before.ago };
    Some(Past {
        today,
        cleared: cleared?.into_iter().map(|one| one.what).collect(),
        worked: worked?.into_iter().map(|one| held(one.what)).collect(),
        sharps: sharps?.into_iter().map(|one| one.what).collect(),
    })
}

/// A spot and its age in hours.
fn before<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Before> {
    let mut keys = reader.keys("before", "a spot of before", value)?;
    let spot = place(reader, &mut keys, value);
    let hours = keys.need(reader, "hours").and_then(|value| reader.number("hours", value, 0, MAX_HOURS));
    keys.finish(reader);
    let ago = Duration::from_secs(u64::try_from(hours?).ok()? * 3_600);
    Some(Before { spot: spot?, ago })
}

fn cleared<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Cleared> {
    let mut keys = reader.keys("cleared", "an earlier answer", value)?;
    let question = keys.need(reader, "question").and_then(|value| {
        let names: Vec<&str> = Question::ALL.iter().map(|question| question.name()).collect();
        reader.one_of("question", value, &names, Question::from_name)
    });
    let on = keys.need(reader, "on").and_then(|value| day(reader, "on", value));
    keys.finish(reader);
    Some(Cleared { question: question?, on: on? })
}

fn day(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<Day> {
    let text = reader.text(key, value)?;
    let day = Day::from_text(text);
    if day.is_none() {
        let what = "is a day of the calendar, as \"2026-11-22\", not";
        reader.wrong(value.span(), format!("`{key}` {what} {}", quoted(text)));
    }
    day
}

fn run<'t>(reader: &mut Reader<'t>, keys: &mut Keys<'_, 't>) -> Option<Run> {
    let steps = keys.need(reader, "steps").and_then(|value| steps(reader, value));
    let reached = keys.peek("steps").and_then(reached);
    let expect = match keys.take("expect") {
        Some(value) => placed(reader, "expect", value, expectation),
        None => Some(Vec::new()),
    };
    let never = match keys.take("never") {
        Some(value) => placed(reader, "never", value, |reader, value| pattern(reader, "never", value)),
        None => Some(Vec::new()),
    };
    Some(Run { about: None, reached, steps: steps?, expect: expect?, never: never? })
}

/// Reads every item of a list, also after an invalid one, so that all errors are reported.
fn placed<'v, 't, T>(
    reader: &mut Reader<'t>,
    key: &str,
    value: &'v Value<'t>,
    mut read: impl FnMut(&mut Reader<'t>, &'v Value<'t>) -> Option<T>,
) -> Option<Vec<WithLine<T>>> {
    let items = reader.list(key, value)?;
    let read: Vec<Option<WithLine<T>>> = items
        .iter()
        .map(|item| {
            let line = reader.line(item.span().start);
            read(reader, item).map(|what| WithLine { line, what })
        })
        .collect();
    read.into_iter().collect()
}

/// Target phase if the steps begin with `reach`. Its errors were reported when the step was read.
fn reached(steps: &Value<'_>) -> Option<Phase> {
    let first = steps.get_ref().as_array()?.first()?;
    Phase::from_name(first.get_ref().get("reach")?.get_ref().as_str()?)
}

fn steps<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Option<Vec<WithLine<Step>>> {
    let items = reader.list("steps", value)?;
    if items.is_empty() {
        reader.wrong(value.span(), "`steps` is empty: there is nothing to do");
        return None;
    }
    if items.len() > MAX_STEPS {
        reader.wrong(value.span(), format!("{} steps; the most is {MAX_STEPS}", items.len()));
        return None;
    }
    let mut all = Some(Vec::new());
    for (index, item) in items.iter().enumerate() {
        let line = reader.line(item.span().start);
        match (step(reader, item, index == 0), &mut all) {
            (Some(steps), Some(all)) => all.extend(steps.into_iter().map(|what| WithLine { line, what })),
            (Some(_), None) => {}
            (None, _) => all = None,
        }
    }
    all
}
