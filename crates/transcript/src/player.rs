//! A session played again step by step: the recorded inputs go to a new coach at their moments, and the results are
//! returned on the way. The caller decides how far it plays; nothing here reads a clock or stores anything.

use coach::{Coach, Input, Moment, Output};

use crate::entry::{Entry, Kind};
use crate::replay::ReplayError;

/// A session that is played again.
///
/// Timers due by the moment of an input run before it, each at its own moment; before a gap and a resumption only those
/// that are on record as having run, because the program was not running then.
#[derive(Debug, Clone)]
pub struct Player {
    coach: Coach,
    steps: Vec<Step>,
    next: usize,
    end: Moment,
}

/// Something that comes about while a session is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Played {
    /// The input was applied to the coach. Its outputs follow.
    Input(Input),
    /// The coach did or said it.
    Output(Output),
}

/// An input in its place.
#[derive(Debug, Clone, Copy)]
struct Step {
    at: Moment,
    input: Input,
    /// Timers ran until this moment before the input: the moment of the input, or, before a gap or a resumption, that
    /// of the last recorded timer.
    ran: Moment,
}

impl Player {
    /// A player at the beginning of a session.
    ///
    /// # Errors
    /// Where the transcript has no usable header.
    pub fn begin(entries: &[Entry]) -> Result<Self, ReplayError> {
        let Some((Entry { kind: Kind::Session(header), .. }, entries)) = entries.split_first() else {
            return Err(ReplayError::NoHeader);
        };
        let mut steps = Vec::new();
        let mut end = Moment::START;
        for entry in entries {
            if let Some(input) = entry.kind.input() {
                let alone = matches!(input, Input::Gap(_) | Input::Resumed);
                steps.push(Step { at: entry.at(), input, ran: if alone { end } else { entry.at() } });
            }
            if !entry.kind.is_aside() {
                end = end.max(entry.at());
            }
        }
        Ok(Self { coach: Coach::begin(header.setup()?), steps, next: 0, end })
    }

    /// Plays on to this moment. Passes each result to the callback with its moment and the coach of that moment; an
    /// input is passed before it is applied.
    pub fn play_to(&mut self, to: Moment, mut told: impl FnMut(Moment, Played, &Coach)) {
        drain(&mut self.coach, &mut told);
        while let Some(&Step { at, input, ran }) = self.steps.get(self.next) {
            self.run_timers(ran.min(to), &mut told);
            if at > to {
                return;
            }
            told(at, Played::Input(input), &self.coach);
            self.coach.handle(at, input);
            drain(&mut self.coach, &mut told);
            self.next += 1;
        }
        self.run_timers(to.min(self.end), &mut told);
    }

    /// One timer after the other, so that the callback sees the coach at each.
    fn run_timers(&mut self, to: Moment, told: &mut impl FnMut(Moment, Played, &Coach)) {
        let due = |coach: &Coach| coach.poll_timeout().map(|deadline| deadline.at);
        while let Some(at) = due(&self.coach).filter(|at| *at < to) {
            self.coach.handle_timeout(at);
            drain(&mut self.coach, told);
            // One that would be due for ever is left to the last call, as it would be without this loop.
            if due(&self.coach).is_some_and(|again| again <= at) {
                break;
            }
        }
        self.coach.handle_timeout(to);
        drain(&mut self.coach, told);
    }

    /// The coach at the present moment.
    #[must_use]
    pub const fn coach(&self) -> &Coach {
        &self.coach
    }

    /// Returns the coach at the present moment.
    #[must_use]
    pub fn into_coach(self) -> Coach {
        self.coach
    }

    /// When something comes about next by itself; `None` where nothing more is on record.
    #[must_use]
    pub fn due(&self) -> Option<Moment> {
        let step = self.steps.get(self.next);
        let until = step.map_or(self.end, |step| step.ran);
        let timer = self.coach.poll_timeout().map(|deadline| deadline.at).filter(|at| *at <= until);
        timer.into_iter().chain(step.map(|step| step.at)).min()
    }

    /// The end of the gap that this moment lies in: the laptop was suspended, or the program was closed.
    #[must_use]
    pub fn nobody_until(&self, now: Moment) -> Option<Moment> {
        let step = self.steps.get(self.next)?;
        (step.ran <= now && now < step.at && step.ran < step.at).then_some(step.at)
    }

    /// The moment up to which it is on record that time was running.
    #[must_use]
    pub const fn end(&self) -> Moment {
        self.end
    }
}

fn drain(coach: &mut Coach, told: &mut impl FnMut(Moment, Played, &Coach)) {
    while let Some((at, output)) = coach.poll_output() {
        told(at, Played::Output(output), coach);
    }
}
