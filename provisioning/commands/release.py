"""`fleet release`: build it (anywhere), sign it (offline, twice), publish it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from provisioning.errors import FleetError
from provisioning.home import Home, find_home


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", help="archive, wheels, packs and manifest, and the metadata to sign")
    build.add_argument("version")
    build.add_argument("--source", type=Path, default=Path())
    build.add_argument("--wheels", type=Path, help="folder of wheels for one architecture")
    build.add_argument("--packs", type=Path, nargs="*", default=[])
    build.add_argument("--architecture", default="any", choices=("any", "x86_64", "aarch64"))
    build.add_argument("--note", default="")
    sign = verbs.add_parser("sign", help="add one offline signature")
    sign.add_argument("--key", type=Path, required=True)
    verbs.add_parser("publish", help="make it visible to kiosks; nobody takes it before fleet rollout start")
    verbs.add_parser("list", help="signed releases")


def run(args: argparse.Namespace) -> int:
    match args.verb:
        case "build":
            return _build(args, find_home(args.home))
        case "sign":
            return _sign(args, find_home(args.home))
        case "publish":
            return _publish(find_home(args.home))
        case _:
            from provisioning.repository import Repository

            names = Repository(find_home(args.home)).names("targets")
            for name in names:
                if name.endswith("/manifest.json"):
                    _, version, architecture, _ = name.split("/")
                    print(f"{version}  {architecture}")
            return 0


def _build(args: argparse.Namespace, home: Home) -> int:
    from provisioning.inventory import load_inventory
    from provisioning.release import build
    from provisioning.repository import Repository

    if args.wheels is not None and args.architecture == "any":
        raise FleetError("Wheels are for one architecture: --architecture x86_64 or aarch64")
    wheels = sorted(args.wheels.glob("*.whl")) if args.wheels else []
    if args.wheels and not wheels:
        raise FleetError(f"No wheels in {args.wheels}. pip wheel -r requirements/run.txt -w {args.wheels}")
    home.staging.mkdir(exist_ok=True)
    manifest, files = build(
        args.source,
        args.version,
        home.staging / args.version / args.architecture,
        wheels=wheels,
        packs=args.packs,
        architecture=args.architecture,
        note=args.note,
    )
    trust = home.staging / "trust.json"
    trust.write_text(json.dumps(load_inventory(home.inventory).trust, sort_keys=True, indent=1))
    files["trust/settings.json"] = trust
    # Several architectures of one version go into one signing.
    earlier = _files(home) if (home.staging / "files.json").exists() else {}
    files = {**{name: path for name, path in earlier.items() if path.exists()}, **files}
    metadata = Repository(home).propose(files)
    metadata.to_file(str(home.staging / "targets.json"))
    (home.staging / "files.json").write_text(
        json.dumps({name: str(path) for name, path in files.items()}, indent=1)
    )
    size = sum(piece.size for piece in manifest.pieces())
    print(f"{args.version} for {args.architecture}: {size / 1e6:.1f} MB, app {manifest.app.sha256[:16]}")
    print("Sign with both offline keys: fleet release sign --key FILE")
    return 0


def _sign(args: argparse.Namespace, home: Home) -> int:
    from provisioning.repository import Repository, ask_passphrase, load_signer, sign_with

    repository = Repository(home)
    metadata = _proposed(home)
    encrypted = args.key.exists() and b"ENCRYPTED" in args.key.read_bytes()
    signer = load_signer(args.key, ask_passphrase(args.key.name) if encrypted else b"")
    sign_with(metadata, signer, repository.load("root").signed)
    metadata.to_file(str(home.staging / "targets.json"))
    have, need = repository.signatures(metadata)
    print(
        f"{have} of {need} keys."
        + (" Now: fleet release publish" if have >= need else " The other key is missing.")
    )
    return 0


def _publish(home: Home) -> int:
    from provisioning.repository import Repository

    Repository(home).publish(_proposed(home), _files(home))
    for name in ("targets.json", "files.json"):
        (home.staging / name).unlink()
    print("Published. Nobody takes it before: fleet rollout start VERSION")
    return 0


def _proposed(home: Home):
    from provisioning.repository import read_metadata

    path = home.staging / "targets.json"
    if not path.exists():
        raise FleetError("Nothing is waiting to be signed. fleet release build VERSION")
    return read_metadata(path)


def _files(home: Home) -> dict[str, Path]:
    return {name: Path(path) for name, path in json.loads((home.staging / "files.json").read_text()).items()}
