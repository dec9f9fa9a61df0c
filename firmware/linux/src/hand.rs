//! A hand for a machine without buttons: gestures become timed edges of buttons.
//!
//! A terminal tells no key's release and repeats held keys, so each key is one gesture. What the gestures mean is no
//! matter of this file.

use std::time::Duration;

use app::Press;
use embassy_time::Instant;
use handheld::{Button, Edge};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

/// A tap: shorter than the 80 ms in which a second button would make it a chord, as quick people press.
const SHORT: u64 = 70;

/// Between the 600 ms of a long press and the 2 s of a STOP.
const LONG: u64 = 800;

/// Longer than the 2 s of a STOP.
const HOLD: u64 = 2100;

/// B after A in a SHARP, and both up after that.
const CHORD: (u64, u64) = (30, 180);

/// Between two gestures, so that they stay two: more than the 80 ms of a chord.
const REST: u64 = 120;

/// Something for the hand to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// A short press.
    Press(Button),
    /// Held until it is long.
    Long(Button),
    /// Held for more than 2 s.
    Hold(Button),
    /// A and B.
    Chord,
    /// Goes down and stays.
    Down(Button),
    /// Comes up.
    Up(Button),
    /// Nothing for so many milliseconds.
    Wait(u64),
    /// No more.
    Quit,
}

impl Command {
    /// Reads one line; nothing for an empty one.
    pub(crate) fn parse(line: &str) -> Result<Option<Self>, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let command = match words[..] {
            [] => return Ok(None),
            ["press", "chord"] => Self::Chord,
            ["press", button] => Self::Press(button_of(button)?),
            ["long", button] => Self::Long(button_of(button)?),
            ["hold", button] => Self::Hold(button_of(button)?),
            ["down", button] => Self::Down(button_of(button)?),
            ["up", button] => Self::Up(button_of(button)?),
            ["wait", ms] => Self::Wait(ms.parse().map_err(|_| format!("{ms} is no number of milliseconds"))?),
            ["quit"] => Self::Quit,
            _ => return Err(String::from("say press, long, hold, down, up, wait or quit; see --help")),
        };
        Ok(Some(command))
    }

    /// What this key stands for.
    pub(crate) const fn of_key(key: char) -> Option<Self> {
        Some(match key {
            'a' | ',' => Self::Press(Button::A),
            'b' | '.' => Self::Press(Button::B),
            'l' | '/' => Self::Press(Button::Logo),
            'A' => Self::Long(Button::A),
            'B' => Self::Long(Button::B),
            'L' => Self::Long(Button::Logo),
            'x' => Self::Chord,
            'z' => Self::Hold(Button::A),
            'q' => Self::Quit,
            _ => return None,
        })
    }

    /// Its edges by milliseconds from its beginning, and how long it takes with the rest after it.
    fn edges(self) -> (Vec<(u64, Button, Edge)>, u64) {
        let held = |button, ms| (vec![(0, button, Edge::Down), (ms, button, Edge::Up)], ms + REST);
        match self {
            Self::Press(button) => held(button, SHORT),
            Self::Long(button) => held(button, LONG),
            Self::Hold(button) => held(button, HOLD),
            Self::Chord => {
                let (gap, up) = CHORD;
                let edges = vec![
                    (0, Button::A, Edge::Down),
                    (gap, Button::B, Edge::Down),
                    (up, Button::A, Edge::Up),
                    (up, Button::B, Edge::Up),
                ];
                (edges, up + REST)
            }
            Self::Down(button) => (vec![(0, button, Edge::Down)], 0),
            Self::Up(button) => (vec![(0, button, Edge::Up)], 0),
            Self::Wait(ms) => (Vec::new(), ms),
            Self::Quit => (Vec::new(), 0),
        }
    }

    /// Whether it does not wait for the gesture before it to end.
    const fn is_urgent(self) -> bool {
        matches!(self, Self::Chord | Self::Hold(_))
    }
}

fn button_of(word: &str) -> Result<Button, String> {
    match word {
        "a" => Ok(Button::A),
        "b" => Ok(Button::B),
        "logo" => Ok(Button::Logo),
        _ => Err(format!("{word} is no button; say a, b or logo")),
    }
}

/// Does what it is told, one after the other, until it is told to quit. Where `by_keys`, a SHARP or a STOP does not wait
/// for what is being done.
pub(crate) async fn hand(
    mut commands: UnboundedReceiver<Command>,
    edges: UnboundedSender<Press>,
    by_keys: bool,
) {
    let mut next = commands.recv().await;
    while let Some(command) = next {
        if command == Command::Quit {
            return;
        }
        next = tokio::select! {
            biased;
            () = perform(command, &edges) => commands.recv().await,
            urgent = urgent(&mut commands), if by_keys => {
                // Whatever is down comes up, a moment before.
                for (_, button, edge) in command.edges().0 {
                    if edge == Edge::Up {
                        make(&edges, Instant::now(), button, edge);
                    }
                }
                urgent
            }
        };
    }
    // Nobody tells it anything any more, which is no reason to stop.
    std::future::pending::<()>().await;
}

/// The next command that does not wait. Others that come meanwhile are dropped, as a busy hand drops them.
async fn urgent(commands: &mut UnboundedReceiver<Command>) -> Option<Command> {
    loop {
        match commands.recv().await {
            Some(command) if command.is_urgent() || command == Command::Quit => return Some(command),
            Some(_) => {}
            None => std::future::pending::<()>().await,
        }
    }
}

async fn perform(command: Command, edges: &UnboundedSender<Press>) {
    let (timed, lasts) = command.edges();
    let (began, begun) = (tokio::time::Instant::now(), Instant::now());
    for (after, button, edge) in timed {
        if after > 0 {
            tokio::time::sleep_until(began + Duration::from_millis(after)).await;
        }
        make(edges, begun + embassy_time::Duration::from_millis(after), button, edge);
    }
    tokio::time::sleep_until(began + Duration::from_millis(lasts)).await;
}

fn make(edges: &UnboundedSender<Press>, at: Instant, button: Button, edge: Edge) {
    // Nobody to feel it is no matter for a hand.
    let _ = edges.send(Press { at, button, edge });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command_or_says_why_it_is_none() {
        assert_eq!(Command::parse("  press  a "), Ok(Some(Command::Press(Button::A))));
        assert_eq!(Command::parse("press chord"), Ok(Some(Command::Chord)));
        assert_eq!(Command::parse("long logo"), Ok(Some(Command::Long(Button::Logo))));
        assert_eq!(Command::parse("wait 250"), Ok(Some(Command::Wait(250))));
        assert_eq!(Command::parse(""), Ok(None));
        for bad in ["jump", "press", "press c", "wait soon", "press a b"] {
            assert!(Command::parse(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn commands_are_done_one_after_the_other() {
        let (tell, commands) = tokio::sync::mpsc::unbounded_channel();
        let (edges, mut felt) = tokio::sync::mpsc::unbounded_channel();
        for command in [Command::Press(Button::A), Command::Chord, Command::Quit] {
            tell.send(command).unwrap();
        }
        let began = tokio::time::Instant::now();
        hand(commands, edges, false).await;
        assert_eq!(began.elapsed().as_millis(), u128::from(SHORT + REST + CHORD.1 + REST));
        let mut seen = Vec::new();
        while let Ok(press) = felt.try_recv() {
            seen.push((press.button, press.edge));
        }
        let (down, up) = (Edge::Down, Edge::Up);
        let (a, b) = (Button::A, Button::B);
        assert_eq!(seen, [(a, down), (a, up), (a, down), (b, down), (a, up), (b, up)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sharp_by_key_waits_for_nothing() {
        let (tell, commands) = tokio::sync::mpsc::unbounded_channel();
        let (edges, mut felt) = tokio::sync::mpsc::unbounded_channel();
        tell.send(Command::Long(Button::B)).unwrap();
        tell.send(Command::Chord).unwrap();
        tell.send(Command::Quit).unwrap();
        let began = tokio::time::Instant::now();
        hand(commands, edges, true).await;
        assert!(began.elapsed() < Duration::from_millis(LONG));
        assert_eq!(felt.recv().await.map(|press| (press.button, press.edge)), Some((Button::B, Edge::Down)));
        assert_eq!(felt.recv().await.map(|press| (press.button, press.edge)), Some((Button::B, Edge::Up)));
    }
}
