//! One emulated machine and its radio. Both end with this value, whatever happens.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::boards;
use super::place::Place;

/// The radio's ports: the kernel's, the clickers', and the stand-in's last.
const PORTS: &[&str] = &["kernel:0", "clicker1:0", "clicker2:0", "clicker3:0", "stand-in:0"];

/// A machine that has been switched on.
pub(super) struct Machine {
    radio: Child,
    machine: Child,
    /// The folder that it shares with the host: `/lab` inside.
    pub(super) share: PathBuf,
}

impl Machine {
    /// Starts a radio, then a machine whose one program is this one, called with `arguments`.
    pub(super) fn boot(place: &Place, number: usize, arguments: &str) -> anyhow::Result<Self> {
        Self::boot_with(place, number, arguments, &[])
    }

    /// The same with more devices.
    pub(super) fn boot_with(
        place: &Place,
        number: usize,
        arguments: &str,
        devices: &[String],
    ) -> anyhow::Result<Self> {
        let share = place.logs.join(format!("machine-{number}"));
        let _ = fs::remove_dir_all(&share);
        fs::create_dir_all(&share)?;
        let radio = start_radio(place, &share)?;
        let boards = boards::open(place.program("board"), share.clone())?;
        fs::write(share.join("run"), script(place, &share, boards, arguments))?;
        let console = File::create(share.join("console.log"))?;
        let machine = Command::new(place.folder.join("qemu.sh"))
            .arg(&place.lab)
            .arg(&share)
            .args(["-serial", "stdio"])
            .args(devices)
            .stdin(Stdio::null())
            .stdout(console.try_clone()?)
            .stderr(console)
            .spawn()
            .context("the machine does not start")?;
        Ok(Self { radio, machine, share })
    }

    /// Whether it has switched itself off.
    pub(super) fn is_off(&mut self) -> bool {
        !matches!(self.machine.try_wait(), Ok(None))
    }

    /// Gives it so long to switch itself off.
    pub(super) fn goes_off(&mut self, within: Duration) {
        let began = Instant::now();
        while !self.is_off() && began.elapsed() < within {
            thread::park_timeout(Duration::from_millis(50));
        }
        self.cut();
    }

    /// Cuts its power.
    pub(super) fn cut(&mut self) {
        let _ = self.machine.kill();
        let _ = self.machine.wait();
    }

    /// Puts a case's logs where a person looks for them, whichever machine it ran on.
    pub(super) fn hand_over_logs(&self, place: &Place, case: &str) {
        let to = place.logs.join(case);
        let _ = fs::remove_dir_all(&to);
        let _ = fs::rename(self.share.join(case), to);
    }

    /// The end of its console.
    pub(super) fn last_words(&self) -> String {
        let path = self.share.join("console.log");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let last: Vec<&str> = text.lines().rev().take(8).map(str::trim_end).collect();
        let last = last.into_iter().rev().collect::<Vec<_>>().join("\n  ");
        format!("its console ({}) ends with:\n  {last}", path.display())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.cut();
        let _ = self.radio.kill();
        let _ = self.radio.wait();
    }
}

fn start_radio(place: &Place, share: &Path) -> anyhow::Result<Child> {
    let ports = share.join("ports");
    let mut command = Command::new(place.python());
    command.args(["-m", "radio"]);
    for port in PORTS {
        command.args(["--h4", port]);
    }
    let mut radio = command
        .arg("--ports")
        .arg(&ports)
        .arg("--log")
        .arg(share.join("radio.log"))
        .current_dir(&place.folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(share.join("radio.err.log"))?)
        .spawn()
        .context("the radio does not start")?;
    let began = Instant::now();
    while !ports.exists() {
        if began.elapsed() > Duration::from_secs(30) || radio.try_wait()?.is_some() {
            let _ = radio.kill();
            let _ = radio.wait();
            let why =
                BufReader::new(File::open(share.join("radio.err.log"))?).lines().map_while(Result::ok).last();
            bail!("the radio does not open its ports: {}", why.unwrap_or_default());
        }
        thread::park_timeout(Duration::from_millis(20));
    }
    Ok(radio)
}

/// What the guest's first program runs: this program, with what it has to know.
fn script(place: &Place, share: &Path, boards: u16, arguments: &str) -> String {
    format!(
        "export PATH=$PATH:/usr/sbin:/sbin HOME=/root LANG=C.UTF-8 TERM=linux\n\
         export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket\n\
         export LAB='{folder}' UNKNOT_LAB='{lab}' LAB_SHARE='{share}' RUST_BACKTRACE=1\n\
         export LAB_UNKNOT='{unknot}' LAB_CLICKER='{clicker}' LAB_BARE='{bare}' LAB_BOARDS={boards}\n\
         exec '{program}' {arguments}\n",
        folder = place.folder.display(),
        lab = place.lab.display(),
        share = share.display(),
        unknot = place.program("unknot").display(),
        clicker = place.program("clicker").display(),
        bare = place.program("bare").display(),
        program = place.program("lab").display(),
    )
}
