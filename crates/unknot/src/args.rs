//! The command line: what may be asked for, and nothing that is not there yet.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use coach::body::Table;

use crate::clock::Pace;
use crate::flows::table_height;

/// A two-device coach for easing a muscle knot in somebody's back.
#[derive(Debug, Parser)]
#[command(name = "unknot", version, after_help = NEWCOMER)]
pub struct Arguments {
    /// Another store than the one in the platform's data directory
    #[arg(long, value_name = "FILE", env = "UNKNOT_DB", global = true)]
    pub db: Option<PathBuf>,
    /// Write a log to this file
    #[arg(long, value_name = "FILE", env = "UNKNOT_LOG", global = true)]
    pub log: Option<PathBuf>,
    /// What the terminal writes on; `auto` believes COLORFGBG, and dark where there is none
    #[arg(long, value_name = "GROUND", env = "UNKNOT_THEME", default_value = "auto", global = true)]
    pub theme: Theme,
    /// Nothing on the screen flashes
    #[arg(long, env = "UNKNOT_REDUCED_MOTION", value_parser = FalseyValueParser::new(), global = true)]
    pub reduced_motion: bool,
    /// How much is spoken in a session; with `--plain` nothing is unless this is given
    #[arg(long, value_name = "MUCH", env = "UNKNOT_VOICE", global = true)]
    pub voice: Option<Voice>,
    /// How loud tones are, in percent
    #[arg(long, value_name = "PERCENT", env = "UNKNOT_VOLUME", default_value = "80", global = true,
        value_parser = clap::value_parser!(u8).range(0..=100))]
    pub volume: u8,
    /// What to do; nothing opens the start screen.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const NEWCOMER: &str =
    "New here? `unknot` alone opens the start screen; `unknot practice` leads you through a session \
by keyboard; no hardware is needed.
With a clicker: `unknot doctor` says what is missing, `unknot pair` pairs it, `unknot session` begins.
SESSION is an id, the beginning of one, or `last`.";

/// What the terminal writes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// As far as the terminal tells.
    Auto,
    /// Light letters on a dark ground.
    Dark,
    /// Dark letters on a light ground.
    Light,
}

/// How much is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Voice {
    /// Every prompt, and the rating.
    Everything,
    /// What changes what hands do.
    Hands,
    /// Alarms and counts.
    Alarms,
    /// Nothing, and no tones.
    Off,
}

/// What the program does today.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A session with a clicker in the receiver's hand, on the screen or as lines
    Session(Session),
    /// A session without hardware: you, a script or simulated people play the receiver and the partner
    Practice(Practice),
    /// The clickers in reach, and those that are remembered with their battery as last read
    Devices {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Pair a clicker with this computer, step by step, and remember it
    ///
    /// The clicker takes a pairing only while its window is open: hold its logo for 3 seconds while switching it on or
    /// pressing its reset button. It then shows six digits, which are typed here; they may be piped in.
    Pair {
        /// Which clicker, as `unknot devices` lists it; the one that is heard where none is named
        id: Option<String>,
    },
    /// Put the clicker's image onto a micro:bit v2 that is plugged in, then pair it
    Flash(Flash),
    /// Bluetooth, clickers, terminal, speech, store: what works, and how to mend the rest
    ///
    /// Exits with 1 where a session over the air could not work now.
    Doctor {
        /// Say a sentence and play the alarm, as loud as in a session, and nothing else
        #[arg(long)]
        speak: bool,
    },
    /// The sessions in the store
    History {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        /// Only this receiver's
        #[arg(long, value_name = "NAME")]
        receiver: Option<String>,
    },
    /// One transcript, as text or NDJSON
    Show {
        /// An id, the beginning of one, or `last`
        session: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Look back in the terminal: the sessions, one as a timeline, its notes
    Review {
        /// An id, the beginning of one, or `last`; without one, the list
        session: Option<String>,
        /// Lines and keys instead of the screen: for screen readers, dumb terminals and pipes
        #[arg(long)]
        plain: bool,
    },
    /// Play a stored session again on the screen it was seen on; nothing is stored, and no alarm sounds
    Replay {
        /// An id, the beginning of one, or `last`
        session: String,
        /// So many times as fast as it was, 0.01 to 100
        #[arg(long, value_name = "X", default_value = "1", value_parser = pace)]
        speed: Pace,
        /// Lines and keys instead of the screen: for screen readers, dumb terminals and pipes
        #[arg(long)]
        plain: bool,
    },
    /// Check the promises on stored sessions; exit 1 if one is broken
    Audit {
        /// An id, the beginning of one, or `last` (the default)
        #[arg(conflicts_with = "all")]
        session: Option<String>,
        /// Every session in the store
        #[arg(long)]
        all: bool,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Sessions as files: for another store, for a spreadsheet
    ///
    /// CSV has a row for each hold, and leaves screening answers and notes out. NDJSON is complete: `unknot import` takes it
    /// in again as it was, and the file says of itself whether it was cut or altered.
    Export(Export),
    /// A session that was stopped, on one page for a health professional
    ///
    /// Facts of that session alone: why it stopped, what was asked and answered, where was pressed, and every SHARP. It
    /// draws no conclusion, and leaves out what was not asked, notes, and every other session.
    Letter {
        /// An id, the beginning of one, or `last`
        session: String,
        /// The form
        #[arg(long, value_name = "FORM", default_value = "text")]
        format: Written,
        /// Into this file, which is there whole or not at all; to stdout without it
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Take in what `export --format ndjson` wrote; what is there already stays as it is
    Import {
        /// The files, or `-` for what comes in by a pipe; each is taken in whole or not at all
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Add a remark to a session, with the time of day; without one, list those there are
    ///
    /// An edit is kept as an edit: the older wording stays in the transcript.
    Note {
        /// An id, the beginning of one, or `last`
        session: String,
        /// The remark
        text: Option<String>,
        /// Another wording of this remark, by its number as it is listed
        #[arg(long, value_name = "NUMBER", requires = "text")]
        edit: Option<usize>,
    },
    /// Delete sessions for good: what was stored is overwritten
    Forget {
        /// An id, the beginning of one, or `last`; `missing`: those that were taken out of the store from outside
        #[arg(conflicts_with = "all", required_unless_present = "all")]
        session: Option<String>,
        /// Every session in the store
        #[arg(long)]
        all: bool,
        /// Without asking
        #[arg(long)]
        yes: bool,
    },
    /// The plans that ship, and plan files of your own
    #[command(subcommand)]
    Plan(Plan),
    /// Completions for a shell, to stdout
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// With whom, and with which clicker.
#[derive(Debug, Args)]
pub struct Session {
    /// A plan by name, or a plan file
    #[arg(long, value_name = "NAME|FILE")]
    pub plan: Option<String>,
    /// Which clicker, as `unknot devices` lists it; where none is named, the one that is remembered or near
    #[arg(long, value_name = "ID")]
    pub device: Option<String>,
    /// Who lies down today
    #[arg(long, value_name = "NAME")]
    pub receiver: Option<String>,
    /// What they lie on: `floor`, `bed` or `table`; where none is named, as the last time
    #[arg(long, value_name = "HEIGHT", value_parser = table_height::named)]
    pub table: Option<Table>,
    /// Lines and keys instead of the screen: for screen readers, dumb terminals and pipes
    #[arg(long)]
    pub plain: bool,
}

/// Onto which micro:bit, and what.
#[derive(Debug, Args)]
pub struct Flash {
    /// The image, a HEX file; where none is named, the one that came with the program
    #[arg(long, value_name = "FILE")]
    pub image: Option<PathBuf>,
    /// The folder of the micro:bit's drive; where none is named, it is searched for
    #[arg(long, value_name = "FOLDER")]
    pub drive: Option<PathBuf>,
    /// Do not go on to pairing
    #[arg(long)]
    pub only: bool,
}

/// Who plays, and how fast.
#[derive(Debug, Args)]
pub struct Practice {
    /// A plan by name, or a plan file
    #[arg(long, value_name = "NAME|FILE")]
    pub plan: Option<String>,
    /// Simulated people play the whole session, the same for the same seed
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// A script plays the session
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// What the receiver lies on: `floor`, `bed` or `table`; the partner's posture follows from it
    #[arg(long, value_name = "HEIGHT", value_parser = table_height::named)]
    pub table: Option<Table>,
    /// Lines and keys instead of the screen: for screen readers, dumb terminals and pipes
    #[arg(long, conflicts_with = "headless")]
    pub plain: bool,
    /// No keys: transcript entries as NDJSON on stdout
    #[arg(long)]
    pub headless: bool,
    /// So many times as fast as the clock, 0.01 to 100; `max`: as fast as it can, when nobody plays by hand
    #[arg(long, value_name = "X|max", default_value = "1", value_parser = speed)]
    pub speed: Speed,
}

/// How fast a session runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// At this pace.
    Paced(Pace),
    /// In virtual time, without waiting.
    Max,
}

/// What to export, and as what.
#[derive(Debug, Args)]
pub struct Export {
    /// An id, the beginning of one, or `last`
    #[arg(conflicts_with = "all", required_unless_present = "all")]
    pub session: Option<String>,
    /// Every session in the store. What was changed from outside is left out and named, and ends with exit code 1; a file
    /// that was there is not replaced by one with less
    #[arg(long)]
    pub all: bool,
    /// The form
    #[arg(long, value_name = "FORM")]
    pub format: Form,
    /// With --all: practice too, in which nobody was touched. A session that is named is exported whatever it was
    #[arg(long, requires = "all")]
    pub with_practice: bool,
    /// Screening answers and notes in a page, screening answers in a Bundle
    #[arg(long)]
    pub with_screening: bool,
    /// Into this file, which is there whole or not at all; to stdout without it. Pages of all sessions go into a folder
    /// where the name has no ending
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The form of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Written {
    /// Plain text
    Text,
    /// A page to print: one side of A4
    Html,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Every entry, to be imported again
    Ndjson,
    /// A row for each hold
    Csv,
    /// An HL7 FHIR R4 Bundle, for one session
    Fhir,
    /// A page to read, print or send; with --all what changed for each receiver, and into a folder every session too
    Html,
}

/// What to do with plans.
#[derive(Debug, Subcommand)]
pub enum Plan {
    /// The plans that ship
    List,
    /// A plan as a file, to begin one of your own with
    Show {
        /// Its name
        name: String,
    },
    /// Whether a plan file keeps the rules
    Check {
        /// The file
        file: PathBuf,
    },
}

/// Slower than this a minute takes longer than an hour; far slower, and a wait is longer than the clock can hold.
const SLOWEST: f64 = 0.01;

fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::Max);
    }
    pace(text).map(Speed::Paced).map_err(|error| format!("{error}, or `max`"))
}

fn pace(text: &str) -> Result<Pace, String> {
    let pace = text.parse().ok().filter(|factor| *factor >= SLOWEST).and_then(Pace::new);
    pace.ok_or_else(|| format!("a number from {SLOWEST} to {}", Pace::MOST))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_speed_is_bounded_at_both_ends() {
        assert_eq!(speed("max"), Ok(Speed::Max));
        assert_eq!(speed("2.5"), Ok(Speed::Paced(Pace::new(2.5).unwrap())));
        for bad in ["0", "1e-300", "0.009", "-1", "101", "NaN", "inf", "fast"] {
            assert!(speed(bad).is_err(), "{bad}");
        }
    }
}
