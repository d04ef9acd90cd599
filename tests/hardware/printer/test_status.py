"""The parser of printer answers: fixed bits, missing bytes, frames nobody asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.port import Paper
from hardware.printer.status import (
    QUESTIONS,
    SILENT,
    Fence,
    Noise,
    ProcessDone,
    RealTime,
    interpret,
    is_real_time,
    split_answers,
)

GOOD = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
answer_byte = st.integers(0, 255)


def weight(answer: object) -> int:
    if isinstance(answer, Noise):
        return len(answer.value)
    return 7 if isinstance(answer, ProcessDone) else 1


@given(st.binary(max_size=200))
def test_every_byte_is_accounted_for(stream: bytes):
    answers, tail = split_answers(stream)
    assert sum(weight(a) for a in answers) + len(tail) == len(stream)
    assert len(tail) < 64
    assert all(is_real_time(a.value) for a in answers if isinstance(a, RealTime))


@given(st.binary(max_size=120), st.lists(st.integers(0, 120), max_size=4))
def test_pieces_give_the_same_answers_as_the_whole(stream: bytes, cuts: list[int]):
    whole, rest = split_answers(stream)
    pieces: list[object] = []
    tail, last = b"", 0
    for cut in [*sorted(min(c, len(stream)) for c in cuts), len(stream)]:
        found, tail = split_answers(tail + stream[last:cut])
        pieces += found
        last = cut
    assert (pieces, tail) == (whole, rest)


def test_fixed_bits_of_every_byte():
    for value in range(256):
        bits = f"{value:08b}"
        assert is_real_time(value) == (bits[0] == "0" and bits[3] == "1" and bits[6:] == "10"), bits


@given(st.dictionaries(st.sampled_from(QUESTIONS), answer_byte))
def test_ready_only_on_four_good_answers(answers: dict):
    status = interpret(answers)
    complete = set(answers) == set(QUESTIONS) and all((b & 0x93) == 0x12 for b in answers.values())
    assert status.answered == complete
    if not complete:
        assert status == SILENT
        assert not status.ready
    if status.ready:
        assert answers[1] & 0x08 == 0
        assert answers[2] & 0x64 == 0
        assert answers[3] & 0x6C == 0
        assert answers[4] & 0x60 == 0


@pytest.mark.parametrize(
    ("number", "byte", "expect"),
    [
        (1, 0x1A, {"online": False}),
        (2, 0x16, {"cover_open": True}),
        (2, 0x32, {"paper": Paper.OUT}),
        (2, 0x52, {"error": True}),
        (3, 0x1A, {"error": True}),
        (3, 0x32, {"error": True}),
        (3, 0x52, {"error": True}),
        (4, 0x1E, {"paper": Paper.LOW}),
        (4, 0x72, {"paper": Paper.OUT}),
        (4, 0x7E, {"paper": Paper.OUT}),
        (1, 0x16, {"online": True}),
    ],
)
def test_each_bit(number: int, byte: int, expect: dict):
    status = interpret({**GOOD, number: byte})  # type: ignore[dict-item]
    assert {name: getattr(status, name) for name in expect} == expect
    assert status.ready == (expect in ({"paper": Paper.LOW}, {"online": True}))


def test_automatic_status_frame_is_not_an_answer():
    answers, tail = split_answers(b"\x14\x00\x00\x0f\x12\x11\x13")
    assert (answers[1], tail) == (RealTime(0x12), b"")
    assert sum(isinstance(a, RealTime | Fence) for a in answers) == 1


def test_process_id_among_others():
    answers, tail = split_answers(b"7\x22ab12\x00\x00\x127%\x00" + b"7\x22x")
    assert answers == [ProcessDone(b"ab12"), Fence(0), RealTime(0x12), Noise(b"7%\x00")]
    assert tail == b"7\x22x"
