"""A real desk over TLS on loopback, officers with real credentials, and kiosks with their real line to it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from kiosk.desk.kiosks import add
from kiosk.desk.server import Server
from kiosk.desk.sessions import Rate
from kiosk.identity import one_time
from kiosk.identity.officers import Officer, Role
from kiosk.main.desk_certificate import Made, make
from kiosk.main.help_line import HelpLine
from kiosk.sandbox import Server as OfficePortal
from kiosk.settings import Settings
from kiosk.settings.model import Desk, Portal, Store
from kiosk.store.officers import hash_pin, keep_officers

PIN = "835206"
SECRET = one_time.secret_text(bytes(range(20)))


@dataclass
class Office:
    """What the desk's machine and its kiosks share in a test."""

    folder: Path
    made: Made
    settings: Settings
    server: Server | None = None
    portal: OfficePortal | None = None
    _steps: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def url(self) -> str:
        assert self.server is not None
        return self.server.url

    def code(self, number: str, *, used: bool = True) -> str:
        """A one-time code of the officer that was not used yet: of this step or the next, so that it stays good for
        half a minute however slow the machine is."""
        now = int(time.time() // one_time.STEP_SECONDS)
        step = max(self._steps.get(number, 0) + 1, now)
        assert step <= now + 1, "too many sign-ins within one step"
        if used:
            self._steps[number] = step
        return one_time.code_at(SECRET, step)

    def client(self) -> httpx.Client:
        import ssl

        return httpx.Client(
            base_url=self.url,
            verify=ssl.create_default_context(cafile=str(self.made.ca)),
            trust_env=False,
            timeout=10,
            headers={"origin": self.url},
        )

    @contextmanager
    def signed_in(self, number: str = "11") -> Iterator[httpx.Client]:
        with self.client() as client:
            told = client.post("/masuk", data={"number": number, "pin": PIN, "code": self.code(number)})
            assert told.status_code == 303, told.text
            page = client.get("/")
            client.headers["x-meja"] = page.text.split('data-csrf="')[1].split('"')[0]
            yield client

    def kiosk(self, name: str) -> AKiosk:
        """A kiosk that may connect directly."""
        assert self.settings.desk.kiosks_file is not None
        token = self.folder / f"{name}.token"
        token.touch(0o600)
        token.write_text(add(self.settings.desk.kiosks_file, name))
        desk = replace(self.settings.desk, via="direct", url=self.url, token_file=token, ca_file=self.made.ca)
        kiosk = replace(self.settings.kiosk, id=name, spot="Ruang Tunggu")
        return AKiosk(replace(self.settings, kiosk=kiosk, desk=desk))


class AKiosk:
    """The keeper's real line to the desk, in a thread of its own; `told` is what the visitor would hear."""

    def __init__(self, settings: Settings) -> None:
        self.told: list[tuple[str, int]] = []
        self.loop = asyncio.new_event_loop()
        self.line: HelpLine
        self._task: asyncio.Task[None]
        self._started = threading.Event()
        self._settings = settings
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    def _run(self) -> None:
        async def life() -> None:
            self.line = HelpLine(self._settings, lambda word, minutes: self.told.append((word, minutes)))
            self._task = asyncio.create_task(self.line.run())
            self._started.set()
            await asyncio.wait([self._task])

        self.loop.run_until_complete(life())
        self.loop.close()

    def do(self, work: Callable[[HelpLine], object]) -> None:
        self.loop.call_soon_threadsafe(work, self.line)

    def at(self, place: str) -> None:
        self.do(lambda line: line.at(place))

    def ring(self, place: str = "camera", language: str = "id") -> float:
        """Somebody calls at `place`; returns when, Unix time."""
        self.at(place)
        at = time.time()
        self.do(lambda line: line.ring(language))
        return at

    def close(self) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(10)


def soon(look: Callable[[], object], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, "did not happen"
        time.sleep(0.01)


def settings_of(folder: Path, made: Made, **desk: object) -> Settings:
    store = folder / "store"
    store.mkdir(mode=0o700, exist_ok=True)
    return replace(
        Settings(),
        store=Store(folder=str(store)),
        portal=Portal(url="http://127.0.0.1:9", connect_seconds=0.5),
        desk=replace(
            Desk(
                port=0,
                certificate=made.certificate,
                certificate_key=made.key,
                kiosks_file=folder / "kiosks.toml",
            ),
            **desk,  # pyright: ignore[reportArgumentType]
        ),
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("desk-certificate"), ("127.0.0.1",))


@pytest.fixture(scope="session")
def officers() -> tuple[Officer, ...]:
    pin = hash_pin(PIN)
    return (
        Officer("11", "aaaaaaaa", "Sari", Role.OFFICER, "Loket 2", pin, code=SECRET),
        Officer("12", "bbbbbbbb", "Budi", Role.OFFICER, "Loket 1", pin, code=SECRET),
        Officer("21", "cccccccc", "Ratna", Role.SUPERVISOR, "", pin, code=SECRET),
        Officer("31", "dddddddd", "Teknisi", Role.IT, "", pin, code=SECRET),
    )


@pytest.fixture
def office(tmp_path: Path, made: Made, officers: tuple[Officer, ...]) -> Iterator[Office]:
    settings = settings_of(tmp_path, made)
    keep_officers(settings, officers)
    here = Office(tmp_path, made, settings)
    with Server(settings, rate=Rate(most=30)) as server:
        server.start()
        here.server = server
        yield here
