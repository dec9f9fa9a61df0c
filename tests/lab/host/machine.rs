//! One machine with the kernel's Bluetooth. Killed on drop.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::boards;
use super::layout::{Clock, Layout};
use crate::RADIO_PORTS;

/// A running machine.
pub(super) struct Machine {
    /// Radio of an emulated machine. A machine in virtual time runs its own inside.
    radio: Option<Child>,
    machine: Child,
    name: String,
    /// Its folder among the logs: console, start script, ports of its radio.
    pub(super) folder: PathBuf,
}

impl Machine {
    /// Boots a machine that runs this program with `arguments`.
    pub(super) fn boot(layout: &Layout, number: usize, arguments: &str) -> anyhow::Result<Self> {
        Self::boot_with(layout, number, arguments, &[])
    }

    /// The same with additional devices, which only an emulated machine can have.
    pub(super) fn boot_with(
        layout: &Layout,
        number: usize,
        arguments: &str,
        devices: &[String],
    ) -> anyhow::Result<Self> {
        let name = format!("machine-{number}");
        let folder = layout.logs.join(&name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let console = File::create(folder.join("console.log"))?;
        let (radio, mut command) = match &layout.clock {
            Clock::Virtual { kernel } => {
                let mut command = Command::new(layout.folder.join("virtual.sh"));
                command.args([kernel, &layout.logs]).arg(&name);
                fs::write(folder.join("run"), script(layout, &name, &inside(), arguments))?;
                (None, command)
            }
            Clock::Real { machine } => {
                let radio = start_radio(layout, &folder)?;
                let boards = boards::open(layout.program("board"), layout.logs.clone())?;
                let variables = [
                    ("LAB_HOST", "10.0.2.2".to_owned()),
                    ("LAB_RADIO_LOGS", layout.logs.display().to_string()),
                    ("LAB_BOARDS", boards.to_string()),
                ];
                fs::write(folder.join("run"), script(layout, &name, &variables, arguments))?;
                let mut command = Command::new(layout.folder.join("emulated.sh"));
                command.args([machine, &layout.logs]).arg(&name).args(["-serial", "stdio"]).args(devices);
                (Some(radio), command)
            }
        };
        let machine = command
            .stdin(Stdio::null())
            .stdout(console.try_clone()?)
            .stderr(console)
            .spawn()
            .context("cannot start the machine")?;
        Ok(Self { radio, machine, name, folder })
    }

    /// Name in the queue: `machine-1`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has switched itself off.
    pub(super) fn is_off(&mut self) -> bool {
        !matches!(self.machine.try_wait(), Ok(None))
    }

    /// Kills it, like a power cut.
    pub(super) fn cut(&mut self) {
        let _ = self.machine.kill();
        let _ = self.machine.wait();
    }

    /// Last lines of its console.
    pub(super) fn last_words(&self) -> String {
        let path = self.folder.join("console.log");
        let text = fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let last: Vec<&str> = text.lines().rev().take(8).map(str::trim_end).collect();
        let last = last.into_iter().rev().collect::<Vec<_>>().join("\n  ");
        format!("its console ({}) ends with:\n  {last}", path.display())
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.cut();
        if let Some(radio) = &mut self.radio {
            let _ = radio.kill();
            let _ = radio.wait();
        }
    }
}

/// Environment of a machine that runs everything inside.
fn inside() -> [(&'static str, String); 2] {
    [("LAB_HOST", "127.0.0.1".to_owned()), ("LAB_RADIO_LOGS", "/lab".to_owned())]
}

fn start_radio(layout: &Layout, folder: &Path) -> anyhow::Result<Child> {
    let ports = folder.join("ports");
    let mut command = Command::new(&layout.python);
    command.args(["-m", "radio"]);
    for port in RADIO_PORTS {
        command.args(["--h4", port]);
    }
    let mut radio = command
        .arg("--ports")
        .arg(&ports)
        .arg("--log")
        .arg(folder.join("radio.log"))
        .current_dir(&layout.folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(folder.join("radio.err.log"))?)
        .spawn()
        .context("cannot start the radio")?;
    let began = Instant::now();
    while !ports.exists() {
        if began.elapsed() > Duration::from_secs(60) || radio.try_wait()?.is_some() {
            let _ = radio.kill();
            let _ = radio.wait();
            let why = BufReader::new(File::open(folder.join("radio.err.log"))?)
                .lines()
                .map_while(Result::ok)
                .last();
            bail!("the radio does not open its ports: {}", why.unwrap_or_default());
        }
        thread::park_timeout(Duration::from_millis(20));
    }
    Ok(radio)
}

/// Start script of the guest: runs this program with its environment, then switches the machine off.
fn script(layout: &Layout, name: &str, variables: &[(&str, String)], arguments: &str) -> String {
    let mut script = format!(
        "export PATH=$PATH:/usr/sbin:/sbin HOME=/root LANG=C.UTF-8 TERM=linux PYTHONDONTWRITEBYTECODE=1\n\
         export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket RUST_BACKTRACE=1\n\
         export LAB='{folder}' LAB_PYTHON='{python}' LAB_MACHINE='{name}'\n\
         export LAB_UNKNOT='{unknot}' LAB_CLICKER='{clicker}' LAB_BARE='{bare}'\n",
        folder = layout.folder.display(),
        python = layout.python.display(),
        unknot = layout.program("unknot").display(),
        clicker = layout.program("clicker").display(),
        bare = layout.program("bare").display(),
    );
    for (name, value) in variables {
        script.push_str(&format!("export {name}='{value}'\n"));
    }
    let program = layout.program("lab");
    script.push_str(&format!("'{0}' {arguments}\n'{0}' guest off\n", program.display()));
    script
}
