"""Scale, risk and requirements: every code at every scale, and the rules by name."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.knowledge import database, kbli, risk, scale
from kiosk.knowledge.risk import Risk, requirements
from kiosk.knowledge.scale import Scale

CODES = [code for (code,) in database.knowledge().execute("SELECT code FROM kbli ORDER BY code")]
MILLIARD = 1_000_000_000


@pytest.mark.parametrize(
    ("capital", "expected"),
    [
        (0, Scale.MICRO),
        (MILLIARD, Scale.MICRO),
        (MILLIARD + 1, Scale.SMALL),
        (5 * MILLIARD, Scale.SMALL),
        (10 * MILLIARD, Scale.MEDIUM),
        (10 * MILLIARD + 1, Scale.LARGE),
    ],
)
def test_scale_from_capital(capital: int, expected: Scale):
    assert scale.from_capital(capital) is expected


@pytest.mark.parametrize(
    ("sales", "expected"), [(2, Scale.MICRO), (15, Scale.SMALL), (50, Scale.MEDIUM), (51, Scale.LARGE)]
)
def test_scale_from_sales(sales: int, expected: Scale):
    assert scale.from_sales(sales * MILLIARD) is expected


def test_scale_refuses_a_negative_amount_and_knows_oss_codes():
    with pytest.raises(ValueError):
        scale.from_capital(-1)
    assert [tier.oss_code for tier in scale.tiers()] == ["01", "02", "03", "04"]
    assert scale.tier("03").scale is Scale.MEDIUM
    with pytest.raises(KeyError):
        scale.tier("05")


def test_every_code_at_every_scale_answers_and_is_labelled_indicative():
    for code in CODES:
        for size in Scale:
            answer = requirements(code, size)
            assert "OSS" in answer.label.id
            assert answer.papers
            assert answer.cost.id == "Tanpa biaya"
            assert (not answer.levels) == (answer.bars == 0)
            if not answer.levels:
                assert answer.officer
                assert answer.may_operate_now is None
                assert not answer.receives
            else:
                assert answer.receives[0].id == "nib"


def test_codes_without_any_risk_say_so():
    silent = [code for code in CODES if not any(requirements(code, size).levels for size in Scale)]
    assert len(silent) == 267
    assert {"10431", "47111"} <= set(silent)
    assert requirements("10431", "besar").headline.id == "Risiko belum tahu"


def test_low_risk_micro_is_wholly_digital():
    answer = requirements("47112", "mikro")
    assert answer.levels == (Risk.LOW,)
    assert answer.digital
    assert answer.may_operate_now is True
    assert {basic.id for basic in answer.basics} == {"kkpr_self", "sppl_nib"}
    assert answer.days == ()


def test_self_declared_spatial_fit_is_for_micro_with_low_risk_only():
    assert "kkpr_self" not in {basic.id for basic in requirements("47112", "kecil").basics}
    for code in CODES:
        for size in Scale:
            answer = requirements(code, size)
            if any(basic.id == "kkpr_self" for basic in answer.basics):
                assert size is Scale.MICRO
                assert Risk.LOW in answer.levels


def test_several_levels_leave_the_decision_to_oss():
    answer = requirements("01111", "menengah")
    assert answer.levels == (Risk.MEDIUM_LOW, Risk.MEDIUM_HIGH)
    assert answer.may_operate_now is None
    assert "OSS menentukan" in answer.headline.id
    assert "3 hari kerja" in answer.days_text.id
    environment = {basic.id: basic.certain for basic in answer.basics}
    assert environment["sppl_form"] is False
    assert environment["kkpr"] is True


@pytest.mark.parametrize(
    ("level", "documents", "operate"),
    [
        ("R", ["nib"], True),
        ("MR", ["nib", "standard"], True),
        ("MT", ["nib", "standard"], False),
        ("T", ["nib", "permit"], False),
    ],
)
def test_what_each_level_gives(level: str, documents: list[str], operate: bool):
    code = next(c for c in CODES if requirements(c, "mikro").levels == (Risk(level),))
    answer = requirements(code, "mikro")
    assert [document.id for document in answer.receives] == documents
    assert answer.may_operate_now is operate


def test_the_eight_contradictory_codes():
    found = [code for code in CODES if risk.contradicts(kbli.get(code))]  # type: ignore[arg-type]
    assert found == ["01621", "02300", "20232", "20235", "35140", "46742", "71101", "77291"]
    answer = requirements("77291", "mikro")
    assert answer.contradiction is not None
    assert answer.officer


def test_an_office_override_wins_and_is_named(tmp_path: Path):
    file = tmp_path / "overrides.toml"
    file.write_text(
        "[[override]]\n"
        'code = "47111"\nlevels = ["MR"]\nby = "Kepala Bidang"\non = 2026-11-20\n'
        'law = "Surat Kepala DPMPTSP"\nreview_by = 2027-06-30\n'
        "[[override]]\n"
        'code = "47111"\nscale = "besar"\nlevels = ["T"]\ndays = [5]\nby = "Kepala Bidang"\non = 2026-11-20\n'
        'law = "Surat Kepala DPMPTSP"\nreview_by = 2027-06-30\n',
        encoding="utf-8",
    )
    overrides = risk.load_overrides(file)
    small = requirements("47111", "kecil", overrides)
    assert small.levels == (Risk.MEDIUM_LOW,)
    assert "Kepala Bidang" in small.label.id
    assert "2026-11-20" in small.label.en
    assert small.sources[0].checked_by == "Kepala Bidang"
    large = requirements("47111", "besar", overrides)
    assert large.levels == (Risk.HIGH,)
    assert large.days == (5,)
    assert risk.load_overrides(tmp_path / "none.toml") == risk.NO_OVERRIDES


def test_a_misspelt_override_is_refused(tmp_path: Path):
    file = tmp_path / "overrides.toml"
    file.write_text('[[override]]\ncode = "47111"\nlevel = ["MR"]\n', encoding="utf-8")
    with pytest.raises(ValueError):
        risk.load_overrides(file)


def test_sources_grow_stale():
    source = requirements("47112", "mikro").sources[0]
    assert source.usable(date(2026, 11, 24))
    assert not source.usable(date(2027, 7, 1))


def test_unknown_code_and_scale_are_errors():
    with pytest.raises(KeyError):
        requirements("00000", "mikro")
    with pytest.raises(ValueError):
        requirements("47112", "raksasa")


def test_icons_exist_in_the_icon_font():
    import json

    import kiosk

    names = json.loads((Path(kiosk.__file__).parent / "assets/fonts/icons.json").read_text(encoding="utf-8"))
    pack = risk.load("requirements", risk.RequirementsPack)
    used = {row.icon for rows in (pack.document, pack.basic, pack.paper, pack.later) for row in rows}
    assert used <= set(names)
