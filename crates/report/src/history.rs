//! The listing of sessions, for people and as JSON.

use coach::Named as _;
use jiff::tz::TimeZone;
use journal::{Session, SessionKind, State};
use serde::Serialize;
use words::{Words, escaped, foreign, padded, width};

use crate::text::clock;
use crate::wall;

/// A session as JSON. Fields are only ever added.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    started: &'a str,
    receiver: Option<&'a str>,
    plan: &'a str,
    state: &'static str,
    because: Option<&'static str>,
    lasted_ms: u64,
    holds: Holds,
    /// Whether it was practice.
    practice: bool,
}

#[derive(Serialize)]
struct Holds {
    done: u32,
    void: u32,
    cut: u32,
}

/// One session as a line of JSON, without the line break.
#[must_use]
pub fn json(session: &Session) -> String {
    let (state, because) = match session.state {
        State::Open => ("open", None),
        State::Finished(because) => ("finished", Some(because.name())),
        State::Closed => ("closed", None),
    };
    let journal::Holds { done, void, cut } = session.holds;
    let line = Line {
        id: &session.id,
        started: &session.started,
        receiver: session.receiver.as_deref(),
        plan: &session.plan,
        state,
        because,
        lasted_ms: session.lasted_ms,
        holds: Holds { done, void, cut },
        practice: session.kind == SessionKind::Practice,
    };
    // Every key is a string and no part can refuse: there is nothing for this to fail on.
    escaped(serde_json::to_string(&line).unwrap_or_default())
}

/// The sessions as a table, the latest last, or one line that says that there are none.
#[must_use]
pub fn text(sessions: &[Session], words: &Words, zone: &TimeZone) -> String {
    if sessions.is_empty() {
        return "No sessions yet.\n".to_owned();
    }
    let rows: Vec<[String; 7]> = sessions.iter().map(|session| row(session, words, zone)).collect();
    let head =
        ["session", "started (local)", "receiver", "plan", "lasted", "holds", "ended"].map(str::to_owned);
    let mut widths = head.each_ref().map(|cell| width(cell));
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let mut text = String::new();
    for row in std::iter::once(&head).chain(&rows) {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| padded(cell, width)).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Its holds by how they ended: `3 done, 1 cut`.
#[must_use]
pub fn holds(session: &Session) -> String {
    let journal::Holds { done, void, cut } = session.holds;
    let mut holds = format!("{done} done");
    for (count, outcome) in [(cut, "cut"), (void, "void")] {
        if count > 0 {
            holds.push_str(&format!(", {count} {outcome}"));
        }
    }
    holds
}

/// Why it ended, or that it has not.
#[must_use]
pub fn ended(session: &Session, words: &Words) -> String {
    match session.state {
        State::Open => "not finished".to_owned(),
        State::Finished(because) => words.name(because),
        State::Closed => "closed unfinished".to_owned(),
    }
}

fn row(session: &Session, words: &Words, zone: &TimeZone) -> [String; 7] {
    [
        foreign(&session.id).into_owned(),
        foreign(&wall::local(&session.started, zone)).into_owned(),
        foreign(session.receiver.as_deref().unwrap_or("-")).into_owned(),
        match session.kind {
            SessionKind::InHand => foreign(&session.plan).into_owned(),
            SessionKind::Practice => format!("{}, practice", foreign(&session.plan)),
        },
        clock(session.lasted_ms),
        holds(session),
        ended(session, words),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use journal::Writer;
    use transcript::{Entry, Header, Kind, PlanKept, SCHEMA, Versions};

    /// Three sessions: one that finished, one closed, one that goes on.
    fn sessions() -> Vec<Session> {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Writer::open(&dir.path().join("unknot.db")).unwrap();
        let mut create = |id: &str, receiver: Option<&str>| {
            store
                .create(&Header {
                    learn: None,
                    id: id.to_owned(),
                    versions: Versions {
                        program: "0.1.0".to_owned(),
                        wire: "1.0".to_owned(),
                        schema: SCHEMA,
                    },
                    plan: PlanKept::new(&coach::Plan::partner(), ""),
                    seed: None,
                    wall: "2026-11-22T18:00:00Z".to_owned(),
                    receiver: receiver.map(str::to_owned),
                    closed: Vec::new(),
                    past: transcript::PastKept::default(),
                    clicker: None,
                    table: None,
                })
                .unwrap()
        };
        let (a, b) = (create("0189-aa", Some("Žofie")), create("0189-bb", None));
        create("0189-cc", None);
        let hold = |outcome| Kind::Hold {
            outcome,
            because: coach::Because::Time,
            counted_ms: 30_000,
            pressed_ms: 40_000,
        };
        let kinds = [
            hold(coach::Outcome::Done),
            hold(coach::Outcome::Void),
            Kind::Finished { because: coach::Because::Enough },
        ];
        let entries: Vec<Entry> = kinds.into_iter().map(|kind| Entry { at_ms: 1_324_500, kind }).collect();
        store.append(a, &entries).unwrap();
        store.close(b).unwrap();
        store.sessions().unwrap()
    }

    #[test]
    fn the_table_is_aligned_and_says_how_each_went() {
        let auckland = TimeZone::get("Pacific/Auckland").unwrap();
        assert_snapshot!(text(&sessions(), &Words::english(), &auckland), @r"
        session  started (local)   receiver  plan               lasted   holds           ended
        0189-aa  2026-11-23 07:00  Žofie     partner, practice  22:04.5  1 done, 1 void  the receiver had enough
        0189-bb  2026-11-23 07:00  -         partner, practice  0:00.0   0 done          closed unfinished
        0189-cc  2026-11-23 07:00  -         partner, practice  0:00.0   0 done          not finished
        ");
        assert_eq!(text(&[], &Words::english(), &TimeZone::UTC), "No sessions yet.\n");
    }

    /// Two letters of Chinese are four cells, and a mark on a letter is none.
    #[test]
    fn the_columns_stand_whatever_script_a_name_is_in() {
        let mut all = sessions();
        for (session, name) in all.iter_mut().zip(["田中花子", "Z\u{30c}ofie", "a\nsession 7\u{1b}[2J"]) {
            session.receiver = Some(name.to_owned());
        }
        let text = text(&all, &Words::english(), &TimeZone::UTC);
        assert_eq!(text.lines().count(), all.len() + 1, "a name begins no line: {text}");
        let column = |line: &str| line.find("partner").map(|at| width(&line[..at]));
        let columns: Vec<_> = text.lines().skip(1).map(column).collect();
        assert!(
            columns[0].is_some() && columns.iter().all(|column| *column == columns[0]),
            "{columns:?}: {text}"
        );
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn the_json_has_a_line_a_session() {
        let lines: Vec<String> = sessions().iter().map(json).collect();
        assert_snapshot!(lines.join("\n"), @r#"
        {"id":"0189-aa","started":"2026-11-22T18:00:00Z","receiver":"Žofie","plan":"partner","state":"finished","because":"enough","lasted_ms":1324500,"holds":{"done":1,"void":1,"cut":0},"practice":true}
        {"id":"0189-bb","started":"2026-11-22T18:00:00Z","receiver":null,"plan":"partner","state":"closed","because":null,"lasted_ms":0,"holds":{"done":0,"void":0,"cut":0},"practice":true}
        {"id":"0189-cc","started":"2026-11-22T18:00:00Z","receiver":null,"plan":"partner","state":"open","because":null,"lasted_ms":0,"holds":{"done":0,"void":0,"cut":0},"practice":true}
        "#);
    }
}
