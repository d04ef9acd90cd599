"""Terima kasih: what was forgotten is said large, before the person is gone; otherwise that their data is erased."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kiosk.flow.events import Choose, Forward
from kiosk.flow.leaving import FACES, asks_for_a_smile
from kiosk.flow.model import Visit
from screens.identify.lift import CardLift
from screens.scene import Scene
from screens.theme.tokens import SKY_COLUMN, RoleName
from screens.widgets import art
from screens.widgets.art import CREST, texture
from screens.widgets.buttons import Tile
from screens.widgets.cards import InfoCard
from screens.widgets.helpbar import NavItem

_ASKING_HORIZON = 800
_FACE_TILE = 226.0
_PHONE_CARD = 290.0
_GAP = 22.0


class Farewell(Scene):
    horizon = 1010
    clock = "none"

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return visit.left_card, visit.left_paper, visit.smiled, visit.served, visit.survey_url

    def build(self) -> None:
        visit = self.visit
        left = visit.left_card or visit.left_paper
        self.sky = "samudra"
        if visit.served and not left:
            self.horizon = _ASKING_HORIZON + (60 if self.look.large else 0)
        if left:
            self._left(card=visit.left_card, paper=visit.left_paper)
        else:
            self.head(
                self.say("farewell.title"),
                role=self._hero,
                sentence=self.say("farewell.erased"),
                sentence_role="lead",
                y=None if self.look.landscape else 210,
            )
            self._sun()
        if not visit.left_card:  # a card on the reader is waited for: nothing to touch until it is taken
            self.nav([NavItem(self.say("nav.done"), self.sends(Forward()), "tick", "right", "filled")])
        if not self.look.landscape:
            self.start(28)
        if left:
            self.shore.put(
                InfoCard, self.say("farewell.title"), self.say("farewell.data_gone"), icon="shield-check"
            )
        else:
            self._smile()
            self._phone()

    def _smile(self) -> None:
        """One question, four faces; the sea keeps its calm when nothing is asked."""
        if self.visit.smiled:
            self.shore.words(self.say("farewell.smiled"), "title_small")
        elif asks_for_a_smile(self.visit):
            self.shore.words(self.say("farewell.smile"), "title_small")
            # Four in a row at every size of words: faces need no more room when words do.
            side = min(_FACE_TILE, (self.shore.w - 3 * _GAP) / len(FACES))
            for at, face in enumerate(FACES):
                self._face(face, self.shore.x + at * (side + _GAP), self.shore.y, side)
            self.shore.y += side + 28

    def _face(self, face: str, x: float, y: float, side: float) -> None:
        tile = self.add(Tile(self.look, x, y, side, side, "", self.sends(Choose(face))))
        picture = texture(CREST.parent / f"face-{face[-1]}.png")
        inner = tile.face_height - 36
        tile.face.picture(picture, x + (side - inner) / 2, y + 18, inner, inner)

    def _phone(self) -> None:
        if self.visit.survey_url and self.shore.room > _PHONE_CARD:
            title, words = self.say("farewell.phone"), self.say("farewell.phone_help")
            self.shore.put(InfoCard, title, words, qr=self.visit.survey_url, qr_size=200)

    @property
    def _hero(self) -> RoleName:
        narrow = self.look.landscape and self.look.text_step > 1
        return "title" if narrow else "hero"

    def _left(self, *, card: bool, paper: bool) -> None:
        what = "both" if card and paper else "card" if card else "paper"
        self.head(
            self.say(f"farewell.take_{what}"),
            role="title" if what == "both" else self._hero,
            sentence=self.say(f"farewell.take_{what}_where"),
            sentence_role="lead",
            y=None if self.look.landscape else 210,
        )
        if not card:
            self._sun()
        elif self.look.landscape:
            x, w = float(SKY_COLUMN), self.look.wide - SKY_COLUMN
            self.pen.rect(self.look.palette.sky["samudra"], x, 0, w, 484)
            self.pen.rect(self.look.palette.sea, x, 422, w, 62)
            self._card(x + w / 2, 26.0, add=self.add)
            self.shore.y = 504.0
        else:
            self.sky_pen.rect(self.look.palette.sea, 0, self.horizon - 62, self.look.wide, 62)
            self._card(self.look.wide / 2, self.horizon - 458, add=self.add_sky)

    def _card(self, cx: float, y: float, *, add: Callable[[CardLift], CardLift]) -> None:
        add(CardLift(self.look, cx, y, side="left" if self.office.reader_side == "left" else "right"))

    def _sun(self) -> None:
        """The sun has almost set: the day's work is done."""
        look = self.look
        if look.landscape and look.large:
            return  # the words need its place
        if look.landscape:
            self.add_sky(art.Sun(look, 300, 850, 170, halos=(230,)))
        else:
            self.add_sky(art.Sun(look, look.wide / 2, self.horizon + 60, 250, halos=(330,)))
