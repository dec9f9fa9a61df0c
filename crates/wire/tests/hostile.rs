//! Decoding of untrusted bytes: truncated, extended, newer, or arbitrary.

use proptest::prelude::*;
use wire::{
    Alarm, Cue, DecodeError, Dial, Frame, MAX_FRAME, Means, Message, Mode, Report, Tone, Toward, Version,
};

/// The longest form of every message: each field takes as many bytes as its type allows.
const REPORTS: [Report; 4] = [
    Report::Hello {
        boot: u16::MAX,
        first_boot: u16::MAX,
        first_seq: u32::MAX,
        version: Version { major: u8::MAX, minor: u8::MAX },
        session: u32::MAX,
    },
    Report::Clicked {
        boot: u16::MAX,
        seq: u32::MAX,
        uptime: u32::MAX,
        show: u16::MAX,
        means: Means::Nudge(Toward::Feet),
    },
    Report::Alarm { boot: u16::MAX, seq: u32::MAX, uptime: u32::MAX, what: Alarm::Stop },
    Report::Beat {
        boot: u16::MAX,
        uptime: u32::MAX,
        dial: Dial::new(10),
        next: u32::MAX,
        show: u16::MAX,
        alarm: true,
    },
];

const CUES: [Cue; 7] = [
    Cue::Welcome { session: u32::MAX, version: Version { major: u8::MAX, minor: u8::MAX }, alone: true },
    Cue::Ack { boot: u16::MAX, next: u32::MAX },
    Cue::AlarmStored { boot: u16::MAX, seq: u32::MAX },
    Cue::Show { number: u16::MAX, mode: Mode::Sides },
    Cue::Play { tone: Tone::Over },
    Cue::Pulse { show: u16::MAX, dial: Dial::new(10) },
    Cue::Bye { session: u32::MAX },
];

fn each_truncation_is_refused<M: Message + PartialEq + std::fmt::Debug>(message: &M) {
    let frame = Frame::of(message);
    let bytes = frame.as_bytes();
    assert_eq!(wire::decode::<M>(&bytes[..0]), Err(DecodeError::Empty));
    for length in 1..bytes.len() {
        assert_eq!(
            wire::decode::<M>(&bytes[..length]),
            Err(DecodeError::Malformed),
            "{message:?} at {length}"
        );
    }
}

fn growth_is_read_over<M: Message + PartialEq + std::fmt::Debug>(message: &M) {
    let frame = Frame::of(message);
    let mut grown = frame.as_bytes().to_vec();
    while grown.len() < MAX_FRAME {
        grown.push(0xff);
        assert_eq!(wire::decode::<M>(&grown).as_ref(), Ok(message), "grown to {}", grown.len());
    }
    grown.push(0xff);
    assert_eq!(wire::decode::<M>(&grown), Err(DecodeError::TooLong));
}

#[test]
fn every_truncation_of_every_message_is_refused() {
    REPORTS.iter().for_each(each_truncation_is_refused);
    CUES.iter().for_each(each_truncation_is_refused);
}

#[test]
fn every_message_may_grow_at_its_end_up_to_a_frame() {
    REPORTS.iter().for_each(growth_is_read_over);
    CUES.iter().for_each(growth_is_read_over);
}

#[test]
fn the_longest_beat_fills_a_frame() {
    // If there were space to spare, the cases above would not test the limit.
    assert_eq!(Frame::of(&REPORTS[3]).as_bytes().len(), MAX_FRAME);
}

#[test]
fn messages_of_a_newer_version_are_told_apart_from_broken_ones() {
    for tag in 4..=0x7f {
        assert_eq!(wire::decode::<Report>(&[tag, 1, 2]), Err(DecodeError::UnknownMessage { tag }));
    }
    for tag in 7..=0x7f {
        assert_eq!(wire::decode::<Cue>(&[tag, 1, 2]), Err(DecodeError::UnknownMessage { tag }));
    }
    for tag in 0x80..=0xff {
        assert_eq!(wire::decode::<Cue>(&[tag, 0, 0]), Err(DecodeError::Malformed), "a tag is one byte");
    }
}

#[test]
fn choices_of_a_newer_version_are_told_apart_from_broken_ones() {
    for means in 0x14..=0x7f {
        let bytes = [1, 2, 3, 4, 5, means, 0];
        assert_eq!(wire::decode::<Report>(&bytes), Err(DecodeError::UnknownValue { tag: 1 }));
    }
    assert_eq!(wire::decode::<Cue>(&[3, 1, 9]), Err(DecodeError::UnknownValue { tag: 3 }), "a tenth mode");
    assert_eq!(wire::decode::<Cue>(&[4, 8]), Err(DecodeError::UnknownValue { tag: 4 }), "a ninth tone");
    assert_eq!(
        wire::decode::<Report>(&[2, 1, 2, 3, 2]),
        Err(DecodeError::UnknownValue { tag: 2 }),
        "a third alarm"
    );
}

#[test]
fn a_rating_is_1_to_10_or_nothing() {
    for value in 0..=u8::MAX {
        let clicked = wire::decode::<Report>(&[1, 2, 3, 4, 5, 0, value]);
        let pulse = wire::decode::<Cue>(&[5, 1, 1, value]);
        if (1..=10).contains(&value) {
            let dial = Dial::new(value).unwrap();
            let means = Means::Rating(dial);
            assert_eq!(clicked, Ok(Report::Clicked { boot: 2, seq: 3, uptime: 4, show: 5, means }));
            assert_eq!(pulse, Ok(Cue::Pulse { show: 1, dial: Some(dial) }));
        } else {
            assert_eq!(clicked, Err(DecodeError::UnknownValue { tag: 1 }));
            assert_eq!(pulse, Err(DecodeError::UnknownValue { tag: 5 }));
        }
    }
}

#[test]
fn numbers_beyond_their_field_are_refused() {
    // An Ack's boot is a u16: three varint bytes, the last at most 3.
    assert_eq!(wire::decode(&[1, 0xff, 0xff, 0x03, 7]), Ok(Cue::Ack { boot: u16::MAX, next: 7 }));
    assert_eq!(wire::decode::<Cue>(&[1, 0xff, 0xff, 0x04, 7]), Err(DecodeError::Malformed));
    assert_eq!(
        wire::decode::<Cue>(&[1, 0x80, 0x80, 0x80, 0x00, 7]),
        Err(DecodeError::Malformed),
        "a fourth byte"
    );
    // Its next is a u32: five varint bytes, the last at most 15.
    assert_eq!(wire::decode(&[1, 2, 0xff, 0xff, 0xff, 0xff, 0x0f]), Ok(Cue::Ack { boot: 2, next: u32::MAX }));
    assert_eq!(wire::decode::<Cue>(&[1, 2, 0xff, 0xff, 0xff, 0xff, 0x10]), Err(DecodeError::Malformed));
    assert_eq!(wire::decode::<Cue>(&[1, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]), Err(DecodeError::Malformed));
    // A bool is 0 or 1, and so is the tag of an optional rating.
    assert_eq!(wire::decode::<Cue>(&[0, 1, 1, 0, 2]), Err(DecodeError::Malformed));
    assert_eq!(wire::decode::<Cue>(&[5, 1, 2, 5]), Err(DecodeError::Malformed));
}

#[test]
fn a_frame_takes_a_frame_of_bytes_and_no_more() {
    assert_eq!(Frame::from_bytes(&[7; MAX_FRAME]).unwrap().as_bytes(), [7; MAX_FRAME]);
    assert_eq!(Frame::from_bytes(&[7; MAX_FRAME + 1]), Err(DecodeError::TooLong));
}

#[test]
fn a_frame_is_written_over_whatever_stood_in_it() {
    let mut frame = Frame::from_bytes(&[7; MAX_FRAME]).unwrap();
    assert_eq!(wire::encode(&Cue::Ack { boot: 3, next: 8 }, &mut frame), [1, 3, 8]);
    assert_eq!(frame, Frame::of(&Cue::Ack { boot: 3, next: 8 }));
}

fn dials() -> impl Strategy<Value = Dial> {
    (1_u8..=10).prop_map(|value| Dial::new(value).expect("1 to 10 is a rating"))
}

fn means() -> impl Strategy<Value = Means> {
    prop_oneof![
        dials().prop_map(Means::Rating),
        dials().prop_map(Means::Same),
        prop::sample::select(vec![Toward::Left, Toward::Right, Toward::Head, Toward::Feet])
            .prop_map(Means::Nudge),
        prop::sample::select(vec![
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
            Means::FeltLeft,
            Means::FeltRight,
            Means::Less,
            Means::More,
            Means::LetGo,
            Means::Sharp,
            Means::Stop,
        ]),
    ]
}

fn versions() -> impl Strategy<Value = Version> {
    any::<(u8, u8)>().prop_map(|(major, minor)| Version { major, minor })
}

fn reports() -> impl Strategy<Value = Report> {
    prop_oneof![
        (any::<(u16, u16, u32)>(), versions(), any::<u32>()).prop_map(
            |((boot, first_boot, first_seq), version, session)| Report::Hello {
                boot,
                first_boot,
                first_seq,
                version,
                session
            }
        ),
        (any::<(u16, u32, u32, u16)>(), means()).prop_map(|((boot, seq, uptime, show), means)| {
            Report::Clicked { boot, seq, uptime, show, means }
        }),
        (any::<(u16, u32, u32)>(), prop::sample::select(vec![Alarm::Sharp, Alarm::Stop]))
            .prop_map(|((boot, seq, uptime), what)| Report::Alarm { boot, seq, uptime, what }),
        (any::<(u16, u32, u32, u16, bool)>(), prop::option::of(dials())).prop_map(
            |((boot, uptime, next, show, alarm), dial)| Report::Beat {
                boot,
                uptime,
                dial,
                next,
                show,
                alarm
            }
        ),
    ]
}

fn cues() -> impl Strategy<Value = Cue> {
    let modes = vec![
        Mode::Rate,
        Mode::Hold,
        Mode::Ask,
        Mode::Locate,
        Mode::Settle,
        Mode::Release,
        Mode::Next,
        Mode::AfterSharp,
        Mode::Sides,
    ];
    let tones = vec![
        Tone::No,
        Tone::Question,
        Tone::HoldBegins,
        Tone::MinimumReached,
        Tone::TenSeconds,
        Tone::PressureOff,
        Tone::Flush,
        Tone::Over,
    ];
    prop_oneof![
        (any::<(u32, bool)>(), versions()).prop_map(|((session, alone), version)| Cue::Welcome {
            session,
            version,
            alone
        }),
        any::<(u16, u32)>().prop_map(|(boot, next)| Cue::Ack { boot, next }),
        any::<(u16, u32)>().prop_map(|(boot, seq)| Cue::AlarmStored { boot, seq }),
        (any::<u16>(), prop::sample::select(modes)).prop_map(|(number, mode)| Cue::Show { number, mode }),
        prop::sample::select(tones).prop_map(|tone| Cue::Play { tone }),
        (any::<u16>(), prop::option::of(dials())).prop_map(|(show, dial)| Cue::Pulse { show, dial }),
        any::<u32>().prop_map(|session| Cue::Bye { session }),
    ]
}

proptest! {
    #[test]
    fn reports_come_back_as_they_were(report in reports()) {
        prop_assert_eq!(wire::decode::<Report>(Frame::of(&report).as_ref()), Ok(report));
    }

    #[test]
    fn cues_come_back_as_they_were(cue in cues()) {
        prop_assert_eq!(wire::decode::<Cue>(Frame::of(&cue).as_ref()), Ok(cue));
    }

    #[test]
    fn bytes_that_are_understood_say_the_same_when_written_anew(
        // The first byte is mostly a known tag: random bytes would seldom get further.
        (tag, rest) in (prop_oneof![4 => 0_u8..8, 1 => any::<u8>()], prop::collection::vec(any::<u8>(), 0..32)),
    ) {
        let bytes = [&[tag], rest.as_slice()].concat();
        if let Ok(report) = wire::decode::<Report>(&bytes) {
            prop_assert_eq!(wire::decode::<Report>(Frame::of(&report).as_ref()), Ok(report));
        }
        if let Ok(cue) = wire::decode::<Cue>(&bytes) {
            prop_assert_eq!(wire::decode::<Cue>(Frame::of(&cue).as_ref()), Ok(cue));
        }
    }
}
