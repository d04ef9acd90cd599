"""A release that changed the store is rolled back: the older one opens what the newer one wrote, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from provisioning.agent.slots import Slots
from provisioning.release import build

ROOT = Path(__file__).resolve().parents[2]

GROWN = """

def _grown(db: Database) -> None:
    db["from_the_future"].create({"id": int, "word": str}, pk="id")
    db.conn.execute("ALTER TABLE drafts ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'")


STEPS = (*STEPS, _grown)
LATEST = len(STEPS)
"""

WRITE = """
from pathlib import Path
import sys
from kiosk.settings.load import load
from kiosk.store import Store
from kiosk.store.migrations import LATEST
store = Store.open(load(Path(sys.argv[1]), {}))
for place in sys.argv[2:]:
    store.events.append("step", {"place": place}, session="abcdefghijklmnop")
print(LATEST, store.events.head().id if hasattr(store.events.head(), "id") else store.events.head())
store.close()
"""


def test_the_older_release_opens_the_newer_store_and_the_newer_one_again(tmp_path: Path) -> None:
    source = tmp_path / "source"
    subprocess.run(["cp", "-a", ROOT / "kiosk", f"{source}-kiosk"], check=True)
    (source).mkdir()
    Path(f"{source}-kiosk").rename(source / "kiosk")
    subprocess.run(["cp", "-a", ROOT / "hardware", source / "hardware"], check=True)
    slots = Slots(tmp_path / "opt")
    (tmp_path / "opt/slots").mkdir(parents=True)
    migrations = source / "kiosk/store/migrations.py"
    text = migrations.read_text()
    for version, content in (("1.0.0", text), ("1.1.0", text + GROWN)):
        migrations.write_text(content)
        manifest, files = build(source, version, tmp_path / f"staging-{version}", parts=("kiosk", "hardware"))
        slots.fill(files[manifest.app.target], manifest, {})
        slots.finish(manifest)
        slots.swap()
    settings = tmp_path / "kiosk.toml"
    settings.write_text(f'[kiosk]\nid = "K-07"\n[store]\nfolder = "{tmp_path / "store"}"\n')
    environ = {**os.environ, "ANJUNGAN_PYTHON": sys.executable, "XDG_STATE_HOME": str(tmp_path / "state")}

    def run(*words: str | Path) -> str:
        done = subprocess.run(
            [str(word) for word in words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=environ,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(*places: str) -> int:
        environ["PYTHONPATH"] = str((slots.root / "current").resolve() / "app")
        return int(run(sys.executable, "-c", WRITE, settings, *places).split()[0])

    slots.back("a first life on the old one", "2026-11-24T02:00:00Z")
    old = write("welcome", "menu")
    slots.swap()
    assert slots.version == "1.1.0"
    assert write("search", "form") == old + 1
    slots.back("not healthy", "2026-11-24T03:00:00Z")
    assert slots.version == "1.0.0"
    assert write("camera") == old
    kiosk = slots.root / "current/bin/kiosk"
    assert "whole: 5 events" in run(kiosk, "log", "--settings", settings, "verify")
    slots.swap()
    assert write("sent") == old + 1
    assert "whole: 6 events" in run(kiosk, "log", "--settings", settings, "verify")
