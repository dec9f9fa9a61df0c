//! A clicker is chosen and reached, on a page; and the session with it, over as many links as it takes.
//!
//! ```text
//!   adapter --ready--> which clicker --one--> reach --a link--> the session begins
//!      |                   |                    |
//!      |                   +--none, unclear     +--a bond that is gone, another version: told, and tried again
//!      +--off: waits; missing, no daemon, no permission: told, and left
//! ```

use std::path::{Path, PathBuf};
use std::time::Duration;

use link::bluetooth::{Adapter, Bluetooth, Clicker, ClickerId, Connection, DeviceInfo, Status};
use link::{NotReached, Reach};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::sleep_until;
use words::{Value, Words};

use super::{LinkStatus, Near, Reaching, StatusLines, near, sentence, texts};
use crate::begin::{self, SessionEnv, Start};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock, SystemClock, from_now};
use crate::failure::Failure;
use crate::flows::{Asked, Dialog, DialogView};
use crate::front::Front;
use crate::keys::Press;
use crate::live::{Ending, Hand, Why};

/// A Bluetooth service that is there answers within a second or two.
const ADAPTER_WITHIN: Duration = Duration::from_secs(10);

/// Which of several clickers is near is listened for this long: one that nobody is connected to advertises every
/// second or faster, and a scan misses some.
const PICK_WITHIN: Duration = Duration::from_secs(6);

/// Once one is heard, another that is near too is heard within this time.
const SECOND_WITHIN: Duration = Duration::from_secs(2);

/// What came of a step.
pub(crate) enum Came<T> {
    /// This.
    Yes(T),
    /// Whoever sits there wanted to leave.
    Left(Why),
    /// Nothing, for this reason, which says what to do.
    No(String),
}

/// Passes a value on, or what came instead of it.
macro_rules! yes {
    ($came:expr) => {
        match $came {
            Came::Yes(value) => value,
            Came::Left(why) => return Ok(Came::Left(why)),
            Came::No(why) => return Ok(Came::No(why)),
        }
    };
}
pub(crate) use yes;

/// The id that somebody typed.
pub(crate) fn id(text: &str) -> Result<ClickerId, Failure> {
    text.parse().map_err(|error| Failure::Usage(format!("`{text}`: {error}")))
}

/// Waits until this computer's Bluetooth can be used. Where that takes a person, they are told what to do; only an
/// adapter that is switched off is waited for, by whoever can switch it on and see the page.
pub(crate) async fn adapter<D: DialogView>(
    bluetooth: &Bluetooth,
    at: &mut Dialog<'_, D>,
) -> Result<Came<()>, Failure> {
    let words = Words::english();
    let mut adapter = bluetooth.adapter();
    let patience = from_now(ADAPTER_WITHIN);
    loop {
        let stands = adapter.borrow_and_update().clone();
        match &stands {
            Adapter::Ready { .. } => return Ok(Came::Yes(())),
            Adapter::Starting => at.now(words.render(texts::BLUETOOTH_LOOKING, &[]))?,
            Adapter::Off if at.desk.answers() => at.now(sentence(&stands.to_string()))?,
            Adapter::NotBuilt
            | Adapter::Off
            | Adapter::Missing
            | Adapter::NoPermission { .. }
            | Adapter::NoDaemon { .. } => {
                return Ok(Came::No(stands.to_string()));
            }
        }
        tokio::select! {
            changed = adapter.changed() => if changed.is_err() {
                return Ok(Came::No(words.render(texts::BLUETOOTH_NO_ANSWER, &[])));
            },
            asked = at.came(false) => match asked? {
                Asked::Press(Press::Esc) => return Ok(Came::Left(Why::Asked)),
                Asked::Press(_) => {}
                Asked::Leave(why) => return Ok(Came::Left(why)),
            },
            () = sleep_until(patience), if stands == Adapter::Starting => {
                return Ok(Came::No(words.render(texts::BLUETOOTH_NO_ANSWER, &[])));
            }
        }
    }
}

/// Which clicker is meant: the one that was named, the one that is remembered, or, of several, the one that is near.
pub(crate) async fn pick<D: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &Clickers,
    named: Option<&ClickerId>,
    at: &mut Dialog<'_, D>,
) -> Result<Came<Chosen>, Failure> {
    let words = Words::english();
    prepare(at, &words, texts::REACH_TITLE);
    if let Some(id) = named {
        // One that is not remembered may have been paired by other means; its bond tells.
        return Ok(Came::Yes(Chosen::of(id.clone(), clickers, &words)));
    }
    let known = match &clickers.all[..] {
        [] => return Ok(Came::No(words.render(texts::NONE_REMEMBERED, &[]))),
        [only] => return Ok(Came::Yes(Chosen::of(stored(only)?, clickers, &words))),
        several => several,
    };
    yes!(adapter(bluetooth, at).await?);
    at.now(words.render(texts::PICK_WAIT, &[]))?;
    let mut scan = bluetooth.scan();
    let mut near: Vec<Near> = Vec::new();
    let mut until = from_now(PICK_WITHIN);
    loop {
        tokio::select! {
            seen = scan.changed() => if let Ok(seen) = seen {
                let before = near.len();
                near = seen.into_iter().map(Near::from).filter(|near| clickers.of(&near.id).is_some()).collect();
                if before == 0 && !near.is_empty() {
                    until = until.min(from_now(SECOND_WITHIN));
                }
            },
            asked = at.came(false) => match asked? {
                Asked::Press(Press::Esc) => return Ok(Came::Left(Why::Asked)),
                Asked::Press(_) => {}
                Asked::Leave(why) => return Ok(Came::Left(why)),
            },
            () = sleep_until(until) => break,
        }
    }
    drop(scan);
    if let [only] = &near[..] {
        return Ok(Came::Yes(Chosen::of(only.id.parse()?, clickers, &words)));
    }
    let now = SystemClock::start().read().wall;
    let lines: Vec<String> = known
        .iter()
        .map(|clicker| near::known(&words, clicker, near.iter().find(|near| near.id == clicker.id), now))
        .collect();
    let ids: Vec<String> = known.iter().map(|clicker| clicker.id.clone()).collect();
    let which = [texts::WHICH, texts::WHICH_NAMED, texts::WHICH_WAIT];
    let n = yes!(choose(at, &words, which, &lines).await?);
    Ok(Came::Yes(Chosen::of(ids[n].parse()?, clickers, &words)))
}

/// A page that begins anew.
pub(crate) fn prepare<D: DialogView>(at: &mut Dialog<'_, D>, words: &Words, title: &str) {
    at.page = crate::flows::Page {
        title: words.render(title, &[]),
        keys: vec![("Esc".to_owned(), words.render(texts::ESC, &[]))],
        ..crate::flows::Page::default()
    };
}

/// Asks for the number of one of these lines. Where nobody can answer, says how to name one.
pub(crate) async fn choose<D: DialogView>(
    at: &mut Dialog<'_, D>,
    words: &Words,
    [which, named, wait]: [&str; 3],
    lines: &[String],
) -> Result<Came<usize>, Failure> {
    let numbered = |(n, line): (usize, &String)| {
        let number = Value::Number(u32::try_from(n + 1).unwrap_or(u32::MAX));
        words.render(texts::WHICH_LINE, &[("n", number), ("line", Value::Name(line))])
    };
    // More than one key can name are not drawn.
    let numbered: Vec<String> = lines.iter().enumerate().take(9).map(numbered).collect();
    let which = words.render(which, &[]);
    if !at.desk.answers() {
        let named = words.render(named, &[]);
        return Ok(Came::No([vec![which], numbered, vec![named]].concat().join("\n")));
    }
    at.page.said.extend([vec![which], numbered.clone()].concat());
    at.page.keys = vec![
        ("1-9".to_owned(), words.render(texts::NUMBER, &[])),
        ("Esc".to_owned(), words.render(texts::ESC, &[])),
    ];
    at.now(words.render(wait, &[]))?;
    loop {
        match at.came(true).await? {
            Asked::Press(Press::Esc) => return Ok(Came::Left(Why::Asked)),
            Asked::Leave(why) => return Ok(Came::Left(why)),
            Asked::Press(Press::Char(digit)) => {
                let n = digit.to_digit(10).and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
                if let Some(n) = n.filter(|&n| n < numbered.len()) {
                    return Ok(Came::Yes(n));
                }
            }
            Asked::Press(_) => {}
        }
    }
}

/// The clicker that is meant.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// Its id.
    pub(crate) id: ClickerId,
    /// What it is called.
    pub(crate) name: String,
    /// What is remembered of it.
    remembered: Option<Remembered>,
}

impl Chosen {
    /// The clicker with this id.
    pub(crate) fn of(id: ClickerId, clickers: &Clickers, words: &Words) -> Self {
        let remembered = clickers.of(&id.to_string()).cloned();
        let name = remembered
            .as_ref()
            .map_or_else(|| words.render(texts::NAMELESS, &[]), |clicker| clicker.called(words));
        Self { id, name, remembered }
    }
}

fn stored(clicker: &Remembered) -> Result<ClickerId, Failure> {
    clicker.id.parse().map_err(|error| {
        anyhow::anyhow!("clickers.toml: `{}`: {error}; mend it, or pair again", clicker.id).into()
    })
}

/// A clicker that has been reached.
pub(crate) struct Reached {
    /// Which.
    pub(crate) chosen: Chosen,
    going: Going,
    status: watch::Receiver<Status>,
    about: watch::Receiver<DeviceInfo>,
}

/// The link that stands, and those that follow it.
struct Going {
    first: Option<Connection>,
    clicker: Clicker,
}

impl Reach for Going {
    type Link = Connection;

    async fn reach(&mut self) -> Result<Connection, NotReached> {
        match self.first.take() {
            Some(first) => Ok(first),
            None => self.clicker.reach().await,
        }
    }
}

/// Waits until the clicker can be talked to. What only a person can mend is told to one who can press a key when they
/// have mended it, and is the end of it for a pipe.
pub(crate) async fn reach<D: DialogView>(
    bluetooth: &Bluetooth,
    chosen: Chosen,
    at: &mut Dialog<'_, D>,
) -> Result<Came<Reached>, Failure> {
    let words = Words::english();
    prepare(at, &words, texts::REACH_TITLE);
    let id = chosen.id.to_string();
    let called = [("name", Value::Name(&chosen.name)), ("id", Value::Name(&id))];
    at.page.said.push(words.render(texts::REACH_FIRST, &called));
    yes!(adapter(bluetooth, at).await?);
    let mut clicker = bluetooth.clicker(&chosen.id);
    let (mut status, about) = (clicker.status(), clicker.device_info());
    let statuses = StatusLines::of(chosen.name.clone());
    loop {
        let reaching = Reaching::from(&*status.borrow_and_update());
        at.now(statuses.reaching(&reaching))?;
        tokio::select! {
            reached = clicker.reach() => match reached {
                Ok(first) => {
                    at.now(statuses.reaching(&Reaching::Connected))?;
                    let going = Going { first: Some(first), clicker };
                    return Ok(Came::Yes(Reached { chosen, going, status, about }));
                }
                Err(why) if !at.desk.answers() => return Ok(Came::No(why.to_string())),
                Err(why) => {
                    at.page.keys.insert(0, ("Enter".to_owned(), words.render(texts::ENTER_AGAIN, &[])));
                    at.now(sentence(&why.to_string()))?;
                    yes!(again(at).await?);
                    at.page.keys.remove(0);
                }
            },
            changed = status.changed() => if changed.is_err() {
                return Ok(Came::No(words.render(texts::BLUETOOTH_NO_ANSWER, &[])));
            },
            asked = at.came(false) => match asked? {
                Asked::Press(Press::Esc) => return Ok(Came::Left(Why::Asked)),
                Asked::Press(_) => {}
                Asked::Leave(why) => return Ok(Came::Left(why)),
            },
        }
    }
}

/// Waits for the key that tries again.
pub(crate) async fn again<D: DialogView>(at: &mut Dialog<'_, D>) -> Result<Came<()>, Failure> {
    loop {
        match at.came(true).await? {
            Asked::Press(Press::Enter | Press::LineEnd) => return Ok(Came::Yes(())),
            Asked::Press(Press::Esc) => return Ok(Came::Left(Why::Asked)),
            Asked::Press(_) => {}
            Asked::Leave(why) => return Ok(Came::Left(why)),
        }
    }
}

/// Lives through a session with a clicker that has been reached. What is read of its battery is remembered.
pub(crate) async fn live<C: Clock>(
    start: Start,
    reached: Reached,
    db: &Path,
    env: SessionEnv<'_, C, impl Front>,
) -> Result<Ending, Failure> {
    let Reached { chosen, going, status, about } = reached;
    let (tell, statuses) = unbounded_channel();
    let hand = Hand::Receiver { statuses };
    tokio::select! {
        ending = begin::live(start, going, hand, env) => ending,
        () = watch_over(chosen, db.to_owned(), status, about, tell) => std::future::pending().await,
    }
}

/// Tells how the clicker stands for as long as it is asked.
async fn watch_over(
    chosen: Chosen,
    db: PathBuf,
    mut status: watch::Receiver<Status>,
    mut about: watch::Receiver<DeviceInfo>,
    tell: UnboundedSender<LinkStatus>,
) {
    let mut clock = SystemClock::start();
    let now = clock.read().wall;
    let remembered = chosen.remembered.as_ref();
    let before = remembered
        .and_then(|clicker| Some((clicker.battery?, near::between(clicker.battery_read.as_deref()?, now)?)));
    if let Some((percent, age)) = before {
        // The loop that listens ends with this.
        let _gone = tell.send(LinkStatus::Battery { percent, age });
    }
    let mut last = None;
    loop {
        let reaching = Reaching::from(&*status.borrow_and_update());
        let _gone = tell.send(LinkStatus::Reaching(reaching));
        let read = about.borrow_and_update().clone();
        if let Some(percent) = read.battery_percent
            && last.as_ref() != Some(&read)
        {
            let _gone = tell.send(LinkStatus::Battery { percent, age: Duration::ZERO });
            let (db, chosen, wall) = (db.clone(), chosen.clone(), clock.read().wall.to_string());
            let about = read.clone();
            // Written beside the loop: it waits for no disk.
            let written = tokio::task::spawn_blocking(move || remember(&db, &chosen, &about, &wall)).await;
            if !matches!(written, Ok(Ok(()))) {
                tracing::warn!(?written, "the battery was not remembered");
            }
            last = Some(read);
        }
        let changed = tokio::select! {
            changed = status.changed() => changed,
            changed = about.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// Keeps what was read of a clicker, where it is one that is remembered.
fn remember(db: &Path, chosen: &Chosen, about: &DeviceInfo, wall: &str) -> anyhow::Result<()> {
    let mut clickers = Clickers::beside(db)?;
    let Some(known) = clickers.of(&chosen.id.to_string()).cloned() else { return Ok(()) };
    clickers.remember(read(known, about, wall))
}

/// What is remembered of a clicker, with what has been read of it now.
pub(crate) fn read(known: Remembered, about: &DeviceInfo, wall: &str) -> Remembered {
    let battery_read = about.battery_percent.map(|_| wall.to_owned());
    Remembered {
        battery: about.battery_percent.map(|percent| percent.min(100)).or(known.battery),
        battery_read: battery_read.or(known.battery_read),
        firmware: about.firmware.clone().or(known.firmware),
        ..known
    }
}

impl From<&Status> for Reaching {
    fn from(status: &Status) -> Self {
        match status {
            Status::Idle => Self::Idle,
            // That it can be used, or will be told, is nothing a person has to mend.
            Status::Adapter(Adapter::Ready { .. } | Adapter::Starting) => Self::Idle,
            Status::Adapter(adapter) => Self::Adapter(adapter.to_string()),
            Status::Scanning => Self::Scanning,
            Status::Connecting => Self::Connecting,
            Status::Securing => Self::Securing,
            Status::Subscribing => Self::Subscribing,
            Status::Connected => Self::Connected,
            Status::Waiting { next_try } => Self::Waiting(*next_try),
        }
    }
}
