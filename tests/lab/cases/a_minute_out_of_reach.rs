//! Out of reach for a minute in mid-hold, with the receiver clicking on: each side says what it does not know, in time;
//! and when they are back every click is on the record, late, and only the SHARP among them steers.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use coach::{Freshness, Outcome};
use transcript::{Entry, Kind, LinkState};

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, NOT_HEARD, SOON, same_clicks, wait};

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
    let left = Instant::now();
    couple.clicker.line("sound not-heard", SOON)?;
    let silent = left.elapsed();
    ensure!(silent <= NOT_HEARD, "the clicker said that nobody hears only after {silent:?}");
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

    let lost = at(&entries, |kind| matches!(kind, Kind::Freshness { state: Freshness::Lost }))?;
    let stale = at(&entries, |kind| matches!(kind, Kind::Freshness { state: Freshness::Stale }))?;
    // Judged by the laptop's own clock from the last frame it had.
    ensure!((900..=1200).contains(&(lost - stale)), "Lost came {} ms after Stale", lost - stale);
    let back = entries
        .iter()
        .filter(|entry| entry.at_ms > lost)
        .find(|entry| matches!(entry.kind, Kind::Link { state: LinkState::Live, .. }))
        .context("the link is never told to be back")?
        .at_ms;
    ensure!(back - lost > 50_000, "back {} ms after Lost", back - lost);
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

/// When this first came about, in milliseconds of the session.
fn at(entries: &[Entry], wanted: impl Fn(&Kind) -> bool) -> anyhow::Result<u64> {
    let entry = entries.iter().find(|entry| wanted(&entry.kind));
    entry.map(|entry| entry.at_ms).context("the transcript has no such entry")
}
