"""Reading print with tesseract's command line: a picture in by pipe, words with their boxes out by pipe.

Nothing that was read touches a disk. The program runs in a process of its own, so its memory goes with it, and it is
killed when the one who asked is cancelled or dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PROGRAM: Final = "tesseract"
LANGUAGES: Final = "ind+eng"
PAGE: Final = 3
"""Page segmentation: columns, paragraphs and lines are found (tesseract's --psm)."""
LINE: Final = 7
"""The picture is one line of print."""
BLOCK: Final = 6
"""One block of print: lines below each other, nothing beside them."""
MOST_PIXELS: Final = 50_000_000


class ReadTrouble(StrEnum):
    MISSING = "ocr_missing"
    """No tesseract on this machine, or none of the languages asked for."""
    SLOW = "ocr_slow"
    FAILED = "ocr_failed"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was read; box in pixels of the picture that was given, `sure` from 0 to 100."""

    text: str = field(repr=False)
    left: int
    top: int
    width: int
    height: int
    sure: float
    line: tuple[int, int, int, int]
    """Box of the line it stands in: left, top, width, height."""
    line_number: int
    """Counts the lines of the picture in reading order, from 0."""


def languages() -> frozenset[str]:
    """Names of the languages installed; empty without tesseract. Takes some 10 ms."""
    if shutil.which(PROGRAM) is None:
        return frozenset()
    try:
        told = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(line.strip() for line in told.stdout.splitlines()[1:] if line.strip())


async def read(
    grey: NDArray[Any],
    *,
    dpi: int,
    wanted: str = LANGUAGES,
    layout: int = PAGE,
    options: Sequence[str] = (),
    models: Path | None = None,
    classic: bool = False,
    seconds: float = 30.0,
) -> list[Word] | ReadTrouble:
    """Words of an upright 8-bit grey picture, in reading order.

    `wanted` names languages joined by "+"; those not installed are left out. `options` are "name=value" settings of
    tesseract. `models` is a folder with a model of our own, `classic` the engine that compares shapes instead of the
    neural one. Cancelling kills the program.
    """
    if shutil.which(PROGRAM) is None:
        return ReadTrouble.MISSING
    usable = wanted if models else "+".join(name for name in wanted.split("+") if name in languages())
    if not usable:
        return ReadTrouble.MISSING
    if grey.size == 0 or grey.size > MOST_PIXELS:
        return ReadTrouble.FAILED
    command = [PROGRAM, "stdin", "stdout", "-l", usable, "--dpi", str(max(70, dpi)), "--psm", str(layout)]
    for option in options:
        command += ["-c", option]
    if models is not None:
        command += ["--tessdata-dir", str(models)]
    if classic:
        command += ["--oem", "0"]
    high, wide = grey.shape
    picture = b"P5 %d %d 255\n" % (wide, high) + grey.tobytes()
    said = await _run([*_leash(), *command, "-c", "tessedit_create_tsv=1"], picture, seconds)
    return said if isinstance(said, ReadTrouble) else _words(said)


@functools.cache
def _leash() -> list[str]:
    """Have the kernel end the program when the process that started it is killed.

    Tried before it is relied on: setpriv asks for more than this needs, and a unit's system call filter may say no.
    The program then ends by itself when its page is read.
    """
    leash = ["setpriv", "--pdeathsig", "KILL", "--"]
    try:
        held = subprocess.run([*leash, "true"], capture_output=True, timeout=5).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        held = False
    return leash if held else []


async def _run(command: list[str], given: bytes, seconds: float) -> str | ReadTrouble:
    # One thread: on a page of print tesseract's own threads cost six times what they save.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        program = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it names files and settings, at worst what it reads
            env=environment,
        )
    except OSError:
        return ReadTrouble.MISSING
    try:
        async with asyncio.timeout(seconds):
            out, _ = await program.communicate(given)
    except TimeoutError:
        return ReadTrouble.SLOW
    except OSError:
        return ReadTrouble.FAILED
    finally:
        if program.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                program.kill()
            await program.wait()
    return out.decode("utf-8", "replace") if program.returncode == 0 else ReadTrouble.FAILED


_LINE_ROW, _WORD_ROW = "4", "5"


def _words(table: str) -> list[Word]:
    """tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    found: list[Word] = []
    line, number = (0, 0, 0, 0), -1
    for row in table.splitlines()[1:]:
        cells = row.split("\t", 11)
        if len(cells) < 11:
            continue
        try:
            left, top, width, height = (int(cell) for cell in cells[6:10])
            sure = float(cells[10])
        except ValueError:
            continue
        if cells[0] == _LINE_ROW:
            line, number = (left, top, width, height), number + 1
        text = cells[11].strip() if len(cells) > 11 else ""
        if cells[0] == _WORD_ROW and text:
            found.append(Word(text, left, top, width, height, sure, line, max(number, 0)))
    return found
