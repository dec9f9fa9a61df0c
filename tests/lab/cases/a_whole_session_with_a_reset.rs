//! The product with the clicker's ARM image on an emulator: a session from the first question to the last, with the
//! clicker's battery out in the first hold; and a second session by the same key.

use std::time::Duration;

use anyhow::ensure;
use coach::Outcome;
use transcript::Kind;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks};

pub(crate) const CASE: Case = Case {
    name: "board_a_whole_session_with_a_reset",
    about: "the clicker an ARM image: a whole session, its battery out in mid-hold; a second session",
    limit: Duration::from_secs(600),
    needs: &[Program::Unknot, Program::Board],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    let key = lab.radio.agreed_key()?;
    couple.sit_down(lab)?;
    couple.get_ready()?;
    couple.reach_the_first_hold()?;

    let mut made = couple.clicker.made();
    couple.reset_clicker(lab)?;
    couple.is_cut_and_flushed()?;
    lab.radio.came_back_by(&key)?;

    couple.go_beside()?;
    couple.hold_on()?;
    couple.finish()?;
    couple.clicker.line("kept 0", SOON)?;
    made.extend(couple.clicker.made());
    let entries = couple.transcript()?;
    same_clicks(&entries, &made)?;
    ensure!(
        entries.iter().all(|entry| !matches!(entry.kind, Kind::Click { late: true, .. })),
        "a click came late, and none was made away from the laptop"
    );
    let outcomes: Vec<Outcome> = entries
        .iter()
        .filter_map(|entry| match entry.kind {
            Kind::Hold { outcome, .. } => Some(outcome),
            _ => None,
        })
        .collect();
    ensure!(
        outcomes == [Outcome::Cut, Outcome::Done],
        "expected one cut hold and one done, not {outcomes:?}"
    );
    couple.audit(lab)?;

    // If the program asked for digits, it would wait and the questions would not come.
    couple.sit_down(lab)?;
    couple.says("Where is the knot?", SOON * 2)?;
    lab.radio.came_back_by(&key)?;
    couple.end()?;
    couple.audit(lab)
}
