"""From a call at a kiosk to the ring in an officer's browser. `python -m tests.bench.bench_desk`.

A real Chromium on a desk over TLS, alone and with thirty more pages open; the kiosk's line goes directly, or over a
real Mosquitto. The last row is a control: the same page told by the desk itself, without a kiosk. Reach: 1 s.
"""

from __future__ import annotations

import logging
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx

from kiosk.assist.call.wire import Call, State
from kiosk.desk.server import Server
from kiosk.desk.sessions import Rate
from kiosk.identity.officers import Officer
from kiosk.main.desk_certificate import make
from kiosk.store.officers import hash_pin, keep_officers
from provisioning.pki import Authority
from provisioning.simulation import free_port, own_broker_user, running_broker
from tests.kiosk.bench.browser import Browser
from tests.kiosk.desk.conftest import PIN, SECRET, AKiosk, Office, settings_of, soon
from tests.kiosk.desk.test_broker import Broker, broker_files
from tests.kiosk.desk.test_page import sign_in

ROUNDS = 25
MORE_PAGES = 30


def calls(browser: Browser, ring: Callable[[], float], stop: Callable[[], object]) -> list[float]:
    """Milliseconds from call to ring, each round."""
    found: list[float] = []
    for _ in range(ROUNDS):
        browser.until("document.body.dataset.ringing === 'no'")
        browser.look("delete document.body.dataset.rang")
        at = ring()
        browser.until("document.body.dataset.rang")
        found.append(float(browser.look("document.body.dataset.rang")) - at * 1000)
        stop()
    return found


def row(name: str, found: list[float]) -> None:
    ordered = sorted(found)
    most = ordered[-1]
    print(f"{name:<34}{statistics.median(found):>9.0f}{ordered[int(len(found) * 0.95)]:>9.0f}{most:>9.0f}")


def rounds(browser: Browser, kiosk: AKiosk) -> list[float]:
    return calls(browser, lambda: kiosk.ring("camera"), lambda: kiosk.do(lambda line: line.stop()))


def main() -> None:
    logging.disable(logging.ERROR)  # pages that are still open when the desk stops
    folder = Path(tempfile.mkdtemp(prefix="bench-desk-"))
    made = make(folder / "tls", ("127.0.0.1",))
    with ExitStack() as stack:
        authority = Authority.create(folder / "ca", "Contoh")
        port = free_port()
        config = broker_files(authority, folder, port)
        own_broker_user(config)
        stack.enter_context(running_broker(config, [port]))
        broker = Broker(folder, port)
        own = broker.settings("desk").desk
        settings = settings_of(
            folder, made, broker_host="127.0.0.1", broker_port=port, broker_ca=own.broker_ca,
            broker_certificate=own.broker_certificate, broker_key=own.broker_key,
        )  # fmt: skip
        keep_officers(settings, (Officer("11", "aaaaaaaa", "Sari", pin=hash_pin(PIN), code=SECRET),))
        server = stack.enter_context(Server(settings, rate=Rate(most=60)))
        server.start()
        office = Office(folder, made, settings, server)
        browser = stack.enter_context(Browser(folder / "profile", "--ignore-certificate-errors"))
        sign_in(browser, office)
        direct, over = office.kiosk("K-01"), AKiosk(broker.settings("K-02"))
        soon(lambda: {"K-01", "K-02"} <= set(server.desk.room.kiosks))

        print(f"{ROUNDS} calls each, ms           " + " " * 5 + f"{'median':>9}{'95 %':>9}{'most':>9}")
        row("direct, one page", rounds(browser, direct))
        row("over the broker, one page", rounds(browser, over))
        client = stack.enter_context(office.signed_in())
        for _ in range(MORE_PAGES):
            threading.Thread(target=listen, args=(office, dict(client.cookies)), daemon=True).start()
        time.sleep(2)
        row(f"direct, {MORE_PAGES + 1} pages", rounds(browser, direct))
        row(f"over the broker, {MORE_PAGES + 1} pages", rounds(browser, over))
        row("control: the desk itself, no kiosk", control(browser, server))
        direct.close()
        over.close()


def control(browser: Browser, server: Server) -> list[float]:
    state = State("K-01", "Teras", time.time(), "visit", "camera")
    loop = server.loop
    assert loop is not None

    def ring() -> float:
        at = time.time()
        called = replace(state, call=Call("z" * 16, "camera"))
        loop.call_soon_threadsafe(lambda: server.desk.room.spoke(called))
        return at

    return calls(browser, ring, lambda: loop.call_soon_threadsafe(lambda: server.desk.room.spoke(state)))


def listen(office: Office, cookies: dict[str, str]) -> None:
    with office.client() as client:
        client.cookies.update(cookies)
        try:
            with client.stream("GET", "/langsung", timeout=None) as stream:
                for _ in stream.iter_lines():
                    pass
        except httpx.TransportError:
            return


if __name__ == "__main__":
    main()
