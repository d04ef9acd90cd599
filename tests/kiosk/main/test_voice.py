"""The voice: words go to the program by standard input, in the visitor's language, and end when the screen does."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.main.voice import Silence, Speaker, _installed


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program of the same name that writes down how it was called and what it was given."""
    script = tmp_path / "espeak-ng"
    script.write_text(
        f'#!/bin/sh\ncase "$1" in --voices=xx) echo head;; --voices=*) echo head; echo voice;; '
        f'*) echo "$@" >> {tmp_path}/called; cat >> {tmp_path}/said; echo $$ > {tmp_path}/pid; '
        f"[ -e {tmp_path}/slow ] && exec sleep 60;; esac; exit 0\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    _installed.cache_clear()
    yield tmp_path
    _installed.cache_clear()


async def test_words_are_handed_over_and_not_in_the_command(program: Path) -> None:
    speaker = Speaker("id")
    assert speaker.speaks("id")
    await speaker.speak("Berapa biaya?\nGratis.", "id")
    await speaker.speak("Free.", "en")
    called = (program / "called").read_text().splitlines()
    assert [line.split()[:2] for line in called] == [["-v", "id"], ["-v", "en"]]
    assert (program / "said").read_text() == "Berapa biaya?\nGratis.Free."
    assert "Gratis" not in "".join(called)


@pytest.mark.parametrize("how", ["cancel", "hush"])
async def test_it_falls_silent_at_once(program: Path, how: str) -> None:
    (program / "slow").touch()
    speaker = Speaker("id")
    reading = asyncio.ensure_future(speaker.speak("panjang", "id"))
    for _ in range(1000):
        if (program / "pid").exists() and (program / "pid").read_text().strip():
            break
        await asyncio.sleep(0.01)
    pid = int((program / "pid").read_text())
    if how == "cancel":
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    else:
        speaker.hush()
        await reading
    for _ in range(500):
        if not Path(f"/proc/{pid}").exists():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it reads on")


async def test_without_a_program_or_a_voice_there_is_silence(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _installed(str(program / "espeak-ng"), "xx")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert not Speaker("id").speaks("id")
    await Speaker("id").speak("x", "id")
    assert not Silence().speaks("id")
    await Silence().speak("x", "id")


@pytest.mark.real
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    ("language", "words"), [("id", "Berapa biaya membuat NIB?"), ("en", "What does it cost?")]
)
def test_the_real_program_speaks_both_languages(language: str, words: str, tmp_path: Path) -> None:
    _installed.cache_clear()
    assert Speaker("id").speaks(language)
    sound = tmp_path / "said.wav"
    subprocess.run(
        ["espeak-ng", "-v", language, "-w", str(sound)], input=words.encode(), check=True, timeout=20
    )
    with wave.open(str(sound)) as heard:
        assert heard.getnframes() / heard.getframerate() > 0.8
