//! Keeps the machine awake while a session runs: a laptop that sleeps takes its link and its clocks with it.
//!
//! The system is asked on a thread of its own, so that nobody waits for its answer, and no one waits for that thread
//! either: a system that never answers does not keep the program from ending. Where the system refuses, or there is no
//! such service, the session runs all the same, and a machine that sleeps is seen as a gap.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use core::convert::Infallible;
use std::sync::mpsc::{Sender, channel};

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

/// What the program is called where a person sees who keeps the machine awake.
const WHO: &str = "Unknot";

/// What it is called where a desktop wants a reverse domain.
const DOMAIN: &str = "org.unknot.Unknot";

/// Why it does so.
const WHY: &str = "a session runs";

/// The machine stays awake for as long as this lives.
#[derive(Debug)]
pub(crate) struct Awake {
    _until_dropped: Sender<Infallible>,
}

impl Awake {
    /// Asks the system to stay awake, and its display on: it is read from two metres away.
    pub(crate) fn keep() -> Option<Self> {
        let (until_dropped, end) = channel();
        let thread = std::thread::Builder::new().name("awake".to_owned()).spawn(move || {
            let _locks = system::locks();
            // Nothing is ever sent: this returns when the session is over.
            let _over = end.recv();
        });
        match thread {
            Ok(_) => Some(Self { _until_dropped: until_dropped }),
            Err(error) => {
                tracing::warn!(%error, "the machine may sleep");
                None
            }
        }
    }
}
