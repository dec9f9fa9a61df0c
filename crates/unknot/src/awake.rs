//! Keeps the machine awake while a session runs: a laptop that sleeps takes its link and its clocks with it.
//!
//! The system is asked on a thread of its own, so that nobody waits for its answer. Where it refuses, or there is no
//! such service, the session runs all the same, and a machine that sleeps is seen as a gap.

use std::sync::mpsc::{Receiver, Sender, channel};

/// The machine stays awake for as long as this lives.
#[derive(Debug)]
pub(crate) struct Awake {
    _until_dropped: Sender<()>,
}

impl Awake {
    /// Asks the system to stay awake, and its display on: it is read from two metres away.
    pub(crate) fn keep() -> Option<Self> {
        let (until_dropped, end) = channel();
        let thread = std::thread::Builder::new().name("awake".to_owned()).spawn(move || hold(&end));
        match thread {
            Ok(_) => Some(Self { _until_dropped: until_dropped }),
            Err(error) => {
                tracing::warn!(%error, "the machine may sleep");
                None
            }
        }
    }
}

fn hold(end: &Receiver<()>) {
    // A machine without a desktop has no display to keep on, and can still be kept from sleeping.
    let held = asked(true).or_else(|_| asked(false));
    match &held {
        Ok(_) => tracing::debug!("the machine stays awake"),
        Err(error) => tracing::warn!(%error, "the machine may sleep"),
    }
    // It is let go when the session is; nothing else is ever sent.
    let _over = end.recv();
}

fn asked(display: bool) -> Result<keepawake::KeepAwake, keepawake::Error> {
    keepawake::Builder::default()
        .display(display)
        .idle(true)
        .sleep(true)
        .reason("a session runs")
        .app_name("Unknot")
        .app_reverse_domain("org.unknot.Unknot")
        .create()
}
