//! Linux: logind keeps the machine from sleeping, the desktop keeps the display on. Both are asked over D-Bus, with the
//! library that Bluetooth brings anyway.
//!
//! - <https://www.freedesktop.org/wiki/Software/systemd/inhibit/>
//! - <https://specifications.freedesktop.org/idle-inhibit-spec/latest/>
//!
//! Both locks also end with the process, however it ends: the kernel closes the file, and the bus tells the desktop
//! that its client has left.

use core::time::Duration;

use dbus::Message;
use dbus::arg::OwnedFd;
use dbus::blocking::Proxy;
use dbus::channel::{BusType, Channel};

use super::{DOMAIN, WHO, WHY};

/// How long each service may take to answer. Only the thread that asks waits so long.
const ANSWER: Duration = Duration::from_secs(10);

const DESKTOP: &str = "org.freedesktop.ScreenSaver";
const DESKTOP_PATH: &str = "/org/freedesktop/ScreenSaver";

/// What keeps the machine awake, and its display on, until it is dropped.
#[derive(Debug)]
pub(super) struct Locks {
    /// logind's lock is an open file: it is held until the last copy is closed.
    _sleep: Option<OwnedFd>,
    _display: Option<Display>,
}

/// Asks for both locks. Each is of use without the other: a machine without a desktop has no display to keep on.
pub(super) fn locks() -> Locks {
    let sleep = no_sleep()
        .inspect(|_| tracing::debug!("the machine stays awake"))
        .inspect_err(|error| tracing::warn!(%error, "the machine may sleep"));
    let display = Display::on()
        .inspect(|_| tracing::debug!("the display stays on"))
        .inspect_err(|error| tracing::warn!(%error, "the display may go dark"));
    Locks { _sleep: sleep.ok(), _display: display.ok() }
}

fn no_sleep() -> Result<OwnedFd, dbus::Error> {
    let bus = Channel::get_private(BusType::System)?;
    let logind = Proxy::new("org.freedesktop.login1", "/org/freedesktop/login1", ANSWER, &bus);
    let asked = ("sleep:idle", WHO, WHY, "block");
    let (lock,) = logind.method_call("org.freedesktop.login1.Manager", "Inhibit", asked)?;
    Ok(lock)
}

/// The desktop's lock: a number, which ends with the connection it was given to.
struct Display {
    bus: Channel,
    cookie: u32,
}

impl Display {
    fn on() -> Result<Self, dbus::Error> {
        let bus = Channel::get_private(BusType::Session)?;
        let desktop = Proxy::new(DESKTOP, DESKTOP_PATH, ANSWER, &bus);
        let (cookie,) = desktop.method_call(DESKTOP, "Inhibit", (DOMAIN, WHY))?;
        Ok(Self { bus, cookie })
    }
}

impl Drop for Display {
    /// The answer is not waited for: the end of the connection says the same to the desktop.
    fn drop(&mut self) {
        let path = dbus::Path::from(DESKTOP_PATH);
        let mut over = Message::method_call(&DESKTOP.into(), &path, &DESKTOP.into(), &"UnInhibit".into());
        over.set_no_reply(true);
        let _sent = self.bus.send(over.append1(self.cookie));
    }
}

impl core::fmt::Debug for Display {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Display").field("cookie", &self.cookie).finish_non_exhaustive()
    }
}
