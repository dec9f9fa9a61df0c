//! Looking back on the screen, and a session that is played again on it.

use std::path::Path;

use anyhow::Context as _;
use tui::Scene;
use words::{Value, Words};

use super::glass::{Glass, Tty};
use super::painter::Painter;
use super::{Look, Out};
use crate::clock::{Clock, SystemClock, from_now};
use crate::failure::Failure;
use crate::input::{Came, Input};
use crate::keys::Press;
use crate::live::Why;
use crate::review::keys::play_act;
use crate::review::{Playing, Review, Tape, Wanted, texts};
use crate::signals::Signals;
use crate::terminal::typed;

/// `unknot review` on the screen.
pub(crate) fn review(look: Look, db: &Path, session: Option<&str>) -> Result<(), Failure> {
    let review = Review::open(db, session, SystemClock::start().read().wall, jiff::tz::TimeZone::system())?;
    on_screen(look, async |hall| hall.review(review).await)
}

/// `unknot replay` on the screen.
pub(crate) fn replay(look: Look, tape: Tape) -> Result<(), Failure> {
    on_screen(look, async |hall| hall.play(tape).await)
}

fn on_screen(
    look: Look,
    work: impl AsyncFnOnce(&mut Hall<'_, Tty, SystemClock>) -> Result<Option<Out>, Failure>,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the terminal is taken: a signal that comes now is to find somebody who gives it back.
        let signals = Signals::listen()?;
        let tty = Tty::enter().context("this terminal cannot be drawn on: add --plain")?;
        let mut painter = Painter::new(tty, look.theme)?;
        let (mut input, mut clock) = (Input { keys: typed()?, signals }, SystemClock::start());
        match work(&mut Hall { painter: &mut painter, input: &mut input, clock: &mut clock }).await? {
            Some(Out::Signal(number)) => Err(Failure::Signal(number)),
            Some(Out::Quit | Out::Finished(_) | Out::Left(..)) | None => Ok(()),
        }
    })
}

/// What both need.
pub(super) struct Hall<'a, G, C> {
    pub(super) painter: &'a mut Painter<G>,
    pub(super) input: &'a mut Input,
    pub(super) clock: &'a mut C,
}

impl<G: Glass, C: Clock> Hall<'_, G, C> {
    /// Looks back until it is left. `Some` where the program is left with it.
    pub(super) async fn review(&mut self, mut review: Review) -> Result<Option<Out>, Failure> {
        // In a session a touch of the mouse is nothing; here it is a way.
        self.painter.tell_of_mouse(true)?;
        let out = self.looked_at(&mut review).await;
        self.painter.tell_of_mouse(false)?;
        out
    }

    async fn looked_at(&mut self, review: &mut Review) -> Result<Option<Out>, Failure> {
        loop {
            let screen = self.painter.area();
            self.painter.draw(&review.scene(screen)?)?;
            let wanted = match self.input.next(true).await {
                Came::Press(Press::Interrupt) => return Ok(None),
                Came::StepAside => {
                    self.painter.step_aside()?;
                    continue;
                }
                // A held arrow runs along.
                Came::Press(press) | Came::Again(press) => {
                    review.press(press, screen, self.clock.read().wall)?
                }
                Came::Pasted(text) => review.pasted(&text, screen, self.clock.read().wall)?,
                Came::Pointed(mouse) => review.point(mouse, screen)?,
                Came::Resized => {
                    self.painter.resized()?;
                    continue;
                }
                Came::GoOn => {
                    self.painter.lent()?;
                    continue;
                }
                Came::Leave(Why::Signal(number)) => return Ok(Some(Out::Signal(number))),
                Came::Leave(_) => return Ok(Some(Out::Quit)),
            };
            match wanted {
                Wanted::Nothing => {}
                Wanted::Leave => return Ok(None),
                Wanted::Play(tape) => match self.play(*tape).await {
                    Ok(Some(out)) => return Ok(Some(out)),
                    Ok(None) => {}
                    // The timeline can be looked at though it cannot be played.
                    Err(failure) => review.notice(failure.to_string()),
                },
            }
        }
    }

    /// Plays a session again until it is left. `Some` where the program is left with it.
    pub(super) async fn play(&mut self, tape: Tape) -> Result<Option<Out>, Failure> {
        let words = Words::english();
        let mut playing = Playing::begin(tape, &words).map_err(|error| {
            let why = error.to_string();
            anyhow::anyhow!(words.render(texts::CANNOT_PLAY, &[("why", Value::Name(&why))]))
        })?;
        let mut last = self.clock.read().monotonic;
        loop {
            self.painter.draw(&Scene::Replay(Box::new(playing.scene())))?;
            let due = playing.due();
            let time = async {
                match due {
                    Some(due) => tokio::time::sleep_until(from_now(due)).await,
                    None => std::future::pending().await,
                }
            };
            let came = tokio::select! {
                came = self.input.next(true) => Some(came),
                () = time => None,
            };
            let now = self.clock.read().monotonic;
            playing.pass(now.saturating_sub(last));
            last = now;
            match came {
                None | Some(Came::Pasted(_) | Came::Pointed(_)) => {}
                Some(Came::Press(Press::Interrupt)) => return Ok(None),
                Some(Came::StepAside) => {
                    self.painter.step_aside()?;
                    // Nobody looked meanwhile.
                    last = self.clock.read().monotonic;
                }
                Some(Came::Press(press) | Came::Again(press)) => {
                    if let Some(act) = play_act(press)
                        && !playing.act(act)
                    {
                        return Ok(None);
                    }
                }
                Some(Came::Resized) => self.painter.resized()?,
                Some(Came::GoOn) => self.painter.lent()?,
                Some(Came::Leave(Why::Signal(number))) => return Ok(Some(Out::Signal(number))),
                Some(Came::Leave(_)) => return Ok(Some(Out::Quit)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use coach::Moment;
    use tokio::sync::mpsc::unbounded_channel;
    use transcript::{Entry, Kind};

    use super::*;
    use crate::clock::{Pace, PausedClock, fresh_id};
    use crate::commands::plan;
    use crate::practice::header;
    use crate::screen::glass::tests::Pane;
    use crate::terminal::Typed;
    use sim::{Cast, Memory, Settings, Simulation};

    /// A whole session is played again while somebody watches: it says what it is all the time, and nothing rings, though
    /// there were alarms.
    #[tokio::test(start_paused = true)]
    async fn no_alarm_of_the_past_rings() {
        let header = header(fresh_id(), plan::chosen(None).unwrap(), Some(12), jiff::Timestamp::UNIX_EPOCH);
        let mut sitting =
            Simulation::begin(header, Memory::new(), Settings::quiet(12), Cast::People).unwrap();
        sitting.run(Duration::from_secs(3_600), drop).unwrap();
        let entries: Vec<Entry> = sitting.into_storage();
        let lasted = Duration::from_millis(entries.iter().map(|entry| entry.at_ms).max().unwrap());
        assert!(entries.iter().any(|entry| matches!(entry.kind, Kind::Sharp {})));
        let tape = Tape {
            entries,
            title: "a title".to_owned(),
            receiver: None,
            warning: None,
            from: Moment::START,
            pace: Pace::REAL,
        };
        let pane = Pane::new(80, 24);
        let mut painter = Painter::new(pane.clone(), tui::Theme::default()).unwrap();
        let (press, keys) = unbounded_channel();
        let (mut input, mut clock) = (Input::new(keys).unwrap(), PausedClock::start());
        let mut hall = Hall { painter: &mut painter, input: &mut input, clock: &mut clock };
        let watch = async {
            let mut alarms = 0;
            for _ in 0..=lasted.as_secs() {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let text = pane.text();
                assert!(text.starts_with(" REPLAY "), "{text}");
                alarms += usize::from(text.contains("!!! ALARM !!!"));
            }
            assert!(alarms > 0);
            assert!(pane.text().contains("the end"), "{}", pane.text());
            press.send(Typed::Press(Press::Esc)).unwrap();
        };
        let (out, ()) = tokio::join!(hall.play(tape), watch);
        assert!(out.unwrap().is_none());
        assert_eq!(pane.rings(), 0);
    }
}
