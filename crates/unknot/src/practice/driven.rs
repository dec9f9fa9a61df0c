//! Practice without hands: a script or simulated people play the session in virtual time, paced by the clock or not.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use coach::body::Table;
use coach::{Moment, Technique};
use jiff::Timestamp;
use journal::Writer;
use plans::Script;
use sim::{Cast, Memory, Settings, Simulation, State, Stopped, Storage, Time};
use transcript::{Entry, Header, Kind, PlanKept, StoredSpot};
use words::Words;

use super::header;
use crate::args::{self, Speed};
use crate::clock::{Clock, Timeline, fresh_id};
use crate::commands::plan;
use crate::failure::{Failure, Lines, faulty};
use crate::script_keys::keymap;
use crate::signals::Signals;
use crate::store::OnDisk;
use crate::teller::Teller;

/// No session takes this long, whatever people do: one that does is caught in a circle.
const LONGEST: Duration = Duration::from_secs(12 * 3600);

/// A session that plays itself.
pub(crate) struct Play {
    script: Option<Script>,
    plan: PlanKept,
    table: Option<Table>,
    settings: Settings,
    speed: Speed,
}

/// How entries are written.
pub(crate) enum Voice {
    /// As NDJSON, one object a line.
    Json(Words),
    /// As lines for a person.
    Lines(Teller),
}

impl Play {
    /// What these arguments ask for. The seed is chance where none is named.
    pub(crate) fn of(practice: &args::Practice) -> Result<Self, Failure> {
        let seed = practice.seed.unwrap_or_else(|| u64::from(fresh_id().as_fields().0));
        let Some(file) = &practice.script else {
            let plan = plan::chosen(practice.plan.as_deref())?;
            let table = practice.table;
            return Ok(Self {
                script: None,
                plan,
                table,
                settings: Settings::quiet(seed),
                speed: practice.speed,
            });
        };
        let script = read(file)?;
        let plan = match (&practice.plan, &script.plan) {
            (Some(named), _) => plan::chosen(Some(named))?,
            (None, Some(named)) => plan::chosen(Some(&beside(file, named)))?,
            (None, None) => plan::chosen(None)?,
        };
        let mut settings = Settings::of(&script);
        settings.seed = practice.seed.unwrap_or(settings.seed);
        let table = practice.table.or(script.table);
        Ok(Self { script: Some(script), plan, table, settings, speed: practice.speed })
    }

    /// Plays it, writing every entry as it comes.
    ///
    /// Paced by the clock it is stored as it goes. In virtual time, which waits for nothing, it is stored whole at its
    /// end: a disk that syncs each batch would make it as slow as the disk, and guard seconds in which nobody lived.
    pub(crate) fn run(
        self,
        clock: &mut impl Clock,
        mut writer: Writer,
        mut voice: Voice,
        out: &mut impl Write,
    ) -> Result<(), Failure> {
        voice.led_by(self.plan.figures.technique);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (outcome, session) = match self.speed {
            Speed::Paced(pace) => {
                let timeline = Timeline::new(pace, Moment::START, clock.read());
                let paced = self.play(clock, Some(timeline), OnDisk::new(writer), voice, out);
                let (outcome, storage) = runtime.block_on(paced)?;
                let session = storage.session();
                writer = storage.into_writer();
                (outcome, session)
            }
            Speed::Max => {
                let (outcome, entries) =
                    runtime.block_on(self.play(clock, None, Memory::new(), voice, out))?;
                let session = match entries.split_first() {
                    Some((Entry { kind: Kind::Session(header), .. }, rest)) => {
                        Some(writer.create_with(header, rest)?)
                    }
                    Some(_) | None => None,
                };
                (outcome, session)
            }
        };
        // One that did not finish was not interrupted either: nobody is to be asked whether to take it up again.
        if let Some(session) = session {
            writer.close(session)?;
        }
        outcome
    }

    fn header(&self, wall: Timestamp) -> Header {
        let mut header = header(fresh_id(), self.plan.clone(), Some(self.settings.seed), wall);
        header.table = self.table.filter(|_| !self.plan.figures.technique.is_alone());
        if let Some(script) = &self.script {
            header.closed = script.closed.iter().copied().map(StoredSpot::from).collect();
            header.past = script.past.clone().into();
        }
        header
    }

    async fn play<S: Storage>(
        &self,
        clock: &mut impl Clock,
        timeline: Option<Timeline>,
        storage: S,
        mut voice: Voice,
        out: &mut impl Write,
    ) -> Result<(Result<(), Failure>, S), Failure> {
        let header = self.header(clock.read().wall);
        let cast =
            self.script.as_ref().map_or(Cast::People, |script| Cast::Script(script.run.clone(), keymap));
        let mut simulation = Simulation::begin(header, storage, self.settings, cast)?;
        let mut signals = Signals::listen()?;
        let outcome = loop {
            if let (Some(timeline), Some(due)) = (&timeline, simulation.due()) {
                let due = Moment::from_millis(due.as_millis());
                // A gap of the clock is none of the session: its time is virtual, and waits.
                let now = timeline.at(clock.read().monotonic);
                tokio::select! {
                    () = tokio::time::sleep(timeline.until(now, due)) => {}
                    number = signals.end() => break Err(Failure::Signal(number)),
                }
            }
            let turn = simulation.turn();
            let mut told = Ok(());
            while let Some(entry) = simulation.poll_entry() {
                told = told.and_then(|()| voice.entry(&entry, out));
            }
            told = told.and_then(|()| voice.turn(&simulation.view(), out));
            if timeline.is_some() {
                told = told.and_then(|()| out.flush());
            }
            match (told, turn) {
                (Err(error), _) => break Err(error.into()),
                (Ok(()), Ok(State::Going)) if simulation.now() <= Time::START + LONGEST => {}
                (Ok(()), Ok(state)) => break self.judge(state, &simulation),
                (Ok(()), Err(stopped)) => break Err(self.stopped(stopped)),
            }
        };
        simulation.settle()?;
        Ok((outcome, simulation.into_storage()))
    }

    fn judge<S: Storage>(&self, state: State, simulation: &Simulation<S>) -> Result<(), Failure> {
        let failures = self.script.as_ref().map(|script| simulation.verdict(&script.run)).unwrap_or_default();
        if !failures.is_empty() {
            let lines: Vec<String> =
                failures.iter().map(|failure| self.place(failure.line, &failure.reason)).collect();
            return Err(Lines(lines.join("\n")).into());
        }
        match state {
            State::Finished | State::ScriptOver => Ok(()),
            State::Going => {
                Err(anyhow::anyhow!("the session did not end within {} hours", LONGEST.as_secs() / 3600)
                    .into())
            }
        }
    }

    fn stopped(&self, stopped: Stopped) -> Failure {
        match stopped {
            Stopped::Script(failure) => {
                anyhow::anyhow!("{}", self.place(failure.line, &failure.reason)).into()
            }
            other @ (Stopped::Resume(_) | Stopped::Storage(_) | Stopped::Stuck { .. }) => other.into(),
        }
    }

    fn place(&self, line: u32, reason: &str) -> String {
        let file = self.script.as_ref().map_or("", |script| script.file.as_str());
        format!("{file}:{line}: {reason}")
    }
}

impl Voice {
    fn led_by(&mut self, technique: Technique) {
        match self {
            Self::Json(words) => *words = words.of(technique),
            Self::Lines(teller) => teller.led_by(technique),
        }
    }

    fn entry(&mut self, entry: &Entry, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Json(words) => writeln!(out, "{}", report::ndjson::line(entry, words))?,
            Self::Lines(teller) => {
                if let Some(line) = teller.entry(entry) {
                    writeln!(out, "{line}")?;
                }
            }
        }
        Ok(())
    }

    fn turn(&mut self, view: &coach::View, out: &mut impl Write) -> io::Result<()> {
        if let Self::Lines(teller) = self {
            for line in teller.turn(view, false) {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}

fn read(file: &Path) -> Result<Script, Failure> {
    plans::open_script(file).map_err(|error| faulty(file, &error.to_string()))
}

/// A plan as a script names it: by its name, or as a file relative to the script's folder.
fn beside(script: &Path, plan: &str) -> String {
    if plans::plan::shipped(plan).is_some() {
        return plan.to_owned();
    }
    let folder = script.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    folder.join(plan).display().to_string()
}
