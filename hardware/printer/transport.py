"""Bytes to and from a printer, through python-escpos' USB, network, serial and file classes.

python-escpos opens and configures the device; reading and writing go through here, because its own calls have
no deadline for writes, read blindly, and its network class waits 60 s. Everything is blocking and runs on the
driver's worker thread. Every failure is an OSError (`TransportError`), so callers catch one thing.
"""

# python-escpos and pyusb carry no usable types: their objects are Any here, and only here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import logging
import os
import select
import shutil
import socket
import stat
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, cast

CHUNK: Final = 4096
PROFILE: Final = Path(__file__).with_name("profile.json")
_loading = threading.Lock()


class TransportError(OSError):
    """The device is not there, went away, or did not take the bytes in time. `sent` bytes had left before."""

    def __init__(self, detail: str, sent: int = 0) -> None:
        super().__init__(detail)
        self.detail = detail
        self.sent = sent


class Transport(Protocol):
    readable: bool
    """False for a device that cannot answer: then nothing can ever be proved printed."""

    def open(self, timeout: float) -> None:
        """Open within `timeout` seconds or raise TransportError."""
        ...

    def close(self) -> None:
        """Never raises."""
        ...

    def write(self, data: bytes, until: float) -> None:
        """Send everything before the `time.monotonic()` moment `until`, else TransportError with `sent`
        bytes."""
        ...

    def read(self, timeout: float) -> bytes:
        """Up to 64 bytes, b"" when none came within `timeout` seconds; TransportError when the peer is
        gone."""
        ...


def load_escpos() -> Any:
    """Import python-escpos with our own pinned profile, leaving neither a log handler nor a temporary folder
    behind.

    On import the library parses a YAML database of 500 KB, pickles it into a new temporary folder and calls
    `logging.basicConfig()`. With our one-printer profile there is next to nothing to parse.
    """
    with _loading:
        os.environ["ESCPOS_CAPABILITIES_FILE"] = str(PROFILE)
        os.environ.pop("ESCPOS_CAPABILITIES_PICKLE_DIR", None)
        root = logging.getLogger()
        handlers = list(root.handlers)
        import escpos.printer as classes
        from escpos import capabilities

        for handler in root.handlers[:]:
            if handler not in handlers:
                root.removeHandler(handler)
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
        # The library logs addresses at INFO on every reconnect; our own health words say enough.
        logging.getLogger("escpos").setLevel(logging.WARNING)
        return classes


def _open(printer: Any) -> Any:
    """Open a python-escpos printer and give back its device object."""
    try:
        printer.open()
    except Exception as error:
        # The library raises its own classes, and pyusb and pyserial theirs; all mean "cannot be opened".
        raise TransportError(f"cannot open: {type(error).__name__}") from error
    device = printer.device
    if not device:
        raise TransportError("cannot open")
    return device


class NetworkTransport:
    """A printer on TCP, usually port 9100."""

    readable = True

    def __init__(self, host: str, port: int = 9100) -> None:
        self._host, self._port = host, port
        self._printer: Any = None
        self._socket: socket.socket | None = None

    def open(self, timeout: float) -> None:
        self.close()
        self._printer = load_escpos().Network(self._host, self._port, timeout)
        device = cast("socket.socket", _open(self._printer))
        # A status question is three bytes: without this each would wait for the peer's delayed ACK.
        device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        device.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._socket = device

    def close(self) -> None:
        self._socket = None
        printer, self._printer = self._printer, None
        if printer is not None:
            with suppress(Exception):
                printer.close()

    def write(self, data: bytes, until: float) -> None:
        device = self._alive()
        sent = 0
        view = memoryview(data)
        while sent < len(data):
            left = until - time.monotonic()
            if left <= 0:
                raise TransportError("write timed out", sent)
            device.settimeout(left)
            try:
                sent += device.send(view[sent : sent + CHUNK])
            except TimeoutError as error:
                raise TransportError("write timed out", sent) from error
            except OSError as error:
                raise TransportError("connection lost", sent) from error

    def read(self, timeout: float) -> bytes:
        device = self._alive()
        device.settimeout(max(timeout, 0.0))
        try:
            data = device.recv(64)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise TransportError("connection lost") from error
        if not data:
            raise TransportError("connection lost")
        return data

    def _alive(self) -> socket.socket:
        if self._socket is None:
            raise TransportError("not open")
        return self._socket


class _Descriptor:
    """Reading and writing a non-blocking file descriptor with deadlines; shared by serial and device
    files."""

    def __init__(self) -> None:
        self._fd = -1
        self._pollable = True

    def write(self, data: bytes, until: float) -> None:
        sent = 0
        view = memoryview(data)
        while sent < len(data):
            if self._pollable:
                self._wait(select.POLLOUT, until - time.monotonic(), sent)
            try:
                sent += os.write(self._fd, view[sent : sent + CHUNK])
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise TransportError("write timed out", sent) from None
                time.sleep(0.005)
            except OSError as error:
                raise TransportError("device lost", sent) from error

    def read(self, timeout: float) -> bytes:
        poll = select.poll()
        try:
            poll.register(self._fd, select.POLLIN)
            ready = poll.poll(max(timeout, 0.0) * 1000)
            if not ready:
                return b""
            data = os.read(self._fd, 64)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise TransportError("device lost") from error
        if not data:
            raise TransportError("device lost")
        return data

    def _wait(self, event: int, seconds: float, sent: int) -> None:
        poll = select.poll()
        try:
            poll.register(self._fd, event)
            ready = poll.poll(max(seconds, 0.0) * 1000)
        except (OSError, ValueError) as error:
            raise TransportError("device lost", sent) from error
        if not ready:
            raise TransportError("write timed out", sent)
        if ready[0][1] & (select.POLLERR | select.POLLHUP | select.POLLNVAL):
            raise TransportError("device lost", sent)


class SerialTransport(_Descriptor):
    """A printer on a serial line (/dev/ttyUSB0, 115200 8N1 unless told)."""

    readable = True

    def __init__(self, path: str, baud: int = 115200) -> None:
        super().__init__()
        self._path, self._baud = path, baud
        self._printer: Any = None

    def open(self, timeout: float) -> None:
        self.close()
        self._printer = load_escpos().Serial(devfile=self._path, baudrate=self._baud, timeout=timeout)
        self._fd = int(_open(self._printer).fileno())
        os.set_blocking(self._fd, False)

    def close(self) -> None:
        self._fd = -1
        printer, self._printer = self._printer, None
        if printer is not None:
            with suppress(Exception):
                # python-escpos flushes on close, and a flush waits for ever on a printer that stopped taking
                # bytes.
                printer.device.reset_output_buffer()
            with suppress(Exception):
                printer.close()


class FileTransport(_Descriptor):
    """A device file (/dev/usb/lp0), or a plain file that collects the bytes.

    python-escpos opens a file for writing only, so a device file is opened here, both ways, and only a plain
    file goes through the library; then `readable` is False.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._printer: Any = None
        self._own = -1
        self.readable = True

    def open(self, timeout: float) -> None:
        self.close()
        device_file = False
        with suppress(OSError):
            device_file = stat.S_ISCHR(os.stat(self._path).st_mode)  # noqa: PTH116 - the mode is all we want
        self._pollable = device_file
        if device_file:
            # usblp allows one opener: one descriptor for both ways, never python-escpos' write-only one.
            try:
                self._own = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
            except OSError as error:
                raise TransportError(f"cannot open: {type(error).__name__}") from error
            self._fd = self._own
            self.readable = True
            return
        self._printer = load_escpos().File(self._path)
        self._fd = int(_open(self._printer).fileno())
        self.readable = False

    def close(self) -> None:
        self._fd = -1
        own, self._own = self._own, -1
        if own >= 0:
            with suppress(OSError):
                os.close(own)
        printer, self._printer = self._printer, None
        if printer is not None:
            with suppress(Exception):
                printer.close()


class UsbTransport:
    """A printer-class USB device (usblp must be blacklisted: one owner)."""

    readable = True

    def __init__(self, vendor: int, product: int, backend: Any = None) -> None:
        """`vendor` and `product` as `lsusb` shows them. `backend` is a pyusb backend, for tests."""
        self._args: dict[str, Any] = {"idVendor": vendor, "idProduct": product}
        if backend is not None:
            self._args["backend"] = backend
        self._printer: Any = None
        self._in: Any = None
        self._out: Any = None

    def open(self, timeout: float) -> None:
        self.close()
        classes = load_escpos()
        self._printer = classes.Usb(usb_args=dict(self._args), timeout=int(timeout * 1000))
        device = _open(self._printer)
        try:
            self._in, self._out = _bulk_endpoints(device)
        except Exception as error:
            self.close()
            raise TransportError("no printer interface") from error
        self.readable = self._in is not None

    def close(self) -> None:
        self._in = self._out = None
        printer, self._printer = self._printer, None
        if printer is not None:
            with suppress(Exception):
                printer.close()

    def write(self, data: bytes, until: float) -> None:
        import usb.core

        if self._out is None:
            raise TransportError("not open")
        sent = 0
        while sent < len(data):
            left = until - time.monotonic()
            if left <= 0:
                raise TransportError("write timed out", sent)
            try:
                sent += int(self._out.write(data[sent : sent + CHUNK], timeout=max(1, int(left * 1000))))
            except usb.core.USBTimeoutError as error:
                # libusb may have moved part of the chunk: the count is a lower bound, never proof of
                # "nothing".
                raise TransportError("write timed out", sent + 1) from error
            except usb.core.USBError as error:
                raise TransportError("device lost", sent + 1) from error

    def read(self, timeout: float) -> bytes:
        import usb.core

        if self._in is None:
            raise TransportError("not open")
        try:
            return bytes(self._in.read(64, timeout=max(1, int(timeout * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise TransportError("device lost") from error


def _bulk_endpoints(device: Any) -> tuple[Any, Any]:
    """The bulk (in, out) endpoints of the printer interface; `in` is None on a one-way printer."""
    import usb.util

    interfaces = sorted(device.get_active_configuration(), key=lambda each: each.bInterfaceClass != 7)
    for interface in interfaces:
        bulk = [
            end
            for end in interface
            if usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ]
        out = next((e for e in bulk if not e.bEndpointAddress & 0x80), None)
        if out is not None:
            return next((e for e in bulk if e.bEndpointAddress & 0x80), None), out
    raise LookupError("no bulk endpoint")
