//! What a session begins with, anew or from one that was interrupted; and the session itself, lived through on whatever
//! front there is: practice, with the real logic of a clicker and its hand on this keyboard, or with a clicker in the
//! receiver's hand.

use std::time::Duration;

use coach::body::Table;
use coach::{Learn, Moment, Phase};
use jiff::Timestamp;
use journal::{Filter, Journal, Key, Session, SessionKind, State, WriteError, Writer};
use link::Reach;
use link::memory::LinkSource;
use session::ResumeError;
use tokio::sync::mpsc::unbounded_channel;
use transcript::{Entry, Header, Kind, PlanKept, Presence, ReplayError};

use crate::awake::Awake;
use crate::clock::{Clock, Pace, Timeline, again_at, fresh_id};
use crate::earlier::{Earlier, earlier};
use crate::failure::Failure;
use crate::front::Front;
use crate::input::Input;
use crate::live::{Ending, Hand, Live};
use crate::practice::clicker::Pump;
use crate::practice::{header, opening};
use crate::store::OnDisk;
use crate::store::Store;
use crate::voiced::Voice;

/// What a session begins or goes on with.
pub(crate) struct Start {
    /// Its id.
    pub(crate) id: String,
    session: session::Session,
    shelf: OnDisk,
    /// The moment at which it begins or goes on.
    now: Moment,
    /// How often its clicker had been switched on before.
    boots: u16,
    /// Why it is not the one that was to be taken up.
    pub(crate) instead: Option<String>,
    /// What is to be read of earlier sessions that cannot be read in full.
    unread: Vec<String>,
}

/// What a new session is begun with.
#[derive(Debug, Clone)]
pub(crate) struct New {
    /// The plan.
    pub(crate) plan: PlanKept,
    /// Who is the receiver, where they are named.
    pub(crate) receiver: Option<String>,
    /// Which clicker is in the receiver's hand; none in practice.
    pub(crate) clicker: Option<String>,
    /// How high the receiver lies, where that was said.
    pub(crate) table: Option<Table>,
    /// It is there to learn the clicker, and for nothing else.
    pub(crate) only_learn: bool,
}

/// A session that was interrupted.
pub(crate) struct Found {
    key: Key,
    id: String,
    /// All that is stored of it.
    pub(crate) entries: Vec<Entry>,
}

impl Start {
    /// What is to be read before it begins. A screen has two rows for it.
    pub(crate) fn told(&self) -> Option<String> {
        let unread = match self.unread.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [one, more @ ..] => Some(format!("{one} So of {} more.", more.len())),
        };
        let told: Vec<String> = self.instead.iter().cloned().chain(unread).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }

    /// A new one.
    pub(crate) fn anew(writer: Writer, new: New, wall: Timestamp) -> Result<Self, Failure> {
        let New { plan, receiver, clicker, table, only_learn } = new;
        let learn = Learn::of(only_learn, is_new(&writer, receiver.as_deref())?);
        let Earlier { closed, past, unread } = earlier(&writer, receiver.as_deref(), wall)?;
        let header =
            Header { receiver, clicker, closed, past, table, learn, ..header(fresh_id(), plan, None, wall) };
        let id = header.id.clone();
        let opening = opening(&id, &header.plan);
        let session = session::Session::begin(header, opening)?;
        let shelf = OnDisk::new(writer);
        Ok(Self { id, session, shelf, now: Moment::START, boots: 0, instead: None, unread })
    }

    /// A new one in the place of one that was interrupted.
    pub(crate) fn instead_of(
        old: &Found,
        mut writer: Writer,
        new: New,
        wall: Timestamp,
    ) -> Result<Self, Failure> {
        writer.close(old.key).map_err(unbegun)?;
        Self::anew(writer, new, wall)
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
                unread: Vec::new(),
            }),
            Err(error) => {
                let why = format!("It cannot be taken up: {error}. It is closed, and a new one begins.");
                let table = found.header().and_then(|header| header.table);
                let new = New {
                    plan,
                    receiver: found.receiver(),
                    clicker: found.clicker(),
                    table,
                    only_learn: false,
                };
                let anew = Self::instead_of(found, writer, new, wall)?;
                Ok(Self { instead: Some(why), ..anew })
            }
        }
    }
}

impl Found {
    fn resume(&self, wall: Timestamp) -> Result<(session::Session, Moment), ResumeError> {
        let began = self.header().and_then(|header| header.wall.parse().ok());
        let now = again_at(began, wall, self.entries.last().map_or(Moment::START, Entry::at));
        let plan = self.header().map(|header| &header.plan).ok_or(ReplayError::NoHeader)?;
        session::Session::resume(&self.entries, opening(&self.id, plan), now, wall.to_string())
            .map(|session| (session, now))
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
        self.header().and_then(|header| header.receiver.clone())
    }

    /// Which clicker was in their hand. It alone has what was not yet stored.
    pub(crate) fn clicker(&self) -> Option<String> {
        self.header().and_then(|header| header.clicker.clone())
    }

    fn header(&self) -> Option<&Header> {
        self.entries.iter().find_map(|entry| match &entry.kind {
            Kind::Session(header) => Some(&**header),
            _ => None,
        })
    }

    /// For how long somebody was there in it.
    pub(crate) fn lasted(&self) -> Duration {
        Duration::from_millis(Presence::of(&self.entries).lasted_ms())
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

/// Whether the receiver has not been here before; where nobody is named, whether nobody has.
fn is_new(journal: &Journal, receiver: Option<&str>) -> Result<bool, Failure> {
    let theirs = Filter { receiver: receiver.map(str::to_owned), ..Filter::default() };
    Ok(journal.found(&theirs)?.is_empty())
}

/// The last session of this kind in this store that can be taken up again. One that is not whole cannot, and is in nobody's
/// way: it is closed with all that can be read of it, and the next session is told of it as of any other.
pub(crate) fn interrupted(writer: &mut Writer, held: SessionKind) -> Result<Option<Found>, Failure> {
    let mut open = writer.sessions()?;
    open.retain(|session| session.state == State::Open && session.kind == held);
    for Session { key, id, .. } in open.into_iter().rev() {
        if writer.broken(key)?.is_none() {
            let entries = writer.entries(key)?;
            return Ok(Some(Found { key, id, entries }));
        }
        match writer.close(key) {
            Ok(()) | Err(WriteError::Altered(_)) => {}
            Err(error) => return Err(unbegun(error)),
        }
    }
    Ok(None)
}

fn unbegun(error: WriteError) -> Failure {
    Failure::from(error).on_full_disk("no session was begun")
}

/// Where a session is lived through.
pub(crate) struct SessionEnv<'a, C, F> {
    /// How fast it runs.
    pub(crate) pace: Pace,
    /// The laptop's clock.
    pub(crate) clock: &'a mut C,
    /// The keyboard, and signals of the system.
    pub(crate) input: &'a mut Input,
    /// What is seen of it.
    pub(crate) front: &'a mut F,
    /// What is spoken of it, if anything is.
    pub(crate) voice: Option<Voice>,
}

/// Lives through practice, with a clock of its own for the clicker.
pub(crate) async fn play<C: Clock>(
    start: Start,
    clickers: &mut C,
    env: SessionEnv<'_, C, impl Front>,
) -> Result<Ending, Failure> {
    let (laptop, clicker) = link::memory::pair();
    let (presses, gestures) = unbounded_channel();
    let (shown, lights) = unbounded_channel();
    let pump = Pump::new(clickers, env.pace, start.boots, clicker, gestures, shown);
    let hand = Hand::Keyboard { presses, lights };
    let (ending, ()) = tokio::join!(live(start, LinkSource::from(laptop), hand, env), pump.run());
    ending
}

/// Lives through a session whose links come from `reach`.
pub(crate) async fn live<C: Clock, R: Reach>(
    start: Start,
    reach: R,
    hand: Hand,
    env: SessionEnv<'_, C, impl Front>,
) -> Result<Ending, Failure> {
    let SessionEnv { pace, clock, input, front, voice } = env;
    let _awake = Awake::keep();
    // Faster or slower than people speak, a voice would be in nobody's time.
    let mut front = Voice::over(voice.filter(|_| pace == Pace::REAL), front);
    let front = &mut front;
    front.led_by(start.session.view(start.now).coach.technique);
    let timeline = Timeline::new(pace, start.now, clock.read());
    let store = Store::start(start.shelf)?;
    let live = Live { session: start.session, clock, timeline, reach, store, input, hand, front };
    Ok(live.run(start.now).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::plan::chosen;

    #[test]
    fn new_is_who_was_not_here_before_and_where_nobody_is_named_a_store_in_which_nobody_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(&folder.path().join("store.db")).unwrap();
        let here =
            |writer: &Writer| [Some("Ada"), Some("Ad"), None].map(|name| is_new(writer, name).unwrap());
        assert_eq!(here(&writer), [true, true, true]);
        let plain = header(fresh_id(), chosen(None).unwrap(), None, Timestamp::UNIX_EPOCH);
        writer.create(&plain).unwrap();
        assert_eq!(here(&writer), [true, true, false], "who had no name may be anybody");
        let ada = Header { id: fresh_id().to_string(), receiver: Some("Ada".to_owned()), ..plain };
        writer.create(&ada).unwrap();
        assert_eq!(here(&writer), [false, true, false]);
        assert!(!is_new(&writer, Some("ada")).unwrap(), "capitals make nobody another");
    }
}
