"""The one exception of the portal room. Light: the flow's side imports it without loading httpx."""

from __future__ import annotations

from typing import Literal

Kind = Literal["offline", "slow", "server", "refused", "invalid", "garbage", "forbidden", "gone", "too_many"]
"""offline: not reached, or the line broke before an answer · slow: no answer in time · server: 5xx · refused: the
portal says no to this request as it stands (400, 409, 413 …) · invalid: 422, see `fields` · garbage: an answer that is
none, or half of one · forbidden: 401 or 403 · gone: 404 or 410 · too_many: 429."""

_KINDS: dict[int, Kind] = {
    401: "forbidden",
    403: "forbidden",
    404: "gone",
    410: "gone",
    422: "invalid",
    429: "too_many",
}


class PortalTrouble(Exception):
    """What went wrong with a call. Carries words and numbers only, never what was sent or received.

    `word` is the portal's own problem word ("wrong-code", "code-expired", "tries-spent" …) or empty. `tries_left`
    belongs to "wrong-code", `fields` (names as sent) to `invalid`. `retry_after` is in seconds, None when not said.
    `passing` tells whether the very same call may work later. That includes 401: a kiosk whose own credential ran out
    keeps what visitors gave it until the office has renewed it.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        word: str = "",
        status: int = 0,
        tries_left: int = 0,
        fields: tuple[str, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(" ".join(part for part in (kind, word, str(status) if status else "") if part))
        self.kind: Kind = kind
        self.word = word
        self.status = status
        self.tries_left = tries_left
        self.fields = fields
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        return self.kind in ("offline", "slow", "server", "garbage", "too_many") or self.status == 401


def kind_of(status: int) -> Kind:
    """The kind for an HTTP status that is not a success."""
    if status >= 500:
        return "server"
    return _KINDS.get(status, "refused")
