"""The archive file, judged by programs nobody here wrote."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms

from hardware.camera.archive import icc
from hardware.camera.archive.facts import NAMESPACE, Facts
from hardware.camera.archive.make import Archive, Rules, make
from hardware.camera.archive.size import Scan
from hardware.camera.papers import sheet
from hardware.camera.pdf import PdfBadPage, PdfTooLarge, pages_of, pages_to_pdf
from hardware.camera.still import encode
from hardware.camera.tesseract import ReadTrouble, read
from tests.hardware.camera.judges import preflight, qpdf, words

WIB = timezone(timedelta(hours=7))
FACTS = Facts("lease", "K-07", datetime(2026, 11, 24, 9, 45, 30, tzinfo=WIB))
LEASE = [Scan(encode(sheet("lease", page).picture, 200), 200) for page in range(2)]
UNREAD = Rules(languages="")


def built(pages: list[Scan], rules: Rules | None = None) -> Archive:
    return asyncio.run(make(pages, FACTS, rules))


@pytest.fixture(scope="module")
def lease() -> Archive:
    return built(LEASE)


@pytest.fixture
def file(tmp_path: Path, lease: Archive) -> Path:
    path = tmp_path / "lease.pdf"
    path.write_bytes(lease.pdf)
    return path


def test_pdfbox_and_qpdf_find_nothing_wrong(file: Path) -> None:
    assert preflight(file) == []
    assert qpdf(file) == []


def test_a_plain_pdf_is_refused_so_the_judge_can_say_no(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(pages_to_pdf([page.jpeg for page in LEASE], [page.dpi for page in LEASE]))
    assert qpdf(plain) == []
    complaints = " ".join(preflight(plain))
    assert "DestOutputProfile is missing" in complaints
    assert "Metadata is not a stream" in complaints


def test_words_are_found_on_their_page_and_over_their_picture(file: Path, lease: Archive) -> None:
    found = words(file)
    assert ("PERJANJIAN", 0) in [(word, page) for page, word, _ in found]
    assert [page for page, word, _ in found if word == "Pemeliharaan."] == [1]
    per_pixel = 72 / 200
    boxes = {(0, word.text): word for word in lease.words[0] if len(word.text) > 4}
    compared = 0
    for page, text, (left, top, right, bottom) in found:
        drawn = boxes.get((page, text))
        if drawn is None or sum(one.text == text for one in lease.words[0]) > 1:
            continue
        compared += 1
        assert abs(left - drawn.left * per_pixel) < 1
        assert abs(right - (drawn.left + drawn.width) * per_pixel) < 1
        assert top < (drawn.top + drawn.height / 2) * per_pixel < bottom
    assert compared > 30


def test_nothing_of_the_text_can_be_seen(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        modes = [
            int(operation.operands[0])
            for page in pdf.pages
            for operation in pikepdf.parse_content_stream(page)
            if str(operation.operator) == "Tr"
        ]
    assert modes == [3, 3]


def test_what_it_says_of_itself(file: Path) -> None:
    with pikepdf.open(file) as pdf:
        assert pdf.pdf_version == "1.4"
        told = pdf.open_metadata()
        own = {
            name: told[f"{{{NAMESPACE}}}{name}"] for name in ("Kind", "Kiosk", "Pages", "Dpi", "ImageSha256")
        }
        sums = [
            hashlib.sha256(picture.read_raw_bytes()).hexdigest()
            for page in pdf.pages
            for picture in page.get_images().values()
        ]
        assert own == {
            "Kind": "lease",
            "Kiosk": "K-07",
            "Pages": "2",
            "Dpi": ["200", "200"],
            "ImageSha256": sums,
        }
        assert sums == [hashlib.sha256(page.jpeg).hexdigest() for page in LEASE], "pictures go in unchanged"
        assert told["xmp:CreateDate"] == "2026-11-24T09:45:30+07:00"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261124094530+07'00'"
        assert told["dc:title"] == str(pdf.docinfo["/Title"]) == "lease"
        assert told["pdf:Producer"] == str(pdf.docinfo["/Producer"])
        width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
        assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
        xmp = pdf.Root.Metadata.read_raw_bytes().decode()
    for secret in ("9971", "CONTOH", "Penyewa"):
        assert secret not in xmp


def test_the_same_pages_make_the_same_file(lease: Archive) -> None:
    assert built(LEASE, UNREAD).pdf == built(LEASE, UNREAD).pdf
    assert lease.pdf != built(LEASE, UNREAD).pdf


def test_a_size_that_is_aimed_at(tmp_path: Path) -> None:
    made = built(LEASE, Rules(languages="", target=250_000))
    assert made.fits
    assert len(made.pdf) <= 250_000
    small = tmp_path / "small.pdf"
    small.write_bytes(made.pdf)
    assert preflight(small) == []
    with pikepdf.open(small) as pdf:
        told = pdf.open_metadata()[f"{{{NAMESPACE}}}Dpi"]
        for page, dpi, said in zip(pdf.pages, made.dpis, told, strict=True):
            (picture,) = page.get_images().values()
            true = int(picture.Width) / (float(page.mediabox[2]) / 72)
            assert abs(true - dpi) < 0.5
            assert int(said) == dpi <= 200


def test_a_size_that_cannot_be_had_is_said_and_nothing_is_enlarged() -> None:
    low = [Scan(encode(sheet("lease", 0).picture[::3, ::3].copy(), 67), 67)]
    made = built(low, Rules(languages="", target=5_000))
    assert not made.fits
    assert made.dpis == (67,)


def test_level_2b_says_so() -> None:
    made = built(LEASE[:1], Rules(standard="2b", languages=""))
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        told = pdf.open_metadata()
        assert (told.pdfa_status, pdf.pdf_version) == ("2B", "1.7")


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_pages_of_other_colours(mode: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 40).convert(mode).save(out, "JPEG")
    path = tmp_path / f"{mode}.pdf"
    path.write_bytes(built([Scan(out.getvalue(), 0)], UNREAD).pdf)
    assert preflight(path) == []


def test_without_tesseract_the_file_is_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    made = built(LEASE[:1])
    assert made.trouble is ReadTrouble.MISSING
    assert made.words == ((),)
    assert made.pdf.startswith(b"%PDF-1.4")


def test_a_language_that_is_not_there_is_left_out() -> None:
    picture = sheet("lease", 2).picture[:, :, 1]
    found = asyncio.run(read(picture, dpi=200, wanted="ind+xyz"))
    assert isinstance(found, list)
    assert "musyawarah." in [word.text for word in found]
    assert asyncio.run(read(picture, dpi=200, wanted="xyz")) is ReadTrouble.MISSING


async def test_cancelling_ends_the_reader() -> None:
    reading = asyncio.ensure_future(make(LEASE * 3, FACTS))
    async with asyncio.timeout(20):
        while not (running := _children("tesseract")):  # noqa: ASYNC110 - another process starts
            await asyncio.sleep(0.02)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not running & _children("tesseract")


def _children(name: str) -> set[int]:
    """Processes of this one whose program is `name`."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        try:
            comm, parent = (
                (entry / "comm").read_text().strip(),
                (entry / "stat").read_text().rsplit(")", 1)[1].split(),
            )
        except (OSError, IndexError):
            continue
        if comm == name and int(parent[1]) == os.getpid() and parent[0] != "Z":
            found.add(int(entry.name))
    return found


def test_bad_pages_are_refused_with_their_number() -> None:
    with pytest.raises(ValueError, match="no pages"):
        built([])
    with pytest.raises(PdfBadPage) as bad:
        built([LEASE[0], Scan(b"\xff\xd8rubbish", 200)], UNREAD)
    assert bad.value.number == 2
    with pytest.raises(PdfTooLarge):
        asyncio.run(make(LEASE, FACTS, UNREAD, limit=1000))


def test_the_profile_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc.srgb()))
    steps = np.array(
        [[[r, g, b] for r in (0, 40, 128, 255) for g in (0, 90, 255) for b in (0, 200, 255)]], np.uint8
    )
    turned = ImageCms.profileToProfile(Image.fromarray(steps), profile, ImageCms.createProfile("sRGB"))
    assert turned is not None
    assert np.abs(np.asarray(turned).astype(int) - steps).max() <= 1


def test_pages_come_back_out_of_a_plain_pdf_unchanged() -> None:
    unknown = Scan(encode(sheet("lease", 2).picture), 0)
    pages = [*LEASE, unknown]
    plain = pages_to_pdf([page.jpeg for page in pages], [page.dpi for page in pages])
    assert pages_of(plain) == [(page.jpeg, page.dpi) for page in pages]
    with pytest.raises(PdfBadPage):
        pages_of(b"%PDF-1.3 rubbish")
