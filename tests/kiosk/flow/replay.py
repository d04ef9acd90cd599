"""Walking a visit without a screen, a device or a clock.

`Walk` keeps the state, hands in events, and lets a test answer the orders that came out, by their class.
"""

from __future__ import annotations

from typing import TypeVar

from kiosk.flow.events import Event, Reply
from kiosk.flow.model import Place, Visit
from kiosk.flow.orders import Effect, Order
from kiosk.flow.results import Result
from kiosk.flow.visit import begin, step

OrderT = TypeVar("OrderT", bound=Order)


class Walk:
    def __init__(self, session: str = "s1", visit: Visit | None = None) -> None:
        self.visit = visit or begin(session)
        self.effects: list[Effect] = []

    @property
    def place(self) -> Place:
        return self.visit.place

    def do(self, *events: Event) -> Walk:
        for event in events:
            self.visit, effects = step(self.visit, event)
            self.effects.extend(effects)
        return self

    def orders(self, kind: type[OrderT]) -> list[OrderT]:
        return [effect.order for effect in self.effects if isinstance(effect.order, kind)]

    def last(self, kind: type[Order]) -> Effect:
        return next(effect for effect in reversed(self.effects) if isinstance(effect.order, kind))

    def answer(self, kind: type[Order], result: Result) -> Walk:
        effect = self.last(kind)
        return self.do(Reply(effect.session, effect.request, result))
