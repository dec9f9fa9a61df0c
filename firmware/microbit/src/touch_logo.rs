//! The touch logo, looked at now and then, and with it the watchdog.

use board_support::Touch;
use embassy_futures::select::{Either, select};
use embassy_nrf::Peri;
use embassy_nrf::gpio::{AnyPin, Flex, OutputDrive, Pull};
use embassy_nrf::wdt::WatchdogHandle;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Timer};
use handheld::{Button, Edge};

use crate::frontend;

/// Whether a touch may mean something from now on.
pub(crate) static SAMPLING: Signal<CriticalSectionRawMutex, bool> = Signal::new();

/// Between two looks while it may mean something: a tap of 60 ms is found.
const FAST_POLL: Duration = Duration::from_millis(25);

/// While it cannot, outside a session and in one whose laptop does not come back, only the watchdog is seen to, a little before it bites.
const SLOW_POLL: Duration = Duration::from_secs(6);

/// After the start the pairing window may be open: 60 s, and 30 more for a passkey that is being typed.
const WINDOW: Duration = Duration::from_secs(90);

/// The logo held for so long from the start opens the window.
const HELD: Duration = Duration::from_secs(3);

/// The logo.
pub(crate) struct Logo {
    pin: Flex<'static>,
    touch: Touch,
}

impl Logo {
    pub(crate) fn new(pin: Peri<'static, AnyPin>) -> Self {
        Self { pin: Flex::new(pin), touch: Touch::new() }
    }

    /// Whether it is held from now on for as long as opens the window. Says no as soon as it is not.
    pub(crate) async fn is_held(&mut self) -> bool {
        let until = Instant::now() + HELD;
        let _ = self.sample().await;
        let _ = self.sample().await;
        while self.touch.is_touched() && Instant::now() < until {
            Timer::after(FAST_POLL).await;
            let _ = self.sample().await;
        }
        self.touch.is_touched()
    }

    async fn sample(&mut self) -> Option<Edge> {
        self.pin.set_low();
        // Empty before the next line: it holds no more than a hundred picofarads.
        self.pin.set_as_output(OutputDrive::Standard);
        self.pin.set_as_input(Pull::None);
        Timer::after(Duration::from_micros(self.touch.sample_after_us().into())).await;
        let low = self.pin.is_low();
        // It charges no further, and no input hangs between high and low.
        self.pin.set_as_disconnected();
        self.touch.sample(low)
    }
}

/// Looks at it. The watchdog is kept quiet for as long as the app goes on.
#[embassy_executor::task]
pub(crate) async fn run(mut logo: Logo, mut pet: WatchdogHandle) -> ! {
    if logo.touch.is_touched() {
        frontend::push_button_event(Button::Logo, Edge::Down);
    }
    let mut watched = false;
    loop {
        if frontend::is_alive() {
            pet.pet();
        }
        let may_mean = watched
            || Instant::now().as_ticks() < WINDOW.as_ticks()
            || logo.touch.is_touched()
            || logo.touch.is_in_doubt();
        if may_mean && let Some(edge) = logo.sample().await {
            frontend::push_button_event(Button::Logo, edge);
        }
        let pause = Timer::after(if may_mean { FAST_POLL } else { SLOW_POLL });
        if let Either::Second(now) = select(pause, SAMPLING.wait()).await {
            watched = now;
        }
    }
}
