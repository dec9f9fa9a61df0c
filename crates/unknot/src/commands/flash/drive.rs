//! The drive of a micro:bit: where each system puts it, and what its two text files say. DAPLink, the program of the
//! board's second chip, writes them: `DETAILS.TXT` always, `FAIL.TXT` after a copy that did not work.

use std::path::{Path, PathBuf};

/// Boards that the image runs on, by the first four digits of the unique id: micro:bit v2.0, v2.2 and their variants.
const V2: [&str; 4] = ["9903", "9904", "9905", "9906"];

/// Boards with the older chip: micro:bit v1.3 and v1.5.
const V1: [&str; 2] = ["9900", "9901"];

/// Which board a drive belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Board {
    /// The image runs on it.
    V2,
    /// A micro:bit whose chip cannot run the image.
    V1,
    /// DAPLink in maintenance mode: an image would replace DAPLink itself.
    Maintenance,
    /// `DETAILS.TXT` names no micro:bit.
    Other,
}

/// Who has to act on a failure, as `FAIL.TXT` classifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It may work the next time.
    Transient,
    /// The file was wrong.
    User,
    /// The chip that the image is for does not answer.
    Target,
    /// DAPLink failed, or gave no reason.
    Interface,
}

/// Reads `DETAILS.TXT`.
pub(crate) fn board(details: &str) -> Board {
    if field(details, "Daplink Mode").is_some_and(|mode| mode.eq_ignore_ascii_case("bootloader")) {
        return Board::Maintenance;
    }
    let id = field(details, "Unique ID").unwrap_or_default();
    let starts = |ids: &[&str]| ids.iter().any(|start| id.starts_with(start));
    if starts(&V2) {
        Board::V2
    } else if starts(&V1) {
        Board::V1
    } else {
        Board::Other
    }
}

/// Reads `FAIL.TXT`: the cause, and the sentence of DAPLink.
pub(crate) fn failure(text: &str) -> (Cause, String) {
    let cause = match field(text, "type") {
        Some("transient") => Cause::Transient,
        Some("user") => Cause::User,
        Some("target") => Cause::Target,
        Some(_) | None => Cause::Interface,
    };
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    (cause, field(text, "error").unwrap_or(first).trim_end_matches('.').to_owned())
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, v)| v.trim())
}

/// The drives of micro:bits that the system has mounted.
pub(crate) fn mounted() -> Vec<PathBuf> {
    candidates().into_iter().filter(|folder| folder.join("DETAILS.TXT").is_file()).collect()
}

/// Whether the system sees such a drive without having mounted it. Known on Linux only.
pub(crate) fn is_unmounted() -> bool {
    cfg!(target_os = "linux") && Path::new("/dev/disk/by-label/MICROBIT").exists()
}

#[cfg(target_os = "linux")]
fn candidates() -> Vec<PathBuf> {
    in_mounts(&std::fs::read_to_string("/proc/self/mounts").unwrap_or_default())
}

#[cfg(target_os = "macos")]
fn candidates() -> Vec<PathBuf> {
    let volumes = std::fs::read_dir("/Volumes").into_iter().flatten().flatten();
    volumes.map(|volume| volume.path()).filter(|path| is_named(path)).collect()
}

/// Drive letters: the label is not asked for, `DETAILS.TXT` tells enough. A and B are left out, because a floppy drive
/// takes seconds to answer.
#[cfg(windows)]
fn candidates() -> Vec<PathBuf> {
    let is_daplink = |root: &PathBuf| {
        std::fs::read_to_string(root.join("DETAILS.TXT")).is_ok_and(|details| details.contains("DAPLink"))
    };
    ('C'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\"))).filter(is_daplink).collect()
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn candidates() -> Vec<PathBuf> {
    Vec::new()
}

/// Reads the format of `/proc/mounts`, in which a space is written `\040`.
#[cfg(any(target_os = "linux", test))]
fn in_mounts(mounts: &str) -> Vec<PathBuf> {
    let folders = mounts.lines().filter_map(|line| line.split(' ').nth(1));
    folders
        .map(|folder| PathBuf::from(folder.replace("\\040", " ")))
        .filter(|folder| is_named(folder))
        .collect()
}

/// A second drive of the same label gets a number: `MICROBIT1`, `MICROBIT 1`.
#[cfg(any(target_os = "linux", target_os = "macos", test))]
fn is_named(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.strip_prefix("MICROBIT").is_some_and(|rest| rest.trim_start().chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(id: &str, mode: &str) -> String {
        format!(
            "# DAPLink Firmware - see https://mbed.com/daplink\r\nUnique ID: {id}0262384e45\r\nDaplink Mode: {mode}\r\n"
        )
    }

    #[test]
    fn the_board_is_known_by_its_unique_id_and_mode() {
        for (id, mode, wanted) in [
            ("9904", "Interface", Board::V2),
            ("9906", "Interface", Board::V2),
            ("9900", "Interface", Board::V1),
            ("9901", "Interface", Board::V1),
            ("9904", "Bootloader", Board::Maintenance),
            ("1234", "Interface", Board::Other),
        ] {
            assert_eq!(board(&details(id, mode)), wanted, "{id} {mode}");
        }
        assert_eq!(board(""), Board::Other);
    }

    #[test]
    fn a_failure_is_read_with_its_cause() {
        let text = "error: The transfer timed out.\r\ntype: transient\r\n";
        assert_eq!(failure(text), (Cause::Transient, "The transfer timed out".to_owned()));
        // Old versions of DAPLink write the sentence alone.
        assert_eq!(failure("SWD ERROR\r\n"), (Cause::Interface, "SWD ERROR".to_owned()));
        assert_eq!(failure(""), (Cause::Interface, String::new()));
    }

    #[test]
    fn drives_are_found_among_the_mounts() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\n/dev/sdb /media/ann\\040lee/MICROBIT vfat rw 0 0\n\
            /dev/sdc /run/media/ann/MICROBIT1 vfat rw 0 0\n/dev/sdd /media/ann/MICROBITS vfat rw 0 0\n";
        let wanted = ["/media/ann lee/MICROBIT", "/run/media/ann/MICROBIT1"].map(PathBuf::from);
        assert_eq!(in_mounts(mounts), wanted);
    }
}
