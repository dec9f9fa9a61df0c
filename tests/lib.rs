//! Tests across crates: layers, the real binary, whole scenarios, and simulated sessions with faults.
//!
//! [`World`] joins the real clicker logic, a faulty radio channel, the real session with its coach, and a store under
//! one virtual clock: [`sim::Simulation`] with all entries kept for checks. A scenario is a file; `README.md` describes
//! its format.

mod invariants;

use std::path::Path;
use std::time::Duration;

use plans::{LoadedPlan, Run, Script};
use sim::{Cast, Memory, Settings, Simulation, State, Stopped, Trouble};
use transcript::{Entry, Header, PlanKept, SCHEMA, StoredSpot, Versions};
use unknot::script_keys::keymap;

/// Limit of a session: 15 minutes of heat and 20 of work, the rest pauses.
const LIMIT: Duration = Duration::from_secs(4 * 60 * 60);

/// A simulated session and all its entries.
#[derive(Debug)]
pub struct World {
    simulation: Simulation<Memory>,
    happened: Vec<Entry>,
}

impl World {
    /// Simulated people under a seed, with this level of faults.
    #[must_use]
    pub fn people(seed: u64, trouble: Trouble) -> Self {
        Self::led_by("partner", seed, trouble)
    }

    /// The same with a shipped plan.
    ///
    /// # Panics
    /// If there is no such plan.
    #[must_use]
    pub fn led_by(plan: &str, seed: u64, trouble: Trouble) -> Self {
        let plan = plans::open_plan(plan, Path::new(".")).unwrap_or_else(|error| panic!("{error}"));
        Self::new(header(seed, &plan), Settings::seeded(seed, trouble), Cast::People)
    }

    /// A run of a script.
    ///
    /// # Panics
    /// If its plan cannot be opened.
    #[must_use]
    pub fn script(script: &Script, run: &Run) -> Self {
        let folder = Path::new(&script.file).parent().unwrap_or(Path::new("."));
        let name = script.plan.as_deref().unwrap_or("partner");
        let plan = plans::open_plan(name, folder).unwrap_or_else(|error| panic!("{}: {error}", script.file));
        let closed = script.closed.iter().copied().map(StoredSpot::from).collect();
        let past = script.past.clone().into();
        let header = Header { closed, past, table: script.table, ..header(script.seed, &plan) };
        Self::new(header, Settings::of(script), Cast::Script(run.clone(), keymap))
    }

    fn new(header: Header, settings: Settings, cast: Cast) -> Self {
        let simulation = Simulation::begin(header, Memory::new(), settings, cast)
            .unwrap_or_else(|error| panic!("a plan that was read gives a session: {error}"));
        Self { simulation, happened: Vec::new() }
    }

    /// Plays the session to its end.
    ///
    /// # Errors
    /// If the session cannot continue, or a step of its script fails.
    pub fn play(&mut self) -> Result<State, Stopped> {
        self.simulation.run(LIMIT, |entry| self.happened.push(entry))
    }

    /// The simulated session.
    #[must_use]
    pub const fn simulation(&self) -> &Simulation<Memory> {
        &self.simulation
    }

    /// All entries, stored or not.
    #[must_use]
    pub fn happened(&self) -> &[Entry] {
        &self.happened
    }

    /// Stored entries.
    #[must_use]
    pub fn stored(&self) -> &[Entry] {
        self.simulation.storage()
    }

    /// Violated invariants, a sentence each.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        invariants::broken(self.stored(), self.simulation.clicker())
    }
}

/// Plays a scenario file and its control; returns the failures, a line each. The control must meet its own expectations
/// and must not meet those of the scenario, which shows that these can fail.
#[must_use]
pub fn play(file: &Path) -> Vec<String> {
    let script = match plans::open_script(file) {
        Ok(script) => script,
        Err(error) => return vec![error.to_string()],
    };
    let mut wrong = run(&script, &script.run, None);
    match &script.control {
        Some(control) => wrong.extend(run(&script, control, Some(&script.run))),
        None => wrong.push(format!("{}: a scenario needs a `control`", script.file)),
    }
    wrong
}

fn run(script: &Script, run: &Run, must_fail: Option<&Run>) -> Vec<String> {
    let mut world = World::script(script, run);
    let told = |line: u32, reason: &str| format!("{}:{line}: {reason}", script.file);
    if let Err(stopped) = world.play() {
        return match stopped {
            Stopped::Script(failure) => vec![told(failure.line, &failure.reason)],
            Stopped::Resume(_) | Stopped::Storage(_) | Stopped::Stuck { .. } => {
                vec![format!("{}: {stopped}", script.file)]
            }
        };
    }
    let verdict = world.simulation.verdict(run);
    let mut wrong: Vec<String> = verdict.iter().map(|failure| told(failure.line, &failure.reason)).collect();
    wrong.extend(world.broken().iter().map(|broken| format!("{}: {broken}", script.file)));
    if must_fail.is_some_and(|scenario| world.simulation.verdict(scenario).is_empty()) {
        wrong.push(format!("{}: the control meets the expectations of the scenario as well", script.file));
    }
    wrong
}

/// Header of a simulated session, with an id derived from the seed.
fn header(seed: u64, plan: &LoadedPlan) -> Header {
    Header {
        id: format!("00000000-0000-7000-8000-{:012x}", seed & 0xffff_ffff_ffff),
        versions: Versions {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            wire: "1.0".to_owned(),
            schema: SCHEMA,
        },
        plan: PlanKept::new(&plan.plan, plan.text.clone()),
        seed: Some(seed),
        wall: "2026-01-01T00:00:00Z".to_owned(),
        receiver: None,
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
        learn: None,
    }
}
