//! Interactive terminals: a shell on each of the machine's two consoles, with the programs as commands.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use super::bluetooth::Bluetooth;

/// Start-up text and commands of each shell.
const GREETING: &str = r#"
export PATH="$LAB_BIN:$PATH" TERM=xterm-256color
clear
echo "This machine has the kernel's Bluetooth and a radio of its own; everything in it is forgotten at the end."
echo
echo "  the clicker, in one terminal:   clicker --h4 $H4_1 --store /root/clicker --window"
echo "  the laptop, in the other:       unknot devices;  unknot pair ADDRESS;  unknot session --device ADDRESS"
echo "  the air:                        air '{\"do\":\"reach\",\"link\":false}'  (and true; the README lists the orders)"
echo
echo "Ctrl-] leaves this terminal; leaving the first one switches the machine off."
air() { echo "$1" | busybox nc ${RADIO/:/ }; }
cd /root
PS1='lab> '
"#;

/// Starts Bluetooth and serves both terminals until the machine is switched off.
pub(super) fn serve() -> anyhow::Result<bool> {
    let mut bluetooth = Bluetooth::bring_up()?;
    bluetooth.start_clean(Path::new(super::SHARE))?;
    fs::write("/run/greeting", GREETING)?;
    let mut shells = Vec::new();
    for number in 0..2 {
        thread::spawn(move || follow_size(number));
        shells.push(shell(number)?);
    }
    fs::write("/lab/ready", "")?;
    loop {
        for (number, shell) in shells.iter_mut().enumerate() {
            // Restarts a shell that was left with `exit`.
            if shell.try_wait()?.is_some() {
                *shell = self::shell(number)?;
            }
        }
        thread::park_timeout(Duration::from_millis(500));
    }
}

fn shell(number: usize) -> anyhow::Result<Child> {
    let console = File::options().read(true).write(true).open(format!("/dev/hvc{number}"))?;
    let at = |name: &str| Ok::<_, anyhow::Error>(format!("{}:{}", super::host()?, super::port_of(name)?));
    let bin = Path::new(&super::variable("LAB_UNKNOT")?).parent().map(Path::to_owned).unwrap_or_default();
    Command::new("setsid")
        .args(["--ctty", "bash", "--rcfile", "/run/greeting", "-i"])
        .env("LAB_BIN", bin)
        .env("H4_1", at("clicker1")?)
        .env("H4_2", at("clicker2")?)
        .env("RADIO", at("control")?)
        .stdin(Stdio::from(console.try_clone()?))
        .stdout(Stdio::from(console.try_clone()?))
        .stderr(Stdio::from(console))
        .spawn()
        .context("no shell")
}

/// Follows the size of a terminal, which the host sends as `ROWS COLUMNS` on a separate port.
fn follow_size(number: usize) -> Option<()> {
    let name = format!("size{}", number + 1);
    let port = fs::read_dir("/sys/class/virtio-ports")
        .ok()?
        .flatten()
        .find(|port| fs::read_to_string(port.path().join("name")).is_ok_and(|text| text.trim() == name))?;
    let port = Path::new("/dev").join(port.file_name());
    loop {
        // The port reads as closed while no host is connected.
        for line in BufReader::new(File::open(&port).ok()?).lines().map_while(Result::ok) {
            let Some((rows, columns)) = line.split_once(' ') else { continue };
            let _ = Command::new("stty")
                .args(["-F", &format!("/dev/hvc{number}"), "rows", rows, "cols", columns])
                .status();
        }
        thread::park_timeout(Duration::from_millis(250));
    }
}
