//! `unknot flash` against a folder that plays the drive of a micro:bit: it goes and comes back when the program says that
//! it waits for that.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::{Place, Ran};

const IMAGE: &str = ":020000040000FA\n:00000001FF\n";

/// A drive with this `DETAILS.TXT`, and an image beside it. Gives the arguments.
fn drive(place: &Place, details: &str) -> Vec<String> {
    fs::create_dir(place.file("MICROBIT")).unwrap();
    place.write("MICROBIT/DETAILS.TXT", details);
    let image = place.write("image.hex", IMAGE);
    let folder = place.file("MICROBIT").display().to_string();
    ["flash", "--only", "--drive", &folder, "--image", &image].map(str::to_owned).to_vec()
}

fn v2() -> String {
    "# DAPLink Firmware\r\nUnique ID: 9904360262384e45\r\nDaplink Mode: Interface\r\n".to_owned()
}

fn run(place: &Place, arguments: &[String]) -> Ran {
    place.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Runs it while the folder plays the restart. `fail` is the `FAIL.TXT` that it returns with.
fn restarted(place: &Place, arguments: &[String], fail: Option<&str>) -> Ran {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = place.command(&arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.starts_with("Copied.") {
            assert_eq!(fs::read_to_string(place.file("MICROBIT/UNKNOT.HEX")).unwrap(), IMAGE);
            fs::rename(place.file("MICROBIT"), place.file("gone")).unwrap();
        } else if line.contains("is restarting") {
            fs::remove_file(place.file("gone/UNKNOT.HEX")).unwrap();
            if let Some(fail) = fail {
                place.write("gone/FAIL.TXT", fail);
            }
            fs::rename(place.file("gone"), place.file("MICROBIT")).unwrap();
        }
        out += &line;
        out.push('\n');
    }
    let ended = child.wait_with_output().unwrap();
    Ran { code: ended.status.code(), out, err: String::from_utf8(ended.stderr).unwrap() }
}

#[test]
fn an_image_is_copied_and_the_restart_waited_for() {
    let place = Place::new();
    let arguments = drive(&place, &v2());
    let ran = restarted(&place, &arguments, None);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.ends_with("it is a clicker now.\n"), "{}", ran.out);
}

#[test]
fn afterwards_it_goes_on_to_pairing() {
    let place = Place::new();
    let arguments: Vec<String> = drive(&place, &v2()).into_iter().filter(|word| word != "--only").collect();
    let ran = restarted(&place, &arguments, None);
    // There is no Bluetooth in a test.
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("it is a clicker now.") && ran.err.contains("Bluetooth"), "{ran:?}");
}

#[test]
fn what_the_drive_reports_is_explained() {
    for (kind, wanted) in [
        ("transient", "without a USB hub"),
        ("user", "made for another board"),
        ("target", "remove its batteries"),
        ("interface", "update its firmware"),
    ] {
        let place = Place::new();
        let arguments = drive(&place, &v2());
        let fail = format!("error: The transfer timed out.\r\ntype: {kind}\r\n");
        let ran = restarted(&place, &arguments, Some(&fail));
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains("(The transfer timed out)") && ran.err.contains(wanted), "{}", ran.err);
    }
}

#[test]
fn a_wrong_board_or_image_is_refused_and_nothing_is_copied() {
    let other = |from: &str, to: &str| v2().replace(from, to);
    for (details, wanted) in [
        (other("9904", "9900"), "micro:bit v1"),
        (other("9904", "0240"), "is not the drive of a micro:bit"),
        (other("Interface", "Bootloader"), "maintenance mode"),
    ] {
        let place = Place::new();
        let ran = run(&place, &drive(&place, &details));
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains(wanted), "{}", ran.err);
        assert!(!place.file("MICROBIT/UNKNOT.HEX").exists());
    }
    for image in ["", "no image", ":020000040000FA\n"] {
        let place = Place::new();
        let arguments = drive(&place, &v2());
        place.write("image.hex", image);
        let ran = run(&place, &arguments);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("not a complete HEX file"), "{}", ran.err);
        assert!(!place.file("MICROBIT/UNKNOT.HEX").exists());
    }
}
