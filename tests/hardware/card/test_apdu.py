"""The commands, the parsers and the order of a read, tried without a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card import apdu
from hardware.card.chip import ChipError, read_chip
from hardware.card.port import CardTrouble
from tests.hardware.card.virtual_card import GarbageCard, OtherCard, VirtualKtp, photo_of


def test_commands_are_the_published_ones():
    assert apdu.select(apdu.KTP_DIRECTORY).hex().upper() == "00A40000027F0A"
    assert apdu.select(apdu.PHOTO_FILE).hex().upper() == "00A40000026FF2"
    assert apdu.read_binary(0, 8).hex().upper() == "00B0000008"
    assert apdu.read_binary(0x1234, 256).hex().upper() == "00B0123400"
    assert apdu.GET_UID.hex().upper() == "FFCA000000"
    assert apdu.GET_UID_TYPE_B.hex().upper() == "00DF000000"
    for build in (
        lambda: apdu.select(1 << 16),
        lambda: apdu.read_binary(1 << 15, 1),
        lambda: apdu.read_binary(0, 257),
        lambda: apdu.get_response(0),
    ):
        with pytest.raises(ValueError):
            build()


@given(st.binary(max_size=300))
def test_any_bytes_parse_or_are_refused(raw: bytes):
    answer = apdu.parse(raw)
    if answer is None:
        assert not 2 <= len(raw) <= 258 or raw[-2] >> 4 not in (6, 9) or raw[-2] == 0x60
    else:
        assert answer.data + answer.status.to_bytes(2, "big") == raw
        uid = apdu.uid_of(answer)
        assert uid is None or (answer.ok and uid == answer.data and 4 <= len(uid) <= 16)


@given(st.binary(max_size=12))
def test_a_photo_length_is_believable_or_none(head: bytes):
    length = apdu.photo_length(head)
    assert length is None or (1 <= length <= 8190 and head[:2] == length.to_bytes(2, "big"))


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(1, 256))
def test_chunks_cover_exactly(start: int, end: int, size: int):
    place = start
    for offset, length in apdu.chunks(start, end, size):
        assert offset == place
        assert 1 <= length <= size
        place += length
    assert place == max(start, end)


@pytest.mark.parametrize("length", [1, 3, 6, 7, 240, 246, 900, 8190])
@pytest.mark.parametrize("type_b", [False, True])
def test_a_photo_of_any_length_is_read_whole(length: int, type_b: bool):
    card = VirtualKtp(photo=bytes(range(1, 8)) * 1171)
    card = VirtualKtp(3, photo=card.photo[:length], type_b=type_b)
    # A file shorter than the head gives a short first answer and then its end; such a photo is refused as unreadable.
    if length < apdu.HEAD - 2:
        with pytest.raises(ChipError) as caught:
            read_chip(card.answer)
        assert caught.value.trouble is CardTrouble.UNREADABLE
        return
    contents = read_chip(card.answer)
    assert (contents.uid, contents.photo) == (card.uid, card.photo)


def test_other_cards_and_nonsense_have_their_own_outcome():
    for card, trouble in (
        (OtherCard(), CardTrouble.NOT_KTP),
        (GarbageCard(), CardTrouble.UNREADABLE),
        (VirtualKtp(photo=b""), CardTrouble.UNREADABLE),
    ):
        with pytest.raises(ChipError) as caught:
            read_chip(card.answer)
        assert caught.value.trouble is trouble


def test_short_pieces_wrong_lengths_and_waiting_data_are_understood():
    card = VirtualKtp(5)
    waiting = b""

    def awkward(command: bytes) -> bytes:
        """Answers READ in pieces of at most 100 bytes: first the right length, then "more waits", then the data."""
        nonlocal waiting
        if command[:2] == b"\x00\xb0" and command[4] > 100:
            return b"\x6c\x64"
        if command[:2] == b"\x00\xb0":
            waiting = card.answer(command)[:-2]
            return b"\x61" + bytes([len(waiting)])
        if command[:2] == b"\x00\xc0":
            return waiting[: command[4]] + b"\x90\x00"
        return card.answer(command)

    assert read_chip(awkward).photo == card.photo


@given(
    st.lists(st.one_of(st.binary(max_size=260), st.integers(0x6000, 0x9FFF)), max_size=40), st.integers(0, 12)
)
def test_garbage_from_any_point_on_gives_a_typed_trouble_or_a_bounded_claim(
    garbage: list[bytes | int], start: int
):
    """From the `start`-th answer on, the card speaks nonsense: a typed trouble, or a claim within the chip's size."""
    card = VirtualKtp(7)
    count = 0

    def transmit(command: bytes) -> bytes:
        nonlocal count
        count += 1
        if count > start and garbage:
            item = garbage.pop(0)
            return item.to_bytes(2, "big") if isinstance(item, int) else item
        return card.answer(command)

    error = None
    try:
        contents = read_chip(transmit)
    except ChipError as caught:
        error = caught
    else:
        assert contents.uid
        assert len(contents.photo) <= apdu.CHIP
    if error is not None:
        assert error.trouble in (CardTrouble.UNREADABLE, CardTrouble.NOT_KTP, CardTrouble.REMOVED)
        assert card.uid.hex() not in str(error).lower()
        assert len(error.detail) < 40


@given(st.data())
def test_truncated_answers_never_yield_a_claim(data: st.DataObject):
    card = VirtualKtp(7)
    target = data.draw(st.integers(0, 9))
    kept = data.draw(st.integers(0, 5))
    count = -1

    def transmit(command: bytes) -> bytes:
        nonlocal count
        count += 1
        answer = card.answer(command)
        return answer[:kept] if count == target and kept < len(answer) else answer

    try:
        contents = read_chip(transmit)
    except ChipError:
        return
    assert (contents.uid, contents.photo) == (card.uid, card.photo)


@given(st.lists(st.integers(0, 2), min_size=14, max_size=14))
def test_silent_swaps_at_any_commands_never_mix(order: list[int]):
    """The link hides every swap: before each command another of three cards may lie there, freshly powered. What comes
    out is one card's whole, or nothing."""
    cards = [VirtualKtp(seed) for seed in range(3)]
    count = 0
    now: VirtualKtp | None = None

    def transmit(command: bytes) -> bytes:
        nonlocal count, now
        card = cards[order[min(count, len(order) - 1)]]
        count += 1
        if card is not now:
            card.power()
            now = card
        return card.answer(command)

    try:
        contents = read_chip(transmit)
    except ChipError:
        return
    assert (contents.uid, contents.photo) in [(card.uid, card.photo) for card in cards]


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("at", range(1, 10))
def test_a_silent_swap_is_called_removed_or_unreadable(at: int, back: bool):
    """Each place once, A→B and A→B→A: never a claim, since the UID or the selection tells."""
    first, second = VirtualKtp(1), VirtualKtp(2)
    count = -1
    now = first

    def transmit(command: bytes) -> bytes:
        nonlocal count, now
        count += 1
        card = second if count == at or (count > at and not back) else first
        if card is not now:
            card.power()
            now = card
        return card.answer(command)

    with pytest.raises(ChipError):
        read_chip(transmit)


def test_photos_of_two_cards_share_no_run_of_bytes():
    """Else a mixed photo could pass for one card's."""
    assert not set(photo_of(1)[2:]) & set(photo_of(2)[2:])
