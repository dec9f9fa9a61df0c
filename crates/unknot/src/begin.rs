//! What a session by hand begins with, anew or from one that was interrupted; and the session itself, lived through on
//! whatever front there is. The clicker is the practice one: the real logic, its hand on this keyboard.

use std::time::Duration;

use coach::{Moment, Phase};
use jiff::Timestamp;
use journal::{Key, Writer};
use session::{ResumeError, Session};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use transcript::{Entry, Header, Kind, PlanKept};

use super::clicker::Pump;
use super::{header, opening};
use crate::awake::Awake;
use crate::clock::{Clock, Pace, Timeline, fresh_id};
use crate::failure::Failure;
use crate::front::Front;
use crate::live::{Ending, Live};
use crate::signals::Signals;
use crate::sitting::OnDisk;
use crate::store::Store;
use crate::terminal::Typed;

/// What a session begins or goes on with.
pub(crate) struct Start {
    /// Its id.
    pub(crate) id: String,
    session: Session,
    shelf: OnDisk,
    /// The moment at which it begins or goes on.
    now: Moment,
    /// How often its clicker had been switched on before.
    boots: u16,
    /// Why it is not the one that was to be taken up.
    pub(crate) instead: Option<String>,
}

/// A session that was interrupted.
pub(crate) struct Found {
    key: Key,
    id: String,
    /// All that is stored of it.
    pub(crate) entries: Vec<Entry>,
}

impl Start {
    /// A new one.
    pub(crate) fn anew(
        writer: Writer,
        plan: PlanKept,
        receiver: Option<String>,
        wall: Timestamp,
    ) -> Result<Self, Failure> {
        let header = Header { receiver, ..header(fresh_id(), plan, None, wall) };
        let id = header.id.clone();
        let session = Session::begin(header, opening(&id))?;
        Ok(Self { id, session, shelf: OnDisk::new(writer), now: Moment::START, boots: 0, instead: None })
    }

    /// A new one in the place of one that was interrupted.
    pub(crate) fn instead_of(
        old: &Found,
        mut writer: Writer,
        plan: PlanKept,
        receiver: Option<String>,
        wall: Timestamp,
    ) -> Result<Self, Failure> {
        writer.close(old.key)?;
        Self::anew(writer, plan, receiver, wall)
    }

    /// Takes up what was found; where that cannot be, a new session takes its place, and says why.
    pub(crate) fn again(
        writer: Writer,
        found: &Found,
        plan: PlanKept,
        wall: Timestamp,
    ) -> Result<Self, Failure> {
        match found.resume(wall) {
            Ok((session, now)) => Ok(Self {
                session,
                now,
                boots: found.boots(),
                shelf: OnDisk::of(writer, found.key),
                id: found.id.clone(),
                instead: None,
            }),
            Err(error) => {
                let why = format!("It cannot be taken up: {error}. It is closed, and a new one begins.");
                let anew = Self::instead_of(found, writer, plan, found.receiver(), wall)?;
                Ok(Self { instead: Some(why), ..anew })
            }
        }
    }
}

impl Found {
    fn resume(&self, wall: Timestamp) -> Result<(Session, Moment), ResumeError> {
        // On the clock of the session it is as late now as it is on the wall, and never earlier than it was.
        let began = self.entries.iter().find_map(|entry| match &entry.kind {
            Kind::Session(header) => header.wall.parse::<Timestamp>().ok(),
            _ => None,
        });
        let since = began.and_then(|began| Duration::try_from(wall.duration_since(began)).ok());
        let last = self.entries.last().map_or(Moment::START, Entry::at);
        let now = last.max(Moment::START + since.unwrap_or_default());
        Session::resume(&self.entries, opening(&self.id), now, wall.to_string()).map(|session| (session, now))
    }

    fn boots(&self) -> u16 {
        let boots = self.entries.iter().filter_map(|entry| match entry.kind {
            Kind::Click { boot, .. } | Kind::Alarm { boot, .. } => Some(boot),
            _ => None,
        });
        boots.max().unwrap_or(0)
    }

    /// Who was the receiver, where they were named.
    pub(crate) fn receiver(&self) -> Option<String> {
        self.entries.iter().find_map(|entry| match &entry.kind {
            Kind::Session(header) => header.receiver.clone(),
            _ => None,
        })
    }

    /// How long it has lasted.
    pub(crate) fn lasted(&self) -> Duration {
        self.entries.last().map_or(Duration::ZERO, |entry| Duration::from_millis(entry.at_ms))
    }

    /// The phase in which it was interrupted.
    pub(crate) fn phase(&self) -> Phase {
        let phases = self.entries.iter().rev().find_map(|entry| match entry.kind {
            Kind::Phase { to, .. } => Some(to),
            _ => None,
        });
        phases.unwrap_or(Phase::Screening)
    }
}

/// The last session of this store, if it can be taken up again.
pub(crate) fn interrupted(writer: &Writer) -> Result<Option<Found>, Failure> {
    let Some(session) = writer.last_open()? else { return Ok(None) };
    let entries = writer.entries(session.key)?;
    Ok(Some(Found { key: session.key, id: session.id, entries }))
}

/// Lives through it, on a clock for the laptop and one for the clicker.
pub(crate) async fn play<C: Clock>(
    start: Start,
    pace: Pace,
    [clock, clickers]: [&mut C; 2],
    keys: &mut UnboundedReceiver<Typed>,
    signals: &mut Signals,
    front: &mut impl Front,
) -> Result<Ending, Failure> {
    let _awake = Awake::keep();
    let (laptop, clicker) = link::memory::pair();
    let (hand, gestures) = unbounded_channel();
    let (shown, lights) = unbounded_channel();
    let pump = Pump::new(clickers, pace, start.boots, clicker, gestures, shown);
    let timeline = Timeline::new(pace, start.now, clock.read());
    let live = Live {
        session: start.session,
        clock,
        timeline,
        link: laptop,
        store: Store::start(start.shelf)?,
        keys,
        signals,
        hand,
        lights,
        front,
    };
    let (ending, ()) = tokio::join!(live.run(start.now), pump.run());
    Ok(ending)
}
