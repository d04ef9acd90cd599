"""A faithful reference portal: the whole contract of `kiosk/portal/openapi.yaml` with invented people, for the demo,
the tests, and whoever builds a real one."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.sandbox.app import create_app
    from kiosk.sandbox.faults import Faults
    from kiosk.sandbox.server import Server, serve
    from kiosk.sandbox.settings import SandboxSettings
    from kiosk.sandbox.state import Sandbox

__all__ = ["Faults", "Sandbox", "SandboxSettings", "Server", "create_app", "serve"]

_HOMES = {
    "Faults": "faults",
    "Sandbox": "state",
    "SandboxSettings": "settings",
    "Server": "server",
    "create_app": "app",
    "serve": "server",
}


def __getattr__(name: str) -> Any:
    """Loaded when asked for: the device bench lives in this package too and needs none of it."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"kiosk.sandbox.{_HOMES[name]}"), name)
