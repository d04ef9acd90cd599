"""A network camera on loopback: MJPEG over HTTP, whose paper can be swapped, frozen, pulled away and brought back."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType

import cv2
import numpy as np

from hardware.camera.geometry import Picture

BOUNDARY = "anjungan-frame"


class MjpegCamera:
    """Context manager that serves one picture as a live stream on 127.0.0.1.

    `show` swaps the picture (a BGR array, or bytes sent as they are: for hostile frames); `freeze` keeps the connection
    and sends nothing; `vanish` drops every connection and refuses new ones; `come_back` serves again on the same port.
    """

    def __init__(self, picture: Picture | bytes, rate: float = 25.0) -> None:
        self._rate = rate
        self._part = b""
        self._frozen = threading.Event()
        self._ending = threading.Event()
        self._listener: socket.socket | None = None
        self._clients: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._port = 0
        self.served = 0
        """Connections accepted so far."""
        self.show(picture)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/stream.mjpg"

    def show(self, picture: Picture | bytes) -> None:
        if isinstance(picture, np.ndarray):
            data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
        else:
            data = picture
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
        self._part = head.encode() + data + b"\r\n"

    def freeze(self) -> None:
        self._frozen.set()

    def thaw(self) -> None:
        self._frozen.clear()

    def vanish(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
            clients, self._clients = self._clients, []
        if listener is not None:
            # Closing alone would leave accept() waiting.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def come_back(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        with self._lock:
            self._listener = listener
        self._start(self._accept, listener)

    def _start(self, work, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while not self._ending.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.served += 1
            with self._lock:
                self._clients.append(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        try:
            client.settimeout(5)
            client.recv(4096)
            client.sendall(
                f"HTTP/1.1 200 OK\r\nConnection: close\r\n"
                f"Content-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n".encode()
            )
            due = time.monotonic()
            while not self._ending.is_set():
                if not self._frozen.is_set():
                    client.sendall(self._part)
                due = max(due + 1 / self._rate, time.monotonic())
                self._ending.wait(max(0.0, due - time.monotonic()))
        except OSError:
            pass

    def __enter__(self) -> MjpegCamera:
        self.come_back()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self.vanish()
        for thread in self._threads:
            thread.join(5)
