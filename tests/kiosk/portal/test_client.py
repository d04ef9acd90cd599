"""The client's own manners: light to import, a credential per kiosk, nothing but one portal."""

from __future__ import annotations

import datetime as dt
import ipaddress
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.portal.client import Line, PortalClient, PortalTrouble
from kiosk.portal.models import NewDraft
from kiosk.sandbox.server import Tls, serve
from kiosk.sandbox.settings import DEMO_TOKEN, SandboxSettings
from kiosk.settings.model import Portal
from kiosk.settings.secret import SecretTroubleError
from tests.kiosk.sandbox.office import Office


async def test_the_office_says_what_it_offers(office: Office):
    client = office.client()
    assert (await client.health()).at == office.clock()
    assert (await client.references()).sample
    services = await client.services()
    assert [(one.id, one.prefix, one.name.en) for one in services] == [
        ("perizinan", "A", "Licensing"),
        ("informasi", "B", "Information"),
        ("pengaduan", "C", "Complaints"),
    ]


async def test_a_draft_is_replaced_changed_hands_and_dropped(office: Office):
    client = office.client()
    saved = await client.save_draft(NewDraft("56303", answers=(("a", "1"),)))
    assert len(saved.handle) == 22
    with pytest.raises(PortalTrouble, match="forbidden"):
        await client.save_draft(NewDraft("10431"), handle=saved.handle)
    again = await client.save_draft(NewDraft("10431"), handle=saved.handle, record_token=saved.record_token)
    assert (again.handle, (await client.load_draft(saved.handle)).kbli) == (saved.handle, "10431")
    await client.drop_draft(saved.handle, record_token=saved.record_token)
    with pytest.raises(PortalTrouble, match="gone"):
        await client.load_draft(saved.handle)


@pytest.mark.parametrize(
    "number", ["../identity", "", ".", "..", "a/b", "MKM?x=1", "x" * 300, "MKM-2026#", "Ⅷ"]
)
async def test_whatever_is_typed_stays_one_part_of_the_address(office: Office, number):
    with pytest.raises(PortalTrouble) as caught:
        await office.client().public_status(number)
    assert caught.value.kind == "gone"


async def test_forgetting_works_without_the_portal(office: Office):
    client = await office.owner()
    office.faults.set("gone")
    assert not await client.forget()
    assert client.rights is None
    assert await client.forget()


def test_importing_the_client_loads_no_engine():
    """The first picture must not wait for an HTTP library."""
    probe = (
        "import sys, kiosk.portal.client; "
        "print([name for name in ('httpx', 'stamina', 'pydantic', 'anyio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_settings_give_address_times_and_token(office: Office, tmp_path: Path):
    token = tmp_path / "token"
    token.write_text("token-of-kiosk-one\n")
    with pytest.raises(SecretTroubleError):
        PortalClient.from_settings(Portal(url=office.url, token_file=token))
    token.chmod(0o600)
    async with PortalClient.from_settings(Portal(url=office.url, token_file=token)) as client:
        assert await client.queue_state()


class Papers:
    """A small certificate authority for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
        self.ca = self._write("ca.pem", self._sign(self._name, self._key.public_key(), ca=True))

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._write(f"{name}.pem", self._sign(subject, key.public_key()))
        path = self.folder / f"{name}.key"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, path

    def _sign(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, ca: bool = False
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(minutes=5))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(loopback, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _write(self, name: str, certificate: x509.Certificate) -> Path:
        path = self.folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return path


async def test_a_kiosk_may_show_a_certificate_instead_of_a_token(tmp_path: Path):
    papers = Papers(tmp_path)
    strangers = tmp_path / "strangers"
    strangers.mkdir()
    certificate, key = papers.issue("portal")
    ours, theirs = papers.issue("K-01"), papers.issue("K-99")
    forged = Papers(strangers).issue("K-01")
    settings = SandboxSettings(tmp_path / "portal-data", devices={DEMO_TOKEN: "K-01"})
    with serve(0, settings, Tls(certificate, key, papers.ca)) as server:

        async def waiting(cert: tuple[Path, Path] | None, ca: Path | None = papers.ca) -> str:
            line = Line(
                server.url,
                client_cert=cert[0] if cert else None,
                client_key=cert[1] if cert else None,
                ca_file=ca,
                attempts=1,
            )
            async with PortalClient(line) as client:
                try:
                    await client.queue_state()
                except PortalTrouble as caught:
                    return caught.kind
                return "welcome"

        assert await waiting(ours) == "welcome"
        assert await waiting(theirs) == "forbidden"
        assert await waiting(None) == "forbidden"
        assert await waiting(forged) == "offline"
        assert await waiting(ours, ca=None) == "offline"
