"""The last look before paper: nothing that could be a NIK leaves the printer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hardware.printer.port import Part, Raster, Text

_IN_TEXT: Final = re.compile(r"(?:\d[ .\u00a0-]?){15}\d")
"""Sixteen digits in any script, also grouped as people write them."""
_IN_LINK: Final = re.compile(r"(?<![0-9A-Za-z])\d{16,}(?![0-9A-Za-z])")
"""In a link only a run that stands alone: a random hexadecimal handle has sixteen decimal digits in a row
once in a hundred times, and refusing that ticket would help nobody."""


class NotPublicError(ValueError):
    """Something with the shape of a NIK was about to be printed. The message never repeats it."""


def assert_public(things: Iterable[Part | str]) -> None:
    """Raise NotPublicError when a string or a `Text` part holds a run of 16 digits.

    A `Raster` cannot be read back here: every string is checked when it is drawn.
    """
    for thing in things:
        if isinstance(thing, Raster):
            continue
        line = thing.line if isinstance(thing, Text) else thing
        pattern = _IN_LINK if "://" in line else _IN_TEXT
        if pattern.search(line):
            raise NotPublicError("a ticket carries no number of 16 digits")
