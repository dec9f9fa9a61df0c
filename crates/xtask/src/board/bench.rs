//! What an emulated board is tried on: the virtual radio, boards on one of its ports, the independent client on another.
//!
//! Nothing here judges how long something took. What waits, waits for what is to come.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

/// So many nanoseconds an instruction takes in the emulator, as a power of two: 62.5 million a second.
const ICOUNT: &str = "shift=4";
/// The same, and time passes over sleep: half an hour in which nothing happens is soon over.
const ICOUNT_SKIP_SLEEP: &str = "shift=4,sleep=off";

/// What is waited for at most, on a machine that does other things too.
const WAIT_TIMEOUT: Duration = Duration::from_secs(120);

/// How a board's time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// As the machine's.
    Real,
    /// Over whatever it sleeps through.
    SkipsSleep,
}

/// The radio, and where boards and clients find each other.
pub(super) struct Bench {
    python: PathBuf,
    image: PathBuf,
    /// The radio lab.
    lab: PathBuf,
    /// Flash, keys and logs.
    folder: PathBuf,
    clickers: String,
    laptops: String,
    control: BufReader<TcpStream>,
    // The last of all to end.
    _radio: Running,
}

impl Bench {
    /// Starts a radio, with its files in this folder, which is emptied.
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

    /// Switches a board on. All of a bench have one flash, so they are one board after another start.
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

    /// A command of the independent laptop, with the bonds of the first pairing.
    pub(super) fn client(&self, name: &str, words: &[&str]) -> anyhow::Result<Running> {
        self.client_with(name, "keys", words)
    }

    fn client_with(&self, name: &str, keys: &str, words: &[&str]) -> anyhow::Result<Running> {
        let mut client = Command::new(&self.python);
        client
            .arg(self.lab.join("independent/client.py"))
            .args(["--transport", &format!("tcp-client:127.0.0.1:{}", self.laptops)])
            // Each wait has its own limit.
            .args(["--limit", "3600", "--keystore"])
            .arg(self.folder.join(keys))
            .args(words)
            .current_dir(&self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Running::start(&mut client, &self.folder.join(format!("{name}.log")))
    }

    /// Pairs the independent laptop with a board whose window is open, by its digits; the bond is kept in these keys.
    pub(super) fn pair(&self, board: &mut Running, name: &str, keys: &str) -> anyhow::Result<()> {
        let mut pairing = self.client_with(name, keys, &["pair"])?;
        pairing.order(&passkey(board)?)?;
        board.line("paired bond")?;
        pairing.ended().context("pairing")
    }

    /// An order of the radio's, and its answer: it is done by then.
    pub(super) fn order(&mut self, order: &str) -> anyhow::Result<String> {
        writeln!(self.control.get_mut(), "{order}")?;
        let mut answer = String::new();
        self.control.read_line(&mut answer).context("the radio does not answer")?;
        ensure!(answer.contains(r#""ok": true"#), "the radio refuses {order}: {answer}");
        Ok(answer)
    }

    /// A file that a client wrote.
    pub(super) fn read(&self, name: &str) -> anyhow::Result<String> {
        fs::read_to_string(self.folder.join(name)).with_context(|| format!("cannot read {name}"))
    }

    /// The key of the last encryption, by its hash; both sides had it.
    pub(super) fn key(&mut self) -> anyhow::Result<String> {
        let stats = self.order(r#"{"do": "stats"}"#)?;
        let (_, last) = stats.rsplit_once(r#""hash": ""#).context("nothing was encrypted yet")?;
        let (hash, rest) = last.split_once('"').context("a hash has an end")?;
        let (told, _) = rest.split_once('}').unwrap_or((rest, ""));
        ensure!(told.contains(r#""result": "same""#), "encrypted with keys that differ: {told}");
        Ok(hash.to_owned())
    }
}

/// The digits that the board shows next.
pub(super) fn passkey(board: &Running) -> anyhow::Result<String> {
    let shown = board.line("passkey ")?;
    Ok(shown.rsplit(' ').next().unwrap_or_default().to_owned())
}

/// The emulator as this machine, with this image.
pub(super) fn machine(image: &Path) -> Command {
    let mut board = Command::new("qemu-system-arm");
    let machine = ["-machine", "mps2-an386", "-nodefaults", "-no-user-config"];
    board.args(machine).args(["-display", "none", "-nic", "none", "-kernel"]).arg(image);
    board
}

/// A program that ends with this value, its lines as they come.
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
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let (stdout, stdin) = (child.stdout.take().context("no stdout")?, child.stdin.take());
        let mut copy = File::create(log.with_extension("out"))?;
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = writeln!(copy, "{line}");
                // Who no longer listens may read the copy.
                let _ = tell.send(line);
            }
        });
        Ok(Self { child, stdin, lines })
    }

    pub(super) fn order(&mut self, line: &str) -> anyhow::Result<()> {
        writeln!(self.stdin.as_mut().context("no stdin")?, "{line}").context("it takes no orders")
    }

    /// The next line with this in it. How long it takes is no matter of the board's: this is patience.
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

    /// All lines up to the last of so many with this in them.
    pub(super) fn lines(&self, needle: &str, count: usize) -> anyhow::Result<Vec<String>> {
        let (mut all, mut found) = (Vec::new(), 0);
        while found < count {
            let line = self.line("")?;
            found += usize::from(line.contains(needle));
            all.push(line);
        }
        Ok(all)
    }

    /// Ends it at once, as a power cut does.
    pub(super) fn cut(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait().context("it does not end").map(drop)
    }

    pub(super) fn figures(&mut self) -> anyhow::Result<String> {
        self.order("figures")?;
        self.line("figures ")
    }

    /// Waits for its end, which has to be a good one.
    pub(super) fn ended(mut self) -> anyhow::Result<()> {
        let ended = loop {
            if let Err(ended) = self.lines.recv_timeout(WAIT_TIMEOUT) {
                break ended;
            }
        };
        ensure!(ended == RecvTimeoutError::Disconnected, "silent for {WAIT_TIMEOUT:?}, and not at its end");
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
