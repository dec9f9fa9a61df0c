"""Legacy advertising: an enabled advertiser sends at its interval plus a random delay of a few milliseconds, as real
ones do."""

import asyncio
import random
from dataclasses import dataclass

from bumble import hci
from bumble.controller import LegacyAdvertiser

_TYPE = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType
_EVENT = hci.HCI_LE_Advertising_Report_Event.EventType
# Name of each advertising type in a report, and whether it is connectable and scannable.
KINDS = {
    _TYPE.ADV_IND: (_EVENT.ADV_IND, True, True),
    _TYPE.ADV_DIRECT_IND: (_EVENT.ADV_DIRECT_IND, True, False),
    _TYPE.ADV_SCAN_IND: (_EVENT.ADV_SCAN_IND, False, True),
    _TYPE.ADV_NONCONN_IND: (_EVENT.ADV_NONCONN_IND, False, False),
}
# The shortest interval that the specification allows, in units of 0.625 ms.
SHORTEST = 0x20


@dataclass(frozen=True)
class Advertisement:
    """One advertising event."""

    sender: object
    address: hci.Address
    event_type: int
    connectable: bool
    scannable: bool
    data: bytes
    response: bytes

    def key(self) -> tuple[bytes, int]:
        return bytes(self.address), self.address.address_type & 1


class Advertiser(LegacyAdvertiser):
    """The legacy advertiser of a controller."""

    # Defaults of the specification, for a host that enables advertising without setting parameters.
    advertising_interval_min: int = 0x0800

    def start(self) -> None:
        self.stop()
        self.enabled = True
        self.timer_handle = asyncio.get_running_loop().call_soon(self._on_timer_fired)

    def _on_timer_fired(self) -> None:
        if not self.enabled:
            return
        self.send_advertising_data()
        if self.enabled:
            seconds = max(self.advertising_interval_min, SHORTEST) * 0.000625 + random.uniform(0, 0.01)
            self.timer_handle = asyncio.get_running_loop().call_later(seconds, self._on_timer_fired)

    def send_advertising_data(self) -> None:
        controller = self.controller
        kind = KINDS.get(self.advertising_type)
        if kind is None or not controller.powered:
            return
        public = self.own_address_type & 1 == 0
        address = (
            controller.public_address
            if public
            else hci.Address(bytes(controller.random_address), hci.Address.RANDOM_DEVICE_ADDRESS)
        )
        controller.air.advertise(
            controller,
            Advertisement(controller, address, *kind, bytes(self.advertising_data), bytes(self.scan_response_data)),
        )
