"""Who gets in: credentials, roles, sessions, cross-site requests, rate, addresses; and what an officer may do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from kiosk.assist.call.wire import Call, State, pack_state
from kiosk.desk.guard import NotHereError, check_bind, inside
from kiosk.desk.kiosks import add
from kiosk.desk.server import DeskSettingsError, Server
from kiosk.desk.sessions import LONGEST_HOURS, Rate, Sessions
from kiosk.main.desk_certificate import Made
from tests.kiosk.desk.conftest import PIN, Office, settings_of, soon

pytestmark = pytest.mark.real


def enter(client: httpx.Client, number: str, pin: str, code: str) -> httpx.Response:
    return client.post("/masuk", data={"number": number, "pin": pin, "code": code})


def test_both_proofs_open_and_one_does_not(office: Office) -> None:
    with office.client() as client:
        assert enter(client, "11", "000000", office.code("11", used=False)).status_code == 403
        assert enter(client, "11", PIN, "000000").status_code == 403
        assert enter(client, "99", PIN, office.code("99")).status_code == 403
        assert client.get("/").headers["location"] == "/masuk"
        assert client.get("/langsung").status_code == 401
        told = enter(client, "11", PIN, office.code("11"))
        assert (told.status_code, told.headers["location"]) == (303, "/")
        cookie = told.headers["set-cookie"]
        for word in ("__Host-meja=", "HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert word in cookie
        assert "Domain" not in cookie
        assert "Max-Age" not in cookie.split("__Host-meja")[1]
        assert "Sari" in client.get("/").text


def test_it_keeps_out_the_role_that_does_not_open_it(office: Office) -> None:
    with office.client() as client:
        told = enter(client, "31", PIN, office.code("31"))
        assert told.status_code == 403
        assert "Peran ini tidak membuka meja" in told.text


def test_after_five_wrong_pins_there_is_a_pause(office: Office) -> None:
    with office.client() as client:
        for _ in range(5):
            enter(client, "12", "000000", "000000")
        told = enter(client, "12", PIN, office.code("12"))
        assert told.status_code == 429
        assert int(told.headers["retry-after"]) <= 16
        assert "Tunggu" in told.text


def test_a_flood_from_one_address_is_stopped_before_it_costs_anything() -> None:
    now = [0.0]
    rate = Rate(most=3, everyone=5, clock=lambda: now[0])
    assert [rate.wait("a") for _ in range(3)] == [0.0] * 3
    assert rate.wait("a") == 60
    assert rate.wait("b") == 0
    assert rate.wait("c") == 0
    assert rate.wait("d") == 60, "everyone together"
    now[0] = 60.0
    assert rate.wait("a") == 0


def test_sessions_end_by_idleness_by_the_day_and_by_leaving() -> None:
    now = [0.0]
    sessions = Sessions(600, clock=lambda: now[0])
    secret, session = sessions.begin("11", "Sari", "officer")
    now[0] = 599
    assert sessions.find(secret) is session
    assert sessions.left(session) == 1, "being looked at is no touch"
    sessions.touch(session)
    now[0] = 1198
    assert sessions.find(secret) is session
    now[0] = 1199
    assert sessions.find(secret) is None
    assert session.over
    secret, session = sessions.begin("11", "Sari", "officer")
    for _ in range(LONGEST_HOURS * 12):
        now[0] += 300
        sessions.touch(session)
    assert sessions.find(secret) is None
    secret, session = sessions.begin("11", "Sari", "officer")
    sessions.end(secret)
    assert sessions.find(secret) is None
    assert "Sari" not in repr(session)


def test_a_request_from_another_page_changes_nothing(office: Office) -> None:
    assert office.server is not None
    body = {"kiosk": "K-02", "call": "a" * 16}
    with office.signed_in() as client:
        for header, value in (
            ("x-meja", "guess"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("host", "evil.example"),
        ):
            told = client.post("/panggilan/teruskan", json=body, headers={header: value})
            assert told.status_code in (401, 403), header
        assert client.post("/panggilan/teruskan", json=body).status_code == 200


def test_every_answer_is_hardened(office: Office) -> None:
    with office.client() as client:
        for path in ("/masuk", "/layar", "/berkas/desk.css", "/nothing"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
        for path in ("/berkas/..%2fapp.py", "/berkas/login.html", "/fonts/icons.json"):
            assert client.get(path).status_code == 404
        for path in ("/masuk", "/layar"):
            text = client.get(path).text
            assert "<script>" not in text
            assert " style=" not in text
            assert "{{" not in text


def test_plain_http_gets_nothing(office: Office) -> None:
    assert office.server is not None
    with socket.create_connection(("127.0.0.1", office.server.port)) as line:
        line.sendall(b"GET /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"HTTP/1.1 200" not in line.recv(1000)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "8.8.8.8", "2001:4860:4860::8888", "example.org"])
def test_it_refuses_to_listen_where_everybody_is(address: str, made: Made, office: Office) -> None:
    with pytest.raises(NotHereError):
        check_bind(address, public=False)
    check_bind(address, public=True)
    with pytest.raises(NotHereError):
        Server(replace(office.settings, desk=replace(office.settings.desk, bind=address)))


def test_the_office_network_is_inside() -> None:
    for address in ("127.0.0.1", "::1", "192.168.1.20", "10.4.0.9", "172.16.3.3", "fd00::5", "fe80::1%eth0"):
        check_bind(address, public=False)
    assert inside("::ffff:192.168.1.20")
    assert not inside("::ffff:8.8.8.8")


def test_without_a_certificate_it_says_what_to_do(office: Office) -> None:
    with pytest.raises(DeskSettingsError, match="--new-certificate"):
        Server(replace(office.settings, desk=replace(office.settings.desk, certificate=None)))
    loose = office.folder / "loose.key"
    loose.write_bytes(office.made.key.read_bytes())
    loose.chmod(0o644)
    with pytest.raises(DeskSettingsError, match="chmod 600"):
        Server(replace(office.settings, desk=replace(office.settings.desk, certificate_key=loose)))


# --- kiosks' side of the door


def socket_of(office: Office, token: str, **headers: str) -> ClientConnection:
    return connect(
        office.url.replace("https", "wss") + "/kios",
        additional_headers={"Authorization": f"Bearer {token}", **headers},
        ssl=ssl.create_default_context(cafile=str(office.made.ca)),
        proxy=None,
    )


def test_a_kiosk_without_its_own_token_is_not_heard(office: Office) -> None:
    assert office.server is not None
    file = office.settings.desk.kiosks_file
    assert file is not None
    token = add(file, "K-02")
    assert token not in file.read_text(), "only a hash is kept"
    with pytest.raises(InvalidStatus), socket_of(office, "wrong"):
        pass
    with pytest.raises(WebSocketException), socket_of(office, token, Origin="https://evil.example"):
        pass
    with socket_of(office, token) as line:  # K-02's token, K-03's name
        line.send(pack_state(State("K-03", "Teras", 1.0)).decode())
        with pytest.raises(WebSocketException):
            line.recv(5)
    with socket_of(office, token) as line:
        line.send(json.dumps({"kiosk": "K-02", "spot": "Teras", "at": 1.0, "name": "CONTOH SITI"}))
        with pytest.raises(WebSocketException):
            line.recv(5)
    assert office.server.desk.room.kiosks == {}
    with socket_of(office, token) as line:
        line.send(pack_state(State("K-02", "Teras", 1.0)).decode())
        soon(lambda: "K-02" in office.server.desk.room.kiosks)  # pyright: ignore[reportOptionalMemberAccess]


# --- calls


def test_two_officers_take_the_same_call_and_one_wins(office: Office) -> None:
    kiosk = office.kiosk("K-02")
    try:
        soon(lambda: office.server and office.server.desk.room.kiosks)
        call = _ring(office, kiosk)
        with office.signed_in("11") as sari, office.signed_in("12") as budi:
            outcomes: dict[str, str] = {}

            def take(name: str, client: httpx.Client, minutes: int) -> None:
                body = {"kiosk": "K-02", "call": call, "minutes": minutes}
                outcomes[name] = client.post("/panggilan/ambil", json=body).json()["outcome"]

            both = [
                threading.Thread(target=take, args=("sari", sari, 2)),
                threading.Thread(target=take, args=("budi", budi, 5)),
            ]
            for one in both:
                one.start()
            for one in both:
                one.join()
            assert sorted(outcomes.values()) == ["lost", "won"]
            coming = [minutes for word, minutes in kiosk.told if word == "coming"]
            assert coming == [2 if outcomes["sari"] == "won" else 5], "the visitor hears of one officer"
            loser = budi if outcomes["sari"] == "won" else sari
            winner = sari if loser is budi else budi
            body: dict[str, object] = {"kiosk": "K-02", "call": call}
            assert loser.post("/panggilan/selesai", json=body).status_code == 403
            assert loser.post("/panggilan/lepas", json=body).status_code == 403
            assert winner.post("/panggilan/lepas", json=body).json() == {"outcome": "won"}
            soon(lambda: ("ringing", 0) in kiosk.told)
            body["minutes"] = 1
            assert loser.post("/panggilan/ambil", json=body).json() == {"outcome": "won"}
            assert loser.post("/panggilan/selesai", json=body).json() == {"outcome": "won"}
            assert kiosk.told[-1] == ("over", 0)
            assert loser.post("/panggilan/ambil", json=body).json() == {"outcome": "over"}
    finally:
        kiosk.close()


def test_nobody_at_the_desk_is_told_and_the_call_rings_when_somebody_comes(office: Office) -> None:
    kiosk = office.kiosk("K-02")
    try:
        soon(lambda: office.server and office.server.desk.room.kiosks)
        kiosk.ring()
        soon(lambda: kiosk.told == [("unheard", 0)])
        with office.signed_in() as client, client.stream("GET", "/langsung"):
            soon(lambda: kiosk.told[-1] == ("ringing", 0))
    finally:
        kiosk.close()


def test_a_desk_out_of_reach_is_told_and_rings_once_it_is_there(office: Office) -> None:
    assert office.server is not None
    kiosk = office.kiosk("K-02")
    try:
        soon(lambda: office.server and office.server.desk.room.kiosks)
        port = office.server.port
        office.server.stop()
        soon(lambda: not kiosk.line.linked)
        kiosk.ring()
        soon(lambda: kiosk.told == [("unheard", 0)])
        with Server(replace(office.settings, desk=replace(office.settings.desk, port=port))) as again:
            again.start()
            office.server = again
            soon(lambda: [call for _, call, _ in again.desk.room.calls()], 20)
            with office.signed_in() as client, client.stream("GET", "/langsung"):
                soon(lambda: kiosk.told[-1] == ("ringing", 0))
    finally:
        kiosk.close()


def test_nonsense_from_a_page_is_refused(office: Office) -> None:
    bodies: list[object] = [
        {"kiosk": "K-02", "call": "a" * 16, "minutes": 3},
        {"kiosk": "K-02", "call": "a" * 16, "minutes": "2"},
        {"kiosk": 2, "call": "a" * 16},
        {"name": "CONTOH SITI"},
        ["take"],
    ]
    with office.signed_in() as client:
        for body in bodies:
            assert client.post("/panggilan/ambil", json=body).status_code == 422, body
        assert client.post("/panggilan/isi", json={"kiosk": "K-02", "call": "a" * 16}).status_code == 422


def test_settings_keep_no_secret(made: Made, office: Office) -> None:
    assert "BEGIN" not in repr(settings_of(office.folder, made))


def _ring(office: Office, kiosk: object) -> str:
    from tests.kiosk.desk.conftest import AKiosk

    assert isinstance(kiosk, AKiosk)
    assert office.server is not None
    kiosk.ring()
    found: list[Call] = []

    def there() -> bool:
        assert office.server is not None
        found[:] = [call for _, call, _ in office.server.desk.room.calls()]
        return bool(found)

    soon(there)
    return found[0].id
