//! A script: what happens in a practice session, step by step, and what is expected of it. Values only; the reading
//! of files stands in `read`
//! and its neighbours, the comparing of expectations with what came in `checker`.

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

/// A script or a scenario file, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The file it was read from, as the person named it.
    pub file: String,
    /// The behaviour it shows or pins, in a sentence.
    pub about: Option<String>,
    /// The name of a shipped plan, or a plan file (relative to the script's folder). `None` is `partner`.
    pub plan: Option<String>,
    /// The seed of everything random in the session; scripts without one get 0.
    pub seed: u64,
    /// What the air does to frames.
    pub air: Air,
    /// Spots that SHARP closed for this receiver within the last 48 hours: `closed = [{ side = "left", out = 5,
    /// down = 12 }]`, in centimetres from the spine and from the base of the skull.
    pub closed: Vec<Spot>,
    /// What else earlier sessions of this receiver tell: `today = "2026-11-22"`, `cleared = [{ question = "clot", on =
    /// "2026-11-02" }]`, and with how many hours before, `worked` and `sharps = [{ side = "left", out = 5, down = 12,
    /// hours = 30 }]`.
    pub past: Past,
    /// How high the receiver lies: `table = "floor"`, `"bed"` or `"table"`. `None` where nobody has said so.
    pub table: Option<Table>,
    /// What happens and what is expected of it.
    pub run: Run,
    /// The control: nearly the same steps, another outcome. It shows that the expectations can fail.
    pub control: Option<Run>,
}

/// Steps and what is expected once they are done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// What this run is for, in a sentence.
    pub about: Option<String>,
    /// The phase that the steps begin by going to, where they begin with `reach`: what is expected and what must not
    /// come is looked for from there on.
    pub reached: Option<Phase>,
    /// What happens, in order.
    pub steps: Vec<WithLine<Step>>,
    /// Entries of the transcript that must have come, in this order. One with `times` is counted over the whole run
    /// instead.
    pub expect: Vec<WithLine<Expectation>>,
    /// Entries that must not have come at all, or at least not since the phase that was reached.
    pub never: Vec<WithLine<Pattern>>,
}

/// A value and the line it stands on, so that a failure can name the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithLine<T> {
    /// The line, from 1.
    pub line: u32,
    /// The value.
    pub what: T,
}

/// One step of a script. The comments give its spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `{ screen = "clear" }`, `{ screen = ["fever"] }` or `{ screen = { yes = [..], cleared = [..], resting = 3,
    /// bother = 4 } }`: answers the screening from wherever it stands to its end.
    Screen(Screen),
    /// `{ where = "left upper trapezius" }`: chooses the area.
    Where(Area),
    /// `{ warm = "already" }`, `"minimum"` or `"full"`.
    Warm(Warm),
    /// `{ ready = true }` passes the ready check; `{ ready = false }` clicks the side that was not touched.
    Ready(bool),
    /// `{ wait = "90s" }`
    Wait(Duration),
    /// `{ nudge = "left" }`: the gesture on the clicker that means this while locating.
    Nudge(Toward),
    /// `{ press = "a" }`, `"b"`, `"logo"`, `"chord"`: a short press.
    Press(Press),
    /// `{ long = "a" }`: held for more than 600 ms, released before 2 s.
    Long(Button),
    /// `{ hold = "a" }`: held for more than 2 s (A, B: STOP), or more than 3 s (the logo: covered); or
    /// `{ hold = "logo", for = "10s" }`.
    Hold {
        /// What is held.
        button: Button,
        /// For how long.
        lasting: Duration,
    },
    /// `{ rate = 4 }`: clicks until the clicker shows 4. Where it shows 4 already, "same as before".
    Rate(Rating),
    /// The partner keys what they guessed.
    Guess(Rating),
    /// `{ key = "space" }`: the keyboard of the laptop.
    Key(Key),
    /// `{ link = "down" }`, `"up"`, `{ link = "stall", for = "700ms" }`
    Link(LinkChange),
    /// `{ reset = "clicker" }`, or with `for = "5s"`: battery out, and in again after that.
    Reset {
        /// How long the battery is out.
        out: Duration,
    },
    /// `{ store = "fail" }`, `{ store = "recover" }`: the disk takes no more entries, or does again.
    Store(StoreState),
    /// `{ gap = "5s" }`: the laptop stands still (suspended) for this long; the clicker does not.
    Gap(Duration),
    /// `{ kill = "laptop" }`, or with `for = "30s"`: the program is killed without warning, started again after that,
    /// and the session resumed.
    Kill {
        /// How long it is gone.
        gone: Duration,
    },
    /// `{ until = "finished" }`, or with `within = "5m"`: lets time run until that phase holds, or until an entry of
    /// that kind (or fitting that pattern) comes after this step begins. Fails where it does not within that time.
    Until {
        /// What is waited for.
        what: Target,
        /// The longest wait.
        within: Duration,
    },
    /// `{ expect = { kind = "hold", outcome = "done" } }`: has come since the entry that the last `expect` found.
    Expect(Expectation),
    /// `{ never = { kind = "hold" } }`: has not come since the entry that the last `expect` found.
    Never(Pattern),
}

/// How the screening is answered. Questions not named are answered no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Answered yes.
    pub yes: Vec<Question>,
    /// Answered yes, and one who knows of it has said that massage is fine.
    pub cleared: Vec<Question>,
    /// The rating at rest.
    pub resting: Rating,
    /// How much it bothers them when they move.
    pub bother: Rating,
}

/// How the warming goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warm {
    /// The muscle is warm already.
    Already,
    /// Checks are answered, and yes as soon as the minimum is reached.
    Minimum,
    /// Checks are answered until time is up.
    Full,
}

/// What a short press is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// One button.
    One(Button),
    /// A and B together: SHARP.
    Chord,
}

/// What can be pressed on the clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The button under the thumb.
    A,
    /// The button under the finger.
    B,
    /// The touch logo.
    Logo,
}

/// A key of the laptop. What it means is the program's to say, by the phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A printable character as it is typed: `"n"`, `"A"`, `"?"`.
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

/// What happens to the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkChange {
    /// It comes back.
    Up,
    /// It is gone, and both ends are told by their stacks.
    Down,
    /// Nothing passes for this long, and then everything does; neither end is told.
    Stall(Duration),
}

/// What the air does to frames. Countdowns rather than chances: the same script meets the same air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Air {
    /// `delay = "40ms"`: every frame takes this long.
    pub delay: Duration,
    /// `lose = 7`: every 7th frame of each direction is lost. 0: none.
    pub lose: u32,
    /// `double = 5`: every 5th frame of each direction arrives twice. 0: none.
    pub double: u32,
}

/// What `until` waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This phase.
    Phase(Phase),
    /// An entry like this.
    Entry(Pattern),
}

/// An entry that must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// What it is like.
    pub entry: Pattern,
    /// `after = "30s"`: it comes no sooner than this after the entry that the expectation before found.
    pub after: Option<Duration>,
    /// `within = "1s"`: it comes no later than this after the entry that the expectation before found.
    pub within: Option<Duration>,
    /// `times = 2`: exactly so many come in the whole run.
    pub times: Option<u32>,
}

impl Screen {
    /// Every question answered no, at rest hardly felt, in movement felt: somebody with a knot and nothing else.
    #[must_use]
    pub const fn clear() -> Self {
        Self { yes: Vec::new(), cleared: Vec::new(), resting: Rating::SOFT, bother: Rating::CEILING }
    }
}
