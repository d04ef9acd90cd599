"""`kiosk doctor`: every part, its state and what to do. Problems first; exit code 0 well, 1 look, 2 cannot serve."""

from __future__ import annotations

import argparse
import os
import sys

_SIGNS = {"ready": ("✓", "32"), "none": ("–", "90"), "degraded": ("▲", "1;33"), "unknown": ("?", "1;33")}
_BAD = ("×", "1;31")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--ascii", action="store_true", help="no signs beyond ASCII")


def run(args: argparse.Namespace) -> int:
    import asyncio
    import json
    from dataclasses import asdict

    from kiosk.main.doctor import Finding, examine, verdict
    from kiosk.settings import SettingsError, check, settings_path

    try:
        findings = asyncio.run(examine(check(settings_path(args.settings))))
    except SettingsError as error:
        findings = [Finding("settings", "failed", "wrong_settings", line) for line in error.lines]
    code = verdict(findings)
    if args.json:
        print(
            json.dumps(
                {"verdict": code, "parts": [asdict(finding) for finding in findings]}, ensure_ascii=False
            )
        )
        return code

    from kiosk.main.doctor_words import SUMMARY, say

    bad = sum(not finding.well for finding in findings)
    print(say(SUMMARY[code]).format(n=bad))
    print()
    # Python's sort keeps the order of equals: problems first, the rest as people think of it.
    for finding in sorted(findings, key=lambda each: each.well):
        print(_line(finding, plain=args.ascii))
    return code


def _line(finding: object, *, plain: bool) -> str:
    from kiosk.main.doctor import Finding
    from kiosk.main.doctor_words import PARTS, STATES, WORDS, say

    assert isinstance(finding, Finding)  # noqa: S101 - for the type checker; the import is late on purpose
    sign, colour = _SIGNS.get(finding.condition, _BAD)
    if plain:
        sign = {"✓": "ok", "–": "-", "▲": "!", "?": "?", "×": "x"}[sign]
    state = say(STATES[finding.condition])
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        sign = f"\x1b[{colour}m{sign}\x1b[0m"
    advice = say(WORDS[finding.word]) if finding.word in WORDS else (finding.hint or finding.word)
    facts = " · ".join(part for part in (finding.about, advice) if part)
    return f"{sign} {say(PARTS[finding.part]):<16} {state:<14} {facts}".rstrip()
