//! A desk to try a sitting on: a session, a disk that can fail, and everything that came out of it.
//!
//! Time is driven from deadline to deadline, as the program's loop does. The disk answers by itself unless a test makes
//! the session wait.

use core::num::NonZeroU32;
use core::time::Duration;

use coach::{Key, Moment, Phase, Plan, Prompt};
use session::{Input, Notice, Opening, Output, Session};
use transcript::{Entry, Header, Kind, PlanKept, SCHEMA, Versions};
use wire::{Cue, Frame, Means, Report, Version};

/// The id on the air of every session on the desk.
pub(crate) const SESSION: NonZeroU32 = NonZeroU32::new(0xC0FFEE).unwrap();

/// How the disk answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disk {
    /// At once, with success.
    Takes,
    /// At once, with a failure.
    Fails,
    /// Not before [`Desk::answer`].
    Waits,
}

/// The session and what came out of it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) now: Moment,
    pub(crate) disk: Disk,
    /// What is on the disk.
    pub(crate) stored: Vec<Entry>,
    /// The batch that waits for an answer.
    pub(crate) open: Option<(u64, Vec<Entry>)>,
    pub(crate) cues: Vec<Cue>,
    pub(crate) happened: Vec<Entry>,
    pub(crate) spoken: Vec<Prompt>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) finished: u32,
    /// The clicker at the other end, where it plays by the rules: the next number, the dial, the grammar it shows.
    pub(crate) seq: u32,
    pub(crate) dial: Option<u8>,
    pub(crate) show: u16,
}

pub(crate) fn opening() -> Opening {
    Opening { session: SESSION, alone: false }
}

pub(crate) fn header() -> Header {
    Header {
        id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        versions: Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
        plan: PlanKept::new(&Plan::partner(), ""),
        seed: None,
        wall: "2026-01-02T03:04:05Z".to_owned(),
        receiver: None,
        closed: Vec::new(),
        past: transcript::PastKept::default(),
        clicker: None,
        table: None,
        learn: None,
    }
}

pub(crate) fn at(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

/// Of a clicker on which the session of the desk is open.
pub(crate) fn hello(boot: u16, first_boot: u16, first_seq: u32) -> Report {
    hello_in(SESSION.get(), boot, first_boot, first_seq)
}

/// Of a clicker on which this session is open.
pub(crate) fn hello_in(session: u32, boot: u16, first_boot: u16, first_seq: u32) -> Report {
    Report::Hello { boot, first_boot, first_seq, version: Version::CURRENT, session }
}

pub(crate) fn clicked(boot: u16, seq: u32, uptime: u32, show: u16, means: Means) -> Report {
    Report::Clicked { boot, seq, uptime, show, means }
}

pub(crate) fn beat(boot: u16, uptime: u32, dial: Option<u8>, next: u32, show: u16) -> Report {
    let dial = dial.map(|value| wire::Dial::new(value).unwrap());
    Report::Beat { boot, uptime, dial, next, show, alarm: false }
}

pub(crate) fn rating(value: u8) -> Means {
    Means::Rating(wire::Dial::new(value).unwrap())
}

impl Desk {
    /// A session at its beginning.
    pub(crate) fn new() -> Self {
        Self::with_disk(Disk::Takes)
    }

    pub(crate) fn with_disk(disk: Disk) -> Self {
        let mut desk = Self::around(Session::begin(header(), opening()).unwrap(), disk);
        desk.drain();
        desk
    }

    fn around(session: Session, disk: Disk) -> Self {
        Self {
            session,
            now: Moment::START,
            disk,
            stored: Vec::new(),
            open: None,
            cues: Vec::new(),
            happened: Vec::new(),
            spoken: Vec::new(),
            notices: Vec::new(),
            finished: 0,
            seq: 0,
            dial: None,
            show: 0,
        }
    }

    /// Connected and welcomed at 1 s of the session and of boot 1, the first grammar (number 1) acknowledged, Live with no
    /// rating; the clicker's clock is the session's.
    pub(crate) fn connected() -> Self {
        let mut desk = Self::new();
        desk.until(1_000);
        desk.input(Input::Connected);
        desk.report(hello(1, 1, 0));
        desk.report(beat(1, 1_000, None, 0, 0));
        desk.report(beat(1, 1_000, None, 0, 1));
        desk.cues.clear();
        desk
    }

    /// As [`Desk::connected`], and then by the shortest way into a hold at the rating 4, given a moment ago.
    pub(crate) fn in_hold() -> Self {
        let mut desk = Self::connected();
        desk.press(Means::Spot);
        for _ in 0..4 {
            desk.press(Means::No);
        }
        for _ in 0..2 {
            desk.press(rating(3));
            desk.alive(3_000);
        }
        desk.key(Key::AlreadyWarm);
        desk.alive(10_000);
        desk.press(Means::FeltLeft);
        desk.press(Means::Sharp);
        desk.press(Means::Yes);
        desk.alive(80_000);
        desk.press(Means::Spot);
        desk.alive(7_000);
        desk.press(rating(4));
        assert_eq!(desk.session.view(desk.now).coach.phase, Phase::Holding, "{:?}", desk.happened.last());
        desk
    }

    /// A gesture that arrives as it is made.
    pub(crate) fn press(&mut self, means: Means) {
        if let Means::Rating(dial) = means {
            self.dial = Some(dial.value());
        }
        let report = clicked(1, self.seq, self.uptime(), self.show, means);
        self.seq += 1;
        self.report(report);
    }

    /// Time runs, and the clicker beats four times a second.
    pub(crate) fn alive(&mut self, ms: u64) {
        for _ in 0..ms / 250 {
            self.wait(250);
            self.report(beat(1, self.uptime(), self.dial, self.seq, self.show));
        }
    }

    fn uptime(&self) -> u32 {
        u32::try_from(self.now.as_millis()).unwrap()
    }

    /// The program is killed and started again on what the disk holds.
    pub(crate) fn killed(self) -> Result<Self, session::ResumeError> {
        let session = Session::resume(&self.stored, opening(), self.now, "2026-01-02T03:14:05Z")?;
        let mut desk = Self {
            stored: self.stored,
            now: self.now,
            seq: self.seq,
            dial: self.dial,
            show: self.show,
            ..Self::around(session, Disk::Takes)
        };
        desk.drain();
        Ok(desk)
    }

    pub(crate) fn input(&mut self, input: Input<'_>) {
        self.session.handle(self.now, input);
        self.drain();
    }

    pub(crate) fn report(&mut self, report: Report) {
        self.input(Input::Frame(Frame::of(&report).as_bytes()));
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.input(Input::Key(key));
    }

    /// Lets time run, deadline by deadline.
    pub(crate) fn wait(&mut self, ms: u64) {
        let end = self.now + Duration::from_millis(ms);
        while let Some(due) = self.session.poll_timeout().filter(|due| due.at <= end) {
            self.now = self.now.max(due.at);
            self.session.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    /// The driver comes late: nothing was run until now.
    pub(crate) fn late(&mut self, ms: u64) {
        self.now += Duration::from_millis(ms);
        self.session.handle_timeout(self.now);
        self.drain();
    }

    /// Lets time run until this many milliseconds after the session began.
    pub(crate) fn until(&mut self, ms: u64) {
        self.wait(ms - self.now.as_millis());
    }

    /// The disk answers the batch that waits.
    pub(crate) fn answer(&mut self, success: bool) {
        let Some((batch, entries)) = self.open.take() else { return };
        if success {
            self.stored.extend(entries);
            self.input(Input::Stored { batch });
        } else {
            self.input(Input::StoreFailed { batch });
        }
    }

    /// From here on the disk takes everything again.
    pub(crate) fn mend(&mut self) {
        self.disk = Disk::Takes;
        self.answer(true);
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Store { batch, entries } => {
                    assert_eq!(self.open, None, "one batch at a time");
                    self.open = Some((batch, entries));
                    match self.disk {
                        Disk::Takes => self.answer(true),
                        Disk::Fails => self.answer(false),
                        Disk::Waits => {}
                    }
                }
                Output::Send(cue) => {
                    if let Cue::Show { number, .. } = cue {
                        self.show = number;
                    }
                    self.cues.push(cue);
                }
                Output::Speak(prompt) => self.spoken.push(prompt),
                Output::Happened(entry) => self.happened.push(entry),
                Output::Notice(notice) => self.notices.push(notice),
                Output::Finished => self.finished += 1,
            }
        }
    }

    /// The cues since the last look.
    pub(crate) fn cues(&mut self) -> Vec<Cue> {
        core::mem::take(&mut self.cues)
    }

    /// The entries of what happened that `pick` is interested in.
    pub(crate) fn pick<T>(&self, pick: impl Fn(&Kind) -> Option<T>) -> Vec<T> {
        self.happened.iter().filter_map(|entry| pick(&entry.kind)).collect()
    }
}
