"""The satisfaction index against an independent computation and against numbers worked by hand."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.insight.skm import SurveyError, band, read_csv, required, summary, tally
from tests.kiosk.insight.conftest import Run

HEAD = "u1,u2,u3,u4,u5,u6,u7,u8,u9\n"
ANSWERS = st.lists(
    st.lists(st.sampled_from([None, 1, 2, 3, 4]), min_size=9, max_size=9), min_size=1, max_size=40
)


def independent(rows: list[list[int | None]]) -> tuple[str, str] | None:
    """The same index by long decimal division, 60 digits: no fractions, no code of ours."""
    with localcontext() as context:
        context.prec = 60
        means: list[Decimal] = []
        for element in range(9):
            column = [row[element] for row in rows if row[element] is not None]
            if not column:
                return None
            means.append(Decimal(sum(filter(None, column))) / Decimal(len(column)))
        whole = sum(means, Decimal(0))
        cent = Decimal("0.01")

        def printed(value: Decimal) -> str:
            # 1e-40 lifts what division cut off (…4999…) back to its exact value before the halves are judged.
            return str((value + Decimal("1e-40")).quantize(cent, ROUND_HALF_UP))

        return printed(whole * 25 / 9), printed(whole * 25 * Decimal("0.11"))


@given(ANSWERS)
def test_index_equals_an_independent_computation(rows: list[list[int | None]]) -> None:
    got = summary(tally(rows))
    expected = independent(rows)
    assert got["n"] == sum(any(score is not None for score in row) for row in rows)
    if expected is None:
        assert got["ikm"] is None
        assert got["band"] is None
        assert got["ikm_weight_011"] is None
    else:
        assert (got["ikm"], got["ikm_weight_011"]) == expected


def test_all_fours_are_a_hundred_and_ninety_nine_only_in_the_variant() -> None:
    got = summary(tally([[4] * 9] * 7), 2184)
    assert got["ikm"] == "100.00"
    assert got["band"] == "A"
    assert got["ikm_weight_011"] == "99.00"
    assert got["required_n"] == 327


def test_a_survey_with_a_known_index() -> None:
    # Means as published by a real survey with 91.48 / A; 0.11 makes it 90.57 (its report cut it to 90.56).
    hundred = [366, 364, 359, 398, 362, 361, 363, 359, 361]  # sum of a hundred answers a element
    rows = [
        [4 if person < total - 300 else 3 for total in hundred]  # totals over 300 become fours
        for person in range(100)
    ]
    got = summary(tally(rows))
    assert got["elements"]["u4"] == "3.98"
    exact = Fraction(sum(hundred), 900) * 25
    assert got["ikm"] == f"{float(exact):.2f}" == "91.47"
    assert band(Fraction("91.48")) == "A"


@pytest.mark.parametrize(
    ("ikm", "letter"),
    [
        ("88.31", "A"), ("88.305", "A"), ("88.30499", "B"), ("88.30", "B"), ("76.61", "B"), ("76.605", "B"),
        ("76.6049", "C"), ("65.00", "C"), ("64.995", "C"), ("64.9949", "D"), ("25", "D"), ("100", "A"),
    ],
)  # fmt: skip
def test_the_band_is_judged_on_the_printed_number(ikm: str, letter: str) -> None:
    assert band(Fraction(ikm)) == letter


@pytest.mark.parametrize(
    ("population", "sample"),
    # Krejcie & Morgan's own table.
    [(10, 10), (15, 14), (20, 19), (50, 44), (100, 80), (500, 217), (1000, 278), (1500, 306), (2200, 327),
     (5000, 357), (20000, 377), (75000, 382), (1000000, 384)],
)  # fmt: skip
def test_minimum_sample_is_the_published_table(population: int, sample: int) -> None:
    assert required(population) == sample


def test_an_element_nobody_answered_has_no_mean_and_the_survey_no_index(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_text(HEAD + "4,4,4,4,4,4,4,,4\n,,,,,,,,\n\n3,,,,,,,,\n")
    got = summary(read_csv(file))
    assert got["n"] == 2
    assert got["ikm"] is None
    assert got["band"] is None
    assert got["elements"]["u1"] == "3.50"
    assert got["elements"]["u8"] is None


def test_spreadsheet_manners(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_bytes("\ufeffUmur;U9;U1;U2;U3;U4;U5;U6;U7;U8\r\n30;1;4.0;4;4;4;4;4;4; 4 \r\n".encode())
    got = summary(read_csv(file))
    assert got["elements"]["u9"] == "1.00"
    assert got["elements"]["u1"] == "4.00"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: no column u1, u2"),
        ("u1,u2\n1,2\n", "no column u3"),
        (HEAD + "5,1,1,1,1,1,1,1,1\n", "line 2: u1 must be"),
        (HEAD + "1,1,1,1,1,1,1,1,1\n1,1,1,1,x,1,1,1,1\n", "line 3: u5 must be"),
        (HEAD + "1,1,1,1,1.5,1,1,1,1\n", "line 2: u5"),
        ("u1,u1,u2,u3,u4,u5,u6,u7,u8,u9\n", "comes twice"),
    ],
)
def test_what_is_no_survey_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "s.csv"
    file.write_text(text)
    with pytest.raises(SurveyError, match=says):
        read_csv(file)


def test_command_prints_the_agreed_object(tmp_path: Path, kiosk: Run) -> None:
    file = tmp_path / "s.csv"
    file.write_text(HEAD + "4,4,4,4,4,4,4,4,4\n3,3,3,3,3,3,3,3,3\n")
    done = kiosk("skm", file, "--population", "2184")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "n": 2,
        "ikm": "87.50",
        "band": "B",
        "ikm_weight_011": "86.63",
        "elements": {f"u{number}": "3.50" for number in range(1, 10)},
        "required_n": 327,
    }
    assert json.loads(kiosk("skm", file).stdout)["required_n"] is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"u1\n", None])
def test_command_refuses_in_one_line(tmp_path: Path, kiosk: Run, content: bytes | None) -> None:
    file = tmp_path / "s.csv"
    if content is not None:
        file.write_bytes(content)
    done = kiosk("skm", file)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
