"""The form of an outbox payload: a few named values and, where there is one, a file after them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

_MARK = b"AJ1"


def pack(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """`head` is anything JSON can say; `body` any bytes (a PDF), which stay as they are."""
    text = json.dumps(dict(head), ensure_ascii=False, separators=(",", ":")).encode()
    return _MARK + len(text).to_bytes(4, "big") + text + body


def unpack(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """The head and the body. Raises `ValueError` for bytes that `pack` did not make."""
    length = int.from_bytes(payload[3:7], "big")
    if payload[:3] != _MARK or len(payload) < 7 + length:
        raise ValueError("not a packed payload")
    head: object = json.loads(payload[7 : 7 + length])
    if not isinstance(head, dict):
        raise ValueError("not a packed payload")  # noqa: TRY004 - one error for every wrong payload
    return cast("dict[str, Any]", head), payload[7 + length :]
