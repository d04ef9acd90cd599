"""How far the office's archive on this kiosk is, and where the officer goes on."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.archive_results import Board as Told
from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Visit
from kiosk.journeys.archive.state import Archive
from screens.application import trouble_words
from screens.scene import Scene
from screens.widgets.buttons import Tile
from screens.widgets.helpbar import NavItem
from screens.widgets.status import Banner, Progress

_TILE = 148.0


def archive_of(visit: Visit) -> Archive:
    assert isinstance(visit.journey, Archive)  # noqa: S101 -- the director pairs places and scenes
    return visit.journey


class Board(Scene):
    horizon = 440

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = archive_of(visit)
        return journey.board, journey.printed, journey.trouble, journey.waiting

    def build(self) -> None:
        journey = archive_of(self.visit)
        board = journey.board
        small = self.look.landscape and self.look.large
        end = self.head(
            self.say("archive.title"),
            role="title_small" if small else "title",
            step=self.say("archive.step"),
            step_icon="archive",
            sentence=self._sentence(board, journey),
            below=76,
        )
        done, whole = _share(board)
        if whole:
            bar = Progress(
                self.look, self.sky_left, min(end + 14, self.horizon - 48), self.sky_width, done / whole
            )
            self.add_sky(bar)
        self._nav(journey)
        for words, tone, icon in self._notices(journey):
            self.shore.put(Banner, words, tone, icon=icon, gap=20)  # pyright: ignore[reportArgumentType]
        if board is not None:
            self._tiles(journey, board)

    def _sentence(self, board: Told | None, journey: Archive) -> str:
        if board is None:
            return "" if journey.trouble else self.say("archive.opening")
        done, whole = _share(board)
        if not whole:
            return self.say("archive.empty")
        if not board.waiting:
            return self.say("archive.nothing")
        words = self.say("archive.progress", sent=done, all=whole)
        if board.word:
            return words
        if board.seconds_left is None:
            return f"{words}. {self.say('archive.left_unknown')}"
        return f"{words}. {self.say('archive.left', time=self._time(board.seconds_left))}."

    def _time(self, seconds: int) -> str:
        """In whole minutes, never less than one."""
        minutes = max(1, -(-seconds // 60))
        if minutes >= 60:
            return self.say("archive.hours", hours=minutes // 60, minutes=minutes % 60)
        if minutes == 1:
            return self.say("archive.minute")
        return self.say("archive.minutes", count=minutes)

    def _nav(self, journey: Archive) -> None:
        finish = NavItem(self.say("archive.finish"), self.sends(Back()), "exit")
        if journey.board is None:
            again = NavItem(
                self.say("archive.again"), self.sends(Choose("again")), "arrow-clockwise", skin="filled"
            )
            self.nav([finish, *([again] if journey.trouble else [])])
            return
        words = self.say("archive.scan_on" if journey.board.open_pages else "archive.scan")
        self.nav([finish, NavItem(words, self.sends(Forward()), "camera", "right", "filled")])

    def _notices(self, journey: Archive) -> list[tuple[str, str, str]]:
        board = journey.board
        found: list[tuple[str, str, str]] = []
        if journey.trouble is not None:
            found.append((trouble_words(self.visit.language, journey.trouble), "brick", "late"))
        if board is not None and board.word:
            offline = board.word in ("offline", "slow")
            found.append(
                (
                    self.say("archive.waits" if offline else "archive.troubled"),
                    "amber",
                    "wifi-slash" if offline else "late",
                )
            )
        if board is not None and board.open_pages:
            found.append((self.say("archive.open_pages", count=board.open_pages), "tint", "info"))
        return found

    def _tiles(self, journey: Archive, board: Told) -> None:
        printed = {
            "printing": "separator_printing",
            "printed": "separator_printed",
            "": "separator_help",
        }.get(journey.printed, "separator_failed")
        waiting = board.unindexed + (1 if board.open_pages else 0)
        index = self.say("archive.index_help", count=waiting) if waiting else self.say("archive.index_none")
        tiles = [
            ("index", self.say("archive.index"), index, "pencil-simple"),
            ("search", self.say("archive.search"), self.say("archive.search_help"), "magnifying-glass"),
            ("separator", self.say("archive.separator"), self.say(f"archive.{printed}"), "printer"),
        ]
        if board.refused:
            title = f"{self.say('archive.refused', count=board.refused)}. {self.say('archive.refused_again')}"
            tiles.insert(0, ("again", title, self.say("archive.refused_help"), "warning-circle"))
        high = max(self._tile(one, 0, 0, self.width, 0).h for one in tiles)
        room = (self.shore.room + 16) / len(tiles) - 16
        high = max(high, min(_TILE, room))
        columns = 2 if self.look.landscape and not self.look.large else 1
        self.shore.grid(
            [lambda x, y, w, h, one=one: self._tile(one, x, y, w, h) for one in tiles], high, columns=columns
        )

    def _tile(self, one: tuple[str, str, str, str], x: float, y: float, w: float, h: float) -> Tile:
        name, title, words, icon = one
        return Tile(
            self.look, x, y, w, h, title, self.sends(Choose(name)), help_line=words, icon=icon,
            arrow=name in ("index", "search"), keep=False,
        )  # fmt: skip


def _share(board: Told | None) -> tuple[int, int]:
    """(documents the portal has, documents on their way or there)."""
    if board is None:
        return 0, 0
    return board.sent, board.sent + board.waiting + board.refused
