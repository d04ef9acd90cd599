"""The kiosk's voice: short tones through the sound card where there is one, spoken text through espeak-ng.

Every sound has a picture on screen, so a kiosk without sound loses nothing but comfort: where no voice is installed the
button to read aloud is not there. espeak-ng is a program of its own (GPL-3.0-or-later, a Debian package), works without
network, and is handed the words by standard input, so that they never stand in the process list.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from kiosk import i18n
from kiosk.effects.tools import Voice
from kiosk.settings import Settings

_TONES = {"beep": "880:0.12", "chime": "660:0.25", "trouble": "330:0.25"}
WORDS_A_MINUTE = "140"
"""Slower than the program's own 175: what is read are conditions and numbers."""
_LONGEST_SECONDS = 120.0


class Silence:
    def play(self, kind: str, text: str) -> None:
        return None

    def speaks(self, language: str) -> bool:
        return False

    async def speak(self, words: str, language: str) -> None:
        return None

    def hush(self) -> None:
        return None


class Speaker:
    """Tones and short sentences are started and not waited for; what it cannot play stays silent."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._program = shutil.which("espeak-ng")
        self._tone = shutil.which("play")
        self._reading: asyncio.subprocess.Process | None = None

    def play(self, kind: str, text: str) -> None:
        if kind == "say" and self._program and i18n.known(text):
            self._start(_reader(self._program, self._language), i18n.say(self._language, text))
        elif kind in _TONES and self._tone:
            pitch, seconds = _TONES[kind].split(":")
            self._start([self._tone, "-q", "-n", "synth", seconds, "sine", pitch, "vol", "0.3"], "")

    def speaks(self, language: str) -> bool:
        return self._program is not None and _installed(self._program, _voice(language))

    async def speak(self, words: str, language: str) -> None:
        if self._program is None:
            return
        self.hush()
        try:
            reading = await asyncio.create_subprocess_exec(
                *_reader(self._program, language),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError:
            return
        self._reading = reading
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await reading.communicate(words.encode())
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass
        finally:
            # Cancelled, too long, or done: whoever leaves the screen must not be followed by what it said.
            if reading.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    reading.kill()
            if self._reading is reading:
                self._reading = None

    def hush(self) -> None:
        if self._reading is not None and self._reading.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._reading.kill()
        self._reading = None

    def _start(self, command: list[str], words: str) -> None:
        try:
            player = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            return
        if player.stdin is not None:
            with player.stdin as pipe:
                pipe.write(words.encode())


def _voice(language: str) -> str:
    return "id" if language == "id" else "en"


def _reader(program: str, language: str) -> list[str]:
    return [program, "-v", _voice(language), "-s", WORDS_A_MINUTE]


@cache
def _installed(program: str, voice: str) -> bool:
    """Does the program know this voice? Asked once a process; it answers in a few milliseconds."""
    try:
        told = subprocess.run(
            [program, f"--voices={voice}"], capture_output=True, text=True, timeout=3, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return told.returncode == 0 and len(told.stdout.strip().splitlines()) > 1


def voice(settings: Settings) -> Voice:
    """A speaker where sound can be heard, else silence."""
    return Speaker(settings.kiosk.language) if Path("/dev/snd").exists() else Silence()
