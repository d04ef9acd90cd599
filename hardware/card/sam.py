"""Client of a certified SAM reader, behind its vendor's own process.

NIK and biodata of an e-KTP open only to a reader with a SAM, certified by Ditjen Dukcapil and used under an agreement
with it. Its vendor's library runs in a process of its own, with its secrets; the kiosk holds neither. The two speak
over a local Unix socket, one JSON object a line (UTF-8, at most 64 KB), one request at a time:

    {"id": 1, "op": "tag"}
        the card on the reader → {"id": 1, "ok": true, "uid": "04a1…"}
    {"id": 2, "op": "scan_finger", "seconds": 10.0}
        take a print, keep it in the vendor's process → {"id": 2, "ok": true}
    {"id": 3, "op": "verify", "uid": "04a1…", "finger": true}
        open the card through the SAM; with `finger`, also compare the print just taken with the chip's templates
        → {"id": 3, "ok": true, "uid": "04a1…", "matched": true, "person": {"nik": "…", "name": "…", "sex": "L",
           "address": "…"}}; without `finger`, `matched` is false
    {"id": 4, "op": "cancel"}
        end what is under way, forget print and person → {"id": 4, "ok": true}; may be sent while another request waits
    any trouble → {"id": …, "ok": false, "error": "no_card" | "not_ktp" | "removed" | "unreadable" | "busy" |
        "sam_missing" | "no_finger" | "cancelled"}

An office whose vendor speaks otherwise writes a small adapter to this, outside the project. `sam_simulator` is one,
with invented people.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

from hardware.card.port import Assurance, CardClaim, CardFault, CardProof, CardReader, CardTrouble, Presence
from hardware.health import Condition, Health

LONGEST_LINE: Final = 65536
LONGEST_FIELD: Final = 300
ANSWERING: Final = 2.0
"""Seconds for a sign of life (`tag` for health)."""

_TROUBLES: Final[Mapping[str, CardTrouble]] = {
    "no_card": CardTrouble.NO_CARD,
    "not_ktp": CardTrouble.NOT_KTP,
    "removed": CardTrouble.REMOVED,
    "unreadable": CardTrouble.UNREADABLE,
    "busy": CardTrouble.BUSY,
    "sam_missing": CardTrouble.SAM_MISSING,
}


class SamError(Exception):
    """The SAM's answer is a trouble. `word` comes from the protocol's list or is one of ours, never content."""

    def __init__(self, trouble: CardTrouble, word: str) -> None:
        super().__init__(f"{trouble}: {word}")
        self.trouble = trouble
        self.word = word


@dataclass(frozen=True, slots=True)
class Verified:
    """What the SAM opened. Nothing of the person shows in `repr`."""

    uid: bytes = field(repr=False)
    matched: bool
    nik: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    address: str = field(repr=False)


class SamClient:
    """Speaks to the vendor's process at `path`. Each call connects anew, so its restart needs no care.

    `owners` are the user ids the process may run as (the kernel tells them): a stranger who takes the socket's place
    could otherwise vouch for anyone. Default: this process's own user and root.
    """

    def __init__(self, path: Path, owners: frozenset[int] | None = None) -> None:
        self._path = path
        self._owners = owners if owners is not None else frozenset({0, os.getuid()})

    async def tag(self, seconds: float = ANSWERING) -> bytes:
        """UID of the card on the SAM reader. Raises SamError."""
        return _uid(await self._ask({"op": "tag"}, seconds))

    async def scan_finger(self, seconds: float) -> bool:
        """Take a print within `seconds`; False when none was given. Raises SamError."""
        try:
            await self._ask({"op": "scan_finger", "seconds": round(seconds, 2)}, seconds + 0.5)
        except SamError as error:
            if error.word in ("no_finger", "cancelled"):
                return False
            raise
        return True

    async def verify(self, uid: bytes, *, finger: bool, seconds: float) -> Verified:
        """Open the card with this UID. Raises SamError; REMOVED when another card answers."""
        answer = await self._ask({"op": "verify", "uid": uid.hex(), "finger": finger}, seconds)
        if _uid(answer) != uid:
            raise SamError(CardTrouble.REMOVED, "another_card")
        person = answer.get("person")
        if not isinstance(person, dict):
            raise SamError(CardTrouble.UNREADABLE, "protocol")
        fields = cast("dict[str, object]", person)
        return Verified(
            uid=uid,
            # Only a comparison that was asked for can have matched.
            matched=finger and answer.get("matched") is True,
            nik=_text(fields, "nik"),
            name=_text(fields, "name"),
            sex=_text(fields, "sex"),
            address=_text(fields, "address"),
        )

    async def cancel(self) -> None:
        """End what is under way. Never raises."""
        with suppress(SamError):
            await self._ask({"op": "cancel"}, ANSWERING)

    async def _ask(self, request: dict[str, object], seconds: float) -> dict[str, object]:
        number = int.from_bytes(os.urandom(4), "big")
        try:
            async with asyncio.timeout(seconds):
                line = await self._talk(json.dumps({"id": number, **request}).encode() + b"\n")
        except TimeoutError:
            raise SamError(CardTrouble.BUSY, "deadline") from None
        except OSError as error:
            raise SamError(CardTrouble.SAM_MISSING, type(error).__name__) from None
        except ValueError:
            raise SamError(CardTrouble.SAM_MISSING, "protocol") from None
        return _answer(line, number)

    async def _talk(self, line: bytes) -> bytes:
        reader, writer = await asyncio.open_unix_connection(self._path, limit=LONGEST_LINE)
        try:
            self._check_owner(writer)
            writer.write(line)
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()

    def _check_owner(self, writer: asyncio.StreamWriter) -> None:
        link = cast("socket.socket", writer.get_extra_info("socket"))
        raw = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, owner, _ = struct.unpack("3i", raw)
        if owner not in self._owners:
            raise PermissionError("the socket belongs to another user")


class SamCardReader:
    """`CardReader` that adds the SAM's word to what `inner` read.

    First `inner` reads UID and photo, then the SAM opens the card *with that UID*; if another card lies there by then,
    the answer is REMOVED. With `finger`, the rest of the deadline less a margin is for the print; no print or one
    that does not match leaves a claim at `Assurance.SAM`. Without a SAM that answers, it stays at `Assurance.CARD`,
    or is refused as SAM_MISSING or BUSY if `required`.
    """

    def __init__(
        self, inner: CardReader, client: SamClient, *, finger: bool = False, required: bool = False
    ) -> None:
        self._inner = inner
        self._client = client
        self._finger = finger
        self._required = required

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._client.cancel()
        await self._inner.close()

    async def health(self) -> Health:
        health = await self._inner.health()
        if not health.usable:
            return health
        try:
            await self._client.tag()
        except SamError as error:
            if error.trouble in (CardTrouble.SAM_MISSING, CardTrouble.BUSY):
                condition = Condition.FAILED if self._required else Condition.DEGRADED
                word = "sam_missing" if error.trouble is CardTrouble.SAM_MISSING else "sam_busy"
                return Health(health.device, condition, word, "Start the SAM reader's vendor service.")
        return health

    def watch(self) -> AsyncIterator[Presence]:
        return self._inner.watch()

    async def read(self, *, insertion: int = 0, deadline: float = 5.0) -> CardClaim | CardFault:
        until = time.monotonic() + deadline
        claim = await self._inner.read(insertion=insertion, deadline=deadline)
        if isinstance(claim, CardFault):
            return claim
        try:
            verified = await self._verify(claim.uid, until)
        except SamError as error:
            if error.trouble in (CardTrouble.SAM_MISSING, CardTrouble.BUSY) and not self._required:
                return claim
            return CardFault(error.trouble, claim.insertion, f"sam {error.word}")
        except asyncio.CancelledError:
            await asyncio.shield(self._client.cancel())
            raise
        return replace(
            claim,
            assurance=Assurance.SAM_FINGERPRINT if verified.matched else Assurance.SAM,
            nik=verified.nik,
            name=verified.name,
            sex=verified.sex,
            address=verified.address,
            took_ms=(time.monotonic() - until + deadline) * 1000,
        )

    async def sign(
        self, challenge: bytes, *, insertion: int = 0, deadline: float = 5.0
    ) -> CardProof | CardFault:
        return await self._inner.sign(challenge, insertion=insertion, deadline=deadline)

    async def _verify(self, uid: bytes, until: float) -> Verified:
        def left() -> float:
            return max(0.05, until - time.monotonic())

        try:
            if await self._client.tag(left()) != uid:
                raise SamError(CardTrouble.REMOVED, "another_card")
            # A third of the time stays for opening the card: a visitor who gives no finger still gets a SAM claim.
            given = self._finger and await self._client.scan_finger(left() * 2 / 3)
            return await self._client.verify(uid, finger=given, seconds=left())
        except SamError as error:
            if error.word == "deadline":
                await self._client.cancel()
            raise


def _answer(line: bytes, number: int) -> dict[str, object]:
    try:
        answer: object = json.loads(line)
    except ValueError:
        raise SamError(CardTrouble.SAM_MISSING, "protocol") from None
    if not isinstance(answer, dict):
        raise SamError(CardTrouble.SAM_MISSING, "protocol")
    fields = cast("dict[str, object]", answer)
    if fields.get("id") != number:
        raise SamError(CardTrouble.SAM_MISSING, "protocol")
    if fields.get("ok") is True:
        return fields
    word = fields.get("error")
    if word in ("no_finger", "cancelled"):
        raise SamError(CardTrouble.UNREADABLE, str(word))
    if isinstance(word, str) and word in _TROUBLES:
        raise SamError(_TROUBLES[word], word)
    raise SamError(CardTrouble.SAM_MISSING, "protocol")


def _uid(answer: dict[str, object]) -> bytes:
    uid = answer.get("uid")
    try:
        raw = bytes.fromhex(uid) if isinstance(uid, str) else b""
    except ValueError:
        raw = b""
    if not 4 <= len(raw) <= 16:
        raise SamError(CardTrouble.UNREADABLE, "protocol")
    return raw


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_FIELD:
        raise SamError(CardTrouble.UNREADABLE, "protocol")
    return value
