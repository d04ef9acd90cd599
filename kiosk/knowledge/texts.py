"""Small values every pack shares: a text in both languages, and where a statement comes from.

Grades: H the regulation was read or two copies agree; W one secondary copy; K unchecked, so never shown as
fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Lang = Literal["id", "en"]
Grade = Literal["H", "W", "K"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in Indonesian and English."""

    id: str
    en: str

    def get(self, lang: str) -> str:
        """The text in `lang`; anything but "en" gives Indonesian."""
        return self.en if lang == "en" else self.id

    def format(self, **values: str | int) -> Text:
        """The same text with `{name}` fields filled in both languages. Raises KeyError for a
        missing field.
        """
        return Text(self.id.format(**values), self.en.format(**values))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from and until when it may be shown without a new look.

    `checked_by` is "belum ditinjau kantor" until an officer has put a name to it.
    """

    law: str
    article: str
    checked_on: date
    review_by: date
    grade: Grade
    checked_by: str = "belum ditinjau kantor"

    def stale(self, today: date) -> bool:
        """True past `review_by`: show "perlu diperiksa", and do not answer questions with it."""
        return today > self.review_by

    def usable(self, today: date) -> bool:
        """May this be given as an answer on `today`? Not when stale, and never at grade K."""
        return self.grade != "K" and not self.stale(today)


INDICATIVE = Text(
    "Informasi ini indikatif; ketetapan ada pada OSS.",
    "This information is indicative; OSS decides.",
)
NEEDS_CHECK = Text("Perlu diperiksa", "Needs checking")
UNKNOWN = Text("Belum tahu", "Not known yet")
