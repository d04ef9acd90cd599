"""The words of the event log: every kind of event there is and the fields it may carry, listed here alone.

An event tells what happened at a kiosk, never to whom. It has a number, a time, a random visit name (empty for what
belongs to no visit), a kind from `WORDS` and a few small fields. There is no field a name, a NIK, a NIB, a phone number
or typed text could go into; `safe` takes out what looks like one all the same before it is written for ever.

The words of the visit's flow are repeated here rather than imported, because `provisioning` reads logs too and must
not load the flow; the tests hold the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Fact = str | int | float | bool | None
Check = Callable[[Fact], bool]

PLACES = (
    "welcome", "identify", "number", "photo", "face", "code", "consent", "menu", "chat", "answer", "search",
    "scale", "risk", "bring", "form", "camera", "pages", "review", "sent", "draft", "scan", "services", "ticket",
    "find_status", "status", "lkpm", "learn", "survey", "farewell", "officer", "archive", "archive_camera",
    "archive_fields", "archive_search", "resting",
)  # fmt: skip
"""Screens, in the order a visit meets them (`kiosk.flow.model.Place`)."""
SERVICES = ("apply", "resume", "status", "queue", "ask", "faq", "lkpm", "learn", "practice", "survey")
WAYS = (
    "none", "nik", "nib", "phone", "ocr", "card", "sam", "sam_fingerprint", "draft", "number",
)  # fmt: skip
REMARKS = (
    "good", "blurred", "cut_off", "glare", "dark", "low_resolution", "blank", "no_page", "moving", "two_pages",
)  # fmt: skip
ENDINGS = ("done", "left", "timeout")
SPOTS = ("kiosk", "bergerak")
"""Where the kiosk stands (setting `kiosk.place`): decides the legal class together with the help level."""


def one_of(*words: str) -> Check:
    allowed = frozenset(words)
    return lambda value: isinstance(value, str) and value in allowed


def whole(least: int, most: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def shaped(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def moment(value: Fact) -> bool:
    """Unix seconds between 2001 and 2106."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 1e9 <= value < 2**32


PLACE = one_of(*PLACES)
WORD = shaped(r"[a-z][a-z_]{0,39}")
"""A short machine word such as a trouble, a device detail or a lesson's name."""
CASE = shaped(r"[a-z]{16}")
"""An application under a random name of 16 letters, as long as `kiosk.main.pipe.new_name` makes them: no digits, so no
number of a person or a permit fits in. Only the kiosk's sealed outbox knows which application it is."""
ALIAS = shaped(r"[a-z]{8}")
"""An officer, by the random letters the officers file gives them; nothing in the log leads from there to a name."""
DUTY = one_of("assist", "desk", "archive", "machine")
LEVEL = whole(0, 4)
SCORE = whole(1, 4)


@dataclass(frozen=True, slots=True)
class Kind:
    meaning: str
    fields: Mapping[str, Check] = field(default_factory=dict[str, Check])
    needs: tuple[str, ...] = ()
    """Fields without which the event says nothing."""
    in_visit: bool = True
    """False: belongs to no visit, so its visit name is empty."""


WORDS: Mapping[str, Kind] = {
    # A visit from its first touch to its end.
    "visit": Kind(
        "a visit begins, and where the kiosk stands", {"where": one_of(*SPOTS), "language": one_of("id", "en")}
    ),
    "step": Kind("a screen is shown", {"place": PLACE}, ("place",)),
    "journey": Kind("a service is chosen", {"detail": one_of(*SERVICES)}, ("detail",)),
    "identified": Kind("someone named themselves, by which means", {"detail": one_of(*WAYS)}, ("detail",)),
    "consent": Kind("consent to use personal data", {"detail": one_of("yes", "no")}, ("detail",)),
    "kbli": Kind("a business code is chosen", {"detail": shaped(r"\d{5}")}, ("detail",)),
    "asked": Kind(
        "a question is put to the kiosk: which known one it was taken for, and whether it was answered",
        {"detail": shaped(r"[A-Z]\d{2}|none"), "how": one_of("answer", "stale", "unknown")},
        ("detail", "how"),
    ),
    "nothing_found": Kind("a search for a business code is given up with nothing found"),
    "page": Kind("a page is scanned, with its worst remark", {"detail": one_of(*REMARKS)}, ("detail",)),
    "camera_trouble": Kind("the camera failed", {"detail": WORD}, ("detail",)),
    "submitted": Kind(
        "an application is handed in: taken by the portal, or safe in the outbox",
        {"detail": one_of("accepted", "provisional"), "case": CASE},
        ("detail",),
    ),
    "submit_trouble": Kind("handing in failed", {"detail": WORD}, ("detail",)),
    "draft": Kind("the work is kept to go on later"),
    "printed": Kind("a ticket came out"),
    "not_printed": Kind("a ticket failed to come out", {"detail": WORD}, ("detail",)),
    "spared": Kind(
        "pages the old way would have printed or copied, and this way did not",
        {"pages": whole(1, 500), "detail": one_of("application", "receipt", "ticket")},
        ("pages",),
    ),
    "left_behind": Kind("a card or paper is forgotten", {"detail": WORD}, ("detail",)),
    "end": Kind(
        "the visit ends, at which screen and how; left and timeout are abandonment",
        {"place": PLACE, "detail": one_of(*ENDINGS)},
        ("place", "detail"),
    ),
    # Help.
    "help": Kind("an officer is called", {"place": PLACE}, ("place",)),
    "help_coming": Kind("an officer takes the call", {"minutes": whole(0, 60)}),
    "unlock": Kind(
        "an officer's credentials were right, and what they opened",
        {"role": one_of("officer", "supervisor", "it"), "duty": DUTY, "officer": ALIAS, "detail": WORD},
        ("role",),
    ),
    "unlock_refused": Kind(
        "an officer's credentials were refused; `officer` is missing when nobody has the number",
        {"duty": DUTY, "officer": ALIAS, "detail": WORD},
    ),
    "lock": Kind("what an officer had opened is closed", {"duty": DUTY, "officer": ALIAS, "detail": WORD}),
    "help_level": Kind(
        "how much help a step took: 0 none, 1 hint, 2 pointed, 3 did one step, 4 typed",
        {"place": PLACE, "level": LEVEL, "by": one_of("officer", "kiosk")},
        ("level",),
    ),
    "fill_consent": Kind(
        "the visitor was asked whether an officer may do this step for them",
        {"place": PLACE, "detail": one_of("yes", "no")},
        ("place", "detail"),
    ),
    "filled_by": Kind(
        "the visitor confirms who filled it in", {"detail": one_of("self", "officer")}, ("detail",)
    ),
    "lesson": Kind("a lesson is opened", {"detail": WORD, "place": PLACE, "by": one_of("visitor", "officer")}),
    "practice": Kind("a practice run with invented data", {"detail": one_of("begun", "finished")}),
    # What belongs to no visit. A survey is anonymous: tied to no visit, and never more than one a visit.
    "survey": Kind(
        "a satisfaction survey",
        {f"u{number}": SCORE for number in range(1, 10)}
        | {"how": one_of("kiosk", "phone"), "sex": WORD, "age": WORD, "schooling": WORD, "work": WORD},
        in_visit=False,
    ),
    "smile": Kind("the one-touch smile; not a survey", {"score": whole(1, 4)}, ("score",), in_visit=False),
    "oss_status": Kind(
        "OSS set a status on an application; the first starts the service clock",
        {"case": CASE, "status": shaped(r"\d{2}"), "set": moment},
        ("case", "status"),
        in_visit=False,
    ),
    "device": Kind(
        "the state of a device changed",
        {"device": one_of("card", "camera", "printer", "network", "screen"),
         "state": one_of("ready", "down"), "detail": WORD},
        ("device", "state"),
        in_visit=False,
    ),
    "rest": Kind("the kiosk stops serving, or serves again", {"detail": WORD}, in_visit=False),
}  # fmt: skip


def faults(kind: str, data: Mapping[str, Fact]) -> list[str]:
    """What is wrong with an event, as words; empty when it is well formed. Never repeats a value."""
    known = WORDS.get(kind)
    if known is None:
        return ["unknown kind"]
    found = [f"{name} is missing" for name in known.needs if name not in data]
    for name, value in data.items():
        check = known.fields.get(name)
        if check is None:
            found.append(f"{name[:20]!r} is no field of it")
        elif not check(value):
            found.append(f"{name} does not fit")
    return found


WITHHELD = "withheld"
_LONG_NUMBER = re.compile(r"(?:\d[\s.\-/]?){8,}")
_TEXT = re.compile(r"[\w.:+\-]{0,64}", re.ASCII)


def safe(data: Mapping[str, Fact]) -> dict[str, Fact]:
    """`data` with everything that could name a person replaced by the word "withheld".

    The last guard before a log that cannot forget: long numbers (NIK, NIB, phone), addresses and anything that is no
    short machine word. A field that needs this is a fault; the tests look for it.
    """
    return {name: value if _harmless(value) else WITHHELD for name, value in data.items()}


def _harmless(value: Fact) -> bool:
    if isinstance(value, str):
        return _TEXT.fullmatch(value) is not None and not _LONG_NUMBER.search(value)
    return value is None or isinstance(value, bool) or abs(value) < 2**32
