//! What comes before a session, in its order: what was interrupted, how it has been since, the clicker, the table.
//! The clicker is reached before anything of the session is written.

use std::path::Path;

use coach::Technique;
use coach::body::Table;
use journal::{SessionKind, Writer};
use link::bluetooth::{Bluetooth, ClickerId};
use transcript::{Entry, PlanKept};

use super::connect::{self, Reached};
use super::{Dialog, DialogView, Exit, Flow, check_in, table_height};
use crate::air::{self, StatusLines};
use crate::begin::{Found, New, SessionEnv, Start, play};
use crate::clickers::Clickers;
use crate::clock::{Clock, SystemClock};
use crate::failure::Failure;
use crate::front::Front;
use crate::keys::Clicker;
use crate::live::Ending;

/// What is asked for.
pub(crate) enum Wanted {
    /// A new session.
    New {
        /// Who is the receiver, where they are named.
        receiver: Option<String>,
        /// Whether one that was interrupted is closed for it.
        close: bool,
        /// It is there to learn the clicker, and for nothing else.
        only_learn: bool,
    },
    /// The session that was interrupted.
    Resume,
}

/// What it is prepared from.
pub(crate) struct Setup {
    /// The store.
    pub(crate) writer: Writer,
    /// What was interrupted in it.
    pub(crate) found: Option<Found>,
    /// The plan of a new session.
    pub(crate) plan: PlanKept,
    /// How high the receiver lies, where that is named.
    pub(crate) table: Option<Table>,
    /// The clicker in the receiver's hand; none in practice.
    pub(crate) clicker: Option<InHand>,
}

/// How the clicker in the receiver's hand is found.
pub(crate) struct InHand {
    /// This computer's Bluetooth.
    pub(crate) bluetooth: Bluetooth,
    /// Those that are remembered.
    pub(crate) clickers: Clickers,
    /// The one that is named.
    pub(crate) device: Option<ClickerId>,
}

/// A session that is about to begin or go on.
pub(crate) struct Begun {
    /// The session.
    pub(crate) start: Start,
    /// Who is the receiver, where they are named.
    pub(crate) receiver: Option<String>,
    /// What has happened in it before.
    pub(crate) so_far: Vec<Entry>,
    /// The clicker in the receiver's hand; none in practice.
    pub(crate) reached: Option<Reached>,
}

/// Asks what is to be asked, reaches the clicker, and begins the session or takes it up.
pub(crate) async fn prepare<V: DialogView>(
    setup: Setup,
    wanted: Wanted,
    clock: &mut impl Clock,
    dialog: &mut Dialog<'_, V>,
) -> Flow<Begun> {
    let Setup { mut writer, found, plan, table, clicker } = setup;
    let technique = plan.figures.technique;
    if found.is_some() != matches!(wanted, Wanted::Resume | Wanted::New { close: true, .. }) {
        return Err(Exit::Changed);
    }
    if let Wanted::New { receiver, only_learn: false, .. } = &wanted {
        check_in::ask(&mut writer, receiver.as_deref(), clock.read().wall, dialog).await?;
    }
    let known = table_height::of(&writer, technique, table)?;
    let (reached, table) = match clicker {
        None => (None, known),
        Some(in_hand) => {
            // What was not stored yet lies on the clicker with which it began.
            let began_with =
                found.as_ref().filter(|_| matches!(wanted, Wanted::Resume)).and_then(Found::clicker);
            let asks = matches!(wanted, Wanted::New { only_learn: false, .. });
            let (reached, table) =
                in_hand.reach(began_with, asks.then_some(technique), known, dialog).await?;
            (Some(reached), table)
        }
    };
    let wall = clock.read().wall;
    let clicker = reached.as_ref().map(|reached| reached.chosen.id.to_string());
    let (start, receiver, so_far) = match (wanted, found) {
        (Wanted::New { receiver, only_learn, .. }, found) => {
            let new = New { plan, receiver: receiver.clone(), clicker, table, only_learn };
            let start = match found {
                None => Start::anew(writer, new, wall)?,
                Some(found) => Start::instead_of(&found, writer, new, wall)?,
            };
            (start, receiver, Vec::new())
        }
        (Wanted::Resume, Some(found)) => {
            let start = Start::again(writer, &found, plan, wall)?;
            let receiver = found.receiver();
            let so_far = if start.instead.is_none() { found.entries } else { Vec::new() };
            (start, receiver, so_far)
        }
        (Wanted::Resume, None) => return Err(Exit::Changed),
    };
    Ok(Begun { start, receiver, so_far, reached })
}

impl InHand {
    /// Reaches the clicker that is named, that it began with, or that is remembered and near. Meanwhile asks how high the
    /// receiver lies, where a technique is given and that is not known.
    async fn reach<V: DialogView>(
        self,
        began_with: Option<String>,
        asks: Option<Technique>,
        known: Option<Table>,
        dialog: &mut Dialog<'_, V>,
    ) -> Flow<(Reached, Option<Table>)> {
        let Self { bluetooth, clickers, device } = self;
        let device = device.or_else(|| began_with?.parse().ok());
        let chosen = connect::pick(&bluetooth, &clickers, device.as_ref(), dialog).await?;
        let table = match asks {
            Some(technique) => table_height::ask(technique, known, dialog).await?,
            None => known,
        };
        Ok((connect::reach(&bluetooth, chosen, dialog).await?, table))
    }
}

impl Begun {
    /// Which kind of session it is.
    pub(crate) const fn held(&self) -> SessionKind {
        if self.reached.is_some() { SessionKind::InHand } else { SessionKind::Practice }
    }

    /// Whose hand the clicker is in, and what tells of it.
    pub(crate) fn clicker(&self) -> (Clicker, StatusLines) {
        match &self.reached {
            Some(reached) => (Clicker::InHand, StatusLines::of(reached.chosen.name.clone())),
            None => (Clicker::OnKeyboard, StatusLines::none()),
        }
    }

    /// Lives through it. What is read of the clicker's battery is remembered beside this store.
    pub(crate) async fn live(
        self,
        db: &Path,
        env: SessionEnv<'_, SystemClock, impl Front>,
    ) -> Result<Ending, Failure> {
        match self.reached {
            Some(reached) => air::reach::live(self.start, reached, db, env).await,
            None => play(self.start, &mut SystemClock::start(), env).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;
    use transcript::{Header, Kind};

    use super::*;
    use crate::begin::interrupted;
    use crate::clock::{PausedClock, fresh_id};
    use crate::commands::plan::chosen;
    use crate::flows::LineView;
    use crate::input::Input;
    use crate::practice::{header, opening};
    use crate::terminal::Lines;

    /// What comes of asking this store for a practice session.
    async fn asked(db: &Path, wanted: Wanted) -> Flow<Begun> {
        let mut writer = Writer::open(db).unwrap();
        let found = interrupted(&mut writer, SessionKind::Practice).unwrap();
        let setup = Setup { writer, found, plan: chosen(None).unwrap(), table: None, clicker: None };
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        let mut view = LineView::new(&mut lines, true);
        let mut input = Input::new(unbounded_channel().1).unwrap();
        prepare(setup, wanted, &mut PausedClock::start(), &mut Dialog::new(&mut view, &mut input)).await
    }

    /// Puts a session with this header into the store, as far as it has come when it begins.
    fn leave(db: &Path, header: &Header) {
        let opening = opening(&header.id, &header.plan);
        let mut session = session::Session::begin(header.clone(), opening).unwrap();
        let outputs = std::iter::from_fn(|| session.poll_output());
        let stored = outputs.filter_map(|output| match output {
            session::Output::Store { entries, .. } => Some(entries),
            _ => None,
        });
        let entries: Vec<Entry> =
            stored.flatten().filter(|entry| !matches!(entry.kind, Kind::Session(_))).collect();
        Writer::open(db).unwrap().create_with(header, &entries).unwrap();
    }

    const fn new(close: bool) -> Wanted {
        Wanted::New { receiver: None, close, only_learn: false }
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_is_taken_up_or_closed_only_as_it_was_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("store.db");
        assert!(matches!(asked(&db, Wanted::Resume).await, Err(Exit::Changed)), "there is none");
        assert!(matches!(asked(&db, new(true)).await, Err(Exit::Changed)), "there is none to close");
        let left = header(fresh_id(), chosen(None).unwrap(), None, jiff::Timestamp::UNIX_EPOCH);
        leave(&db, &left);
        assert!(matches!(asked(&db, new(false)).await, Err(Exit::Changed)), "it is not closed unasked");
        let again = asked(&db, Wanted::Resume).await.unwrap();
        assert_eq!((again.start.id.as_str(), again.so_far.is_empty()), (left.id.as_str(), false));
        drop(again);
        let other = asked(&db, new(true)).await.unwrap();
        assert_ne!(other.start.id, left.id);
        assert!(other.so_far.is_empty());
    }
}
