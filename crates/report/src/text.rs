//! A transcript as text: when, who, what. One line an entry, phases as headings.
//!
//! Left out is what the line before has said already: the rating that a click led to, the beats of a link that stays
//! live, the refusal whose sentence follows.

use coach::{Ask, Outcome};
use transcript::{
    Action, Answered, Entry, Found, Header, Kind, LinkState, Means, Note, Practice, Presence, Readable,
    StoredSpot, Unread, Wording,
};
use words::{Words, foreign};

use crate::ndjson::sentence;

/// Source of a line.
enum Who {
    Receiver,
    Partner,
    Coach,
    Program,
}

/// A line of a transcript: what an entry says to a person. Text from outside is in it as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at_ms: u64,
    /// Whose it is: the receiver's, the coach's, a note with its number. None for a phase, which is a heading.
    pub who: Option<String>,
    /// What was done or said.
    pub what: String,
}

/// The lines of a transcript, in their order, and where an entry cannot be read, a line that says so.
#[must_use]
pub fn lines(read: &Readable, words: &Words) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut live = false;
    let notes = read.notes();
    for found in read.all() {
        let (place, entry) = match found {
            Found::Entry(place, entry) => (place, entry),
            Found::Unread(Unread { place, reason }) => {
                lines.push(Line {
                    at_ms: read.moment(*place),
                    who: Some(Who::Program.name().to_owned()),
                    what: format!("entry {place} cannot be read, and is left out: {}", foreign(reason)),
                });
                continue;
            }
        };
        let told = match &entry.kind {
            Kind::Phase { to, because, from: _ } => {
                Some((None, format!("{} ({})", words.name(*to), words.name(*because))))
            }
            Kind::Note { .. } => noted_at(place, &notes).map(|(who, what)| (Some(who), what)),
            kind => told(kind, live, words).map(|(who, what)| (Some(who.name().to_owned()), what)),
        };
        lines.extend(told.map(|(who, what)| Line { at_ms: entry.at_ms, who, what }));
        if let Kind::Link { state, .. } = entry.kind {
            live = state == LinkState::Live;
        }
    }
    lines
}

/// The whole transcript, with a summary of its holds at the end.
#[must_use]
pub fn transcript(read: &Readable, words: &Words) -> String {
    let header = read.entries.iter().find_map(|entry| match &entry.kind {
        Kind::Session(header) => Some(heading(header)),
        _ => None,
    });
    let mut text = header.unwrap_or_default();
    for Line { at_ms, who, what } in lines(read, words) {
        let at = clock(at_ms);
        text.push_str(&match who {
            Some(who) => format!("{at:>9}  {who:<8}  {what}\n"),
            None => format!("\n{at:>9}  == {what}\n"),
        });
    }
    text.push_str(&summary(&read.entries, words));
    text
}

/// Minutes, seconds and tenths: `4:07.3`. Hours from 1 on: `1:04:07.3`.
#[must_use]
pub fn clock(ms: u64) -> String {
    let (minutes, seconds, tenths) = (ms / 60_000, ms / 1_000 % 60, ms / 100 % 10);
    if minutes < 60 {
        format!("{minutes}:{seconds:02}.{tenths}")
    } else {
        format!("{}:{:02}:{seconds:02}.{tenths}", minutes / 60, minutes % 60)
    }
}

fn heading(header: &Header) -> String {
    let mut lines = vec![
        format!("session {}", foreign(&header.id)),
        format!("started {}", foreign(&crate::wall::utc(&header.wall))),
    ];
    if let Some(receiver) = &header.receiver {
        lines.push(format!("receiver {}", foreign(receiver)));
    }
    let background =
        if header.plan.figures().is_background() { ", partly on background figures" } else { "" };
    lines.push(format!("plan {}{background}", foreign(&header.plan.name)));
    lines.extend(header.clicker.as_ref().map(|clicker| format!("clicker {}", foreign(clicker))));
    lines.extend(header.table.map(|table| format!("lying on: {table}")));
    match header.practice() {
        Some(Practice::Simulated { seed }) => {
            lines.push(format!("simulated, seed {seed}: nobody was touched"))
        }
        Some(Practice::Keyboard) => lines.push("practice by keyboard: nobody was touched".to_owned()),
        None => {}
    }
    let versions = &header.versions;
    let (program, wire) = (foreign(&versions.program), foreign(&versions.wire));
    lines.push(format!("unknot {program}, wire {wire}, schema {}", versions.schema));
    lines.join("\n") + "\n"
}

/// Who did or said what; `None` for what needs no line of its own.
fn told(kind: &Kind, live: bool, words: &Words) -> Option<(Who, String)> {
    Some(match kind {
        Kind::Click { means, late, passed, .. } => {
            let mut what = clicked(*means, words);
            if *late {
                what.push_str(" (late)");
            }
            if *passed {
                what.push_str(" (to what had passed)");
            }
            (Who::Receiver, what)
        }
        Kind::Alarm { what, .. } => (Who::Receiver, what.to_string().to_uppercase()),
        Kind::Key { action } => (Who::Partner, pressed(*action, words)),
        Kind::Link { state: LinkState::Live, .. } if live => return None,
        Kind::Link { state, .. } => (Who::Program, format!("link {}", link(*state))),
        Kind::Store { state } => (Who::Program, format!("the store {state}")),
        Kind::Gap { ms } => (Who::Program, format!("the laptop stood still for {}", seconds(*ms))),
        Kind::Resumed { wall } => {
            (Who::Program, format!("started again at {}", foreign(&crate::wall::utc(wall))))
        }
        Kind::Spot(StoredSpot { side, out_cm, down_cm }) => {
            (Who::Coach, format!("the spot: {}, {out_cm} cm out, {down_cm} cm down", words.name(*side)))
        }
        Kind::Felt { side, out_cm, down_cm, referral } => {
            let place = format!("{}, {out_cm} cm out, {down_cm} cm down", words.name(*side));
            (Who::Receiver, format!("also felt: {place} ({})", words.name(*referral)))
        }
        Kind::Sharp {} => (Who::Coach, "SHARP".to_owned()),
        Kind::Freshness { state } => (Who::Coach, format!("rating: {}", words.name(*state))),
        Kind::Prompt(said) => (Who::Coach, format!("“{}”", sentence(said, words))),
        Kind::Hold { outcome, because, counted_ms, pressed_ms } => {
            let counted = seconds(*counted_ms);
            let pressed = seconds(*pressed_ms);
            let (outcome, because) = (words.name(*outcome), words.name(*because));
            (Who::Coach, format!("hold {outcome}, {because}: counted {counted}, pressed {pressed}"))
        }
        Kind::Finished { because } => (Who::Coach, format!("finished: {}", words.name(*because))),
        Kind::Screening(answered) => (Who::Coach, noted(*answered, words)),
        Kind::CheckIn { wall, feels, bother, numb } => {
            let mut what = format!("since then: {}", words.name(*feels));
            if let Some(bother) = bother {
                what.push_str(&format!(", bothers when moving {bother}"));
            }
            if *numb {
                what.push_str(", new numbness or weakness");
            }
            (Who::Receiver, format!("{what} ({})", foreign(&crate::wall::utc(wall))))
        }
        // Said by the line before or after, or a heading.
        Kind::Rating { .. }
        | Kind::Nudge { .. }
        | Kind::Guess { .. }
        | Kind::Ask { what: Ask::Less | Ask::More | Ask::Softened | Ask::Same } => {
            return None;
        }
        Kind::Refused { .. } | Kind::Session(_) | Kind::Phase { .. } | Kind::Note { .. } => return None,
    })
}

/// The note at this place, by its number, which is what `unknot note --edit` takes.
fn noted_at(place: u32, notes: &[Note]) -> Option<(String, String)> {
    (1_usize..).zip(notes).find_map(|(number, note)| {
        let (Wording { text, wall, .. }, edit) = note.worded_at(place)?;
        let now = if edit { "edited: " } else { "" };
        let wall =
            wall.as_ref().map_or_else(String::new, |wall| format!(" ({})", foreign(&crate::wall::utc(wall))));
        Some((format!("note {number}"), format!("{now}{}{wall}", foreign(text))))
    })
}

fn clicked(means: Means, words: &Words) -> String {
    match means {
        Means::Rating(rating) => format!("rates {rating}"),
        Means::Same(rating) => format!("same as before: {rating}"),
        Means::Nudge(toward) => format!("toward {}", words.name(toward)),
        Means::Spot => "that's the spot".to_owned(),
        Means::No => "no".to_owned(),
        Means::Yes => "yes".to_owned(),
        Means::Again => "say it again".to_owned(),
        Means::Beside => "beside it".to_owned(),
        Means::SameSpot => "the same spot again".to_owned(),
        Means::Enough => "enough".to_owned(),
        Means::OnlySharp => "it was only sharp".to_owned(),
        Means::Numb => "numb, tingling or shooting elsewhere".to_owned(),
        Means::Slipped => "the button slipped".to_owned(),
        Means::Felt(side) => format!("feels the {} side", words.name(side)),
        Means::Less => words.name(Ask::Less),
        Means::More => words.name(Ask::More),
        Means::LetGo => words.name(Ask::Softened),
        Means::Sharp => "SHARP (its ordered copy)".to_owned(),
        Means::Stop => "STOP (its ordered copy)".to_owned(),
    }
}

fn pressed(action: Action, words: &Words) -> String {
    match action {
        Action::Stop => "STOP".to_owned(),
        Action::GoOn => "go on".to_owned(),
        Action::Yes => "yes".to_owned(),
        Action::No => "no".to_owned(),
        Action::Spot => "that's the spot?".to_owned(),
        Action::Sharp => "SHARP, for the receiver".to_owned(),
        Action::Again => "say it again".to_owned(),
        Action::Stand(stand) => format!("stands {}", words.name(stand)),
        Action::Move(toward) => format!("toward {}", words.name(toward)),
        Action::Where { side, region } => format!("{} {}", words.name(side), words.name(region)),
        Action::AlreadyWarm => "already warm".to_owned(),
        Action::Lesson => "learn the clicker".to_owned(),
        Action::Guess(value) => format!("my guess: {value}"),
        Action::End => "end".to_owned(),
        Action::Back => "back".to_owned(),
    }
}

fn noted(answered: Answered, words: &Words) -> String {
    match answered {
        Answered::Where { side, region } => format!("noted: {} {}", words.name(side), words.name(region)),
        Answered::Since { side, out_cm, down_cm, answer } => format!(
            "noted: numb, tingling or weak where it was sharp before, {}, {out_cm} cm out, {down_cm} cm down: {}",
            words.name(side),
            words.name(answer)
        ),
        Answered::Again { side, out_cm, down_cm, answer } => format!(
            "noted: worked within 48 hours and well enough for more holds, {}, {out_cm} cm out, {down_cm} cm down: {}",
            words.name(side),
            words.name(answer)
        ),
        Answered::Answer { question, answer, on: Some(on) } => {
            format!("noted: {} {}, first told on {on}", words.name(question), words.name(answer))
        }
        Answered::Answer { question, answer, on: None } => {
            format!("noted: {} {}", words.name(question), words.name(answer))
        }
        Answered::Resting { rating } => format!("noted: at rest {rating}"),
        Answered::Bother { rating, after: false } => format!("noted: bothers when moving {rating}, before"),
        Answered::Bother { rating, after: true } => format!("noted: bothers when moving {rating}, after"),
    }
}

const fn link(state: LinkState) -> &'static str {
    match state {
        LinkState::Live => "live",
        LinkState::Stale => "silent for 1 s",
        LinkState::Lost => "lost",
        LinkState::Restarted => "live again: the clicker restarted",
    }
}

/// Seconds and tenths: `30.4 s`.
#[must_use]
pub fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1_000, ms / 100 % 10)
}

fn summary(entries: &[Entry], words: &Words) -> String {
    let count = |wanted: Outcome| {
        let of = |entry: &&Entry| matches!(entry.kind, Kind::Hold { outcome, .. } if outcome == wanted);
        format!("{} {}", entries.iter().filter(of).count(), words.name(wanted))
    };
    let lasted = Presence::of(entries).lasted_ms();
    format!(
        "\nholds: {}, {}, {}; lasted {}\n",
        count(Outcome::Done),
        count(Outcome::Cut),
        count(Outcome::Void),
        clock(lasted)
    )
}

impl Who {
    const fn name(&self) -> &'static str {
        match self {
            Self::Receiver => "receiver",
            Self::Partner => "partner",
            Self::Coach => "coach",
            Self::Program => "program",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coach::{Because, Freshness, Phase, Prompt, Rating, Refusal, What};
    use insta::assert_snapshot;

    fn entry(at_ms: u64, kind: Kind) -> Entry {
        Entry { at_ms, kind }
    }

    fn click(means: Means, late: bool) -> Kind {
        Kind::Click { boot: 1, seq: 9, clicked_ms: 0, late, means, passed: false }
    }

    #[test]
    fn a_hold_reads_as_what_people_did_and_were_told() {
        let four = Rating::new(4).unwrap();
        let hold = Kind::Hold {
            outcome: Outcome::Done,
            because: Because::LetGo,
            counted_ms: 30_400,
            pressed_ms: 37_950,
        };
        let refused = (What::GoOn, Refusal::TooSoon);
        let entries = [
            entry(600_000, Kind::Phase { from: Phase::Settling, to: Phase::Holding, because: Because::Time }),
            entry(600_000, Kind::Prompt(Prompt::HowMuch.into())),
            entry(600_900, Kind::Link { state: LinkState::Live, dial: None }),
            entry(602_150, click(Means::Rating(four), false)),
            entry(602_150, Kind::Rating { value: four, late: false }),
            entry(602_150, Kind::Freshness { state: Freshness::Live }),
            entry(602_400, Kind::Link { state: LinkState::Live, dial: Some(four) }),
            entry(610_000, Kind::Key { action: Action::GoOn }),
            entry(610_000, Kind::Refused { what: refused.0, why: refused.1 }),
            entry(610_000, Kind::Prompt(Prompt::Refused { what: refused.0, why: refused.1 }.into())),
            entry(637_950, click(Means::LetGo, true)),
            entry(637_950, hold),
            entry(
                637_950,
                Kind::Phase { from: Phase::Holding, to: Phase::Releasing, because: Because::LetGo },
            ),
            entry(4_301_200, Kind::Gap { ms: 3_661_200 }),
        ];
        assert_snapshot!(transcript(&Vec::from(entries).into(), &Words::english()), @r"

          10:00.0  == holding (its time was up)
          10:00.0  coach     “Hold still. Receiver, how much is it now? Click.”
          10:00.9  program   link live
          10:02.1  receiver  rates 4
          10:02.1  coach     rating: live
          10:10.0  partner   go on
          10:10.0  coach     “Going on: no. It is too soon. Wait until the least time is over.”
          10:37.9  receiver  it has let go (late)
          10:37.9  coach     hold done, it let go: counted 30.4 s, pressed 37.9 s

          10:37.9  == releasing (it let go)
        1:11:41.2  program   the laptop stood still for 3661.2 s

        holds: 1 done, 0 cut, 0 void; lasted 10:40.0
        ");
    }

    #[test]
    fn every_kind_has_a_line_or_is_said_by_another() {
        let words = Words::english();
        let silent = ["rating", "nudge", "ask", "guess", "refused"];
        let bare = transcript(&Readable::default(), &words).lines().count();
        for entry in crate::schema::tests::samples() {
            let name = entry.kind.name();
            let lines = transcript(&vec![entry].into(), &words).lines().count();
            assert_eq!(lines == bare, silent.contains(&name), "{name}");
        }
    }

    #[test]
    fn notes_have_the_numbers_by_which_they_are_edited() {
        let note = |text: &str, edits: Option<u32>| Kind::Note {
            text: text.to_owned(),
            wall: edits.map(|_| "2026-11-24T09:00:00Z".to_owned()),
            edits,
        };
        let entries = [
            entry(1_000, Kind::Gap { ms: 9 }),
            entry(2_000, note("left hand", None)),
            entry(3_000, note("softer", None)),
            entry(3_000, note("right hand", Some(1))),
        ];
        let text = transcript(&Vec::from(entries).into(), &Words::english());
        let notes: Vec<&str> = text.lines().filter(|line| line.contains("note ")).map(str::trim).collect();
        assert_eq!(
            notes,
            [
                "0:02.0  note 1    left hand",
                "0:03.0  note 2    softer",
                "0:03.0  note 1    edited: right hand (2026-11-24 09:00 UTC)",
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_has_its_line_in_its_place() {
        let note = |text: &str| Kind::Note { text: text.to_owned(), wall: None, edits: None };
        let read = Readable {
            entries: vec![entry(1_000, note("one")), entry(3_000, note("three"))],
            places: vec![4, 6],
            unread: vec![Unread { place: 5, reason: "torn".to_owned() }],
        };
        let lines = lines(&read, &Words::english());
        let told: Vec<(u64, &str)> = lines.iter().map(|line| (line.at_ms, line.what.as_str())).collect();
        assert_eq!(
            told,
            [(1_000, "one"), (1_000, "entry 5 cannot be read, and is left out: torn"), (3_000, "three")]
        );
    }

    #[test]
    fn times_are_minutes_until_there_are_hours() {
        let clocks = [0, 99, 59_999, 3_599_999, 3_600_000, 36_061_100].map(clock);
        assert_eq!(clocks, ["0:00.0", "0:00.0", "0:59.9", "59:59.9", "1:00:00.0", "10:01:01.1"]);
    }
}
