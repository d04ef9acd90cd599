from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import Settings
from kiosk.settings.model import Bench, Kiosk
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return dataclasses.replace(
        Settings(),
        kiosk=Kiosk(enrolment_file=tmp_path / "enrolled"),
        bench=Bench(inspect=True),
        store=StoreSettings(folder=str(tmp_path / "store")),
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = Store.open(settings, "run")
    yield opened
    opened.close()
