//! Plan files and the shipped plans.

use core::time::Duration;

use coach::{Broken, Field, Named, Plan, PlanParams, Rating, Rule, Technique};
use toml::de::DeTable;

use crate::diagnostic::Diagnostics;
use crate::reader::{Keys, Reader, Value, quoted, spelled};

/// Maximum length of a plan's name, in bytes.
const MAX_NAME_LEN: usize = 40;

/// A plan that ships with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Name by which it is chosen.
    pub name: &'static str,
    /// Description, one sentence.
    pub about: &'static str,
    /// Text of its file.
    pub text: &'static str,
}

const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "partner",
        about: "Somebody presses, you say where and how much: holds of 30 to 60 seconds, each followed by flush strokes.",
        text: include_str!("../plans/partner.toml"),
    },
    Shipped {
        name: "ball",
        about: "Alone: a ball between your back and a wall, holds of 20 to 30 seconds, then slow rolling.",
        text: include_str!("../plans/ball.toml"),
    },
    Shipped {
        name: "cane",
        about: "Alone: a hook or cane for places out of reach, holds of 20 to 30 seconds.",
        text: include_str!("../plans/cane.toml"),
    },
    Shipped {
        name: "pin-and-stretch",
        about: "Alone: the knot pinned against wall or floor, and the nearest limb moved in slow counted repetitions.",
        text: include_str!("../plans/pin-and-stretch.toml"),
    },
    Shipped {
        name: "low-90",
        about: "As partner, and a hold may run to 90 seconds while every rating in it is fresh and 3 or less.",
        text: include_str!("../plans/low-90.toml"),
    },
    Shipped {
        name: "staircase",
        about: "As partner, and when a hold has eased by 2 the clicker asks you, at most twice, whether you want more.",
        text: include_str!("../plans/staircase.toml"),
    },
];

/// Label of a plan that uses background figures; shown wherever the plan is offered.
pub const BACKGROUND: &str = "background: from studies, not from the guide";

/// All shipped plans, the default first.
#[must_use]
pub const fn list() -> &'static [Shipped] {
    SHIPPED
}

/// Shipped plan with this name.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|plan| plan.name == name)
}

impl Shipped {
    /// Whether it uses background figures besides the given ones; such a plan is labelled with [`BACKGROUND`].
    #[must_use]
    pub fn is_background(&self) -> bool {
        shipped_figures(self.name).is_some_and(|figures| figures.is_background())
    }
}

/// Parameters of the shipped plan with this name.
fn shipped_figures(name: &str) -> Option<PlanParams> {
    let plan = shipped(name)?;
    // No recursion: shipped plans do not start from another plan.
    Reader::run(plan.name, plan.text, |reader, table| Some(figures(reader, table).figures)).ok()
}

/// File text of the shipped plan with this name.
#[must_use]
pub fn show(name: &str) -> Option<&'static str> {
    shipped(name).map(|plan| plan.text)
}

/// Names of all shipped plans.
pub(crate) fn names() -> Vec<&'static str> {
    SHIPPED.iter().map(|plan| plan.name).collect()
}

/// Parses a plan file.
///
/// # Errors
/// All errors, each with its line; for a value beyond its limits, the rule that it breaks.
pub fn parse(file: &str, text: &str) -> Result<Plan, Diagnostics> {
    Reader::run(file, text, read)
}

/// Writes a plan as a plan file with every parameter; [`parse`] returns the same plan.
#[must_use]
pub fn text(plan: &Plan) -> String {
    let mut text = format!("name = {}\ntechnique = {}\n", quoted(&plan.name), quoted(plan.technique.name()));
    for &field in Field::ALL {
        text.push_str(&format!("{} = {}\n", field.name(), ParamValue::of(plan, field).written()));
    }
    text
}

/// Content of a plan file before the coach's rules are applied.
struct ParsedParams {
    figures: PlanParams,
    /// Whether every value was valid.
    right: bool,
}

/// Reads the parameters of a file over those of the plan that it starts from, or of its technique.
fn figures<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>) -> ParsedParams {
    let mut keys = Keys::of(table, 0..0, "a plan");
    let mut right = true;
    let from = keys.take("from");
    let base = from.and_then(|from| reader.one_of("from", from, &names(), shipped_figures));
    right &= base.is_some() == from.is_some();
    let named = keys.take("technique");
    let all: Vec<&str> = Technique::ALL.iter().map(|technique| technique.name()).collect();
    let technique = named.and_then(|value| reader.one_of("technique", value, &all, Technique::from_name));
    right &= technique.is_some() == named.is_some();
    if let (Some(base), Some(technique), Some(named)) = (&base, technique, named)
        && base.technique != technique
    {
        let reason = format!(
            "`technique` is {} in the plan that this one starts from, not {technique}",
            base.technique
        );
        reader.wrong(named.span(), reason);
        right = false;
    }
    if let Some(about) = keys.take("about") {
        right &= reader.text("about", about).is_some();
    }
    let name = keys.need(reader, "name").and_then(|value| name(reader, value));
    right &= name.is_some();
    let base = base.unwrap_or_else(|| PlanParams::given(technique.unwrap_or(Technique::Partner)));
    let mut figures = PlanParams { name: name.unwrap_or_default(), ..base };
    for &field in Field::ALL {
        if let Some(value) = keys.take(field.name()) {
            right &=
                ParamValue::read(reader, field, value).is_some_and(|figure| figure.put(field, &mut figures));
        }
    }
    keys.finish(reader);
    ParsedParams { figures, right }
}

fn read<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>) -> Option<Plan> {
    let ParsedParams { figures, right } = figures(reader, table);
    if !right {
        return None;
    }
    if shipped_figures(&figures.name).is_some_and(|shipped| shipped != figures) {
        let reason =
            format!("the plan named `{}` is shipped with other figures: choose another name", figures.name);
        reader.wrong(table.get("name")?.span(), reason);
        return None;
    }
    match Plan::build(figures.clone()) {
        Ok(plan) => Some(plan),
        Err(broken) => {
            for broken in broken {
                let (at, reason) = breach(table, &figures, broken);
                reader.wrong(at, reason);
            }
            None
        }
    }
}

fn name(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<String> {
    let name = reader.text("name", value)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > MAX_NAME_LEN || !name.chars().all(plain) {
        let reason = format!(
            "`name` is 1 to {MAX_NAME_LEN} small letters, digits and hyphens, as \"after-work\", not {}",
            quoted(name)
        );
        reader.wrong(value.span(), reason);
        return None;
    }
    Some(name.to_owned())
}

/// Position and text of a broken rule.
fn breach(table: &DeTable<'_>, figures: &PlanParams, broken: Broken) -> (core::ops::Range<usize>, String) {
    let Broken { field, rule } = broken;
    let figure = ParamValue::of(figures, field);
    let place = |field: Field| table.get(field.name()).map(|value| value.span());
    let at = match rule {
        Rule::NotAbove(other) => place(field).or_else(|| place(other)),
        Rule::Exactly(_) | Rule::Between { .. } => place(field),
    };
    let is = figure.said();
    let limit = |limit| figure.like(limit).said();
    let key = field.name();
    let reason = match rule {
        Rule::Between { .. } if matches!(figure, ParamValue::Flag(_)) => {
            format!("{key}: {is}, and it is only for plans in which another person presses")
        }
        Rule::Exactly(only) => format!("{key}: {is}, and it is fixed at {}", limit(only)),
        Rule::Between { least, .. } if figure.size() < least => match direction(field) {
            Direction::OnlyRaised => {
                format!("{key}: {is} is below the {} that a plan may only raise", limit(least))
            }
            Direction::OnlyLowered | Direction::Free => {
                format!("{key}: {is} is below the least, {}", limit(least))
            }
        },
        Rule::Between { most, .. } => match direction(field) {
            Direction::OnlyLowered => {
                format!("{key}: {is} is above the {} that a plan may only lower", limit(most))
            }
            Direction::OnlyRaised | Direction::Free => {
                format!("{key}: {is} is above the most, {}", limit(most))
            }
        },
        Rule::NotAbove(other) => {
            format!(
                "{key}: {is} is above {}, which is {}",
                other.name(),
                ParamValue::of(figures, other).said()
            )
        }
    };
    (at.unwrap_or(0..0), reason)
}

/// Direction in which a plan may change a parameter from its given value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    OnlyLowered,
    OnlyRaised,
    Free,
}

const fn direction(field: Field) -> Direction {
    match field {
        Field::HoldMax
        | Field::Ceiling
        | Field::HoldsPerSpot
        | Field::Holds
        | Field::HoldsPerRegion
        | Field::HoldsPerDay
        | Field::SessionMax => Direction::OnlyLowered,
        Field::Flush => Direction::OnlyRaised,
        Field::WarmMin
        | Field::WarmMax
        | Field::Strokes
        | Field::LocateMax
        | Field::LocateHint
        | Field::Settle
        | Field::HoldMin
        | Field::Release
        | Field::Moving
        | Field::Stretch
        | Field::Low90
        | Field::Staircase => Direction::Free,
    }
}

/// Value of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParamValue {
    Time(Duration),
    Rating(Rating),
    Count(u32),
    Flag(bool),
}

impl ParamValue {
    const fn of(figures: &PlanParams, field: Field) -> Self {
        match field {
            Field::WarmMin => Self::Time(figures.warm_min),
            Field::WarmMax => Self::Time(figures.warm_max),
            Field::Strokes => Self::Time(figures.strokes),
            Field::LocateMax => Self::Time(figures.locate_max),
            Field::LocateHint => Self::Time(figures.locate_hint),
            Field::Settle => Self::Time(figures.settle),
            Field::HoldMin => Self::Time(figures.hold_min),
            Field::HoldMax => Self::Time(figures.hold_max),
            Field::Ceiling => Self::Rating(figures.ceiling),
            Field::Release => Self::Time(figures.release),
            Field::Flush => Self::Time(figures.flush),
            Field::Moving => Self::Time(figures.moving),
            Field::Stretch => Self::Time(figures.stretch),
            Field::HoldsPerSpot => Self::Count(figures.holds_per_spot),
            Field::Holds => Self::Count(figures.holds),
            Field::HoldsPerRegion => Self::Count(figures.holds_per_region),
            Field::HoldsPerDay => Self::Count(figures.holds_per_day),
            Field::SessionMax => Self::Time(figures.session_max),
            Field::Low90 => Self::Flag(figures.low_90),
            Field::Staircase => Self::Flag(figures.staircase),
        }
    }

    /// Reads a value of the type that this field has.
    fn read(reader: &mut Reader<'_>, field: Field, value: &Value<'_>) -> Option<Self> {
        let key = field.name();
        match Self::of(&PlanParams::partner(), field) {
            Self::Time(_) => {
                // The rules use whole seconds, so fractions are rejected.
                let time = reader.duration(key, value)?;
                if time.subsec_nanos() > 0 {
                    let reason = format!("`{key}` is in whole seconds, not {} ms", time.as_millis());
                    reader.wrong(value.span(), reason);
                    return None;
                }
                Some(Self::Time(time))
            }
            Self::Rating(_) => {
                let number = reader.number(key, value, 1, 10)?;
                u8::try_from(number).ok().and_then(Rating::new).map(Self::Rating)
            }
            Self::Count(_) => {
                let number = reader.number(key, value, 0, i64::from(u32::MAX))?;
                u32::try_from(number).ok().map(Self::Count)
            }
            Self::Flag(_) => reader.flag(key, value).map(Self::Flag),
        }
    }

    /// Stores the value in its field; false if the types differ.
    fn put(self, field: Field, figures: &mut PlanParams) -> bool {
        let slot = match (field, self) {
            (Field::Ceiling, Self::Rating(rating)) => {
                figures.ceiling = rating;
                return true;
            }
            (Field::HoldsPerSpot, Self::Count(count)) => {
                figures.holds_per_spot = count;
                return true;
            }
            (Field::Holds, Self::Count(count)) => {
                figures.holds = count;
                return true;
            }
            (Field::HoldsPerRegion, Self::Count(count)) => {
                figures.holds_per_region = count;
                return true;
            }
            (Field::HoldsPerDay, Self::Count(count)) => {
                figures.holds_per_day = count;
                return true;
            }
            (Field::Low90, Self::Flag(flag)) => {
                figures.low_90 = flag;
                return true;
            }
            (Field::Staircase, Self::Flag(flag)) => {
                figures.staircase = flag;
                return true;
            }
            (Field::WarmMin, _) => &mut figures.warm_min,
            (Field::WarmMax, _) => &mut figures.warm_max,
            (Field::Strokes, _) => &mut figures.strokes,
            (Field::LocateMax, _) => &mut figures.locate_max,
            (Field::LocateHint, _) => &mut figures.locate_hint,
            (Field::Settle, _) => &mut figures.settle,
            (Field::HoldMin, _) => &mut figures.hold_min,
            (Field::HoldMax, _) => &mut figures.hold_max,
            (Field::Release, _) => &mut figures.release,
            (Field::Flush, _) => &mut figures.flush,
            (Field::Moving, _) => &mut figures.moving,
            (Field::Stretch, _) => &mut figures.stretch,
            (Field::SessionMax, _) => &mut figures.session_max,
            (
                Field::Ceiling
                | Field::HoldsPerSpot
                | Field::Holds
                | Field::HoldsPerRegion
                | Field::HoldsPerDay
                | Field::Low90
                | Field::Staircase,
                _,
            ) => {
                return false;
            }
        };
        match self {
            Self::Time(time) => {
                *slot = time;
                true
            }
            Self::Rating(_) | Self::Count(_) | Self::Flag(_) => false,
        }
    }

    /// Value as the coach's rules compare it: seconds, rating or count.
    const fn size(self) -> u64 {
        match self {
            Self::Time(time) => time.as_secs(),
            Self::Rating(rating) => rating.value() as u64,
            Self::Count(count) => count as u64,
            Self::Flag(flag) => flag as u64,
        }
    }

    /// Converts a limit of the rules to the same type.
    fn like(self, size: u64) -> Self {
        match self {
            Self::Time(_) => Self::Time(Duration::from_secs(size)),
            Self::Rating(_) | Self::Count(_) | Self::Flag(_) => {
                Self::Count(u32::try_from(size).unwrap_or(u32::MAX))
            }
        }
    }

    /// Text for a diagnostic: `75 s`, `7`.
    fn said(self) -> String {
        match self {
            Self::Time(time) => format!("{} s", time.as_secs()),
            Self::Rating(rating) => rating.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    /// Text for a plan file.
    fn written(self) -> String {
        match self {
            Self::Time(time) => format!("\"{}\"", spelled(time)),
            Self::Rating(rating) => rating.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}
