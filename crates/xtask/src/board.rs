//! The clicker's image on an emulated Cortex-M4F, without the lab's machines: it boots on the virtual radio, is paired by
//! the independent client, holds a session, stays connected without one, and is left alone in one. What it counted becomes the figures of stack,
//! latency and power in `firmware/README.md`, and is held against them.
//!
//! What is judged of time is judged by the board's clock, by the emulator's or by instructions: this machine has others
//! to serve. `mishaps` is what takes longer.

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

/// Where the lines behind the figures are shown.
const SHOWN: &str = "firmware/README.md";
const BEGIN: &str = "<!-- board: written by `cargo xtask board --take` -->\n";
const END: &str = "<!-- end of board -->\n";

/// Ticks of the emulated timer in a microsecond.
const TICKS_PER_US: u64 = 25;

/// From a press to the frame handed to the controller.
const MAX_LATENCY_US: u64 = 1000;
/// Reports in the controller before an alarm.
const MAX_FRAMES_AHEAD: u64 = 2;
/// Sleeps ended in a second while connected without a session, and microamperes without lights, in a session and without one.
const MAX_WAKES: f64 = 2.5;
const MAX_SESSION_UA: f64 = 500.0;
const MAX_IDLE_UA: f64 = 16.0;
/// How far its clock may go from the emulator's, in thousandths. A laptop takes a click for late that is late by a second
/// in a minute.
const MAX_CLOCK_ERROR: f64 = 5.0;

/// A run differs from the next by what the host's other work does to it; more than a quarter is a change.
const POWER_TOLERANCE_DIVISOR: u32 = 4;
/// Bytes of stack that another compiler may take.
const STACK_TOLERANCE: u32 = 1024;

/// How the link is kept in a session, and outside one by a laptop that takes the longest interval it may.
const IN_SESSION: &str = "params 15ms latency 30 timeout 4000";
const OUTSIDE: &str = "params 45ms latency 22 timeout 4000";

/// So often ten minutes are given to a board that is left alone.
const MAX_REST_WAITS: u32 = 2000;

/// A board that has nobody to speak with.
const NO_SERIAL: [&str; 4] = ["-serial", "null", "-serial", "null"];

/// Seconds in which the client is told that it is enough.
const CLIENT_SECONDS: &str = "600";

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What the figures come from.
    Short,
    /// What goes wrong on the air and with its power, too, and its clock is held beside this machine's.
    Long,
}

/// Builds the image, runs it, and holds what it counted against the figures.
pub(crate) fn run(root: &Path, change: Change, scope: Scope) -> anyhow::Result<Vec<String>> {
    let tools = install(root)?;
    let image = firmware::emulated_board(root)?;
    let folder = image.ancestors().nth(1).context("the image lies nowhere")?;
    let measured = measure(&mut Bench::open(root, &tools, &image, folder.join("run"))?)?;
    let mut faults = measured.faults();
    faults.extend(check_fault_reports(&image)?);
    if scope == Scope::Long {
        println!("the board's clock beside this machine's: {:+.1} in a thousand", measured.machine);
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

/// The Python with the virtual radio.
fn install(root: &Path) -> anyhow::Result<PathBuf> {
    let text = installed(Command::new(root.join("tests/lab/install.sh")).arg("board"))?;
    let python = text.lines().find_map(|line| line.strip_prefix("python "));
    python.map(PathBuf::from).context("the lab's installer names no Python")
}

/// What a run gave.
struct Measured {
    idle: Rates,
    session: Rates,
    /// In a session whose laptop has gone: at first, and after the half hour in which it tells of it.
    waiting: Rates,
    resting: Rates,
    /// How far its clock went from the emulator's in the session, in thousandths.
    clock: f64,
    /// The same beside this machine's, as seen from outside the emulator: what the two were kept from is in it.
    machine: f64,
    /// The last line of figures.
    last: String,
}

impl Measured {
    fn of(&self, word: &str) -> u64 {
        // Every word was read once already.
        number(&self.last, word).unwrap_or(u64::MAX)
    }

    fn micros(&self, word: &str) -> u64 {
        self.of(word) / TICKS_PER_US
    }

    /// The rows of the table of figures.
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

    /// What must not be, whatever the figures were.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut hold = |what: &str, figure: f64, most: f64| {
            if figure > most {
                faults.push(format!("board: {what} is {figure}, more than {most}"));
            }
        };
        hold("press to frame in us", self.micros("worst-ticks") as f64, MAX_LATENCY_US as f64);
        hold("frames before an alarm", self.of("ahead-of-alarm") as f64, MAX_FRAMES_AHEAD as f64);
        hold("the clock's error in thousandths", self.clock, MAX_CLOCK_ERROR);
        hold("wake-ups a second without a session", self.idle.wakes, MAX_WAKES);
        hold("uA connected without a session", sum(&model(&self.idle), false), MAX_IDLE_UA);
        hold("uA in a session without lights", sum(&model(&self.session), false), MAX_SESSION_UA);
        hold(
            "lights and tones at rest, in uA",
            sum(&model(&self.resting), true) - sum(&model(&self.resting), false),
            0.0,
        );
        if self.of("decisions") == 0 || self.of("alarms") == 0 {
            faults.push("board: no press or no alarm was timed".to_owned());
        }
        faults
    }
}

/// What is to be said of a figure that is not what it was. Latency and wake-ups have limits of their own instead.
fn difference(key: &str, figure: u32, measured: u32) -> Option<String> {
    let most = match key {
        "board-stack" => STACK_TOLERANCE,
        "board-idle" | "board-session" | "board-resting" => figure / POWER_TOLERANCE_DIVISOR,
        _ => return None,
    };
    let told = format!(
        "board: {key} is {measured} and was {figure}; where that is meant, run `cargo xtask board --take`"
    );
    (measured.abs_diff(figure) > most).then_some(told)
}

/// A board that gives up or fails tells at which address, and that is the line where it did.
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
            faults.push(format!("board: {argument} is not told as what it is: {}", said.trim()));
        }
    }
    Ok(faults)
}

/// From power-on: paired, a session, connected without one, a session that is left; and from another start, left alone.
fn measure(bench: &mut Bench) -> anyhow::Result<Measured> {
    let mut board = bench.boot("board", Clock::Real, &["--window"])?;
    board.line("advertising")?;
    bench.pair(&mut board, "pair", "keys")?;

    let words =
        ["session", "--seconds", CLIENT_SECONDS, "--after", CLIENT_SECONDS, "--told", "--show", "Rate"];
    let mut session = bench.client("session", &words)?;
    let (began, begun) = (uptime(&board.line(IN_SESSION)?)?, Instant::now());
    let first = board.figures()?;
    // Held for longer than 80 ms and let go of, so that an edge decides and is timed.
    for button in ["b", "b", "logo", "a"] {
        for order in [&format!("down {button}"), "wait 200", &format!("up {button}"), "wait 3800"] {
            board.order(order)?;
        }
    }
    let second = board.figures()?;
    // Nothing crosses for a while, so that clicks lie in the controller when an alarm is made.
    bench.order(r#"{"do": "stall", "ms": 1200}"#)?;
    for gesture in ["press b", "press b", "press chord"] {
        board.order(gesture)?;
    }
    board.line(" sharp")?;
    board.line("kept 0")?;
    // And one for which there is place, to be timed.
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
    // Until the hellos that come soon are over, and then ten of the others.
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
    // How it advertises does not depend on whether it tells of it.
    let waiting = before.rates(&after).advertising_like(&resting);
    board.order("quit")?;
    board.ended().context("the board alone")?;
    let session = Counts::parse(&first)?.rates(&Counts::parse(&second)?);
    Ok(Measured { idle, session, waiting, resting, clock, machine, last })
}

/// How far its clock went away from the emulator's between the first of these lines of figures and the others, in
/// thousandths. It says both at once, so what the machine does meanwhile is in neither. Where it was held up since its
/// last sleep its own is behind until the next one, so the nearest line counts.
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

/// When the board said this line, by its own clock, in milliseconds.
fn uptime(line: &str) -> anyhow::Result<u64> {
    let first = line.split(' ').next().unwrap_or_default();
    first.parse().with_context(|| format!("{line:?} does not begin with a time"))
}

/// The rates of a board that is left alone, when it tells nobody any more and advertises as slowly as it will. The radio
/// answers in its own time, over which this board's clock leaps, so it may take hours there.
fn at_rest(board: &mut Running) -> anyhow::Result<Rates> {
    let mut before = Counts::parse(&board.figures()?)?;
    let mut rested = false;
    for _ in 0..MAX_REST_WAITS {
        board.order("wait 600000")?;
        let after = Counts::parse(&board.figures()?)?;
        let rates = before.rates(&after);
        // The first ten minutes of it may have begun otherwise.
        if rested && rates.is_at_rest() {
            return Ok(rates);
        }
        (before, rested) = (after, rates.is_at_rest());
    }
    bail!("left alone it neither falls silent nor advertises slowly")
}

fn put_into(text: &str, picture: &str) -> anyhow::Result<String> {
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("{SHOWN} has no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{SHOWN} has no line {END}"))?;
    Ok(format!("{before}{BEGIN}{picture}{END}{after}"))
}

/// The figures as they are shown. Writing into a text does not fail.
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
        // What does not happen takes nothing.
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
