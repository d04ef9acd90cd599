"""PIN checks on the real store: counted before they are looked at, whatever happens to the power or the clock."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from kiosk.identity import one_time
from kiosk.identity.officers import Duty, Officer, Role
from kiosk.insight import chain
from kiosk.insight.vocabulary import faults
from kiosk.settings import Settings
from kiosk.store import Officers, Opened, Refused, Store
from kiosk.store import officers as module
from kiosk.store.officers import UNKNOWN, hash_pin, keep_officers, known_officers, officers_file

PIN, WRONG, NUMBER = "739154", "739155", "07"
CARD, OTHER_CARD = bytes([4]) + bytes(64), bytes([4]) + bytes([1]) * 64
SECRET = one_time.secret_text(bytes(range(20)))
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The parameters are part of the hash, so a cheap one is checked by the very same code."""
DAY = 86400.0


class Machine:
    """A kiosk's clocks under the test's hand: the true time, the wall clock, the time since the last start."""

    def __init__(self) -> None:
        self.true = 1_800_000_000.0
        self.wall_off = 0.0
        self.booted = self.true - 100.0
        self.boots = 0

    def wall(self) -> float:
        return self.true + self.wall_off

    def on(self) -> tuple[str, float]:
        return f"boot{self.boots}", self.true - self.booted

    def restart(self, off: float = 0.0) -> None:
        self.true += off
        self.boots, self.booted = self.boots + 1, self.true


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def book(settings: Settings, store: Store, machine: Machine) -> Officers:
    pin = CHEAP.hash(PIN)
    keep_officers(
        settings,
        [
            Officer(NUMBER, "abcdefgh", "Bu Sari", Role.OFFICER, pin=pin, card=CARD, code=SECRET),
            Officer("99", "ijklmnop", "Pak Dani", Role.IT, pin=pin, card=OTHER_CARD),
        ],
    )
    return Officers(settings, store.connection, wall=machine.wall, on_time=machine.on)


def _code(machine: Machine) -> str:
    return one_time.code_at(SECRET, int(machine.wall() // 30))


def test_both_proofs_open_and_neither_alone(book: Officers, machine: Machine) -> None:
    assert isinstance(book.open(Duty.ASSIST, NUMBER, PIN, card=CARD), Opened)
    assert isinstance(book.open(Duty.ASSIST, NUMBER, PIN, code=_code(machine)), Opened)
    for refused in (
        book.open(Duty.ASSIST, NUMBER, PIN),
        book.open(Duty.ASSIST, NUMBER, PIN, code="000000"),
        book.open(Duty.ASSIST, NUMBER, PIN, card=OTHER_CARD),
        book.open(Duty.ASSIST, NUMBER, WRONG, card=CARD),
    ):
        assert isinstance(refused, Refused)
        assert refused.word == "wrong"


def test_a_code_opens_once(book: Officers, machine: Machine) -> None:
    code = _code(machine)
    assert isinstance(book.open(Duty.DESK, NUMBER, PIN, code=code), Opened)
    assert book.open(Duty.DESK, NUMBER, PIN, code=code) == Refused("wrong", 0.0, 4)
    machine.true += 30
    opened = book.open(Duty.DESK, NUMBER, PIN, code=_code(machine))
    assert isinstance(opened, Opened)
    assert opened.failed == 1


def test_roles_are_told_only_to_who_proved_who_they_are(book: Officers) -> None:
    assert book.open(Duty.ASSIST, "99", PIN, card=OTHER_CARD) == Refused("role")
    assert book.open(Duty.ASSIST, "99", WRONG, card=OTHER_CARD) == Refused("wrong", 0.0, 4)
    assert isinstance(book.open(Duty.MACHINE, "99", PIN, card=OTHER_CARD), Opened)


def test_a_locked_officer_opens_nothing(book: Officers, settings: Settings) -> None:
    from kiosk.identity.officers import set_locked

    keep_officers(settings, set_locked(known_officers(settings), NUMBER, True))
    assert book.open(Duty.ASSIST, NUMBER, PIN, card=CARD) == Refused("locked")


def test_a_number_of_nobody_looks_like_a_wrong_pin_and_is_counted(book: Officers) -> None:
    answers = [book.open(Duty.DESK, number, PIN, code="123456") for number in ("11", "12", "13", "14", "15")]
    assert [answer.left for answer in answers if isinstance(answer, Refused)] == [4, 3, 2, 1, 0]
    assert book.open(Duty.DESK, "16", PIN, code="123456") == Refused("wait", 15.0)
    assert book.pause("17") == 15.0
    assert book.pause(NUMBER) == 0.0


def test_without_officers_nothing_opens(settings: Settings, store: Store) -> None:
    assert store.officers.open(Duty.DESK, NUMBER, PIN, code="1") == Refused("no_officers")
    officers_file(settings).write_text("{")
    assert store.officers.open(Duty.DESK, NUMBER, PIN, code="1") == Refused("no_officers")


def test_a_file_others_may_read_is_not_believed(book: Officers, settings: Settings) -> None:
    officers_file(settings).chmod(0o640)
    assert book.open(Duty.ASSIST, NUMBER, PIN, card=CARD) == Refused("no_officers")


def test_every_try_is_logged_without_pin_number_or_name(
    book: Officers, store: Store, machine: Machine
) -> None:
    book.open(Duty.ASSIST, NUMBER, PIN, card=CARD, session="qwertyuiopasdfgh")
    book.open(Duty.DESK, NUMBER, WRONG, code=_code(machine))
    book.open(Duty.DESK, "4821", PIN, code="482133")
    for _ in range(5):
        book.open(Duty.DESK, NUMBER, WRONG, code="111111")
    events = store.events.since()
    assert [(event.kind, event.data.get("officer"), event.data["detail"]) for event in events] == [
        ("unlock", "abcdefgh", "card"),
        ("unlock_refused", "abcdefgh", "wrong"),
        ("unlock_refused", None, "wrong"),
        *[("unlock_refused", "abcdefgh", "wrong")] * 4,
        ("unlock_refused", "abcdefgh", "wait"),
    ]
    assert not any(faults(event.kind, event.data) for event in events)
    assert chain.verify(store.events.rows()).whole
    text = repr([(event.session, event.kind, event.data) for event in events])
    for secret in (PIN, WRONG, "4821", "Sari", "482133", "111111", f"'{NUMBER}'"):
        assert secret not in text


def test_the_hash_is_argon2id_of_rfc_9106_and_the_one_of_nobody_costs_the_same() -> None:
    kept = hash_pin(PIN)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert module._right_pin(kept, PIN)
    assert not module._right_pin(kept, WRONG)
    assert not module._right_pin("$argon2id$nonsense", PIN)
    from argon2 import extract_parameters

    assert extract_parameters(module._NOBODY) == extract_parameters(kept)
    assert not module._right_pin(module._NOBODY, PIN)
    # A malformed hash would be refused at once, and the time would tell that nobody has the number.
    from argon2.exceptions import VerifyMismatchError

    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(module._NOBODY, PIN)


def _most_in_a_day(tries: list[float]) -> int:
    return max(sum(begin <= at < begin + DAY for at in tries) for begin in tries)


def _attack(book: Officers, machine: Machine, until: float, disturb: object) -> list[float]:
    """Try as soon as the kiosk lets one; returns the true times at which a PIN was really compared."""
    tries = list[float]()
    assert callable(disturb)
    while machine.true < until:
        wait = book.pause(NUMBER)
        if wait > 0:
            machine.true += min(wait, 600.0)
            disturb()
            continue
        answer = book.open(Duty.ASSIST, NUMBER, WRONG, card=CARD)
        assert isinstance(answer, Refused)
        if answer.word == "wrong":
            tries.append(machine.true)
        machine.true += 0.5
    return tries


def test_at_most_eighteen_tries_in_24_hours(book: Officers, machine: Machine) -> None:
    tries = _attack(book, machine, machine.true + 3 * DAY, lambda: None)
    assert _most_in_a_day(tries) == 18
    assert len(tries) > 18  # it does go on: the simulation is not stuck


def test_setting_the_clock_or_pulling_the_plug_gains_no_try(book: Officers, machine: Machine) -> None:
    chance = random.Random(20261124)

    def disturb() -> None:
        what = chance.random()
        if what < 0.3:
            machine.wall_off = chance.uniform(-20 * 365 * DAY, 20 * 365 * DAY)
        elif what < 0.4:
            machine.restart(chance.uniform(0, 60))

    tries = _attack(book, machine, machine.true + 2 * DAY, disturb)
    assert machine.boots > 10
    assert 5 < _most_in_a_day(tries) <= 18


def test_right_tries_in_between_do_not_open_the_day(book: Officers, machine: Machine) -> None:
    wrong = list[float]()
    until = machine.true + DAY
    while machine.true < until:
        for _ in range(4):
            answer = book.open(Duty.ASSIST, NUMBER, WRONG, card=CARD)
            if isinstance(answer, Refused) and answer.word == "wrong":
                wrong.append(machine.true)
        book.open(Duty.ASSIST, NUMBER, PIN, card=CARD)
        machine.true += 1800
    assert len(wrong) == 18


def test_a_hundred_cuts_in_the_middle_of_a_check_lose_no_count(
    book: Officers, settings: Settings, store: Store, machine: Machine
) -> None:
    """A process is killed with SIGKILL exactly while it compares; the count of that try must be in the file."""
    assert store.connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL: fsync at every commit
    for cut in range(1, 101):
        machine.true += max(book.pause(NUMBER), 1.0)
        ready, tell = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover - killed
            os.close(ready)
            mine = Store.open(settings, "cut")

            def comparing(_kept: str, _pin: str, tell: int = tell) -> bool:
                os.write(tell, b"!")
                time.sleep(60)
                return True

            module._right_pin = comparing
            Officers(settings, mine.connection, wall=machine.wall, on_time=machine.on).open(
                Duty.ASSIST, NUMBER, PIN, card=CARD
            )
            os._exit(0)
        os.close(tell)
        assert os.read(ready, 1) == b"!"
        os.close(ready)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        row = store.connection.execute(
            "SELECT failed FROM officer_tries WHERE account = ?", (NUMBER,)
        ).fetchone()
        assert row[0] == cut
    assert isinstance(book.open(Duty.ASSIST, NUMBER, PIN, card=CARD), Refused)


def test_counting_after_the_check_would_be_seen(book: Officers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order itself: at the moment of comparing, another connection already reads the higher count."""
    seen = list[int]()

    def comparing(_kept: str, _pin: str) -> bool:
        row = book._db.execute("SELECT failed FROM officer_tries WHERE account = ?", (UNKNOWN,)).fetchone()
        assert not book._db.in_transaction
        seen.append(row[0])
        return False

    monkeypatch.setattr(module, "_right_pin", comparing)
    book.open(Duty.DESK, "55", PIN, code="1")
    book.open(Duty.DESK, "55", PIN, code="1")
    assert seen == [1, 2]


def test_the_command_adds_lists_and_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    from kiosk.main.cli import main

    file = tmp_path / "kiosk.toml"
    file.write_text(f'[store]\nfolder = "{tmp_path / "store"}"\n')

    def officer(*words: str, pin: str = "") -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(pin + "\n"))
        code = main(["officer", "--settings", str(file), *words])
        out = capsys.readouterr()
        return code, out.out + out.err

    assert officer("add", "07", "--name", "Bu Sari", "--pin-stdin", pin=PIN)[0] == 1  # a PIN alone
    assert (
        "first that are tried"
        in officer("add", "07", "--name", "S", "--code", "--pin-stdin", pin="123456")[1]
    )
    code, said = officer("add", "07", "--name", "Bu Sari", "--code", "--pin-stdin", pin=PIN)
    assert code == 0
    assert "otpauth://totp/" in said
    assert PIN not in said
    stored = (tmp_path / "store" / "officers.json").stat()
    assert stored.st_mode & 0o077 == 0
    code, said = officer("list")
    assert "Bu Sari" in said
    assert "otpauth" not in said
    assert "LOCKED" in officer("lock", "07")[1]
    assert "LOCKED" not in officer("open", "07")[1]
    assert officer("lock", "08")[0] == 2
    assert officer("forgive", "07")[0] == 0
    assert officer("remove", "07")[0] == 0
