"""The document camera for an officer's batch: page after page without leaving it, each kept before the word says so."""

from __future__ import annotations

from collections.abc import Hashable
from time import monotonic

from kiosk.flow.events import Choose
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from screens.archive.board import archive_of
from screens.camera.screen import Camera, Taking
from screens.widgets.buttons import Button

SAID_SECONDS = 2.5
"""How long what became of a page stands before the live hints are back."""
DOUBT_SECONDS = 5.0


class ArchiveCamera(Camera):
    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return visit.down("camera")

    def taking(self, visit: Visit) -> Taking:
        return archive_of(visit)

    def _words_above(self) -> None:
        self._row: list[Button] = []
        self._told = ("", False)
        self._until = 0.0
        self.head(
            self.say("archive.camera_title"), step=self.say("archive.step"), role="title_small", below=50
        )

    def _draw_later(self) -> None:
        """Two buttons in the place of "later": the page taken last away, and the next document."""
        for button in self._row:
            self.remove(button)
        journey = archive_of(self.visit)
        x, y, w, h = self._later
        gap = 18.0
        each = (w - gap) / 2
        role = "button_small" if self.look.landscape or self.look.large else "tile_small"
        words = self.say("archive.camera_next")
        if journey.pages and not self.look.landscape:
            words += f" · {self.say('archive.row_pages', count=journey.pages)}"
        drop = Button(
            self.look, x, y, each, h, self.say("archive.camera_drop"), self.sends(Choose("drop_last")), role=role,
            pad=8, enabled=journey.sheet is not None,
        )  # fmt: skip
        more = Button(
            self.look, x + each + gap, y, each, h, words, self.sends(Choose("next_document")), role=role, pad=8,
            enabled=journey.pages > 0,
        )  # fmt: skip
        self._row = [self.add(drop), self.add(more)]
        self._drawn = (journey.pages, journey.sheet is not None)

    def update(self, visit: Visit) -> None:
        journey = archive_of(visit)
        self.visit = visit
        if (journey.pages, journey.sheet is not None) != self._drawn:
            self._draw_later()
        sheet = journey.sheet.sheet if journey.sheet is not None else ""
        if (sheet, journey.begun) != self._told:
            self._told = (sheet, journey.begun)
            doubtful = journey.sheet is not None and bool(journey.sheet.remarks or journey.sheet.repeats)
            self._until = monotonic() + (DOUBT_SECONDS if doubtful else SAID_SECONDS)
        super().update(visit)

    def _look(self, journey: Taking) -> None:
        super()._look(journey)
        if journey.trouble is Trouble.TOO_MANY:
            self._said = self.say("archive.camera_full")
            self._judge()

    def _judge(self) -> None:
        super()._judge()
        if self._said or self._fault or monotonic() >= self._until:
            return
        words, good = self._became()
        if words:
            self.caption.say(words, good=good)

    def _became(self) -> tuple[str, bool]:
        """What became of the page taken last, and whether all is well."""
        journey = archive_of(self.visit)
        sheet = journey.sheet
        if journey.begun:
            return self.say("archive.camera_begun"), True
        if sheet is None:
            return "", False
        if sheet.repeats:
            return self.say("archive.camera_repeat", n=sheet.number), False
        if sheet.remarks:
            why = self.say(f"archive.why_{sheet.remarks[0]}")
            return self.say("archive.camera_doubt", n=sheet.number, why=why), False
        return self.say("archive.camera_kept", n=sheet.number), True
