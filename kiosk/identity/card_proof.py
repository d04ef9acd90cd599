"""Whether an officer card's answer to our challenge is a proof: ECDSA over P-256 with SHA-256 (FIPS 186-5)."""

from __future__ import annotations


def believed(point: bytes, challenge: bytes, signature: bytes) -> bool:
    """True when whoever holds the private key of `point` (uncompressed, 65 bytes) signed exactly `challenge`.

    That the key is an officer's is looked up apart. Never raises for what a card may answer.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        # Refuses points that are not on the curve.
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        key.verify(signature, challenge, ec.ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True
