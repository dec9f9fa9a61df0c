//! A session lived through in real time: the one select loop.
//!
//! It takes its clock, its keys, its link, its store and its lines as parameters and decides nothing. One turn:
//!
//! ```text
//!   wait for a frame, a key, the disk, the clicker's lights, a signal of the system, or the next deadline   (1)
//!   read the clock; a gap goes first, before whatever had been waiting meanwhile                            (2)
//!   tell the session what happened                                                                          (3)
//!   drain it: batches to the store, cues to the link, entries to the lines                                  (4)
//! ```

use std::io::Write;
use std::time::Duration;

use coach::{Key, Moment, Phase};
use handheld::Face;
use link::Link;
use session::{Input, Output, Session};
use sim::Gesture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use wire::Frame;

use crate::clock::{Clock, Timeline};
use crate::keys::{self, Act, Press};
use crate::signals::Signals;
use crate::store::{Store, Written};
use crate::teller::{self, Teller};
use crate::terminal::{Lines, Typed};

/// The loop turns at least this often, so that two clocks drifting apart are seen before anything else happens.
const TURN: Duration = Duration::from_millis(500);

/// A link that takes no frame for so long has not taken it: the keys and the clock do not wait for the air.
const TAKEN_WITHIN: Duration = Duration::from_millis(200);

/// A clicker that is there says so within its first beat, half a second. The partner's keys do not wait for one that is not.
const GREETED_WITHIN: Duration = Duration::from_secs(1);

/// How long leaving waits for the disk. A disk that takes longer has failed, and what it has is all there is.
const LAST_BATCHES: Duration = Duration::from_secs(5);

/// How a session was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is over.
    Finished,
    /// It can be taken up again.
    Left(Why),
}

/// Why a session was left before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The person wanted to.
    Asked,
    /// No more keys will come.
    InputEnded,
    /// Nobody reads the lines any more.
    NobodyReads,
    /// The thread that writes is gone.
    StoreGone,
    /// The system wants the program to end.
    Signal(u8),
}

/// What a loop is made of.
pub(crate) struct Live<'a, C, L, W> {
    /// What is lived through.
    pub(crate) session: Session,
    /// Tells the time.
    pub(crate) clock: &'a mut C,
    /// Makes it the session's.
    pub(crate) timeline: Timeline,
    /// The clicker.
    pub(crate) link: L,
    /// The disk.
    pub(crate) store: Store,
    /// The keyboard.
    pub(crate) keys: &'a mut UnboundedReceiver<Typed>,
    /// Signals of the system.
    pub(crate) signals: &'a mut Signals,
    /// The hand on a clicker played by keyboard.
    pub(crate) hand: UnboundedSender<Gesture>,
    /// The lights of that clicker.
    pub(crate) lights: UnboundedReceiver<Face>,
    /// Where the lines go.
    pub(crate) lines: &'a mut Lines<W>,
}

/// What a turn was woken by.
enum Happened {
    Frame(Option<Frame>),
    Typed(Typed),
    Written(Option<Written>),
    Lights(Face),
    Signal(u8),
    Due,
}

/// The loop while it runs.
struct Running<'a, C, L, W> {
    live: Live<'a, C, L, W>,
    teller: Teller,
    now: Moment,
    linked: bool,
    /// Keys wait until the clicker has been heard, or has had its time: a key that is there before the first frame, as
    /// in a pipe, is not pressed on a clicker that knows of no session yet.
    greeted: bool,
    /// The note being written, as far as it has got.
    note: Option<String>,
    /// Why the loop is being left, and by when at the latest.
    leaving: Option<(Why, Moment)>,
    finished: bool,
}

impl<C: Clock, L: Link, W: Write> Live<'_, C, L, W> {
    /// Lives through the session until it is over or left. `now` is the moment at which it begins or goes on.
    pub(crate) async fn run(self, now: Moment) -> Ending {
        let mut running = Running {
            live: self,
            teller: Teller::new(),
            now,
            linked: true,
            greeted: false,
            note: None,
            leaving: None,
            finished: false,
        };
        running.run().await
    }
}

impl<C: Clock, L: Link, W: Write> Running<'_, C, L, W> {
    async fn run(&mut self) -> Ending {
        let greeted_by = self.now + self.live.timeline.pace().passes_in(GREETED_WITHIN);
        self.live.session.handle(self.now, Input::Connected);
        loop {
            self.drain().await;
            self.tell();
            if self.finished {
                return Ending::Finished;
            }
            if let Some((why, by)) = self.leaving
                && (self.live.session.view(self.now).unstored == 0 || self.now >= by)
            {
                return Ending::Left(why);
            }
            let due = self.due();
            let happened = self.wait(due).await; // (1)
            let turn = self.live.timeline.turn(self.live.clock.read(), due); // (2)
            self.now = turn.now;
            self.greeted |= self.live.session.view(self.now).obeyed || self.now >= greeted_by;
            if let Some(gap) = turn.gap {
                tracing::warn!(?gap, "nobody was there");
                self.live.session.handle(self.now, Input::Gap(gap));
                self.drain().await;
            }
            self.take(happened); // (3)
        }
    }

    async fn wait(&mut self, due: Moment) -> Happened {
        let Live { link, store, keys, signals, lights, timeline, .. } = &mut self.live;
        let wait = timeline.until(self.now, due);
        // Only the first word of leaving counts, and an end of input comes once.
        let stays = self.leaving.is_none();
        let listens = stays && self.greeted;
        tokio::select! {
            frame = link.next(), if self.linked => Happened::Frame(frame.ok()),
            typed = keys.recv(), if listens => Happened::Typed(typed.unwrap_or(Typed::Ended)),
            written = store.written() => Happened::Written(written),
            Some(face) = lights.recv() => Happened::Lights(face),
            signal = signals.next(), if stays => Happened::Signal(signal),
            () = tokio::time::sleep(wait) => Happened::Due,
        }
    }

    fn due(&self) -> Moment {
        let view = self.live.session.view(self.now).coach;
        let session = self.live.session.poll_timeout().map(|deadline| deadline.at);
        let teller = self.teller.due(self.now, &view);
        let latest = self.now + self.live.timeline.pace().passes_in(TURN);
        [session, teller].into_iter().flatten().fold(latest, Moment::min)
    }

    fn take(&mut self, happened: Happened) {
        let now = self.now;
        let session = &mut self.live.session;
        match happened {
            Happened::Frame(Some(frame)) => session.handle(now, Input::Frame(frame.as_bytes())),
            Happened::Frame(None) => {
                self.linked = false;
                session.handle(now, Input::Disconnected);
            }
            Happened::Typed(Typed::Press(press)) => self.press(press),
            Happened::Typed(Typed::Ended) => self.leave(Why::InputEnded),
            Happened::Written(Some(Written { batch, result: Ok(()) })) => {
                session.handle(now, Input::Stored { batch });
            }
            Happened::Written(Some(Written { batch, result: Err(error) })) => {
                tracing::error!(batch, %error, "a batch was not stored");
                session.handle(now, Input::StoreFailed { batch });
                self.say(&format!("Store: {error}."));
            }
            Happened::Written(None) => {
                tracing::error!("the store's thread is gone");
                self.leave(Why::StoreGone);
            }
            Happened::Lights(face) => {
                if let Some(text) = teller::clicker(face) {
                    self.say(&format!("Clicker: {text}."));
                }
            }
            Happened::Signal(number) => self.leave(Why::Signal(number)),
            Happened::Due => session.handle_timeout(now),
        }
    }

    async fn drain(&mut self) {
        while let Some(output) = self.live.session.poll_output() {
            match output {
                Output::Store { batch, entries } => {
                    if !self.live.store.write(batch, entries) {
                        self.live.session.handle(self.now, Input::StoreFailed { batch });
                    }
                }
                Output::Send(cue) => {
                    // What cannot be sent is sent again by whoever needs it; the end of the link is told by `next`.
                    let sent =
                        tokio::time::timeout(TAKEN_WITHIN, self.live.link.send(&Frame::of(&cue))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        tracing::debug!(?sent, ?cue, "not sent");
                    }
                }
                // It is shown as the entry it is, and nothing speaks aloud in plain lines.
                Output::Speak(_) => {}
                Output::Happened(entry) => {
                    if let Some(line) = self.teller.entry(&entry) {
                        self.say(&line);
                    }
                }
                Output::Notice(notice) => tracing::warn!(?notice),
                Output::Finished => self.finished = true,
            }
        }
    }

    /// What the present moment has to say by itself.
    fn tell(&mut self) {
        let view = self.live.session.view(self.now).coach;
        let lines: Vec<String> = self.teller.turn(&view, true).collect();
        for line in lines {
            self.say(&line);
        }
    }

    fn press(&mut self, press: Press) {
        let pressing = self.live.session.view(self.now).coach.pressure_may_be_on();
        if self.note.is_some() && !pressing {
            return self.write_note(press);
        }
        if let Some(text) = self.note.take() {
            // Hands are at work again: the keys are keys, and what was written so far is kept.
            self.keep_note(&text);
        }
        match keys::act(press, pressing) {
            // The hand is there for as long as the clicker is, and a clicker that is gone is told by its link.
            Some(Act::Clicker(gesture)) => drop(self.live.hand.send(gesture)),
            Some(Act::Partner(key)) => self.live.session.handle(self.now, Input::Key(key)),
            Some(Act::Note) if pressing => self.say("A note can wait until hands are off."),
            Some(Act::Note) => {
                self.note = Some(String::new());
                self.say("Note: type it, Enter keeps it, Esc drops it.");
            }
            Some(Act::Help) => keys::help().for_each(|line| self.say(&line)),
            Some(Act::Leave) => self.leave(Why::Asked),
            None if press == Press::LineEnd => {}
            None => self.say("That key does nothing now; ? tells the keys."),
        }
    }

    fn write_note(&mut self, press: Press) {
        let Some(text) = &mut self.note else { return };
        match press {
            Press::Char(char) => {
                text.push(char);
                self.echo(char);
            }
            Press::Backspace => {
                if text.pop().is_some() {
                    // Back, over it, and back again.
                    "\u{8} \u{8}".chars().for_each(|char| self.echo(char));
                }
            }
            Press::Enter | Press::LineEnd => {
                if let Some(text) = self.note.take() {
                    self.keep_note(&text);
                }
            }
            Press::Esc => {
                self.note = None;
                self.say("No note.");
            }
            Press::Interrupt => {
                self.note = None;
                self.leave(Why::Asked);
            }
            Press::Up | Press::Down | Press::Left | Press::Right | Press::Other => {}
        }
    }

    fn keep_note(&mut self, text: &str) {
        if text.trim().is_empty() {
            self.say("No note.");
        } else {
            self.live.session.handle(self.now, Input::Note(text.trim()));
        }
    }

    /// Pressure off, everything to the disk, and out.
    fn leave(&mut self, why: Why) {
        if self.leaving.is_some() {
            return;
        }
        if !matches!(self.live.session.view(self.now).coach.phase, Phase::Paused | Phase::Finished) {
            self.live.session.handle(self.now, Input::Key(Key::Stop));
        }
        self.leaving = Some((why, self.now + self.live.timeline.pace().passes_in(LAST_BATCHES)));
    }

    fn say(&mut self, text: &str) {
        if let Err(error) = self.live.lines.line(text) {
            self.unread(&error);
        }
    }

    fn echo(&mut self, char: char) {
        if let Err(error) = self.live.lines.part(char) {
            self.unread(&error);
        }
    }

    fn unread(&mut self, error: &std::io::Error) {
        tracing::warn!(%error, "nobody reads");
        self.leave(Why::NobodyReads);
    }
}
