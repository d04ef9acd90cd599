"""Cakrawala's tokens: colours, type, space, shape and time. Pure values, no Kivy.

Lengths are design units: pixels on a screen 1080 wide (1920 in landscape). ``screens.theme.look.Look`` turns them into
pixels of the real window. Colours are ``#RRGGBB``; contrast figures in the design are checked by the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Rgba = tuple[float, float, float, float]


def rgba(code: str, alpha: float = 1.0) -> Rgba:
    """``#RRGGBB`` as Kivy's 0–1 floats. ValueError when the code is no six-digit colour."""
    if len(code) != 7 or code[0] != "#":
        raise ValueError(f"not a colour: {code!r}")
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255, alpha)


def _luminance(code: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = rgba(code)
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two opaque colours, 1–21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Skin(NamedTuple):
    """Colours of one touchable kind: its face, lip, border, words and icon."""

    face: str
    lip: str
    border: str
    text: str
    text2: str
    icon: str


class Tone(NamedTuple):
    """Colours of one kind of notice: ground, words, icon and, where there is one, its border."""

    ground: str
    text: str
    icon: str
    border: str


SkinName = Literal["plain", "filled", "success", "danger", "sun", "soft", "chosen"]
ToneName = Literal["tint", "amber", "green", "brick", "plain"]
SkyName = Literal["samudra", "notice", "done", "dark"]


@dataclass(frozen=True, slots=True)
class Palette:
    """One whole set of colours. ``extra_border`` is added to every border (high contrast: 2)."""

    name: Literal["normal", "contrast"]
    sky: dict[SkyName, str]
    sea: str
    on_sky: str
    on_sky2: str
    page: str
    surface: str
    ink: str
    ink2: str
    control: str
    line: str
    active: str
    icon: str
    lip: str
    scrim: str
    sun: str
    on_sun: str
    sun_dark: str
    bar_off: str
    off: str
    on_off: str
    error: str
    focus: str
    help_ground: str
    skins: dict[SkinName, Skin]
    tones: dict[ToneName, Tone]
    extra_border: int = 0
    #: Under the high contrast set a line marks the horizon, since sky and shore are both black.
    horizon_line: str | None = None


SAMUDRA: Final = "#0A4D5C"
SAMUDRA_D: Final = "#073844"
SAMUDRA_DD: Final = "#052A34"
KABUT: Final = "#D6EEEF"
BUIH: Final = "#F3F7F6"
WHITE: Final = "#FFFFFF"
INK: Final = "#0B2930"
INK2: Final = "#37525A"
CONTROL: Final = "#6B8287"
LINE: Final = "#CBD8D8"
LIP_WHITE: Final = "#B7C8C9"
TINT: Final = "#E2F0F1"
TINT_TEXT: Final = "#06414E"
SURYA: Final = "#F7B23B"
ON_SURYA: Final = "#2B1B00"
SURYA_D: Final = "#D98F12"
SURYA_ICON: Final = "#A86A00"
SURYA_T: Final = "#FFF0D2"
SURYA_T_TEXT: Final = "#5F3B00"
SAWIT: Final = "#1B6338"
SAWIT_D: Final = "#12492A"
SAWIT_T: Final = "#E1F0E4"
BATA: Final = "#A2231D"
BATA_D: Final = "#7E1712"
BATA_T: Final = "#FBE8E6"
OFF: Final = "#DDE5E5"
ON_OFF: Final = "#54696E"
#: Page outline in the camera's dark view only.
CAMERA_OK: Final = "#7BE39A"
CAMERA_GROUND: Final = "#06181D"
BREEZE: Final = "#1C7480"  # the far waves of the ornament and the notice sea; decoration only
SOFT_KEY: Final = "#DCE7E9"

NORMAL: Final = Palette(
    name="normal",
    sky={"samudra": SAMUDRA, "notice": SAMUDRA_D, "done": SAWIT, "dark": SAMUDRA_DD},
    sea=SAMUDRA_D,
    on_sky=WHITE,
    on_sky2=KABUT,
    page=BUIH,
    surface=WHITE,
    ink=INK,
    ink2=INK2,
    control=CONTROL,
    line=LINE,
    active=SAMUDRA,
    icon=SAMUDRA,
    lip=LIP_WHITE,
    scrim=SAMUDRA_DD,
    sun=SURYA,
    on_sun=ON_SURYA,
    sun_dark=SURYA_D,
    bar_off="#476E7A",
    off=OFF,
    on_off=ON_OFF,
    error=BATA,
    focus=INK,
    help_ground=WHITE,
    skins={
        "plain": Skin(WHITE, LIP_WHITE, CONTROL, INK, INK2, SAMUDRA),
        "filled": Skin(SAMUDRA, SAMUDRA_DD, SAMUDRA, WHITE, KABUT, WHITE),
        "success": Skin(SAWIT, SAWIT_D, SAWIT, WHITE, SAWIT_T, WHITE),
        "danger": Skin(BATA, BATA_D, BATA, WHITE, BATA_T, WHITE),
        "sun": Skin(SURYA, SURYA_D, SURYA, ON_SURYA, ON_SURYA, ON_SURYA),
        "soft": Skin(SOFT_KEY, LIP_WHITE, CONTROL, INK, INK2, INK),
        "chosen": Skin(WHITE, LIP_WHITE, SAMUDRA, INK, INK2, SAMUDRA),
    },
    tones={
        "tint": Tone(TINT, TINT_TEXT, TINT_TEXT, TINT),
        "amber": Tone(SURYA_T, SURYA_T_TEXT, SURYA_ICON, SURYA_T),
        "green": Tone(SAWIT_T, SAWIT_D, SAWIT, SAWIT_T),
        "brick": Tone(BATA_T, BATA_D, BATA, BATA_T),
        "plain": Tone(WHITE, INK, SURYA_ICON, LINE),
    },
)

_BLACK: Final = "#000000"
_YELLOW: Final = "#FFD500"

CONTRAST: Final = Palette(
    name="contrast",
    sky={"samudra": _BLACK, "notice": _BLACK, "done": _BLACK, "dark": _BLACK},
    sea=_BLACK,
    on_sky=WHITE,
    on_sky2=WHITE,
    page=_BLACK,
    surface=_BLACK,
    ink=WHITE,
    ink2=WHITE,
    control=WHITE,
    line=WHITE,
    active=_YELLOW,
    icon=_YELLOW,
    lip="#8A8A8A",
    scrim=_BLACK,
    sun=_YELLOW,
    on_sun=_BLACK,
    sun_dark="#A88C00",
    bar_off="#5C5C5C",
    off="#2B2B2B",
    on_off="#B4B4B4",
    error=WHITE,
    focus=WHITE,
    help_ground=_BLACK,
    skins={
        "plain": Skin(_BLACK, "#8A8A8A", WHITE, WHITE, WHITE, _YELLOW),
        "filled": Skin(_YELLOW, "#A88C00", _YELLOW, _BLACK, _BLACK, _BLACK),
        "success": Skin(_YELLOW, "#A88C00", _YELLOW, _BLACK, _BLACK, _BLACK),
        "danger": Skin(_YELLOW, "#A88C00", _YELLOW, _BLACK, _BLACK, _BLACK),
        "sun": Skin(WHITE, "#8A8A8A", WHITE, _BLACK, _BLACK, _BLACK),
        "soft": Skin(_BLACK, "#8A8A8A", WHITE, WHITE, WHITE, WHITE),
        "chosen": Skin(_BLACK, "#8A8A8A", _YELLOW, WHITE, WHITE, _YELLOW),
    },
    tones={
        "tint": Tone(_BLACK, WHITE, _YELLOW, WHITE),
        "amber": Tone(_BLACK, WHITE, _YELLOW, WHITE),
        "green": Tone(_BLACK, WHITE, _YELLOW, WHITE),
        "brick": Tone(_BLACK, WHITE, _YELLOW, WHITE),
        "plain": Tone(_BLACK, WHITE, _YELLOW, WHITE),
    },
    extra_border=2,
    horizon_line=_YELLOW,
)


Weight = Literal[500, 600, 700, 800]
Growth = Literal["full", "part", "little", "none"]


class Role(NamedTuple):
    """One voice of the type scale: size, weight, line height, tracking in em, and how "Aa" enlarges it."""

    size: float
    weight: Weight
    line: float
    tracking: float = 0.0
    growth: Growth = "full"

    def grown(self, step: float) -> float:
        """The size at one step of "Aa" (1.0, 1.2 or 1.4). Words the hand rests on grow fully, big titles less."""
        share = {"full": 1.0, "part": 0.7, "little": 0.45, "none": 0.0}[self.growth]
        return self.size * (1 + (step - 1) * share)


RoleName = Literal[
    "number", "hero", "greeting", "title", "title_small", "figure", "lead", "lead_small", "button", "button_small",
    "help", "tile", "tile_small", "body", "body_bold", "small", "small_bold", "label", "button_big",
    "field", "key", "key_small",
    "clock", "clock_caption", "office", "office2", "step", "countdown", "chip", "day_clock", "ambil",
]  # fmt: skip

ROLES: Final[dict[RoleName, Role]] = {
    "number": Role(250, 800, 1.06, -0.03, "none"),
    "hero": Role(112, 800, 1.02, -0.025, "part"),
    "countdown": Role(180, 800, 1.0, -0.03, "none"),
    "greeting": Role(84, 800, 1.12, -0.02, "part"),
    "title": Role(66, 800, 1.12, -0.02, "part"),
    "title_small": Role(54, 800, 1.12, -0.02, "part"),
    "figure": Role(62, 800, 1.1, -0.02, "part"),
    "lead": Role(44, 500, 1.3, -0.005, "part"),
    "lead_small": Role(34, 500, 1.35, 0.0, "part"),
    "button": Role(38, 700, 1.15, 0.0, "little"),
    "button_small": Role(32, 700, 1.15, 0.0, "little"),
    "button_big": Role(44, 700, 1.15, 0.0, "little"),
    "ambil": Role(66, 800, 1.1, -0.02, "little"),
    "help": Role(30, 700, 1.15, 0.0, "none"),
    "tile": Role(34, 700, 1.15),
    "tile_small": Role(32, 700, 1.15),
    "body": Role(32, 500, 1.35),
    "body_bold": Role(33, 700, 1.3),
    "small": Role(28, 500, 1.25),
    "small_bold": Role(28, 700, 1.25),
    "label": Role(31, 700, 1.25),
    "field": Role(48, 700, 1.2, 0.0, "part"),
    "key": Role(42, 600, 1.1, 0.0, "little"),
    "key_small": Role(32, 600, 1.1, 0.0, "little"),
    "clock": Role(36, 800, 1.1, 0.0, "little"),
    "clock_caption": Role(24, 500, 1.2, 0.0, "little"),
    "day_clock": Role(48, 800, 1.1, 0.0, "little"),
    "office": Role(30, 800, 1.1, 0.0, "little"),
    "office2": Role(26, 500, 1.2, 0.0, "little"),
    "step": Role(28, 600, 1.25, 0.0, "part"),
    "chip": Role(26, 700, 1.2),
}

TEXT_STEPS: Final = (1.0, 1.2, 1.4)

MIN_TEXT: Final = 26
MIN_TARGET: Final = 88
"""Side of the smallest thing a finger may have to hit (20 mm at 21.5 inch)."""
GAP_KEYS: Final = 10
GAP_TARGETS: Final = 14

MARGIN: Final = 56
CONTENT: Final = 968
GUTTER: Final = 18
COLUMN: Final = 475
STEPS: Final = (8, 12, 16, 20, 24, 28, 36, 52)

RADIUS: Final = {
    "key": 16,
    "field": 18,
    "button": 22,
    "tile": 22,
    "card": 24,
    "dialog": 40,
    "chip": 12,
    "ambil": 36,
}
BORDER: Final = {"touch": 3, "key": 2, "active": 6, "card": 2}
LIP: Final = {"button": 9, "help": 8, "key": 7, "ambil": 13, "pressed": 2}


class Motion(NamedTuple):
    """Times in seconds."""

    press: float = 0.080
    screen: float = 0.220
    fade: float = 0.120
    banner: float = 0.180
    breath: float = 2.400
    tap_loop: float = 2.000
    key_fill: float = 0.120
    debounce: float = 0.400


MOTION: Final = Motion()
STILL: Final = Motion(press=0.080, screen=0.0, fade=0.0, banner=0.0, breath=0.0, tap_loop=0.0, key_fill=0.120)
"""For "Kurangi gerak" and slow machines: nothing travels; feedback under the finger stays."""

SIZE_PORTRAIT: Final = (1080, 1920)
SIZE_LANDSCAPE: Final = (1920, 1080)
SKY_COLUMN: Final = 600
HELP_BAR: Final = 148
NAV_TOP: Final = 300
"""From the lower edge: the navigation row starts at 1620 of 1920, is 128 high, the help bar starts at 1772."""
NAV_HEIGHT: Final = 128
CONTENT_END: Final = 324
"""From the lower edge: content ends at 1596 of 1920."""
REACH_TOP: Final = 900
"""Reach mode ("Mode jangkauan"): the highest choice sits below this y."""
