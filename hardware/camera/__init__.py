"""The document camera: a port, a real driver on OpenCV, a simulated one, and the finding and judging they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hardware.camera.port import DocumentCamera
    from hardware.world.port import World


def build(
    kind: Literal["opencv", "simulated"],
    *,
    address: int | str = 0,
    preview: tuple[int, int] = (1280, 720),
    still: tuple[int, int] | None = None,
    view_mm: float | None = None,
    world: World | None = None,
) -> DocumentCamera:
    """The camera the settings name; engines are imported only here, so that the port stays light.

    "opencv": `address` is a device number or path, a stream address or a film file; `preview` and `still` are the modes
    asked of a device (width, height); `view_mm` the millimetres of table along its long side, if known.
    "simulated": looks at `world`, which must be given (ValueError).
    """
    if kind == "opencv":
        from hardware.camera.opencv import OpenCVCamera

        return OpenCVCamera(address, preview=preview, still=still, view_mm=view_mm)
    if world is None:
        raise ValueError("a simulated camera looks at a world")
    from hardware.camera.simulated import SimulatedCamera

    return SimulatedCamera(world)
