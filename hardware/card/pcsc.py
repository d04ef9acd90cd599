"""The real card reader, over PC/SC.

Presence comes from a watcher thread (`watcher.py`), each read runs in a thread of its own: a driver that never returns
holds that thread and the reader, never the event loop. Which insertion a read belongs to is decided by the ledger both
share, and by the UID: see `chip.read_chip` for the order that makes a swap visible.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from hardware.card import apdu, officer_card
from hardware.card.chip import ChipError, Transmit, read_chip, read_uid
from hardware.card.port import Assurance, CardClaim, CardFault, CardProof, CardTrouble, Presence
from hardware.card.watcher import Line, Roles, Session, Watcher
from hardware.card.winscard import SHARING_VIOLATION, Card, PcscError
from hardware.health import Condition, Health

T = TypeVar("T")
NAME: Final = "card"
OPENING: Final = 1.0
"""Seconds `open` waits for the first look at the reader."""
NOTICING: Final = 1.0
"""Seconds the card service may take to notice that a card was lifted (pcscd looks every 0.4 s at some readers)."""
SHARING_PAUSE: Final = 0.05


class _Abandoned(Exception):
    """Nobody waits for this read any more."""


class _Job(Generic[T]):
    """One exchange with a card in its own thread."""

    def __init__(self, work: Callable[[_Job[T]], T | CardFault], deadline: float) -> None:
        self.started = time.monotonic()
        self.until = self.started + deadline
        self.abandoned = threading.Event()
        self._done = False
        self._loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[T | CardFault] = self._loop.create_future()
        self._work = work
        self._thread = threading.Thread(target=self._run, name="card-read", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return not self._done

    def check(self) -> None:
        if self.abandoned.is_set():
            raise _Abandoned

    def _run(self) -> None:
        try:
            result = self._work(self)
        except _Abandoned:
            result = CardFault(CardTrouble.BUSY, detail="abandoned")
        except Exception as error:  # noqa: BLE001 -- the port promises values; the type alone is safe to log
            result = CardFault(CardTrouble.UNREADABLE, detail=type(error).__name__)
        self._done = True
        with suppress(RuntimeError):  # the loop has closed
            self._loop.call_soon_threadsafe(self._give, result)

    def _give(self, result: T | CardFault) -> None:
        if not self.answer.done():
            self.answer.set_result(result)


class PcscCardReader:
    """`CardReader` on a PC/SC reader chosen by `roles`.

    A card that lay on the reader when it was opened has insertion 0; cards laid down since count from 1. Claims carry
    UID and photo at `Assurance.CARD`. Everything is safe to call from one event loop; nothing blocks it.
    """

    def __init__(self, roles: Roles | None = None) -> None:
        self._roles = roles or Roles()
        self._watcher: Watcher | None = None
        self._followers: set[asyncio.Queue[Presence | None]] = set()
        # As the loop has heard it; the ledger may already be further.
        self._presence = Presence(False, 0)
        self._job: _Job[Any] | None = None
        # The UID first seen under an insertion number; a different one later means a swap nobody noticed.
        self._bound: tuple[int, bytes] | None = None

    async def open(self) -> None:
        """Start watching; returns after the first look, or after one second without one."""
        if self._watcher is not None:
            return
        loop = asyncio.get_running_loop()
        settled = asyncio.Event()

        def later(call: Callable[..., object], *values: object) -> None:
            with suppress(RuntimeError):  # the loop has closed
                loop.call_soon_threadsafe(call, *values)

        def changed(presence: Presence) -> None:
            later(self._publish, presence)

        watcher = Watcher(self._roles, changed, lambda: later(settled.set))
        self._watcher = watcher
        self._bound = None
        self._presence = Presence(False, 0)
        watcher.start()
        with suppress(TimeoutError):
            await asyncio.wait_for(settled.wait(), OPENING)

    async def close(self) -> None:
        """Stop watching, end every `watch`, forget the UID. A read that hangs is left to its thread."""
        watcher, self._watcher = self._watcher, None
        self._bound = None
        if self._job is not None:
            self._job.abandoned.set()
        for follower in self._followers:
            follower.put_nowait(None)
        if watcher is not None:
            await asyncio.to_thread(watcher.stop)

    async def health(self) -> Health:
        """Of the reader as watched now; without `open`, one look at the service is made for it."""
        if self._job is not None and self._job.running and time.monotonic() > self._job.until:
            return Health(
                NAME, Condition.UNKNOWN, "busy", "The card driver does not return. Replug the reader."
            )
        watcher = self._watcher
        if watcher is None:
            watcher = Watcher(self._roles, lambda presence: None)
            watcher.start()
            for _ in range(20):
                if watcher.line is not Line.STARTING:
                    break
                await asyncio.sleep(0.05)
            health = _health(watcher)
            await asyncio.to_thread(watcher.stop)
            return health
        return _health(watcher)

    async def watch(self) -> AsyncIterator[Presence]:
        """As in the port. Ends when the reader is closed; at once when it is not open."""
        if self._watcher is None:
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
        return await self._hold(_claim, insertion, deadline)

    async def sign(
        self, challenge: bytes, *, insertion: int = 0, deadline: float = 5.0
    ) -> CardProof | CardFault:
        def proof(reading: Reading, transmit: Transmit) -> CardProof:
            signed = officer_card.sign(transmit, challenge)
            return CardProof(reading.insertion, signed.point, signed.signature)

        return await self._hold(proof, insertion, deadline)

    async def _hold(
        self, ask: Callable[[Reading, Transmit], T], insertion: int, deadline: float
    ) -> T | CardFault:
        """`ask` the card in one exclusive transaction, in a thread of its own."""
        watcher = self._watcher
        if watcher is None:
            return CardFault(CardTrouble.NO_READER, insertion, "not_open")
        if self._job is not None and self._job.running:
            return CardFault(CardTrouble.BUSY, insertion, "earlier_read")
        job = self._job = _Job[T](lambda job: self._ask(ask, watcher, job, insertion), deadline)
        try:
            return await asyncio.wait_for(asyncio.shield(job.answer), deadline)
        except TimeoutError:
            job.abandoned.set()
            return CardFault(CardTrouble.BUSY, insertion, "deadline")
        except asyncio.CancelledError:
            job.abandoned.set()
            raise

    def _publish(self, presence: Presence) -> None:
        self._presence = presence
        for follower in self._followers:
            follower.put_nowait(presence)

    # From here on: in the read's own thread.

    def _ask(
        self, ask: Callable[[Reading, Transmit], T], watcher: Watcher, job: _Job[T], insertion: int
    ) -> T | CardFault:
        session = watcher.session
        if session is None or not session.enter():
            trouble = CardTrouble.NO_READER if watcher.line is Line.NO_READER else CardTrouble.SERVICE_DOWN
            return CardFault(trouble, insertion, str(watcher.line))
        try:
            return Reading(self, watcher, session, job, insertion).run(ask)
        except PcscError as error:
            return CardFault(_plain_trouble(error), insertion, str(error))
        finally:
            session.leave()

    def bind(self, watcher: Watcher, insertion: int, uid: bytes) -> None:
        """Tie a UID to an insertion. Raises ChipError REMOVED when another UID was read under the same number."""
        if self._watcher is not watcher:
            raise _Abandoned
        if apdu.is_random(uid):
            return
        bound = self._bound
        if bound is not None and bound[0] == insertion and bound[1] != uid:
            raise ChipError(CardTrouble.REMOVED, "another_card")
        self._bound = (insertion, uid)


class Reading:
    """One exchange with a card, from the first look at the reader to the last."""

    def __init__(
        self, owner: PcscCardReader, watcher: Watcher, session: Session, job: _Job[Any], wanted: int
    ) -> None:
        self._owner = owner
        self._watcher = watcher
        self._session = session
        self._job = job
        self._wanted = wanted
        self._reader = ""
        self._uid = b""
        self.insertion = wanted

    @property
    def took_ms(self) -> float:
        return (time.monotonic() - self._job.started) * 1000

    def run(self, ask: Callable[[Reading, Transmit], T]) -> T | CardFault:
        """Raises PcscError only where no card was touched yet, or where the service itself was lost."""
        found = self._watcher.roles.contactless_among(self._session.reading.readers())
        if not found:
            return self._fault(CardTrouble.NO_READER)
        self._reader = found[0]
        before = self._look()
        if before is None:
            return self._fault(CardTrouble.NO_READER)
        if not before.present:
            return self._fault(CardTrouble.REMOVED if self._wanted else CardTrouble.NO_CARD)
        self.insertion = before.insertion
        if self._wanted and before.insertion != self._wanted:
            return self._fault(CardTrouble.REMOVED, "another_insertion")
        card: Card | None = None
        try:
            card = self._connect()
            answer = ask(self, self._transmit(card))
            if self._look() != before:
                return self._fault(CardTrouble.REMOVED, "another_insertion")
        except ChipError as error:
            if error.trouble is CardTrouble.REMOVED:
                # The service noticed nothing, else the number had changed: give this card a number of its own.
                self._watcher.ledger.swapped(before.insertion)
            return self._fault(error.trouble, error.detail)
        except PcscError as error:
            if error.service_lost or error.reader_lost:
                return self._fault(_plain_trouble(error), str(error))
            if error.code == SHARING_VIOLATION:
                return self._fault(CardTrouble.BUSY, str(error))
            self._end(card)
            card = None
            return self._classify(error, before)
        finally:
            self._end(card)
        return answer

    def _look(self) -> Presence | None:
        sight = self._session.look(self._session.reading, self._reader)
        return None if sight is None else self._watcher.ledger.see(sight)

    def _connect(self) -> Card:
        """Exclusively; another program that is just letting go of the card is given until the deadline."""
        while True:
            self._job.check()
            try:
                card = self._session.reading.connect(self._reader)
            except PcscError as error:
                if error.code != SHARING_VIOLATION or time.monotonic() + SHARING_PAUSE * 2 > self._job.until:
                    raise
                self._job.abandoned.wait(SHARING_PAUSE)
            else:
                try:
                    card.begin()
                except PcscError:
                    card.end()
                    raise
                return card

    def _transmit(self, card: Card) -> Transmit:
        def transmit(command: bytes) -> bytes:
            self._job.check()
            return card.transmit(command)

        return transmit

    def known(self, uid: bytes) -> None:
        """The card has said who it is. Raises ChipError when another one had this insertion."""
        self._uid = uid
        self._owner.bind(self._watcher, self.insertion, uid)

    def _classify(self, error: PcscError, before: Presence) -> CardFault:
        """What a failed exchange was. The error code does not tell: a lifted card, a swapped one and a tired chip all
        give NOT_TRANSACTED. So look again until the service has noticed, then ask the card there who it is."""
        until = time.monotonic() + NOTICING
        while True:
            now = self._look()
            if now != before:
                return self._fault(CardTrouble.NO_READER if now is None else CardTrouble.REMOVED, str(error))
            if time.monotonic() > until:
                break
            self._job.check()
            self._job.abandoned.wait(0.03)
        if self._uid and not apdu.is_random(self._uid):
            card: Card | None = None
            with suppress(PcscError, ChipError):
                try:
                    card = self._connect()
                    if read_uid(card.transmit) != self._uid:
                        self._watcher.ledger.swapped(before.insertion)
                        return self._fault(CardTrouble.REMOVED, "another_card")
                finally:
                    self._end(card)
        return self._fault(CardTrouble.UNREADABLE, str(error))

    def _end(self, card: Card | None) -> None:
        if card is not None:
            card.end()

    def _fault(self, trouble: CardTrouble, detail: str = "") -> CardFault:
        return CardFault(trouble, self.insertion, detail)


def _claim(reading: Reading, transmit: Transmit) -> CardClaim:
    contents = read_chip(transmit, reading.known)
    return CardClaim(reading.insertion, Assurance.CARD, contents.uid, contents.photo, took_ms=reading.took_ms)


def _plain_trouble(error: PcscError) -> CardTrouble:
    if error.service_lost:
        return CardTrouble.SERVICE_DOWN
    return CardTrouble.NO_READER if error.reader_lost else CardTrouble.UNREADABLE


def _health(watcher: Watcher) -> Health:
    names = list(watcher.names)
    if watcher.line is Line.REFUSED:
        return Health(
            NAME, Condition.FAILED, "service_refused", "Let the kiosk's user use pcscd (polkit rule)."
        )
    if watcher.line in (Line.SERVICE_DOWN, Line.STARTING):
        return Health(
            NAME, Condition.ABSENT, "service_down", "Start the card service: systemctl start pcscd."
        )
    found = watcher.roles.contactless_among(names)
    if not found:
        hint = f"Plug the reader in, or correct its pattern {watcher.roles.contactless!r}; seen: {names or 'none'}."
        return Health(NAME, Condition.ABSENT, "no_reader", hint)
    if len(found) > 1:
        return Health(
            NAME, Condition.DEGRADED, "several_readers", f"Name one reader by its pattern; seen: {found}."
        )
    return Health(NAME, Condition.READY)
