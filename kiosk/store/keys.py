"""Keys of the store: the database's own, and the pair payloads are sealed to.

Everyone who adds a row holds the public key. The private key is read by workers alone.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from kiosk.folders import make_private
from kiosk.settings import Secret, SecretTroubleError, Settings, find_secret, read_secret, write_secret
from kiosk.settings.places import store_folder
from kiosk.store.errors import SealError


def key_file(settings: Settings) -> Path:
    return _named(settings, settings.store.key_file, "store.key")


def private_key_file(settings: Settings) -> Path:
    return _named(settings, settings.store.private_key_file, "workers.key")


def public_key_file(settings: Settings) -> Path:
    return _named(settings, settings.store.public_key_file, "workers.pub")


def database_key(settings: Settings) -> str:
    """Raw key of the database as 64 hex digits. Raises `SecretTroubleError`."""
    secret = read_secret("store-key", key_file(settings))
    # A credential may be any text; SQLCipher wants 32 bytes and no slow derivation of its own.
    return blake2b(secret.value.strip(), digest_size=32, person=b"anjungan-store").hexdigest()


def archive_key(settings: Settings) -> str:
    """Raw key of the archive's own file, from the same secret and yet another. Raises `SecretTroubleError`."""
    secret = read_secret("store-key", key_file(settings))
    return blake2b(secret.value.strip(), digest_size=32, person=b"anjungan-arsip").hexdigest()


def case_name(settings: Settings, key: str) -> str:
    """The random name under which an application appears in the event log: 16 letters, from its idempotency key.

    Keyed with the store's key, so that whoever knows the application at the portal cannot find it in the log. Raises
    `SecretTroubleError`.
    """
    digest = blake2b(
        key.encode(), key=bytes.fromhex(database_key(settings)), digest_size=8, person=b"anjungan-case"
    ).digest()
    return "".join(chr(ord("a") + half) for byte in digest for half in (byte >> 4, byte & 15))


def make_keys(settings: Settings) -> bool:
    """Create what is missing. True when the pair is new although something was sealed to an older one.

    Raises `SecretTroubleError` if a key is there and cannot be used.
    """
    from nacl.public import PrivateKey

    make_private(store_folder(settings))
    if find_secret("store-key", key_file(settings)) is None:
        _create(key_file(settings), os.urandom(32).hex().encode())
    if find_secret("workers-key", private_key_file(settings)) is None:
        _create(private_key_file(settings), bytes(PrivateKey.generate()).hex().encode())
    public = bytes(_private(settings).public_key).hex()
    file = public_key_file(settings)
    before = file.read_text().strip() if file.exists() else ""
    if before != public:
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(public + "\n")
        fresh.replace(file)
    return before not in ("", public)


def seal(settings: Settings, payload: bytes) -> bytes:
    """Seal to the workers' public key (libsodium sealed box: anonymous sender, 48 bytes longer)."""
    from nacl.public import PublicKey, SealedBox

    try:
        public = PublicKey(bytes.fromhex(public_key_file(settings).read_text().strip()))
    except (OSError, ValueError) as error:
        raise SealError(f"public key: {type(error).__name__}") from None
    return SealedBox(public).encrypt(payload)


class Opener:
    """Opens sealed payloads. Made by workers only. Raises `SecretTroubleError` if the private key is not usable."""

    def __init__(self, settings: Settings) -> None:
        from nacl.public import SealedBox

        self._box = SealedBox(_private(settings))

    def open(self, sealed: bytes) -> bytes:
        """The payload. Raises `SealError`."""
        from nacl.exceptions import CryptoError

        try:
            return self._box.decrypt(sealed)
        except CryptoError:
            raise SealError("does not open with this key") from None


def _private(settings: Settings):
    from nacl.public import PrivateKey

    secret: Secret = read_secret("workers-key", private_key_file(settings))
    try:
        return PrivateKey(bytes.fromhex(secret.text))
    except (ValueError, UnicodeDecodeError):
        raise SecretTroubleError("unreadable", private_key_file(settings)) from None


def _create(path: Path, value: bytes) -> None:
    make_private(path.parent)
    write_secret(path, value)


def _named(settings: Settings, given: str, name: str) -> Path:
    return Path(given).expanduser() if given else store_folder(settings) / name
