"""Asking the kiosk without a network: answered from the packs, read aloud, and what is not known lies sealed in the
store without its asker."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.journeys.faq import Faq
from kiosk.store import Opener, Store
from tests.journeys.conducted import Conducted, conducted, settings_for


class Heard:
    """A voice that remembers what it was given."""

    def __init__(self) -> None:
        self.words: list[tuple[str, str]] = []
        self.hushed = 0
        self.cancelled = False

    def play(self, kind: str, text: str) -> None:
        return None

    def speaks(self, language: str) -> bool:
        return language == "id"

    async def speak(self, words: str, language: str) -> None:
        self.words.append((words, language))
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    def hush(self) -> None:
        self.hushed += 1


def faq_of(one: Conducted) -> Faq:
    assert isinstance(one.visit.journey, Faq)
    return one.visit.journey


async def test_asked_answered_read_aloud_and_kept(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:9", "x")
    voice = Heard()
    tools = Tools(settings, "run", voice=voice)
    async with conducted(tools) as one:
        one.do(Begin(), Choose("none"), Choose("faq"))
        await one.until(lambda _: bool(faq_of(one).tiles), "first questions")
        assert faq_of(one).speaks
        one.type("lupa pasword oss")
        await one.until(lambda _: faq_of(one).offered_for == "lupa pasword oss", "suggestions")
        one.do(Forward())
        await one.at(Place.ANSWER)
        told = faq_of(one).told
        assert told is not None
        assert told.question is not None
        assert told.question.id == "B10"
        one.do(Choose("speak"))
        await one.until(lambda _: bool(voice.words), "voice")
        assert voice.words == [(f"{told.question.ask.id}\n{told.text.id}", "id")]
        one.do(Forward())
        await one.at(Place.CHAT)
        await one.until(lambda _: voice.hushed == 1, "silence")
        one.type("nama saya zulkarnain hp 081234567890 mau tanya harga cabai")
        one.do(Forward())
        await one.at(Place.ANSWER)
        told = faq_of(one).told
        assert told is not None
        assert told.kind == "unknown"
        await _until_kept(tools)
    store = Store.open(settings)
    kept = store.questions.read(date(2000, 1, 1), date(2100, 1, 1), Opener(settings))
    assert [(one.about, one.why, one.language, one.words) for one in kept] == [
        ("faq", "unknown", "id", "nama saya [nama] hp [angka] mau tanya harga cabai")
    ]
    events = [(event.kind, event.session, dict(event.data)) for event in store.events.since()]
    store.close()
    asked = [data for kind, session, data in events if kind == "asked" and session]
    assert asked == [{"detail": "B10", "how": "answer"}, {"detail": "none", "how": "unknown"}]
    assert "zulkarnain" not in str(events)


async def _until_kept(tools: Tools) -> None:
    count = "SELECT count(*) FROM questions"
    for _ in range(200):
        if await tools.store.do(lambda store: store.connection.execute(count).fetchone()[0]):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the question was not kept")
