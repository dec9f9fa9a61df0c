//! Promise 5: every hold, however it ended, is followed by flush strokes before the next pressure.

use coach::Phase;

use super::Audit;
use super::story::{Span, Story};
use crate::entry::Kind;

const PROMISE: u8 = 5;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    let mut holds = story.holds.iter().filter_map(|hold| hold.end).map(|end| end.index).peekable();
    let mut owed = false;
    for span in &story.spans {
        while holds.next_if(|&end| end < span.inside.start).is_some() {
            owed = true;
        }
        match span.phase {
            Phase::Flushing if strokes(story, span) >= story.figures().flush_ms => owed = false,
            Phase::Settling | Phase::Holding if owed => {
                let what = format!("{} began though the last hold had not been flushed", span.phase);
                audit.find(PROMISE, span.began, what);
                owed = false;
            }
            _ => {}
        }
    }
}

/// Duration of the strokes of a flush, without the time in which the laptop was suspended.
fn strokes(story: &Story<'_>, span: &Span) -> u64 {
    let ended = span.ended.unwrap_or(story.reached);
    let mut stood_still = 0;
    for index in span.inside.clone() {
        let entry = &story.entries[index];
        stood_still += match entry.kind {
            Kind::Gap { ms } => ms.min(entry.at_ms),
            Kind::Resumed { .. } => entry.at_ms.saturating_sub(story.entries[index - 1].at_ms),
            _ => 0,
        };
    }
    ended.saturating_sub(span.began).saturating_sub(stood_still)
}
