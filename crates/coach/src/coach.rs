//! The one way in: what happened goes to the phase at hand, and what follows comes out, stamped with its moment.

use core::time::Duration;

use crate::body::Spot;
use crate::command::{By, Command, Halt, Next, Rated, SharpWas};
use crate::context::{Context, Signal};
use crate::input::{Alarm, Click, Input, Key, Link, StoreState};
use crate::lesson::Learn;
use crate::output::{Ask, Deadline, Output, Phase, Refusal, What};
use crate::phase::{Learning, Screening};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::rules;
use crate::setup::Setup;
use crate::state::{State, Transition};
use crate::time::Moment;
use crate::view::{Lasts, RatingNow, View};

/// The rules of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coach {
    context: Context,
    /// `None` only while a phase is being handled: it is consumed by what happens to it.
    state: Option<State>,
}

impl Coach {
    /// Begins a session in screening.
    #[must_use]
    pub fn begin(setup: Setup) -> Self {
        let mut context = Context::new(setup);
        let mut state = match context.learn {
            Some(Learn::Only) => State::from(Learning::new(&context, None)),
            Some(Learn::Offered) | None => State::from(Screening::new(&context)),
        };
        state.enter(&mut context);
        Self { context, state: Some(state) }
    }

    /// Takes in what happened at `now`. Timers that fell due before are run first, each at its own moment, except those
    /// that fell due in a gap, and those before [`Input::Resumed`]: nobody was there to run them.
    pub fn handle(&mut self, now: Moment, input: Input) {
        match input {
            Input::Gap(by) => {
                // Up to where the gap began the timers were run, or would have been.
                self.advance(now - by);
                self.context.now = self.context.now.max(now);
                self.stood_still(by, Halt::Gap(by));
            }
            Input::Resumed => {
                let by = now.since(self.context.now);
                self.context.now = self.context.now.max(now);
                self.stood_still(by, Halt::Resumed(by));
            }
            Input::Click { means, late, passed } => {
                self.advance(now);
                self.click(means, late, passed);
            }
            Input::Alarm(alarm) => {
                self.advance(now);
                self.context.silent_since = None;
                match alarm {
                    Alarm::Sharp => self.sharp(By::Receiver),
                    Alarm::Stop => self
                        .transition(|state, context| state.halt(context, Halt::StopByReceiver), By::Receiver),
                }
            }
            Input::Key(key) => {
                self.advance(now);
                self.key(key);
            }
            Input::Link(link) => {
                self.advance(now);
                self.link(link);
            }
            Input::Store(state) => {
                self.advance(now);
                self.store(state);
            }
        }
        self.run_timers(now);
    }

    /// Runs every timer due by `now`, each at its own moment.
    pub fn handle_timeout(&mut self, now: Moment) {
        self.advance(now);
    }

    /// The next thing to do, with the moment it belongs to.
    pub fn poll_output(&mut self) -> Option<(Moment, Output)> {
        self.context.poll_output()
    }

    /// When to call [`Coach::handle_timeout`] next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Deadline> {
        self.state.as_ref().and_then(|state| state.due(&self.context))
    }

    /// The spots that SHARP has closed: those the session began with, and its own.
    #[must_use]
    pub fn closed_spots(&self) -> &[Spot] {
        &self.context.closed_spots
    }

    /// What there is to see.
    ///
    /// # Panics
    /// Never: a phase is at hand whenever this can be called.
    #[must_use]
    pub fn view(&self, now: Moment) -> View {
        let state = self.state.as_ref().expect("a phase is at hand between two calls");
        let context = &self.context;
        let rating = match (context.signal, context.given) {
            (Signal::Live, Some(given)) => RatingNow::Live { rating: given.rating, age: now.since(given.at) },
            (Signal::Live | Signal::Awaited, _) => RatingNow::None,
            (Signal::Stale, _) => RatingNow::Stale,
            (Signal::Lost, _) => RatingNow::Lost,
        };
        View {
            phase: state.phase(),
            phase_for: now.since(state.began()),
            rating,
            count: state.count(context, now),
            lasts: matches!(state, State::Warming(_))
                .then(|| Lasts { least: context.plan.warm_min, most: context.plan.warm_max }),
            mode: state.mode(context),
            question: context.question,
            awaits: state.awaits(context),
            area: Some(context.area),
            spot: context.spot,
            felt: context.felt.filter(|_| matches!(state, State::Flushing(_) | State::Heat(_))),
            stand: context.stand,
            technique: context.plan.technique,
            holds: context.holds(),
            learned: context.learned,
            ending: matches!(state, State::Paused(paused) if paused.is_ending()),
        }
    }

    fn click(&mut self, means: Click, late: bool, passed: bool) {
        // Only a touch made after the question answers it (promise 4).
        let touched = !late && !passed;
        if touched {
            self.context.silent_since = None;
        }
        match means {
            Click::Rating(rating) => self.rated(Rated { rating, same: false, late }),
            Click::Same(rating) => {
                if !late {
                    self.context.emit(Output::Ask(Ask::Same));
                }
                self.rated(Rated { rating, same: true, late });
            }
            Click::Less => self.transition(|state, context| state.less(context, late), By::Receiver),
            Click::Again if late => self.refuse(What::Again, Refusal::TooLate),
            Click::Again => self.context.say_again(),
            Click::Nudge(toward) => self.command(Command::Nudge(toward), late, false),
            Click::Spot => self.command(Command::Spot, late, false),
            Click::LetGo => self.command(Command::LetGo, late, false),
            Click::No => self.command(Command::No, late, passed),
            Click::Yes => self.command(Command::Yes, late, passed),
            Click::Beside => self.command(Command::Next(Next::Beside), late, passed),
            Click::SameSpot => self.command(Command::Next(Next::SameSpot), late, passed),
            Click::Enough => self.command(Command::Next(Next::Enough), late, passed),
            Click::OnlySharp => self.command(Command::Sharp(SharpWas::OnlySharp), late, passed),
            Click::Numb => self.command(Command::Sharp(SharpWas::Numb), late, passed),
            Click::Slipped => self.command(Command::Sharp(SharpWas::Slipped), late, passed),
            Click::Felt(side) => self.command(Command::Felt(side), late, passed),
            Click::More => self.command(Command::More, late, passed),
        }
        if touched {
            self.transition(State::touched, By::Receiver);
        }
    }

    /// What is not a rating, "less", SHARP or STOP can only steer in time, and only what it was meant for.
    fn command(&mut self, command: Command, late: bool, passed: bool) {
        if late {
            self.refuse(command.what(), Refusal::TooLate);
        } else if passed {
            self.refuse(command.what(), Refusal::Passed);
        } else {
            self.transition(|state, context| state.command(context, By::Receiver, command), By::Receiver);
        }
    }

    /// A late rating is recorded, and steers only where it is above the ceiling: downward.
    fn rated(&mut self, rated: Rated) {
        if !rated.late {
            self.context.take_rating(rated.rating);
        } else {
            self.context.emit(Output::Rating { value: rated.rating, late: true });
            // What is not Live does not lengthen a hold.
            self.context.low = false;
            if rated.rating <= self.context.ceiling() {
                return;
            }
        }
        self.transition(|state, context| state.rated(context, rated), By::Receiver);
    }

    fn key(&mut self, key: Key) {
        let command = match key {
            Key::Stop => {
                return self
                    .transition(|state, context| state.halt(context, Halt::StopByPartner), By::Partner);
            }
            Key::End => return self.transition(|state, context| state.halt(context, Halt::End), By::Partner),
            Key::Sharp => return self.sharp(By::Partner),
            Key::Again => return self.context.say_again(),
            Key::Lesson => return self.transition(|state, context| state.learn(context), By::Partner),
            Key::Guess(value) => return self.guess(value),
            Key::Stand(stand) => {
                self.context.stand = stand;
                self.context.stand_said = true;
                return;
            }
            Key::GoOn => Command::Go,
            Key::Yes => Command::Yes,
            Key::No => Command::No,
            Key::Spot => Command::Spot,
            Key::Move(toward) => Command::Nudge(toward),
            Key::Where(area) => Command::Where(area),
            Key::AlreadyWarm => Command::AlreadyWarm,
            Key::Back => Command::Back,
        };
        self.transition(|state, context| state.command(context, By::Partner, command), By::Partner);
    }

    /// Said aloud in the hold, keyed while it is flushed. It steers nothing, and the last one counts.
    fn guess(&mut self, value: Rating) {
        let flushing = self.state.as_ref().is_some_and(|state| state.phase() == Phase::Flushing);
        let why = match self.context.last_in_hold {
            // Whoever presses feels it themselves.
            _ if !flushing || self.context.plan.technique.is_alone() => Refusal::NotNow,
            None => Refusal::NothingToGuess,
            Some(of) => {
                self.context.emit(Output::Guess { value, of });
                return self.context.say(Prompt::Guessed { guess: value, rating: of });
            }
        };
        self.context.refuse(By::Partner, What::Guess, why);
    }

    fn sharp(&mut self, by: By) {
        self.context.emit(Output::Sharp);
        self.transition(|state, context| state.halt(context, Halt::Sharp(by)), by);
    }

    /// A dial above the ceiling whose click has not come yet (the clicker may be waiting for the disk) is as a late
    /// rating: it can only make the coach gentler.
    fn link(&mut self, link: Link) {
        let told = self.context.dial;
        if let Link::Live { dial } = link {
            self.context.dial = dial;
        }
        let before = self.context.take_link(link);
        let restarted = link == Link::Restarted;
        self.transition(|state, context| state.signal(context, before, restarted), By::Partner);
        if let Link::Live { dial: Some(rating) } = link
            && told != Some(rating)
            && rating > self.context.ceiling()
            && self.state.as_ref().is_some_and(|state| state.phase().pressure_may_be_on())
        {
            self.transition(
                |state, context| state.rated(context, Rated { rating, same: false, late: true }),
                By::Receiver,
            );
        }
    }

    fn store(&mut self, state: StoreState) {
        self.context.store_failed = state == StoreState::Failed;
        self.context.say(match state {
            StoreState::Failed => Prompt::StoreFailed,
            StoreState::Recovered => Prompt::StoreRecovered,
        });
    }

    /// Nobody ran the timers for `by`, and nothing was heard: the signal counts as lost.
    fn stood_still(&mut self, by: Duration, halt: Halt) {
        let low = self.context.low;
        self.context.take_link(Link::Lost);
        // What was called for went on being called for, as far as anybody heard.
        self.context.low = low;
        // A long one is a pause, and a pause moves on what was measured when it ends.
        let paused = matches!(self.state, Some(State::Paused(_))) || by >= rules::LONG_PAUSE;
        if let (false, Some(state)) = (paused, &mut self.state) {
            self.context.shift(by);
            state.shift(by);
        }
        self.transition(|state, context| state.halt(context, halt), By::Partner);
    }

    fn refuse(&mut self, what: What, why: Refusal) {
        self.context.refuse(By::Receiver, what, why);
    }

    fn advance(&mut self, now: Moment) {
        self.run_timers(now);
        self.context.now = self.context.now.max(now);
    }

    fn run_timers(&mut self, now: Moment) {
        while let Some(deadline) = self.poll_timeout()
            && deadline.at <= now
        {
            self.context.now = self.context.now.max(deadline.at);
            self.transition(|state, context| state.timeout(context, deadline), By::Partner);
        }
    }

    /// Lets the phase at hand be consumed by `happening`, and takes up what comes of it.
    fn transition(&mut self, happening: impl FnOnce(State, &mut Context) -> Transition, by: By) {
        let Some(state) = self.state.take() else { return };
        let from = state.phase();
        let context = &mut self.context;
        self.state = Some(match happening(state, context) {
            Transition::Stay(state) => state,
            Transition::Refuse { stay, what, why } => {
                context.refuse(by, what, why);
                stay
            }
            Transition::Move { mut to, because } => {
                context.emit(Output::Phase { from, to: to.phase(), because });
                to.enter(context);
                if let State::Finished(_) = to {
                    context.emit(Output::Finished(because));
                }
                to
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::Side;
    use crate::output::{Because, HoldEnd, Outcome, Tone};
    use crate::plan::{Plan, PlanParams, Technique};

    struct Played {
        coach: Coach,
        now: Moment,
        outputs: Vec<Output>,
    }

    impl Played {
        fn wait(&mut self, ms: u64) {
            self.now += Duration::from_millis(ms);
            self.coach.handle_timeout(self.now);
            self.drain();
        }

        fn input(&mut self, input: Input) {
            self.coach.handle(self.now, input);
            self.drain();
        }

        fn click(&mut self, means: Click) {
            self.input(Input::Click { means, late: false, passed: false });
        }

        fn rate(&mut self, value: u8) {
            self.click(Click::Rating(Rating::new(value).unwrap()));
        }

        fn drain(&mut self) {
            while let Some((_, output)) = self.coach.poll_output() {
                self.outputs.push(output);
            }
        }

        fn reach_the_strokes(&mut self) {
            self.input(Input::Link(Link::Live { dial: None }));
            self.click(Click::Spot);
            for _ in 0..4 {
                self.click(Click::No);
            }
            for _ in 0..2 {
                self.rate(3);
                self.wait(3_000);
            }
            self.input(Input::Key(Key::AlreadyWarm));
        }

        fn reach_the_hold(&mut self) {
            self.wait(10_000);
            self.click(Click::Felt(Side::Left));
            self.input(Input::Alarm(Alarm::Sharp));
            self.click(Click::Yes);
            self.wait(80_000);
            self.click(Click::Spot);
            self.wait(7_000);
        }

        fn phases(&self) -> Vec<(Phase, Because)> {
            let moves = self.outputs.iter().filter_map(|output| {
                if let Output::Phase { to, because, .. } = *output { Some((to, because)) } else { None }
            });
            moves.collect()
        }
    }

    fn in_a_hold() -> Played {
        let coach = Coach::begin(Setup::of(Plan::partner()));
        let mut played = Played { coach, now: Moment::START, outputs: Vec::new() };
        played.reach_the_strokes();
        played.reach_the_hold();
        played.rate(4);
        played
    }

    #[test]
    fn a_dial_above_the_ceiling_acts_before_its_click_comes() {
        for (dial, phase, prompt) in [(9, Phase::Flushing, "hands-off"), (7, Phase::Holding, "ease-off")] {
            let mut played = in_a_hold();
            played.input(Input::Link(Link::Live { dial: Rating::new(dial) }));
            assert_eq!(played.coach.view(played.now).phase, phase, "at {dial}");
            let said = |output: &Output| matches!(output, Output::Prompt(said) if said.id() == prompt);
            assert!(played.outputs.iter().any(said), "{prompt} at {dial}");
        }
    }

    #[test]
    fn a_dial_within_the_ceiling_says_nothing() {
        let mut played = in_a_hold();
        let before = played.outputs.len();
        played.input(Input::Link(Link::Live { dial: Rating::new(5) }));
        assert_eq!(played.outputs.len(), before);
    }

    #[test]
    fn alone_the_clicker_has_a_cue_for_every_phase_that_somebody_does_something_in() {
        for (technique, cues) in [(Technique::Partner, 0), (Technique::Ball, 1)] {
            let plan = Plan::build(PlanParams::given(technique)).unwrap();
            let coach = Coach::begin(Setup::of(plan));
            let mut played = Played { coach, now: Moment::START, outputs: Vec::new() };
            played.reach_the_strokes();
            let tones = |played: &Played| {
                played.outputs.iter().filter(|output| **output == Output::Tone(Tone::Flush)).count()
            };
            assert_eq!(tones(&played), cues, "{technique}: the strokes");
            played.reach_the_hold();
            assert_eq!(tones(&played), 2 * cues, "{technique}: the lean");
        }
    }

    #[test]
    fn a_whole_session_with_one_hold_that_lets_go() {
        let mut played = in_a_hold();
        for _ in 0..2 {
            played.wait(14_000);
            played.click(Click::Same(Rating::new(4).unwrap()));
        }
        played.wait(2_000);
        played.click(Click::LetGo);
        played.wait(25_000);
        played.click(Click::Enough);
        played.wait(50_000);
        played.rate(2);
        played.wait(3_000);
        played.click(Click::Yes);
        assert_eq!(
            played.phases(),
            [
                (Phase::Warming, Because::Answered),
                (Phase::BroadStrokes, Because::AlreadyWarm),
                (Phase::Locating, Because::Time),
                (Phase::Settling, Because::ThatsTheSpot),
                (Phase::Holding, Because::Time),
                (Phase::Releasing, Because::LetGo),
                (Phase::Flushing, Because::Time),
                (Phase::Stretching, Because::Enough),
                (Phase::Heat, Because::Time),
                (Phase::Finished, Because::Answered),
            ]
        );
        let hold = HoldEnd {
            outcome: Outcome::Done,
            because: Because::LetGo,
            counted: Duration::from_secs(30),
            pressed: Duration::from_secs(37),
        };
        assert!(played.outputs.contains(&Output::Hold(hold)), "{:?}", played.outputs);
    }
}
