//! Buttons, lights and speaker of a board that has none: lines over the second serial port, those of `--plain`.

use core::fmt::{Display, Write};

use app::{Front, News, Picture, Press};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::{Channel, TrySendError};
use embassy_time::{Instant, Timer};
use handheld::Sound;
use heapless::String;
use plain::Command;
use semihosting::process::ExitCode;

use crate::serial::Port;
use crate::{clock, metered, stack};

/// The longest line is that of the figures.
const LINE: usize = 448;

/// Edges that wait for the clicker; a gesture has four.
static EDGES: Channel<CriticalSectionRawMutex, Press, 8> = Channel::new();

/// What is to be said, when the clicker has done what it has to do: a board with lights spells nothing.
static SAID: Channel<CriticalSectionRawMutex, (Instant, Said), 32> = Channel::new();

/// A line to be.
enum Said {
    Display(plain::Picture),
    Sound(Sound),
    News(News),
}

/// The clicker's side.
pub(crate) struct Lines {
    port: &'static Port,
    /// The edge that is being dealt with: what is decided meanwhile is decided by it.
    felt: Option<Instant>,
}

impl Lines {
    pub(crate) const fn new(port: &'static Port) -> Self {
        Self { port, felt: None }
    }
}

impl Front for Lines {
    async fn edge(&mut self) -> Press {
        self.felt = None;
        let press = EDGES.receive().await;
        self.felt = Some(press.at);
        press
    }

    fn show(&mut self, picture: Picture) {
        metered(|meter| meter.show(picture.rows(), Instant::now().as_millis()));
        if let Some(words) = plain::Picture::of(picture) {
            self.later(Said::Display(words));
        }
    }

    fn play(&mut self, sound: Sound) {
        metered(|meter| meter.play(sound.note().lasts));
        self.later(Said::Sound(sound));
    }

    fn watch_logo(&mut self, yes: bool) {
        metered(|meter| meter.watch(yes, Instant::now().as_millis()));
    }

    fn battery(&mut self) -> u8 {
        // It runs from the emulator.
        100
    }

    fn tell(&mut self, news: News) {
        match news {
            News::Made(entry) => {
                if let Some(at) = self.felt {
                    metered(|meter| meter.latency.decided(entry.id, clock::counted_at(at)));
                }
            }
            News::LinkDown(_) => metered(|meter| meter.latency.link_down()),
            _ => {}
        }
        self.later(Said::News(news));
    }
}

impl Lines {
    fn later(&self, said: Said) {
        if let Err(TrySendError::Full(said)) = SAID.try_send((Instant::now(), said)) {
            say_all(self.port);
            spell(self.port, said);
        }
    }
}

/// Says what the clicker has to say, whenever it does nothing else.
#[embassy_executor::task]
pub(crate) async fn mouth(port: &'static Port) {
    loop {
        spell(port, SAID.receive().await);
    }
}

fn say_all(port: &Port) {
    while let Ok(said) = SAID.try_receive() {
        spell(port, said);
    }
}

fn spell(port: &Port, (at, said): (Instant, Said)) {
    match said {
        Said::Display(words) => say_of(port, at, format_args!("face {words}")),
        Said::Sound(sound) => say_of(port, at, format_args!("sound {}", plain::Sound(sound))),
        Said::News(news) => say_of(port, at, plain::News(news)),
    }
}

/// One line, with the milliseconds since the start before it. Where the other end does not read, it is lost.
pub(crate) fn say(port: &Port, words: impl Display) {
    say_of(port, Instant::now(), words);
}

fn say_of(port: &Port, at: Instant, words: impl Display) {
    let mut line = String::<LINE>::new();
    // No line is longer.
    let _ = writeln!(line, "{} {words}", at.as_millis());
    port.write(line.as_bytes());
}

/// The hand: does what the lines say, one after the other, until it is told to quit.
#[embassy_executor::task]
pub(crate) async fn hand(port: &'static Port) {
    loop {
        port.whole().await;
        let mut line = heapless::Vec::<u8, LINE>::new();
        while let Some(byte) = port.read().filter(|byte| *byte != b'\n') {
            // What is too long is no command.
            let _ = line.push(byte);
        }
        let line = core::str::from_utf8(&line).unwrap_or("?").trim();
        if line == "figures" {
            figures(port);
            continue;
        }
        match Command::parse(line) {
            Ok(Some(Command::Quit)) => {
                figures(port);
                ExitCode::SUCCESS.exit_process()
            }
            Ok(Some(command)) => perform(command).await,
            Ok(None) => {}
            Err(why) => say(port, format_args!("no command: {line}: {why}")),
        }
    }
}

async fn perform(command: Command) {
    let (timed, began) = (command.edges(), Instant::now());
    let after = |ms| began + embassy_time::Duration::from_millis(ms);
    for (ms, button, edge) in timed.edges {
        Timer::at(after(ms)).await;
        EDGES.send(Press { at: Instant::now(), button, edge }).await;
    }
    Timer::at(after(timed.lasts)).await;
}

/// What was counted, how long the emulator has run by its own clock, and how deep the stack has been.
fn figures(port: &Port) {
    say_all(port);
    let (now, elapsed) = (Instant::now().as_micros(), clock::elapsed_us().unwrap_or_default() / 1000);
    let (deepest, all) = stack::deepest();
    metered(|meter| {
        let figures = meter.figures(now);
        say(port, format_args!("figures {figures} elapsed-ms {elapsed} stack {deepest} of {all}"));
    });
}
