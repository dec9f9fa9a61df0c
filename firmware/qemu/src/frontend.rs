//! Frontend of a board without buttons, LEDs or speaker: the `--plain` protocol over the second serial port.

use core::fmt::{Display, Write};

use app::{ButtonEvent, Frontend, Picture, StatusEvent};
use console::Command;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::{Channel, TrySendError};
use embassy_time::{Instant, Timer};
use handheld::Sound;
use heapless::String;
use semihosting::process::ExitCode;

use crate::serial::Port;
use crate::{clock, stack, with_metrics};

/// Length of the longest line, that of the figures.
const LINE: usize = 448;

/// Button events not yet received; a gesture has four.
static BUTTON_EVENTS: Channel<CriticalSectionRawMutex, ButtonEvent, 8> = Channel::new();

/// Lines to print once the clicker is idle, because a board with LEDs would not format text.
static OUTPUT: Channel<CriticalSectionRawMutex, (Instant, OutputLine), 32> = Channel::new();

/// A line to print.
enum OutputLine {
    Display(console::PictureText),
    Sound(Sound),
    StatusEvent(StatusEvent),
}

/// The clicker's frontend.
pub(crate) struct ConsoleFrontend {
    port: &'static Port,
    /// Time of the button event being handled. Events created meanwhile are decided by it.
    handling: Option<Instant>,
}

impl ConsoleFrontend {
    pub(crate) const fn new(port: &'static Port) -> Self {
        Self { port, handling: None }
    }
}

impl Frontend for ConsoleFrontend {
    async fn button_event(&mut self) -> ButtonEvent {
        self.handling = None;
        let press = BUTTON_EVENTS.receive().await;
        self.handling = Some(press.at);
        press
    }

    fn show(&mut self, picture: Picture) {
        with_metrics(|metrics| metrics.show(picture.rows(), Instant::now().as_millis()));
        if let Some(words) = console::PictureText::of(picture) {
            self.queue(OutputLine::Display(words));
        }
    }

    fn play(&mut self, sound: Sound) {
        with_metrics(|metrics| metrics.play(sound.note().lasts));
        self.queue(OutputLine::Sound(sound));
    }

    fn sample_logo(&mut self, yes: bool) {
        with_metrics(|metrics| metrics.set_logo_sampling(yes, Instant::now().as_millis()));
    }

    fn battery(&mut self) -> u8 {
        // Powered by the emulator.
        100
    }

    fn notify(&mut self, status: StatusEvent) {
        match status {
            StatusEvent::Created(entry) => {
                if let Some(at) = self.handling {
                    with_metrics(|metrics| metrics.latency.decided(entry.id, clock::counted_at(at)));
                }
            }
            StatusEvent::LinkDown(_) => with_metrics(|metrics| metrics.latency.link_down()),
            _ => {}
        }
        self.queue(OutputLine::StatusEvent(status));
    }
}

impl ConsoleFrontend {
    fn queue(&self, said: OutputLine) {
        if let Err(TrySendError::Full(said)) = OUTPUT.try_send((Instant::now(), said)) {
            flush_output(self.port);
            print_line(self.port, said);
        }
    }
}

/// Prints queued lines whenever the clicker is idle.
#[embassy_executor::task]
pub(crate) async fn output_task(port: &'static Port) {
    loop {
        print_line(port, OUTPUT.receive().await);
    }
}

fn flush_output(port: &Port) {
    while let Ok(said) = OUTPUT.try_receive() {
        print_line(port, said);
    }
}

fn print_line(port: &Port, (at, said): (Instant, OutputLine)) {
    match said {
        OutputLine::Display(words) => say_of(port, at, format_args!("face {words}")),
        OutputLine::Sound(sound) => say_of(port, at, format_args!("sound {}", console::SoundText(sound))),
        OutputLine::StatusEvent(status) => say_of(port, at, console::StatusText(status)),
    }
}

/// Prints a line with the milliseconds since the start. It is lost if the other end does not read.
pub(crate) fn say(port: &Port, words: impl Display) {
    say_of(port, Instant::now(), words);
}

fn say_of(port: &Port, at: Instant, words: impl Display) {
    let mut line = String::<LINE>::new();
    // No line is longer.
    let _ = writeln!(line, "{} {words}", at.as_millis());
    port.write(line.as_bytes());
}

/// Reads and performs commands one after the other until `quit`.
#[embassy_executor::task]
pub(crate) async fn input_task(port: &'static Port) {
    loop {
        port.wait_for_unit().await;
        let mut line = heapless::Vec::<u8, LINE>::new();
        while let Some(byte) = port.read().filter(|byte| *byte != b'\n') {
            // A line that is too long is not a command.
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
    let (timed, began) = (command.timed_events(), Instant::now());
    let after = |ms| began + embassy_time::Duration::from_millis(ms);
    for (ms, button, edge) in timed.events {
        Timer::at(after(ms)).await;
        BUTTON_EVENTS.send(ButtonEvent { at: Instant::now(), button, edge }).await;
    }
    Timer::at(after(timed.lasts)).await;
}

/// Prints the counters, the emulator's own elapsed time, and the deepest stack use.
fn figures(port: &Port) {
    flush_output(port);
    let (now, elapsed) = (Instant::now().as_micros(), clock::elapsed_us().unwrap_or_default() / 1000);
    let (deepest, all) = stack::deepest();
    with_metrics(|metrics| {
        let figures = metrics.figures(now);
        say(port, format_args!("figures {figures} elapsed-ms {elapsed} stack {deepest} of {all}"));
    });
}
