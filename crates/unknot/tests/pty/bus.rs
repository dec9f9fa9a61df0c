//! A bus with one service behind it, spoken to by the real program: a socket that answers as D-Bus does, or never. It
//! says what was asked of it, and whether what it gave is still held.
//!
//! No daemon is needed, and no other program of this machine is reached. What of the protocol is written here by hand
//! is what the `dbus` crate has only the client's half of: logging in, and answers with an open file.

use std::io::{BufRead as _, BufReader, IoSlice, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::AsFd as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use dbus::Message;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

use crate::terminal::PATIENCE;

/// What the service gives to who asks it to inhibit something.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Gives {
    /// An open file, as logind does.
    Lock,
    /// A number, as a desktop does.
    Cookie(u32),
    /// Nothing: it does not even take the connection.
    Nothing,
}

/// What was heard.
#[derive(Debug)]
pub(crate) enum Heard {
    /// The service was asked for a lock, in these words. Where that is a file, this is its other end.
    Inhibit(Vec<String>, Option<Lock>),
    /// The lock of this number was given back.
    UnInhibit(u32),
    /// Who had asked for a lock has closed the connection.
    Left,
}

/// The other end of the file that was given.
#[derive(Debug)]
pub(crate) struct Lock(UnixStream);

impl Lock {
    /// Whether somebody still has the file open.
    pub(crate) fn is_held(&self) -> bool {
        !self.is_closed_within(Duration::from_millis(300))
    }

    /// Waits until nobody has.
    #[track_caller]
    pub(crate) fn until_let_go(&self) {
        assert!(self.is_closed_within(PATIENCE), "the lock is still held");
    }

    fn is_closed_within(&self, bound: Duration) -> bool {
        self.0.set_read_timeout(Some(bound)).expect("a socket takes a bound");
        // Nobody writes to it. It ends where the last copy of its other end is closed.
        matches!((&self.0).read(&mut [0]), Ok(0))
    }
}

/// The bus.
#[derive(Debug)]
pub(crate) struct Bus {
    folder: tempfile::TempDir,
    heard: Receiver<Heard>,
    /// Where nobody takes a connection, this keeps them waiting.
    _mute: Option<UnixListener>,
}

impl Bus {
    pub(crate) fn with(service: Gives) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let listener = UnixListener::bind(folder.path().join("bus")).expect("a new folder takes a socket");
        let (tell, heard) = channel();
        if matches!(service, Gives::Nothing) {
            return Self { folder, heard, _mute: Some(listener) };
        }
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let tell = tell.clone();
                std::thread::spawn(move || serve(client, service, &tell));
            }
        });
        Self { folder, heard, _mute: None }
    }

    pub(crate) fn address(&self) -> String {
        format!("unix:path={}", self.folder.path().join("bus").display())
    }

    /// The next that is heard.
    #[track_caller]
    pub(crate) fn hear(&self) -> Heard {
        self.heard.recv_timeout(PATIENCE).expect("something is asked of the service")
    }

    /// Whether everything that was heard so far has been looked at.
    pub(crate) fn is_quiet(&self) -> bool {
        self.heard.try_recv().is_err()
    }
}

fn serve(client: UnixStream, service: Gives, tell: &Sender<Heard>) {
    let mut from = BufReader::new(&client);
    log_in(&mut from);
    let mut asked = false;
    while let Some(call) = next(&mut from) {
        let serial = call.get_serial().expect("a call has a number");
        match call.member().as_deref() {
            Some("Hello") => answer(&client, serial, Value::Text(":1.1")),
            Some("Inhibit") => {
                asked = true;
                let words = call.iter_init().map_while(|item| item.as_str().map(str::to_owned)).collect();
                let (value, lock) = match service {
                    Gives::Lock => {
                        let (theirs, ours) = UnixStream::pair().expect("there are sockets");
                        (Value::File(theirs), Some(Lock(ours)))
                    }
                    Gives::Cookie(cookie) => (Value::Number(cookie), None),
                    Gives::Nothing => return,
                };
                // Before the answer: who has it may look at what was heard.
                tell.send(Heard::Inhibit(words, lock)).ok();
                answer(&client, serial, value);
            }
            Some("UnInhibit") => {
                tell.send(Heard::UnInhibit(call.read1().expect("a number is given back"))).ok();
            }
            // Bluetooth, which has its own limits for services that do not answer.
            _ => {}
        }
    }
    if asked {
        tell.send(Heard::Left).ok();
    }
}

/// Lets anybody in, and agrees to pass open files.
fn log_in(from: &mut BufReader<&UnixStream>) {
    let mut line = Vec::new();
    loop {
        line.clear();
        if !from.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) || line.starts_with(b"BEGIN") {
            return;
        }
        let said: &[u8] = if line.starts_with(b"NEGOTIATE_UNIX_FD") {
            b"AGREE_UNIX_FD\r\n"
        } else {
            b"OK 0123456789abcdef0123456789abcdef\r\n"
        };
        from.get_mut().write_all(said).ok();
    }
}

/// The next message, until the connection is closed.
fn next(from: &mut BufReader<&UnixStream>) -> Option<Message> {
    let mut bytes = vec![0; 16];
    from.read_exact(&mut bytes).ok()?;
    let whole = Message::demarshal_bytes_needed(&bytes).expect("it speaks D-Bus");
    bytes.resize(whole, 0);
    from.read_exact(&mut bytes[16..]).ok()?;
    Some(Message::demarshal(&bytes).expect("it speaks D-Bus"))
}

/// What an answer says.
enum Value<'a> {
    Text(&'a str),
    Number(u32),
    File(UnixStream),
}

/// Answers a call, by the form of messages in the D-Bus specification.
fn answer(client: &UnixStream, call: u32, value: Value<'_>) {
    let (signature, body, file) = match value {
        Value::Text(text) => {
            let length = u32::try_from(text.len()).expect("it is short").to_le_bytes();
            (b's', [&length, text.as_bytes(), &[0]].concat(), None)
        }
        Value::Number(number) => (b'u', number.to_le_bytes().to_vec(), None),
        // The first of the files that come with the message.
        Value::File(file) => (b'h', vec![0; 4], Some(file)),
    };
    let length = u32::try_from(body.len()).expect("it is short");
    // Little end first, a return of a call, no answer wanted, version 1; the lengths of the body and of the fields.
    let mut message = vec![b'l', 2, 1, 1];
    for word in [length, 1, 23] {
        message.extend(word.to_le_bytes());
    }
    // Which call it answers, with how many files, and what the body holds.
    message.extend([5, 1, b'u', 0]);
    message.extend(call.to_le_bytes());
    message.extend([9, 1, b'u', 0]);
    message.extend(u32::from(file.is_some()).to_le_bytes());
    message.extend([8, 1, b'g', 0, 1, signature, 0]);
    // The body begins at a multiple of eight.
    message.push(0);
    message.extend(body);
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut with = SendAncillaryBuffer::new(&mut space);
    let files: Vec<_> = file.iter().map(|file| file.as_fd()).collect();
    if !files.is_empty() {
        assert!(with.push(SendAncillaryMessage::ScmRights(&files)), "there is room for one file");
    }
    sendmsg(client, &[IoSlice::new(&message)], &mut with, SendFlags::NOSIGNAL).ok();
}
