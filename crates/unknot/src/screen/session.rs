//! A session on the screen: what the loop tells becomes scenes. A frame is drawn when something that is seen has
//! changed, and when the board says that something changes by itself; otherwise nothing is.

use std::io;
use std::time::Duration;

use coach::{Key, Level, Moment, Prompt, RatingNow, Technique};
use session::{FrameCounts, View};
use transcript::{Entry, Kind, LinkState};
use tui::{Battery, Board, Group, Help, Hint, Scene, Signal, Sitting};

use super::glass::Glass;
use super::painter::Painter;
use super::summary::Summary;
use crate::air::{LinkStatus, Reaching, StatusLines};
use crate::clock::Pace;
use crate::front::{Front, Spoilt};
use crate::hints;
use crate::keys::{self, Act, Clicker, Press};
use crate::stop;

/// A notice is to be read this long: twice, at leisure.
const NOTICE_STANDS: Duration = Duration::from_secs(6);

/// What is counted of the frames is not drawn.
const NO_FRAMES: FrameCounts =
    FrameCounts { taken: 0, repeated: 0, early: 0, malformed: 0, unknown: 0, rejected: 0 };

/// A session on the screen.
#[derive(Debug)]
pub(crate) struct OnScreen<'a, G> {
    painter: &'a mut Painter<G>,
    receiver: Option<String>,
    clicker: Clicker,
    statuses: StatusLines,
    board: Board,
    summary: Summary,
    signal: Signal,
    /// What is being done to get the link back, in a word or two.
    reaching: Option<String>,
    /// The battery, read so long before this moment.
    battery: Option<(Moment, u8, Duration)>,
    /// What a person has to do about the link, for as long as that is so.
    needed: Option<String>,
    notice: Option<(Moment, String)>,
    note: Option<String>,
    /// The first row of the help that is to be seen, where it is open.
    help: Option<usize>,
    /// What was drawn last, without the figures that move by themselves; `None` where it has to be drawn again.
    drawn: Option<View>,
    /// When one of those figures moves.
    due: Option<Moment>,
    /// How fast the session's time passes: people read in their own.
    pace: Pace,
    technique: Technique,
    /// Faster than the clock, a flash would be too fast for people: then nothing flashes.
    still: bool,
}

impl<'a, G: Glass> OnScreen<'a, G> {
    /// A session with this receiver, of which so much has come about already.
    pub(crate) fn new(
        painter: &'a mut Painter<G>,
        receiver: Option<String>,
        so_far: &[Entry],
        pace: Pace,
        (clicker, statuses): (Clicker, StatusLines),
    ) -> Self {
        let mut summary = Summary::of(Technique::Partner);
        so_far.iter().for_each(|entry| summary.entry(entry));
        let mut board = Board::default();
        board.hurry(pace.factor() > Pace::REAL.factor());
        Self {
            // Faster than the clock, a flash would be faster than is safe.
            still: pace != Pace::REAL || painter.is_still(),
            painter,
            receiver,
            clicker,
            statuses,
            board,
            pace,
            technique: Technique::Partner,
            summary,
            signal: Signal::Lost,
            reaching: None,
            battery: None,
            needed: None,
            notice: None,
            note: None,
            help: None,
            drawn: None,
            due: None,
        }
    }

    /// Begins with this to be read.
    pub(crate) fn open_with(&mut self, text: &str) {
        self.notice = Some((Moment::START, text.to_owned()));
    }

    /// What is known of it, once it is over.
    pub(crate) fn finished(&self, unstored: usize, keys: Vec<Hint>) -> Option<Scene> {
        let finished = self.summary.finished(self.receiver.as_deref(), unstored, keys)?;
        Some(Scene::Finished(Box::new(finished)))
    }

    fn scene(&self, now: Moment, view: &View) -> Scene {
        if let Some(finished) = self.finished(view.unstored, Vec::new()) {
            return finished;
        }
        let sitting = self.sitting(now, view);
        match self.help {
            Some(top) => {
                Scene::Help(Box::new(Help { groups: groups(self.clicker), top, behind: Some(sitting) }))
            }
            None => Scene::Sitting(sitting),
        }
    }

    fn sitting(&self, now: Moment, view: &View) -> Box<Sitting> {
        let failing = view
            .store_failing
            .then(|| "The disk takes nothing: this hold can be finished, and no other begins.".to_owned());
        let mut shown = self.board.shown(now);
        if let Some(alarm) = shown.alarm.as_mut().filter(|_| self.still) {
            alarm.lit = true;
        }
        Box::new(Sitting {
            view: view.coach,
            shown,
            signal: self.signal,
            reaching: self.reaching.clone(),
            battery: self.battery.map_or(Battery::Unknown, |(read, percent, age)| Battery::Read {
                percent,
                age: age.saturating_add(now.since(read)),
            }),
            receiver: self.receiver.clone(),
            practice: self.clicker == Clicker::OnKeyboard,
            notice: self
                .notice
                .as_ref()
                .map(|(_, text)| text.clone())
                .or(failing)
                .or_else(|| self.needed.clone()),
            note: self.note.clone(),
            stop: hint(Act::Partner(Key::Stop), "STOP", self.clicker),
            keys: std::iter::once(hint(Act::Help, "keys", self.clicker))
                .chain(hints::now(&view.coach).map(|&(act, what)| hint(act, what, self.clicker)))
                .collect(),
        })
    }

    /// Draws again with the next turn.
    fn stir(&mut self) {
        self.drawn = None;
    }
}

impl<G: Glass> Front for OnScreen<'_, G> {
    fn led_by(&mut self, technique: Technique) {
        self.summary.led_by(technique);
        self.technique = technique;
    }

    fn happened(&mut self, _: Moment, entry: &Entry) -> io::Result<()> {
        self.summary.entry(entry);
        if let Kind::Link { state, .. } = entry.kind {
            self.signal = match state {
                LinkState::Live | LinkState::Restarted => Signal::Live,
                LinkState::Stale => Signal::Stale,
                LinkState::Lost => Signal::Lost,
            };
        }
        // Most beats of a clicker make no entry; what does may be seen.
        self.stir();
        Ok(())
    }

    fn said(&mut self, now: Moment, prompt: Prompt) -> io::Result<()> {
        let takes = self.painter.reading_time(self.technique, &prompt);
        self.board.said(now, prompt, self.pace.passes_in(takes));
        self.summary.said(prompt);
        self.stir();
        // The partner looks at the back: without a sound no alarm would be noticed.
        if prompt.level() >= Level::Medium || stop::is_stop(prompt) { self.painter.ring() } else { Ok(()) }
    }

    fn notice(&mut self, now: Moment, text: &str) -> io::Result<()> {
        self.notice = Some((now, text.to_owned()));
        self.board.drop_remark();
        self.stir();
        Ok(())
    }

    fn told(&mut self, now: Moment, status: &LinkStatus) -> io::Result<()> {
        match status {
            LinkStatus::Battery { percent, age } => self.battery = Some((now, *percent, *age)),
            LinkStatus::Reaching(reaching) => {
                self.reaching = self.statuses.short(reaching);
                match reaching {
                    Reaching::Adapter(_) | Reaching::Doubted(_) => self.needed = self.statuses.line(status),
                    // What only a person can mend stays until it is mended.
                    Reaching::Idle | Reaching::Scanning | Reaching::Waiting(_) => {}
                    Reaching::Connecting
                    | Reaching::Securing
                    | Reaching::Subscribing
                    | Reaching::Connected => self.needed = None,
                }
            }
            LinkStatus::NotReached(_) => {
                self.reaching = Some(self.statuses.short_of_person());
                self.needed = self.statuses.line(status);
            }
        }
        self.stir();
        Ok(())
    }

    fn note(&mut self, text: Option<&str>) -> io::Result<()> {
        self.note = text.map(str::to_owned);
        self.stir();
        Ok(())
    }

    fn help(&mut self) -> io::Result<()> {
        self.help = Some(0);
        self.stir();
        Ok(())
    }

    fn takes(&mut self, press: Press) -> bool {
        let Some(top) = self.help else { return false };
        self.stir();
        let (help, taken) = turned(top, press, self.painter.rows(), self.clicker);
        self.help = help;
        taken
    }

    fn spoilt(&mut self, how: Spoilt) -> io::Result<()> {
        self.stir();
        match how {
            Spoilt::Resized => self.painter.resized(),
            Spoilt::Lent => self.painter.lent(),
        }
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.stir();
        self.painter.step_aside()
    }

    fn turn(&mut self, now: Moment, view: &View) -> io::Result<()> {
        self.board.cover(self.help.is_some());
        self.board.see(now, &view.coach);
        let standing = standing(view);
        let moved = self.due.is_some_and(|due| now >= due);
        if !moved && self.drawn == Some(standing) {
            return Ok(());
        }
        self.notice.take_if(|(since, _)| now.since(*since) >= NOTICE_STANDS);
        let scene = self.scene(now, view);
        self.painter.draw(&scene)?;
        self.drawn = Some(standing);
        let notice = self.notice.as_ref().map(|(since, _)| *since + NOTICE_STANDS);
        self.due = match scene {
            // It stands as it is.
            Scene::Finished(_)
            | Scene::Start(_)
            | Scene::Steps(_)
            | Scene::Review(_)
            | Scene::Timeline(_)
            | Scene::Replay(_) => None,
            Scene::Sitting(_) | Scene::Help(_) => {
                let board = self.board.due(now, &view.coach, self.still);
                board.into_iter().chain(notice).min()
            }
        };
        Ok(())
    }

    fn due(&self, _: Moment, _: &View) -> Option<Moment> {
        self.due
    }
}

/// The view without the figures that move by themselves, and those that are not drawn: the board knows when the former
/// are drawn next.
const fn standing(view: &View) -> View {
    let mut standing = *view;
    standing.coach.phase_for = Duration::ZERO;
    if let Some(count) = &mut standing.coach.count {
        count.left = Duration::ZERO;
    }
    if let RatingNow::Live { age, .. } = &mut standing.coach.rating {
        *age = Duration::ZERO;
    }
    standing.frames = NO_FRAMES;
    if !matches!(view.coach.phase, coach::Phase::Finished) {
        standing.unstored = 0;
    }
    standing
}

/// Where the help stands after a key, and whether the key was meant for it. Any other key does what it does, and the
/// help goes, so that what it did is seen.
pub(super) fn turned(top: usize, press: Press, rows: u16, clicker: Clicker) -> (Option<usize>, bool) {
    // A title a group, and what stands around the table.
    let lines: usize = keys::groups(clicker).map(|(_, rows)| rows.len() + 1).sum();
    let last = lines.saturating_sub(usize::from(rows.saturating_sub(4)));
    match press {
        Press::Up => (Some(top.saturating_sub(1)), true),
        Press::Down => (Some((top + 1).min(last)), true),
        Press::Esc | Press::Char('?') => (None, true),
        Press::Char(_)
        | Press::Left
        | Press::PageUp
        | Press::PageDown
        | Press::Home
        | Press::End
        | Press::Right
        | Press::Enter
        | Press::LineEnd
        | Press::Backspace
        | Press::Interrupt
        | Press::Suspend
        | Press::Other => (None, false),
    }
}

/// The table of keys, as it is drawn.
pub(super) fn groups(clicker: Clicker) -> Vec<Group> {
    keys::groups(clicker)
        .map(|(title, rows)| Group {
            title: title.to_owned(),
            rows: rows
                .into_iter()
                .map(|(key, what)| Hint { key: key.to_owned(), what: what.to_owned() })
                .collect(),
        })
        .collect()
}

fn hint(act: Act, what: &str, clicker: Clicker) -> Hint {
    Hint { key: keys::key_for(act, clicker).unwrap_or_default().to_owned(), what: what.to_owned() }
}
