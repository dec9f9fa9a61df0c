//! `unknot pair`: a clicker is paired, step by step, on lines or on the screen, and remembered.
//!
//! ```text
//!   adapter --ready--> which one is near --> pairing --paired--> remembered
//!      |                  |                     |  ^
//!      |                  +--nobody: told       |  +-- Enter: try again
//!      +--told what to do                       +--failed: told what to do
//! ```
//!
//! Digits on a pipe are kept until they are asked for, so that pairing can be scripted.

use std::io::stdout;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use link::bluetooth::{Bluetooth, ClickerId, DeviceInfo, Pairing, PairingStep, Passkey};
use tokio::time::sleep_until;
use words::{Value, Words};

use super::{Asked, Dialog, DialogView, LineView, Page};
use crate::air::reach::{self, Came, adapter, again, choose, prepare, yes};
use crate::air::{Near, near, sentence, texts};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock as _, SystemClock, from_now};
use crate::failure::Failure;
use crate::keys::Press;
use crate::live::Why;
use crate::signals::Signals;
use crate::terminal::{Lines, Raw, typed};

/// The clicker's window is open for a minute; somebody who reads first how to open it needs some of another.
const NEAR_WITHIN: Duration = Duration::from_secs(90);

/// Once one is heard, another that is near too is heard within this time.
const SECOND_WITHIN: Duration = Duration::from_secs(3);

/// The steps of a pairing, wherever they come from.
pub(super) trait Steps {
    /// What comes next; `None` where nothing does. Cancel-safe.
    async fn next(&mut self) -> Option<PairingStep>;

    /// The digits.
    fn answer(&mut self, passkey: Passkey);
}

impl Steps for Pairing {
    async fn next(&mut self) -> Option<PairingStep> {
        Self::next(self).await
    }

    fn answer(&mut self, passkey: Passkey) {
        Self::answer(self, passkey);
    }
}

/// `unknot pair`
pub(crate) fn on_lines(db: &Path, id: Option<&str>) -> Result<(), Failure> {
    let id = id.map(reach::id).transpose()?;
    // Before anything is asked of anybody: what cannot be remembered is not to be paired.
    let mut clickers = Clickers::beside(db)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let led = runtime.block_on(async {
        let raw =
            Raw::enter().context("the terminal cannot be read key by key: pipe the digits in instead")?;
        let mut lines = Lines::on(stdout(), raw.as_ref());
        let mut desk = LineView::new(&mut lines, raw.is_some());
        let mut at = Dialog {
            desk: &mut desk,
            keys: &mut typed()?,
            signals: &mut Signals::listen()?,
            page: Page::default(),
        };
        let led = lead(&Bluetooth::start(), &mut clickers, id, &mut at).await?;
        if let Came::Yes(done) = &led {
            lines.line(done)?;
        }
        Ok::<_, Failure>(led)
    })?;
    let words = Words::english();
    match led {
        Came::Yes(_) => Ok(()),
        Came::No(why) => Err(crate::failure::Lines(why).into()),
        Came::Left(Why::Signal(number)) => Err(Failure::Signal(number)),
        Came::Left(Why::InputEnded) => {
            Err(anyhow::anyhow!("{}", words.render(texts::PAIR_ENDED, &[])).into())
        }
        Came::Left(Why::Asked | Why::NobodyReads | Why::Unstored) => {
            Err(anyhow::anyhow!("{}", words.render(texts::PAIR_GAVE_UP, &[])).into())
        }
    }
}

/// Leads through a pairing. What it gives is what to say when it is done.
pub(crate) async fn lead<D: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &mut Clickers,
    id: Option<ClickerId>,
    at: &mut Dialog<'_, D>,
) -> Result<Came<String>, Failure> {
    let words = Words::english();
    prepare(at, &words, texts::PAIR_TITLE);
    yes!(adapter(bluetooth, at).await?);
    at.page.said.push(words.render(texts::PAIR_WINDOW, &[]));
    if cfg!(any(windows, target_os = "macos")) {
        at.page.said.push(words.render(texts::PAIR_SYSTEM, &[]));
    }
    let (id, name) = match id {
        Some(id) => (id, None),
        None => yes!(which(bluetooth, clickers, at).await?),
    };
    let called = |name: &Option<String>| name.clone().unwrap_or_else(|| words.render(texts::NAMELESS, &[]));
    let (text, first) = (id.to_string(), called(&name));
    let args = [("name", Value::Name(&first)), ("id", Value::Name(&text))];
    at.page.said.push(words.render(texts::PAIR_WITH, &args));
    loop {
        let mut pairing = bluetooth.pair(&id);
        let failed = match steps(&mut pairing, at).await? {
            Stepped::Paired { name: told, about } => {
                let wall = SystemClock::start().read().wall.to_string();
                let name = told.or(name);
                let known = Remembered {
                    id: text,
                    name: name.clone(),
                    paired: wall.clone(),
                    battery: None,
                    battery_read: None,
                    firmware: None,
                };
                clickers.remember(reach::read(known, &about, &wall))?;
                return Ok(Came::Yes(
                    words.render(texts::PAIR_DONE, &[("name", Value::Name(&called(&name)))]),
                ));
            }
            Stepped::Left(why) => return Ok(Came::Left(why)),
            Stepped::Failed(why) => words.render(texts::PAIR_FAILED, &[("why", Value::Name(&why))]),
        };
        drop(pairing);
        if !at.desk.answers() {
            return Ok(Came::No(failed));
        }
        at.page.keys.insert(0, ("Enter".to_owned(), words.render(texts::ENTER_AGAIN, &[])));
        at.now(failed)?;
        yes!(again(at).await?);
        at.page.keys.remove(0);
    }
}

/// Which clicker is meant, of those that are heard: one that is not paired yet, and where there are several, the one
/// that is chosen.
async fn which<D: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &Clickers,
    at: &mut Dialog<'_, D>,
) -> Result<Came<(ClickerId, Option<String>)>, Failure> {
    let words = Words::english();
    at.now(words.render(texts::PAIR_SCAN, &[]))?;
    let mut scan = bluetooth.scan();
    let mut heard: Vec<Near> = Vec::new();
    let (mut until, mut told) = (from_now(NEAR_WITHIN), from_now(PICK_TOLD));
    loop {
        tokio::select! {
            seen = scan.changed() => match seen {
                Ok(seen) => {
                    let before = heard.len();
                    heard = seen.into_iter().map(Near::from).collect();
                    if before == 0 && !heard.is_empty() {
                        until = until.min(from_now(SECOND_WITHIN));
                    }
                }
                Err(error) => return Ok(Came::No(error.to_string())),
            },
            asked = at.came(false) => match asked? {
                Asked::Press(Press::Esc) => return Ok(Came::Left(Why::Asked)),
                Asked::Press(_) => {}
                Asked::Leave(why) => return Ok(Came::Left(why)),
            },
            () = sleep_until(told), if heard.is_empty() => {
                at.now(words.render(texts::PAIR_SCAN_NONE, &[]))?;
                told = until;
            }
            () = sleep_until(until) => break,
        }
    }
    drop(scan);
    let is_new = |near: &&Near| clickers.of(&near.id).is_none() || near.bonded == Some(false);
    let chosen = match (&heard[..], &heard.iter().filter(is_new).collect::<Vec<_>>()[..]) {
        ([], _) => {
            let seconds = u32::try_from(NEAR_WITHIN.as_secs()).unwrap_or(u32::MAX);
            return Ok(Came::No(words.render(texts::PAIR_NOBODY, &[("seconds", Value::Number(seconds))])));
        }
        ([only], _) => only,
        (_, [only]) => *only,
        (all, _) => {
            let now = SystemClock::start().read().wall;
            let line = |near: &Near| match clickers.of(&near.id) {
                Some(known) => near::known(&words, known, Some(near), now),
                None => near::stranger(&words, near),
            };
            let lines: Vec<String> = all.iter().map(line).collect();
            let which = [texts::PAIR_WHICH, texts::PAIR_WHICH_NAMED, texts::WHICH_WAIT];
            let n = yes!(choose(at, &words, which, &lines).await?);
            &all[n]
        }
    };
    at.page.keys = vec![("Esc".to_owned(), words.render(texts::ESC, &[]))];
    Ok(Came::Yes((chosen.id.parse()?, chosen.name.clone())))
}

/// After so long without anybody, it is said that nobody is heard yet.
const PICK_TOLD: Duration = Duration::from_secs(5);

/// What a pairing came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stepped {
    /// It is paired.
    Paired {
        /// What it calls itself.
        name: Option<String>,
        /// What is known of it.
        about: DeviceInfo,
    },
    /// It is not, and what to do.
    Failed(String),
    /// Whoever sits there wanted to leave.
    Left(Why),
}

/// The steps of one pairing, as they come.
pub(super) async fn steps<D: DialogView>(
    steps: &mut impl Steps,
    at: &mut Dialog<'_, D>,
) -> Result<Stepped, Failure> {
    let words = Words::english();
    let plain = |id| words.render(id, &[]);
    // Whether the digits are wanted. Before, those of a pipe wait.
    let mut wanted = false;
    at.now(plain(texts::PAIR_SEARCHING))?;
    loop {
        tokio::select! {
            step = steps.next() => {
                let Some(step) = step else {
                    return Ok(Stepped::Failed(plain(texts::BLUETOOTH_NO_ANSWER)));
                };
                wanted = step == PairingStep::PasskeyRequested;
                at.page.typed = wanted.then(String::new);
                match step {
                    PairingStep::Searching => at.now(plain(texts::PAIR_SEARCHING))?,
                    PairingStep::Connecting => at.now(plain(texts::PAIR_CONNECTING))?,
                    PairingStep::PasskeyRequested => at.now(plain(texts::PAIR_PASSKEY))?,
                    PairingStep::SystemDialog => at.now(plain(texts::PAIR_SYSTEM_ASKS))?,
                    PairingStep::Checking => at.now(plain(texts::PAIR_CHECKING))?,
                    PairingStep::Paired { name, info } => return Ok(Stepped::Paired { name, about: info }),
                    PairingStep::Failed(why) => return Ok(Stepped::Failed(why.to_string())),
                }
            }
            asked = at.came(wanted) => match asked? {
                Asked::Leave(why) => return Ok(Stepped::Left(why)),
                Asked::Press(Press::Esc) => return Ok(Stepped::Left(Why::Asked)),
                Asked::Press(press) if wanted => {
                    match press {
                        Press::Char(char) => at.page.put(char),
                        Press::Backspace => at.page.rub_out(),
                        Press::Enter | Press::LineEnd => match at.page.typed.as_deref().unwrap_or_default().parse::<Passkey>() {
                            Ok(passkey) => {
                                steps.answer(passkey);
                                wanted = false;
                                at.page.typed = None;
                                at.page.now = plain(texts::PAIR_ANSWERED);
                            }
                            Err(_) if !at.desk.answers() => {
                                return Ok(Stepped::Failed(sentence(&plain(texts::PAIR_PASSKEY_SIX))));
                            }
                            Err(_) => {
                                at.page.typed = Some(String::new());
                                at.page.now = plain(texts::PAIR_PASSKEY_SIX);
                            }
                        },
                        _ => {}
                    }
                    at.show()?;
                }
                Asked::Press(_) => {}
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use link::bluetooth::PairingFailed;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::terminal::Typed;

    /// A pairing as it goes: these steps, and after the digits those.
    struct Scripted {
        before: VecDeque<PairingStep>,
        after: VecDeque<PairingStep>,
        answered: Vec<u32>,
    }

    impl Steps for Scripted {
        async fn next(&mut self) -> Option<PairingStep> {
            // Each takes a while.
            tokio::time::sleep(Duration::from_millis(300)).await;
            if let Some(step) = self.before.pop_front() {
                return Some(step);
            }
            if self.answered.is_empty() {
                std::future::pending().await
            }
            self.after.pop_front()
        }

        fn answer(&mut self, passkey: Passkey) {
            self.answered.push(passkey.number());
        }
    }

    fn paired() -> PairingStep {
        PairingStep::Paired { name: Some("Unknot 9A".to_owned()), info: DeviceInfo::default() }
    }

    /// What it came to, the digits that were sent, and what was to be read meanwhile.
    async fn led(
        keys: &str,
        raw: bool,
        before: &[PairingStep],
        after: &[PairingStep],
    ) -> (Stepped, Vec<u32>, String) {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        let (typed, mut typing) = unbounded_channel();
        let mut last = None;
        for key in keys.chars() {
            if key == 'V' {
                typed.send(Typed::Pasted("012345".to_owned())).unwrap();
                continue;
            }
            let press = match key {
                '\n' => Press::Enter,
                '<' => Press::Backspace,
                '!' => Press::Esc,
                char => Press::Char(char),
            };
            // All of them come at once, as from somebody who types fast.
            let again = last.replace(press) == Some(press);
            typed.send(if again { Typed::Again(press) } else { Typed::Press(press) }).unwrap();
        }
        // The keyboard of a terminal stays; a pipe ends.
        let _kept = raw.then_some(typed);
        let mut desk = LineView::new(&mut lines, raw);
        let signals = &mut Signals::listen().unwrap();
        let mut at = Dialog { desk: &mut desk, keys: &mut typing, signals, page: Page::default() };
        let mut scripted = Scripted {
            before: before.iter().cloned().collect(),
            after: after.iter().cloned().collect(),
            answered: Vec::new(),
        };
        let stepped = steps(&mut scripted, &mut at).await.unwrap();
        drop(at);
        (stepped, scripted.answered, String::from_utf8(out).unwrap())
    }

    const WANTED: &[PairingStep] =
        &[PairingStep::Searching, PairingStep::Connecting, PairingStep::PasskeyRequested];

    #[tokio::test(start_paused = true)]
    async fn digits_on_a_pipe_wait_until_they_are_asked_for() {
        let (stepped, answered, said) =
            led("012345\n", false, WANTED, &[PairingStep::Checking, paired()]).await;
        assert!(matches!(stepped, Stepped::Paired { name: Some(_), .. }), "{stepped:?}");
        assert_eq!(answered, [12_345]);
        let steps = ["Searching", "It is heard", "Type the six digits", "The digits are right"];
        let places: Vec<_> = steps.iter().map(|step| said.find(step)).collect();
        assert!(places.is_sorted() && places[0].is_some(), "{places:?}: {said}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pipe_that_ends_before_six_digits_is_the_end_of_it() {
        let (stepped, answered, _) = led("0123", false, WANTED, &[]).await;
        assert_eq!((stepped, answered.len()), (Stepped::Left(Why::InputEnded), 0));
        let (stepped, answered, _) = led("0123\n", false, WANTED, &[]).await;
        assert!(matches!(stepped, Stepped::Failed(_)), "{stepped:?}");
        assert_eq!(answered.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slip_is_taken_back_and_what_is_no_passkey_is_asked_for_again() {
        // A pipe whose keys wait stands for somebody who types when they are asked.
        let (stepped, answered, _) = led("01234x<5\n", false, WANTED, &[paired()]).await;
        assert!(matches!(stepped, Stepped::Paired { .. }), "{stepped:?}");
        assert_eq!(answered, [12_345]);
        // The first keys come before anything is asked on a terminal, and fall away.
        let (stepped, answered, _) = led("999999\n!", true, WANTED, &[paired()]).await;
        assert_eq!((stepped, answered.len()), (Stepped::Left(Why::Asked), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_digit_twice_in_a_row_is_two_digits() {
        let (stepped, answered, _) = led("112223<\n", false, WANTED, &[paired()]).await;
        assert!(matches!(stepped, Stepped::Failed(_)), "five digits: {stepped:?}");
        assert_eq!(answered.len(), 0);
        let (_, answered, _) = led("112223\n", false, WANTED, &[paired()]).await;
        assert_eq!(answered, [112_223]);
    }

    #[tokio::test(start_paused = true)]
    async fn digits_that_are_pasted_wait_for_enter() {
        let (stepped, answered, _) = led("V", false, WANTED, &[paired()]).await;
        assert_eq!((stepped, answered.len()), (Stepped::Left(Why::InputEnded), 0));
        let (stepped, answered, _) = led("V\n", false, WANTED, &[paired()]).await;
        assert!(matches!(stepped, Stepped::Paired { .. }), "{stepped:?}");
        assert_eq!(answered, [12_345]);
    }

    #[tokio::test(start_paused = true)]
    async fn every_failure_tells_its_remedy() {
        let failures = [
            PairingFailed::NotFound,
            PairingFailed::WindowClosed,
            PairingFailed::WrongPasskey,
            PairingFailed::Refused { why: "busy".to_owned() },
            PairingFailed::NotAuthenticated,
            PairingFailed::OtherVersion { clicker: wire::Version { major: 9, minor: 0 } },
            PairingFailed::TimedOut,
        ];
        for failed in failures {
            let why = failed.to_string();
            let (stepped, ..) = led("", true, &[PairingStep::Failed(failed)], &[]).await;
            assert_eq!(stepped, Stepped::Failed(why));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn escape_gives_up_wherever_it_stands() {
        for before in [&WANTED[..0], WANTED] {
            let (stepped, answered, _) = led("!", true, before, &[]).await;
            assert_eq!((stepped, answered.len()), (Stepped::Left(Why::Asked), 0));
        }
    }
}
