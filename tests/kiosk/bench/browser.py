"""A real Chromium, driven as a person would: mouse and keys through the DevTools protocol, and pictures."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from websockets.sync.client import connect

CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--force-prefers-reduced-motion",
    "--window-size=1280,800",
    "--remote-debugging-port=0",
)


class Browser:
    """One window of 1280×800 with a profile of its own in `profile`; `flags` are further ones for Chromium."""

    def __init__(self, profile: Path, *flags: str) -> None:
        profile.mkdir(parents=True)
        self._number = 0
        self._open = ExitStack()
        self.complaints: list[str] = []
        self._process = subprocess.Popen(
            [CHROMIUM, *_FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port = _soon(lambda: _port(profile))
            pages = _soon(lambda: [p for p in _list(port) if p["type"] == "page"])
            self._socket = self._open.enter_context(connect(pages[0]["webSocketDebuggerUrl"], max_size=None))
        except BaseException:
            self._end()
            raise
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.size(1280, 800)

    def size(self, width: int, height: int, scale: float = 1) -> None:
        """The window in CSS pixels, and how many real ones make one."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._end()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv(timeout=15))
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]
            if told.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(told["params"]["exceptionDetails"]))
            if told.get("method") == "Log.entryAdded" and told["params"]["entry"]["level"] == "error":
                self.complaints.append(told["params"]["entry"]["text"])

    def look(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until `expression` is true in the page."""
        assert _soon(lambda: self.look(expression)), expression

    def go(self, address: str) -> None:
        """Open a page that is whole when its files are."""
        self.call("Page.navigate", url=address)
        self.until("location.href !== 'about:blank' && document.readyState === 'complete'")

    def open(self, address: str) -> None:
        """Open a page that says when it is drawn."""
        self.call("Page.navigate", url=address)
        self.until("document.body && document.body.dataset.drawn === 'yes'")
        self.look("document.fonts.ready.then(() => 1)")

    def click(self, selector: str) -> None:
        """Press and release the mouse in the middle of an element; fails when something covers it."""
        quoted = json.dumps(selector)
        spot = self.look(
            f"(() => {{ const node = document.querySelector({quoted}); const r = node.getBoundingClientRect();"
            "const x = r.x + r.width / 2, y = r.y + r.height / 2;"
            "return [x, y, node.contains(document.elementFromPoint(x, y)), node.disabled]; })()"
        )
        x, y, on_top, disabled = spot
        assert on_top, f"{selector} is covered"
        assert not disabled, f"{selector} is disabled"
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, key: str, code: int) -> None:
        text = {"Enter": "\r", " ": " "}.get(key, "")
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, text=text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


def _port(profile: Path) -> int:
    file = profile / "DevToolsActivePort"
    return int(file.read_text().split()[0]) if file.exists() and file.read_text().strip() else 0


def _list(port: int) -> list[dict[str, Any]]:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/json/list", trust_env=False).json()
    except httpx.TransportError:
        return []


def _soon(look: Any, seconds: float = 20.0) -> Any:
    end = time.monotonic() + seconds
    while not (value := look()):
        if time.monotonic() > end:
            return value
        time.sleep(0.03)
    return value
