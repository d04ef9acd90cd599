"""Puts the state of a visit on the stage: which scene, which dialog, which look. Knows no device and no rule."""

from __future__ import annotations

import contextlib
from collections.abc import Hashable
from importlib import import_module
from typing import TYPE_CHECKING

from kiosk import i18n
from kiosk.flow.events import (
    CallOfficer,
    CancelCall,
    ChangeContrast,
    ChangeTextSize,
    Rest,
    SendOfficerAway,
    SetLanguage,
)
from kiosk.flow.model import Help, Place, Visit
from kiosk.flow.officer_events import OpenDoor
from screens.frame import NoRoomError, Stage
from screens.officer.half import HEADER, HEIGHTS, LANDSCAPE, OfficerHalf, half_key
from screens.scene import Office, Scene, Send, Sends, Sources
from screens.theme.look import Look
from screens.words import clock

if TYPE_CHECKING:
    pass

SCENES: dict[Place, str] = {
    Place.WELCOME: "screens.welcome.screen:Welcome",
    Place.IDENTIFY: "screens.identify.screen:Identify",
    Place.NUMBER: "screens.number.screen:Number",
    Place.PHOTO: "screens.photo.screen:Photo",
    Place.FACE: "screens.face.screen:Face",
    Place.CODE: "screens.code.screen:Code",
    Place.CONSENT: "screens.consent.screen:Consent",
    Place.MENU: "screens.menu.screen:Menu",
    Place.CHAT: "screens.chat.screen:Chat",
    Place.ANSWER: "screens.answer.screen:Answer",
    Place.SEARCH: "screens.search.screen:Search",
    Place.SCALE: "screens.scale.screen:Scale",
    Place.RISK: "screens.risk.screen:Risk",
    Place.BRING: "screens.bring.screen:Bring",
    Place.FORM: "screens.form.screen:Form",
    Place.CAMERA: "screens.camera.screen:Camera",
    Place.PAGES: "screens.pages.screen:Pages",
    Place.REVIEW: "screens.review.screen:Review",
    Place.SENT: "screens.sent.screen:Sent",
    Place.DRAFT: "screens.draft.screen:Draft",
    Place.SCAN: "screens.scan.screen:Scan",
    Place.SERVICES: "screens.services.screen:Services",
    Place.TICKET: "screens.ticket.screen:Ticket",
    Place.FIND_STATUS: "screens.find_status.screen:FindStatus",
    Place.STATUS: "screens.status.screen:Status",
    Place.LEARN: "screens.learn.screen:Learn",
    Place.LKPM: "screens.lkpm.screen:Lkpm",
    Place.SURVEY: "screens.survey.screen:Survey",
    Place.FAREWELL: "screens.farewell.screen:Farewell",
    Place.OFFICER: "screens.officer.screen:OfficerDoor",
    Place.ARCHIVE: "screens.archive.board:Board",
    Place.ARCHIVE_CAMERA: "screens.archive.camera:ArchiveCamera",
    Place.ARCHIVE_FIELDS: "screens.archive.fields:Fields",
    Place.ARCHIVE_SEARCH: "screens.archive.search:Search",
    Place.RESTING: "screens.resting.screen:Resting",
}
"""One folder a screen; imported when first shown, or while the kiosk is idle (`Director.warm`)."""

TEXT_STEPS = (1.0, 1.2, 1.4)


def scene_class(place: Place) -> type[Scene]:
    module, _, name = SCENES[place].partition(":")
    return getattr(import_module(module), name)


class Director:
    """Draws visits on one stage. `send` takes the touches; `draw` may be called as often as the state changes."""

    def __init__(self, look: Look, send: Send, office: Office, sources: Sources) -> None:
        self._send = send
        self._office = office
        self._sources = sources
        self._plain = look
        self._shown: tuple[Place, Hashable, bool] | None = None
        self._half: object = None
        self._half_height = LANDSCAPE
        self._dialog: Hashable = None
        self._visit: Visit | None = None
        self.stage = Stage(
            look,
            office=(office.name, office.regency),
            on_touch=self._anywhere,
            on_language=self._other_language,
            on_text=lambda: send(ChangeTextSize()),
            on_contrast=lambda: send(ChangeContrast()),
            on_call=Sends(send, CallOfficer()),
            on_cancel_call=Sends(send, CancelCall()),
            on_crest=lambda: send(OpenDoor()),
        )

    def warm(self) -> None:
        """Import the scenes and texts that a visit will need, while nobody waits."""
        i18n.keys()
        for place in SCENES:
            scene_class(place)

    def draw(self, visit: Visit) -> None:
        before, self._visit = self._visit, visit
        look = self._plain.with_(
            contrast=visit.contrast, text_step=TEXT_STEPS[visit.text_step], language=visit.language
        )
        if look != self.stage.look:
            self.stage.restyle(look)
            self._shown = None
            self._dialog = None
        self._draw_scene(visit, before)
        self._draw_half(visit)
        self._point(visit)
        self._draw_dialog(visit)
        self._draw_frame(visit)

    def _draw_scene(self, visit: Visit, before: Visit | None) -> None:
        kind = scene_class(visit.place)
        # With an officer beside, the screen is laid out under their half.
        wanted = (visit.place, kind.key(visit), half_key(visit) is not None)
        scene = self.stage.screen
        if wanted == self._shown and isinstance(scene, Scene):
            if before is not visit:
                scene.update(visit)
                scene.visit = visit
            return
        same_place = self._shown is not None and self._shown[0] is visit.place
        self._shown = wanted
        self._dialog = None
        scene, height = self._fitted(kind, visit)
        self._half_height = height
        self.stage.show(scene, still=same_place)

    def _fitted(self, kind: type[Scene], visit: Visit) -> tuple[Scene, float]:
        """The scene, and the height of the officer's half over it: the tallest that leaves the scene its room."""
        look = self.stage.look
        if half_key(visit) is None or look.landscape:
            return kind(look, visit, self._send, self._office, self._sources), LANDSCAPE
        for height in HEIGHTS:
            with contextlib.suppress(NoRoomError):
                cut = look.with_(cut=height - HEADER)
                scene = kind(cut, visit, self._send, self._office, self._sources)
                if scene.has_room():
                    return scene, height
        return kind(look, visit, self._send, self._office, self._sources), HEADER

    def _draw_half(self, visit: Visit) -> None:
        """The officer's half, drawn anew when what it shows has changed, or the room it has."""
        key = half_key(visit)
        wanted = None if key is None else (key, self._half_height, self.stage.look)
        if wanted == self._half and (wanted is None) == (self.stage.half is None):
            return
        self._half = wanted
        if wanted is None:
            self.stage.set_half(None)
            return
        look = self._plain.with_(contrast=visit.contrast, language=visit.language)
        self.stage.set_half(OfficerHalf(look, visit, self._send, self._half_height))

    def _point(self, visit: Visit) -> None:
        """Let the outline glow on the control the officer points at."""
        assist, scene = visit.officer.assist, self.stage.screen
        if assist is None or not assist.point or not isinstance(scene, Scene):
            self.stage.glow(None)
            return
        controls = [part for part in scene.walk() if part.touchable]
        at = (assist.point - 1) % (len(controls) + 1)
        self.stage.glow(controls[at] if at < len(controls) else None)

    def _draw_dialog(self, visit: Visit) -> None:
        from screens.dialogs import dialog_key, make_dialog, update_dialog

        wanted = dialog_key(visit)
        if wanted != self._dialog:
            self._dialog = wanted
            dialog = make_dialog(self.stage.look, visit, self._send)
            if dialog is None:
                self.stage.close_dialog()
            else:
                self.stage.open(dialog)
        elif self.stage.dialog is not None:
            update_dialog(self.stage.dialog, visit)

    def _draw_frame(self, visit: Visit) -> None:
        self.stage.tell_time(visit.remaining, visit.settings.session_seconds)
        if visit.hour is not None:
            date = visit.hour.date_en if visit.language == "en" else visit.hour.date_id
            time = clock(visit.language, visit.hour.text)
            self.stage.tell_day(*((time, date) if visit.hour.trusted else ("", "")))
        self.stage.set_calling(self._calling(visit))
        self.stage.set_mark(i18n.say(visit.language, "learn.mark") if visit.practising else "")
        self.stage.set_away(
            Sends(self._send, SendOfficerAway()) if visit.officer.assist is not None else None
        )

    def _calling(self, visit: Visit) -> str | None:
        if visit.help is Help.NONE:
            return None
        if visit.help is Help.COMING:
            return i18n.say(visit.language, "help.coming", minutes=visit.help_minutes)
        return i18n.say(visit.language, f"help.{visit.help.value}")

    def _anywhere(self) -> None:
        """A finger came down somewhere. Dialogs speak for themselves: the touch must reach their buttons first."""
        if self.stage.dialog is None:
            self._send(Rest())

    def _other_language(self) -> None:
        visit = self._visit
        self._send(SetLanguage("en" if visit is None or visit.language == "id" else "id"))
