//! Status lines: short lower-case words for displays, sounds and status events.

use core::fmt;

use app::{PairingDisplay, PairingFault};
use handheld::{Button, Display};
use wire::{Means, Mode, Tone, Toward};

/// Text of a picture, after the word `face`.
#[derive(Debug, Clone, Copy)]
pub struct PictureText(app::Picture);

impl PictureText {
    /// `None` for the digits of a passkey, which has a line of its own.
    #[must_use]
    pub const fn of(picture: app::Picture) -> Option<Self> {
        match picture {
            app::Picture::Pairing(PairingDisplay::Gap | PairingDisplay::Digit { .. }) => None,
            app::Picture::Display(_) | app::Picture::Pairing(_) => Some(Self(picture)),
        }
    }
}

impl fmt::Display for PictureText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            app::Picture::Display(shown) => face(f, shown),
            app::Picture::Pairing(PairingDisplay::Open) => f.write_str("pairing-open"),
            app::Picture::Pairing(PairingDisplay::Paired) => f.write_str("pairing-paired"),
            app::Picture::Pairing(PairingDisplay::Failed) => f.write_str("pairing-failed"),
            app::Picture::Pairing(PairingDisplay::Forgotten) => f.write_str("pairing-forgotten"),
            app::Picture::Pairing(PairingDisplay::Gap | PairingDisplay::Digit { .. }) => Ok(()),
        }
    }
}

/// Text of a sound, after the word `sound`.
#[derive(Debug, Clone, Copy)]
pub struct SoundText(pub handheld::Sound);

impl fmt::Display for SoundText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use handheld::Sound;
        f.write_str(match self.0 {
            Sound::Tick(under) => return write!(f, "tick {}", mode(under)),
            Sound::No => "no",
            Sound::Question => "question",
            Sound::HoldBegins => "hold-begins",
            Sound::MinimumReached => "minimum-reached",
            Sound::TenSeconds => "ten-seconds",
            Sound::PressureOff => "pressure-off",
            Sound::Flush => "flush",
            Sound::NotHeard => "not-heard",
            Sound::Over => "over",
        })
    }
}

/// Text of a status event: a whole line.
#[derive(Debug, Clone, Copy)]
pub struct StatusText(pub app::StatusEvent);

impl fmt::Display for StatusText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use app::StatusEvent;
        f.write_str(match self.0 {
            StatusEvent::Advertising => "advertising",
            StatusEvent::Connected => "connected",
            StatusEvent::Encrypted(bond) => return write!(f, "encrypted bond {}", bond.0),
            StatusEvent::LinkUp(bond) => return write!(f, "link up bond {}", bond.0),
            StatusEvent::LinkDown(reason) => return write!(f, "link down reason 0x{reason:02x}"),
            StatusEvent::Params { interval_us, latency, timeout_ms } => {
                f.write_str("params ")?;
                millis(f, interval_us)?;
                return write!(f, "ms latency {latency} timeout {timeout_ms}");
            }
            StatusEvent::WindowOpen => "window open",
            StatusEvent::WindowClosed => "window closed",
            StatusEvent::Passkey(passkey) => return write!(f, "passkey {passkey:06}"),
            StatusEvent::Paired(bond) => return write!(f, "paired bond {}", bond.0),
            StatusEvent::PairingFailed(why) => {
                f.write_str("pairing failed ")?;
                return fault(f, why);
            }
            StatusEvent::BondsForgotten => "bonds forgotten",
            StatusEvent::Created(entry) => {
                write!(f, "event boot {} seq {} ", entry.id.boot, entry.id.seq)?;
                return means(f, entry.means);
            }
            StatusEvent::Stored(id) => return write!(f, "stored boot {} seq {}", id.boot, id.seq),
            StatusEvent::Backlog(events) => return write!(f, "kept {events}"),
            StatusEvent::StoreFault => "store fault",
            StatusEvent::StackFault => "stack fault",
        })
    }
}

/// Formats microseconds as milliseconds without trailing zeros: an interval is a multiple of 1.25 ms.
fn millis(f: &mut fmt::Formatter<'_>, micros: u32) -> fmt::Result {
    write!(f, "{}", micros / 1000)?;
    let (mut rest, mut width) = (micros % 1000, 3);
    if rest == 0 {
        return Ok(());
    }
    while rest % 10 == 0 {
        rest /= 10;
        width -= 1;
    }
    write!(f, ".{rest:0width$}")
}

fn face(f: &mut fmt::Formatter<'_>, face: Display) -> fmt::Result {
    f.write_str(match face {
        Display::Rating(dial) => return write!(f, "rating {}", dial.value()),
        Display::Nudge(way) => return write!(f, "nudge {}", toward(way)),
        Display::Answered(with) => return write!(f, "answered {}", button(with)),
        Display::Tone(told) => return write!(f, "told {}", tone(told)),
        Display::Blank => "blank",
        Display::NoRating => "no-rating",
        Display::Spot => "spot",
        Display::Less => "less",
        Display::AskMore => "ask-more",
        Display::More => "more",
        Display::LetGo => "let-go",
        Display::Sharp => "sharp",
        Display::Stop => "stop",
        Display::Refused => "refused",
        Display::Full => "full",
        Display::StoreFault => "store-fault",
        Display::NoSession => "no-session",
        Display::NotHeard => "not-heard",
        Display::Covered => "covered",
        Display::TakeOver => "take-over",
    })
}

fn fault(f: &mut fmt::Formatter<'_>, fault: PairingFault) -> fmt::Result {
    f.write_str(match fault {
        PairingFault::WrongPasskey => "wrong-passkey",
        PairingFault::NotAuthenticated => "not-authenticated",
        PairingFault::Full => "full",
        PairingFault::NotKept => "not-kept",
        PairingFault::GaveUp => "gave-up",
        PairingFault::Reason(reason) => return write!(f, "reason 0x{reason:02x}"),
    })
}

fn means(f: &mut fmt::Formatter<'_>, means: Means) -> fmt::Result {
    f.write_str(match means {
        Means::Rating(dial) => return write!(f, "rating {}", dial.value()),
        Means::Same(dial) => return write!(f, "same {}", dial.value()),
        Means::Nudge(way) => return write!(f, "nudge {}", toward(way)),
        Means::Spot => "spot",
        Means::No => "no",
        Means::Yes => "yes",
        Means::Again => "again",
        Means::Beside => "beside",
        Means::SameSpot => "same-spot",
        Means::Enough => "enough",
        Means::OnlySharp => "only-sharp",
        Means::Numb => "numb",
        Means::Slipped => "slipped",
        Means::FeltLeft => "felt-left",
        Means::FeltRight => "felt-right",
        Means::Less => "less",
        Means::More => "more",
        Means::LetGo => "let-go",
        Means::Sharp => "sharp",
        Means::Stop => "stop",
    })
}

const fn toward(toward: Toward) -> &'static str {
    match toward {
        Toward::Left => "left",
        Toward::Right => "right",
        Toward::Head => "head",
        Toward::Feet => "feet",
    }
}

const fn button(button: Button) -> &'static str {
    match button {
        Button::A => "a",
        Button::B => "b",
        Button::Logo => "logo",
    }
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Rate => "rate",
        Mode::Hold => "hold",
        Mode::Ask => "ask",
        Mode::Locate => "locate",
        Mode::Settle => "settle",
        Mode::Release => "release",
        Mode::Next => "next",
        Mode::AfterSharp => "after-sharp",
        Mode::Sides => "sides",
    }
}

const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::No => "no",
        Tone::Question => "question",
        Tone::HoldBegins => "hold-begins",
        Tone::MinimumReached => "minimum-reached",
        Tone::TenSeconds => "ten-seconds",
        Tone::PressureOff => "pressure-off",
        Tone::Flush => "flush",
        Tone::Over => "over",
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use app::StatusEvent;
    use handheld::{Bond, Entry, EventId};

    use super::*;

    #[test]
    fn the_lines_that_scripts_read() {
        let id = EventId { boot: 1, seq: 5 };
        let nudged = Entry { id, uptime: 0, show: 0, means: Means::Nudge(Toward::Left) };
        let params = StatusEvent::Params { interval_us: 22_500, latency: 30, timeout_ms: 4000 };
        let lines = [
            (StatusEvent::Created(nudged), "event boot 1 seq 5 nudge left"),
            (StatusEvent::Stored(id), "stored boot 1 seq 5"),
            (StatusEvent::Passkey(42), "passkey 000042"),
            (StatusEvent::LinkDown(8), "link down reason 0x08"),
            (StatusEvent::LinkUp(Bond(0)), "link up bond 0"),
            (params, "params 22.5ms latency 30 timeout 4000"),
            (StatusEvent::PairingFailed(PairingFault::Reason(5)), "pairing failed reason 0x05"),
        ];
        for (happened, line) in lines {
            assert_eq!(StatusText(happened).to_string(), line);
        }
        assert_eq!(SoundText(handheld::Sound::Tick(Mode::AfterSharp)).to_string(), "tick after-sharp");
        let shown =
            PictureText::of(app::Picture::Display(Display::NoSession)).map(|picture| picture.to_string());
        assert_eq!(shown.as_deref(), Some("no-session"));
        assert!(PictureText::of(app::Picture::Pairing(PairingDisplay::Gap)).is_none());
    }

    #[test]
    fn an_interval_is_told_without_zeros_at_its_end() {
        for (micros, told) in [(15_000, "15"), (7_500, "7.5"), (11_250, "11.25"), (1_005, "1.005")] {
            let params = StatusEvent::Params { interval_us: micros, latency: 0, timeout_ms: 420 };
            assert_eq!(StatusText(params).to_string(), std::format!("params {told}ms latency 0 timeout 420"));
        }
    }
}
