"""Who this kiosk is: a key made here that never leaves, and the certificate the fleet gave for it."""

from __future__ import annotations

import base64
import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509

from provisioning.errors import FleetError
from provisioning.files import write_whole
from provisioning.pki import due, load_key, new_key, now, request


@dataclass(frozen=True)
class Identity:
    """Key, certificate and the fleet's CA in one folder."""

    folder: Path
    device: str

    @property
    def key_file(self) -> Path:
        return self.folder / "device.key"

    @property
    def certificate_file(self) -> Path:
        return self.folder / "device.pem"

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"

    def certificate(self) -> x509.Certificate | None:
        try:
            return x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
        except (OSError, ValueError):
            return None

    def days_left(self) -> int | None:
        """Days the certificate is still good; negative when it has ended; None: there is none."""
        certificate = self.certificate()
        return None if certificate is None else (certificate.not_valid_after_utc - now()).days

    def tls(self) -> ssl.SSLContext:
        """Both ways, TLS 1.3, the fleet's CA and no other."""
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(self.ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(str(self.certificate_file), str(self.key_file))
        return context

    async def enrol(self, serve: str, token: str) -> dict[str, Any]:
        """Use a one-time token. Returns what the fleet says about itself (site, broker, repository, root).

        The key is kept before the token is used, so a cut costs a token and nothing else. Raises `FleetError`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        key = load_key(self.key_file) if self.key_file.exists() else new_key(self.key_file)
        answer = await self._post(
            serve, "enrol", {"token": token, "device": self.device, "csr": request(key, self.device).decode()}
        )
        if answer.get("certificate"):
            write_whole(self.certificate_file, answer["certificate"])
        return answer

    async def renew(self, serve: str, *, at: dt.datetime | None = None) -> bool:
        """Renew when two thirds of the life are over, or fetch a certificate that was waiting for approval.

        True when there is a new one. A line that is down, or a refusal, raises `FleetError`; the old one stays.
        """
        certificate = self.certificate()
        if certificate is not None and not due(certificate, at or now()):
            return False
        csr = request(load_key(self.key_file), self.device).decode()
        answer = await self._post(serve, "renew", {"device": self.device, "csr": csr})
        if not answer.get("certificate"):
            return False
        write_whole(self.certificate_file, answer["certificate"])
        return True

    async def _post(self, serve: str, what: str, values: dict[str, str]) -> dict[str, Any]:
        # No client certificate: an ended one would be refused by TLS. The request's own signature proves the key.
        context = ssl.create_default_context(cafile=str(self.ca_file))
        try:
            async with httpx.AsyncClient(verify=context, timeout=20) as client:
                answer = await client.post(f"{serve.rstrip('/')}/v1/{what}", json=values)
                body: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError, OSError) as error:
            raise FleetError(
                f"The fleet's service cannot be reached: {type(error).__name__}. It is tried again."
            ) from None
        if answer.status_code not in (200, 202):
            raise FleetError(str(body.get("error", f"The fleet's service said {answer.status_code}.")))
        return body


def root_of(answer: dict[str, Any]) -> bytes:
    """The first TUF root out of an enrolment answer."""
    return base64.b64decode(answer["root"])
