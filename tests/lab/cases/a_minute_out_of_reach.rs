//! Out of reach for a minute in mid-hold, with the receiver clicking on: each side says what it does not know, in time;
//! and when they are back every click is on the record, late, and only the SHARP among them steers.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use coach::{Freshness, Outcome};
use transcript::{Entry, Kind, LinkState};

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "a_minute_out_of_reach",
    about: "60 s without a signal: Stale, Lost, not heard; every click back, late, and only SHARP steers",
    limit: Duration::from_secs(420),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const AWAY: Duration = Duration::from_secs(60);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::in_the_first_hold(lab)?;

    couple.clicker.skip();
    lab.radio.reach_all(false)?;
    couple.clicker.says_not_heard(SOON)?;
    couple.says("no word from the clicker", SOON)?;
    couple.says("no signal from the clicker", SOON)?;
    for press in ["press b", "press b", "press logo", "press chord", "press b", "press a"] {
        couple.hand(press)?;
        wait(AWAY / 8);
    }
    wait(AWAY / 4);
    let away = couple.clicker.made();
    lab.radio.reach_all(true)?;
    couple.clicker.line("link up", SOON)?;
    couple.clicker.line("kept 0", SOON * 2)?;

    couple.end()?;
    let entries = couple.transcript()?;
    same_clicks(&entries, &couple.clicker.made())?;

    // A machine that stood still may have made it Stale before; what is meant is the minute away.
    let lost = away_for(&entries, AWAY - Duration::from_secs(10))?;
    let stale = entries
        .iter()
        .rfind(|entry| entry.at_ms <= lost && is_fresh(entry, Freshness::Stale))
        .context("it was Lost and never Stale")?
        .at_ms;
    // Judged by the laptop's own clock from the last frame it had.
    ensure!((900..=1200).contains(&(lost - stale)), "Lost came {} ms after Stale", lost - stale);
    let late = entries
        .iter()
        .filter(|entry| matches!(entry.kind, Kind::Click { late: true, .. }) && entry.at_ms > lost)
        .count();
    ensure!(late >= 6, "{late} clicks are marked late of those made away: {away:?}");
    // It may be there before the first beat that makes the rating live again.
    ensure!(
        entries.iter().any(|entry| entry.at_ms > lost && matches!(entry.kind, Kind::Sharp {})),
        "the SHARP made away was not heard"
    );
    let done = entries.iter().any(|entry| matches!(entry.kind, Kind::Hold { outcome: Outcome::Done, .. }));
    ensure!(!done, "a hold that lost its signal counts as done");
    couple.audit(lab)
}

/// When the rating was Lost for at least so long before a beat came again, in milliseconds of the session.
fn away_for(entries: &[Entry], least: Duration) -> anyhow::Result<u64> {
    let lost = entries.iter().filter(|entry| is_fresh(entry, Freshness::Lost)).map(|entry| entry.at_ms);
    let away = lost.filter_map(|lost| {
        let after = entries.iter().filter(|entry| entry.at_ms > lost);
        let live = after.filter(|entry| matches!(entry.kind, Kind::Link { state: LinkState::Live, .. }));
        live.map(|entry| entry.at_ms).next().map(|back| (lost, back))
    });
    let mut long = away.filter(|(lost, back)| u128::from(back - lost) >= least.as_millis());
    let (lost, _) =
        long.next_back().context("the link was never told to be away for as long as it was, and back")?;
    Ok(lost)
}

fn is_fresh(entry: &Entry, wanted: Freshness) -> bool {
    matches!(entry.kind, Kind::Freshness { state } if state == wanted)
}
