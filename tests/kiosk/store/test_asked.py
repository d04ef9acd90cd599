"""Kept questions: sealed, without a time of day, readable by the office alone, erased after some weeks."""

from __future__ import annotations

from datetime import date, timedelta

from kiosk.settings import Settings
from kiosk.store import Opener, Store
from kiosk.store.asked import KEPT_DAYS

DAY = date(2026, 11, 24)
WORDS = "qris potongannya berapa persen"


def test_kept_sealed_and_read_by_the_office(store: Store, settings: Settings) -> None:
    assert store.questions.add(DAY, "faq", "unknown", "id", WORDS)
    assert store.questions.add(DAY - timedelta(days=9), "kbli", "nothing_found", "en", "zzz")
    rows = store.connection.execute("SELECT * FROM questions").fetchall()
    assert WORDS not in str(rows)
    assert WORDS.encode() not in b"".join(
        row[0] for row in store.connection.execute("SELECT sealed FROM parcels")
    )
    found = store.questions.read(DAY - timedelta(days=6), DAY, Opener(settings))
    assert [(one.day, one.about, one.why, one.language, one.words) for one in found] == [
        (DAY, "faq", "unknown", "id", WORDS)
    ]
    assert WORDS not in repr(found)


def test_old_ones_are_erased_with_their_parcels(store: Store, settings: Settings) -> None:
    store.questions.add(DAY, "faq", "unknown", "id", WORDS)
    store.questions.add(DAY + timedelta(days=KEPT_DAYS + 1), "faq", "unknown", "id", "later")
    found = store.questions.read(date(2000, 1, 1), date(2100, 1, 1), Opener(settings))
    assert [one.words for one in found] == ["later"]
    assert store.connection.execute("SELECT count(*) FROM parcels").fetchone()[0] == 1
