//! Reads the loadable parts of an ELF file and writes them as Intel HEX, the format of the micro:bit's drive.

use anyhow::{Context as _, ensure};
use object::LittleEndian as Little;
use object::elf::PT_LOAD;
use object::read::elf::{ElfFile32, ProgramHeader as _};
use object::{Object as _, ObjectSymbol as _};

/// Address range of RAM on every Cortex-M. Flash is below.
const RAM: std::ops::Range<u32> = 0x2000_0000..0x4000_0000;

/// Data bytes per line of Intel HEX.
const LINE: usize = 16;

/// Memory use of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// Bytes of flash: code, constants and initial values of variables.
    pub(crate) flash: u32,
    /// Bytes of RAM for variables. The stack is what is left.
    pub(crate) ram: u32,
}

/// Bytes at an address in flash.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'e> {
    at: u32,
    bytes: &'e [u8],
}

/// The loadable parts of a program.
#[derive(Debug)]
pub(crate) struct Image<'e> {
    pieces: Vec<Piece<'e>>,
    ram: u32,
}

impl<'e> Image<'e> {
    /// Reads an ELF file.
    pub(crate) fn of_elf(elf: &'e [u8]) -> anyhow::Result<Self> {
        let program = parse(elf)?;
        let (mut pieces, mut ram) = (Vec::new(), 0);
        for header in program.elf_program_headers() {
            if header.p_type(Little) != PT_LOAD {
                continue;
            }
            if RAM.contains(&header.p_vaddr(Little)) {
                ram += header.p_memsz(Little);
            }
            let bytes = header.data(Little, elf).ok().context("this ELF file is truncated")?;
            if !bytes.is_empty() {
                let at = header.p_paddr(Little);
                ensure!(!RAM.contains(&at), "a segment is loaded into RAM, which loses it without power");
                pieces.push(Piece { at, bytes });
            }
        }
        pieces.sort_by_key(|piece| piece.at);
        ensure!(!pieces.is_empty(), "this ELF file has nothing to load");
        Ok(Self { pieces, ram })
    }

    /// Memory use. Gaps in flash count, because nothing else can use them.
    pub(crate) fn sizes(&self) -> Sizes {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else {
            return Sizes { flash: 0, ram: self.ram };
        };
        Sizes { flash: last.at + last.bytes.len() as u32 - first.at, ram: self.ram }
    }

    /// Bytes in flash of all symbols whose name starts with one of these prefixes.
    pub(crate) fn named(elf: &[u8], prefixes: &[&str]) -> anyhow::Result<u32> {
        let program = parse(elf)?;
        let begins = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
        let mut sum = 0;
        for symbol in program.symbols() {
            let name = symbol.name().context("this ELF file is truncated")?;
            if begins(name) && !RAM.contains(&u32::try_from(symbol.address())?) {
                sum += u32::try_from(symbol.size())?;
            }
        }
        Ok(sum)
    }

    /// Writes Intel HEX.
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
                // A record must not cross a 64 KiB boundary, because its address has 16 bits.
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
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    let _ = writeln!(text, "{:02X}", sum.wrapping_neg());
}

/// Parses the linker's output: 32 bits, little-endian.
fn parse(elf: &[u8]) -> anyhow::Result<ElfFile32<'_, Little>> {
    ElfFile32::<Little>::parse(elf).context("this is not a 32-bit little-endian ELF file")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file with these program headers: type, file bytes, virtual address, physical address, size in memory.
    fn elf(headers: &[(u32, &[u8], u32, u32, u32)]) -> Vec<u8> {
        let mut elf = vec![0; 52];
        elf[..7].copy_from_slice(b"\x7fELF\x01\x01\x01");
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
        // Three sections after the header: none, symbols, their names.
        let names = b"\0sym_A\0other\0sym_B\0";
        let mut elf = vec![0; 52];
        elf[..7].copy_from_slice(b"\x7fELF\x01\x01\x01");
        elf[0x20..0x24].copy_from_slice(&52u32.to_le_bytes());
        elf[0x2e..0x34].copy_from_slice(&[40, 0, 3, 0, 2, 0]);
        let symbols = [
            (0, 0, 0),
            (1u32, 0x100u32, 20u32),
            (7, 0x200, 300),
            (13, 0x300, 4000),
            (1, 0x2000_0000, 50_000),
        ];
        let at = 52 + 3 * 40;
        let length = 16 * symbols.len() as u32;
        for (kind, offset, length, link) in
            [(0u32, 0, 0, 0), (2, at, length, 2u32), (3, at + length, names.len() as u32, 0)]
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
        // Intel's own example record, 16 bytes at 0x0100; and two pieces around a 64 KiB boundary.
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
