"""Power cuts during the swap of slots, on a real ext4: what would be on the disk if the current went at this moment?

The file system lives in a loop image. Its backing file holds what the "disk" has been given; what only the page cache
knows is lost with the copy. Each cut stops the updating process at a random moment, copies the backing file, and mounts
the copy as a machine would after the cut (the journal is replayed).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.agent.slots import Slots
from provisioning.release import Manifest, build

SIZE_MB = 48


@dataclass
class Outcome:
    good: int = 0
    swapped: int = 0
    bad: list[str] = field(default_factory=list[str])


def sh(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


@contextlib.contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    sh("mount", "-o", "loop", image, folder)
    try:
        yield folder
    finally:
        sh("umount", folder)


def releases(work: Path) -> dict[str, tuple[Manifest, Path]]:
    """Two releases of 120 files each, large enough that writing takes a moment."""
    found: dict[str, tuple[Manifest, Path]] = {}
    for version in ("1.0.0", "1.1.0"):
        source = work / version / "kiosk"
        source.mkdir(parents=True)
        for number in range(120):
            data = hashlib.shake_128(f"{version}{number}".encode()).digest(24_000)
            (source / f"m{number}.bin").write_bytes(data)
        manifest, files = build(work / version, version, work / f"out{version}", parts=("kiosk",))
        found[version] = (manifest, files[manifest.app.target])
    return found


def good(root: Path) -> str:
    """The version the link points to, if every file of it is whole; raises `ValueError` saying what is not."""
    slots = Slots(root)
    version = slots.version
    if not version:
        raise ValueError("the link leads to no whole release")
    folder = slots.folder(slots.current) / "app/kiosk"
    for number in range(120):
        wanted = hashlib.shake_128(f"{version}{number}".encode()).digest(24_000)
        if (folder / f"m{number}.bin").read_bytes() != wanted:
            raise ValueError(f"{version}: m{number}.bin is not whole")
    return version


def update(root: Path, archive: Path, manifest: Path, durable: bool) -> None:
    """What the agent does, in the process that is cut. Without `durable`: the same steps and no fsync."""
    slots = Slots(root) if durable else Slots(root, sync=lambda _: None)
    about = Manifest.from_bytes(manifest.read_bytes())
    slots.fill(archive, about, {})
    slots.finish(about)
    slots.swap()
    print("swapped", flush=True)
    time.sleep(30)


def run(work: Path, cuts: int, *, durable: bool, seed: int = 1) -> Outcome:
    """Cut `cuts` updates; half at a random moment of the work, half just after the swap, when another file
    was made durable (as the store of a kiosk does all the time)."""
    rng = random.Random(seed)
    outcome = Outcome()
    made = releases(work)
    base = work / "base.img"
    with base.open("wb") as file:
        file.truncate(SIZE_MB << 20)
    sh("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", base)
    with mounted(base, work / "mnt") as root:
        first, archive = made["1.0.0"]
        slots = Slots(root)
        slots.fill(archive, first, {})
        slots.finish(first)
        slots.swap()
    manifest = work / "manifest.json"
    second, archive = made["1.1.0"]
    manifest.write_bytes(second.to_bytes())
    for number in range(cuts):
        image, copy = work / "disk.img", work / "after.img"
        shutil.copyfile(base, image)
        with mounted(image, work / "mnt") as root:
            child = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.fleet_hosts.crash",
                    str(root),
                    str(archive),
                    str(manifest),
                    str(int(durable)),
                ],
                stdout=subprocess.PIPE,
                cwd=Path(__file__).resolve().parents[2],
            )
            assert child.stdout is not None
            if number % 2:
                child.stdout.readline()
                time.sleep(rng.uniform(0, 0.05))
                # A kiosk's store commits all the time; its fsync takes the journal, and so the new link, to the disk
                # together, but not the data of anybody else's files.
                with (root / "store").open("wb") as store:
                    store.write(b"a row")
                    store.flush()
                    os.fsync(store.fileno())
            else:
                # Start-up takes most of 0.3 s; the work itself begins and ends somewhere in this span.
                time.sleep(rng.uniform(0.15, 0.7))
            os.kill(child.pid, signal.SIGSTOP)
            shutil.copyfile(image, copy)
            child.kill()
            child.wait()
            child.stdout.close()
        try:
            with mounted(copy, work / "look") as root:
                outcome.swapped += good(root) == "1.1.0"
            outcome.good += 1
        except (ValueError, OSError, subprocess.CalledProcessError) as error:
            outcome.bad.append(str(error))
    return outcome


if __name__ == "__main__":
    update(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "1")
