//! Every state within six steps of several beginnings.
//!
//! A step is an input or a passing of time, and time passes to the coach's own next deadline, 1 ms short of it or 1 ms
//! beyond. States are told apart by all that the coach remembers, with every moment taken relative to now, so that the
//! same hold a minute later is the same state.

use core::time::Duration;
use std::collections::HashSet;

use coach::body::{Side, Toward};
use coach::{
    Alarm, Click, Coach, Counting, Input, Key, Link, Moment, Outcome, Output, Phase, Plan, Rating, StoreState,
};

use crate::people::{BEGINNINGS, beginning};
use crate::support::{Sitting, rating};

/// How many steps are taken from each beginning.
const DEPTH: usize = 6;

/// A step that may be taken anywhere.
#[derive(Debug, Clone, Copy)]
enum Go {
    Tell(Input),
    /// "Same as before", as the dial stands.
    Same,
    /// The link is live, with the dial as it stands.
    LinkUp,
    /// To the next deadline, and this many milliseconds beside it.
    Deadline(i8),
    /// To this moment.
    Until(Moment),
}

const fn click(means: Click) -> Go {
    Go::Tell(Input::Click { means, late: false, passed: false })
}

const fn late(means: Click) -> Input {
    Input::Click { means, late: true, passed: false }
}

fn beside_it(at: Moment, beside: i8) -> Moment {
    match beside {
        ..0 => at - Duration::from_millis(1),
        0 => at,
        1.. => at + Duration::from_millis(1),
    }
}

/// A state, and what a check needs to know of the way to it.
#[derive(Debug, Clone)]
struct Node {
    coach: Coach,
    now: Moment,
    dial: Option<Rating>,
    /// Pressure has been called for since this moment.
    lean: Option<Moment>,
    /// The steps that led here, for whoever has to find out why.
    trail: Vec<(Moment, Go)>,
}

/// What was given on the way from one state to the next, each thing at its moment.
type Given = Vec<(Moment, Output)>;

impl Node {
    fn of(sitting: &Sitting) -> Self {
        let lean = crate::support::moves(&sitting.log)
            .filter(|&(_, _, to, _)| to == Phase::Settling)
            .map(|(at, ..)| at)
            .last()
            .filter(|_| sitting.phase().pressure_called_for());
        Self { coach: sitting.coach.clone(), now: sitting.now, dial: sitting.dial, lean, trail: Vec::new() }
    }

    fn phase(&self) -> Phase {
        self.coach.view(self.now).phase
    }

    /// The state after this step, or `None` where the step cannot be taken.
    fn after(&self, go: Go) -> Option<(Self, Given)> {
        if let Go::Deadline(beside) = go {
            let at = self.coach.poll_timeout()?.at;
            return self.after(Go::Until(beside_it(at, beside)));
        }
        let mut next = self.clone();
        next.trail.push((self.now, go));
        match go {
            Go::Until(at) if at <= next.now => return None,
            Go::Until(at) => {
                next.now = at;
                next.coach.handle_timeout(at);
            }
            Go::Deadline(_) => return None,
            Go::Same => {
                next.click(Input::Click { means: Click::Same(next.dial?), late: false, passed: false })
            }
            Go::LinkUp => {
                let dial = next.dial;
                next.coach.handle(next.now, Input::Link(Link::Live { dial }));
            }
            Go::Tell(input) => next.click(input),
        }
        let given = next.given();
        Some((next, given))
    }

    fn click(&mut self, input: Input) {
        match input {
            Input::Click { means: Click::Rating(rating) | Click::Same(rating), .. } => {
                self.dial = Some(rating)
            }
            Input::Link(Link::Restarted) => self.dial = None,
            Input::Gap(stood_still) => self.now += stood_still,
            _ => {}
        }
        self.coach.handle(self.now, input);
    }

    fn given(&mut self) -> Given {
        let mut given = Vec::new();
        while let Some((at, output)) = self.coach.poll_output() {
            if let Output::Phase { from, to, .. } = output {
                match (from.pressure_called_for(), to.pressure_called_for()) {
                    (false, true) => self.lean = Some(at),
                    (true, false) => self.lean = None,
                    (true, true) | (false, false) => {}
                }
            }
            given.push((at, output));
        }
        given
    }

    /// All that the coach remembers, each moment relative to now, without what steers nothing: the plan, which is
    /// the same everywhere, the number of the question, and the sentence that "say it again" would repeat.
    fn fingerprint(&self) -> u64 {
        let text = format!("{:?} {:?}", self.coach, self.dial);
        let (_plan, rest) = text.split_once(", now: ").expect("a coach begins with its plan");
        let (context, rest) = rest.split_once(", question: ").expect("the number of the question");
        let (_question, state) = rest.split_once(", state: ").expect("a coach ends with its phase");
        let mut digest = Digest(0);
        for part in [context, state] {
            let mut pieces = part.split("Moment(");
            digest.text(pieces.next().unwrap_or_default());
            for piece in pieces {
                let (ms, text) = piece.split_once(')').expect("a moment ends with its bracket");
                let ms: u64 = ms.parse().expect("a moment is a number");
                digest.word(ms.wrapping_sub(self.now.as_millis()));
                digest.text(text);
            }
        }
        digest.0
    }
}

/// A digest that is quick even where nothing is optimised: these searches run in every test.
struct Digest(u64);

impl Digest {
    fn word(&mut self, word: u64) {
        // The golden ratio in 64 bits: odd, and without a pattern.
        self.0 = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }

    fn text(&mut self, text: &str) {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        for &word in words {
            self.word(u64::from_le_bytes(word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.word(u64::from_le_bytes(last));
    }
}

/// Visits every state within so many of these steps, and shows each step to `check`. How many states there were.
fn explore(start: Node, depth: usize, steps: &[Go], check: impl Fn(&Node, Go, &Node, &Given)) -> usize {
    let mut visited = HashSet::from([start.fingerprint()]);
    let mut frontier = vec![start];
    for left in (0..depth).rev() {
        let mut next = Vec::new();
        for node in &frontier {
            for &go in steps {
                let Some((after, given)) = node.after(go) else { continue };
                check(node, go, &after, &given);
                // Most steps are refused and change nothing. Nothing leads out of `finished`, which `matrix` holds.
                let new = after.coach != node.coach && visited.insert(after.fingerprint());
                if new && left > 0 && after.phase() != Phase::Finished {
                    next.push(after);
                }
            }
        }
        frontier = next;
    }
    visited.len()
}

/// No hold ends `done` early or outlasts its maximum; STOP and SHARP take pressure off in that very step.
fn is_safe(before: &Node, go: Go, after: &Node, given: &Given) {
    let plan = Plan::partner();
    for &(at, output) in given {
        if let Output::Hold(end) = output {
            let as_it_should = end.outcome != Outcome::Done || end.counted >= plan.hold_min;
            assert!(as_it_should, "{end:?} at {at:?} by {:?}", after.trail);
            assert!(end.pressed <= plan.hold_max, "{end:?} at {at:?} by {:?}", after.trail);
        }
    }
    let phase = after.phase();
    if let Some(lean) = after.lean {
        assert!(phase.pressure_called_for());
        assert!(after.now.since(lean) < plan.hold_max, "{phase} since {lean:?} by {:?}", after.trail);
    }
    match go {
        Go::Tell(Input::Alarm(Alarm::Stop) | Input::Key(Key::Stop | Key::End)) => {
            assert!(!phase.pressure_may_be_on(), "{} leads to {phase} by {:?}", before.phase(), after.trail);
        }
        Go::Tell(Input::Alarm(Alarm::Sharp) | Input::Key(Key::Sharp)) => {
            assert!(!phase.pressure_called_for(), "{} leads to {phase} by {:?}", before.phase(), after.trail);
        }
        Go::Tell(_) | Go::Same | Go::LinkUp | Go::Deadline(_) | Go::Until(_) => {}
    }
}

const TIMES: [Go; 3] = [Go::Deadline(-1), Go::Deadline(0), Go::Deadline(1)];

/// The people in a hold. Of the ratings there is one of each kind that the rules tell apart.
fn holding() -> Vec<Go> {
    let mut steps = TIMES.to_vec();
    steps.extend([2, 4, 6, 8].map(|value| click(Click::Rating(rating(value)))));
    steps.extend([Click::Less, Click::LetGo].map(click));
    steps.extend([Go::Same, Go::LinkUp]);
    steps.extend(
        [Input::Alarm(Alarm::Sharp), Input::Alarm(Alarm::Stop), Input::Link(Link::Lost)].map(Go::Tell),
    );
    steps
}

/// The link, the laptop and the disk, with people who do little.
fn bad_air() -> Vec<Go> {
    let mut steps = TIMES.to_vec();
    steps.extend([4, 6].map(|value| click(Click::Rating(rating(value)))));
    steps.extend([Go::LinkUp, click(Click::Spot), click(Click::Yes)]);
    steps.extend(
        [
            Input::Link(Link::Stale),
            Input::Link(Link::Lost),
            Input::Link(Link::Restarted),
            Input::Gap(Duration::from_secs(2)),
            Input::Resumed,
            Input::Store(StoreState::Failed),
            Input::Alarm(Alarm::Stop),
        ]
        .map(Go::Tell),
    );
    steps
}

/// The people between one hold and the next.
fn between_holds() -> Vec<Go> {
    let mut steps = TIMES.to_vec();
    let clicks = [
        Click::Rating(rating(4)),
        Click::Nudge(Toward::Left),
        Click::Spot,
        Click::Yes,
        Click::Beside,
        Click::SameSpot,
        Click::Enough,
        Click::OnlySharp,
        Click::Numb,
        Click::Slipped,
    ];
    steps.extend(clicks.map(click));
    steps.extend([Input::Alarm(Alarm::Sharp), Input::Alarm(Alarm::Stop)].map(Go::Tell));
    steps.extend([Key::Stop, Key::GoOn, Key::No, Key::End, Key::Back].map(|key| Go::Tell(Input::Key(key))));
    steps
}

/// The people before the first hold.
fn beforehand() -> Vec<Go> {
    let mut steps = TIMES.to_vec();
    let clicks = [
        Click::Rating(rating(3)),
        Click::Rating(rating(7)),
        Click::Nudge(Toward::Feet),
        Click::Spot,
        Click::Yes,
        Click::No,
        Click::Felt(Side::Left),
    ];
    steps.extend(clicks.map(click));
    steps.extend([Input::Alarm(Alarm::Sharp), Input::Alarm(Alarm::Stop)].map(Go::Tell));
    steps.extend(
        [Key::GoOn, Key::No, Key::AlreadyWarm, Key::Back, Key::End].map(|key| Go::Tell(Input::Key(key))),
    );
    steps
}

/// Everything that may happen to a session.
fn everything() -> Vec<Go> {
    let mut steps = [holding(), bad_air(), between_holds(), beforehand()].concat();
    steps.extend([5, 7].map(|value| click(Click::Rating(rating(value)))));
    steps.push(click(Click::More));
    let mut told = HashSet::new();
    steps.retain(|go| told.insert(format!("{go:?}")));
    steps
}

/// Every state within `depth` of these steps from these beginnings is safe. There are at least `states` of them, so
/// that a coach that stands still does not pass for a safe one.
fn is_safe_from(beginnings: &[&str], steps: &[Go], depth: usize, states: usize) {
    let from = |name: &&str| explore(Node::of(&beginning(name)), depth, steps, is_safe);
    let visited: usize = beginnings.iter().map(from).sum();
    tell(visited);
    assert!(visited >= states, "only {visited} states were come to");
}

#[expect(clippy::print_stderr, reason = "how far a search went is worth reading with `--nocapture`")]
fn tell(visited: usize) {
    eprintln!("{visited} states");
}

#[test]
fn every_state_around_a_hold_is_safe() {
    is_safe_from(&["rated", "nearly done"], &holding(), DEPTH, 80_000);
}

#[test]
fn every_state_in_bad_air_is_safe() {
    is_safe_from(&["settling", "rated", "flushing"], &bad_air(), DEPTH, 50_000);
}

#[test]
fn every_state_between_holds_is_safe() {
    let beginnings = ["after sharp", "stopped", "flushing", "what next", "locating", "stretching"];
    is_safe_from(&beginnings, &between_holds(), DEPTH, 80_000);
}

#[test]
fn every_state_before_a_hold_is_safe() {
    is_safe_from(&["fresh", "warming", "strokes"], &beforehand(), DEPTH, 20_000);
}

/// The searches above go deep with what belongs together; this one is shallow, and leaves nothing out.
#[test]
fn every_state_within_three_steps_of_whatever_may_happen_is_safe() {
    let everywhere: Vec<&str> = BEGINNINGS.iter().map(|&(_, name, _)| name).collect();
    is_safe_from(&everywhere, &everything(), 3, 20_000);
}

/// The same run twice: once with what came late, once without it.
#[derive(Debug, Clone)]
struct Twice {
    with: Node,
    without: Node,
}

impl Twice {
    /// Both after the same step. Time passes to whichever deadline comes first.
    fn after(&self, go: Go) -> Option<(Self, [Given; 2])> {
        let go = match go {
            Go::Deadline(beside) => {
                let deadlines = [&self.with, &self.without].map(|node| node.coach.poll_timeout());
                let at = deadlines.into_iter().flatten().map(|deadline| deadline.at).min()?;
                Go::Until(beside_it(at, beside))
            }
            Go::Same => click(Click::Same(self.without.dial?)),
            Go::LinkUp => Go::Tell(Input::Link(Link::Live { dial: self.without.dial })),
            Go::Tell(_) | Go::Until(_) => go,
        };
        let (with, given_with) = self.with.after(go)?;
        let (without, given_without) = self.without.after(go)?;
        Some((Self { with, without }, [given_with, given_without]))
    }

    /// Something comes late in the one run, and does not come in the other.
    fn and_late(&self, means: Click) -> (Self, [Given; 2]) {
        let (with, given) = self.with.after(Go::Tell(late(means))).expect("an input can always come");
        (Self { with, ..self.clone() }, [given, Given::new()])
    }

    fn fingerprint(&self) -> (u64, u64) {
        (self.with.fingerprint(), self.without.fingerprint())
    }
}

/// Where the run with late events presses, the run without them does: no hold lasts longer, and none is done that
/// would not be.
fn is_gentler(after: &Twice, given: &[Given; 2]) {
    let [with, without] = given.each_ref().map(|given| {
        given.iter().find_map(|&(at, output)| match output {
            Output::Hold(end) => Some((at, end)),
            _ => None,
        })
    });
    let said = || format!("{:?}: {with:?} with, {without:?} without", after.with.trail);
    assert!(after.with.lean.is_none() || after.without.lean.is_some(), "presses longer by {}", said());
    if let (Some((late_end, _)), Some((end, _))) = (with, without) {
        assert!(late_end <= end, "presses longer by {}", said());
    }
    if with.is_some_and(|(_, end)| end.outcome == Outcome::Done) && without.is_none() {
        let count = after.without.coach.view(after.without.now).count;
        assert!(count.is_some_and(|count| count.what == Counting::ToMaximum), "done too early by {}", said());
    }
}

/// Visits every pair of states within six steps for as long as both press.
fn explore_twice(start: Node, steps: &[Go], lates: &[Click]) -> usize {
    let start = Twice { with: start.clone(), without: start };
    let mut visited = HashSet::from([start.fingerprint()]);
    let mut frontier = vec![start];
    for left in (0..DEPTH).rev() {
        let mut next = Vec::new();
        for pair in &frontier {
            let in_time = steps.iter().filter_map(|&go| pair.after(go));
            let too_late = lates.iter().map(|&means| pair.and_late(means));
            for (after, given) in in_time.chain(too_late) {
                is_gentler(&after, &given);
                let changed =
                    after.with.coach != pair.with.coach || after.without.coach != pair.without.coach;
                if changed && after.with.lean.is_some() && visited.insert(after.fingerprint()) && left > 0 {
                    next.push(after);
                }
            }
        }
        frontier = next;
    }
    visited.len()
}

#[test]
fn no_hold_lasts_longer_for_what_came_late() {
    let mut steps = TIMES.to_vec();
    steps.extend([4, 6].map(|value| click(Click::Rating(rating(value)))));
    steps.extend([Click::Less, Click::LetGo].map(click));
    steps.extend([Go::LinkUp, Go::Tell(Input::Link(Link::Lost))]);
    let lates = [Click::Rating(rating(3)), Click::Rating(rating(7)), Click::Less, Click::LetGo];
    let from = |name| explore_twice(Node::of(&beginning(name)), &steps, &lates);
    let visited: usize = ["settling", "hold", "nearly done"].into_iter().map(from).sum();
    tell(visited);
    assert!(visited >= 50_000, "only {visited} pairs of states were come to");
}
