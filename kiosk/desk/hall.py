"""The hall's display: only numbers and counters, never a name. A pure function of the portal's queue."""

from __future__ import annotations

from datetime import datetime, tzinfo

from kiosk.desk.sources import Queue
from kiosk.desk.words import Language, clock, say, service
from kiosk.effects.senses import hour_of

Plain = dict[str, object]


def hall_view(queue: Queue, now: float, wall: float, language: Language, zone: tzinfo) -> Plain:
    """`now` monotonic, `wall` Unix time. Numbers older than 30 s are shown with their time, never as current."""
    at = datetime.fromtimestamp(wall, zone)
    hour = hour_of(at)
    state = queue.state
    fresh = queue.fresh(now)
    view: Plain = {
        "clock": hour.text,
        "date": hour.date_en if language == "en" else hour.date_id,
        "how": "gone",
        "head": say(language, "hall.connecting"),
        "big": say(language, "hall.listen"),
        "to": "",
        "counters": [],
        "next_head": say(language, "hall.next"),
        "next": [],
        "note": say(language, "hall.keep"),
    }
    if state is None:
        return {**view, "next_head": ""}
    called = state.now_calling if fresh and state.is_open else ""
    view["counters"] = [
        {
            "counter": lane.counter,
            "service": service(language, lane.service),
            "number": lane.now_calling if fresh else "",
            "said": "" if fresh else say(language, "hall.ask"),
            "called": bool(called) and lane.now_calling == called,
        }
        for lane in state.services
    ]
    if not fresh:
        heard = datetime.fromtimestamp(wall - (now - queue.heard), zone)
        last = [
            (lane.now_calling, service(language, lane.service)) for lane in state.services if lane.now_calling
        ]
        return {**view, "next_head": say(language, "hall.last", clock=clock(heard)), "next": _numbers(last)}
    # The portal says the order within a lane only; across lanes the longest wait is the best guess there is.
    waits = [(wait, number, lane.service) for lane in state.services for number, wait in lane.numbers[:3]]
    waits.sort(key=lambda one: -one[0])
    view["next"] = _numbers([(number, service(language, name)) for _, number, name in waits[:3]])
    view["note"] = say(language, "hall.free")
    view["how"], view["head"], view["big"] = "calm", say(language, "hall.soon"), say(language, "hall.sit")
    if not state.is_open:
        return {**view, "head": "", "big": say(language, "hall.closed"), "next_head": "", "next": []}
    if called:
        calm = {"head": view["head"], "big": view["big"]}
        view |= {"how": "called", "head": say(language, "hall.calling"), "big": called, "calm": calm}
        view["to"] = say(language, "hall.to", counter=state.counter)
    return view


def _numbers(pairs: list[tuple[str, str]]) -> list[Plain]:
    return [{"number": number, "service": name} for number, name in pairs[:3]]
