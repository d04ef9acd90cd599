"""The one dialog over a screen: which the state asks for, how it is drawn, what changes while it is open.

The first button of each is the safe one and sends `Answer(yes=True)`; the last one sends `Answer(yes=False)`.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any

from kivy.graphics import InstructionGroup

from kiosk import i18n
from kiosk.flow.events import Answer, Rest
from kiosk.flow.model import Dialog as Which
from kiosk.flow.model import Visit
from kiosk.identity.rights import Right
from screens.scene import Send, Sends
from screens.theme.look import Look
from screens.theme.tokens import HELP_BAR, SkinName
from screens.widgets import text, wake
from screens.widgets.dialog import Dialog
from screens.widgets.helpbar import NavItem

PRIVACY_PARTS = 6
_SURROUND = 46 + 14 + 40 + 46 + 56 + 24
"""Space a dialog's card needs around its words, and under and over it."""


def dialog_key(visit: Visit) -> Hashable:
    """Another key is another dialog; None is none."""
    if visit.dialog is None:
        return None
    return visit.dialog, visit.language, _timeout_words(visit) if visit.dialog is Which.TIMEOUT else ""


def make_dialog(look: Look, visit: Visit, send: Send) -> Dialog | None:
    """The dialog the state asks for, or None."""
    if visit.dialog is None:
        return None
    if visit.dialog is Which.TIMEOUT:
        return _timeout(look, visit, send)
    if visit.dialog is Which.PRIVACY:
        return Pages(look, visit, send)
    stem, yes, no, icon, risky = _QUESTIONS[visit.dialog]
    return Dialog(
        look,
        _say(visit, f"{stem}_title"),
        _say(visit, stem),
        [_item(visit, yes, send, "filled", yes=True), _item(visit, no, send, risky, yes=False)],
        icon=icon,
    )


def update_dialog(dialog: Dialog, visit: Visit) -> None:
    """The state changed and the key did not: the seconds of the countdown."""
    if visit.dialog is Which.TIMEOUT:
        dialog.tell(visit.remaining)


_QUESTIONS: dict[Which, tuple[str, tuple[str, str], tuple[str, str], str, SkinName]] = {
    Which.LEAVE: ("leave", ("leave_stay", "back"), ("leave_erase", "bin"), "question", "danger"),
    Which.DELETE_PAGE: ("delete", ("delete_keep", "back"), ("delete_yes", "bin"), "bin", "danger"),
    Which.NEEDS_PROOF: ("proof", ("proof_go", "ektp"), ("proof_later", "back"), "ektp", "plain"),
    Which.FILL_FOR_ME: ("fill", ("fill_no", "touch"), ("fill_yes", "handshake"), "headset", "plain"),
    Which.WHO_FILLED: ("who", ("who_self", "user"), ("who_officer", "headset"), "question", "plain"),
    Which.KNOWN_DOCUMENT: ("known", ("known_back", "edit"), ("known_keep", "add"), "files", "plain"),
    Which.DISCARD_DOCUMENT: ("discard", ("discard_keep", "back"), ("discard_yes", "bin"), "bin", "danger"),
    Which.REPEATED_PAGE: ("repeat", ("repeat_drop", "bin"), ("repeat_keep", "add"), "files", "plain"),
}
"""Dialog → (stem of its texts, (words, icon) of yes, of no, icon above the title, colour of no)."""


def _say(visit: Visit, name: str, **values: object) -> str:
    return i18n.say(visit.language, f"dialog.{name}", **values)


def _item(visit: Visit, button: tuple[str, str], send: Send, skin: SkinName, *, yes: bool) -> NavItem:
    words, icon = button
    return NavItem(_say(visit, words), Sends(send, Answer(yes=yes)), icon, skin=skin)


class Timeout(Dialog):
    """Picture 19. A touch anywhere on it, not only on the button, keeps the visit."""

    send: Send

    def press(self, x: float, y: float) -> None:
        self.send(Rest())


def _timeout_words(visit: Visit) -> str:
    """What happens at zero, as `kiosk.flow.leaving.on_time_out` decides it."""
    draft = visit.journey.draft if visit.journey is not None else None
    if draft is None:
        return "plain"
    return "saved" if visit.consented and visit.standing.may(Right.SUBMIT) else "lost"


def _timeout(look: Look, visit: Visit, send: Send) -> Dialog:
    words = _timeout_words(visit)
    out = "timeout_leave" if words == "plain" else "timeout_save"
    dialog = Timeout(
        look,
        _say(visit, "timeout_title"),
        _say(visit, f"timeout_{words}", days=visit.settings.draft_days),
        [
            _item(visit, ("timeout_stay", "touch"), send, "filled", yes=True),
            _item(visit, (out, "exit"), send, "plain", yes=False),
        ],
        countdown=visit.remaining,
        caption=_say(visit, "seconds"),
    )
    dialog.send = send
    return dialog


class Pages(Dialog):
    """The full words about data. They are never cut or scrolled: what does not fit at this size is the next page."""

    def __init__(self, look: Look, visit: Visit, send: Send) -> None:
        self._visit, self._send = visit, send
        self._plan = self._paginate(look)
        self._outer: Any = InstructionGroup()
        self.page = 0
        self._show(look, 0)

    def _paginate(self, look: Look) -> list[str]:
        width = 968.0 if not look.landscape else 1100.0
        title = text.height_of(look, _say(self._visit, "privacy_title"), "title", width - 96)
        room = look.tall - HELP_BAR - _SURROUND - title - 168 - 22 - 124
        pages: list[str] = []
        for number in range(1, PRIVACY_PARTS + 1):
            paragraph = _say(self._visit, f"privacy_{number}", days=self._visit.settings.draft_days)
            grown = f"{pages[-1]}\n\n{paragraph}" if pages else paragraph
            if pages and text.height_of(look, grown, "lead_small", width - 96) <= room:
                pages[-1] = grown
            else:
                pages.append(paragraph)
        return pages

    def _show(self, look: Look, page: int) -> None:
        self.page = page % len(self._plan)
        items = [_item(self._visit, ("privacy_close", "tick"), self._send, "filled", yes=True)]
        if len(self._plan) > 1:
            last = self.page == len(self._plan) - 1
            words = _say(self._visit, "privacy_first" if last else "privacy_more")
            items.append(NavItem(words, partial(self._turn, look), "back" if last else "more"))
        super().__init__(look, _say(self._visit, "privacy_title"), self._plan[self.page], items)
        inner = self.group
        # What the stage shows is the outer group; the page inside it is drawn anew.
        self._outer.clear()
        self._outer.add(inner)
        self.group = self._outer
        wake.ask()

    def _turn(self, look: Look) -> None:
        self._send(Rest())
        self._show(look, self.page + 1)
