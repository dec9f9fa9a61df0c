"""A controller's port: H4 over TCP, one host at a time. A host that disconnects powers its controller off."""

import asyncio
import logging

from bumble import hci
from bumble.transport.common import PacketParser

from .controller import StrictController


class Port:
    """Connects one TCP connection with one controller."""

    def __init__(self, controller: StrictController) -> None:
        self.controller = controller
        self.writer: asyncio.StreamWriter | None = None
        controller.host = self

    def on_packet(self, packet: bytes) -> None:
        """Sends from the controller to the host."""
        if self.writer and not self.writer.is_closing():
            self.writer.write(packet)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.writer:
            writer.close()
            return
        self.writer = writer
        self.controller.host_attached()
        parser = PacketParser(_Sink(self.controller))
        try:
            while data := await reader.read(4096):
                parser.feed_data(data)
        except Exception as error:
            logging.warning("%s: %r", self.controller.name, error)
        finally:
            self.writer = None
            writer.close()
            self.controller.power_off()


class _Sink:
    """Passes each packet to the controller; an invalid packet is logged and skipped."""

    def __init__(self, controller: StrictController) -> None:
        self.controller = controller

    def on_packet(self, packet: bytes) -> None:
        try:
            self.controller.on_hci_packet(hci.HCI_Packet.from_bytes(packet))
        except Exception:
            logging.exception("%s: packet %s", self.controller.name, packet.hex())
