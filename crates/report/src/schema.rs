//! The form of a line of NDJSON, as a JSON Schema (2020-12) for those who read transcripts elsewhere.
//!
//! It is written by hand and held against the code by the tests below: every kind with exactly its fields, every
//! closed set with exactly its names.

/// The text of the schema.
pub const SCHEMA: &str = include_str!("../schema.json");

#[cfg(test)]
pub(crate) mod tests {
    use core::time::Duration;
    use std::collections::{BTreeMap, BTreeSet};

    use coach::body::{Referral, Region, Side, Spot, Stand, Table, Toward};
    use coach::screening::{Answer, Feels, Question};
    use coach::{
        Alarm, Ask, Because, Before, Cleared, Day, Freshness, Learn, Level, Named, Outcome, Past, Phase,
        Plan, PlanParams, Pressed, Prompt, Rating, Refusal, StoreState, Technique, What, Worked,
    };
    use serde_json::{Map, Value, json};
    use transcript::{
        Action, Answered, Entry, Header, Kind, LinkState, Means, PastKept, PlanKept, SCHEMA as VERSION,
        StoredSpot, Versions,
    };
    use words::Words;

    use super::SCHEMA;

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).unwrap()
    }

    fn rating() -> Rating {
        Rating::new(4).unwrap()
    }

    /// The header of a session with this receiver.
    pub(crate) fn header(receiver: &str) -> Header {
        Header {
            learn: None,
            id: "0189-a".to_owned(),
            versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: VERSION },
            plan: PlanKept::new(&Plan::partner(), ""),
            seed: None,
            wall: "2026-11-22T18:00:00Z".to_owned(),
            receiver: Some(receiver.to_owned()),
            closed: vec![],
            past: PastKept::default(),
            clicker: Some("C0:12:34:56:78:9A".to_owned()),
            table: None,
        }
    }

    /// A receiver with every optional fact.
    fn past() -> PastKept {
        let on = Day::new(2026, 11, 20).unwrap();
        let before = Before { spot: Spot::new(Side::Left, 6, 12).unwrap(), ago: Duration::from_secs(72_000) };
        PastKept::from(Past {
            today: Day::new(2026, 11, 22),
            cleared: vec![Cleared { question: Question::Clot, on }],
            worked: vec![Worked {
                pressed: Pressed::new(before.spot, Duration::from_secs(35)),
                ago: before.ago,
            }],
            sharps: vec![before],
        })
    }

    /// At least one entry of every kind; where a field may be left out, one with it and one without.
    pub(crate) fn samples() -> Vec<Entry> {
        let place = StoredSpot::from(Spot::new(Side::Right, 6, 12).unwrap());
        let header = |seed, receiver: Option<&str>, closed, clicker: Option<&str>| {
            Kind::Session(Box::new(Header {
                id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
                versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: VERSION },
                plan: PlanKept::new(&Plan::partner(), "# text"),
                seed,
                wall: "2026-11-22T18:00:00Z".to_owned(),
                receiver: receiver.map(str::to_owned),
                closed,
                past: if receiver.is_some() { past() } else { PastKept::default() },
                clicker: clicker.map(str::to_owned),
                table: clicker.map(|_| Table::Bed),
                learn: clicker.map(|_| Learn::Offered),
            }))
        };
        let click =
            |means, passed| Kind::Click { boot: 3, seq: 14, clicked_ms: 15, late: true, means, passed };
        let led_by = |figures| {
            let mut kind = header(None, None, vec![], None);
            if let Kind::Session(header) = &mut kind {
                header.plan = PlanKept::new(&Plan::build(figures).unwrap(), "");
            }
            kind
        };
        let check_in = |bother| Kind::CheckIn {
            wall: "2026-11-23T08:00:00Z".to_owned(),
            feels: Feels::Sore,
            bother,
            numb: false,
        };
        let given = PlanParams::given;
        let mut kinds = vec![
            led_by(given(Technique::PinAndStretch)),
            led_by(PlanParams { low_90: true, staircase: true, ..given(Technique::Partner) }),
            header(None, None, vec![], None),
            header(Some(u64::MAX), Some("Ada"), vec![place], Some("C0:12:34:56:78:9A")),
            click(Means::Rating(rating()), true),
            Kind::Alarm { boot: 3, seq: 14, what: Alarm::Stop },
            Kind::Link { state: LinkState::Live, dial: None },
            Kind::Link { state: LinkState::Live, dial: Some(rating()) },
            Kind::Link { state: LinkState::Stale, dial: None },
            Kind::Link { state: LinkState::Lost, dial: None },
            Kind::Link { state: LinkState::Restarted, dial: None },
            Kind::Store { state: StoreState::Failed },
            Kind::Gap { ms: 9_000 },
            Kind::Resumed { wall: "2026-11-22T18:00:00Z".to_owned() },
            Kind::Phase { from: Phase::Settling, to: Phase::Holding, because: Because::Time },
            Kind::Spot(place),
            Kind::Rating { value: rating(), late: false },
            Kind::Nudge { direction: Toward::Head },
            Kind::Ask { what: Ask::Less },
            Kind::Sharp {},
            Kind::Felt { side: Side::Left, out_cm: 1, down_cm: 8, referral: Referral::BaseOfNeck },
            Kind::Freshness { state: Freshness::Stale },
            Kind::Prompt(Prompt::Flush.into()),
            Kind::Prompt(Prompt::EaseOff { rating: rating() }.into()),
            Kind::Prompt(Prompt::Refused { what: What::Spot, why: Refusal::FlushFirst }.into()),
            Kind::Refused { what: What::Spot, why: Refusal::TooLate },
            Kind::Hold {
                outcome: Outcome::Cut,
                because: Because::Lost,
                counted_ms: 12_000,
                pressed_ms: 19_000,
            },
            Kind::Guess { value: rating(), of: Rating::new(7).unwrap() },
            Kind::Finished { because: Because::Enough },
            Kind::Screening(Answered::Where { side: Side::Left, region: Region::Rhomboids }),
            Kind::Screening(Answered::Answer {
                question: Question::Clot,
                answer: Answer::Cleared,
                on: Day::new(2026, 11, 20),
            }),
            Kind::Screening(Answered::Answer { question: Question::Fever, answer: Answer::No, on: None }),
            Kind::Screening(Answered::Since { side: Side::Left, out_cm: 6, down_cm: 12, answer: Answer::No }),
            Kind::Screening(Answered::Again {
                side: Side::Left,
                out_cm: 6,
                down_cm: 12,
                answer: Answer::Yes,
            }),
            Kind::Screening(Answered::Resting { rating: rating() }),
            Kind::Screening(Answered::Bother { rating: rating(), after: true }),
            Kind::Note { text: "softer".to_owned(), wall: None, edits: None },
            Kind::Note {
                text: "softer".to_owned(),
                wall: Some("2026-11-22T18:00:00Z".to_owned()),
                edits: Some(17),
            },
            check_in(Some(rating())),
            check_in(None),
        ];
        kinds.extend(every_means().into_iter().map(|means| click(means, false)));
        kinds.extend(every_action().into_iter().map(|action| Kind::Key { action }));
        kinds.into_iter().map(|kind| Entry { at_ms: 16, kind }).collect()
    }

    fn every_means() -> Vec<Means> {
        vec![
            Means::Rating(rating()),
            Means::Same(rating()),
            Means::Nudge(Toward::Feet),
            Means::Spot,
            Means::No,
            Means::Yes,
            Means::Again,
            Means::Beside,
            Means::SameSpot,
            Means::Enough,
            Means::OnlySharp,
            Means::Numb,
            Means::Slipped,
            Means::Felt(Side::Left),
            Means::Less,
            Means::More,
            Means::LetGo,
            Means::Sharp,
            Means::Stop,
        ]
    }

    fn every_action() -> Vec<Action> {
        vec![
            Action::Stop,
            Action::GoOn,
            Action::Yes,
            Action::No,
            Action::Spot,
            Action::Sharp,
            Action::Again,
            Action::Stand(Stand::AtHead),
            Action::Move(Toward::Left),
            Action::Where { side: Side::Left, region: Region::LumbarErectors },
            Action::AlreadyWarm,
            Action::Lesson,
            Action::Guess(rating()),
            Action::End,
            Action::Back,
        ]
    }

    /// A new variant does not compile here until it has been given the next number, and then fails the test below
    /// until it is sampled.
    fn number(kind: &Kind) -> usize {
        match kind {
            Kind::Session(_) => 0,
            Kind::Click { .. } => 1,
            Kind::Alarm { .. } => 2,
            Kind::Key { .. } => 3,
            Kind::Link { .. } => 4,
            Kind::Store { .. } => 5,
            Kind::Gap { .. } => 6,
            Kind::Resumed { .. } => 7,
            Kind::Phase { .. } => 8,
            Kind::Spot(_) => 9,
            Kind::Rating { .. } => 10,
            Kind::Nudge { .. } => 11,
            Kind::Ask { .. } => 12,
            Kind::Sharp {} => 13,
            Kind::Freshness { .. } => 14,
            Kind::Prompt(_) => 15,
            Kind::Refused { .. } => 16,
            Kind::Hold { .. } => 17,
            Kind::Finished { .. } => 18,
            Kind::Note { .. } => 19,
            Kind::Screening(Answered::Where { .. }) => 20,
            Kind::Screening(Answered::Answer { .. }) => 21,
            Kind::Screening(Answered::Resting { .. }) => 22,
            Kind::Screening(Answered::Bother { .. }) => 23,
            Kind::CheckIn { .. } => 24,
            Kind::Guess { .. } => 25,
            Kind::Felt { .. } => 26,
            Kind::Screening(Answered::Since { .. }) => 27,
            Kind::Screening(Answered::Again { .. }) => 28,
        }
    }

    #[test]
    fn every_kind_has_exactly_its_fields() {
        let (schema, words) = (schema(), Words::english());
        let branches = schema["oneOf"].as_array().unwrap();
        let samples = samples();
        let sampled: BTreeSet<usize> = samples.iter().map(|entry| number(&entry.kind)).collect();
        assert_eq!(
            sampled,
            (0..branches.len()).collect(),
            "a sample of every kind, and a kind for every branch"
        );

        // Both forms: as stored, and as printed.
        let lines = samples
            .iter()
            .flat_map(|entry| [transcript::ndjson::line(entry), crate::ndjson::line(entry, &words)]);
        let mut seen: BTreeMap<usize, Vec<BTreeSet<String>>> = BTreeMap::new();
        for line in lines {
            let value: Value = serde_json::from_str(&line).unwrap();
            let fits: Vec<usize> =
                (0..branches.len()).filter(|&n| check(&schema, &branches[n], &value).is_ok()).collect();
            assert_eq!(fits.len(), 1, "{line} fits the branches {fits:?}");
            seen.entry(fits[0]).or_default().push(value.as_object().unwrap().keys().cloned().collect());
        }
        for (n, branch) in branches.iter().enumerate() {
            let fields = &seen[&n];
            let ever = fields.iter().flatten().cloned().collect::<BTreeSet<_>>();
            let always = ever.iter().filter(|field| fields.iter().all(|set| set.contains(*field)));
            let name = &branch["properties"]["kind"]["const"];
            assert_eq!(ever, keys(&branch["properties"]), "fields of {name}");
            assert_eq!(always.cloned().collect::<BTreeSet<_>>(), strings(&branch["required"]), "of {name}");
        }
    }

    #[test]
    fn every_closed_set_has_exactly_its_names() {
        fn names<T: Named>() -> BTreeSet<String> {
            T::ALL.iter().map(|value| value.name().to_owned()).collect()
        }
        let schema = schema();
        let sets = [
            ("alarm", names::<Alarm>()),
            ("answer", names::<Answer>()),
            ("ask", names::<Ask>()),
            ("because", names::<Because>()),
            ("feels", names::<Feels>()),
            ("freshness", names::<Freshness>()),
            ("level", names::<Level>()),
            ("outcome", names::<Outcome>()),
            ("phase", names::<Phase>()),
            ("question", names::<Question>()),
            ("referral", names::<Referral>()),
            ("region", names::<Region>()),
            ("side", names::<Side>()),
            ("stand", names::<Stand>()),
            ("store_state", names::<StoreState>()),
            ("table", names::<Table>()),
            ("technique", names::<Technique>()),
            ("toward", names::<Toward>()),
            ("what", names::<What>()),
            ("why", names::<Refusal>()),
            ("prompt_id", Prompt::IDS.iter().map(|id| (*id).to_owned()).collect()),
        ];
        for (name, names) in sets {
            assert_eq!(strings(&schema["$defs"][name]["enum"]), names, "{name}");
        }
    }

    #[test]
    fn what_is_no_entry_does_not_fit() {
        let schema = schema();
        let good = json!({"at_ms": 1, "kind": "rating", "value": 10, "late": false});
        check(&schema, &schema, &good).unwrap();
        let with = |field: &str, value: Value| {
            let mut changed = good.clone();
            changed[field] = value;
            changed
        };
        for bad in [
            with("value", json!(11)),
            with("value", json!(0)),
            with("value", json!("4")),
            with("late", json!("no")),
            with("at_ms", json!(-1)),
            with("at_ms", json!(1.5)),
            with("kind", json!("score")),
            with("colour", json!("red")),
            json!({"at_ms": 1, "kind": "rating", "value": 10}),
            json!([good]),
        ] {
            assert!(check(&schema, &schema, &bad).is_err(), "{bad}");
        }
    }

    /// As much of JSON Schema as the schema uses. A keyword that is not known here fails, so that none is used that
    /// this does not check.
    fn check(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
        let fail = |why: &str| Err(format!("{value}: {why}"));
        for (keyword, argument) in schema.as_object().unwrap() {
            match keyword.as_str() {
                "$schema" | "title" | "description" | "$defs" => {}
                "$ref" => {
                    let target = root.pointer(argument.as_str().unwrap().trim_start_matches('#'));
                    check(root, target.unwrap_or_else(|| panic!("{argument} leads nowhere")), value)?;
                }
                "oneOf" => {
                    let branches = argument.as_array().unwrap();
                    let fits = branches.iter().filter(|branch| check(root, branch, value).is_ok()).count();
                    if fits != 1 {
                        return fail(&format!("fits {fits} of {}", branches.len()));
                    }
                }
                "const" if argument != value => return fail("is another constant"),
                "enum" if !argument.as_array().unwrap().contains(value) => return fail("is not in the set"),
                "const" | "enum" => {}
                "type" => {
                    let fits = match argument.as_str().unwrap() {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "boolean" => value.is_boolean(),
                        "integer" => value.is_u64() || value.is_i64(),
                        other => panic!("the type {other} is not checked"),
                    };
                    if !fits {
                        return fail(&format!("is no {argument}"));
                    }
                }
                "minimum" if value.as_i64().is_some_and(|n| n < argument.as_i64().unwrap()) => {
                    return fail("is too small");
                }
                "maximum" if value.as_u64().is_some_and(|n| n > argument.as_u64().unwrap()) => {
                    return fail("is too great");
                }
                "minimum" | "maximum" => {}
                "items" => {
                    value
                        .as_array()
                        .into_iter()
                        .flatten()
                        .try_for_each(|item| check(root, argument, item))?;
                }
                "required" => {
                    if let Some(missing) = strings(argument).difference(&keys(value)).next() {
                        return fail(&format!("`{missing}` is missing"));
                    }
                }
                "properties" => {
                    for (name, property) in argument.as_object().unwrap() {
                        if let Some(value) = value.get(name) {
                            check(root, property, value)?;
                        }
                    }
                }
                "additionalProperties" => {
                    let known = schema.get("properties").map(keys).unwrap_or_default();
                    for (name, value) in value.as_object().unwrap_or(&Map::new()) {
                        match argument {
                            _ if known.contains(name) => {}
                            Value::Bool(false) => return fail(&format!("`{name}` is unknown")),
                            argument => check(root, argument, value)?,
                        }
                    }
                }
                other => panic!("the keyword {other} is not checked"),
            }
        }
        Ok(())
    }

    fn keys(object: &Value) -> BTreeSet<String> {
        object.as_object().into_iter().flat_map(Map::keys).cloned().collect()
    }

    fn strings(array: &Value) -> BTreeSet<String> {
        array.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }
}
