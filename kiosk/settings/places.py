"""Where the settings put things."""

from __future__ import annotations

from pathlib import Path

from kiosk.folders import runtime_folder, state_folder
from kiosk.settings.model import Settings


def store_folder(settings: Settings) -> Path:
    """Folder of the store: from the settings, else systemd's state folder, else the user's."""
    return Path(settings.store.folder).expanduser() if settings.store.folder else state_folder()


def world_socket(settings: Settings) -> Path:
    """Socket on which the simulated table is followed."""
    given = settings.devices.world_socket
    return Path(given) if given else runtime_folder() / "world.sock"
