"""The last of the card tests: by now the hang that began with the first of them is over, or nearly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.hardware.card.conftest import HANG_SECONDS
from tests.hardware.card.hang import PAUSE

pytestmark = pytest.mark.real


def test_a_card_that_hangs_half_a_minute_holds_nobody(half_a_minute: Callable[[], dict[str, Any]]):
    """The visitor is told long before it is over and goes on without the card; the loop that draws and hears touches
    has its turns all the while, and afterwards the same card is read."""
    found = half_a_minute()
    assert found["trouble"] == found["health"] == "busy"
    assert found["told_after"] < found["lasted"] / 2
    assert found["went_on_to"] == "risk"
    assert found["went_on_after"] < found["lasted"]
    assert found["lasted"] >= HANG_SECONDS - 1
    # A loop that stood still for the hang would have had one or two; a busy machine may cost many of them.
    assert found["turns"] > found["lasted"] / PAUSE / 10
    assert found["read_afterwards"]
