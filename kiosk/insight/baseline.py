"""The office's own figures for the report: how it was before, and what only the office can know about now.

A TOML file; every figure names the document it comes from. Fields: `docs/report.md`, example:
`kiosk/insight/report/baseline.example.toml`. pydantic is imported here, so this module is loaded for a report only.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.insight import clock
from kiosk.insight.figures import Language

Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Amounts = dict[Month, Annotated[int, Field(ge=0)]]
"""Month ("2025-05") → whole rupiah, or a count."""
Document = Annotated[str, Field(min_length=3)]


class BaselineError(ValueError):
    """The file cannot be used; says why in one line."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Model):
    id: str
    en: str

    def in_(self, language: Language) -> str:
        return self.id if language == "id" else self.en


class Office(Model):
    name: str = "DPMPTSP"
    government: str = ""
    addressee: str = "Bupati"
    city: str = ""
    signer: str = "Kepala DPMPTSP"
    sample: bool = False
    """True: invented figures, CONTOH on every page."""


class Classes(Model):
    """Completed applications of the earlier period by legal class (PP 6/2021)."""

    mandiri: int = Field(ge=0)
    berbantuan: int = Field(ge=0)
    bergerak: int = Field(default=0, ge=0)
    document: Document
    source: Words

    @property
    def total(self) -> int:
        return self.mandiri + self.berbantuan + self.bergerak


class Time(Model):
    """Processing time before, in whole working days by the service clock."""

    days: dict[Annotated[str, Field(pattern=r"^\d{1,4}$")], Annotated[int, Field(ge=0)]] | None = None
    """Working days → permits, where the office counted by the rule itself."""
    register_file: str | None = Field(default=None, alias="register")
    """CSV beside this file: received, finished, and perhaps stopped and resumed; counted by the service clock."""
    excluded: int = Field(default=0, ge=0)
    excluded_why: Words = Words(id="tanpa tanggal lengkap", en="without full dates")
    pauses_recorded: bool = False
    document: Document
    source: Words

    @model_validator(mode="after")
    def _one_way(self) -> Time:
        if (self.days is None) == (self.register_file is None):
            raise ValueError("give either days or register")
        return self


class Before(Model):
    classes: Classes | None = None
    time: Time | None = None


class Cost(Model):
    """One kind of expense, by month, before and after."""

    kind: Literal["paper", "ink", "printing", "courier", "travel", "other"]
    name: Words
    who: Literal["office", "applicant"] = "office"
    before: Amounts = Field(min_length=1)
    after: Amounts = Field(default_factory=dict[str, int])
    before_document: Document
    after_document: str = ""


class Hours(Model):
    """Officers' time for one application, before and after, as measured by the office."""

    minutes_before: int = Field(ge=0)
    minutes_after: int = Field(ge=0)
    document: Document


class After(Model):
    applications: Amounts = Field(default_factory=dict[str, int])
    """All applications the office received, by any way, by month: the base of take-up."""
    document: str = ""


class Baseline(Model):
    office: Office = Office()
    before: Before = Before()
    cost: tuple[Cost, ...] = ()
    hours: Hours | None = None
    after: After = After()

    _days: Counter[int] = Counter()
    _excluded: int = 0

    @property
    def days(self) -> Counter[int]:
        """Working days → permits of the earlier period, from `days` or the register."""
        return self._days

    @property
    def excluded(self) -> int:
        """Permits of the earlier period that could not be counted."""
        return self._excluded

    def model_post_init(self, _: Any) -> None:
        time = self.before.time
        if time is not None and time.days is not None:
            self._days = Counter({int(day): count for day, count in time.days.items() if count})
            self._excluded = time.excluded


def read(file: Path, calendar: clock.Calendar | None = None) -> Baseline:
    """The baseline in `file`. Raises OSError or `BaselineError`."""
    try:
        found = Baseline.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        raise BaselineError("not a text file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BaselineError(f"not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise BaselineError(f"{where}: {first['msg']}") from None
    time = found.before.time
    if time is not None and time.register_file is not None:
        days, bad = _register(file.parent / time.register_file, calendar or clock.packaged())
        object.__setattr__(found, "_days", days)
        object.__setattr__(found, "_excluded", bad + time.excluded)
    return found


def _register(file: Path, calendar: clock.Calendar) -> tuple[Counter[int], int]:
    """Working days of each row, and how many rows could not be counted (dates missing, unreadable or out of order)."""
    days: Counter[int] = Counter()
    bad = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if not {"received", "finished"} <= set(reader.fieldnames or ()):
                raise BaselineError(f"{file.name}: columns received and finished are needed")
            for row in reader:
                counted = _worked(row, calendar)
                if counted is None:
                    bad += 1
                else:
                    days[counted] += 1
    except OSError as error:
        raise BaselineError(f"{file.name}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{file.name}: not a text file in UTF-8") from None
    return days, bad


def _worked(row: dict[str, str | None], calendar: clock.Calendar) -> int | None:
    steps = (("received", "10"), ("stopped", clock.STOP), ("resumed", clock.RESUME), ("finished", "50"))
    ticking = clock.Clock(calendar)
    last = 0.0
    for name, status in steps:
        text = (row.get(name) or "").strip()
        if not text:
            if name in ("received", "finished"):
                return None
            continue
        try:
            at = _moment(text)
        except ValueError:
            return None
        if at < last:
            return None
        ticking.apply(status, at)
        last = at
    return ticking.days(last)


_DATE_ONLY = re.compile(r"\d{4}-\d\d-\d\d")


def _moment(text: str) -> float:
    """A date alone stands for its noon: before the close, as office hours are."""
    if _DATE_ONLY.fullmatch(text):
        day = date.fromisoformat(text)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=clock.WIB)
    else:
        at = datetime.fromisoformat(text)
    return clock.seconds(at if at.tzinfo else at.replace(tzinfo=clock.WIB))
