//! What the screen costs, in a pseudo-terminal of 120x40: the processor, bytes and writes, memory, the time to the first
//! screen and to build a frame; beside `btm` (bottom) where it is on the path, or where the variable `BTM` names it.
//!
//! Figures are those of the machine it runs on, printed beside their aims, and not tested. Everything is read from
//! `/proc`, so elsewhere than on Linux only the frame is measured.
#![expect(clippy::print_stdout, reason = "the table is for the person who runs it")]

#[cfg(target_os = "linux")]
#[path = "../tests/pty/place.rs"]
#[expect(dead_code, reason = "the tests in the terminal use the rest")]
mod place;
#[cfg(target_os = "linux")]
#[path = "../tests/pty/terminal.rs"]
#[expect(dead_code, reason = "the tests in the terminal use the rest")]
mod terminal;

use std::hint::black_box;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui::{Colours, Ground, Theme};
use words::Words;

/// The size that the figures are for.
const SIZE: (u16, u16) = (120, 40);

fn main() {
    // `cargo test` may run benches too; there the table would only cost time.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| what, at {}x{} | figure | aim |", SIZE.0, SIZE.1);
    println!("|---|---|---|");
    let frame = frame();
    println!("| build a frame of a running hold, median | {:.3} ms | 0.2 ms |", frame.as_secs_f64() * 1e3);
    #[cfg(target_os = "linux")]
    linux::table();
}

fn frame() -> Duration {
    let (scene, words) = (tui::samples::running_hold(), Words::english());
    let theme = Theme { colours: Colours::Full, ground: Ground::Dark, ..Theme::default() };
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    let times = (0..1_001).map(|_| {
        let from = Instant::now();
        buffer.reset();
        tui::draw(black_box(&scene), buffer.area, &mut buffer, &words, &theme);
        black_box(&buffer);
        from.elapsed()
    });
    median(times.collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    use pty_process::blocking::Command;
    use rustix::process::Pid;

    use super::place::Place;
    use super::terminal::Terminal;
    use super::{Duration, Instant, SIZE, median};

    /// Long enough that a write a second is seen ten times.
    const WATCHED: Duration = Duration::from_secs(10);

    /// After it is there, a program does what it does once.
    const SETTLES: Duration = Duration::from_millis(1_500);

    /// So many starts give a median.
    const STARTS: usize = 9;

    pub(super) fn table() {
        let place = Place::new();
        let first = first_screen(|| place.unknot(&[]), "Quit");
        println!("| time to the first screen, median | {} ms | 100 ms |", first.as_millis());

        let mut idle = start(place.unknot(&[]));
        idle.until("Practise on this keyboard");
        idle.read_until(Instant::now() + SETTLES);
        row("idle start screen", &watch(&mut idle), "0.1 %, 0 B/s");
        drop(idle);

        let place = Place::interrupted();
        let mut hold = start(place.unknot(&["practice"]));
        hold.until("Take up the session");
        hold.press("u");
        hold.until("Receiver: guide the hands");
        hold.press("l");
        hold.until("HOLDING");
        hold.press("b");
        hold.until("to the minimum");
        hold.read_until(Instant::now() + SETTLES);
        let cost = watch(&mut hold);
        assert!(hold.text().contains("HOLDING"), "the hold ended too soon:\n{}", hold.text());
        row("running hold", &cost, "0.5 %, a small write a second");
        drop(hold);

        let btm = std::env::var("BTM").unwrap_or_else(|_| "btm".to_owned());
        if std::process::Command::new(&btm).arg("--version").output().is_err() {
            println!("| `btm` | not installed | |");
            return;
        }
        let first = first_screen(|| Command::new(&btm), "CPU");
        println!("| beside it: time to bottom's first screen, median | {} ms | |", first.as_millis());
        let mut beside = start(Command::new(&btm));
        beside.until("CPU");
        beside.read_until(Instant::now() + SETTLES);
        row("beside it: bottom", &watch(&mut beside), "memory above ours");
    }

    fn start(command: Command) -> Terminal {
        Terminal::start(command.env("COLORTERM", "truecolor"), SIZE.0, SIZE.1)
    }

    fn first_screen(command: impl Fn() -> Command, there: &str) -> Duration {
        let start = || {
            let from = Instant::now();
            let mut terminal = start(command());
            terminal.until(there);
            from.elapsed()
        };
        median((0..STARTS).map(|_| start()).collect())
    }

    /// What a program costs.
    struct Cost {
        /// Of one core, in per cent.
        processor: f64,
        bytes_a_second: f64,
        writes_a_second: f64,
        /// Resident, in megabytes.
        memory: f64,
    }

    fn watch(terminal: &mut Terminal) -> Cost {
        let (written, ran, from) = (terminal.written(), ran(terminal.pid()), Instant::now());
        terminal.read_until(from + WATCHED);
        let took = from.elapsed().as_secs_f64();
        let now = terminal.written();
        #[expect(clippy::cast_precision_loss, reason = "a figure for a person")]
        let a_second = |count: u64| count as f64 / took;
        Cost {
            processor: (self::ran(terminal.pid()) - ran).as_secs_f64() / took * 100.0,
            bytes_a_second: a_second(now.bytes - written.bytes),
            writes_a_second: a_second(now.writes - written.writes),
            memory: resident(terminal.pid()),
        }
    }

    fn row(what: &str, cost: &Cost, aim: &str) {
        let Cost { processor, bytes_a_second, writes_a_second, memory } = cost;
        println!(
            "| {what} | {processor:.2} % of a core, {bytes_a_second:.0} B/s in {writes_a_second:.1} writes/s, \
             {memory:.1} MB | {aim} |"
        );
    }

    /// How long all threads of it have run. (The clock of `stat` ticks too slowly to see a tenth of a per cent.)
    fn ran(pid: Pid) -> Duration {
        let threads = fs::read_dir(format!("/proc/{pid}/task")).expect("it runs");
        let nanos = threads.map(|thread| {
            let file = thread.expect("it runs").path().join("schedstat");
            let text = fs::read_to_string(file).expect("the kernel counts what threads run");
            text.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
        });
        Duration::from_nanos(nanos.sum())
    }

    fn resident(pid: Pid) -> f64 {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes =
            line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse::<f64>().ok());
        kilobytes.unwrap_or(0.0) / 1_024.0
    }
}
