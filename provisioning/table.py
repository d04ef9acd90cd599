"""`fleet status` and `fleet rollout status` on a terminal: order, words and one sign a row do the work.

Only the 16 ANSI colour names, so the reader's theme rules. Without a terminal, with NO_COLOR or TERM=dumb the text is
the same, unstyled. Widths: 120 columns; below 120 Catatan goes, below 100 Disk; below 80 one line a kiosk.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence

from rich.box import ASCII as ASCII_BOX
from rich.box import ROUNDED, Box
from rich.console import Console, Group, OverflowMethod, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from provisioning.rows import DISK_FULL, Row
from provisioning.waves import Rollout, Standing, Tally
from provisioning.words import Voice

SHOWN_HEALTHY = 5
STYLES = {
    "lost": "bold red",
    "look": "bold yellow",
    "updating": "cyan",
    "busy": "green",
    "healthy": "green",
    "pending": "yellow",
    "running": "cyan",
    "failed": "bold red",
    "waiting": "bright_black",
}
SIGN_OF = {"lost": "lost", "look": "look", "updating": "up", "busy": "ok", "healthy": "ok"}
RULE = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
ASCII_RULE = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
BAR = 40


def console(*, ascii_only: bool = False) -> Console:
    """A console for standard output: plain when it is no terminal, NO_COLOR is set or TERM is dumb."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    width = int(os.environ.get("COLUMNS") or 0) or (
        shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() else 120
    )
    return Console(
        width=min(width, 160),
        no_color=plain,
        force_terminal=False if plain else None,
        highlight=False,
        safe_box=ascii_only,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )


def status(
    found: Sequence[Row], say: Voice, now: dt.datetime, *, everything: bool, width: int
) -> RenderableType:
    """The whole picture of `fleet status`."""
    if not found:
        return Text.assemble(say("none"), " ", ("fleet enrol token", "cyan"))
    head = summary(found, say, now)
    healthy = [row for row in found if row.condition in ("busy", "healthy")]
    rest = [row for row in found if row.condition not in ("busy", "healthy")]
    shown = healthy if everything else healthy[: max(SHOWN_HEALTHY, 12 - len(rest))]
    hidden = len(healthy) - len(shown)
    parts: list[RenderableType] = [head, Text("")]
    listed = [*rest, *shown]
    if width < 80:
        parts += [_line(row, say) for row in listed]
    else:
        parts.append(_table(listed, say, note=width >= 120, disk=width >= 100))
    foot = Text()
    if hidden:
        foot.append(say("hidden", hidden) + " ", "bright_black").append("fleet status --all", "cyan").append(
            "   "
        )
    foot.append(say("legend", say.sign("same"), say.sign("differ")), "bright_black")
    differs = next((row.id for row in found if row.same is False), None)
    if differs:
        foot.append(" (", "bright_black").append(f"fleet config diff {differs}", "cyan").append(
            ")", "bright_black"
        )
    return Group(*parts, Text(""), foot)


def summary(found: Sequence[Row], say: Voice, now: dt.datetime) -> Text:
    """ "40 kios   ✓ 33 sehat   ↑ 4 memperbarui …": kiosks in use are healthy ones."""
    counted = Counter("healthy" if row.condition == "busy" else row.condition for row in found)
    text = Text.assemble((f"{len(found)} {say('kiosk')}", "bold"))
    for name in ("healthy", "updating", "look", "lost"):
        if counted[name]:
            text.append("   ").append(f"{say.sign(SIGN_OF[name])} {counted[name]} {say(name)}", STYLES[name])
    return text.append("      ").append(say.now(now), "bright_black")


def _table(found: Sequence[Row], say: Voice, *, note: bool, disk: bool) -> Table:
    cut: OverflowMethod = "crop" if say.ascii else "ellipsis"
    table = Table(
        box=ASCII_RULE if say.ascii else RULE,
        show_edge=False,
        pad_edge=True,
        padding=(0, 2, 0, 0),
        header_style="bold",
        border_style="bright_black",
    )
    table.add_column(say("Kiosk"), style="bold", no_wrap=True)
    table.add_column(say("Place"), no_wrap=True, overflow=cut, max_width=18)
    table.add_column(say("State"), no_wrap=True)
    table.add_column(say("Version"), no_wrap=True)
    table.add_column(say("Set"), justify="center", no_wrap=True)
    table.add_column(say("Seen"), justify="right", no_wrap=True)
    table.add_column(say("Paper"), justify="right", no_wrap=True)
    if disk:
        table.add_column(say("Disk"), justify="right", no_wrap=True)
    table.add_column(say("Queue"), justify="right", no_wrap=True)
    if note:
        table.add_column(say("Note"), no_wrap=True, overflow=cut, ratio=1)
    for row in found:
        cells: list[RenderableType] = [
            row.id,
            row.place,
            _state(row, say),
            _version(row, say),
            _set(row, say),
            _seen(row, say),
            _paper(row, say),
        ]
        if disk:
            full = row.disk is not None and row.disk >= DISK_FULL
            cells.append(Text(say.percent(row.disk), "bold red" if full else ""))
        lost = row.condition == "lost" and row.queue
        cells.append(
            Text(say.sign("dash") if row.queue is None else str(row.queue), "bold yellow" if lost else "")
        )
        if note:
            cells.append(Text(row.note, "" if row.condition in ("lost", "look") else "bright_black"))
        table.add_row(*cells)
    return table


def _line(row: Row, say: Voice) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    return (
        text.append(f"{row.id}  ", "bold")
        .append(_state(row, say))
        .append(f"  {row.version}  {say.age(row.age)}  {row.note}")
    )


def _state(row: Row, say: Voice) -> Text:
    return Text(f"{say.sign(SIGN_OF[row.condition])} {say(row.condition)}", STYLES[row.condition])


def _version(row: Row, say: Voice) -> Text:
    if row.to and row.to != row.version:
        return Text(f"{row.version}{say.sign('arrow')}{row.to}", "cyan")
    return Text(row.version or say.sign("dash"))


def _set(row: Row, say: Voice) -> Text:
    if row.same is None:
        return Text(say.sign("dash"), "bright_black")
    return Text(say.sign("same"), "bright_black") if row.same else Text(say.sign("differ"), "bold yellow")


def _seen(row: Row, say: Voice) -> Text:
    return Text(say.age(row.age), "bold red" if row.condition == "lost" else "")


def _paper(row: Row, say: Voice) -> Text:
    if row.paper is None:
        return Text(say.sign("dash"))
    return Text(say(f"paper {row.paper}"), {"out": "bold yellow", "low": "yellow"}.get(row.paper, ""))


def rollout(
    item: Rollout,
    counted: Sequence[Tally],
    signatures: tuple[int, int],
    say: Voice,
    places: dict[str, str],
    width: int,
) -> RenderableType:
    """The whole picture of `fleet rollout status`."""
    if item.halt is not None:
        return _halted(item, counted, say)
    have, need = signatures
    head = Text.assemble(
        (f"{say('Release')} {item.version}", "bold"),
        "   ",
        (say("signed", have, need), "green" if have >= need else "bold red"),
        "   ",
        say("started", _time(item.started, say)),
        "   ",
        (say("rule", f"{item.healthy_minutes:g}"), "bright_black"),
    )
    table = Table(
        box=ASCII_RULE if say.ascii else RULE,
        show_edge=False,
        pad_edge=True,
        padding=(0, 2, 0, 0),
        header_style="bold",
        border_style="bright_black",
    )
    bar = BAR if width >= 110 else 16
    table.add_column(say("Wave"), style="bold", no_wrap=True)
    table.add_column(say("Kiosk"), justify="right")
    table.add_column(say("Progress"), no_wrap=True)
    for name in ("Healthy", "Running", "Pending", "Failed"):
        table.add_column(say(name), justify="right", no_wrap=True)
    table.add_column(say("State"), no_wrap=True)
    sums: Counter[Standing] = Counter()
    for index, part in enumerate(counted):
        sums.update({how: part.count(how) for how in Standing})
        table.add_row(
            _wave(part.wave.name, say),
            str(part.total),
            _bar(part, say, bar),
            *_numbers(part, say),
            _wave_state(counted, index, say),
        )
    table.add_row()
    total = sum(sums.values())
    table.add_row(
        say("All"),
        str(total),
        "",
        *(
            Text(str(sums[how]), f"bold {STYLES[how.value].replace('bold ', '')}" if sums[how] else "bold")
            for how in (Standing.HEALTHY, Standing.RUNNING, Standing.PENDING, Standing.FAILED)
        ),
        Text(say("n waiting", sums[Standing.WAITING]), "bright_black") if sums[Standing.WAITING] else "",
    )
    parts: list[RenderableType] = [head, Text(""), table]
    late = [name for part in counted for name in part.devices.get(Standing.PENDING, ())]
    if late:
        names = ", ".join(f"{name} {places.get(name, '')}".strip() for name in late[:4])
        more = f" +{len(late) - 4}" if len(late) > 4 else ""
        parts += [
            Text(""),
            Text.assemble(
                (f"{say.bar('pending') * 2} {say('pending')}", "yellow"),
                "  ",
                say("pending text", names + more),
            ),
        ]
    return Group(*parts)


def _halted(item: Rollout, counted: Sequence[Tally], say: Voice) -> Panel:
    halt = item.halt
    assert halt is not None  # noqa: S101 - asked by the caller
    touched = sum(
        part.count(how)
        for part in counted
        for how in (Standing.HEALTHY, Standing.RUNNING, Standing.FAILED)
        if part.wave.opened
    )
    others = max(0, touched - len(halt.devices))
    first = halt.devices[0] if halt.devices else ""
    text = Text.assemble(
        (say("halted in", _wave(halt.wave, say), _time(halt.at, say, weekday=True)), "bold"),
        " ",
        say("others", others),
        "\n",
    )
    for name in halt.devices[:5] or ("",):
        text.append(f"{name}   {halt.reason}\n" if name else f"{halt.reason}\n")
    text.append(say("sticky"), "bold").append(f" {say('see')} ")
    if first:
        text.append(f"fleet run logs {first}", "cyan").append(f", {say('then')} ")
    text.append(f'fleet rollout resume {item.version} --reason "…"', "cyan").append(".")
    return Panel(
        text,
        title=Text(say("halted title", say.sign("lost"), item.version), "bold red"),
        title_align="left",
        border_style="red",
        box=ASCII_BOX if say.ascii else ROUNDED,
        padding=(0, 2),
    )


def _numbers(part: Tally, say: Voice) -> list[Text]:
    found: list[Text] = []
    for how in (Standing.HEALTHY, Standing.RUNNING, Standing.PENDING, Standing.FAILED):
        count = part.count(how)
        found.append(Text(str(count), STYLES[how.value] if count else "bright_black"))
    return found


def _bar(part: Tally, say: Voice, length: int) -> Text:
    """Every standing that has a kiosk gets at least one character; lengths add up exactly."""
    text = Text()
    if not part.total:
        return text
    present = [how for how in Standing if part.count(how)]
    order = [
        h
        for h in (Standing.HEALTHY, Standing.RUNNING, Standing.PENDING, Standing.FAILED, Standing.WAITING)
        if h in present
    ]
    sizes = {how: max(1, part.count(how) * length // part.total) for how in order}
    largest = max(order, key=lambda how: sizes[how])
    sizes[largest] += length - sum(sizes.values())
    for how in order:
        text.append(say.bar(how.value) * sizes[how], STYLES[how.value].replace("bold ", ""))
    return text


def _wave_state(counted: Sequence[Tally], index: int, say: Voice) -> Text:
    wave = counted[index].wave
    if wave.done:
        return Text(f"{say.sign('ok')} {say('finished', _time(wave.done, say))}", "green")
    if wave.opened:
        return Text(f"{say.sign('up')} {say('under way')}", "cyan")
    return Text(say("wait for", _wave(counted[max(0, index - 1)].wave.name, say)), "bright_black")


def _wave(name: str, say: Voice) -> str:
    if name == "canary":
        return say("canary")
    return name if say.english else name.replace("%", " %")


def _time(iso: str, say: Voice, *, weekday: bool = False) -> str:
    return say.clock(dt.datetime.fromisoformat(iso), weekday=weekday)
