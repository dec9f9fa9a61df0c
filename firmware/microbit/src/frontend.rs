//! Buttons, lights and speaker as the app wants them: queues and signals to the tasks that drive the pins.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use app::{ButtonEvent, Picture};
use embassy_nrf::gpio::Input;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_time::{Duration, Instant, Timer};
use handheld::{Button, Edge, Sound};

use crate::{battery, led_matrix, sound, touch_logo};

/// Edges that nobody has asked for yet: as many as three buttons make in a tenth of a second.
static BUTTON_EVENTS: Channel<CriticalSectionRawMutex, ButtonEvent, 16> = Channel::new();

/// When the app last asked, in ms. It does at least once a minute.
static LAST_POLL_MS: AtomicU32 = AtomicU32::new(0);

/// Whether it has stopped for good.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// The app looks at the battery once a minute, and asks for an edge after that.
const POLL_TIMEOUT: Duration = Duration::from_secs(70);

/// A contact that is down for less has been shaken, not pressed.
const GLITCH: Duration = Duration::from_millis(2);

/// After that it may bounce for so long.
const BOUNCE_TIME: Duration = Duration::from_millis(13);

/// Buttons, lights and speaker.
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

/// Nothing asks any more: the watchdog is to bite.
pub(crate) fn stop() {
    STOPPED.store(true, Ordering::Relaxed);
}

/// Whether the app goes on.
pub(crate) fn is_alive() -> bool {
    let since = now_ms().wrapping_sub(LAST_POLL_MS.load(Ordering::Relaxed));
    !STOPPED.load(Ordering::Relaxed) && u64::from(since) < POLL_TIMEOUT.as_millis()
}

/// A button was pressed, or let go. With now as the time, so that button_events come in its order.
pub(crate) fn push_button_event(button: Button, edge: Edge) {
    // Without an answer for so long the watchdog is about to bite anyway.
    let _ = BUTTON_EVENTS.try_send(ButtonEvent { at: Instant::now(), button, edge });
}

/// Watches a button between its contact and the ground. It sleeps until the level changes.
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

/// It wraps after 49 days.
fn now_ms() -> u32 {
    Instant::now().as_millis() as u32
}
