"""One-time codes of officers: TOTP of RFC 6238 over HOTP of RFC 4226, SHA-1, six digits, 30 seconds.

SHA-1 and six digits because that is what every authenticator app on a phone speaks; HMAC-SHA-1 is sound for this use.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
AROUND = 1
"""Steps before and after now that are taken, for phones whose clock is a little off (RFC 6238, section 5.2)."""
SECRET_BYTES = 20


def secret_text(random: bytes) -> str:
    """A secret as authenticator apps take it: base32 without padding. `random` is `SECRET_BYTES` long."""
    return base64.b32encode(random).decode().rstrip("=")


def code_at(secret: str, step: int) -> str:
    """The code of time step `step`. Raises ValueError for a secret that is not base32."""
    try:
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    except binascii.Error:
        raise ValueError("not a base32 secret") from None
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, code: str, now: float, spent: int = 0) -> int:
    """The time step whose code this is, near `now` (Unix seconds) and after step `spent`; 0 when it is none."""
    current = int(now // STEP_SECONDS)
    found = 0
    for step in range(current - AROUND, current + AROUND + 1):
        right = hmac.compare_digest(code_at(secret, max(0, step)).encode(), code.encode())
        if right and step > spent:
            found = step
    return found


def address(secret: str, number: str, office: str) -> str:
    """The otpauth address an authenticator app reads from a QR."""
    issuer = quote(f"Anjungan {office}")
    return f"otpauth://totp/{issuer}:{quote(number)}?secret={secret}&issuer={issuer}"
