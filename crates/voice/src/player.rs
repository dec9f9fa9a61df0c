//! Playing tones through a program of the system that takes PCM from its standard input.

use std::ffi::OsStr;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use crate::process::{Order, Outcome, run};
use crate::speaker::{Program, find};
use crate::tone::{SAMPLE_RATE, Tone};

/// The program to play with: the first of the known ones that is installed. All take raw 16-bit samples.
#[must_use]
pub fn find_player(path: Option<&OsStr>) -> Option<Program> {
    let rate = SAMPLE_RATE.to_string();
    let known: [(&str, Vec<&str>); 3] = [
        (
            "pacat",
            vec![
                "--playback",
                "--raw",
                "--format=s16le",
                "--channels=1",
                "--latency-msec=30",
                "--rate",
                &rate,
            ],
        ),
        (
            "pw-cat",
            vec![
                "--playback",
                "--raw",
                "--format=s16",
                "--channels=1",
                "--latency=30ms",
                "--rate",
                &rate,
                "-",
            ],
        ),
        ("aplay", vec!["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-B", "60000", "-r", &rate]),
    ];
    known.into_iter().find_map(|(name, arguments)| {
        let path = find(name, path)?;
        Some(Program { path, arguments: arguments.into_iter().map(str::to_owned).collect(), cut: Vec::new() })
    })
}

/// Plays tones on a thread of its own.
#[derive(Debug)]
pub struct Player {
    orders: Sender<Order>,
    outcomes: Receiver<Outcome>,
    volume: u8,
}

impl Player {
    /// Starts the thread. `volume` is in percent.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub fn start(program: Program, volume: u8) -> std::io::Result<Self> {
        let (orders, taken) = mpsc::channel();
        let (tell, outcomes) = mpsc::channel();
        let report = move |outcome: Outcome| tell.send(outcome).is_ok();
        std::thread::Builder::new().name("tones".to_owned()).spawn(move || run(&program, &taken, report))?;
        Ok(Self { orders, outcomes, volume })
    }

    /// Plays a tone, in the place of one that still sounds. Never waits.
    pub fn play(&self, tone: Tone) {
        let _ = self.orders.send(Order::Run { id: 0, input: tone.pcm(self.volume) });
    }

    /// Why tones cannot be played, if that was found since it was asked last.
    #[must_use]
    pub fn failed(&self) -> Option<String> {
        self.outcomes.try_iter().find_map(Outcome::why)
    }

    /// Waits until the tone is over, this long at most, and returns why it was not heard, if it was not.
    #[must_use]
    pub fn wait(&self, limit: Duration) -> Option<String> {
        self.outcomes.recv_timeout(limit).ok()?.why()
    }
}
