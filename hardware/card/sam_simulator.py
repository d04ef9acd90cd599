"""A SAM reader's vendor process that has no reader: the protocol of `sam`, invented people, faults to switch on.

As a process: `python -m hardware.card.sam_simulator SOCKET [--uid HEX] [--fault WORD] [--no-finger]`. It prints one
line when it listens and ends on SIGTERM or SIGINT. For tests and training only; every person is invented (NIK
region 99, which no office issues; names say CONTOH).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from hardware.world.port import GOOD_UID

CARD: Final = bytes.fromhex(GOOD_UID)
"""UID of the simulated good card."""
PEOPLE: Final[tuple[dict[str, str], ...]] = (
    {"nik": "9971031203850003", "name": "CONTOH BENGKEL", "sex": "L", "address": "JL. CONTOH 1, DESA CONTOH"},
    {"nik": "9971010101700001", "name": "CONTOH PEMILIK", "sex": "L", "address": "JL. CONTOH 2, DESA CONTOH"},
)
"""The same invented people the practice portal knows; the first holds the good card."""
_TOO_LONG: Final = 65536


@dataclass(slots=True)
class Table:
    """What lies on the simulated SAM reader; change it while the server runs."""

    cards: dict[bytes, dict[str, str]] = field(default_factory=lambda: {CARD: PEOPLE[0]}, repr=False)
    """Known cards by UID."""
    present: bytes = field(default=CARD, repr=False)
    """UID of the card that lies there, b"" for none."""
    finger: bool = True
    """Whether the visitor puts a finger down."""
    finger_matches: bool = True
    fault: str = ""
    """An error word of the protocol for every request, "mute" for no answer, "garbage" for nonsense; "" for none."""


class SamSimulator:
    """Serves `table` at the Unix socket `path` until closed."""

    def __init__(self, path: Path, table: Table | None = None) -> None:
        self.table = table or Table()
        self._path = path
        self._server: asyncio.Server | None = None
        self._print = False
        self._cancelled = asyncio.Event()

    async def open(self) -> None:
        """Listen. Raises OSError when the path cannot be bound."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=_TOO_LONG)
        self._path.chmod(0o600)

    async def close(self) -> None:
        self._cancelled.set()
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError):
            while line := await reader.readline():
                request = cast("dict[str, object]", json.loads(line))
                if self.table.fault == "mute" and request.get("op") != "cancel":
                    await reader.read()  # until the client gives up
                    break
                if self.table.fault == "garbage":
                    writer.write(b'{"id": \xff, half an ans\n')
                else:
                    answer = {"id": request.get("id"), **await self._answer(request)}
                    writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _answer(self, request: dict[str, object]) -> dict[str, object]:
        table = self.table
        operation = request.get("op")
        if operation == "cancel":
            self._print = False
            self._cancelled.set()
            return {"ok": True}
        if table.fault:
            return _trouble(table.fault)
        if operation == "scan_finger":
            return await self._scan(request)
        if not table.present:
            return _trouble("no_card")
        if operation == "tag":
            return {"ok": True, "uid": table.present.hex()}
        if operation == "verify":
            return self._verify(request)
        return _trouble("unreadable")

    async def _scan(self, request: dict[str, object]) -> dict[str, object]:
        self._cancelled.clear()
        if self.table.finger:
            self._print = True
            return {"ok": True}
        seconds = request.get("seconds")
        try:
            async with asyncio.timeout(seconds if isinstance(seconds, float | int) else 1.0):
                await self._cancelled.wait()
        except TimeoutError:
            return _trouble("no_finger")
        return _trouble("cancelled")

    def _verify(self, request: dict[str, object]) -> dict[str, object]:
        table = self.table
        if request.get("uid") != table.present.hex():
            return _trouble("removed")
        person = table.cards.get(table.present)
        if person is None:
            return _trouble("not_ktp")
        asked = request.get("finger") is True
        if asked and not self._print:
            return _trouble("no_finger")
        self._print = False
        matched = asked and table.finger_matches
        return {"ok": True, "uid": table.present.hex(), "matched": matched, "person": person}


def _trouble(word: str) -> dict[str, object]:
    return {"ok": False, "error": word}


async def _main(arguments: argparse.Namespace) -> None:
    uid = bytes.fromhex(arguments.uid) if arguments.uid else CARD
    table = Table({uid: PEOPLE[0]}, uid, finger=not arguments.no_finger, fault=arguments.fault)
    simulator = SamSimulator(arguments.socket, table)
    await simulator.open()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await over.wait()
    await simulator.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description="A SAM reader's process with invented people, for tests and training."
    )
    parser.add_argument("socket", type=Path)
    parser.add_argument("--uid", default="", help="UID of the card on the reader, in hexadecimal")
    parser.add_argument("--fault", default="", help="answer every request with this trouble; mute; garbage")
    parser.add_argument("--no-finger", action="store_true", help="nobody puts a finger down")
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
