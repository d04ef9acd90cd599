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
    """The camera the settings name; its engine is imported when it is first opened (`hardware.camera.late`).

    "opencv": `address` is a device number or path, a stream address or a film file; `preview` and `still` are the modes
    asked of a device (width, height); `view_mm` the millimetres of table along its long side, if known.
    "simulated": looks at `world`, which must be given (ValueError).
    """
    from hardware.camera.address import CameraAddress, probe_table
    from hardware.camera.late import LateCamera

    if kind == "opencv":

        def real() -> DocumentCamera:
            from hardware.camera.opencv import OpenCVCamera

            return OpenCVCamera(address, preview=preview, still=still, view_mm=view_mm)

        return LateCamera(real, CameraAddress(address).probe)
    if world is None:
        raise ValueError("a simulated camera looks at a world")

    def drawn() -> DocumentCamera:
        from hardware.camera.simulated import SimulatedCamera

        return SimulatedCamera(world)

    return LateCamera(drawn, lambda: probe_table(world))
