# tuf documents tuf.api.metadata as its interface, yet does not re-export in the way pyright asks for.
# pyright: reportPrivateImportUsage=false
"""The signed repository (TUF): static files any web server can hand out, and the only authority over kiosks.

| role | key | says |
|---|---|---|
| root | offline, 2 of 3 | which keys count |
| targets | offline, 2 of 2 | releases and packs (`release/*`), and what must not change by accident (`trust/*`) |
| rollout | online, delegated | `desired/*`: waves, halts, operational settings; nothing else, by path |
| snapshot, timestamp | online | that all of it is one state, and a fresh one |

Consistent snapshots: a file's name holds its version or hash, so caches never mix two states; `timestamp.json` alone is
replaced, last.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import getpass
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError as SerializationError

from provisioning.errors import FleetError
from provisioning.files import write_whole
from provisioning.home import Home

OFFLINE = {"root": (3, 2), "targets": (2, 2)}
"""Role: (keys made, signatures needed)."""
ONLINE = ("rollout", "snapshot", "timestamp")
DAYS = {"root": 730, "targets": 400, "rollout": 90, "snapshot": 30, "timestamp": 14}

Passphrase = Callable[[str], bytes]


def ask_passphrase(what: str) -> bytes:
    """From the file `FLEET_PASSPHRASE_FILE` names, else asked for on the terminal."""
    file = os.environ.get("FLEET_PASSPHRASE_FILE")
    if file:
        return Path(file).read_bytes().strip()
    if not sys.stdin.isatty():
        raise FleetError(
            "The offline keys need a passphrase: set FLEET_PASSPHRASE_FILE or run on a terminal."
        )
    return getpass.getpass(f"Passphrase of {what}: ").encode()


@contextlib.contextmanager
def locked(home: Home, name: str) -> Iterator[None]:
    """Hold a lock of the fleet's folder: people's commands and `fleet serve` write the same files."""
    with (home.root / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _expiry(role: str) -> dt.datetime:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=DAYS[role])).replace(microsecond=0)


def _new_key(path: Path, passphrase: bytes) -> CryptoSigner:
    key = ed25519.Ed25519PrivateKey.generate()
    how = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    write_whole(path, pem, 0o600)
    return CryptoSigner(key)


def load_signer(path: Path, passphrase: bytes = b"") -> CryptoSigner:
    """Read a signing key. Raises `FleetError` when it is missing or the passphrase is wrong."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase or None)
    except FileNotFoundError:
        raise FleetError(f"No key at {path}. Is the stick with the offline keys in?") from None
    except (ValueError, TypeError):
        raise FleetError(f"{path.name} does not open: wrong passphrase?") from None
    return CryptoSigner(cast(ed25519.Ed25519PrivateKey, key))


@dataclass(frozen=True)
class Repository:
    """The repository of one fleet. One writer at a time: people at one console, or `fleet serve`."""

    home: Home

    @classmethod
    def create(cls, home: Home, passphrase: bytes) -> Repository:
        """Make all keys and the first signed state. `passphrase` empty: offline keys are not encrypted (tests)."""
        home.metadata.mkdir(parents=True)
        home.targets.mkdir(parents=True)
        for folder in (home.offline_keys, home.online_keys):
            folder.mkdir(parents=True, mode=0o700)
        keys: dict[str, list[CryptoSigner]] = {}
        for role, (count, _) in OFFLINE.items():
            keys[role] = [
                _new_key(home.offline_keys / f"{role}-{n}.pem", passphrase) for n in range(1, count + 1)
            ]
        for role in ONLINE:
            keys[role] = [_new_key(home.online_keys / f"{role}.pem", b"")]

        root = Root(expires=_expiry("root"), consistent_snapshot=True)
        for role in ("root", "targets", "snapshot", "timestamp"):
            for signer in keys[role]:
                root.add_key(signer.public_key, role)
            root.roles[role].threshold = OFFLINE.get(role, (1, 1))[1]
        rollout_key = keys["rollout"][0].public_key
        # TUF's * stops at a slash, so the folder of settings is named too.
        paths = ["desired/*", "desired/config/*"]
        delegated = DelegatedRole("rollout", [rollout_key.keyid], 1, terminating=True, paths=paths)
        targets = Targets(
            expires=_expiry("targets"),
            delegations=Delegations({rollout_key.keyid: rollout_key}, {"rollout": delegated}),
        )
        repository = cls(home)
        repository._save("root", _signed(Metadata(root), keys["root"]))
        repository._save("targets", _signed(Metadata(targets), keys["targets"]))
        repository._save("rollout", _signed(Metadata(Targets(expires=_expiry("rollout"))), keys["rollout"]))
        versions = {f"{role}.json": MetaFile(1) for role in ("targets", "rollout")}
        snapshot = Snapshot(expires=_expiry("snapshot"), meta=versions)
        repository._save("snapshot", _signed(Metadata(snapshot), keys["snapshot"]))
        stamp = Timestamp(expires=_expiry("timestamp"), snapshot_meta=MetaFile(1))
        repository._save("timestamp", _signed(Metadata(stamp), keys["timestamp"]))
        return repository

    # -- reading

    def root_bytes(self) -> bytes:
        """What a device is given once, by hand or image: the first root."""
        return (self.home.metadata / "1.root.json").read_bytes()

    def load(self, role: str) -> Metadata[Any]:
        """The newest state of a role. Raises `FleetError` when it is missing."""
        name = "timestamp.json" if role == "timestamp" else f"{self._newest(role)}.{role}.json"
        try:
            return Metadata[Any].from_file(str(self.home.metadata / name))
        except (OSError, ValueError) as error:
            raise FleetError(f"The repository has no usable {name}: {error}") from None

    def content(self, target: str) -> bytes | None:
        """The bytes of a target as published; None when nobody signed such a target."""
        for role in ("rollout", "targets"):
            info = self.load(role).signed.targets.get(target)
            if info is not None:
                return self._target_path(target, info).read_bytes()
        return None

    def names(self, role: str) -> list[str]:
        return sorted(self.load(role).signed.targets)

    def signatures(self, metadata: Metadata[Any]) -> tuple[int, int]:
        """How many keys signed this targets metadata, and how many must."""
        root = self.load("root").signed
        result = root.get_verification_result("targets", metadata.signed_bytes, metadata.signatures)
        return len(result.signed), result.threshold

    # -- what the online keys may do

    def put_desired(self, files: Mapping[str, bytes], remove: tuple[str, ...] = ()) -> None:
        """Publish desired state. Names must be under `desired/`: the role cannot speak for anything else."""
        for name in files:
            if not re.fullmatch(r"desired/(config/)?[^/]+", name):
                raise FleetError(f"The rollout role may not sign {name}: only desired/*.")
        with locked(self.home, "repository"):
            self._put(files, remove)

    def _put(self, files: Mapping[str, bytes], remove: tuple[str, ...]) -> None:
        metadata = self.load("rollout")
        targets: Targets = metadata.signed
        for name, content in files.items():
            info = TargetFile.from_data(name, content, ["sha256"])
            self._write_target(name, info, content)
            targets.targets[name] = info
        for name in remove:
            targets.targets.pop(name, None)
        targets.version += 1
        targets.expires = _expiry("rollout")
        self._save("rollout", _signed(metadata, [self._online("rollout")]))
        self._snap()

    def refresh(self) -> None:
        """Renew the online roles' dates; what they say stays the same."""
        self.put_desired({})

    # -- what the offline keys say

    def propose(self, files: Mapping[str, Path], remove: tuple[str, ...] = ()) -> Metadata[Any]:
        """Targets metadata with these files added, one version on, not signed yet."""
        metadata = self.load("targets")
        targets: Targets = metadata.signed
        for name, path in files.items():
            targets.targets[name] = TargetFile.from_file(name, str(path), ["sha256"])
        for name in remove:
            targets.targets.pop(name, None)
        targets.version += 1
        targets.expires = _expiry("targets")
        metadata.signatures.clear()
        return metadata

    def publish(self, metadata: Metadata[Any], files: Mapping[str, Path]) -> None:
        """Make signed targets metadata visible. Raises `FleetError` unless enough offline keys signed exactly this."""
        with locked(self.home, "repository"):
            self._publish(metadata, files)

    def _publish(self, metadata: Metadata[Any], files: Mapping[str, Path]) -> None:
        root = self.load("root").signed
        try:
            root.verify_delegate("targets", metadata.signed_bytes, metadata.signatures)
        except UnsignedMetadataError:
            have, need = self.signatures(metadata)
            raise FleetError(
                f"{have} of {need} offline keys signed. Sign with the other: fleet release sign --key FILE"
            ) from None
        newest = self._newest("targets")
        if metadata.signed.version != newest + 1:
            raise FleetError("Something else was published since this was signed. Build and sign again.")
        for name, path in files.items():
            info = metadata.signed.targets[name]
            content = path.read_bytes()
            info.verify_length_and_hashes(content)
            self._write_target(name, info, content)
        self._save("targets", metadata)
        self._snap()

    # -- plumbing

    def _online(self, role: str) -> CryptoSigner:
        return load_signer(self.home.online_keys / f"{role}.pem")

    def _newest(self, role: str) -> int:
        versions = [int(path.name.split(".")[0]) for path in self.home.metadata.glob(f"*.{role}.json")]
        if not versions:
            raise FleetError(f"The repository has no {role} metadata. Run: fleet init")
        return max(versions)

    def _snap(self) -> None:
        metadata = self.load("snapshot")
        snapshot: Snapshot = metadata.signed
        snapshot.meta = {f"{role}.json": MetaFile(self._newest(role)) for role in ("targets", "rollout")}
        snapshot.version += 1
        snapshot.expires = _expiry("snapshot")
        self._save("snapshot", _signed(metadata, [self._online("snapshot")]))
        stamped = self.load("timestamp")
        stamp: Timestamp = stamped.signed
        stamp.snapshot_meta = MetaFile(snapshot.version)
        stamp.version += 1
        stamp.expires = _expiry("timestamp")
        self._save("timestamp", _signed(stamped, [self._online("timestamp")]))

    def _save(self, role: str, metadata: Metadata[Any]) -> None:
        name = "timestamp.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
        write_whole(self.home.metadata / name, metadata.to_bytes())

    def _target_path(self, name: str, info: TargetFile) -> Path:
        folder, _, base = name.rpartition("/")
        return self.home.targets / folder / f"{info.hashes['sha256']}.{base}"

    def _write_target(self, name: str, info: TargetFile, content: bytes) -> None:
        path = self._target_path(name, info)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)


def sign_with(metadata: Metadata[Any], signer: CryptoSigner, root: Root) -> None:
    """Add one offline signature. Raises `FleetError` when the key is not one of the targets keys."""
    if signer.public_key.keyid not in root.roles["targets"].keyids:
        raise FleetError("This key is not one of the targets keys of this fleet.")
    metadata.sign(signer, append=True)


def verify_signature(metadata: Metadata[Any], root: Root) -> bool:
    """True when enough offline keys signed it."""
    try:
        root.verify_delegate("targets", metadata.signed_bytes, metadata.signatures)
    except (UnsignedMetadataError, UnverifiedSignatureError):
        return False
    return True


def _signed(metadata: Metadata[Any], signers: list[CryptoSigner]) -> Metadata[Any]:
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    return metadata


def read_metadata(path: Path) -> Metadata[Any]:
    """Metadata waiting to be signed. Raises `FleetError` when the file is not that."""
    try:
        return Metadata[Any].from_file(str(path))
    except (OSError, ValueError, SerializationError) as error:
        raise FleetError(f"{path} is not targets metadata: {error}") from None
