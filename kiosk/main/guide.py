"""Tells the demo's autopilot and the whole-visit tests what the screen offers and where, over a socket of this user.

Only while settings allow inspection, which an enrolled kiosk never does. It answers with the place, the offered touches
and their pixels; nothing that a visitor typed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.folders import make_private, runtime_folder

if TYPE_CHECKING:
    from kiosk.flow.model import Visit
    from screens.frame import Stage


def guide_socket() -> Path:
    return runtime_folder() / "guide.sock"


async def serve(stage: Stage, visit: Callable[[], Visit]) -> asyncio.Server:
    """Answer each line with one JSON object: place, dialog, busy, session, spots. The newest visit owns the socket."""
    from screens.guide import spots

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while await reader.readline():
                state = visit()
                if state.archivist:
                    # The office's archive: other people's names are on the screen, and nobody may look in from outside.
                    writer.write(json.dumps({"sealed": True, "session": state.session}).encode() + b"\n")
                    await writer.drain()
                    continue
                journey = state.journey
                told = {
                    "session": state.session,
                    "place": state.place.value,
                    "dialog": state.dialog.value if state.dialog else "",
                    "language": state.language,
                    "help": state.help.value,
                    "help_minutes": state.help_minutes,
                    "busy": state.busy
                    or bool(getattr(journey, "waiting", "") or getattr(journey, "taking", False)),
                    "trouble": str(state.trouble or getattr(journey, "trouble", None) or state.entry.doubt),
                    "paper": str(getattr(journey, "paper", "")),
                    "steady": _steady(stage),
                    "spots": spots(stage),
                }
                writer.write(json.dumps(told).encode() + b"\n")
                await writer.drain()
        writer.close()

    make_private(runtime_folder())
    path = guide_socket()
    path.unlink(missing_ok=True)
    return await asyncio.start_unix_server(answer, path)


def _steady(stage: Stage) -> bool:
    """The camera screen sees a steady page; True on every other screen."""
    look = getattr(stage.screen, "steady", None)
    return bool(look()) if callable(look) else True
