"""The autopilot's visitor: an invented person who files an application from beginning to end, by tapping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kiosk.main.demo.finger import Finger, Seen, choices, fields

ANSWERS = {
    "business_name": "kedai kopi contoh",
    "address": "jl. contoh rt 02",
    "tenure": "rent",
    "land_area": "120",
    "building_area": "48",
    "equipment": "15000000",
    "working_capital": "5000000",
    "workers_male": "1",
    "workers_female": "2",
}
"""By question id; invented. A question that is not here gets its first choice, or "contoh"."""

QUERY = "kedai minuman"
WANTED_CODE = "56304"


class Table(Protocol):
    """What the autopilot does with its hands beside the screen (the device bench)."""

    def card(self, *, present: bool) -> None: ...

    def paper(self, kind: str, page: int, *, present: bool) -> None: ...

    def code(self, before: int) -> str: ...

    def codes_sent(self) -> int: ...


@dataclass(slots=True)
class Passed:
    """What happened: pictures in order, numbers read from the kiosk's own state at the portal."""

    screens: list[str] = field(default_factory=list[str])


class Visitor:
    """Walks one visit. `say` gets a line for each step; pictures go to `folder`."""

    def __init__(self, finger: Finger, table: Table, folder: Path, say: Callable[[str], None]) -> None:
        self.finger = finger
        self.table = table
        self.folder = folder
        self.say = say
        self.passed = Passed()

    def snap(self, name: str) -> None:
        number = len(self.passed.screens) + 1
        file = f"{number:02d}-{name}.png"
        self.finger.picture(self.folder / file)
        self.passed.screens.append(file)
        self.say(f"  {file}")

    def walk(self) -> None:
        self._come_in()
        self._find()
        self._fill_in()
        self._lay_papers()
        self._send()
        self._take_number()
        self._leave()

    def _come_in(self) -> None:
        finger = self.finger
        finger.at("welcome")
        self.snap("welcome")
        finger.tap("Begin()")
        finger.at("identify")
        self.snap("identify")
        sent = self.table.codes_sent()
        self.table.card(present=True)
        finger.at("code")
        self.snap("code")
        finger.type(self.table.code(sent))
        finger.at("consent")
        self.snap("consent")
        finger.tap("Forward()")
        finger.at("menu")
        self.snap("menu")

    def _find(self) -> None:
        finger = self.finger
        finger.choose("apply")
        finger.at("search")
        finger.type(QUERY.split()[0])
        finger.tap("key: ")
        finger.type(QUERY.split()[1])
        finger.wait(
            "results", lambda state: any(len(code) == 5 and code.isdigit() for code in choices(state))
        )
        finger.at("search")
        self.snap("search")
        codes = [code for code in choices(finger.look()) if len(code) == 5 and code.isdigit()]
        finger.choose(WANTED_CODE if WANTED_CODE in codes else codes[0])
        finger.wait("scales", lambda state: "mikro" in choices(state))
        self.snap("scale-capital")
        finger.choose("mikro")
        finger.wait("sales", lambda state: "new" in choices(state))
        self.snap("scale-sales")
        finger.choose("new")
        finger.at("risk")
        self.snap("risk")
        finger.tap("Forward()")
        finger.at("form")

    def _fill_in(self) -> None:
        finger = self.finger
        for number in range(1, 20):
            seen = finger.look()
            if seen["place"] != "form":
                return
            before = _fingerprint(seen)
            for question in fields(seen) or [""]:
                self._answer(question)
            self.snap(f"form-{number}")
            finger.tap("Forward()")
            finger.wait("the next question", _other_than(before))

    def _answer(self, question: str) -> None:
        finger = self.finger
        if question:
            finger.tap(f"Focus(field_id={question!r})")
        seen = finger.look()
        wanted = ANSWERS.get(question, "")
        offered = choices(seen)
        if wanted in offered:
            finger.choose(wanted)
        elif offered and not wanted:
            known = next((ANSWERS[name] for name in ANSWERS if ANSWERS[name] in offered), offered[0])
            finger.choose(known)
        else:
            for word in (wanted or "contoh").split(" "):
                finger.type(word)
                if word != (wanted or "contoh").split(" ")[-1]:
                    finger.tap("key: ")

    def _lay_papers(self) -> None:
        finger = self.finger
        for number in range(1, 8):
            seen = finger.wait(
                "papers or review", lambda state: state["place"] in ("camera", "pages", "review")
            )
            if seen["place"] == "review":
                return
            kind = "lease" if number == 1 else "npwp"
            leaves = 2 if number == 1 else 1
            for leaf in range(leaves):
                self.table.paper(kind, leaf, present=True)
                finger.wait("a steady page", lambda state: state["place"] == "camera" and state["steady"])
                self.snap(f"camera-{number}-{leaf + 1}")
                finger.tap("Forward()")
                finger.at("pages")
                if leaf + 1 < leaves:
                    finger.choose("add")
                    finger.at("camera")
            self.snap(f"pages-{number}")
            self.table.paper(kind, 0, present=False)
            finger.tap("Forward()")
            finger.wait("the next paper", lambda state: state["place"] in ("camera", "review"))

    def _send(self) -> None:
        finger = self.finger
        finger.at("review")
        finger.tap("Toggle(what='declare')")
        self.snap("review")
        finger.tap("Forward()")
        finger.at("sent", seconds=30)
        self.snap("sent")
        finger.choose("print")
        finger.wait("the receipt", lambda state: state["paper"] == "printed")
        finger.choose("menu")
        finger.at("menu")

    def _take_number(self) -> None:
        finger = self.finger
        finger.choose("queue")
        finger.at("services")
        self.snap("services")
        finger.choose("perizinan")
        finger.wait(
            "the ticket on paper", lambda state: state["place"] == "ticket" and state["paper"] == "printed"
        )
        self.snap("ticket")

    def _leave(self) -> None:
        finger = self.finger
        session = finger.look()["session"]
        finger.tap("Forward()")
        finger.at("farewell")
        self.snap("farewell")
        self.table.card(present=False)
        finger.wait(
            "the next visit",
            lambda state: state["session"] != session and state["place"] == "welcome",
            seconds=40,
        )
        self.snap("next-welcome")


def _fingerprint(seen: Seen) -> tuple[str, ...]:
    """Tells one form screen from the next: where it is and what can be touched, keys aside."""
    return (seen["place"], *(spot["touch"] for spot in seen["spots"] if not spot["touch"].startswith("key:")))


def _other_than(before: tuple[str, ...]) -> Callable[[Seen], bool]:
    return lambda seen: not seen["busy"] and _fingerprint(seen) != before
