//! A script: the steps of a practice session and what is expected of them. Values only; `read` and its neighbours parse
//! files, `checker` compares expectations with entries.

mod checker;
mod expectation;
mod pattern;
mod reach;
mod read;
mod step;

use core::time::Duration;

use coach::body::{Area, Spot, Table, Toward};
use coach::screening::Question;
use coach::{Past, Phase, Rating, StoreState};

pub use checker::{ExpectationChecker, ObservedEntry};
pub use pattern::{Matcher, Pattern, Scalar};

/// A parsed and validated script or scenario file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// File as the person named it.
    pub file: String,
    /// The behaviour that it shows or tests, one sentence.
    pub about: Option<String>,
    /// Name of a shipped plan, or path of a plan file relative to the script's folder. `None` is `partner`.
    pub plan: Option<String>,
    /// Seed of all randomness in the session; 0 if not given.
    pub seed: u64,
    /// Faults of the radio channel.
    pub air: Air,
    /// Spots that SHARP closed for this receiver within the last 48 hours: `closed = [{ side = "left", out = 5,
    /// down = 12 }]`, in centimetres from the spine and from the base of the skull.
    pub closed: Vec<Spot>,
    /// Other facts from earlier sessions of this receiver: `today = "2026-11-22"`, `cleared = [{ question = "clot", on
    /// = "2026-11-02" }]`, and, with their age in hours, `worked` and `sharps = [{ side = "left", out = 5, down = 12,
    /// hours = 30 }]`.
    pub past: Past,
    /// Height of the receiver's support: `table = "floor"`, `"bed"` or `"table"`. `None` if not given.
    pub table: Option<Table>,
    /// Steps and expectations.
    pub run: Run,
    /// Control run: nearly the same steps with another outcome. It shows that the expectations can fail.
    pub control: Option<Run>,
}

/// Steps, and expectations that are checked at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// Purpose of this run, one sentence.
    pub about: Option<String>,
    /// Target phase of a leading `reach` step, if there is one: expectations apply only from that phase on.
    pub reached: Option<Phase>,
    /// Steps in order.
    pub steps: Vec<WithLine<Step>>,
    /// Entries that must have come, in this order. One with `times` is counted over the whole run instead.
    pub expect: Vec<WithLine<Expectation>>,
    /// Entries that must not have come, or not since the phase that was reached.
    pub never: Vec<WithLine<Pattern>>,
}

/// A value with its line in the file, for failure messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithLine<T> {
    /// Line, from 1.
    pub line: u32,
    /// The value.
    pub what: T,
}

/// One step of a script. The comments show its spelling in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `{ screen = "clear" }`, `{ screen = ["fever"] }` or `{ screen = { yes = [..], cleared = [..], resting = 3,
    /// bother = 4 } }`: answers the screening from the current question to its end.
    Screen(Screen),
    /// `{ where = "left upper trapezius" }`: chooses the area.
    Where(Area),
    /// `{ warm = "already" }`, `"minimum"` or `"full"`.
    Warm(Warm),
    /// `{ ready = true }` passes the ready check; `{ ready = false }` clicks the side that was not touched.
    Ready(bool),
    /// `{ wait = "90s" }`
    Wait(Duration),
    /// `{ nudge = "left" }`: the gesture that means this while locating.
    Nudge(Toward),
    /// `{ press = "a" }`, `"b"`, `"logo"`, `"chord"`: a short press.
    Press(Press),
    /// `{ long = "a" }`: held for more than 600 ms, released before 2 s.
    Long(Button),
    /// `{ hold = "a" }`: held for more than 2 s (A, B: STOP), or more than 3 s (the logo: covered); or
    /// `{ hold = "logo", for = "10s" }`.
    Hold {
        /// Button that is held.
        button: Button,
        /// Duration of the hold.
        lasting: Duration,
    },
    /// `{ rate = 4 }`: clicks until the dial shows 4. If it does already, clicks "same as before".
    Rate(Rating),
    /// `{ guess = 4 }`: the partner keys a guess of the rating.
    Guess(Rating),
    /// `{ key = "space" }`: a key of the laptop.
    Key(Key),
    /// `{ link = "down" }`, `"up"`, `{ link = "stall", for = "700ms" }`
    Link(LinkChange),
    /// `{ reset = "clicker" }`, or with `for = "5s"`: removes the battery for that time.
    Reset {
        /// How long the battery is out.
        out: Duration,
    },
    /// `{ store = "fail" }`, `{ store = "recover" }`: the disk stops accepting entries, or accepts them again.
    Store(StoreState),
    /// `{ gap = "5s" }`: the laptop is suspended for this long; the clicker is not.
    Gap(Duration),
    /// `{ kill = "laptop" }`, or with `for = "30s"`: the program is killed, started again after that time, and the
    /// session resumed.
    Kill {
        /// Time until it is started again.
        gone: Duration,
    },
    /// `{ until = "finished" }`, or with `within = "5m"`: waits for a phase, or for an entry of that kind (or matching
    /// that pattern) after the step begins. Fails if it does not come in time.
    Until {
        /// What to wait for.
        what: Target,
        /// Time limit.
        within: Duration,
    },
    /// `{ expect = { kind = "hold", outcome = "done" } }`: must have come since the entry that the last `expect` found.
    Expect(Expectation),
    /// `{ never = { kind = "hold" } }`: must not have come since the entry that the last `expect` found.
    Never(Pattern),
}

/// Answers to the screening. Questions not listed are answered no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Answered yes.
    pub yes: Vec<Question>,
    /// Answered yes, and cleared by a professional who knows of it.
    pub cleared: Vec<Question>,
    /// Rating at rest.
    pub resting: Rating,
    /// Rating in movement.
    pub bother: Rating,
}

/// Course of the warming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warm {
    /// The muscle is warm already.
    Already,
    /// Checks are answered; warming ends at its minimum.
    Minimum,
    /// Checks are answered; warming runs its full time.
    Full,
}

/// Button or buttons of a short press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// One button.
    One(Button),
    /// A and B together: SHARP.
    Chord,
}

/// Button of the clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The button under the thumb.
    A,
    /// The button under the finger.
    B,
    /// The touch logo.
    Logo,
}

/// A key of the laptop. The program decides what it means in each phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A printable character as typed: `"n"`, `"A"`, `"?"`.
    Char(char),
    /// `"space"`
    Space,
    /// `"enter"`
    Enter,
    /// `"esc"`
    Esc,
    /// `"left"`
    Left,
    /// `"right"`
    Right,
    /// `"up"`
    Up,
    /// `"down"`
    Down,
}

/// Change of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkChange {
    /// Comes back.
    Up,
    /// Goes away; both stacks report it.
    Down,
    /// Delivers nothing for this long, then everything; neither end is notified.
    Stall(Duration),
}

/// Faults of the radio channel, as counts rather than probabilities: the same script meets the same faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Air {
    /// `delay = "40ms"`: delay of every frame.
    pub delay: Duration,
    /// `lose = 7`: every 7th frame per direction is lost. 0: none.
    pub lose: u32,
    /// `double = 5`: every 5th frame per direction arrives twice. 0: none.
    pub double: u32,
}

/// What `until` waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A phase.
    Phase(Phase),
    /// A matching entry.
    Entry(Pattern),
}

/// An entry that must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Pattern of the entry.
    pub entry: Pattern,
    /// `after = "30s"`: minimum time since the entry that the previous expectation found.
    pub after: Option<Duration>,
    /// `within = "1s"`: maximum time since the entry that the previous expectation found.
    pub within: Option<Duration>,
    /// `times = 2`: exact number of matching entries in the whole run.
    pub times: Option<u32>,
}

impl Screen {
    /// All questions answered no, low rating at rest, ceiling in movement: a knot and nothing else.
    #[must_use]
    pub const fn clear() -> Self {
        Self { yes: Vec::new(), cleared: Vec::new(), resting: Rating::SOFT, bother: Rating::CEILING }
    }
}
