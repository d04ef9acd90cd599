from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.store.freight import pack, unpack

values = st.none() | st.booleans() | st.integers() | st.text()


@given(st.dictionaries(st.text(), values), st.binary())
def test_there_and_back(head: dict[str, object], body: bytes) -> None:
    assert unpack(pack(head, body)) == (head, body)


@given(st.binary(max_size=60))
def test_other_bytes_are_refused(data: bytes) -> None:
    if data.startswith(b"AJ1"):
        return
    with pytest.raises(ValueError):
        unpack(data)


@pytest.mark.parametrize(
    "payload", [b"", b"AJ1", b"AJ1\0\0\0\x05{}", b"AJ1\0\0\0\x02[]", b"AJ1\xff\xff\xff\xff{}"]
)
def test_cut_or_bent(payload: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(payload)
