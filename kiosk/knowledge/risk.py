"""Risk and requirements of a code at a scale: what one gets, may do now, must bring; how long, who, by
which law.

The rules are in `packs/requirements.toml`; the risk levels of a code come from an unofficial compilation
and are always labelled indicative. An office can overrule a code in its own overrides file, with name and
date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from kiosk.knowledge import kbli
from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load, read
from kiosk.knowledge.scale import Scale
from kiosk.knowledge.texts import INDICATIVE, Source, Text


class Risk(StrEnum):
    """The four risk levels, in rising order."""

    LOW = "R"
    MEDIUM_LOW = "MR"
    MEDIUM_HIGH = "MT"
    HIGH = "T"


# What the level asks for besides the NIB, in the words of the compilation's permit column.
EXPECTED = {
    Risk.LOW: "NIB",
    Risk.MEDIUM_LOW: "Sertifikat Standar",
    Risk.MEDIUM_HIGH: "Sertifikat Standar",
    Risk.HIGH: "Izin",
}


class When(Model):
    """A condition; an empty part holds always."""

    levels: tuple[Risk, ...] = ()
    scales: tuple[Scale, ...] = ()
    prefixes: tuple[str, ...] = ()
    except_prefixes: tuple[str, ...] = ()

    def holds(self, code: str, scale: Scale, level: Risk | None) -> bool:
        """Does it hold for this code, scale and level? A condition on levels never holds for an
        unknown level.
        """
        return (
            (not self.levels or level in self.levels)
            and (not self.scales or scale in self.scales)
            and (not self.prefixes or code.startswith(self.prefixes))
            and not (self.except_prefixes and code.startswith(self.except_prefixes))
        )


class _Conditional(Model):
    when: When | None = None
    any: tuple[When, ...] = ()

    def holds(self, code: str, scale: Scale, level: Risk | None) -> bool:
        conditions = self.any or (self.when or When(),)
        return any(condition.holds(code, scale, level) for condition in conditions)


class _Document(Model):
    id: str
    label: Bilingual
    icon: str


class _Level(Model):
    level: Risk
    bars: int
    label: Bilingual
    word: Bilingual
    summary: Bilingual
    receives: tuple[str, ...]
    may_operate: bool
    automatic: bool
    decides: Bilingual
    source: SourceRow


class _Wording(Model):
    several: Bilingual
    joiner: Bilingual
    several_summary: Bilingual
    unknown: Bilingual
    unknown_summary: Bilingual
    days_automatic: Bilingual
    days_verified: Bilingual
    days_mixed: Bilingual
    days_mixed_unknown: Bilingual
    days_unknown: Bilingual
    days_clock: Bilingual
    cost: Bilingual
    cost_note: Bilingual
    decides_unknown: Bilingual
    contradiction: Bilingual
    override: Bilingual
    cost_source: SourceRow
    days_source: SourceRow


class _Basic(_Conditional):
    id: str
    label: Bilingual
    detail: Bilingual
    icon: str
    digital: bool
    source: SourceRow


class _Paper(_Conditional):
    id: str
    label: Bilingual
    why: Bilingual
    icon: str
    scan: bool
    source: SourceRow


class _Later(Model):
    id: str
    prefixes: tuple[str, ...]
    text: Bilingual
    icon: str
    source: SourceRow


class RequirementsPack(Model):
    """`packs/requirements.toml`."""

    pack: Head
    document: tuple[_Document, ...]
    level: tuple[_Level, ...]
    wording: _Wording
    basic: tuple[_Basic, ...]
    paper: tuple[_Paper, ...]
    later: tuple[_Later, ...]


class Override(Model):
    """An office's word on one code: its levels (and days), who said so and when. Without `scale`: all
    scales.
    """

    code: str
    scale: Scale | None = None
    levels: tuple[Risk, ...]
    days: tuple[int, ...] = ()
    by: str
    on: date
    law: str
    article: str = ""
    review_by: date


class Overrides(Model):
    """The office's overrides file: `[[override]]` tables."""

    override: tuple[Override, ...] = ()

    def find(self, code: str, scale: Scale) -> Override | None:
        """The override for a code at a scale; one that names the scale wins over one for all."""
        found = [o for o in self.override if o.code == code and o.scale in (None, scale)]
        return max(found, key=lambda o: o.scale is not None, default=None)


NO_OVERRIDES = Overrides()


def load_overrides(path: Path | None) -> Overrides:
    """The office's overrides, none when there is no file. Raises pydantic.ValidationError when it is
    malformed.
    """
    return read(path, Overrides) if path is not None and path.exists() else NO_OVERRIDES


@dataclass(frozen=True, slots=True)
class Document:
    """A document one receives; `certain` is False when it depends on a parameter only OSS asks for."""

    id: str
    label: Text
    icon: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Basic:
    """A basic requirement (KKPR, environment, building). `digital`: done inside OSS without a visit
    or survey.
    """

    id: str
    label: Text
    detail: Text
    icon: str
    digital: bool
    certain: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Paper:
    """A thing to have ready. `scan`: a paper worth laying under the camera; `icon`: a Phosphor name."""

    id: str
    label: Text
    why: Text
    icon: str
    scan: bool
    certain: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Later:
    """A duty after the licence, by line of business."""

    id: str
    text: Text
    icon: str
    source: Source


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything the kiosk says about a code at a scale.

    `levels` is empty when the risk is not known, and has several members when OSS decides by a
    parameter. `bars` is how many of the four risk bars to fill (0 unknown, else the highest level).
    `may_operate_now` is None when it depends or is not known. `digital`: the whole path is inside OSS,
    without verification or survey. `officer`: offer an officer (unknown risk or contradictory data).
    `days` are working days, shown with `days_text` and `clock_note`. `label` says how official this is.
    """

    code: str
    title: str
    scale: Scale
    levels: tuple[Risk, ...]
    bars: int
    headline: Text
    summary: Text
    receives: tuple[Document, ...]
    may_operate_now: bool | None
    digital: bool
    officer: bool
    basics: tuple[Basic, ...]
    papers: tuple[Paper, ...]
    later: tuple[Later, ...]
    days: tuple[int, ...]
    days_text: Text
    clock_note: Text
    cost: Text
    cost_note: Text
    decides: Text
    sources: tuple[Source, ...]
    label: Text
    contradiction: Text | None
    override: Override | None


def requirements(code: str, scale: Scale | str, overrides: Overrides = NO_OVERRIDES) -> Requirements:
    """Risk and requirements of a KBLI 2025 code. Raises KeyError for an unknown code, ValueError for
    an unknown scale.
    """
    entry = kbli.get(code)
    if entry is None:
        raise KeyError(code)
    scale = Scale(scale)
    pack = load("requirements", RequirementsPack)
    override = overrides.find(code, scale)
    names = override.levels if override else tuple(Risk(name) for name in entry.risks[scale])
    rules = [row for row in pack.level if row.level in names]
    levels = tuple(row.level for row in rules)
    days = override.days if override and override.days else entry.days
    contradiction = None if override else _contradiction(entry, pack.wording)
    headline, summary = _headline(rules, pack.wording)
    return Requirements(
        code=code,
        title=entry.title,
        scale=scale,
        levels=levels,
        bars=max((row.bars for row in rules), default=0),
        headline=headline,
        summary=summary,
        receives=_documents(rules, pack),
        may_operate_now=_agreed([row.may_operate for row in rules]),
        digital=bool(levels)
        and all(row.automatic for row in rules)
        and _digital_basics(code, scale, levels, pack),
        officer=not levels or contradiction is not None,
        basics=_basics(code, scale, levels, pack),
        papers=_papers(code, scale, levels, pack),
        later=tuple(
            Later(row.id, row.text.text(), row.icon, row.source.resolve(pack.pack))
            for row in pack.later
            if code.startswith(row.prefixes)
        ),
        days=() if not levels or all(row.automatic for row in rules) else days,
        days_text=_days_text(rules, days, pack.wording),
        clock_note=pack.wording.days_clock.text(),
        cost=pack.wording.cost.text(),
        cost_note=pack.wording.cost_note.text(),
        decides=rules[-1].decides.text() if rules else pack.wording.decides_unknown.text(),
        sources=_sources(rules, override, pack),
        label=pack.wording.override.text().format(by=override.by, on=override.on.isoformat())
        if override
        else INDICATIVE,
        contradiction=contradiction,
        override=override,
    )


def contradicts(entry: kbli.Kbli) -> bool:
    """Do the compilation's documents disagree with its risk levels? (True for eight codes.)"""
    levels = {Risk(name) for names in entry.risks.values() for name in names}
    if not levels or not entry.permits:
        return False
    listed = {part.strip() for permit in entry.permits for part in permit.split(" - ")[0].split(",")}
    return listed != {EXPECTED[level] for level in levels}


def _contradiction(entry: kbli.Kbli, wording: _Wording) -> Text | None:
    if not contradicts(entry):
        return None
    return wording.contradiction.text().format(permits=", ".join(entry.permits))


def _agreed(values: list[bool]) -> bool | None:
    return values[0] if values and len(set(values)) == 1 else None


def _headline(rules: list[_Level], wording: _Wording) -> tuple[Text, Text]:
    if not rules:
        return wording.unknown.text(), wording.unknown_summary.text()
    if len(rules) == 1:
        return rules[0].label.text(), rules[0].summary.text()
    joiner, words = wording.joiner.text(), [row.word.text() for row in rules]
    levels = Text(
        f" {joiner.id} ".join(word.id for word in words),
        f" {joiner.en} ".join(word.en for word in words).capitalize(),
    )
    several = wording.several.text()
    return (
        Text(several.id.format(levels=levels.id), several.en.format(levels=levels.en)),
        wording.several_summary.text(),
    )


def _documents(rules: list[_Level], pack: RequirementsPack) -> tuple[Document, ...]:
    return tuple(
        Document(row.id, row.label.text(), row.icon, all(row.id in rule.receives for rule in rules))
        for row in pack.document
        if any(row.id in rule.receives for rule in rules)
    )


def _certainty(row: _Conditional, code: str, scale: Scale, levels: tuple[Risk, ...]) -> bool | None:
    """True: holds at every possible level; False: at some; None: at none."""
    held = [row.holds(code, scale, level) for level in levels or (None,)]
    return all(held) if any(held) else None


def _basics(code: str, scale: Scale, levels: tuple[Risk, ...], pack: RequirementsPack) -> tuple[Basic, ...]:
    judged = [(row, _certainty(row, code, scale, levels)) for row in pack.basic]
    return tuple(
        Basic(r.id, r.label.text(), r.detail.text(), r.icon, r.digital, sure, r.source.resolve(pack.pack))
        for r, sure in judged
        if sure is not None
    )


def _papers(code: str, scale: Scale, levels: tuple[Risk, ...], pack: RequirementsPack) -> tuple[Paper, ...]:
    judged = [(row, _certainty(row, code, scale, levels)) for row in pack.paper]
    return tuple(
        Paper(r.id, r.label.text(), r.why.text(), r.icon, r.scan, sure, r.source.resolve(pack.pack))
        for r, sure in judged
        if sure is not None
    )


def _digital_basics(code: str, scale: Scale, levels: tuple[Risk, ...], pack: RequirementsPack) -> bool:
    return all(basic.digital for basic in _basics(code, scale, levels, pack))


def _days_text(rules: list[_Level], days: tuple[int, ...], wording: _Wording) -> Text:
    if not rules:
        return wording.days_unknown.text()
    automatic = {row.automatic for row in rules}
    if automatic == {True}:
        return wording.days_automatic.text()
    mixed = True in automatic
    if not days:
        return (wording.days_mixed_unknown if mixed else wording.days_unknown).text()
    span = str(days[0]) if days[0] == days[-1] else f"{days[0]}–{days[-1]}"
    return (wording.days_mixed if mixed else wording.days_verified).text().format(days=span)


def _sources(rules: list[_Level], override: Override | None, pack: RequirementsPack) -> tuple[Source, ...]:
    found = [row.source.resolve(pack.pack) for row in rules]
    if override:
        found.insert(
            0,
            Source(
                override.law, override.article, override.on, override.review_by, "H", checked_by=override.by
            ),
        )
    if any(not row.automatic for row in rules):
        found.append(pack.wording.days_source.resolve(pack.pack))
    return (*found, pack.wording.cost_source.resolve(pack.pack))
