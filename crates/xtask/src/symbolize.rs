//! Translates an address of a firmware image, as a clicker reports it after a fault, to source lines.

use addr2line::Context;
use addr2line::gimli::{self, EndianSlice, LittleEndian};
use anyhow::{Context as _, ensure};
use object::{Object as _, ObjectSection as _};

/// Path prefix that replaces the repository's root in images, so that an image does not depend on where it was built.
pub(crate) const SOURCE_ROOT: &str = "/unknot";

/// Functions at this address, innermost first, each with its file and line.
pub(crate) fn frames(elf: &[u8], address: u32) -> anyhow::Result<Vec<String>> {
    let elf = object::File::parse(elf).context("this is not an ELF file")?;
    let section = |id: gimli::SectionId| -> Result<_, gimli::Error> {
        let bytes = elf.section_by_name(id.name()).and_then(|section| section.data().ok());
        Ok(EndianSlice::new(bytes.unwrap_or_default(), LittleEndian))
    };
    let tables = Context::from_dwarf(gimli::Dwarf::load(section)?)?;
    let mut found = tables.find_frames(address.into()).skip_all_loads()?;
    let mut frames = Vec::new();
    while let Some(frame) = found.next()? {
        let Some(function) = frame.function else { continue };
        let function = function.demangle()?.into_owned();
        let Some(file) = frame.location.as_ref().and_then(|place| place.file) else {
            frames.push(function);
            continue;
        };
        let file = file.strip_prefix(SOURCE_ROOT).map_or(file, |file| file.trim_start_matches('/'));
        frames.push(match frame.location.and_then(|place| place.line).filter(|line| *line > 0) {
            Some(line) => format!("{function}\n    {file}:{line}"),
            // The compiler may have merged several traps of a function, and then has no line for them.
            None => format!("{function}\n    {file}, line unknown: several panics share one trap"),
        });
    }
    ensure!(
        !frames.is_empty(),
        "{address:x} is not in the code of this image; check that the image was built from this source"
    );
    Ok(frames)
}

/// Parses an address as a clicker reports it: hexadecimal, with or without `0x`.
pub(crate) fn parse(text: &str) -> anyhow::Result<u32> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u32::from_str_radix(digits, 16).with_context(|| {
        format!(
            "{text} is no address; pass the hexadecimal number after `panic` or `fault`, for example 1a2b4"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_told() {
        assert_eq!(parse("1a2b4").unwrap(), 0x1a2b4);
        assert_eq!(parse("0x1A2B4").unwrap(), 0x1a2b4);
        for text in ["", "0x", "panic", "1a2b4 ", "-1", "123456789"] {
            assert!(parse(text).unwrap_err().to_string().contains("is no address"), "{text}");
        }
    }

    #[test]
    fn what_is_no_program_has_no_lines() {
        for bytes in [&b""[..], b"\x7fELF", &[0; 100]] {
            assert!(frames(bytes, 0).is_err());
        }
    }
}
