//! Looking back, key by key, on a store of sessions that simulated people lived through, in calm air and in bad.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use journal::Writer;
use ratatui::buffer::Buffer;
use report::timeline::{RatingState, Timeline};
use transcript::{Entry, Kind};

use super::keys::PlayAct;
use super::*;
use crate::clock::fresh_id;
use crate::commands::plan;
use crate::practice::header;
use crate::terminal::Pointed;
use sim::{Cast, Memory, Settings, Simulation, Trouble};

const SCREEN: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };

/// A session that simulated people live through.
fn lived(settings: Settings, receiver: Option<&str>, wall: &str) -> Vec<Entry> {
    let wall: Timestamp = wall.parse().unwrap();
    let mut header = header(fresh_id(), plan::chosen(None).unwrap(), Some(settings.seed), wall);
    header.receiver = receiver.map(str::to_owned);
    let mut sitting = Simulation::begin(header, Memory::new(), settings, Cast::People).unwrap();
    sitting.run(Duration::from_secs(3_600), drop).unwrap();
    sitting.settle().unwrap();
    sitting.into_storage()
}

/// The settings of a session in calm air of which this is so. What a seed leads to changes with the rules.
fn such(wanted: impl Fn(&Timeline) -> bool) -> Settings {
    let seeds = 0..300;
    let lives =
        |seed: &u64| wanted(&Timeline::of(&lived(Settings::quiet(*seed), None, "2026-03-05T18:00:00Z")));
    Settings::quiet(seeds.into_iter().find(lives).expect("one of so many is such"))
}

/// Two SHARPs, far enough from each other and from both ends.
fn sharp_twice(line: &Timeline) -> bool {
    let sharps: Vec<u64> = line.sharps().collect();
    let apart = sharps.windows(2).all(|pair| pair[1] - pair[0] > 20_000);
    sharps.len() > 1 && apart && sharps[0] > 60_000 && sharps[sharps.len() - 1] + 20_000 < line.end_ms
}

fn held_twice(line: &Timeline) -> bool {
    line.holds.len() > 1 && line.holds[0].start_peak_end().is_some()
}

/// A store of its own.
struct Shelf {
    dir: tempfile::TempDir,
}

impl Shelf {
    fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// Three sessions: Anna's in spring, with SHARP; Bo's in summer; Anna's in autumn.
    fn of_three() -> Self {
        let shelf = Self::empty();
        for (settings, receiver, wall) in [
            (such(sharp_twice), "Anna", "2026-03-05T18:00:00Z"),
            (Settings::quiet(9), "Bo", "2026-07-01T10:30:00Z"),
            (such(held_twice), "Anna", "2026-11-24T07:00:00Z"),
        ] {
            shelf.put(&lived(settings, Some(receiver), wall));
        }
        shelf
    }

    fn db(&self) -> PathBuf {
        self.dir.path().join("unknot.db")
    }

    fn put(&self, entries: &[Entry]) {
        let Some((Entry { kind: Kind::Session(header), .. }, rest)) = entries.split_first() else {
            panic!("a header")
        };
        Writer::open(&self.db()).unwrap().create_with(header, rest).unwrap();
    }

    fn review(&self, session: Option<&str>) -> Looking {
        Looking(Review::open(&self.db(), session, wall(), TimeZone::UTC).unwrap())
    }
}

fn wall() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// Somebody who looks back.
struct Looking(Review);

impl Looking {
    fn press(&mut self, presses: impl IntoIterator<Item = Press>) -> Wanted {
        let mut wanted = Wanted::Nothing;
        for press in presses {
            // What is seen is laid out anew after each key, as the screen does it.
            self.seen();
            wanted = self.0.press(press, SCREEN, wall()).unwrap();
        }
        wanted
    }

    fn keys(&mut self, keys: &str) -> Wanted {
        self.press(keys.chars().map(Press::Char))
    }

    fn point(&mut self, did: Pointed, x: u16, y: u16) {
        self.seen();
        self.0.point(Mouse { did, x, y }, SCREEN).unwrap();
    }

    /// Everything on the screen.
    fn seen(&mut self) -> String {
        let scene = self.0.scene(SCREEN).unwrap();
        let mut buf = Buffer::empty(SCREEN);
        tui::draw(&scene, SCREEN, &mut buf, &Words::english(), &tui::Theme::default());
        let rows = buf.content.chunks(SCREEN.width.into());
        rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[track_caller]
    fn sees(&mut self, text: &str) {
        let seen = self.seen();
        assert!(seen.contains(text), "{text}\n{seen}");
    }

    fn cursor(&self) -> u64 {
        self.0.opened.as_ref().unwrap().cursor()
    }

    fn timeline(&self) -> Timeline {
        self.0.opened.as_ref().unwrap().timeline().clone()
    }
}

#[test]
fn sessions_are_found_by_each_of_the_filters() {
    let shelf = Shelf::of_three();
    let mut store = Writer::open(&shelf.db()).unwrap();
    let bo = store.sessions().unwrap().into_iter().find(|one| one.receiver.as_deref() == Some("Bo")).unwrap();
    store.note(bo.key, "Softer than last week", "2026-07-02T10:00:00Z").unwrap();
    drop(store);
    let mut looking = shelf.review(None);
    looking.sees("3 sessions");
    looking.sees("> 2026-11-24 07:00 Anna");
    looking.keys("r");
    looking.sees("2 of 3 sessions");
    looking.sees("receiver: Anna");
    looking.keys("r");
    looking.sees("> 2026-07-01 10:30 Bo");
    looking.keys("rc/sof");
    looking.sees("1 of 3 sessions");
    looking.sees("Words of a note: sof_");
    looking.press([Press::Esc]);
    looking.sees("3 sessions");
    looking.keys("d2026-03..2026-07");
    looking.press([Press::Enter]);
    looking.sees("2 of 3 sessions");
    looking.keys("cdnever");
    looking.press([Press::Enter]);
    looking.sees("That is no date.");
    looking.press([Press::Esc]);
    looking.sees("3 sessions");
    looking.keys("x");
    looking.sees("SHARP: had one");
    looking.sees("2026-03-05 18:00");
    looking.keys("cp");
    looking.sees("plan: partner");
    let stored = Journal::open(&shelf.db()).unwrap().sessions().unwrap();
    let holds = stored.iter().find(|one| one.started.starts_with("2026-03-05")).unwrap().holds;
    looking.sees(&format!("{} of {}    SHARP", holds.done, holds.done + holds.cut + holds.void));
    // As far as a region in which nobody was.
    looking.keys("g");
    looking.sees("region: ");
    looking.keys("/nobody wrote this");
    looking.press([Press::Enter]);
    looking.sees("0 of 3 sessions");
    looking.sees("No session fits what is looked for");
}

#[test]
fn an_empty_store_says_how_to_make_a_session_and_stays_empty() {
    let shelf = Shelf::empty();
    let mut looking = shelf.review(None);
    looking.sees("0 sessions");
    looking.sees("`unknot practice` leads you through one");
    looking.press([Press::Enter, Press::Down, Press::End]);
    assert!(matches!(looking.press([Press::Esc]), Wanted::Leave));
    assert!(!shelf.db().exists());
    assert!(Review::open(&shelf.db(), Some("last"), wall(), TimeZone::UTC).is_err());
}

#[test]
fn one_scrubs_along_a_session_and_leaps_to_what_led_to_a_sharp() {
    let mut looking = Shelf::of_three().review(None);
    looking.press([Press::End, Press::Enter]);
    looking.sees("2026-03-05 18:00 · Anna · partner · simulated, seed ");
    let line = looking.timeline();
    let sharps: Vec<u64> = line.sharps().collect();
    let [first, .., last] = sharps[..] else { panic!("{sharps:?}") };
    looking.keys("x");
    assert_eq!(looking.cursor(), first);
    looking.sees("SHARP");
    looking.keys("t");
    assert_eq!(looking.cursor(), first - 10_000);
    looking.press([Press::End]);
    assert_eq!(looking.cursor(), line.end_ms);
    looking.keys("x");
    looking.sees("There is no SHARP after this moment.");
    looking.keys("XT");
    assert_eq!(looking.cursor(), last - 10_000);
    looking.press([Press::Home, Press::Right]);
    let column = looking.cursor();
    let columns = u64::from(tui::TimelineView::plot_at(SCREEN).width);
    assert_eq!(column, line.end_ms / columns, "a column on");
    looking.keys("++");
    looking.press([Press::Right]);
    assert_eq!(looking.cursor() - column, line.end_ms / 4 / columns, "a column is a quarter of that now");
    looking.press([Press::Left, Press::Left, Press::Left, Press::Left, Press::Left, Press::Left]);
    assert_eq!(looking.cursor(), 0, "no further back than the beginning");
    looking.keys("h");
    assert_eq!(looking.cursor(), line.holds[0].began_ms);
    looking.sees("Hold 1 (");
    looking.sees("counted");
    // Line by line; a line that tells of the same moment does not move it.
    let before = looking.cursor();
    looking.press([Press::Up]);
    assert!(looking.cursor() <= before);
    assert!(matches!(looking.press([Press::Esc]), Wanted::Nothing), "back to the list");
    looking.sees("LOOKING BACK");
    assert!(matches!(looking.press([Press::Esc]), Wanted::Leave));
}

#[test]
fn a_guess_stands_beside_the_rating_that_it_was_of() {
    let shelf = Shelf::empty();
    let mut entries = lived(such(held_twice), None, "2026-03-05T18:00:00Z");
    let hold = entries.iter().position(|entry| matches!(entry.kind, Kind::Hold { .. })).unwrap();
    let rating = |value| coach::Rating::new(value).unwrap();
    let guess = Kind::Guess { value: rating(4), of: rating(6) };
    entries.insert(hold + 1, Entry { at_ms: entries[hold].at_ms, kind: guess });
    shelf.put(&entries);
    let mut looking = shelf.review(Some("last"));
    looking.keys("h");
    looking.sees("The partner guessed");
    looking.sees("4, of a rating of 6.");
    looking.press([Press::End]);
    looking.keys("H");
    assert!(!looking.seen().contains("guessed"), "the last hold had none");
}

#[test]
fn each_figure_has_its_meaning_a_key_away() {
    let mut looking = Shelf::of_three().review(Some("last"));
    looking.keys("hd");
    for (name, _) in report::measure::DEFINITIONS {
        let found = (0..60).any(|_| {
            let there = looking.seen().contains(&format!(" {name}: "));
            looking.press([Press::Down]);
            there
        });
        looking.keys("dd");
        assert!(found, "{name}");
    }
    looking.press([Press::Esc]);
    looking.sees("Hold 1 (");
    looking.keys("?");
    looking.sees("The list of sessions:");
    looking.press([Press::Esc]);
    assert!(matches!(looking.press([Press::Esc]), Wanted::Leave), "the list was never seen");
}

#[test]
fn the_mouse_chooses_opens_drags_and_zooms() {
    let mut looking = Shelf::of_three().review(None);
    let rows = tui::Review::rows_at(SCREEN);
    looking.point(Pointed::Down, 20, rows.y + 1);
    looking.sees("> 2026-07-01 10:30 Bo");
    looking.point(Pointed::Down, 20, rows.y + 9);
    looking.sees("> 2026-07-01 10:30 Bo");
    looking.point(Pointed::WheelDown, 20, rows.y);
    looking.sees("> 2026-03-05 18:00 Anna");
    looking.point(Pointed::Down, 20, rows.y + 2);
    looking.sees("2026-03-05 18:00 · Anna");
    let (plot, end) = (tui::TimelineView::plot_at(SCREEN), looking.timeline().end_ms);
    looking.point(Pointed::Down, plot.x + plot.width / 2, plot.y + 3);
    let middle = looking.cursor();
    assert!(middle.abs_diff(end / 2) <= end / u64::from(plot.width), "{middle} of {end}");
    looking.point(Pointed::Drag, 79, 23);
    assert!(looking.cursor() > end - end / u64::from(plot.width), "a drag goes on at the edge");
    looking.point(Pointed::Drag, 0, 0);
    assert!(looking.cursor() < end / u64::from(plot.width));
    looking.point(Pointed::Down, plot.x + 40, plot.bottom() + 3);
    assert!(looking.cursor() < end / u64::from(plot.width), "a click below the plot is none on it");
    looking.point(Pointed::WheelUp, plot.x + 4, plot.y);
    let before = looking.cursor();
    looking.press([Press::Right]);
    assert!(looking.cursor() - before <= end / 2 / u64::from(plot.width) + 1);
    looking.point(Pointed::WheelDown, plot.x + 4, plot.bottom() + 3);
    assert!(looking.cursor() > before, "below the plot the wheel goes line by line");
}

#[test]
fn a_note_is_written_and_edited_and_its_older_wording_stays() {
    let shelf = Shelf::of_three();
    let mut looking = shelf.review(Some("last"));
    looking.keys("n");
    looking.sees("There are no notes yet: m writes one.");
    looking.keys("msofter");
    looking.press([Press::Esc]);
    looking.sees("Nothing was noted.");
    looking.keys("msofter");
    looking.press([Press::Enter]);
    looking.sees("> softer (2026-11-24 12:00)");
    looking.keys("e on the left");
    looking.press([Press::Enter]);
    looking.sees("> softer on the left (2026-11-24 12:00)");
    looking.sees("before, 2026-11-24 12:00: softer");
    looking.keys("m ");
    looking.press([Press::Enter]);
    looking.sees("the note is empty");
    let journal = Journal::open(&shelf.db()).unwrap();
    let last = journal.last().unwrap().unwrap();
    let texts: Vec<String> = journal
        .entries(last.key)
        .unwrap()
        .into_iter()
        .filter_map(|entry| match entry.kind {
            Kind::Note { text, .. } => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["softer", "softer on the left"]);
    assert_eq!(journal.broken(last.key).unwrap(), None);
}

#[test]
fn a_transcript_that_was_changed_is_shown_with_the_place_of_it() {
    let shelf = Shelf::of_three();
    let kept = std::fs::read(shelf.db()).unwrap();
    let (whole, altered) = (br#""means":{"rating":"#, br#""means":{"bating":"#);
    // A byte of a number, so that the entry can still be read.
    let at = kept.windows(whole.len()).position(|bytes| bytes == whole).expect("a rating") + whole.len();
    let mut changed = kept.clone();
    changed[at] = if changed[at] == b'2' { b'3' } else { b'2' };
    std::fs::write(shelf.db(), &changed).unwrap();
    let mut found = false;
    let mut looking = shelf.review(None);
    for _ in 0..3 {
        looking.press([Press::Enter]);
        found |= looking.seen().contains("!! Changed from outside at entry ");
        looking.press([Press::Esc, Press::Down]);
    }
    assert!(found, "none of the three says so");
    // What cannot be read is left out, and told in its place; all three can be looked at, and played.
    let mut changed = kept;
    changed[at - whole.len()..at].copy_from_slice(altered);
    std::fs::write(shelf.db(), &changed).unwrap();
    let mut looking = shelf.review(None);
    let mut torn = 0;
    for _ in 0..3 {
        looking.press([Press::Enter]);
        let seen = looking.seen();
        assert!(seen.contains("simulated, seed"), "{seen}");
        if seen.contains("!! Changed at entry ") {
            torn += 1;
            assert!(seen.contains("1 unreadable: rely on nothing after it."), "{seen}");
            let told = |looking: &mut Looking| looking.seen().contains(" cannot be read");
            let mut steps = 0;
            while !told(&mut looking) && steps < 1_000 {
                looking.press([Press::Down]);
                steps += 1;
            }
            assert!(told(&mut looking), "no line of the session says so");
            let Wanted::Play(tape) = looking.keys("p") else { panic!("it is played") };
            let warning = Playing::begin(*tape, &Words::english()).unwrap().scene().warning.unwrap();
            assert!(warning.contains("1 unreadable") && warning.contains("not as it was lived"), "{warning}");
        }
        looking.press([Press::Esc, Press::Down]);
    }
    assert_eq!(torn, 1);
}

fn playing(entries: Vec<Entry>, from: u64) -> Playing {
    let tape = Tape {
        entries,
        title: "title".to_owned(),
        receiver: None,
        warning: None,
        from: Moment::from_millis(from),
        pace: Pace::REAL,
    };
    Playing::begin(tape, &Words::english()).unwrap()
}

/// What the timeline says of a moment is what the coach showed at it.
#[test]
fn a_timeline_and_the_session_played_again_agree_at_every_moment() {
    let mut gaps = 0;
    for seed in 0..6 {
        let trouble = if seed < 2 { Trouble::None } else { Trouble::All };
        let entries = lived(Settings::seeded(seed, trouble), None, "2026-03-05T18:00:00Z");
        let line = Timeline::of(&entries);
        gaps += line.gaps().len();
        let mut playing = playing(entries, 0);
        let step = line.end_ms / 300 + 1;
        for ms in (0..line.end_ms).step_by(usize::try_from(step).unwrap()) {
            // A standstill is passed over.
            playing.pass(Duration::from_millis(ms.saturating_sub(playing.at_ms())));
            let ms = playing.at_ms();
            let (view, at) = (playing.scene().sitting.view, line.at(ms));
            assert_eq!(view.phase, at.phase, "seed {seed} at {ms}");
            assert_eq!(RatingState::from(view.rating), at.known, "seed {seed} at {ms}");
            assert_eq!(view.spot.map(transcript::StoredSpot::from), at.spot, "seed {seed} at {ms}");
        }
    }
    assert!(gaps > 0, "bad air proves something only where there was some");
}

#[test]
fn it_is_played_at_speed_paused_and_leapt_through() {
    let entries = lived(such(sharp_twice), Some("Anna"), "2026-03-05T18:00:00Z");
    let line = Timeline::of(&entries);
    let sharp = line.sharps().next().unwrap();
    let mut playing = playing(entries.clone(), sharp - 10_000);
    let second = Duration::from_secs(1);
    assert_eq!(playing.at_ms(), sharp - 10_000);
    playing.pass(second);
    assert_eq!(playing.at_ms(), sharp - 9_000);
    assert!(playing.act(PlayAct::Faster) && playing.act(PlayAct::Faster));
    playing.pass(second);
    assert_eq!(playing.at_ms(), sharp - 5_000);
    assert!(playing.act(PlayAct::Pause));
    playing.pass(second);
    assert_eq!((playing.at_ms(), playing.due()), (sharp - 5_000, None));
    assert!(playing.scene().moment.contains("paused"));
    assert!(playing.act(PlayAct::On10));
    assert_eq!(playing.at_ms(), sharp + 5_000);
    // However one came there, it is the same screen.
    let there = playing.scene();
    assert!(playing.act(PlayAct::Back10) && playing.act(PlayAct::On10));
    assert_eq!(playing.scene(), there);
    let straight = self::playing(entries, sharp + 5_000);
    assert_eq!(straight.scene().sitting, there.sitting);
    assert!(playing.act(PlayAct::Pause));
    playing.pass(Duration::from_secs(3_600));
    assert_eq!((playing.at_ms(), playing.due()), (line.end_ms, None));
    assert!(playing.scene().moment.contains("the end"));
    assert!(playing.act(PlayAct::Pause), "from the beginning");
    assert_eq!(playing.at_ms(), 0);
    assert!(!playing.act(PlayAct::Leave));
}

/// People read in their own time, at whatever pace it is played; an alarm and a new phase go before.
#[test]
fn a_sentence_is_read_on_the_clock_at_any_pace() {
    const STEP: Duration = Duration::from_millis(100);
    let (entries, words) = (lived(such(sharp_twice), None, "2026-03-05T18:00:00Z"), Words::english());
    for pace in [1_u32, 2, 8] {
        let mut playing = playing(entries.clone(), 0);
        for _ in 0..u32::ilog2(pace) {
            assert!(playing.act(PlayAct::Faster));
        }
        let (mut shown, mut read) = (None, 0);
        while playing.due().is_some() {
            playing.pass(STEP);
            let sitting = playing.scene().sitting;
            let sentence = sitting.shown.sentence.filter(|_| sitting.shown.alarm.is_none());
            shown = match (shown, sentence) {
                (Some((before, phase, took)), now) if now != Some(before) => {
                    if phase == sitting.view.phase && sitting.shown.alarm.is_none() {
                        let least = words.reading_time(&before).saturating_sub(2 * STEP);
                        assert!(took >= least, "{before:?} was there for {took:?} at a pace of {pace}");
                        read += 1;
                    }
                    now.map(|sentence| (sentence, sitting.view.phase, STEP))
                }
                (Some((sentence, phase, took)), _) => Some((sentence, phase, took + STEP)),
                (None, now) => now.map(|sentence| (sentence, sitting.view.phase, STEP)),
            };
        }
        assert!(read >= 2, "{read} were read at a pace of {pace}");
    }
}

/// The prompts of the recorded session and those that are shown while it is played again are the same.
#[test]
fn it_is_due_whenever_something_comes_about() {
    let entries = lived(Settings::quiet(9), None, "2026-03-05T18:00:00Z");
    let mut playing = playing(entries.clone(), 0);
    let mut frames = 0;
    while let Some(due) = playing.due() {
        assert!(due > Duration::ZERO);
        playing.pass(due);
        frames += 1;
    }
    let end = Timeline::of(&entries).end_ms;
    assert_eq!(playing.at_ms(), end);
    assert!(frames < end / 40, "{frames} frames in {end} ms: no more than there is to see");
    assert_eq!(playing.scene().warning, None, "it is as it was lived");
}

#[test]
fn a_session_that_was_changed_says_from_where_on_it_is_not_as_it_was_lived() {
    let mut entries = lived(such(held_twice), None, "2026-03-05T18:00:00Z");
    let hold = entries.iter().position(|entry| matches!(entry.kind, Kind::Hold { .. })).unwrap();
    if let Kind::Hold { counted_ms, .. } = &mut entries[hold].kind {
        *counted_ms += 1;
    }
    let at = clock(entries[hold].at_ms);
    let warning = playing(entries, 0).scene().warning.unwrap();
    assert!(warning.contains(&format!("From {at} on this is not as it was lived")), "{warning}");
}

#[test]
fn what_is_pasted_is_text_where_something_is_typed_and_elsewhere_opens_nothing() {
    let shelf = Shelf::of_three();
    let mut looking = shelf.review(None);
    let paste = |looking: &mut Looking, text: &str| {
        looking.seen();
        let wanted = looking.0.pasted(text, SCREEN, wall()).unwrap();
        assert!(matches!(wanted, Wanted::Nothing), "{wanted:?}");
    };
    paste(&mut looking, "xq p");
    assert!(looking.seen().contains("LOOKING BACK") && !looking.seen().contains("x SHARP: only"));
    looking.press([Press::Enter]);
    paste(&mut looking, "q m p");
    looking.keys("m");
    paste(&mut looking, "softer there");
    looking.press([Press::Backspace, Press::Enter]);
    let journal = Journal::open(&shelf.db()).unwrap();
    let noted = journal.readable(journal.last().unwrap().unwrap().key).unwrap().notes();
    assert_eq!(noted.iter().map(|note| note.now.text.as_str()).collect::<Vec<_>>(), ["softer ther"]);
}

/// In Auckland it is tomorrow already for half of a UTC day: today's sessions are found by today's date, and are shown with
/// it.
#[test]
fn days_are_those_of_the_place_where_one_looks_back() {
    let shelf = Shelf::empty();
    shelf.put(&lived(Settings::quiet(4), Some("Ada"), "2026-12-01T18:15:00Z"));
    let auckland = TimeZone::get("Pacific/Auckland").unwrap();
    let wall: Timestamp = "2026-12-01T20:00:00Z".parse().unwrap();
    for (days, found) in [("2026-12-02", true), ("1d", true), ("2026-12-01", false)] {
        let mut looking = Looking(Review::open(&shelf.db(), None, wall, auckland.clone()).unwrap());
        looking.keys("d");
        looking.keys(days);
        looking.press([Press::Enter]);
        assert_eq!(looking.seen().contains("2026-12-02 07:15"), found, "{days}: {}", looking.seen());
    }
}
