//! The clicker on a Linux machine: the app, a Bluetooth controller, a folder as storage, and the keyboard as buttons.
//!
//! Wiring only: the logic decides what buttons mean, the app who may pair.

mod args;
mod event_log;
mod frontend;
mod input;
mod screen;
mod store;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use app::{Board, BoardInfo, Fault, StandardRadio};
use bt_hci::controller::ExternalController;
use bt_hci_serial::SerialTransport;
use clap::Parser;
use console::{Address, Command};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_time::Instant;
use embedded_io_adapters::tokio_1::FromTokio;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use crate::args::Args;
use crate::frontend::{Terminal, View};
use crate::screen::Screen;
use crate::store::FolderStore;

/// Interval of attempts to connect to a controller over TCP.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// Delay before a restart after a fault, so that a missing controller is not retried all the time.
const RESTART_DELAY: Duration = Duration::from_secs(1);

/// HCI commands in flight: the host sends one at a time, and possibly a reset beside it.
const COMMANDS: usize = 8;

/// A Linux machine as a board.
struct Machine {
    info: BoardInfo,
    frontend: Terminal,
    store: FolderStore,
    radio: StandardRadio,
}

impl Board for Machine {
    type Frontend = Terminal;
    type Store = FolderStore;
    type Radio = StandardRadio;

    fn info(&self) -> BoardInfo {
        self.info
    }

    fn parts(&mut self) -> (&mut Terminal, &mut FolderStore, &mut StandardRadio) {
        (&mut self.frontend, &mut self.store, &mut self.radio)
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.context("the system gives no event loop").and_then(|runtime| {
        // In a task of its own, because its wakers compare equal to their clones. Those of `block_on` do not once
        // optimised, and a signal of embassy-sync with two different wakers wakes both of them endlessly.
        let tasks = LocalSet::new();
        let worn = tasks.spawn_local(run(args));
        let ended = tasks.block_on(&runtime, worn).context("the clicker has failed").flatten();
        // Does not wait for threads blocked on a line or a key.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report_error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs until `Quit`.
async fn run(args: Args) -> Result<()> {
    let path = args.store.clone().unwrap_or_else(args::default_store);
    let store = FolderStore::open(&path, report_error)?;
    let address = match args.address {
        Some(address) => address.0,
        None => store.address()?,
    };
    let (commands, commands_rx) = unbounded_channel();
    let (events_tx, events_rx) = unbounded_channel();
    let plain = args.plain || !io::stdin().is_terminal() || !io::stdout().is_terminal();
    let view = if plain {
        thread::spawn(move || lines(&commands));
        View::Plain { began: Instant::now() }
    } else {
        let title = format!("Unknot clicker {}", Address(address));
        let screen = Screen::new(title).context("the terminal cannot be drawn on; use --plain")?;
        thread::spawn(move || screen::keys(&commands));
        View::Screen(screen)
    };
    let info =
        BoardInfo { address, model: "Linux", firmware: env!("CARGO_PKG_VERSION"), window: args.window };
    let mut machine = Machine { info, frontend: Terminal::new(events_rx, view), store, radio: StandardRadio };
    machine.frontend.say(&format!("address {}", Address(address)));
    tokio::select! {
        biased;
        ended = run_clicker(&args, &mut machine) => ended,
        () = input::run(commands_rx, events_tx, !plain) => Ok(()),
    }
}

/// Runs the clicker and restarts it after a fault, like a board that resets. A restart does not open the pairing
/// window.
async fn run_clicker(args: &Args, machine: &mut Machine) -> Result<()> {
    loop {
        let fault = match args.h4 {
            Some(at) => {
                let (read, write) = connect(at).await.into_split();
                let (read, write) = (FromTokio::new(read), FromTokio::new(write));
                let transport = SerialTransport::<NoopRawMutex, _, _>::new(read, write);
                let controller = ExternalController::<_, COMMANDS>::new(transport);
                app::run(&controller, machine).await
            }
            None => {
                let transport =
                    bt_hci_linux::Transport::new(args.hci).map_err(|why| adapter(args.hci, &why))?;
                let controller = ExternalController::<_, COMMANDS>::new(transport);
                app::run(&controller, machine).await
            }
        };
        match fault {
            Fault::Store => bail!("the store cannot be used; see above, or name another folder with --store"),
            Fault::Stack => machine.frontend.say("reset"),
        }
        machine.info.window = false;
        tokio::time::sleep(RESTART_DELAY).await;
    }
}

async fn connect(at: SocketAddr) -> TcpStream {
    loop {
        if let Ok(stream) = TcpStream::connect(at).await {
            // A packet is written in pieces; none may wait for the next.
            let _ = stream.set_nodelay(true);
            return stream;
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
}

/// An error with the remedy for an adapter that cannot be used.
fn adapter(hci: u16, why: &io::Error) -> anyhow::Error {
    let remedy = match why.kind() {
        io::ErrorKind::PermissionDenied => "run it with sudo, or give it cap_net_admin and cap_net_raw",
        io::ErrorKind::ResourceBusy => "it is in use: stop bluetoothd, then take it down with hciconfig",
        io::ErrorKind::NotFound => "there is no such adapter; see which there are with hciconfig",
        _ => "is there a Bluetooth adapter, and does the kernel know it?",
    };
    anyhow::anyhow!("cannot take hci{hci}: {why}; {remedy}")
}

/// Reads commands from stdin, one per line, until it ends.
fn lines(commands: &UnboundedSender<Command>) {
    for line in io::stdin().lines() {
        let Ok(line) = line else { return };
        match Command::parse(&line) {
            Ok(Some(command)) => {
                if commands.send(command).is_err() {
                    return;
                }
            }
            Ok(None) => {}
            Err(why) => report_error(&format!("{line}: {why}")),
        }
    }
}

fn report_error(what: &str) {
    // If stderr is closed, there is nowhere else to write.
    let _ = writeln!(io::stderr(), "clicker: {what}");
}
