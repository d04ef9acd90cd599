"""The USB line: python-escpos and pyusb as they are, on a pyusb backend whose device is the emulator.

No real USB bus is at hand in a test, so this proves everything above libusb: finding the device, choosing interface
and endpoints, time-outs, unplugging.
"""

# pyusb annotates its interface as returning None, whatever its documentation asks for.
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import asyncio
import errno
import select
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import usb.core
from usb.backend import IBackend

from hardware.health import Condition
from hardware.printer.escpos import EscposPrinter
from hardware.printer.port import PrintOutcome
from hardware.printer.transport import UsbTransport
from tests.hardware.printer.emulator import PrinterEmulator, eventually

IN, OUT = 0x83, 0x02
"""Not the endpoints that python-escpos guesses."""


class Bus(IBackend):
    """One device: a vendor interface first, the printer interface second."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.plugged = True
        self.claimed: set[int] = set()

    def enumerate_devices(self) -> Iterator[object]:
        return iter([self] if self.plugged else [])

    def get_parent(self, dev: object) -> None:
        return None

    def get_device_descriptor(self, dev: object) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=0x04B8, idProduct=0x0E28, bcdDevice=0x100, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, bus=1, address=2, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: object, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=64, bNumInterfaces=2, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0x80, bMaxPower=50, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: object, intf: int, alt: int, config: int) -> Any:
        if intf > 1 or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=(0xFF, 7)[intf], bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: object, ep: int, intf: int, alt: int, config: int) -> Any:
        address = ((0x81, 0x01), (IN, OUT))[intf][ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=2, wMaxPacketSize=64, bInterval=0,
            bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: object) -> object:
        self._there()
        return self

    def close_device(self, dev_handle: object) -> None:
        self.claimed.clear()

    def set_configuration(self, dev_handle: object, config_value: int) -> None: ...

    def get_configuration(self, dev_handle: object) -> int:
        return 1

    def set_interface_altsetting(self, dev_handle: object, intf: int, altsetting: int) -> None: ...

    def claim_interface(self, dev_handle: object, intf: int) -> None:
        self.claimed.add(intf)

    def release_interface(self, dev_handle: object, intf: int) -> None:
        self.claimed.discard(intf)

    def reset_device(self, dev_handle: object) -> None:
        self._there()

    def bulk_write(self, dev_handle: object, ep: int, intf: int, data: Any, timeout: int) -> int:
        self._there()
        assert (ep, intf) == (OUT, 1)
        self.line.settimeout(timeout / 1000)
        try:
            return self.line.send(data.tobytes())
        except TimeoutError:
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT) from None

    def bulk_read(self, dev_handle: object, ep: int, intf: int, buff: Any, timeout: int) -> int:
        self._there()
        assert (ep, intf) == (IN, 1)
        if not select.select([self.line], [], [], timeout / 1000)[0]:
            raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT)
        data = self.line.recv(len(buff))
        buff[: len(data)] = type(buff)("B", data)
        return len(data)

    def _there(self) -> None:
        if not self.plugged:
            raise usb.core.USBError("no such device", errno=errno.ENODEV)


@pytest.fixture
def bus(emulator: PrinterEmulator) -> Iterator[Bus]:
    ours, theirs = socket.socketpair()
    thread = emulator.serve_descriptor(theirs.fileno())
    yield Bus(ours)
    ours.close()
    thread.join(5)
    theirs.close()


async def test_finds_the_printer_interface_and_prints(bus: Bus, emulator: PrinterEmulator, job: bytes):
    driver = EscposPrinter(UsbTransport(0x04B8, 0x0E28, backend=bus), answer_seconds=0.2)
    assert (await driver.print(job)).outcome is PrintOutcome.PRINTED
    assert emulator.tickets == [job]
    assert bus.claimed == {1}
    emulator.cover_open = True
    assert (await driver.health()).detail == "cover_open"
    await driver.close()


async def test_unplugged_before_and_within(bus: Bus, emulator: PrinterEmulator, job: bytes):
    driver = EscposPrinter(UsbTransport(0x04B8, 0x0E28, backend=bus), answer_seconds=0.2)
    assert (await driver.health()).condition is Condition.READY
    bus.plugged = False
    assert (await driver.health()).condition is Condition.ABSENT
    assert (await driver.print(job)).outcome is PrintOutcome.NOT_STARTED
    bus.plugged = True
    emulator.cover_open = False
    emulator.knows_fence = False
    printing = asyncio.create_task(driver.print(job, deadline=5.0))
    await eventually(lambda: b"\x1b@" in emulator.received)
    bus.plugged = False
    assert (await printing).outcome is PrintOutcome.UNKNOWN
    await driver.close()


async def test_another_product_is_not_ours(bus: Bus):
    driver = EscposPrinter(UsbTransport(0x04B8, 0x0001, backend=bus))
    assert (await driver.health()).condition is Condition.ABSENT
    await driver.close()


async def test_without_libusb_it_is_absent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("usb.core.find", _no_backend)
    driver = EscposPrinter(UsbTransport(0x04B8, 0x0E28))
    assert (await driver.health()).condition is Condition.ABSENT
    await driver.close()


def _no_backend(**_: object) -> None:
    raise usb.core.NoBackendError("No backend available")
