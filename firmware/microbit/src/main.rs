//! The clicker on a BBC micro:bit v2: its pins, its radio and its flash, joined to the app. Nothing is decided here.
#![no_std]
#![no_main]

mod battery;
mod fault;
mod frontend;
mod led_matrix;
mod radio;
mod sound;
mod touch_logo;

use app::{Board, BoardInfo};
use board_support::{Fault, ResetReason, Volume};
use embassy_executor::Spawner;
use embassy_nrf::config::Config;
use embassy_nrf::gpio::{AnyPin, Input, Level, Output, OutputDrive, Pull};
use embassy_nrf::interrupt::{self, InterruptExt, Priority};
use embassy_nrf::wdt::{self, Watchdog};
use embassy_nrf::{Peri, bind_interrupts, pac, saadc};
use embassy_time::{Duration, Timer};
use flash::FlashStore;
use handheld::{Button, Display};
use nrf_sdc::mpsl;

use crate::frontend::Frontend;
use crate::radio::Latency;

bind_interrupts!(struct Irqs {
    SAADC => saadc::InterruptHandler;
    EGU0_SWI0 => mpsl::LowPrioInterruptHandler;
    CLOCK_POWER => mpsl::ClockInterruptHandler;
    RADIO => mpsl::HighPrioInterruptHandler;
    TIMER0 => mpsl::HighPrioInterruptHandler;
    RTC0 => mpsl::HighPrioInterruptHandler;
});

/// Ticks of 32,768 Hz: a clicker that stands still for 8 s starts anew. Longer than the slowest thing that is waited for
/// without sleeping, and short enough that a partner who is told "no signal" has not given up.
const WATCHDOG: u32 = 8 * 32_768;

/// The storage: the last of the chip's 512 KiB.
const STORE: u32 = 512 * 1024 - flash::LEN;

/// The firmware's number, and behind it why it has started where that was no hand.
const FIRMWARE: &str = env!("CARGO_PKG_VERSION");

/// This board.
struct Microbit {
    info: BoardInfo,
    frontend: Frontend,
    store: FlashStore<mpsl::Flash<'static>>,
    radio: Latency,
}

impl Board for Microbit {
    type Frontend = Frontend;
    type Store = FlashStore<mpsl::Flash<'static>>;
    type Radio = Latency;

    fn info(&self) -> BoardInfo {
        self.info
    }

    fn parts(&mut self) -> (&mut Frontend, &mut Self::Store, &mut Latency) {
        (&mut self.frontend, &mut self.store, &mut self.radio)
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) -> ! {
    let started = fault::started();
    let mut config = Config::default();
    // 0, 1 and 4 belong to the radio.
    config.gpiote_interrupt_priority = Priority::P2;
    config.time_interrupt_priority = Priority::P2;
    // The inductor that it needs is on the board: L2, 10 uH, in the bills of material of V2.00 and V2.21.
    config.dcdc.reg1 = true;
    let p = embassy_nrf::init(config);
    interrupt::SAADC.set_priority(Priority::P2);

    let mut guard = wdt::Config::default();
    guard.timeout_ticks = WATCHDOG;
    guard.action_during_debug_halt = wdt::HaltConfig::Pause;
    // It is in the way of nothing but its own earlier start, which a reset ends.
    let Ok((_, [pet])) = Watchdog::try_new(p.WDT, guard) else { panic!("the watchdog runs otherwise") };

    // Light by light from the schematic of the micro:bit v2: rows give current, columns take it.
    let rows: [Peri<'static, AnyPin>; 5] =
        [p.P0_21.into(), p.P0_22.into(), p.P0_15.into(), p.P0_24.into(), p.P0_19.into()];
    let columns: [Peri<'static, AnyPin>; 5] =
        [p.P0_28.into(), p.P0_11.into(), p.P0_31.into(), p.P1_05.into(), p.P0_30.into()];
    let rows = rows.map(|pin| Output::new(pin, Level::Low, OutputDrive::Standard));
    let columns = columns.map(|pin| Output::new(pin, Level::High, OutputDrive::Standard));
    spawner.spawn(task(led_matrix::run(rows, columns)));

    let a = Input::new(p.P0_14, Pull::Up);
    let b = Input::new(p.P0_23, Pull::Up);
    // What is held while it starts is asked of it, and only by a hand.
    let quiet = started.by_hand() && b.is_low();
    let mut saadc = p.SAADC;
    let mut pin0 = p.P0_02;
    let motor = battery::pulls_down(saadc.reborrow(), pin0.reborrow()).await;
    let volume = Volume::requested(quiet, motor);
    let motor = motor.then(|| Output::new(pin0, Level::Low, OutputDrive::HighDrive));
    spawner.spawn(task(sound::run(p.PWM0, p.P0_00, motor, volume)));
    spawner.spawn(task(battery::run(saadc)));

    let mut logo = touch_logo::Logo::new(p.P1_04.into());
    let window = started.by_hand() && logo.is_held().await;
    spawner.spawn(task(touch_logo::run(logo, pet)));
    spawner.spawn(task(frontend::button(a, Button::A)));
    spawner.spawn(task(frontend::button(b, Button::B)));

    let clock = p.RTC0;
    let shared = mpsl::Peripherals::new(clock, p.TIMER0, p.TEMP, p.PPI_CH19, p.PPI_CH30, p.PPI_CH31);
    let mpsl = radio::share(shared, Irqs);
    spawner.spawn(task(radio::serve(mpsl)));
    let store = FlashStore::new(mpsl::Flash::take(mpsl, p.NVMC), STORE);
    let links = nrf_sdc::Peripherals::new(
        p.PPI_CH17, p.PPI_CH18, p.PPI_CH20, p.PPI_CH21, p.PPI_CH22, p.PPI_CH23, p.PPI_CH24, p.PPI_CH25,
        p.PPI_CH26, p.PPI_CH27, p.PPI_CH28, p.PPI_CH29,
    );
    let controller = radio::controller(links, p.RNG, mpsl);

    let info = BoardInfo { address: address(), model: "micro:bit v2", firmware: firmware(started), window };
    let mut board = Microbit { info, frontend: Frontend, store, radio: Latency::new(controller) };
    let fault = app::run(controller, &mut board).await;
    fault::remember(match fault {
        app::Fault::Store => Fault::Store,
        app::Fault::Stack => Fault::Stack,
    });
    // Until the watchdog bites, so that a fault which is there again at once does not wear anything out.
    led_matrix::ROWS.signal(Display::StoreFault.rows());
    frontend::stop();
    loop {
        Timer::after(Duration::from_secs(60)).await;
    }
}

/// The token of a task, of which there is one each.
fn task<S>(
    token: Result<embassy_executor::SpawnToken<S>, embassy_executor::SpawnError>,
) -> embassy_executor::SpawnToken<S> {
    match token {
        Ok(token) => token,
        Err(_) => panic!("a task is started once"),
    }
}

/// The random static address that was given to this chip in the factory.
fn address() -> [u8; 6] {
    let (low, high) = (pac::FICR.deviceaddr(0).read(), pac::FICR.deviceaddr(1).read());
    let [a, b, c, d] = low.to_le_bytes();
    let [e, f, ..] = high.to_le_bytes();
    [a, b, c, d, e, f | 0xc0]
}

/// As a laptop may read it.
fn firmware(started: ResetReason) -> &'static str {
    use core::fmt::Write;
    static TEXT: static_cell::StaticCell<heapless::String<22>> = static_cell::StaticCell::new();
    let text = TEXT.init(heapless::String::new());
    let _ = text.push_str(FIRMWARE);
    if !started.by_hand() {
        // Too long a text is cut off.
        let _ = write!(text, " {started}");
    }
    text
}
