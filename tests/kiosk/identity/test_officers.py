"""Officers on paper: roles, PIN rules, the file, one-time codes against RFC 6238's own table."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity import one_time
from kiosk.identity.officers import (
    MAY,
    Duty,
    Officer,
    OfficersError,
    Role,
    from_text,
    pin_doubt,
    set_locked,
    to_text,
    with_officer,
)
from kiosk.identity.tries import DAY, FREE, LONGEST_PAUSE, PER_DAY, Tries, counted, left, opened, pause

HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0"
SARI = Officer("07", "abcdefgh", "Bu Sari", Role.OFFICER, "Loket 2", HASH, bytes([4]) * 65, "A" * 32)


def test_it_stands_beside_no_visitor_and_sees_no_document() -> None:
    assert MAY[Role.IT] == {Duty.MACHINE}
    assert Duty.MACHINE not in MAY[Role.OFFICER]
    assert not set_locked([SARI], "07", True)[0].may(Duty.ASSIST)


def test_the_file_comes_back_as_it_was_and_repr_hides_what_is_secret() -> None:
    other = Officer("12", "ijklmnop", "Pak Budi", Role.SUPERVISOR, pin=HASH, code="B" * 32)
    assert from_text(to_text([other, SARI])) == (SARI, other)
    for secret in (HASH, SARI.code, "Sari", SARI.card.hex()):
        assert secret not in repr(SARI)


@pytest.mark.parametrize(
    "change",
    [
        {"number": "7"},
        {"alias": "Sari1234"},
        {"role": "boss"},
        {"pin": "246813"},
        {"card": "0300"},
        {"code": "not base32"},
        {"name": ""},
    ],
)
def test_an_entry_that_does_not_fit_is_refused_without_repeating_it(change: dict[str, str]) -> None:
    whole = json.loads(to_text([SARI]))
    whole["officers"][0].update(change)
    with pytest.raises(OfficersError) as caught:
        from_text(json.dumps(whole))
    assert next(iter(change)) in str(caught.value)
    assert not change.get("pin") or change["pin"] not in str(caught.value)


def test_two_officers_share_no_number_alias_or_card() -> None:
    with pytest.raises(OfficersError, match="alias"):
        from_text(to_text([SARI, Officer("08", SARI.alias, "X", pin=HASH)]))
    with pytest.raises(OfficersError, match="card"):
        from_text(to_text([SARI, Officer("08", "ijklmnop", "X", pin=HASH, card=SARI.card)]))
    assert len(with_officer([SARI], Officer("07", "ijklmnop", "New"))) == 1


@pytest.mark.parametrize(
    ("pin", "doubt"),
    [
        ("739154", ""),
        ("12345", "length"),
        ("1" * 13, "length"),
        ("12a456", "digits"),
        ("٧٣٩١٥٤", "digits"),
        ("777777", "simple"),
        ("123456", "simple"),
        ("890123", "simple"),
        ("654321", "simple"),
        ("121212", "simple"),
        ("123123", "simple"),
    ],
)
def test_pins_that_are_tried_first_are_refused(pin: str, doubt: str) -> None:
    assert pin_doubt(pin) == doubt


def test_one_time_codes_are_those_of_rfc_6238() -> None:
    # Appendix B, SHA-1, secret "12345678901234567890"; its codes have eight digits, ours are their last six.
    secret = one_time.secret_text(b"12345678901234567890")
    table = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924"}
    for at, code in table.items():
        assert one_time.code_at(secret, at // 30) == code[-6:]


def test_a_code_is_taken_a_step_early_or_late_and_never_twice() -> None:
    secret, now = one_time.secret_text(bytes(range(20))), 1_800_000_000.0
    current = int(now // 30)
    for step in (current - 1, current, current + 1):
        assert one_time.step_of(secret, one_time.code_at(secret, step), now) == step
    assert one_time.step_of(secret, one_time.code_at(secret, current - 2), now) == 0
    assert one_time.step_of(secret, one_time.code_at(secret, current), now, spent=current) == 0
    assert one_time.step_of(secret, "", now) == 0


def test_five_tries_then_fifteen_seconds_that_double() -> None:
    tries, now, pauses = Tries(), 1000.0, []
    for _ in range(FREE + 4):
        tries = counted(tries, now)
        pauses.append(pause(tries, now))
        now += pauses[-1]
    assert pauses == [0, 0, 0, 0, 15, 30, 60, 120, 240]
    assert left(tries) == 0
    assert pause(opened(tries), now) == 0


@given(st.lists(st.tuples(st.floats(0, 40_000), st.booleans()), max_size=120))
def test_no_day_holds_more_than_eighteen_wrong_tries(acts: list[tuple[float, bool]]) -> None:
    """Right tries between the wrong ones, and waits of any length: the day's limit holds."""
    tries, now, wrong = Tries(), 0.0, list[float]()
    for wait, right in acts:
        now += min(wait, 3 * LONGEST_PAUSE)
        if pause(tries, now) > 0:
            continue
        tries = counted(tries, now)
        if right:
            tries = opened(tries)
        else:
            wrong.append(now)
    assert all(sum(begin <= at < begin + DAY for at in wrong) <= PER_DAY for begin in wrong)
