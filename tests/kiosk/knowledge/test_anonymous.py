"""A kept question says what was asked and not who asked."""

from __future__ import annotations

import pytest

from kiosk.knowledge.anonymous import LIMIT, cleaned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NIK saya 9971 0101 0190 0001 kenapa ditolak", "nik saya [angka] kenapa ditolak"),
        ("hp 0812-3456-7890 tidak dapat OTP", "hp [angka] tidak dapat otp"),
        ("nib 9120001234567 salah", "nib [angka] salah"),
        ("+62 812 3456 7890 hangus", "[angka] hangus"),
        ("nama saya Slamet Riyadi mau buka warung", "nama saya [nama] mau buka warung"),
        ("pak budi santoso di loket 2 minta uang", "pak [nama] di loket 2 minta uang"),
        ("my name is John Smithson can I open a shop", "my name is [nama] can i open a shop"),
        ("email saya contoh@contoh.invalid mati", "email saya [alamat] mati"),
        ("rumah di jl merdeka no 5 rt 02", "rumah di [alamat] [alamat]"),
        ("an. Siti Rahmawati nib hilang", "an. [nama] nib hilang"),
    ],
)
def test_what_names_a_person_is_taken_out(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["kbli 47919 jadi apa", "pak gimana cara ngurus nib", "anak saya mau buka warung", "modal 5 miliar skala apa",
     "ibu bisa bantu isi oss", "qris potongannya berapa persen"],
)  # fmt: skip
def test_the_matter_stays(typed: str) -> None:
    assert cleaned(typed) == typed


def test_it_is_short() -> None:
    assert len(cleaned("izin " * 200)) <= LIMIT
    assert cleaned("  \n ") == ""
