"""It is sent: the number, where to follow it, and a proof on paper or on the phone. Without a line: saved and safe."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.model import Visit
from screens.application import day_words, journey_of
from screens.sent.proof import ProofScene
from screens.theme.tokens import Role
from screens.widgets import text
from screens.widgets.cards import InfoCard
from screens.widgets.status import Banner
from screens.words import clock


class Sent(ProofScene):
    horizon = 640
    sky = "done"

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (
            journey.submitted,
            journey.paper,
            journey.receipt,
            visit.down("printer"),
            visit.person.phone_masked,
        )

    def build(self) -> None:
        look, submitted = self.look, self.journey.submitted
        assert submitted is not None  # noqa: S101 -- the journey is here because of it
        self._pre = "saved_" if submitted.provisional else ""
        if submitted.provisional:
            self.sky = "notice"
        top = self._stamp(submitted.at)
        y = self.head(
            self.say(f"sent.{self._pre}title"), sentence=self.say(f"sent.{self._pre}keep"), y=top, below=10
        )
        y = self._number(submitted.number, y + 14)
        if not look.landscape:
            self.horizon = max(560.0 if look.large else 640.0, y + 36)
            self.start(32)
        self.ways_out()
        self._track(submitted.url)
        self._proofs(submitted.estimate)

    def _stamp(self, at: str) -> float:
        """The tick and the time, larger than a step line: it is the news of this screen."""
        look, palette = self.look, self.look.palette
        x, y = self.sky_left, 196.0 if look.landscape else 160.0
        step = f"sent.{self._pre}step"
        words = self.say(step, at=clock(self.visit.language, at)) if at else self.say(f"{step}_no_hour")
        size = 56.0
        room = self.sky_width - size - 18
        high = text.height_of(look, words, "lead_small", room)
        line = max(size, high)
        self.pen.icon(
            "lock-key" if self._pre else "done",
            size,
            x,
            y + (line - size) / 2,
            code=palette.on_sky,
            fill=True,
        )
        self.pen.text(words, "lead_small", x + size + 18, y + (line - high) / 2, room, code=palette.on_sky)
        return y + line + 16

    def number_lines(self, number: str) -> list[tuple[str, Role]]:
        """The number in the largest letters that fit; its last part on a smaller line of its own when it is long."""
        look = self.look
        first, rest = number, ""
        if len(number) > 15 and "-" in number:
            first, _, rest = number.rpartition("-")
        first = first.replace("-", "–")
        role = look.role("greeting")._replace(growth="none")
        wide = text.width_of(look, first, role)
        role = role._replace(size=min(role.size, role.size * (self.sky_width - 8) / wide - 1))
        if not rest:
            return [(first, role)]
        return [(first, role), (f"–{rest}", role._replace(size=min(54.0, role.size * 0.72)))]

    def _number(self, number: str, y: float) -> float:
        for line, role in self.number_lines(number):
            y += self.pen.text(line, role, self.sky_left, y, None, code=self.look.palette.on_sky).height
        return y

    def _track(self, url: str) -> None:
        title, words = self.say(f"sent.{self._pre}track"), self.say(f"sent.{self._pre}track_help")
        if not url:
            self.shore.put(InfoCard, title, words, icon="lock-key", fill=True)
            return
        size = 268.0 if not (self.look.large or self.look.landscape) else 216.0
        self.shore.put(InfoCard, title, words, qr=url, qr_size=size)

    def _proofs(self, estimate: str) -> None:
        look = self.look
        row = look.large or look.landscape
        makes = [self.paper(self.say("sent.print_help"), row=row)]
        if not self._pre:
            makes.append(self.phone(row=row))
        columns = 2 if look.landscape or not row else 1
        high = 132.0 if row else 220.0
        gap = 18.0
        wide = (self.width - gap * (columns - 1)) / columns
        tallest = max(make(0, 0, wide, high).h for make in makes)
        rows = -(-len(makes) // columns)
        need = rows * (tallest + 16) - 16
        heading = text.height_of(look, self.say("sent.which"), "tile", self.width) + 16
        day = day_words(self.visit.language, estimate)
        words = self.say("sent.estimate", day=day) if estimate else self.say("sent.no_estimate")
        banner = Banner(look, self.left, self.shore.y, self.width, words, "green", icon="calendar-check")
        if not self._pre and banner.bottom + 20 + heading + need <= self.shore.end:
            self.add(banner)
            self.shore.y = banner.bottom + 24
        if self.shore.y + heading + need <= self.shore.end:
            self.shore.words(self.say("sent.which"), "tile", gap=16)
        for index, make in enumerate(makes):
            line, column = divmod(index, columns)
            self.add(
                make(self.left + column * (wide + gap), self.shore.y + line * (tallest + 16), wide, tallest)
            )
