"""Settings of a kiosk.

`Settings` and its sections are plain frozen dataclasses. `check(path)` returns checked ones without importing pydantic
into the asking process; `kiosk.settings.load.load` checks them here. `from_json`/`to_json` carry them to our processes.
"""

from kiosk.settings.codec import from_json, to_json
from kiosk.settings.model import Settings
from kiosk.settings.resolve import SettingsError, cached, check, settings_path
from kiosk.settings.secret import Secret, SecretTroubleError, find_secret, read_secret, write_secret

__all__ = [
    "Secret",
    "SecretTroubleError",
    "Settings",
    "SettingsError",
    "cached",
    "check",
    "find_secret",
    "from_json",
    "read_secret",
    "settings_path",
    "to_json",
    "write_secret",
]
