"""The card reader on the simulated table: the same port, the same outcomes, no reader.

The good card belongs to nobody: an invented person CONTOH whose photo is a small grey drawing. Its claim is like the
real one, UID and photo at `Assurance.CARD`; name and NIK stay empty, because the open part of a chip holds neither.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Final

from hardware.card.port import Assurance, CardClaim, CardFault, CardProof, CardTrouble, Presence
from hardware.health import Condition, Health
from hardware.world.port import GOOD_UID, CardTable, Happening, World, WorldState

NAME: Final = "card"
READER: Final = "Simulated"

STEPS: Final = 6
STEP_SECONDS: Final = 0.05
"""Long enough to lift the card under a read; how long a real chip takes was not measured."""

# A baseline JPEG of 24×32 pixels, drawn for this: a head and shoulders in greys.
PHOTO: Final = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7"
    "gYKBTmCNl4x9lnN+gXz/wAALCAAgABgBAREA/8QAGAAAAwEBAAAAAAAAAAAAAAAABAUGAgP/xAAnEAACAQQBAgUFAAAAAAAAAAAB"
    "AhEAAwQSEwUVISIxcZEjM0JRof/aAAgBAQAAPwCioLuuNz8Wx9Y3/H5o2sXlZ7Lqh1cqQpmINSujb6aneY1jxn9VVWVZLKK52cKA"
    "xmZNcs7MXDtByuzMYCzE0j7hf5+b6e8z9sfE+v8AaeYOYuZaLhdWUwVmYpP1i6z5rIT5bYAA9xNAUf0e6yZqoD5bgII9hNf/2Q=="
)

_KINDS: Final = {
    "broken": (CardTrouble.UNREADABLE, "simulated", "card.unreadable"),
    # "Asing": a card of another system (travel money, another state's card). It answers, and has none of our files.
    "foreign": (CardTrouble.NOT_KTP, "select 6A82", "card.not_ktp"),
    # "Bukan KTP": some card that has no UID to ask for.
    "not_ktp": (CardTrouble.NOT_KTP, "uid 6E00", "card.not_ktp"),
    # The officer's: a card with an applet, and no file of an e-KTP.
    "officer": (CardTrouble.NOT_KTP, "select 6A82", "card.not_ktp"),
}

_NOT_SIGNING: Final = {
    "broken": _KINDS["broken"],
    **dict.fromkeys(("good", "foreign", "not_ktp"), (CardTrouble.NOT_OFFICER, "select 6A82", "")),
}

OFFICER_KEY: Final = int.from_bytes(b"anjungan: officer of the demo...", "big")
"""Private key of the simulated officer card. Published here, so it protects nothing: no real officers file may know
its public half, and an enrolled kiosk has no simulated reader."""


def officer_point() -> bytes:
    """Public key of the simulated officer card, for the demo's officers file: 65 bytes."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return _officer_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _officer_key():
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(OFFICER_KEY, ec.SECP256R1())


class SimulatedCardReader:
    """`CardReader` that sees what lies on the table of `world`.

    The world counts insertions from its own beginning; here they count from `open`, with 0 for a card that lay there
    already, as on the real reader.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._open = False
        self._base = 0
        self._stop: Callable[[], None] | None = None
        self._followers: set[asyncio.Queue[Presence | None]] = set()
        self._presence = Presence(False, 0)
        self._holder: asyncio.Task[None] | None = None

    async def open(self) -> None:
        if self._open:
            return
        loop = asyncio.get_running_loop()
        table = self._world.state.card
        self._open = True
        self._base = table.insertion
        self._presence = self._seen(table)

        def told(state: WorldState) -> None:
            with suppress(RuntimeError):  # the loop has closed
                loop.call_soon_threadsafe(self._tell, self._seen(state.card))

        self._stop = self._world.follow(told)

    async def close(self) -> None:
        self._open = False
        if self._stop is not None:
            self._stop()
            self._stop = None
        for follower in self._followers:
            follower.put_nowait(None)
        if self._holder is not None:
            self._holder.cancel()
            self._holder = None

    async def health(self) -> Health:
        table = self._world.state.card
        if not table.plugged:
            return Health(
                NAME, Condition.ABSENT, "no_reader", "The simulated reader is unplugged on the bench."
            )
        if table.mute:
            return Health(NAME, Condition.UNKNOWN, "busy", "The simulated reader is mute on the bench.")
        return Health(NAME, Condition.READY, "simulated")

    async def watch(self) -> AsyncIterator[Presence]:
        """As in the port. Ends when the reader is closed; at once when it is not open."""
        if not self._open:
            return
        queue: asyncio.Queue[Presence | None] = asyncio.Queue()
        self._followers.add(queue)
        try:
            yield self._presence
            while (presence := await queue.get()) is not None:
                yield presence
        finally:
            self._followers.discard(queue)

    async def read(self, *, insertion: int = 0, deadline: float = 5.0) -> CardClaim | CardFault:
        started = time.monotonic()
        result = await self._timed(insertion, deadline, _KINDS)
        if isinstance(result, CardFault):
            return result
        took = (time.monotonic() - started) * 1000
        return CardClaim(result.insertion, Assurance.CARD, bytes.fromhex(GOOD_UID), PHOTO, took_ms=took)

    async def sign(
        self, challenge: bytes, *, insertion: int = 0, deadline: float = 5.0
    ) -> CardProof | CardFault:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        result = await self._timed(insertion, deadline, _NOT_SIGNING)
        if isinstance(result, CardFault):
            return result
        signature = _officer_key().sign(challenge, ec.ECDSA(SHA256()))
        return CardProof(result.insertion, officer_point(), signature)

    async def _timed(
        self, insertion: int, deadline: float, odd: Mapping[str, tuple[CardTrouble, str, str]]
    ) -> Presence | CardFault:
        """The card as it lies there to the end of the exchange, or why not; `odd` are the kinds that do not serve."""
        started = time.monotonic()
        if not self._open:
            return CardFault(CardTrouble.NO_READER, insertion, "not_open")
        if self._holder is not None and not self._holder.done():
            return CardFault(CardTrouble.BUSY, insertion, "earlier_read")
        try:
            async with asyncio.timeout(deadline):
                result, word = await self._steps(insertion, odd)
        except TimeoutError:
            if self._world.state.card.mute:
                self._holder = asyncio.create_task(self._hold())
            result, word = CardFault(CardTrouble.BUSY, insertion, "deadline"), "card.no_answer"
        took = (time.monotonic() - started) * 1000
        if word:
            self._world.report(Happening(word, took))
        return result

    async def _steps(
        self, wanted: int, odd: Mapping[str, tuple[CardTrouble, str, str]]
    ) -> tuple[Presence | CardFault, str]:
        """The read, step by step as a chip would give it; the word for the bench, "" when no card was touched."""
        first = self._world.state.card
        number = self._seen(first).insertion
        if not first.plugged:
            return CardFault(CardTrouble.NO_READER, wanted), ""
        if not first.present:
            return CardFault(CardTrouble.REMOVED if wanted else CardTrouble.NO_CARD, wanted), ""
        if wanted and number != wanted:
            return CardFault(CardTrouble.REMOVED, wanted, "another_insertion"), ""
        table = first
        for step in range(STEPS):
            await asyncio.sleep(STEP_SECONDS)
            table = self._world.state.card
            while table.mute and table.plugged:
                await asyncio.sleep(STEP_SECONDS)
                table = self._world.state.card
            if step == STEPS // 2 and table.lift_while_reading and table.present:
                table = self._world.change("card", present=False).card
            if not table.plugged:
                return CardFault(CardTrouble.NO_READER, number), ""
            if not table.present or table.insertion != first.insertion:
                return CardFault(CardTrouble.REMOVED, number), "card.lifted_while_reading"
        if table.kind in odd:
            trouble, detail, word = odd[table.kind]
            return CardFault(trouble, number, detail), word
        return Presence(True, number, READER), "card.read"

    async def _hold(self) -> None:
        """The driver that does not return: the reader stays out of use while the bench keeps it mute."""
        while self._world.state.card.mute and self._world.state.card.plugged:  # noqa: ASYNC110 -- ends by itself
            await asyncio.sleep(STEP_SECONDS)

    def _seen(self, table: CardTable) -> Presence:
        return Presence(
            table.present and table.plugged,
            max(0, table.insertion - self._base),
            READER if table.plugged else "",
        )

    def _tell(self, presence: Presence) -> None:
        if not self._open or presence == self._presence:
            return
        self._presence = presence
        for follower in self._followers:
            follower.put_nowait(presence)
