//! A random static address in text form: `C0:12:34:56:78:9A`.

use core::fmt;
use core::str::FromStr;

/// The address, least significant byte first. The two highest bits are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub [u8; 6]);

/// Why a text is not a random static address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseAddressError {
    /// It is not six hexadecimal bytes.
    Form,
    /// It is an address of another kind.
    Kind,
}

impl fmt::Display for ParseAddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "an address is six bytes, as C0:12:34:56:78:9A",
            Self::Kind => "a random static address begins with C0 to FF",
        })
    }
}

impl core::error::Error for ParseAddressError {}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{g:02X}:{e:02X}:{d:02X}:{c:02X}:{b:02X}:{a:02X}")
    }
}

impl FromStr for Address {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, ParseAddressError> {
        let mut address = [0; 6];
        let mut bytes = text.trim().split(':');
        for place in address.iter_mut().rev() {
            let byte = bytes.next().ok_or(ParseAddressError::Form)?;
            *place = u8::from_str_radix(byte, 16).map_err(|_| ParseAddressError::Form)?;
        }
        if bytes.next().is_some() {
            return Err(ParseAddressError::Form);
        }
        if address[5] & 0xc0 != 0xc0 {
            return Err(ParseAddressError::Kind);
        }
        Ok(Self(address))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let address = Address([0x9a, 0x78, 0x56, 0x34, 0x12, 0xc0]);
        assert_eq!("c0:12:34:56:78:9A".parse(), Ok(address));
        assert_eq!(address.to_string(), "C0:12:34:56:78:9A");
        for bad in ["", "C0:12", "C0:12:34:56:78:9A:00", "xx:12:34:56:78:9A"] {
            assert_eq!(bad.parse::<Address>(), Err(ParseAddressError::Form), "{bad}");
        }
        assert_eq!("40:12:34:56:78:9A".parse::<Address>(), Err(ParseAddressError::Kind));
    }
}
