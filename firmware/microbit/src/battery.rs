//! Analog measurements: the supply voltage once a minute, and at startup the level of pin 0.

use core::sync::atomic::{AtomicU8, Ordering};

use embassy_nrf::Peri;
use embassy_nrf::peripherals::{P0_02, SAADC};
use embassy_nrf::saadc::{ChannelConfig, Config, Resistor, Saadc, Time, VddInput};
use embassy_time::{Duration, Timer};

use crate::Irqs;

/// Interval of measurements.
const MEASURE_INTERVAL: Duration = Duration::from_secs(60);

/// Full scale of the converter: reference 0.6 V, gain 1/6, 4,096 steps.
const FULL_MV: i32 = 3600;
const STEPS: i32 = 4096;

/// Threshold in mV at pin 0 with the chip's internal pull-up of 160 kilohms. An open pin reads the supply, at least 1.8
/// V; a motor's transistor pulls it down through its base, or through its pull-down resistor.
const HELD_DOWN_MV: i32 = 1400;

static LEFT: AtomicU8 = AtomicU8::new(100);

/// Remaining charge in percent.
pub(crate) fn left() -> u8 {
    LEFT.load(Ordering::Relaxed)
}

/// Measures once a minute.
#[embassy_executor::task]
pub(crate) async fn run(mut saadc: Peri<'static, SAADC>) -> ! {
    loop {
        let millivolts = measure(saadc.reborrow(), ChannelConfig::single_ended(VddInput)).await;
        LEFT.store(board_support::percent(millivolts.clamp(0, FULL_MV) as u16), Ordering::Relaxed);
        Timer::after(MEASURE_INTERVAL).await;
    }
}

/// Whether pin 0 is pulled down, as by a motor driver.
pub(crate) async fn is_pulled_down(saadc: Peri<'_, SAADC>, pin: Peri<'_, P0_02>) -> bool {
    let mut channel = ChannelConfig::single_ended(pin);
    channel.resistor = Resistor::Pullup;
    // The sampling capacitor charges slowly through 160 kilohms.
    channel.time = Time::_40US;
    measure(saadc, channel).await < HELD_DOWN_MV
}

/// One sample in mV. The converter is off afterwards.
async fn measure(saadc: Peri<'_, SAADC>, channel: ChannelConfig<'_>) -> i32 {
    let mut converter = Saadc::new(saadc, Irqs, Config::default(), [channel]);
    let mut sample = [0];
    converter.sample(&mut sample).await;
    i32::from(sample[0]) * FULL_MV / STEPS
}
