"""The kiosk's voice: short tones through the sound card where there is one, spoken text through espeak-ng.

Every sound has a picture on screen, so a kiosk without sound loses nothing but comfort.
"""

from __future__ import annotations

import shutil
import subprocess

from kiosk import i18n
from kiosk.effects.tools import Voice
from kiosk.settings import Settings

_TONES = {"beep": "880:0.12", "chime": "660:0.25", "trouble": "330:0.25"}


class Silence:
    def play(self, kind: str, text: str) -> None:
        return None


class Speaker:
    """Starts a player and does not wait for it; what it cannot play stays silent."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._speak = shutil.which("espeak-ng")
        self._tone = shutil.which("play")

    def play(self, kind: str, text: str) -> None:
        if kind == "say" and self._speak and i18n.known(text):
            # By standard input: spoken words stay out of the process list.
            words = i18n.say(self._language, text)
            self._start([self._speak, "-v", "id" if self._language == "id" else "en", "-s", "150"], words)
        elif kind in _TONES and self._tone:
            pitch, seconds = _TONES[kind].split(":")
            self._start([self._tone, "-q", "-n", "synth", seconds, "sine", pitch, "vol", "0.3"], "")

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


def voice(settings: Settings) -> Voice:
    """A speaker where sound can be heard, else silence."""
    from pathlib import Path

    heard = Path("/dev/snd").exists()
    return Speaker(settings.kiosk.language) if heard else Silence()
