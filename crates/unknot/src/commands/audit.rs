//! `unknot audit`: the promises, checked on what is stored.

use std::io::Write;
use std::path::Path;

use journal::{Journal, OpenError, ReadError, Session};
use serde_json::json;
use transcript::{Finding, audit};
use words::{escaped, foreign};

use super::read::{MISSING, find};
use crate::failure::Failure;
use crate::long::Long;

/// Checks one session, or with `None` every session.
pub(crate) fn run(db: &Path, session: Option<&str>, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let mut missing = false;
    let (journal, sessions) = match session {
        Some(name) => {
            let (journal, session) = find(db, name)?;
            (journal, vec![session])
        }
        None => match Journal::open(db) {
            Err(OpenError::Missing(_)) => {
                if !json {
                    writeln!(out, "No sessions yet: nothing to check.")?;
                }
                return Ok(());
            }
            journal => {
                let journal = journal?;
                let sessions = journal.sessions()?;
                missing = journal.is_missing_some()?;
                (journal, sessions)
            }
        },
    };
    let mut broken = 0;
    let mut long = Long::begin("sessions checked", sessions.len())?;
    for (checked, session) in (1_usize..).zip(&sessions) {
        let findings = findings(&journal, session)?;
        broken += usize::from(!findings.is_empty());
        long.step(|| {
            format!("{checked} of {} sessions were checked, {broken} with a broken promise", sessions.len())
        })?;
        if !findings.is_empty() || json {
            long.clear();
        }
        if json {
            writeln!(out, "{}", escaped(line(session, &findings).to_string()))?;
        } else {
            for finding in &findings {
                writeln!(out, "{}: {}", foreign(&session.id), foreign(&finding.to_string()))?;
            }
        }
    }
    drop(long);
    if !json {
        let checked = sessions.len();
        let plural = if checked == 1 { "session" } else { "sessions" };
        match broken {
            0 => writeln!(out, "{checked} {plural} checked: every promise is kept.")?,
            _ => writeln!(out, "{checked} {plural} checked: {broken} with a broken promise.")?,
        }
    }
    if missing {
        out.flush()?;
        return Err(anyhow::anyhow!(MISSING).into());
    }
    if broken == 0 { Ok(()) } else { Err(Failure::No) }
}

/// What is wrong with a session. One that cannot be read is one finding, and hides nothing of the others.
fn findings(journal: &Journal, session: &Session) -> Result<Vec<Finding>, ReadError> {
    let entries = match journal.entries(session.key) {
        Ok(entries) => entries,
        Err(error @ ReadError::Entry { .. }) => {
            return Ok(vec![Finding { promise: 11, at_ms: 0, what: error.to_string() }]);
        }
        Err(error @ ReadError::Store(_)) => return Err(error),
    };
    let mut findings = audit(&entries).findings;
    let moment = |place: i64| {
        usize::try_from(place).ok().and_then(|place| entries.get(place)).map_or(0, |next| next.at_ms)
    };
    if let Some(place) = journal.broken(session.key)? {
        let what = if session.altered {
            "what the list says of it was changed from outside".to_owned()
        } else if usize::try_from(place).is_ok_and(|place| place == entries.len()) {
            format!("its end is missing: it has entries up to {place} alone, and had more")
        } else {
            format!("the chain is broken at entry {place}: it, or one before it, was changed from outside")
        };
        findings.push(Finding { promise: 9, at_ms: moment(place), what });
    }
    Ok(findings)
}

fn line(session: &Session, findings: &[Finding]) -> serde_json::Value {
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "promise": finding.promise, "at_ms": finding.at_ms, "what": finding.what }))
        .collect();
    json!({ "session": session.id, "kept": findings.is_empty(), "findings": findings })
}
