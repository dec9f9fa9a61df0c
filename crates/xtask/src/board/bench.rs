//! Test bench for an emulated board: the virtual radio, boards on one of its ports, the independent client on another.
//!
//! Waits have generous limits and measure nothing.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

/// Emulator speed: 2^4 ns per instruction, 62.5 million per second.
const ICOUNT: &str = "shift=4";
/// The same speed, and sleep takes no real time.
const ICOUNT_SKIP_SLEEP: &str = "shift=4,sleep=off";

/// Limit of every wait, generous because the machine is shared.
const WAIT_TIMEOUT: Duration = Duration::from_secs(120);

/// Speed of a board's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Real time.
    Real,
    /// Sleep is skipped.
    SkipsSleep,
}

/// The radio, and the ports for boards and clients.
pub(super) struct Bench {
    python: PathBuf,
    image: PathBuf,
    /// Folder of the radio lab.
    lab: PathBuf,
    /// Folder for flash, keys and logs.
    folder: PathBuf,
    clickers: String,
    laptops: String,
    control: BufReader<TcpStream>,
    // Dropped last.
    _radio: Running,
}

impl Bench {
    /// Starts a radio. Empties `folder` and keeps all files there.
    pub(super) fn open(root: &Path, python: &Path, image: &Path, folder: PathBuf) -> anyhow::Result<Self> {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let lab = root.join("tests/lab").canonicalize()?;
        let mut radio = Command::new(python);
        radio
            .args(["-m", "radio", "--h4", "clicker:0", "--h4", "laptop:0", "--h4", "stand-in:0", "--log"])
            .arg(folder.join("radio.jsonl"))
            .current_dir(&lab)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        let radio = Running::start(&mut radio, &folder.join("radio.log"))?;
        let port = |name: &str| -> anyhow::Result<String> {
            let line = radio.line(&format!("{name} "))?;
            Ok(line.rsplit(' ').next().unwrap_or_default().to_owned())
        };
        let (clickers, laptops, control) = (port("clicker")?, port("laptop")?, port("control")?);
        let control = TcpStream::connect(("127.0.0.1", control.parse::<u16>()?))?;
        control.set_read_timeout(Some(WAIT_TIMEOUT))?;
        Ok(Self {
            python: python.to_owned(),
            image: image.to_owned(),
            lab,
            folder,
            clickers,
            laptops,
            control: BufReader::new(control),
            _radio: radio,
        })
    }

    /// Boots a board. All boards of a bench share one flash, so each is the same clicker after a restart.
    pub(super) fn boot(&self, name: &str, clock: Clock, arguments: &[&str]) -> anyhow::Result<Running> {
        let count = if clock == Clock::SkipsSleep { ICOUNT_SKIP_SLEEP } else { ICOUNT };
        let mut told = format!(
            "enable=on,target=native,arg=clicker,arg=--flash={}",
            self.folder.join("flash").display()
        );
        for argument in arguments {
            told = format!("{told},arg={argument}");
        }
        let mut board = machine(&self.image);
        board.args(["-icount", count, "-semihosting-config", &told]);
        board.args(["-serial", &format!("tcp:127.0.0.1:{}", self.clickers), "-serial", "stdio"]);
        Running::start(&mut board, &self.folder.join(format!("{name}.log")))
    }

    /// Starts a command of the independent client with the bonds of the first pairing.
    pub(super) fn client(&self, name: &str, words: &[&str]) -> anyhow::Result<Running> {
        self.client_with(name, "keys", words)
    }

    fn client_with(&self, name: &str, keys: &str, words: &[&str]) -> anyhow::Result<Running> {
        let mut client = Command::new(&self.python);
        client
            .arg(self.lab.join("independent/client.py"))
            .args(["--transport", &format!("tcp-client:127.0.0.1:{}", self.laptops)])
            // Effectively no limit: each wait has its own.
            .args(["--limit", "3600", "--keystore"])
            .arg(self.folder.join(keys))
            .args(words)
            .current_dir(&self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Running::start(&mut client, &self.folder.join(format!("{name}.log")))
    }

    /// Pairs the independent client with a board whose window is open. Stores the bond under `keys`.
    pub(super) fn pair(&self, board: &mut Running, name: &str, keys: &str) -> anyhow::Result<()> {
        let mut pairing = self.client_with(name, keys, &["pair"])?;
        pairing.order(&passkey(board)?)?;
        board.line("paired bond")?;
        pairing.ended().context("pairing")
    }

    /// Sends a command to the radio and waits for its answer, which comes after the command is done.
    pub(super) fn order(&mut self, order: &str) -> anyhow::Result<String> {
        writeln!(self.control.get_mut(), "{order}")?;
        let mut answer = String::new();
        self.control.read_line(&mut answer).context("no answer from the radio")?;
        ensure!(answer.contains(r#""ok": true"#), "the radio rejected {order}: {answer}");
        Ok(answer)
    }

    /// Reads a file that a client wrote.
    pub(super) fn read(&self, name: &str) -> anyhow::Result<String> {
        fs::read_to_string(self.folder.join(name)).with_context(|| format!("cannot read {name}"))
    }

    /// Hash of the key of the last encryption. Fails if the two sides used different keys.
    pub(super) fn key(&mut self) -> anyhow::Result<String> {
        let stats = self.order(r#"{"do": "stats"}"#)?;
        let (_, last) = stats.rsplit_once(r#""hash": ""#).context("no link has been encrypted yet")?;
        let (hash, rest) = last.split_once('"').context("the hash is not terminated")?;
        let (told, _) = rest.split_once('}').unwrap_or((rest, ""));
        ensure!(told.contains(r#""result": "same""#), "the two sides encrypted with different keys: {told}");
        Ok(hash.to_owned())
    }
}

/// Passkey that the board shows next.
pub(super) fn passkey(board: &Running) -> anyhow::Result<String> {
    let shown = board.line("passkey ")?;
    Ok(shown.rsplit(' ').next().unwrap_or_default().to_owned())
}

/// Emulator command for this image.
pub(super) fn machine(image: &Path) -> Command {
    let mut board = Command::new("qemu-system-arm");
    let machine = ["-machine", "mps2-an386", "-nodefaults", "-no-user-config"];
    board.args(machine).args(["-display", "none", "-nic", "none", "-kernel"]).arg(image);
    board
}

/// A running program. Killed on drop.
pub(super) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Running {
    pub(super) fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let (stdout, stdin) = (child.stdout.take().context("no stdout")?, child.stdin.take());
        let mut copy = File::create(log.with_extension("out"))?;
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = writeln!(copy, "{line}");
                // The receiver may be gone; the copy has all lines.
                let _ = tell.send(line);
            }
        });
        Ok(Self { child, stdin, lines })
    }

    pub(super) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        writeln!(self.stdin.as_mut().context("no stdin")?, "{line}").context("cannot write to its stdin")
    }

    /// Waits for the next line that contains `needle`.
    pub(super) fn line(&self, needle: &str) -> anyhow::Result<String> {
        let began = Instant::now();
        let mut last = String::new();
        loop {
            match self.lines.recv_timeout(WAIT_TIMEOUT.saturating_sub(began.elapsed())) {
                Ok(line) if line.contains(needle) => return Ok(line),
                Ok(line) => last = line,
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("ended before {needle:?}; its last line: {last}")
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("no {needle:?} within {WAIT_TIMEOUT:?}; its last line: {last}")
                }
            }
        }
    }

    /// All lines up to and including the `count`th that contains `needle`.
    pub(super) fn lines(&self, needle: &str, count: usize) -> anyhow::Result<Vec<String>> {
        let (mut all, mut found) = (Vec::new(), 0);
        while found < count {
            let line = self.line("")?;
            found += usize::from(line.contains(needle));
            all.push(line);
        }
        Ok(all)
    }

    /// Kills it, like a power cut.
    pub(super) fn cut(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait().context("cannot wait for its end").map(drop)
    }

    pub(super) fn figures(&mut self) -> anyhow::Result<String> {
        self.order("figures")?;
        self.line("figures ")
    }

    /// Waits until it ends, which must be with success.
    pub(super) fn ended(mut self) -> anyhow::Result<()> {
        let ended = loop {
            if let Err(ended) = self.lines.recv_timeout(WAIT_TIMEOUT) {
                break ended;
            }
        };
        ensure!(ended == RecvTimeoutError::Disconnected, "no output for {WAIT_TIMEOUT:?}, and still running");
        let status = self.child.wait()?;
        ensure!(status.success(), "ended with {status}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
