//! The logic task: feeds events with their time into [`handheld`], and passes its outputs to the board, the storage
//! task and the radio.
//!
//! It follows the one rule of [`handheld`]: after every call drain `poll_output`, then wait for `poll_timeout` or the
//! next event.

use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, Timer};
use handheld::{Display, Entry, Event, EventId, Handheld, Output, Setup, Uptime};

use crate::board::{ButtonEvent, Frontend, StatusEvent};
use crate::pairing_window::{PairingWindow, WindowAction};
use crate::picture::Picture;
use crate::shared::{Link, Request, Shared};

/// Interval of battery measurements.
const BATTERY: Duration = Duration::from_secs(60);

struct LogicTask<'a, F> {
    frontend: &'a mut F,
    shared: &'a Shared,
    began: Instant,
    logic: Handheld,
    window: PairingWindow,
    link: Option<Link>,
    picture: Option<Picture>,
    backlog: usize,
    /// The last event handed to storage; a failed one is handed over again.
    last_created: Option<EventId>,
    battery_at: Instant,
    /// Whether the board samples the logo.
    sampling_logo: bool,
}

/// Runs forever. `began` is the start of this boot; `window` opens the pairing window.
pub(crate) async fn run<F: Frontend>(
    frontend: &mut F,
    shared: &Shared,
    began: Instant,
    setup: Setup,
    window: bool,
) -> ! {
    let mut task = LogicTask {
        frontend,
        shared,
        began,
        logic: Handheld::new(setup),
        window: PairingWindow::new(Uptime::START, window),
        link: None,
        picture: None,
        backlog: setup.backlog.map_or(0, |backlog| usize::from(backlog.count)),
        last_created: None,
        battery_at: began,
        sampling_logo: false,
    };
    shared.owner.set(setup.owner.map(|owner| owner.bond));
    task.frontend.notify(StatusEvent::Backlog(task.backlog));
    if window {
        task.frontend.notify(StatusEvent::WindowOpen);
    }
    task.update().await;
    loop {
        task.step().await;
    }
}

impl<F: Frontend> LogicTask<'_, F> {
    /// Waits for an input and handles it.
    async fn step(&mut self) {
        let deadline = self.deadline();
        match select3(self.frontend.button_event(), self.shared.wake_logic.wait(), Timer::at(deadline)).await
        {
            Either3::First(event) => self.on_button_event(event),
            Either3::Second(()) => self.poll_shared().await,
            Either3::Third(()) => self.logic.handle_timeout(self.now()),
        }
        self.update().await;
    }

    fn on_button_event(&mut self, ButtonEvent { at, button, edge }: ButtonEvent) {
        let at = self.uptime(at);
        self.window.edge(at, button, edge);
        self.logic.handle(at, Event::Button(button, edge));
    }

    /// Handles inputs from the storage task and the radio.
    async fn poll_shared(&mut self) {
        let link = self.shared.link();
        if link != self.link {
            if self.link.take().is_some() {
                self.handle(Event::LinkDown).await;
            }
            self.link = link;
            if let Some(Link { bond, .. }) = link {
                self.handle(Event::LinkUp(bond)).await;
            }
        }
        for _ in 0..self.shared.take_sent() {
            self.handle(Event::Sent).await;
        }
        while let Ok((generation, cue)) = self.shared.cues.try_receive() {
            if self.link.is_some_and(|link| link.generation == generation) {
                self.handle(Event::Cue(cue)).await;
            }
        }
        while let Ok(answer) = self.shared.answers.try_receive() {
            self.handle(Event::Store(answer)).await;
        }
        while let Ok(status) = self.shared.status.try_receive() {
            match status {
                StatusEvent::Passkey(passkey) => self.window.passkey(self.now(), passkey),
                StatusEvent::Paired(_) => self.window.paired(self.now()),
                StatusEvent::PairingFailed(_) => self.window.failed(self.now()),
                _ => {}
            }
            self.frontend.notify(status);
        }
    }

    async fn handle(&mut self, event: Event) {
        self.logic.handle(self.now(), event);
        self.drain().await;
    }

    /// Carries out outputs and publishes changed state, after any input.
    async fn update(&mut self) {
        let now = self.now();
        self.window.handle_timeout(now);
        self.drain().await;
        if let Some(WindowAction::ForgetBonds) = self.window.take_action() {
            self.shared.requests.send(Request::DropBonds).await;
        }
        self.share_window();
        self.share_session();
        self.share_logo_sampling();
        self.show(now);
        let backlog = self.logic.unacknowledged();
        if backlog != self.backlog {
            self.backlog = backlog;
            self.frontend.notify(StatusEvent::Backlog(backlog));
        }
        if Instant::now() >= self.battery_at {
            self.shared.battery.set(self.frontend.battery().min(100));
            self.battery_at = Instant::now() + BATTERY;
        }
    }

    async fn drain(&mut self) {
        while let Some(output) = self.logic.poll_output() {
            match output {
                Output::Send(report) => {
                    let Some(Link { generation, .. }) = self.link else { continue };
                    if self.shared.reports.try_send((generation, report)).is_err() {
                        // At most two are on their way, and stale ones have slots of their own. If it could not be
                        // queued, the logic would send it again.
                        self.shared.report_sent(generation);
                    }
                }
                Output::Keep(entry) => {
                    self.notify_created(entry);
                    self.shared.requests.send(Request::Keep(entry)).await;
                }
                Output::Fetch { from } => self.shared.requests.send(Request::Fetch(from)).await,
                Output::Forget { before } => self.shared.requests.send(Request::Forget(before)).await,
                Output::KeepOwner(owner) => {
                    self.shared.owner.set(Some(owner.bond));
                    self.shared.requests.send(Request::Owner(owner)).await;
                }
                // Drawn from the state, together with the pairing window.
                Output::Display(_) => {}
                Output::Sound(sound) => self.frontend.play(sound),
            }
        }
    }

    fn notify_created(&mut self, entry: Entry) {
        if self.last_created != Some(entry.id) {
            self.last_created = Some(entry.id);
            self.frontend.notify(StatusEvent::Created(entry));
        }
    }

    fn share_window(&mut self) {
        let open = self.window.is_open();
        if self.shared.window_open.replace(open) != open {
            self.shared.wake_radio.signal(());
            if !open {
                self.frontend.notify(StatusEvent::WindowClosed);
            }
        }
    }

    fn share_session(&self) {
        let in_session = self.logic.mode().is_some();
        let is_worn = in_session && self.logic.needs_logo();
        let changed = self.shared.in_session.replace(in_session) != in_session;
        if self.shared.is_worn.replace(is_worn) != is_worn || changed {
            self.shared.wake_radio.signal(());
        }
    }

    fn share_logo_sampling(&mut self) {
        let sampling_logo = self.logic.needs_logo();
        if self.sampling_logo != sampling_logo {
            self.sampling_logo = sampling_logo;
            self.frontend.sample_logo(sampling_logo);
        }
    }

    fn show(&mut self, now: Uptime) {
        let display = self.logic.display();
        let picture = match (display, self.window.picture(now)) {
            // SHARP and STOP are shown whatever else is going on.
            (Display::Sharp | Display::Stop, _) | (_, None) => Picture::Display(display),
            (_, Some(pairing)) => Picture::Pairing(pairing),
        };
        if self.picture != Some(picture) {
            self.picture = Some(picture);
            self.frontend.show(picture);
        }
    }

    fn deadline(&self) -> Instant {
        let now = self.now();
        let due = [self.logic.poll_timeout(), self.window.poll_timeout(now)].into_iter().flatten().min();
        let due = due.map(|uptime| self.began + Duration::from_millis(uptime.as_millis()));
        due.map_or(self.battery_at, |due| due.min(self.battery_at))
    }

    fn now(&self) -> Uptime {
        self.uptime(Instant::now())
    }

    fn uptime(&self, at: Instant) -> Uptime {
        Uptime::from_millis(at.saturating_duration_since(self.began).as_millis())
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use embassy_futures::block_on;
    use embassy_futures::select::{Either, select};
    use embassy_sync::blocking_mutex::raw::NoopRawMutex;
    use embassy_sync::channel::Channel;
    use handheld::{Bond, Button, Edge, Sound};
    use wire::{Alarm, Cue, Report, Version};

    use super::*;
    use crate::picture::PairingDisplay;

    type Hand = Channel<NoopRawMutex, ButtonEvent, 8>;
    type Lights = Channel<NoopRawMutex, Picture, 16>;

    struct Bench<'b> {
        hand: &'b Hand,
        lights: &'b Lights,
        sampling_logo: &'b Cell<bool>,
    }

    impl Frontend for Bench<'_> {
        async fn button_event(&mut self) -> ButtonEvent {
            self.hand.receive().await
        }

        fn show(&mut self, picture: Picture) {
            let _ = self.lights.try_send(picture);
        }

        fn play(&mut self, _sound: Sound) {}

        fn sample_logo(&mut self, yes: bool) {
            self.sampling_logo.set(yes);
        }

        fn battery(&mut self) -> u8 {
            80
        }
    }

    const EMPTY: Setup = Setup { boot: 1, backlog: None, owner: None };

    /// Runs the task together with `act`. Returns whether the logo is sampled at the end.
    fn play(window: bool, shared: &Shared, act: impl AsyncFnOnce(&Hand, &Lights)) -> bool {
        let (hand, lights, sampling_logo) = (Hand::new(), Lights::new(), Cell::new(false));
        let mut frontend = Bench { hand: &hand, lights: &lights, sampling_logo: &sampling_logo };
        let logic = run(&mut frontend, shared, Instant::now(), EMPTY, window);
        match block_on(select(logic, act(&hand, &lights))) {
            Either::First(never) => never,
            Either::Second(()) => sampling_logo.get(),
        }
    }

    /// The next report, which counts as sent at once.
    async fn heard(shared: &Shared) -> Report {
        let (generation, report) = shared.reports.receive().await;
        shared.report_sent(generation);
        report
    }

    async fn in_session(shared: &Shared) -> u16 {
        shared.link_up(Bond(3));
        assert!(matches!(heard(shared).await, Report::Hello { session: 0, .. }));
        let generation = shared.link().unwrap().generation;
        let welcome = Cue::Welcome { session: 9, version: Version::CURRENT, alone: false };
        // A cue of an earlier link generation is ignored.
        shared.cues.send((generation.wrapping_sub(1), welcome)).await;
        shared.cues.send((generation, welcome)).await;
        shared.wake_logic.signal(());
        assert!(matches!(heard(shared).await, Report::Hello { session: 9, .. }));
        assert!(matches!(heard(shared).await, Report::Beat { .. }));
        generation
    }

    #[test]
    fn a_sharp_is_on_its_way_with_the_second_press() {
        let shared = Shared::new();
        play(false, &shared, async |hand, lights| {
            in_session(&shared).await;
            assert_eq!(shared.owner.get(), Some(Bond(3)));
            assert!(shared.in_session.get());
            for button in [Button::A, Button::B] {
                hand.send(ButtonEvent { at: Instant::now(), button, edge: Edge::Down }).await;
            }
            assert!(matches!(heard(&shared).await, Report::Alarm { what: Alarm::Sharp, seq: 0, .. }));
            assert!(matches!(heard(&shared).await, Report::Clicked { seq: 0, .. }));
            while lights.receive().await != Picture::Display(Display::Sharp) {}
            assert!(matches!(shared.requests.receive().await, Request::Owner(_)));
            assert!(matches!(shared.requests.receive().await, Request::Keep(_)));
        });
    }

    #[test]
    fn the_logo_is_watched_in_a_session_and_not_outside() {
        let shared = Shared::new();
        let greeted = async |shared: &Shared| {
            shared.link_up(Bond(3));
            assert!(matches!(heard(shared).await, Report::Hello { session: 0, .. }));
        };
        assert!(!play(false, &shared, async |_, _| greeted(&shared).await));
        let shared = Shared::new();
        assert!(play(false, &shared, async |_, _| {
            in_session(&shared).await;
        }));
        let shared = Shared::new();
        assert!(!play(false, &shared, async |_, _| {
            let generation = in_session(&shared).await;
            shared.cues.send((generation, Cue::Bye { session: 9 })).await;
            shared.wake_logic.signal(());
            while shared.in_session.get() {
                embassy_futures::yield_now().await;
            }
        }));
    }

    #[test]
    fn two_reports_lie_in_the_stack_and_no_more() {
        let shared = Shared::new();
        play(false, &shared, async |hand, _| {
            let generation = in_session(&shared).await;
            for button in [Button::A, Button::B] {
                hand.send(ButtonEvent { at: Instant::now(), button, edge: Edge::Down }).await;
            }
            shared.reports.receive().await;
            shared.reports.receive().await;
            // The welcome needs a hello, for which there is no free slot.
            let welcome = Cue::Welcome { session: 9, version: Version::CURRENT, alone: false };
            shared.cues.send((generation, welcome)).await;
            shared.wake_logic.signal(());
            for _ in 0..10 {
                embassy_futures::yield_now().await;
            }
            assert!(shared.reports.is_empty());
            shared.report_sent(generation);
            assert!(matches!(shared.reports.receive().await, (_, Report::Hello { .. })));
        });
    }

    #[test]
    fn nothing_is_said_to_a_laptop_that_has_gone() {
        let shared = Shared::new();
        play(false, &shared, async |hand, _| {
            in_session(&shared).await;
            shared.link_down();
            for button in [Button::A, Button::B] {
                hand.send(ButtonEvent { at: Instant::now(), button, edge: Edge::Down }).await;
            }
            while !matches!(shared.requests.receive().await, Request::Keep(_)) {}
            assert!(shared.reports.is_empty());
        });
    }

    #[test]
    fn the_window_is_open_from_the_start_and_tells_the_passkey() {
        let shared = Shared::new();
        play(true, &shared, async |_, lights| {
            assert_eq!(lights.receive().await, Picture::Pairing(PairingDisplay::Open));
            assert!(shared.window_open.get());
            shared.notify(StatusEvent::Passkey(314_159));
            let first = PairingDisplay::Digit { place: 1, digit: 3 };
            assert_eq!(lights.receive().await, Picture::Pairing(first));
            shared.notify(StatusEvent::Paired(Bond(0)));
            assert_eq!(lights.receive().await, Picture::Pairing(PairingDisplay::Paired));
            assert!(!shared.window_open.get());
        });
    }
}
