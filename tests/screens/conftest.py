"""One offscreen window for all tests of the screens; no X server needed."""

from __future__ import annotations

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
