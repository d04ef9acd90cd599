"""The way in by the face of the e-KTP: photographed, read by two readers, checked by the visitor.

What was read counts as much as what is typed: it needs the one-time code. A number that is not believed is asked again
or typed; the other fields are offered and never taken over silently.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.editing import edit
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Focus, Forward, Key, Toggle, Touch
from kiosk.flow.model import ON_THE_WAY_IN, Desk, Entry, Face, Place
from kiosk.flow.orders import KnowRegion, ReadFace, SendCode, Sound
from kiosk.flow.results import FaceSeen, Trouble
from kiosk.identity.face import believed
from kiosk.identity.numbers import Doubt

FIELDS = ("name", "birth", "address")
LIMIT = 80
"""Characters of a corrected field."""


def on_touch(desk: Desk, event: Touch) -> None:
    if desk.visit.stage is Place.PHOTO:
        _on_photo(desk, event)
    else:
        _on_face(desk, event)


def on_seen(desk: Desk, seen: FaceSeen) -> None:
    """The readers' answer, while the camera is still shown."""
    if desk.visit.stage is not Place.PHOTO:
        return
    digits = believed(seen.numbers, seen.birth[0])
    if not digits:
        desk.change(trouble=Trouble.FACE_UNSURE)
        desk.order(Sound("trouble"))
        return
    read = {name: getattr(seen, name) for name in FIELDS}
    face = Face(
        *(read[name][0][:LIMIT] for name in FIELDS),
        doubtful=frozenset(name for name in FIELDS if not read[name][1]),
    )
    desk.change(stage=Place.FACE, entry=Entry(means="nik", digits=digits, face=face))
    desk.order(Sound("beep"))


def name_of(entry: Entry) -> str:
    """The name on the card, once two readers agreed on it or the visitor wrote it; how the screens address someone the
    portal does not know yet."""
    face = entry.face
    return face.name if face is not None and "name" not in face.doubtful else ""


def _on_photo(desk: Desk, event: Touch) -> None:
    match event:
        case Forward() if not desk.visit.busy:
            desk.order(ReadFace())
        case Choose("nik"):
            _away(desk, Place.NUMBER)
        case Back():
            _away(desk, Place.IDENTIFY)
        case _:
            pass


def _on_face(desk: Desk, event: Touch) -> None:
    entry = desk.visit.entry
    face = entry.face
    if face is None:
        return
    match event:
        case Focus(name) if name in FIELDS:
            desk.change(entry=replace(entry, editing=name))
        case Key() | Backspace() | ClearField() if entry.editing:
            text = edit(getattr(face, entry.editing), event, "text", LIMIT)
            face = replace(face, **{entry.editing: text}, doubtful=face.doubtful - {entry.editing})
            desk.change(entry=replace(entry, face=face))
        case Forward() | Back() if entry.editing:
            # Looked at and left as it is counts as checked too.
            face = replace(face, doubtful=face.doubtful - {entry.editing})
            desk.change(entry=replace(entry, face=face, editing=""))
        case Toggle("number"):
            desk.change(entry=replace(entry, open=not entry.open))
        case Choose("nik") if not desk.visit.busy:
            _away(desk, Place.NUMBER)
        case Forward() if not desk.visit.busy and entry.doubt == Doubt.REGION:
            desk.order(SendCode("nik", entry.digits))
        case Forward() if not desk.visit.busy:
            desk.order(KnowRegion(entry.digits[:6]))
        case Back():
            _away(desk, Place.PHOTO)
        case _:
            pass


def _away(desk: Desk, stage: Place) -> None:
    """To another way in: nothing of the card goes along, and no answer about it is waited for."""
    waiting = tuple(entry for entry in desk.visit.pending if entry.kind not in ON_THE_WAY_IN)
    desk.change(stage=stage, entry=Entry(means="nik"), pending=waiting)
