"""The list to take along: everything there is to bring, the source, and no more than a code on a screen can carry."""

from __future__ import annotations

import pytest

from kiosk.knowledge import bring, kbli, office, risk, scale
from kiosk.knowledge.database import knowledge
from kiosk.knowledge.texts import Lang

LANGS: tuple[Lang, Lang] = ("id", "en")


def text(code: str, size: str, lang: Lang) -> str:
    needs = risk.requirements(code, size)
    return bring.short_text(needs, office.papers(), scale.tier(size).label, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_it_names_every_paper_the_source_and_that_it_is_indicative(lang: Lang) -> None:
    needs = risk.requirements("01111", "menengah")
    lines = text("01111", "menengah", lang).splitlines()
    for paper in needs.papers:
        assert f"[ ] {paper.label.get(lang)}" in lines
    source = needs.sources[0]
    assert lines[-1].startswith(f"{source.law} {source.article}")
    assert lines[-1].endswith(f"{source.checked_on:%d-%m-%Y}")
    assert lines[-2] == {"id": "Indikatif, ditetapkan OSS.", "en": "Indicative; OSS decides."}[lang]


def test_every_code_fits_a_code_on_the_screen() -> None:
    import segno

    longest = ""
    for (code,) in knowledge().execute("SELECT code FROM kbli"):
        for size in ("mikro", "besar"):
            longest = max(longest, text(str(code), size, "id"), text(str(code), size, "en"), key=len)
    assert len(longest.encode()) <= 640
    assert len(segno.make_qr(longest, error="l").matrix) <= 93, "four pixels a module at 400 pixels"


@pytest.mark.parametrize(
    ("code", "size", "kind"),
    [("47243", "mikro", "digital"), ("01111", "besar", "begun"), ("56303", "mikro", "officer")],
)
def test_whether_it_can_be_done_here(code: str, size: str, kind: str) -> None:
    assert bring.can_here(risk.requirements(code, size)).kind == kind


def test_digital_is_only_said_where_nothing_is_verified_or_surveyed() -> None:
    for (code,) in knowledge().execute("SELECT code FROM kbli"):
        for size in scale.Scale:
            needs = risk.requirements(str(code), size)
            if bring.can_here(needs).kind == "digital":
                assert set(needs.levels) <= {risk.Risk.LOW, risk.Risk.MEDIUM_LOW}
                assert all(basic.digital for basic in needs.basics)
                assert kbli.get(str(code)) is not None
