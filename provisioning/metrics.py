"""Prometheus metrics of a fleet. Labels are kiosk and site names; never anything of a visitor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioning.home import Home, Plan
from provisioning.known import known
from provisioning.live import View
from provisioning.repository import Repository
from provisioning.rows import ORDER, Known, rows
from provisioning.words import Voice

PAPER = {"ok": 2, "low": 1, "out": 0}


class Collector:
    """One scrape: everything computed from the view and the files at that moment."""

    def __init__(self, view: View, facts: Known, plan: Plan, timestamp_expires: float) -> None:
        self._view, self._facts, self._plan, self._expires = view, facts, plan, timestamp_expires

    def collect(self) -> Iterator[Metric]:
        found = rows(self._view, self._facts, self._plan, Voice(english=True, ascii=True))
        counted = GaugeMetricFamily("anjungan_kiosks", "Kiosks by condition", labels=["condition"])
        for name in ORDER:
            counted.add_metric([name], sum(row.condition == name for row in found))
        yield counted
        gauges = {
            "up": GaugeMetricFamily(
                "anjungan_kiosk_up", "1 connected and well or updating", labels=["kiosk"]
            ),
            "age": GaugeMetricFamily(
                "anjungan_kiosk_last_seen_seconds", "Age of the last report", labels=["kiosk"]
            ),
            "paper": GaugeMetricFamily(
                "anjungan_kiosk_paper", "Ticket paper: 2 enough, 1 near its end, 0 out", labels=["kiosk"]
            ),
            "disk": GaugeMetricFamily("anjungan_kiosk_disk_percent", "Disk used", labels=["kiosk"]),
            "queue": GaugeMetricFamily("anjungan_kiosk_queue", "Deliveries waiting", labels=["kiosk"]),
            "drift": GaugeMetricFamily(
                "anjungan_kiosk_settings_differ", "1 when not as published", labels=["kiosk"]
            ),
        }
        certificates = GaugeMetricFamily(
            "anjungan_kiosk_certificate_days", "Days until its certificate ends", labels=["kiosk"]
        )
        for name, seen in self._view.devices.items():
            if seen.state is not None and seen.state.certificate_days is not None:
                certificates.add_metric([name], seen.state.certificate_days)
        yield certificates
        versions = GaugeMetricFamily("anjungan_kiosk_version", "Release in use", labels=["kiosk", "version"])
        for row in found:
            gauges["up"].add_metric([row.id], 0 if row.condition in ("lost", "look") else 1)
            if row.age < 1e11:
                gauges["age"].add_metric([row.id], row.age)
            for name, value in (
                ("paper", PAPER.get(row.paper or "")),
                ("disk", row.disk),
                ("queue", row.queue),
            ):
                if value is not None:
                    gauges[name].add_metric([row.id], value)
            if row.same is not None:
                gauges["drift"].add_metric([row.id], 0 if row.same else 1)
            versions.add_metric([row.id, row.version], 1)
        yield from gauges.values()
        yield versions
        halted = GaugeMetricFamily(
            "anjungan_rollout_halted", "1 when a rollout waits for a person", labels=["version"]
        )
        for rollout in self._facts.desired.rollouts:
            halted.add_metric([rollout.version], 1 if rollout.halt else 0)
        yield halted
        yield GaugeMetricFamily(
            "anjungan_repository_timestamp_expires_seconds",
            "Until the repository's timestamp ends",
            value=self._expires - time.time(),
        )


def text(home: Home, plan: Plan, view: View) -> str:
    """The metrics of this moment in Prometheus' text format."""
    registry = CollectorRegistry()
    expires = Repository(home).load("timestamp").signed.expires.timestamp()
    registry.register(Collector(view, known(home), plan, expires))
    return generate_latest(registry).decode()


async def expose(home: Home, plan: Plan, view: Callable[[], View], port: int) -> None:
    """Answer `/metrics` on 127.0.0.1 until cancelled."""
    import uvicorn

    async def metrics(_: Request) -> Response:
        body = await asyncio.to_thread(text, home, plan, view())
        return Response(body, media_type="text/plain; version=0.0.4")

    app = Starlette(routes=[Route("/metrics", metrics)])
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # pyright: ignore[reportAttributeAccessIssue] - fleet serve has them
    await server.serve()
