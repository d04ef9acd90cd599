"""What can go wrong with the store, as types; the messages carry no row content."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from kiosk.store.engine import engine


class StoreError(Exception):
    """Something about the store; every error of this package is one."""


class DiskFullError(StoreError):
    """Nothing could be written for want of room; what was committed before is safe."""


class BusyError(StoreError):
    """Another process is writing; try again."""


class WrongKeyError(StoreError):
    """The file does not open with this key (or is no database at all)."""


class DamagedError(StoreError):
    """The file opens and is broken, or the disk fails."""


class SealError(StoreError):
    """A sealed payload that does not open: another key, or it was changed."""


class NotFoundError(StoreError):
    """No row of that id, or not in the state that the step needs."""


@contextmanager
def typed() -> Generator[None]:
    """Turn the engine's errors into ours."""
    try:
        yield
    except engine().Error as error:
        text = str(error).lower()
        if "full" in text:
            kind: type[StoreError] = DiskFullError
        elif "locked" in text or "busy" in text:
            kind = BusyError
        elif "not a database" in text or "encrypted" in text:
            kind = WrongKeyError
        else:
            kind = DamagedError
        raise kind(type(error).__name__ + ": " + text[:80]) from None
