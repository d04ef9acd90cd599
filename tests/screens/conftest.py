"""One offscreen window for all tests of the screens; no X server needed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def window() -> Any:
    """Kivy's window under SDL's offscreen driver."""
    from screens.window import open_window

    return open_window(64, 64, driver="offscreen")


@pytest.fixture
def look(window: Any) -> Any:
    """The normal look at the design's own size."""
    from screens.theme.look import Look

    return Look(1080, 1920)


@pytest.fixture(autouse=True)
def _sweep() -> Iterator[None]:
    """Free what earlier scenes left: Kivy gives textures back in a turn of its clock, and no test turns it.
    Thousands of scenes would take more memory than a machine has."""
    yield
    _drawn.append(1)
    if len(_drawn) % 10 == 0 and "kivy.clock" in sys.modules:
        gc.collect()
        sys.modules["kivy.clock"].Clock.tick()


_drawn: list[int] = []
