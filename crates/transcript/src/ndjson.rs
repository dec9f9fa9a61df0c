//! Entries as NDJSON: one JSON object a line, `at_ms` and `kind` first.
//!
//! This is the form on the disk. What `export` and `--headless` print is the same with the sentence of each prompt
//! added, which [`parse`] takes and drops again.

use std::fmt;

use serde_json::Value;

use crate::entry::{Entry, Kind, LinkState};

/// A line that is not an entry.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// One entry as a line, without the line break.
#[must_use]
pub fn line(entry: &Entry) -> String {
    // Every key is a string and no part of an entry can refuse: there is nothing for this to fail on.
    serde_json::to_string(entry).unwrap_or_default()
}

/// The entry in this line; `number` is its place in the file, from 1, for the error.
///
/// # Errors
/// Where the line is not JSON, or not an entry of a kind this version knows, with exactly its fields.
pub fn parse(line: &str, number: usize) -> Result<Entry, ReadError> {
    let fail = |error: serde_json::Error| ReadError { line: number, reason: plain(&error) };
    let entry: Entry = if line.contains(r#""text""#) {
        serde_json::from_str(line).and_then(|value| serde_json::from_value(without_sentence(value)))
    } else {
        serde_json::from_str(line)
    }
    .map_err(fail)?;
    match entry.kind {
        Kind::Link { state: LinkState::Stale | LinkState::Lost | LinkState::Restarted, dial: Some(_) } => {
            Err(ReadError { line: number, reason: "a dial is only known while the link is live".to_owned() })
        }
        _ => Ok(entry),
    }
}

/// The entries of a whole file. Empty lines are passed over.
///
/// # Errors
/// At the first line that is no entry.
pub fn read(text: &str) -> Result<Vec<Entry>, ReadError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| parse(line, index + 1))
        .collect()
}

fn without_sentence(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut()
        && object.get("kind").and_then(Value::as_str) == Some("prompt")
    {
        object.remove("text");
    }
    value
}

/// The message without serde's own line number, which is that within the line and always 1.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Action, Answered, Means, Said, StoredSpot};
    use crate::header::{Header, PlanKept, SCHEMA, Versions};
    use crate::past::{ClearedKept, PastKept, PlaceBefore, WorkedKept};
    use coach::body::{Referral, Region, Side, Stand, Table, Toward};
    use coach::screening::{Answer, Feels, Question};
    use coach::{
        Alarm, Ask, Because, Day, Freshness, Learn, Level, Named, Outcome, Phase, Plan, Rating, Refusal,
        StoreState, What,
    };
    use proptest::collection::{btree_map, vec};
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn named<T: Named + fmt::Debug>() -> impl Strategy<Value = T> {
        select(T::ALL)
    }

    fn rating() -> impl Strategy<Value = Rating> {
        (1..=10u8).prop_filter_map("1 to 10 is a rating", Rating::new)
    }

    fn place() -> impl Strategy<Value = StoredSpot> {
        (named::<Side>(), any::<u8>(), any::<u8>()).prop_map(|(side, out_cm, down_cm)| StoredSpot {
            side,
            out_cm,
            down_cm,
        })
    }

    fn header() -> impl Strategy<Value = Header> {
        let names = [(); 2].map(|()| option::of(".{0,9}"));
        (
            ".{0,9}",
            option::of(any::<u64>()),
            names,
            vec(place(), 0..3),
            past(),
            (option::of(named::<Table>()), option::of(named::<Learn>())),
        )
            .prop_map(|(text, seed, [receiver, clicker], closed, past, (table, learn))| Header {
                id: text.clone(),
                versions: Versions { program: text.clone(), wire: text.clone(), schema: SCHEMA },
                plan: PlanKept::new(&Plan::partner(), text.clone()),
                seed,
                wall: text,
                receiver,
                closed,
                past,
                clicker,
                table,
                learn,
            })
    }

    fn day() -> impl Strategy<Value = Day> {
        (0..=9_999u16, 1..=12u8, 1..=31u8)
            .prop_filter_map("figures of a day", |(year, month, day)| Day::new(year, month, day))
    }

    fn past() -> impl Strategy<Value = PastKept> {
        let before = || {
            let before =
                (place(), any::<u64>()).prop_map(|(StoredSpot { side, out_cm, down_cm }, ago_ms)| {
                    PlaceBefore { side, out_cm, down_cm, ago_ms }
                });
            vec(before, 0..2)
        };
        let cleared = (named::<Question>(), day()).prop_map(|(question, on)| ClearedKept { question, on });
        let worked = (place(), any::<u64>(), any::<u64>()).prop_map(|(place, ago_ms, pressed_ms)| {
            let StoredSpot { side, out_cm, down_cm } = place;
            WorkedKept { side, out_cm, down_cm, ago_ms, pressed_ms }
        });
        (option::of(day()), vec(cleared, 0..2), vec(worked, 0..2), before())
            .prop_map(|(today, cleared, worked, sharps)| PastKept { today, cleared, worked, sharps })
    }

    fn means() -> impl Strategy<Value = Means> {
        use Means::{
            Again, Beside, Enough, Felt, Less, LetGo, More, No, Nudge, Numb, OnlySharp, Same, SameSpot,
            Sharp, Slipped, Spot, Stop, Yes,
        };
        prop_oneof![
            rating().prop_map(Means::Rating),
            rating().prop_map(Same),
            named::<Toward>().prop_map(Nudge),
            named::<Side>().prop_map(Felt),
            select(vec![
                Spot, No, Yes, Again, Beside, SameSpot, Enough, OnlySharp, Numb, Slipped, Less, More, LetGo,
                Sharp, Stop,
            ]),
        ]
    }

    fn action() -> impl Strategy<Value = Action> {
        use Action::{Again, AlreadyWarm, Back, End, GoOn, Move, No, Sharp, Spot, Stop, Where, Yes};
        prop_oneof![
            named::<Stand>().prop_map(Action::Stand),
            named::<Toward>().prop_map(Move),
            (named::<Side>(), named::<Region>()).prop_map(|(side, region)| Where { side, region }),
            select(vec![Stop, GoOn, Yes, No, Spot, Sharp, Again, AlreadyWarm, End, Back]),
        ]
    }

    fn value() -> impl Strategy<Value = crate::Value> {
        prop_oneof![any::<u32>().prop_map(crate::Value::Number), "[a-z-]{1,9}".prop_map(crate::Value::Name)]
    }

    fn answered() -> impl Strategy<Value = Answered> {
        prop_oneof![
            (named::<Side>(), named::<Region>()).prop_map(|(side, region)| Answered::Where { side, region }),
            (named::<Question>(), named::<Answer>(), option::of(day()))
                .prop_map(|(question, answer, on)| Answered::Answer { question, answer, on }),
            (place(), named::<Answer>(), any::<bool>()).prop_map(
                |(StoredSpot { side, out_cm, down_cm }, answer, since)| {
                    if since {
                        Answered::Since { side, out_cm, down_cm, answer }
                    } else {
                        Answered::Again { side, out_cm, down_cm, answer }
                    }
                }
            ),
            rating().prop_map(|rating| Answered::Resting { rating }),
            (rating(), any::<bool>()).prop_map(|(rating, after)| Answered::Bother { rating, after }),
        ]
    }

    fn input() -> impl Strategy<Value = Kind> {
        prop_oneof![
            (any::<u16>(), any::<u32>(), any::<u64>(), any::<bool>(), means(), any::<bool>()).prop_map(
                |(boot, seq, clicked_ms, late, means, passed)| Kind::Click {
                    boot,
                    seq,
                    clicked_ms,
                    late,
                    means,
                    passed
                }
            ),
            (any::<u16>(), any::<u32>(), named::<Alarm>()).prop_map(|(boot, seq, what)| Kind::Alarm {
                boot,
                seq,
                what
            }),
            action().prop_map(|action| Kind::Key { action }),
            option::of(rating()).prop_map(|dial| Kind::Link { state: LinkState::Live, dial }),
            select(vec![LinkState::Stale, LinkState::Lost, LinkState::Restarted])
                .prop_map(|state| Kind::Link { state, dial: None }),
            named::<StoreState>().prop_map(|state| Kind::Store { state }),
            any::<u64>().prop_map(|ms| Kind::Gap { ms }),
            ".{0,9}".prop_map(|wall| Kind::Resumed { wall }),
        ]
    }

    fn kind() -> impl Strategy<Value = Kind> {
        prop_oneof![
            8 => input(),
            1 => header().prop_map(|header| Kind::Session(Box::new(header))),
            1 => (named::<Phase>(), named::<Phase>(), named::<Because>())
                .prop_map(|(from, to, because)| Kind::Phase { from, to, because }),
            1 => place().prop_map(Kind::Spot),
            1 => (rating(), any::<bool>()).prop_map(|(value, late)| Kind::Rating { value, late }),
            1 => named::<Toward>().prop_map(|direction| Kind::Nudge { direction }),
            1 => named::<Ask>().prop_map(|what| Kind::Ask { what }),
            1 => (place(), named::<Referral>()).prop_map(|(StoredSpot { side, out_cm, down_cm }, referral)| Kind::Felt {
                side,
                out_cm,
                down_cm,
                referral
            }),
            1 => Just(Kind::Sharp {}),
            1 => named::<Freshness>().prop_map(|state| Kind::Freshness { state }),
            1 => ("[a-z-]{1,9}", named::<Level>(), btree_map("[a-z]{1,5}", value(), 0..3))
                .prop_map(|(id, level, args)| Kind::Prompt(Said { id, level, args })),
            1 => (named::<What>(), named::<Refusal>()).prop_map(|(what, why)| Kind::Refused { what, why }),
            1 => (named::<Outcome>(), named::<Because>(), any::<u64>(), any::<u64>()).prop_map(
                |(outcome, because, counted_ms, pressed_ms)| Kind::Hold { outcome, because, counted_ms, pressed_ms }
            ),
            1 => named::<Because>().prop_map(|because| Kind::Finished { because }),
            1 => (rating(), rating()).prop_map(|(value, of)| Kind::Guess { value, of }),
            1 => answered().prop_map(Kind::Screening),
            1 => (".{0,20}", option::of(".{0,9}"), option::of(any::<u32>()))
                .prop_map(|(text, wall, edits)| Kind::Note { text, wall, edits }),
            1 => (".{0,9}", named::<Feels>(), option::of(rating()), any::<bool>())
                .prop_map(|(wall, feels, bother, numb)| Kind::CheckIn { wall, feels, bother, numb }),
        ]
    }

    proptest! {
        #[test]
        fn every_entry_comes_back_from_its_line(at_ms: u64, kind in kind()) {
            let entry = Entry { at_ms, kind };
            let line = line(&entry);
            prop_assert!(!line.contains('\n'));
            let head = format!(r#"{{"at_ms":{at_ms},"kind":"{}""#, entry.kind.name());
            prop_assert!(line.starts_with(&head), "{line}");
            prop_assert_eq!(parse(&line, 1), Ok(entry));
        }

        #[test]
        fn an_input_is_the_same_for_the_coach_after_a_trip_to_the_disk(kind in input()) {
            let entry = Entry { at_ms: 7, kind };
            let back = parse(&line(&entry), 1).unwrap();
            prop_assert_eq!(back.kind.input(), entry.kind.input());
            prop_assert!(!back.kind.is_output());
        }

        #[test]
        fn rubbish_is_refused_and_never_a_panic(text in ".{0,80}") {
            prop_assert!(parse(&text, 1).is_err());
        }

        #[test]
        fn a_line_cut_short_or_changed_by_a_byte_is_refused_or_read_but_never_a_panic(
            kind in kind(), at in any::<prop::sample::Index>(), byte in 0x20..0x7fu8
        ) {
            let line = line(&Entry { at_ms: 7, kind });
            let index = at.index(line.len());
            if line.is_char_boundary(index) {
                prop_assert!(parse(&line[..index], 1).is_err());
            }
            let mut bytes = line.into_bytes();
            bytes[index] = byte;
            if let Ok(text) = String::from_utf8(bytes) {
                let _ = parse(&text, 1);
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        let good = r#"{"at_ms":0,"kind":"sharp"}"#;
        assert_eq!(error(&format!("{good}\n\nrubbish")), "line 3: expected value");
        assert_eq!(error(r#"{"kind":"sharp"}"#), "line 1: missing field `at_ms`");
        assert_eq!(error(r#"{"at_ms":1}"#), "line 1: missing field `kind`");
        assert_eq!(
            error(r#"{"at_ms":1,"kind":"rating","value":11,"late":false}"#),
            "line 1: invalid value: integer `11`, expected a rating of 1 to 10"
        );
        assert_eq!(
            error(r#"{"at_ms":1,"kind":"ask","what":"harder"}"#),
            "line 1: invalid value: string \"harder\", expected one of `less`, `more`, `softened`, `same`"
        );
        assert_eq!(
            error(r#"{"at_ms":1,"kind":"gap","ms":4,"secs":1}"#),
            "line 1: unknown field `secs`, expected `ms`"
        );
        assert_eq!(
            error(r#"{"at_ms":1,"kind":"link","state":"stale","dial":4}"#),
            "line 1: a dial is only known while the link is live"
        );
    }

    #[test]
    fn the_sentence_of_a_prompt_is_taken_and_dropped() {
        let said = r#"{"at_ms":1,"kind":"prompt","id":"flush","level":"calm","args":{}}"#;
        let spoken = r#"{"at_ms":1,"kind":"prompt","id":"flush","level":"calm","args":{},"text":"Flush."}"#;
        assert_eq!(parse(spoken, 1), parse(said, 1));
        assert!(parse(r#"{"at_ms":1,"kind":"sharp","text":"Hands off!"}"#, 1).is_err());
    }
}
