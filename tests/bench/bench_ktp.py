"""The number on drawn e-KTPs: right, asked and wrong, of 200 photographs nobody tuned on; each reader alone beside it.

`KTP_CARDS` sets another number of cards. Right: both readers agree and the kiosk believes the number. Asked: anything
else. Wrong: believed and not what is printed.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time

from hardware.camera.card_face import line_reader, read_face
from hardware.camera.port import CardFace
from kiosk.identity.face import believed
from tests.hardware.camera.drawn_cards import photograph

FIRST = 5000


def main() -> None:
    count = int(os.environ.get("KTP_CARDS", "200"))
    lines = line_reader()
    right = asked = wrong = 0
    alone: list[list[int]] = [[0, 0], [0, 0]]
    fields = [0, 0, 0]
    took: list[float] = []
    for seed in range(FIRST, FIRST + count):
        scene = photograph(seed)
        begun = time.perf_counter()
        seen = asyncio.run(read_face(scene.picture, lines))
        took.append(time.perf_counter() - begun)
        if not isinstance(seen, CardFace):
            asked += 1
            continue
        for number, said in zip(alone, seen.numbers, strict=True):
            number[0] += said == scene.face.nik
            number[1] += said not in ("", scene.face.nik)
        said = believed(seen.numbers, seen.birth.text)
        right += said == scene.face.nik
        wrong += said not in ("", scene.face.nik)
        asked += not said
        truth = (scene.face.name, scene.face.birth, scene.face.address)
        for part, true in zip((seen.name, seen.birth, seen.address), truth, strict=True):
            same = part.text.replace(" ", "") == true.replace(" ", "")
            fields[0 if part.sure and same else 1 if not part.sure else 2] += 1
        if os.environ.get("KTP_TELL"):
            print(seed, scene.words, "right" if said else seen.numbers, f"{took[-1]:.1f}", flush=True)
    print(f"{count} drawn cards          right  asked  wrong")
    print(f"{'both, and the date':22} {right:6d} {asked:6d} {wrong:6d}   (reach 95 %, wrong 0)")
    for name, (good, bad) in zip(("RapidOCR alone", "tesseract alone"), alone, strict=True):
        print(f"{name:22} {good:6d} {count - good - bad:6d} {bad:6d}")
    right, offered, wrong = fields
    print(
        f"{'name, birth, address':22} {right:6d} {offered:6d} {wrong:6d}   (agreed and right, offered, wrong)"
    )
    print(f"a card takes {statistics.median(took):.1f} s")


if __name__ == "__main__":
    main()
