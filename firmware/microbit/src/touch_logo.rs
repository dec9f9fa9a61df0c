//! Sampling of the touch logo, and feeding of the watchdog.

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

/// Whether touches have a meaning from now on.
pub(crate) static SAMPLING: Signal<CriticalSectionRawMutex, bool> = Signal::new();

/// Sampling interval while they have: a tap of 60 ms is detected.
const FAST_POLL: Duration = Duration::from_millis(25);

/// Interval while they have none, outside a session or while the clicker rests: only the watchdog is fed, shortly
/// before it expires.
const SLOW_POLL: Duration = Duration::from_secs(6);

/// The pairing window may be open for this long after startup: 60 s, plus 30 s for a passkey being typed.
const WINDOW: Duration = Duration::from_secs(90);

/// Holding the logo for this long at startup opens the window.
const HELD: Duration = Duration::from_secs(3);

/// The touch logo.
pub(crate) struct Logo {
    pin: Flex<'static>,
    touch: Touch,
}

impl Logo {
    pub(crate) fn new(pin: Peri<'static, AnyPin>) -> Self {
        Self { pin: Flex::new(pin), touch: Touch::new() }
    }

    /// Whether it is held for long enough to open the window. Returns as soon as it is released.
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
        // The pad is discharged before the next line: it has at most 100 picofarads.
        self.pin.set_as_output(OutputDrive::Standard);
        self.pin.set_as_input(Pull::None);
        Timer::after(Duration::from_micros(self.touch.sample_after_us().into())).await;
        let low = self.pin.is_low();
        // Stops charging, and leaves no input floating between levels.
        self.pin.set_as_disconnected();
        self.touch.sample(low)
    }
}

/// Samples the logo, and feeds the watchdog as long as the app runs.
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
