"""How tesseract reads the number of an e-KTP: a model of its own for the digits of that line (`nik.traineddata`).

The card's NIK is printed in OCR-A, whose digits the models of languages confuse. `build.py` made the file.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
MODEL = "nik"
"""Name of the model, a language to tesseract; classic engine (`--oem 0`), signs 0-9 and ":"."""
