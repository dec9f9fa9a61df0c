//! Short lower-case words for whatever the clicker shows, sounds or does: the format of `--plain`, which scripts read.
//!
//! **Stable.** Words are added and never changed; `README.md` lists them.

use app::{News, PairingFace, PairingFault, Picture};
use handheld::{Button, Face, Sound};
use wire::{Means, Mode, Tone, Toward};

/// What the lights say; `None` for the digits of a passkey, which has a line of its own.
pub(crate) fn picture(picture: Picture) -> Option<String> {
    Some(match picture {
        Picture::Face(shown) => face(shown),
        Picture::Pairing(PairingFace::Open) => String::from("pairing-open"),
        Picture::Pairing(PairingFace::Paired) => String::from("pairing-paired"),
        Picture::Pairing(PairingFace::Failed) => String::from("pairing-failed"),
        Picture::Pairing(PairingFace::Forgotten) => String::from("pairing-forgotten"),
        Picture::Pairing(PairingFace::Gap | PairingFace::Digit { .. }) => return None,
    })
}

fn face(face: Face) -> String {
    String::from(match face {
        Face::Rating(dial) => return format!("rating {}", dial.value()),
        Face::Nudge(way) => return format!("nudge {}", toward(way)),
        Face::Answered(with) => return format!("answered {}", button(with)),
        Face::Told(told) => return format!("told {}", tone(told)),
        Face::Blank => "blank",
        Face::NoRating => "no-rating",
        Face::Spot => "spot",
        Face::Less => "less",
        Face::AskMore => "ask-more",
        Face::More => "more",
        Face::LetGo => "let-go",
        Face::Sharp => "sharp",
        Face::Stop => "stop",
        Face::Refused => "refused",
        Face::Full => "full",
        Face::StoreFault => "store-fault",
        Face::NoSession => "no-session",
        Face::NotHeard => "not-heard",
        Face::Covered => "covered",
        Face::TakeOver => "take-over",
    })
}

/// What is to be heard.
pub(crate) fn sound(sound: Sound) -> String {
    String::from(match sound {
        Sound::Tick(under) => return format!("tick {}", mode(under)),
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

/// What happened.
pub(crate) fn news(news: News) -> String {
    match news {
        News::Advertising => String::from("advertising"),
        News::Connected => String::from("connected"),
        News::Encrypted(bond) => format!("encrypted bond {}", bond.0),
        News::LinkUp(bond) => format!("link up bond {}", bond.0),
        News::LinkDown(reason) => format!("link down reason 0x{reason:02x}"),
        News::Params { interval_us, latency, timeout_ms } => {
            format!("params {}ms latency {latency} timeout {timeout_ms}", f64::from(interval_us) / 1000.0)
        }
        News::WindowOpen => String::from("window open"),
        News::WindowShut => String::from("window closed"),
        News::Passkey(passkey) => format!("passkey {passkey:06}"),
        News::Paired(bond) => format!("paired bond {}", bond.0),
        News::PairingFailed(why) => format!("pairing failed {}", fault(why)),
        News::BondsForgotten => String::from("bonds forgotten"),
        News::Made(entry) => {
            format!("event boot {} seq {} {}", entry.place.boot, entry.place.seq, means(entry.means))
        }
        News::Stored(place) => format!("stored boot {} seq {}", place.boot, place.seq),
        News::Held(events) => format!("kept {events}"),
        News::StoreFault => String::from("store fault"),
        News::StackFault => String::from("stack fault"),
    }
}

fn fault(fault: PairingFault) -> String {
    String::from(match fault {
        PairingFault::WrongPasskey => "wrong-passkey",
        PairingFault::NotAuthenticated => "not-authenticated",
        PairingFault::Full => "full",
        PairingFault::NotKept => "not-kept",
        PairingFault::GaveUp => "gave-up",
        PairingFault::Reason(reason) => return format!("reason 0x{reason:02x}"),
    })
}

fn means(means: Means) -> String {
    String::from(match means {
        Means::Rating(dial) => return format!("rating {}", dial.value()),
        Means::Same(dial) => return format!("same {}", dial.value()),
        Means::Nudge(way) => return format!("nudge {}", toward(way)),
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
    use super::*;
    use handheld::{Bond, Entry, Place};

    #[test]
    fn the_lines_that_scripts_read() {
        let place = Place { boot: 1, seq: 5 };
        let nudged = Entry { place, uptime: 0, show: 0, means: Means::Nudge(Toward::Left) };
        let params = News::Params { interval_us: 22_500, latency: 30, timeout_ms: 4000 };
        let lines = [
            (News::Made(nudged), "event boot 1 seq 5 nudge left"),
            (News::Stored(place), "stored boot 1 seq 5"),
            (News::Passkey(42), "passkey 000042"),
            (News::LinkDown(8), "link down reason 0x08"),
            (News::LinkUp(Bond(0)), "link up bond 0"),
            (params, "params 22.5ms latency 30 timeout 4000"),
            (News::PairingFailed(PairingFault::Reason(5)), "pairing failed reason 0x05"),
        ];
        for (happened, line) in lines {
            assert_eq!(news(happened), line);
        }
        assert_eq!(sound(Sound::Tick(Mode::AfterSharp)), "tick after-sharp");
        assert_eq!(picture(Picture::Face(Face::NoSession)).as_deref(), Some("no-session"));
        assert_eq!(picture(Picture::Pairing(PairingFace::Gap)), None);
    }
}
