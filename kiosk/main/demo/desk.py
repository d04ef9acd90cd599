"""The demo's desk: on loopback, with a generated CA and certificate, this kiosk's token and two invented officers."""

from __future__ import annotations

import contextlib
import html
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.settings import Settings
from kiosk.settings.model import Portal, Store

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kiosk.identity.officers import Officer

SAMPLE_PIN = "835206"
SAMPLE_NUMBERS = ("11", "12")
_SECRETS = (bytes(range(20)), bytes(range(20, 40)))
"""Printed in the README: good for the demo and for nothing else. The officers live in the demo's own folder."""

_TOML = """
[desk]
via = "direct"
url = "{url}"
token_file = "{token}"
ca_file = "{ca}"
"""


@dataclass(frozen=True, slots=True)
class DemoDesk:
    url: str
    toml: str
    """The kiosk's part of the settings."""


@contextlib.contextmanager
def demo_desk(settings: Settings, folder: Path, portal: Portal, port: int = 0) -> Generator[DemoDesk]:
    """Serve until the block is left. `folder` is the demo's; the officers' counters go into its store."""
    from kiosk.desk.kiosks import add
    from kiosk.desk.server import Server
    from kiosk.folders import make_private
    from kiosk.main.desk_certificate import make
    from kiosk.store.officers import keep_officers

    place = make_private(folder / "desk")
    made = make(place / "tls", ())
    kiosks_file, token = place / "kiosks.toml", place / "token"
    token.touch(0o600)
    token.write_text(add(kiosks_file, settings.kiosk.id))
    own = replace(
        settings,
        portal=portal,
        store=Store(folder=str(make_private(folder / "store"))),
        desk=replace(
            settings.desk,
            port=port,
            certificate=made.certificate,
            certificate_key=made.key,
            kiosks_file=kiosks_file,
        ),
    )
    keep_officers(own, sample_officers())
    with Server(own) as server:
        server.start()
        yield DemoDesk(server.url, _TOML.format(url=server.url, token=token, ca=made.ca))


def sample_officers() -> tuple[Officer, ...]:
    """Sari and Budi, invented. Sari has the bench's officer card too."""
    from hardware.card.simulated import officer_point
    from kiosk.identity.officers import Officer
    from kiosk.identity.one_time import secret_text
    from kiosk.store.officers import hash_pin

    pin = hash_pin(SAMPLE_PIN)
    names = (("11", "contohaa", "Sari (contoh)", "Loket 1"), ("12", "contohbb", "Budi (contoh)", "Loket 2"))
    cards = (officer_point(), b"")
    return tuple(
        Officer(number, alias, name, counter=counter, pin=pin, code=secret_text(secret), card=card)
        for (number, alias, name, counter), secret, card in zip(names, _SECRETS, cards, strict=True)
    )


async def codes_page(_: Request) -> Response:
    """What the officers' phones would show now. Only the demo's loopback server has this page."""
    from starlette.responses import HTMLResponse

    from kiosk.identity.one_time import STEP_SECONDS, code_at, secret_text

    step = int(time.time() // STEP_SECONDS)
    left = STEP_SECONDS - int(time.time() % STEP_SECONDS)
    rows = "".join(
        f"<p>{html.escape(number)} · PIN {SAMPLE_PIN} · <b>{code_at(secret_text(secret), step)}</b></p>"
        for number, secret in zip(SAMPLE_NUMBERS, _SECRETS, strict=True)
    )
    return HTMLResponse(
        f'<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="refresh" content="{left}">'
        f"<title>Petugas contoh</title><h1>Petugas contoh / sample officers</h1>{rows}"
        f"<p>Setiap kode sekali pakai; kode berikutnya dalam {left} detik. / "
        f"Each code works once; the next one comes in {left} s.</p></html>",
        headers={"cache-control": "no-store"},
    )
