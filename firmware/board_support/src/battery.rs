//! Estimates the charge of two alkaline cells from the supply voltage.
//!
//! The micro:bit has no voltage divider at its battery; only the chip's own supply voltage can be measured. On two AAA
//! cells that is their voltage minus a few hundredths of a volt; on the USB cable it is the regulator's 3.3 V, which
//! reads as full. Rechargeable cells stay at 2.4 V until they are empty, so they read as half empty all the time.

/// Supply voltage in mV and charge in percent, descending: two alkaline AAA cells in series at 25 mA (discharge curve
/// in the datasheet of the Energizer E92). Linear between rows.
const CURVE: [(u16, u8); 7] =
    [(3100, 100), (2800, 80), (2600, 60), (2400, 35), (2200, 15), (2000, 5), (1800, 0)];

/// Remaining charge in percent. The board stops at 1.8 V.
#[must_use]
pub fn percent(millivolts: u16) -> u8 {
    let (mut upper_mv, mut upper) = CURVE[0];
    for (mv, left) in CURVE {
        if millivolts >= mv {
            let span = u32::from(upper_mv - mv);
            let above = u32::from(millivolts.min(upper_mv) - mv) * u32::from(upper - left);
            // At most the percentage of the upper row.
            return left + above.checked_div(span).unwrap_or(0) as u8;
        }
        (upper_mv, upper) = (mv, left);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_the_curve_are_met_and_between_them_it_is_straight() {
        for (mv, left) in CURVE {
            assert_eq!(percent(mv), left);
        }
        assert_eq!((percent(2700), percent(2500), percent(1900)), (70, 47, 2));
    }

    #[test]
    fn it_is_never_more_than_full_nor_rises_as_the_voltage_falls() {
        assert_eq!((percent(u16::MAX), percent(3300), percent(1700), percent(0)), (100, 100, 0, 0));
        for mv in 1..4000 {
            assert!(percent(mv) >= percent(mv - 1), "{mv}");
        }
    }
}
