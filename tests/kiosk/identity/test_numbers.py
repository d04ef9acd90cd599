"""NIK, NIB and phone as people type them. All numbers are invented; region 99 does not exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.numbers import Doubt, check_nib, check_nik, check_phone, mask_phone, plain_digits

KNOWN = frozenset({"170601"})


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("1706014101900001", None),
        ("１７０６０１４１０１９００００１", None),  # full-width digits
        ("1706 0141 0190 0001", None),
        ("9971014101900001", Doubt.REGION),
        ("1706017102900001", Doubt.DATE),  # a woman born on 31 February
        ("1706012902010001", Doubt.DATE),  # 29 February of a year that is never a leap year
        ("1706012902040001", None),
        ("1706014113900001", Doubt.DATE),
        ("1706014101900000", Doubt.SHAPE),
        ("170601410190000", Doubt.SHORT),
        ("17060141019000011", Doubt.LONG),
        ("", Doubt.SHORT),
    ],
)
def test_nik(typed: str, doubt: Doubt | None):
    verdict = check_nik(typed, KNOWN)
    assert verdict.doubt is doubt
    assert verdict.acceptable == (doubt in (None, Doubt.REGION))


@pytest.mark.parametrize("typed", ["0812 3456 4821", "+6281234564821", "6281234564821", "081234564821"])
def test_a_phone_number_is_one_number_however_it_is_written(typed: str):
    assert check_phone(typed).digits == "081234564821"
    assert check_phone(typed).acceptable


def test_nib_has_thirteen_digits():
    assert check_nib("1234567890123").acceptable
    assert check_nib("123456789012").doubt is Doubt.SHORT


def test_masking():
    assert mask_phone("081234564821") == "08•• •••• 4821"
    assert "8123" not in mask_phone("081234564821")


@given(st.text())
def test_any_text_gets_a_verdict_without_showing_itself(text: str):
    for check in (check_nik, check_nib, check_phone):
        verdict = check(text)
        digits = plain_digits(text)
        assert digits.isascii()
        assert len(digits) < 4 or digits not in repr(verdict)
