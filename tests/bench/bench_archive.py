"""Archive files: time to a searchable page at 200 dpi, with tesseract's own PDF writer as the control.

The pages are the simulated desk's lease. Both run with one thread, as the worker does; medians of five, in turn.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from hardware.camera.archive.facts import Facts
from hardware.camera.archive.make import Rules, make
from hardware.camera.archive.size import Scan
from hardware.camera.papers import sheet
from hardware.camera.still import encode

ROUNDS = 5
REACH = 3.0


def control(jpeg: Path, out: Path) -> None:
    subprocess.run(
        ["tesseract", jpeg, out.with_suffix(""), "-l", "ind+eng", "--dpi", "200", "pdf"],
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        check=True,
        capture_output=True,
    )


def main() -> None:
    facts = Facts("lease", "K-01", datetime.now(UTC))
    pages = [Scan(encode(sheet("lease", page).picture, 200), 200) for page in range(3)]
    ours: list[float] = []
    theirs: list[float] = []
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        jpeg, out = Path(folder) / "page.jpg", Path(folder) / "page.pdf"
        jpeg.write_bytes(pages[0].jpeg)
        made = asyncio.run(make(pages[:1], facts))
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            made = asyncio.run(make(pages[:1], facts))
            ours.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            control(jpeg, out)
            theirs.append(time.perf_counter() - begun)
        sizes["searchable PDF/A-1b"] = len(made.pdf)
        sizes["tesseract's own PDF"] = out.stat().st_size
    words = sum(len(page) for page in made.words)
    print(f"{'one A4 page, 200 dpi':28} {'s':>6} {'KB':>7}")
    print(
        f"{'searchable PDF/A-1b':28} {statistics.median(ours):6.2f} {sizes['searchable PDF/A-1b'] / 1024:7.0f}"
        f"   {words} words (reach {REACH:.0f} s)"
    )
    print(
        f"{'tesseract, its own PDF':28} {statistics.median(theirs):6.2f} "
        f"{sizes['tesseract' + chr(39) + 's own PDF'] / 1024:7.0f}"
    )
    begun = time.perf_counter()
    asyncio.run(make(pages[:1], facts, Rules(languages="")))
    print(f"{'without reading':28} {time.perf_counter() - begun:6.2f}")
    for target in (0, 400, 250, 100):
        made = asyncio.run(make(pages, facts, Rules(languages="", target=target * 1024)))
        said = "kept" if made.fits else "cannot be had"
        label = f"3 pages, target {target or '-'} KB"
        print(f"{label:28} {'':6} {len(made.pdf) / 1024:7.0f}   {made.dpis[0]} dpi, {said}")


if __name__ == "__main__":
    main()
