//! A stored session that is played again on the screen it was seen on: its inputs through the real coach, what comes of
//! them on a board. Nothing is stored and nothing sounds; whoever plays says how far it has come.

use coach::{Input, Link, Moment, Output};
use report::text::clock;
use report::timeline::Timeline;
use std::time::Duration;
use transcript::{Entry, Played, Player, ReplayError};
use tui::{Battery, Board, Replay, Signal, Sitting};
use words::{Value, Words};

use super::keys::{PlayAct, play_hints};
use super::texts;
use crate::clock::Pace;

/// One leap.
const LEAP: Duration = Duration::from_secs(10);

/// The fastest and the slowest that can be chosen while it is played.
const FASTEST: f64 = 64.0;
const SLOWEST: f64 = 0.25;

/// A frame is not drawn more often than this: more is not seen.
const FRAME: Duration = Duration::from_millis(40);

/// What is to be played.
#[derive(Debug, Clone)]
pub(crate) struct Tape {
    pub(crate) entries: Vec<Entry>,
    /// Which session it is.
    pub(crate) title: String,
    /// Who was the receiver.
    pub(crate) receiver: Option<String>,
    /// What is not as it should be with this transcript.
    pub(crate) warning: Option<String>,
    /// Where it begins.
    pub(crate) from: Moment,
    pub(crate) pace: Pace,
}

impl Tape {
    /// Holds what will be seen against what was lived, and warns where they part: an older coach, or a changed record.
    pub(super) fn compare(&mut self, words: &Words) -> Result<(), ReplayError> {
        if let Some(difference) = transcript::difference(&self.entries)? {
            let at = clock(difference.at_ms());
            let differs = words.render(texts::DIFFERS, &[("at", Value::Name(&at))]);
            let before = self.warning.take().map(|warning| warning + " ").unwrap_or_default();
            self.warning = Some(before + &differs);
        }
        Ok(())
    }
}

/// A session that is being played again.
#[derive(Debug)]
pub(crate) struct Playing {
    tape: Tape,
    line: Timeline,
    words: Words,
    player: Player,
    board: Board,
    signal: Signal,
    now: Moment,
    pace: f64,
    running: bool,
    notice: Option<String>,
}

impl Playing {
    /// Puts a tape in.
    ///
    /// # Errors
    /// Where the transcript has no usable header.
    pub(crate) fn begin(mut tape: Tape, words: &Words) -> Result<Self, ReplayError> {
        let player = Player::begin(&tape.entries)?;
        tape.compare(words)?;
        let mut playing = Self {
            line: Timeline::of(&tape.entries),
            words: report::words_of(&tape.entries, words),
            player,
            board: Board::default(),
            signal: Signal::Lost,
            now: Moment::START,
            pace: tape.pace.factor(),
            running: true,
            notice: Some(words.render(texts::PLAYED_AGAIN, &[])),
            tape,
        };
        playing.leap(playing.tape.from);
        Ok(playing)
    }

    /// So much of the clock has passed.
    pub(crate) fn pass(&mut self, real: Duration) {
        if self.running {
            self.on_to(self.now + real.mul_f64(self.pace), self.pace);
        }
    }

    /// Plays on to this moment, or to the end, at this pace.
    fn on_to(&mut self, to: Moment, pace: f64) {
        let to = to.min(self.player.end());
        self.play_to(to, pace);
        // Nobody saw what is not on record: it is passed over, and told.
        if let Some(back) = self.player.nobody_until(to) {
            let stood = report::text::seconds(back.since(to).as_millis() as u64);
            self.notice = Some(self.words.render(texts::NOBODY_THERE, &[("for", Value::Name(&stood))]));
            self.play_to(back, pace);
        }
        self.running &= self.now < self.player.end();
    }

    fn play_to(&mut self, to: Moment, pace: f64) {
        let (board, signal) = (&mut self.board, &mut self.signal);
        // It is read on the clock, at whatever pace it is played.
        let words = &self.words;
        board.hurry(pace > Pace::REAL.factor());
        self.player.play_to(to, |at, played, coach| match played {
            Played::Input(Input::Link(link)) => {
                *signal = match link {
                    Link::Live { .. } | Link::Restarted => Signal::Live,
                    Link::Stale => Signal::Stale,
                    Link::Lost => Signal::Lost,
                };
            }
            Played::Input(_) => {}
            Played::Output(output) => {
                if let Output::Prompt(prompt) = output {
                    board.said(at, prompt, words.reading_time(&prompt).mul_f64(pace));
                }
                board.see(at, &coach.view(at));
            }
        });
        self.now = to;
        self.board.see(to, &self.player.coach().view(to));
    }

    /// Goes to another moment. What came before is played, unseen, from the beginning where it has to be.
    fn leap(&mut self, to: Moment) {
        if to < self.now
            && let Ok(player) = Player::begin(&self.tape.entries)
        {
            (self.player, self.board, self.signal) = (player, Board::default(), Signal::Lost);
        }
        let running = self.running;
        // As it was lived: however one came here, it is the same screen.
        self.on_to(to, Pace::REAL.factor());
        self.running = running && self.now < self.player.end();
    }

    fn leap_to(&mut self, ms: Option<u64>) {
        match ms {
            Some(ms) => self.leap(Moment::from_millis(ms)),
            None => self.notice = Some(self.words.render(texts::NO_SHARP_AFTER, &[])),
        }
    }

    /// Whether it goes on.
    pub(crate) fn act(&mut self, act: PlayAct) -> bool {
        let ms = self.now.as_millis();
        match act {
            PlayAct::Pause if self.running => self.running = false,
            PlayAct::Pause if self.now >= self.player.end() => {
                self.leap(Moment::START);
                self.running = true;
            }
            PlayAct::Pause => self.running = true,
            PlayAct::Back10 => {
                self.leap(Moment::from_millis(ms.saturating_sub(LEAP.as_millis() as u64)));
            }
            PlayAct::On10 => self.leap(self.now + LEAP),
            PlayAct::Faster => self.pace = (self.pace * 2.0).min(FASTEST),
            PlayAct::Slower => self.pace = (self.pace / 2.0).max(SLOWEST),
            PlayAct::SharpAfter => self.leap_to(self.line.sharp_after(ms)),
            PlayAct::LeadBefore => self.leap_to(self.line.before_sharp_after(ms)),
            PlayAct::Begin => self.leap(Moment::START),
            PlayAct::Leave => return false,
        }
        true
    }

    /// The moment that is seen, in milliseconds.
    pub(crate) const fn at_ms(&self) -> u64 {
        self.now.as_millis()
    }

    /// Faster than the clock, a flash would be faster than is safe for people; and what is over has no need to flash.
    const STILL: bool = true;

    /// How long, on the clock, until something that is seen changes by itself.
    pub(crate) fn due(&self) -> Option<Duration> {
        if !self.running {
            return None;
        }
        let view = self.player.coach().view(self.now);
        let seen = self.board.due(self.now, &view, Self::STILL);
        let next = self.player.due().into_iter().chain(seen).chain([self.player.end()]).min();
        next.map(|due| due.since(self.now).div_f64(self.pace).max(FRAME))
    }

    pub(crate) fn scene(&self) -> Replay {
        let mut shown = self.board.shown(self.now);
        if let Some(alarm) = &mut shown.alarm {
            alarm.lit = true;
        }
        let end = clock(self.player.end().as_millis());
        let (stop, keys) = play_hints(&self.words);
        let at = [
            ("at", Value::Name(&clock(self.at_ms()))),
            ("end", Value::Name(&end)),
            ("speed", Value::Name(&self.pace.to_string())),
        ];
        let id = if self.running {
            texts::PLAYING
        } else if self.now >= self.player.end() {
            texts::PLAYED
        } else {
            texts::PAUSED
        };
        Replay {
            sitting: Sitting {
                view: self.player.coach().view(self.now),
                shown,
                signal: self.signal,
                reaching: None,
                battery: Battery::Unknown,
                receiver: self.tape.receiver.clone(),
                practice: false,
                notice: self.notice.clone(),
                note: None,
                stop,
                keys,
            },
            title: self.tape.title.clone(),
            moment: self.words.render(id, &at),
            warning: self.tape.warning.clone(),
        }
    }
}
