//! Guest side: starts the laptop's Bluetooth, takes cases from the host one by one, and gives each a clean start. `Lab`
//! is everything that a case can use.

mod bluetooth;
mod clicker;
mod couple;
mod independent;
mod process;
mod radio;
mod radio_log;
mod shell;
mod terminal;
mod tool;
pub(crate) mod trace;
mod unknot;

use std::fs;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};

pub(crate) use self::clicker::Clicker;
pub(crate) use self::couple::{Couple, SOON, refusals, same_clicks};
pub(crate) use self::independent::{Independent, STARTED};
pub(crate) use self::process::Process;
pub(crate) use self::radio::{Radio, STAND_IN};
pub(crate) use self::terminal::{Terminal, now};
pub(crate) use self::tool::Bluetoothctl;

use self::bluetooth::Bluetooth;
use crate::cases::Case;
use crate::queue::{Ended, Queue};

/// Folder shared with the host: the logs of the run.
const SHARE: &str = "/lab";

/// Limit for links left by the previous case; their supervision timeout is up to 4 s.
const LAST_LINKS: Duration = Duration::from_secs(20);

/// Number of radio ports for clickers.
const CLICKERS: usize = 3;

/// Everything that a case can use.
pub(crate) struct Lab {
    /// The radio, and the stand-in clicker on it.
    pub(crate) radio: Radio,
    /// D-Bus, the kernel's controller and bluetoothd.
    pub(crate) bluetooth: Bluetooth,
    /// Folder of the case's logs; on the host, so it outlives the machine.
    pub(crate) logs: PathBuf,
    /// Folder inside the machine, empty at the beginning of each case: bonds of clickers, the journal.
    pub(crate) work: PathBuf,
    /// Whether clickers are emulated boards.
    board: bool,
    clickers: usize,
}

impl Lab {
    /// A scripted `bluetoothctl` that types the passkey.
    pub(crate) fn bluetoothctl(&self) -> anyhow::Result<Bluetoothctl> {
        Bluetoothctl::start(&self.logs)
    }

    /// Starts the clicker's program on the next free radio port. Its store is named after it, so the same name is the
    /// same clicker after a reset.
    pub(crate) fn clicker(&mut self, name: &str, arguments: &[&str]) -> anyhow::Result<Clicker> {
        self.clickers = self.clickers % CLICKERS + 1;
        let port = port_of(&format!("clicker{}", self.clickers))?;
        Clicker::start(self.board, name, port, &self.work, &self.logs, arguments)
    }

    /// Restarts the same clicker on its port.
    pub(crate) fn clicker_again(&self, name: &str, port: u16) -> anyhow::Result<Clicker> {
        Clicker::start(self.board, name, port, &self.work, &self.logs, &[])
    }

    /// Restarts the same clicker with its logo held.
    pub(crate) fn clicker_with_window(&self, name: &str, port: u16) -> anyhow::Result<Clicker> {
        Clicker::start(self.board, name, port, &self.work, &self.logs, &["--window"])
    }

    /// Starts the independent `client` or `clicker`, built on Bumble, on its own port.
    pub(crate) fn independent(
        &self,
        name: &str,
        program: &str,
        arguments: &[&str],
    ) -> anyhow::Result<Independent> {
        Independent::start(name, program, &self.work, &self.logs, arguments)
    }

    /// Runs a program of the radio, independent of the running radio.
    pub(crate) fn python(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Process> {
        let mut command = python()?;
        command.args(arguments).current_dir(variable("LAB")?);
        Process::start(name, &mut command, &self.logs)
    }

    /// Records a measurement: the host prints it, and the bench collects it.
    pub(crate) fn figure(&self, name: &str, value: String) -> anyhow::Result<()> {
        self.figure_beside(name, &value, "")
    }

    /// The same with an aim.
    pub(crate) fn figure_beside(&self, name: &str, value: &str, aim: &str) -> anyhow::Result<()> {
        let mut file = fs::File::options().create(true).append(true).open(self.logs.join("figures.tsv"))?;
        Ok(writeln!(file, "{name}\t{value}\t{aim}")?)
    }

    /// Starts the minimal reader in a terminal.
    pub(crate) fn bare(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Terminal> {
        let command = pty_process::blocking::Command::new(variable("LAB_BARE")?).args(arguments);
        Terminal::start(name, command, &self.logs)
    }

    /// Starts the laptop's program on its screen.
    pub(crate) fn unknot_on_screen(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Terminal> {
        unknot::on_screen(name, &self.work, &self.logs, arguments)
    }

    /// Starts the laptop's program with these arguments.
    pub(crate) fn unknot(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Process> {
        unknot::start(name, &self.work, &self.logs, arguments)
    }
}

/// Entry point inside a machine: runs cases until none is waiting, or what the first argument names instead.
pub(crate) fn drive(arguments: &[String]) -> anyhow::Result<bool> {
    match arguments.first().map(String::as_str) {
        Some("cases") => serve(),
        Some("shell") => shell::serve(),
        Some("board") => clicker::proxy_board(&arguments[1..]),
        Some("off") => {
            rustix::fs::sync();
            rustix::system::reboot(rustix::system::RebootCommand::PowerOff)?;
            Ok(true)
        }
        other => Err(anyhow!("unknown command {other:?} for a machine")),
    }
}

/// Takes cases one by one until none is waiting.
fn serve() -> anyhow::Result<bool> {
    let queue = Queue::at(&Path::new(SHARE).join("queue"));
    let machine = variable("LAB_MACHINE")?;
    let mut bluetooth = Some(Bluetooth::bring_up()?);
    while let Some(case) = queue.take(&machine)? {
        let began = Instant::now();
        let over = end_at_the_limit(case, began)?;
        let (left, result) = attempt(case, bluetooth.take().context("Bluetooth is not running")?);
        drop(over);
        bluetooth = Some(left);
        let fault = result.err().map(|error| format!("{error:#}"));
        queue.finish(case, &Ended { took: began.elapsed(), fault })?;
    }
    Ok(true)
}

/// Exits this program, and so the machine, if the case exceeds its limit. A hung case cannot be cleaned up.
fn end_at_the_limit(case: &'static Case, began: Instant) -> anyhow::Result<Sender<()>> {
    let (over, ended) = channel();
    thread::Builder::new().name("limit".to_owned()).spawn(move || {
        if ended.recv_timeout(case.limit) == Err(RecvTimeoutError::Timeout) {
            let fault = Some(format!("exceeded its limit of {:?}", case.limit));
            let queue = Queue::at(&Path::new(SHARE).join("queue"));
            let told = queue.finish(case, &Ended { took: began.elapsed(), fault });
            std::process::exit(i32::from(told.is_ok()));
        }
    })?;
    Ok(over)
}

/// Runs one case from a clean start and cleans up after it.
fn attempt(case: &Case, bluetooth: Bluetooth) -> (Bluetooth, anyhow::Result<()>) {
    let logs = Path::new(SHARE).join(case.name);
    let work = Path::new("/run/lab").join(case.name);
    let mut lab = match begin(case, &logs, &work) {
        Ok(radio) => Lab { radio, bluetooth, logs, work, board: case.is_on_the_board(), clickers: 0 },
        Err(error) => return (bluetooth, Err(error.context("the case could not start"))),
    };
    let result = lab.bluetooth.start_clean(&lab.logs).and_then(|()| {
        catch_unwind(AssertUnwindSafe(|| (case.run)(&mut lab))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            Err(anyhow!("panicked: {}", text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("?")))
        })
    });
    let _ = fs::write(
        lab.logs.join("stats.json"),
        lab.radio.stats().map(|stats| format!("{stats:#}")).unwrap_or_else(|error| format!("{error:#}")),
    );
    let _ = lab.radio.stand_in("stop");
    lab.bluetooth.stop();
    (lab.bluetooth, result)
}

fn begin(case: &Case, logs: &Path, work: &Path) -> anyhow::Result<Radio> {
    fs::create_dir_all(logs)?;
    let _ = fs::remove_dir_all(work);
    fs::create_dir_all(work)?;
    let radio = Radio::reach(&host()?, port_of("control")?)?;
    // Links of the previous case live until their supervision timeout, and the kernel would reuse them.
    until("the last links end", LAST_LINKS, || Ok(radio.link()?.is_null().then_some(())))?;
    radio.begin(&format!("{}/{}/radio.log", variable("LAB_RADIO_LOGS")?, case.name))?;
    Ok(radio)
}

/// Address of the host, for the radio and the boards.
fn host() -> anyhow::Result<String> {
    variable("LAB_HOST")
}

/// Whether this is an emulated machine. In virtual time the daemon's debug log would take a fifth of all computing; a
/// case that fails there can be repeated in real time.
fn in_real_time() -> bool {
    std::env::var_os("LAB_BOARDS").is_some()
}

/// This machine's folder of logs.
fn own_folder() -> anyhow::Result<PathBuf> {
    Ok(Path::new(SHARE).join(variable("LAB_MACHINE")?))
}

/// Python with the radio's library.
fn python() -> anyhow::Result<std::process::Command> {
    Ok(std::process::Command::new(variable("LAB_PYTHON")?))
}

/// Port of the radio's controller with this name.
fn port_of(name: &str) -> anyhow::Result<u16> {
    let ports = fs::read_to_string(own_folder()?.join("ports")).context("the radio reported no ports")?;
    ports
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(of, _)| *of == name)
        .and_then(|(_, port)| port.parse().ok())
        .with_context(|| format!("the radio has no port {name}"))
}

fn variable(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set; the host sets it"))
}

/// Pause between two polls of a state that sends no notification.
pub(crate) fn poll_pause() {
    thread::park_timeout(Duration::from_millis(50));
}

/// Waits for this long, where the time itself is part of the case.
pub(crate) fn wait(length: Duration) {
    let began = Instant::now();
    while let Some(left) = length.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        thread::park_timeout(left);
    }
}

/// Polls `look` until it returns a value, or fails with what did not come.
pub(crate) fn until<T>(
    what: &str,
    within: Duration,
    mut look: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let began = Instant::now();
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        if began.elapsed() > within {
            return Err(anyhow!("not within {within:?}: {what}"));
        }
        poll_pause();
    }
}
