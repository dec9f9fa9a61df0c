//! Looking back as plain lines: the same pages and keys, told where they have changed. For screen readers, dumb terminals
//! and pipes.

use std::io::{IsTerminal as _, Write, stdin, stdout};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use ratatui::layout::Rect;
use transcript::{Entry, Played, Player};
use tui::{Pane, Scene};
use words::Words;

use super::{Review, Tape, Wanted, texts};
use crate::clock::{Clock as _, SystemClock, from_now};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::keys::{Clicker, Press};
use crate::live::Why;
use crate::teller::Teller;
use crate::terminal::{BELL, Lines, Raw, typed};

/// What the pages are laid out for: lines wrap by themselves, and so many rows are told at once.
const PAGE: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };

/// What came.
enum Came {
    Press(Press),
    /// A text that was pasted.
    Pasted(String),
    /// Nothing, within the time.
    Time,
    /// A wish to leave, by a signal of this number or by the keys.
    Leave(Option<u8>),
}

/// Input and lines.
struct Desk<W> {
    input: Input,
    /// Whether keys may still come.
    open: bool,
    lines: Lines<W>,
}

impl<W: Write> Desk<W> {
    /// What comes next, within this time if one is given. Keys that were piped in may come to their end before the time
    /// does.
    async fn came(&mut self, within: Option<Duration>) -> Result<Came, Failure> {
        let until = within.map(from_now);
        loop {
            let time = async {
                match until {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            let came = tokio::select! {
                came = self.input.next(self.open) => came,
                () = time => return Ok(Came::Time),
            };
            match came {
                input::Came::Leave(Why::InputEnded) if until.is_some() && !stdin().is_terminal() => {
                    self.open = false;
                }
                input::Came::Leave(Why::Signal(number)) => return Ok(Came::Leave(Some(number))),
                input::Came::Press(Press::Interrupt) | input::Came::Leave(_) => return Ok(Came::Leave(None)),
                input::Came::StepAside => Raw::step_aside()?,
                input::Came::Press(press) | input::Came::Again(press) => return Ok(Came::Press(press)),
                input::Came::Pasted(text) => return Ok(Came::Pasted(text)),
                input::Came::Pointed(_) | input::Came::Resized | input::Came::GoOn => {}
            }
        }
    }
}

/// `unknot review --plain`
pub(crate) fn review(db: &Path, session: Option<&str>) -> Result<(), Failure> {
    let mut clock = SystemClock::start();
    let mut review = Review::open(db, session, clock.read().wall, jiff::tz::TimeZone::system())?;
    at_desk(async |desk| {
        let mut told: Vec<String> = Vec::new();
        loop {
            if !desk.open {
                return Ok(());
            }
            let now = lines(&review.scene(PAGE)?);
            for line in now.iter().filter(|line| !told.contains(line)) {
                desk.lines.line(line)?;
            }
            told = now;
            let wall = clock.read().wall;
            let wanted = match desk.came(None).await? {
                Came::Press(press) => review.press(press, PAGE, wall)?,
                Came::Pasted(text) => review.pasted(&text, PAGE, wall)?,
                Came::Time => Wanted::Nothing,
                Came::Leave(None) => return Ok(()),
                Came::Leave(Some(number)) => return Err(Failure::Signal(number)),
            };
            match wanted {
                Wanted::Nothing => {}
                Wanted::Play(tape) => {
                    play(*tape, desk).await?;
                    told.clear();
                }
                Wanted::Leave => return Ok(()),
            }
        }
    })
}

/// `unknot replay --plain`
pub(crate) fn replay(tape: Tape) -> Result<(), Failure> {
    at_desk(async |desk| play(tape, desk).await)
}

fn at_desk(work: impl AsyncFnOnce(&mut Desk<std::io::Stdout>) -> Result<(), Failure>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let raw = Raw::enter().context("the terminal cannot be read key by key: pipe the keys in instead")?;
        let lines = Lines::on(stdout(), raw.as_ref());
        let mut desk = Desk { input: Input::new(typed()?)?, open: true, lines };
        work(&mut desk).await
    })
}

/// Plays a session as it was told when it was lived, at its pace, until a key is pressed. No alarm sounds.
async fn play<W: Write>(mut tape: Tape, desk: &mut Desk<W>) -> Result<(), Failure> {
    let words = Words::english();
    tape.compare(&words)?;
    let mut player = Player::begin(&tape.entries)?;
    let mut teller = Teller::new(Clicker::OnKeyboard);
    if let Some(Entry { kind: transcript::Kind::Session(header), .. }) = tape.entries.first() {
        teller.led_by(header.plan.figures.technique);
    }
    desk.lines.line(&words.render(texts::PLAYED_AGAIN, &[]))?;
    desk.lines.line(&tape.title)?;
    if let Some(warning) = &tape.warning {
        desk.lines.line(&format!("!! {warning}"))?;
    }
    // What came before is played and not told.
    player.play_to(tape.from, |_, _, _| {});
    let mut now = tape.from;
    loop {
        let mut told = Vec::new();
        player.play_to(now, |at, played, _| {
            if let Played::Output(output) = played
                && let Some(entry) = Entry::of_output(at, output)
            {
                told.extend(teller.entry(&entry).map(|line| (at, line)));
            }
        });
        for (at, line) in told {
            // The bell is for what happens now.
            let line = line.replace(BELL, "");
            desk.lines.line(&format!("{} {line}", report::text::clock(at.as_millis())))?;
        }
        let Some(due) = player.due() else { break };
        match desk.came(Some(tape.pace.takes(due.since(now)))).await? {
            Came::Time => now = due,
            Came::Press(Press::LineEnd) | Came::Pasted(_) => {}
            Came::Press(_) => return Ok(()),
            Came::Leave(None) => return Ok(()),
            Came::Leave(Some(number)) => return Err(Failure::Signal(number)),
        }
    }
    desk.lines.line(&words.render(texts::PLAYED_TO_END, &[]))?;
    Ok(())
}

/// A page in lines.
fn lines(scene: &Scene) -> Vec<String> {
    match scene {
        Scene::Review(review) => {
            let filters = review
                .filters
                .iter()
                .filter_map(|filter| filter.value.as_ref().map(|value| format!("{}: {value}", filter.name)));
            let rows = review.rows.iter().enumerate().map(|(nth, row)| {
                let mark = if review.chosen == Some(nth) { ">" } else { " " };
                let sharp = if row.sharp { " SHARP" } else { "" };
                let tui::SessionRow { when, receiver, plan, place, lasted, holds, sharp: _ } = row;
                format!("{mark} {when}  {receiver}  {plan}  {place}  {lasted}  {holds}{sharp}")
            });
            std::iter::once(review.counted.clone())
                .chain(filters)
                .chain(rows)
                .chain(review.about.iter().cloned())
                .chain(typed_line(review.typed.as_ref()))
                .chain(review.notice.iter().cloned())
                .collect()
        }
        Scene::Timeline(line) => {
            let pane: Vec<String> = match &line.pane {
                Pane::Log { lines, chosen } => {
                    chosen.and_then(|nth| lines.get(nth)).cloned().into_iter().collect()
                }
                Pane::Notes { notes, chosen } => notes
                    .iter()
                    .enumerate()
                    .flat_map(|(nth, note)| {
                        let mark = if nth == *chosen { ">" } else { " " };
                        std::iter::once(format!("{mark} {}", note.now))
                            .chain(note.before.iter().map(|before| format!("    {before}")))
                    })
                    .collect(),
                Pane::Meanings { meanings, .. } => {
                    meanings.iter().map(|hint| format!("{}: {}", hint.key, hint.what)).collect()
                }
            };
            [line.title.clone()]
                .into_iter()
                .chain(line.warning.iter().map(|warning| format!("!! {warning}")))
                .chain([line.moment.clone()])
                .chain(line.now.iter().cloned())
                .chain(pane)
                .chain(typed_line(line.typed.as_ref()))
                .chain(line.notice.iter().cloned())
                .collect()
        }
        Scene::Help(help) => help
            .groups
            .iter()
            .flat_map(|group| {
                let rows = group.rows.iter().map(|row| format!("  {:18} {}", row.key, row.what));
                std::iter::once(group.title.clone()).chain(rows)
            })
            .collect(),
        Scene::Start(_) | Scene::Steps(_) | Scene::Sitting(_) | Scene::Finished(_) | Scene::Replay(_) => {
            Vec::new()
        }
    }
}

fn typed_line(typed: Option<&(String, String)>) -> Option<String> {
    typed.map(|(what, text)| format!("{what}: {text}"))
}
