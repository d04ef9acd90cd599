"""Errors that reach the log: where and of what type, never their text, which may quote what a visitor typed.

Covers uncaught errors of the process, its threads and its destructors, and every record that the `logging` module makes
with an exception attached (asyncio's "never retrieved", Kivy's own log).
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from types import TracebackType
from typing import Any


def described(error: BaseException | None, trace: TracebackType | None = None) -> str:
    """Type and places of an error and of what caused it, one line each; no message, no source line, no value."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        missing = (
            f" {error.name}" if isinstance(error, ImportError) and error.name else ""
        )  # a module of ours
        lines.append(
            f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.") + missing
        )
        frames = traceback.extract_tb(trace or error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        trace, error = None, error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def hide_error_texts() -> None:
    """From now on this process logs errors as `described` says them."""
    sys.excepthook = _uncaught
    threading.excepthook = _thread
    sys.unraisablehook = _unraisable
    make = logging.getLogRecordFactory()

    def record(*args: Any, **values: Any) -> logging.LogRecord:
        made = make(*args, **values)
        if made.name == "asyncio":
            # Below its first line come the reprs of tasks, which quote the error.
            made.msg, made.args = made.getMessage().partition("\n")[0], ()
        if made.exc_info:
            # Formatters print this text where they would otherwise print the traceback.
            made.exc_text = described(made.exc_info[1], made.exc_info[2])
            made.exc_info = None
        return made

    logging.setLogRecordFactory(record)


def _uncaught(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _write(described(error, trace))


def _thread(args: threading.ExceptHookArgs) -> None:
    _write(described(args.exc_value, args.exc_traceback))


def _unraisable(args: Any) -> None:
    _write(described(args.exc_value, args.exc_traceback))


def _write(text: str) -> None:
    os.write(2, f"error: {text}\n".encode())
