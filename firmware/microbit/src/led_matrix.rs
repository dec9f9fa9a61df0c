//! The 25 lights, five at a time: faster than an eye follows, and not at all while they are dark.

use embassy_nrf::gpio::Output;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Ticker};

/// The rows to show from now on; of each, bit 4 is the leftmost light.
pub(crate) static ROWS: Signal<CriticalSectionRawMutex, [u8; 5]> = Signal::new();

/// A row's turn: a picture 100 times a second, which does not flicker in the corner of an eye either.
const TURN: Duration = Duration::from_millis(2);

/// Shows whatever is signalled.
#[embassy_executor::task]
pub(crate) async fn run(mut rows: [Output<'static>; 5], mut columns: [Output<'static>; 5]) -> ! {
    let mut shown = [0; 5];
    loop {
        if shown == [0; 5] {
            shown = ROWS.wait().await;
            continue;
        }
        // From turn to turn, however late one comes: the next is not late too.
        let mut ticker = Ticker::every(TURN);
        while shown != [0; 5] {
            for (row, lit) in rows.iter_mut().zip(shown) {
                for (at, column) in columns.iter_mut().enumerate() {
                    // A column takes current while it is low.
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
