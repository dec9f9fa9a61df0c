"""Hosts on Bumble for the self-test and for stand-ins: a peripheral that shows a passkey, and a central that types
one. They are real hosts on real H4, without the clicker and the laptop."""

import asyncio

from bumble import core, gatt, hci
from bumble.device import Device, DeviceConfiguration
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

SERVICE = "8d2b0001-6e6b-4c0e-9a57-1f6d3b5a7c00"
VALUE = "8d2b0002-6e6b-4c0e-9a57-1f6d3b5a7c00"


class Shows(PairingDelegate):
    """Shows the passkey, as the clicker does."""

    def __init__(self, show) -> None:
        super().__init__(PairingDelegate.DISPLAY_OUTPUT_ONLY)
        self.show = show

    async def display_number(self, number: int, digits: int) -> None:
        self.show(number)


class Types(PairingDelegate):
    """Types the passkey, as a person at the laptop does."""

    def __init__(self, number) -> None:
        super().__init__(PairingDelegate.KEYBOARD_INPUT_ONLY)
        self.number = number

    async def get_number(self) -> int | None:
        return await self.number()


async def open_host(port: int, name: str, address: str, delegate: PairingDelegate, keys=None) -> Device:
    """A powered host on the radio's port, with keys kept in `keys`."""
    transport = await open_transport(f"tcp-client:127.0.0.1:{port}")
    configuration = DeviceConfiguration(name=name, address=hci.Address(address))
    device = Device.from_config_with_hci(configuration, transport.source, transport.sink)
    device.keystore = keys or MemoryKeyStore()
    device.pairing_config_factory = lambda _: PairingConfig(
        sc=True,
        mitm=True,
        bonding=True,
        delegate=delegate,
        # Stores the bond under the address that is used on the air.
        identity_address_type=PairingConfig.AddressType.RANDOM,
    )
    device.lab_transport = transport
    await device.power_on()
    return device


def add_service(device: Device) -> gatt.Characteristic:
    """A value that only a bonded, authenticated laptop may read or subscribe to."""
    value = gatt.Characteristic(
        VALUE,
        gatt.Characteristic.Properties.READ | gatt.Characteristic.Properties.NOTIFY,
        gatt.Characteristic.READABLE | gatt.Characteristic.READ_REQUIRES_AUTHENTICATION,
        b"hello",
    )
    device.add_service(gatt.Service(SERVICE, [value]))
    return value


async def advertise(device: Device, name: str) -> None:
    # Without the general discoverable flag (and BR/EDR not supported) bluetoothd ignores the device.
    flags = (core.AdvertisingData.FLAGS, b"\x06")
    data = bytes(core.AdvertisingData([flags, (core.AdvertisingData.COMPLETE_LOCAL_NAME, name.encode())]))
    await device.start_advertising(
        auto_restart=True, advertising_data=data, advertising_interval_min=60.0, advertising_interval_max=60.0
    )


async def eventually(condition, seconds: float, what: str) -> None:
    """Waits until `condition()` is true."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.005)
