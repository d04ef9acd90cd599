"""The process that reads the face of an e-KTP: photographs come in by pipe, what was seen goes out by pipe.

RapidOCR needs some 300 MB, and whoever has seen a card's face should not outlive the screen that showed it: the process
is started when that screen opens and ended when it closes. Nothing is written anywhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict

READY = b'{"ready": true}\n'


def main() -> int:
    """Serve `FaceProcess` until its end of the pipe closes. Argument "inspect": leave memory readable for tests."""
    from kiosk.main.memory import harden

    harden(inspectable="inspect" in sys.argv[1:], parent=os.getppid())
    # The answers' own descriptor: what a library prints to stdout must not get among them.
    answers = os.dup(1)
    os.dup2(2, 1)
    try:
        from hardware.camera.card_face import line_reader

        lines = line_reader()
    except ImportError:
        _say(answers, {"trouble": "reader_missing"})
        return 1
    os.write(answers, READY)
    while (head := sys.stdin.buffer.read(4)) and len(head) == 4:
        jpeg = sys.stdin.buffer.read(int.from_bytes(head, "big"))
        _say(answers, asyncio.run(_seen(jpeg, lines)))
    return 0


async def _seen(jpeg: bytes, lines: object) -> dict[str, object]:
    from typing import cast

    from hardware.camera.card_face import Lines, read_face
    from hardware.camera.port import CameraFault, FaceTrouble
    from hardware.camera.still import decode

    picture = decode(jpeg)
    if isinstance(picture, CameraFault):
        return {"trouble": FaceTrouble.NO_CARD.value}
    try:
        seen = await read_face(picture, cast(Lines, lines))
    except Exception as error:  # noqa: BLE001 - one picture that breaks a reader must not end the next try
        os.write(2, f"face_reader: {type(error).__name__}\n".encode())
        return {"trouble": FaceTrouble.NO_NUMBER.value}
    return {"trouble": seen.value} if isinstance(seen, FaceTrouble) else asdict(seen)


def _say(answers: int, what: dict[str, object]) -> None:
    data = json.dumps(what).encode() + b"\n"
    while data:
        data = data[os.write(answers, data) :]


if __name__ == "__main__":
    raise SystemExit(main())
