"""Survei Kepuasan Masyarakat (PermenPANRB 14/2017): the index, its band and the sample it needs, exactly.

Nine elements u1…u9, each answered 1–4. The index (IKM) is the mean of the nine element means × 25 with the exact
weight 1/9. The law's table prints the weight as 0.11, which makes a perfect survey 99.00: that reading is offered as a
named variant only. Means stay fractions; the index is rounded half up to two decimals *before* it is banded.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.insight.figures import half_up, plain

ELEMENTS = tuple(f"u{number}" for number in range(1, 10))
PACK = Path(__file__).parent / "packs" / "skm.toml"
_SCORE = re.compile(r"([1-4])(?:\.0+)?")  # tables that had blanks come out of spreadsheets as 4.0


class SurveyError(ValueError):
    """The file is no survey; the message says where, in one line."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Sums of a survey: all the index needs. `sums[i]` and `counts[i]` belong to element u(i+1)."""

    respondents: int
    """People with at least one answer."""
    sums: tuple[int, ...]
    counts: tuple[int, ...]

    def mean(self, element: int) -> Fraction | None:
        """Mean of one element (0–8) over those who answered it; None when nobody did."""
        return Fraction(self.sums[element], self.counts[element]) if self.counts[element] else None

    def _index(self, weight: Fraction) -> Fraction | None:
        means = [self.mean(element) for element in range(9)]
        if any(mean is None for mean in means):
            return None
        return sum((mean for mean in means if mean is not None), Fraction(0)) * weight * 25

    @property
    def ikm(self) -> Fraction | None:
        """The index, exact (25–100); None while an element has no answer, for then it is not defined."""
        return self._index(Fraction(1, 9))

    @property
    def ikm_weight_011(self) -> Fraction | None:
        """The named variant with the truncated weight 0.11 (24.75–99)."""
        return self._index(Fraction(11, 100))


def tally(answers: Iterable[Iterable[int | None]]) -> Survey:
    """Sum up respondents, each nine scores (1–4, None for a blank) in the order u1…u9."""
    sums, counts, respondents = [0] * 9, [0] * 9, 0
    for row in answers:
        answered = False
        for element, score in enumerate(row):
            if score is not None:
                sums[element] += score
                counts[element] += 1
                answered = True
        respondents += answered
    return Survey(respondents, tuple(sums), tuple(counts))


def band(ikm: Fraction) -> str:
    """The letter A–D of an index, judged on its two printed decimals."""
    seen = half_up(ikm, 2)
    rows = pack()["band"]
    return next(
        (str(row["letter"]) for row in rows if seen >= Fraction(row["from"])), str(rows[-1]["letter"])
    )


def required(population: int) -> int:
    """Smallest sample for a population by Krejcie & Morgan (1970): χ² 3.841, P 0.5, d 0.05, rounded half up.

    Their printed table is this formula to the nearest whole (N 10 → 10, 100 → 80, 1,000,000 → 384).
    Raises ValueError for a population below 1.
    """
    if population < 1:
        raise ValueError("the population must be 1 or more")
    spread = Fraction(3841, 1000) / 4
    return int(half_up(spread * population / (Fraction(25, 10000) * (population - 1) + spread), 0))


def summary(survey: Survey, population: int | None = None) -> dict[str, Any]:
    """What `kiosk skm` prints. Means and indices are decimal strings, null where nothing was answered."""
    ikm, variant = survey.ikm, survey.ikm_weight_011
    means = (survey.mean(element) for element in range(9))
    return {
        "n": survey.respondents,
        "ikm": None if ikm is None else plain(ikm, 2),
        "band": None if ikm is None else band(ikm),
        "ikm_weight_011": None if variant is None else plain(variant, 2),
        "elements": {
            name: None if mean is None else plain(mean, 2) for name, mean in zip(ELEMENTS, means, strict=True)
        },
        "required_n": None if population is None else required(population),
    }


def read_csv(path: Path) -> Survey:
    """The survey in a CSV file: a header with u1…u9 (any case, any order, other columns ignored), a row a respondent.

    Comma or semicolon, UTF-8 with or without a mark. Raises OSError or `SurveyError`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tally(_rows(file))
    except UnicodeDecodeError:
        raise SurveyError("not a text file in UTF-8") from None
    except csv.Error as error:
        raise SurveyError(f"not a CSV file: {error}") from None


def _rows(file: Iterable[str]) -> Iterator[list[int | None]]:
    lines = iter(file)
    empty: list[str] = []
    first = next(lines, "")
    mark = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=mark), empty)]
    missing = [name for name in ELEMENTS if name not in header]
    if missing:
        raise SurveyError(f"line 1: no column {', '.join(missing)}")
    repeated = [name for name in ELEMENTS if header.count(name) > 1]
    if repeated:
        raise SurveyError(f"line 1: column {', '.join(repeated)} comes twice")
    places = [header.index(name) for name in ELEMENTS]
    reader = csv.reader(lines, delimiter=mark)
    for row in reader:
        yield [
            _score(row[place] if place < len(row) else "", name, reader.line_num + 1)
            for name, place in zip(ELEMENTS, places, strict=True)
        ]


def _score(text: str, name: str, line: int) -> int | None:
    bare = text.strip()
    if not bare:
        return None
    found = _SCORE.fullmatch(bare)
    if not found:
        raise SurveyError(f"line {line}: {name} must be 1, 2, 3, 4 or blank")
    return int(found[1])


@cache
def pack() -> dict[str, Any]:
    """Names of the elements, bands and their source, as in `packs/skm.toml`."""
    import tomllib

    return tomllib.loads(PACK.read_text(encoding="utf-8"))
