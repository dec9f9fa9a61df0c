//! A session lived through in real time: the one select loop.
//!
//! It takes its clock, its keys, the way to its clicker, its store and its front (plain lines, or the screen) as
//! parameters and decides nothing. Links come one after the other: while none stands, the next is waited for like
//! everything else. One turn:
//!
//! ```text
//!   wait for a frame or a link, a key, the disk, the clicker's lights, a signal of the system, or the next deadline   (1)
//!   read the clock; a gap goes first, before whatever had been waiting meanwhile                            (2)
//!   tell the session what happened                                                                          (3)
//!   drain it: entries and prompts to the front, which draws; then batches to the store and cues to the link  (4)
//! ```

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use coach::{Key, Moment, Phase};
use handheld::Display;
use link::{Link, LinkError, NotReached, Reach};
use session::{Output, Session};
use sim::Gesture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use transcript::Entry;
use wire::{Cue, Frame};

use crate::air::{self, LinkStatus};
use crate::clock::{Clock, Timeline};
use crate::commands::keep;
use crate::front::{self, Front, Spoilt};
use crate::input::{Came, Input};
use crate::keys::{self, Act, Press};
use crate::store::{Store, Written};

/// The loop turns at least this often, so that two clocks drifting apart are seen before anything else happens.
const TURN: Duration = Duration::from_millis(500);

/// A link that takes no frame for so long has not taken it: the keys and the clock do not wait for the air.
const TAKEN_WITHIN: Duration = Duration::from_millis(200);

/// A clicker that is there says so within its first beat, half a second. The partner's keys do not wait for one that is not.
const GREETED_WITHIN: Duration = Duration::from_secs(1);

/// A clicker that cannot be reached before somebody does something is asked for again this often: they will not tell
/// this program when they have done it.
const ASK_AGAIN: Duration = Duration::from_secs(5);

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
    /// Nobody sees the front any more.
    NobodyReads,
    /// Not all of it is in the store: the disk takes no more, or the thread that writes is gone.
    Unstored,
    /// The system wants the program to end.
    Signal(u8),
}

/// What a loop is made of.
pub(crate) struct Live<'a, C, R, F> {
    /// What is lived through.
    pub(crate) session: Session,
    /// Tells the time.
    pub(crate) clock: &'a mut C,
    /// Makes it the session's.
    pub(crate) timeline: Timeline,
    /// Where the links to the clicker come from.
    pub(crate) reach: R,
    /// The disk.
    pub(crate) store: Store,
    /// The keyboard, and signals of the system.
    pub(crate) input: &'a mut Input,
    /// Whose hand is on the clicker.
    pub(crate) hand: Hand,
    /// What is seen of it.
    pub(crate) front: &'a mut F,
}

/// Whose hand is on the clicker.
#[derive(Debug)]
pub(crate) enum Hand {
    /// That of whoever sits at the keyboard.
    Keyboard {
        /// What it does.
        presses: UnboundedSender<Gesture>,
        /// The lights of that clicker.
        lights: UnboundedReceiver<Display>,
    },
    /// The receiver's.
    Receiver {
        /// What is told of the clicker besides its frames.
        statuses: UnboundedReceiver<LinkStatus>,
    },
}

impl Hand {
    /// Whose keys the clicker's keys are.
    pub(crate) const fn clicker(&self) -> keys::Clicker {
        match self {
            Self::Keyboard { .. } => keys::Clicker::OnKeyboard,
            Self::Receiver { .. } => keys::Clicker::InHand,
        }
    }

    /// What comes of the clicker next, besides its frames. Nothing is lost where the wait is given up.
    async fn next(&mut self) -> Happened {
        let next = match self {
            Self::Keyboard { lights, .. } => lights.recv().await.map(Happened::Lights),
            Self::Receiver { statuses } => statuses.recv().await.map(Happened::Told),
        };
        match next {
            Some(next) => next,
            // Nobody will tell any more.
            None => std::future::pending().await,
        }
    }
}

/// What a turn was woken by.
enum Happened {
    Frame(Frame),
    Unlinked(LinkError),
    Linked,
    NotReached(NotReached),
    Came(Came),
    Written(Option<Written>),
    Lights(Display),
    Told(LinkStatus),
    Due,
}

/// The loop while it runs.
struct Running<'a, C, R: Reach, F> {
    live: Live<'a, C, R, F>,
    now: Moment,
    /// The link that stands.
    link: Option<R::Link>,
    /// When the clicker is asked for; `None` where it is gone for good.
    reach_at: Option<Moment>,
    /// What stood in the way last, so that it is told once.
    in_the_way: Option<NotReached>,
    /// Keys wait until the clicker has been heard, or has had its time: a key that is there before the first frame, as
    /// in a pipe, is not pressed on a clicker that knows of no session yet.
    greeted: bool,
    /// The note being written, as far as it has got.
    note: Option<String>,
    /// The next key is what the partner guessed.
    guessing: bool,
    /// The shell wants the terminal, and gets it when everything of this turn is on its way.
    aside: bool,
    /// Why the loop is being left, and by when at the latest.
    leaving: Option<(Why, Moment)>,
    finished: bool,
    /// What is still to leave this machine, in the session's order.
    outward: VecDeque<Outward>,
}

/// What a turn hands to others than the screen.
enum Outward {
    Store { batch: u64, entries: Vec<Entry> },
    Send(Cue),
}

impl<C: Clock, R: Reach, F: Front> Live<'_, C, R, F> {
    /// Lives through the session until it is over or left. `now` is the moment at which it begins or goes on.
    pub(crate) async fn run(self, now: Moment) -> Ending {
        let mut running = Running {
            live: self,
            now,
            link: None,
            reach_at: Some(now),
            in_the_way: None,
            greeted: false,
            note: None,
            guessing: false,
            aside: false,
            leaving: None,
            finished: false,
            outward: VecDeque::new(),
        };
        running.run().await
    }
}

impl<C: Clock, R: Reach, F: Front> Running<'_, C, R, F> {
    async fn run(&mut self) -> Ending {
        let greeted_by = self.now + self.live.timeline.pace().passes_in(GREETED_WITHIN);
        loop {
            self.drain(); // (4)
            self.show();
            while self.send_out().await {
                self.drain();
                self.show();
            }
            if std::mem::take(&mut self.aside) {
                let stood = self.live.front.step_aside();
                self.seen(stood);
            }
            if self.finished {
                return Ending::Finished;
            }
            if let Some((why, by)) = self.leaving {
                match self.live.session.view(self.now).unstored {
                    0 => return Ending::Left(why),
                    _ if self.now >= by => return Ending::Left(Why::Unstored),
                    _ => {}
                }
            }
            let due = self.due();
            let happened = self.wait(due).await; // (1)
            let turn = self.live.timeline.turn(self.live.clock.read(), due); // (2)
            self.now = turn.now;
            self.greeted |= self.live.session.view(self.now).acknowledged || self.now >= greeted_by;
            if let Some(gap) = turn.gap {
                tracing::warn!(?gap, "nobody was there");
                self.live.session.handle(self.now, session::Input::Gap(gap));
                self.drain();
            }
            self.take(happened); // (3)
        }
    }

    async fn wait(&mut self, due: Moment) -> Happened {
        let Live { reach, store, input, hand, timeline, .. } = &mut self.live;
        let wait = timeline.until(self.now, due);
        // Only the first word of leaving counts, and an end of input comes once.
        let stays = self.leaving.is_none();
        let reaches = self.link.is_none() && self.reach_at.is_some_and(|at| at <= self.now);
        tokio::select! {
            happened = linked(&mut self.link, reach), if self.link.is_some() || reaches => happened,
            came = input.in_session(self.greeted), if stays => Happened::Came(came),
            written = store.written() => Happened::Written(written),
            happened = hand.next() => happened,
            () = tokio::time::sleep(wait) => Happened::Due,
        }
    }

    fn due(&self) -> Moment {
        let session = self.live.session.poll_timeout().map(|deadline| deadline.at);
        let front = self.live.front.due(self.now, &self.live.session.view(self.now));
        let latest = self.now + self.live.timeline.pace().passes_in(TURN);
        let reach = self.reach_at.filter(|at| self.link.is_none() && *at > self.now);
        [session, front, reach].into_iter().flatten().fold(latest, Moment::min)
    }

    fn take(&mut self, happened: Happened) {
        let now = self.now;
        let session = &mut self.live.session;
        match happened {
            Happened::Frame(frame) => session.handle(now, session::Input::Frame(frame.as_bytes())),
            Happened::Unlinked(why) => {
                tracing::info!(%why, "the link has ended");
                self.link = None;
                self.reach_at = Some(now);
                session.handle(now, session::Input::Disconnected);
                if why == LinkError::NotTrusted {
                    self.say(&why.to_string());
                }
            }
            Happened::Linked => {
                self.in_the_way = None;
                session.handle(now, session::Input::Connected);
            }
            Happened::NotReached(why) => self.not_reached(why),
            Happened::Came(came) => self.came(came),
            Happened::Written(Some(Written { batch, result: Ok(()) })) => {
                session.handle(now, session::Input::Stored { batch });
            }
            Happened::Written(Some(Written { batch, result: Err(error) })) => {
                tracing::error!(batch, %error, "a batch was not stored");
                session.handle(now, session::Input::StoreFailed { batch });
                self.say(&format!("Store: {error}."));
            }
            Happened::Written(None) => {
                tracing::error!("the store's thread is gone");
                self.leave(Why::Unstored);
            }
            Happened::Lights(face) => {
                if let Some(text) = front::lights(face) {
                    self.say(&text);
                }
            }
            Happened::Told(status) => {
                let seen = self.live.front.told(now, &status);
                self.seen(seen);
            }
            Happened::Due => session.handle_timeout(now),
        }
    }

    fn came(&mut self, came: Came) {
        match came {
            Came::Press(press) => self.press(press),
            Came::Again(press @ (Press::Char(_) | Press::Backspace)) => {
                let pressing = self.live.session.view(self.now).coach.pressure_may_be_on();
                if self.note.is_some() && !pressing {
                    self.write_note(press);
                }
            }
            Came::Again(_) | Came::Pointed(_) => {}
            Came::Pasted(text) => self.pasted(&text),
            Came::Resized => self.spoilt(Spoilt::Resized),
            Came::GoOn => self.spoilt(Spoilt::Lent),
            Came::StepAside => self.step_aside(),
            Came::Leave(why) => self.leave(why),
        }
    }

    /// What the session gives: to the screen at once, to the disk and the clicker once the screen has been drawn.
    fn drain(&mut self) {
        while let Some(output) = self.live.session.poll_output() {
            match output {
                Output::Store { batch, entries } => self.outward.push_back(Outward::Store { batch, entries }),
                Output::Send(cue) => self.outward.push_back(Outward::Send(cue)),
                Output::Speak(prompt) => {
                    let seen = self.live.front.said(self.now, prompt);
                    self.seen(seen);
                }
                Output::Happened(entry) => {
                    let seen = self.live.front.happened(self.now, &entry);
                    self.seen(seen);
                }
                Output::Notice(notice) => {
                    tracing::warn!(?notice);
                    if let Some(text) = air::notice(&notice) {
                        self.say(&text);
                    }
                }
                Output::Finished => self.finished = true,
            }
        }
    }

    /// Hands on what goes out of this machine. Gives whether the session has heard back already.
    async fn send_out(&mut self) -> bool {
        let mut heard_back = false;
        while let Some(outward) = self.outward.pop_front() {
            match outward {
                Outward::Store { batch, entries } => {
                    if !self.live.store.write(batch, entries) {
                        self.live.session.handle(self.now, session::Input::StoreFailed { batch });
                        heard_back = true;
                    }
                }
                Outward::Send(cue) => {
                    // What cannot be sent is sent again by whoever needs it; the end of the link is told by `next`.
                    let Some(link) = &mut self.link else { continue };
                    let sent = tokio::time::timeout(TAKEN_WITHIN, link.send(&Frame::of(&cue))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        tracing::debug!(?sent, ?cue, "not sent");
                    }
                }
            }
        }
        heard_back
    }

    /// Nothing but a person can mend it: they are told once, and the clicker is asked for again now and then.
    fn not_reached(&mut self, why: NotReached) {
        tracing::warn!(%why, "not reached");
        self.reach_at = match why {
            NotReached::Gone => None,
            NotReached::ForgottenByClicker | NotReached::ForgottenHere | NotReached::OtherVersion { .. } => {
                Some(self.now + self.live.timeline.pace().passes_in(ASK_AGAIN))
            }
        };
        // In practice the clicker goes with the session.
        if why != NotReached::Gone && self.in_the_way.as_ref() != Some(&why) {
            let seen = self.live.front.told(self.now, &LinkStatus::NotReached(why.clone()));
            self.seen(seen);
        }
        self.in_the_way = Some(why);
    }

    /// How it stands after this turn.
    fn show(&mut self) {
        let view = self.live.session.view(self.now);
        let seen = self.live.front.turn(self.now, &view);
        self.seen(seen);
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
        if self.live.front.takes(press) {
            return;
        }
        if std::mem::take(&mut self.guessing) && !pressing {
            match keys::guessed(press) {
                Some(guess) => {
                    return self.live.session.handle(self.now, session::Input::Key(Key::Guess(guess)));
                }
                // Whatever else it is, STOP above all, it does what it does.
                None => self.say("No guess."),
            }
        }
        match keys::act(press, pressing, self.live.hand.clicker()) {
            Some(Act::Clicker(gesture)) => match &self.live.hand {
                // It is there for as long as the clicker is, and a clicker that is gone is told by its link.
                Hand::Keyboard { presses, .. } => drop(presses.send(gesture)),
                Hand::Receiver { .. } => self.say(&air::the_receivers()),
            },
            Some(Act::Partner(key)) => {
                let key = keys::as_it_lies(key, &self.live.session.view(self.now).coach);
                self.live.session.handle(self.now, session::Input::Key(key));
            }
            Some(Act::Note) if pressing => self.say("A note can wait until hands are off."),
            Some(Act::Note) => {
                self.note = Some(String::new());
                self.say("Note: type it, Enter keeps it, Esc drops it.");
                self.show_note();
            }
            Some(Act::Guess) if pressing => self.say("Say your guess aloud; it is keyed in the flush."),
            Some(Act::Guess) => {
                self.guessing = true;
                self.say("Your guess: 1 to 9, or 0 for 10.");
            }
            Some(Act::Help) => {
                let seen = self.live.front.help();
                self.seen(seen);
            }
            Some(Act::Leave) => self.leave(Why::Asked),
            Some(Act::Suspend) => self.step_aside(),
            None if press == Press::LineEnd => {}
            None => self.say("That key does nothing now; ? tells the keys."),
        }
    }

    /// What was pasted goes into the note that is being typed. Elsewhere it is one stray key: what it would have pressed,
    /// nobody pressed.
    fn pasted(&mut self, pasted: &str) {
        let pressing = self.live.session.view(self.now).coach.pressure_may_be_on();
        match &mut self.note {
            Some(text) if !pressing => {
                let full = keep::put(text, pasted);
                self.show_note();
                full.into_iter().for_each(|full| self.say(&full));
            }
            _ => self.press(Press::Other),
        }
    }

    fn write_note(&mut self, press: Press) {
        let Some(text) = &mut self.note else { return };
        match press {
            Press::Char(char) => {
                let full = keep::put(text, char.encode_utf8(&mut [0; 4]));
                self.show_note();
                full.into_iter().for_each(|full| self.say(&full));
            }
            Press::Backspace => {
                if words::rub_out(text) {
                    self.show_note();
                }
            }
            Press::Enter | Press::LineEnd => {
                if let Some(text) = self.note.take() {
                    self.keep_note(&text);
                }
            }
            Press::Esc => {
                self.drop_note();
                self.say("No note.");
            }
            Press::Interrupt => {
                self.drop_note();
                self.leave(Why::Asked);
            }
            Press::Suspend => self.step_aside(),
            Press::Up
            | Press::Down
            | Press::Left
            | Press::Right
            | Press::PageUp
            | Press::PageDown
            | Press::Home
            | Press::End
            | Press::Other => {}
        }
    }

    fn drop_note(&mut self) {
        self.note = None;
        self.show_note();
    }

    fn show_note(&mut self) {
        let seen = self.live.front.note(self.note.as_deref());
        self.seen(seen);
    }

    /// Keeps what is no longer being typed.
    fn keep_note(&mut self, text: &str) {
        self.show_note();
        if text.trim().is_empty() {
            self.say("No note.");
        } else {
            self.live.session.handle(self.now, session::Input::Note(text.trim()));
        }
    }

    /// Pressure off, everything to the disk, and out.
    fn leave(&mut self, why: Why) {
        if self.leaving.is_some() {
            return;
        }
        if !matches!(self.live.session.view(self.now).coach.phase, Phase::Paused | Phase::Finished) {
            self.live.session.handle(self.now, session::Input::Key(Key::Stop));
        }
        self.leaving = Some((why, self.now + self.live.timeline.pace().passes_in(LAST_BATCHES)));
    }

    /// Hands off first, where they may be on; then the shell may have the terminal.
    fn step_aside(&mut self) {
        if self.live.session.view(self.now).coach.pressure_may_be_on() {
            self.live.session.handle(self.now, session::Input::Key(Key::Stop));
        }
        self.aside = true;
    }

    fn spoilt(&mut self, how: Spoilt) {
        let seen = self.live.front.spoilt(how);
        self.seen(seen);
    }

    fn say(&mut self, text: &str) {
        let seen = self.live.front.notice(self.now, text);
        self.seen(seen);
    }

    /// Takes note of whether anybody still sees it.
    fn seen(&mut self, seen: io::Result<()>) {
        if let Err(error) = seen {
            tracing::warn!(%error, "nobody reads");
            self.leave(Why::NobodyReads);
        }
    }
}

/// What comes of the link that stands, or the next one.
async fn linked<R: Reach>(link: &mut Option<R::Link>, reach: &mut R) -> Happened {
    match link {
        Some(standing) => standing.next().await.map_or_else(Happened::Unlinked, Happened::Frame),
        None => match reach.reach().await {
            Ok(reached) => {
                *link = Some(reached);
                Happened::Linked
            }
            Err(why) => Happened::NotReached(why),
        },
    }
}
