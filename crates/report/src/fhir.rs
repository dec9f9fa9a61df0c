//! A session as an HL7 FHIR R4 Bundle of type `collection`, for records that professionals keep.
//!
//! Pseudonymous: the patient is "receiver", with neither the name nor anything made from it, and the clicker has no address.
//! No code is guessed: what has no verified code is text. Ratings are clicks on a scale of 1 to 10 without a 0, which is not
//! the coded item of 0 to 10 (LOINC 72514-3); so they carry a text of their own and their range, and nothing is rescaled.
//!
//! ```text
//! Patient <- Procedure (the session) <- Observation a hold <- Observation a rating, at its time
//!         <- QuestionnaireResponse (screening, where asked for)         Device (what was clicked)
//! ```
//!
//! In practice every resource is marked as test data (`meta.security` HTEST), and the Device names the kind of
//! practice.

use coach::body::Spot;
use coach::{Because, Rating};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use transcript::{Answered, Entry, Header, Kind, Practice, Presence};
use words::Words;

use crate::Private;
use crate::measure::{self, Hold, measure};

const PATIENT: &str = "receiver";
const SESSION: &str = "session";
const DEVICE: &str = "device";

/// The scale of every rating.
const SCALE: &str = "Rating clicked by the receiver, 1 to 10, 10 being the worst; the scale has no 0";

/// The wall time of the header cannot be parsed.
#[derive(Debug, thiserror::Error)]
#[error("the session's wall time `{0}` is no time: it was changed")]
pub struct NoTime(String);

/// The Bundle of a session.
///
/// # Errors
/// Where the session's wall time cannot be read.
pub fn bundle(header: &Header, entries: &[Entry], private: Private, words: &Words) -> Result<Value, NoTime> {
    let clock = Clock::read(header, entries)?;
    let measures = measure(entries);
    let mut resources = vec![
        json!({ "resourceType": "Patient", "id": PATIENT }),
        device(header),
        procedure(header, entries, &clock),
    ];
    for (number, hold) in (1_usize..).zip(&measures.holds) {
        resources.extend(hold.ratings.iter().zip(1_usize..).map(|((at, rating), nth)| {
            observation(
                &format!("hold-{number}-rating-{nth}"),
                SCALE,
                json!({
                    "effectiveDateTime": clock.wall(*at),
                    "valueInteger": rating.value(),
                    "referenceRange": [range()],
                    "partOf": [reference("Procedure", SESSION)],
                }),
            )
        }));
        resources.push(held(number, hold, &clock, words));
    }
    for (after, rating) in [false, true].into_iter().zip(measures.bother) {
        let Some(rating) = rating else { continue };
        let when = if after { "after" } else { "before" };
        resources.push(observation(
            &format!("bother-{when}"),
            &format!("How much does it bother you when you move, {when} the session, clicked by the receiver, 1 to 10"),
            json!({
                "effectiveDateTime": clock.wall(bother_at(entries, after)),
                "valueInteger": rating.value(),
                "referenceRange": [range()],
                "partOf": [reference("Procedure", SESSION)],
            }),
        ));
    }
    if private == Private::Included {
        resources.extend(screening(entries, &clock, words));
    }
    let mark = |mut resource: Value| {
        if header.practice().is_some() {
            resource["meta"] = json!({ "security": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
                "code": "HTEST",
                "display": "test health data",
            }] });
        }
        resource
    };
    let entry: Vec<Value> = resources
        .into_iter()
        .map(mark)
        .map(|resource| json!({ "fullUrl": full_url(header, &resource), "resource": resource }))
        .collect();
    Ok(mark(json!({
        "resourceType": "Bundle",
        "language": "en",
        "type": "collection",
        "timestamp": clock.wall(entries.last().map_or(0, |entry| entry.at_ms)),
        "entry": entry,
    })))
}

fn device(header: &Header) -> Value {
    let name = match header.practice() {
        None => "Unknot clicker",
        Some(Practice::Keyboard) => "Computer keyboard in place of a clicker: practice, nobody was touched",
        Some(Practice::Simulated { .. }) => "Simulated clicker: practice, nobody was touched",
    };
    json!({
        "resourceType": "Device",
        "id": DEVICE,
        "deviceName": [{ "name": name, "type": "user-friendly-name" }],
        "version": [
            { "type": { "text": "wire protocol" }, "value": header.versions.wire },
            { "type": { "text": "laptop program" }, "value": header.versions.program },
        ],
    })
}

fn procedure(header: &Header, entries: &[Entry], clock: &Clock) -> Value {
    let ended = entries.iter().rev().find_map(|entry| match entry.kind {
        Kind::Finished { because } => Some((entry.at_ms, because)),
        _ => None,
    });
    // Every other end is a stop, by either person or by a rule.
    let status = match ended {
        Some((_, Because::Enough | Because::Time | Because::Answered)) => "completed",
        Some(_) => "stopped",
        None => "unknown",
    };
    let end = ended.map_or_else(|| entries.last().map_or(0, |entry| entry.at_ms), |(at, _)| at);
    let mut procedure = json!({
        "resourceType": "Procedure",
        "id": SESSION,
        "identifier": [{ "value": header.id }],
        "status": status,
        "code": { "text": format!("Coached manual pressure on muscle knots of the back with flush strokes, plan {}", header.plan.name) },
        "subject": reference("Patient", PATIENT),
        "performedPeriod": { "start": clock.wall(0), "end": clock.wall(end) },
        "usedReference": [reference("Device", DEVICE)],
    });
    let presence = Presence::of(entries);
    if presence.away_ms > 0 {
        let present = presence.lasted_ms() / 1_000;
        let text = format!(
            "Lasted {present} s without the times in which nobody was there; the period contains these."
        );
        procedure["note"] = json!([{ "text": text }]);
    }
    if let Some((_, because)) = ended {
        procedure["outcome"] = json!({ "text": because.to_string() });
    }
    procedure
}

fn held(number: usize, hold: &Hold, clock: &Clock, words: &Words) -> Value {
    let mut components = vec![
        component(measure::COUNTED.1, quantity(hold.counted_ms)),
        component(measure::PRESSED.1, quantity(hold.pressed_ms)),
        component(
            "How it ended",
            json!({ "valueString": format!("{}: {}", words.name(hold.outcome), words.name(hold.because)) }),
        ),
        component(measure::ABOVE.1, quantity(hold.above_ms)),
    ];
    if let Some(ratings) = hold.start_peak_end() {
        for ((_, what), rating) in [measure::START, measure::PEAK, measure::END].into_iter().zip(ratings) {
            let value = json!({ "valueInteger": rating.value(), "referenceRange": [range()] });
            components.push(component(what, value));
        }
    }
    if let Some(eased) = hold.eased_after_ms {
        components.push(component(measure::EASED.1, quantity(eased)));
    }
    let members: Vec<Value> = (1..=hold.ratings.len())
        .map(|nth| reference("Observation", &format!("hold-{number}-rating-{nth}")))
        .collect();
    let mut rest = json!({
        "effectivePeriod": { "start": clock.wall(hold.began_ms), "end": clock.wall(hold.ended_ms) },
        "component": components,
        "partOf": [reference("Procedure", SESSION)],
    });
    if let Some(site) = site(hold, words) {
        rest["bodySite"] = json!({ "text": site });
    }
    if !members.is_empty() {
        rest["hasMember"] = Value::Array(members);
    }
    observation(
        &format!("hold-{number}"),
        &format!("Hold {number}: sustained pressure on a muscle knot"),
        rest,
    )
}

/// In words alone: for most of these muscles no code could be verified.
fn site(hold: &Hold, words: &Words) -> Option<String> {
    let place = hold.place?;
    let region = Spot::try_from(place).ok().map(|spot| format!(" {}", words.name(spot.area().region)));
    Some(format!(
        "{}{}, {} cm from the midline, {} cm below the base of the skull, by a sketch",
        words.name(place.side),
        region.unwrap_or_default(),
        place.out_cm,
        place.down_cm
    ))
}

fn screening(entries: &[Entry], clock: &Clock, words: &Words) -> Option<Value> {
    let answers: Vec<(u64, Value)> = entries
        .iter()
        .filter_map(|entry| match &entry.kind {
            Kind::Screening(Answered::Answer { question, answer, on: _ }) => Some((
                entry.at_ms,
                json!({
                    "linkId": question.to_string(),
                    "text": words.name(*question),
                    "answer": [{ "valueString": words.name(*answer) }],
                }),
            )),
            _ => None,
        })
        .collect();
    let (last, _) = answers.last()?;
    Some(json!({
        "resourceType": "QuestionnaireResponse",
        "id": "screening",
        "status": "completed",
        "subject": reference("Patient", PATIENT),
        "authored": clock.wall(*last),
        "item": answers.iter().map(|(_, item)| item).collect::<Vec<_>>(),
    }))
}

fn bother_at(entries: &[Entry], wanted: bool) -> u64 {
    let asked = |entry: &&Entry| matches!(entry.kind, Kind::Screening(Answered::Bother { after, .. }) if after == wanted);
    entries.iter().rev().find(asked).map_or(0, |entry| entry.at_ms)
}

/// An Observation with what every one of ours has.
fn observation(id: &str, what: &str, rest: Value) -> Value {
    let mut observation = json!({
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": { "text": what },
        "subject": reference("Patient", PATIENT),
        "device": reference("Device", DEVICE),
    });
    if let (Some(observation), Value::Object(rest)) = (observation.as_object_mut(), rest) {
        observation.extend(rest);
    }
    observation
}

fn component(what: &str, value: Value) -> Value {
    let mut component = json!({ "code": { "text": what } });
    if let (Some(component), Value::Object(value)) = (component.as_object_mut(), value) {
        component.extend(value);
    }
    component
}

/// A time in milliseconds, by its UCUM code.
fn quantity(ms: u64) -> Value {
    json!({ "valueQuantity": { "value": ms, "unit": "ms", "system": "http://unitsofmeasure.org", "code": "ms" } })
}

fn range() -> Value {
    json!({ "low": { "value": Rating::MIN.value() }, "high": { "value": Rating::MAX.value() }, "text": "the whole scale" })
}

fn reference(kind: &str, id: &str) -> Value {
    json!({ "reference": format!("{kind}/{id}") })
}

/// Unique to this session, so that two bundles can be put together; it resolves to nothing.
fn full_url(header: &Header, resource: &Value) -> String {
    let part = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
    format!("https://unknot.invalid/{}/{}/{}", header.id, part("resourceType"), part("id"))
}

/// Converts session time to wall time: from the beginning, and from each resumption on.
struct Clock(Vec<(u64, Timestamp)>);

impl Clock {
    fn read(header: &Header, entries: &[Entry]) -> Result<Self, NoTime> {
        let time = |wall: &String| wall.parse::<Timestamp>().map_err(|_| NoTime(wall.clone()));
        let mut anchors = vec![(0, time(&header.wall)?)];
        for entry in entries {
            if let Kind::Resumed { wall } = &entry.kind {
                anchors.push((entry.at_ms, time(wall)?));
            }
        }
        Ok(Self(anchors))
    }

    fn wall(&self, at_ms: u64) -> String {
        let before = self.0.iter().rev().find(|(from, _)| *from <= at_ms).or(self.0.first());
        let Some((from, wall)) = before else { return String::new() };
        let since = i64::try_from(at_ms - from).unwrap_or(i64::MAX);
        let wall = wall.saturating_add(SignedDuration::from_millis(since)).unwrap_or(Timestamp::MAX);
        // FHIR's instants have milliseconds.
        format!("{wall:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::tests::samples;

    fn sample() -> (Header, Vec<Entry>) {
        let entries = samples();
        let header = entries.iter().rev().find_map(|entry| match &entry.kind {
            Kind::Session(header) => Some((**header).clone()),
            _ => None,
        });
        (header.unwrap(), entries)
    }

    fn made(private: Private) -> Value {
        let (header, entries) = sample();
        bundle(&header, &entries, private, &Words::english()).unwrap()
    }

    #[test]
    fn nobody_is_named_and_every_reference_leads_somewhere() {
        let bundle = made(Private::LeftOut);
        let text = bundle.to_string();
        for name in ["Ada", "C0:12:34:56:78:9A", "softer"] {
            assert!(!text.contains(name), "{name}");
        }
        let ids: Vec<String> = bundle["entry"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                format!(
                    "{}/{}",
                    entry["resource"]["resourceType"].as_str().unwrap(),
                    entry["resource"]["id"].as_str().unwrap()
                )
            })
            .collect();
        for reference in text.split(r#""reference":""#).skip(1) {
            let reference = reference.split('"').next().unwrap();
            assert!(ids.iter().any(|id| id == reference), "{reference} is in none of {ids:?}");
        }
    }

    #[test]
    fn practice_is_marked_as_test_data_in_every_resource_and_has_no_clicker() {
        let (header, entries) = sample();
        let made = |header: &Header| bundle(header, &entries, Private::Included, &Words::english()).unwrap();
        assert_eq!(made(&header)["language"], "en");
        let real = Header { seed: None, clicker: Some("C0".to_owned()), ..header.clone() };
        let text = made(&real).to_string();
        assert!(!text.contains("HTEST") && text.contains("Unknot clicker"), "{text}");
        for (seed, name) in [(None, "Computer keyboard"), (Some(7), "Simulated clicker")] {
            let bundle = made(&Header { seed, clicker: None, ..header.clone() });
            let code = |resource: &Value| resource["meta"]["security"][0]["code"] == "HTEST";
            assert!(
                code(&bundle)
                    && bundle["entry"].as_array().unwrap().iter().all(|entry| code(&entry["resource"]))
            );
            let text = bundle.to_string();
            assert!(text.contains(name) && !text.contains("Unknot clicker"), "{text}");
        }
    }

    #[test]
    fn screening_is_there_only_where_it_is_asked_for() {
        let has = |private| made(private).to_string().contains("QuestionnaireResponse");
        assert!(has(Private::Included) && !has(Private::LeftOut));
    }

    #[test]
    fn a_session_taken_up_again_goes_on_with_the_wall() {
        let (header, _) = sample();
        let resumed =
            Entry { at_ms: 60_000, kind: Kind::Resumed { wall: "2026-11-23T09:00:00Z".to_owned() } };
        let clock = Clock::read(&header, &[resumed]).unwrap();
        assert_eq!(clock.wall(1_500), "2026-11-22T18:00:01.500Z");
        assert_eq!(clock.wall(61_000), "2026-11-23T09:00:01.000Z");
    }

    #[test]
    fn a_time_that_is_none_is_an_error() {
        let (header, entries) = sample();
        let header = Header { wall: "yesterday".to_owned(), ..header };
        let error = bundle(&header, &entries, Private::LeftOut, &Words::english()).unwrap_err();
        assert!(error.to_string().contains("yesterday"));
    }
}
