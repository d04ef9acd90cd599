"""The *meja uji*: the page on loopback where a person, or the autopilot, handles the simulated devices."""

from __future__ import annotations

from kiosk.sandbox.bench.app import BenchRefused, bench_app
from kiosk.sandbox.bench.port import Codes, Line, NetworkSwitch, NetworkView, SentCode

__all__ = ["BenchRefused", "Codes", "Line", "NetworkSwitch", "NetworkView", "SentCode", "bench_app"]
