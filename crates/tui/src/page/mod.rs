//! The pages, a file each, and what they share: the status line, the line that says what is awaited, the line of keys,
//! the alarm.

pub(crate) mod finished;
mod frame;
pub(crate) mod help;
mod learning;
mod locating;
mod pressing;
mod reading;
pub(crate) mod replay;
mod resting;
pub(crate) mod review;
mod screening;
pub(crate) mod sitting;
pub(crate) mod small;
pub(crate) mod start;
pub(crate) mod steps;
pub(crate) mod timeline;
pub(crate) mod urgent;
mod warming;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use words::{Value, Words};

use crate::theme::{Role, Theme};

/// What is drawn on and with.
pub(crate) struct Canvas<'a> {
    pub(crate) buf: &'a mut Buffer,
    pub(crate) words: &'a Words,
    pub(crate) theme: &'a Theme,
}

impl Canvas<'_> {
    pub(crate) fn text(&self, id: &str, args: &[(&str, Value<'_>)]) -> String {
        self.words.render(id, args)
    }

    pub(crate) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }
}

/// A time for a person: `7 s`, `3 min`, `2:05`.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Whole seconds, a started one counting: a countdown stands at 1 until nothing is left.
pub(crate) fn rounded_up(left: Duration) -> Duration {
    Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0))
}
