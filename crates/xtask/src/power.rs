//! What a clicker takes from its battery, as a **model**: what an emulated run counted, times what each of it takes by
//! data sheets, or by an assumption that says so. No current was measured. Pure arithmetic; the run is not its matter.

use anyhow::Context as _;

/// A charge or a current, and where it comes from.
struct Price {
    value: f64,
    from: &'static str,
}

const SHEET_52833: &str = "nRF52833 product specification, key features";
const SHEET_52832: &str =
    "nRF52832 product specification 1.1, current consumption, DC/DC (its successor takes less)";
const ASSUMED: &str = "assumed";

/// Microamperes asleep, all of the memory kept and the 32 kHz crystal running.
const ASLEEP: Price = Price { value: 2.6, from: SHEET_52833 };
/// Microamperes of the processor while it works from flash: 58 for each of 64 MHz.
const AWAKE: Price = Price { value: 3712.0, from: SHEET_52832 };
/// Milliamperes of radio and crystal.
const SENDING_MA: f64 = 7.1;
const HEARING_MA: f64 = 6.5;
/// Microseconds in a connection event without data: the receiver starts up, listens for what two clocks of 50 ppm may have
/// drifted and takes ten bytes at 1 Mbit/s; then the pause between two packets, and ten bytes back.
const HEARS_US: f64 = 40.0 + 60.0 + 80.0;
const SENDS_US: f64 = 150.0 + 80.0;
/// The controller's own code, before and after.
const CONTROLS_US: f64 = 400.0;
/// Microcoulombs for a report: 27 bytes more, sent.
const REPORT: Price = Price { value: 27.0 * 8.0 * SENDING_MA / 1000.0, from: "computed from its length" };
/// Microcoulombs for a word of flash and for a page: 43 us and 87.5 ms (nRF52833 product specification, NVMC) at 7 mA.
const WORD: Price = Price { value: 0.3, from: "43 us by the nRF52833's specification, at 7 mA assumed" };
const PAGE: Price = Price { value: 612.5, from: "87.5 ms by the nRF52833's specification, at 7 mA assumed" };
/// Microcoulombs for a look at the logo: 100 us of the processor. In a session 40 a second, else none.
const LOOK: Price = Price { value: 0.37, from: "100 us of the processor, assumed" };
/// Microamperes for one light of the matrix, lit a fifth of the time at 5 mA.
const LIGHT: Price = Price { value: 1000.0, from: ASSUMED };
/// Microamperes for the speaker while it sounds.
const TONE: Price = Price { value: 10_000.0, from: ASSUMED };

/// What the clicker's meter had counted at one moment of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    uptime_ms: u64,
    asleep_us: u64,
    wakes: u64,
    erases: u64,
    words: u64,
    tone_ms: u64,
    lit_ms: u64,
    reports: u64,
}

impl Counts {
    /// Reads the line that the image prints when it is asked for figures.
    pub(crate) fn parse(line: &str) -> anyhow::Result<Self> {
        Ok(Self {
            uptime_ms: number(line, "uptime-ms")?,
            asleep_us: number(line, "asleep-us")?,
            wakes: number(line, "wakes")?,
            erases: number(line, "erases")?,
            words: number(line, "words")?,
            tone_ms: number(line, "tone-ms")?,
            lit_ms: number(line, "lit-ms")?,
            reports: number(line, "reports")?,
        })
    }

    /// How much of each there was in a second, between two moments.
    pub(crate) fn rates(&self, later: &Self) -> Rates {
        let ms = later.uptime_ms.saturating_sub(self.uptime_ms).max(1) as f64;
        let a_second = |before: u64, after: u64| after.saturating_sub(before) as f64 * 1000.0 / ms;
        let asleep = a_second(self.asleep_us, later.asleep_us) / 1e6;
        Rates {
            awake: (1.0 - asleep).clamp(0.0, 1.0),
            wakes: a_second(self.wakes, later.wakes),
            erases: a_second(self.erases, later.erases),
            words: a_second(self.words, later.words),
            sounding: a_second(self.tone_ms, later.tone_ms) / 1000.0,
            lights: a_second(self.lit_ms, later.lit_ms) / 1000.0,
            reports: a_second(self.reports, later.reports),
        }
    }
}

/// The number behind this word of a line of figures.
pub(crate) fn number(line: &str, word: &str) -> anyhow::Result<u64> {
    let mut words = line.split_whitespace().skip_while(|one| *one != word);
    let figure = words.nth(1).with_context(|| format!("no {word} in {line:?}"))?;
    figure.parse().with_context(|| format!("{word} is no number in {line:?}"))
}

/// How much of each there is in a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rates {
    /// The part of the time in which the processor works.
    awake: f64,
    /// Sleeps ended by the clicker's own code.
    pub(crate) wakes: f64,
    erases: f64,
    words: f64,
    /// The part of the time in which the speaker sounds.
    sounding: f64,
    /// Lights lit on the average.
    lights: f64,
    reports: f64,
}

/// What it is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Connected to a laptop, no session.
    Idle,
    /// In a session: it listens at every connection event.
    Session,
}

impl State {
    /// Connection events a second at the parameters that the clicker asks for: 15 ms, latency 30. With nothing to say it
    /// sleeps through its latency; a report takes an event of its own.
    fn events(self, reports: f64) -> f64 {
        match self {
            Self::Idle => 1000.0 / (15.0 * 31.0) + reports,
            Self::Session => 1000.0 / 15.0,
        }
    }

    const fn looks(self) -> f64 {
        match self {
            // There it has nothing to say.
            Self::Idle => 0.0,
            Self::Session => 40.0,
        }
    }
}

/// One line of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) what: &'static str,
    /// In a second, where it is counted.
    pub(crate) often: f64,
    pub(crate) microamperes: f64,
    pub(crate) from: &'static str,
    /// Lights and tones, which the aims leave out.
    pub(crate) extra: bool,
}

/// Microcoulombs for a connection event without data.
fn event() -> f64 {
    (HEARS_US * HEARING_MA + SENDS_US * SENDING_MA + CONTROLS_US * AWAKE.value / 1000.0) / 1000.0
}

/// Each thing that takes current, in this state.
pub(crate) fn model(state: State, rates: &Rates) -> Vec<Line> {
    let line = |what, often: f64, each: f64, from| Line {
        what,
        often,
        microamperes: often * each,
        from,
        extra: false,
    };
    let extra =
        |what, often, price: Price| Line { extra: true, ..line(what, often, price.value, price.from) };
    vec![
        line("asleep", 1.0, ASLEEP.value, ASLEEP.from),
        line(
            "connection events",
            state.events(rates.reports),
            event(),
            "computed from its parts; radio by the nRF52832's specification",
        ),
        line("reports", rates.reports, REPORT.value, REPORT.from),
        line("the clicker's own code, part of the time", rates.awake, AWAKE.value, AWAKE.from),
        line("words written to flash", rates.words, WORD.value, WORD.from),
        line("pages of flash erased", rates.erases, PAGE.value, PAGE.from),
        line("looks at the logo", state.looks(), LOOK.value, LOOK.from),
        extra("lights, on the average", rates.lights, LIGHT),
        extra("tones, part of the time", rates.sounding, TONE),
    ]
}

/// Microamperes of all lines, or of those that the aims count.
pub(crate) fn sum(lines: &[Line], with_extras: bool) -> f64 {
    lines.iter().filter(|line| with_extras || !line.extra).map(|line| line.microamperes).sum()
}

/// What usual batteries hold, in milliampere hours.
pub(crate) const BATTERIES: &[(&str, f64)] = &[("two AAA cells", 1000.0), ("two AA cells", 2500.0)];

/// Hours in which a battery of so many milliampere hours is empty.
pub(crate) fn hours(milliampere_hours: f64, microamperes: f64) -> f64 {
    milliampere_hours * 1000.0 / microamperes
}

/// Months of thirty days, two hours of each in a session and the rest connected.
pub(crate) fn months(milliampere_hours: f64, session: f64, idle: f64) -> f64 {
    hours(milliampere_hours, (2.0 * session + 22.0 * idle) / 24.0) / 24.0 / 30.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Rates =
        Rates { awake: 0.0, wakes: 0.0, erases: 0.0, words: 0.0, sounding: 0.0, lights: 0.0, reports: 0.0 };

    fn line_of(uptime_ms: u64, asleep_us: u64, wakes: u64) -> String {
        format!(
            "70 figures uptime-ms {uptime_ms} asleep-us {asleep_us} wakes {wakes} erases 1 words 20 tones 3 tone-ms 400 \
             lit-ms 9000 reports 50 stack 13632 of 87196"
        )
    }

    #[test]
    fn two_lines_of_figures_make_rates() {
        let before = Counts::parse(&line_of(1000, 900_000, 10)).unwrap();
        let after = Counts::parse(&line_of(5000, 4_800_000, 18)).unwrap();
        let rates = before.rates(&after);
        assert!((rates.wakes - 2.0).abs() < 1e-9);
        assert!((rates.awake - 0.025).abs() < 1e-9, "{}", rates.awake);
        assert_eq!((rates.words, rates.lights, rates.reports), (0.0, 0.0, 0.0));
    }

    #[test]
    fn a_line_without_a_figure_says_which() {
        let error = format!("{:#}", Counts::parse("figures uptime-ms 5").unwrap_err());
        assert!(error.contains("asleep-us"), "{error}");
        assert!(number("wakes x", "wakes").is_err());
    }

    #[test]
    fn who_does_nothing_takes_what_sleep_and_radio_take() {
        let idle = model(State::Idle, &NOTHING);
        let expected = ASLEEP.value + event() * 1000.0 / 465.0;
        assert!((sum(&idle, true) - expected).abs() < 1e-9);
        assert!(event() > 3.0 && event() < 6.0, "{}", event());
    }

    #[test]
    fn each_thing_takes_its_own_and_lights_are_apart() {
        let busy = Rates {
            awake: 0.5,
            wakes: 9.0,
            erases: 2.0,
            words: 100.0,
            sounding: 0.1,
            lights: 3.0,
            reports: 4.0,
        };
        let (lines, none) = (model(State::Session, &busy), model(State::Session, &NOTHING));
        let more = |what: &str| {
            let find =
                |lines: &[Line]| lines.iter().find(|line| line.what.starts_with(what)).unwrap().microamperes;
            find(&lines) - find(&none)
        };
        assert!((more("the clicker's own code") - 1856.0).abs() < 1e-6);
        assert!((more("words") - 30.0).abs() < 1e-6);
        assert!((more("pages") - 1225.0).abs() < 1e-6);
        assert!((more("lights") - 3000.0).abs() < 1e-6);
        assert!((more("tones") - 1000.0).abs() < 1e-6);
        assert_eq!(more("connection events"), 0.0);
        assert!((sum(&lines, true) - sum(&lines, false) - 4000.0).abs() < 1e-6);
    }

    #[test]
    fn batteries_last_as_long_as_their_charge() {
        assert!((hours(1000.0, 500.0) - 2000.0).abs() < 1e-9);
        assert!((months(1000.0, 100.0, 100.0) - 10_000.0 / 720.0).abs() < 1e-9);
    }
}
