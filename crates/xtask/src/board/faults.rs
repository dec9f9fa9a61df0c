//! Fault tests of a board image: a closed pairing window, wrong digits, a laptop out of reach, a reset in a session.
//! The laptop is the independent client, which checks the protocol at every step.

use anyhow::{Context as _, ensure};

use super::bench::{Bench, Clock, Running, passkey};
use super::{CLIENT_SECONDS, IN_SESSION, uptime};
use crate::power::number;

/// Maximum milliseconds until a clicker reports that it is not heard: 2.5 s, and its polling interval.
const NOT_HEARD_WITHIN_MS: u64 = 2500 + 500;

/// Pairing attempts per window.
const TRIES: usize = 3;

/// Gestures while out of reach, with SHARP as the fourth of six.
const AWAY: [&str; 6] = ["press b", "press b", "press logo", "press chord", "press b", "press a"];
/// Gestures before and after a reset.
const BEFORE: [&str; 2] = ["press logo", "press b"];
const AFTER: [&str; 2] = ["press b", "press b"];

/// Runs all fault tests on one board, from its first boot.
pub(super) fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let mut board = bench.boot("first", Clock::Real, &["--window"])?;
    bench.pair(&mut board, "pair", "keys")?;
    let key = bench.key()?;
    board.cut()?;
    strangers(bench).context("closed window and wrong digits")?;
    session(bench, &key).context("out of reach and reset in a session")?;

    let mut board = bench.boot("again", Clock::Real, &["--window"])?;
    bench.pair(&mut board, "pair-again", "new-keys").context("second pairing")?;
    ensure!(bench.key()? != key, "the second pairing kept the first bond");
    println!("closed window, wrong digits, out of reach, reset: ok");
    Ok(())
}

/// Pairing fails outside the window and with wrong digits, and three attempts close the window.
fn strangers(bench: &Bench) -> anyhow::Result<()> {
    let board = bench.boot("shut", Clock::Real, &[])?;
    board.line("advertising")?;
    bench.client("shut-client", &["refuse-pairing"])?.ended().context("pairing without an open window")?;
    none_paired(board)?;

    let board = bench.boot("wrong", Clock::Real, &["--window"])?;
    let mut client = bench.client("wrong-client", &["wrong-passkey", "--tries", &TRIES.to_string()])?;
    for _ in 0..TRIES {
        client.order(&passkey(&board)?)?;
        board.line("pairing failed wrong-passkey")?;
    }
    board.line("window closed").context("after three tries")?;
    client.ended().context("wrong digits")?;
    bench
        .client("closed-client", &["refuse-pairing"])?
        .ended()
        .context("pairing after three failed attempts")?;
    none_paired(board)
}

/// Ends the board and checks that it never reported a pairing.
fn none_paired(mut board: Running) -> anyhow::Result<()> {
    board.order("quit")?;
    let said = board.lines("figures ", 1)?;
    let told = said.iter().find(|line| line.contains("paired bond"));
    ensure!(told.is_none(), "the board paired: {told:?}");
    board.ended()
}

/// A session over the first bond: out of reach and back; then out of reach again, with a reset meanwhile. The laptop
/// must have each click once and in order.
fn session(bench: &mut Bench, key: &str) -> anyhow::Result<()> {
    let mut board = bench.boot("session", Clock::Real, &[])?;
    let words =
        ["session", "--seconds", CLIENT_SECONDS, "--told", "--go-on", "--state", "state", "--show", "Rate"];
    let mut laptop = bench.client("session-client", &words)?;
    board.line(IN_SESSION)?;
    ensure!(bench.key()? == key, "the session uses another key than the first bond");
    board.order("press b")?;
    let mut made = events(&board, 1)?;
    board.line("kept 0")?;

    bench.order(r#"{"do": "reach", "link": false}"#)?;
    // The board receives nothing sent after this.
    board.order("figures")?;
    let meanwhile = board.lines("figures ", 1)?;
    let left = number(meanwhile.last().context("no figures")?, "uptime-ms")?;
    if !meanwhile.iter().any(|line| line.contains("sound not-heard")) {
        let said = uptime(&board.line("sound not-heard")?)?;
        ensure!(
            said <= left + NOT_HEARD_WITHIN_MS,
            "the board was not heard from {left} ms on, but reported it only at {said} ms"
        );
    }
    for gesture in AWAY {
        board.order(gesture)?;
    }
    let away = events(&board, AWAY.len())?;
    board.line("link down")?;
    laptop.line(r#""event": "lost""#)?;
    bench.order(r#"{"do": "reach", "link": true}"#)?;
    board.line("link up")?;
    let came = laptop.lines(r#""event": "taken""#, away.len())?;
    let at = |needle: &str| came.iter().position(|line| line.contains(needle));
    let (alarm, click) = (at(r#""message": "Alarm""#), at(r#""event": "taken""#));
    ensure!(alarm.is_some() && alarm < click, "SHARP did not come first: {came:?}");
    made.extend(away);
    board.line("kept 0")?;

    bench.order(r#"{"do": "reach", "link": false}"#)?;
    for gesture in BEFORE {
        board.order(gesture)?;
    }
    let before = events(&board, BEFORE.len())?;
    let last = place(before.last().context("no event was made")?);
    // An event reported as stored survives a reset.
    board.line(&format!("stored {last}"))?;
    board.cut()?;
    let mut board = bench.boot("reset", Clock::Real, &[])?;
    board.line("advertising")?;
    bench.order(r#"{"do": "reach", "link": true}"#)?;
    board.line("link up")?;
    made.extend(before);
    board.line("kept 0")?;
    for gesture in AFTER {
        board.order(gesture)?;
    }
    let after = events(&board, AFTER.len())?;
    ensure!(after[0].contains(" seq 0 "), "after a reset the sequence does not start at 0: {after:?}");
    made.extend(after);
    board.line("kept 0")?;
    ensure!(bench.key()? == key, "after a reset another key is used than the first bond");
    laptop.order("the session is over")?;
    laptop.ended().context("the laptop")?;
    let (made, has) =
        (made.iter().map(|event| bare(event)).collect::<Vec<_>>(), stored(&bench.read("state")?));
    ensure!(
        has == made,
        "the laptop does not have the events that were clicked\nclicked: {made:?}\nstored:  {has:?}"
    );
    board.order("quit")?;
    board.ended()
}

/// Events of the next `count` gestures: `boot 1 seq 4 rating 3`.
fn events(board: &Running, count: usize) -> anyhow::Result<Vec<String>> {
    let event = || {
        let line = board.line(" event ")?;
        let (_, event) = line.split_once(" event ").context("the event has no position")?;
        Ok(event.to_owned())
    };
    (0..count).map(|_| event()).collect()
}

/// Position of an event: `boot 1 seq 4`.
fn place(event: &str) -> String {
    event.split(' ').take(4).collect::<Vec<_>>().join(" ")
}

/// Lower-case letters and digits only, to compare with the client's format: `{"boot": 1, "seq": 4, "means": ["Rating",
/// 3]}`.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// Events in the client's state file, in order and in the same form.
fn stored(state: &str) -> Vec<String> {
    let events = state.lines().filter(|line| line.contains(r#""kind": "event""#));
    let number = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!(r#""{name}": "#))?;
        rest.split(',').next().map(str::to_owned)
    };
    events
        .map(|line| {
            let of = |name| number(line, name).unwrap_or_default();
            let means = line.rsplit_once(r#""means": "#).map_or("", |(_, means)| means);
            bare(&format!("boot {} seq {} {means}", of("boot"), of("seq")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_stores_reads_as_what_the_clicker_made() {
        let state = r#"{"kind": "session", "session": 5}
{"kind": "event", "boot": 4, "seq": 0, "uptime": 9120, "means": ["Rating", 3]}
{"kind": "alarm", "boot": 4, "seq": 1, "what": "Sharp"}
{"kind": "event", "boot": 4, "seq": 1, "uptime": 9420, "means": "LetGo"}
"#;
        let made = ["boot 4 seq 0 rating 3", "boot 4 seq 1 let-go"];
        assert_eq!(stored(state), made.map(bare));
        assert_eq!(place(made[1]), "boot 4 seq 1");
    }
}
