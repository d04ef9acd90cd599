"""Nothing with the shape of a NIK gets on paper."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.port import Raster, Text
from kiosk.tickets import (
    ApplicationReceipt,
    BringList,
    DraftTicket,
    NotPublicError,
    QueueTicket,
    Stamp,
    assert_public,
)

PLANTED = "9971014507900001"
digits = st.text("0123456789", min_size=16, max_size=24)
words = st.text(st.characters(codec="ascii", exclude_characters="0123456789:"), max_size=20)


@given(words, digits, words)
def test_sixteen_digits_are_refused_and_not_repeated(before: str, number: str, after: str):
    with pytest.raises(NotPublicError) as caught:
        assert_public([before + number + after])
    assert number not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "9971 0145 0790 0001",
        "9971-0145-0790-0001",
        "997101.450790.0001",
        "９９７１０１４５０７９００００１",  # full-width, as some keyboards give them
        f"https://portal.example/q/{PLANTED}",
        f"https://portal.example/q?nik={PLANTED}&x=1",
    ],
)
def test_grouped_and_linked_numbers(line: str):
    with pytest.raises(NotPublicError):
        assert_public([line])
    if line.isascii() and len(line) <= 48:
        with pytest.raises(NotPublicError):
            assert_public([Text("fine"), Text(line)])


@given(st.text("0123456789", max_size=15))
def test_shorter_numbers_pass(number: str):
    assert_public([number, f"KBLI {number}, 24 Nov 2026"])


@pytest.mark.parametrize(
    "line",
    [
        "MKM-2026-004812",
        "NIB 9120001234567",
        "Selasa, 24 Nov 2026, 09.27 WIB  K-01",
        "https://portal.example/d/0123456789012345abcdefabcdefabcd",
    ],
)
def test_what_tickets_carry_passes(line: str):
    assert_public([line, Raster(b"", 0)])


def test_no_ticket_has_a_place_for_a_person():
    for kind in (QueueTicket, ApplicationReceipt, BringList, DraftTicket, Stamp):
        names = {each.name for each in dataclasses.fields(kind)}
        assert not names & {"nik", "name", "nama", "phone", "address", "applicant", "visitor"}
