"""The card reader as the kiosk sees it.

A *claim* is what a card said; whether it makes a person known is decided in `kiosk.identity`, never here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol

from hardware.health import Health


class Assurance(IntEnum):
    """How much a claim proves by itself, weakest first (source: Ditjen Dukcapil reader classes)."""

    TYPED = 0
    OCR = 1
    CARD = 2
    """UID and public photo. Proves nothing alone."""
    SAM = 3
    """Biodata read through a certified reader's SAM."""
    SAM_FINGERPRINT = 4
    """The same, and the finger matched the template on the chip."""


class CardTrouble(StrEnum):
    NO_READER = "no_reader"
    NO_CARD = "no_card"
    NOT_KTP = "not_ktp"
    REMOVED = "removed"
    UNREADABLE = "unreadable"
    BUSY = "busy"
    """The reader is still held by an earlier exchange that does not end."""
    SERVICE_DOWN = "service_down"
    SAM_MISSING = "sam_missing"
    NOT_OFFICER = "not_officer"
    """A card lies there and it is no officer card."""


@dataclass(frozen=True, slots=True)
class Presence:
    """One change on the reader. `insertion` counts cards laid down since the reader was opened, from 1."""

    present: bool
    insertion: int
    reader: str = ""


@dataclass(frozen=True, slots=True)
class CardClaim:
    """What one insertion of one card said. Personal fields never appear in `repr`."""

    insertion: int
    assurance: Assurance
    uid: bytes = field(repr=False)
    photo: bytes = field(default=b"", repr=False)
    """As stored on the chip; the codec is not verified, so it is never decoded blindly."""
    nik: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)
    """"L" or "P" as on the card, "" when unknown."""
    address: str = field(default="", repr=False)
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class CardProof:
    """What an officer card answered to a challenge. Not checked yet: anyone can make a key and sign."""

    insertion: int
    point: bytes = field(repr=False)
    """The public key the card says it has: an uncompressed P-256 point, 65 bytes."""
    signature: bytes = field(repr=False)
    """ECDSA with SHA-256 over the challenge, DER."""


@dataclass(frozen=True, slots=True)
class CardFault:
    trouble: CardTrouble
    insertion: int = 0
    detail: str = ""
    """For the log: an ISO 7816 status word or a PC/SC code; nothing from the card's content."""


class CardReader(Protocol):
    """Opened by the visit that is shown, closed when it ends.

    No method raises for a device's trouble: every trouble is a value.
    """

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def health(self) -> Health: ...

    def watch(self) -> AsyncIterator[Presence]:
        """Yield the state now, then every change; survives a restart of the card service."""
        ...

    async def read(self, *, insertion: int = 0, deadline: float = 5.0) -> CardClaim | CardFault:
        """Read the card that is on the reader in one exclusive transaction.

        With `insertion` set, a card of any other insertion is refused as REMOVED, so a swap never yields a mixed
        claim. `deadline` is in seconds; past it the answer is BUSY and the reader stays out of use until its driver
        returns.
        """
        ...

    async def sign(
        self, challenge: bytes, *, insertion: int = 0, deadline: float = 5.0
    ) -> CardProof | CardFault:
        """Have the officer card on the reader sign `challenge` (32 fresh random bytes); as `read` in all else."""
        ...
