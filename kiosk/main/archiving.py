"""The worker's way with a document: made a searchable archive file first, then uploaded.

The visitor has gone by then. What was made replaces the row's payload before the first byte leaves, sealed like it: a
try that is cut off goes on with the very same file, and nothing is read twice. Reading that fails costs the text to
search; making that fails altogether costs the archive form. The paper itself always arrives.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.effects import late
from kiosk.effects.parcel import Parcel, unpack
from kiosk.settings import Settings
from kiosk.store.errands import Errand, Outcome

MADE = "archive"
"""In the parcel's head once it was tried: the PDF/A level, or "plain" when the papers could not be made one."""


async def document(errand: Errand, settings: Settings) -> Outcome:
    """Upload one document of an application that was filed before, as archive file if the office wants one."""
    parcel = unpack(errand.payload)
    # An upload that has begun with another file is finished with that one.
    if settings.archive.standard != "none" and not errand.upload_url and MADE not in parcel.head:
        packed = (await _archived(parcel, settings)).pack()
        if errand.keep is not None:
            errand.keep(packed)
        errand = replace(errand, payload=packed)
    return await late.document(errand, settings)


async def _archived(parcel: Parcel, settings: Settings) -> Parcel:
    from hardware.camera.archive.facts import Facts
    from hardware.camera.archive.make import Rules, make
    from hardware.camera.archive.size import Scan
    from hardware.camera.pdf import pages_of

    wanted = settings.archive
    kind = parcel.text("kind")
    facts = Facts(kind=kind, kiosk=settings.kiosk.id, taken=_taken(parcel, settings))
    rules = Rules(
        standard="2b" if wanted.standard == "2b" else "1b",
        languages=wanted.languages,
        target=wanted.target_kb * 1024,
        page_seconds=wanted.page_seconds,
    )
    try:
        pages = [Scan(jpeg, dpi) for jpeg, dpi in pages_of(parcel.body)]
        made = await make(pages, facts, rules)
    except Exception as error:  # noqa: BLE001 - whatever it was, the paper goes as it is; the text may name a person
        _say(type(error).__name__)
        return Parcel({**parcel.head, MADE: "plain"}, parcel.body)
    if made.trouble is not None:
        _say(made.trouble.value)
    if not made.fits:
        _say("larger_than_target")
    return Parcel({**parcel.head, MADE: rules.standard}, made.pdf)


def _taken(parcel: Parcel, settings: Settings) -> datetime:
    """When the papers were filed; rows of an earlier release do not say, and are taken for new."""
    now = datetime.now(ZoneInfo(settings.hours.timezone))
    try:
        said = datetime.fromisoformat(parcel.text("taken"))
    except ValueError:
        return now
    return said if said.tzinfo else said.replace(tzinfo=now.tzinfo)


def _say(word: str) -> None:
    os.write(2, f"worker: archive {word}\n".encode())
