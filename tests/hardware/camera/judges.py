"""Judges of PDF files that nobody here wrote: PDFBox Preflight (PDF/A-1b), qpdf, and poppler's reader."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "javax.activation", "jaxb-api")
CLASSES = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)


def preflight(file: Path) -> list[str]:
    """Complaints of PDFBox about a file that should be PDF/A-1b; none: it is valid."""
    ran = subprocess.run(
        [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            CLASSES,
            "org.apache.pdfbox.preflight.Validator_A1b",
            file,
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    said = [line for line in ran.stdout.splitlines() if line.strip()]
    if ran.returncode == 0 and said == [f"The file {file.name} is a valid PDF/A-1b file"]:
        return []
    return said or [ran.stderr]


def qpdf(file: Path) -> list[str]:
    """Complaints of `qpdf --check`."""
    ran = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, timeout=60)
    return [] if ran.returncode == 0 else [*ran.stdout.splitlines(), *ran.stderr.splitlines()]


def words(file: Path) -> list[tuple[int, str, tuple[float, float, float, float]]]:
    """(page from 0, word, box in points from the page's top left) as poppler finds them."""
    ran = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, timeout=60, check=True
    )
    found: list[tuple[int, str, tuple[float, float, float, float]]] = []
    page = -1
    for line in ran.stdout.splitlines():
        if "<page " in line:
            page += 1
        word = re.search(r'<word xMin="(.*)" yMin="(.*)" xMax="(.*)" yMax="(.*)">(.*)</word>', line)
        if word:
            left, top, right, bottom = (float(number) for number in word.groups()[:4])
            found.append((page, word[5], (left, top, right, bottom)))
    return found
