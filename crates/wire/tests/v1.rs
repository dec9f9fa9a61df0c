//! The bytes of protocol version 1.
//!
//! **Do not change this test.** Clickers in drawers and laptops that were never updated speak these bytes. Where it
//! fails, the change is at fault: see the policy on `wire::Version::CURRENT`. What a later minor version adds gets a
//! module of its own.
//!
//! Exemplar values are distinct and ascend within a message, so that two fields changing places changes the bytes.

use wire::{Alarm, Cue, Dial, Frame, Means, Mode, Report, Tone, Toward, Version};

const VERSION: Version = Version { major: 6, minor: 7 };

fn dial(value: u8) -> Dial {
    Dial::new(value).expect("an exemplar is a rating")
}

/// Asserts that the message encodes to these bytes and decodes from them.
fn golden<M: wire::Message + PartialEq + std::fmt::Debug>(message: M, bytes: &[u8]) {
    assert_eq!(Frame::of(&message).as_bytes(), bytes, "{message:?}");
    assert_eq!(wire::decode::<M>(bytes), Ok(message));
}

#[test]
fn hello() {
    golden(
        Report::Hello { boot: 2, first_boot: 3, first_seq: 400, version: VERSION, session: 70_000 },
        &[
            0x00, // Hello
            0x02, // boot
            0x03, // first_boot
            0x90, 0x03, // first_seq, varint: 0x10 + (0x03 << 7)
            0x06, 0x07, // version: major, minor
            0xf0, 0xa2, 0x04, // session, varint: 0x70 + (0x22 << 7) + (0x04 << 14)
        ],
    );
}

#[test]
fn clicked() {
    golden(
        Report::Clicked { boot: 2, seq: 3, uptime: 400, show: 500, means: Means::Rating(dial(7)) },
        &[
            0x01, // Clicked
            0x02, // boot
            0x03, // seq
            0x90, 0x03, // uptime
            0xf4, 0x03, // show
            0x00, 0x07, // means: Rating, 7
        ],
    );
}

#[test]
fn alarm() {
    golden(
        Report::Alarm { boot: 2, seq: 3, uptime: 400, what: Alarm::Stop },
        &[
            0x02, // Alarm
            0x02, // boot
            0x03, // seq
            0x90, 0x03, // uptime
            0x01, // what: Stop
        ],
    );
    assert_eq!(
        Frame::of(&Report::Alarm { boot: 2, seq: 3, uptime: 4, what: Alarm::Sharp }).as_bytes(),
        [2, 2, 3, 4, 0] // what: Sharp
    );
}

#[test]
fn beat() {
    golden(
        Report::Beat { boot: 2, uptime: 300, dial: Some(dial(4)), next: 5, show: 600, alarm: true },
        &[
            0x03, // Beat
            0x02, // boot
            0xac, 0x02, // uptime
            0x01, 0x04, // dial: Some, 4
            0x05, // next
            0xd8, 0x04, // show
            0x01, // alarm: true
        ],
    );
    golden(
        Report::Beat { boot: 2, uptime: 3, dial: None, next: 4, show: 5, alarm: false },
        &[
            0x03, 0x02, 0x03, //
            0x00, // dial: None
            0x04, 0x05, //
            0x00, // alarm: false
        ],
    );
}

#[test]
fn welcome() {
    golden(
        Cue::Welcome { session: 500, version: VERSION, alone: true },
        &[
            0x00, // Welcome
            0xf4, 0x03, // session
            0x06, 0x07, // version: major, minor
            0x01, // alone: true
        ],
    );
}

#[test]
fn acknowledgements() {
    golden(Cue::Ack { boot: 2, next: 300 }, &[0x01, 0x02, 0xac, 0x02]); // Ack, boot, next
    golden(Cue::AlarmStored { boot: 2, seq: 300 }, &[0x02, 0x02, 0xac, 0x02]); // AlarmStored, boot, seq
}

#[test]
fn show_play_pulse_and_bye() {
    golden(Cue::Show { number: 300, mode: Mode::Release }, &[0x03, 0xac, 0x02, 0x05]); // Show, number, mode
    golden(Cue::Play { tone: Tone::Flush }, &[0x04, 0x06]); // Play, tone
    golden(Cue::Pulse { show: 300, dial: Some(dial(5)) }, &[0x05, 0xac, 0x02, 0x01, 0x05]); // Pulse, show, Some, dial
    golden(Cue::Pulse { show: 3, dial: None }, &[0x05, 0x03, 0x00]); // Pulse, show, None
    golden(Cue::Bye { session: 300 }, &[0x06, 0xac, 0x02]); // Bye, session
}

#[test]
fn every_meaning() {
    let numbered: [(Means, &[u8]); 23] = [
        (Means::Rating(dial(9)), &[0x00, 0x09]),
        (Means::Same(dial(9)), &[0x01, 0x09]),
        (Means::Nudge(Toward::Left), &[0x02, 0x00]),
        (Means::Nudge(Toward::Right), &[0x02, 0x01]),
        (Means::Nudge(Toward::Head), &[0x02, 0x02]),
        (Means::Nudge(Toward::Feet), &[0x02, 0x03]),
        (Means::Spot, &[0x03]),
        (Means::No, &[0x04]),
        (Means::Yes, &[0x05]),
        (Means::Again, &[0x06]),
        (Means::Beside, &[0x07]),
        (Means::SameSpot, &[0x08]),
        (Means::Enough, &[0x09]),
        (Means::OnlySharp, &[0x0a]),
        (Means::Numb, &[0x0b]),
        (Means::Slipped, &[0x0c]),
        (Means::FeltLeft, &[0x0d]),
        (Means::FeltRight, &[0x0e]),
        (Means::Less, &[0x0f]),
        (Means::More, &[0x10]),
        (Means::LetGo, &[0x11]),
        (Means::Sharp, &[0x12]),
        (Means::Stop, &[0x13]),
    ];
    for (means, end) in numbered {
        let bytes = [&[0x01, 0x02, 0x03, 0x04, 0x05], end].concat(); // Clicked, boot, seq, uptime, show, then means
        golden(Report::Clicked { boot: 2, seq: 3, uptime: 4, show: 5, means }, &bytes);
    }
}

#[test]
fn every_mode() {
    let numbered = [
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
    for (number, mode) in (0..).zip(numbered) {
        golden(Cue::Show { number: 9, mode }, &[0x03, 0x09, number]);
    }
}

#[test]
fn every_tone() {
    let numbered = [
        Tone::No,
        Tone::Question,
        Tone::HoldBegins,
        Tone::MinimumReached,
        Tone::TenSeconds,
        Tone::PressureOff,
        Tone::Flush,
        Tone::Over,
    ];
    for (number, tone) in (0..).zip(numbered) {
        golden(Cue::Play { tone }, &[0x04, number]);
    }
}
