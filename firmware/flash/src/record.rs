//! Records of the event ring: 16 bytes, the last four of them a CRC-32.
//!
//! ```text
//!   0        1      3      5         8             12     16
//!   kind     show   boot   seq       uptime        crc          an event; its kind is its meaning
//!   BEGIN    0      boot   seq       serial        crc          the first of a page
//!   RELEASED 0      boot   seq       0             crc          every event before this id is released
//! ```
//!
//! All numbers are little-endian. The bytes of this layout never change their meaning; new meanings of events get new
//! numbers.

use handheld::{Entry, EventId};
use wire::{Dial, Means, Toward};

use crate::crc::crc32;

/// Length of a record in bytes.
pub(crate) const LEN: usize = 16;

const BEGIN: u8 = 0xb0;
const RELEASED: u8 = 0xd0;

/// `seq` has 24 bits: 19 days of ten clicks a second in one boot.
const SEQ_END: u32 = 1 << 24;

/// A record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    Event(Entry),
    /// Begins a page. Serial numbers increase from page to page; `released` as in [`Record::Released`].
    Begin {
        serial: u32,
        released: EventId,
    },
    /// Every event before this id is released.
    Released(EventId),
}

impl Record {
    /// The bytes; `None` for an event with a sequence number out of range.
    pub(crate) fn to_bytes(self) -> Option<[u8; LEN]> {
        let (kind, show, id, number) = match self {
            Self::Event(Entry { id, uptime, show, means }) => (code(means), show, id, uptime),
            Self::Begin { serial, released } => (BEGIN, 0, released, serial),
            Self::Released(id) => (RELEASED, 0, id, 0),
        };
        // One id past the last event is valid for the other records.
        if id.seq >= SEQ_END - u32::from(matches!(self, Self::Event(_))) {
            return None;
        }
        let mut bytes = [0; LEN];
        bytes[0] = kind;
        bytes[1..3].copy_from_slice(&show.to_le_bytes());
        bytes[3..5].copy_from_slice(&id.boot.to_le_bytes());
        bytes[5..8].copy_from_slice(&id.seq.to_le_bytes()[..3]);
        bytes[8..12].copy_from_slice(&number.to_le_bytes());
        let crc = crc32(&bytes[..12]);
        bytes[12..].copy_from_slice(&crc.to_le_bytes());
        Some(bytes)
    }

    /// Inverse of [`Record::to_bytes`]; `None` if the bytes are not a record.
    pub(crate) fn from_bytes(bytes: &[u8; LEN]) -> Option<Self> {
        let [kind, s0, s1, b0, b1, q0, q1, q2, n0, n1, n2, n3, crc @ ..] = *bytes;
        if crc32(&bytes[..12]) != u32::from_le_bytes(crc) {
            return None;
        }
        let id = EventId { boot: u16::from_le_bytes([b0, b1]), seq: u32::from_le_bytes([q0, q1, q2, 0]) };
        let number = u32::from_le_bytes([n0, n1, n2, n3]);
        match kind {
            BEGIN => Some(Self::Begin { serial: number, released: id }),
            RELEASED => Some(Self::Released(id)),
            code => {
                let means = meaning(code)?;
                let show = u16::from_le_bytes([s0, s1]);
                Some(Self::Event(Entry { id, uptime: number, show, means }))
            }
        }
    }
}

/// Number of a meaning. 0xb0, 0xd0, 0x00 and 0xff are reserved.
const fn code(means: Means) -> u8 {
    match means {
        Means::Rating(dial) => 0x10 + dial.value(),
        Means::Same(dial) => 0x20 + dial.value(),
        Means::Nudge(toward) => match toward {
            Toward::Left => 0x30,
            Toward::Right => 0x31,
            Toward::Head => 0x32,
            Toward::Feet => 0x33,
        },
        Means::Spot => 0x40,
        Means::No => 0x41,
        Means::Yes => 0x42,
        Means::Again => 0x43,
        Means::Beside => 0x44,
        Means::SameSpot => 0x45,
        Means::Enough => 0x46,
        Means::OnlySharp => 0x47,
        Means::Numb => 0x48,
        Means::Slipped => 0x49,
        Means::FeltLeft => 0x4a,
        Means::FeltRight => 0x4b,
        Means::Less => 0x4c,
        Means::More => 0x4d,
        Means::LetGo => 0x4e,
        Means::Sharp => 0x4f,
        Means::Stop => 0x50,
    }
}

fn meaning(code: u8) -> Option<Means> {
    Some(match code {
        0x11..=0x1a => Means::Rating(Dial::new(code - 0x10)?),
        0x21..=0x2a => Means::Same(Dial::new(code - 0x20)?),
        0x30 => Means::Nudge(Toward::Left),
        0x31 => Means::Nudge(Toward::Right),
        0x32 => Means::Nudge(Toward::Head),
        0x33 => Means::Nudge(Toward::Feet),
        0x40 => Means::Spot,
        0x41 => Means::No,
        0x42 => Means::Yes,
        0x43 => Means::Again,
        0x44 => Means::Beside,
        0x45 => Means::SameSpot,
        0x46 => Means::Enough,
        0x47 => Means::OnlySharp,
        0x48 => Means::Numb,
        0x49 => Means::Slipped,
        0x4a => Means::FeltLeft,
        0x4b => Means::FeltRight,
        0x4c => Means::Less,
        0x4d => Means::More,
        0x4e => Means::LetGo,
        0x4f => Means::Sharp,
        0x50 => Means::Stop,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: EventId = EventId { boot: 0x0201, seq: 0x05_0403 };

    fn event(means: Means) -> Record {
        Record::Event(Entry { id: PLACE, uptime: 0x0908_0706, show: 0x0b0a, means })
    }

    /// The bytes of layout 1. Do not change this test.
    #[test]
    fn a_record_has_these_bytes() {
        #[rustfmt::skip]
        let golden = [
            (event(Means::Sharp), [
                0x4f,                   // means
                0x0a, 0x0b,             // show
                0x01, 0x02,             // boot
                0x03, 0x04, 0x05,       // seq
                0x06, 0x07, 0x08, 0x09, // uptime
            ]),
            (Record::Begin { serial: 0x0908_0706, released: PLACE },
                [0xb0, 0, 0, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09]),
            (Record::Released(PLACE), [0xd0, 0, 0, 0x01, 0x02, 0x03, 0x04, 0x05, 0, 0, 0, 0]),
        ];
        for (record, bytes) in golden {
            let written = record.to_bytes().unwrap();
            assert_eq!(
                (written[..12].as_ref(), written[12..].as_ref()),
                (&bytes[..], &crc32(&bytes).to_le_bytes()[..])
            );
            assert_eq!(Record::from_bytes(&written), Some(record));
        }
    }

    #[test]
    fn every_meaning_comes_back_and_no_other_number_is_one() {
        let mut read = 0;
        for number in 0..=u8::MAX {
            if let Some(means) = meaning(number) {
                assert_eq!(code(means), number);
                read += 1;
            }
        }
        // Ten ratings, ten of "same", four nudges and 17 others: `code` returns no further numbers.
        assert_eq!(read, 10 + 10 + 4 + 17);
        assert!([BEGIN, RELEASED, 0x00, 0xff].iter().all(|kind| meaning(*kind).is_none()));
    }

    #[test]
    fn an_event_beyond_the_last_place_is_none() {
        let at = |seq| Entry { id: EventId { boot: 1, seq }, uptime: 0, show: 0, means: Means::Spot };
        assert!(Record::Event(at(SEQ_END - 2)).to_bytes().is_some());
        assert!(Record::Event(at(SEQ_END - 1)).to_bytes().is_none());
        assert!(Record::Released(EventId { boot: 1, seq: SEQ_END - 1 }).to_bytes().is_some());
    }

    #[test]
    fn a_flipped_bit_is_no_record() {
        let good = event(Means::Spot).to_bytes().unwrap();
        for bit in 0..LEN * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Record::from_bytes(&bad), None, "bit {bit}");
        }
    }
}
