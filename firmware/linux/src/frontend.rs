//! The frontend of a machine without lights: lines on stdout, or a terminal's whole screen.

use std::io::Write;
use std::{fs, io};

use app::{ButtonEvent, Frontend, Picture, StatusEvent};
use embassy_time::Instant;
use handheld::Sound;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::screen::Screen;

/// Buttons and face of the clicker.
pub(crate) struct Terminal {
    button_events: UnboundedReceiver<ButtonEvent>,
    view: View,
}

/// What there is to look at.
pub(crate) enum View {
    /// A line for each happening.
    Plain {
        /// When the first millisecond was.
        began: Instant,
    },
    /// A picture that is drawn anew.
    Screen(Screen),
}

impl Terminal {
    pub(crate) const fn new(button_events: UnboundedReceiver<ButtonEvent>, view: View) -> Self {
        Self { button_events, view }
    }

    /// Says a line that is not of the clicker's own.
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
        // A machine without a battery does not run out of it.
        battery().unwrap_or(100)
    }

    fn notify(&mut self, status: StatusEvent) {
        match &mut self.view {
            View::Plain { began } => print(*began, &console::StatusText(status).to_string()),
            View::Screen(screen) => screen.notify(status),
        }
    }
}

/// One line, with the milliseconds since the start before it, at once.
fn print(began: Instant, line: &str) {
    let mut out = io::stdout().lock();
    // Nobody reads any more: the clicker is worn all the same.
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
