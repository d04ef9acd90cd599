"""The ticket printer: port, real driver on python-escpos, simulated driver, chosen by `build`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hardware.printer.conversation import Proof
    from hardware.printer.port import TicketPrinter
    from hardware.world.port import World

PrinterKind = Literal["network", "usb", "serial", "file", "simulated"]

__all__ = ["PrinterKind", "build"]


def build(
    kind: PrinterKind,
    *,
    host: str = "",
    port: int = 9100,
    usb_vendor: int = 0,
    usb_product: int = 0,
    path: str = "",
    baud: int = 115200,
    proof: Proof = "fence",
    world: World | None = None,
) -> TicketPrinter:
    """A printer that is not opened yet. Nothing heavy is imported before its first use.

    `network` needs `host` (an address rather than a name: a name asks DNS), `usb` the two ids that `lsusb`
    shows, `serial` and `file` a `path`, `simulated` a `world`; ValueError when that is missing. `proof` says
    how the model proves a job, see `hardware.printer.conversation.Proof`.
    """
    if kind == "simulated":
        if world is None:
            raise ValueError("a simulated printer needs a world")
        from hardware.printer.simulated import SimulatedPrinter

        return SimulatedPrinter(world)

    from hardware.printer import transport
    from hardware.printer.escpos import EscposPrinter

    if kind == "network":
        if not host:
            raise ValueError("a network printer needs a host")
        line: transport.Transport = transport.NetworkTransport(host, port)
    elif kind == "usb":
        if not (usb_vendor and usb_product):
            raise ValueError("a USB printer needs its vendor and product ids")
        line = transport.UsbTransport(usb_vendor, usb_product)
    elif not path:
        raise ValueError(f"a {kind} printer needs a path")
    elif kind == "serial":
        line = transport.SerialTransport(path, baud)
    else:
        line = transport.FileTransport(path)
    return EscposPrinter(line, proof=proof)
