//! Wall times for people. On screens they are local, because that is the day a person remembers; in files they are UTC,
//! because a file travels. Each says which.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Day and minute of an RFC 3339 time in this zone: `2026-12-02 07:15`. Any other text is returned unchanged.
#[must_use]
pub fn local(wall: &str, zone: &TimeZone) -> String {
    match wall.parse::<Timestamp>() {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => wall.to_owned(),
    }
}

/// The same in UTC, which it says: `2026-12-01 18:15 UTC`.
#[must_use]
pub fn utc(wall: &str) -> String {
    let shown = local(wall, &TimeZone::UTC);
    if shown == wall { shown } else { format!("{shown} UTC") }
}

/// The day of this time in this zone.
#[must_use]
pub fn day(wall: Timestamp, zone: &TimeZone) -> Date {
    wall.to_zoned(zone.clone()).date()
}

/// The beginning of a day of this zone, as stored times are compared with it: in UTC, without fractions and zone letter, so
/// that every time of that second is later. `None` where the day is out of range.
#[must_use]
pub fn begins(day: Date, zone: &TimeZone) -> Option<String> {
    let at = day.to_zoned(zone.clone()).ok()?.timestamp();
    Some(at.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_time_is_local_on_a_screen_and_utc_in_a_file() {
        let wall = "2026-12-01T18:15:30.123456789Z";
        assert_eq!(local(wall, &zone("Pacific/Auckland")), "2026-12-02 07:15");
        assert_eq!(local(wall, &zone("America/Los_Angeles")), "2026-12-01 10:15");
        assert_eq!(utc(wall), "2026-12-01 18:15 UTC");
        assert_eq!(
            (local("yesterday", &TimeZone::UTC), utc("yesterday")),
            ("yesterday".into(), "yesterday".into())
        );
    }

    #[test]
    fn a_day_begins_at_its_own_midnight() {
        let day: Date = "2026-12-02".parse().unwrap();
        let begins = begins(day, &zone("Pacific/Auckland")).unwrap();
        assert_eq!(begins, "2026-12-01T11:00:00");
        for (stored, later) in [
            ("2026-12-01T10:59:59.999Z", false),
            ("2026-12-01T11:00:00Z", true),
            ("2026-12-01T11:00:00.5Z", true),
        ] {
            assert_eq!(*stored >= *begins, later, "{stored}");
        }
    }
}
