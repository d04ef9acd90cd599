"""The database engine, imported when it is first needed; it ships no types, so they end here."""

from __future__ import annotations

import importlib
from typing import Any


def engine() -> Any:
    """The module `sqlcipher3.dbapi2` (DB-API 2.0, PEP 249)."""
    return importlib.import_module("sqlcipher3.dbapi2")
