//! Framing of H4 packets from a controller.

/// Packet type: ACL data.
pub(crate) const ACL: u8 = 2;
/// Packet type: event.
pub(crate) const EVENT: u8 = 4;
/// Event code: disconnection complete.
pub(crate) const DISCONNECTED: u8 = 0x05;

/// Finds packet boundaries in a byte stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framing {
    seen: usize,
    kind: u8,
    length: usize,
}

impl Framing {
    /// Starts at a packet boundary.
    #[must_use]
    pub const fn new() -> Self {
        Self { seen: 0, kind: 0, length: 0 }
    }

    /// Whether this byte ends a packet. A byte with an unknown packet type is a packet of its own, so that the reader
    /// detects the error.
    pub fn ends(&mut self, byte: u8) -> bool {
        self.seen += 1;
        match (self.kind, self.seen) {
            (_, 1) => {
                self.kind = byte;
                self.length = match byte {
                    ACL => 5,
                    EVENT => 3,
                    _ => 1,
                };
            }
            (EVENT, 3) => self.length += usize::from(byte),
            (ACL, 4) => self.length += usize::from(byte),
            (ACL, 5) => self.length += usize::from(byte) << 8,
            _ => {}
        }
        let ends = self.seen == self.length;
        if ends {
            *self = Self::new();
        }
        ends
    }
}

impl Default for Framing {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packet boundaries in the stream.
    fn ends(stream: &[u8]) -> heapless::Vec<usize, 16> {
        let mut framing = Framing::new();
        (0..stream.len()).filter(|at| framing.ends(stream[*at])).collect()
    }

    #[test]
    fn packets_end_where_their_heads_say() {
        let event = [4, 0x0e, 4, 1, 2, 3, 4];
        let empty = [4, 0x10, 0];
        let acl = [2, 0x40, 0x20, 3, 0, 9, 9, 9];
        let mut stream = heapless::Vec::<u8, 64>::new();
        for packet in [&event[..], &empty, &acl, &event] {
            stream.extend_from_slice(packet).unwrap();
        }
        assert_eq!(ends(&stream), [6, 9, 17, 24]);
    }

    #[test]
    fn a_long_packet_has_two_bytes_of_length() {
        let mut stream = [7; 5 + 0x0102];
        stream[..5].copy_from_slice(&[2, 0x40, 0x20, 0x02, 0x01]);
        assert_eq!(ends(&stream), [stream.len() - 1]);
    }

    #[test]
    fn what_is_no_packet_ends_at_once() {
        assert_eq!(ends(&[0, 1, 4, 5, 0]), [0, 1, 4]);
    }
}
