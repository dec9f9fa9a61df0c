//! Counters and latencies of a clicker, for the figures of power and latency.
//!
//! They are fed with the H4 packets between host and controller and with the calls to the board. There is no clock:
//! time is an argument, in ticks chosen by the caller.
#![no_std]

mod h4;
mod latency;
mod radio_events;

use core::fmt;

pub use h4::Framing;
pub use latency::Latency;
pub use radio_events::RadioEvents;

/// Everything counted since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Wake-ups of the clicker's own code.
    pub wakes: u32,
    /// Time asleep in us.
    pub asleep_us: u64,
    /// Flash pages erased.
    pub erases: u32,
    /// Flash words (4 bytes) written.
    pub words: u32,
    /// Tones played.
    pub tones: u32,
    /// Total duration of tones in ms.
    pub tone_ms: u32,
    /// Latency from a decision to its frame.
    pub latency: Latency,
    /// Radio events.
    pub radio: RadioEvents,
    lit: Lit,
    sampling: LogoSampling,
}

/// Integral of lit LEDs over time, in LED-milliseconds.
#[derive(Debug, Default)]
struct Lit {
    lights: u32,
    since_ms: u64,
    sum: u64,
}

/// Time in which the logo was sampled, in ms.
#[derive(Debug, Default)]
struct LogoSampling {
    since_ms: Option<u64>,
    sum: u64,
}

impl Metrics {
    /// Starts at zero.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            wakes: 0,
            asleep_us: 0,
            erases: 0,
            words: 0,
            tones: 0,
            tone_ms: 0,
            latency: Latency::new(),
            radio: RadioEvents::new(),
            lit: Lit { lights: 0, since_ms: 0, sum: 0 },
            sampling: LogoSampling { since_ms: None, sum: 0 },
        }
    }

    /// The LEDs show these rows from now on.
    pub fn show(&mut self, rows: [u8; 5], now_ms: u64) {
        self.lit.sum = self.lit_ms(now_ms);
        self.lit.since_ms = now_ms;
        self.lit.lights = rows.iter().map(|row| row.count_ones()).sum();
    }

    /// LED-milliseconds until now: one LED for a second is 1000, as are ten for a tenth of a second.
    #[must_use]
    pub fn lit_ms(&self, now_ms: u64) -> u64 {
        self.lit.sum + u64::from(self.lit.lights) * now_ms.saturating_sub(self.lit.since_ms)
    }

    /// Sets whether the logo is sampled.
    pub fn set_logo_sampling(&mut self, yes: bool, now_ms: u64) {
        self.sampling = LogoSampling { since_ms: yes.then_some(now_ms), sum: self.sampling_ms(now_ms) };
    }

    /// Time in which the logo was sampled until now, in ms.
    #[must_use]
    pub fn sampling_ms(&self, now_ms: u64) -> u64 {
        self.sampling.sum + self.sampling.since_ms.map_or(0, |since| now_ms.saturating_sub(since))
    }

    /// A tone of this duration starts.
    pub fn play(&mut self, lasts: core::time::Duration) {
        self.tones += 1;
        self.tone_ms += u32::try_from(lasts.as_millis()).unwrap_or(u32::MAX);
    }

    /// All counters, formatted for one line.
    #[must_use]
    pub fn figures(&mut self, now_us: u64) -> Figures<'_> {
        let (events, adverts) = (self.radio.events(now_us), self.radio.adverts(now_us));
        Figures { metrics: self, now_ms: now_us / 1000, events, adverts }
    }
}

/// All counters up to a moment, to be formatted.
#[derive(Debug)]
pub struct Figures<'m> {
    metrics: &'m Metrics,
    now_ms: u64,
    events: u64,
    adverts: u64,
}

impl fmt::Display for Figures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metrics, now_ms, events, adverts } = self;
        write!(
            f,
            "uptime-ms {now_ms} asleep-us {} wakes {} erases {} words {} tones {} tone-ms {} lit-ms {} sampling-ms {} \
             events {events} adverts {adverts} {}",
            metrics.asleep_us,
            metrics.wakes,
            metrics.erases,
            metrics.words,
            metrics.tones,
            metrics.tone_ms,
            metrics.lit_ms(*now_ms),
            metrics.sampling_ms(*now_ms),
            metrics.latency,
        )
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::time::Duration;
    use std::string::ToString;

    use super::*;

    #[test]
    fn lights_are_counted_for_as_long_as_they_are_lit() {
        let mut metrics = Metrics::new();
        metrics.show([0b11111, 0, 0, 0, 1], 1000);
        assert_eq!(metrics.lit_ms(1000), 0);
        assert_eq!(metrics.lit_ms(1500), 3000);
        metrics.show([0, 0b100, 0, 0, 0], 2000);
        assert_eq!(metrics.lit_ms(2001), 6001);
        metrics.show([0; 5], 3000);
        assert_eq!(metrics.lit_ms(9000), 7000);
    }

    #[test]
    fn the_logo_is_counted_for_as_long_as_it_is_looked_at() {
        let mut metrics = Metrics::new();
        metrics.set_logo_sampling(true, 1000);
        assert_eq!(metrics.sampling_ms(3000), 2000);
        metrics.set_logo_sampling(false, 4000);
        metrics.set_logo_sampling(true, 9000);
        assert_eq!(metrics.sampling_ms(9500), 3500);
    }

    #[test]
    fn the_line_of_figures() {
        let mut metrics = Metrics::new();
        metrics.wakes = 1;
        metrics.asleep_us = 4900;
        metrics.erases = 2;
        metrics.words = 3;
        metrics.play(Duration::from_millis(20));
        metrics.play(Duration::from_millis(300));
        let told = "uptime-ms 5 asleep-us 4900 wakes 1 erases 2 words 3 tones 2 tone-ms 320 lit-ms 0 sampling-ms 0 \
                    events 0 adverts 0 reports 0 decisions 0 mean-ticks 0 worst-ticks 0 alarms 0 alarm-worst-ticks 0 ahead-of-alarm 0";
        assert_eq!(metrics.figures(5000).to_string(), told);
    }
}
