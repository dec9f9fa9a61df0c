//! Where a program in a terminal finds itself: a store of its own, and in it, where wanted, a session that was
//! interrupted in mid-session, so that nobody has to sit through the minutes before.

#[path = "../../src/earlier/tear.rs"]
mod tear;

use std::time::Duration;

use coach::Because;
use jiff::{SignedDuration, Timestamp};
use journal::{Journal, Writer};
use plans::Script;
use pty_process::blocking::Command;
use sim::{Cast, Memory, Settings, Simulation, State};
use transcript::{Entry, Header, Kind, PlanKept, SCHEMA, Versions};

/// A folder with a store in it.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    /// With nothing in the store.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room for a folder"))
    }

    /// With a session in the store that was interrupted a moment ago, while the spot was being looked for.
    pub(crate) fn interrupted() -> Self {
        let place = Self::new();
        let (header, entries) = up_to_the_spot();
        let mut writer = Writer::open(&place.store()).expect("a new store opens");
        writer.create_with(&header, &entries).expect("a new store takes a session");
        place
    }

    /// With a session of Anna's in the store, with a clicker in her hand, that was over yesterday.
    pub(crate) fn of_yesterday() -> Self {
        let place = Self::new();
        let (mut header, mut entries) = up_to_the_spot();
        header.receiver = Some("Anna".to_owned());
        header.clicker = Some("C0:12:34:56:78:9A".to_owned());
        header.wall = (Timestamp::now() - SignedDuration::from_hours(24)).to_string();
        let at_ms = entries.last().map_or(0, |entry| entry.at_ms);
        entries.push(Entry { at_ms, kind: Kind::Finished { because: Because::Ended } });
        let mut writer = Writer::open(&place.store()).expect("a new store opens");
        writer.create_with(&header, &entries).expect("a new store takes a session");
        place
    }

    /// With the first of these words in the store changed from outside into others.
    pub(crate) fn torn(self, known: &str, altered: &str) -> Self {
        tear::tear(&self.store(), known, altered);
        self
    }

    pub(crate) fn store(&self) -> std::path::PathBuf {
        self.0.path().join("store.db")
    }

    /// The real binary with these arguments, in this place.
    pub(crate) fn unknot(&self, arguments: &[&str]) -> Command {
        ["COLORTERM", "COLORFGBG", "NO_COLOR", "UNKNOT_LOG", "UNKNOT_THEME", "UNKNOT_REDUCED_MOTION"]
            .into_iter()
            .fold(Command::new(env!("CARGO_BIN_EXE_unknot")), Command::env_remove)
            .args(arguments)
            .env("UNKNOT_DB", self.store())
            // Whatever speaks on this machine is silent in tests.
            .env("UNKNOT_VOICE", "off")
            // Whatever Bluetooth this machine has, no test looks for a clicker with it.
            .env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
            // Nor keeps its display on.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    }

    /// The last session as it is stored, also while the program runs.
    pub(crate) fn stored(&self) -> Vec<Entry> {
        let journal = Journal::open(&self.store()).expect("the store opens");
        let last = journal.last().expect("the store can be read").expect("there is a session");
        journal.entries(last.key).expect("the session can be read")
    }
}

/// Everything from the first question to the light touch, played in virtual time.
fn up_to_the_spot() -> (Header, Vec<Entry>) {
    let script = Script::parse("prepared", "steps = [{ reach = \"locating\" }]").expect("the script is one");
    let plan = plans::open_plan("partner", std::path::Path::new(".")).expect("the plan ships");
    let header = |wall: Timestamp| Header {
        learn: None,
        id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        versions: Versions { program: "test".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
        plan: PlanKept::new(&plan.plan, &plan.text),
        seed: None,
        wall: wall.to_string(),
        receiver: None,
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
    };
    let settings = Settings::of(&script);
    let mut sitting = Simulation::begin(
        header(Timestamp::now()),
        Memory::new(),
        settings,
        Cast::Script(script.run, unknot::script_keys::keymap),
    )
    .expect("the plan gives a session");
    let state = sitting.run(Duration::from_secs(3_600), drop).expect("it runs");
    assert_eq!(state, State::ScriptOver);
    let entries: Vec<Entry> = sitting.into_storage().split_off(1);
    let lasted = entries.last().map_or(0, |entry| entry.at_ms);
    // It began so long ago that it was interrupted just now: a pause of minutes would begin it all again.
    let lasted = SignedDuration::from_millis(i64::try_from(lasted).expect("an hour at most"));
    (header(Timestamp::now() - lasted), entries)
}
