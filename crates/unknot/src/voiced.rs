//! A front that also speaks: every prompt goes to the announcer besides the screen or the lines, and what the announcer
//! decides goes to the programs that speak and play. A speaker or player that fails is dropped with a notice, and the
//! session goes on with what is left: tones, or the terminal's bell, which the screen rings in any case.

use std::env;
use std::io::{self, Write};
use std::time::Duration;

use coach::{Moment, Prompt, Technique};
use session::View;
use transcript::Entry;
use voice::{Action, Announcer, Ended, Line, Player, Speaker, Tone, Verbosity, find_player, find_speaker};
use words::{Value, Words};

use crate::air::LinkStatus;
use crate::failure::Failure;
use crate::front::{Front, Spoilt};
use crate::keys::Press;

/// What is spoken of a session, and how loud tones are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Voice {
    /// How much is spoken.
    pub(crate) verbosity: Verbosity,
    /// Volume of the tones in percent.
    pub(crate) volume: u8,
}

impl Voice {
    /// The front with a voice, or without one where none is wanted.
    pub(crate) fn over<F: Front>(wanted: Option<Self>, front: &mut F) -> Voiced<'_, F> {
        Voiced { front, sound: wanted.map(Sound::start) }
    }
}

/// How long a trial waits for the speaker, and then for the player.
const TRIAL: Duration = Duration::from_secs(10);

/// `unknot doctor --speak`: a sentence, then the alarm as it will sound.
pub(crate) fn try_out(volume: u8, out: &mut impl Write) -> Result<(), Failure> {
    let words = Words::english();
    let say = |id: &str, why: &str| words.render(id, &[("why", Value::Name(why))]);
    let path = env::var_os("PATH");
    let speaker = find_speaker(named().as_deref(), path.as_deref());
    let player = find_player(path.as_deref());
    if volume == 0 {
        writeln!(out, "{}", say("voice-silent", ""))?;
    }
    let mut works = volume > 0;
    match speaker {
        None => {
            works = false;
            writeln!(out, "{}", say("air-doctor-speech-none", ""))?;
        }
        Some(program) => {
            let speaker = Speaker::start(program)?;
            speaker.say(&Line { id: 0, text: say("voice-trial", ""), prompt: None });
            match speaker.wait(TRIAL) {
                Some(Ended::Line(_)) => writeln!(out, "{}", say("voice-heard", ""))?,
                Some(Ended::Failed(why)) => {
                    works = false;
                    writeln!(out, "{}", say("voice-failed", &why))?;
                }
                None => {
                    works = false;
                    writeln!(out, "{}", say("voice-gone", ""))?;
                }
            }
        }
    }
    match player {
        None => {
            works = false;
            writeln!(out, "{}", say("air-doctor-tones-none", ""))?;
        }
        Some(program) => {
            let player = Player::start(program, volume)?;
            player.play(Tone::AlarmHigh);
            if let Some(why) = player.wait(TRIAL) {
                works = false;
                writeln!(out, "{}", say("voice-failed", &why))?;
            }
        }
    }
    if works { Ok(()) } else { Err(Failure::No) }
}

/// The program that is to speak, where one is named.
fn named() -> Option<String> {
    env::var("UNKNOT_SPEECH").ok().filter(|name| !name.is_empty())
}

/// A front with a voice.
pub(crate) struct Voiced<'a, F> {
    front: &'a mut F,
    sound: Option<Sound>,
}

/// The announcer and what carries its actions out.
struct Sound {
    announcer: Announcer,
    speaker: Option<Speaker>,
    player: Option<Player>,
    /// Notices that are to be shown.
    notices: Vec<String>,
}

impl Sound {
    fn start(voice: Voice) -> Self {
        let path = env::var_os("PATH");
        let program = find_speaker(named().as_deref(), path.as_deref());
        let speaker = program.and_then(|program| Speaker::start(program).ok());
        let player =
            find_player(path.as_deref()).and_then(|program| Player::start(program, voice.volume).ok());
        let mut announcer = Announcer::new(voice.verbosity);
        if speaker.is_none() {
            announcer.mute();
        }
        Self { announcer, speaker, player, notices: Vec::new() }
    }

    /// Takes what the programs report, and carries out what there is to do.
    fn turn(&mut self, now: Moment) {
        while let Some(ended) = self.speaker.as_ref().and_then(Speaker::ended) {
            match ended {
                Ended::Line(id) => self.announcer.ended(now, id),
                Ended::Failed(why) => self.drop_speaker(&why),
            }
        }
        if let Some(why) = self.player.as_ref().and_then(Player::failed) {
            tracing::warn!(%why, "no tones");
            self.notices.push(Words::english().render("voice-no-tones", &[]));
            self.player = None;
        }
        while let Some(action) = self.announcer.poll(now) {
            match action {
                Action::Play(tone) => {
                    if let Some(player) = &self.player {
                        player.play(tone);
                    }
                }
                Action::Say(line) => {
                    tracing::info!(at = now.as_millis(), text = line.text, "spoken");
                    if let Some(speaker) = &self.speaker {
                        speaker.say(&line);
                    }
                }
                Action::Cut => {
                    if let Some(speaker) = &self.speaker {
                        speaker.cut();
                    }
                }
                Action::GiveUp => self.drop_speaker("it does not return"),
            }
        }
    }

    fn drop_speaker(&mut self, why: &str) {
        tracing::warn!(why, "no speech");
        if let Some(speaker) = self.speaker.take() {
            speaker.cut();
            self.announcer.mute();
            self.notices.push(Words::english().render("voice-gone", &[]));
        }
    }
}

impl<F: Front> Front for Voiced<'_, F> {
    fn led_by(&mut self, technique: Technique) {
        if let Some(sound) = &mut self.sound {
            sound.announcer.led_by(technique);
        }
        self.front.led_by(technique);
    }

    fn happened(&mut self, now: Moment, entry: &Entry) -> io::Result<()> {
        self.front.happened(now, entry)
    }

    fn said(&mut self, now: Moment, prompt: Prompt) -> io::Result<()> {
        if let Some(sound) = &mut self.sound {
            sound.announcer.said(now, prompt);
        }
        self.front.said(now, prompt)
    }

    fn notice(&mut self, now: Moment, text: &str) -> io::Result<()> {
        self.front.notice(now, text)
    }

    fn told(&mut self, now: Moment, tiding: &LinkStatus) -> io::Result<()> {
        self.front.told(now, tiding)
    }

    fn note(&mut self, text: Option<&str>) -> io::Result<()> {
        self.front.note(text)
    }

    fn help(&mut self) -> io::Result<()> {
        self.front.help()
    }

    fn takes(&mut self, press: Press) -> bool {
        self.front.takes(press)
    }

    fn spoilt(&mut self, how: Spoilt) -> io::Result<()> {
        self.front.spoilt(how)
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.front.step_aside()
    }

    fn turn(&mut self, now: Moment, view: &View) -> io::Result<()> {
        let mut notices = Vec::new();
        if let Some(sound) = &mut self.sound {
            sound.announcer.see(now, &view.coach);
            sound.turn(now);
            notices = std::mem::take(&mut sound.notices);
        }
        notices.iter().try_for_each(|notice| self.front.notice(now, notice))?;
        self.front.turn(now, view)
    }

    fn due(&self, now: Moment, view: &View) -> Option<Moment> {
        let spoken = self.sound.as_ref().and_then(|sound| sound.announcer.due(now));
        [spoken, self.front.due(now, view)].into_iter().flatten().min()
    }
}
