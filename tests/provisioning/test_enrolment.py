"""Tokens, certificates, renewal, revocation; once over real HTTPS."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import threading
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509

from provisioning.agent.identity import Identity, root_of
from provisioning.errors import FleetError
from provisioning.pki import GRACE_DAYS, common_name, due, load_key, new_key, now, request
from provisioning.service import application
from provisioning.simulation import issue

from .conftest import Fleet


def csr_of(tmp_path: Path, name: str = "K-01") -> bytes:
    path = tmp_path / f"{name}.key"
    return request(load_key(path) if path.exists() else new_key(path), name)


def test_a_token_works_once(fleet: Fleet, tmp_path: Path) -> None:
    token = fleet.book.new_token("sim")
    assert fleet.book.enrol(token, "K-01", csr_of(tmp_path))
    with pytest.raises(FleetError, match="used already"):
        fleet.book.enrol(token, "K-02", csr_of(tmp_path, "K-02"))
    assert [(row.device, row.site, row.state) for row in fleet.book.rows()] == [("K-01", "sim", "valid")]


def test_two_at_once_with_one_token_and_one_wins(fleet: Fleet, tmp_path: Path) -> None:
    token = fleet.book.new_token("sim")
    requests = {f"K-1{n}": csr_of(tmp_path, f"K-1{n}") for n in range(8)}
    wins: list[str] = []
    start = threading.Barrier(8)

    def one(device: str) -> None:
        start.wait()
        try:
            if fleet.book.enrol(token, device, requests[device]):
                wins.append(device)
        except FleetError:
            return

    threads = [threading.Thread(target=one, args=(device,)) for device in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == 1


def test_tokens_end_are_bound_and_are_not_kept(fleet: Fleet, tmp_path: Path) -> None:
    csr = csr_of(tmp_path)
    with pytest.raises(FleetError, match="expired"):
        fleet.book.enrol(fleet.book.new_token("sim", hours=-1), "K-01", csr)
    with pytest.raises(FleetError, match="another kiosk"):
        fleet.book.enrol(fleet.book.new_token("sim", device="K-02"), "K-01", csr)
    with pytest.raises(FleetError, match="not known"):
        fleet.book.enrol("guess", "K-01", csr)
    token = fleet.book.new_token("sim")
    assert token.encode() not in fleet.home.enrolment.read_bytes()


def test_a_refused_request_does_not_use_the_token_up(fleet: Fleet, tmp_path: Path) -> None:
    token = fleet.book.new_token("sim")
    for bad in (b"", b"nonsense", csr_of(tmp_path)[:-60] + b"AAAA\n-----END CERTIFICATE REQUEST-----\n"):
        with pytest.raises(FleetError):
            fleet.book.enrol(token, "K-01", bad)
    with pytest.raises(FleetError, match="named like"):
        fleet.book.enrol(token, "fleet-serve", csr_of(tmp_path))
    assert fleet.book.enrol(token, "K-01", csr_of(tmp_path))


def test_the_name_in_the_request_counts_for_nothing(fleet: Fleet, tmp_path: Path) -> None:
    """A kiosk that asks to be called fleet-serve gets its own name: the broker believes names."""
    pem = fleet.book.enrol(fleet.book.new_token("sim"), "K-01", csr_of(tmp_path, "fleet-serve"))
    assert pem is not None
    certificate = x509.load_pem_x509_certificate(pem)
    assert common_name(certificate.subject) == "K-01"
    assert (certificate.not_valid_after_utc - now()).days in (89, 90)
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert x509.oid.ExtendedKeyUsageOID.SERVER_AUTH not in uses


def test_an_enrolled_name_is_not_given_again_until_revoked(fleet: Fleet, tmp_path: Path) -> None:
    fleet.book.enrol(fleet.book.new_token("sim"), "K-01", csr_of(tmp_path))
    other = request(new_key(tmp_path / "other.key"), "K-01")
    with pytest.raises(FleetError, match="is enrolled"):
        fleet.book.enrol(fleet.book.new_token("sim"), "K-01", other)
    fleet.book.revoke("K-01")
    assert fleet.book.enrol(fleet.book.new_token("sim"), "K-01", other)
    crl = x509.load_pem_x509_crl((fleet.home.ca / "revoked.pem").read_bytes())
    assert len(list(crl)) == 1


def age(fleet: Fleet, days: float) -> None:
    """Let the certificates in the book have ended `days` ago."""
    at = (now() - dt.timedelta(days=days)).isoformat(timespec="seconds")
    with sqlite3.connect(fleet.home.enrolment) as db:
        db.execute("update certificate set expires=?", (at,))


def test_a_kiosk_that_was_off_for_a_year_renews_by_its_key(fleet: Fleet, tmp_path: Path) -> None:
    fleet.book.enrol(fleet.book.new_token("sim"), "K-01", csr_of(tmp_path))
    age(fleet, GRACE_DAYS - 1)
    assert fleet.book.rows()[0].state == "expired"
    stranger = request(new_key(tmp_path / "other.key"), "K-01")
    with pytest.raises(FleetError, match="not known"):
        fleet.book.renew(stranger, "K-01")
    assert fleet.book.renew(csr_of(tmp_path), "K-01")
    assert fleet.book.rows()[0].state == "valid"


def test_after_the_grace_it_needs_a_token(fleet: Fleet, tmp_path: Path) -> None:
    fleet.book.enrol(fleet.book.new_token("sim"), "K-01", csr_of(tmp_path))
    age(fleet, GRACE_DAYS + 1)
    with pytest.raises(FleetError, match="more than 400 days"):
        fleet.book.renew(csr_of(tmp_path), "K-01")


def test_renewal_is_due_at_two_thirds(fleet: Fleet, tmp_path: Path) -> None:
    identity = issue(fleet.home, fleet.book, "K-01", tmp_path / "id")
    certificate = identity.certificate()
    assert certificate is not None
    assert not due(certificate, now() + dt.timedelta(days=59))
    assert due(certificate, now() + dt.timedelta(days=61))


async def test_the_whole_way_over_https(fleet: Fleet, tmp_path: Path) -> None:
    config = uvicorn.Config(
        application(fleet.home, fleet.plan),
        host="127.0.0.1",
        port=fleet.plan.serve_port,
        ssl_certfile=str(fleet.home.certificates / "serve.pem"),
        ssl_keyfile=str(fleet.home.certificates / "serve.key"),
        log_level="error",
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.02)
    url = f"https://127.0.0.1:{fleet.plan.serve_port}"
    try:
        identity = Identity(tmp_path / "id", "K-01")
        identity.folder.mkdir()
        identity.ca_file.write_bytes((fleet.home.ca / "ca.pem").read_bytes())
        token = fleet.book.new_token("sim", approve=True)
        answer = await identity.enrol(url, token)
        assert (answer["certificate"], answer["site"]) == ("", "sim")
        assert not await identity.renew(url)
        fleet.book.approve("K-01")
        assert await identity.renew(url)
        assert identity.days_left() in (89, 90)
        assert not await identity.renew(url)
        assert await identity.renew(url, at=now() + dt.timedelta(days=61))
        # The same key again: the answer was lost on the way. Another machine with the same token: no.
        again = Identity(tmp_path / "id", "K-01")
        assert (await again.enrol(url, token))["certificate"]
        other = Identity(tmp_path / "id3", "K-01")
        other.folder.mkdir()
        other.ca_file.write_bytes((fleet.home.ca / "ca.pem").read_bytes())
        with pytest.raises(FleetError, match="used already"):
            await other.enrol(url, token)
        fleet.book.revoke("K-01")
        with pytest.raises(FleetError, match="used already"):
            await again.enrol(url, token)
        second = Identity(tmp_path / "id2", "K-02")
        second.folder.mkdir()
        second.ca_file.write_bytes((fleet.home.ca / "ca.pem").read_bytes())
        answer = await second.enrol(url, fleet.book.new_token("other"))
        assert root_of(answer) == fleet.repository.root_bytes()
        # Somebody else's CA: the kiosk does not talk to it.
        from provisioning.pki import Authority

        Authority.create(tmp_path / "otherca", "other")
        second.ca_file.write_bytes((tmp_path / "otherca/ca.pem").read_bytes())
        with pytest.raises(FleetError, match="cannot be reached"):
            await second.enrol(url, fleet.book.new_token("other"))
    finally:
        server.should_exit = True
        await running
