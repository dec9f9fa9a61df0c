//! `unknot session`: a session with a clicker in the receiver's hand, on the screen or as lines.

use std::path::Path;

use journal::SessionKind;

use crate::clock::Pace;
use crate::commands::plan;
use crate::failure::Failure;
use crate::flows::connect;
use crate::screen::{self, First, Look};
use crate::{args, plainly, terminal};

/// `unknot session`, on the store at this path.
pub(crate) fn run(session: &args::Session, look: Look, db: &Path) -> Result<(), Failure> {
    let plan = plan::chosen(session.plan.as_deref())?;
    let table = session.table;
    let device = session.device.as_deref().map(connect::id).transpose()?;
    let receiver = session.receiver.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let receiver = receiver.map(terminal::without_controls);
    if session.plain || !look.fits() {
        return plainly::session(plainly::Ask {
            held: SessionKind::InHand,
            plan,
            receiver,
            table,
            device,
            pace: Pace::REAL,
            db: db.to_owned(),
            voice: look.voice(false),
        });
    }
    let first = First::Session { receiver, device };
    screen::run(screen::Ask { db: db.to_owned(), plan, table, pace: Pace::REAL, look, first })
}
