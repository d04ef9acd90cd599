"""Daftar bawaan: the list as a QR that holds its own text, as a slip of paper, and whether it can be done here.

Nobody is asked who they are, and nothing needs the network.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.model import Visit
from kiosk.knowledge import scale
from kiosk.knowledge.bring import Here, can_here, short_text
from screens.application import journey_of
from screens.sent.proof import ProofScene
from screens.theme.tokens import ToneName
from screens.widgets.cards import InfoCard

QR_SIDE, LEAST_SIDE = 470.0, 300.0
_MARKS: dict[str, tuple[str, ToneName]] = {
    "digital": ("verify", "green"),
    "begun": ("touch", "tint"),
    "officer": ("help", "amber"),
}


class Bring(ProofScene):
    horizon = 420

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.sheet, journey.paper, visit.down("printer"))

    def build(self) -> None:
        sheet = self.journey.sheet
        assert sheet is not None  # noqa: S101 -- reached from the sheet
        needs = sheet.requirements
        step = self.say("risk.step", code=needs.code, title=needs.title)
        self.head(self.say("bring.title"), step=step, sentence=self.say("bring.sentence"), below=30)
        self.nav([self.back(), self.leave(), self.forward(self.say("bring.apply"))])
        language = self.visit.language
        size = scale.tier(needs.scale).label
        words = short_text(needs, sheet.office_papers, size, language)
        paper = self.paper(self.say("bring.print_help"), row=True, instead=self.say("bring.no_paper"))
        high, answer = paper(0, 0, self.width, 128).h, self._answer(can_here(needs), 0.0)
        rest = self.shore.room - answer.h - high - 40
        side = min(QR_SIDE, max(LEAST_SIDE, rest - 88))
        self.shore.put(InfoCard, self.say("bring.scan"), self.say("bring.scan_help"), qr=words, qr_size=side)
        self.add(paper(self.left, self.shore.y, self.width, 128))
        self.shore.y += high + 20
        if self.shore.y + answer.h <= self.shore.end + 1:
            self.add(self._answer(can_here(needs), self.shore.y))

    def _answer(self, here: Here, y: float) -> InfoCard:
        """Bisakah di sini?"""
        icon, tone = _MARKS[here.kind]
        return InfoCard(
            self.look, self.left, y, self.width, f"{self.say('bring.here')}  {self.text(here.title)}",
            self.text(here.help),
            icon=icon, fill=True, icon_code=self.look.palette.tones[tone].icon,
        )  # fmt: skip
