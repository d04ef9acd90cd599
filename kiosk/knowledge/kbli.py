"""Business codes: KBLI 2025, its search as you type, and the way there from KBLI 2020.

Codes, titles and descriptions are those of Peraturan BPS 7/2025. Risk and document columns are an unofficial
compilation: read them through `kiosk.knowledge.risk`, which labels them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kiosk.knowledge import words
from kiosk.knowledge.database import knowledge
from kiosk.knowledge.finder import finder
from kiosk.knowledge.texts import Text

CODE = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Match:
    """One answer of a search. `gloss` says in at most 60 characters what the code means in everyday
    words, `why` which words led here ("cocok: kopi, warung"), `score` orders answers of one query
    (higher is better).
    """

    code: str
    title: str
    gloss: str
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class Kbli:
    """One code of KBLI 2025.

    `risks` maps the scale words mikro, kecil, menengah, besar to the levels the compilation names ("R",
    "MR", "MT", "T"; none, one or several). `permits` are its document names, `days` its day counts,
    `change` how the code came about from KBLI 2020, `predecessors` the codes of KBLI 2020 it came from.
    """

    code: str
    title: str
    description: str
    section: str
    change: str
    risks: dict[str, tuple[str, ...]]
    permits: tuple[str, ...]
    days: tuple[int, ...]
    predecessors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a guided question and the code it leads to; for a group `code` is empty and `then` are its codes,
    asked about next.
    """

    code: str
    label: Text
    then: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A guided question with at least two options, and why it is asked."""

    ask: Text
    options: tuple[Option, ...]
    why: Text


@dataclass(frozen=True, slots=True)
class OldKbli:
    """One code of KBLI 2020 with the codes of KBLI 2025 that follow it, in code order."""

    code: str
    title: str
    section: str
    successors: tuple[str, ...]


@cache
def get(code: str) -> Kbli | None:
    """The KBLI 2025 entry of a five-digit code, or None when there is no such code."""
    db = knowledge()
    row = db.execute(
        "SELECT code, title, description, section, change, risk_mikro, risk_kecil, risk_menengah, risk_besar,"
        " permit, days FROM kbli WHERE code = ?",
        (code,),
    ).fetchone()
    if row is None:
        return None
    before = db.execute("SELECT old FROM crosswalk WHERE new = ? ORDER BY old", (code,)).fetchall()
    levels = [tuple(part for part in column.split("|") if part) for column in row[5:9]]
    return Kbli(
        code=row[0],
        title=row[1],
        description=row[2],
        section=row[3],
        change=row[4],
        risks=dict(zip(("mikro", "kecil", "menengah", "besar"), levels, strict=True)),
        permits=tuple(part for part in row[9].split("|") if part),
        days=tuple(int(part) for part in row[10].split()),
        predecessors=tuple(old for (old,) in before),
    )


def old(code: str) -> OldKbli | None:
    """The KBLI 2020 entry of a five-digit code, or None. More than one successor means: ask, never
    convert.
    """
    db = knowledge()
    row = db.execute("SELECT code, title, section FROM old_kbli WHERE code = ?", (code,)).fetchone()
    if row is None:
        return None
    after = db.execute("SELECT new FROM crosswalk WHERE old = ? ORDER BY new", (code,)).fetchall()
    return OldKbli(row[0], row[1], row[2], tuple(new for (new,) in after))


def gloss(entry: Kbli) -> str:
    """At most 60 characters on what the code covers, cut from its description at a word."""
    text = re.sub(r"^Kelompok ini mencakup( kegiatan| usaha)?[\s:;–-]*", "", entry.description)
    text = re.split(r"[.;(]|, (?:seperti|termasuk|antara lain)", text)[0].strip(" ,-") or entry.title
    if len(text) > 60:
        text = text[:59].rsplit(" ", 1)[0].rstrip(" ,") + "…"
    return text[:1].upper() + text[1:]


def search(query: str, limit: int = 10) -> list[Match]:
    """The best codes for everyday words, best first; [] when nothing fits. Meant to be called at
    every key.

    A query of five digits that is a code answers with that code, then with what replaced the code of KBLI 2020 that
    bore the same digits; words after an old code choose among its successors ("47919 sepatu").
    """
    tokens = words.plain(query)
    if len(tokens) > 1 and CODE.fullmatch(tokens[0]) and (before := old(tokens[0])):
        return _among(before, " ".join(tokens[1:]), limit)
    if len(tokens) == 1 and CODE.fullmatch(tokens[0]):
        return _by_code(tokens[0], limit)
    return [
        _match(found.code, f"cocok: {', '.join(found.words)}", found.score)
        for found in finder().find(query, limit)
    ]


def guide(query: str) -> Guide | None:
    """A question to ask when `query` is a word of many meanings ("servis", "toko") or an old code with several
    successors, else None. `search` answers such a word with the codes of the options, in their order.
    """
    tokens = words.plain(query)
    if len(tokens) == 1 and CODE.fullmatch(tokens[0]):
        from kiosk.knowledge import successors

        return successors.guide(tokens[0]) if get(tokens[0]) is None else None
    found = finder().guide(tokens)
    if found is None:
        return None
    said = " ".join(tokens)
    return Guide(
        Text(found.ask_id, found.ask_en),
        tuple(Option(code, Text(own, english)) for code, own, english in found.options),
        Text(f"“{said}” bisa berarti banyak usaha", f"“{said}” can mean many businesses"),
    )


def _by_code(code: str, limit: int) -> list[Match]:
    found = [_match(code, f"kode {code}", 1.0)] if get(code) else []
    before = old(code)
    after = [new for new in before.successors if new != code] if before else []
    return [*found, *(_match(new, f"pengganti KBLI 2020 {code}", 0.9) for new in after)][:limit]


def _among(before: OldKbli, rest: str, limit: int) -> list[Match]:
    """The successors of an old code that fit the words after it; all of them when none does."""
    allowed = frozenset(before.successors)
    found = [
        _match(hit.code, f"pengganti KBLI 2020 {before.code}: {', '.join(hit.words)}", hit.score)
        for hit in finder().find(rest, 200)
        if hit.code in allowed
    ]
    return found[:limit] or _by_code(before.code, limit)


def _match(code: str, why: str, score: float) -> Match:
    entry = get(code)
    if entry is None:
        raise LookupError(code)
    return Match(code, entry.title, gloss(entry), why, score)
