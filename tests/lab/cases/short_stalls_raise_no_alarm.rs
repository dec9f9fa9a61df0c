//! Short interference is not a lost signal: repeated stalls of 700 ms in a hold raise no alarm, and the hold is done.
//! Beats in a hold are 250 ms apart, so on an emulated machine the rating may be Stale for a moment, which is shown and
//! has no effect. The number of times is recorded as a figure.

use std::time::Duration;

use anyhow::{bail, ensure};
use coach::{Freshness, Level, Outcome, Phase};
use transcript::{Entry, Kind};

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "short_stalls_raise_no_alarm",
    about: "stalls of 700 ms in a hold: no alarm, and the hold is done",
    limit: Duration::from_secs(360),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const STALL: Duration = Duration::from_millis(700);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::in_the_first_hold(lab)?;
    for _ in 0..6 {
        lab.radio.stall(STALL)?;
        wait(STALL * 4);
        couple.hand("press logo")?; // "Same as before", so that the rating does not grow old.
    }
    couple.hold_on()?;
    couple.hand("long logo")?;
    couple.says("Hold done", SOON)?;
    couple.end()?;
    let entries = couple.transcript()?;
    same_clicks(&entries, &couple.clicker.made())?;
    let stale = entries.iter().filter(|entry| is(entry, Freshness::Stale)).count();
    lab.figure("stalls of 700 ms told as Stale, of 6", stale.to_string())?;
    let lost = entries.iter().find(|entry| is(entry, Freshness::Lost));
    ensure!(lost.is_none(), "a stall of {STALL:?} was reported as {lost:?}");
    let begun = entries.iter().position(|entry| matches!(entry.kind, Kind::Phase { to: Phase::Holding, .. }));
    let done =
        entries.iter().position(|entry| matches!(entry.kind, Kind::Hold { outcome: Outcome::Done, .. }));
    let (Some(begun), Some(done)) = (begun, done) else { bail!("no hold was recorded as done") };
    let alarm = entries[begun..done].iter().find(|entry| match &entry.kind {
        Kind::Prompt(said) => matches!(said.level, Level::High | Level::Medium),
        _ => false,
    });
    ensure!(alarm.is_none(), "an alarm sounded during the stalls: {alarm:?}");
    couple.audit(lab)
}

fn is(entry: &Entry, wanted: Freshness) -> bool {
    matches!(entry.kind, Kind::Freshness { state } if state == wanted)
}
