//! What has been acknowledged outlives the program, wherever it is killed; of what has not, there is all or nothing.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use journal::{Journal, SessionKind, Writer};
use transcript::{Entry, Kind};

use crate::{batch, header};

/// Entries a batch: more than one, so that half a batch differs from a whole one.
const LEN: u64 = 3;

/// Names the store to the child that is to be killed.
const STORE: &str = "UNKNOT_CRASH_TEST_STORE";

/// The number of batches a session holds. Panics where one is not whole or not in its place.
fn batches(entries: &[Entry]) -> u64 {
    let (head, rest) = entries.split_first().unwrap();
    assert!(matches!(head.kind, Kind::Session(_)));
    let chunks = rest.chunks(usize::try_from(LEN).unwrap());
    for (number, chunk) in (1..).zip(chunks.clone()) {
        assert_eq!(chunk, batch(number, LEN));
    }
    u64::try_from(chunks.len()).unwrap()
}

/// In a process of its own, started and killed by the test below: appends for ever, and says on its output which batch
/// has been acknowledged. Without a store named it has nothing to do.
#[test]
fn append_until_killed() {
    let Some(path) = std::env::var_os(STORE) else { return };
    let mut store = Writer::open(Path::new(&path)).unwrap();
    let session = match store.last_open(SessionKind::Practice).unwrap() {
        Some(session) => session.key,
        None => store.create(&header("a")).unwrap(),
    };
    let kept = batches(&store.entries(session).unwrap());
    let mut out = std::io::stdout();
    for number in kept + 1.. {
        store.append(session, &batch(number, LEN)).unwrap();
        writeln!(out, "stored {number}").unwrap();
        out.flush().unwrap();
    }
}

fn spawn(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::append_until_killed", "--nocapture"])
        .env(STORE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_program_killed_in_the_midst_of_appending_loses_nothing_it_had_acknowledged() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    for round in 1..=8_usize {
        let mut child = spawn(&path);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The child writes on between the last line read and the kill: it dies at no chosen place.
        let acknowledged = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("stored ")?.parse::<u64>().ok())
            .take(round * 7)
            .last()
            .unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Journal::open(&path).unwrap();
        let kept = batches(&store.entries(store.resolve("last").unwrap().key).unwrap());
        assert!(kept >= acknowledged, "{acknowledged} acknowledged, {kept} kept");
    }
    assert!(Writer::open(&path).is_ok(), "a killed program leaves no lock");
}

/// A child holds whatever this process has open from its fork until it is another program, a store's lock too: what opens
/// a store again at once is not to be tried while a child is being made.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_log_cut_at_any_byte_gives_whole_batches() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("unknot.db");
    let mut store = Writer::open(&path).unwrap();
    let session = store.create(&header("a")).unwrap();
    let wal = dir.path().join("unknot.db-wal");
    let mut lengths = vec![wal.metadata().unwrap().len()];
    for number in 1..=6 {
        store.append(session, &batch(number, LEN)).unwrap();
        lengths.push(wal.metadata().unwrap().len());
    }
    let (file, log) = (fs::read(&path).unwrap(), fs::read(&wal).unwrap());

    // The log is cut where a crash without the disk's own order might cut it.
    let cut = tempfile::tempdir().unwrap();
    let path = cut.path().join("unknot.db");
    let first = usize::try_from(lengths[0]).unwrap();
    for length in (first..=log.len()).step_by(509).chain([log.len()]) {
        fs::write(&path, &file).unwrap();
        fs::write(cut.path().join("unknot.db-wal"), &log[..length]).unwrap();
        let store = Writer::open(&path).unwrap();
        let kept = batches(&store.entries(store.resolve("a").unwrap().key).unwrap());
        let whole = lengths.iter().filter(|&&end| end <= length as u64).count() as u64 - 1;
        assert_eq!(kept, whole, "cut to {length} of {}", log.len());
    }
}
