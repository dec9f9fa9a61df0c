//! What the system wishes of the program, as one more thing to wait for: that it end, step aside, or go on.

use std::io;

/// A wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// End, by the signal with this number.
    End(u8),
    /// Stand still until [`Wish::GoOn`].
    StepAside,
    /// The program stood still, and the terminal may have been anything meanwhile.
    GoOn,
}

/// Interrupt, terminate and hang-up; the terminal's stop, and continue.
#[cfg(unix)]
#[derive(Debug)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    go_on: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on; none of them ends the program by itself any more.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            stop: signal(SignalKind::from_raw(signal_hook::consts::SIGTSTP))?,
            go_on: signal(SignalKind::from_raw(signal_hook::consts::SIGCONT))?,
        })
    }

    /// The next one. Nothing is lost where the wait is given up.
    pub async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.interrupt.recv() => Wish::End(2),
            _ = self.terminate.recv() => Wish::End(15),
            _ = self.hangup.recv() => Wish::End(1),
            _ = self.stop.recv() => Wish::StepAside,
            _ = self.go_on.recv() => Wish::GoOn,
        }
    }
}

impl Signals {
    /// The number of the next signal that ends the program. For the shell it stands still meanwhile: there is no
    /// terminal to be given back.
    pub async fn end(&mut self) -> u8 {
        loop {
            match self.next().await {
                Wish::End(number) => return number,
                // Where it cannot stand still, it goes on.
                Wish::StepAside => drop(stand_still()),
                Wish::GoOn => {}
            }
        }
    }
}

/// Stands still until the shell, or whoever else, lets the program go on.
#[cfg(unix)]
pub(crate) fn stand_still() -> io::Result<()> {
    // The terminal's own stop is listened to above, and would not stop anything.
    signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)
}

/// Windows cannot stop a program and let it go on.
#[cfg(windows)]
pub(crate) fn stand_still() -> io::Result<()> {
    Ok(())
}

/// Ctrl-C and Ctrl-Break; the console's window is closed; the system shuts down.
#[cfg(windows)]
#[derive(Debug)]
pub struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    break_key: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    /// Listens from now on. Neither key ends the program by itself any more. After the window is closed or the system
    /// shuts down, Windows leaves the program about 5 s and then ends it.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            break_key: ctrl_break()?,
            close: ctrl_close()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// The next one, as the number of the Unix signal with the same meaning. Nothing is lost where the wait is given
    /// up.
    pub async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.interrupt.recv() => Wish::End(2),
            _ = self.break_key.recv() => Wish::End(2),
            _ = self.close.recv() => Wish::End(1),
            _ = self.shutdown.recv() => Wish::End(15),
        }
    }
}
