"""The separator sheet of batch capture: a QR that says "a new document begins", and nothing else."""

from __future__ import annotations

from typing import Final

CODE: Final = "ANJUNGAN-PEMISAH-1"
"""Its whole text. No date, no kiosk: one printed sheet serves every batch for years."""
