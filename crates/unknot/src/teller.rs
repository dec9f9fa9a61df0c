//! What is said in lines: every prompt, what came of it, and how much time is left. Data in, lines out; the order of
//! the lines is the order of what happened.

use std::time::Duration;

use coach::screening::{Answer, Question};
use coach::{Freshness, Level, Moment, Prompt, Technique};
use handheld::Display;
use transcript::{Answered, Entry, Kind, Said};
use words::{Words, foreign};

use crate::countdown::{Countdown, spoken};
use crate::hints::Hints;
use crate::keys::Clicker;
use crate::stop;
use crate::terminal::BELL;

/// What ends a session with advice is as loud as an alarm.
const STOPPED: &str = "stopped";

/// What the screen has in its largest letters at every end.
const GET_UP_SLOWLY: &str = "screen-get-up-slowly";

/// Turns what happens into lines for a person.
#[derive(Debug)]
pub(crate) struct Teller {
    words: Words,
    countdown: Countdown,
    hints: Hints,
    /// Whether they have been told how to get up.
    cared: bool,
    /// The question that was answered yes last.
    answered: Option<Question>,
    /// Why the session was stopped, where it was.
    stopped: Option<Prompt>,
}

impl Teller {
    pub(crate) fn new(clicker: Clicker) -> Self {
        Self {
            words: Words::english(),
            countdown: Countdown::default(),
            hints: Hints::new(clicker),
            cared: false,
            answered: None,
            stopped: None,
        }
    }

    /// From now on in the words of this technique.
    pub(crate) fn led_by(&mut self, technique: Technique) {
        self.words = self.words.of(technique);
    }

    /// This was said, and is told as an entry too.
    pub(crate) fn heard(&mut self, prompt: Prompt) {
        if stop::is_stop(prompt) {
            self.stopped = Some(prompt);
        }
    }

    /// Why the session was stopped, to be said last, where it was.
    pub(crate) fn stop(&self) -> Option<String> {
        self.stopped.map(|stop| stop::loud(&self.words, &stop, self.answered))
    }

    /// The line for an entry, where it has one: what people did themselves is not told them again.
    pub(crate) fn entry(&mut self, entry: &Entry) -> Option<String> {
        if let Kind::Screening(Answered::Answer { question, answer: Answer::Yes, .. }) = entry.kind {
            self.answered = Some(question);
        }
        let words = &self.words;
        match &entry.kind {
            Kind::Phase { to, because, .. } => {
                Some(format!("-- {} ({})", words.name(*to), words.name(*because)))
            }
            Kind::Prompt(said) => {
                self.cared |= said.id == Prompt::HeatAndWater.id();
                Some(self.said(said))
            }
            Kind::Rating { value, late: false } => Some(format!("Rating {value}.")),
            Kind::Rating { value, late: true } => Some(format!("Rating {value}, but that was a while ago.")),
            Kind::Freshness { state } => match state {
                Freshness::Live | Freshness::None => None,
                Freshness::Stale => Some("Rating not known: no word from the clicker for a second.".to_owned()),
                Freshness::Lost => Some("Rating not known: no signal from the clicker.".to_owned()),
            },
            Kind::Hold { outcome, because, counted_ms, pressed_ms } => Some(format!(
                "Hold {} ({}): {} counted, {} pressed.",
                words.name(*outcome),
                words.name(*because),
                spoken(Duration::from_millis(*counted_ms)),
                spoken(Duration::from_millis(*pressed_ms)),
            )),
            Kind::Spot(place) => Some(format!(
                "Spot: their {}, {} cm out from the spine, {} cm down from the skull.",
                words.name(place.side),
                place.out_cm,
                place.down_cm
            )),
            Kind::Felt { side, out_cm, down_cm, .. } => Some(format!(
                "Also felt: their {}, {out_cm} cm out from the spine, {down_cm} cm down from the skull.",
                words.name(*side),
            )),
            Kind::Screening(Answered::Resting { rating }) => Some(format!("At rest: {rating}.")),
            Kind::Screening(Answered::Bother { rating, .. }) => Some(format!("When moving: {rating}.")),
            Kind::Gap { ms } => {
                Some(format!("The laptop stood still for {}.", spoken(Duration::from_millis(*ms))))
            }
            Kind::Finished { because } => {
                let over = format!("The session is over ({}).", words.name(*because));
                // Whoever has lain is dizzy on getting up whatever ended it, and only the last phase says so.
                Some(if self.cared { over } else { format!("{over} {}", self.care()) })
            }
            Kind::Note { text, .. } => Some(format!("Noted: {}", foreign(text))),
            Kind::Session(_)
            | Kind::Click { .. }
            | Kind::Alarm { .. }
            | Kind::Key { .. }
            | Kind::Link { .. }
            | Kind::Store { .. }
            | Kind::Resumed { .. }
            | Kind::CheckIn { .. }
            | Kind::Nudge { .. }
            | Kind::Ask { .. }
            // What is said of it is a prompt of its own.
            | Kind::Guess { .. }
            | Kind::Sharp {}
            // Its reason is a prompt of its own.
            | Kind::Refused { .. }
            | Kind::Screening(
                Answered::Where { .. }
                | Answered::Answer { .. }
                | Answered::Since { .. }
                | Answered::Again { .. },
            ) => None,
        }
    }

    /// What is worth saying about the present moment, besides what happened: a hint, a countdown.
    pub(crate) fn turn(&mut self, view: &coach::View, hints: bool) -> impl Iterator<Item = String> {
        let hint = if hints { self.hints.turn(view) } else { None };
        hint.into_iter().chain(self.countdown.turn(view))
    }

    /// When [`Teller::turn`] will have something to say by itself.
    pub(crate) fn due(&self, now: Moment, view: &coach::View) -> Option<Moment> {
        Countdown::next(view).map(|wait| now + wait)
    }

    fn care(&self) -> String {
        let lines = self.words.render(GET_UP_SLOWLY, &[]);
        lines.lines().map(|line| format!("{line}.")).collect::<Vec<_>>().join(" ")
    }

    fn said(&self, said: &Said) -> String {
        let text = report::ndjson::sentence(said, &self.words).replace('\n', " ");
        match said.level {
            // The bell is the only sound a plain terminal has.
            Level::High => format!("{BELL}!!! {text}"),
            Level::Low if said.id == STOPPED => format!("{BELL}!!! {text}"),
            Level::Medium => format!("! {text}"),
            Level::Low | Level::Calm => text,
        }
    }
}

/// What the practice clicker's lights say that the laptop does not say too. `None` where it does.
pub(crate) const fn clicker(face: Display) -> Option<&'static str> {
    match face {
        Display::Refused => Some("no: that means nothing now"),
        Display::Full => Some("no: there is no place left to keep that"),
        Display::StoreFault => Some("no: it could not keep that"),
        Display::NoSession => Some("no session"),
        Display::NotHeard => Some("not heard: say it aloud"),
        Display::Covered => Some("the logo is covered"),
        Display::TakeOver => Some("another laptop wants it"),
        Display::AskMore => Some("more? Touch the logo for yes"),
        Display::Blank
        | Display::Rating(_)
        | Display::NoRating
        | Display::Nudge(_)
        | Display::Spot
        | Display::Answered(_)
        | Display::Less
        | Display::More
        | Display::LetGo
        | Display::Sharp
        | Display::Stop
        | Display::Tone(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use coach::Because;

    use super::*;

    /// A session that ended before its last phase let them get up without a word.
    #[test]
    fn getting_up_slowly_is_said_once_however_it_ends() {
        let entry = |kind| Entry { at_ms: 0, kind };
        let (over, care) = (Kind::Finished { because: Because::Ended }, "Get up slowly. Drink some water.");
        let mut early = Teller::new(Clicker::InHand);
        let line = early.entry(&entry(over.clone())).unwrap();
        assert!(line.starts_with("The session is over (") && line.ends_with(care), "{line}");
        let mut whole = Teller::new(Clicker::InHand);
        let line = whole.entry(&entry(Kind::Prompt(Prompt::HeatAndWater.into()))).unwrap();
        assert!(line.ends_with("and get up slowly."), "{line}");
        let line = whole.entry(&entry(over)).unwrap();
        assert!(!line.contains(care), "{line}");
    }
}
