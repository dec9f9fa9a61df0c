//! A device that is not the paired laptop gets nothing from a clicker and leaves nothing on it: plain reads, writes and
//! subscriptions, cues, pairing without digits or outside the window, the laptop's own address with a guessed key.
//! Afterwards the laptop reconnects by its bond.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, SOON};

pub(crate) const CASE: Case = Case {
    name: "strangers_are_refused",
    about: "unauthenticated access, weak or late pairing, cues, a spoofed laptop: refused, bond intact",
    limit: Duration::from_secs(900),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    let key = lab.radio.agreed_key()?;

    // In the window any device may try, but without the digits none is accepted.
    couple.clicker.kill();
    let mut weak = lab.independent("just-works", "client", &["refuse-just-works"])?;
    weak.looks(&lab.radio)?;
    couple.clicker = lab.clicker_with_window("clicker", couple.clicker.port)?;
    weak.holds()?;
    // The stack learns only at the end how the client paired; no bond is kept, and the client is disconnected.
    couple.clicker.line("pairing failed not-authenticated", SOON)?;
    let mut said = couple.clicker.all();
    couple.reset_clicker(lab)?;
    for (name, words) in [
        ("unencrypted", &["refuse-unencrypted"][..]),
        ("late-pairing", &["refuse-pairing"]),
        ("cues", &["stranger-cue"]),
    ] {
        lab.independent(name, "client", words)?.holds()?;
    }

    // The laptop's own address, without its key, while the laptop is away.
    let address = lab.bluetooth.address()?;
    lab.bluetooth.power(false)?;
    lab.radio.pose_as_the_laptop()?;
    lab.independent("spoof", "client", &["spoof", &format!("{address}/P")])?.holds()?;
    let guessed = lab.radio.last_key()?;
    ensure!(guessed["result"] == "mismatch", "the guessed key was not rejected: {guessed}");
    lab.bluetooth.power(true)?;

    said += &couple.clicker.all();
    for word in ["encrypted bond", "link up", "paired bond", "passkey", "bonds forgotten"] {
        ensure!(!said.contains(word), "the clicker printed {word:?} for a stranger:\n{said}");
    }
    // By the first bond, without pairing again.
    couple.sit_down(lab)?;
    couple.says("Where is the knot?", SOON * 2)?;
    lab.radio.came_back_by(&key)?;
    couple.end()?;
    couple.audit(lab)
}
