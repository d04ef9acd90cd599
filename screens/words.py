"""Small words several scenes say the same way: times, counters, how a person is addressed; and the reserved notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from kiosk import i18n
from kiosk.flow.events import Backspace, Forward, Hour, Key, Touch
from kiosk.flow.model import Person
from screens.theme.look import Look
from screens.theme.tokens import RoleName, ToneName
from screens.widgets import text
from screens.widgets.keys import BACKSPACE, ENTER
from screens.widgets.part import Part
from screens.widgets.status import Banner

_BANNER_SIDE = 144
"""Width of a banner that its icon and margins take."""
_BANNER_EDGE = 46
"""Its height around the words."""

_NOT_A_CALL_NAME = frozenset(
    (
        "h",
        "hj",
        "haji",
        "hajah",
        "dr",
        "drs",
        "dra",
        "ir",
        "prof",
        "kh",
        "tgk",
        "r",
        "rd",
        "a",
        "ab",
        "m",
        "md",
        "muh",
        "moh",
        "mohd",
        "mhd",
        "st",
        "sutan",
        "datuk",
        "dt",
    )
)
"""Titles and abbreviations in front of the name people are called by."""


def clock(language: str, time: str) -> str:
    """ "09.45" or "09:45 WIB" as this language writes it: "09.45", "09:45"."""
    digits = time.split(" ")[0]
    return digits.replace(".", ":") if language == "en" else digits.replace(":", ".")


def together(words: str) -> str:
    """Words that must not be parted at the end of a line, such as a masked phone number."""
    return words.replace(" ", "\u00a0")


def folded(look: Look, words: str, role: RoleName, room: float) -> str:
    """``words`` with line breaks so that no line is wider than ``room``: for parts that wrap at their own width."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text.width_of(look, longer, role) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def minutes_left(seconds: int) -> str:
    """A short span that ticks: "4:32"."""
    return f"{max(0, seconds) // 60}:{max(0, seconds) % 60:02d}"


def counter(language: str, name: str) -> str:
    """ "Loket 2" as the visitor's language says it."""
    return f"Counter {name[6:]}" if language == "en" and name.startswith("Loket ") else name


def people(language: str, count: int) -> str:
    """ "6 orang", "1 orang", "Tidak ada"."""
    if count <= 0:
        return i18n.say(language, "common.nobody")
    return (
        i18n.say(language, "common.one_person")
        if count == 1
        else i18n.say(language, "common.people", count=count)
    )


def first_name(name: str) -> str:
    """The name a person is called by, from a name as documents write it ("H. RAHMAT HIDAYAT, S.E." → "Rahmat")."""
    for word in name.split(",")[0].split():
        bare = word.strip(".'-").lower()
        if bare and bare not in _NOT_A_CALL_NAME and not (len(word) <= 4 and word.endswith(".")):
            return "-".join(piece[:1].upper() + piece[1:].lower() for piece in word.strip(".").split("-"))
    return name.strip().title()


def address(language: str, person: Person) -> str:
    """ "Pak Rahmat"; "Bapak/Ibu Rahmat" when it is not known which; empty for an unknown visitor."""
    if not person.name.strip():
        return ""
    kind = {"L": "man", "P": "woman", "M": "man", "F": "woman"}.get(person.sex.strip().upper()[:1], "person")
    return i18n.say(language, f"menu.{kind}", name=first_name(person.name))


def greeting(language: str, hour: Hour | None) -> str:
    """ "Selamat pagi" by the hour; a greeting without time of day while the clock is not trusted."""
    if hour is None or not hour.trusted:
        return i18n.say(language, "menu.any_time")
    word = (
        "evening"
        if not 4 <= hour.hour < 18
        else "morning"
        if hour.hour < 11
        else "noon"
        if hour.hour < 15
        else "afternoon"
    )
    return i18n.say(language, f"menu.{word}")


class Notice(Part):
    """Room for one banner that comes and goes; nothing moves when it does. ``samples`` are what it may have to say."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, samples: Sequence[str] = (), *, least: float = 0
    ) -> None:
        room = w - _BANNER_SIDE
        tallest = max((text.height_of(look, one, "small", room) for one in samples), default=0.0)
        super().__init__(look, x, y, w, max(least, tallest + _BANNER_EDGE if tallest else 0.0))
        self.words = ""
        self._banner: Banner | None = None
        self._said: tuple[str, str, str] = ("", "", "")

    def say(self, words: str, tone: ToneName = "tint", icon: str = "info") -> None:
        """Show these words; nothing at all when they are empty."""
        if (words, tone, icon) == self._said:
            return
        self._said = (words, tone, icon)
        self.words = words
        if self._banner is not None:
            self.remove(self._banner)
            self._banner = None
        if words:
            self._banner = self.add(Banner(self.look, self.x, self.y, self.w, words, tone, icon=icon))


class Peek:
    """Leaves the last typed digit readable for a second, then hides it. ``show(peek)`` draws."""

    def __init__(self, show: Callable[[bool], None]) -> None:
        self._show = show
        self._timer: asyncio.TimerHandle | None = None

    def typed(self) -> None:
        """A digit came: show it now, hide it in a second."""
        self.stop()
        self._show(True)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a still picture: nobody will hide it later
            return
        self._timer = loop.call_later(1.0, self._hide)

    def _hide(self) -> None:
        self._timer = None
        self._show(False)

    def stop(self) -> None:
        """Forget the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def typing(send: Callable[[Touch], None]) -> Callable[[str], None]:
    """What the keys of a keypad or keyboard send, as touches of the flow."""

    def key(sign: str) -> None:
        send(Backspace() if sign == BACKSPACE else Forward() if sign == ENTER else Key(sign))

    return key
