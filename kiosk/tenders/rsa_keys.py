"""RSA keys of a rail's two sides, and SHA256 with RSA (PKCS#1 v1.5) in base64. Pure. Keys never reach a message.

Ant's tools hand keys out as bare base64 of DER without the lines of a PEM file; both are read.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from functools import cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from kiosk.errors import ConfigError


def private_key(text: str, path: str) -> RSAPrivateKey:
    """Ours. `path` is the key's path for the message. Raises ConfigError."""
    key = _private(text)
    if key is None:
        raise ConfigError(f"{path}: not an RSA private key without a password, in PEM or in bare base64.")
    return key


@cache  # reading one checks its primes, which takes a while; a wallet in two ways has the same key in two tables
def _private(text: str) -> RSAPrivateKey | None:
    try:
        if "-----" in text:
            key = load_pem_private_key(text.encode(), password=None)
        else:
            key = load_der_private_key(_der(text), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPrivateKey) else None


def public_key(text: str, path: str) -> RSAPublicKey:
    """The rail's. `path` is the key's path for the message. Raises ConfigError."""
    try:
        key = load_pem_public_key(text.encode()) if "-----" in text else load_der_public_key(_der(text))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise ConfigError(f"{path}: not an RSA public key, in PEM or in bare base64.")
    return key


def _der(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except NotBase64:
        raise ValueError("not base64") from None


def signature(key: RSAPrivateKey, message: bytes) -> str:
    return b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, message: bytes, signed: str) -> bool:
    """Whether `signed` (base64) is one of this key over exactly this message."""
    try:
        key.verify(b64decode(signed, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
