"""The bench's JSON interface over real loopback HTTP, and its guard."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, get_args

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from hardware.camera import papers
from hardware.world import Happening, MemoryWorld
from hardware.world.port import PaperKind
from hardware.world.words import WORDS
from kiosk.sandbox.bench import BenchRefused, NetworkView, SentCode, bench_app
from kiosk.sandbox.bench.texts import TEXTS
from kiosk.sandbox.bench.view import PAGES, bench_view, masked
from tests.kiosk.bench.conftest import Bench, Switch


@pytest.fixture
def client(bench: Bench) -> Any:
    with httpx.Client(base_url=bench.address, trust_env=False) as client:
        yield client


def test_the_autopilot_can_do_everything_a_hand_can(bench: Bench, client: httpx.Client) -> None:
    laid = client.post("card", json={"present": True})
    assert laid.status_code == 200
    assert laid.json()["card"]["insertion"] == 1
    assert (
        client.post("card", json={"kind": "broken"}).json()["card"]["insertion"] == 2
    )  # another card: a swap
    client.post("camera", json={"present": True, "paper": "npwp", "glare": True})
    client.post("printer", json={"roll": "low", "cover_open": True})
    client.post("network", json={"line": "portal_dead"})
    state = client.get("state").json()
    assert state["camera"] == {
        "paper": "npwp", "present": True, "plugged": True, "glare": True, "tilted": False, "dark": False,
        "cut_off": False, "page": 0,
    }  # fmt: skip
    assert (state["printer"]["roll"], state["printer"]["cover_open"]) == ("low", True)
    assert state["network"]["line"] == bench.switch.view.line == "portal_dead"
    words = [event["word"] for event in state["events"]]
    assert words[0] == "network.portal_dead"
    assert words.count("card.laid") == 2


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("card", {"insertion": 9}, 422),
        ("card", {"kind": "passport"}, 422),
        ("card", {"present": "yes"}, 422),
        ("card", {"present": 1}, 422),
        ("card", {"kind": ["good"]}, 422),
        ("card", {"device": "camera"}, 422),
        ("card", {"self": 1}, 422),
        ("card", {}, 422),
        ("card", [], 422),
        ("camera", {"page": -1}, 422),
        ("camera", {"page": True}, 422),
        ("printer", {"roll": "full", "colour": "red"}, 422),
        ("network", {"line": "gone"}, 422),
        ("network", {"line": ["good"]}, 422),
        ("network", {"line": "lost", "more": 1}, 422),
        ("toaster", {"present": True}, 404),
    ],
)
def test_nonsense_changes_nothing(
    bench: Bench, client: httpx.Client, path: str, body: object, status: int
) -> None:
    before = bench.world.state
    assert client.post(path, json=body).status_code == status
    assert bench.world.state == before
    assert bench.switch.view.line == "good"
    assert bench.world.happenings() == ()


def test_garbage_and_endless_bodies_are_refused(client: httpx.Client) -> None:
    kind = {"content-type": "application/json"}
    assert client.post("card", content=b"\xff{", headers=kind).status_code == 422
    assert client.post("card", content=b"null", headers=kind).status_code == 422
    assert client.post("card", content=b"[" * 4000, headers=kind).status_code == 422
    assert (
        client.post("card", content=b'{"present":' + b" " * 9000 + b"true}", headers=kind).status_code == 422
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "meja.example"},
        {"host": "127.0.0.1.example:80"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
    ],
)
def test_requests_from_elsewhere_are_refused(
    bench: Bench, client: httpx.Client, headers: dict[str, str]
) -> None:
    sent = client.post(
        "card", content=b'{"present":true}', headers={"content-type": "application/json", **headers}
    )
    assert sent.status_code == 403
    assert not bench.world.state.card.present


def test_codes_are_not_readable_under_a_foreign_host_name(client: httpx.Client) -> None:
    assert client.get("codes", headers={"host": "rebound.example"}).status_code == 403
    assert client.get("codes", headers={"host": "localhost:8000"}).status_code == 200


async def test_a_client_from_another_machine_is_refused() -> None:
    app = bench_app(MemoryWorld(), Switch(), lambda: [])
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/state")).status_code == 403


def test_it_does_not_start_on_an_enrolled_kiosk() -> None:
    with pytest.raises(BenchRefused):
        bench_app(MemoryWorld(), Switch(), lambda: [], enrolled=True)


def test_codes_come_newest_first_and_show_four_digits_of_the_phone(
    bench: Bench, client: httpx.Client
) -> None:
    now = time.time()
    bench.sent += [
        SentCode("111222", "+62 812 3456 4821", now - 9, now),
        SentCode("333444", "081234564821", now, now + 300),
    ]
    codes = client.get("codes").json()
    assert [code["code"] for code in codes] == ["333444", "111222"]
    assert {code["to"] for code in codes} == {"•••• 4821"}
    assert "3456" not in client.get("state").text
    assert masked("") == "•••• "
    assert "333444" not in repr(bench.sent)


def test_the_ticket_is_there_while_it_hangs(bench: Bench, client: httpx.Client) -> None:
    assert client.get("ticket.png").status_code == 404
    bench.print_ticket()
    told = client.get("ticket.png")
    assert told.headers["content-type"] == "image/png"
    assert told.content.startswith(b"\x89PNG")
    client.post("printer", json={"hanging": False})
    assert client.get("ticket.png").status_code == 404


def test_only_the_pages_own_files_are_served(client: httpx.Client) -> None:
    page = client.get("")
    assert page.status_code == 200
    assert "{{" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert client.get("fonts/PlusJakartaSans-Bold.ttf").status_code == 200
    for path in ("file/app.py", "file/..%2fapp.py", "fonts/icons.json", "file/index.html"):
        assert client.get(path).status_code == 404
    assert client.get(str(client.base_url).rstrip("/"), follow_redirects=True).status_code == 200


def test_the_stream_tells_changes_from_other_threads(bench: Bench, client: httpx.Client) -> None:
    with client.stream("GET", "live") as stream:
        views = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        assert next(views)["card"]["art"]["card"] == "off"
        threading.Thread(target=bench.world.change, args=("card",), kwargs={"present": True}).start()
        assert next(view for view in views)["card"]["art"]["card"] == "on"
        bench.sent.append(SentCode("246810", "0812000000", time.time(), time.time() + 300))
        assert next(views)["codes"]["rows"][0]["code"] == "246 810"


def test_every_word_a_happening_may_use_has_a_text() -> None:
    assert {key.removeprefix("event.") for key in TEXTS if key.startswith("event.")} == WORDS
    assert all(indonesian and english for indonesian, english in TEXTS.values())


def test_being_read_greys_the_act_but_not_for_ever() -> None:
    world = MemoryWorld(clock=lambda: 100.0)
    world.change("card", present=True)
    world.report(Happening("card.reading"))

    def card(now: float) -> Any:
        return bench_view(world.state, world.happenings(), NetworkView(), [], now=now)["card"]

    assert card(101.0)["chip"]["text"] == "Sedang dibaca"
    assert not card(101.0)["act"]["enabled"]
    assert card(120.0)["act"]["enabled"]


@pytest.mark.parametrize(
    ("device", "fields", "text"),
    [
        ("card", {"mute": True}, "Tidak menjawab"),
        ("card", {"plugged": False, "mute": True}, "Dicabut"),
        ("camera", {"dark": True, "present": True}, "Gelap"),
        ("camera", {"dark": True}, "Kosong"),
        ("camera", {"cut_off": True, "present": True}, "Terpotong"),
        ("camera", {"paper": "blank", "present": True}, "Halaman kosong"),
        ("printer", {"roll": "out"}, "Kertas habis"),
        ("printer", {"roll": "out", "cover_open": True}, "Tutup terbuka"),
        ("printer", {"roll": "low"}, "Kertas menipis"),
        ("printer", {"hanging": True}, "Belum disobek"),
        ("printer", {"mute": True, "hanging": True}, "Tidak menjawab"),
    ],
)
def test_the_chip_says_the_weightiest_trouble(device: Any, fields: dict[str, object], text: str) -> None:
    world = MemoryWorld()
    world.change(device, **fields)
    view: Any = bench_view(world.state, world.happenings(), NetworkView(), [], now=0.0)
    assert view[device]["chip"]["text"] == text


def test_it_mounts_under_any_path() -> None:
    Starlette(routes=[Mount("/meja", bench_app(MemoryWorld(), Switch(), lambda: []))])


def test_the_turn_button_knows_how_many_leaves_the_papers_have() -> None:
    kinds: tuple[PaperKind, ...] = get_args(PaperKind)
    assert {kind: papers.pages(kind) for kind in kinds} == PAGES
