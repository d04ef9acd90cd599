"""The desk's words, and times and numbers in them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from kiosk import i18n

Language = Literal["id", "en"]

STEPS: Final = {
    "search": 1, "scale": 1, "risk": 2, "form": 3, "camera": 4, "pages": 4, "review": 5,
}  # fmt: skip
"""Where a screen stands on the way of an application."""
STEPS_OF: Final = 5
SERVICES: Final = ("perizinan", "informasi", "pengaduan")


def say(language: Language, key: str, **values: object) -> str:
    return i18n.say(language, f"desk.{key}", **values)


def step_name(language: Language, place: str) -> str:
    """A step without a name of its own (a newer kiosk's) is called by its word: the page must not fail over it."""
    key = f"desk_steps.{place}"
    return i18n.say(language, key) if i18n.known(key) else place.replace("_", " ").capitalize()


def question(language: Language, place: str) -> str:
    """What an officer could ask first."""
    key = f"desk_steps.ask.{place}"
    return i18n.say(language, key if i18n.known(key) else "desk_steps.ask.other")


def span(language: Language, seconds: float) -> str:
    """ "24 detik", "3 menit", "2 jam"; whole units, rounded down."""
    whole = max(0, int(seconds))
    if whole < 60:
        return say(language, "time.seconds", n=whole)
    if whole < 3600:
        return say(language, "time.minutes", n=whole // 60)
    return say(language, "time.hours", n=whole // 3600)


def clock(at: datetime) -> str:
    return f"{at:%H.%M}"


def service(language: Language, name: str) -> str:
    key = f"services.{name}"
    return i18n.say(language, key) if i18n.known(key) else name.replace("_", " ").capitalize()
