//! Inside the machine: brings the laptop's Bluetooth up, takes one case after the other from the host, and gives each
//! a clean start. Everything a case can reach hangs on `Lab`.

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

/// The folder shared with the host: the run's logs.
const SHARE: &str = "/lab";

/// A link that nobody answers on any more; by the clicker's wish it has up to 4 s.
const LAST_LINKS: Duration = Duration::from_secs(20);

/// How many ports of the radio are there for clickers.
const CLICKERS: usize = 3;

/// What a case has at hand.
pub(crate) struct Lab {
    /// The air, and the stand-in on it.
    pub(crate) radio: Radio,
    /// D-Bus, the kernel's controller and bluetoothd.
    pub(crate) bluetooth: Bluetooth,
    /// The case's folder of logs; on the host, so it outlives the machine.
    pub(crate) logs: PathBuf,
    /// A folder of the machine's own, empty at the beginning of each case: bonds of clickers, the journal.
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

    /// The clicker's program on the next free port of the radio. Its store is named after it, so a second one of the
    /// same name is the same clicker after a reset.
    pub(crate) fn clicker(&mut self, name: &str, arguments: &[&str]) -> anyhow::Result<Clicker> {
        self.clickers = self.clickers % CLICKERS + 1;
        let port = port_of(&format!("clicker{}", self.clickers))?;
        Clicker::start(self.board, name, port, &self.work, &self.logs, arguments)
    }

    /// The same clicker, whose program was ended, switched on again on the port that it had.
    pub(crate) fn clicker_again(&self, name: &str, port: u16) -> anyhow::Result<Clicker> {
        Clicker::start(self.board, name, port, &self.work, &self.logs, &[])
    }

    /// The same clicker, switched on with its logo held.
    pub(crate) fn clicker_with_window(&self, name: &str, port: u16) -> anyhow::Result<Clicker> {
        Clicker::start(self.board, name, port, &self.work, &self.logs, &["--window"])
    }

    /// A laptop or a clicker made of Bumble, `client` or `clicker`, on a port of its own.
    pub(crate) fn independent(
        &self,
        name: &str,
        program: &str,
        arguments: &[&str],
    ) -> anyhow::Result<Independent> {
        Independent::start(name, program, &self.work, &self.logs, arguments)
    }

    /// A program of the radio's, which knows nothing of the running one.
    pub(crate) fn python(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Process> {
        let mut command = python()?;
        command.args(arguments).current_dir(variable("LAB")?);
        Process::start(name, &mut command, &self.logs)
    }

    /// Keeps a figure that was measured: the host prints it, and the bench collects it.
    pub(crate) fn figure(&self, name: &str, value: String) -> anyhow::Result<()> {
        self.figure_beside(name, &value, "")
    }

    /// The same, with what it should be.
    pub(crate) fn figure_beside(&self, name: &str, value: &str, aim: &str) -> anyhow::Result<()> {
        let mut file = fs::File::options().create(true).append(true).open(self.logs.join("figures.tsv"))?;
        Ok(writeln!(file, "{name}\t{value}\t{aim}")?)
    }

    /// The bare reader, in a terminal.
    pub(crate) fn bare(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Terminal> {
        let command = pty_process::blocking::Command::new(variable("LAB_BARE")?).args(arguments);
        Terminal::start(name, command, &self.logs)
    }

    /// The laptop's program on its screen.
    pub(crate) fn unknot_on_screen(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Terminal> {
        unknot::on_screen(name, &self.work, &self.logs, arguments)
    }

    /// The laptop's program, run with these arguments.
    pub(crate) fn unknot(&self, name: &str, arguments: &[&str]) -> anyhow::Result<Process> {
        unknot::start(name, &self.work, &self.logs, arguments)
    }
}

/// What this program is inside a machine: the driver of cases until none waits, or what the first argument says instead.
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
        other => Err(anyhow!("a machine is not called with {other:?}")),
    }
}

/// Takes one case after the other until none waits.
fn serve() -> anyhow::Result<bool> {
    let queue = Queue::at(&Path::new(SHARE).join("queue"));
    let machine = variable("LAB_MACHINE")?;
    let mut bluetooth = Some(Bluetooth::bring_up()?);
    while let Some(case) = queue.take(&machine)? {
        let began = Instant::now();
        let over = end_at_the_limit(case, began)?;
        let (left, result) = attempt(case, bluetooth.take().context("Bluetooth was lost")?);
        drop(over);
        bluetooth = Some(left);
        let fault = result.err().map(|error| format!("{error:#}"));
        queue.finish(case, &Ended { took: began.elapsed(), fault })?;
    }
    Ok(true)
}

/// Ends this program, and so the machine, where the case is not over in time. What hangs may hold anything.
fn end_at_the_limit(case: &'static Case, began: Instant) -> anyhow::Result<Sender<()>> {
    let (over, ended) = channel();
    thread::Builder::new().name("limit".to_owned()).spawn(move || {
        if ended.recv_timeout(case.limit) == Err(RecvTimeoutError::Timeout) {
            let fault = Some(format!("was not over after {:?}", case.limit));
            let queue = Queue::at(&Path::new(SHARE).join("queue"));
            let told = queue.finish(case, &Ended { took: began.elapsed(), fault });
            std::process::exit(i32::from(told.is_ok()));
        }
    })?;
    Ok(over)
}

/// Runs one case from a clean start, and cleans up whatever it left.
fn attempt(case: &Case, bluetooth: Bluetooth) -> (Bluetooth, anyhow::Result<()>) {
    let logs = Path::new(SHARE).join(case.name);
    let work = Path::new("/run/lab").join(case.name);
    let mut lab = match begin(case, &logs, &work) {
        Ok(radio) => Lab { radio, bluetooth, logs, work, board: case.is_on_the_board(), clickers: 0 },
        Err(error) => return (bluetooth, Err(error.context("the case could not begin"))),
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
    // What the case before left lives on until its supervision timeout, and the kernel would take it for its own.
    until("the last links end", LAST_LINKS, || Ok(radio.link()?.is_null().then_some(())))?;
    radio.begin(&format!("{}/{}/radio.log", variable("LAB_RADIO_LOGS")?, case.name))?;
    Ok(radio)
}

/// How a machine reaches its radio, and its boards.
fn host() -> anyhow::Result<String> {
    variable("LAB_HOST")
}

/// Whether this is an emulated machine. In virtual time what a daemon tells of its work is a fifth of all that is computed,
/// and a case that fails there fails again in real time, or wants a look at the trace.
fn in_real_time() -> bool {
    std::env::var_os("LAB_BOARDS").is_some()
}

/// This machine's own folder of logs.
fn own_folder() -> anyhow::Result<PathBuf> {
    Ok(Path::new(SHARE).join(variable("LAB_MACHINE")?))
}

/// The Python that has the radio's library.
fn python() -> anyhow::Result<std::process::Command> {
    Ok(std::process::Command::new(variable("LAB_PYTHON")?))
}

/// A port of the radio, by the name of its controller.
fn port_of(name: &str) -> anyhow::Result<u16> {
    let ports = fs::read_to_string(own_folder()?.join("ports")).context("the radio told no ports")?;
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

/// Lets a moment pass between two looks at something that gives no sign when it changes.
pub(crate) fn poll_pause() {
    thread::park_timeout(Duration::from_millis(50));
}

/// Lets so much time pass, because a case is about time.
pub(crate) fn wait(length: Duration) {
    let began = Instant::now();
    while let Some(left) = length.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        thread::park_timeout(left);
    }
}

/// Waits until `look` gives something, or says what did not come.
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
