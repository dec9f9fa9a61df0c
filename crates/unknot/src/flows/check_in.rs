//! How it has been since: asked once, when the same receiver comes again on another day, and kept behind the end of the
//! session that it is about. New numbness or weakness ends it here: no session begins for two days.
//!
//! Practice touches nobody, and is not asked about. Who gave no name is not known again.

use coach::screening::{Advice, Feels};
use coach::{Phase, Prompt, Rating};
use jiff::{SignedDuration, Timestamp};
use journal::{Journal, Key, State, WriteError, Writer};
use transcript::{Entry, Kind};
use words::{Value, Words};

use super::{Asked, Dialog, DialogView};
use crate::earlier::of_receiver;
use crate::failure::Failure;
use crate::keys::Press;
use crate::live::Why;
use crate::stop;

/// Sooner than this after the session nothing has had time to become sore: a night lies between.
const ANOTHER_DAY: SignedDuration = SignedDuration::from_hours(8);

/// New numbness or weakness closes for as long as SHARP closes a spot (promise 3). From then on the screening asks.
const STANDS_FOR: SignedDuration = SignedDuration::from_hours(48);

/// What leaves the stop page.
const LEAVE: char = 'q';

/// The ids of what is written here. They stand in the file of the language under "Since the last session".
mod texts {
    pub(super) const TITLE: &str = "since-title";
    pub(super) const ABOUT: &str = "since-about";
    pub(super) const NUMB: &str = "since-numb";
    pub(super) const FEELS: &str = "since-feels";
    pub(super) const BOTHER: &str = "since-bother";
    pub(super) const NOTE: &str = "since-note";
    pub(super) const STOPPED: &str = "since-stopped";
    pub(super) const YES: &str = "since-yes";
    pub(super) const NO: &str = "since-no";
    pub(super) const TEN: &str = "since-ten";
    pub(super) const NOT_SAID: &str = "since-not-said";
    pub(super) const KEEP: &str = "since-keep";
    pub(super) const LEAVE: &str = "since-leave";

    #[cfg(test)]
    pub(super) const ALL: &[&str] =
        &[TITLE, ABOUT, NUMB, FEELS, BOTHER, NOTE, STOPPED, YES, NO, TEN, NOT_SAID, KEEP, LEAVE];
}

/// What a receiver's earlier sessions lead to before the next one.
#[derive(Debug, PartialEq, Eq)]
enum Due {
    /// Nothing.
    Nothing,
    /// How it has been since this session, which began at this time, is asked.
    Ask(Key, String),
    /// New numbness or weakness was told of within the last two days.
    Stands,
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// A session may begin.
    GoOn,
    /// None may, and they have been told why: this line says it again where lines are all there is.
    Stopped(String),
    /// The page was left. Where it was left before the first answer, it is asked again.
    Left(Why),
}

/// Asks this receiver how it has been, where that is due, and keeps the answers.
pub(crate) async fn ask<D: DialogView>(
    writer: &mut Writer,
    receiver: Option<&str>,
    wall: Timestamp,
    at: &mut Dialog<'_, D>,
) -> Result<Since, Failure> {
    let words = Words::english();
    let text = |id| words.render(id, &[]);
    let (key, started) = match due(writer, receiver, wall)? {
        Due::Nothing => return Ok(Since::GoOn),
        Due::Stands => return stopped(at, &words).await,
        // A pipe has its keys from before, and they are for something else: it is asked the next time.
        Due::Ask(..) if !at.desk.answers() => return Ok(Since::GoOn),
        Due::Ask(key, started) => (key, started),
    };
    at.page.title = text(texts::TITLE);
    let day = started.get(..10).unwrap_or(&started);
    at.page.said = vec![words.render(texts::ABOUT, &[("day", Value::Name(day))])];

    let yes_no = [('y', text(texts::YES)), ('n', text(texts::NO))];
    let numb = match choose(at, text(texts::NUMB), &yes_no, None).await? {
        Chosen::Key(key) => key == 'y',
        Chosen::None | Chosen::Left(Why::Asked) => return Ok(Since::Left(Why::Asked)),
        Chosen::Left(why) => return Ok(Since::Left(why)),
    };
    if numb {
        keep(writer, key, wall, (Feels::NotSaid, None, true))?;
        return stopped(at, &words).await;
    }
    let named = |feels| words.name(feels);
    let ways = [
        ('b', named(Feels::Better)),
        ('s', named(Feels::Same)),
        ('o', named(Feels::Sore)),
        ('w', named(Feels::Worse)),
    ];
    let skip = Some(text(texts::NOT_SAID));
    let feels = match choose(at, text(texts::FEELS), &ways, skip.clone()).await? {
        Chosen::Key('b') => Feels::Better,
        Chosen::Key('s') => Feels::Same,
        Chosen::Key('o') => Feels::Sore,
        Chosen::Key(_) => Feels::Worse,
        Chosen::None => Feels::NotSaid,
        Chosen::Left(why) => return Ok(Since::Left(why)),
    };
    let digits: Vec<(char, String)> =
        "123456789".chars().map(|digit| (digit, String::new())).chain([('0', text(texts::TEN))]).collect();
    let bother = match choose(at, text(texts::BOTHER), &digits, skip).await? {
        Chosen::Key('0') => Some(Rating::MAX),
        Chosen::Key(digit) => digit.to_digit(10).and_then(|value| Rating::new(value as u8)),
        Chosen::None => None,
        Chosen::Left(why) => return Ok(Since::Left(why)),
    };
    keep(writer, key, wall, (feels, bother, false))?;
    match remark(at, &words).await? {
        Remark::Said(text) if text.is_empty() => {}
        Remark::Said(text) => writer.note(key, &text, &wall.to_string()).map_err(unkept)?,
        Remark::Left(why) => return Ok(Since::Left(why)),
    }
    Ok(Since::GoOn)
}

/// What is due before this receiver's next session, at this time.
fn due(journal: &Journal, receiver: Option<&str>, wall: Timestamp) -> Result<Due, Failure> {
    let Some(receiver) = receiver else { return Ok(Due::Nothing) };
    // Of one of which not all can be read, where no answer to it can.
    let mut of_torn = None;
    for session in of_receiver(journal, receiver)? {
        if session.state == State::Open && !session.altered {
            continue;
        }
        let key = session.key;
        let read = journal.readable(key)?;
        let is_whole = journal.broken(key)?.is_none();
        let touched = |entry: &Entry| matches!(entry.kind, Kind::Phase { to: Phase::BroadStrokes, .. });
        // What is lost may have been that, or an answer: rather is it asked once too often.
        if is_whole && !read.entries.iter().any(touched) {
            continue;
        }
        let told = read.entries.iter().find_map(|entry| match &entry.kind {
            Kind::CheckIn { wall, numb, .. } => Some((wall, *numb)),
            _ => None,
        });
        let since = |then: &str| then.parse().ok().map(|then: Timestamp| wall.duration_since(then));
        let lasted = SignedDuration::from_millis(i64::try_from(session.reached_ms).unwrap_or(i64::MAX));
        let ago = since(&session.started).unwrap_or_default();
        let due = match told {
            Some((when, true)) if since(when).is_some_and(|since| since < STANDS_FOR) => {
                return Ok(Due::Stands);
            }
            // By a clock that was wrong then or is now: what came before it may be the last all the same.
            _ if ago.is_negative() => continue,
            None if ago.saturating_sub(lasted) >= ANOTHER_DAY => Due::Ask(key, session.started),
            Some(_) | None => Due::Nothing,
        };
        if is_whole || told.is_some() {
            return Ok(of_torn.unwrap_or(due));
        }
        // It may have touched nobody: what was answered before it may still stand.
        of_torn.get_or_insert(due);
    }
    Ok(of_torn.unwrap_or(Due::Nothing))
}

fn keep(
    writer: &mut Writer,
    key: Key,
    wall: Timestamp,
    (feels, bother, numb): (Feels, Option<Rating>, bool),
) -> Result<(), Failure> {
    let answer = Kind::CheckIn { wall: wall.to_string(), feels, bother, numb };
    writer.add(key, answer).map_err(unkept)
}

fn unkept(error: WriteError) -> Failure {
    Failure::from(error).on_full_disk("the answer was not kept")
}

/// What was chosen of a few keys.
enum Chosen {
    Key(char),
    /// Enter: none of them.
    None,
    Left(Why),
}

/// Waits for one of these keys. Where there is a word for it, Enter and Esc pass the question over.
async fn choose<D: DialogView>(
    at: &mut Dialog<'_, D>,
    question: String,
    keys: &[(char, String)],
    skip: Option<String>,
) -> Result<Chosen, Failure> {
    let named = keys.iter().filter(|(_, what)| !what.is_empty());
    at.page.keys = named.map(|(key, what)| (key.to_string(), what.clone())).collect();
    at.page.keys.extend(skip.iter().map(|what| ("Enter".to_owned(), what.clone())));
    at.now(question)?;
    loop {
        match at.came(true).await? {
            Asked::Press(Press::Char(char)) if keys.iter().any(|(key, _)| *key == char) => {
                return Ok(Chosen::Key(char));
            }
            Asked::Press(Press::Enter | Press::Esc) if skip.is_some() => return Ok(Chosen::None),
            Asked::Press(Press::Esc) => return Ok(Chosen::Left(Why::Asked)),
            Asked::Press(_) => {}
            Asked::Leave(why) => return Ok(Chosen::Left(why)),
        }
    }
}

enum Remark {
    Said(String),
    Left(Why),
}

/// Takes a line of text. Esc drops it.
async fn remark<D: DialogView>(at: &mut Dialog<'_, D>, words: &Words) -> Result<Remark, Failure> {
    let key = |key: &str, id| (key.to_owned(), words.render(id, &[]));
    at.page.keys = vec![key("Enter", texts::KEEP), key("Esc", texts::NOT_SAID)];
    at.page.line = Some(String::new());
    at.now(words.render(texts::NOTE, &[]))?;
    loop {
        match at.came(true).await? {
            Asked::Press(Press::Char(char)) => at.page.put(char),
            Asked::Press(Press::Backspace) => at.page.rub_out(),
            Asked::Press(Press::Enter) => {
                return Ok(Remark::Said(at.page.line.take().unwrap_or_default().trim().to_owned()));
            }
            Asked::Press(Press::Esc) => {
                at.page.line = None;
                return Ok(Remark::Said(String::new()));
            }
            Asked::Press(_) => {}
            Asked::Leave(why) => return Ok(Remark::Left(why)),
        }
        at.show()?;
    }
}

/// The stop page. No key leads on from it, and none but that which it names leaves it, once it can have been read.
async fn stopped<D: DialogView>(at: &mut Dialog<'_, D>, words: &Words) -> Result<Since, Failure> {
    let stop = Prompt::Stopped { advice: Advice::NewSigns };
    let loud = stop::loud(words, &stop, None);
    at.page.title = words.render(texts::TITLE, &[]);
    at.page.stop = Some(stop);
    at.page.said = vec![words.prompt(&stop)];
    at.page.keys.clear();
    at.now(words.render(texts::STOPPED, &[]))?;
    if at.desk.keeps() {
        return Ok(Since::Stopped(loud));
    }
    let mut read = std::pin::pin!(tokio::time::sleep(stop::TO_BE_READ));
    let mut is_read = false;
    loop {
        let came = tokio::select! {
            () = &mut read, if !is_read => {
                is_read = true;
                at.page.keys = vec![(format!("{LEAVE} or Ctrl-C"), words.render(texts::LEAVE, &[]))];
                at.show()?;
                continue;
            }
            came = at.came(true) => came?,
        };
        match came {
            Asked::Press(Press::Char(LEAVE)) | Asked::Leave(Why::Asked) if is_read => {
                return Ok(Since::Stopped(loud));
            }
            Asked::Press(_) | Asked::Leave(Why::Asked) => {}
            Asked::Leave(Why::InputEnded) => return Ok(Since::Stopped(loud)),
            Asked::Leave(why) => return Ok(Since::Left(why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tokio::sync::mpsc::unbounded_channel;
    use transcript::{Header, PlanKept};

    use super::*;
    use crate::clock::fresh_id;
    use crate::earlier::tear::tear;
    use crate::flows::{LineView, Page};
    use crate::practice::header;
    use crate::signals::Signals;
    use crate::terminal::{Lines, Typed};

    const BEGAN: &str = "2026-01-01T18:00:00Z";
    const NEXT_DAY: &str = "2026-01-02T18:00:00Z";

    /// A store with a session of Anna's, with a clicker or in practice, in which hands were on her or not.
    fn store(folder: &std::path::Path, clicker: bool, touched: bool) -> Writer {
        let plan = PlanKept::new(&coach::Plan::partner(), "");
        let header = Header {
            receiver: Some("Anna".to_owned()),
            clicker: clicker.then(|| "C0:12:34:56:78:9A".to_owned()),
            ..header(fresh_id(), plan, None, BEGAN.parse().unwrap())
        };
        let to = if touched { Phase::BroadStrokes } else { Phase::Finished };
        let because = coach::Because::Ended;
        let kinds = [Kind::Phase { from: Phase::Warming, to, because }, Kind::Finished { because }];
        let entries = kinds.map(|kind| Entry { at_ms: 60_000, kind });
        let mut writer = Writer::open(&folder.join("store.db")).unwrap();
        writer.create_with(&header, &entries).unwrap();
        writer
    }

    /// What came of it, and what was to be read.
    async fn asked(writer: &mut Writer, who: Option<&str>, wall: &str, typed: &str) -> (Since, String) {
        asked_at(writer, who, wall, typed, true).await
    }

    async fn asked_at(
        writer: &mut Writer,
        who: Option<&str>,
        wall: &str,
        typed: &str,
        terminal: bool,
    ) -> (Since, String) {
        let (mut out, (keys, mut typing)) = (Vec::new(), unbounded_channel());
        let mut last = None;
        for key in typed.chars() {
            let press = match key {
                '\n' => Press::Enter,
                '!' => Press::Esc,
                char => Press::Char(char),
            };
            let again = last.replace(press) == Some(press);
            keys.send(if again { Typed::Again(press) } else { Typed::Press(press) }).unwrap();
        }
        drop(keys);
        let mut lines = Lines::new(&mut out);
        let (mut desk, mut signals) = (LineView::new(&mut lines, terminal), Signals::listen().unwrap());
        let mut at =
            Dialog { desk: &mut desk, keys: &mut typing, signals: &mut signals, page: Page::default() };
        let since = ask(writer, who, wall.parse().unwrap(), &mut at).await.unwrap();
        (since, String::from_utf8(out).unwrap())
    }

    fn stored(writer: &Writer) -> Vec<Kind> {
        let entries = writer.entries(writer.last().unwrap().unwrap().key).unwrap();
        entries.into_iter().map(|entry| entry.kind).filter(Kind::is_aside).collect()
    }

    fn check_in(feels: Feels, bother: Option<u8>, numb: bool) -> Kind {
        let bother = bother.and_then(Rating::new);
        Kind::CheckIn { wall: NEXT_DAY.to_owned(), feels, bother, numb }
    }

    #[test]
    fn where_it_cannot_be_read_whether_she_was_touched_it_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        drop(store(folder.path(), true, true));
        let file = folder.path().join("store.db");
        tear(&file, r#""kind":"phase""#, r#""kind":"phrase"#);
        let journal = Journal::open(&file).unwrap();
        let due = due(&journal, Some("Anna"), NEXT_DAY.parse().unwrap()).unwrap();
        assert!(matches!(due, Due::Ask(..)), "{due:?}");
    }

    #[tokio::test]
    async fn the_next_day_it_is_asked_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let (since, said) = asked(&mut writer, Some("Anna"), NEXT_DAY, "xnxo3all well\n").await;
        assert_eq!(since, Since::GoOn);
        assert!(said.contains("2026-01-01") && said.contains("numbness or weakness"), "{said}");
        let note = Kind::Note { text: "all well".to_owned(), wall: Some(NEXT_DAY.to_owned()), edits: None };
        assert_eq!(stored(&writer), [check_in(Feels::Sore, Some(3), false), note]);
        let session = writer.last().unwrap().unwrap().key;
        assert_eq!(writer.broken(session).unwrap(), None, "it goes on with the session's chain");
        assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, "").await, (Since::GoOn, String::new()));
    }

    #[tokio::test]
    async fn who_says_nothing_is_not_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, "n\n!\n").await.0, Since::GoOn);
        assert_eq!(stored(&writer), [check_in(Feels::NotSaid, None, false)]);
        assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, "").await.0, Since::GoOn);
    }

    #[tokio::test]
    async fn new_numbness_or_weakness_stops_for_two_days() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let (since, said) = asked(&mut writer, Some("Anna"), NEXT_DAY, "y").await;
        assert!(matches!(since, Since::Stopped(_)), "{since:?}");
        assert!(said.contains("We stop here") && said.contains("health professional"), "{said}");
        assert_eq!(stored(&writer), [check_in(Feels::NotSaid, None, true)]);
        let (since, said) = asked(&mut writer, Some("Anna"), "2026-01-04T17:59:00Z", "n").await;
        assert!(
            matches!(since, Since::Stopped(_)) && said.contains("We stop here"),
            "no key leads on: {said}"
        );
        let after = asked(&mut writer, Some("Anna"), "2026-01-04T18:00:00Z", "").await;
        assert_eq!(after, (Since::GoOn, String::new()), "from then on the screening asks");
        let other = asked(&mut writer, Some("Bea"), NEXT_DAY, "").await;
        assert_eq!(other, (Since::GoOn, String::new()));
    }

    #[tokio::test]
    async fn at_a_pipe_it_is_not_asked_and_the_stop_stands_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let piped = asked_at(&mut writer, Some("Anna"), NEXT_DAY, "y", false).await;
        assert_eq!(piped, (Since::GoOn, String::new()));
        assert_eq!(stored(&writer), [], "it is asked the next time");
        let again = asked(&mut writer, Some("Anna"), NEXT_DAY, "y").await.0;
        assert!(matches!(again, Since::Stopped(_)), "{again:?}");
        let (since, said) = asked_at(&mut writer, Some("Anna"), NEXT_DAY, "n", false).await;
        assert!(matches!(since, Since::Stopped(_)) && said.contains("We stop here"), "{said}");
    }

    #[tokio::test]
    async fn what_is_left_before_the_end_is_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        for (typed, why) in [("!", Why::Asked), ("", Why::InputEnded), ("nb", Why::InputEnded)] {
            assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, typed).await.0, Since::Left(why));
            assert_eq!(stored(&writer), []);
        }
    }

    /// A session of Anna's that began then, over or not.
    fn another(writer: &mut Writer, began: &str, over: bool) {
        let of_anna = writer.header(writer.last().unwrap().unwrap().key).unwrap().unwrap();
        let header = Header { id: fresh_id().to_string(), wall: began.to_owned(), ..of_anna };
        let because = coach::Because::Time;
        let strokes = Kind::Phase { from: Phase::Warming, to: Phase::BroadStrokes, because };
        let kinds = [Some(strokes), over.then_some(Kind::Finished { because })];
        let entries: Vec<_> = kinds.into_iter().flatten().map(|kind| Entry { at_ms: 60_000, kind }).collect();
        writer.create_with(&header, &entries).unwrap();
    }

    /// What was imported after it, or dated by a clock that was wrong, hid the stop.
    #[test]
    fn new_numbness_stops_whatever_came_into_the_store_since() {
        for began in ["2025-06-01T18:00:00Z", "2027-06-01T18:00:00Z"] {
            let folder = tempfile::tempdir().unwrap();
            let mut writer = store(folder.path(), true, true);
            let told = writer.last().unwrap().unwrap().key;
            writer.add(told, check_in(Feels::NotSaid, None, true)).unwrap();
            another(&mut writer, began, true);
            assert_eq!(
                due(&writer, Some("Anna"), NEXT_DAY.parse().unwrap()).unwrap(),
                Due::Stands,
                "{began}"
            );
        }
    }

    /// One of which not all can be read may have touched nobody.
    #[test]
    fn new_numbness_stops_whatever_cannot_be_read_of_a_later_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let told = writer.last().unwrap().unwrap().key;
        writer.add(told, check_in(Feels::NotSaid, None, true)).unwrap();
        another(&mut writer, "2026-01-02T08:00:00Z", true);
        drop(writer);
        let file = folder.path().join("store.db");
        tear(&file, r#""kind":"finished""#, r#""kind":"finishes""#);
        let journal = Journal::open(&file).unwrap();
        let unread = |session: journal::Session| journal.readable(session.key).unwrap().unread.len();
        assert_eq!(of_receiver(&journal, "Anna").unwrap().into_iter().map(unread).sum::<usize>(), 1);
        assert_eq!(due(&journal, Some("Anna"), NEXT_DAY.parse().unwrap()).unwrap(), Due::Stands);
    }

    #[test]
    fn a_session_that_is_not_over_is_not_asked_about() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, false);
        another(&mut writer, BEGAN, false);
        let found = |writer: &Writer| due(writer, Some("Anna"), NEXT_DAY.parse().unwrap()).unwrap();
        assert_eq!(found(&writer), Due::Nothing);
        another(&mut writer, BEGAN, true);
        assert!(matches!(found(&writer), Due::Ask(..)), "the control");
    }

    #[test]
    fn nobody_else_and_nothing_else_is_asked_about() {
        for (clicker, touched, who, wall, is_due) in [
            (true, true, Some("Anna"), NEXT_DAY, true),
            (true, true, Some("Anna"), "2026-01-02T02:00:59Z", false),
            (true, true, Some("Bea"), NEXT_DAY, false),
            (true, true, None, NEXT_DAY, false),
            (false, true, Some("Anna"), NEXT_DAY, false),
            (true, false, Some("Anna"), NEXT_DAY, false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let found = due(&store(folder.path(), clicker, touched), who, wall.parse().unwrap()).unwrap();
            assert_eq!(matches!(found, Due::Ask(..)), is_due, "{clicker} {touched} {who:?} {wall}");
        }
    }

    #[test]
    fn the_file_of_the_language_has_these_and_no_others() {
        let file = include_str!("../../../words/en.ftl");
        let there = file.lines().filter(|line| line.starts_with("since-"));
        let there: BTreeSet<&str> =
            there.filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
        assert_eq!(there, texts::ALL.iter().copied().collect());
    }

    #[tokio::test]
    async fn what_is_pasted_answers_no_question_and_is_the_text_of_a_note() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let (keys, mut typing) = unbounded_channel();
        let paste = |text: &str| keys.send(Typed::Pasted(text.to_owned())).unwrap();
        let press = |press| keys.send(Typed::Press(press)).unwrap();
        paste("yes");
        press(Press::Char('n'));
        paste("better");
        press(Press::Enter);
        paste("3");
        press(Press::Enter);
        paste("softer there");
        press(Press::Enter);
        let (mut out, mut signals) = (Vec::new(), Signals::listen().unwrap());
        let mut lines = Lines::new(&mut out);
        let mut desk = LineView::new(&mut lines, true);
        let mut at =
            Dialog { desk: &mut desk, keys: &mut typing, signals: &mut signals, page: Page::default() };
        let since = ask(&mut writer, Some("Anna"), NEXT_DAY.parse().unwrap(), &mut at).await.unwrap();
        assert_eq!(since, Since::GoOn);
        let text = "softer there".to_owned();
        let note = Kind::Note { text, wall: Some(NEXT_DAY.to_owned()), edits: None };
        assert_eq!(stored(&writer), [check_in(Feels::NotSaid, None, false), note]);
    }
}
