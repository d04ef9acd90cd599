"""The officer card's commands: whose key it holds, and a signature over our challenge. Pure over a `transmit` function.

Two sorts of card are understood.

**Anjungan applet** (a JavaCard applet of four commands; numbers in hex):

| command | APDU | answer |
|---|---|---|
| SELECT | 00 A4 04 00 09 F0 41 4E 4A 55 4E 47 41 4E | 90 00 |
| GET PUBLIC KEY | 80 30 00 00 00 | the P-256 point, 65 bytes, 04 x y |
| INTERNAL AUTHENTICATE | 00 88 00 00 20 challenge 00 | ECDSA with SHA-256 over the challenge, DER |

The key is made on the card and cannot leave it. The AID is a proprietary one (first byte F0, ISO/IEC 7816-5).

**PIV card** (FIPS 201, NIST SP 800-73-4): the card authentication key, slot 9E, which needs no PIN of its own; its
certificate is data object 5FC101, read with GET DATA; GENERAL AUTHENTICATE with algorithm 11 (P-256) signs the SHA-256
of the challenge. A compressed certificate is refused.

Either way the answer is checked by the caller: nothing a card says about itself is believed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal

from hardware.card.chip import ChipError, Transmit, exchange
from hardware.card.port import CardTrouble

APPLET: Final = bytes.fromhex("F0414E4A554E47414E")
PIV: Final = bytes.fromhex("A000000308000010000100")
CHALLENGE_BYTES: Final = 32
POINT_BYTES: Final = 65

GET_PUBLIC_KEY: Final = bytes.fromhex("8030000000")
GET_PIV_CERTIFICATE: Final = bytes.fromhex("00CB3FFF055C035FC10100")
_LONGEST_SIGNATURE: Final = 72
"""Of P-256 in DER: two integers of 33 bytes at most, with their heads."""


@dataclass(frozen=True, slots=True)
class Signed:
    point: bytes
    """The public key the card says it has: an uncompressed P-256 point, 65 bytes."""
    signature: bytes = field(repr=False)
    """ECDSA with SHA-256 over the challenge, DER."""
    kind: Literal["applet", "piv"] = "applet"


def select_name(aid: bytes) -> bytes:
    """SELECT by application name."""
    return b"\x00\xa4\x04\x00" + bytes([len(aid)]) + aid


def internal_authenticate(challenge: bytes) -> bytes:
    return b"\x00\x88\x00\x00" + bytes([len(challenge)]) + challenge + b"\x00"


def general_authenticate(digest: bytes) -> bytes:
    """GENERAL AUTHENTICATE, key 9E, P-256: a dynamic template (7C) with an empty response (82) and the digest (81)."""
    inner = b"\x82\x00\x81" + bytes([len(digest)]) + digest
    template = b"\x7c" + bytes([len(inner)]) + inner
    return b"\x00\x87\x11\x9e" + bytes([len(template)]) + template + b"\x00"


def sign(transmit: Transmit, challenge: bytes) -> Signed:
    """Ask the card behind `transmit` for its key and a signature over `challenge` (32 bytes).

    Raises ChipError: NOT_OFFICER (neither sort of card) or UNREADABLE. Raises ValueError for another length.
    """
    if len(challenge) != CHALLENGE_BYTES:
        raise ValueError("a challenge has 32 bytes")
    if exchange(transmit, select_name(APPLET)).ok:
        point = _point(_data(transmit, GET_PUBLIC_KEY, "key"))
        return Signed(point, _signature(_data(transmit, internal_authenticate(challenge), "sign")))
    # PIV answers SELECT with its application template; only the status counts.
    if not exchange(transmit, select_name(PIV)).ok:
        raise ChipError(CardTrouble.NOT_OFFICER, "select")
    point = _certified(_data(transmit, GET_PIV_CERTIFICATE, "certificate"))
    answer = _data(transmit, general_authenticate(sha256(challenge).digest()), "sign")
    return Signed(point, _signature(_value(_value(answer, 0x7C), 0x82)), "piv")


def _data(transmit: Transmit, command: bytes, what: str) -> bytes:
    answer = exchange(transmit, command)
    if answer.ok:
        return answer.data
    trouble = CardTrouble.NOT_OFFICER if answer.unknown_here else CardTrouble.UNREADABLE
    raise ChipError(trouble, f"{what} {answer.status:04X}")


def _point(data: bytes) -> bytes:
    if len(data) != POINT_BYTES or data[0] != 4:
        raise ChipError(CardTrouble.UNREADABLE, "key_shape")
    return data


def _signature(data: bytes) -> bytes:
    if not 8 <= len(data) <= _LONGEST_SIGNATURE or data[0] != 0x30:
        raise ChipError(CardTrouble.UNREADABLE, "signature_shape")
    return data


def _certified(data: bytes) -> bytes:
    """The public key in the certificate of data object 53 (70 certificate, 71 how it is packed)."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    outer = _value(data, 0x53)
    packed = next((value for tag, value in _fields(outer) if tag == 0x71), b"\x00")
    if packed != b"\x00":
        raise ChipError(CardTrouble.UNREADABLE, "certificate_packed")
    try:
        key = x509.load_der_x509_certificate(_value(outer, 0x70)).public_key()
    except ValueError:
        raise ChipError(CardTrouble.UNREADABLE, "certificate") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ChipError(CardTrouble.NOT_OFFICER, "key_kind")
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _value(data: bytes, wanted: int) -> bytes:
    found = next((value for tag, value in _fields(data) if tag == wanted), None)
    if found is None:
        raise ChipError(CardTrouble.UNREADABLE, f"no_{wanted:02X}")
    return found


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, value) of BER-TLV with one-byte tags and lengths of up to two bytes. Raises ChipError when cut short."""
    at = 0
    while at + 2 <= len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length > 0x80:
            more = length & 0x7F
            if more > 2 or at + more > len(data):
                break
            length = int.from_bytes(data[at : at + more], "big")
            at += more
        if length == 0x80 or at + length > len(data):
            break
        yield tag, data[at : at + length]
        at += length
    if at != len(data):
        raise ChipError(CardTrouble.UNREADABLE, "cut_short")
