"""The Python packages of a slot: a venv of its own from the release's wheels, offline, by hash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from provisioning.errors import FleetError
from provisioning.release import Manifest


def build_packages(folder: Path, manifest: Manifest, wheels: dict[str, Path]) -> None:
    """Make `folder`/venv from exactly these wheels; nothing is fetched, nothing is compiled. Raises `FleetError`."""
    house = folder / "wheels"
    house.mkdir()
    lines: list[str] = []
    for piece in manifest.wheels:
        name = Path(piece.target).name
        (house / name).hardlink_to(wheels[piece.target]) if _same_disk(wheels[piece.target], house) else (
            house / name
        ).write_bytes(wheels[piece.target].read_bytes())
        lines.append(f"./{name} --hash=sha256:{piece.sha256}")
    (house / "all.txt").write_text("\n".join(lines) + "\n")
    python = Path(f"/usr/bin/python{manifest.python}")
    _run([str(python if python.exists() else sys.executable), "-m", "venv", str(folder / "venv")], house)
    pip = [
        str(folder / "venv/bin/python"),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-index",
    ]
    _run([*pip, "--no-deps", "--require-hashes", "--no-cache-dir", "-r", "all.txt"], house)


def main(words: list[str]) -> int:
    """SLOT MANIFEST WHEELS: what a first installation does on the machine, with the release's own code."""
    folder, manifest, house = (Path(word).resolve() for word in words)
    about = Manifest.from_bytes(manifest.read_bytes())
    build_packages(folder, about, {piece.target: house / Path(piece.target).name for piece in about.wheels})
    return 0


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _run(words: list[str], folder: Path) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=1800)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise FleetError(f"The packages of this release cannot be installed: {last[0][:160]}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
