//! What earlier sessions of a receiver tell a new one: ground that SHARP closed and that has to be asked about, all that
//! was pressed within 48 hours (holds, leans that were broken off, and what nobody saw the end of), and what one who knows of it has said is fine. A receiver is a name and nothing more:
//! practice touches nobody, and who gave no name is not known again.
//!
//! A session that is not whole hinders none: whatever is lost of it counts as pressed, and as SHARP where it could have
//! been, and nothing that was answered before it stands (promise 14).

#[cfg(test)]
pub(crate) mod tear;

use std::sync::LazyLock;
use std::time::Duration;

use coach::body::{Area, Side, Spot};
use coach::screening::{Answer, Question, Weight};
use coach::{Before, Cleared, Day, LONGEST_HOLD, Named as _, Past, Pressed, SHARPS_A_SPOT, Worked};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use journal::{Journal, Session, SessionKind, is_one_receiver};
use transcript::{Answered, Entry, Header, Kind, PastKept, StoredSpot, pressings};

use crate::failure::Failure;

/// A spot that SHARP has closed stays closed this long (promise 3).
const CLOSED_FOR: SignedDuration = SignedDuration::from_hours(48);
/// What was pressed within this is told, and asked about before it is pressed again.
const RECENT: Duration = Duration::from_secs(48 * 3600);
/// A place that was sharp is asked about for a month: what is felt there later is hardly of that day.
const ASKED_ABOUT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a new session of this receiver begins with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Earlier {
    /// Spots that SHARP closed within the last 48 hours.
    pub(crate) closed: Vec<StoredSpot>,
    /// The rest.
    pub(crate) past: PastKept,
    /// What is to be read of each session that is not whole, a sentence or two each.
    pub(crate) unread: Vec<String>,
}

/// What the sessions in this journal tell of this receiver at this time.
pub(crate) fn earlier(
    journal: &Journal,
    receiver: Option<&str>,
    wall: Timestamp,
) -> Result<Earlier, Failure> {
    let mut told = Told { past: Past { today: day(wall), ..Past::default() }, ..Told::default() };
    if let Some(receiver) = receiver {
        if journal.is_missing_some()? {
            told.not_whole(Area::all().collect(), usize::MAX, SignedDuration::ZERO);
            told.unread.push(MISSING.to_owned());
        }
        // The latest first: what was answered last decides.
        for session in of_receiver(journal, receiver)? {
            let began = session.started.parse::<Timestamp>();
            let lasted = SignedDuration::from_millis(i64::try_from(session.reached_ms).unwrap_or(i64::MAX));
            // Of one of which nothing is known not even this is: it may have been just now.
            let (ago, lasted) = match began {
                Ok(began) => (wall.duration_since(began), lasted),
                Err(_) if session.altered => (SignedDuration::ZERO, SignedDuration::ZERO),
                Err(_) => continue,
            };
            if !session.altered && ago.saturating_sub(lasted) >= ASKED_ABOUT_FOR && told.is_decided() {
                break;
            }
            if journal.broken(session.key)?.is_none() {
                told.session(&journal.entries(session.key)?, ago, lasted);
                continue;
            }
            // The row and the entries tell of each other. Where the row holds, it knows where it was; where it does not, it
            // may have been anywhere.
            let (areas, sharps) = match (session.altered, session.areas.is_empty()) {
                (false, false) => {
                    (session.areas.clone(), usize::try_from(session.sharps).unwrap_or(usize::MAX))
                }
                (false, true) => (Vec::new(), 0),
                (true, _) => (Area::all().collect(), usize::MAX),
            };
            told.not_whole(areas, sharps, ago.saturating_sub(lasted));
            told.unread.push(counts_as_pressed(&session));
        }
    }
    Ok(Earlier { closed: told.closed, past: told.past.into(), unread: told.unread })
}

/// What is to be read where sessions are missing. A screen has two rows for it.
const MISSING: &str = "Sessions were taken out of the store from outside (`unknot history`): what is lost counts as pressed and as sharp, everywhere. `unknot forget missing` takes the store as it stands.";

/// What is to be read of a session that is not whole.
fn counts_as_pressed(session: &Session) -> String {
    let id = &session.id;
    match session.started.get(..10) {
        Some(day) => format!(
            "Not all of the session of {day} is as it was stored (`unknot audit {id}`): what is lost counts as pressed, and is asked anew."
        ),
        None => format!(
            "Of a session nothing can be read: it counts as pressed just now, everywhere. `unknot forget {id}` takes it out."
        ),
    }
}

/// The sessions in which this receiver was touched, or may have been, the latest begun first.
pub(crate) fn of_receiver(journal: &Journal, receiver: &str) -> Result<Vec<Session>, Failure> {
    let mut sessions = journal.sessions()?;
    sessions.retain(|session| {
        let theirs = || is_one_receiver(session.receiver.as_deref().unwrap_or_default(), receiver);
        session.kind == SessionKind::InHand && (theirs() || (session.altered && session.started.is_empty()))
    });
    sessions.sort_by(|one, other| (&other.started, other.key).cmp(&(&one.started, one.key)));
    Ok(sessions)
}

/// The day on which this moment lies, where this computer is.
fn day(wall: Timestamp) -> Option<Day> {
    let date = wall.to_zoned(TimeZone::system()).date();
    let part = |part: i8| u8::try_from(part).ok();
    Day::new(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?)
}

/// What has been told so far, from the latest session backward.
#[derive(Debug, Default)]
struct Told {
    closed: Vec<StoredSpot>,
    past: Past,
    /// Questions whose latest answer is known.
    decided: Vec<Question>,
    /// Places that were asked about and found well, and how long ago.
    well: Vec<(Area, SignedDuration)>,
    /// See [`Earlier::unread`].
    unread: Vec<String>,
}

impl Told {
    /// Whether the latest answer of every question that can be cleared is known.
    fn is_decided(&self) -> bool {
        let clears = |question: &&Question| question.weight() == Weight::StopsUnlessCleared;
        Question::ALL.iter().filter(clears).all(|question| self.decided.contains(question))
    }

    /// A session that began so long ago and lasted so long.
    fn session(&mut self, entries: &[Entry], ago: SignedDuration, lasted: SignedDuration) {
        let Some(header) = header(entries) else { return };
        self.pressed(entries, ago);
        if ago.saturating_sub(lasted) < ASKED_ABOUT_FOR {
            self.sharp(header, entries, ago.saturating_sub(lasted));
        }
        self.answers(header, entries, ago);
    }

    fn pressed(&mut self, entries: &[Entry], ago: SignedDuration) {
        for pressing in pressings(entries) {
            self.worked(pressing.pressed, pressing.over_ms(), ago);
        }
    }

    /// This was pressed until this moment of a session that began so long ago.
    fn worked(&mut self, pressed: Pressed, at_ms: u64, ago: SignedDuration) {
        let since = Duration::try_from(ago).unwrap_or_default();
        let ago = since.saturating_sub(Duration::from_millis(at_ms));
        if ago < RECENT {
            self.past.worked.push(Worked { pressed, ago });
        }
    }

    /// The spots that SHARP closed in a session that ended so long ago. A session of other rules, which cannot be run
    /// again, tells of none.
    fn sharp(&mut self, header: &Header, entries: &[Entry], ago: SignedDuration) {
        let Ok(again) = transcript::rerun(entries) else { return };
        // Those it began with are an earlier session's, and close no later for having been carried on.
        let own = |spot: &&Spot| !header.closed.contains(&StoredSpot::from(**spot));
        again.coach.closed_spots().iter().filter(own).for_each(|&spot| self.closed_by_sharp(spot, ago));
    }

    /// A spot that SHARP closed so long ago.
    fn closed_by_sharp(&mut self, spot: Spot, ago: SignedDuration) {
        if ago < CLOSED_FOR {
            self.closed.push(spot.into());
        }
        // Asked after it had opened again, and well, it is not asked about any more.
        let opened = ago.saturating_sub(CLOSED_FOR);
        let well = self.well.iter().any(|&(area, asked)| area == spot.area() && asked < opened);
        let known = self.past.sharps.iter().any(|sharp| sharp.spot.area() == spot.area());
        if !well && !known {
            let ago = Duration::try_from(ago).unwrap_or_default();
            self.past.sharps.push(Before { spot, ago });
        }
    }

    /// A session that is not whole and ended so long ago, in which so often SHARP was heard. It may have been anywhere in
    /// these areas.
    fn not_whole(&mut self, areas: Vec<Area>, sharps: usize, ago: SignedDuration) {
        for spot in areas.into_iter().flat_map(all_over) {
            self.worked(Pressed::new(spot, LONGEST_HOLD), 0, ago);
            if sharps >= SHARPS_A_SPOT && ago < ASKED_ABOUT_FOR {
                self.closed_by_sharp(spot, ago);
            }
        }
        // What was answered last may be what is lost.
        self.decided = Question::ALL.to_vec();
    }

    fn answers(&mut self, header: &Header, entries: &[Entry], ago: SignedDuration) {
        // In its own session the last answer to a question counts.
        for entry in entries.iter().rev() {
            match entry.kind {
                Kind::Screening(Answered::Answer { question, answer, on })
                    if question.weight() == Weight::StopsUnlessCleared
                        && !self.decided.contains(&question) =>
                {
                    self.decided.push(question);
                    // Before clearances had a day of their own it was that of their session.
                    let on = on.or_else(|| header.wall.get(..10).and_then(Day::from_text));
                    if let (Answer::Cleared, Some(on)) = (answer, on) {
                        self.past.cleared.push(Cleared { question, on });
                    }
                }
                Kind::Screening(Answered::Since { side, out_cm, down_cm, answer: Answer::No }) => {
                    let spot = Spot::try_from(StoredSpot { side, out_cm, down_cm });
                    self.well.extend(spot.ok().map(|spot| (spot.area(), ago)));
                }
                _ => {}
            }
        }
    }
}

/// Spots so close that any other of the area is the same spot as one of them.
fn all_over(area: Area) -> impl Iterator<Item = Spot> {
    OVER.iter().copied().filter(move |spot| spot.area() == area)
}

/// The same of all areas.
static OVER: LazyLock<Vec<Spot>> = LazyLock::new(|| {
    let mut over: Vec<Spot> = Vec::new();
    for side in Side::ALL {
        for down in 0..=u8::MAX {
            for out in 0..=u8::MAX {
                let Ok(spot) = Spot::new(*side, out, down) else { continue };
                if !over.iter().any(|other| other.area() == spot.area() && other.is_same(spot)) {
                    over.push(spot);
                }
            }
        }
    }
    over
});

fn header(entries: &[Entry]) -> Option<&Header> {
    entries.iter().find_map(|entry| match &entry.kind {
        Kind::Session(header) => Some(&**header),
        _ => None,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use journal::Writer;
    use transcript::PlanKept;

    use super::*;
    use crate::clock::fresh_id;
    use sim::{Cast, Memory, Settings, Simulation};

    pub(crate) const SHARP_TWICE: &str =
        include_str!("../../../tests/scenarios/two-sharps-at-one-spot-close-it.toml");

    /// A clot that is cleared, and one hold.
    const CLEARED: &str = r#"
steps = [
    { screen = { cleared = ["clot"] } },
    { warm = "already" },
    { ready = true },
    { until = "locating", within = "5m" },
    { wait = "1s" },
    { press = "logo" },
    { until = "holding", within = "1m" },
    { rate = 4 },
    { wait = "20s" },
    { press = "logo" },
    { wait = "20s" },
    { long = "logo" },
    { until = "flushing", within = "1m" },
]
"#;

    /// A store of one receiver's sessions.
    pub(crate) struct Shelf {
        folder: tempfile::TempDir,
        pub(crate) writer: Writer,
    }

    impl Shelf {
        pub(crate) fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let writer = Writer::open(&folder.path().join("store.db")).unwrap();
            Self { folder, writer }
        }

        /// Where it is.
        pub(crate) fn path(&self) -> std::path::PathBuf {
            self.folder.path().join("store.db")
        }

        /// A session of Anna's, begun at this time, as a script has it, with what the earlier ones tell.
        pub(crate) fn play(&mut self, script: &str, began: &str) -> Vec<Entry> {
            self.play_with(script, began, Some("C0:12:34:56:78:9A"))
        }

        /// The same with this clicker; none in practice.
        pub(crate) fn play_with(&mut self, script: &str, began: &str, clicker: Option<&str>) -> Vec<Entry> {
            let script = plans::Script::parse("script", script).unwrap();
            let began: Timestamp = began.parse().unwrap();
            let Earlier { closed, past, .. } = earlier(&self.writer, Some("Anna"), began).unwrap();
            let plan = PlanKept::new(&coach::Plan::partner(), "");
            let header = Header {
                receiver: Some("Anna".to_owned()),
                clicker: clicker.map(str::to_owned),
                closed,
                past,
                ..crate::practice::header(fresh_id(), plan, None, began)
            };
            let cast = Cast::Script(script.run.clone(), crate::script_keys::keymap);
            let mut sitting =
                Simulation::begin(header.clone(), Memory::new(), Settings::of(&script), cast).unwrap();
            sitting.run(Duration::from_secs(7200), |_| {}).unwrap();
            let entries = sitting.into_storage();
            self.writer.create_with(&header, &entries[1..]).unwrap();
            entries
        }

        /// The store as somebody has changed it from outside.
        fn changed(self, change: &str) -> Self {
            let Self { folder, writer } = self;
            drop(writer);
            let file = folder.path().join("store.db");
            rusqlite::Connection::open(&file).unwrap().execute_batch(change).unwrap();
            Self { writer: Writer::open(&file).unwrap(), folder }
        }

        fn tells(&self, receiver: Option<&str>, wall: &str) -> Earlier {
            assert!(self.folder.path().exists());
            earlier(&self.writer, receiver, wall.parse().unwrap()).unwrap()
        }
    }

    #[test]
    fn a_spot_that_sharp_closed_is_closed_to_the_same_receiver_for_two_days() {
        let mut shelf = Shelf::new();
        shelf.play(SHARP_TWICE, "2026-01-01T10:00:00Z");
        let closed = |receiver, wall: &str| shelf.tells(receiver, wall).closed;
        assert!(!closed(Some("Anna"), "2026-01-03T09:59:00Z").is_empty());
        assert_eq!(closed(Some("Anna"), "2026-01-03T12:00:00Z"), [], "two days after it ended");
        assert_eq!(closed(Some("Bea"), "2026-01-01T12:00:00Z"), []);
        assert_eq!(closed(None, "2026-01-01T12:00:00Z"), []);
    }

    #[test]
    fn a_place_that_was_sharp_is_asked_about_until_it_was_well_after_it_opened() {
        let mut shelf = Shelf::new();
        shelf.play(SHARP_TWICE, "2026-01-01T10:00:00Z");
        let asked = |shelf: &Shelf, wall: &str| shelf.tells(Some("Anna"), wall).past.sharps.len();
        assert_eq!(asked(&shelf, "2026-01-01T12:00:00Z"), 1, "one question for one region");
        assert_eq!(asked(&shelf, "2026-01-20T12:00:00Z"), 1);
        assert_eq!(asked(&shelf, "2026-02-20T12:00:00Z"), 0, "a month later");
        assert_eq!(shelf.tells(Some("Bea"), "2026-01-02T10:00:00Z").past.sharps, []);
        // Asked while it is closed, it is asked again; asked after that, no more.
        shelf.play("steps = [{ screen = \"clear\" }]", "2026-01-02T10:00:00Z");
        assert_eq!(asked(&shelf, "2026-01-05T10:00:00Z"), 1);
        let entries = shelf.play("steps = [{ screen = \"clear\" }]", "2026-01-05T10:00:00Z");
        let since =
            |entry: &Entry| matches!(entry.kind, Kind::Screening(Answered::Since { answer: Answer::No, .. }));
        assert!(entries.iter().any(since));
        assert_eq!(asked(&shelf, "2026-01-06T10:00:00Z"), 0);
    }

    #[test]
    fn a_clearance_is_told_with_the_day_it_was_first_told_until_another_answer_comes() {
        let mut shelf = Shelf::new();
        shelf.play(CLEARED, "2026-01-01T10:00:00Z");
        let told = |shelf: &Shelf, receiver, wall: &str| -> Vec<(Question, String)> {
            let past = shelf.tells(receiver, wall).past;
            past.cleared.iter().map(|cleared| (cleared.question, cleared.on.to_string())).collect()
        };
        let clot = vec![(Question::Clot, day_of("2026-01-01T10:00:00Z"))];
        assert_eq!(told(&shelf, Some("Anna"), "2026-01-09T10:00:00Z"), clot);
        assert_eq!(told(&shelf, Some("Bea"), "2026-01-09T10:00:00Z"), []);
        // It still holds: the day stays that on which it was first told.
        let entries = shelf.play(CLEARED, "2026-01-09T10:00:00Z");
        assert!(entries.iter().any(|entry| matches!(
            &entry.kind,
            Kind::Prompt(said) if said.id == "ask-still"
        )));
        assert_eq!(told(&shelf, Some("Anna"), "2026-03-09T10:00:00Z"), clot);
        // It does not: the answer is no longer there to be told.
        shelf.play("steps = [{ screen = \"clear\" }]", "2026-03-09T10:00:00Z");
        assert_eq!(told(&shelf, Some("Anna"), "2026-03-10T10:00:00Z"), []);
    }

    #[test]
    fn what_was_pressed_is_told_with_its_age_for_two_days() {
        let mut shelf = Shelf::new();
        let entries = shelf.play(CLEARED, "2026-01-01T10:00:00Z");
        let held = entries.iter().find(|entry| matches!(entry.kind, Kind::Hold { .. })).unwrap().at_ms;
        let worked = shelf.tells(Some("Anna"), "2026-01-02T10:00:00Z").past.worked;
        let [only] = worked[..] else { panic!("{worked:?}") };
        assert_eq!(only.ago_ms, 24 * 3_600_000 - held);
        assert_eq!(shelf.tells(Some("Anna"), "2026-01-03T11:00:00Z").past.worked, []);
        assert_eq!(shelf.tells(Some("Bea"), "2026-01-02T10:00:00Z").past.worked, []);
    }

    /// A program that was killed in a hold, and not started again, told the next session of no hold.
    #[test]
    fn a_hold_whose_end_is_not_on_record_counts_as_its_maximum() {
        let mut shelf = Shelf::new();
        let killed = CLEARED.split("    { rate = 4 },").next().unwrap().to_owned()
            + "{ rate = 4 }, { wait = \"3s\" }]";
        shelf.play(&killed, "2026-01-01T10:00:00Z");
        let worked = shelf.tells(Some("Anna"), "2026-01-01T20:00:00Z").past.worked;
        assert_eq!(worked.iter().map(|worked| worked.pressed_ms).collect::<Vec<_>>(), [60_000]);
    }

    const CLEAR: &str = "steps = [{ screen = \"clear\" }]";

    /// What was imported lately was taken for what had happened lately: the spot was open again, and the older answer
    /// counted.
    #[test]
    fn the_latest_is_the_one_that_began_last_and_not_the_one_stored_last() {
        let mut shelf = Shelf::new();
        shelf.play(SHARP_TWICE, "2026-03-01T10:00:00Z");
        for day in 1..=3 {
            shelf.play(CLEAR, &format!("2026-01-0{day}T10:00:00Z"));
        }
        assert_eq!(shelf.tells(Some("Anna"), "2026-03-01T20:00:00Z").closed.len(), 1);
        let mut shelf = Shelf::new();
        shelf.play(CLEARED, "2026-03-01T10:00:00Z");
        shelf.play(CLEAR, "2026-01-01T10:00:00Z");
        let tells = shelf.tells(Some("Anna"), "2026-03-02T10:00:00Z").past;
        assert_eq!((tells.cleared.len(), tells.worked.len()), (1, 1));
    }

    #[test]
    fn what_is_lost_counts_as_pressed_and_as_sharp_where_it_could_have_been() {
        let everywhere = Area::all().flat_map(all_over).count();
        for (what, change, all) in [
            ("an entry", "UPDATE entries SET body = replace(body, '\"alarm\"', '\"alert\"')", false),
            ("the tail", "DELETE FROM entries WHERE n >= 80", false),
            ("the header", "UPDATE entries SET body = '#' WHERE n = 0", false),
            ("the name", "UPDATE sessions SET summary = replace(summary, 'Anna', 'Bea')", true),
            ("no name", "UPDATE sessions SET summary = replace(summary, '\"Anna\"', 'null')", true),
            (
                "in hand",
                "UPDATE sessions SET summary = replace(summary, 'in_hand\":true', 'in_hand\":false')",
                true,
            ),
            (
                "the SHARPs",
                "UPDATE sessions SET summary = replace(summary, 'sharps\":2', 'sharps\":0')",
                true,
            ),
            (
                "row and header",
                "UPDATE sessions SET summary = '#'; UPDATE entries SET body = '#' WHERE n = 0",
                true,
            ),
            ("the row", "DELETE FROM sessions", true),
            ("all of it", "DELETE FROM sessions; DELETE FROM entries", true),
        ] {
            let mut shelf = Shelf::new();
            shelf.play(SHARP_TWICE, "2026-01-01T10:00:00Z");
            let whole = shelf.tells(Some("Anna"), "2026-01-01T20:00:00Z");
            assert_eq!((whole.unread.len(), whole.closed.len()), (0, 1), "the control");
            let shelf = shelf.changed(change);
            let told = shelf.tells(Some("Anna"), "2026-01-01T20:00:00Z");
            let is_closed = |spot: &StoredSpot| {
                told.closed.iter().any(|other| {
                    let spots = (Spot::try_from(*other), Spot::try_from(*spot));
                    matches!(spots, (Ok(other), Ok(spot)) if other.is_same(spot))
                })
            };
            assert!(whole.closed.iter().all(is_closed), "{what}: {told:?}");
            assert!(!told.past.sharps.is_empty() && !told.past.worked.is_empty(), "{what}");
            assert_eq!(told.past.worked.len() == everywhere, all, "{what}: {}", told.past.worked.len());
            assert!(told.unread.iter().any(|told| told.contains("counts as pressed")), "{what}: {told:?}");
        }
        let mut shelf = Shelf::new();
        shelf.play(SHARP_TWICE, "2026-01-01T10:00:00Z");
        let shelf = shelf.changed("DELETE FROM entries WHERE n >= 80");
        // It stands no longer than what is known, and for nobody else.
        let later = shelf.tells(Some("Anna"), "2026-01-03T12:00:00Z");
        assert_eq!((later.closed.len(), later.past.worked.len()), (0, 0));
        assert_eq!(shelf.tells(Some("Bea"), "2026-01-01T20:00:00Z").unread, [""; 0]);
    }

    #[test]
    fn an_area_is_covered_to_its_last_centimetre() {
        for area in Area::all() {
            let over: Vec<Spot> = all_over(area).collect();
            for (out, down) in (0..=u8::MAX).flat_map(|down| (0..=u8::MAX).map(move |out| (out, down))) {
                for side in Side::ALL {
                    if let Ok(spot) = Spot::new(*side, out, down)
                        && spot.area() == area
                    {
                        assert!(over.iter().any(|other| other.is_same(spot)), "{area:?} {out} {down}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_was_cleared_is_asked_anew_where_a_later_answer_may_be_lost() {
        let mut shelf = Shelf::new();
        shelf.play(CLEARED, "2026-01-01T10:00:00Z");
        let cleared = |shelf: &Shelf| shelf.tells(Some("Anna"), "2026-01-10T10:00:00Z").past.cleared.len();
        assert_eq!(cleared(&shelf), 1, "the control");
        shelf.play(CLEAR, "2026-01-05T10:00:00Z");
        let shelf = shelf.changed("DELETE FROM entries WHERE session = 2 AND n > 3");
        assert_eq!(cleared(&shelf), 0);
    }

    #[test]
    fn practice_touches_nobody_and_tells_nothing() {
        let mut shelf = Shelf::new();
        shelf.play_with(SHARP_TWICE, "2026-01-01T10:00:00Z", None);
        let Earlier { closed, past, .. } = shelf.tells(Some("Anna"), "2026-01-01T20:00:00Z");
        assert_eq!((closed.len(), past.worked.len(), past.sharps.len()), (0, 0, 0));
    }

    #[test]
    fn a_hold_that_was_cut_counts_from_ten_seconds_on() {
        // The lean lasts 5 s before it is a hold.
        for (waits, counts) in [("3s", 0), ("8s", 1)] {
            let mut shelf = Shelf::new();
            let cut = CLEARED.split("    { rate = 4 },").next().unwrap().to_owned()
                + &format!("{{ rate = 4 }}, {{ wait = \"{waits}\" }}, {{ key = \"space\" }}]");
            shelf.play(&cut, "2026-01-01T10:00:00Z");
            let worked = shelf.tells(Some("Anna"), "2026-01-01T20:00:00Z").past.worked;
            let holds = worked.iter().filter(|worked| worked.pressed_ms >= 10_000).count();
            assert_eq!((holds, worked.len()), (counts, 1), "cut after {waits}");
        }
    }

    fn day_of(wall: &str) -> String {
        day(wall.parse().unwrap()).unwrap().to_string()
    }
}
