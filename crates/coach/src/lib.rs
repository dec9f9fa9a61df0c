//! The rules of the massage.

pub mod body;
mod coach;
mod input;
mod named;
mod output;
mod plan;
mod prompt;
mod rating;
pub mod screening;
mod time;
mod view;

pub use coach::{Coach, Setup};
pub use input::{Alarm, Click, Input, Key, Link, StoreState};
pub use named::Named;
pub use output::{
    Ask, Because, Deadline, Freshness, HoldEnd, Mode, Outcome, Output, Phase, Reason, Refusal, Screened,
    Tone, What,
};
pub use plan::{Broken, Field, Figures, Plan, Rule};
pub use prompt::{Arg, Level, Prompt};
pub use rating::Rating;
pub use time::Moment;
pub use view::{Awaits, Count, Counting, RatingNow, View};
