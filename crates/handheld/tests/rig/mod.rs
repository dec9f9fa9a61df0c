//! A test bench for one clicker: edges and cues go in at given times, and every output is recorded.
//!
//! Storage answers at once. Unless configured otherwise, the laptop pulses twice a second and acknowledges at once. It
//! does not model a laptop; `delivery.rs` does.
#![expect(dead_code, reason = "each test binary uses its own part")]

use handheld::{
    Answer, Bond, Button, Display, Edge, Entry, Event, Handheld, Output, Owner, Setup, Sound, Uptime,
};
use wire::{Alarm, Cue, Dial, Means, Mode, Report, Version};

pub(crate) const ME: Bond = Bond(1);
pub(crate) const ANOTHER: Bond = Bond(2);
pub(crate) const SESSION: u32 = 77;

pub(crate) struct Rig {
    pub(crate) clicker: Handheld,
    pub(crate) now: u64,
    /// Every output except beats, with its time.
    pub(crate) log: Vec<(u64, Output)>,
    pub(crate) beats: Vec<(u64, Report)>,
    pub(crate) pulses: bool,
    pub(crate) acknowledges: bool,
    /// Whether reports leave the stack at once.
    pub(crate) leaves: bool,
    /// The answer of storage to `Keep`.
    pub(crate) keep: Answer,
    next_pulse: u64,
}

pub(crate) fn dial(value: u8) -> Dial {
    Dial::new(value).expect("a rating is 1 to 10")
}

pub(crate) fn welcome(session: u32) -> Cue {
    Cue::Welcome { session, version: Version::CURRENT, alone: false }
}

impl Rig {
    pub(crate) fn begin(setup: Setup) -> Self {
        Self {
            clicker: Handheld::new(setup),
            now: 0,
            log: Vec::new(),
            beats: Vec::new(),
            pulses: false,
            acknowledges: true,
            leaves: true,
            keep: Answer::Kept,
            next_pulse: 0,
        }
    }

    pub(crate) fn unpaired() -> Self {
        Self::begin(Setup { boot: 1, backlog: None, owner: None })
    }

    /// In a session in `mode`, at 1 s, with an empty log.
    pub(crate) fn showing(mode: Mode) -> Self {
        let mut rig = Self::unpaired();
        rig.event(Event::LinkUp(ME));
        rig.cue(welcome(SESSION));
        rig.cue(Cue::Show { number: 5, mode });
        rig.pulses = true;
        rig.advance(1_000);
        rig.log.clear();
        rig.beats.clear();
        rig
    }

    /// As [`Rig::showing`], with a rating on the dial.
    pub(crate) fn showing_with(mode: Mode, rating: u8) -> Self {
        let mut rig = Self::showing(mode);
        if matches!(mode, Mode::Rate | Mode::Hold | Mode::Release) {
            rig.rate(rating);
        } else {
            rig.cue(Cue::Show { number: 4, mode: Mode::Rate });
            rig.rate(rating);
            rig.cue(Cue::Show { number: 5, mode });
        }
        // By then the display is dark.
        rig.wait(5_000);
        rig.log.clear();
        rig.beats.clear();
        rig
    }

    /// Clicks until the dial is at `rating`.
    pub(crate) fn rate(&mut self, rating: u8) {
        while self.clicker.dial() != Some(dial(rating)) {
            let below = self.clicker.dial().is_none_or(|dial| dial.value() < rating);
            self.press(if below { Button::B } else { Button::A }, 100);
            self.wait(100);
        }
    }

    /// Handles an event now.
    pub(crate) fn event(&mut self, event: Event) {
        self.clicker.handle(Uptime::from_millis(self.now), event);
        self.drain();
    }

    pub(crate) fn cue(&mut self, cue: Cue) {
        self.event(Event::Cue(cue));
    }

    pub(crate) fn down(&mut self, button: Button) {
        self.event(Event::Button(button, Edge::Down));
    }

    pub(crate) fn up(&mut self, button: Button) {
        self.event(Event::Button(button, Edge::Up));
    }

    /// Presses `button` for `ms` milliseconds.
    pub(crate) fn press(&mut self, button: Button, ms: u64) {
        self.down(button);
        self.wait(ms);
        self.up(button);
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        self.advance(self.now + ms);
    }

    /// Advances time to `to`, running every timer at its own time.
    pub(crate) fn advance(&mut self, to: u64) {
        while let Some(at) = self.next_at().filter(|at| *at <= to) {
            self.now = at.max(self.now);
            if self.pulses && self.next_pulse <= self.now {
                self.next_pulse = self.now + 500;
                self.cue(Cue::Pulse { show: 5, dial: None });
            } else {
                self.clicker.handle_timeout(Uptime::from_millis(self.now));
                self.drain();
            }
        }
        self.now = to;
    }

    /// Accepted events, with their uptime.
    pub(crate) fn events(&self) -> Vec<(u32, Means)> {
        self.entries().iter().map(|entry| (entry.uptime, entry.means)).collect()
    }

    pub(crate) fn means(&self) -> Vec<Means> {
        self.entries().iter().map(|entry| entry.means).collect()
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let kept = |(_, output): &(u64, Output)| match output {
            Output::Keep(entry) => Some(*entry),
            _ => None,
        };
        self.log.iter().filter_map(kept).collect()
    }

    pub(crate) fn sounds(&self) -> Vec<Sound> {
        self.timed_sounds().into_iter().map(|(_, sound)| sound).collect()
    }

    pub(crate) fn timed_sounds(&self) -> Vec<(u64, Sound)> {
        let sound = |(at, output): &(u64, Output)| match output {
            Output::Sound(sound) => Some((*at, *sound)),
            _ => None,
        };
        self.log.iter().filter_map(sound).collect()
    }

    pub(crate) fn displays(&self) -> Vec<(u64, Display)> {
        let display = |(at, output): &(u64, Output)| match output {
            Output::Display(display) => Some((*at, *display)),
            _ => None,
        };
        self.log.iter().filter_map(display).collect()
    }

    /// Reports sent, except beats.
    pub(crate) fn sent(&self) -> Vec<(u64, Report)> {
        let report = |(at, output): &(u64, Output)| match output {
            Output::Send(report) => Some((*at, *report)),
            _ => None,
        };
        self.log.iter().filter_map(report).collect()
    }

    pub(crate) fn alarms(&self) -> Vec<(u64, Alarm)> {
        let alarm = |(at, report): (u64, Report)| match report {
            Report::Alarm { what, .. } => Some((at, what)),
            _ => None,
        };
        self.sent().into_iter().filter_map(alarm).collect()
    }

    pub(crate) fn owners(&self) -> Vec<Owner> {
        let owner = |(_, output): &(u64, Output)| match output {
            Output::KeepOwner(owner) => Some(*owner),
            _ => None,
        };
        self.log.iter().filter_map(owner).collect()
    }

    fn next_at(&self) -> Option<u64> {
        let pulse = self.pulses.then_some(self.next_pulse);
        [self.clicker.poll_timeout().map(Uptime::as_millis), pulse].into_iter().flatten().min()
    }

    fn drain(&mut self) {
        let now = Uptime::from_millis(self.now);
        let mut happens = std::collections::VecDeque::new();
        loop {
            while let Some(output) = self.clicker.poll_output() {
                match output {
                    Output::Send(report) => {
                        if self.leaves {
                            happens.push_back(Event::Sent);
                        }
                        happens.extend(self.reply(report).map(Event::Cue));
                    }
                    // Answered before the laptop's reply, so that each accepted event is stored first.
                    Output::Keep(_) => happens.push_front(Event::Store(self.keep)),
                    Output::Fetch { .. } => happens.push_back(Event::Store(Answer::NothingThere)),
                    Output::Forget { .. } | Output::KeepOwner(_) | Output::Display(_) | Output::Sound(_) => {}
                }
                if let Output::Send(beat @ Report::Beat { .. }) = output {
                    self.beats.push((self.now, beat));
                } else {
                    self.log.push((self.now, output));
                }
            }
            let Some(event) = happens.pop_front() else { return };
            self.clicker.handle(now, event);
        }
    }

    fn reply(&self, report: Report) -> Option<Cue> {
        if !self.acknowledges {
            return None;
        }
        match report {
            Report::Clicked { boot, seq, .. } => Some(Cue::Ack { boot, next: seq + 1 }),
            Report::Alarm { boot, seq, .. } => Some(Cue::AlarmStored { boot, seq }),
            Report::Hello { first_boot, first_seq, .. } => {
                Some(Cue::Ack { boot: first_boot, next: first_seq })
            }
            Report::Beat { .. } => None,
        }
    }
}
