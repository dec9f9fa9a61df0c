//! Plan and script files: TOML in, validated values out, and for what is broken the file, the line and the reason.
//!
//! A plan becomes a [`coach::Plan`], which cannot break a rule; a script becomes a [`Script`], whose every step can be
//! taken. Nothing here runs a session.

mod fault;
mod reader;
mod script;

pub use fault::{Fault, Faults};
pub use script::{
    Air, Button, Expectation, Judge, Key, LinkChange, Pattern, Placed, Press, Run, Scalar, Screen, Script, Seen,
    Step, Target, Want, Warm,
};

// The vocabulary of the steps is the coach's own, passed on for those who take steps without knowing the coach.
pub use coach::body::{Area, Region, Side, Toward};
pub use coach::screening::Question;
pub use coach::{Named, Phase, Rating, StoreState};
