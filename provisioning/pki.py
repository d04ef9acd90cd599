"""The fleet's own certificate authority: device, service and operator certificates, requests, revocation.

P-256 everywhere: every TLS stack and secure element knows it. Names are common names; the broker and `fleet serve` take
nothing else from a certificate, and the CA alone decides them.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.errors import FleetError
from provisioning.files import write_whole

DEVICE_DAYS = 90
RENEW_AT = 2 / 3
"""Share of its life after which a certificate is renewed."""
GRACE_DAYS = 400
"""How long after its end an unrevoked certificate may still renew by its key: a kiosk that was off for months."""
DEVICE_NAME = re.compile(r"[A-Z]-\d{2,4}")
BACKDATE = dt.timedelta(hours=1)
"""A kiosk's clock may be a little behind at its first start."""


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def new_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Make a private key and keep it at `path`, 0600, whole."""
    key = ec.generate_private_key(ec.SECP256R1())
    write_whole(path, key_pem(key), 0o600)
    return key


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a key made by `new_key`. Raises `OSError` or `ValueError`."""
    return cast(ec.EllipticCurvePrivateKey, serialization.load_pem_private_key(path.read_bytes(), None))


def request(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """A certificate signing request (PEM) that proves the key is held."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM)


def common_name(subject: x509.Name) -> str:
    """The one common name; "" if there is none or more than one."""
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if len(found) == 1 else ""


def public_digest(holder: x509.Certificate | x509.CertificateSigningRequest) -> str:
    """Which key it is for: SHA-256 of the public key (SPKI), hex."""
    spki = holder.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(spki)
    return digest.finalize().hex()


def read_request(pem: bytes) -> x509.CertificateSigningRequest:
    """Parse and prove a request. Raises `FleetError` on bad bytes, a bad signature or a key we do not issue for."""
    try:
        csr = x509.load_pem_x509_csr(pem)
        proven = csr.is_signature_valid
        key = csr.public_key()
    except (ValueError, InvalidSignature, TypeError):
        raise FleetError("The request is not a certificate signing request.") from None
    if not proven:
        raise FleetError("The request is not signed by the key it names.")
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise FleetError("The request is for a kind of key this fleet does not use (P-256 only).")
    return csr


def due(certificate: x509.Certificate, at: dt.datetime) -> bool:
    """True when two thirds of its life are over."""
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return at >= start + (end - start) * RENEW_AT


@dataclass(frozen=True)
class Authority:
    """The CA on disk. Its key is online with `fleet serve`: it can name devices, it cannot sign a release."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, name: str) -> Authority:
        """Make key, self-signed certificate (15 years) and an empty revocation list."""
        folder.mkdir(mode=0o700, parents=True)
        key = new_key(folder / "ca.key")
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} fleet CA")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - BACKDATE)
            .not_valid_after(now() + dt.timedelta(days=15 * 365))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        write_whole(folder / "ca.pem", certificate.public_bytes(serialization.Encoding.PEM))
        authority = cls(folder)
        authority.write_revoked({})
        return authority

    @property
    def certificate_file(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def revoked_file(self) -> Path:
        return self.folder / "revoked.pem"

    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_file.read_bytes())

    def issue_device(
        self, csr: x509.CertificateSigningRequest, device: str, days: float = DEVICE_DAYS
    ) -> x509.Certificate:
        """A client certificate for `device`; whatever name the request carries is ignored."""
        return self._issue(csr.public_key(), device, days, client=True, server=False, hosts=())

    def issue_here(self, folder: Path, name: str, *, hosts: tuple[str, ...] = (), days: float = 825) -> None:
        """Key and certificate of a service (`hosts`) or of people, as `<name>.key` and `<name>.pem` in `folder`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = new_key(folder / f"{name}.key")
        certificate = self._issue(key.public_key(), name, days, client=True, server=bool(hosts), hosts=hosts)
        write_whole(folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))

    def issued(self, certificate: x509.Certificate) -> bool:
        """True when this CA signed it. Says nothing about dates or revocation."""
        try:
            certificate.verify_directly_issued_by(self.certificate())
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def write_revoked(self, serials: dict[int, dt.datetime]) -> None:
        """Write the revocation list brokers read. Valid ten years: an expired list would lock everybody out."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate().subject)
            .last_update(now() - BACKDATE)
            .next_update(now() + dt.timedelta(days=3650))
        )
        for serial, at in serials.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            )
        crl = builder.sign(load_key(self.folder / "ca.key"), hashes.SHA256())
        write_whole(self.revoked_file, crl.public_bytes(serialization.Encoding.PEM))

    def _issue(
        self, public: object, name: str, days: float, *, client: bool, server: bool, hosts: tuple[str, ...]
    ) -> x509.Certificate:
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH] * client + [ExtendedKeyUsageOID.SERVER_AUTH] * server
        key = cast(ec.EllipticCurvePublicKey, public)
        ca = self.certificate()
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(ca.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - BACKDATE)
            .not_valid_after(now() + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    cast(ec.EllipticCurvePublicKey, ca.public_key())
                ),
                critical=False,
            )
        )
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(item) for item in hosts]), critical=False
            )
        return builder.sign(load_key(self.folder / "ca.key"), hashes.SHA256())


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign,
        key_cert_sign=sign,
        crl_sign=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
