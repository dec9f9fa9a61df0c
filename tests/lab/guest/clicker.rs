//! The clicker's real program on one of the radio's ports, controlled and observed by lines of text; or its image for a
//! Cortex-M4F in an emulator, with the same lines.

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
    /// Its port of the radio.
    pub(crate) port: u16,
}

impl Clicker {
    /// `work/NAME` is its storage, which survives a power cut.
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

    /// Sends a command: `press a`, `long b`, `hold a`, `press chord`, `quit`, ...
    pub(crate) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        self.process.order(line)
    }

    /// Waits for the next line that contains `needle`.
    pub(crate) fn line(&self, needle: &str, within: Duration) -> anyhow::Result<String> {
        self.process.line(needle, within)
    }

    /// Its address, which it prints first.
    pub(crate) fn address(&self) -> anyhow::Result<String> {
        let line = self.line("address ", Duration::from_secs(20))?;
        line.split("address ").nth(1).map(|rest| rest.trim().to_owned()).context("no address on the line")
    }

    /// Passkey that it shows.
    pub(crate) fn passkey(&self, within: Duration) -> anyhow::Result<String> {
        let line = self.line("passkey ", within)?;
        let digits = line.split("passkey ").nth(1).and_then(|rest| rest.split_whitespace().next());
        digits.map(str::to_owned).with_context(|| format!("no passkey in {line:?}"))
    }

    /// All events so far, in order: `boot 1 seq 4 rating 3`.
    pub(crate) fn made(&self) -> Vec<String> {
        let all = self.all();
        all.lines().filter_map(|line| line.split_once(" event ")).map(|(_, event)| event.to_owned()).collect()
    }

    /// Waits until it has made `count` events in all.
    pub(crate) fn until_made(&self, count: usize, within: Duration) -> anyhow::Result<()> {
        super::until(&format!("{count} events are made"), within, || {
            Ok((self.made().len() >= count).then_some(()))
        })
    }

    /// Skips the output since the last wait.
    pub(crate) fn skip(&self) {
        self.process.skip();
    }

    /// Everything it printed.
    pub(crate) fn all(&self) -> String {
        self.process.all()
    }

    /// Kills it, as if the battery fell out.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }
}

/// Uptime at the beginning of a line.
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

/// The image in an emulator on the host, through a local proxy that ends with it.
fn emulator(port: u16, store: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    // An address that is unique and survives a reset; like a board, it is not stored.
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

/// Proxy of a board on the host: the first argument is the host's port, the rest is for the board.
pub(super) fn proxy_board(arguments: &[String]) -> anyhow::Result<bool> {
    let (desk, words) = arguments.split_first().context("missing argument: port of the host")?;
    let mut board = TcpStream::connect((super::host()?, desk.parse()?))
        .context("cannot connect to the boards on the host")?;
    board.set_nodelay(true)?;
    writeln!(board, "{}", words.join(" "))?;
    let mut lines = board.try_clone()?;
    thread::spawn(move || io::copy(&mut io::stdin(), &mut board));
    io::copy(&mut lines, &mut io::stdout())?;
    Ok(true)
}
