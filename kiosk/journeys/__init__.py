"""The services of the kiosk, in the order of the menu. The one table that knows them all.

To add a service: a module with a frozen State and `start` and `step`, a line here, its screens and texts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.flow.events import Signal, Touch
from kiosk.flow.model import Answered, Context, Journey, Turn
from kiosk.journeys import apply, archive, faq, learn, lkpm, practice, queue, resume, status, survey


@dataclass(frozen=True, slots=True)
class Service:
    """`icon` is a Phosphor name; title and one-line help are the texts `menu.<name>` and `menu.<name>.help`."""

    name: str
    icon: str
    start: Callable[[Context], Turn]
    step: Callable[[Journey, Touch | Signal | Answered, Context], Turn]
    offered: bool = True
    """False: not in the menu; another service leads to it."""


SERVICES: dict[str, Service] = {
    service.name: service
    for service in (
        Service("apply", "storefront", apply.start, apply.step),
        Service("resume", "tray-arrow-up", resume.start, resume.step),
        Service("status", "magnifying-glass", status.start, status.step),
        Service("queue", "ticket", queue.start, queue.step),
        Service("ask", "tree-structure", apply.start_asking, apply.step),
        Service("faq", "chats-circle", faq.start, faq.step),
        Service("lkpm", "chart-bar", lkpm.start, lkpm.step),
        Service("learn", "graduation-cap", learn.start, learn.step),
        Service("practice", "graduation-cap", practice.start, practice.step, offered=False),
        Service("survey", "smiley", survey.start, survey.step),
    )
}
OFFICE: dict[str, Service] = {"archive": Service("archive", "archive", archive.start, archive.step)}
"""What officers alone can begin (`kiosk.flow.office`). In no menu, and no touch of a visitor chooses it."""
ALL = SERVICES | OFFICE
