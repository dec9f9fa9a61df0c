//! Values that a person types: the clicker's id and the six digits it shows. Both are validated when they are parsed.

use core::fmt;
use core::str::FromStr;

/// Identifier of a clicker: its address on Linux and Windows, a UUID of the system on macOS.
///
/// Parses what it displays. Addresses may also be written with `-` and in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClickerId(Name);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Name {
    /// Most significant byte first, as it is displayed.
    Address([u8; 6]),
    /// macOS hides addresses and assigns a UUID per computer.
    Own(uuid::Uuid),
}

impl ClickerId {
    /// The clicker at this address, most significant byte first.
    #[must_use]
    pub const fn of_address(address: [u8; 6]) -> Self {
        Self(Name::Address(address))
    }

    /// Address of the clicker; `None` on macOS.
    #[must_use]
    pub const fn address(&self) -> Option<[u8; 6]> {
        match self.0 {
            Name::Address(address) => Some(address),
            Name::Own(_) => None,
        }
    }
}

impl fmt::Display for ClickerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Name::Address([a, b, c, d, e, g]) => {
                write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
            }
            Name::Own(uuid) => write!(f, "{uuid}"),
        }
    }
}

impl FromStr for ClickerId {
    type Err = InvalidClickerId;

    fn from_str(text: &str) -> Result<Self, InvalidClickerId> {
        let text = text.trim();
        if let Some(address) = address(text) {
            return Ok(Self::of_address(address));
        }
        // `Uuid` would accept braces and other spellings; only one is allowed here.
        if text.len() == 36
            && let Ok(uuid) = uuid::Uuid::try_parse(text)
        {
            return Ok(Self(Name::Own(uuid)));
        }
        Err(InvalidClickerId)
    }
}

fn address(text: &str) -> Option<[u8; 6]> {
    let bytes = text.as_bytes();
    let separator = *bytes.get(2)?;
    if bytes.len() != 17 || !text.is_ascii() || !matches!(separator, b':' | b'-') {
        return None;
    }
    let mut address = [0; 6];
    for (place, byte) in address.iter_mut().enumerate() {
        let at = place * 3;
        if at > 0 && bytes[at - 1] != separator {
            return None;
        }
        let digits = &text[at..at + 2];
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(address)
}

/// The text is not the id of a clicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a clicker is named by its address, like C0:12:34:56:78:9A (on a Mac by the long id that `unknot devices` lists)"
)]
pub struct InvalidClickerId;

/// Passkey that a clicker shows: 000000 to 999999.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Passkey(u32);

impl Passkey {
    /// Numeric value, 0 to 999,999.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Hides the digits, so that they never reach a log.
impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passkey(......)")
    }
}

impl FromStr for Passkey {
    type Err = InvalidPasskey;

    fn from_str(text: &str) -> Result<Self, InvalidPasskey> {
        let text = text.trim();
        if text.len() != 6 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(InvalidPasskey);
        }
        text.parse().map(Self).map_err(|_| InvalidPasskey)
    }
}

/// The text is not a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clicker shows six digits, one after the other; type all six")]
pub struct InvalidPasskey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_any_usual_spelling_and_told_in_one() {
        for text in ["C0:12:34:56:78:9A", "c0:12:34:56:78:9a", "C0-12-34-56-78-9A", " C0:12:34:56:78:9A\n"] {
            let id: ClickerId = text.parse().unwrap();
            assert_eq!(id.to_string(), "C0:12:34:56:78:9A");
            assert_eq!(id.address(), Some([0xc0, 0x12, 0x34, 0x56, 0x78, 0x9a]));
        }
    }

    #[test]
    fn an_identifier_of_a_mac_comes_back_as_it_was() {
        let text = "0f5e9a1c-3b2d-4e6f-8a7b-9c0d1e2f3a4b";
        let id: ClickerId = text.to_uppercase().parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(id.address(), None);
    }

    #[test]
    fn what_names_no_clicker_is_refused() {
        for text in [
            "",
            "C0",
            "C0:12:34:56:78",
            "C0:12:34:56:78:9A:BC",
            "C0:12-34:56:78:9A",
            "C0:12:34:56:78:+A",
            "C0:12:34:56:78:9G",
            "C0:12:34:56:78:é",
            "C012:34:56:78:9A:",
            "{0f5e9a1c-3b2d-4e6f-8a7b-9c0d1e2f3a4b}",
        ] {
            assert_eq!(text.parse::<ClickerId>(), Err(InvalidClickerId), "{text:?}");
        }
    }

    #[test]
    fn a_passkey_is_six_digits() {
        assert_eq!("000042".parse::<Passkey>().map(Passkey::number), Ok(42));
        assert_eq!("999999\n".parse::<Passkey>().map(Passkey::number), Ok(999_999));
        for text in ["", "42", "1234567", "12345a", "+12345", "123 45", "١٢٣"] {
            assert_eq!(text.parse::<Passkey>(), Err(InvalidPasskey), "{text:?}");
        }
    }

    #[test]
    fn a_passkey_is_not_told_to_a_log() {
        let passkey: Passkey = "123456".parse().unwrap();
        assert_eq!(format!("{passkey:?}"), "Passkey(......)");
    }
}
