//! Buttons, LEDs and speaker of the app: queues and signals to the tasks that drive the pins.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use app::{ButtonEvent, Picture};
use embassy_nrf::gpio::Input;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_time::{Duration, Instant, Timer};
use handheld::{Button, Edge, Sound};

use crate::{battery, led_matrix, sound, touch_logo};

/// Button events not yet received: as many as three buttons produce in a tenth of a second.
static BUTTON_EVENTS: Channel<CriticalSectionRawMutex, ButtonEvent, 16> = Channel::new();

/// When the app last waited for an event, in ms. It does so at least once a minute.
static LAST_POLL_MS: AtomicU32 = AtomicU32::new(0);

/// Whether the app has ended.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Watchdog limit: the app measures the battery once a minute and waits for an event again after that.
const POLL_TIMEOUT: Duration = Duration::from_secs(70);

/// Shorter contact closures are vibration, not presses.
const GLITCH: Duration = Duration::from_millis(2);

/// Contact bounce after an edge.
const BOUNCE_TIME: Duration = Duration::from_millis(13);

/// Buttons, LEDs and speaker.
pub(crate) struct Frontend;

impl app::Frontend for Frontend {
    async fn button_event(&mut self) -> ButtonEvent {
        LAST_POLL_MS.store(now_ms(), Ordering::Relaxed);
        BUTTON_EVENTS.receive().await
    }

    fn show(&mut self, picture: Picture) {
        led_matrix::ROWS.signal(picture.rows());
    }

    fn play(&mut self, played: Sound) {
        sound::NOTE.signal(played.note());
    }

    fn sample_logo(&mut self, yes: bool) {
        touch_logo::SAMPLING.signal(yes);
    }

    fn battery(&mut self) -> u8 {
        battery::left()
    }
}

/// The app has ended: lets the watchdog expire.
pub(crate) fn stop() {
    STOPPED.store(true, Ordering::Relaxed);
}

/// Whether the app is still running.
pub(crate) fn is_alive() -> bool {
    let since = now_ms().wrapping_sub(LAST_POLL_MS.load(Ordering::Relaxed));
    !STOPPED.load(Ordering::Relaxed) && u64::from(since) < POLL_TIMEOUT.as_millis()
}

/// Queues a button event. It is timestamped here, so that events are in order of time.
pub(crate) fn push_button_event(button: Button, edge: Edge) {
    // If the queue is full, the app has been blocked for so long that the watchdog is about to expire anyway.
    let _ = BUTTON_EVENTS.try_send(ButtonEvent { at: Instant::now(), button, edge });
}

/// Debounces a button that connects its pin to ground. Sleeps until the level changes.
#[embassy_executor::task(pool_size = 2)]
pub(crate) async fn button(mut pin: Input<'static>, button: Button) -> ! {
    loop {
        pin.wait_for_low().await;
        Timer::after(GLITCH).await;
        if pin.is_high() {
            continue;
        }
        push_button_event(button, Edge::Down);
        Timer::after(BOUNCE_TIME).await;
        loop {
            pin.wait_for_high().await;
            Timer::after(GLITCH).await;
            if pin.is_high() {
                break;
            }
        }
        push_button_event(button, Edge::Up);
        Timer::after(BOUNCE_TIME).await;
    }
}

/// Wraps after 49 days.
fn now_ms() -> u32 {
    Instant::now().as_millis() as u32
}
