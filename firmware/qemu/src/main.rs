//! The clicker on an emulated Cortex-M4F: QEMU's machine `mps2-an386`, with a Bluetooth controller on the first serial
//! port and the console on the second.
//!
//! Wiring only: the logic decides what buttons mean, the app who may pair.
#![no_std]
#![no_main]

mod chip;
mod clock;
mod flash;
mod frontend;
mod hci;
mod serial;
mod stack;

use core::cell::RefCell;
use core::fmt;
use core::future::{Future, poll_fn};
use core::panic::PanicInfo;
use core::pin::pin;
use core::sync::atomic::{AtomicBool, Ordering};

use ::flash::FlashStore;
use app::{Board, BoardInfo, Fault, Radio};
use bt_hci::cmd::SyncCmd as _;
use bt_hci::cmd::controller_baseband::Reset;
use bt_hci::controller::{Controller as _, ExternalController};
use console::Address;
use critical_section::Mutex;
use embassy_executor::Spawner;
use embassy_executor::raw::Executor;
use embassy_futures::select::select;
use embassy_time::Instant;
use heapless::CString;
use metrics::{Framing, Metrics};
use semihosting::process::ExitCode;
use static_cell::StaticCell;

use crate::chip::{Irq, UART0, UART1};
use crate::flash::FileFlash;
use crate::frontend::{ConsoleFrontend, say};
use crate::hci::H4;
use crate::serial::{Port, Unit};

/// HCI commands in flight: the host sends one at a time, and possibly a reset beside it.
const COMMANDS: usize = 8;

/// Longest path on the command line; the other arguments have as much again.
const PATH: usize = 512;

/// Default address without `--address`.
const ADDRESS: Address = Address([1, 0, 0, 0, 0, 0xc0]);

static CONTROLLER: Port = Port::new(UART0, Unit::Packet(Framing::new()));
static CONSOLE: Port = Port::new(UART1, Unit::Line);
static METRICS: Mutex<RefCell<Metrics>> = Mutex::new(RefCell::new(Metrics::new()));

/// The executor has work.
static PENDING: AtomicBool = AtomicBool::new(false);
/// The processor has slept since the clicker last ran.
static SLEPT: AtomicBool = AtomicBool::new(false);

/// The emulated machine as a board.
struct Machine {
    info: BoardInfo,
    frontend: ConsoleFrontend,
    store: FlashStore<FileFlash>,
    radio: CountingRadio,
}

/// The external controller listens at every event anyway; this counts what another would do.
struct CountingRadio;

impl Radio for CountingRadio {
    async fn listen_at_every_event(&mut self, _link: u16, yes: bool) {
        let now = Instant::now().as_micros();
        with_metrics(|metrics| metrics.radio.every_event(yes, now));
    }
}

impl Board for Machine {
    type Frontend = ConsoleFrontend;
    type Store = FlashStore<FileFlash>;
    type Radio = CountingRadio;

    fn info(&self) -> BoardInfo {
        self.info
    }

    fn parts(&mut self) -> (&mut ConsoleFrontend, &mut FlashStore<FileFlash>, &mut CountingRadio) {
        (&mut self.frontend, &mut self.store, &mut self.radio)
    }
}

/// Accesses the counters.
pub(crate) fn with_metrics<T>(what: impl FnOnce(&mut Metrics) -> T) -> T {
    critical_section::with(|cs| what(&mut METRICS.borrow(cs).borrow_mut()))
}

#[cortex_m_rt::entry]
fn main() -> ! {
    clock::start();
    for (port, irqs) in [(UART0, [Irq::UART0_RX, Irq::UART0_TX]), (UART1, [Irq::UART1_RX, Irq::UART1_TX])] {
        port.start();
        irqs.into_iter().for_each(Irq::unmask);
    }
    static EXECUTOR: StaticCell<Executor> = StaticCell::new();
    let executor = EXECUTOR.init(Executor::new(core::ptr::null_mut()));
    start(executor.spawner());
    sleep_and_wake(executor)
}

fn start(spawner: Spawner) {
    let arguments = Arguments::read();
    say(&CONSOLE, format_args!("address {}", Address(arguments.info.address)));
    // Each task is spawned once.
    if let (Ok(input), Ok(output), Ok(clicker)) =
        (frontend::input_task(&CONSOLE), frontend::output_task(&CONSOLE), clicker(arguments))
    {
        spawner.spawn(input);
        spawner.spawn(output);
        spawner.spawn(clicker);
    }
}

/// The command line.
struct Arguments {
    info: BoardInfo,
    /// Path of the file used as flash.
    flash: CString<PATH>,
}

impl Arguments {
    fn read() -> Self {
        let info = BoardInfo {
            address: ADDRESS.0,
            model: "mps2-an386",
            firmware: env!("CARGO_PKG_VERSION"),
            window: false,
        };
        let mut all = Self { info, flash: CString::new() };
        let Ok(arguments) = semihosting::experimental::env::args::<{ 2 * PATH }>() else { return all };
        for argument in arguments.flatten().skip(1) {
            let known = match argument.split_once('=') {
                None if argument == "--window" => {
                    all.info.window = true;
                    true
                }
                None if argument == "--leap" => {
                    clock::skip_sleep();
                    true
                }
                // Real faults, to test how they are reported.
                None if argument == "--panic" => panic!("asked for"),
                None if argument == "--fail" => chip::fail(),
                Some(("--address", address)) => {
                    address.parse().map(|Address(address)| all.info.address = address).is_ok()
                }
                Some(("--flash", path)) => all.flash.extend_from_bytes(path.as_bytes()).is_ok(),
                _ => false,
            };
            if !known {
                exit_with_error(format_args!(
                    "{argument} is no argument; there are --flash=FILE, --window and --address=C0:..; --panic and --fail to see either"
                ));
            }
        }
        if all.flash.to_bytes().is_empty() {
            exit_with_error(format_args!("name the file that is the flash by --flash=FILE"));
        }
        all
    }
}

#[embassy_executor::task]
async fn clicker(arguments: Arguments) {
    let Arguments { info, flash } = arguments;
    let controller = ExternalController::<_, COMMANDS>::new(H4(&CONTROLLER));
    // The host polls until the controller is ready. An external program takes time for its first answer, during which a
    // processor faster than its clock would run minutes ahead.
    let answers = async {
        loop {
            let mut buffer = controller.alloc_buf();
            if let Ok(buffer) = &mut buffer {
                let _ = controller.read(buffer).await;
            }
        }
    };
    select(Reset::new().exec(&controller), answers).await;
    let Ok(file) = FileFlash::open(&flash) else {
        let name = flash.to_str().unwrap_or("this file");
        exit_with_error(format_args!("{name} cannot be used; name another file by --flash"))
    };
    let store = FlashStore::new(file, 0);
    let mut machine = Machine { info, frontend: ConsoleFrontend::new(&CONSOLE), store, radio: CountingRadio };
    let fault = count_wakes(app::run(&controller, &mut machine)).await;
    match fault {
        Fault::Store => say(&CONSOLE, "the store cannot be used"),
        Fault::Stack => say(&CONSOLE, "the Bluetooth stack cannot be kept up"),
    }
    ExitCode::FAILURE.exit_process()
}

/// Counts the sleeps that `what` ends as wake-ups, one for all its work until the next sleep.
async fn count_wakes<T>(what: impl Future<Output = T>) -> T {
    let mut what = pin!(what);
    poll_fn(|cx| {
        if SLEPT.swap(false, Ordering::Relaxed) {
            with_metrics(|metrics| metrics.wakes += 1);
        }
        what.as_mut().poll(cx)
    })
    .await
}

/// Runs the executor and sleeps while it is idle. (The executor's own loop uses WFE, on which this emulator does not
/// sleep.)
fn sleep_and_wake(executor: &'static Executor) -> ! {
    loop {
        #[expect(unsafe_code, reason = "an executor is polled by hand")]
        // SAFETY: it is initialized, and polled only here, never recursively.
        unsafe {
            executor.poll();
        }
        // An interrupt between this check and the sleep still ends the sleep.
        cortex_m::interrupt::disable();
        if !PENDING.swap(false, Ordering::Acquire) {
            SLEPT.store(true, Ordering::Relaxed);
            let began = clock::ticks();
            cortex_m::asm::wfi();
            clock::set_after_sleep(began);
            let asleep = (clock::ticks() - began) / chip::TICKS_PER_MICRO;
            with_metrics(|metrics| metrics.asleep_us += asleep);
        }
        #[expect(unsafe_code, reason = "interrupts are let in again")]
        // SAFETY: no critical section is open.
        unsafe {
            cortex_m::interrupt::enable();
        }
    }
}

#[expect(unsafe_code, reason = "the executor asks for this by its name")]
#[unsafe(export_name = "__pender")]
fn pender(_: *mut ()) {
    PENDING.store(true, Ordering::Release);
}

/// Dispatches an interrupt.
pub(crate) fn on_interrupt(irq: Irq) {
    match irq {
        Irq::UART0_RX | Irq::UART0_TX => CONTROLLER.on_interrupt(),
        Irq::UART1_RX | Irq::UART1_TX => CONSOLE.on_interrupt(),
        Irq::TIMER0 => clock::on_overflow(),
        Irq::TIMER1 => clock::on_alarm(),
        Irq(number) => exit_with_error(format_args!("interrupt {number}, which nothing asked for")),
    }
}

/// Prints why it cannot continue, and exits.
pub(crate) fn exit_with_error(why: fmt::Arguments<'_>) -> ! {
    semihosting::eprintln!("clicker: {why}");
    ExitCode::FAILURE.exit_process()
}

/// Required by the compiler; never called in an image that traps on panic, which is a hard fault.
#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    cortex_m::asm::udf()
}
