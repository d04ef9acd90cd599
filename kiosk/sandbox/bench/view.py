"""What the bench's page shows, as plain values: a pure function of table, happenings, line and codes.

The page only draws this, so every rule (which chip, which act, what is greyed) is tested without a browser.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from hardware.world.port import CameraTable, CardTable, Noted, PrinterTable, WorldState
from kiosk.sandbox.bench.port import NetworkView, SentCode
from kiosk.sandbox.bench.texts import Language, say

Plain = dict[str, object]

PAGES: Final = {"lease": 3, "npwp": 1, "ektp": 1, "blank": 1, "other": 1, "permit": 4, "separator": 1}
"""How many leaves each sample paper has; the turn button goes round them."""
SHOWN_EVENTS: Final = 4
SHOWN_CODES: Final = 3
_READING_AT_MOST: Final = 5.0
"""Seconds after which "being read" is no longer believed: the port's own deadline for a read."""

_TICK = "check-circle"
_WARN = "warning"
_MINUS = "minus-circle"

_CARD_SAID: Final = ("card.laid", "card.reading", "card.read", "card.unreadable", "card.not_ktp")


def bench_view(
    state: WorldState,
    noted: Sequence[Noted],
    network: NetworkView,
    codes: Sequence[SentCode],
    *,
    language: Language = "id",
    now: float,
) -> Plain:
    """The whole page. `noted` oldest first; `now` in seconds since the epoch."""
    return {
        "card": _card(state.card, noted, language, now),
        "camera": _camera(state.camera, language),
        "printer": _printer(state.printer, noted, language),
        "network": _network(network, language),
        "codes": _codes(codes, language, now),
        "events": events(noted, language)[:SHOWN_EVENTS],
        "events_none": say(language, "events.none"),
    }


def tables(state: WorldState) -> Plain:
    """The table itself: one object a device, with the fields of `hardware.world.port`."""
    return asdict(state)


def events(noted: Sequence[Noted], language: Language) -> list[Plain]:
    """The happenings, newest first, in words. They carry no identity: their words come from a fixed list."""
    return [
        {
            "number": entry.number,
            "at": entry.at,
            "time": _clock(entry.at, language),
            "word": entry.happening.word,
            "took_ms": entry.happening.took_ms,
            "text": _event_text(entry, language),
        }
        for entry in reversed(noted)
        if entry.happening.word != "card.reading"  # over in a moment; the chip says it
    ]


def newest_codes(codes: Sequence[SentCode]) -> list[SentCode]:
    return sorted(codes, key=lambda code: code.at, reverse=True)


def masked(phone: str) -> str:
    """A phone number with its last four digits only: "•••• 4821"."""
    digits = [sign for sign in phone if sign.isdigit()]
    return f"•••• {''.join(digits[-4:])}"


def ticket(noted: Sequence[Noted]) -> Noted | None:
    """The newest happening that has a ticket's picture."""
    return next((entry for entry in reversed(noted) if entry.happening.picture), None)


def _event_text(entry: Noted, language: Language) -> str:
    text = say(language, f"event.{entry.happening.word}")
    took = entry.happening.took_ms
    return f"{text}, {took:.0f} ms" if took and entry.happening.word == "card.read" else text


def _clock(at: float, language: Language) -> str:
    return time.strftime("%H.%M.%S" if language == "id" else "%H:%M:%S", time.localtime(at))


def _chip(language: Language, tone: str, icon: str, key: str) -> Plain:
    return {"tone": tone, "icon": icon, "text": say(language, f"chip.{key}")}


def _act(text: str, icon: str, body: Plain, *, enabled: bool = True) -> Plain:
    return {"text": text, "icon": icon, "body": body, "enabled": enabled}


def _plug(language: Language, device: str, plugged: bool) -> Plain:
    key = "unplug" if plugged else "plug"
    name = say(language, f"{key}.name", device=say(language, device))
    return {"text": say(language, key), "name": name, "body": {"plugged": not plugged}}


def _fault(on: bool, enabled: bool) -> Plain:
    return {"on": on, "enabled": enabled}


def _lamp(plugged: bool, tone: str) -> str:
    return ("ok" if tone != "warn" else "warn") if plugged else "off"


def _card(table: CardTable, noted: Sequence[Noted], language: Language, now: float) -> Plain:
    last = next((n for n in reversed(noted) if n.happening.word.startswith("card.")), None)
    word = last.happening.word if last else ""
    half_off = not table.present and word == "card.lifted_while_reading"
    said = next((n for n in reversed(noted) if n.happening.word in _CARD_SAID), None)
    reading = (
        table.present and said is not None and said.happening.word == "card.reading"
        and now - said.at < _READING_AT_MOST
    )  # fmt: skip
    if not table.plugged:
        tone, icon, key = "warn", _WARN, "unplugged"
    elif table.mute:
        tone, icon, key = "warn", _WARN, "mute"
    elif half_off:
        tone, icon, key = "warn", _WARN, "card.lifted_while_reading"
    elif not table.present:
        tone, icon, key = "info", _MINUS, "empty"
    elif reading:
        tone, icon, key = "info", _MINUS, "card.reading"
    elif said is not None and said.happening.word == "card.read":
        tone, icon, key = "ok", _TICK, "card.read"
    elif said is not None and said.happening.word in ("card.unreadable", "card.not_ktp"):
        tone, icon, key = "warn", _WARN, said.happening.word
    else:
        tone, icon, key = "info", _MINUS, "card.laid"
    if table.present:
        act = _act(
            say(language, "chip.card.reading" if reading else "card.lift"),
            "arrow-line-up",
            {"present": False},
            enabled=not reading,
        )
    else:
        act = _act(say(language, "card.lay"), "arrow-line-down", {"present": True})
    return {
        "chip": _chip(language, tone, icon, key),
        "segment": table.kind,
        "act": act,
        "plug": _plug(language, "card", table.plugged),
        "faults": {
            "lift_while_reading": _fault(table.lift_while_reading, table.plugged),
            "mute": _fault(table.mute, table.plugged),
        },
        "art": {
            "card": "on" if table.present else "half" if half_off else "off",
            "card-kind": table.kind,
            "card-lamp": _lamp(table.plugged, tone),
            "card-plugged": _yes(table.plugged),
        },
    }


def _camera(table: CameraTable, language: Language) -> Plain:
    trouble = "glare" if table.glare else "dark" if table.dark else "cut_off" if table.cut_off else ""
    if not table.plugged:
        tone, icon, key = "warn", _WARN, "unplugged"
    elif not table.present:
        tone, icon, key = "info", _MINUS, "empty"
    elif trouble:
        tone, icon, key = "warn", _WARN, f"camera.{trouble}"
    elif table.paper == "blank":
        tone, icon, key = "warn", _WARN, "camera.blank"
    else:
        tone, icon, key = "ok", _TICK, "camera.found"
    if table.present:
        act = _act(say(language, "camera.take"), "arrow-line-up", {"present": False, "page": 0})
    else:
        act = _act(say(language, "camera.lay"), "arrow-line-down", {"present": True, "page": 0})
    pages = PAGES[table.paper]
    sees = (
        say(language, "camera.sees.page", page=table.page + 1) if table.page else say(language, "camera.sees")
    )
    return {
        "chip": _chip(language, tone, icon, key),
        "segment": table.paper,
        "act": act,
        "plug": _plug(language, "camera", table.plugged),
        "turn": {"shown": pages > 1, "enabled": table.present, "body": {"page": (table.page + 1) % pages}},
        "faults": {
            name: _fault(bool(getattr(table, name)), table.plugged)
            for name in ("glare", "tilted", "dark", "cut_off")
        },
        "sees": sees,
        "art": {
            "paper": table.paper if table.present else "none",
            "outline": "none"
            if not table.present or not table.plugged
            else "lost"
            if tone == "warn"
            else "found",
            "tilted": _yes(table.tilted),
            "glare": _yes(table.glare and table.present),
            "dark": _yes(table.dark),
            "cut": _yes(table.cut_off),
            "camera-plugged": _yes(table.plugged),
        },
    }


def _printer(table: PrinterTable, noted: Sequence[Noted], language: Language) -> Plain:
    if not table.plugged:
        tone, icon, key = "warn", _WARN, "unplugged"
    elif table.mute:
        tone, icon, key = "warn", _WARN, "mute"
    elif table.cover_open:
        tone, icon, key = "warn", _WARN, "printer.cover_open"
    elif table.roll == "out":
        tone, icon, key = "warn", _WARN, "printer.out"
    elif table.hanging:
        tone, icon, key = "warn", _WARN, "printer.hanging"
    elif table.roll == "low":
        tone, icon, key = "warn", _WARN, "printer.low"
    else:
        tone, icon, key = "ok", _TICK, "printer.ready"
    can_print = table.plugged and not table.cover_open and table.roll != "out"
    picture = ticket(noted)
    return {
        "chip": _chip(language, tone, icon, key),
        "segment": "cover_open" if table.cover_open else table.roll,
        "act": _act(say(language, "printer.tear"), "scissors", {"hanging": False}, enabled=table.hanging),
        "plug": _plug(language, "printer", table.plugged),
        "faults": {
            "pull_while_printing": _fault(table.pull_while_printing, can_print),
            "mute": _fault(table.mute, table.plugged),
        },
        "ticket": picture.number if picture is not None and table.hanging else 0,
        "art": {
            "hanging": _yes(table.hanging),
            "cover": "open" if table.cover_open else "closed",
            "roll": table.roll,
            # An untorn ticket is for the visitor to see to; the printer itself is well.
            "printer-lamp": _lamp(table.plugged, "ok" if key == "printer.hanging" else tone),
            "printer-plugged": _yes(table.plugged),
        },
    }


def _network(network: NetworkView, language: Language) -> Plain:
    good = network.line == "good"
    icon = _TICK if good else "wifi-slash" if network.line == "lost" else _WARN
    if network.line in ("lost", "portal_dead"):
        key = "network.waiting" if network.waiting else "network.cut"
        note = say(language, key, n=network.waiting)
    elif network.answered_ms is None:
        note = say(language, "network.quiet")
    else:
        note = say(language, "network.answered", ms=f"{network.answered_ms:.0f}")
    return {
        "chip": _chip(language, "ok" if good else "warn", icon, f"network.{network.line}"),
        "segment": network.line,
        "note": note,
    }


def _codes(codes: Sequence[SentCode], language: Language, now: float) -> Plain:
    newest = newest_codes(codes)[:SHOWN_CODES]
    if not newest:
        key, tone, icon = "codes.none", "info", _MINUS
    elif newest[0].expires_at > now:
        key, tone, icon = "codes.live", "ok", _TICK
    else:
        key, tone, icon = "codes.past", "info", _MINUS
    rows: list[Plain] = []
    for sent in newest:
        live = sent.expires_at > now
        until = say(language, "codes.until", until=_clock(sent.expires_at, language))
        rows.append(
            {
                "code": f"{sent.code[:3]} {sent.code[3:]}",
                "to": say(language, "codes.to", to=masked(sent.to), at=_clock(sent.at, language)),
                "until": until if live else say(language, "codes.past"),
                "time": _clock(sent.at, language),
                "live": live,
            }
        )
    return {"chip": _chip(language, tone, icon, key), "rows": rows, "none": say(language, "codes.none")}


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
