"""Whatever can go wrong has its sentence, in both languages and short enough to be read standing."""

from __future__ import annotations

import re

import pytest

from hardware.camera.port import CameraTrouble
from kiosk import i18n
from kiosk.flow.results import Trouble
from tests.faults.office import said


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_said(trouble: Trouble):
    said(trouble)
    for words in i18n.both(f"trouble.{trouble.value}").values():
        assert all(len(sentence.split()) <= 14 for sentence in words.split(". "))
        assert not re.search(r"\d{2,}|[Ee]rror|[Ee]xception", words)


@pytest.mark.parametrize("trouble", CameraTrouble)
def test_every_fault_of_the_camera_is_said_over_its_view(trouble: CameraTrouble):
    said(f"fault_{trouble.value}", "camera")
