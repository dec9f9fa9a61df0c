//! A serial port with a queue each way. Whoever reads is woken once for each whole unit, a packet or a line, as a radio's
//! interrupt would; not for each byte.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::Poll;

use critical_section::Mutex;
use embassy_sync::waitqueue::WakerRegistration;
use heapless::Deque;
use metrics::Framing;

use crate::chip::Serial;

/// Room for each direction: the longest packet of the controller is 255 bytes and its head.
const IN: usize = 1024;
/// Lines go out in bursts, and the other end may be slow.
const OUT: usize = 4096;

/// A port.
pub(crate) struct Port {
    serial: Serial,
    inner: Mutex<RefCell<Inner>>,
}

struct Inner {
    /// Where units end, of what goes into the queue and of what is read from it.
    incoming: Unit,
    outgoing: Unit,
    inbound: Deque<u8, IN>,
    outbound: Deque<u8, OUT>,
    /// Whole units in the queue.
    whole: usize,
    reader: WakerRegistration,
}

/// What is read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A packet of H4.
    Packet(Framing),
    /// Up to a line's end.
    Line,
}

impl Port {
    pub(crate) const fn new(serial: Serial, unit: Unit) -> Self {
        let inner = Inner {
            incoming: unit,
            outgoing: unit,
            inbound: Deque::new(),
            outbound: Deque::new(),
            whole: 0,
            reader: WakerRegistration::new(),
        };
        Self { serial, inner: Mutex::new(RefCell::new(inner)) }
    }

    /// A byte has come in, or there is room for one to go out.
    pub(crate) fn on_interrupt(&self) {
        self.with(|inner| {
            self.serial.clear();
            inner.receive(self.serial);
            inner.transmit(self.serial);
        });
    }

    /// Waits until a whole unit is there.
    pub(crate) async fn whole(&self) {
        poll_fn(|cx| {
            self.with(|inner| {
                if inner.whole > 0 {
                    return Poll::Ready(());
                }
                inner.reader.register(cx.waker());
                Poll::Pending
            })
        })
        .await;
    }

    /// The next byte of a unit that [`Port::whole`] has waited for. It is to be read to its end.
    pub(crate) fn read(&self) -> Option<u8> {
        self.with(|inner| {
            let byte = inner.inbound.pop_front()?;
            if inner.outgoing.is_last(byte) {
                inner.whole -= 1;
            }
            // The port holds one back where the queue was full.
            inner.receive(self.serial);
            Some(byte)
        })
    }

    /// Takes as much as there is room for, all or nothing.
    pub(crate) fn write(&self, bytes: &[u8]) -> bool {
        self.with(|inner| {
            if inner.outbound.capacity() - inner.outbound.len() < bytes.len() {
                return false;
            }
            inner.outbound.extend(bytes.iter().copied());
            inner.transmit(self.serial);
            true
        })
    }

    fn with<T>(&self, what: impl FnOnce(&mut Inner) -> T) -> T {
        critical_section::with(|cs| what(&mut self.inner.borrow(cs).borrow_mut()))
    }
}

impl Inner {
    fn receive(&mut self, serial: Serial) {
        while !self.inbound.is_full() {
            let Some(byte) = serial.take() else { return };
            // There is room.
            let _ = self.inbound.push_back(byte);
            if self.incoming.is_last(byte) {
                self.whole += 1;
                self.reader.wake();
            }
        }
    }

    fn transmit(&mut self, serial: Serial) {
        while serial.has_room() {
            let Some(byte) = self.outbound.pop_front() else { return };
            serial.put(byte);
        }
    }
}

impl Unit {
    fn is_last(&mut self, byte: u8) -> bool {
        match self {
            Self::Line => byte == b'\n',
            Self::Packet(framing) => framing.ends(byte),
        }
    }
}
