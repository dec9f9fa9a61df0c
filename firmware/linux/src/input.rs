//! Turns commands into button events at the right time.

use std::time::Duration;

use app::ButtonEvent;
use console::Command;
use embassy_time::Instant;
use handheld::{Button, Edge};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

/// Performs commands one after the other until `Quit`. With `by_keys`, SHARP and STOP interrupt the command in
/// progress.
pub(crate) async fn run(
    mut commands: UnboundedReceiver<Command>,
    button_events: UnboundedSender<ButtonEvent>,
    by_keys: bool,
) {
    let mut next = commands.recv().await;
    while let Some(command) = next {
        if command == Command::Quit {
            return;
        }
        next = tokio::select! {
            biased;
            () = perform(command, &button_events) => commands.recv().await,
            urgent = urgent(&mut commands), if by_keys => {
                // Buttons that are down are released just before.
                for (_, button, edge) in command.timed_events().events {
                    if edge == Edge::Up {
                        send_event(&button_events, Instant::now(), button, edge);
                    }
                }
                urgent
            }
        };
    }
    // The end of stdin does not stop the clicker.
    std::future::pending::<()>().await;
}

/// The next urgent command. Others are dropped while a gesture is in progress.
async fn urgent(commands: &mut UnboundedReceiver<Command>) -> Option<Command> {
    loop {
        match commands.recv().await {
            Some(command) if command.is_urgent() || command == Command::Quit => return Some(command),
            Some(_) => {}
            None => std::future::pending::<()>().await,
        }
    }
}

async fn perform(command: Command, button_events: &UnboundedSender<ButtonEvent>) {
    let timed = command.timed_events();
    let (began, begun) = (tokio::time::Instant::now(), Instant::now());
    for (after, button, edge) in timed.events {
        if after > 0 {
            tokio::time::sleep_until(began + Duration::from_millis(after)).await;
        }
        send_event(button_events, begun + embassy_time::Duration::from_millis(after), button, edge);
    }
    tokio::time::sleep_until(began + Duration::from_millis(timed.lasts)).await;
}

fn send_event(button_events: &UnboundedSender<ButtonEvent>, at: Instant, button: Button, edge: Edge) {
    // The receiver may be gone at shutdown.
    let _ = button_events.send(ButtonEvent { at, button, edge });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn commands_are_done_one_after_the_other() {
        let (tell, commands) = tokio::sync::mpsc::unbounded_channel();
        let (events_tx, mut events_rx) = tokio::sync::mpsc::unbounded_channel();
        for command in [Command::Press(Button::A), Command::Chord, Command::Quit] {
            tell.send(command).unwrap();
        }
        let began = tokio::time::Instant::now();
        run(commands, events_tx, false).await;
        assert_eq!(
            began.elapsed().as_millis(),
            u128::from(Command::Press(Button::A).timed_events().lasts + Command::Chord.timed_events().lasts)
        );
        let mut seen = Vec::new();
        while let Ok(event) = events_rx.try_recv() {
            seen.push((event.button, event.edge));
        }
        let (down, up) = (Edge::Down, Edge::Up);
        let (a, b) = (Button::A, Button::B);
        assert_eq!(seen, [(a, down), (a, up), (a, down), (b, down), (a, up), (b, up)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sharp_by_key_waits_for_nothing() {
        let (tell, commands) = tokio::sync::mpsc::unbounded_channel();
        let (events_tx, mut events_rx) = tokio::sync::mpsc::unbounded_channel();
        tell.send(Command::Long(Button::B)).unwrap();
        tell.send(Command::Chord).unwrap();
        tell.send(Command::Quit).unwrap();
        let began = tokio::time::Instant::now();
        run(commands, events_tx, true).await;
        assert!(began.elapsed() < Duration::from_millis(Command::Long(Button::B).timed_events().events[1].0));
        assert_eq!(
            events_rx.recv().await.map(|event| (event.button, event.edge)),
            Some((Button::B, Edge::Down))
        );
        assert_eq!(
            events_rx.recv().await.map(|event| (event.button, event.edge)),
            Some((Button::B, Edge::Up))
        );
    }
}
