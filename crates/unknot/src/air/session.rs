//! `unknot session`: a session with a clicker in the receiver's hand, on the screen or as lines.

use std::path::Path;

use crate::args;
use crate::commands::plan;
use crate::failure::Failure;
use crate::screen::Look;

/// `unknot session`, on the store at this path.
#[cfg(feature = "bluetooth")]
pub(crate) fn run(session: &args::Session, look: Look, db: &Path) -> Result<(), Failure> {
    use crate::clock::Pace;
    use crate::screen::{self, First};
    use crate::{plainly, terminal};

    let plan = plan::chosen(session.plan.as_deref())?;
    let table = session.table;
    let device = session.device.as_deref().map(super::reach::id).transpose()?;
    let receiver = session.receiver.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let receiver = receiver.map(terminal::without_controls);
    if session.plain || !look.fits() {
        return plainly::session(plainly::Ask {
            plan,
            receiver,
            table,
            device,
            db: db.to_owned(),
            voice: look.voice(false),
        });
    }
    let first = First::Session { receiver, device };
    screen::run(screen::Ask { db: db.to_owned(), plan, table, pace: Pace::REAL, look, first })
}

/// `unknot session` of a program without Bluetooth. What was asked wrongly is told first all the same.
#[cfg(not(feature = "bluetooth"))]
pub(crate) fn run(session: &args::Session, _: Look, _: &Path) -> Result<(), Failure> {
    plan::chosen(session.plan.as_deref())?;
    Err(super::built_without())
}
