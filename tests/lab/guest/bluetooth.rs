//! The laptop's Bluetooth: D-Bus, the kernel's controller on the radio, and bluetoothd. A case may stop or restart
//! bluetoothd and switch the adapter off.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// Path of the daemon on Debian and elsewhere.
const DAEMONS: &[&str] = &["/usr/libexec/bluetooth/bluetoothd", "/usr/lib/bluetooth/bluetoothd"];
/// Where the daemon stores bonds.
const BONDS: &str = "/var/lib/bluetooth";
/// Radio port of the laptop's controller.
pub(super) const PORT: &str = "kernel";
const PATIENCE: Duration = Duration::from_secs(30);

/// The running system. `bring_up` runs once per machine, `start_clean` once per case.
pub(crate) struct Bluetooth {
    /// Radio of a machine in virtual time; that of an emulated machine runs on the host.
    _radio: Option<Child>,
    /// Killed on drop, which removes the controller.
    _bridge: Child,
    daemon: Option<Child>,
    monitor: Option<Child>,
    logs: PathBuf,
}

impl Bluetooth {
    pub(super) fn bring_up() -> anyhow::Result<Self> {
        let status = Command::new("dbus-daemon").args(["--system", "--fork", "--nopidfile"]).status()?;
        ensure!(status.success(), "cannot start D-Bus");
        let folder = super::own_folder()?;
        let radio = if folder.join("ports").exists() { None } else { Some(start_radio(&folder)?) };
        let port = super::port_of(PORT)?.to_string();
        let bridge = super::python()?
            .args(["-I", "-S", &format!("{}/vhci.py", super::variable("LAB")?), &super::host()?, &port])
            .stdout(File::create(folder.join("vhci.log"))?)
            .stderr(Stdio::inherit())
            .spawn()
            .context("cannot start the bridge to the radio")?;
        super::until("the kernel's controller", PATIENCE, || {
            Ok(Path::new("/sys/class/bluetooth/hci0").exists().then_some(()))
        })?;
        Ok(Self { _radio: radio, _bridge: bridge, daemon: None, monitor: None, logs: folder })
    }

    /// Starts without any bond, with a new trace.
    pub(super) fn start_clean(&mut self, logs: &Path) -> anyhow::Result<()> {
        self.stop();
        for entry in fs::read_dir(BONDS)?.flatten() {
            let _ = fs::remove_dir_all(entry.path());
        }
        logs.clone_into(&mut self.logs);
        self.monitor = Command::new("btmon")
            .arg("-w")
            .arg(logs.join("btmon.snoop"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok();
        self.start()
    }

    /// Starts the daemon and waits until the adapter is powered.
    pub(crate) fn start(&mut self) -> anyhow::Result<()> {
        let daemon =
            DAEMONS.iter().find(|path| Path::new(path).exists()).context("bluetoothd is not installed")?;
        let log = File::options().create(true).append(true).open(self.logs.join("bluetoothd.log"))?;
        self.daemon = Some(
            Command::new(daemon)
                .args(if super::in_real_time() { &["-n", "-d"][..] } else { &["-n"] })
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()
                .context("cannot start bluetoothd")?,
        );
        self.wait_for_power(true)
    }

    /// Kills the daemon, like a crash.
    pub(crate) fn kill_daemon(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }

    /// Stops the daemon and the trace.
    pub(super) fn stop(&mut self) {
        self.kill_daemon();
        if let Some(mut monitor) = self.monitor.take() {
            let _ = monitor.kill();
            let _ = monitor.wait();
        }
    }

    /// Kills and restarts the daemon; bonds are kept.
    pub(crate) fn restart(&mut self) -> anyhow::Result<()> {
        self.kill_daemon();
        self.start()
    }

    /// Switches the adapter on or off, as in the desktop's settings.
    pub(crate) fn power(&self, on: bool) -> anyhow::Result<()> {
        let word = if on { "on" } else { "off" };
        Command::new("bluetoothctl").args(["power", word]).stdout(Stdio::null()).status()?;
        self.wait_for_power(on)
    }

    /// Address of the adapter.
    pub(crate) fn address(&self) -> anyhow::Result<String> {
        let output = Command::new("bluetoothctl").arg("list").output()?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let address = told.lines().find_map(|line| line.split("Controller ").nth(1)?.split(' ').next());
        address.map(str::to_owned).with_context(|| format!("no address in {told:?}"))
    }

    /// Removes a device and its bond, as in the desktop's settings.
    pub(crate) fn remove(&self, address: &str) -> anyhow::Result<()> {
        let output = Command::new("bluetoothctl").args(["remove", address]).output()?;
        ensure!(
            output.status.success(),
            "bluetoothctl did not remove {address}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
        Ok(())
    }

    /// Copies the daemon's stored bonds to `to`.
    pub(crate) fn save_bonds(&self, to: &Path) -> anyhow::Result<()> {
        copy(&format!("{BONDS}/."), to)
    }

    /// Restores the stored bonds and restarts the daemon.
    pub(crate) fn restore_bonds(&mut self, from: &Path) -> anyhow::Result<()> {
        self.kill_daemon();
        copy(&format!("{}/.", from.display()), Path::new(BONDS))?;
        self.start()
    }

    fn wait_for_power(&self, on: bool) -> anyhow::Result<()> {
        super::until(if on { "an adapter with power" } else { "an adapter without power" }, PATIENCE, || {
            Ok((adapter_has_power()? == on).then_some(()))
        })
    }
}

/// Starts the radio inside the machine and waits for its ports.
fn start_radio(folder: &Path) -> anyhow::Result<Child> {
    let mut command = super::python()?;
    command.args(["-m", "radio", "--log"]).arg(folder.join("radio.log"));
    for port in crate::RADIO_PORTS {
        command.args(["--h4", port]);
    }
    let ports = folder.join("ports");
    let errors = folder.join("radio.err.log");
    let radio = command
        .arg("--ports")
        .arg(&ports)
        .current_dir(super::variable("LAB")?)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&errors)?)
        .spawn()
        .context("cannot start the radio")?;
    super::until("the radio's ports", PATIENCE * 2, || Ok(ports.exists().then_some(())))
        .with_context(|| fs::read_to_string(errors).unwrap_or_default())?;
    Ok(radio)
}

fn copy(from: &str, to: &Path) -> anyhow::Result<()> {
    let status = Command::new("cp").args(["-a", from]).arg(to).status()?;
    ensure!(status.success(), "cannot copy {from} to {}", to.display());
    Ok(())
}

/// Asks the daemon over D-Bus; without a daemon there is no power.
fn adapter_has_power() -> anyhow::Result<bool> {
    let answer = Command::new("dbus-send")
        .args(["--system", "--print-reply=literal", "--dest=org.bluez", "/org/bluez/hci0"])
        .args(["org.freedesktop.DBus.Properties.Get", "string:org.bluez.Adapter1", "string:Powered"])
        .stderr(Stdio::null())
        .output()
        .context("cannot run dbus-send")?;
    Ok(String::from_utf8_lossy(&answer.stdout).contains("boolean true"))
}
