//! Holds as CSV, one a row: for spreadsheets. [`COLUMNS`] describes each column and its unit.
//!
//! Columns are only ever added, at the end. A figure that there was none of is an empty cell.

use std::io;

use coach::Named as _;
use coach::body::Spot;
use transcript::{Header, Practice};

use crate::measure::{self, Hold, Measures};

/// Every column: its name, its unit, and what it is.
pub const COLUMNS: &[(&str, &str, &str)] = &[
    ("session", "id", "The session."),
    ("started", "RFC 3339, UTC", "When the session began."),
    ("receiver", "text", "Who lay down, where they were named."),
    ("plan", "name", "The plan."),
    ("hold", "count from 1", "Which hold of the session."),
    ("began_ms", "ms", "From the beginning of the session to that of the hold."),
    ("region", "name", "The muscle, by the sketch of the body chart."),
    ("side", "left, right", "The receiver's own side."),
    ("out_cm", "cm", "From the midline of the spine outward, on the sketch."),
    ("down_cm", "cm", "From the base of the skull down, on the sketch."),
    ("outcome", "done, cut, void", measure::OUTCOME.1),
    ("because", "name", "Why it ended."),
    ("counted_ms", "ms", measure::COUNTED.1),
    ("pressed_ms", "ms", measure::PRESSED.1),
    ("rating_start", "1 to 10", measure::START.1),
    ("rating_peak", "1 to 10", measure::PEAK.1),
    ("rating_end", "1 to 10", measure::END.1),
    ("eased_after_ms", "ms", measure::EASED.1),
    ("above_5_ms", "ms", measure::ABOVE.1),
    ("ease_offs", "count", "How often \"ease off\" was said and the rating was not 5 or less yet."),
    (
        "ease_off_longest_ms",
        "ms",
        "The longest time from \"ease off\" to a rating of 5 or less; empty where one was never followed.",
    ),
    ("bother_before", "1 to 10", "\"How much does it bother you when you move\", before the session."),
    ("bother_after", "1 to 10", "The same at its end."),
    (
        "guess",
        "1 to 10",
        "The partner's guess of the rating at the end, said in the hold; empty where none was keyed.",
    ),
    ("since", "better, same, sore, worse, not-said", measure::SINCE.1),
    ("bother_since", "1 to 10", "\"How much does it bother you when you move\", as asked then."),
    (
        "practice",
        "keyboard, simulated",
        "How it was played where nobody was touched; empty where a receiver held the clicker.",
    ),
];

/// The description of the columns, as `columns.md` has it. A test holds the two together.
#[must_use]
pub fn description() -> String {
    let head = "# What is in the CSV\n\n\
`unknot export SESSION|--all --format csv` writes a row for each hold, with these columns. Their names and their\n\
values are English. Columns are only ever added, at the end. A cell is empty where there was no such figure. Text is UTF-8, lines end\n\
as in RFC 4180.\n\n\
Generated from `src/csv.rs`: `UNKNOT_WRITE=1 cargo test -p report columns` writes it anew.\n\n\
| column | unit | what it is |\n|---|---|---|\n";
    let rows = COLUMNS.iter().map(|(name, unit, meaning)| format!("| `{name}` | {unit} | {meaning} |\n"));
    std::iter::once(head.to_owned()).chain(rows).collect()
}

/// Writes sessions, a row a hold.
#[derive(Debug)]
pub struct Writer<W: io::Write> {
    rows: csv::Writer<W>,
}

impl<W: io::Write> Writer<W> {
    /// Into `out`, with the names of the columns.
    ///
    /// # Errors
    /// Where `out` does not take it.
    pub fn new(out: W) -> io::Result<Self> {
        // Line ends as in RFC 4180, which every spreadsheet reads.
        let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        rows.write_record(COLUMNS.iter().map(|(name, ..)| name))?;
        Ok(Self { rows })
    }

    /// One session's holds.
    ///
    /// # Errors
    /// Where the writer below does not take it.
    pub fn session(&mut self, header: &Header, measures: &Measures) -> io::Result<()> {
        for (number, hold) in (1_usize..).zip(&measures.holds) {
            let session =
                [&header.id, &header.wall, header.receiver.as_deref().unwrap_or_default(), &header.plan.name];
            let bother = measures.bother.map(|rating| number_or_none(rating.map(coach::Rating::value)));
            let guess = number_or_none(hold.guess.map(|(guess, _)| guess.value()));
            let (feels, bothers) = measures.since.unzip();
            let since = [
                feels.map(|feels| feels.name().to_owned()).unwrap_or_default(),
                number_or_none(bothers.flatten().map(coach::Rating::value)),
            ];
            let row = session.into_iter().map(defused).chain([number.to_string()]).chain(cells(hold));
            let practice = header.practice().map_or("", |practice| match practice {
                Practice::Keyboard => "keyboard",
                Practice::Simulated { .. } => "simulated",
            });
            self.rows
                .write_record(row.chain(bother).chain([guess]).chain(since).chain([practice.to_owned()]))?;
        }
        Ok(())
    }

    /// Flushes the buffer.
    ///
    /// # Errors
    /// Where the writer below does not take it.
    pub fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

fn cells(hold: &Hold) -> [String; 16] {
    let spot = hold.place.and_then(|place| Spot::try_from(place).ok());
    let [start, peak, end] = match hold.start_peak_end() {
        Some(ratings) => ratings.map(|rating| rating.value().to_string()),
        None => Default::default(),
    };
    let longest =
        hold.ease_offs.iter().copied().collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max());
    [
        hold.began_ms.to_string(),
        spot.map(|spot| spot.area().region.name().to_owned()).unwrap_or_default(),
        hold.place.map(|place| place.side.name().to_owned()).unwrap_or_default(),
        number_or_none(hold.place.map(|place| place.out_cm)),
        number_or_none(hold.place.map(|place| place.down_cm)),
        hold.outcome.name().to_owned(),
        hold.because.name().to_owned(),
        hold.counted_ms.to_string(),
        hold.pressed_ms.to_string(),
        start,
        peak,
        end,
        number_or_none(hold.eased_after_ms),
        hold.above_ms.to_string(),
        hold.ease_offs.len().to_string(),
        number_or_none(longest),
    ]
}

fn number_or_none<T: ToString>(number: Option<T>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// A person's words as a cell. Spreadsheets take one that begins like a formula for one.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::measure;
    use crate::schema::tests::{header, samples};
    use coach::{Because, Outcome, Phase, Rating};
    use transcript::{Entry, Kind};

    fn table(receiver: &str, entries: &[Entry]) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out).unwrap();
        writer.session(&header(receiver), &measure(entries)).unwrap();
        writer.finish().unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&out[..]);
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_row_has_a_cell_for_every_column() {
        let kinds = [
            samples().into_iter().find(|entry| matches!(entry.kind, Kind::Spot(_))).unwrap().kind,
            Kind::Phase { from: Phase::Settling, to: Phase::Holding, because: Because::Time },
            Kind::Rating { value: Rating::new(4).unwrap(), late: false },
            Kind::Hold {
                outcome: Outcome::Done,
                because: Because::Time,
                counted_ms: 30_000,
                pressed_ms: 41_000,
            },
        ];
        let entries: Vec<Entry> = (1..).zip(kinds).map(|(at_ms, kind)| Entry { at_ms, kind }).collect();
        let table = table("Ada, \"the\" one", &entries);
        let cell = |name: &str| {
            let column = table[0].iter().position(|column| column == name).unwrap();
            table[1][column].as_str()
        };
        assert_eq!(table[1].len(), COLUMNS.len());
        assert_eq!(
            (cell("receiver"), cell("region"), cell("side")),
            ("Ada, \"the\" one", "levator-scapulae", "right")
        );
        assert_eq!((cell("counted_ms"), cell("rating_peak"), cell("eased_after_ms")), ("30000", "4", ""));
    }

    #[test]
    fn the_columns_are_described_as_they_are() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/columns.md");
        if std::env::var_os("UNKNOT_WRITE").is_some() {
            std::fs::write(path, description()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == description(), "UNKNOT_WRITE=1 cargo test -p report columns writes {path} anew");
    }

    #[test]
    fn a_name_is_no_formula() {
        let hold = Kind::Hold { outcome: Outcome::Cut, because: Because::Lost, counted_ms: 0, pressed_ms: 0 };
        assert_eq!(table("=1+1", &[Entry { at_ms: 1, kind: hold }])[1][2], "'=1+1");
    }
}
