//! Frontend of a machine without LEDs: lines on stdout, or a full-screen terminal.

use std::io::Write;
use std::{fs, io};

use app::{ButtonEvent, Frontend, Picture, StatusEvent};
use embassy_time::Instant;
use handheld::Sound;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::screen::Screen;

/// Buttons and display of the clicker.
pub(crate) struct Terminal {
    button_events: UnboundedReceiver<ButtonEvent>,
    view: View,
}

/// Where output goes.
pub(crate) enum View {
    /// A line per event.
    Plain {
        /// Start of the timestamps.
        began: Instant,
    },
    /// A full-screen terminal.
    Screen(Screen),
}

impl Terminal {
    pub(crate) const fn new(button_events: UnboundedReceiver<ButtonEvent>, view: View) -> Self {
        Self { button_events, view }
    }

    /// Writes a line that is not a status event.
    pub(crate) fn say(&mut self, line: &str) {
        match &mut self.view {
            View::Plain { began } => print(*began, line),
            View::Screen(screen) => screen.say(line),
        }
    }
}

impl Frontend for Terminal {
    async fn button_event(&mut self) -> ButtonEvent {
        match self.button_events.recv().await {
            Some(press) => press,
            None => std::future::pending().await,
        }
    }

    fn show(&mut self, picture: Picture) {
        match &mut self.view {
            View::Plain { began } => {
                if let Some(words) = console::PictureText::of(picture) {
                    print(*began, &format!("face {words}"));
                }
            }
            View::Screen(screen) => screen.show(picture),
        }
    }

    fn play(&mut self, sound: Sound) {
        let words = console::SoundText(sound).to_string();
        match &mut self.view {
            View::Plain { began } => print(*began, &format!("sound {words}")),
            View::Screen(screen) => screen.play(&words),
        }
    }

    fn battery(&mut self) -> u8 {
        // A machine without a battery counts as full.
        battery().unwrap_or(100)
    }

    fn notify(&mut self, status: StatusEvent) {
        match &mut self.view {
            View::Plain { began } => print(*began, &console::StatusText(status).to_string()),
            View::Screen(screen) => screen.notify(status),
        }
    }
}

/// Writes and flushes a line with the milliseconds since the start.
fn print(began: Instant, line: &str) {
    let mut out = io::stdout().lock();
    // A closed stdout does not stop the clicker.
    let _ = writeln!(out, "{} {line}", began.elapsed().as_millis()).and_then(|()| out.flush());
}

fn battery() -> Option<u8> {
    let supplies = fs::read_dir("/sys/class/power_supply").ok()?;
    supplies.flatten().find_map(|supply| {
        let read = |file: &str| fs::read_to_string(supply.path().join(file)).ok();
        let is_battery = read("type")?.trim() == "Battery";
        if is_battery { read("capacity")?.trim().parse().ok() } else { None }
    })
}
