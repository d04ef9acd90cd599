"""What two readers saw on a card: believed only when nothing speaks against it."""

from __future__ import annotations

import pytest

from kiosk.identity.face import believed

NIK = "9971024502900002"


def test_two_readers_that_agree_are_believed() -> None:
    assert believed((NIK, NIK), "MUKOMUKO, 05-02-1990") == NIK
    assert believed((NIK, NIK), "") == NIK
    assert believed((NIK, NIK), "MUKOMUKO") == NIK
    assert believed(("9971021207810003",) * 2, "IPUH, 12 - 07 - 1981") == "9971021207810003"


@pytest.mark.parametrize(
    ("numbers", "birth"),
    [
        ((NIK, "9971024502900003"), ""),
        ((NIK, ""), ""),
        (("", ""), ""),
        ((), ""),
        ((NIK,), ""),
        ((NIK, NIK, "9971024502900003"), ""),
        (("9971027102900002",) * 2, ""),
        (("997102450290000",) * 2, ""),
        (("9971024502900000",) * 2, ""),
        (("９971024502900002",) * 2, ""),
        ((NIK, NIK), "MUKOMUKO, 06-02-1990"),
        ((NIK, NIK), "MUKOMUKO, 05-02-1991"),
        ((NIK, NIK), "MUKOMUKO, 45-02-1990"),
    ],
)
def test_anything_doubtful_is_asked(numbers: tuple[str, ...], birth: str) -> None:
    assert believed(numbers, birth) == ""
