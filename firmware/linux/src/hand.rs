//! The hand's gestures in time, on a machine without buttons: commands become edges when they are due.

use std::time::Duration;

use app::Press;
use embassy_time::Instant;
use handheld::{Button, Edge};
use plain::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

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
                for (_, button, edge) in command.edges().edges {
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
    let timed = command.edges();
    let (began, begun) = (tokio::time::Instant::now(), Instant::now());
    for (after, button, edge) in timed.edges {
        if after > 0 {
            tokio::time::sleep_until(began + Duration::from_millis(after)).await;
        }
        make(edges, begun + embassy_time::Duration::from_millis(after), button, edge);
    }
    tokio::time::sleep_until(began + Duration::from_millis(timed.lasts)).await;
}

fn make(edges: &UnboundedSender<Press>, at: Instant, button: Button, edge: Edge) {
    // Nobody to feel it is no matter for a hand.
    let _ = edges.send(Press { at, button, edge });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn commands_are_done_one_after_the_other() {
        let (tell, commands) = tokio::sync::mpsc::unbounded_channel();
        let (edges, mut felt) = tokio::sync::mpsc::unbounded_channel();
        for command in [Command::Press(Button::A), Command::Chord, Command::Quit] {
            tell.send(command).unwrap();
        }
        let began = tokio::time::Instant::now();
        hand(commands, edges, false).await;
        assert_eq!(
            began.elapsed().as_millis(),
            u128::from(Command::Press(Button::A).edges().lasts + Command::Chord.edges().lasts)
        );
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
        assert!(began.elapsed() < Duration::from_millis(Command::Long(Button::B).edges().edges[1].0));
        assert_eq!(felt.recv().await.map(|press| (press.button, press.edge)), Some((Button::B, Edge::Down)));
        assert_eq!(felt.recv().await.map(|press| (press.button, press.edge)), Some((Button::B, Edge::Up)));
    }
}
