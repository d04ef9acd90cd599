"""`kiosk archive separator`: the sheet it writes is one the camera's own reader knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.camera.codes import read_jpeg
from hardware.camera.papers import permit, sheet
from hardware.camera.pdf import pages_of
from hardware.camera.still import encode
from kiosk.main.cli import main
from kiosk.tickets.separator import CODE


def test_the_sheet_says_the_separators_code_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    assert main(["archive", "separator", "-o", str(file)]) == 0
    ((jpeg, dpi),) = pages_of(file.read_bytes())
    assert read_jpeg(jpeg) == (CODE,)
    assert dpi == 200
    assert read_jpeg(encode(permit(0).picture, 200)) == ()
    assert read_jpeg(b"rubbish") == ()


def test_the_simulated_desks_sheet_is_the_same(tmp_path: Path) -> None:
    assert read_jpeg(encode(sheet("separator", 0).picture, 200)) == (CODE,)


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "separator", "-o", str(tmp_path / "none" / "sheet.pdf")]) == 1
    assert "No such file" in capsys.readouterr().err
