//! What comes before a session, in its order: what was interrupted, how it has been since, the clicker, the table.
//! The clicker is reached before anything of the session is written.

use std::path::Path;

use coach::body::Table;
use journal::{Held, Writer};
use link::bluetooth::{Bluetooth, ClickerId};
use transcript::{Entry, PlanKept};

use super::connect::{self, Reached};
use super::{Dialog, DialogView, Exit, Flow, check_in, table_height};
use crate::air::{self, Tidings};
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
        Some(InHand { bluetooth, clickers, device }) => {
            // What was not stored yet lies on the clicker with which it began.
            let began_with =
                || found.as_ref().filter(|_| matches!(wanted, Wanted::Resume))?.clicker()?.parse().ok();
            let device = device.or_else(began_with);
            let chosen = connect::pick(&bluetooth, &clickers, device.as_ref(), dialog).await?;
            // One that is taken up goes on as it was.
            let table = if matches!(wanted, Wanted::New { only_learn: false, .. }) {
                table_height::ask(technique, known, dialog).await?
            } else {
                known
            };
            (Some(connect::reach(&bluetooth, chosen, dialog).await?), table)
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

impl Begun {
    /// Which kind of session it is.
    pub(crate) const fn held(&self) -> Held {
        if self.reached.is_some() { Held::InHand } else { Held::Practice }
    }

    /// Whose hand the clicker is in, and what tells of it.
    pub(crate) fn clicker(&self) -> (Clicker, Tidings) {
        match &self.reached {
            Some(reached) => (Clicker::InHand, Tidings::of(reached.chosen.name.clone())),
            None => (Clicker::OnKeyboard, Tidings::none()),
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
