//! ParamsNegotiation the laptop for a link that suits what the clicker does: seldom heard outside a session, soon heard in one, and
//! one that survives a fade in both.
//!
//! ```text
//!   Unsecured --secured--> Waiting --5 s--> the link suits, or all was asked for in vain --> Done
//!                        ^  ^  |                                                           |
//!                        |  |  +--> Requested: the first request --agreed--------------------------+
//!                        |  |         | no answer in 5 s                                   |
//!                        |  |         +--> Requested: the second --agreed, or no answer--------+
//!                        |  +--a session has opened or closed meanwhile--+ (from Requested)    |
//!                        +--a session opens: at once; closes: after 5 s--------------------+
//! ```
//!
//! The stack says when the laptop has agreed and only logs when it has not, hence the waiting. BlueZ opens links with a
//! supervision timeout of 420 ms, which a hand under a body outlasts easily.
//!
//! **Invariant:** one request at a time, and none for what the link has. What was not agreed to is not asked for again on this
//! connection, so at most two requests for a session and two for the time outside it go unanswered, however often sessions open
//! and close. What the laptop does to the link by itself is its affair until the next session opens or closes.

use core::time::Duration;

use handheld::Uptime;

/// After pairing and discovery, which want the air for themselves.
pub(crate) const DISCOVERY_TIME: Duration = Duration::from_secs(5);

/// An agreement takes a few exchanges of messages and six connection events, and a clicker that sleeps may hear each a turn
/// of a second later.
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);

/// A session that is taken up again is taken up sooner, and the link has then stayed as it was.
const IDLE_DELAY: Duration = Duration::from_secs(5);

/// Silence for this long is the end of the link: a fade of two or three seconds is not.
pub(crate) const SUPERVISION_TIMEOUT: Duration = Duration::from_secs(4);

/// What is asked for: an interval from the first to the second, and so many events that may be slept through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ParamsRequest {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
    pub(crate) latency: u16,
}

impl ParamsRequest {
    const fn of(min: u64, max: u64, latency: u16) -> Self {
        Self { min: Duration::from_millis(min), max: Duration::from_millis(max), latency }
    }

    /// Whether a link on these params has what is asked for.
    fn fits(self, params: LinkParams) -> bool {
        (self.min..=self.max).contains(&params.interval)
            && self.latency == params.latency
            && params.supervision >= SUPERVISION_TIMEOUT
    }
}

/// How a link is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkParams {
    pub(crate) interval: Duration,
    pub(crate) latency: u16,
    pub(crate) supervision: Duration,
}

/// What a link has to suit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    /// No session is open: a turn of 690 to 1,035 ms is soon enough for a welcome, and each costs charge.
    Idle,
    /// The clicker listens at every event where its radio can. Elsewhere it listening within 465 ms, where the laptop agrees.
    Session,
}

impl Activity {
    /// One after the other. The second of a session is for laptops that do not keep 15 ms; that of the time outside it is for
    /// those that do not want longer intervals than a session's: less often than by no agreement at all, they still wake
    /// the radio.
    const fn requests(self) -> [ParamsRequest; 2] {
        match self {
            Self::Idle => [ParamsRequest::of(30, 45, 22), ParamsRequest::of(15, 30, 30)],
            Self::Session => [ParamsRequest::of(15, 15, 30), ParamsRequest::of(15, 30, 30)],
        }
    }

    /// From when it begins to the request for it.
    const fn pause(self) -> Duration {
        match self {
            Self::Idle => IDLE_DELAY,
            Self::Session => Duration::ZERO,
        }
    }
}

/// What is asked of one laptop, from its connection to the end of it.
#[derive(Debug)]
pub(crate) struct ParamsNegotiation {
    state: State,
    activity: Activity,
    params: LinkParams,
    /// When discovery is taken to be over, once the laptop is known.
    settled: Uptime,
    /// Before this nothing is asked for what is being done.
    from: Uptime,
    /// How many requests were not answered, outside a session and in one.
    unanswered: [usize; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is known of the laptop.
    Unsecured,
    /// The time to request has not come.
    Waiting,
    /// One request is under way, for this.
    Requested { during: Activity, until: Uptime },
    /// Nothing is to be asked until a session opens or closes.
    Done,
}

impl ParamsNegotiation {
    /// A connection that began on these params.
    pub(crate) const fn new(params: LinkParams) -> Self {
        Self {
            state: State::Unsecured,
            activity: Activity::Idle,
            params,
            settled: Uptime::START,
            from: Uptime::START,
            unanswered: [0; 2],
        }
    }

    /// The laptop of a bond is there.
    pub(crate) fn secured(&mut self, now: Uptime) {
        if self.state == State::Unsecured {
            self.settled = now + DISCOVERY_TIME;
            self.from = self.settled;
            self.state = State::Waiting;
        }
    }

    /// Whether the laptop still reads and discovers, as far as is known: each of its requests would wait for a turn.
    pub(crate) fn is_discovering(&self, now: Uptime) -> bool {
        self.state == State::Unsecured || now < self.settled
    }

    /// What the clicker does now. To be said whenever it may have changed.
    pub(crate) fn set_activity(&mut self, now: Uptime, activity: Activity) {
        if core::mem::replace(&mut self.activity, activity) == activity {
            return;
        }
        match self.state {
            // Whatever it does then, nothing is asked before discovery is over.
            State::Unsecured => {}
            State::Waiting | State::Done => {
                self.from = self.settled.max(now + activity.pause());
                self.state = State::Waiting;
            }
            State::Requested { .. } => self.from = now + activity.pause(),
        }
    }

    /// How the link is kept. To be said whenever it may have changed.
    pub(crate) fn updated(&mut self, params: LinkParams) {
        self.params = params;
        let State::Requested { during, .. } = self.state else { return };
        let last = self.unanswered[during as usize];
        // The answer to the first may come when the second is under way.
        if let Some(agreed) = during.requests().iter().take(last + 1).position(|request| request.fits(params))
        {
            self.unanswered[during as usize] = agreed;
            self.state = if during == self.activity { State::Done } else { State::Waiting };
        }
    }

    /// When [`ParamsNegotiation::due`] has something.
    pub(crate) const fn poll_timeout(&self) -> Option<Uptime> {
        match self.state {
            State::Waiting => Some(self.from),
            State::Requested { until, .. } => Some(until),
            State::Unsecured | State::Done => None,
        }
    }

    /// What is to be asked for now.
    pub(crate) fn due(&mut self, now: Uptime) -> Option<ParamsRequest> {
        match self.state {
            State::Requested { during, until } if until <= now => {
                self.unanswered[during as usize] += 1;
                self.state = State::Waiting;
            }
            State::Unsecured | State::Waiting | State::Requested { .. } | State::Done => {}
        }
        if self.state != State::Waiting || now < self.from {
            return None;
        }
        let during = self.activity;
        let requests = during.requests();
        let unanswered = self.unanswered[during as usize];
        // What was asked for in vain may have been agreed to later.
        let suits = requests.iter().take(unanswered + 1).any(|request| request.fits(self.params));
        let request = requests.get(unanswered).copied().filter(|_| !suits);
        self.state = match request {
            Some(_) => State::Requested { during, until: now + REPLY_TIMEOUT },
            None => State::Done,
        };
        request
    }
}

#[cfg(test)]
mod tests {
    use heapless::Vec;

    use super::*;

    const IDLE: [ParamsRequest; 2] = Activity::Idle.requests();
    const SESSION: [ParamsRequest; 2] = Activity::Session.requests();

    fn at(seconds: u64) -> Uptime {
        Uptime::from_millis(seconds * 1000)
    }

    fn params(interval: u64, latency: u16, supervision: u64) -> LinkParams {
        LinkParams {
            interval: Duration::from_millis(interval),
            latency,
            supervision: Duration::from_millis(supervision),
        }
    }

    /// As BlueZ opens a link.
    fn opened() -> LinkParams {
        params(50, 0, 420)
    }

    /// As a laptop agrees that takes the longest interval.
    fn agreed(request: ParamsRequest) -> LinkParams {
        LinkParams { interval: request.max, latency: request.latency, supervision: SUPERVISION_TIMEOUT }
    }

    /// Known since 0, activity this.
    fn secured(activity: Activity) -> ParamsNegotiation {
        let mut negotiation = ParamsNegotiation::new(opened());
        negotiation.set_activity(at(0), activity);
        negotiation.secured(at(0));
        negotiation
    }

    /// What it requests for from a time on, second by second, of a laptop that never answers.
    fn asked(negotiation: &mut ParamsNegotiation, from: u64, to: u64) -> Vec<(u64, ParamsRequest), 8> {
        (from..to).filter_map(|second| negotiation.due(at(second)).map(|request| (second, request))).collect()
    }

    /// Idle since 5 s, as agreed.
    fn idle() -> ParamsNegotiation {
        let mut negotiation = secured(Activity::Idle);
        assert_eq!(negotiation.due(at(5)), Some(IDLE[0]));
        negotiation.updated(agreed(IDLE[0]));
        assert_eq!((negotiation.poll_timeout(), negotiation.due(at(90))), (None, None));
        negotiation
    }

    #[test]
    fn it_asks_once_for_what_suits_then_when_the_laptop_agrees() {
        for activity in [Activity::Idle, Activity::Session] {
            let mut negotiation = ParamsNegotiation::new(opened());
            negotiation.set_activity(at(0), activity);
            assert_eq!((negotiation.poll_timeout(), negotiation.due(at(1))), (None, None), "nobody is known");
            negotiation.secured(at(1));
            assert_eq!((negotiation.poll_timeout(), negotiation.due(at(5))), (Some(at(6)), None));
            assert_eq!(negotiation.due(at(6)), Some(activity.requests()[0]));
            negotiation.updated(agreed(activity.requests()[0]));
            negotiation.secured(at(7));
            assert_eq!((negotiation.poll_timeout(), negotiation.due(at(60))), (None, None));
        }
    }

    #[test]
    fn it_asks_for_less_once_and_then_lives_with_it() {
        for activity in [Activity::Idle, Activity::Session] {
            let [first, second] = activity.requests();
            let mut negotiation = secured(activity);
            assert_eq!(asked(&mut negotiation, 0, 99), [(5, first), (10, second)]);
            assert_eq!(negotiation.poll_timeout(), None);
        }
    }

    #[test]
    fn a_late_answer_is_one() {
        let mut negotiation = secured(Activity::Idle);
        assert_eq!(asked(&mut negotiation, 0, 11), [(5, IDLE[0]), (10, IDLE[1])]);
        negotiation.updated(agreed(IDLE[0]));
        assert_eq!(negotiation.poll_timeout(), None);
        negotiation.set_activity(at(20), Activity::Session);
        assert_eq!(negotiation.due(at(20)), Some(SESSION[0]));
        negotiation.updated(agreed(SESSION[0]));
        negotiation.set_activity(at(30), Activity::Idle);
        assert_eq!(negotiation.due(at(35)), Some(IDLE[0]), "it agrees to the first");
    }

    #[test]
    fn what_the_link_has_is_not_asked_for() {
        // As remembered by a laptop from the last time, with the interval that it chose.
        for remembered in [params(30, 22, 4000), params(45, 22, 6000)] {
            let mut negotiation = ParamsNegotiation::new(remembered);
            negotiation.secured(at(0));
            assert_eq!((negotiation.due(at(5)), negotiation.poll_timeout()), (None, None), "{remembered:?}");
            negotiation.set_activity(at(9), Activity::Session);
            assert_eq!(negotiation.due(at(9)), Some(SESSION[0]));
        }
        for other in [params(45, 22, 420), params(45, 0, 4000), params(60, 22, 4000), params(15, 22, 4000)] {
            let mut negotiation = ParamsNegotiation::new(other);
            negotiation.secured(at(0));
            assert_eq!(negotiation.due(at(5)), Some(IDLE[0]), "{other:?}");
        }
    }

    #[test]
    fn a_session_that_opens_before_the_first_ask_is_what_it_asks_for() {
        let mut negotiation = secured(Activity::Idle);
        negotiation.set_activity(at(2), Activity::Session);
        assert_eq!(asked(&mut negotiation, 2, 6), [(5, SESSION[0])], "and no sooner");
        let mut negotiation = secured(Activity::Session);
        negotiation.set_activity(at(1), Activity::Idle);
        assert_eq!(asked(&mut negotiation, 1, 9), [(6, IDLE[0])], "one that closes is waited for");
    }

    #[test]
    fn it_asks_at_once_when_a_session_opens_and_later_when_it_closes() {
        let mut negotiation = idle();
        negotiation.set_activity(at(100), Activity::Session);
        assert_eq!((negotiation.poll_timeout(), negotiation.due(at(100))), (Some(at(100)), Some(SESSION[0])));
        negotiation.updated(agreed(SESSION[0]));
        negotiation.set_activity(at(200), Activity::Idle);
        assert_eq!((negotiation.poll_timeout(), negotiation.due(at(204))), (Some(at(205)), None));
        assert_eq!(negotiation.due(at(205)), Some(IDLE[0]));
        negotiation.updated(agreed(IDLE[0]));
        assert_eq!(negotiation.poll_timeout(), None);
    }

    #[test]
    fn a_session_that_is_taken_up_again_finds_the_link_as_it_left_it() {
        let mut negotiation = secured(Activity::Session);
        assert_eq!(negotiation.due(at(5)), Some(SESSION[0]));
        negotiation.updated(agreed(SESSION[0]));
        for again in 0..10 {
            negotiation.set_activity(at(20 + again * 6), Activity::Idle);
            negotiation.set_activity(at(24 + again * 6), Activity::Session);
            assert_eq!(negotiation.due(at(25 + again * 6)), None);
        }
        assert_eq!(negotiation.poll_timeout(), None);
    }

    #[test]
    fn one_ask_at_a_time() {
        // A session opens while the first of the time outside it is under way.
        let mut negotiation = secured(Activity::Idle);
        assert_eq!(negotiation.due(at(5)), Some(IDLE[0]));
        negotiation.set_activity(at(6), Activity::Session);
        assert_eq!((negotiation.due(at(7)), negotiation.poll_timeout()), (None, Some(at(10))));
        negotiation.updated(agreed(IDLE[0]));
        assert_eq!(
            (negotiation.poll_timeout(), negotiation.due(at(7))),
            (Some(at(6)), Some(SESSION[0])),
            "as soon as it is over"
        );
        // It closes while its own is under way, and the answer comes.
        negotiation.set_activity(at(8), Activity::Idle);
        negotiation.updated(agreed(SESSION[0]));
        assert_eq!(asked(&mut negotiation, 8, 18), [(13, IDLE[0])]);
    }

    #[test]
    fn an_ask_that_is_not_answered_makes_way_for_what_suits_now() {
        let mut negotiation = secured(Activity::Idle);
        assert_eq!(negotiation.due(at(5)), Some(IDLE[0]));
        negotiation.set_activity(at(6), Activity::Session);
        assert_eq!(asked(&mut negotiation, 6, 30), [(10, SESSION[0]), (15, SESSION[1])]);
        negotiation.set_activity(at(30), Activity::Idle);
        assert_eq!(asked(&mut negotiation, 30, 99), [(35, IDLE[1])], "the first was asked for in vain");
    }

    #[test]
    fn what_came_late_and_suits_again_is_not_asked_for() {
        let mut negotiation = secured(Activity::Idle);
        assert_eq!(negotiation.due(at(5)), Some(IDLE[0]));
        negotiation.set_activity(at(6), Activity::Session);
        assert_eq!(negotiation.due(at(10)), Some(SESSION[0]));
        negotiation.updated(agreed(IDLE[0]));
        assert_eq!(asked(&mut negotiation, 11, 30), [(15, SESSION[1])]);
        negotiation.set_activity(at(30), Activity::Idle);
        assert_eq!(asked(&mut negotiation, 30, 99), []);
    }

    #[test]
    fn a_laptop_that_refuses_is_left_alone_however_often_sessions_open() {
        let mut negotiation = secured(Activity::Idle);
        let mut all = asked(&mut negotiation, 0, 20);
        for turn in 1..50 {
            // Some are over before an request of theirs has been given up.
            let long = turn % 7 + 1;
            negotiation.set_activity(at(turn * 20), Activity::Session);
            all.extend(asked(&mut negotiation, turn * 20, turn * 20 + long));
            negotiation.set_activity(at(turn * 20 + long), Activity::Idle);
            all.extend(asked(&mut negotiation, turn * 20 + long, turn * 20 + 20));
        }
        let all: Vec<ParamsRequest, 8> = all.into_iter().map(|(_, request)| request).collect();
        assert_eq!(all, [IDLE[0], IDLE[1], SESSION[0], SESSION[1]]);
    }

    #[test]
    fn what_was_agreed_to_second_is_asked_for_first_the_next_time() {
        let mut negotiation = secured(Activity::Session);
        assert_eq!(asked(&mut negotiation, 0, 11), [(5, SESSION[0]), (10, SESSION[1])]);
        negotiation.updated(params(30, 30, 4000));
        negotiation.set_activity(at(20), Activity::Idle);
        assert_eq!(negotiation.due(at(25)), Some(IDLE[0]));
        negotiation.updated(agreed(IDLE[0]));
        negotiation.set_activity(at(30), Activity::Session);
        assert_eq!(negotiation.due(at(30)), Some(SESSION[1]));
    }

    #[test]
    fn what_fits_the_second_ask_already_is_not_asked_for_in_it() {
        let mut negotiation = secured(Activity::Session);
        assert_eq!(negotiation.due(at(5)), Some(SESSION[0]));
        negotiation.updated(agreed(SESSION[0]));
        negotiation.set_activity(at(20), Activity::Idle);
        assert_eq!(negotiation.due(at(25)), Some(IDLE[0]));
        negotiation.updated(agreed(SESSION[0]));
        assert_eq!(negotiation.poll_timeout(), Some(at(30)), "how it is, told again, is no answer");
        assert_eq!(
            (negotiation.due(at(30)), negotiation.poll_timeout()),
            (None, None),
            "the second would ask for it"
        );
    }

    #[test]
    fn a_laptop_that_changes_the_link_by_itself_is_not_argued_with() {
        let mut negotiation = idle();
        negotiation.updated(opened());
        assert_eq!((negotiation.poll_timeout(), negotiation.due(at(99))), (None, None));
        negotiation.set_activity(at(100), Activity::Session);
        assert_eq!(negotiation.due(at(100)), Some(SESSION[0]));
        // While an request is under way, other params are no answer to it.
        negotiation.updated(params(30, 0, 4000));
        assert_eq!(asked(&mut negotiation, 101, 130), [(105, SESSION[1])]);
        // And before the first request it may be what suits.
        let mut negotiation = secured(Activity::Idle);
        negotiation.updated(agreed(IDLE[0]));
        assert_eq!((negotiation.due(at(5)), negotiation.poll_timeout()), (None, None));
    }

    #[test]
    fn discovery_is_over_after_a_while_whatever_is_asked_for() {
        let mut negotiation = ParamsNegotiation::new(opened());
        assert!(negotiation.is_discovering(at(100)), "nobody is known");
        negotiation.secured(at(100));
        assert!(negotiation.is_discovering(at(104)) && !negotiation.is_discovering(at(105)));
        negotiation.set_activity(at(101), Activity::Session);
        negotiation.set_activity(at(104), Activity::Idle);
        assert!(!negotiation.is_discovering(at(105)), "though nothing is asked yet");
    }

    #[test]
    fn what_is_asked_for_fits_apple_and_the_specification() {
        let step = Duration::from_millis(15);
        for request in IDLE.into_iter().chain(SESSION) {
            let slept = request.max * (u32::from(request.latency) + 1);
            // Apple's accessory design guidelines on connection parameters.
            assert!(slept <= Duration::from_secs(2) && slept * 3 < SUPERVISION_TIMEOUT, "{request:?}");
            assert!(
                request.min >= step && request.min.as_millis().is_multiple_of(step.as_millis()),
                "{request:?}"
            );
            assert!(
                request.max >= request.min + step || (request.min, request.max) == (step, step),
                "{request:?}"
            );
            assert!(request.latency <= 30, "{request:?}");
            assert!((Duration::from_secs(2)..=Duration::from_secs(6)).contains(&SUPERVISION_TIMEOUT));
            // The specification, vol 4 part E 7.8.18.
            assert!(slept * 2 < SUPERVISION_TIMEOUT, "{request:?}");
        }
    }
}
