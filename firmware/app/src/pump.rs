//! Pumps the clicker's logic: what happened goes in with its time, what there is to do goes out to the board, the keeper
//! and the radio.
//!
//! The one rule of [`handheld`] is kept here: after every call drain `poll_output`, then wait for `poll_timeout` or the
//! next event.

use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, Timer};
use handheld::{Display, Entry, Event, EventId, Handheld, Output, Setup, Uptime};

use crate::board::{Front, News, Press};
use crate::ether::{Ether, Link, Request};
use crate::picture::Picture;
use crate::window::{Order, Window};

/// Between two looks at the battery: it lasts for hours.
const BATTERY: Duration = Duration::from_secs(60);

struct Pump<'a, F> {
    front: &'a mut F,
    ether: &'a Ether,
    began: Instant,
    logic: Handheld,
    window: Window,
    link: Option<Link>,
    shown: Option<Picture>,
    held: usize,
    /// The last event that was handed to storage: one that fails comes again.
    made: Option<EventId>,
    battery_at: Instant,
    /// Whether the board watches the logo.
    watches: bool,
}

/// Pumps for ever. `began` is when this boot began; `setup` is what storage holds; the window may be open.
pub(crate) async fn pump<F: Front>(
    front: &mut F,
    ether: &Ether,
    began: Instant,
    setup: Setup,
    window: bool,
) -> ! {
    let mut pump = Pump {
        front,
        ether,
        began,
        logic: Handheld::new(setup),
        window: Window::new(Uptime::START, window),
        link: None,
        shown: None,
        held: setup.backlog.map_or(0, |backlog| usize::from(backlog.count)),
        made: None,
        battery_at: began,
        watches: false,
    };
    ether.owner.set(setup.owner.map(|owner| owner.bond));
    pump.front.tell(News::Held(pump.held));
    if window {
        pump.front.tell(News::WindowOpen);
    }
    pump.settle().await;
    loop {
        pump.turn().await;
    }
}

impl<F: Front> Pump<'_, F> {
    /// Waits for something to happen, and lets it.
    async fn turn(&mut self) {
        let deadline = self.deadline();
        match select3(self.front.edge(), self.ether.stir.wait(), Timer::at(deadline)).await {
            Either3::First(press) => self.press(press),
            Either3::Second(()) => self.look().await,
            Either3::Third(()) => self.logic.handle_timeout(self.now()),
        }
        self.settle().await;
    }

    fn press(&mut self, Press { at, button, edge }: Press) {
        let at = self.uptime(at);
        self.window.edge(at, button, edge);
        self.logic.handle(at, Event::Button(button, edge));
    }

    /// What the keeper and the radio have to say.
    async fn look(&mut self) {
        let link = self.ether.link();
        if link != self.link {
            if self.link.take().is_some() {
                self.happen(Event::LinkDown).await;
            }
            self.link = link;
            if let Some(Link { bond, .. }) = link {
                self.happen(Event::LinkUp(bond)).await;
            }
        }
        for _ in 0..self.ether.take_left() {
            self.happen(Event::Sent).await;
        }
        while let Ok((number, cue)) = self.ether.cues.try_receive() {
            if self.link.is_some_and(|link| link.number == number) {
                self.happen(Event::Cue(cue)).await;
            }
        }
        while let Ok(answer) = self.ether.answers.try_receive() {
            self.happen(Event::Store(answer)).await;
        }
        while let Ok(news) = self.ether.news.try_receive() {
            match news {
                News::Passkey(passkey) => self.window.passkey(self.now(), passkey),
                News::Paired(_) => self.window.paired(self.now()),
                News::PairingFailed(_) => self.window.failed(self.now()),
                _ => {}
            }
            self.front.tell(news);
        }
    }

    async fn happen(&mut self, event: Event) {
        self.logic.handle(self.now(), event);
        self.drain().await;
    }

    /// After whatever happened: what is to be done, shown and known.
    async fn settle(&mut self) {
        let now = self.now();
        self.window.handle_timeout(now);
        self.drain().await;
        if let Some(Order::ForgetBonds) = self.window.take_order() {
            self.ether.requests.send(Request::DropBonds).await;
        }
        self.share_window();
        self.share_session();
        self.share_watch();
        self.show(now);
        let held = self.logic.unacknowledged();
        if held != self.held {
            self.held = held;
            self.front.tell(News::Held(held));
        }
        if Instant::now() >= self.battery_at {
            self.ether.battery.set(self.front.battery().min(100));
            self.battery_at = Instant::now() + BATTERY;
        }
    }

    async fn drain(&mut self) {
        while let Some(output) = self.logic.poll_output() {
            match output {
                Output::Send(report) => {
                    let Some(Link { number, .. }) = self.link else { continue };
                    if self.ether.reports.try_send((number, report)).is_err() {
                        // No more than two are ever on their way, and stale ones have places of their own. Were it
                        // otherwise, it would be said again like any that is lost.
                        self.ether.report_left(number);
                    }
                }
                Output::Keep(entry) => {
                    self.tell_made(entry);
                    self.ether.requests.send(Request::Keep(entry)).await;
                }
                Output::Fetch { from } => self.ether.requests.send(Request::Fetch(from)).await,
                Output::Forget { before } => self.ether.requests.send(Request::Forget(before)).await,
                Output::KeepOwner(owner) => {
                    self.ether.owner.set(Some(owner.bond));
                    self.ether.requests.send(Request::Owner(owner)).await;
                }
                // Drawn from the state, together with the window.
                Output::Display(_) => {}
                Output::Sound(sound) => self.front.play(sound),
            }
        }
    }

    fn tell_made(&mut self, entry: Entry) {
        if self.made != Some(entry.id) {
            self.made = Some(entry.id);
            self.front.tell(News::Made(entry));
        }
    }

    fn share_window(&mut self) {
        let open = self.window.is_open();
        if self.ether.window_open.replace(open) != open {
            self.ether.stir_radio.signal(());
            if !open {
                self.front.tell(News::WindowShut);
            }
        }
    }

    fn share_session(&self) {
        let in_session = self.logic.mode().is_some();
        if self.ether.in_session.replace(in_session) != in_session {
            self.ether.stir_radio.signal(());
        }
    }

    fn share_watch(&mut self) {
        let watches = self.logic.needs_logo();
        if self.watches != watches {
            self.watches = watches;
            self.front.watch_logo(watches);
        }
    }

    fn show(&mut self, now: Uptime) {
        let face = self.logic.display();
        let picture = match (face, self.window.picture(now)) {
            // A hand that calls for help is answered, whatever else is going on.
            (Display::Sharp | Display::Stop, _) | (_, None) => Picture::Display(face),
            (_, Some(pairing)) => Picture::Pairing(pairing),
        };
        if self.shown != Some(picture) {
            self.shown = Some(picture);
            self.front.show(picture);
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
    use crate::picture::PairingFace;

    type Hand = Channel<NoopRawMutex, Press, 8>;
    type Lights = Channel<NoopRawMutex, Picture, 16>;

    struct Bench<'b> {
        hand: &'b Hand,
        lights: &'b Lights,
        watches: &'b Cell<bool>,
    }

    impl Front for Bench<'_> {
        async fn edge(&mut self) -> Press {
            self.hand.receive().await
        }

        fn show(&mut self, picture: Picture) {
            let _ = self.lights.try_send(picture);
        }

        fn play(&mut self, _sound: Sound) {}

        fn watch_logo(&mut self, yes: bool) {
            self.watches.set(yes);
        }

        fn battery(&mut self) -> u8 {
            80
        }
    }

    const FRESH: Setup = Setup { boot: 1, backlog: None, owner: None };

    /// Pumps while this is played. Gives whether the logo is watched at its end.
    fn play(window: bool, ether: &Ether, act: impl AsyncFnOnce(&Hand, &Lights)) -> bool {
        let (hand, lights, watches) = (Hand::new(), Lights::new(), Cell::new(false));
        let mut front = Bench { hand: &hand, lights: &lights, watches: &watches };
        let pumping = pump(&mut front, ether, Instant::now(), FRESH, window);
        match block_on(select(pumping, act(&hand, &lights))) {
            Either::First(never) => never,
            Either::Second(()) => watches.get(),
        }
    }

    /// The next report, which leaves at once.
    async fn heard(ether: &Ether) -> Report {
        let (number, report) = ether.reports.receive().await;
        ether.report_left(number);
        report
    }

    async fn in_session(ether: &Ether) -> u16 {
        ether.link_up(Bond(3));
        assert!(matches!(heard(ether).await, Report::Hello { session: 0, .. }));
        let number = ether.link().unwrap().number;
        let welcome = Cue::Welcome { session: 9, version: Version::CURRENT, alone: false };
        // One of an earlier hearing is nobody's.
        ether.cues.send((number.wrapping_sub(1), welcome)).await;
        ether.cues.send((number, welcome)).await;
        ether.stir.signal(());
        assert!(matches!(heard(ether).await, Report::Hello { session: 9, .. }));
        assert!(matches!(heard(ether).await, Report::Beat { .. }));
        number
    }

    #[test]
    fn a_sharp_is_on_its_way_with_the_second_press() {
        let ether = Ether::new();
        play(false, &ether, async |hand, lights| {
            in_session(&ether).await;
            assert_eq!(ether.owner.get(), Some(Bond(3)));
            assert!(ether.in_session.get());
            for button in [Button::A, Button::B] {
                hand.send(Press { at: Instant::now(), button, edge: Edge::Down }).await;
            }
            assert!(matches!(heard(&ether).await, Report::Alarm { what: Alarm::Sharp, seq: 0, .. }));
            assert!(matches!(heard(&ether).await, Report::Clicked { seq: 0, .. }));
            while lights.receive().await != Picture::Display(Display::Sharp) {}
            assert!(matches!(ether.requests.receive().await, Request::Owner(_)));
            assert!(matches!(ether.requests.receive().await, Request::Keep(_)));
        });
    }

    #[test]
    fn the_logo_is_watched_in_a_session_and_not_outside() {
        let ether = Ether::new();
        let greeted = async |ether: &Ether| {
            ether.link_up(Bond(3));
            assert!(matches!(heard(ether).await, Report::Hello { session: 0, .. }));
        };
        assert!(!play(false, &ether, async |_, _| greeted(&ether).await));
        let ether = Ether::new();
        assert!(play(false, &ether, async |_, _| {
            in_session(&ether).await;
        }));
        let ether = Ether::new();
        assert!(!play(false, &ether, async |_, _| {
            let number = in_session(&ether).await;
            ether.cues.send((number, Cue::Bye { session: 9 })).await;
            ether.stir.signal(());
            while ether.in_session.get() {
                embassy_futures::yield_now().await;
            }
        }));
    }

    #[test]
    fn two_reports_lie_in_the_stack_and_no_more() {
        let ether = Ether::new();
        play(false, &ether, async |hand, _| {
            let number = in_session(&ether).await;
            for button in [Button::A, Button::B] {
                hand.send(Press { at: Instant::now(), button, edge: Edge::Down }).await;
            }
            ether.reports.receive().await;
            ether.reports.receive().await;
            // A welcome wants a hello, for which there is no place now.
            let welcome = Cue::Welcome { session: 9, version: Version::CURRENT, alone: false };
            ether.cues.send((number, welcome)).await;
            ether.stir.signal(());
            for _ in 0..10 {
                embassy_futures::yield_now().await;
            }
            assert!(ether.reports.is_empty());
            ether.report_left(number);
            assert!(matches!(ether.reports.receive().await, (_, Report::Hello { .. })));
        });
    }

    #[test]
    fn nothing_is_said_to_a_laptop_that_has_gone() {
        let ether = Ether::new();
        play(false, &ether, async |hand, _| {
            in_session(&ether).await;
            ether.link_down();
            for button in [Button::A, Button::B] {
                hand.send(Press { at: Instant::now(), button, edge: Edge::Down }).await;
            }
            while !matches!(ether.requests.receive().await, Request::Keep(_)) {}
            assert!(ether.reports.is_empty());
        });
    }

    #[test]
    fn the_window_is_open_from_the_start_and_tells_the_passkey() {
        let ether = Ether::new();
        play(true, &ether, async |_, lights| {
            assert_eq!(lights.receive().await, Picture::Pairing(PairingFace::Open));
            assert!(ether.window_open.get());
            ether.tell(News::Passkey(314_159));
            let first = PairingFace::Digit { place: 1, digit: 3 };
            assert_eq!(lights.receive().await, Picture::Pairing(first));
            ether.tell(News::Paired(Bond(0)));
            assert_eq!(lights.receive().await, Picture::Pairing(PairingFace::Paired));
            assert!(!ether.window_open.get());
        });
    }
}
