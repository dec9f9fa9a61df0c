//! Speaker, and vibration motor if there is one. Both are off between cues.

use core::sync::atomic::{Ordering, compiler_fence};

use board_support::{
    Pwm, PwmRegister, SPEAKER_WORDS, Speaker, SpeakerWords, Volume, is_click, vibration_time,
};
use embassy_futures::select::{Either, select};
use embassy_nrf::gpio::{Level, Output, OutputDrive};
use embassy_nrf::peripherals::{P0_00, PWM0};
use embassy_nrf::{Peri, pac};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Timer};
use handheld::{Note, Sound};
use static_cell::ConstStaticCell;

/// The next note to play.
pub(crate) static NOTE: Signal<CriticalSectionRawMutex, Note> = Signal::new();

/// Number of the speaker's pin, P0.00.
const SPEAKER_PIN: u8 = 0;

/// PWM0, which nothing else uses.
struct Registers {
    _pwm: Peri<'static, PWM0>,
    /// Low while the PWM is disabled.
    _pin: Output<'static>,
}

impl Pwm for Registers {
    fn write(&mut self, register: PwmRegister, value: u32) {
        let (pwm, sequence) = (pac::PWM0, pac::PWM0.dma().seq(0));
        match register {
            PwmRegister::Pin => pwm.psel().out(0).write(|bits| bits.0 = value),
            PwmRegister::Mode => pwm.mode().write(|bits| bits.0 = value),
            PwmRegister::Prescaler => pwm.prescaler().write(|bits| bits.0 = value),
            PwmRegister::Decoder => pwm.decoder().write(|bits| bits.0 = value),
            PwmRegister::Loop => pwm.loop_().write(|bits| bits.0 = value),
            PwmRegister::Shorts => pwm.shorts().write(|bits| bits.0 = value),
            PwmRegister::Refresh => sequence.refresh().write(|bits| bits.0 = value),
            PwmRegister::EndDelay => sequence.enddelay().write(|bits| bits.0 = value),
            PwmRegister::Enable => pwm.enable().write(|bits| bits.0 = value),
            PwmRegister::Start => {
                // The words are in RAM before the peripheral reads them.
                compiler_fence(Ordering::SeqCst);
                pwm.tasks_dma().seq(0).start().write_value(value);
            }
            PwmRegister::Stop => pwm.tasks_stop().write_value(value),
        }
    }

    fn set_words(&mut self, words: &[u16]) {
        let sequence = pac::PWM0.dma().seq(0);
        sequence.ptr().write_value(words.as_ptr() as u32);
        sequence.maxcnt().write(|bits| bits.0 = words.len() as u32);
    }
}

struct Player {
    speaker: Speaker<Registers>,
    motor: Option<Output<'static>>,
    volume: Volume,
}

impl Player {
    /// Plays a note to its end. The caller may drop the future.
    async fn play(&mut self, note: Note) {
        if let Some(motor) = &mut self.motor {
            motor.set_high();
        }
        let vibrates = vibration_time(note);
        match self.volume {
            Volume::Heard => {
                let sounds = self.speaker.start(note);
                Timer::after(time(if self.motor.is_some() { sounds.max(vibrates) } else { sounds })).await;
            }
            Volume::Felt => Timer::after(time(vibrates)).await,
        }
        self.silence();
    }

    fn silence(&mut self) {
        self.speaker.stop();
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
    static WORDS: ConstStaticCell<SpeakerWords> = ConstStaticCell::new(SPEAKER_WORDS);
    let registers = Registers { _pwm: pwm, _pin: Output::new(speaker, Level::Low, OutputDrive::Standard) };
    let speaker = Speaker::new(registers, SPEAKER_PIN, WORDS.take());
    let (Ok(granted) | Err(granted)) = volume;
    let mut player = Player { speaker, motor, volume: granted };
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
    Duration::from_micros(span.as_micros() as u64)
}
