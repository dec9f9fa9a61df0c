//! Pumps the clicker's logic: what happened goes in with its time, what there is to do goes out to the board, the keeper
//! and the radio.
//!
//! The one rule of [`handheld`] is kept here: after every call drain `poll_output`, then wait for `poll_timeout` or the
//! next event.

use embassy_futures::select::{Either3, select3};
use embassy_time::{Duration, Instant, Timer};
use handheld::{Entry, Event, Face, Handheld, Output, Place, Setup, Uptime};

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
    made: Option<Place>,
    battery_at: Instant,
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
        logic: Handheld::begin(setup),
        window: Window::new(Uptime::START, window),
        link: None,
        shown: None,
        held: setup.kept.map_or(0, |backlog| usize::from(backlog.count)),
        made: None,
        battery_at: began,
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
        self.logic.handle(at, Event::Edge(button, edge));
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
        self.show(now);
        let held = self.logic.kept();
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
                Output::Face(_) => {}
                Output::Sound(sound) => self.front.play(sound),
            }
        }
    }

    fn tell_made(&mut self, entry: Entry) {
        if self.made != Some(entry.place) {
            self.made = Some(entry.place);
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

    fn show(&mut self, now: Uptime) {
        let face = self.logic.face();
        let picture = match (face, self.window.picture(now)) {
            // A hand that calls for help is answered, whatever else is going on.
            (Face::Sharp | Face::Stop, _) | (_, None) => Picture::Face(face),
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
