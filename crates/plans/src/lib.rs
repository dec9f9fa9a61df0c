//! Plan and script files: TOML in, validated values or diagnostics with file, line and reason out.
//!
//! A plan file becomes a [`coach::Plan`], which cannot break a rule. A script becomes a [`Script`], in which every step
//! can be performed and every expectation can be met. Nothing here runs a session.
//!
//! ```
//! let script = plans::Script::parse("a.toml", r#"
//!     steps  = [ { reach = "holding" }, { rate = 4 }, { wait = "5s" }, { press = "chord" }, { wait = "1s" } ]
//!     expect = [ { kind = "hold", outcome = "void", because = "sharp" } ]
//! "#)?;
//! assert_eq!(script.run.expect[0].line, 3);
//!
//! let broken = plans::Script::parse("b.toml", "steps = [ { wait = \"5 s\" } ]").unwrap_err();
//! let said = r#"b.toml:1:20: `wait` is a whole number of ms, s or m, as "500ms", "30s" or "2m", not "5 s""#;
//! assert_eq!(broken.to_string(), said);
//! # Ok::<(), plans::Diagnostics>(())
//! ```

mod diagnostic;
mod open;
pub mod plan;
mod reader;
mod script;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use open::{LoadedPlan, OpenError, contents, open_plan, open_script};
pub use script::{
    Air, Button, Expectation, ExpectationChecker, Key, LinkChange, Matcher, ObservedEntry, Pattern, Press,
    Run, Scalar, Screen, Script, Step, Target, Warm, WithLine,
};

// Re-exported from the coach for callers that run steps without depending on it.
pub use coach::body::{Area, Region, Side, Spot, Stand, Toward};
pub use coach::screening::{Page, Question};
pub use coach::{Awaits, Key as Action, Lesson, Named, Phase, Rating, StoreState, View};
