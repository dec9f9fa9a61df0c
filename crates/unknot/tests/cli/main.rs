//! The real binary: what it prints, what it ends with, and what it leaves on the disk. Nothing here waits for time to
//! pass; what another process does is waited for by reading its lines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod air;
mod asked;
mod flash;
mod foreign;
mod killed;
mod letter;
mod long;
mod moved;
mod review;
mod stores;
#[path = "../../src/earlier/tear.rs"]
mod tear;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// No line takes this long, on any machine: one that does will not come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder of its own for each test, with a store in it.
struct Place(tempfile::TempDir);

/// What came of a run.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// A session by hand that is running, its keys in our hands.
struct Hands {
    child: Child,
    keys: Option<ChildStdin>,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn store(&self) -> PathBuf {
        self.file("store.db")
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.file(name), text).unwrap();
        self.file(name).display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unknot"));
        command
            .args(arguments)
            .env("UNKNOT_DB", self.store())
            .env("UNKNOT_VOICE", "off")
            .env_remove("UNKNOT_LOG")
            .stdin(Stdio::null());
        // Whatever Bluetooth this machine has, no test looks for a clicker with it.
        command.env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all");
        // Nor keeps its display on.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A whole session of simulated people, in the store and as it was printed.
    fn simulated(&self, seed: u32) -> Vec<String> {
        let ran = self.run(&["practice", "--headless", "--seed", &seed.to_string(), "--speed", "max"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out.lines().map(str::to_owned).collect()
    }

    fn by_hand(&self, speed: &str) -> Hands {
        let mut command = self.command(&["practice", "--plain", "--speed", speed]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let keys = child.stdin.take();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (read, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| read.send(line)));
        Hands { child, keys, lines, said: Vec::new() }
    }
}

impl Hands {
    fn press(&mut self, keys: &str) {
        let mut pipe = self.keys.as_ref().unwrap();
        pipe.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads on until a line says this.
    fn until(&mut self, text: &str) {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("`{text}` did not come; this did: {:#?}", self.said));
            let found = line.contains(text);
            self.said.push(line);
            if found {
                return;
            }
        }
    }

    /// Answers the screening, "already warm", and passes the ready check, up to the lean.
    fn up_to_the_lean(&mut self) {
        self.until("Where is the knot?");
        self.press("onnnn");
        self.until("How much does it hurt right now");
        self.press("b");
        self.until("At rest: 3");
        self.press("b");
        self.until("-- warming");
        self.press("w");
        self.until("rest a hand on their left shoulder");
        self.answer("a", "press both buttons together");
        self.press("x");
        self.until("Did you both hear that?");
        self.answer("b", "You are ready");
        self.until("-- locating");
        self.answer("l", "-- settling");
    }

    /// Presses until a line says this. What is pressed before the clicker has heard of a question answers none, and
    /// pressed once more it does no harm.
    fn answer(&mut self, key: &str, text: &str) {
        for _ in 0..20 {
            self.press(key);
            let pressed = Instant::now();
            while pressed.elapsed() < Duration::from_secs(1) {
                if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(50)) {
                    let found = line.contains(text);
                    self.said.push(line);
                    if found {
                        return;
                    }
                }
            }
        }
        panic!("`{text}` did not come; this did: {:#?}", self.said);
    }

    /// Ends the input, and gives what the program ended with.
    fn end(mut self) -> (Option<i32>, Vec<String>) {
        self.keys = None;
        self.said.extend(self.lines.iter());
        (self.child.wait().unwrap().code(), std::mem::take(&mut self.said))
    }
}

impl Drop for Hands {
    /// A test that fails leaves nobody behind.
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}
