"""A portal's trouble in the flow's words."""

from __future__ import annotations

from kiosk.flow.results import Failed, Trouble
from kiosk.portal.trouble import PortalTrouble

_BY_WORD = {
    "wrong-code": Trouble.WRONG_CODE,
    "code-expired": Trouble.CODE_EXPIRED,
    "tries-spent": Trouble.CODE_EXPIRED,
    "too-many": Trouble.TOO_MANY,
}
_BY_KIND = {
    "offline": Trouble.OFFLINE,
    "slow": Trouble.SLOW,
    "server": Trouble.SERVER,
    "garbage": Trouble.SERVER,
    "refused": Trouble.REFUSED,
    "invalid": Trouble.INVALID,
    "forbidden": Trouble.FORBIDDEN,
    "gone": Trouble.NOT_FOUND,
    "too_many": Trouble.TOO_MANY,
}


def failed(trouble: PortalTrouble) -> Failed:
    """What the visitor is told; `fields` come without the contract's wrapper around the answers."""
    word = _BY_WORD.get(trouble.word) or _BY_KIND[trouble.kind]
    fields = tuple(name.removeprefix("isian.") for name in trouble.fields)
    return Failed(word, tries_left=trouble.tries_left, fields=fields)
