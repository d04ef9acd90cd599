"""How one visit looks: palette, size of words, movement, and the map from design units to pixels of the window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from screens.theme import tokens
from screens.theme.tokens import CONTRAST, MOTION, NORMAL, STILL, Motion, Palette, Role, RoleName

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a widget needs to draw itself. Immutable: a changed setting means a new Look and a redrawn screen.

    ``width`` and ``height`` are the window's pixels. Design coordinates run from the upper left corner; ``wide`` and
    ``tall`` give the design size of the window, at least 1080 x 1920 (landscape 1920 x 1080).
    """

    width: int
    height: int
    palette: Palette = field(default=NORMAL)
    text_step: float = 1.0
    language: Language = "id"
    still: bool = False
    reach: bool = False
    cut: float = 0.0
    """Design units taken off the top: the officer's half stands there, and the screen lays itself out under it."""
    unit: float = field(init=False)
    wide: float = field(init=False)
    tall: float = field(init=False)

    def __post_init__(self) -> None:
        base = tokens.SIZE_LANDSCAPE if self.width > self.height else tokens.SIZE_PORTRAIT
        unit = min(self.width / base[0], self.height / base[1])
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "wide", self.width / unit)
        object.__setattr__(self, "tall", self.height / unit - self.cut)

    @property
    def landscape(self) -> bool:
        """True when the sky is a column at the left instead of the upper part."""
        return self.width > self.height

    @property
    def motion(self) -> Motion:
        """Durations in seconds; zeros when movement is reduced."""
        return STILL if self.still else MOTION

    @property
    def contrast(self) -> bool:
        """True for the high contrast set."""
        return self.palette.name == "contrast"

    @property
    def large(self) -> bool:
        """True when words are so large that tiles become one column and page."""
        return self.text_step > 1.3

    def px(self, n: float) -> int:
        """A length in whole pixels; never 0 for a length above 0, so that thin lines stay."""
        value = round(n * self.unit)
        return max(1, value) if n > 0 else value

    def size_of(self, role: Role) -> float:
        """Font size of a role in design units at this size of words."""
        return role.grown(self.text_step)

    def role(self, name: RoleName) -> Role:
        """The role as it is defined, without growth."""
        return ROLES[name]

    def border(self, kind: Literal["touch", "key", "active", "card"]) -> int:
        """Border width in design units, with what the high contrast set adds."""
        return tokens.BORDER[kind] + self.palette.extra_border

    def with_(
        self,
        *,
        contrast: bool | None = None,
        text_step: float | None = None,
        language: Language | None = None,
        still: bool | None = None,
        reach: bool | None = None,
        cut: float | None = None,
    ) -> Look:
        """A copy with some settings changed."""
        return replace(
            self,
            palette=self.palette if contrast is None else (CONTRAST if contrast else NORMAL),
            text_step=self.text_step if text_step is None else text_step,
            language=self.language if language is None else language,
            still=self.still if still is None else still,
            reach=self.reach if reach is None else reach,
            cut=self.cut if cut is None else cut,
        )


ROLES: Final = tokens.ROLES
