"""The fleet's hours in one table, SQLite or PostgreSQL: figures to look at, and the lines for `kiosk report`.

One row a kiosk and hour. The same hour again replaces its row, so sending twice counts once. What is kept is what the
event log holds: nothing that names a person.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from kiosk.insight.hours import FIGURES, counts, digest
from provisioning.agent.hours import HOUR, PART_BYTES
from provisioning.errors import FleetError

PARTS_MOST = 200
PIECE_MOST = 50_000_000
"""Bytes of one hour unpacked: a small message must not become a large one."""
SCHEMA = """create table if not exists kiosk_hour(
  device text not null, hour text not null, digest text not null, {figures}, lines {blob} not null,
  primary key(device, hour))"""


class _Cursor(Protocol):
    def fetchone(self) -> tuple[Any, ...] | None: ...
    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class _Connection(Protocol):
    def execute(self, query: str, values: Any = ..., /) -> _Cursor: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...


class Kpi:
    """The table. `url`: a path or "sqlite:PATH", or "postgresql://…" (the password best in ~/.pgpass)."""

    def __init__(self, url: str, folder: Path) -> None:
        """Raises `FleetError` when the database cannot be opened. A relative path is in `folder`."""
        self._postgres = url.startswith(("postgresql://", "postgres://"))
        self._db = self._connect(url, folder)
        blob = "bytea" if self._postgres else "blob"
        figures = ", ".join(f"{name} integer not null" for name in FIGURES)
        self._run(SCHEMA.format(figures=figures, blob=blob))
        self._db.commit()

    def _connect(self, url: str, folder: Path) -> _Connection:
        if self._postgres:
            import psycopg

            try:
                return cast(_Connection, psycopg.connect(url, connect_timeout=10))
            except psycopg.Error as error:
                reason = (str(error).strip().splitlines() or ["no reason given"])[-1]
                raise FleetError(f"The KPI database cannot be opened: {reason[:160]}") from None
        import sqlite3

        path = folder / url.removeprefix("sqlite:")
        try:
            return cast(_Connection, sqlite3.connect(path, timeout=10, check_same_thread=False))
        except sqlite3.Error as error:
            raise FleetError(f"The KPI database {path} cannot be opened: {error}") from None

    def _run(self, query: str, *values: object) -> _Cursor:
        return self._db.execute(query.replace("?", "%s") if self._postgres else query, values)

    def put(self, device: str, hour: str, mark: str, packed: bytes) -> None:
        """Keep one hour. Raises `FleetError` when it is not what its digest says."""
        content = unpacked(packed)
        if digest(content) != mark:
            raise FleetError(f"{device} {hour}: the parts do not make the whole.")
        figures = counts(content.decode("utf-8", "replace").splitlines())
        columns = ("device", "hour", "digest", *FIGURES, "lines")
        changes = ", ".join(f"{name}=excluded.{name}" for name in columns[2:])
        self._run(
            f"insert into kiosk_hour({', '.join(columns)}) values({', '.join('?' * len(columns))}) "
            f"on conflict(device, hour) do update set {changes}",
            device, hour, mark, *(figures[name] for name in FIGURES), packed,
        )  # fmt: skip
        self._db.commit()

    def sums(self, since: str = "", device: str = "") -> list[tuple[str, int, dict[str, int]]]:
        """(kiosk, hours, figures) of every kiosk from the hour `since` on, busiest first."""
        sums = ", ".join(f"sum({name})" for name in FIGURES)
        rows = self._run(
            f"select device, count(*), {sums} from kiosk_hour where hour>=? and (?='' or device=?) "  # noqa: S608
            "group by device order by sum(visits) desc, device",
            since, device, device,
        )  # fmt: skip
        return [
            (row[0], int(row[1]), dict(zip(FIGURES, (int(value) for value in row[2:]), strict=True)))
            for row in rows
        ]

    def lines(self, since: str = "", until: str = "~") -> Iterator[bytes]:
        """Every kiosk's events of these hours, kiosk by kiosk, as `kiosk log export` writes them."""
        for row in self._run(
            "select lines from kiosk_hour where hour>=? and hour<? order by device, hour", since, until
        ):
            yield unpacked(bytes(row[0]))

    def close(self) -> None:
        self._db.close()


def unpacked(packed: bytes) -> bytes:
    """Gunzip, bounded. Raises `FleetError`."""
    stream = zlib.decompressobj(31)
    try:
        content = stream.decompress(packed, PIECE_MOST)
    except zlib.error:
        raise FleetError("An hour cannot be unpacked.") from None
    if not stream.eof:
        raise FleetError("An hour is cut off, or larger than any kiosk's.")
    return content


@dataclass(slots=True)
class Collector:
    """Puts parts together. `device` is from the topic, which the broker ties to the certificate."""

    kpi: Kpi
    _parts: dict[tuple[str, str, str], dict[int, bytes]] = field(
        default_factory=dict[tuple[str, str, str], dict[int, bytes]]
    )

    def take(self, device: str, payload: bytes) -> bytes | None:
        """One message. Returns the confirmation to send when its hour is kept; None for parts, and for nonsense."""
        try:
            values: dict[str, Any] = json.loads(payload)
            hour, mark = str(values["hour"]), str(values["digest"])
            part, parts = int(values["part"]), int(values["parts"])
            data = base64.b64decode(values["data"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            return None
        if not HOUR.fullmatch(hour) or not 0 <= part < parts <= PARTS_MOST or len(data) > PART_BYTES:
            return None
        key = (device, hour, mark)
        if key not in self._parts:
            # One hour of one kiosk at a time: an older one that was never finished is sent again anyway.
            for other in [one for one in self._parts if one[0] == device]:
                del self._parts[other]
        have = self._parts.setdefault(key, {})
        have[part] = data
        if len(have) < parts:
            return None
        del self._parts[key]
        self.kpi.put(device, hour, mark, b"".join(have[number] for number in range(parts)))
        return json.dumps({"hour": hour, "digest": mark}).encode()
