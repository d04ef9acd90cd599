"""The few PC/SC calls the driver needs, typed, over pyscard's low-level binding.

pyscard's own CardMonitor is not used: its thread ends without a word when the card service restarts
(pyscard issues 82 and 128). Calls block and release the GIL; none may be made from the event loop.
"""

# pyscard's SWIG binding has no types at all: its values are checked here, once, and leave this file typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from smartcard import scard

PLUG_AND_PLAY: Final = "\\\\?PnP?\\Notification"
"""The pseudo reader that changes when a reader comes or goes."""

TIMEOUT: Final = 0x8010000A
CANCELLED: Final = 0x80100002
NO_READERS: Final = 0x8010002E
SHARING_VIOLATION: Final = 0x8010000B
REFUSED: Final = 0x8010006A
"""SCARD_W_SECURITY_VIOLATION; pcsc-lite 1.9 also leaves it behind when the service dies under a wait."""

SERVICE_LOST: Final = frozenset(
    {
        0x8010001D,  # SCARD_E_NO_SERVICE
        0x8010001E,  # SCARD_E_SERVICE_STOPPED
        0x80100013,  # SCARD_F_COMM_ERROR
        0x80100003,  # SCARD_E_INVALID_HANDLE: the context died with the service
        0x80100018,  # SCARD_P_SHUTDOWN
        REFUSED,
    }
)
READER_LOST: Final = frozenset(
    {
        0x80100009,  # SCARD_E_UNKNOWN_READER
        0x80100017,  # SCARD_E_READER_UNAVAILABLE
        NO_READERS,
    }
)

_ABSENT: Final = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE


class PcscError(Exception):
    """A PC/SC call failed; `code` is its unsigned 32-bit return value, `call` the function's name."""

    def __init__(self, call: str, code: int) -> None:
        super().__init__(f"{call} {code:08X}")
        self.code = code

    @property
    def service_lost(self) -> bool:
        return self.code in SERVICE_LOST

    @property
    def refused(self) -> bool:
        """Polkit or the service's own rule does not let this user in."""
        return self.code == REFUSED

    @property
    def reader_lost(self) -> bool:
        return self.code in READER_LOST


@dataclass(frozen=True, slots=True)
class ReaderState:
    """What the service says of one reader. `raw` goes back to the next `wait`."""

    reader: str
    raw: int

    @property
    def gone(self) -> bool:
        return bool(self.raw & _ABSENT)

    @property
    def present(self) -> bool:
        return bool(self.raw & scard.SCARD_STATE_PRESENT)

    @property
    def counter(self) -> int:
        """Insertions and removals the service has seen on this reader since it started (16 bits)."""
        return self.raw >> 16 & 0xFFFF


class Context:
    """A connection to the card service. One thread uses it at a time; `cancel` may come from any thread."""

    def __init__(self) -> None:
        """Raises PcscError when the service does not run."""
        result, handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _check("SCardEstablishContext", result)
        self._handle: object = handle

    def readers(self) -> list[str]:
        """Names of all readers, sorted; empty when there is none."""
        result, names = scard.SCardListReaders(self._handle, [])
        if _code(result) == NO_READERS:
            return []
        _check("SCardListReaders", result)
        return sorted(cast("list[str]", names))

    def wait(self, known: Sequence[ReaderState], timeout_ms: int) -> list[ReaderState] | None:
        """Wait until a state differs from the one known; None when the time is over. Raises PcscError."""
        result, states = scard.SCardGetStatusChange(
            self._handle, timeout_ms, [(state.reader, state.raw) for state in known]
        )
        if _code(result) == TIMEOUT:
            return None
        _check("SCardGetStatusChange", result)
        return [
            ReaderState(str(name), int(raw) & ~scard.SCARD_STATE_CHANGED & 0xFFFFFFFF)
            for name, raw, _ in states
        ]

    def state(self, reader: str) -> ReaderState:
        """The state now, without waiting. Raises PcscError."""
        states = self.wait([ReaderState(reader, scard.SCARD_STATE_UNAWARE)], 0)
        return states[0] if states else ReaderState(reader, scard.SCARD_STATE_UNKNOWN)

    def connect(self, reader: str) -> Card:
        """Connect for this program alone. Raises PcscError."""
        result, handle, protocol = scard.SCardConnect(
            self._handle,
            reader,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        _check("SCardConnect", result)
        return Card(handle, int(protocol))

    def cancel(self) -> None:
        """End a `wait` that is under way in another thread. Never raises."""
        scard.SCardCancel(self._handle)

    def release(self) -> None:
        """Never raises: releasing what the service has already forgotten is no trouble."""
        scard.SCardReleaseContext(self._handle)


class Card:
    """A connected card, held exclusively."""

    def __init__(self, handle: object, protocol: int) -> None:
        self._handle = handle
        self._held = True
        self._protocol = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

    def begin(self) -> None:
        """Begin the transaction. Raises PcscError, also when the card was changed since `Context.connect`."""
        _check("SCardBeginTransaction", scard.SCardBeginTransaction(self._handle))

    def transmit(self, command: bytes) -> bytes:
        """Send a command APDU, return the response APDU. May hang as long as the driver does. Raises PcscError."""
        result, answer = scard.SCardTransmit(self._handle, self._protocol, list(command))
        _check("SCardTransmit", result)
        content = bytes(byte & 0xFF for byte in cast("list[int]", answer))
        if len(content) < 2:
            # pcscd reports the first exchange after a card was lifted as a success with nothing in it.
            raise PcscError("SCardTransmit", scard.SCARD_S_SUCCESS)
        return content

    def end(self) -> None:
        """End the transaction and let go of the card as it is. Never raises; a second call does nothing.

        It is not reset: when the card has just been lifted, the reset fails, and then pcscd 1.9 no longer notices a
        card that is laid down within its next look.
        """
        if not self._held:
            return
        self._held = False
        scard.SCardEndTransaction(self._handle, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(self._handle, scard.SCARD_LEAVE_CARD)


def _code(result: object) -> int:
    return int(cast("int", result)) & 0xFFFFFFFF


def _check(call: str, result: object) -> None:
    code = _code(result)
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError(call, code)
