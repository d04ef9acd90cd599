"""Drivers from settings: the only place that knows which class stands behind which port.

Simulated devices look at the simulated table over its local socket, and refuse to exist on an enrolled kiosk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kiosk.effects.tools import Tools
from kiosk.settings import Settings

if TYPE_CHECKING:
    from hardware.camera.port import DocumentCamera
    from hardware.card.port import CardReader
    from hardware.health import Health
    from hardware.printer.port import TicketPrinter
    from hardware.supervisor import Supervisor
    from hardware.world.port import World


class SimulatedOnEnrolledError(Exception):
    """An enrolled kiosk was told to use a simulated device: its visitors would be fooled."""


def equip(tools: Tools) -> None:
    """Build reader, camera, printer, portal client and voice; none of them is opened or touched yet."""
    settings = tools.settings
    world = _world(settings)
    tools.card = card(settings, world)
    tools.camera = camera(settings, world)
    tools.printer = printer(settings, world)
    from kiosk.main.voice import voice
    from kiosk.portal.client import PortalClient

    tools.portal = PortalClient.from_settings(settings.portal)
    tools.voice = voice(settings)
    tools.make_pdf = _make_pdf
    tools.read_codes = _read_codes
    if tools.camera is not None:
        from kiosk.main.faces import FaceProcess

        tools.faces = FaceProcess(inspectable=settings.inspectable)


def _make_pdf(jpegs: Sequence[bytes], dpis: Sequence[int]) -> bytes:
    from hardware.camera.pdf import pages_to_pdf

    return pages_to_pdf(jpegs, dpis)


def _read_codes(jpeg: bytes) -> tuple[str, ...]:
    from hardware.camera.codes import read_jpeg

    return read_jpeg(jpeg)


def _world(settings: Settings) -> World | None:
    if not settings.devices.simulated:
        return None
    if settings.kiosk.enrolment_file.exists():
        raise SimulatedOnEnrolledError
    from hardware.world import LinkedWorld
    from kiosk.settings.places import world_socket

    return LinkedWorld(world_socket(settings))


class _Left:
    """The camera as the supervisor sees it: it is asked how it is and opened by nobody but its screen."""

    def __init__(self, camera: DocumentCamera) -> None:
        self.health = camera.health

    async def open(self) -> None:
        return None

    async def close(self) -> None:
        return None


def supervisor(tools: Tools, tell: Callable[[Health], None]) -> Supervisor:
    """Watches what this kiosk has; what it has not is told at once: absent, "none"."""
    from hardware.health import Condition, Health
    from hardware.supervisor import Standing, Supervisor

    devices: dict[str, Any] = {"card": tools.card, "printer": tools.printer}
    devices["camera"] = _Left(tools.camera) if tools.camera is not None else None
    for name, device in devices.items():
        if device is None:
            tell(Health(name, Condition.ABSENT, "none"))

    def changed(standing: Standing) -> None:
        tell(standing.health)

    return Supervisor(
        {name: device for name, device in devices.items() if device is not None}, on_change=changed
    )


def card(settings: Settings, world: World | None) -> CardReader | None:
    from hardware.card import build

    wanted = settings.devices.card
    if wanted.kind == "simulated":
        return build("simulated", world=world)
    if wanted.kind == "real":
        return build(
            "pcsc",
            contactless_reader=wanted.reader,
            sam_reader=wanted.sam,
            sam_socket=wanted.vendor_socket,
        )
    return None


def camera(settings: Settings, world: World | None) -> DocumentCamera | None:
    from hardware.camera import build

    wanted = settings.devices.camera
    if wanted.kind == "simulated":
        return build("simulated", world=world)
    if wanted.kind == "real":
        still = (
            (wanted.still_width, wanted.still_height) if wanted.still_width and wanted.still_height else None
        )
        address = int(wanted.source) if wanted.source.isdigit() else wanted.source
        return build("opencv", address=address, preview=(wanted.width, wanted.height), still=still)
    return None


def printer(settings: Settings, world: World | None) -> TicketPrinter | None:
    from hardware.printer import build

    wanted = settings.devices.printer
    match wanted.kind:
        case "none":
            return None
        case "simulated":
            return build("simulated", world=world)
        case "network":
            return build("network", host=wanted.host, port=wanted.port, proof=wanted.proof)
        case "usb":
            return build(
                "usb", usb_vendor=wanted.usb_vendor, usb_product=wanted.usb_product, proof=wanted.proof
            )
        case kind:
            return build(kind, path=wanted.device, baud=wanted.baudrate, proof=wanted.proof)
