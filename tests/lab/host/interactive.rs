//! One machine with two terminals for people: the one that booted it, and another that attaches. The terminal's size is
//! sent separately, so that full-screen programs fit.

use std::fs;
use std::io::{self, IsTerminal as _, Read, Write};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use super::layout::{Layout, Time, logs_of};
use super::machine::Machine;
use crate::cases::Program;

/// Ctrl-], as in telnet: leaves the terminal, whatever the guest's program does.
const LEAVE: u8 = 0x1D;
/// Interval at which the terminal's size is read.
const SIZE: Duration = Duration::from_millis(250);
const NAME: &str = "interactive";

/// Boots the machine and shows its first terminal; switches it off when the terminal is left.
pub(crate) fn interactive() -> anyhow::Result<bool> {
    ensure!(io::stdin().is_terminal() && io::stdout().is_terminal(), "--interactive wants a terminal");
    let Some(layout) = Layout::install(NAME, Time::Real)? else { return Ok(super::cannot_run(1)) };
    layout.take(Program::BY_HAND)?;
    // Socket paths are limited to 107 bytes, which a build folder may exceed.
    let sockets = std::env::temp_dir().join(format!("unknot-lab-{}", std::process::id()));
    fs::create_dir_all(&sockets)?;
    fs::write(layout.logs.join("sockets"), sockets.display().to_string())?;
    let mut machine = Machine::boot_with(&layout, 1, "guest shell", &devices(&sockets))?;
    println!("lab: booting (some ten seconds). In a second terminal run: cargo xtask lab --attach");
    println!("lab: Ctrl-] leaves a terminal; leaving this one switches the machine off.");
    let ready = layout.logs.join("ready");
    let began = Instant::now();
    while !ready.exists() {
        if machine.is_off() || began.elapsed() > super::BOOT {
            bail!("the machine did not come up; {}", machine.last_words());
        }
        thread::park_timeout(Duration::from_millis(100));
    }
    let shown = show(&sockets, 1);
    machine.cut();
    let _ = fs::remove_dir_all(&sockets);
    shown.map(|()| true)
}

/// Shows the second terminal of the running machine.
pub(crate) fn attach() -> anyhow::Result<bool> {
    let sockets = fs::read_to_string(logs_of(NAME)?.join("sockets"))
        .context("no machine runs; start one with `cargo xtask lab --interactive`")?;
    show(Path::new(&sockets), 2).map(|()| true)
}

/// Two consoles for terminals, and a port for their sizes.
fn devices(sockets: &Path) -> Vec<String> {
    let socket = |id: &str| format!("socket,id={id},path={},server=on,wait=off", sockets.join(id).display());
    let mut devices = vec!["-device".to_owned(), "virtio-serial-pci".to_owned()];
    for (id, device) in [
        ("terminal1", "virtconsole"),
        ("terminal2", "virtconsole"),
        ("size1", "virtserialport"),
        ("size2", "virtserialport"),
    ] {
        let name = if device == "virtserialport" { format!(",name={id}") } else { String::new() };
        devices.extend(["-chardev".to_owned(), socket(id), "-device".to_owned()]);
        devices.push(format!("{device},chardev={id}{name}"));
    }
    devices
}

/// Copies bytes both ways until Ctrl-], or until the machine is switched off.
fn show(sockets: &Path, number: u8) -> anyhow::Result<()> {
    let reach = |name: String| -> anyhow::Result<UnixStream> {
        let path: PathBuf = sockets.join(name);
        UnixStream::connect(&path)
            .with_context(|| format!("{} is not there; is the machine on?", path.display()))
    };
    let stream = reach(format!("terminal{number}"))?;
    let mut sizes = reach(format!("size{number}"))?;
    let _raw = Raw::enter()?;
    let over = Arc::new(AtomicBool::new(false));

    let (mut from, end) = (stream.try_clone()?, Arc::clone(&over));
    thread::spawn(move || {
        let _ = pour(&mut from, &mut io::stdout());
        end.store(true, Ordering::Relaxed);
    });
    let (mut to, end) = (stream, Arc::clone(&over));
    thread::spawn(move || {
        let _ = type_into(&mut to);
        end.store(true, Ordering::Relaxed);
    });
    let mut told = (0, 0);
    while !over.load(Ordering::Relaxed) {
        let size = tcgetwinsize(io::stdout().as_fd())?;
        if told != (size.ws_row, size.ws_col) {
            told = (size.ws_row, size.ws_col);
            writeln!(sizes, "{} {}", told.0, told.1)?;
        }
        thread::park_timeout(SIZE);
    }
    Ok(())
}

fn pour(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut bytes = [0; 4096];
    loop {
        let length = from.read(&mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&bytes[..length])?;
        to.flush()?;
    }
}

fn type_into(to: &mut impl Write) -> io::Result<()> {
    let mut bytes = [0; 1024];
    loop {
        let length = io::stdin().read(&mut bytes)?;
        if length == 0 || bytes[..length].contains(&LEAVE) {
            return Ok(());
        }
        to.write_all(&bytes[..length])?;
    }
}

/// Raw mode of the terminal, restored on drop.
struct Raw(Termios);

impl Raw {
    fn enter() -> anyhow::Result<Self> {
        let before = tcgetattr(io::stdin().as_fd())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin().as_fd(), OptionalActions::Now, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin().as_fd(), OptionalActions::Now, &self.0);
        // Restores the main screen, the cursor and the colours, whatever the guest's program has set.
        print!("\x1b[?1049l\x1b[?25h\x1b[0m\r\n");
    }
}
