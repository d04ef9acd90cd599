"""What to bring, to take along: on paper or as the text in a QR, which a phone reads without any network.

It says nothing about who asked; scale and code are those of a business, not of a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.knowledge.office import OfficePaper
from kiosk.knowledge.packs import Bilingual, Head, Model, load
from kiosk.knowledge.risk import Requirements
from kiosk.knowledge.texts import Source, Text


class _Here(Model):
    digital: Bilingual
    digital_help: Bilingual
    begun: Bilingual
    begun_help: Bilingual
    officer: Bilingual
    officer_help: Bilingual


class _Words(Model):
    title: Bilingual
    indicative: Bilingual
    checked: Bilingual


class BringPack(Model):
    """`packs/bring.toml`."""

    pack: Head
    words: _Words
    here: _Here


@dataclass(frozen=True, slots=True)
class Here:
    """Whether it can be done at this kiosk: "digital" (all of it), "begun" (begun here, decided elsewhere) or
    "officer" (ask first, the data does not say)."""

    kind: str
    title: Text
    help: Text


def can_here(needs: Requirements) -> Here:
    """The answer to "bisakah di sini?", before anybody is asked who they are."""
    here = load("bring", BringPack).here
    if needs.officer:
        return Here("officer", here.officer.text(), here.officer_help.text())
    if needs.digital:
        return Here("digital", here.digital.text(), here.digital_help.text())
    return Here("begun", here.begun.text(), here.begun_help.text())


def documents(needs: Requirements, office: tuple[OfficePaper, ...]) -> tuple[Text, ...]:
    """Everything to bring, in order: what OSS asks for, then what the office asks everybody for."""
    asked = [paper.label for paper in needs.papers]
    return (*asked, *(entry.paper.label for entry in office if not entry.when))


def source_of(needs: Requirements) -> Source:
    """The statement the list stands on first: the office's own word where it gave one, else the level's."""
    return needs.sources[0]


def short_text(needs: Requirements, office: tuple[OfficePaper, ...], scale: Text, lang: str) -> str:
    """The list as lines for a QR: code, scale, risk, papers, cost, that it is indicative, source and date.

    At most about 600 bytes for every code of the packs, so that the code stays readable on a screen.
    """
    words = load("bring", BringPack).words
    source = source_of(needs)
    title = needs.title if len(needs.title) <= 60 else needs.title[:59].rsplit(" ", 1)[0] + "…"
    return "\n".join(
        [
            words.title.get(lang),
            f"KBLI {needs.code} {title}",
            f"{scale.get(lang)}: {needs.headline.get(lang)}",
            *(f"[ ] {paper.get(lang)}" for paper in documents(needs, office)),
            f"{needs.cost.get(lang)}. {needs.days_text.get(lang)}.",
            f"{words.indicative.get(lang)}.",
            f"{source.law} {source.article}".strip()
            + f", {words.checked.get(lang)} {source.checked_on:%d-%m-%Y}",
        ]
    )
