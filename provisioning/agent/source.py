"""The signed repository as a kiosk sees it. It trusts keys, never the server, the broker or the line."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tuf.api.exceptions import (
    DownloadError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.ngclient import Updater, UpdaterConfig

from provisioning.agent.slots import Failed
from provisioning.errors import FleetError
from provisioning.release import Manifest, Piece, manifest_target
from provisioning.waves import Desired

__all__ = ["Failed", "Source"]

Progress = Callable[[int, int], None]
TRIES = 3
MOST_BYTES = 2_000_000_000


class Source:
    """One look at the repository: `refresh` first, then everything is of one signed state.

    `metadata` keeps what was verified last, so an older state is refused even after a restart. `root` is the first
    root, from the image or the enrolment. Every method may raise `FleetError` with a sentence.
    """

    def __init__(self, url: str, metadata: Path, cache: Path, root: bytes, *, pause: float = 2.0) -> None:
        self._url = url.rstrip("/")
        self._metadata = metadata
        self._cache = cache
        self._root = root
        self._pause = pause
        self._updater: Updater | None = None

    def refresh(self) -> None:
        """Get and verify the newest state."""
        self._metadata.mkdir(parents=True, exist_ok=True)
        self._cache.mkdir(parents=True, exist_ok=True)
        config = UpdaterConfig(app_user_agent="anjungan-agent")
        updater = Updater(
            str(self._metadata),
            f"{self._url}/metadata/",
            str(self._cache),
            f"{self._url}/targets/",
            config=config,
            bootstrap=self._root,
        )
        try:
            updater.refresh()
        except ExpiredMetadataError as error:
            raise FleetError(
                f"The repository's {_first(error)}: it was not renewed, or this machine's clock is wrong."
            ) from None
        except DownloadError as error:
            raise FleetError(f"The repository cannot be reached: {_first(error)}") from None
        except (RepositoryError, ValueError, OSError) as error:
            raise FleetError(f"The repository is refused: {_first(error)}") from None
        self._updater = updater

    def desired(self) -> Desired:
        """What kiosks should run; nothing is asked when nothing is published."""
        data = self._small("desired/rollout.json")
        if data is None:
            return Desired()
        try:
            return Desired.from_plain(json.loads(data))
        except (ValueError, KeyError, TypeError) as error:
            raise FleetError(f"The desired state cannot be read: {type(error).__name__}") from None

    def settings(self, site: str) -> dict[str, Any] | None:
        """Settings of a site (layers "fleet", "site", "devices"); None: not published."""
        return self._json(f"desired/config/{site}.json")

    def trust(self) -> dict[str, Any]:
        """Settings only offline keys may set."""
        return self._json("trust/settings.json") or {}

    def manifest(self, version: str, architecture: str) -> Manifest:
        """The manifest for this machine, else the one for any. Refused unless offline keys signed it, by path."""
        for kind in (architecture, "any"):
            data = self._small(manifest_target(version, kind))
            if data is not None:
                manifest = Manifest.from_bytes(data)
                if manifest.version != version:
                    raise FleetError(f"The manifest of {version} speaks of {manifest.version}; refused.")
                return manifest
        raise FleetError(f"No release {version} for {architecture} is signed.")

    def piece(self, piece: Piece, progress: Progress | None = None) -> Path:
        """A file of a release, from the cache or the line; bounded tries, then a sentence. Verified either way."""
        if piece.size > MOST_BYTES:
            raise FleetError(f"{piece.target} is larger than any release may be.")
        path = self._get(piece.target)
        if path is None:
            raise FleetError(f"{piece.target} is not signed.")
        data = path.read_bytes()
        if len(data) != piece.size or hashlib.sha256(data).hexdigest() != piece.sha256:
            raise FleetError(f"{piece.target} is not what the manifest names.")
        if progress:
            progress(piece.size, piece.size)
        return path

    def prune(self, keep: set[str]) -> None:
        """Throw away cached files no release in a slot needs."""
        names = {_cache_name(target) for target in keep}
        for path in self._cache.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _json(self, target: str) -> dict[str, Any] | None:
        data = self._small(target)
        if data is None:
            return None
        try:
            value = json.loads(data)
        except ValueError:
            raise FleetError(f"{target} is not JSON.") from None
        if not isinstance(value, dict):
            raise FleetError(f"{target} is not an object.")
        return value  # pyright: ignore[reportUnknownVariableType]

    def _small(self, target: str) -> bytes | None:
        path = self._get(target)
        return None if path is None else path.read_bytes()

    def _get(self, target: str) -> Path | None:
        if self._updater is None:
            raise FleetError("The repository has not been looked at yet.")
        path = self._cache / _cache_name(target)
        for attempt in range(TRIES):
            try:
                info = self._updater.get_targetinfo(target)
                if info is None:
                    return None
                cached = self._updater.find_cached_target(info, str(path))
                return Path(cached or self._updater.download_target(info, str(path)))
            except DownloadError as error:
                if attempt == TRIES - 1:
                    raise FleetError(f"{target} did not arrive: {_first(error)}") from None
                time.sleep(self._pause * 2**attempt)
            except (RepositoryError, ValueError) as error:
                raise FleetError(f"{target} is refused: {_first(error)}") from None
        return None


def _cache_name(target: str) -> str:
    return target.replace("/", "_")


def _first(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:160]
