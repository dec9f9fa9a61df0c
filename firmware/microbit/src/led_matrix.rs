//! Multiplexed 5x5 LED matrix, one row at a time. It sleeps while all LEDs are off.

use embassy_nrf::gpio::Output;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Ticker};

/// The rows to show from now on. Bit 4 is the leftmost LED.
pub(crate) static ROWS: Signal<CriticalSectionRawMutex, [u8; 5]> = Signal::new();

/// Time per row: 100 pictures a second, which does not flicker even in peripheral vision.
const TURN: Duration = Duration::from_millis(2);

/// Shows the signalled rows.
#[embassy_executor::task]
pub(crate) async fn run(mut rows: [Output<'static>; 5], mut columns: [Output<'static>; 5]) -> ! {
    let mut shown = [0; 5];
    loop {
        if shown == [0; 5] {
            shown = ROWS.wait().await;
            continue;
        }
        // A late tick does not delay the next one.
        let mut ticker = Ticker::every(TURN);
        while shown != [0; 5] {
            for (row, lit) in rows.iter_mut().zip(shown) {
                for (at, column) in columns.iter_mut().enumerate() {
                    // Columns are active low.
                    column.set_level((lit & 0b10000 >> at == 0).into());
                }
                if lit != 0 {
                    row.set_high();
                }
                ticker.next().await;
                row.set_low();
            }
            if let Some(next) = ROWS.try_take() {
                shown = next;
            }
        }
        for column in &mut columns {
            column.set_high();
        }
    }
}
