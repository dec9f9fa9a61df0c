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
use link::bluetooth::{Bluetooth, ClickerId, DeviceInfo, InvalidPasskey, Pairing, PairingStep, Passkey};
use words::{Value, Words};

use super::dialog::Next;
use super::{Dialog, DialogView, Exit, Flow, LineView, connect};
use crate::air::{Near, near, reach, sentence, texts};
use crate::clickers::{Clickers, Remembered};
use crate::clock::{Clock as _, SystemClock, from_now};
use crate::failure::Failure;
use crate::input::Input;
use crate::keys::Press;
use crate::live::Why;
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
    let id = id.map(connect::id).transpose()?;
    // Before anything is asked of anybody: what cannot be remembered is not to be paired.
    let mut clickers = Clickers::beside(db)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let raw =
            Raw::enter().context("the terminal cannot be read key by key: pipe the digits in instead")?;
        let mut lines = Lines::on(stdout(), raw.as_ref());
        let mut input = Input::new(typed()?)?;
        let mut view = LineView::new(&mut lines, raw.is_some());
        let mut dialog = Dialog::new(&mut view, &mut input);
        let paired = lead(&Bluetooth::start(), &mut clickers, id, &mut dialog).await;
        let gave_up = |id| Err(anyhow::anyhow!("{}", Words::english().render(id, &[])).into());
        match paired {
            Ok(done) => Ok(lines.line(&done)?),
            Err(Exit::Left(Why::InputEnded)) => gave_up(texts::PAIR_ENDED),
            Err(Exit::Left(Why::Asked)) => gave_up(texts::PAIR_GAVE_UP),
            Err(exit) => Err(exit.failure()),
        }
    })
}

/// Leads through a pairing. Gives what to say when it is done.
pub(crate) async fn lead<V: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &mut Clickers,
    id: Option<ClickerId>,
    dialog: &mut Dialog<'_, V>,
) -> Flow<String> {
    let words = Words::english();
    connect::prepare(dialog, &words, texts::PAIR_TITLE);
    connect::adapter(bluetooth, dialog).await?;
    dialog.page.said.push(words.render(texts::PAIR_WINDOW, &[]));
    if cfg!(any(windows, target_os = "macos")) {
        dialog.page.said.push(words.render(texts::PAIR_SYSTEM, &[]));
    }
    let (id, name) = match id {
        Some(id) => (id, None),
        None => which(bluetooth, clickers, dialog).await?,
    };
    let called = |name: &Option<String>| name.clone().unwrap_or_else(|| words.render(texts::NAMELESS, &[]));
    let (text, first) = (id.to_string(), called(&name));
    let args = [("name", Value::Name(&first)), ("id", Value::Name(&text))];
    dialog.page.said.push(words.render(texts::PAIR_WITH, &args));
    loop {
        let mut pairing = bluetooth.pair(&id);
        match steps(&mut pairing, dialog).await? {
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
                return Ok(words.render(texts::PAIR_DONE, &[("name", Value::Name(&called(&name)))]));
            }
            Stepped::Failed(why) => {
                drop(pairing);
                let failed = words.render(texts::PAIR_FAILED, &[("why", Value::Name(&why))]);
                connect::again(dialog, &words, failed).await?;
            }
        }
    }
}

/// Which clicker is meant, of those that are heard: one that is not paired yet, and where there are several, the one
/// that is chosen.
async fn which<V: DialogView>(
    bluetooth: &Bluetooth,
    clickers: &Clickers,
    dialog: &mut Dialog<'_, V>,
) -> Flow<(ClickerId, Option<String>)> {
    let words = Words::english();
    let heard = listen(bluetooth, dialog).await?;
    let is_new = |near: &&Near| clickers.of(&near.id).is_none() || near.bonded == Some(false);
    let chosen = match (&heard[..], &heard.iter().filter(is_new).collect::<Vec<_>>()[..]) {
        ([], _) => {
            let seconds = u32::try_from(NEAR_WITHIN.as_secs()).unwrap_or(u32::MAX);
            return Err(Exit::No(words.render(texts::PAIR_NOBODY, &[("seconds", Value::Number(seconds))])));
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
            &all[connect::choose(dialog, &words, which, &lines).await?]
        }
    };
    dialog.page.keys = vec![("Esc".to_owned(), words.render(texts::ESC, &[]))];
    Ok((chosen.id.parse()?, chosen.name.clone()))
}

/// Which clickers are heard.
async fn listen<V: DialogView>(bluetooth: &Bluetooth, dialog: &mut Dialog<'_, V>) -> Flow<Vec<Near>> {
    let words = Words::english();
    dialog.now(words.render(texts::PAIR_SCAN, &[]))?;
    let mut scan = bluetooth.scan();
    let mut heard: Vec<Near> = Vec::new();
    let (mut until, mut told) = (from_now(NEAR_WITHIN), from_now(PICK_TOLD));
    loop {
        let by = if heard.is_empty() { told } else { until };
        match dialog.until_by(by, scan.changed()).await? {
            Some(Ok(seen)) => {
                let is_first = heard.is_empty();
                heard = seen.into_iter().map(Near::from).collect();
                if is_first && !heard.is_empty() {
                    until = until.min(from_now(SECOND_WITHIN));
                }
            }
            Some(Err(error)) => return Err(Exit::No(error.to_string())),
            None if by < until => {
                dialog.now(words.render(texts::PAIR_SCAN_NONE, &[]))?;
                told = until;
            }
            None => return Ok(heard),
        }
    }
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
}

/// The steps of one pairing, as they come.
pub(super) async fn steps<V: DialogView>(
    steps: &mut impl Steps,
    dialog: &mut Dialog<'_, V>,
) -> Flow<Stepped> {
    let words = Words::english();
    let plain = |id| words.render(id, &[]);
    // Whether the digits are wanted. Before, those of a pipe wait.
    let mut wanted = false;
    dialog.now(plain(texts::PAIR_SEARCHING))?;
    loop {
        match dialog.next(wanted, steps.next()).await? {
            Next::Event(None) => return Ok(Stepped::Failed(plain(texts::BLUETOOTH_NO_ANSWER))),
            Next::Event(Some(step)) => {
                wanted = step == PairingStep::PasskeyRequested;
                dialog.page.typed = wanted.then(String::new);
                let now = match step {
                    PairingStep::Searching => texts::PAIR_SEARCHING,
                    PairingStep::Connecting => texts::PAIR_CONNECTING,
                    PairingStep::PasskeyRequested => texts::PAIR_PASSKEY,
                    PairingStep::SystemDialog => texts::PAIR_SYSTEM_ASKS,
                    PairingStep::Checking => texts::PAIR_CHECKING,
                    PairingStep::Paired { name, info } => return Ok(Stepped::Paired { name, about: info }),
                    PairingStep::Failed(why) => return Ok(Stepped::Failed(why.to_string())),
                };
                dialog.now(plain(now))?;
            }
            Next::Press(press) if wanted => {
                match press {
                    Press::Char(char) => dialog.page.put(char),
                    Press::Backspace => dialog.page.rub_out(),
                    Press::Enter | Press::LineEnd => {
                        match dialog.page.typed.take().unwrap_or_default().parse() {
                            Ok(passkey) => {
                                steps.answer(passkey);
                                wanted = false;
                                dialog.page.now = plain(texts::PAIR_ANSWERED);
                            }
                            Err(InvalidPasskey) if !dialog.view.answers() => {
                                return Ok(Stepped::Failed(sentence(&plain(texts::PAIR_PASSKEY_SIX))));
                            }
                            Err(InvalidPasskey) => {
                                dialog.page.typed = Some(String::new());
                                dialog.page.now = plain(texts::PAIR_PASSKEY_SIX);
                            }
                        }
                    }
                    _ => {}
                }
                dialog.show()?;
            }
            Next::Press(_) => {}
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
    ) -> (Flow<Stepped>, Vec<u32>, String) {
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        let (typed, typing) = unbounded_channel();
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
        let (mut view, mut input) = (LineView::new(&mut lines, raw), Input::new(typing).unwrap());
        let mut dialog = Dialog::new(&mut view, &mut input);
        let mut scripted = Scripted {
            before: before.iter().cloned().collect(),
            after: after.iter().cloned().collect(),
            answered: Vec::new(),
        };
        let stepped = steps(&mut scripted, &mut dialog).await;
        (stepped, scripted.answered, String::from_utf8(out).unwrap())
    }

    const WANTED: &[PairingStep] =
        &[PairingStep::Searching, PairingStep::Connecting, PairingStep::PasskeyRequested];

    #[tokio::test(start_paused = true)]
    async fn digits_on_a_pipe_wait_until_they_are_asked_for() {
        let (stepped, answered, said) =
            led("012345\n", false, WANTED, &[PairingStep::Checking, paired()]).await;
        assert!(matches!(stepped, Ok(Stepped::Paired { name: Some(_), .. })), "{stepped:?}");
        assert_eq!(answered, [12_345]);
        let steps = ["Searching", "It is heard", "Type the six digits", "The digits are right"];
        let places: Vec<_> = steps.iter().map(|step| said.find(step)).collect();
        assert!(places.is_sorted() && places[0].is_some(), "{places:?}: {said}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pipe_that_ends_before_six_digits_is_the_end_of_it() {
        let (stepped, answered, _) = led("0123", false, WANTED, &[]).await;
        assert_eq!((stepped, answered.len()), (Err(Exit::Left(Why::InputEnded)), 0));
        let (stepped, answered, _) = led("0123\n", false, WANTED, &[]).await;
        assert!(matches!(stepped, Ok(Stepped::Failed(_))), "{stepped:?}");
        assert_eq!(answered.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slip_is_taken_back_and_what_is_no_passkey_is_asked_for_again() {
        // A pipe whose keys wait stands for somebody who types when they are asked.
        let (stepped, answered, _) = led("01234x<5\n", false, WANTED, &[paired()]).await;
        assert!(matches!(stepped, Ok(Stepped::Paired { .. })), "{stepped:?}");
        assert_eq!(answered, [12_345]);
        // The first keys come before anything is asked on a terminal, and fall away.
        let (stepped, answered, _) = led("999999\n!", true, WANTED, &[paired()]).await;
        assert_eq!((stepped, answered.len()), (Err(Exit::Left(Why::Asked)), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_digit_twice_in_a_row_is_two_digits() {
        let (stepped, answered, _) = led("112223<\n", false, WANTED, &[paired()]).await;
        assert!(matches!(stepped, Ok(Stepped::Failed(_))), "five digits: {stepped:?}");
        assert_eq!(answered.len(), 0);
        let (_, answered, _) = led("112223\n", false, WANTED, &[paired()]).await;
        assert_eq!(answered, [112_223]);
    }

    #[tokio::test(start_paused = true)]
    async fn digits_that_are_pasted_wait_for_enter() {
        let (stepped, answered, _) = led("V", false, WANTED, &[paired()]).await;
        assert_eq!((stepped, answered.len()), (Err(Exit::Left(Why::InputEnded)), 0));
        let (stepped, answered, _) = led("V\n", false, WANTED, &[paired()]).await;
        assert!(matches!(stepped, Ok(Stepped::Paired { .. })), "{stepped:?}");
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
            assert_eq!(stepped, Ok(Stepped::Failed(why)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn escape_gives_up_wherever_it_stands() {
        for before in [&WANTED[..0], WANTED] {
            let (stepped, answered, _) = led("!", true, before, &[]).await;
            assert_eq!((stepped, answered.len()), (Err(Exit::Left(Why::Asked)), 0));
        }
    }
}
