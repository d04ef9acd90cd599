"""Looks the content packs over: what is stale, unsourced, untranslated, contradictory, broken or only a sample.

The packs are read as plain tables, so that a pack no model knows is looked at too; those with a model are also
validated. Behind `kiosk packs check`.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import ValidationError

from kiosk.knowledge import (
    bring,
    form,
    kbli,
    lessons,
    lkpm,
    office,
    risk,
    scale,
    successors,
    survey,
    verified,
)
from kiosk.knowledge.builder.lexicon import ALIASES, Guides, Outside, Roles, table
from kiosk.knowledge.builder.search import sources
from kiosk.knowledge.builder.tables import digest
from kiosk.knowledge.database import DATA, knowledge, open_readonly
from kiosk.knowledge.faq import FaqPack, WaysPack
from kiosk.knowledge.packs import PACKS, Head, Model, load, read

Kind = Literal["broken", "stale", "unsourced", "untranslated", "contradictory", "unreviewed", "sample"]
KINDS: tuple[Kind, ...] = (
    "broken", "stale", "unsourced", "untranslated", "contradictory", "unreviewed", "sample",
)  # fmt: skip
NO_ARTICLE = "Keterangan layanan (bukan pasal)"

MODELS: Mapping[str, type[Model]] = {
    "bring": bring.BringPack,
    "faq": FaqPack,
    "faq_ways": WaysPack,
    "guides": Guides,
    "holidays": lkpm.HolidaysPack,
    "lessons": lessons.LessonsPack,
    "lkpm": lkpm.LkpmPack,
    "form": form.FormPack,
    "office_papers": office.OfficePapersPack,
    "outside": Outside,
    "requirements": risk.RequirementsPack,
    "roles": Roles,
    "scale": scale.ScalePack,
    "successors": successors.SuccessorsPack,
    "survey": survey.SurveyPack,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `where` is the pack, with the row's id or path where there is one."""

    kind: Kind
    where: str
    what: str


def check(today: date, folder: Path = PACKS) -> list[Finding]:
    """Everything worth the office's look on `today`, worst kind first, then by place."""
    found: list[Finding] = []
    for path in sorted([*folder.glob("*.toml"), *folder.glob("lexicon/*.toml")]):
        found += _pack(path, today)
    found += _aliases(folder / ALIASES.name)
    if folder == PACKS:
        found += _contradictions()
        found += _release(today)
        found += _index()
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.where))


def _pack(path: Path, today: date) -> Iterator[Finding]:
    name = path.stem
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
        if name in MODELS:
            MODELS[name].model_validate(content)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        yield Finding("broken", name, str(error).splitlines()[0])
        return
    head = content.get("pack", {})
    review = head.get("review_by")
    if not isinstance(review, date):
        yield Finding("broken", name, "no review date in its head")
        return
    if today > review:
        yield Finding("stale", name, f"whole pack, to be checked by {review}")
    if head.get("sample"):
        yield Finding("sample", name, "whole pack: the office must put its own values in")
    if head.get("checked_by", "belum ditinjau kantor") == "belum ditinjau kantor":
        yield Finding("unreviewed", name, "no officer has put a name to it")
    yield from _walk(name, content, today)


def _release(today: date) -> Iterator[Finding]:
    """The packs a signed release brought: what is not used and why, and what those in use have to be looked at for."""
    for name, why in verified.refused():
        yield Finding("broken", f"release/{name}", why)
    root = verified.slot()
    for name in sorted(verified.entries(root)) if root is not None else ():
        if name.endswith(".toml") and (path := verified.place(name)) is not None:
            for one in _pack(path, today):
                yield Finding(one.kind, f"release/{one.where}", one.what)


def versions() -> list[tuple[str, str, date, date, str]]:
    """(name, version, checked on, review by, "code" or "release") of every pack in use, by name."""
    rows: list[tuple[str, str, date, date, str]] = []
    for name, model in sorted(MODELS.items()):
        if not (PACKS / f"{name}.toml").exists():
            continue  # of the index's builder alone
        head: Head = getattr(load(name, model), "pack")  # noqa: B009 -- every pack has one
        own: Head = getattr(read(PACKS / f"{name}.toml", model), "pack")  # noqa: B009
        origin = "code" if head.version == own.version else "release"
        rows.append((name, head.version, head.checked_on, head.review_by, origin))
    return rows


def _walk(where: str, value: object, today: date) -> Iterator[Finding]:
    if isinstance(value, list):
        items = cast(list[object], value)
        for at, item in enumerate(items):
            yield from _walk(_name(where, at, item), item, today)
        return
    if not isinstance(value, dict):
        return
    row = cast(dict[str, Any], value)
    languages = {key: str(row.get(key, "")).strip() for key in ("id", "en")}
    if ("en" in row or set(row) == {"id"}) and not all(languages.values()):
        yield Finding("untranslated", where, (languages["id"] or languages["en"])[:60])
    if "law" in row:
        yield from _source(where, row, today)
    for key, item in row.items():
        if key != "pack":
            yield from _walk(f"{where}.{key}", item, today)


def _name(where: str, at: int, item: object) -> str:
    if not isinstance(item, dict):
        return f"{where}[{at}]"
    row = cast(dict[str, object], item)
    label = row.get("id") or row.get("year") or row.get("date") or row.get("scale")
    return f"{where}[{label if isinstance(label, (str, int)) else at}]"


def _source(where: str, row: dict[str, Any], today: date) -> Iterator[Finding]:
    law = str(row["law"]).strip()
    if not law or law == NO_ARTICLE:
        yield Finding("unsourced", where, "no law or article")
    elif row.get("grade") == "K":
        yield Finding("unsourced", where, f"grade K, answers nothing: {law[:60]}")
    review = row.get("review_by")
    if isinstance(review, date) and today > review:
        yield Finding("stale", where, f"to be checked by {review}")


def _aliases(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.glob("*.tsv")):
        try:
            rows = table(path)
        except ValueError as error:
            yield Finding("broken", path.stem, str(error))
            continue
        for code, names in rows:
            if kbli.get(code) is None:
                yield Finding("broken", f"alias/{path.stem}", f"no such code: {code}")
            elif not names:
                yield Finding("broken", f"alias/{path.stem}", f"no names for {code}")
        if "belum ditinjau kantor" in path.read_text(encoding="utf-8").partition("\n0")[0]:
            yield Finding("unreviewed", f"alias/{path.stem}", "no officer has put a name to it")


def _contradictions() -> Iterator[Finding]:
    for (code,) in knowledge().execute("SELECT code FROM kbli ORDER BY code"):
        entry = kbli.get(str(code))
        if entry and risk.contradicts(entry):
            levels = "/".join("|".join(entry.risks[word]) or "–" for word in entry.risks)
            yield Finding("contradictory", code, f"risk {levels}, but documents {', '.join(entry.permits)}")


def _index() -> Iterator[Finding]:
    try:
        db = open_readonly(DATA / "search.sqlite")
        built = db.execute("SELECT value FROM meta WHERE key = 'built_from'").fetchone()[0]
        db.close()
    except (sqlite3.Error, TypeError) as error:
        yield Finding("broken", "search.sqlite", str(error))
        return
    # A kiosk carries the index without the alias files it came from; there is nothing to compare then.
    if list(ALIASES.glob("*.tsv")) and built != digest(sources()):
        yield Finding(
            "stale", "search.sqlite", "older than its packs: run python -m kiosk.knowledge.builder.search"
        )
