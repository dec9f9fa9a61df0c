//! `unknot practice`: a session without hardware. A person plays both people by keyboard, in real time; or a script or
//! simulated people play, in virtual time.

pub(crate) mod clicker;
mod driven;

use std::io::Write;
use std::num::NonZeroU32;
use std::path::Path;

use jiff::Timestamp;
use journal::{SessionKind, Writer};
use session::Opening;
use transcript::{Header, PlanKept, SCHEMA, Versions};
use uuid::Uuid;
use wire::Version;
use words::Words;

use crate::args::{self, Speed};
use crate::clock::SystemClock;
use crate::commands::plan;
use crate::failure::Failure;
use crate::keys::Clicker;
use crate::plainly;
use crate::screen::{self, First, Look};
use crate::teller::Teller;
use driven::{Play, Voice};

/// `unknot practice`, on the store at this path.
pub(crate) fn run(
    practice: &args::Practice,
    look: Look,
    db: &Path,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let by_itself = practice.headless || practice.script.is_some() || practice.seed.is_some();
    if !by_itself {
        let Speed::Paced(pace) = practice.speed else {
            return Err(Failure::Usage(
                "no hand is as fast as `max`: add --headless, --seed or --script, or name a number"
                    .to_owned(),
            ));
        };
        let plan = plan::chosen(practice.plan.as_deref())?;
        if practice.plain || !look.fits() {
            return plainly::session(plainly::Ask {
                held: SessionKind::Practice,
                plan,
                receiver: None,
                table: practice.table,
                device: None,
                pace,
                db: db.to_owned(),
                voice: look.voice(false),
            });
        }
        let (db, table) = (db.to_owned(), practice.table);
        return screen::run(screen::Ask { db, plan, table, pace, look, first: First::Practice });
    }
    let play = Play::of(practice)?;
    let writer = Writer::open(db)?;
    if writer.last_open(SessionKind::Practice)?.is_some() {
        tell_of_the_interrupted();
    }
    let voice = if practice.headless {
        Voice::Json(Words::english())
    } else {
        Voice::Lines(Teller::new(Clicker::OnKeyboard))
    };
    play.run(&mut SystemClock::start(), writer, voice, out)
}

/// A session that plays itself asks nobody anything, and leaves alone what it did not make.
#[expect(clippy::print_stderr, reason = "stdout is for the transcript")]
fn tell_of_the_interrupted() {
    eprintln!("unknot: an earlier session was interrupted; `unknot practice` offers to take it up again");
}

/// The header of a new session.
pub(crate) fn header(id: Uuid, plan: PlanKept, seed: Option<u64>, wall: Timestamp) -> Header {
    let Version { major, minor } = Version::CURRENT;
    Header {
        id: id.to_string(),
        versions: Versions {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            wire: format!("{major}.{minor}"),
            schema: SCHEMA,
        },
        plan,
        seed,
        wall: wall.to_string(),
        // Nobody is touched in practice: there is no receiver, and no spot of theirs that an earlier SHARP has closed.
        receiver: None,
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
        learn: None,
    }
}

/// How the session with this id is opened on the clicker: under a number that it keeps when it is taken up again.
pub(crate) fn opening(id: &str, plan: &PlanKept) -> Opening {
    // The last bits of a UUID of version 7 are chance.
    let bits = Uuid::parse_str(id).map_or(0, |id| id.as_u128());
    let session = u32::try_from(bits & u128::from(u32::MAX)).ok().and_then(NonZeroU32::new);
    Opening { session: session.unwrap_or(NonZeroU32::MIN), alone: plan.figures.technique.is_alone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::{Plan, PlanParams, Technique};

    fn kept(technique: Technique) -> PlanKept {
        PlanKept::new(&Plan::build(PlanParams::given(technique)).unwrap(), "")
    }

    #[test]
    fn a_session_has_one_number_on_the_air() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let partner = kept(Technique::Partner);
        assert_eq!(opening(id, &partner), opening(id, &partner));
        assert_eq!(opening(id, &partner).session.get(), 0x099a_8057);
        assert_eq!(opening("of another kind", &partner).session, NonZeroU32::MIN);
    }

    #[test]
    fn the_clicker_is_told_whether_the_receiver_is_alone() {
        assert!(!opening("", &kept(Technique::Partner)).alone);
        assert!(opening("", &kept(Technique::Ball)).alone);
    }
}
