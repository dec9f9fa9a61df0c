//! `unknot flash`: puts the clicker's image onto a micro:bit, by its drive.
//!
//! ```text
//!   find the drive --DETAILS.TXT--> copy --> wait for it to go --> wait for it to return --> FAIL.TXT?
//!        |               |            |            |                     |                     |
//!        +--none         +--a v1      +--full      +--after 30 s         +--after 60 s         +--the cause
//! ```
//!
//! The micro:bit restarts by itself once it has the image, and its drive goes and comes back meanwhile. [`Restart`] judges
//! that from what is seen and when; only [`run`] looks at the drive and the clock.

mod drive;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use words::{Value, Words, foreign};

use crate::args;
use crate::clock::{Clock as _, SystemClock};
use crate::commands::flash::drive::{Board, Cause};
use crate::failure::{Failure, shown};
use crate::flows::pair;

/// Name of the image in a package.
const IMAGE: &str = "unknot-microbit.hex";

/// Name of the copy on the drive. The drive takes any; this one fits its file system of short names.
const COPY: &str = "UNKNOT.HEX";

/// The image has under 1 MB; a file above this is not one and is not read.
const MAX_IMAGE_BYTES: u64 = 8_000_000;

/// Interval between looks at the drive. It is away for about a second.
const INTERVAL: Duration = Duration::from_millis(200);

/// Maximum time from the copy until the drive goes. Writing takes 10 s, and systems write late.
const GOES_WITHIN: Duration = Duration::from_secs(30);

/// Maximum time that the drive is away. Some desktops mount it only after seconds.
const RETURNS_WITHIN: Duration = Duration::from_secs(60);

/// `unknot flash`
pub(crate) fn run(asked: &args::Flash, db: &Path, out: &mut impl Write) -> Result<(), Failure> {
    let words = Words::english();
    let image = image(&words, asked.image.as_deref())?;
    let folder = folder(&words, asked.drive.as_deref())?;
    accept(&words, &folder)?;
    let mut say = |id: &str| -> Result<(), Failure> {
        writeln!(out, "{}", words.render(id, &[("drive", Value::Name(&shown(&folder)))]))?;
        Ok(out.flush()?)
    };
    say("flash-copying")?;
    copy(&image, &folder.join(COPY)).map_err(|why| refuse(&words, "flash-cannot-copy", &why.to_string()))?;
    say("flash-copied")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let ended = runtime.block_on(async {
        let (mut clock, mut restart) = (SystemClock::start(), Restart::default());
        loop {
            let was_gone = restart.is_gone();
            if let Some(ended) = restart.look(clock.read().monotonic, look(&folder)) {
                return Ok::<_, Failure>(ended);
            }
            if restart.is_gone() && !was_gone {
                say("flash-restarting")?;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    })?;
    match ended {
        Ended::Done => say("flash-done")?,
        Ended::Failed(text) => return Err(failed(&words, &text)),
        Ended::NeverWent => return Err(refuse(&words, "flash-never-went", "")),
        Ended::NeverReturned => return Err(refuse(&words, "flash-never-returned", "")),
    }
    if asked.only { Ok(()) } else { pair::on_lines(db, None) }
}

/// What a look at the drive shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Gone,
    /// With the text of `FAIL.TXT`, if it is there.
    There(Option<String>),
}

/// How a restart ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Done,
    /// With the text of `FAIL.TXT`.
    Failed(String),
    NeverWent,
    NeverReturned,
}

/// The restart of a micro:bit after the copy, judged by what is seen of its drive.
#[derive(Debug, Default)]
struct Restart {
    /// When the first look was taken.
    began: Option<Duration>,
    /// When the drive was first seen gone.
    gone: Option<Duration>,
}

impl Restart {
    fn is_gone(&self) -> bool {
        self.gone.is_some()
    }

    /// Takes what is seen at `now`, a monotonic time. `None` while it is not over.
    fn look(&mut self, now: Duration, seen: Seen) -> Option<Ended> {
        let began = *self.began.get_or_insert(now);
        match (seen, self.gone) {
            (Seen::There(Some(text)), Some(_)) => Some(Ended::Failed(text)),
            (Seen::There(None), Some(_)) => Some(Ended::Done),
            // A `FAIL.TXT` that is there before the restart may be of an earlier copy.
            (Seen::There(fail), None) => (now.saturating_sub(began) >= GOES_WITHIN)
                .then(|| fail.map_or(Ended::NeverWent, Ended::Failed)),
            (Seen::Gone, gone) => {
                let since = *self.gone.insert(gone.unwrap_or(now));
                (now.saturating_sub(since) >= RETURNS_WITHIN).then_some(Ended::NeverReturned)
            }
        }
    }
}

fn look(folder: &Path) -> Seen {
    if !folder.join("DETAILS.TXT").is_file() {
        return Seen::Gone;
    }
    let fail = fs::read(folder.join("FAIL.TXT")).ok();
    Seen::There(fail.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

/// The image that is named, or the one that came with the program: beside it, or in `share/unknot`.
fn image(words: &Words, named: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let path = if let Some(path) = named {
        path.to_owned()
    } else {
        let program = std::env::current_exe()?;
        let folder = program.parent().unwrap_or(Path::new(""));
        let places = [folder.join(IMAGE), folder.join("../share/unknot").join(IMAGE)];
        places.into_iter().find(|place| place.is_file()).ok_or_else(|| refuse(words, "flash-no-image", ""))?
    };
    let cannot = |why: &str| {
        let args = [("file", Value::Name(&shown(&path))), ("why", Value::Name(why))];
        Failure::Usage(words.render("flash-not-an-image", &args))
    };
    let size = fs::metadata(&path).map_err(|error| cannot(&error.to_string()))?.len();
    if size > MAX_IMAGE_BYTES {
        return Err(cannot(&words.render("flash-not-hex", &[])));
    }
    let image = fs::read(&path).map_err(|error| cannot(&error.to_string()))?;
    // The last record of an Intel HEX file. Without it the file was cut.
    let is_hex = image.starts_with(b":") && image.trim_ascii_end().ends_with(b":00000001FF");
    if is_hex { Ok(image) } else { Err(cannot(&words.render("flash-not-hex", &[]))) }
}

/// The folder that is named, or the only drive that is plugged in.
fn folder(words: &Words, named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(folder) = named {
        return Ok(folder.to_owned());
    }
    let mut found = drive::mounted();
    match (found.len(), drive::is_unmounted()) {
        (0, true) => Err(refuse(words, "flash-not-mounted", "")),
        (0, false) => Err(refuse(words, "flash-no-drive", "")),
        (1, _) => Ok(found.remove(0)),
        _ => {
            let all = found.iter().map(|folder| shown(folder)).collect::<Vec<_>>().join(", ");
            Err(refuse(words, "flash-several", &all))
        }
    }
}

/// Refuses a drive that is not that of a micro:bit v2.
fn accept(words: &Words, folder: &Path) -> Result<(), Failure> {
    let details = fs::read(folder.join("DETAILS.TXT"))
        .map_err(|_| refuse(words, "flash-not-a-drive", &shown(folder)))?;
    match drive::board(&String::from_utf8_lossy(&details)) {
        Board::V2 => Ok(()),
        Board::V1 => Err(refuse(words, "flash-v1", "")),
        Board::Maintenance => Err(refuse(words, "flash-maintenance", "")),
        Board::Other => Err(refuse(words, "flash-not-a-drive", &shown(folder))),
    }
}

/// Copies the image. The drive may go before the system has heard that all is written, so that is no failure: how it
/// ended is seen when the drive is back.
fn copy(image: &[u8], to: &Path) -> std::io::Result<()> {
    let mut file = File::create(to)?;
    file.write_all(image)?;
    drop(file.sync_all());
    Ok(())
}

fn failed(words: &Words, text: &str) -> Failure {
    let (cause, error) = drive::failure(text);
    let id = match cause {
        Cause::Transient => "flash-failed-transient",
        Cause::User => "flash-failed-user",
        Cause::Target => "flash-failed-target",
        Cause::Interface => "flash-failed-interface",
    };
    refuse(words, id, &error)
}

/// The failure with this sentence; `why` is text from outside.
fn refuse(words: &Words, id: &str, why: &str) -> Failure {
    anyhow::anyhow!("{}", words.render(id, &[("why", Value::Name(&foreign(why)))])).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_drive_that_goes_and_returns_has_taken_the_image() {
        let mut restart = Restart::default();
        // A FAIL.TXT of an earlier copy is still there before the restart.
        assert_eq!(restart.look(s(5), Seen::There(Some("old".to_owned()))), None);
        assert_eq!(restart.look(s(34), Seen::Gone), None);
        assert_eq!(restart.look(s(93), Seen::Gone), None);
        assert_eq!(restart.look(s(94) - INTERVAL, Seen::There(None)), Some(Ended::Done));
    }

    #[test]
    fn a_drive_that_returns_with_a_reason_has_not() {
        let mut restart = Restart::default();
        assert_eq!(restart.look(s(0), Seen::Gone), None);
        let why = Seen::There(Some("error: no".to_owned()));
        assert_eq!(restart.look(s(1), why), Some(Ended::Failed("error: no".to_owned())));
    }

    #[test]
    fn each_wait_ends() {
        let mut restart = Restart::default();
        assert_eq!(restart.look(s(1), Seen::There(None)), None);
        assert_eq!(restart.look(s(30), Seen::There(None)), None);
        assert_eq!(restart.look(s(31), Seen::There(None)), Some(Ended::NeverWent));
        let mut restart = Restart::default();
        assert_eq!(restart.look(s(1), Seen::Gone), None);
        assert_eq!(restart.look(s(60), Seen::Gone), None);
        assert_eq!(restart.look(s(61), Seen::Gone), Some(Ended::NeverReturned));
    }

    #[test]
    fn every_sentence_of_the_file_is_used_here() {
        let (file, code) = (include_str!("../../../words/en.ftl"), include_str!("flash.rs"));
        let ids = file.lines().filter(|line| line.starts_with("flash-"));
        let ids: BTreeSet<&str> = ids.filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
        let used = code.split('"').filter(|text| text.starts_with("flash-") && text.len() > "flash-".len());
        assert_eq!(used.collect::<BTreeSet<_>>(), ids);
    }
}
