"""The head of the event log, lodged at a practice portal by the keeper's own process, and what it is good for."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.insight import chain
from kiosk.main.cli import main as kiosk
from kiosk.main.hourly import lodge
from kiosk.main.labour import Labour
from kiosk.sandbox.server import serve
from kiosk.sandbox.settings import SandboxSettings
from kiosk.settings import Settings
from kiosk.settings.model import Bench, Keeper, Kiosk, Portal
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Store

TOKEN = "token-of-this-kiosk"


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    portal = serve(0, SandboxSettings(tmp_path / "portal", devices={TOKEN: "K-07"}))
    try:
        yield dataclasses.replace(
            Settings(),
            kiosk=Kiosk(id="K-07", enrolment_file=tmp_path / "enrolled"),
            bench=Bench(inspect=True),
            portal=Portal(url=portal.url, token_file=token),
            keeper=Keeper(work_every=0.1, end_seconds=2, anchor_every=0.2),
            store=StoreSettings(folder=str(tmp_path / "store")),
        )
    finally:
        portal.stop()


def config(settings: Settings, folder: Path) -> str:
    file = folder / "kiosk.toml"
    file.write_text(
        f'[kiosk]\nid = "K-07"\n[portal]\nurl = "{settings.portal.url}"\n'
        f'token_file = "{settings.portal.token_file}"\n[store]\nfolder = "{settings.store.folder}"\n'
    )
    return str(file)


def said(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = kiosk(["log", *words])
    return code, out.getvalue()


async def test_the_keeper_lodges_and_a_cut_tail_is_found(settings: Settings, tmp_path: Path) -> None:
    store = Store.open(settings)
    for place in ("identify", "consent", "menu"):
        store.events.append("step", {"place": place}, session="abcdefghijklmnop")
    labour = Labour(settings, "run")
    working = asyncio.create_task(labour.run(lambda _waiting: None))
    labour.begin()
    where = config(settings, tmp_path)
    async with asyncio.timeout(20):
        while not (lodged := (await asyncio.to_thread(said, "--settings", where, "anchors"))[1]):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    await labour.close()
    await working
    file = tmp_path / "anchors.jsonl"
    file.write_text(lodged)
    assert [one.id for one in chain.anchors(lodged)] == [3]
    assert said("--settings", where, "verify", "--anchor", str(file))[0] == 0

    store.connection.execute("DROP TRIGGER events_no_delete")
    store.connection.execute("DELETE FROM events WHERE id = 3")
    assert said("--settings", where, "verify")[0] == 0, "sound in itself: only the anchor tells"
    code, words = said("--settings", where, "verify", "--anchor", str(file))
    assert (code, "cut off" in words) == (1, True)
    # The log grows again over the cut: the portal has another hash for that number, and says so.
    store.events.append("step", {"place": "form"}, session="abcdefghijklmnop")
    assert (await lodge(store, settings)).startswith("refused anchor-changed")
    store.close()


async def test_nothing_is_lodged_of_an_empty_log_and_a_dead_line_is_told(settings: Settings) -> None:
    store = Store.open(settings)
    assert await lodge(store, settings) == "empty"
    store.events.append("step", {"place": "menu"})
    nowhere = dataclasses.replace(settings.portal, url="http://127.0.0.1:9")
    assert (await lodge(store, dataclasses.replace(settings, portal=nowhere))).startswith("offline")
    assert await lodge(store, settings) == "lodged"
    assert await lodge(store, settings) == "lodged", "the same head again is no change"
    store.close()
