//! Out of reach for a minute in mid-hold, while the receiver goes on clicking: each side reports the lost signal in
//! time. After the return every click is recorded as late, and only SHARP among them has an effect.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use coach::{Freshness, Outcome};
use transcript::{Entry, Kind, LinkState};

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "a_minute_out_of_reach",
    about: "60 s without a signal: Stale, Lost, not heard; every click recorded late, only SHARP acts",
    limit: Duration::from_secs(420),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const AWAY: Duration = Duration::from_secs(60);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::in_the_first_hold(lab)?;

    couple.clicker.skip();
    lab.radio.reach_all(false)?;
    couple.says_not_heard(lab)?;
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

    // A stalled machine may have caused an earlier Stale; only the minute away counts.
    let lost = away_for(&entries, AWAY - Duration::from_secs(10))?;
    let stale = entries
        .iter()
        .rfind(|entry| entry.at_ms <= lost && is_fresh(entry, Freshness::Stale))
        .context("it was Lost and never Stale")?
        .at_ms;
    // Measured by the laptop's clock from the last frame it received.
    ensure!((900..=1200).contains(&(lost - stale)), "Lost came {} ms after Stale", lost - stale);
    let late = entries
        .iter()
        .filter(|entry| matches!(entry.kind, Kind::Click { late: true, .. }) && entry.at_ms > lost)
        .count();
    ensure!(late >= 6, "{late} clicks are marked late of those made away: {away:?}");
    // The late clicks may arrive before the first beat that makes the rating live again.
    ensure!(
        entries.iter().any(|entry| entry.at_ms > lost && matches!(entry.kind, Kind::Sharp {})),
        "the SHARP made away was not heard"
    );
    let done = entries.iter().any(|entry| matches!(entry.kind, Kind::Hold { outcome: Outcome::Done, .. }));
    ensure!(!done, "a hold that lost its signal was recorded as done");
    couple.audit(lab)
}

/// Session time in milliseconds at which the rating became Lost for at least this long.
fn away_for(entries: &[Entry], least: Duration) -> anyhow::Result<u64> {
    let lost = entries.iter().filter(|entry| is_fresh(entry, Freshness::Lost)).map(|entry| entry.at_ms);
    let away = lost.filter_map(|lost| {
        let after = entries.iter().filter(|entry| entry.at_ms > lost);
        let live = after.filter(|entry| matches!(entry.kind, Kind::Link { state: LinkState::Live, .. }));
        live.map(|entry| entry.at_ms).next().map(|back| (lost, back))
    });
    let mut long = away.filter(|(lost, back)| u128::from(back - lost) >= least.as_millis());
    let (lost, _) = long.next_back().context("the transcript shows no absence of that length")?;
    Ok(lost)
}

fn is_fresh(entry: &Entry, wanted: Freshness) -> bool {
    matches!(entry.kind, Kind::Freshness { state } if state == wanted)
}
