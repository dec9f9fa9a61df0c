//! CRC-32 as in Ethernet and zip files, four bits at a time with a table of 64 bytes.

const TABLE: [u32; 16] = {
    let mut table = [0; 16];
    let mut at = 0;
    while at < 16 {
        let mut crc = at as u32;
        let mut bit = 0;
        while bit < 4 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
    }
    table
};

/// The CRC of `bytes`. All zeros and all ones do not have themselves as CRC.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        crc = crc >> 4 ^ TABLE[(crc & 15) as usize];
        crc = crc >> 4 ^ TABLE[(crc & 15) as usize];
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_one_that_everybody_uses() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn blank_and_cleared_flash_are_no_records() {
        for len in [12, 200] {
            for byte in [0x00, 0xff] {
                assert_ne!(crc32(&[byte; 200][..len]), u32::from_le_bytes([byte; 4]), "{len} of {byte}");
            }
        }
    }
}
