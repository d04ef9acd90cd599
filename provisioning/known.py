"""What the fleet's folder knows about its kiosks, put together for tables, waves and metrics."""

from __future__ import annotations

from provisioning.enrolment import Enrolment
from provisioning.errors import FleetError
from provisioning.home import Home
from provisioning.inventory import Inventory, load_inventory
from provisioning.pki import Authority
from provisioning.repository import Repository
from provisioning.rollouts import read
from provisioning.rows import Known


def book(home: Home) -> Enrolment:
    return Enrolment(home.enrolment, Authority(home.ca))


def inventory_or_none(home: Home) -> Inventory | None:
    """A table must still be shown while somebody is editing the inventory."""
    try:
        return load_inventory(home.inventory)
    except FleetError:
        return None


def enrolled(home: Home) -> list[str]:
    """Kiosks that may take a release: certificate valid, or ended while they were off."""
    return [row.device for row in book(home).rows() if row.state in ("valid", "expired")]


def known(home: Home) -> Known:
    listed = inventory_or_none(home)
    names = enrolled(home)
    devices = listed.devices if listed else {}
    places = {name: devices[name].place if name in devices else "" for name in names}
    fingerprints = listed.fingerprints() if listed and listed.devices else {}
    return Known(places, fingerprints, read(Repository(home)))
