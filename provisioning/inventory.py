"""The inventory: a TOML file of fleet, sites and devices, merged and checked as a kiosk would check it.

[settings]                          # every kiosk
window.reduce_motion = false
[site.mukomuko]                     # a site, and what differs there
name = "Kota Mukomuko"
settings.kiosk.counters = "Loket 1 dan 2"
[device.K-01]
site = "mukomuko"
address = "10.20.0.11"              # for fleet install; the running fleet does not use it
settings.kiosk.reader_side = "left"
"""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provisioning.errors import FleetError
from provisioning.pki import DEVICE_NAME
from provisioning.settings_merge import Plain, fingerprint, merged, refuse_trust, to_toml


@dataclass(frozen=True, slots=True)
class Site:
    id: str
    name: str
    settings: Plain = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Device:
    id: str
    site: str
    place: str
    address: str = ""
    settings: Plain = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything known before a kiosk is plugged in."""

    settings: Plain
    sites: dict[str, Site]
    devices: dict[str, Device]
    trust: Plain = field(default_factory=dict[str, Any])
    """Settings of the heading [trust]: published only by `fleet release`, signed offline."""

    def merged(self, device: str) -> Plain:
        """What this kiosk is to use, id included. Raises `FleetError` for a kiosk that is not listed."""
        item = self.device(device)
        site = self.sites[item.site]
        return merged(self.settings, site.settings, item.settings, self.trust, {"kiosk": {"id": item.id}})

    def device(self, name: str) -> Device:
        if name not in self.devices:
            raise FleetError(f"{name} is not in the inventory.")
        return self.devices[name]

    def fingerprints(self) -> dict[str, str]:
        """Of every kiosk's merged settings. What a site's kiosks share is merged once: a table asks for thousands."""
        alike = {name: merged(self.settings, site.settings, self.trust) for name, site in self.sites.items()}
        found: dict[str, str] = {}
        for name, item in self.devices.items():
            if item.settings:
                found[name] = fingerprint(self.merged(name))
            else:
                base = alike[item.site]
                found[name] = fingerprint({**base, "kiosk": {**base.get("kiosk", {}), "id": name}})
        return found

    def documents(self) -> dict[str, dict[str, Any]]:
        """One document a site, as published: a kiosk merges its own layers."""
        return {
            f"desired/config/{site.id}.json": {
                "format": 1,
                "fleet": self.settings,
                "site": site.settings,
                "devices": {
                    d.id: d.settings for d in self.devices.values() if d.site == site.id and d.settings
                },
            }
            for site in self.sites.values()
        }

    def complaints(self, devices: list[str] | None = None) -> list[str]:
        """What a kiosk would refuse, one sentence each: the kiosk's own check, on its own merged settings."""
        found: list[str] = []
        for name in devices or sorted(self.devices):
            item = self.devices[name]
            try:
                for layer in (self.settings, self.sites[item.site].settings, item.settings):
                    refuse_trust(layer)
                found += [f"{name}: {line}" for line in check_text(to_toml(self.merged(name)))]
            except FleetError as error:
                found.append(f"{name}: {error}")
        return found


def check_text(toml: str) -> list[str]:
    """The kiosk's own check of a settings file; empty when it would start with it."""
    from kiosk.settings import SettingsError
    from kiosk.settings.load import load

    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(toml)
        file.flush()
        try:
            load(Path(file.name), {})
        except SettingsError as error:
            return error.lines
    return []


def load_inventory(path: Path) -> Inventory:
    """Read and cross-check. Raises `FleetError`: missing file, no TOML, unknown names, a site that is not there."""
    try:
        data = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise FleetError(f"No inventory at {path}. Make a sample: fleet init") from None
    except tomllib.TOMLDecodeError as error:
        raise FleetError(f"{path}: {error}") from None
    unknown = set(data) - {"settings", "trust", "site", "device"}
    if unknown:
        raise FleetError(f"{path}: no such heading: {', '.join(sorted(unknown))}")
    sites: dict[str, Site] = {}
    for name, values in data.get("site", {}).items():
        _only(path, f"site.{name}", values, {"name", "settings"})
        sites[name] = Site(name, values.get("name", name), values.get("settings", {}))
    devices: dict[str, Device] = {}
    for name, values in data.get("device", {}).items():
        _only(path, f"device.{name}", values, {"site", "address", "place", "settings"})
        if not DEVICE_NAME.fullmatch(name):
            raise FleetError(f"{path}: device.{name}: a kiosk is named like K-01")
        site = values.get("site", "")
        if site not in sites:
            raise FleetError(f"{path}: device.{name}: there is no site {site!r}")
        place = values.get("place", sites[site].name)
        devices[name] = Device(name, site, place, values.get("address", ""), values.get("settings", {}))
    return Inventory(data.get("settings", {}), sites, devices, data.get("trust", {}))


def _only(path: Path, where: str, values: object, known: set[str]) -> None:
    if not isinstance(values, dict):
        raise FleetError(f"{path}: {where} is not a table")
    unknown = {str(key) for key in values} - known  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if unknown:
        raise FleetError(f"{path}: {where}: no such entry: {', '.join(sorted(unknown))}")
