//! What the analog converter is for: the supply's voltage once a minute, and at the start what hangs on pin 0.

use core::sync::atomic::{AtomicU8, Ordering};

use embassy_nrf::Peri;
use embassy_nrf::peripherals::{P0_02, SAADC};
use embassy_nrf::saadc::{ChannelConfig, Config, Resistor, Saadc, Time, VddInput};
use embassy_time::{Duration, Timer};

use crate::Irqs;

/// Between two looks.
const AGAIN: Duration = Duration::from_secs(60);

/// Full scale of the converter: its reference of 0.6 V over a gain of 1/6, in 4,096 steps.
const FULL_MV: i32 = 3600;
const STEPS: i32 = 4096;

/// Millivolts at pin 0, held up by the chip's own 160 kilohms. With nothing there it is the supply, at 1.8 V at the least;
/// a motor's transistor holds it down by its base, or by the resistor that keeps it shut.
const HELD_DOWN_MV: i32 = 1400;

static LEFT: AtomicU8 = AtomicU8::new(100);

/// What is left, in percent.
pub(crate) fn left() -> u8 {
    LEFT.load(Ordering::Relaxed)
}

/// Looks once a minute.
#[embassy_executor::task]
pub(crate) async fn run(mut saadc: Peri<'static, SAADC>) -> ! {
    loop {
        let millivolts = measure(saadc.reborrow(), ChannelConfig::single_ended(VddInput)).await;
        LEFT.store(board_support::percent(millivolts.clamp(0, FULL_MV) as u16), Ordering::Relaxed);
        Timer::after(AGAIN).await;
    }
}

/// Whether something pulls pin 0 down, as what drives a motor does.
pub(crate) async fn pulls_down(saadc: Peri<'_, SAADC>, pin: Peri<'_, P0_02>) -> bool {
    let mut channel = ChannelConfig::single_ended(pin);
    channel.resistor = Resistor::Pullup;
    // Through 160 kilohms the converter's own capacitor takes its time.
    channel.time = Time::_40US;
    measure(saadc, channel).await < HELD_DOWN_MV
}

/// One sample, in millivolts. The converter is off again after it.
async fn measure(saadc: Peri<'_, SAADC>, channel: ChannelConfig<'_>) -> i32 {
    let mut converter = Saadc::new(saadc, Irqs, Config::default(), [channel]);
    let mut sample = [0];
    converter.sample(&mut sample).await;
    i32::from(sample[0]) * FULL_MV / STEPS
}
