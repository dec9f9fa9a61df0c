//! Reads a case's `btmon.snoop`: when the kernel received reports and sent cues. The kernel stamps both with the
//! machine's clock.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use wire::{Cue, Report};

/// Header sizes of the file and of each record.
const FILE_HEAD: usize = 16;
const RECORD_HEAD: usize = 24;
/// Record types of btmon's monitor format.
const EVENT: u16 = 3;
const TO_CONTROLLER: u16 = 4;
const FROM_CONTROLLER: u16 = 5;
/// Microseconds from year 0, the epoch of btsnoop, to 1970.
const BEFORE_1970: u64 = 0x00DC_DDB3_0F2F_8000;
/// L2CAP channel of ATT, and two opcodes.
const ATT: u16 = 4;
const NOTIFICATION: u8 = 0x1b;
const WRITE_REQUEST: u8 = 0x12;

/// A message between the kernel and its controller, with the time since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crossed {
    /// Connection established.
    Connected,
    /// Report received.
    Came(Report),
    /// Cue sent.
    Went(Cue),
}

/// All relevant messages of a trace, in order.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<(Duration, Crossed)>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    ensure!(bytes.starts_with(b"btsnoop\0"), "{} is no trace", file.display());
    let mut rest = bytes.get(FILE_HEAD..).unwrap_or_default();
    let mut all = Vec::new();
    while let Some((head, after)) = rest.split_at_checked(RECORD_HEAD) {
        let word = |at: usize| head[at..at + 4].iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        // The last record may be incomplete.
        let Some((packet, after)) = after.split_at_checked(usize::try_from(word(4))?) else { break };
        rest = after;
        let micros = (word(16) << 32 | word(20)).saturating_sub(BEFORE_1970);
        let kind = u16::from_be_bytes([head[10], head[11]]);
        if let Some(crossed) = crossed(kind, packet) {
            all.push((Duration::from_micros(micros), crossed));
        }
    }
    Ok(all)
}

fn crossed(kind: u16, packet: &[u8]) -> Option<Crossed> {
    match (kind, packet) {
        // LE Meta: Connection Complete or Enhanced Connection Complete, with success.
        (EVENT, [0x3e, _, 0x01 | 0x0a, 0, ..]) => Some(Crossed::Connected),
        // Handle, length, length, channel; then opcode, attribute and value. A frame fits in one packet.
        (FROM_CONTROLLER | TO_CONTROLLER, [_, _, _, _, _, _, low, high, opcode, _, _, value @ ..])
            if u16::from_le_bytes([*low, *high]) == ATT =>
        {
            match (kind, *opcode) {
                (FROM_CONTROLLER, NOTIFICATION) => wire::decode(value).ok().map(Crossed::Came),
                (TO_CONTROLLER, WRITE_REQUEST) => wire::decode(value).ok().map(Crossed::Went),
                _ => None,
            }
        }
        _ => None,
    }
}
