//! A serial port with a queue in each direction. The reader is woken once per packet or line, as by a radio's
//! interrupt, not for each byte.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::Poll;

use critical_section::Mutex;
use embassy_sync::waitqueue::WakerRegistration;
use heapless::Deque;
use metrics::Framing;

use crate::chip::Serial;

/// Length of the receive queue: the longest packet of the controller has 255 bytes and a header.
const IN: usize = 1024;
/// Length of the transmit queue: lines come in bursts, and the other end may be slow.
const OUT: usize = 4096;

/// A port.
pub(crate) struct Port {
    serial: Serial,
    inner: Mutex<RefCell<Inner>>,
}

struct Inner {
    /// Unit boundaries of the bytes entering the receive queue, and of those read from it.
    incoming: Unit,
    outgoing: Unit,
    inbound: Deque<u8, IN>,
    outbound: Deque<u8, OUT>,
    /// Complete units in the receive queue.
    complete_units: usize,
    reader: WakerRegistration,
}

/// The unit of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// An H4 packet.
    Packet(Framing),
    /// A line.
    Line,
}

impl Port {
    pub(crate) const fn new(serial: Serial, unit: Unit) -> Self {
        let inner = Inner {
            incoming: unit,
            outgoing: unit,
            inbound: Deque::new(),
            outbound: Deque::new(),
            complete_units: 0,
            reader: WakerRegistration::new(),
        };
        Self { serial, inner: Mutex::new(RefCell::new(inner)) }
    }

    /// A byte was received, or there is space to transmit one.
    pub(crate) fn on_interrupt(&self) {
        self.with(|inner| {
            self.serial.clear();
            inner.receive(self.serial);
            inner.transmit(self.serial);
        });
    }

    /// Waits until a complete unit has been received.
    pub(crate) async fn wait_for_unit(&self) {
        poll_fn(|cx| {
            self.with(|inner| {
                if inner.complete_units > 0 {
                    return Poll::Ready(());
                }
                inner.reader.register(cx.waker());
                Poll::Pending
            })
        })
        .await;
    }

    /// The next byte of a unit announced by [`Port::wait_for_unit`]. Read the unit to its end.
    pub(crate) fn read(&self) -> Option<u8> {
        self.with(|inner| {
            let byte = inner.inbound.pop_front()?;
            if inner.outgoing.is_last(byte) {
                inner.complete_units -= 1;
            }
            // The port may hold a byte back because the queue was full.
            inner.receive(self.serial);
            Some(byte)
        })
    }

    /// Queues all bytes, or none if there is too little space.
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
            // There is space.
            let _ = self.inbound.push_back(byte);
            if self.incoming.is_last(byte) {
                self.complete_units += 1;
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
