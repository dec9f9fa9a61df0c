//! Runs the clicker's image on an emulated Cortex-M4F without the lab's machines: it boots on the virtual radio, is
//! paired by the independent client, holds a session, stays connected without one, and is left alone in one. The
//! counters of the run give stack, latency and power, which are checked against the figures in `firmware/README.md`.
//!
//! Times are measured by the board's clock, by the emulator's or in instructions, because this machine is shared.
//! `faults` has the long tests.

mod bench;
mod faults;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use self::bench::{Bench, Clock, Running, machine};
use crate::figures::Figures;
use crate::firmware::{self, Change};
use crate::power::{
    BATTERIES, Counts, OTHER_LOADS, Rates, hours, model, months, number, other_loads_ua, sum,
};
use crate::steps::installed;
use crate::symbolize;

/// File with the rendered power tables, and the lines around them.
const SHOWN: &str = "firmware/README.md";
const BEGIN: &str = "<!-- board: written by `cargo xtask board --take` -->\n";
const END: &str = "<!-- end of board -->\n";

/// Ticks of the emulated timer per microsecond.
const TICKS_PER_US: u64 = 25;

/// Maximum time from a press to the frame handed to the controller, in microseconds.
const MAX_LATENCY_US: u64 = 1000;
/// Maximum number of reports in the controller ahead of an alarm.
const MAX_FRAMES_AHEAD: u64 = 2;
/// Maximum wake-ups per second while connected without a session; maximum current without lights, in microamperes, in a
/// session and without one.
const MAX_WAKES: f64 = 2.5;
const MAX_SESSION_UA: f64 = 500.0;
const MAX_IDLE_UA: f64 = 16.0;
/// Maximum clock error against the emulator, per mille. A laptop counts a click as late if it is a second behind within
/// a minute.
const MAX_CLOCK_ERROR: f64 = 5.0;

/// Tolerated change of a current: a quarter. Less is noise from other work on the host.
const POWER_TOLERANCE_DIVISOR: u32 = 4;
/// Tolerated change of the stack, in bytes: compilers differ by that much.
const STACK_TOLERANCE: u32 = 1024;

/// Connection parameters in a session, and outside one with a laptop that accepts the longest interval.
const IN_SESSION: &str = "params 15ms latency 30 timeout 4000";
const OUTSIDE: &str = "params 45ms latency 22 timeout 4000";

/// Maximum number of ten-minute waits for a board that is left alone to come to rest.
const MAX_REST_WAITS: u32 = 2000;

/// Serial ports of a board without a radio and without input.
const NO_SERIAL: [&str; 4] = ["-serial", "null", "-serial", "null"];

/// Seconds after which the client ends by itself; it is told to end earlier.
const CLIENT_SECONDS: &str = "600";

/// Extent of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What the figures need.
    Short,
    /// Also radio faults and resets, and the board's clock against this machine's.
    Long,
}

/// Builds and runs the image and checks the measurements against the figures.
pub(crate) fn run(root: &Path, change: Change, scope: Scope) -> anyhow::Result<Vec<String>> {
    let tools = install(root)?;
    let image = firmware::emulated_board(root)?;
    let folder = image.ancestors().nth(1).context("the image has no parent folder")?;
    let measured = measure(&mut Bench::open(root, &tools, &image, folder.join("run"))?)?;
    let mut faults = measured.faults();
    faults.extend(check_fault_reports(&image)?);
    if scope == Scope::Long {
        println!("clock error against this machine: {:+.1} per mille", measured.machine);
        faults::run(&mut Bench::open(root, &tools, &image, folder.join("mishaps"))?)?;
    }
    let mut figures = Figures::read(root)?;
    for (key, value) in measured.figures() {
        println!("{key} {value}");
        if change == Change::Take {
            figures = figures.with(key, value);
        } else {
            faults.extend(difference(key, figures.number(key)?, value));
        }
    }
    if change == Change::Take {
        figures.write(root)?;
        let shown = fs::read_to_string(root.join(SHOWN)).with_context(|| format!("cannot read {SHOWN}"))?;
        let shown = put_into(&shown, &picture(&measured))?;
        fs::write(root.join(SHOWN), shown).with_context(|| format!("cannot write {SHOWN}"))?;
    }
    Ok(faults)
}

/// Installs and returns the Python with the virtual radio.
fn install(root: &Path) -> anyhow::Result<PathBuf> {
    let text = installed(Command::new(root.join("tests/lab/install.sh")).arg("board"))?;
    let python = text.lines().find_map(|line| line.strip_prefix("python "));
    python.map(PathBuf::from).context("tests/lab/install.sh printed no Python")
}

/// Measurements of a run.
struct Measured {
    idle: Rates,
    session: Rates,
    /// In a session whose laptop has gone: during the half hour of alarms, and after it.
    waiting: Rates,
    resting: Rates,
    /// Clock error against the emulator in the session, per mille.
    clock: f64,
    /// Clock error against this machine's clock, per mille; includes delays of the emulator.
    machine: f64,
    /// Last line of counters.
    last: String,
}

impl Measured {
    fn of(&self, word: &str) -> u64 {
        // All words have been parsed before.
        number(&self.last, word).unwrap_or(u64::MAX)
    }

    fn micros(&self, word: &str) -> u64 {
        self.of(word) / TICKS_PER_US
    }

    /// Rows of the table of figures.
    fn figures(&self) -> [(&'static str, u32); 7] {
        let rounded = |value: f64| value.round() as u32;
        let microamperes = |rates| rounded(sum(&model(rates), false));
        let counted = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        [
            ("board-stack", counted(self.of("stack"))),
            ("board-latency", counted(self.micros("worst-ticks"))),
            ("board-ahead", counted(self.of("ahead-of-alarm"))),
            ("board-wakes", rounded(self.idle.wakes * 100.0)),
            ("board-idle", microamperes(&self.idle)),
            ("board-session", microamperes(&self.session)),
            ("board-resting", microamperes(&self.resting)),
        ]
    }

    /// Violated limits, independent of the recorded figures.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut hold = |what: &str, figure: f64, most: f64| {
            if figure > most {
                faults.push(format!("board: {what}: {figure}, above the limit of {most}"));
            }
        };
        hold("latency from press to frame, us", self.micros("worst-ticks") as f64, MAX_LATENCY_US as f64);
        hold("frames ahead of an alarm", self.of("ahead-of-alarm") as f64, MAX_FRAMES_AHEAD as f64);
        hold("clock error, per mille", self.clock, MAX_CLOCK_ERROR);
        hold("wake-ups per second without a session", self.idle.wakes, MAX_WAKES);
        hold("current without a session, uA", sum(&model(&self.idle), false), MAX_IDLE_UA);
        hold("current in a session without lights, uA", sum(&model(&self.session), false), MAX_SESSION_UA);
        hold(
            "lights and tones at rest, uA",
            sum(&model(&self.resting), true) - sum(&model(&self.resting), false),
            0.0,
        );
        if self.of("decisions") == 0 || self.of("alarms") == 0 {
            faults.push("board: no press or no alarm was timed; the run measured nothing".to_owned());
        }
        faults
    }
}

/// Fault text of a figure outside its tolerance. Latency and wake-ups have fixed limits instead.
fn difference(key: &str, figure: u32, measured: u32) -> Option<String> {
    let most = match key {
        "board-stack" => STACK_TOLERANCE,
        "board-idle" | "board-session" | "board-resting" => figure / POWER_TOLERANCE_DIVISOR,
        _ => return None,
    };
    let told = format!(
        "board: {key} is {measured}, recorded is {figure}; if that is intended, run `cargo xtask board --take`"
    );
    (measured.abs_diff(figure) > most).then_some(told)
}

/// Checks that a panic and a hard fault report an address that translates to the right line.
fn check_fault_reports(image: &Path) -> anyhow::Result<Vec<String>> {
    let elf = fs::read(image).with_context(|| format!("cannot read {}", image.display()))?;
    let mut faults = Vec::new();
    for (argument, word, place) in
        [("--panic", "panic", "qemu/src/main.rs"), ("--fail", "fault", "qemu/src/chip.rs")]
    {
        let arguments = format!("enable=on,target=native,arg=clicker,arg={argument}");
        let mut board = machine(image);
        board.args(["-semihosting-config", &arguments]).args(NO_SERIAL);
        let log = image.with_extension("fault.log");
        let ended = Running::start(&mut board, &log)?.ended();
        let said = fs::read_to_string(&log)?;
        let told = said.split_once(&format!("clicker: {word} ")).map(|(_, at)| at.trim());
        let frames = told.map(|at| symbolize::frames(&elf, symbolize::parse(at)?)).transpose()?;
        println!("{argument}: {}", said.trim());
        if ended.is_ok() || !frames.is_some_and(|frames| frames.concat().contains(place)) {
            faults.push(format!(
                "board: {argument}: the reported address does not lead to the fault: {}",
                said.trim()
            ));
        }
    }
    Ok(faults)
}

/// Runs all measurements. First board: pairing, a session, connected without one, an abandoned session. Second board:
/// left alone from its start.
fn measure(bench: &mut Bench) -> anyhow::Result<Measured> {
    let mut board = bench.boot("board", Clock::Real, &["--window"])?;
    board.line("advertising")?;
    bench.pair(&mut board, "pair", "keys")?;

    let words =
        ["session", "--seconds", CLIENT_SECONDS, "--after", CLIENT_SECONDS, "--told", "--show", "Rate"];
    let mut session = bench.client("session", &words)?;
    let (began, begun) = (uptime(&board.line(IN_SESSION)?)?, Instant::now());
    let first = board.figures()?;
    // Held for longer than the 80 ms of a chord and then released, so that an edge decides and is timed.
    for button in ["b", "b", "logo", "a"] {
        for order in [&format!("down {button}"), "wait 200", &format!("up {button}"), "wait 3800"] {
            board.order(order)?;
        }
    }
    let second = board.figures()?;
    // Stalls the radio, so that clicks wait in the controller when the alarm is made.
    bench.order(r#"{"do": "stall", "ms": 1200}"#)?;
    for gesture in ["press b", "press b", "press chord"] {
        board.order(gesture)?;
    }
    board.line(" sharp")?;
    board.line("kept 0")?;
    // A second alarm with an empty queue, to be timed.
    board.order("press chord")?;
    board.line(" sharp")?;
    board.line("kept 0")?;
    session.order("the session is over")?;
    let ended = uptime(&board.line(OUTSIDE).context("after the session")?)?;
    let lived = Duration::from_millis(ended.saturating_sub(began));
    let machine = (lived.div_duration_f64(begun.elapsed()) - 1.0) * 1e3;
    let clock = clock_error(&[&first, &second, &board.figures()?, &board.figures()?])?;
    session.order("and the link")?;
    session.ended().context("the session")?;

    let mut listening = bench.client("idle", &["listen", "--told", "--seconds", CLIENT_SECONDS])?;
    board.line(OUTSIDE)?;
    // Skips the frequent hellos at the beginning, then measures ten of the slow ones.
    board.order("wait 8000")?;
    let before = Counts::parse(&board.figures()?)?;
    board.order("wait 27500")?;
    let after = Counts::parse(&board.figures()?)?;
    let idle = before.rates(&after);
    listening.order("enough")?;
    listening.ended().context("listening")?;

    let words = [
        "session",
        "--before",
        CLIENT_SECONDS,
        "--told",
        "--seconds",
        CLIENT_SECONDS,
        "--no-bye",
        "--show",
        "Rate",
    ];
    let mut left = bench.client("left", &words)?;
    board.line(OUTSIDE).context("before the session that is left")?;
    left.order("a session")?;
    board.line(IN_SESSION).context("in the session that is left")?;
    left.order("enough")?;
    left.ended().context("the session that is left")?;
    board.order("quit")?;
    let last = board.line("figures ")?;
    board.ended().context("the board")?;

    let mut board = bench.boot("alone", Clock::SkipsSleep, &["--leap"])?;
    board.order("wait 120000")?;
    let before = Counts::parse(&board.figures()?)?;
    board.order("wait 600000")?;
    let after = Counts::parse(&board.figures()?)?;
    let resting = at_rest(&mut board)?;
    // Advertising is the same in both cases, so the rate at rest is used.
    let waiting = before.rates(&after).advertising_like(&resting);
    board.order("quit")?;
    board.ended().context("the board alone")?;
    let session = Counts::parse(&first)?.rates(&Counts::parse(&second)?);
    Ok(Measured { idle, session, waiting, resting, clock, machine, last })
}

/// Clock error against the emulator between the first line of counters and the others, per mille. A line has both
/// clocks, so delays of the host cancel out. The board's clock lags from its last sleep until the next one, so the line
/// with the smallest error counts.
fn clock_error(figures: &[&str]) -> anyhow::Result<f64> {
    let mut behind = Vec::new();
    for line in figures {
        let (own, emulator) = (number(line, "uptime-ms")?, number(line, "elapsed-ms")?);
        behind.push((own as f64, emulator as f64 - own as f64));
    }
    let (&(began, at_first), others) = behind.split_first().context("no figures")?;
    let off = others.iter().map(|(own, then)| (then - at_first).abs() / (own - began).max(1.0) * 1e3);
    Ok(off.fold(f64::INFINITY, f64::min))
}

/// Time of a line by the board's own clock, in milliseconds.
fn uptime(line: &str) -> anyhow::Result<u64> {
    let first = line.split(' ').next().unwrap_or_default();
    first.parse().with_context(|| format!("{line:?} does not begin with a time"))
}

/// Rates of a board at rest: silent, and advertising as slowly as it will. The radio runs in real time and this board's
/// clock skips sleep, so reaching that may take hours of its time.
fn at_rest(board: &mut Running) -> anyhow::Result<Rates> {
    let mut before = Counts::parse(&board.figures()?)?;
    let mut rested = false;
    for _ in 0..MAX_REST_WAITS {
        board.order("wait 600000")?;
        let after = Counts::parse(&board.figures()?)?;
        let rates = before.rates(&after);
        // The previous ten minutes must have been at rest as well.
        if rested && rates.is_at_rest() {
            return Ok(rates);
        }
        (before, rested) = (after, rates.is_at_rest());
    }
    bail!("left alone, the board does not come to rest: it still sounds or advertises fast")
}

fn put_into(text: &str, picture: &str) -> anyhow::Result<String> {
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("{SHOWN} has no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{SHOWN} has no line {END}"))?;
    Ok(format!("{before}{BEGIN}{picture}{END}{after}"))
}

/// Renders the power tables. Writing to a string cannot fail.
fn picture(measured: &Measured) -> String {
    let mut text = format!(
        "\n{} presses timed, {} us on the average; {:.1} wake-ups a second in a session; the stack had {} bytes.\n",
        measured.of("decisions"),
        measured.micros("mean-ticks"),
        measured.session.wakes,
        measured.of("of"),
    );
    for (rates, heading, aim) in [
        (&measured.idle, "connected, no session", Some(MAX_IDLE_UA)),
        (&measured.session, "in a session, a click every 4 s", Some(MAX_SESSION_UA)),
        (&measured.waiting, "in a session whose laptop has gone, the first half hour", None),
        (&measured.resting, "the same after it, until a button is touched", None),
    ] {
        let _ = writeln!(text, "\n| {heading} | a second | uA | by |\n|---|---|---|---|");
        let lines = model(rates);
        // Rows that did not occur are left out.
        for line in lines.iter().filter(|line| line.often > 0.0) {
            let _ = writeln!(
                text,
                "| {} | {:.3} | {:.1} | {} |",
                line.what, line.often, line.microamperes, line.from
            );
        }
        let (bare, all) = (sum(&lines, false), sum(&lines, true));
        let aim = aim.map_or_else(String::new, |aim| format!("aim: {aim}"));
        let _ = writeln!(text, "| **without lights and tones** | | **{bare:.1}** | {aim} |");
        let _ = writeln!(text, "| **with them** | | **{all:.1}** | |");
    }
    text.push_str("\n| beside the clicker, from the same battery | uA | by |\n|---|---|---|\n");
    for (what, microamperes, from) in OTHER_LOADS {
        let told = microamperes.map_or_else(|| "not known".to_owned(), |figure| format!("{figure:.0}"));
        let _ = writeln!(text, "| {what} | {told} | {from} |");
    }
    let session = sum(&model(&measured.session), true) + other_loads_ua();
    let idle = sum(&model(&measured.idle), true) + other_loads_ua();
    text.push_str("\n| battery, with what is known beside | hours in sessions | months, two hours a day in a session and connected else |\n|---|---|---|\n");
    for (name, charge) in BATTERIES {
        let (hours, months) = (hours(*charge, session), months(*charge, session, idle));
        let _ = writeln!(text, "| {name}, {charge} mAh | {hours:.0} | {months:.0} |");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_has_moved_is_told_and_a_wobble_is_not() {
        assert_eq!(difference("board-stack", 13_000, 13_900), None);
        assert_eq!(difference("board-session", 400, 490), None);
        assert!(difference("board-stack", 13_000, 11_000).is_some());
        let told = difference("board-session", 400, 501).unwrap();
        assert!(told.contains("501") && told.contains("400") && told.contains("--take"), "{told}");
    }

    #[test]
    fn the_picture_takes_its_own_place_alone() {
        let text = format!("a\n{BEGIN}old\n{END}b\n");
        assert_eq!(put_into(&text, "new\n").unwrap(), format!("a\n{BEGIN}new\n{END}b\n"));
        assert!(put_into("a\n", "new\n").is_err());
    }
}
