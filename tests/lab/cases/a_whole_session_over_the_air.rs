//! The product end to end: pairing by six digits, a session from the first question to the last, every click recorded,
//! every promise kept; and a second session by the same key without pairing again.

use std::time::Duration;

use anyhow::ensure;
use transcript::Kind;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks};

pub(crate) const CASE: Case = Case {
    name: "a_whole_session_over_the_air",
    about: "pair, bond, a whole session, the audit; a second session by the stored bond",
    limit: Duration::from_secs(420),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    let key = lab.radio.agreed_key()?;

    couple.sit_down(lab)?;
    couple.get_ready()?;
    couple.reach_the_first_hold()?;
    couple.hold_on()?;
    couple.finish()?;

    let entries = couple.transcript()?;
    same_clicks(&entries, &couple.clicker.made())?;
    ensure!(
        entries.iter().all(|entry| !matches!(entry.kind, Kind::Click { late: true, .. })),
        "a click came late over an undisturbed air"
    );
    couple.clicker.line("kept 0", SOON)?;
    couple.audit(lab)?;

    // If the program asked for digits, it would wait and the questions would not come.
    couple.sit_down(lab)?;
    couple.says("Where is the knot?", SOON * 2)?;
    lab.radio.came_back_by(&key)?;
    couple.end()?;
    couple.audit(lab)
}
