"""The count of cards laid down: the one place that says which insertion a card belongs to.

Pure bookkeeping over what the card service reports, shared by the watcher and by reads, so both always agree.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from hardware.card.port import Presence


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at the reader.

    `epoch` names one life of the card service: its counter starts again with each. `counter` is the number of
    insertions and removals the service has seen, so a lift and a laying down between two looks still shows.
    """

    epoch: int
    reader: str
    present: bool
    counter: int

    def older_than(self, other: Sight) -> bool:
        """Whether the service had counted less when this look was made. The counter wraps at 16 bits."""
        if (self.epoch, self.reader) != (other.epoch, other.reader):
            return self.epoch < other.epoch
        return (self.counter - other.counter) & 0xFFFF > 0x8000


class Ledger:
    """Turns sights into `Presence`. Safe from any thread.

    A card that lay there before the first look counts as insertion 0: nobody saw it being laid down. It keeps 0 when
    the card service restarts under it, so a card left behind never becomes a fresh one. `changed` is called with each
    new presence, in order, from the thread that brought it.
    """

    def __init__(self, changed: Callable[[Presence], None]) -> None:
        self._changed = changed
        self._lock = threading.RLock()
        self._last: Sight | None = None
        self._presence = Presence(False, 0)
        self._left_behind = False
        self._settled = False

    @property
    def presence(self) -> Presence:
        return self._presence

    def see(self, sight: Sight) -> Presence:
        """Note a look at the reader; the presence it amounts to."""
        with self._lock:
            before = self._last
            if before is not None and sight.older_than(before):
                # The watcher and a read look through different contexts; the slower look comes second.
                return self._presence
            self._last = sight
            if not self._settled:
                self._settled = True
                self._left_behind = sight.present
                self._set(sight.present, 0, sight.reader)
            elif sight == before:
                pass
            elif not sight.present:
                self._left_behind = False
                self._set(False, self._presence.insertion, sight.reader)
            elif self._left_behind and before is None:
                # The service was away and came back: still the card nobody saw being laid down.
                self._set(True, 0, sight.reader)
            else:
                self._left_behind = False
                self._set(True, self._presence.insertion + 1, sight.reader)
            return self._presence

    def lose(self) -> None:
        """Reader or service are gone. What lies on the reader is unknown until the next sight."""
        with self._lock:
            self._last = None
            self._set(False, self._presence.insertion, "")

    def swapped(self, insertion: int) -> None:
        """A read found another card under this insertion number: the card service missed a swap."""
        with self._lock:
            if self._presence.present and self._presence.insertion == insertion:
                self._left_behind = False
                self._set(True, insertion + 1, self._presence.reader)

    def _set(self, present: bool, insertion: int, reader: str) -> None:
        new = Presence(present, insertion, reader)
        if new != self._presence:
            self._presence = new
            self._changed(new)
