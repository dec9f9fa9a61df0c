//! Speaker, and vibration motor if there is one. Both are off between cues.

use board_support::{Volume, is_click, steps, vibration_time};
use embassy_futures::select::{Either, select};
use embassy_nrf::Peri;
use embassy_nrf::gpio::Output;
use embassy_nrf::peripherals::{P0_00, PWM0};
use embassy_nrf::pwm::{DutyCycle, Prescaler, SimpleConfig, SimplePwm};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Timer};
use handheld::{Note, Sound};

/// The next note to play.
pub(crate) static NOTE: Signal<CriticalSectionRawMutex, Note> = Signal::new();

/// Frequency of the PWM counter: 16 MHz / 16.
const COUNTS_A_SECOND: u32 = 1_000_000;

struct Player {
    wave: SimplePwm<'static>,
    motor: Option<Output<'static>>,
    volume: Volume,
}

impl Player {
    /// Plays a note to its end. The caller may drop the future.
    async fn play(&mut self, note: Note) {
        if let Some(motor) = &mut self.motor {
            motor.set_high();
        }
        match self.volume {
            Volume::Heard => {
                for step in steps(note) {
                    // 200 Hz are 5,000 counts, so it always fits.
                    let counts = (COUNTS_A_SECOND / u32::from(step.hz.max(40))) as u16;
                    self.wave.set_max_duty(counts);
                    self.wave.set_duty(0, DutyCycle::normal(counts / 2));
                    self.wave.enable();
                    Timer::after(time(step.lasts)).await;
                }
                self.wave.disable();
                if self.motor.is_some() {
                    Timer::after(time(vibration_time(note).saturating_sub(note.lasts))).await;
                }
            }
            Volume::Felt => Timer::after(time(vibration_time(note))).await,
        }
        self.silence();
    }

    fn silence(&mut self) {
        self.wave.disable();
        if let Some(motor) = &mut self.motor {
            motor.set_low();
        }
    }
}

/// Plays the signalled notes. A click is played to its end; a glide is interrupted by the next note.
#[embassy_executor::task]
pub(crate) async fn run(
    pwm: Peri<'static, PWM0>,
    speaker: Peri<'static, P0_00>,
    motor: Option<Output<'static>>,
    volume: Result<Volume, Volume>,
) -> ! {
    let mut config = SimpleConfig::default();
    config.prescaler = Prescaler::Div16;
    let wave = SimplePwm::new_1ch(pwm, speaker, &config);
    let (Ok(granted) | Err(granted)) = volume;
    let mut player = Player { wave, motor, volume: granted };
    player.silence();
    if volume.is_err() {
        player.play(Sound::No.note()).await;
    }
    let mut note = NOTE.wait().await;
    loop {
        if is_click(note) {
            player.play(note).await;
            note = NOTE.wait().await;
        } else {
            let next = select(player.play(note), NOTE.wait()).await;
            note = match next {
                Either::First(()) => NOTE.wait().await,
                Either::Second(next) => {
                    player.silence();
                    next
                }
            };
        }
    }
}

fn time(span: core::time::Duration) -> Duration {
    Duration::from_millis(span.as_millis() as u64)
}
