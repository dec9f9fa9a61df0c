//! A clicker is chosen and reached.
//!
//! ```text
//!   adapter --ready--> which clicker --one--> reach --a link--> the session begins
//!      |                   |                    |
//!      |                   +--none, unclear     +--a bond that is gone, another version: told, and tried again
//!      +--off: waits; missing, no daemon, no permission: told, and left
//! ```

use std::time::Duration;

use link::bluetooth::{Adapter, Bluetooth, Clicker, ClickerId, Connection, DeviceInfo, Status};
use link::{NotReached, Reach};
use tokio::sync::watch;
use words::{Value, Words};

use super::{Dialog, DialogView, Exit, Flow, Page};
use crate::air::{Near, Reaching, StatusLines, near, sentence, texts};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock as _, SystemClock, from_now};
use crate::failure::Failure;
use crate::keys::Press;

/// A Bluetooth service that is there answers within a second or two.
const ADAPTER_WITHIN: Duration = Duration::from_secs(10);

/// Which of several clickers is near is listened for this long: one that nobody is connected to advertises every
/// second or faster, and a scan misses some.
const PICK_WITHIN: Duration = Duration::from_secs(6);

/// Once one is heard, another that is near too is heard within this time.
const SECOND_WITHIN: Duration = Duration::from_secs(2);

/// The id that somebody typed.
pub(crate) fn id(text: &str) -> Result<ClickerId, Failure> {
    text.parse().map_err(|error| Failure::Usage(format!("`{text}`: {error}")))
}

/// Begins a page anew under this title. Esc leaves it.
pub(super) fn prepare<V>(dialog: &mut Dialog<'_, V>, words: &Words, title: &str) {
    dialog.page = Page {
        title: words.render(title, &[]),
        keys: vec![("Esc".to_owned(), words.render(texts::ESC, &[]))],
        ..Page::default()
    };
}

/// Waits until this computer's Bluetooth can be used. Where a person has to act, they are told what to do; only an
/// adapter that is switched off is waited for, and only where the page is seen.
pub(super) async fn adapter<V: DialogView>(bluetooth: &Bluetooth, dialog: &mut Dialog<'_, V>) -> Flow<()> {
    let words = Words::english();
    let no_answer = || Exit::No(words.render(texts::BLUETOOTH_NO_ANSWER, &[]));
    let mut adapter = bluetooth.adapter();
    let patience = from_now(ADAPTER_WITHIN);
    loop {
        let state = adapter.borrow_and_update().clone();
        let changed = match &state {
            Adapter::Ready { .. } => return Ok(()),
            Adapter::Starting => {
                dialog.now(words.render(texts::BLUETOOTH_LOOKING, &[]))?;
                dialog.until_by(patience, adapter.changed()).await?
            }
            Adapter::Off if dialog.view.answers() => {
                dialog.now(sentence(&state.to_string()))?;
                Some(dialog.until(adapter.changed()).await?)
            }
            Adapter::NotBuilt
            | Adapter::Off
            | Adapter::Missing
            | Adapter::NoPermission { .. }
            | Adapter::NoDaemon { .. } => return Err(Exit::No(state.to_string())),
        };
        if !matches!(changed, Some(Ok(()))) {
            return Err(no_answer());
        }
    }
}

/// Which clicker is meant: the one that was named, the one that is remembered, or, of several, the one that is near.
pub(super) async fn pick<V: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &Clickers,
    named: Option<&ClickerId>,
    dialog: &mut Dialog<'_, V>,
) -> Flow<Chosen> {
    let words = Words::english();
    prepare(dialog, &words, texts::REACH_TITLE);
    if let Some(id) = named {
        // One that is not remembered may have been paired by other means; its bond tells.
        return Ok(Chosen::of(id.clone(), clickers, &words));
    }
    let known = match &clickers.all[..] {
        [] => return Err(Exit::No(words.render(texts::NONE_REMEMBERED, &[]))),
        [only] => return Ok(Chosen::of(stored(only)?, clickers, &words)),
        several => several,
    };
    adapter(bluetooth, dialog).await?;
    dialog.now(words.render(texts::PICK_WAIT, &[]))?;
    let near = listen(bluetooth, clickers, dialog).await?;
    if let [only] = &near[..] {
        return Ok(Chosen::of(only.id.parse()?, clickers, &words));
    }
    let now = SystemClock::start().read().wall;
    let lines: Vec<String> = known
        .iter()
        .map(|clicker| near::known(&words, clicker, near.iter().find(|near| near.id == clicker.id), now))
        .collect();
    let which = [texts::WHICH, texts::WHICH_NAMED, texts::WHICH_WAIT];
    let n = choose(dialog, &words, which, &lines).await?;
    Ok(Chosen::of(known[n].id.parse()?, clickers, &words))
}

/// Which of the remembered clickers are heard.
async fn listen<V: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &Clickers,
    dialog: &mut Dialog<'_, V>,
) -> Flow<Vec<Near>> {
    let mut scan = bluetooth.scan();
    let mut near: Vec<Near> = Vec::new();
    let mut until = from_now(PICK_WITHIN);
    while let Some(seen) = dialog.until_by(until, scan.changed()).await? {
        // A scan that fails goes on by itself.
        let Ok(seen) = seen else { continue };
        let is_first = near.is_empty();
        near = seen.into_iter().map(Near::from).filter(|near| clickers.of(&near.id).is_some()).collect();
        if is_first && !near.is_empty() {
            until = until.min(from_now(SECOND_WITHIN));
        }
    }
    Ok(near)
}

/// Asks for the number of one of these lines. Where nobody can answer, says how to name one.
pub(super) async fn choose<V: DialogView>(
    dialog: &mut Dialog<'_, V>,
    words: &Words,
    [which, named, wait]: [&str; 3],
    lines: &[String],
) -> Flow<usize> {
    let numbered = |(n, line): (usize, &String)| {
        let number = Value::Number(u32::try_from(n + 1).unwrap_or(u32::MAX));
        words.render(texts::WHICH_LINE, &[("n", number), ("line", Value::Name(line))])
    };
    // One key names one of nine at most.
    let numbered: Vec<String> = lines.iter().enumerate().take(9).map(numbered).collect();
    let which = words.render(which, &[]);
    if !dialog.view.answers() {
        let named = words.render(named, &[]);
        return Err(Exit::No([vec![which], numbered, vec![named]].concat().join("\n")));
    }
    dialog.page.said.extend([vec![which], numbered.clone()].concat());
    dialog.page.keys = vec![
        ("1-9".to_owned(), words.render(texts::NUMBER, &[])),
        ("Esc".to_owned(), words.render(texts::ESC, &[])),
    ];
    dialog.now(words.render(wait, &[]))?;
    let nth = |digit: char| usize::try_from(digit.to_digit(10)?).ok()?.checked_sub(1);
    dialog
        .answer(|press| match press {
            Press::Char(digit) => nth(digit).filter(|&n| n < numbered.len()),
            _ => None,
        })
        .await
}

/// The clicker that is meant.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// Its id.
    pub(crate) id: ClickerId,
    /// What it is called.
    pub(crate) name: String,
    /// What is remembered of it.
    pub(crate) remembered: Option<Remembered>,
}

impl Chosen {
    /// The clicker with this id.
    fn of(id: ClickerId, clickers: &Clickers, words: &Words) -> Self {
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
    /// Its links.
    pub(crate) links: Links,
    /// How far reaching it has come, kept current.
    pub(crate) status: watch::Receiver<Status>,
    /// What is read of it, kept current.
    pub(crate) about: watch::Receiver<DeviceInfo>,
}

/// The first link, and those that follow it.
pub(crate) struct Links {
    first: Option<Connection>,
    clicker: Clicker,
}

impl Reach for Links {
    type Link = Connection;

    async fn reach(&mut self) -> Result<Connection, NotReached> {
        match self.first.take() {
            Some(first) => Ok(first),
            None => self.clicker.reach().await,
        }
    }
}

/// Waits until the clicker can be talked to. What only a person can mend is told; it is tried again when they press a
/// key, and is the end of it where nobody can press one.
pub(super) async fn reach<V: DialogView>(
    bluetooth: &Bluetooth,
    chosen: Chosen,
    dialog: &mut Dialog<'_, V>,
) -> Flow<Reached> {
    let words = Words::english();
    prepare(dialog, &words, texts::REACH_TITLE);
    let id = chosen.id.to_string();
    let called = [("name", Value::Name(&chosen.name)), ("id", Value::Name(&id))];
    dialog.page.said.push(words.render(texts::REACH_FIRST, &called));
    adapter(bluetooth, dialog).await?;
    let mut clicker = bluetooth.clicker(&chosen.id);
    let (mut status, about) = (clicker.status(), clicker.device_info());
    let statuses = StatusLines::of(chosen.name.clone());
    loop {
        let reaching = Reaching::from(&*status.borrow_and_update());
        dialog.now(statuses.reaching(&reaching))?;
        let reached = dialog.until(async {
            tokio::select! {
                reached = clicker.reach() => Ok(Some(reached)),
                changed = status.changed() => changed.map(|()| None),
            }
        });
        match reached.await? {
            Ok(None) => {}
            Ok(Some(Ok(first))) => {
                dialog.now(statuses.reaching(&Reaching::Connected))?;
                let links = Links { first: Some(first), clicker };
                return Ok(Reached { chosen, links, status, about });
            }
            Ok(Some(Err(why))) => again(dialog, &words, why.to_string()).await?,
            Err(_) => return Err(Exit::No(words.render(texts::BLUETOOTH_NO_ANSWER, &[]))),
        }
    }
}

/// Tells why it went wrong, and waits for the key that tries again. Where nobody can press one, that is the end of it.
pub(super) async fn again<V: DialogView>(dialog: &mut Dialog<'_, V>, words: &Words, why: String) -> Flow<()> {
    if !dialog.view.answers() {
        return Err(Exit::No(why));
    }
    dialog.page.keys.insert(0, ("Enter".to_owned(), words.render(texts::ENTER_AGAIN, &[])));
    dialog.now(sentence(&why))?;
    dialog.answer(|press| matches!(press, Press::Enter | Press::LineEnd).then_some(())).await?;
    dialog.page.keys.remove(0);
    Ok(())
}
