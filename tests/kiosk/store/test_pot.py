"""What must not stand in the log beside its visit: kept apart, poured together, neither lost nor doubled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kiosk.insight import chain
from kiosk.settings import Settings
from kiosk.store import Store
from kiosk.store.pot import CROWD

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def store(settings: Settings):
    store = Store.open(settings, "test")
    yield store
    store.close()


def surveys(store: Store) -> list[tuple[float, object]]:
    return [(one.at, one.data["u1"]) for one in store.events.since() if one.kind == "survey"]


def test_one_survey_waits_until_its_day_is_over(store: Store) -> None:
    store.events.append("step", {"place": "survey"}, session="abcdefghijklmnop")
    store.pot.put("survey", {"u1": 4}, MONDAY)
    assert store.pot.pour(store.events, MONDAY, UTC) == 0
    store.events.append("step", {"place": "menu"}, session="ponmlkjihgfedcba")
    assert store.pot.pour(store.events, TUESDAY, UTC) == 1
    assert surveys(store) == [(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp(), 4)]
    assert store.pot.pour(store.events, TUESDAY, UTC) == 0, "and is counted once"
    assert chain.verify(store.events.rows()).whole


def test_a_crowd_is_poured_on_its_own_day_and_not_in_the_order_it_came(store: Store) -> None:
    orders: set[tuple[object, ...]] = set()
    for _ in range(6):
        for score in range(CROWD):
            assert store.pot.pour(store.events, MONDAY, UTC) == 0
            store.pot.put("survey", {"u1": score % 4 + 1, "u2": score // 4 + 1}, MONDAY)
        before = len(surveys(store))
        assert store.pot.pour(store.events, MONDAY, UTC) == CROWD
        orders.add(tuple(score for _, score in surveys(store)[before:]))
    assert len(orders) > 1  # one chance in (8! / 2!⁴)⁵ of being wrong


def test_the_pot_itself_says_no_time_and_no_order(store: Store) -> None:
    for score in (1, 2, 3):
        store.pot.put("survey", {"u1": score}, MONDAY)
    columns = [row[1] for row in store.connection.execute("PRAGMA table_info(pot)")]
    assert columns == ["id", "kind", "data", "day"]
    with pytest.raises(Exception, match="no such column"):
        store.connection.execute("SELECT rowid FROM pot").fetchall()


def test_a_cut_while_pouring_leaves_all_in_the_pot(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for score in (1, 2, 3):
        store.pot.put("survey", {"u1": score}, MONDAY)
    add, done = store.events.add, []

    def failing(*args: object, **more: object) -> int:
        if len(done) == 2:
            raise OSError("cut")
        done.append(1)
        return add(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store.events, "add", failing)
    with pytest.raises(OSError, match="cut"):
        store.pot.pour(store.events, TUESDAY, UTC)
    monkeypatch.undo()
    assert surveys(store) == []
    assert store.pot.pour(store.events, TUESDAY, UTC) == 3
    assert {score for _, score in surveys(store)} == {1, 2, 3}
