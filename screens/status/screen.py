"""Lacak status (picture 12): where an application is, which day it is, who has it now."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from kiosk.flow.events import Back, Choose, Forward, Leave
from kiosk.flow.model import Visit
from kiosk.flow.results import Status as Found
from kiosk.flow.results import StatusStep
from kiosk.i18n import known
from kiosk.journeys.status import Track
from screens.scene import Scene
from screens.theme.tokens import ToneName
from screens.widgets.buttons import Button
from screens.widgets.helpbar import NavItem
from screens.widgets.status import DotState, Progress, Stage, Timeline
from screens.words import Notice

_STATES: dict[str, DotState] = {"done": "done", "now": "now", "late": "late", "ahead": "ahead"}
_TONES: dict[DotState, ToneName] = {"done": "green", "now": "amber", "late": "brick", "ahead": "tint"}


class Status(Scene):
    horizon = 452

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = visit.journey
        return (
            (journey.shown, bool(journey.own), _trouble(journey.receipt))
            if isinstance(journey, Track)
            else None
        )

    def build(self) -> None:
        journey = self.visit.journey
        assert isinstance(journey, Track)  # noqa: S101 -- the place belongs to the journey
        shown = journey.shown
        assert shown is not None  # noqa: S101 -- shown once it was found
        english = self.visit.language == "en"
        own = bool(journey.own)
        y = self.head(
            shown.headline_en if english else shown.headline_id,
            step=" · ".join(part for part in (shown.number, shown.title if own else "") if part),
            sentence=self._days(shown) or None,
            below=100 if shown.days else 52,
            start=36 if not self.look.large else 24,
        )
        if shown.days:
            share = shown.day / shown.days
            self.add(Progress(self.look, self.sky_left, y + 30, self.sky_width, share))
        self.nav(
            [
                NavItem(self.say("nav.back"), self.sends(Back()), "back"),
                NavItem(self.say("nav.leave"), self.sends(Leave()), "leave"),
                NavItem(self.say("nav.menu"), self.sends(Forward()), "menu", "right", "filled"),
            ]
        )
        samples = self._samples()
        if self.look.landscape and self.look.text_step == 1:
            column = 392.0
            top = self.shore.y
            self._timeline(shown, self.width - column - 40, self.shore.room)
            bottom = self._buttons(own, self.left + self.width - column, top, column, stacked=True)
            self.notice = self.add(
                Notice(self.look, self.left + self.width - column, bottom, column, samples)
            )
        else:
            need = 104 + 20 + Notice(self.look, 0, 0, self.width, samples).h + 12
            self._timeline(shown, self.width, self.shore.room - need - 24)
            y = min(self.shore.y + 12, self.shore.end - need)
            self.shore.y = self._buttons(own, self.left, y, self.width, stacked=False)
            self.notice = self.shore.put(Notice, samples)
        self._tell(self.visit)

    def _samples(self) -> list[str]:
        """The longest the notice may have to say. A masked phone is short; a narrow column may part it."""
        journey = self.visit.journey
        words = [
            self.say("status.printed_unknown"),
            self.say("status.paper_out"),
            self.say("trouble.offline"),
        ]
        if isinstance(journey, Track) and known(f"trouble.{journey.receipt}"):
            words.append(self.say(f"trouble.{journey.receipt}"))
        return words

    def _days(self, shown: Found) -> str:
        if not shown.days:
            return ""
        if shown.day > shown.days:
            return self.say("status.late", day=shown.day, days=shown.days, over=shown.day - shown.days)
        return self.say("status.days", day=shown.day, days=shown.days)

    # ---- the timeline
    def _timeline(self, shown: Found, width: float, room: float) -> None:
        """All stages if they fit; else those that are over, then those far ahead, are summed up in one line each."""
        stages = self._stages(shown.steps)
        part = self.add(
            Timeline(self.look, self.left, self.shore.y, width, self._fitting(stages, width, room))
        )
        self.shore.y = part.bottom + 24

    def _fitting(self, stages: list[Stage], width: float, room: float) -> list[Stage]:
        done = next((i for i, stage in enumerate(stages) if stage.state != "done"), len(stages))
        plans = [stages]
        for hidden in range(2, done + 1):
            summary = Stage(self.say("status.done_steps", count=hidden), "", "done")
            plans.append([summary, *stages[hidden:]])
        shortest = plans[-1]
        ahead = sum(1 for stage in shortest if stage.state == "ahead")
        for hidden in range(2, ahead + 1):
            summary = Stage(self.say("status.ahead_steps", count=hidden), "", "ahead")
            plans.append([*shortest[:-hidden], summary])
        barest = [stage for stage in plans[-1] if stage.state in ("now", "late") or stage.inside] or plans[
            -1
        ][:1]
        plans += [barest, *self._thinned(barest)]
        for plan in plans:
            if Timeline(self.look, self.left, 0, width, plan).h <= room:
                return plan
        return plans[-1]

    def _thinned(self, stages: list[Stage]) -> list[list[Stage]]:
        """Many approvals side by side: those that are done are counted in the heading, then the last ones are."""
        plans: list[list[Stage]] = []
        whole = next((stage for stage in stages if stage.inside), None)
        if whole is None:
            return plans
        open_ones = sorted(whole.inside, key=lambda one: one.state == "done")
        for count in range(len(open_ones) - 1, 0, -1):
            hidden = len(open_ones) - count
            note = self.say(
                "status.done_steps"
                if all(one.state == "done" for one in open_ones[count:])
                else "status.more",
                count=hidden,
            )
            thin = replace(whole, inside=tuple(open_ones[:count]), inside_note=note)
            plans.append([thin if stage is whole else stage for stage in stages])
        return plans

    def _stages(self, steps: tuple[StatusStep, ...]) -> list[Stage]:
        """Approvals that run side by side stand in one card; no officer's name is in any of it."""
        stages: list[Stage] = []
        group: list[Stage] = []

        def close() -> None:
            if group:
                state: DotState = "done" if all(one.state == "done" for one in group) else "now"
                note = self.say("status.side_by_side") if len(group) > 1 else ""
                stages.append(
                    Stage(self.say("status.technical"), "", state, inside=tuple(group), inside_note=note)
                )
                group.clear()

        for step in steps:
            if step.parallel:
                group.append(self._stage(step))
            else:
                close()
                stages.append(self._stage(step))
        close()
        return stages

    def _stage(self, step: StatusStep) -> Stage:
        english = self.visit.language == "en"
        state = _STATES.get(step.state, "ahead")
        return Stage(
            step.title_en if english else step.title_id,
            step.detail_en if english else step.detail_id,
            state,
            (step.days_en if english else step.days_id) or None,
            _TONES[state],
        )

    # ---- paper and phone
    def _buttons(self, own: bool, x: float, y: float, w: float, *, stacked: bool) -> float:
        """Print, send. Returns the y under them."""
        entries = [("status.print", Choose("print"), "print")]
        if own:
            entries.append(("status.receipt", Choose("receipt"), "phone"))
        each = w if stacked else (w - 20 * (len(entries) - 1)) / len(entries)
        self.buttons: list[Button] = []
        for index, (key, event, icon) in enumerate(entries):
            left = x if stacked else x + index * (each + 20)
            top = self.buttons[-1].bottom + 18 if stacked and self.buttons else y
            words = self.say(key)
            button = Button(
                self.look, left, top, each, 104, words, self.sends(event), icon=icon, role="button_small"
            )
            self.buttons.append(self.add(button))
        return max(button.bottom for button in self.buttons) + 20

    def _tell(self, visit: Visit) -> None:
        journey = visit.journey
        if not isinstance(journey, Track):
            return
        self.buttons[0].set_busy(journey.paper == "printing", self.say("common.wait").rstrip("…"))
        if len(self.buttons) > 1:
            self.buttons[1].set_busy(journey.receipt == "sending", self.say("common.wait").rstrip("…"))
        self.notice.say(*self._said(visit, journey))

    def _said(self, visit: Visit, journey: Track) -> tuple[str, ToneName, str]:
        phone = visit.person.phone_masked
        if journey.receipt == "sending":
            return self.say("status.sending"), "tint", "hourglass"
        if journey.receipt == "sent":
            words = self.say("status.sent_to", phone=phone) if phone else self.say("status.sent")
            return words, "green", "done"
        if journey.receipt:
            return self.say(f"trouble.{journey.receipt}"), "amber", "warning"
        if journey.paper in ("printing", "printed"):
            tone: ToneName = "green" if journey.paper == "printed" else "tint"
            return self.say(f"status.{journey.paper}"), tone, "print"
        if journey.paper:
            key = f"status.{journey.paper}"
            return self.say(key if known(key) else f"trouble.{journey.paper}"), "amber", "warning"
        return "", "tint", "info"

    def update(self, visit: Visit) -> None:
        self._tell(visit)


def _trouble(receipt: str) -> str:
    """Only a trouble may need a notice of another height; sending and sent change in place."""
    return "" if receipt in ("sending", "sent") else receipt
