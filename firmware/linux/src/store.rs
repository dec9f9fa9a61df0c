//! Storage in a folder. It survives `kill -9` and a power cut at any instant.
//!
//! ```text
//!   address      the random static address, as text
//!   boot         the number of starts, as text
//!   owner        owner of stored events: bond, session or 0, alone; as text
//!   bonds        42 bytes per laptop; secret
//!   events.log   see `event_log`
//!   lock         held while a clicker runs
//! ```
//!
//! All files except the log are small and replaced as a whole. Writes wait for the disk on a thread of their own, so
//! that buttons never do.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use app::{BONDS, BondRecord, Store, StoreFault, StoredState};
use console::Address;
use handheld::{Backlog, Bond, Entry, EventId, Owner, Session, Setup};

use crate::event_log::{Log, replace};

/// The storage.
#[derive(Debug, Clone)]
pub(crate) struct FolderStore {
    inner: Arc<Mutex<Inner>>,
    /// Reports failed requests.
    report_error: fn(&str),
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    log: Log,
    bonds: heapless::Vec<BondRecord, BONDS>,
    /// Held while the store is open.
    _lock: File,
}

impl FolderStore {
    /// Opens or creates the folder. `report_error` reports later failures.
    pub(crate) fn open(path: &Path, report_error: fn(&str)) -> Result<Self> {
        let name = path.display();
        fs::create_dir_all(path)
            .with_context(|| format!("cannot make {name}; name another folder with --store"))?;
        // The folder contains keys.
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).with_context(|| {
            format!("cannot keep others out of {name}; name a folder of your own with --store")
        })?;
        let lock = File::create(path.join("lock")).with_context(|| format!("cannot write in {name}"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another clicker runs on {name}; end it, or name another folder with --store")
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {name}"));
            }
        }
        let log = Log::open(&path.join("events.log"))?;
        let bonds = read_bonds(path)?;
        let inner = Inner { path: path.to_owned(), log, bonds, _lock: lock };
        Ok(Self { inner: Arc::new(Mutex::new(inner)), report_error })
    }

    /// The stored address; a random one is created the first time.
    pub(crate) fn address(&self) -> Result<[u8; 6]> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let path = inner.path.join("address");
        if let Some(text) = read_text(&path)? {
            return text.parse().map(|Address(address)| address).map_err(|why| {
                anyhow::anyhow!("{} is not readable: {why}; remove it to get a new one", path.display())
            });
        }
        let mut address = [0; 6];
        getrandom::fill(&mut address)
            .map_err(|why| anyhow::anyhow!("no randomness from the system: {why}"))?;
        address[5] |= 0xc0;
        replace(&path, Address(address).to_string().as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(address)
    }

    /// Runs `what` on a thread that may block on the disk.
    async fn on_disk<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Inner) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreFault> {
        let inner = Arc::clone(&self.inner);
        let done = tokio::task::spawn_blocking(move || {
            let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
            what(&mut inner)
        });
        match done.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => {
                (self.report_error)(&format!("the store fails: {error}; make room or mend the disk"));
                Err(StoreFault)
            }
            Err(error) => {
                (self.report_error)(&format!("the store fails: {error}"));
                Err(StoreFault)
            }
        }
    }
}

impl Store for FolderStore {
    async fn open(&mut self) -> Result<StoredState, StoreFault> {
        self.on_disk(Inner::boot).await
    }

    async fn keep(&mut self, entry: Entry) -> Result<(), StoreFault> {
        self.on_disk(move |inner| inner.log.keep(entry)).await
    }

    async fn fetch(&mut self, from: EventId) -> Result<Option<Entry>, StoreFault> {
        // All stored events are in memory too.
        self.on_disk(move |inner| Ok(inner.log.entries().iter().find(|entry| entry.id >= from).copied()))
            .await
    }

    async fn forget(&mut self, before: EventId) -> Result<(), StoreFault> {
        self.on_disk(move |inner| inner.log.forget(before)).await
    }

    async fn keep_owner(&mut self, owner: Owner) -> Result<(), StoreFault> {
        self.on_disk(move |inner| replace(&inner.path.join("owner"), owner_text(owner).as_bytes())).await
    }

    async fn keep_bond(&mut self, bond: BondRecord) -> Result<(), StoreFault> {
        self.on_disk(move |inner| {
            let mut bonds = inner.bonds.clone();
            match bonds.iter_mut().find(|known| known.bond == bond.bond) {
                Some(known) => *known = bond,
                None => bonds.push(bond).map_err(|_| io::Error::other("four laptops are paired already"))?,
            }
            inner.write_bonds(bonds)
        })
        .await
    }

    async fn drop_bonds(&mut self) -> Result<(), StoreFault> {
        self.on_disk(|inner| inner.write_bonds(heapless::Vec::new())).await
    }
}

impl Inner {
    fn boot(&mut self) -> io::Result<StoredState> {
        let path = self.path.join("boot");
        let last = match read_text(&path)? {
            None => 0,
            Some(text) => text.parse::<u16>().map_err(|_| unreadable(&path))?,
        };
        let used_up = || io::Error::other("started 65,535 times; name a new folder with --store");
        let boot = last.checked_add(1).ok_or_else(used_up)?;
        replace(&path, boot.to_string().as_bytes())?;

        let path = self.path.join("owner");
        let owner = match read_text(&path)? {
            None => None,
            Some(text) => Some(parse_owner(&text).ok_or_else(|| unreadable(&path))?),
        };
        let entries = self.log.entries();
        let backlog = entries.front().map(|oldest| Backlog {
            oldest: oldest.id,
            count: u16::try_from(entries.len()).unwrap_or(u16::MAX),
        });
        Ok(StoredState { setup: Setup { boot, backlog, owner }, bonds: self.bonds.clone() })
    }

    fn write_bonds(&mut self, bonds: heapless::Vec<BondRecord, BONDS>) -> io::Result<()> {
        let bytes: Vec<u8> = bonds.iter().flat_map(BondRecord::to_bytes).collect();
        replace(&self.path.join("bonds"), &bytes)?;
        self.bonds = bonds;
        Ok(())
    }
}

fn read_bonds(folder: &Path) -> Result<heapless::Vec<BondRecord, BONDS>> {
    let path = folder.join("bonds");
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let bonds: Option<Vec<_>> = bytes.chunks(BondRecord::LEN).map(BondRecord::from_bytes).collect();
    bonds
        .and_then(|bonds| heapless::Vec::from_slice(&bonds).ok())
        .with_context(|| format!("{} is damaged; remove it and pair the laptops again", path.display()))
}

fn read_text(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn unreadable(path: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{} is not readable; name a new folder with --store", path.display()),
    )
}

fn owner_text(Owner { bond, session }: Owner) -> String {
    let (id, alone) = session.map_or((0, false), |session| (session.id, session.alone));
    format!("{} {id} {}", bond.0, u8::from(alone))
}

fn parse_owner(text: &str) -> Option<Owner> {
    let mut fields = text.split(' ');
    let bond = Bond(fields.next()?.parse().ok()?);
    let id: u32 = fields.next()?.parse().ok()?;
    let alone = match fields.next()? {
        "0" => false,
        "1" => true,
        _ => return None,
    };
    let session = (id != 0).then_some(Session { id, alone });
    fields.next().is_none().then_some(Owner { bond, session })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Means;

    fn open(path: &Path) -> FolderStore {
        FolderStore::open(path, |_| {}).unwrap()
    }

    fn bond(number: u8) -> BondRecord {
        BondRecord {
            bond: Bond(number),
            random_address: false,
            address: [number; 6],
            irk: None,
            ltk: [9; 16],
            subscribed: false,
        }
    }

    fn entry(boot: u16, seq: u32) -> Entry {
        Entry { id: EventId { boot, seq }, uptime: 5, show: 1, means: Means::Sharp }
    }

    #[tokio::test]
    async fn everything_is_there_again_after_a_reset_and_the_boot_is_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session { id: 77, alone: true };
        let owner = Owner { bond: Bond(1), session: Some(session) };
        let mut store = open(folder.path());
        let kept = Store::open(&mut store).await.unwrap();
        assert_eq!(kept.setup, Setup { boot: 1, backlog: None, owner: None });
        let address = store.address().unwrap();
        store.keep_bond(bond(0)).await.unwrap();
        store.keep_bond(bond(1)).await.unwrap();
        store.keep_bond(BondRecord { subscribed: true, ..bond(0) }).await.unwrap();
        store.keep_owner(owner).await.unwrap();
        store.keep(entry(1, 0)).await.unwrap();
        store.keep(entry(1, 1)).await.unwrap();
        store.forget(EventId { boot: 1, seq: 1 }).await.unwrap();
        drop(store);

        let mut store = open(folder.path());
        let kept = Store::open(&mut store).await.unwrap();
        let oldest = EventId { boot: 1, seq: 1 };
        assert_eq!(
            kept.setup,
            Setup { boot: 2, backlog: Some(Backlog { oldest, count: 1 }), owner: Some(owner) }
        );
        assert_eq!(kept.bonds, [BondRecord { subscribed: true, ..bond(0) }, bond(1)]);
        assert_eq!(store.address().unwrap(), address);
        assert_eq!(store.fetch(EventId { boot: 1, seq: 0 }).await, Ok(Some(entry(1, 1))));
        assert_eq!(store.fetch(EventId { boot: 1, seq: 2 }).await, Ok(None));
        store.drop_bonds().await.unwrap();
        drop(store);
        assert!(read_bonds(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn two_clickers_never_share_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let _first = open(folder.path());
        let error = FolderStore::open(folder.path(), |_| {}).unwrap_err().to_string();
        assert!(error.contains("another clicker runs"), "{error}");
    }

    #[test]
    fn a_damaged_file_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("bonds"), [1, 2, 3]).unwrap();
        let error = FolderStore::open(folder.path(), |_| {}).unwrap_err().to_string();
        assert!(error.contains("pair the laptops again"), "{error}");
    }

    #[test]
    fn an_owner_is_read_as_it_is_written() {
        for session in [None, Some(Session { id: u32::MAX, alone: false })] {
            let owner = Owner { bond: Bond(3), session };
            assert_eq!(parse_owner(&owner_text(owner)), Some(owner));
        }
        for bad in ["", "1", "1 2", "1 2 3", "1 2 0 4", "x 2 0"] {
            assert_eq!(parse_owner(bad), None, "{bad}");
        }
    }
}
