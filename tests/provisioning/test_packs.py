"""Content packs on their way: signed by both keys, fetched by the real agent from a real TUF repository, used by the
kiosk of the slot; and never used when they are anything else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.release import build
from provisioning.repository import load_signer, sign_with
from provisioning.simulation import Kiosk, issue, make_kiosk

from .conftest import Fleet
from .test_updates import want

PROJECT = Path(__file__).parents[2]
NEW_ANSWER = "Jawaban baru dari paket bertanda tangan."


def release(fleet: Fleet, version: str, packs: list[Path]) -> None:
    """The project's own code with these packs, signed twice and published."""
    _, files = build(PROJECT, version, fleet.home.staging / version, packs=packs, parts=("kiosk",))
    repository = fleet.repository
    metadata = repository.propose(files)
    root = repository.load("root").signed
    for number in (1, 2):
        sign_with(metadata, load_signer(fleet.home.offline_keys / f"targets-{number}.pem"), root)
    repository.publish(metadata, files)


def pack(folder: Path, version: str = "2027.1") -> Path:
    """The FAQ pack with another answer and version."""
    text = (PROJECT / "kiosk/knowledge/packs/faq.toml").read_text(encoding="utf-8")
    start = text.index('id = "A04"')
    at = text.index("answer = {", start)
    end = text.index("}", at)
    text = text[:at] + f'answer = {{ id = "{NEW_ANSWER}", en = "A new answer." ' + text[end:]
    head = text.index("[pack]")
    line = text.index("version = ", head)
    text = text[:line] + f'version = "{version}"' + text[text.index("\n", line) :]
    path = folder / "faq.toml"
    path.write_text(text, encoding="utf-8")
    return path


def asked(slot: Path, *command: str) -> str:
    """What the code of the slot says, in a process of its own."""
    code = (
        "from kiosk.knowledge import faq; from datetime import date;"
        "print(faq.named('A04', date(2026, 11, 24)).text.id)"
    )
    environment = {**os.environ, "PYTHONPATH": str(slot / "app")}
    line = [sys.executable, *(command or ("-c", code))]
    done = subprocess.run(
        line, cwd=slot, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.fixture
def kiosk(served: Fleet, tmp_path: Path) -> Kiosk:
    identity = issue(served.home, served.book, "K-01", tmp_path / "K-01/identity")
    return make_kiosk(served.home, served.plan, identity, served.url, bad=set())


async def test_a_pack_reaches_the_kiosk_signed_and_a_changed_or_foreign_one_is_not_used(
    served: Fleet, kiosk: Kiosk, tmp_path: Path
) -> None:
    release(served, "1.0.0", [])
    want(served, "1.0.0")
    await kiosk.update.run()
    slots = kiosk.update.slots
    before = asked(slots.folder(slots.current))
    assert NEW_ANSWER not in before

    release(served, "1.1.0", [pack(tmp_path)])
    want(served, "1.1.0")
    result = await kiosk.update.run()
    assert (result.trouble, slots.version) == ("", "1.1.0")
    slot = slots.folder(slots.current)
    assert asked(slot).strip() == NEW_ANSWER
    told = asked(slot, "-m", "kiosk.main.cli", "packs", "versions")
    line = next(line for line in told.splitlines() if line.startswith("faq "))
    assert "2027.1" in line
    assert line.endswith("release")

    sent = slot / "packs" / "faq.toml"
    whole = sent.read_bytes()
    sent.write_bytes(whole.replace(b"bertanda tangan", b"tanpa tandatangan"))
    (slot / "packs" / "lkpm.toml").write_text("unsigned", encoding="utf-8")
    assert asked(slot) == before, "changed after it was verified: the one in the code is used"
    found = asked(slot, "-m", "kiosk.main.cli", "packs", "check")
    assert "release/faq.toml: not what the signed release says, not used" in found
    assert "release/lkpm.toml: no part of the signed release, not used" in found
    sent.write_bytes(whole)
    assert asked(slot).strip() == NEW_ANSWER
