//! The clicker's image on an emulated Cortex-M4F, without the lab's machines: it boots on the virtual radio, is paired by
//! the independent client, holds a session, stays connected without one, and is left alone in one. What it counted becomes the figures of stack,
//! latency and power in `firmware/README.md`, and is held against them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::figures::Figures;
use crate::firmware::{self, Change};
use crate::place;
use crate::power::{APART, BATTERIES, Counts, Rates, apart, hours, model, months, number, sum};

/// Where the lines behind the figures are shown.
const SHOWN: &str = "firmware/README.md";
const BEGIN: &str = "<!-- board: written by `cargo xtask board --take` -->\n";
const END: &str = "<!-- end of board -->\n";

/// How the lab's installer ends where it cannot do its work.
const CANNOT_RUN_HERE: i32 = 3;

/// So many nanoseconds an instruction takes in the emulator, as a power of two: 62.5 million a second.
const SHIFT: &str = "shift=4";
/// The same, and time passes over sleep: half an hour in which nothing happens is soon over.
const LEAP: &str = "shift=4,sleep=off";
/// Ticks of the emulated timer in a microsecond.
const TICKS: u64 = 25;

/// From a press to the frame handed to the controller.
const SOONEST: u64 = 1000;
/// Reports in the controller before an alarm.
const AHEAD: u64 = 2;
/// Sleeps ended in a second while connected without a session, and microamperes without lights, in a session and without one.
const WAKES: f64 = 2.5;
const SESSION_AIM: f64 = 500.0;
const IDLE_AIM: f64 = 16.0;
/// How far its clock may be from this machine's, in thousandths. A laptop takes a click for late that is late by a second
/// in a minute.
const CLOCK: f64 = 5.0;

/// A run differs from the next by what the host's other work does to it; more than a quarter is a change.
const SHARE: u32 = 4;
/// Bytes of stack that another compiler may take.
const STACK: u32 = 1024;

/// How the link is kept in a session, and outside one by a laptop that takes the longest interval it may.
const IN_SESSION: &str = "params 15ms latency 30 timeout 4000";
const OUTSIDE: &str = "params 45ms latency 22 timeout 4000";

/// So often ten minutes are given to a board that is left alone.
const PATIENCE: u32 = 2000;

/// A board that has nobody to speak with.
const SILENT: [&str; 4] = ["-serial", "null", "-serial", "null"];

/// What is waited for at most, on a machine that does other things too.
const SOON: Duration = Duration::from_secs(60);

/// Builds the image, runs it, and holds what it counted against the figures.
pub(crate) fn run(root: &Path, change: Change) -> anyhow::Result<Vec<String>> {
    let Some(tools) = install(root)? else {
        eprintln!(
            "THE EMULATED BOARD DID NOT RUN: this machine lacks what is named above, and nothing was tried."
        );
        let in_ci = std::env::var_os("CI").is_some();
        return Ok(if in_ci { vec!["the emulated board did not run".to_owned()] } else { Vec::new() });
    };
    let image = firmware::emulated_board(root)?;
    // On a busy machine the board comes late to what it does; what is wrong is so twice.
    let measured = measure(root, &tools, &image).or_else(|error| {
        eprintln!("board: {error:#}; tried once more");
        measure(root, &tools, &image)
    })?;
    let mut faults = measured.faults();
    faults.extend(faults_are_told(&image)?);
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

/// The lab's Python with the virtual radio, where this machine has it.
fn install(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let output = Command::new(root.join("tests/lab/install.sh"))
        .arg("board")
        .stderr(Stdio::inherit())
        .output()
        .context("the lab's installer cannot be run")?;
    if output.status.code() == Some(CANNOT_RUN_HERE) {
        return Ok(None);
    }
    ensure!(output.status.success(), "what the lab needs could not be installed; see above");
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().find_map(|line| line.strip_prefix("python ")).map(PathBuf::from))
}

/// What a run gave.
struct Measured {
    idle: Rates,
    session: Rates,
    /// In a session whose laptop has gone: at first, and after the half hour in which it tells of it.
    waiting: Rates,
    resting: Rates,
    /// How far its clock was off in the session, in thousandths.
    clock: f64,
    /// The last line of figures.
    last: String,
}

impl Measured {
    fn of(&self, word: &str) -> u64 {
        // Every word was read once already.
        number(&self.last, word).unwrap_or(u64::MAX)
    }

    fn micros(&self, word: &str) -> u64 {
        self.of(word) / TICKS
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
        hold("press to frame in us", self.micros("worst-ticks") as f64, SOONEST as f64);
        hold("frames before an alarm", self.of("ahead-of-alarm") as f64, AHEAD as f64);
        hold("the clock's error in thousandths", self.clock, CLOCK);
        hold("wake-ups a second without a session", self.idle.wakes, WAKES);
        hold("uA connected without a session", sum(&model(&self.idle), false), IDLE_AIM);
        hold("uA in a session without lights", sum(&model(&self.session), false), SESSION_AIM);
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
        "board-stack" => STACK,
        "board-idle" | "board-session" | "board-resting" => figure / SHARE,
        _ => return None,
    };
    let told = format!(
        "board: {key} is {measured} and was {figure}; where that is meant, run `cargo xtask board --take`"
    );
    (measured.abs_diff(figure) > most).then_some(told)
}

/// A program that ends with this value, its lines as they come.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Running {
    fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(log)?)
            .spawn()
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let (stdout, stdin) = (child.stdout.take().context("no stdout")?, child.stdin.take());
        let mut copy = File::create(log.with_extension("out"))?;
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = writeln!(copy, "{line}");
                // Who no longer listens may read the copy.
                let _ = tell.send(line);
            }
        });
        Ok(Self { child, stdin, lines })
    }

    fn order(&mut self, line: &str) -> anyhow::Result<()> {
        writeln!(self.stdin.as_mut().context("no stdin")?, "{line}").context("it takes no orders")
    }

    /// The next line with this in it.
    fn line(&self, needle: &str) -> anyhow::Result<String> {
        let began = Instant::now();
        let mut last = String::new();
        loop {
            match self.lines.recv_timeout(SOON.saturating_sub(began.elapsed())) {
                Ok(line) if line.contains(needle) => return Ok(line),
                Ok(line) => last = line,
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("ended before {needle:?}; its last line: {last}")
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("no {needle:?} within {SOON:?}; its last line: {last}")
                }
            }
        }
    }

    fn figures(&mut self) -> anyhow::Result<String> {
        self.order("figures")?;
        self.line("figures ")
    }

    /// Waits for its end, which has to be a good one.
    fn ended(mut self) -> anyhow::Result<()> {
        let ended = loop {
            if let Err(ended) = self.lines.recv_timeout(SOON) {
                break ended;
            }
        };
        ensure!(ended == RecvTimeoutError::Disconnected, "silent for {SOON:?}, and not at its end");
        let status = self.child.wait()?;
        ensure!(status.success(), "ended with {status}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A board that gives up or fails tells at which address, and that is the line where it did.
fn faults_are_told(image: &Path) -> anyhow::Result<Vec<String>> {
    let elf = fs::read(image).with_context(|| format!("cannot read {}", image.display()))?;
    let mut faults = Vec::new();
    for (argument, word, place) in
        [("--panic", "panic", "qemu/src/main.rs"), ("--fail", "fault", "qemu/src/chip.rs")]
    {
        let mut board = Command::new("qemu-system-arm");
        let arguments = format!("enable=on,target=native,arg=clicker,arg={argument}");
        machine(&mut board).arg(image).args(["-semihosting-config", &arguments]).args(SILENT);
        let log = image.with_extension("fault.log");
        let ended = Running::start(&mut board, &log)?.ended();
        let said = fs::read_to_string(&log)?;
        let told = said.split_once(&format!("clicker: {word} ")).map(|(_, at)| at.trim());
        let frames = told.map(|at| place::frames(&elf, place::parse(at)?)).transpose()?;
        println!("{argument}: {}", said.trim());
        if ended.is_ok() || !frames.is_some_and(|frames| frames.concat().contains(place)) {
            faults.push(format!("board: {argument} is not told as what it is: {}", said.trim()));
        }
    }
    Ok(faults)
}

/// From power-on: paired, a session, connected without one, a session that is left; and from another start, left alone.
fn measure(root: &Path, python: &Path, image: &Path) -> anyhow::Result<Measured> {
    let folder = image.ancestors().nth(1).context("the image lies nowhere")?.join("run");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let place = root.join("tests/lab").canonicalize()?;
    let log = |name: &str| folder.join(name);
    let mut radio = Command::new(python);
    radio
        .args(["-m", "radio", "--h4", "clicker:0", "--h4", "laptop:0", "--h4", "stand-in:0", "--log"])
        .arg(log("radio.jsonl"))
        .current_dir(&place)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let radio = Running::start(&mut radio, &log("radio.log"))?;
    let port = |name: &str| -> anyhow::Result<String> {
        let line = radio.line(&format!("{name} "))?;
        Ok(line.rsplit(' ').next().unwrap_or_default().to_owned())
    };
    let (clickers, laptops, controls) = (port("clicker")?, port("laptop")?, port("control")?);
    let flash = log("flash");
    let mut board = boot(image, &clickers, &flash, SHIFT, "--window", &log("board.log"))?;
    board.line("advertising")?;
    let client = |words: &[&str], name: &str| {
        let mut client = Command::new(python);
        client
            .arg(place.join("independent/client.py"))
            .args(["--transport", &format!("tcp-client:127.0.0.1:{laptops}"), "--keystore"])
            .arg(folder.join("keys"))
            .args(words)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Running::start(&mut client, &folder.join(name))
    };

    let mut pairing = client(&["pair"], "pair.log")?;
    let passkey = board.line("passkey ")?;
    pairing.order(passkey.rsplit(' ').next().unwrap_or_default())?;
    board.line("paired bond")?;
    pairing.ended().context("pairing")?;

    let session = client(&["session", "--seconds", "30", "--after", "8", "--show", "Rate"], "session.log")?;
    let (began, begun) = (uptime(&board.line(IN_SESSION)?)?, Instant::now());
    let before = Counts::parse(&board.figures()?)?;
    // Held for longer than 80 ms and let go of, so that an edge decides and is timed.
    for button in ["b", "b", "logo", "a"] {
        for order in [&format!("down {button}"), "wait 200", &format!("up {button}"), "wait 3800"] {
            board.order(order)?;
        }
    }
    let after = Counts::parse(&board.figures()?)?;
    // Nothing crosses for a while, so that clicks lie in the controller when an alarm is made.
    let mut control = TcpStream::connect(("127.0.0.1", controls.parse::<u16>()?))?;
    writeln!(control, r#"{{"do": "stall", "ms": 1200}}"#)?;
    for gesture in ["press b", "press b", "press chord"] {
        board.order(gesture)?;
    }
    board.line(" sharp")?;
    board.line("kept 0")?;
    // And one for which there is place, to be timed.
    board.order("press chord")?;
    let rates = before.rates(&after);
    let ended = uptime(&board.line(OUTSIDE).context("after the session")?)?;
    let lived = Duration::from_millis(ended.saturating_sub(began));
    let clock = (lived.div_duration_f64(begun.elapsed()) - 1.0).abs() * 1e3;
    session.ended().context("the session")?;

    let listening = client(&["listen", "--seconds", "46"], "idle.log")?;
    board.line(OUTSIDE)?;
    // Until the hellos that come soon are over, and then ten of the others.
    board.order("wait 8000")?;
    let before = Counts::parse(&board.figures()?)?;
    board.order("wait 27500")?;
    let after = Counts::parse(&board.figures()?)?;
    let idle = before.rates(&after);
    listening.ended().context("listening")?;

    let words = ["session", "--before", "8", "--seconds", "4", "--no-bye", "--show", "Rate"];
    let left = client(&words, "left.log")?;
    board.line(OUTSIDE).context("before the session that is left")?;
    board.line(IN_SESSION).context("in the session that is left")?;
    left.ended().context("the session that is left")?;
    board.order("quit")?;
    let last = board.line("figures ")?;
    board.ended().context("the board")?;

    let mut board = boot(image, &clickers, &flash, LEAP, "--leap", &log("alone.log"))?;
    board.order("wait 120000")?;
    let before = Counts::parse(&board.figures()?)?;
    board.order("wait 600000")?;
    let after = Counts::parse(&board.figures()?)?;
    let resting = at_rest(&mut board)?;
    // How it advertises does not depend on whether it tells of it.
    let waiting = before.rates(&after).advertising_like(&resting);
    board.order("quit")?;
    board.ended().context("the board alone")?;
    Ok(Measured { idle, session: rates, waiting, resting, clock, last })
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
    for _ in 0..PATIENCE {
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

/// Starts the board with this flash, at the radio's port, its clock going like this.
fn boot(
    image: &Path,
    clickers: &str,
    flash: &Path,
    clock: &str,
    argument: &str,
    log: &Path,
) -> anyhow::Result<Running> {
    let mut board = Command::new("qemu-system-arm");
    machine(&mut board)
        .arg(image)
        .args(["-icount", clock])
        .arg("-semihosting-config")
        .arg(format!("enable=on,target=native,arg=clicker,arg=--flash={},arg={argument}", flash.display()))
        .args(["-serial", &format!("tcp:127.0.0.1:{clickers}"), "-serial", "stdio"]);
    Running::start(&mut board, log)
}

/// The emulator as this machine, up to the name of the image.
fn machine(board: &mut Command) -> &mut Command {
    let machine = ["-machine", "mps2-an386", "-nodefaults", "-no-user-config"];
    board.args(machine).args(["-display", "none", "-nic", "none", "-kernel"])
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
        (&measured.idle, "connected, no session", Some(IDLE_AIM)),
        (&measured.session, "in a session, a click every 4 s", Some(SESSION_AIM)),
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
    for (what, microamperes, from) in APART {
        let told = microamperes.map_or_else(|| "not known".to_owned(), |figure| format!("{figure:.0}"));
        let _ = writeln!(text, "| {what} | {told} | {from} |");
    }
    let session = sum(&model(&measured.session), true) + apart();
    let idle = sum(&model(&measured.idle), true) + apart();
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
