"""Takes out of a typed question what could tell who typed it, before the question is kept for the office.

A question is kept so that the office can answer it next week; for that its matter is needed and its person is not. Long
numbers (NIK, NIB, NPWP, phone), mail and web addresses go, and so do the words that follow "nama saya", "Pak", "my
name is" and the like, up to the first word the content packs know. What is left may still be a name that no word
announces: the rows are sealed, and the list is for the office alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kiosk.knowledge import words
from kiosk.knowledge.database import knowledge

LIMIT = 120
"""Characters kept of a question."""
NUMBER, ADDRESS, NAME = "[angka]", "[alamat]", "[nama]"

_NUMBER = re.compile(r"\+?\d(?:[\s.,/()\-]{0,2}\d){5,}")
"""Six digits and more, also grouped. Five stay: a KBLI code says what the question is about, and names nobody."""
_LINK = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|@\w+", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:jl|jln|jalan|gang|gg|street)\b\.?(?:\s+[\w.']+){1,3}|\br[tw]\s*\.?\s*\d+\b|\bno\s*\.?\s*\d+\b",
    re.IGNORECASE,
)
_CALLED = (
    "atas nama", "an", "nama", "bernama", "namaku", "dipanggil", "pak", "bapak", "bu", "ibu", "bang", "uda", "uni",
    "haji", "hajah", "my name is", "named", "called", "mr", "mrs", "ms", "saudara", "sdr", "ayah", "suami", "istri",
    "anak", "husband", "wife", "son", "daughter",
)  # fmt: skip
_BETWEEN = frozenset(
    (
        "saya",
        "aku",
        "adalah",
        "ialah",
        "itu",
        "yaitu",
        "is",
        "saudara",
        "pak",
        "bu",
        "ibu",
        "bapak",
        "haji",
        "h",
        "hj",
    )
)
_AFTER = 3
"""Words a name has at most."""


def cleaned(question: str) -> str:
    """`question` in small letters on one line, at most `LIMIT` characters, without what could name a person."""
    line = " ".join(question.lower().split())
    for pattern, instead in ((_LINK, ADDRESS), (_STREET, ADDRESS), (_NUMBER, NUMBER)):
        line = pattern.sub(instead, line)
    return _without_names(line)[:LIMIT].strip()


def _without_names(line: str) -> str:
    kept: list[str] = []
    rest = line.split(" ")
    at = 0
    while at < len(rest):
        cue = next((cue for cue in _CALLED if _starts(rest[at:], cue.split(" "))), "")
        if not cue:
            kept.append(rest[at])
            at += 1
            continue
        size = len(cue.split(" "))
        kept += rest[at : at + size]
        at += size
        while at < len(rest) and _bare(rest[at]) in _BETWEEN:
            kept.append(rest[at])
            at += 1
        end = at
        # "budi santoso": budi is also a word of the packs (budi daya), and the unknown word after it gives it away.
        for reach in range(at, min(at + _AFTER, len(rest))):
            if _could_be_a_name(rest[reach]):
                end = reach + 1
            elif reach > at:
                break
        if end > at:
            kept.append(NAME)
        at = end
    return " ".join(kept)


def _starts(rest: Sequence[str], cue: Sequence[str]) -> bool:
    return [_bare(word) for word in rest[: len(cue)]] == list(cue)


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'()")


def _could_be_a_name(word: str) -> bool:
    bare = _bare(word)
    return bare.isalpha() and bare not in _known()


@cache
def _known() -> frozenset[str]:
    """Words of the questions, answers and business codes: those say what is asked, not who asks."""
    from kiosk.knowledge import faq

    found: set[str] = set(faq.vocabulary())
    for question in faq.questions():
        for text in (question.ask, question.answer):
            found.update(words.plain(text.id), words.plain(text.en))
    for (title,) in knowledge().execute("SELECT title FROM kbli"):
        found.update(words.plain(str(title)))
    return frozenset(stem for word in found for stem in words.stems(word) if len(stem) > 3 or stem == word)
