//! Reads a case's `radio.log`: the frames between clicker and laptop by the radio's clock. Delays are measured by that
//! clock and by the clicker's own, never by when a busy machine came to look.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use wire::{Cue, Report};

/// ATT opcodes of messages that carry a frame after their handle.
const NOTIFICATION: u8 = 0x1b;
const WRITE_REQUEST: u8 = 0x12;
/// A packet waits for the next connection event, up to 50 ms before the connection parameters are set.
const ON_THE_WAY: Duration = Duration::from_millis(60);

/// Time from the last pulse that reached the clicker to this line of the clicker, which begins with its uptime.
///
/// The offset of the clocks is estimated as the laptop does it: the smallest difference between a report's uptime and
/// its arrival.
pub(crate) fn silence_before(log: &Path, line: &str) -> anyhow::Result<Duration> {
    let text = fs::read_to_string(log).with_context(|| format!("cannot read {}", log.display()))?;
    let said = super::clicker::uptime(line)?;
    let mut apart: Option<Duration> = None;
    let mut pulses = Vec::new();
    for line in text.lines() {
        // The last line may be incomplete.
        let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
        let (Some(at), Some(bytes)) = (entry["ms"].as_f64(), entry["bytes"].as_str()) else { continue };
        let at = Duration::from_secs_f64(at / 1e3);
        let bytes = unhex(bytes);
        let [opcode, _, _, frame @ ..] = &bytes[..] else { continue };
        match *opcode {
            NOTIFICATION => {
                if let Ok(Report::Beat { uptime, .. }) = wire::decode(frame) {
                    let uptime = Duration::from_millis(u64::from(uptime));
                    let difference = at.saturating_sub(uptime);
                    apart = Some(apart.map_or(difference, |least| least.min(difference)));
                }
            }
            WRITE_REQUEST if matches!(wire::decode(frame), Ok(Cue::Pulse { .. })) => pulses.push(at),
            _ => {}
        }
    }
    let said = said + apart.context("the log has no beat")?;
    let last =
        pulses.into_iter().rfind(|at| *at <= said + ON_THE_WAY).context("no pulse reached the clicker")?;
    Ok(said.saturating_sub(last))
}

/// Decodes hexadecimal; stops at anything else.
fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
