//! **Model** of the clicker's power use: counters of an emulated run times the cost of each event from data sheets, or
//! from stated assumptions. No current was measured. Pure arithmetic.

use anyhow::Context as _;

/// Cost as a charge or a current, with its source.
struct Cost {
    value: f64,
    from: &'static str,
}

const SHEET_52833: &str = "nRF52833 product specification, key features; the nRF52840's (1.11) gives 2.3 for as much memory on the RC oscillator";
const SHEET_52840: &str =
    "nRF52840 product specification 1.11, 5.2, ICPU0 with DC/DC: the same core; 6.3 mA without";
const EVENT: &str = "its parts: nRF52832 product specification 1.1, current consumption, radio, DC/DC; 400 us of the controller's code assumed";

/// Microamperes asleep, with full RAM retention and a running real-time counter.
const ASLEEP: Cost = Cost { value: 2.6, from: SHEET_52833 };
/// Microamperes of the processor while it runs from flash.
const AWAKE: Cost = Cost { value: 3300.0, from: SHEET_52840 };
/// Milliamperes of the chip while the radio transmits at 0 dBm and while it receives.
const SENDING_MA: f64 = 7.1;
const HEARING_MA: f64 = 6.5;
/// Microseconds of radio in a connection event without data: the receiver starts up, listens for the 16 us of anchor
/// tolerance (vol 6 part B 4.2.2) and receives ten bytes at 1 Mbit/s; then the inter-frame space, and ten bytes sent.
const HEARS_US: f64 = 40.0 + 16.0 + 80.0;
const SENDS_US: f64 = 150.0 + 80.0;
/// Microseconds of the controller's own code per event.
const CONTROLS_US: f64 = 400.0;
/// Microcoulombs per second of a connection for clock drift: the receiver opens earlier by the drift of both clocks.
/// 500 ppm is the micro:bit's RC oscillator, 50 ppm a laptop's crystal.
const DRIFT: Cost = Cost {
    value: (500.0 + 50.0) * HEARING_MA / 1000.0,
    from: "500 ppm by Nordic's mpsl_clock.h, a laptop's 50 assumed; a crystal of 20 ppm would take 0.5",
};
/// Microcoulombs per calibration of the RC oscillator against the crystal, every 8 s.
const CALIBRATION: Cost =
    Cost { value: 17.0 * 0.5, from: "every 8 s by Nordic's mpsl_clock.h; 17 ms at 0.5 mA assumed" };
const CALIBRATIONS: f64 = 1.0 / 8.0;
/// Microcoulombs per advertising event without an answer: 37 bytes on three channels, and a receive window after each.
const ADVERT: Cost = Cost {
    value: 3.0 * ((40.0 + 37.0 * 8.0) * SENDING_MA + (150.0 + 100.0) * HEARING_MA) / 1000.0
        + 600.0 * 3.3 / 1000.0,
    from: "computed like a connection event; 600 us of the controller's code assumed",
};
/// Microcoulombs per report: 27 more bytes sent.
const REPORT: Cost = Cost { value: 27.0 * 8.0 * SENDING_MA / 1000.0, from: "computed from its length" };
/// Microcoulombs per word and per page erase of flash: 43 us and 87.5 ms (nRF52833 product specification, NVMC) at 7
/// mA.
const WORD: Cost = Cost { value: 0.3, from: "43 us by the nRF52833's specification, at 7 mA assumed" };
const PAGE: Cost = Cost { value: 612.5, from: "87.5 ms by the nRF52833's specification, at 7 mA assumed" };
/// Microcoulombs per poll of the logo: 100 us of the processor.
const LOOK: Cost = Cost { value: 0.33, from: "100 us of the processor, assumed" };
/// Polls per second while the logo may mean something (`microbit/src/logo.rs`).
const LOOKS: f64 = 40.0;
/// Microamperes per light of the matrix, lit a fifth of the time at 2.4 mA: 3 V less 1.8 V over 105 ohm and two pins of
/// 200 ohm each.
const LIGHT: Cost = Cost {
    value: 480.0,
    from: "2.4 mA a fifth of the time: 105 ohm (the board's bill of material), 2 mA at 0.4 V a pin (nRF52 GPIO, IOL,SD), 1.8 V assumed",
};
/// Microamperes of the speaker while it sounds: half of the time 3 V over its coil and a resistor.
const TONE: Cost = Cost {
    value: 13_000.0,
    from: "16 ohm as of buzzers of that make, behind R59's 100 ohm as assumed; seven times as much without that",
};

/// Other loads on the same battery: microamperes if known, and the source.
pub(crate) const OTHER_LOADS: &[(&str, Option<f64>, &str)] = &[
    (
        "the regulator on the way from the battery",
        Some(50.0),
        "NCP114 data sheet, rev. 30, quiescent current, typical; part by the board's bill of material",
    ),
    (
        "the interface chip, asleep without a cable",
        Some(5.0),
        "a KL27 in VLPS or an nRF52820, by the micro:bit's power management specification 1.0.3; 5 assumed",
    ),
    (
        "the sensor that nobody switches on",
        Some(2.0),
        "LSM303AGR, in power-down mode from its start; 2 assumed",
    ),
    (
        "the red power light, dimmed by the interface chip",
        None,
        "on until it is told otherwise over I2C, by the same specification; this firmware does not tell it",
    ),
];

/// Counters of the image at one moment.
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
    sampling_ms: u64,
    events: u64,
    adverts: u64,
}

impl Counts {
    /// Parses the line that the image prints for `figures`.
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
            sampling_ms: number(line, "sampling-ms")?,
            events: number(line, "events")?,
            adverts: number(line, "adverts")?,
        })
    }

    /// Rates between two moments.
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
            watched: a_second(self.sampling_ms, later.sampling_ms) / 1000.0,
            events: a_second(self.events, later.events),
            adverts: a_second(self.adverts, later.adverts),
        }
    }
}

/// Number after this word in a line of counters.
pub(crate) fn number(line: &str, word: &str) -> anyhow::Result<u64> {
    let mut words = line.split_whitespace().skip_while(|one| *one != word);
    let figure = words.nth(1).with_context(|| format!("no {word} in {line:?}"))?;
    figure.parse().with_context(|| format!("{word} is no number in {line:?}"))
}

/// Rates per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rates {
    /// Share of time in which the processor runs.
    awake: f64,
    /// Wake-ups by the clicker's own code.
    pub(crate) wakes: f64,
    erases: f64,
    words: f64,
    /// Share of time in which the speaker sounds.
    sounding: f64,
    /// Average number of lights lit.
    lights: f64,
    reports: f64,
    /// Share of time in which the logo is polled.
    watched: f64,
    /// Connection events in which the clicker took part.
    events: f64,
    adverts: f64,
}

impl Rates {
    /// Whether the board is silent and advertises about once a second.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.sounding == 0.0 && self.adverts > 0.0 && self.adverts < 2.0
    }

    /// The same rates, with the advertising rate of `other`.
    pub(crate) fn advertising_like(self, other: &Self) -> Self {
        Self { adverts: other.adverts, ..self }
    }
}

/// One row of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) what: &'static str,
    /// Rate per second, if counted.
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

/// Rows of the model.
pub(crate) fn model(rates: &Rates) -> Vec<Line> {
    let line = |what, often: f64, each: f64, from| Line {
        what,
        often,
        microamperes: often * each,
        from,
        extra: false,
    };
    // A link is up all the time or not at all.
    let connected = f64::from(u8::from(rates.events > 0.0));
    let extra = |what, often, price: Cost| Line { extra: true, ..line(what, often, price.value, price.from) };
    vec![
        line("asleep", 1.0, ASLEEP.value, ASLEEP.from),
        line("connection events", rates.events, event(), EVENT),
        line("clocks that drift, part of the time", connected, DRIFT.value, DRIFT.from),
        line("the slow clock measured", CALIBRATIONS, CALIBRATION.value, CALIBRATION.from),
        line("advertising events", rates.adverts, ADVERT.value, ADVERT.from),
        line("reports", rates.reports, REPORT.value, REPORT.from),
        line("the clicker's own code, part of the time", rates.awake, AWAKE.value, AWAKE.from),
        line("words written to flash", rates.words, WORD.value, WORD.from),
        line("pages of flash erased", rates.erases, PAGE.value, PAGE.from),
        line("looks at the logo", LOOKS * rates.watched, LOOK.value, LOOK.from),
        extra("lights, on the average", rates.lights, LIGHT),
        extra("tones, part of the time", rates.sounding, TONE),
    ]
}

/// Sum in microamperes, with or without lights and tones.
pub(crate) fn sum(lines: &[Line], with_extras: bool) -> f64 {
    lines.iter().filter(|line| with_extras || !line.extra).map(|line| line.microamperes).sum()
}

/// Sum of the known other loads, in microamperes.
pub(crate) fn other_loads_ua() -> f64 {
    OTHER_LOADS.iter().filter_map(|(_, microamperes, _)| *microamperes).sum()
}

/// Capacity of common batteries, in mAh.
pub(crate) const BATTERIES: &[(&str, f64)] = &[("two AAA cells", 1000.0), ("two AA cells", 2500.0)];

/// Battery life in hours.
pub(crate) fn hours(milliampere_hours: f64, microamperes: f64) -> f64 {
    milliampere_hours * 1000.0 / microamperes
}

/// Battery life in months of thirty days: two hours a day in a session, connected otherwise.
pub(crate) fn months(milliampere_hours: f64, session: f64, idle: f64) -> f64 {
    hours(milliampere_hours, (2.0 * session + 22.0 * idle) / 24.0) / 24.0 / 30.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Rates = Rates {
        awake: 0.0,
        wakes: 0.0,
        erases: 0.0,
        words: 0.0,
        sounding: 0.0,
        lights: 0.0,
        reports: 0.0,
        watched: 0.0,
        events: 0.0,
        adverts: 0.0,
    };

    fn line_of(uptime_ms: u64, asleep_us: u64, wakes: u64, events: u64) -> String {
        format!(
            "70 figures uptime-ms {uptime_ms} asleep-us {asleep_us} wakes {wakes} erases 1 words 20 tones 3 tone-ms 400 \
             lit-ms 9000 sampling-ms {uptime_ms} events {events} adverts 7 reports 50 stack 13632 of 87196"
        )
    }

    #[test]
    fn two_lines_of_figures_make_rates() {
        let before = Counts::parse(&line_of(1000, 900_000, 10, 100)).unwrap();
        let after = Counts::parse(&line_of(5000, 4_800_000, 18, 110)).unwrap();
        let rates = before.rates(&after);
        assert!((rates.wakes - 2.0).abs() < 1e-9);
        assert!((rates.awake - 0.025).abs() < 1e-9, "{}", rates.awake);
        assert_eq!((rates.words, rates.lights, rates.reports), (0.0, 0.0, 0.0));
        assert_eq!((rates.watched, rates.events, rates.adverts), (1.0, 2.5, 0.0));
    }

    #[test]
    fn a_line_without_a_figure_says_which() {
        let error = format!("{:#}", Counts::parse("figures uptime-ms 5").unwrap_err());
        assert!(error.contains("asleep-us"), "{error}");
        assert!(number("wakes x", "wakes").is_err());
    }

    #[test]
    fn who_does_nothing_takes_what_sleep_and_its_clock_take() {
        let alone = ASLEEP.value + CALIBRATION.value / 8.0;
        assert!((sum(&model(&NOTHING), true) - alone).abs() < 1e-9);
        let linked = model(&Rates { events: 2.0, ..NOTHING });
        assert!((sum(&linked, true) - alone - 2.0 * event() - DRIFT.value).abs() < 1e-9);
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
            watched: 0.5,
            events: 0.0,
            adverts: 2.0,
        };
        let (lines, none) = (model(&busy), model(&NOTHING));
        let more = |what: &str| {
            let find =
                |lines: &[Line]| lines.iter().find(|line| line.what.starts_with(what)).unwrap().microamperes;
            find(&lines) - find(&none)
        };
        assert!((more("the clicker's own code") - 1650.0).abs() < 1e-6);
        assert!((more("words") - 30.0).abs() < 1e-6);
        assert!((more("pages") - 1225.0).abs() < 1e-6);
        assert!((more("looks") - 20.0 * LOOK.value).abs() < 1e-6);
        assert!((more("advertising") - 2.0 * ADVERT.value).abs() < 1e-6);
        assert!((more("lights") - 1440.0).abs() < 1e-6);
        assert!((more("tones") - 1300.0).abs() < 1e-6);
        assert!((sum(&lines, true) - sum(&lines, false) - 2740.0).abs() < 1e-6);
    }

    #[test]
    fn at_rest_is_who_is_silent_and_advertises_slowly() {
        let slow = Rates { adverts: 0.97, ..NOTHING };
        assert!(slow.is_at_rest());
        assert!(!NOTHING.is_at_rest() && !Rates { adverts: 28.0, ..NOTHING }.is_at_rest());
        let telling = Rates { sounding: 0.2, lights: 9.0, ..NOTHING };
        assert!(!telling.advertising_like(&slow).is_at_rest());
        assert_eq!(telling.advertising_like(&slow), Rates { adverts: 0.97, ..telling });
    }

    #[test]
    fn what_is_apart_is_summed_where_it_is_known() {
        assert!((other_loads_ua() - 57.0).abs() < 1e-9);
        assert!(OTHER_LOADS.iter().any(|(_, microamperes, _)| microamperes.is_none()));
    }

    #[test]
    fn batteries_last_as_long_as_their_charge() {
        assert!((hours(1000.0, 500.0) - 2000.0).abs() < 1e-9);
        assert!((months(1000.0, 100.0, 100.0) - 10_000.0 / 720.0).abs() < 1e-9);
    }
}
