"""`kiosk asked --week`: what people asked this week, what could not be answered, and where they got stuck.

Run by the office on the kiosk itself: the kept questions open with the workers' key only.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk import i18n

if TYPE_CHECKING:
    from kiosk.insight.week import Week

SHOWN = 12
"""Lines of a list at most; `--json` has all."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")
    parser.add_argument(
        "--week",
        metavar="DAY",
        nargs="?",
        const="",
        default="",
        help="any day of the week (2026-11-24) or the week itself (2026-W48); without: this week",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=("id", "en"), default="id")


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 2 when the store or its keys cannot be used, or the week is none."""
    from kiosk.insight import week
    from kiosk.settings import SecretTroubleError, SettingsError, settings_path
    from kiosk.settings.load import load
    from kiosk.store import Opener, Store, StoreError

    try:
        settings = load(settings_path(args.settings))
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    zone = ZoneInfo(settings.hours.timezone)
    try:
        since, until = week.span(_day(args.week) if args.week else datetime.now(zone).date())
    except ValueError:
        print(f"kiosk asked: {args.week!r} is no day (2026-11-24) and no week (2026-W48)", file=sys.stderr)
        return 2
    try:
        store = Store.open(settings)
        try:
            kept = store.questions.read(since, until, Opener(settings))
            found = week.weekly(store.events.rows(), kept, since, until, zone)
        finally:
            store.close()
    except (StoreError, SecretTroubleError, OSError) as error:
        print(f"kiosk asked: the store does not open: {error}", file=sys.stderr)
        return 2
    print(found.as_json() if args.json else "\n".join(lines(found, args.lang)))
    return 0


def lines(found: Week, language: str) -> list[str]:
    """The week in words, for a terminal or the desk."""
    from kiosk.knowledge import faq

    known = {one.id: one.ask.get(language) for one in faq.questions()}

    def say(key: str, **values: object) -> str:
        return i18n.say(language, f"asked.{key}", **values)

    def screen(place: str) -> str:
        """A screen's name; its word in the log where a newer one has none yet."""
        return say(f"place_{place}") if i18n.known(f"asked.place_{place}") else place

    def listed(title: str, rows: list[str]) -> list[str]:
        more = [say("more", n=len(rows) - SHOWN)] if len(rows) > SHOWN else []
        return ["", say(title), *(f"  {row}" for row in [*(rows[:SHOWN] or [say("nothing")]), *more])]

    return [
        say("title", since=found.since.isoformat(), until=found.until.isoformat(), visits=found.visits),
        *listed(
            "open",
            [f"{one.times} x {one.words}  ({say('why_' + one.why)}, {one.language})" for one in found.open],
        ),
        *listed("stale", [f"{times} x {known.get(name, name)}" for name, times in found.stale]),
        *listed("answered", [f"{times} x {known.get(name, name)}" for name, times in found.answered]),
        *listed(
            "stuck",
            [
                say(
                    "stuck_at",
                    place=screen(one.place),
                    left=one.left,
                    timeout=one.timeout,
                    help=one.help,
                )
                for one in found.stuck
            ],
        ),
        *listed("troubles", [f"{times} x {word.replace('_', ' ')}" for word, times in found.troubles]),
    ]


def _day(words: str) -> date:
    return datetime.strptime(f"{words}-1", "%G-W%V-%u").date() if "W" in words else date.fromisoformat(words)
