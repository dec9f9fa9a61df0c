//! An image for a board: what of an ELF file goes where, and that as Intel HEX, which a micro:bit's drive takes.
//!
//! Only what the linker makes of a bare-metal program is read: 32 bits, little end first, by its program headers.

use anyhow::{Context as _, ensure};

/// Where RAM is, on every Cortex-M. What lies below is flash.
const RAM: std::ops::Range<u32> = 0x2000_0000..0x4000_0000;

/// Bytes a line of Intel HEX.
const LINE: usize = 16;

/// What a program takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// Bytes of flash: code, constants and the first values of variables.
    pub(crate) flash: u32,
    /// Bytes of RAM that variables take. The stack is what is left.
    pub(crate) ram: u32,
}

/// Bytes for an address in flash.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'e> {
    at: u32,
    bytes: &'e [u8],
}

/// A program.
#[derive(Debug)]
pub(crate) struct Image<'e> {
    pieces: Vec<Piece<'e>>,
    ram: u32,
}

impl<'e> Image<'e> {
    /// Reads an ELF file.
    pub(crate) fn of_elf(elf: &'e [u8]) -> anyhow::Result<Self> {
        ensure!(elf.starts_with(b"\x7fELF\x01\x01"), "this is no ELF file of 32 bits, little end first");
        let (table, entry, entries) =
            (long(elf, 0x1c)?, u32::from(short(elf, 0x2a)?), u32::from(short(elf, 0x2c)?));
        let (mut pieces, mut ram) = (Vec::new(), 0);
        for header in (0..entries).map(|number| (table + number * entry) as usize) {
            const LOAD: u32 = 1;
            if long(elf, header)? != LOAD {
                continue;
            }
            let offset = long(elf, header + 4)? as usize;
            let (runs_at, lies_at) = (long(elf, header + 8)?, long(elf, header + 12)?);
            let (in_file, in_memory) = (long(elf, header + 16)? as usize, long(elf, header + 20)?);
            if RAM.contains(&runs_at) {
                ram += in_memory;
            }
            if in_file > 0 {
                let bytes = elf.get(offset..offset + in_file).context("this ELF file is cut short")?;
                ensure!(!RAM.contains(&lies_at), "something is to be loaded into RAM, where nothing stays");
                pieces.push(Piece { at: lies_at, bytes });
            }
        }
        pieces.sort_by_key(|piece| piece.at);
        ensure!(!pieces.is_empty(), "there is nothing in this program");
        Ok(Self { pieces, ram })
    }

    /// What it takes. Gaps between what lies in flash count: nothing else can be there.
    pub(crate) fn sizes(&self) -> Sizes {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else {
            return Sizes { flash: 0, ram: self.ram };
        };
        Sizes { flash: last.at + last.bytes.len() as u32 - first.at, ram: self.ram }
    }

    /// Bytes in flash of what has a name that begins so, by the program's table of symbols.
    pub(crate) fn named(elf: &[u8], prefixes: &[&str]) -> anyhow::Result<u32> {
        let (table, entry, entries) =
            (long(elf, 0x20)?, u32::from(short(elf, 0x2e)?), u32::from(short(elf, 0x30)?));
        let section = |number: u32| (table + number * entry) as usize;
        let mut sum = 0;
        for header in (0..entries).map(section) {
            const SYMBOLS: u32 = 2;
            const SYMBOL: usize = 16;
            if long(elf, header + 4)? != SYMBOLS {
                continue;
            }
            let (offset, length) = (long(elf, header + 16)? as usize, long(elf, header + 20)? as usize);
            let names = long(elf, section(long(elf, header + 24)?) + 16)? as usize;
            for symbol in (offset..offset + length).step_by(SYMBOL) {
                let name =
                    elf.get(names + long(elf, symbol)? as usize..).context("this ELF file is cut short")?;
                let begins = |prefix: &&str| name.starts_with(prefix.as_bytes());
                if prefixes.iter().any(begins) && !RAM.contains(&long(elf, symbol + 4)?) {
                    sum += long(elf, symbol + 8)?;
                }
            }
        }
        Ok(sum)
    }

    /// As Intel HEX.
    pub(crate) fn hex(&self) -> String {
        let mut text = String::new();
        let mut upper = None;
        for Piece { at, bytes } in &self.pieces {
            let (mut at, mut left) = (*at, *bytes);
            while !left.is_empty() {
                if upper != Some(at >> 16) {
                    upper = Some(at >> 16);
                    record(&mut text, 4, 0, &((at >> 16) as u16).to_be_bytes());
                }
                // No record goes over the end of 64 KiB, which its address cannot name.
                let room = (0x1_0000 - (at & 0xffff)) as usize;
                let (now, later) = left.split_at(left.len().min(LINE).min(room));
                record(&mut text, 0, at as u16, now);
                at += now.len() as u32;
                left = later;
            }
        }
        record(&mut text, 1, 0, &[]);
        text
    }
}

fn record(text: &mut String, kind: u8, at: u16, bytes: &[u8]) {
    use std::fmt::Write as _;
    let [high, low] = at.to_be_bytes();
    let mut sum = 0u8;
    text.push(':');
    for byte in [bytes.len() as u8, high, low, kind].iter().chain(bytes) {
        sum = sum.wrapping_add(*byte);
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02X}");
    }
    let _ = writeln!(text, "{:02X}", sum.wrapping_neg());
}

fn long(elf: &[u8], at: usize) -> anyhow::Result<u32> {
    let bytes = elf.get(at..at + 4).context("this ELF file is cut short")?;
    Ok(u32::from_le_bytes(bytes.try_into()?))
}

fn short(elf: &[u8], at: usize) -> anyhow::Result<u16> {
    let bytes = elf.get(at..at + 2).context("this ELF file is cut short")?;
    Ok(u16::from_le_bytes(bytes.try_into()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file with these program headers: type, file bytes, where it runs, where it lies, how long in memory.
    fn elf(headers: &[(u32, &[u8], u32, u32, u32)]) -> Vec<u8> {
        let mut elf = vec![0; 52];
        elf[..6].copy_from_slice(b"\x7fELF\x01\x01");
        elf[0x1c..0x20].copy_from_slice(&52u32.to_le_bytes());
        elf[0x2a..0x2c].copy_from_slice(&32u16.to_le_bytes());
        elf[0x2c..0x2e].copy_from_slice(&(headers.len() as u16).to_le_bytes());
        let mut offset = 52 + 32 * headers.len() as u32;
        for (kind, bytes, runs, lies, memory) in headers {
            for word in [*kind, offset, *runs, *lies, bytes.len() as u32, *memory, 0, 4] {
                elf.extend_from_slice(&word.to_le_bytes());
            }
            offset += bytes.len() as u32;
        }
        for (_, bytes, ..) in headers {
            elf.extend_from_slice(bytes);
        }
        elf
    }

    #[test]
    fn code_lies_in_flash_and_variables_take_ram() {
        let elf = elf(&[
            (1, &[1; 20], 0, 0, 20),
            (1, &[2; 8], 0x2000_0000, 24, 8),
            (1, &[], 0x2000_0008, 0x2000_0008, 100),
            (0x6474_e551, &[], 0, 0, 0),
        ]);
        let image = Image::of_elf(&elf).unwrap();
        assert_eq!(image.sizes(), Sizes { flash: 32, ram: 108 });
    }

    #[test]
    fn what_is_named_so_is_summed_where_it_lies_in_flash() {
        // Two sections behind the head: symbols, and their names.
        let names = b"\0sym_A\0other\0sym_B\0";
        let mut elf = vec![0; 52];
        elf[..6].copy_from_slice(b"\x7fELF\x01\x01");
        elf[0x20..0x24].copy_from_slice(&52u32.to_le_bytes());
        elf[0x2e..0x32].copy_from_slice(&[40, 0, 2, 0]);
        let symbols = [(1u32, 0x100u32, 20u32), (7, 0x200, 300), (13, 0x300, 4000), (1, 0x2000_0000, 50_000)];
        let at = 52 + 2 * 40;
        for (kind, offset, length, link) in
            [(2u32, at, 16 * symbols.len() as u32, 1u32), (3, at + 16 * symbols.len() as u32, 20, 0)]
        {
            for word in [0, kind, 0, 0, offset, length, link, 0, 0, 16] {
                elf.extend_from_slice(&word.to_le_bytes());
            }
        }
        for (name, value, size) in symbols {
            for word in [name, value, size, 0x12] {
                elf.extend_from_slice(&word.to_le_bytes());
            }
        }
        elf.extend_from_slice(names);
        assert_eq!(Image::named(&elf, &["sym_"]).unwrap(), 4020);
        assert_eq!(Image::named(&elf, &["oth", "sym_A"]).unwrap(), 320);
        assert!(Image::named(&elf[..elf.len() - 40], &["sym_"]).is_err());
    }

    #[test]
    fn it_is_written_as_the_format_wants_it() {
        // The record of Intel's own example, 16 bytes at 0x0100; and two pieces around the end of 64 KiB.
        let example: Vec<u8> = vec![
            0x21, 0x46, 0x01, 0x36, 0x01, 0x21, 0x47, 0x01, 0x36, 0x00, 0x7e, 0xfe, 0x09, 0xd2, 0x19, 0x01,
        ];
        let elf = elf(&[(1, &example, 0x100, 0x100, 16), (1, &[1, 2, 3, 4], 0xfffe, 0xfffe, 4)]);
        let hex = Image::of_elf(&elf).unwrap().hex();
        let lines: Vec<&str> = hex.lines().collect();
        assert_eq!(
            lines,
            [
                ":020000040000FA",
                ":10010000214601360121470136007EFE09D2190140",
                ":02FFFE000102FE",
                ":020000040001F9",
                ":020000000304F7",
                ":00000001FF",
            ]
        );
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(Image::of_elf(b"\x7fELF\x02\x01").is_err());
        assert!(Image::of_elf(&elf(&[])).is_err());
        let whole = elf(&[(1, &[1; 20], 0, 0, 20)]);
        assert!(Image::of_elf(&whole[..whole.len() - 1]).is_err());
        assert!(Image::of_elf(&elf(&[(1, &[1; 4], 0x2000_0000, 0x2000_0000, 4)])).is_err());
    }
}
