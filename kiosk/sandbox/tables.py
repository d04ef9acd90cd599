"""The reference portal's tables. Plain SQLite: invented people only, on the machine of whoever tries the kiosk."""

# sqlite-utils leaves its rows and arguments untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]

_TABLES: dict[str, tuple[str, dict[str, type]]] = {
    "people": (
        "id",
        {"id": str, "nik": str, "nama": str, "jenis_kelamin": str, "hp": str, "uid": str, "nib": str},
    ),
    "challenges": (
        "id",
        {
            "id": str,
            "device": str,
            "visit": str,
            "cara": str,
            "claim": str,
            "typed": str,
            "subject": str,
            "hp": str,
            "draft": str,
            "lingkup": str,
            "made": str,
            "code_hash": str,
            "code_until": str,
            "tries": int,
            "used": str,
            "last_key": str,
            "last_send": str,
        },
    ),
    "sends": ("id", {"id": int, "what": str, "at": str}),
    "sessions": (
        "id",
        {
            "id": str,
            "token_hash": str,
            "grant_hash": str,
            "device": str,
            "visit": str,
            "subject": str,
            "hp": str,
            "draft": str,
            "lingkup": str,
            "until": str,
            "grant_until": str,
            "ended": int,
            "filed": str,
        },
    ),
    "applications": (
        "nomor",
        {
            "nomor": str,
            "urut": int,
            "subject": str,
            "session": str,
            "device": str,
            "diterima": str,
            "kbli": str,
            "kbli_versi": str,
            "skala_usaha": str,
            "kd_resiko": str,
            "kd_daerah": str,
            "versi_syarat": str,
            "nama_perseroan": str,
            "nib": str,
            "isian": str,
            "dokumen": str,
            "persetujuan": str,
            "dari_hari": int,
        },
    ),
    "history": (
        "id",
        {"id": int, "nomor": str, "kd_status": str, "tgl_status": str, "instansi": str},
    ),
    "approvals": (
        "id",
        {
            "id": int,
            "nomor": str,
            "instansi": str,
            "rincian_id": str,
            "rincian_en": str,
            "mulai": str,
            "selesai": str,
            "dari_hari": int,
        },
    ),
    "drafts": (
        "handle_hash",
        {
            "handle_hash": str,
            "body": str,
            "hp": str,
            "subject": str,
            "session": str,
            "until": str,
            "made": str,
        },
    ),
    "files": (
        "id",
        {
            "id": str,
            "induk": str,
            "asal": str,
            "jenis": str,
            "halaman": int,
            "nama_file": str,
            "filetype": str,
            "ukuran": int,
            "claimed": str,
            "sha256": str,
            "until": str,
            "device": str,
            "done": int,
            "same_as": str,
        },
    ),
    "tickets": (
        "kode",
        {
            "kode": str,
            "nomor": str,
            "sementara": str,
            "layanan": str,
            "hari": str,
            "urut": int,
            "prioritas": int,
            "keadaan": str,
            "diambil": str,
            "dipanggil": str,
            "device": str,
        },
    ),
    "help": (
        "id",
        {
            "id": str,
            "device": str,
            "tempat": str,
            "bahasa": str,
            "keadaan": str,
            "menit": int,
            "sejak": str,
        },
    ),
    "receipts": ("id", {"id": int, "nomor": str, "saluran": str, "at": str}),
    "events": ("id", {"id": str, "device": str, "body": str, "hash": str}),
    "anchors": ("id", {"id": str, "device": str, "nomor": int, "segel": str, "at": str}),
    "invitations": ("id", {"id": str, "at": str}),
    "surveys": ("id", {"id": str, "body": str, "at": str}),
    "archive": (
        "id",
        {
            "id": str,
            "device": str,
            "nomor": str,
            "tahun": str,
            "pemegang": str,
            "kbli": str,
            "halaman": int,
            "ukuran": int,
            "sha256": str,
            "diterima": str,
        },
    ),
    "idempotency": ("key", {"key": str, "body_hash": str, "ref": str, "at": str}),
}

_INDEXES = {
    "people": ("nik", "hp"),
    "sends": ("what",),
    "sessions": ("token_hash", "grant_hash", "visit"),
    "applications": ("subject", "session"),
    "history": ("nomor",),
    "approvals": ("nomor",),
    "files": ("induk",),
    "tickets": ("hari",),
    "archive": ("device", "sha256"),
}


class Tables:
    """Reads give plain dicts; writes are committed when the call returns. Use from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # A practice portal has to survive kill -9, not a power cut; NORMAL does, and is quicker.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self.db = Database(self._connection)
        names = set(self.db.table_names())
        for name, (key, columns) in _TABLES.items():
            if name not in names:
                table = self.db.table(name)
                table.create(columns, pk=key)
                for column in _INDEXES.get(name, ()):
                    table.create_index([column])

    def close(self) -> None:
        self._connection.close()

    def put(self, table: str, row: Row) -> int:
        """Insert; returns SQLite's row id. Raises `sqlite3.IntegrityError` for a taken key."""
        self.db.table(table).insert(row)
        got = self._connection.execute("SELECT last_insert_rowid()").fetchone()
        return int(got[0])

    def change(self, table: str, key: str | int, **values: object) -> None:
        self.db.table(table).update(key, values)

    def drop(self, table: str, where: str, *values: object) -> None:
        self.db.table(table).delete_where(where, list(values))

    def one(self, table: str, where: str, *values: object) -> Row | None:
        """The first row, or None."""
        return next(iter(self.all(table, where, *values)), None)

    def all(self, table: str, where: str = "1", *values: object, order: str | None = None) -> list[Row]:
        rows = self.db.table(table).rows_where(where, list(values), order_by=order)
        return list(rows)

    def count(self, table: str, where: str = "1", *values: object) -> int:
        return int(self.db.table(table).count_where(where, list(values)))
