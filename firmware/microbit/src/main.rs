//! The clicker on a BBC micro:bit v2: wiring of pins, radio and flash to the app.
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

/// Watchdog timeout in ticks of 32,768 Hz: 8 s. Longer than any wait without sleep, and short enough that a partner who
/// hears "no signal" has not given up.
const WATCHDOG: u32 = 8 * 32_768;

/// Address of the storage: the end of the chip's 512 KiB.
const STORE: u32 = 512 * 1024 - flash::LEN;

/// Version of the firmware. The reset reason follows unless a person started it.
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
    let reset_reason = fault::reset_reason();
    let mut config = Config::default();
    // The radio uses priorities 0, 1 and 4.
    config.gpiote_interrupt_priority = Priority::P2;
    config.time_interrupt_priority = Priority::P2;
    // The board has the inductor for it: L2, 10 uH, in the bills of material of V2.00 and V2.21.
    config.dcdc.reg1 = true;
    let p = fault::with_own_reset(|| embassy_nrf::init(config));
    interrupt::SAADC.set_priority(Priority::P2);

    let mut guard = wdt::Config::default();
    guard.timeout_ticks = WATCHDOG;
    guard.action_during_debug_halt = wdt::HaltConfig::Pause;
    // It fails only if the watchdog runs already, and a reset stops it.
    let Ok((_, [pet])) = Watchdog::try_new(p.WDT, guard) else { panic!("the watchdog runs otherwise") };

    // From the schematic of the micro:bit v2: rows source current, columns sink it.
    let rows: [Peri<'static, AnyPin>; 5] =
        [p.P0_21.into(), p.P0_22.into(), p.P0_15.into(), p.P0_24.into(), p.P0_19.into()];
    let columns: [Peri<'static, AnyPin>; 5] =
        [p.P0_28.into(), p.P0_11.into(), p.P0_31.into(), p.P1_05.into(), p.P0_30.into()];
    let rows = rows.map(|pin| Output::new(pin, Level::Low, OutputDrive::Standard));
    let columns = columns.map(|pin| Output::new(pin, Level::High, OutputDrive::Standard));
    spawner.spawn(task(led_matrix::run(rows, columns)));

    let a = Input::new(p.P0_14, Pull::Up);
    let b = Input::new(p.P0_23, Pull::Up);
    // A button held at startup requests quiet mode, if a person started the board.
    let quiet = reset_reason.by_hand() && b.is_low();
    let mut saadc = p.SAADC;
    let mut pin0 = p.P0_02;
    let motor = battery::is_pulled_down(saadc.reborrow(), pin0.reborrow()).await;
    let volume = Volume::requested(quiet, motor);
    let motor = motor.then(|| Output::new(pin0, Level::Low, OutputDrive::HighDrive));
    spawner.spawn(task(sound::run(p.PWM0, p.P0_00, motor, volume)));
    spawner.spawn(task(battery::run(saadc)));

    let mut logo = touch_logo::Logo::new(p.P1_04.into());
    let window = reset_reason.by_hand() && logo.is_held().await;
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

    let info =
        BoardInfo { address: address(), model: "micro:bit v2", firmware: firmware(reset_reason), window };
    let mut board = Microbit { info, frontend: Frontend, store, radio: Latency::new(controller) };
    let fault = app::run(controller, &mut board).await;
    fault::save(match fault {
        app::Fault::Store => Fault::Store,
        app::Fault::Stack => Fault::Stack,
    });
    // Wait for the watchdog instead of resetting at once, so that a persistent fault does not wear out the flash.
    led_matrix::ROWS.signal(Display::StoreFault.rows());
    frontend::stop();
    loop {
        Timer::after(Duration::from_secs(60)).await;
    }
}

/// Unwraps the token of a task, which is spawned once.
fn task<S>(
    token: Result<embassy_executor::SpawnToken<S>, embassy_executor::SpawnError>,
) -> embassy_executor::SpawnToken<S> {
    match token {
        Ok(token) => token,
        Err(_) => panic!("a task is started once"),
    }
}

/// The random static address from the factory.
fn address() -> [u8; 6] {
    let (low, high) = (pac::FICR.deviceaddr(0).read(), pac::FICR.deviceaddr(1).read());
    let [a, b, c, d] = low.to_le_bytes();
    let [e, f, ..] = high.to_le_bytes();
    [a, b, c, d, e, f | 0xc0]
}

/// The firmware revision that laptops read.
fn firmware(reset_reason: ResetReason) -> &'static str {
    use core::fmt::Write;
    static TEXT: static_cell::StaticCell<heapless::String<22>> = static_cell::StaticCell::new();
    let text = TEXT.init(heapless::String::new());
    let _ = text.push_str(FIRMWARE);
    if !reset_reason.by_hand() {
        // A text that is too long is truncated.
        let _ = write!(text, " {reset_reason}");
    }
    text
}
