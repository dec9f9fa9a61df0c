//! A laptop written only from the protocol's page, on another stack: it pairs with the clicker by its digits, finds the
//! documented attribute table, and holds a session in which every click comes once and in order, is acknowledged, and
//! is removed from the clicker.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::{Case, Program};
use crate::guest::{Lab, SOON, STARTED, wait};

pub(crate) const CASE: Case = Case {
    name: "the_independent_client_agrees",
    about: "a laptop written from the protocol page: pairs, finds the attribute table, holds a session click for click",
    limit: Duration::from_secs(600),
    needs: &[Program::Clicker],
    run,
};

/// From a `Show` to a gesture: a person's reaction time. The clicker has taken up the mode by then.
const REACTION: Duration = Duration::from_secs(2);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut pairing = lab.independent("pair", "client", &["--keystore", "keys", "pair"])?;
    pairing.looks(&lab.radio)?;
    let mut clicker = lab.clicker("clicker", &["--window"])?;
    pairing.order(&clicker.passkey(SOON * 2)?)?;
    pairing.holds()?;
    clicker.line("paired bond", SOON)?;
    lab.independent("table", "client", &["--keystore", "keys", "table"])?.holds()?;

    let session = ["session", "--state", "state", "--seconds", "30", "--show", "Rate", "--show", "Ask"];
    let words = [&["--keystore", "keys"][..], &session].concat();
    let mut session = lab.independent("session", "client", &words)?;
    session.says("\"message\": \"Show\", \"number\": 1, \"mode\": \"Rate\"", STARTED)?;
    clicker.line("link up bond 0", SOON)?;
    wait(REACTION);
    for gesture in ["press b", "press b", "press logo", "press a", "press chord"] {
        clicker.order(gesture)?;
    }
    clicker.until_made(5, SOON)?;
    session.says("\"mode\": \"Ask\"", STARTED)?;
    wait(REACTION);
    for gesture in ["press b", "press a", "hold b"] {
        clicker.order(gesture)?;
    }
    clicker.until_made(8, SOON)?;
    session.holds()?;
    clicker.line("kept 0", SOON)?;

    let (made, taken) = (clicker.made(), session.clicks("taken")?);
    ensure!(
        taken == made,
        "the client did not take the events that were clicked\nclicked: {made:?}\ntaken:   {taken:?}"
    );
    let meanings: Vec<_> = made.iter().filter_map(|event| event.split(' ').nth(4)).collect();
    let expected = ["rating", "rating", "same", "rating", "sharp", "yes", "no", "stop"];
    ensure!(meanings == expected, "the gestures got other meanings than expected: {made:?}");
    Ok(())
}
