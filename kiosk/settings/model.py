"""Every setting of a kiosk, with its default, its limits and what it means.

These are plain frozen dataclasses on purpose: pydantic-settings (`kiosk.settings.load`) builds its models from them and
checks file and environment against them, but a process that only *uses* settings (a visit, a worker, the keeper) gets
them as JSON and never pays the 0.5 s that importing pydantic-settings costs.
"""

# `setting` and `section` return dataclass fields, so nothing is shared between instances.
# ruff: noqa: RUF009

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

T = TypeVar("T")


def setting(default: T, description: str, **limits: Any) -> T:
    """A field with its description. `limits` are pydantic `Field` limits (`ge`, `le`, `pattern`)."""
    value: Any = field(default=default, metadata={"description": description, "limits": limits})
    return value


def section(kind: type[T], description: str) -> T:
    """A group of settings that stand together under one TOML heading."""
    value: Any = field(default_factory=kind, metadata={"description": description, "limits": {}})
    return value


Hours = tuple[str, ...]
_HOURS = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
_WEEKDAY: Hours = ("08:00-12:00", "13:00-15:00")


@dataclass(frozen=True, slots=True)
class Kiosk:
    id: str = setting(
        "K-01", "Name of this kiosk on tickets, in the log and at the desk.", pattern=r"^[A-Z]-\d{2,4}$"
    )
    spot: str = setting("Ruang Depan", "Where in the building it stands, as the staff call it.")
    office: str = setting("DPMPTSP", "Short name of the office, beside the crest.")
    regency: str = setting("Kabupaten Mukomuko", "Second line beside the crest.")
    region_code: str = setting(
        "1706000000", "kd_daerah of the office in OSS, 10 digits.", pattern=r"^\d{10}$"
    )
    place: Literal["kiosk", "bergerak"] = setting(
        "kiosk", "Class of service: kiosk in the office, or bergerak (mobile service)."
    )
    reader_side: Literal["left", "right", "below", "front"] = setting(
        "right", "Where the card reader really is, seen by the visitor; the arrow on screen points there."
    )
    language: Literal["id", "en"] = setting("id", "Language each visit begins in.")
    counters: str = setting("Loket 1 dan 2", "Where to go when the machine does not serve.")
    counters_way: str = setting(
        "", "How to get there, e.g. '10 langkah di sebelah kiri Anda'; empty: not said."
    )
    practice: bool = setting(
        False,
        "Say on the welcome screen that this is practice with sample data. Said anyway with a simulated device.",
    )
    enrolment_file: Path = setting(
        Path("/etc/anjungan/enrolled"),
        "Present on an enrolled kiosk. Simulated devices and the device bench then refuse to start.",
    )


@dataclass(frozen=True, slots=True)
class Window:
    width: int = setting(1080, "Width in pixels when not fullscreen.", ge=320, le=8192)
    height: int = setting(1920, "Height in pixels when not fullscreen.", ge=320, le=8192)
    fullscreen: bool = setting(True, "Fill the screen. Switch off to work on a desk.")
    reduce_motion: bool = setting(False, "No animations at all.")
    pointer: bool = setting(False, "Show the mouse pointer.")


@dataclass(frozen=True, slots=True)
class Session:
    seconds: int = setting(300, "A visit ends after this long without a touch, in seconds.", ge=30, le=3600)
    assisted: int = setting(900, "The same with an officer beside the visitor, in seconds.", ge=30, le=7200)
    warn: int = setting(60, "How long before the end the visitor is asked, in seconds.", ge=20, le=300)
    draft_days: int = setting(7, "A saved draft is erased after this many days.", ge=1, le=30)


@dataclass(frozen=True, slots=True)
class Portal:
    url: str = setting("http://127.0.0.1:8480", "Base address of the office's portal.", pattern=r"^https?://")
    public_url: str = setting(
        "",
        "The same portal as visitors' phones reach it, for the QR links this kiosk makes; empty: as url.",
        pattern=r"^(https?://.*)?$",
    )
    connect_seconds: float = setting(4.0, "Time to reach it.", gt=0, le=60)
    read_seconds: float = setting(10.0, "Time for an answer to arrive.", gt=0, le=300)
    item_seconds: float = setting(
        900.0, "Time for one upload or submission in the background.", gt=0, le=7200
    )
    retry_first: float = setting(5.0, "First wait after a failed background item, in seconds.", gt=0, le=600)
    retry_most: float = setting(900.0, "Longest wait between tries, in seconds.", gt=0, le=86400)
    token_file: Path | None = setting(
        None, "File (0600) with this kiosk's token. The systemd credential 'portal-token' comes first."
    )
    client_cert: Path | None = setting(None, "Client certificate for mTLS (PEM).")
    client_key: Path | None = setting(
        None, "Its private key (PEM, 0600). Credential 'portal-key' comes first."
    )
    ca_file: Path | None = setting(None, "CA that signed the portal's certificate; none: the system's.")


@dataclass(frozen=True, slots=True)
class Card:
    kind: Literal["real", "simulated", "none"] = setting("simulated", "Which driver.")
    reader: str = setting(
        "", "Regular expression for the PC/SC name of the contactless reader; empty: any but SAM."
    )
    sam: str = setting("(?i)sam", "Regular expression for the reader's SAM slot.")
    vendor_socket: Path | None = setting(
        None, "Socket of the certified reader's own process; none: no SAM reading."
    )
    deadline: float = setting(5.0, "Time for one read, in seconds.", gt=0, le=60)


@dataclass(frozen=True, slots=True)
class Camera:
    kind: Literal["real", "simulated", "none"] = setting("simulated", "Which driver.")
    source: str = setting("/dev/video0", "Device path, number, or http address of an MJPEG stream.")
    width: int = setting(1280, "Width of the preview in pixels.", ge=320, le=8192)
    height: int = setting(720, "Height of the preview in pixels.", ge=240, le=8192)
    still_width: int = setting(0, "Width of a capture in pixels; 0: as the preview.", ge=0, le=16384)
    still_height: int = setting(0, "Height of a capture in pixels; 0: as the preview.", ge=0, le=16384)
    auto_capture: bool = setting(
        True, "A page that lies still, sharp and whole is taken after a countdown that the visitor can stop."
    )


@dataclass(frozen=True, slots=True)
class Archive:
    standard: Literal["1b", "2b", "none"] = setting(
        "1b", "PDF/A level of uploaded papers; none: a plain PDF without text to search."
    )
    languages: str = setting(
        "ind+eng",
        "Languages tesseract reads, joined by +; empty: no text to search.",
        pattern=r"^([a-z_]+(\+[a-z_]+)*)?$",
    )
    target_kb: int = setting(
        0,
        "Size a paper should have at most, in KB; 0: as scanned (the portal's limit holds).",
        ge=0,
        le=20480,
    )
    page_seconds: float = setting(
        20.0, "A page that takes longer to read goes without text, in seconds.", gt=0, le=300
    )
    keep_days: int = setting(
        90,
        "Arsip: index and text of a document the portal has confirmed stay on this kiosk for so many days, to be "
        "searched without a line. What is not confirmed yet is never erased by age.",
        ge=1,
        le=3650,
    )


@dataclass(frozen=True, slots=True)
class Printer:
    kind: Literal["usb", "network", "serial", "file", "simulated", "none"] = setting(
        "simulated", "Which driver."
    )
    usb_vendor: int = setting(0x04B8, "USB vendor id (kind usb).", ge=0, le=0xFFFF)
    usb_product: int = setting(0x0202, "USB product id (kind usb).", ge=0, le=0xFFFF)
    host: str = setting("192.0.2.10", "Address (kind network).")
    port: int = setting(9100, "TCP port (kind network).", ge=1, le=65535)
    device: str = setting("/dev/ttyUSB0", "Device path (kinds serial and file).")
    baudrate: int = setting(19200, "Speed (kind serial).", ge=1200, le=921600)
    proof: Literal["fence", "process_id", "status"] = setting(
        "fence",
        "How the model proves a job: fence (GS r behind the cut), process_id (GS ( H), status (weakest).",
    )
    deadline: float = setting(15.0, "Time to send and prove a ticket, in seconds.", gt=0, le=120)


@dataclass(frozen=True, slots=True)
class Devices:
    card: Card = section(Card, "e-KTP card reader.")
    camera: Camera = section(Camera, "Document camera.")
    printer: Printer = section(Printer, "Ticket printer, 80 mm.")
    world_socket: str = setting("", "Socket of the simulated table; empty: world.sock in the runtime folder.")

    @property
    def simulated(self) -> bool:
        """Whether any device here is a simulated one."""
        return "simulated" in (self.card.kind, self.camera.kind, self.printer.kind)


@dataclass(frozen=True, slots=True)
class Store:
    folder: str = setting(
        "", "Folder of the encrypted store; empty: $STATE_DIRECTORY, else the user's state folder."
    )
    key_file: str = setting(
        "", "Store key, 0600; empty: store.key in the folder. Credential 'store-key' comes first."
    )
    public_key_file: str = setting("", "Public key payloads are sealed to; empty: workers.pub in the folder.")
    private_key_file: str = setting(
        "", "Private key, read by workers only; empty: workers.key. Credential 'workers-key' comes first."
    )
    keep_finished_days: int = setting(
        90,
        "Finished prints and deliveries (states only, no content) are erased after this many days.",
        ge=1,
        le=3650,
    )
    keep_refused_days: int = setting(
        30,
        "Items nobody settled (refused, perhaps printed), with their sealed content, likewise.",
        ge=1,
        le=365,
    )
    keep_aside_days: int = setting(
        30, "How long a store that no longer opens is kept beside the new one.", ge=0, le=365
    )


@dataclass(frozen=True, slots=True)
class Officers:
    file: str = setting(
        "",
        "Officers' credentials, 0600, written by `kiosk officer`; empty: officers.json in the store's folder. "
        "Credential 'officers' comes first.",
    )
    idle: int = setting(
        300,
        "The assisted mode closes after this long without the officer's touch, in seconds.",
        ge=30,
        le=3600,
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    hang_seconds: float = setting(
        10.0, "A visit whose screen loop is silent this long is replaced.", ge=1, le=120
    )
    warm_seconds: float = setting(
        30.0, "Time for a new visit to draw its first hidden picture.", ge=1, le=300
    )
    show_seconds: float = setting(
        3.0, "Time for the next visit to appear before the ended one is closed anyway.", gt=0, le=30
    )
    end_seconds: float = setting(2.0, "Time for an ended visit to exit before it is killed.", gt=0, le=30)
    crash_limit: int = setting(3, "This many crashes within crash_window: show 'istirahat'.", ge=1, le=100)
    crash_window: float = setting(60.0, "In seconds.", ge=1, le=3600)
    rest_first: float = setting(10.0, "First pause in seconds; each next one is twice as long.", gt=0, le=600)
    rest_most: float = setting(300.0, "Longest pause in seconds.", gt=0, le=3600)
    work_every: float = setting(5.0, "How often the outbox is looked at, in seconds.", gt=0, le=600)
    anchor_every: float = setting(
        3600.0,
        "How often the event log's head hash is lodged at the portal, in seconds.",
        gt=0,
        le=86400,
    )


@dataclass(frozen=True, slots=True)
class OpeningHours:
    sample: bool = setting(True, "True while these hours are an example the office has not confirmed.")
    timezone: str = setting("Asia/Jakarta", "IANA time zone of the office (WIB).")
    monday: Hours = setting(_WEEKDAY, "Spans HH:MM-HH:MM; none: closed.", pattern=_HOURS)
    tuesday: Hours = setting(_WEEKDAY, "As monday.", pattern=_HOURS)
    wednesday: Hours = setting(_WEEKDAY, "As monday.", pattern=_HOURS)
    thursday: Hours = setting(_WEEKDAY, "As monday.", pattern=_HOURS)
    friday: Hours = setting(("08:00-11:30", "13:30-15:00"), "As monday.", pattern=_HOURS)
    saturday: Hours = setting((), "As monday.", pattern=_HOURS)
    sunday: Hours = setting((), "As monday.", pattern=_HOURS)


@dataclass(frozen=True, slots=True)
class Desk:
    via: Literal["portal", "direct", "broker", "none"] = setting(
        "portal",
        "How a call to an officer travels: by the portal, direct to 'kiosk desk' (one kiosk), by the office's MQTT "
        "broker (several), or not at all.",
    )
    url: str = setting(
        "https://127.0.0.1:8482", "Address of 'kiosk desk', for direct.", pattern=r"^https?://"
    )
    token_file: Path | None = setting(
        None,
        "File (0600) with this kiosk's token for the desk. The systemd credential 'desk-token' comes first.",
    )
    ca_file: Path | None = setting(None, "CA that signed the desk's certificate; none: the system's.")
    broker_host: str = setting("", "The office's MQTT broker. At the desk itself: empty: none.")
    broker_port: int = setting(8883, "Its TLS port.", ge=1, le=65535)
    broker_ca: Path | None = setting(None, "CA that signed the broker's certificate; none: the system's.")
    broker_certificate: Path | None = setting(
        None, "Client certificate (PEM); its name is the kiosk's id, or 'desk'."
    )
    broker_key: Path | None = setting(None, "Its private key (PEM, 0600).")
    answer_seconds: float = setting(
        180.0, "A call nobody takes for so long: the visitor is told to go to a counter.", ge=10, le=3600
    )
    bind: str = setting(
        "127.0.0.1", "Where 'kiosk desk' listens: an address of loopback or the office's network."
    )
    port: int = setting(8482, "Its port; 0: any free one.", ge=0, le=65535)
    public: bool = setting(False, "Allow an address the whole internet may reach. Leave off.")
    names: tuple[str, ...] = setting(
        (), "Further host names the desk is opened by, e.g. 'meja.kantor.example'."
    )
    certificate: Path | None = setting(None, "The desk's certificate (PEM, with its chain).")
    certificate_key: Path | None = setting(None, "Its private key (PEM, 0600).")
    kiosks_file: Path | None = setting(
        None, "TOML file of the kiosks that may connect directly: 'kiosk desk --new-kiosk K-01' adds one."
    )
    promises: tuple[int, ...] = setting(
        (2, 1, 5), "Minutes an officer can promise; the first is the main button.", ge=1, le=60
    )
    idle_minutes: int = setting(60, "An officer's session ends after so long without a touch.", ge=1, le=480)
    everywhere_seconds: int = setting(
        60, "A call passed on rings everywhere again after this.", ge=10, le=600
    )


@dataclass(frozen=True, slots=True)
class Bench:
    port: int = setting(8481, "Port of the device bench on 127.0.0.1; 0: any free one.", ge=0, le=65535)
    inspect: bool = setting(
        False,
        "Let tests look into process memory. Ignored on an enrolled kiosk, where processes are not dumpable.",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Immutable; carries paths of secrets, never a secret."""

    kiosk: Kiosk = section(Kiosk, "Which kiosk this is and where it stands.")
    window: Window = section(Window, "The picture on the screen.")
    session: Session = section(Session, "How long a visit lasts.")
    portal: Portal = section(Portal, "The office's portal.")
    devices: Devices = section(Devices, "Card reader, camera, printer.")
    archive: Archive = section(Archive, "The archive file made of papers under the camera.")
    store: Store = section(Store, "Local, encrypted data.")
    officers: Officers = section(Officers, "Who may open the assisted mode, the desk and the archive.")
    keeper: Keeper = section(Keeper, "The process that starts visits.")
    hours: OpeningHours = section(OpeningHours, "When the office is open.")
    desk: Desk = section(Desk, "Calls to an officer, and the officers' desk.")
    bench: Bench = section(Bench, "Device bench of the demo.")

    @property
    def enrolled(self) -> bool:
        """True on a kiosk in service: by presence of the enrolment file."""
        return self.kiosk.enrolment_file.exists()

    @property
    def inspectable(self) -> bool:
        """True when process memory may be looked at (tests); never on an enrolled kiosk."""
        return self.bench.inspect and not self.enrolled
