//! What is near and what is remembered, in words: signal, battery with its age, bond.

use std::time::Duration;

use jiff::Timestamp;
use words::{Value, Words, foreign};

use super::texts;
use crate::clickers::Remembered;

/// A clicker in reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Near {
    /// What this computer's system calls it.
    pub(crate) id: String,
    /// What it calls itself.
    pub(crate) name: Option<String>,
    /// How strongly it is received.
    pub(crate) rssi_dbm: Option<i16>,
    /// Whether the system holds a bond with it; `None` where it does not tell.
    pub(crate) bonded: Option<bool>,
    /// Whether it is connected to this computer.
    pub(crate) connected: bool,
}

impl Near {
    /// The same with its signal in steps of 5 dBm, for a screen that is not to be drawn again for each breath of air.
    pub(crate) fn steadied(&self) -> Self {
        Self { rssi_dbm: self.rssi_dbm.map(|dbm| dbm.div_euclid(5).saturating_mul(5)), ..self.clone() }
    }
}

/// How strong a signal is, in a word. The bounds are those by which phones draw their bars.
pub(crate) const fn signal(dbm: i16) -> &'static str {
    match dbm {
        -60.. => texts::SIGNAL_STRONG,
        -75..=-61 => texts::SIGNAL_GOOD,
        -88..=-76 => texts::SIGNAL_WEAK,
        _ => texts::SIGNAL_FAINT,
    }
}

/// How long ago, in words.
pub(crate) fn age(words: &Words, since: Duration) -> String {
    let minutes = since.as_secs() / 60;
    let (id, n) = match minutes {
        0..=1 => (texts::AGE_NOW, 0),
        2..=119 => (texts::AGE_MINUTES, minutes),
        120..=2_879 => (texts::AGE_HOURS, minutes / 60),
        _ => (texts::AGE_DAYS, minutes / 1_440),
    };
    words.render(id, &[("n", Value::Number(u32::try_from(n).unwrap_or(u32::MAX)))])
}

/// The time between two readings of the wall; none where the later one is the earlier.
pub(crate) fn between(then: &str, now: Timestamp) -> Option<Duration> {
    let then: Timestamp = then.parse().ok()?;
    Duration::try_from(now.duration_since(then)).ok()
}

/// The line of a clicker that is remembered.
pub(crate) fn known(words: &Words, clicker: &Remembered, near: Option<&Near>, now: Timestamp) -> String {
    format!(
        "{} ({}): {}",
        foreign(&clicker.called(words)),
        foreign(&clicker.id),
        about(words, clicker, near, now)
    )
}

/// The same without its id, where a line is short: its name ends with the end of it.
pub(crate) fn known_briefly(
    words: &Words,
    clicker: &Remembered,
    near: Option<&Near>,
    now: Timestamp,
) -> String {
    format!("{}: {}", foreign(&clicker.called(words)), about(words, clicker, near, now))
}

fn about(words: &Words, clicker: &Remembered, near: Option<&Near>, now: Timestamp) -> String {
    let mut parts = vec![presence(words, near)];
    if near.is_some_and(|near| near.bonded == Some(false)) {
        parts.push(words.render(texts::BOND_GONE, &[]));
    }
    parts.push(battery(words, clicker, now));
    parts.join(", ")
}

/// The line of one that is near and not remembered.
pub(crate) fn stranger(words: &Words, near: &Near) -> String {
    format!("{} ({}): {}", name(words, near), foreign(&near.id), unpaired(words, near))
}

/// The same without its id.
pub(crate) fn stranger_briefly(words: &Words, near: &Near) -> String {
    format!("{}: {}", name(words, near), unpaired(words, near))
}

fn name(words: &Words, near: &Near) -> String {
    match &near.name {
        Some(name) => foreign(name).into_owned(),
        None => words.render(texts::NAMELESS, &[]),
    }
}

fn unpaired(words: &Words, near: &Near) -> String {
    format!("{}, {}", presence(words, Some(near)), words.render(texts::UNPAIRED, &[]))
}

/// Whether it is heard, and how well.
pub(crate) fn presence(words: &Words, near: Option<&Near>) -> String {
    match near {
        None => words.render(texts::NOT_NEAR, &[]),
        Some(near) if near.connected => words.render(texts::IN_USE, &[]),
        Some(Near { rssi_dbm: None, .. }) => words.render(texts::NEAR_SILENT, &[]),
        Some(Near { rssi_dbm: Some(dbm), .. }) => {
            let (strength, dbm) = (words.render(signal(*dbm), &[]), dbm.to_string());
            words.render(texts::NEAR, &[("signal", Value::Name(&strength)), ("dbm", Value::Name(&dbm))])
        }
    }
}

/// The battery as it was last read, with its age.
fn battery(words: &Words, clicker: &Remembered, now: Timestamp) -> String {
    let Some(percent) = clicker.battery else { return words.render(texts::BATTERY_NEVER, &[]) };
    let since = clicker.battery_read.as_deref().and_then(|then| between(then, now));
    let age = since.map_or_else(String::new, |since| age(words, since));
    let args = [("percent", Value::Number(percent.into())), ("age", Value::Name(&age))];
    words.render(texts::BATTERY_READ, &args).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(rssi_dbm: Option<i16>) -> Near {
        Near { id: "C0".into(), name: Some("Unknot".into()), rssi_dbm, bonded: Some(true), connected: false }
    }

    fn remembered() -> Remembered {
        Remembered {
            id: "C0".into(),
            name: Some("Unknot".into()),
            paired: "2026-01-01T00:00:00Z".into(),
            battery: Some(83),
            battery_read: Some("2026-01-01T10:00:00Z".into()),
            firmware: None,
        }
    }

    #[test]
    fn a_battery_never_stands_without_its_age() {
        let (words, now) = (Words::english(), "2026-01-03T10:30:00Z".parse().unwrap());
        let line = known(&words, &remembered(), None, now);
        assert_eq!(line, "Unknot (C0): not heard now, battery 83 % 2 days ago");
        let never = Remembered { battery: None, ..remembered() };
        assert!(
            known(&words, &never, Some(&near(Some(-52))), now)
                .ends_with("near, strong signal (-52 dBm), battery never read")
        );
    }

    #[test]
    fn a_bond_that_the_system_has_lost_is_told() {
        let (words, now) = (Words::english(), Timestamp::UNIX_EPOCH);
        let lost = Near { bonded: Some(false), ..near(None) };
        let line = known(&words, &remembered(), Some(&lost), now);
        assert!(line.contains("pair it again"), "{line}");
        let untold = Near { bonded: None, ..near(None) };
        assert!(!known(&words, &remembered(), Some(&untold), now).contains("pair it again"));
    }

    #[test]
    fn ages_and_signals_have_words_at_every_bound() {
        let words = Words::english();
        let said = |minutes: u64| age(&words, Duration::from_secs(minutes * 60));
        assert_eq!(
            [0, 1, 2, 119, 120, 2_879, 2_880, 4_320].map(said),
            [
                "just now",
                "just now",
                "2 min ago",
                "119 min ago",
                "2 h ago",
                "47 h ago",
                "2 days ago",
                "3 days ago"
            ]
        );
        let words = |dbm| words.render(signal(dbm), &[]);
        assert_eq!(
            [i16::MAX, -60, -61, -75, -76, -88, -89, i16::MIN].map(words),
            ["strong", "strong", "good", "good", "weak", "weak", "very weak", "very weak"]
        );
    }
}
