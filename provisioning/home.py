"""The folder that is a fleet, on the machine of the people who run it: what lies where, and its few settings."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from provisioning.errors import FleetError


@dataclass(frozen=True, slots=True)
class Plan:
    """`fleet.toml`: how machines find each other and how careful a rollout is. Times in the unit of the name."""

    name: str = "armada"
    serve_host: str = "127.0.0.1"
    serve_port: int = 8443
    repository_url: str = "http://127.0.0.1:8080/"
    broker_host: str = "127.0.0.1"
    broker_port: int = 8883
    """Kiosks connect here; a client id is forced to the certificate's name."""
    operator_host: str = "127.0.0.1"
    operator_port: int = 8884
    """People and `fleet serve` connect here."""
    broker_reload: str = ""
    """Command that makes the broker read its revocation list again, e.g. `systemctl reload mosquitto`."""
    timezone: str = "Asia/Jakarta"
    heartbeat_seconds: float = 30.0
    silent_beats: float = 4.0
    """A connected kiosk that has not reported for this many heartbeats is silent."""
    healthy_minutes: float = 15.0
    arrive_minutes: float = 60.0
    """A connected kiosk must run a release this long after its wave opened (longer while a visitor uses it)."""
    kpi_database: str = "kpi.sqlite"
    """Where the hours of all kiosks go: a file in the fleet's folder, or postgresql://…"""
    failed_most: float = 0.05
    """Share of a wave that may fail before it halts; in the canary wave nothing may."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside the fleet's folder."""

    root: Path

    @property
    def ca(self) -> Path:
        return self.root / "ca"

    @property
    def certificates(self) -> Path:
        return self.root / "certificates"

    @property
    def offline_keys(self) -> Path:
        """Meant to be moved to a machine, or a stick, that is off."""
        return self.root / "keys" / "offline"

    @property
    def online_keys(self) -> Path:
        return self.root / "keys" / "online"

    @property
    def metadata(self) -> Path:
        return self.root / "repository" / "metadata"

    @property
    def targets(self) -> Path:
        return self.root / "repository" / "targets"

    @property
    def staging(self) -> Path:
        """Releases built and being signed, not yet visible to kiosks."""
        return self.root / "staging"

    @property
    def broker(self) -> Path:
        return self.root / "broker"

    @property
    def inventory(self) -> Path:
        return self.root / "inventory.toml"

    @property
    def enrolment(self) -> Path:
        return self.root / "enrolment.sqlite"

    @property
    def last(self) -> Path:
        """What `fleet serve` heard last; a cache."""
        return self.root / "last.sqlite"

    def plan(self) -> Plan:
        """Read `fleet.toml`. Raises `FleetError` when it is missing, not TOML, or has a name or type not known."""
        path = self.root / "fleet.toml"
        try:
            values: dict[str, Any] = tomllib.loads(path.read_text())
        except FileNotFoundError:
            raise FleetError(
                f"{self.root} is no fleet yet. Make one: fleet init --home {self.root}"
            ) from None
        except (tomllib.TOMLDecodeError, OSError) as error:
            raise FleetError(f"{path} cannot be read: {error}") from None
        known = {item.name: type(item.default) for item in fields(Plan)}
        for name, value in values.items():
            if name not in known:
                raise FleetError(f"{path}: no such setting: {name}")
            if known[name] is float and isinstance(value, int):
                values[name] = float(value)
            elif not isinstance(value, known[name]):
                raise FleetError(f"{path}: {name} must be a {known[name].__name__}")
        return Plan(**values)


def find_home(given: str | None) -> Home:
    """`--home`, else `FLEET_HOME`, else the user's state folder."""
    if given or os.environ.get("FLEET_HOME"):
        return Home(Path(given or os.environ["FLEET_HOME"]).expanduser().resolve())
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Home(Path(base) / "anjungan-fleet")
