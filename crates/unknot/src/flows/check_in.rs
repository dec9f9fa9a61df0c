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

use super::{Dialog, DialogView, Exit, Flow};
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

/// Asks this receiver how it has been, where that is due, and keeps the answers. Where it is left before the first answer
/// is complete, it is asked again the next time.
pub(crate) async fn ask<V: DialogView>(
    writer: &mut Writer,
    receiver: Option<&str>,
    wall: Timestamp,
    dialog: &mut Dialog<'_, V>,
) -> Flow<()> {
    let words = Words::english();
    let text = |id| words.render(id, &[]);
    let (key, started) = match due(writer, receiver, wall)? {
        Due::Nothing => return Ok(()),
        Due::Stands => return stopped(dialog, &words).await,
        // A pipe has its keys from before, and they are for something else: it is asked the next time.
        Due::Ask(..) if !dialog.view.answers() => return Ok(()),
        Due::Ask(key, started) => (key, started),
    };
    dialog.page.title = text(texts::TITLE);
    let day = started.get(..10).unwrap_or(&started);
    dialog.page.said = vec![words.render(texts::ABOUT, &[("day", Value::Name(day))])];

    let yes_no = [('y', text(texts::YES)), ('n', text(texts::NO))];
    let numb = choose(dialog, text(texts::NUMB), &yes_no, None).await? == Some('y');
    if numb {
        keep(writer, key, wall, (Feels::NotSaid, None, true))?;
        return stopped(dialog, &words).await;
    }
    let ways = [('b', Feels::Better), ('s', Feels::Same), ('o', Feels::Sore), ('w', Feels::Worse)];
    let named = ways.map(|(key, feels)| (key, words.name(feels)));
    let skip = Some(text(texts::NOT_SAID));
    let way = choose(dialog, text(texts::FEELS), &named, skip.clone()).await?;
    let feels = ways.iter().find(|(key, _)| Some(*key) == way).map_or(Feels::NotSaid, |(_, feels)| *feels);
    let digits: Vec<(char, String)> =
        "123456789".chars().map(|digit| (digit, String::new())).chain([('0', text(texts::TEN))]).collect();
    let bother = match choose(dialog, text(texts::BOTHER), &digits, skip).await? {
        Some('0') => Some(Rating::MAX),
        digit => digit.and_then(|digit| digit.to_digit(10)).and_then(|value| Rating::new(value as u8)),
    };
    keep(writer, key, wall, (feels, bother, false))?;
    let remark = remark(dialog, &words).await?;
    if !remark.is_empty() {
        writer.note(key, &remark, &wall.to_string()).map_err(unkept)?;
    }
    Ok(())
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

/// Waits for one of these keys. Where there is a word for it, Enter and Esc pass the question over.
async fn choose<V: DialogView>(
    dialog: &mut Dialog<'_, V>,
    question: String,
    keys: &[(char, String)],
    skip: Option<String>,
) -> Flow<Option<char>> {
    let named = keys.iter().filter(|(_, what)| !what.is_empty());
    dialog.page.keys = named.map(|(key, what)| (key.to_string(), what.clone())).collect();
    dialog.page.keys.extend(skip.iter().map(|what| ("Enter".to_owned(), what.clone())));
    dialog.now(question)?;
    let answer = dialog.answer(|press| match press {
        Press::Char(char) if keys.iter().any(|(key, _)| *key == char) => Some(Some(char)),
        Press::Enter | Press::Esc if skip.is_some() => Some(None),
        _ => None,
    });
    answer.await
}

/// Takes a line of text. Esc drops it.
async fn remark<V: DialogView>(dialog: &mut Dialog<'_, V>, words: &Words) -> Flow<String> {
    let key = |key: &str, id| (key.to_owned(), words.render(id, &[]));
    dialog.page.keys = vec![key("Enter", texts::KEEP), key("Esc", texts::NOT_SAID)];
    dialog.page.line = Some(String::new());
    dialog.now(words.render(texts::NOTE, &[]))?;
    loop {
        match dialog.press(true).await? {
            Press::Char(char) => dialog.page.put(char),
            Press::Backspace => dialog.page.rub_out(),
            Press::Enter => return Ok(dialog.page.line.take().unwrap_or_default().trim().to_owned()),
            Press::Esc => {
                dialog.page.line = None;
                return Ok(String::new());
            }
            _ => {}
        }
        dialog.show()?;
    }
}

/// The stop page. No key leads on from it, and none but that which it names leaves it, once it can have been read.
async fn stopped<V: DialogView>(dialog: &mut Dialog<'_, V>, words: &Words) -> Flow<()> {
    let stop = Prompt::Stopped { advice: Advice::NewSigns };
    let loud = stop::loud(words, &stop, None);
    dialog.page.title = words.render(texts::TITLE, &[]);
    dialog.page.stop = Some(stop);
    dialog.page.said = vec![words.prompt(&stop)];
    dialog.page.keys.clear();
    dialog.now(words.render(texts::STOPPED, &[]))?;
    if dialog.view.keeps() {
        return Err(Exit::Refused(loud));
    }
    let mut read = std::pin::pin!(tokio::time::sleep(stop::TO_BE_READ));
    let mut is_read = false;
    loop {
        let press = tokio::select! {
            () = &mut read, if !is_read => {
                is_read = true;
                dialog.page.keys = vec![(format!("{LEAVE} or Ctrl-C"), words.render(texts::LEAVE, &[]))];
                dialog.show()?;
                continue;
            }
            press = dialog.press(true) => press,
        };
        match press {
            Ok(Press::Char(LEAVE)) | Err(Exit::Left(Why::Asked)) if is_read => {
                return Err(Exit::Refused(loud));
            }
            Ok(_) | Err(Exit::Left(Why::Asked)) => {}
            Err(Exit::Left(Why::InputEnded)) => return Err(Exit::Refused(loud)),
            Err(exit) => return Err(exit),
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
    use crate::flows::LineView;
    use crate::input::Input;
    use crate::practice::header;
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
    async fn asked(writer: &mut Writer, who: Option<&str>, wall: &str, typed: &str) -> (Flow<()>, String) {
        asked_at(writer, who, wall, typed, true).await
    }

    async fn asked_at(
        writer: &mut Writer,
        who: Option<&str>,
        wall: &str,
        typed: &str,
        terminal: bool,
    ) -> (Flow<()>, String) {
        let (mut out, (keys, typing)) = (Vec::new(), unbounded_channel());
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
        let (mut view, mut input) = (LineView::new(&mut lines, terminal), Input::new(typing).unwrap());
        let mut dialog = Dialog::new(&mut view, &mut input);
        let since = ask(writer, who, wall.parse().unwrap(), &mut dialog).await;
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
        assert_eq!(since, Ok(()));
        assert!(said.contains("2026-01-01") && said.contains("numbness or weakness"), "{said}");
        let note = Kind::Note { text: "all well".to_owned(), wall: Some(NEXT_DAY.to_owned()), edits: None };
        assert_eq!(stored(&writer), [check_in(Feels::Sore, Some(3), false), note]);
        let session = writer.last().unwrap().unwrap().key;
        assert_eq!(writer.broken(session).unwrap(), None, "it goes on with the session's chain");
        assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, "").await, (Ok(()), String::new()));
    }

    #[tokio::test]
    async fn who_says_nothing_is_not_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, "n\n!\n").await.0, Ok(()));
        assert_eq!(stored(&writer), [check_in(Feels::NotSaid, None, false)]);
        assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, "").await.0, Ok(()));
    }

    #[tokio::test]
    async fn new_numbness_or_weakness_stops_for_two_days() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let (since, said) = asked(&mut writer, Some("Anna"), NEXT_DAY, "y").await;
        assert!(matches!(since, Err(Exit::Refused(_))), "{since:?}");
        assert!(said.contains("We stop here") && said.contains("health professional"), "{said}");
        assert_eq!(stored(&writer), [check_in(Feels::NotSaid, None, true)]);
        let (since, said) = asked(&mut writer, Some("Anna"), "2026-01-04T17:59:00Z", "n").await;
        assert!(
            matches!(since, Err(Exit::Refused(_))) && said.contains("We stop here"),
            "no key leads on: {said}"
        );
        let after = asked(&mut writer, Some("Anna"), "2026-01-04T18:00:00Z", "").await;
        assert_eq!(after, (Ok(()), String::new()), "from then on the screening asks");
        let other = asked(&mut writer, Some("Bea"), NEXT_DAY, "").await;
        assert_eq!(other, (Ok(()), String::new()));
    }

    #[tokio::test]
    async fn at_a_pipe_it_is_not_asked_and_the_stop_stands_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        let piped = asked_at(&mut writer, Some("Anna"), NEXT_DAY, "y", false).await;
        assert_eq!(piped, (Ok(()), String::new()));
        assert_eq!(stored(&writer), [], "it is asked the next time");
        let again = asked(&mut writer, Some("Anna"), NEXT_DAY, "y").await.0;
        assert!(matches!(again, Err(Exit::Refused(_))), "{again:?}");
        let (since, said) = asked_at(&mut writer, Some("Anna"), NEXT_DAY, "n", false).await;
        assert!(matches!(since, Err(Exit::Refused(_))) && said.contains("We stop here"), "{said}");
    }

    #[tokio::test]
    async fn what_is_left_before_the_end_is_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = store(folder.path(), true, true);
        for (typed, why) in [("!", Why::Asked), ("", Why::InputEnded), ("nb", Why::InputEnded)] {
            assert_eq!(asked(&mut writer, Some("Anna"), NEXT_DAY, typed).await.0, Err(Exit::Left(why)));
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
        let (keys, typing) = unbounded_channel();
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
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out);
        let (mut view, mut input) = (LineView::new(&mut lines, true), Input::new(typing).unwrap());
        let mut dialog = Dialog::new(&mut view, &mut input);
        let since = ask(&mut writer, Some("Anna"), NEXT_DAY.parse().unwrap(), &mut dialog).await;
        assert_eq!(since, Ok(()));
        let text = "softer there".to_owned();
        let note = Kind::Note { text, wall: Some(NEXT_DAY.to_owned()), edits: None };
        assert_eq!(stored(&writer), [check_in(Feels::NotSaid, None, false), note]);
    }
}
