"""Virtual officer cards: the applet as `hardware.card.officer_card` documents it, a PIV card, and dishonest ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from tests.hardware.card.virtual_card import VirtualKtp

SELECT_APPLET = bytes.fromhex("00A4040009F0414E4A554E47414E")
SELECT_PIV = bytes.fromhex("00A404000BA000000308000010000100")
OK = b"\x90\x00"


class VirtualOfficerCard(VirtualKtp):
    """The applet. Forgets its selection when powered anew, as a JavaCard does."""

    def __init__(self, key: int = 7) -> None:
        super().__init__(9)
        self.key = ec.derive_private_key(key, ec.SECP256R1())
        self._selected = False

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def power(self) -> None:
        self._selected = False

    def answer(self, command: bytes) -> bytes:
        if command == SELECT_APPLET:
            self._selected = True
            return OK
        if command[:2] == b"\x00\xa4":
            self._selected = False
            return b"\x6a\x82"
        if not self._selected:
            return b"\x69\x85" if command[:2] in (b"\x80\x30", b"\x00\x88") else b"\x6d\x00"
        if command == bytes.fromhex("8030000000"):
            return self.point + OK
        if command[:5] == bytes.fromhex("0088000020") and len(command) == 38:
            return self.signature(command[5:37]) + OK
        return b"\x6d\x00"

    def signature(self, challenge: bytes) -> bytes:
        return self.key.sign(challenge, ec.ECDSA(SHA256()))


class ReplayingCard(VirtualOfficerCard):
    """Knows the officer's public key and one signature that was overheard, and not the private key."""

    def __init__(self, point: bytes, overheard: bytes) -> None:
        super().__init__(99)
        self._theirs = point
        self._overheard = overheard

    @property
    def point(self) -> bytes:
        return self._theirs

    def signature(self, challenge: bytes) -> bytes:
        return self._overheard


class VirtualPivCard(VirtualOfficerCard):
    """A PIV card with a key in slot 9E; its certificate comes in pieces (61xx) as real cards give it."""

    def __init__(self, key: int = 8, *, packed: bool = False) -> None:
        super().__init__(key)
        self._rest = b""
        self._packed = packed
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CONTOH")])
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=3650))
            .sign(self.key, SHA256())
            .public_bytes(Encoding.DER)
        )

    def answer(self, command: bytes) -> bytes:
        if command == SELECT_PIV:
            self._selected = True
            return bytes.fromhex("61044F020000") + OK
        if command[:2] == b"\x00\xa4":
            self._selected = False
            return b"\x6a\x82"
        if command[:2] == b"\x00\xc0":
            return self._piece()
        if not self._selected:
            return b"\x69\x82"
        if command == bytes.fromhex("00CB3FFF055C035FC10100"):
            packed = b"\x71\x01\x01" if self._packed else b"\x71\x01\x00"
            inner = _tlv(0x70, self._certificate) + packed + b"\xfe\x00"
            self._rest = _tlv(0x53, inner)
            return self._piece()
        if command[:4] == bytes.fromhex("0087119E"):
            digest = command[-33:-1]
            signature = self.key.sign(digest, ec.ECDSA(Prehashed(SHA256())))
            return _tlv(0x7C, _tlv(0x82, signature)) + OK
        return b"\x6d\x00"

    def _piece(self) -> bytes:
        piece, self._rest = self._rest[:200], self._rest[200:]
        return piece + (OK if not self._rest else bytes([0x61, min(len(self._rest), 200)]))


def _tlv(tag: int, value: bytes) -> bytes:
    if len(value) < 0x80:
        length = bytes([len(value)])
    elif len(value) < 0x100:
        length = bytes([0x81, len(value)])
    else:
        length = b"\x82" + len(value).to_bytes(2, "big")
    return bytes([tag]) + length + value


def believes(point: bytes, challenge: bytes, signature: bytes) -> bool:
    """An independent check of a signature, by the library alone."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        key.verify(signature, sha256(challenge).digest(), ec.ECDSA(Prehashed(SHA256())))
    except Exception:
        return False
    return True
