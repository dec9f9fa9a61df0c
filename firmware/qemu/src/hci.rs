//! HCI transport to the external controller: H4 packets over a serial port.

use core::convert::Infallible;

use bt_hci::ReadHciError;

use bt_hci::transport::{PacketKind, PacketToController, PacketToHost, Transport, WithIndicator};
use embassy_time::{Duration, Instant, Timer};
use embedded_io::ErrorType;
use heapless::Vec;
use metrics::Framing;

use crate::serial::Port;
use crate::{clock, with_metrics};

/// The longest packet: kind, header, and one buffer of the host's pool.
const LONGEST: usize = 1 + 4 + 255;

/// Interval of attempts to write to a full port.
const RETRY_INTERVAL: Duration = Duration::from_millis(1);

/// H4 over a port.
pub(crate) struct H4(pub(crate) &'static Port);

impl ErrorType for H4 {
    type Error = ReadHciError<Infallible>;
}

impl Transport for H4 {
    async fn read<'a, P: PacketToHost<'a>>(&self, rx: &'a mut [u8]) -> Result<P, Self::Error> {
        self.0.wait_for_unit().await;
        let (mut framing, mut packet) = (Framing::new(), Vec::<u8, LONGEST>::new());
        while let Some(byte) = self.0.read() {
            // A packet that is too long is truncated and then does not parse.
            let _ = packet.push(byte);
            if framing.ends(byte) {
                break;
            }
        }
        let now = Instant::now().as_micros();
        with_metrics(|metrics| {
            metrics.latency.from_controller(&packet);
            metrics.radio.from_controller(&packet, now);
        });
        let mut bytes = &packet[..];
        let kind = PacketKind::read(&mut bytes)?;
        P::read_hci(kind, &mut bytes, rx)
    }

    async fn write<P: PacketToController>(&self, packet: &P) -> Result<(), Self::Error> {
        let mut bytes = [0; LONGEST];
        let mut rest = &mut bytes[..];
        // No packet is longer than the host's buffers.
        let _ = WithIndicator::new(packet).write_hci(&mut rest);
        let left = rest.len();
        let bytes = &bytes[..LONGEST - left];
        while !self.0.write(bytes) {
            Timer::after(RETRY_INTERVAL).await;
        }
        let (ticks, now) = (clock::counted(), Instant::now().as_micros());
        with_metrics(|metrics| {
            metrics.latency.to_controller(bytes, ticks);
            metrics.radio.to_controller(bytes, now);
        });
        Ok(())
    }
}
