"""Beri nilai (picture 16): one question, four faces from worst to best in the same order each time; then thanks."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Visit
from kiosk.journeys.survey import SCORES
from kiosk.journeys.survey import Survey as Journey
from kiosk.knowledge.survey import ProfileQuestion, Question
from screens.frame import Make, NoRoomError
from screens.scene import Scene
from screens.theme.look import Look
from screens.theme.tokens import LIP, RoleName
from screens.widgets import text
from screens.widgets.art import CREST, Picture, texture
from screens.widgets.buttons import Tile
from screens.widgets.helpbar import NavItem
from screens.widgets.part import Action
from screens.widgets.status import Banner, Stepper

_FACE = 184.0
_MOST_HIGH = 408.0
_EDGE = 28.0
_WIDE_BARS = 758.0
"""Where the bars lie in a wide window: over the sea that the session clock stands in."""


class FaceTile(Tile):
    """One of the four answers: a face over its words; beside them where the words are large and the tiles are low."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, number: int, words: str, on_tap: Action
    ) -> None:
        picture = texture(CREST.parent / f"face-{number}.png")
        lip = LIP["button"]
        if look.large:
            side = max(84.0, min(132.0, h - lip - _EDGE))
            room = w - side - 3 * 36
            words_h = text.height_of(look, words, "button", room)
            super().__init__(look, x, y, w, max(h, words_h + lip + _EDGE), "", on_tap)
            self.face.picture(picture, x + 36, y + (self.face_height - side) / 2, side, side)
            place = (x + 72 + side, y + (self.face_height - words_h) / 2, room)
            self.title = self.face.text(words, "button", *place, code=self.skin.text)
            return
        room = w - 40
        words_h = text.height_of(look, words, "button", room)
        side = max(84.0, min(_FACE, h - lip - words_h - 22 - _EDGE))
        super().__init__(look, x, y, w, max(h, side + 22 + words_h + lip + _EDGE), "", on_tap)
        top = y + (self.face_height - side - 22 - words_h) / 2
        self.face.picture(picture, x + (w - side) / 2, top, side, side)
        self.title = self.face.text(
            words, "button", x + 20, top + side + 22, room, code=self.skin.text, align="center"
        )


class Survey(Scene):
    horizon = 558

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = visit.journey
        if not isinstance(journey, Journey):
            return None
        told = dict(journey.told).get(journey.about_you.name, "") if journey.about_you is not None else ""
        return journey.at, bool(journey.questions), journey.thanked, journey.trouble, journey.given, told

    def build(self) -> None:
        journey = self.visit.journey
        assert isinstance(journey, Journey)  # noqa: S101 -- the place belongs to the survey
        if journey.thanked:
            self._thanks(journey)
        elif journey.question is not None:
            self._ask(journey, journey.question)
        elif journey.about_you is not None:
            self._ask_about(journey, journey.about_you)
        else:
            self._wait(journey)

    # ---- a question
    def _ask(self, journey: Journey, question: Question) -> None:
        words = question.ask.get(self.visit.language)
        role, sentence = self._voice(journey, question)
        end = self.head(
            words,
            step=self._step(journey, question),
            sentence=self.say("survey.sentence") if sentence else None,
            role=role,
            room=self._balanced(words, role),
        )
        self._bars(journey, question, end)
        self.nav(self._ways(), even=not self.look.large)
        if not self.look.landscape and not self.look.large:
            self.shore.y += 30
        rows, gap = (4, 16.0) if self.look.large else (2, 24.0)
        high = min(_MOST_HIGH, (self.shore.end - self.shore.y - gap * (rows - 1)) / rows)
        if self.look.large:
            high = min(high, 200.0)
        makes = [
            self._face(score, answer.get(self.visit.language), chosen=journey.given == score)
            for score, answer in enumerate(question.answers, 1)
        ]
        placed = self.shore.grid(makes, high, gap=22, row_gap=gap)
        if placed != len(SCORES):  # the tests draw every size of words
            raise NoRoomError("an answer has no room")

    # ---- about the respondent
    def _ask_about(self, journey: Journey, asked: ProfileQuestion) -> None:
        language = self.visit.language
        number, count = journey.profile.index(asked) + 1, len(journey.profile)
        self.head(
            asked.ask.get(language),
            step=self.say("survey.about_step", n=number, all=count),
            sentence=self.say("survey.about"),
            stepper=(number, count),
            role="field" if self.look.landscape and self.look.large else "title",
        )
        self.nav(self._ways(), even=not self.look.large)
        told = dict(journey.told).get(asked.name, "")
        makes = [
            self._choice(value, label.get(language), chosen=told == value) for value, label in asked.choices
        ]
        columns = 2 if self.look.landscape or len(makes) > 4 else 1
        self.shore.grid(makes, 128, columns=columns)

    def _choice(self, value: str, words: str, *, chosen: bool) -> Make:
        def make(x: float, y: float, w: float, h: float) -> Tile:
            tile = Tile(self.look, x, y, w, h, words, self.sends(Choose(value)))
            if chosen:
                tile.choose(on=True)
            return tile

        return make

    def _ways(self) -> list[NavItem]:
        return [
            NavItem(self.say("nav.back"), self.sends(Back()), "back"),
            NavItem(self.say("survey.skip"), self.sends(Choose("skip"))),
            NavItem(self.say("survey.stop"), self.sends(Choose("stop")), "leave"),
        ]

    def _step(self, journey: Journey, question: Question) -> str:
        n = journey.questions.index(question) + 1
        return self.say(
            "survey.step", n=n, all=len(journey.questions), label=question.label.get(self.visit.language)
        )

    def _voice(self, journey: Journey, question: Question) -> tuple[RoleName, bool]:
        """How large the question is said, and whether the sentence has room: the sky of a wide window is narrow."""
        if not self.look.landscape:
            return "title", True
        language = self.visit.language
        roles: tuple[RoleName, ...] = ("title", "title_small", "field")
        words = " ".join(one.ask.get(language) for one in journey.questions).split()
        for role in roles[:-1]:
            if max(text.width_of(self.look, word, role) for word in words) > self.sky_width:
                continue
            high = text.height_of(self.look, question.ask.get(language), role, self.sky_width) + 16
            high += text.height_of(self.look, self._step(journey, question), "step", self.sky_width) + 12
            with_sentence = high + text.height_of(
                self.look, self.say("survey.sentence"), "lead_small", self.sky_width
            )
            if 196 + high <= _WIDE_BARS - 20:
                return role, 196 + with_sentence <= _WIDE_BARS - 20
        return roles[-1], False

    def _balanced(self, words: str, role: RoleName) -> float | None:
        """The narrowest room that needs no more lines, so that no last line is one word long."""
        if self.look.landscape:
            return None
        high = text.height_of(self.look, words, role, self.sky_width)
        room = self.sky_width
        while room > 400 and text.height_of(self.look, words, role, room - 20) <= high:
            room -= 20
        return room

    def _bars(self, journey: Journey, question: Question, end: float) -> None:
        """The bars and, below them, the faces stay where they are: the tallest question decides for all."""
        look, language, width = self.look, self.visit.language, self.sky_width
        y = _WIDE_BARS
        if not look.landscape:

            def words_h(one: Question) -> float:
                step = text.height_of(look, self._step(journey, one), "step", width)
                return step + text.height_of(look, one.ask.get(language), "title", width)

            tallest = max(words_h(one) for one in journey.questions)
            self.horizon = max(self.horizon, end + tallest - words_h(question) + 86)
            y = self.horizon - 58
        self.add(Stepper(look, self.sky_left, y, width, journey.at + 1, len(journey.questions)))
        self.start()

    def _face(self, score: int, words: str, *, chosen: bool) -> Make:
        def make(x: float, y: float, w: float, h: float) -> FaceTile:
            tile = FaceTile(self.look, x, y, w, h, score, words, self.sends(Choose(SCORES[score - 1])))
            if chosen:
                tile.choose(on=True)
            return tile

        return make

    # ---- before and after
    def _wait(self, journey: Journey) -> None:
        self.head(self.say("menu.survey"), sentence=self.say("survey.sentence"))
        self.nav([NavItem(self.say("survey.stop"), self.sends(Choose("stop")), "leave")])
        if journey.trouble is None:
            self.shore.put(Banner, self.say("survey.wait"), "tint", icon="hourglass")
        else:
            self.shore.put(Banner, self.say(f"trouble.{journey.trouble.value}"), "amber", icon="warning")

    def _thanks(self, journey: Journey) -> None:
        words = "repeated" if journey.repeated else "thanks" if journey.trouble is None else "not_kept"
        self.head(
            self.say(f"survey.{words}"),
            role="title" if self.look.landscape and self.look.large else "greeting",
            sentence=self.say(f"survey.{words}_help"),
            sentence_role="lead",
        )
        self.nav(
            [
                NavItem(self.say("nav.menu"), self.sends(Choose("menu")), "menu"),
                NavItem(self.say("nav.done"), self.sends(Forward()), "tick", "right", "filled"),
            ],
            even=True,
        )
        side = min(420.0, self.shore.end - self.shore.y - 60)
        face = "face-2.png" if words == "not_kept" else "face-4.png"
        top = self.shore.y + (self.shore.end - self.shore.y - side) / 2
        self.add(Picture(self.look, self.left + (self.width - side) / 2, top, side, side, face))
