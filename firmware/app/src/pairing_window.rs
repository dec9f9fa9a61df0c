//! The pairing window: opened by hand, it admits one laptop and closes by itself.
//!
//! ```text
//!              by hand: logo held for 3 s from power-on
//!   closed ----------------------------------------------> open: 60 s
//!     ^                                                     |
//!     +--- paired; third failed attempt; 60 s (an attempt   |
//!          under way by then has 30 s more) ----------------+
//! ```
//!
//! It cannot be opened again before the next power-on. Holding logo, A and B for 10 s while it is open deletes all
//! bonds.
//!
//! Time is an argument. After every call check [`PairingWindow::take_action`] and [`PairingWindow::picture`], then wait
//! for [`PairingWindow::poll_timeout`] or the next event.

use core::time::Duration;

use handheld::{Button, Edge, Uptime};

use crate::picture::PairingDisplay;

/// How long the window is open: enough to find the laptop's pairing page.
pub const OPEN_TIME: Duration = Duration::from_secs(60);

/// Time to type a passkey: the Security Manager Protocol's timeout between two steps.
pub const PASSKEY_TIMEOUT: Duration = Duration::from_secs(30);

/// Failed attempts that close the window. A guessed passkey is right once in a million.
pub const MAX_FAILURES: u8 = 3;

/// Holding logo, A and B for this long deletes all bonds: no accidental grip lasts that long.
pub const FORGET_HOLD: Duration = Duration::from_secs(10);

/// How long a digit is shown: readable at a glance, six in less than 7 s.
const DIGIT_TIME: Duration = Duration::from_millis(900);

/// Dark time after a digit, which separates two equal digits.
const DIGIT_GAP: Duration = Duration::from_millis(200);

/// Pause before the passkey is repeated.
const REPEAT_PAUSE: Duration = Duration::from_millis(1400);

/// How long the result of an attempt is shown.
const RESULT_TIME: Duration = Duration::from_secs(2);

const DIGITS: u8 = 6;

/// State of the window.
#[derive(Debug, Clone)]
pub struct PairingWindow {
    state: State,
    /// Result of the last attempt, while it is shown.
    result: Option<(PairingDisplay, Uptime)>,
    down: [bool; 3],
    /// Since when all three buttons are down; `None` once handled.
    all_down: Option<Uptime>,
    forget: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open { until: Uptime, failed: u8, digits: Option<PasskeyDigits> },
}

/// A passkey being shown digit by digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PasskeyDigits {
    passkey: u32,
    since: Uptime,
}

/// An action the window requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowAction {
    /// Delete all bonds.
    ForgetBonds,
}

impl PairingWindow {
    /// A window that is open from `now` on, or closed.
    #[must_use]
    pub fn new(now: Uptime, by_hand: bool) -> Self {
        let open = State::Open { until: now + OPEN_TIME, failed: 0, digits: None };
        Self {
            state: if by_hand { open } else { State::Closed },
            result: None,
            down: [false; 3],
            all_down: None,
            forget: false,
        }
    }

    /// Whether pairing is allowed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// A laptop is pairing; shows the passkey to type on it.
    pub fn passkey(&mut self, now: Uptime, passkey: u32) {
        if let State::Open { digits, .. } = &mut self.state {
            *digits = Some(PasskeyDigits { passkey, since: now });
            self.result = None;
        }
    }

    /// The pairing succeeded.
    pub fn paired(&mut self, now: Uptime) {
        if self.is_open() {
            self.state = State::Closed;
            self.result = Some((PairingDisplay::Paired, now + RESULT_TIME));
        }
    }

    /// The pairing failed.
    pub fn failed(&mut self, now: Uptime) {
        let State::Open { until, failed, .. } = self.state else { return };
        let failed = failed + 1;
        self.result = Some((PairingDisplay::Failed, now + RESULT_TIME));
        let over = failed >= MAX_FAILURES || until <= now;
        self.state = if over { State::Closed } else { State::Open { until, failed, digits: None } };
    }

    /// A button was pressed or released.
    pub fn edge(&mut self, now: Uptime, button: Button, edge: Edge) {
        self.handle_timeout(now);
        let at = match button {
            Button::A => 0,
            Button::B => 1,
            Button::Logo => 2,
        };
        self.down[at] = edge == Edge::Down;
        let all = self.down == [true; 3];
        self.all_down = if all { self.all_down.or(Some(now)) } else { None };
    }

    /// Handles what is due by `now`.
    pub fn handle_timeout(&mut self, now: Uptime) {
        self.result = self.result.filter(|(_, until)| *until > now);
        if self.is_open() && self.all_down.is_some_and(|since| since + FORGET_HOLD <= now) {
            self.all_down = None;
            self.forget = true;
            self.result = Some((PairingDisplay::Forgotten, now + RESULT_TIME));
        }
        if self.closes_at().is_some_and(|at| at <= now) {
            self.state = State::Closed;
        }
    }

    /// When to call [`PairingWindow::handle_timeout`] and redraw.
    #[must_use]
    pub fn poll_timeout(&self, now: Uptime) -> Option<Uptime> {
        let result = self.result.map(|(_, until)| until);
        let forget = self.all_down.filter(|_| self.is_open()).map(|since| since + FORGET_HOLD);
        let digit = self.digits().map(|digits| digits.step(now).1);
        [result, forget, digit, self.closes_at()].into_iter().flatten().min()
    }

    /// The requested action, once.
    pub fn take_action(&mut self) -> Option<WindowAction> {
        core::mem::take(&mut self.forget).then_some(WindowAction::ForgetBonds)
    }

    /// The picture to show, `None` if there is none.
    #[must_use]
    pub fn picture(&self, now: Uptime) -> Option<PairingDisplay> {
        if let Some((face, _)) = self.result {
            return Some(face);
        }
        match self.state {
            State::Closed => None,
            State::Open { digits: Some(digits), .. } => Some(digits.step(now).0),
            State::Open { digits: None, .. } => Some(PairingDisplay::Open),
        }
    }

    fn digits(&self) -> Option<PasskeyDigits> {
        if let State::Open { digits, .. } = self.state { digits } else { None }
    }

    fn closes_at(&self) -> Option<Uptime> {
        let State::Open { until, digits, .. } = self.state else { return None };
        Some(digits.map_or(until, |digits| until.max(digits.since + PASSKEY_TIMEOUT)))
    }
}

impl PasskeyDigits {
    /// What is shown at `now`, and until when.
    fn step(self, now: Uptime) -> (PairingDisplay, Uptime) {
        let (digit_ms, step_ms) = (millis(DIGIT_TIME), millis(DIGIT_TIME + DIGIT_GAP));
        let round_ms = u64::from(DIGITS) * step_ms + millis(REPEAT_PAUSE);
        let passed = millis(now.since(self.since));
        let (round_began, in_round) = (passed - passed % round_ms, passed % round_ms);
        let at = |ms: u64| self.since + Duration::from_millis(round_began + ms);
        let index = in_round / step_ms;
        if index >= u64::from(DIGITS) {
            return (PairingDisplay::Gap, at(round_ms));
        }
        if in_round % step_ms >= digit_ms {
            return (PairingDisplay::Gap, at((index + 1) * step_ms));
        }
        // Less than 6.
        let index = index as u8;
        let digit = self.passkey / 10u32.pow(u32::from(DIGITS - 1 - index)) % 10;
        let face = PairingDisplay::Digit { place: index + 1, digit: digit as u8 };
        (face, at(u64::from(index) * step_ms + digit_ms))
    }
}

const fn millis(duration: Duration) -> u64 {
    duration.as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Uptime {
        Uptime::from_millis(ms)
    }

    fn open() -> PairingWindow {
        PairingWindow::new(at(0), true)
    }

    #[test]
    fn it_opens_by_hand_alone_and_shuts_after_a_minute() {
        assert!(!PairingWindow::new(at(0), false).is_open());
        let mut window = open();
        assert_eq!(window.poll_timeout(at(0)), Some(at(60_000)));
        window.handle_timeout(at(59_999));
        assert!(window.is_open());
        window.handle_timeout(at(60_000));
        assert!(!window.is_open());
        assert_eq!(window.picture(at(60_000)), None);
        assert_eq!(window.poll_timeout(at(60_000)), None);
    }

    #[test]
    fn it_is_for_one_pairing() {
        let mut window = open();
        window.passkey(at(1000), 1);
        window.paired(at(5000));
        assert!(!window.is_open());
        assert_eq!(window.picture(at(5000)), Some(PairingDisplay::Paired));
        window.handle_timeout(at(7000));
        assert_eq!(window.picture(at(7000)), None);
    }

    #[test]
    fn the_third_failed_try_shuts_it() {
        let mut window = open();
        for (ms, still_open) in [(1000, true), (2000, true), (3000, false)] {
            window.passkey(at(ms), 123_456);
            window.failed(at(ms + 500));
            assert_eq!(window.is_open(), still_open);
            assert_eq!(window.picture(at(ms + 500)), Some(PairingDisplay::Failed));
        }
        window.passkey(at(4000), 1);
        assert!(!window.is_open());
    }

    #[test]
    fn a_try_that_has_begun_is_typed_to_its_end() {
        let mut window = open();
        window.passkey(at(59_000), 1);
        window.handle_timeout(at(61_000));
        assert!(window.is_open());
        let mut failed = window.clone();
        failed.failed(at(62_000));
        assert!(!failed.is_open());
        window.handle_timeout(at(89_000));
        assert!(!window.is_open());
    }

    #[test]
    fn the_passkey_is_told_digit_by_digit_with_its_place_and_again() {
        let mut window = open();
        window.passkey(at(1000), 70_452);
        let mut told = heapless::Vec::<_, 64>::new();
        let mut now = at(1000);
        while now < at(1000 + 2 * 8000) {
            told.push(window.picture(now).unwrap()).unwrap();
            now = window.poll_timeout(now).unwrap();
        }
        let digits = [0, 7, 0, 4, 5, 2];
        let round = digits.iter().zip(1..).flat_map(|(digit, place)| {
            let gap = (place < 6).then_some(PairingDisplay::Gap);
            [Some(PairingDisplay::Digit { place, digit: *digit }), gap]
        });
        // The last gap and the pause are two steps, both dark.
        let round: heapless::Vec<_, 16> =
            round.flatten().chain([PairingDisplay::Gap, PairingDisplay::Gap]).collect();
        assert_eq!(told[..round.len()], round[..]);
        assert_eq!(told[round.len()..], round[..]);
    }

    #[test]
    fn all_three_held_for_ten_seconds_forget_and_less_does_not() {
        let mut window = open();
        for button in [Button::Logo, Button::A, Button::B] {
            window.edge(at(1000), button, Edge::Down);
        }
        assert_eq!(window.poll_timeout(at(1000)), Some(at(11_000)));
        window.handle_timeout(at(10_999));
        assert_eq!(window.take_action(), None);
        let mut let_go = window.clone();
        let_go.edge(at(10_999), Button::A, Edge::Up);
        let_go.handle_timeout(at(20_000));
        assert_eq!(let_go.take_action(), None);
        window.handle_timeout(at(11_000));
        assert_eq!(window.picture(at(11_000)), Some(PairingDisplay::Forgotten));
        assert_eq!(window.take_action(), Some(WindowAction::ForgetBonds));
        // Only once, however long they are held.
        window.handle_timeout(at(40_000));
        assert_eq!(window.take_action(), None);
    }

    #[test]
    fn nothing_is_forgotten_outside_the_window() {
        let mut window = PairingWindow::new(at(0), false);
        for button in [Button::Logo, Button::A, Button::B] {
            window.edge(at(0), button, Edge::Down);
        }
        assert_eq!(window.poll_timeout(at(0)), None);
        window.handle_timeout(at(20_000));
        assert_eq!(window.take_action(), None);
    }
}
