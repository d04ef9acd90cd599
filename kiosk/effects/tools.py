"""What the effects room works with: ports and clients, handed in by `kiosk.main`, all of them optional at a kiosk that
lacks the device."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

from kiosk.settings import Settings

if TYPE_CHECKING:
    from hardware.camera.port import CardFace, DocumentCamera, FaceTrouble, Page
    from hardware.card.port import CardClaim, CardReader
    from hardware.printer.port import TicketPrinter
    from kiosk.flow.orders import Order
    from kiosk.portal.client import PortalClient
    from kiosk.store import Store
    from kiosk.store.archive import Book

T = TypeVar("T")


class Voice(Protocol):
    """Sounds of the kiosk; silence is a valid voice."""

    def play(self, kind: str, text: str) -> None: ...

    def speaks(self, language: str) -> bool:
        """Can words be read aloud in this language?"""
        ...

    async def speak(self, words: str, language: str) -> None:
        """Read aloud, and return when it is done. A cancelled call falls silent."""
        ...

    def hush(self) -> None:
        """Fall silent at once."""
        ...


class Calls(Protocol):
    """The kiosk's own line to the officers' desk. What becomes of a call arrives as signals."""

    def ring(self) -> None: ...

    def stop(self) -> None: ...


class FaceReader(Protocol):
    """Reads the face of an e-KTP in a process of its own, which lives between `start` and `stop`."""

    async def start(self) -> None:
        """Begin loading. Harmless when it is loaded, or cannot be: `read` then says so."""
        ...

    async def read(self, jpeg: bytes) -> CardFace | FaceTrouble: ...

    async def stop(self) -> None:
        """End the process, with all it saw. Safe at any time."""
        ...


class Closes(Protocol):
    def close(self) -> None: ...


R = TypeVar("R", bound=Closes)


class Room(Generic[R]):
    """A store, opened in a thread of its own at first use: no commit to disk ever holds the screen."""

    def __init__(self, name: str, opened: Callable[[], R]) -> None:
        self._open = opened
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._store: R | None = None

    async def do(self, work: Callable[[R], T]) -> T:
        """Run `work` with the store. Raises what it raises, `kiosk.store.StoreError` above all."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._opened()))

    def _opened(self) -> R:
        if self._store is None:
            self._store = self._open()
        return self._store

    async def shut(self) -> None:
        """Close what is open; the next use opens it again."""
        if self._store is not None:
            await self.do(lambda store: store.close())
            self._store = None

    async def close(self) -> None:
        await self.shut()
        self._thread.shutdown(wait=False)


def _store(settings: Settings, run: str) -> Store:
    from kiosk.store import Store

    return Store.open(settings, run)


def _book(settings: Settings) -> Book:
    from kiosk.store.archive import Book

    return Book.open(settings)


@dataclass(slots=True)
class Held:
    """What belongs to the visit and never enters its state: claims and pictures. Gone with the process."""

    claims: dict[str, CardClaim] = field(default_factory=dict[str, "CardClaim"], repr=False)
    pages: dict[str, Page] = field(default_factory=dict[str, "Page"], repr=False)
    consent: tuple[str, bool] | None = None
    """(version of the consent text, whether WhatsApp messages are wanted)."""
    drafts: dict[Order, str] = field(default_factory=dict["Order", str], repr=False)
    """What was to be kept → its handle: tried again, the same draft stays under the same QR."""
    unheard: set[Order] = field(default_factory=set["Order"], repr=False)
    """Orders under way whose answer nobody waits for any more."""
    unanswered: tuple[str, str] = field(default=("", ""), repr=False)
    """(code, idempotency key) of a check whose answer was lost: typed again, it is the same try."""
    ticket_codes: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    """Idempotency key of a queue number → the random part of its QR."""
    prints: dict[str, int] = field(default_factory=dict[str, int])
    """Key of a ticket → its row in the spool."""
    archivist: str = ""
    """Alias of the officer whose unlock opened the office's archive; set by that alone, emptied when they leave."""
    small: dict[str, bytes] = field(default_factory=dict[str, bytes], repr=False)
    """Pictures of the archive that the screen may ask for, by name."""
    count: int = 0

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"


@dataclass(slots=True)
class Tools:
    settings: Settings
    run: str
    portal: PortalClient | None = None
    card: CardReader | None = None
    camera: DocumentCamera | None = None
    faces: FaceReader | None = None
    printer: TicketPrinter | None = None
    voice: Voice | None = None
    calls: Calls | None = None
    """None: a call to an officer goes through the portal."""
    now: Callable[[], datetime] = field(init=False)
    """The office's wall clock, with its zone: the machine itself may run on UTC."""
    wake_worker: Callable[[str], None] = lambda _kind: None
    beside: Callable[[Coroutine[Any, Any, None]], None] = lambda work: work.close()
    """Start work that nobody waits for and that the end of the process may cut off. Set by the runner."""
    make_pdf: Callable[[Sequence[bytes], Sequence[int]], bytes] | None = None
    """(JPEG pages, their dpi) → PDF."""
    held: Held = field(default_factory=Held)
    language: Callable[[], Literal["id", "en"]] = lambda: "id"
    """The visitor's language, for paper."""
    card_present: bool = False
    """As last reported by the reader's watcher."""
    card_watched: bool = False
    """The watcher has reported at least once: a card that comes now is one laid down in this visit."""
    read_codes: Callable[[bytes], tuple[str, ...]] | None = None
    """Texts of the QR codes in a JPEG."""
    store: Room[Store] = field(init=False)
    archive: Room[Book] = field(init=False)

    def public_link(self, path: str) -> str:
        """An address of the portal as a visitor's phone reaches it, e.g. for "/q/…"."""
        portal = self.settings.portal
        return (portal.public_url or portal.url).rstrip("/") + path

    def __post_init__(self) -> None:
        self.store = Room("store", lambda: _store(self.settings, self.run))
        self.archive = Room("archive", lambda: _book(self.settings))
        zone = ZoneInfo(self.settings.hours.timezone)
        self.now = lambda: datetime.now(zone)
