"""Guest side: gives the kernel a controller on the radio. `vhci.py HOST PORT` copies packets between /dev/vhci and
that TCP port until either side closes. Imports few modules, because Python starts slowly under emulation."""

import os
import select
import socket
import sys

# H4: offset and width of the length field, by packet type.
LENGTHS = {1: (3, 1), 2: (3, 2), 3: (3, 1), 4: (2, 1)}
CREATE = bytes([0xFF, 0x00])


def packets(buffer: bytearray):
    """Takes complete packets from the front."""
    while buffer:
        at, width = LENGTHS[buffer[0]]
        if len(buffer) < at + width:
            return
        size = at + width + int.from_bytes(buffer[at : at + width], "little")
        if len(buffer) < size:
            return
        yield bytes(buffer[:size])
        del buffer[:size]


def main() -> None:
    link = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    device = os.open("/dev/vhci", os.O_RDWR)
    os.write(device, CREATE)
    buffer = bytearray()
    while True:
        for ready in select.select([link, device], [], [])[0]:
            if ready is link:
                data = link.recv(65536)
                if not data:
                    return
                buffer += data
                for packet in packets(buffer):
                    os.write(device, packet)
            else:
                packet = os.read(device, 4096)
                # The device reports its index once, which is not for the controller.
                if packet[0] in LENGTHS:
                    link.sendall(packet)


main()
