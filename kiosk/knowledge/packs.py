"""Reads the dated content packs (`packs/*.toml`) into typed values.

A pack is a TOML file with a `[pack]` head (name, version, checked_on, review_by) and content a pydantic
model checks: an unknown key, a missing translation or a wrong date is refused when the pack is read, not on
the screen.
"""

from __future__ import annotations

import logging
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from kiosk.knowledge import verified
from kiosk.knowledge.texts import Grade, Source, Text

log = logging.getLogger("kiosk.knowledge")

PACKS = Path(__file__).parent / "packs"


class Model(BaseModel):
    """Base of every pack model: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Head(Model):
    """The `[pack]` table. `sample` marks values an office must replace before they are true for it."""

    name: str
    version: Annotated[str, StringConstraints(pattern=r"\d+(\.\d+)*")]
    """Year, month, and a count within it: "2026.11.2" is later than "2026.11"."""
    checked_on: date
    review_by: date
    checked_by: str = "belum ditinjau kantor"
    sample: bool = False


class SourceRow(Model):
    """A source as written in a pack; dates and reviewer left out are those of the pack's head."""

    law: str
    article: str = ""
    grade: Grade
    review_by: date | None = None
    checked_on: date | None = None

    def resolve(self, head: Head) -> Source:
        """The full source, with the head's dates where the row has none."""
        return Source(
            law=self.law,
            article=self.article,
            checked_on=self.checked_on or head.checked_on,
            review_by=self.review_by or head.review_by,
            grade=self.grade,
            checked_by=head.checked_by,
        )


class Bilingual(Model):
    """A text as written in a pack: `{ id = "…", en = "…" }`, neither empty."""

    id: str
    en: str

    def get(self, lang: str) -> str:
        """The text in `lang`; anything but "en" gives Indonesian."""
        return self.en if lang == "en" else self.id

    def text(self) -> Text:
        """The plain value screens use. Raises ValueError when a language is missing."""
        if not self.id.strip() or not self.en.strip():
            raise ValueError(f"untranslated text: {self.id!r} / {self.en!r}")
        return Text(self.id, self.en)


P = TypeVar("P", bound=Model)


def read(path: Path, model: type[P]) -> P:
    """The pack at `path` as `model`. Raises OSError, tomllib.TOMLDecodeError or pydantic.ValidationError."""
    with path.open("rb") as file:
        return model.model_validate(tomllib.load(file))


@cache
def load(name: str, model: type[P]) -> P:
    """The pack `name` (without ".toml"), read once a process: the one of the signed release where it brought a newer
    one that is whole, else the one in the code.
    """
    own = read(PACKS / f"{name}.toml", model)
    path = verified.place(f"{name}.toml")
    if path is None:
        return own
    try:
        sent = read(path, model)
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        log.warning("pack %s of the release cannot be used: %s", name, type(error).__name__)
        return own
    return sent if newer(sent, own) else own


def newer(sent: Model, own: Model) -> bool:
    """Is `sent` of a later version than `own`? One of the same version is no news."""
    return _version(sent) > _version(own)


def _version(pack: Model) -> tuple[int, ...]:
    head: Head = getattr(pack, "pack")  # noqa: B009 -- every pack has one, which its model says and `Model` cannot
    return tuple(int(part) for part in head.version.split("."))
