//! The clicker's real program on one of the radio's ports: its buttons are lines, and so is what it shows. Or its image
//! for a Cortex-M4F, in an emulator, with the same lines.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use super::process::Process;

/// A running clicker.
pub(crate) struct Clicker {
    process: Process,
    /// The radio's port that it is on.
    pub(crate) port: u16,
}

impl Clicker {
    /// `work/NAME` is its storage, which a power cut leaves as it is.
    pub(super) fn start(
        board: bool,
        name: &str,
        port: u16,
        work: &Path,
        logs: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let start = if board { emulator } else { program };
        let mut command = start(port, &work.join(name), arguments)?;
        Ok(Self { process: Process::start(name, &mut command, logs)?, port })
    }

    /// A line of the clicker's commands: `press a`, `long b`, `hold a`, `press chord`, `quit`, ...
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        self.process.order(line)
    }

    /// Waits for the next line that contains this.
    pub(crate) fn line(&self, needle: &str, within: Duration) -> anyhow::Result<String> {
        self.process.line(needle, within)
    }

    /// Its address, which it says first.
    pub(crate) fn address(&self) -> anyhow::Result<String> {
        let line = self.line("address ", Duration::from_secs(20))?;
        line.split("address ").nth(1).map(|rest| rest.trim().to_owned()).context("no address after the word")
    }

    /// The passkey that it shows.
    pub(crate) fn passkey(&self, within: Duration) -> anyhow::Result<String> {
        let line = self.line("passkey ", within)?;
        let digits = line.split("passkey ").nth(1).and_then(|rest| rest.split_whitespace().next());
        digits.map(str::to_owned).with_context(|| format!("no passkey in {line:?}"))
    }

    /// What it has decided so far, in its order: `boot 1 seq 4 rating 3`.
    pub(crate) fn made(&self) -> Vec<String> {
        let all = self.all();
        all.lines().filter_map(|line| line.split_once(" event ")).map(|(_, event)| event.to_owned()).collect()
    }

    /// Waits until it has decided so many events in all.
    pub(crate) fn until_made(&self, count: usize, within: Duration) -> anyhow::Result<()> {
        super::until(&format!("{count} events are made"), within, || {
            Ok((self.made().len() >= count).then_some(()))
        })
    }

    /// What has been printed since the last wait is passed over.
    pub(crate) fn skip(&self) {
        self.process.skip();
    }

    /// Everything it printed.
    pub(crate) fn all(&self) -> String {
        self.process.all()
    }

    /// The battery falls out.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }
}

/// The clicker's own clock, by which each of its lines begins, in milliseconds.
pub(super) fn uptime(line: &str) -> anyhow::Result<Duration> {
    let first = line.split_whitespace().next().unwrap_or_default();
    let millis = first.parse().with_context(|| format!("{line:?} does not begin with a time"))?;
    Ok(Duration::from_millis(millis))
}

fn program(port: u16, store: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(super::variable("LAB_CLICKER")?);
    command
        .args(["--plain", "--h4", &format!("{}:{port}", super::host()?), "--store"])
        .arg(store)
        .args(arguments);
    Ok(command)
}

/// The image, in an emulator on the host, by way of a program that stands for it here: it ends with that one.
fn emulator(port: u16, store: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    // An address of its own, and the same after a reset; no store keeps it, as no board's does.
    let name = store.file_name().context("a clicker has a name")?.display();
    let case = store.parent().and_then(Path::file_name).context("a case has a name")?.display();
    let number = name.to_string().bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["guest", "board", &super::variable("LAB_BOARDS")?, &format!("{case}/{name}.flash")])
        .args([&port.to_string(), &format!("--address=C0:00:00:00:00:{number:02X}")])
        .args(arguments);
    Ok(command)
}

/// Stands for a board that runs on the host: the first argument is where, the rest is for it.
pub(super) fn proxy_board(arguments: &[String]) -> anyhow::Result<bool> {
    let (desk, words) = arguments.split_first().context("a board wants the port of the host's")?;
    let mut board = TcpStream::connect((super::host()?, desk.parse()?)).context("the host runs no boards")?;
    board.set_nodelay(true)?;
    writeln!(board, "{}", words.join(" "))?;
    let mut lines = board.try_clone()?;
    thread::spawn(move || io::copy(&mut io::stdin(), &mut board));
    io::copy(&mut lines, &mut io::stdout())?;
    Ok(true)
}
