//! Negotiation of connection parameters: a long effective interval outside a session, a short one in a session, and a
//! supervision timeout that survives a fade in both.
//!
//! ```text
//!   Unsecured --secured--> Waiting --5 s--> the link fits, or all requests failed ---------------> Done
//!                          ^  ^  |                                                                  |
//!                          |  |  +--> Requested: the first --agreed---------------------------------+
//!                          |  |         | no answer in 5 s                                          |
//!                          |  |         +--> Requested: the second --agreed, or no answer-----------+
//!                          |  +--a session has opened or closed meanwhile--+ (from Requested)       |
//!                          +--a session opens: at once; closes: after 5 s---------------------------+
//! ```
//!
//! The stack reports when the laptop has agreed, but only logs when it has not; hence the timeouts. BlueZ opens links
//! with a supervision timeout of 420 ms, and a hand under a body easily blocks the signal for longer.
//!
//! **Invariant:** at most one request is pending, and none asks for what the link has already. A request that failed is
//! not repeated on the same connection, so at most two requests for a session and two for the time outside it go
//! unanswered, however often sessions open and close. Parameters that the laptop changes by itself are left alone until
//! the next session opens or closes.

use core::time::Duration;

use handheld::Uptime;

/// Delay after the link is secured: pairing and discovery need the air time.
pub(crate) const DISCOVERY_TIME: Duration = Duration::from_secs(5);

/// An agreement takes a few messages and six connection events, and with latency the clicker may receive each of them a
/// second later.
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);

/// Debounce: a session that is resumed quickly must not renegotiate.
const IDLE_DELAY: Duration = Duration::from_secs(5);

/// Supervision timeout to request: longer than a fade of two or three seconds.
pub(crate) const SUPERVISION_TIMEOUT: Duration = Duration::from_secs(4);

/// A request: a range of intervals, and a latency.
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

    /// Whether a link with these parameters satisfies the request.
    fn fits(self, params: LinkParams) -> bool {
        (self.min..=self.max).contains(&params.interval)
            && self.latency == params.latency
            && params.supervision >= SUPERVISION_TIMEOUT
    }
}

/// Parameters of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkParams {
    pub(crate) interval: Duration,
    pub(crate) latency: u16,
    pub(crate) supervision: Duration,
}

/// What the link is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    /// No session is open. A welcome may wait 690 to 1,035 ms, and each wake-up costs energy.
    Idle,
    /// In a session. The clicker listens at every event if its radio can; otherwise a cue waits up to 465 ms, if the
    /// laptop agrees.
    Session,
}

impl Activity {
    /// The requests, in order. The second one in a session is for laptops that do not accept 15 ms. The second one
    /// outside a session is for laptops that do not accept longer intervals than in a session: it still wakes the radio
    /// less often than without any agreement.
    const fn requests(self) -> [ParamsRequest; 2] {
        match self {
            Self::Idle => [ParamsRequest::of(30, 45, 22), ParamsRequest::of(15, 30, 30)],
            Self::Session => [ParamsRequest::of(15, 15, 30), ParamsRequest::of(15, 30, 30)],
        }
    }

    /// Delay between the start of the activity and its first request.
    const fn pause(self) -> Duration {
        match self {
            Self::Idle => IDLE_DELAY,
            Self::Session => Duration::ZERO,
        }
    }
}

/// The negotiation with one laptop, for the duration of a connection.
#[derive(Debug)]
pub(crate) struct ParamsNegotiation {
    state: State,
    activity: Activity,
    params: LinkParams,
    /// When discovery is assumed to be over, once the link is secured.
    settled: Uptime,
    /// No request is sent before this time.
    from: Uptime,
    /// Number of failed requests, outside a session and in one.
    unanswered: [usize; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The laptop is not identified yet.
    Unsecured,
    /// The next request is not due yet.
    Waiting,
    /// A request for this activity is pending.
    Requested { during: Activity, until: Uptime },
    /// No request until a session opens or closes.
    Done,
}

impl ParamsNegotiation {
    /// Starts with the initial parameters of a connection.
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

    /// The link is encrypted with a stored bond.
    pub(crate) fn secured(&mut self, now: Uptime) {
        if self.state == State::Unsecured {
            self.settled = now + DISCOVERY_TIME;
            self.from = self.settled;
            self.state = State::Waiting;
        }
    }

    /// Whether the laptop may still be discovering, when latency would slow down each of its requests.
    pub(crate) fn is_discovering(&self, now: Uptime) -> bool {
        self.state == State::Unsecured || now < self.settled
    }

    /// Sets the activity. Call it whenever it may have changed.
    pub(crate) fn set_activity(&mut self, now: Uptime, activity: Activity) {
        if core::mem::replace(&mut self.activity, activity) == activity {
            return;
        }
        match self.state {
            // Nothing is requested before discovery is over.
            State::Unsecured => {}
            State::Waiting | State::Done => {
                self.from = self.settled.max(now + activity.pause());
                self.state = State::Waiting;
            }
            State::Requested { .. } => self.from = now + activity.pause(),
        }
    }

    /// Sets the parameters of the link. Call it whenever they may have changed.
    pub(crate) fn updated(&mut self, params: LinkParams) {
        self.params = params;
        let State::Requested { during, .. } = self.state else { return };
        let last = self.unanswered[during as usize];
        // The answer to the first request may arrive while the second is pending.
        if let Some(agreed) = during.requests().iter().take(last + 1).position(|request| request.fits(params))
        {
            self.unanswered[during as usize] = agreed;
            self.state = if during == self.activity { State::Done } else { State::Waiting };
        }
    }

    /// When to call [`ParamsNegotiation::due`].
    pub(crate) const fn poll_timeout(&self) -> Option<Uptime> {
        match self.state {
            State::Waiting => Some(self.from),
            State::Requested { until, .. } => Some(until),
            State::Unsecured | State::Done => None,
        }
    }

    /// The request to send now.
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
        // A failed request may have been granted later.
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

    /// The parameters with which BlueZ opens a link.
    fn opened() -> LinkParams {
        params(50, 0, 420)
    }

    /// A laptop that grants the longest interval.
    fn agreed(request: ParamsRequest) -> LinkParams {
        LinkParams { interval: request.max, latency: request.latency, supervision: SUPERVISION_TIMEOUT }
    }

    /// Secured at 0, with this activity.
    fn secured(activity: Activity) -> ParamsNegotiation {
        let mut negotiation = ParamsNegotiation::new(opened());
        negotiation.set_activity(at(0), activity);
        negotiation.secured(at(0));
        negotiation
    }

    /// The requests it makes from a time on, second by second, if the laptop never answers.
    fn asked(negotiation: &mut ParamsNegotiation, from: u64, to: u64) -> Vec<(u64, ParamsRequest), 8> {
        (from..to).filter_map(|second| negotiation.due(at(second)).map(|request| (second, request))).collect()
    }

    /// Idle with agreed parameters since 5 s.
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
        // Remembered by the laptop, with the interval it chose last time.
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
        // A session opens while the first request outside it is pending.
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
        // It closes while its own request is pending, and the answer arrives.
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
            // Some sessions end before their request has timed out.
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
        // While a request is pending, other parameters do not answer it.
        negotiation.updated(params(30, 0, 4000));
        assert_eq!(asked(&mut negotiation, 101, 130), [(105, SESSION[1])]);
        // Before the first request they may already fit.
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
            // Apple, Accessory Design Guidelines, connection parameters.
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
            // Bluetooth Core Specification, vol 4 part E 7.8.18.
            assert!(slept * 2 < SUPERVISION_TIMEOUT, "{request:?}");
        }
    }
}
