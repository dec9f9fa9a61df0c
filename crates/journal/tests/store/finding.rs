//! Which sessions a filter lets through, and which notes hold some words.

use coach::body::{Region, Side};
use coach::{Because, Outcome, Prompt};
use journal::{Filter, Journal, SessionKind, Writer};
use rstest::rstest;
use transcript::{Answered, Entry, Header, Kind, StoredSpot};

use super::header;

/// Three sessions: Ada's in January with a SHARP, Ada's in March in a receiver's hand, and one without a name in
/// February.
fn store(path: &std::path::Path) -> Writer {
    let mut store = Writer::open(path).unwrap();
    let mut session =
        |id: &str, receiver: Option<&str>, wall: &str, clicker: Option<&str>, kinds: &[Kind]| {
            let header = Header {
                receiver: receiver.map(str::to_owned),
                wall: wall.to_owned(),
                clicker: clicker.map(str::to_owned),
                ..header(id)
            };
            let key = store.create(&header).unwrap();
            // In batches of one, as a running session stores them.
            for kind in kinds {
                store.append(key, &[Entry { at_ms: 5, kind: kind.clone() }]).unwrap();
            }
        };
    let hold = |outcome| Kind::Hold { outcome, because: Because::Time, counted_ms: 1, pressed_ms: 2 };
    let spot = |side, out_cm, down_cm| Kind::Spot(StoredSpot { side, out_cm, down_cm });
    let note = |text: &str| Kind::Note { text: text.to_owned(), wall: None, edits: None };
    let chosen = Kind::Screening(Answered::Where { side: Side::Left, region: Region::UpperTrapezius });
    session(
        "january",
        Some("Ada"),
        "2026-01-05T18:00:00Z",
        None,
        &[
            chosen,
            // Passed over on the way.
            spot(Side::Right, 6, 12),
            spot(Side::Right, 3, 40),
            hold(Outcome::Void),
            Kind::Sharp {},
            note("softer than LAST time; Žofie said so"),
        ],
    );
    session(
        "march",
        Some("Ada"),
        "2026-03-05T18:00:00Z",
        Some("C0:12"),
        // The ready check: its SHARP is answered, and the question said again.
        &[
            Kind::Sharp {},
            Kind::Prompt(Prompt::HeardThat.into()),
            Kind::Prompt(Prompt::HeardThat.into()),
            hold(Outcome::Done),
            note("soft"),
            note("a ball"),
        ],
    );
    session("february", None, "2026-02-05T18:00:00Z", None, &[]);
    store
}

fn found(store: &Journal, filter: &Filter) -> Vec<String> {
    store.list(filter, 0, 10).unwrap().sessions.into_iter().map(|session| session.id).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[rstest]
#[case::all(Filter::default(), &["march", "february", "january"])]
#[case::receiver(Filter { receiver: some("Ada"), ..Filter::default() }, &["march", "january"])]
#[case::nobody(Filter { receiver: some(""), ..Filter::default() }, &["february"])]
#[case::spelled_otherwise(Filter { receiver: some(" aDA "), ..Filter::default() }, &["march", "january"])]
#[case::somebody_else(Filter { receiver: some("Ad"), ..Filter::default() }, &[])]
#[case::plan(Filter { plan: some("partner"), ..Filter::default() }, &["march", "february", "january"])]
#[case::other_plan(Filter { plan: some("ball"), ..Filter::default() }, &[])]
#[case::from(Filter { from: some("2026-02"), ..Filter::default() }, &["march", "february"])]
#[case::between(Filter { from: some("2026-01-06"), before: some("2026-03-05T18:00:00Z"), ..Filter::default() }, &["february"])]
#[case::sharp(Filter { sharp: true, ..Filter::default() }, &["january"])]
#[case::in_hand(Filter { kind: Some(SessionKind::InHand), ..Filter::default() }, &["march"])]
#[case::practice(Filter { kind: Some(SessionKind::Practice), ..Filter::default() }, &["february", "january"])]
#[case::chosen(Filter { region: Some(Region::UpperTrapezius), ..Filter::default() }, &["january"])]
#[case::of_a_hold(Filter { side: Some(Side::Right), region: Some(Region::LumbarErectors), ..Filter::default() }, &["january"])]
#[case::on_the_other_side(Filter { side: Some(Side::Left), region: Some(Region::LumbarErectors), ..Filter::default() }, &[])]
#[case::passed_over(Filter { region: Some(Region::LevatorScapulae), ..Filter::default() }, &[])]
#[case::side(Filter { side: Some(Side::Left), ..Filter::default() }, &["january"])]
#[case::words(Filter { words: "SOFT".to_owned(), ..Filter::default() }, &["march", "january"])]
#[case::words_in_one_note(Filter { words: "soft ball".to_owned(), ..Filter::default() }, &[])]
#[case::no_words(Filter { words: " ... ".to_owned(), ..Filter::default() }, &[])]
#[case::together(Filter { receiver: some("Ada"), words: "zofie".to_owned(), sharp: true, ..Filter::default() }, &["january"])]
fn a_filter_lets_through_what_it_says(#[case] filter: Filter, #[case] wanted: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(found(&store(&dir.path().join("unknot.db")), &filter), wanted);
}

#[test]
fn a_page_says_how_many_there_are_in_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir.path().join("unknot.db"));
    let page = store.list(&Filter::default(), 1, 1).unwrap();
    assert_eq!((page.sessions.len(), page.sessions[0].id.as_str(), page.total), (1, "february", 3));
    assert_eq!(store.list(&Filter::default(), 9, 9).unwrap().sessions, []);
}

#[test]
fn a_note_is_found_by_the_beginnings_of_its_words_whatever_else_is_typed() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir.path().join("unknot.db"));
    let texts = |words: &str| {
        store.search(words, 9).unwrap().into_iter().map(|hit| (hit.id, hit.n, hit.text)).collect::<Vec<_>>()
    };
    let last = ("january".to_owned(), 6, "softer than LAST time; Žofie said so".to_owned());
    let soft = ("march".to_owned(), 5, "soft".to_owned());
    assert_eq!(texts("soft"), [soft, last.clone()]);
    for words in ["last softer", "žof", "ZOFIE", "\"last\" -soft* (NEAR) said"] {
        let expected = if words.contains("NEAR") { vec![] } else { vec![last.clone()] };
        assert_eq!(texts(words), expected, "{words}");
    }
    for nothing in ["", " ", "\"", "*", "oft", "last:x", &"x ".repeat(10_000)] {
        assert_eq!(texts(nothing), [], "{nothing:.20}");
    }
    assert_eq!(store.search("soft", 1).unwrap().len(), 1);
}

#[test]
fn it_is_told_who_lay_down_and_by_which_plans() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir.path().join("unknot.db"));
    assert_eq!(store.receivers().unwrap(), [("Ada".to_owned(), 2), (String::new(), 1)]);
    assert_eq!(store.plans().unwrap(), [("partner".to_owned(), 3)]);
}

#[test]
fn what_another_store_gave_is_found_too() {
    let dir = tempfile::tempdir().unwrap();
    let from = store(&dir.path().join("from.db"));
    let january = from.resolve("january").unwrap();
    let entries = from.entries(january.key).unwrap();
    let Kind::Session(header) = &entries[0].kind else { panic!("a session begins with its header") };
    let mut into = Writer::open(&dir.path().join("into.db")).unwrap();
    into.import(&[journal::Foreign { header, entries: &entries[1..], closed: false }]).unwrap();
    let taken = into.resolve("january").unwrap();
    assert_eq!(taken, journal::Session { key: taken.key, ..january });
    assert_eq!(into.search("žofie", 9).unwrap().len(), 1);
}
