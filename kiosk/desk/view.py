"""What an officer's page shows, as plain values: a pure function of what the desk knows, per officer.

The page only draws this, so every rule (which call, which button, which words) is tested without a browser.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from kiosk.assist.call.wire import Call
from kiosk.desk import sources
from kiosk.desk.room import Kiosk, Room
from kiosk.desk.sources import Queue
from kiosk.desk.words import STEPS, STEPS_OF, Language, clock, question, say, service, span, step_name
from kiosk.effects.senses import hour_of
from kiosk.knowledge.lessons import lessons, source

if TYPE_CHECKING:
    from kiosk.portal.models import ServiceQueue

Plain = dict[str, object]

LONG_WAIT: Final = 10
"""Minutes after which a waiting number is pointed out."""
CHIPS: Final = 8
"""Numbers drawn in one lane; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page it is."""

    number: str
    name: str = field(repr=False)
    role: str = "officer"
    language: Language = "id"
    passed: frozenset[str] = frozenset()
    """Calls this officer passed on."""
    idle_left: float = 3600.0


def desk_view(
    room: Room,
    queue: Queue,
    reader: Reader,
    *,
    promises: tuple[int, ...],
    everywhere_seconds: float,
    zone: tzinfo,
    names: dict[str, str],
    sample: bool,
    asked: tuple[tuple[str, int], ...] | None = None,
) -> Plain:
    """The whole page. `names` are officers' names by number; `asked` (question without an answer, times), None where
    the questions are kept on another machine."""
    now = datetime.fromtimestamp(room.wall(), zone)
    calls = _calls(room, reader, promises, everywhere_seconds, names)
    return {
        "calls": calls,
        "calm": _calm(room, reader.language, zone),
        "kiosks": [_kiosk(room, known, reader.language, zone) for known in _sorted(room)],
        "queue": _queue(queue, room.clock(), reader.language),
        "stuck": _stuck(room, reader.language),
        "asked": _asked(asked, reader.language),
        "clock": clock(now),
        "date": _date(now, reader.language, sample),
        "fresh": _fresh(room, reader.language),
        "title": say(reader.language, "call.window", kiosk=calls[0]["kiosk"])
        if calls and calls[0]["ring"]
        else say(reader.language, "title"),
        "idle": reader.idle_left < 120,
    }


# --- calls ---------------------------------------------------------------------------------------------------------


def _calls(
    room: Room, reader: Reader, promises: tuple[int, ...], everywhere: float, names: dict[str, str]
) -> list[Plain]:
    """Mine first, then what rings, then what others have."""
    found = [
        _call(room, known, call, age, reader, promises, everywhere, names)
        for known, call, age in room.calls()
    ]
    order = {"mine": 0, "open": 1, "passed": 2, "theirs": 3}
    return sorted(found, key=lambda one: order[str(one["how"])])


def _call(
    room: Room,
    known: Kiosk,
    call: Call,
    age: float,
    reader: Reader,
    promises: tuple[int, ...],
    everywhere: float,
    names: dict[str, str],
) -> Plain:
    language, kiosk = reader.language, known.state.kiosk
    by = room.taker(call)
    if call.taker:
        how = "mine" if by == reader.number else "theirs"
    else:
        how = "passed" if call.id in reader.passed and age < everywhere else "open"
    on_step = room.age(kiosk) + call.step_age
    title = {
        "mine": say(language, "call.mine", kiosk=kiosk),
        "theirs": say(language, "call.theirs", kiosk=kiosk),
    }.get(how) or say(language, "call.title", kiosk=kiosk)
    said = {
        "mine": say(language, "call.mine_line", n=call.minutes),
        "theirs": say(
            language,
            "call.theirs_line",
            n=call.minutes,
            name=names.get(by) or say(language, "call.other_desk"),
        ),
        "passed": say(language, "call.passed"),
    }.get(how, "")
    return {
        "id": call.id,
        "kiosk": kiosk,
        "spot": known.state.spot,
        "how": how,
        "ring": how == "open",
        "head": say(language, "call.waited", time=span(language, age)),
        "title": title,
        "title_small": f"{kiosk}, {known.state.spot}" if how in ("open", "passed") else title,
        "said": said,
        "step": step_name(language, call.place),
        "step_line": _step_line(language, call.place, known.state.spot),
        "step_small": _step_line(language, call.place, "" if how in ("open", "passed") else known.state.spot),
        "on_step": say(language, "call.on_step", time=span(language, on_step)),
        "speaks": say(language, "call.english") if known.state.language == "en" else "",
        "ask": say(language, "call.ask", question=question(language, call.place)),
        "promises": [{"n": n, "text": say(language, "call.about", n=n)} for n in promises],
        "may_settle": how == "mine" or (how == "theirs" and (not by or reader.role == "supervisor")),
        "row": say(
            language, "call.more", kiosk=kiosk, step=step_name(language, call.place), time=span(language, age)
        ),
    }


def _step_line(language: Language, place: str, spot: str) -> str:
    step = say(language, "call.step", n=STEPS[place], m=STEPS_OF) if place in STEPS else ""
    return ", ".join(part for part in (step, spot) if part)


def _calm(room: Room, language: Language, zone: tzinfo) -> Plain:
    last = room.last
    if last is None or room.wall() - last.at > 12 * 3600:
        line = say(language, "calm.none")
    else:
        at = datetime.fromtimestamp(last.at, zone)
        line = say(language, "calm.last", clock=clock(at), kiosk=last.kiosk, n=last.minutes)
    return {"title": say(language, "calm.title"), "line": line}


# --- kiosks --------------------------------------------------------------------------------------------------------


def _sorted(room: Room) -> list[Kiosk]:
    """By name up to eight; more: problems first."""
    kiosks = sorted(room.kiosks.values(), key=lambda known: known.state.kiosk)
    if len(kiosks) <= 8:
        return kiosks
    return sorted(
        kiosks, key=lambda known: (known.state.call is None, not known.state.down, not known.online)
    )


def _kiosk(room: Room, known: Kiosk, language: Language, zone: tzinfo) -> Plain:
    state, age = known.state, room.age(known.state.kiosk)
    sign, word, lines = "ready", say(language, "state.ready"), [say(language, "state.free")]
    here = span(language, state.place_age + age)
    step = STEPS.get(state.place)
    where = say(language, "state.step", n=step) if step else step_name(language, state.place)
    if not known.online:
        since = clock(datetime.fromtimestamp(known.lost or state.at, zone))
        sign, word, lines = "lost", say(language, "state.lost"), [say(language, "state.since", clock=since)]
    elif state.call is not None and not state.call.taker:
        waited = int(state.call.age + age)
        sign, word = "calls", say(language, "state.calls")
        lines = [where, f"{waited // 60}:{waited % 60:02d}"]
    elif state.down and state.doing != "visit":
        device, why = state.down[0]
        sign, word, lines = (
            "check",
            _trouble(language, device, why),
            [say(language, f"down.no_{_lacks(device)}")],
        )
        if why == "paper_low":
            lines = [say(language, "state.free")]
    elif state.doing == "visit":
        sign, word, lines = "used", say(language, "state.used"), [where, here]
        if state.down:
            lines.append(_trouble(language, *state.down[0]))
    elif state.doing == "resting":
        sign, word, lines = "check", say(language, "state.rest"), [here]
    else:
        lines.append(here)
    return {"id": state.kiosk, "sign": sign, "word": word, "lines": lines, "spot": state.spot}


def _lacks(device: str) -> str:
    return "ticket" if device == "printer" else device


def _trouble(language: Language, device: str, why: str) -> str:
    known = why if why in ("paper_out", "paper_low", "cover_open") else device
    return say(language, f"down.{known}")


def _fresh(room: Room, language: Language) -> str:
    if not room.kiosks:
        return ""
    youngest = min(room.age(kiosk) for kiosk in room.kiosks)
    return say(language, "foot.fresh", time=span(language, youngest))


# --- queue and stuck steps -----------------------------------------------------------------------------------------


def _queue(queue: Queue, now: float, language: Language) -> Plain:
    state = queue.state
    if state is None or not queue.fresh(now):
        return {"gone": say(language, "queue.gone"), "lanes": [], "sum": "", "late": "", "counts": []}
    waits = [wait for lane in state.services for wait in lane.numbers]
    longest = max(waits, key=lambda one: one[1], default=("", 0))
    late = longest[0] if longest[1] > LONG_WAIT else ""
    served = sum(1 for lane in state.services if lane.now_calling)
    lanes = [_lane(lane, late, language) for lane in state.services]
    return {
        "gone": "",
        "lanes": lanes,
        "sum": say(language, "queue.sum", waiting=state.waiting, served=served),
        "late": say(language, "queue.waits", number=late, n=longest[1]) if late else "",
        "counts": [
            [str(state.waiting), say(language, "queue.waiting")],
            [str(longest[1]), say(language, "queue.longest")],
            [str(served), say(language, "queue.serving")],
        ],
    }


def _lane(lane: ServiceQueue, late: str, language: Language) -> Plain:
    chips: list[Plain] = [{"number": lane.now_calling, "tone": "served"}] if lane.now_calling else []
    for one, _ in lane.numbers:
        chips.append({"number": one, "tone": "late" if one == late else "waits"})
    more = max(lane.waiting - len(lane.numbers), 0) + max(len(chips) - CHIPS, 0)
    return {
        "name": service(language, lane.service),
        "counter": lane.counter,
        "chips": chips[:CHIPS],
        "more": say(language, "queue.more", n=more) if more else "",
        "none": "" if chips or more else say(language, "queue.none"),
    }


def _stuck(room: Room, language: Language) -> Plain:
    rows = sources.stuck(room)
    if not rows:
        return {"sum": "", "none": say(language, "stuck.none" if rows is None else "stuck.few"), "rows": []}
    most = rows[0][1]
    return {
        "sum": say(language, "stuck.sum", n=sum(people for _, people in rows)),
        "none": "",
        "rows": [
            {
                "name": step_name(language, place),
                "people": str(people),
                "text": say(language, "stuck.people", n=people),
                "share": round(100 * people / most),
                **_lesson(place, language),
            }
            for place, people in rows[:6]
        ],
    }


def _lesson(place: str, language: Language) -> Plain:
    """The lesson of a step, if it has one of its own."""
    found = next((one for one in lessons() if place in one.places), None)
    if found is None:
        return {"lesson": "", "lesson_text": ""}
    length = say(language, "time.seconds", n=found.seconds)
    return {"lesson": found.id, "lesson_text": say(language, "lessons.length", time=length)}


def lesson_rows(language: Language) -> list[Plain]:
    """Every lesson with its cards, for reading on the officer's own screen."""
    return [
        {
            "id": one.id,
            "title": one.title.get(language),
            "length": say(language, "time.seconds", n=one.seconds),
            "cards": [[card.title.get(language), card.words.get(language)] for card in one.cards],
            "source": f"{source(one).law} {source(one).article}".strip(),
        }
        for one in lessons()
    ]


def _asked(asked: tuple[tuple[str, int], ...] | None, language: Language) -> Plain:
    if not asked:
        return {"none": say(language, "asked.elsewhere" if asked is None else "asked.none"), "rows": []}
    rows = [{"words": words, "times": say(language, "asked.times", n=times)} for words, times in asked[:8]]
    return {"none": "", "rows": rows}


def _date(now: datetime, language: Language, sample: bool) -> str:
    hour = hour_of(now)
    zone = {7: "WIB", 8: "WITA", 9: "WIT"}.get(
        round((now.utcoffset() or now - now).total_seconds() / 3600), ""
    )
    text = f"{hour.date_en if language == 'en' else hour.date_id}, {hour.text} {zone}".rstrip()
    return f"{text} · {'SAMPLE' if language == 'en' else 'CONTOH'}" if sample else text
