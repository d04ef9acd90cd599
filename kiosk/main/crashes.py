"""When to stop trying: crash loops and the growing pauses between tries. Pure; the caller brings the time."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Crashes:
    """`limit` crashes within `window` seconds make a loop; each loop's pause is twice the last, `first` to `most`.

    A run of `window` seconds without a crash after a pause makes the next pause short again.
    """

    limit: int
    window: float
    first: float
    most: float
    _times: list[float] = field(default_factory=list[float])
    _pause: float = 0.0
    _quiet_from: float = 0.0

    def crashed(self, now: float) -> float:
        """Note a crash; returns the pause in seconds to take before trying again, 0.0 for none."""
        if self._pause and now - self._quiet_from > self.window:
            self._pause = 0.0
            self._times.clear()
        self._times = [at for at in self._times if now - at < self.window] + [now]
        # Once in a loop, one more crash is enough to stay in it.
        if len(self._times) < self.limit and not self._pause:
            return 0.0
        self._pause = min(self._pause * 2 or self.first, self.most)
        self._quiet_from = now + self._pause
        return self._pause
