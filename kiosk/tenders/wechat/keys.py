"""WeChat Pay's own keys: the public key of the owner's table, and the platform certificates that change by themselves.

A certificate is believed because only WeChat Pay and the owner know the APIv3 key that it is encrypted with (AES-256
in GCM). Source: pay.weixin.qq.com, `wechatpay5_1.shtml`. It must never believe a key for coming with an answer.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509 import Certificate, load_pem_x509_certificate

from kiosk.errors import ConfigError
from kiosk.remote import Reply

APIV3_KEY_BYTES = 32


def apiv3_key(text: str, path: str) -> bytes:
    """The key that the owner has set in the merchant portal. Raises ConfigError."""
    key = text.encode()
    if len(key) != APIV3_KEY_BYTES:
        raise ConfigError(f"{path}: the APIv3 key of the merchant portal has {APIV3_KEY_BYTES} characters.")
    return key


class PlatformKeys:
    """The keys that WeChat Pay may sign with, by the id or serial number that its answers name."""

    def __init__(self, public: Mapping[str, RSAPublicKey], secret: bytes | None) -> None:
        self._public, self._secret = dict(public), secret
        self._certificates: dict[str, Certificate] = {}

    @property
    def named(self) -> str:
        """The id of the public key that answers should be signed with; empty where certificates are used."""
        return next(iter(self._public), "")

    @property
    def renewable(self) -> bool:
        """Whether keys that are not known yet can be fetched."""
        return self._secret is not None

    def of(self, serial: str, now: datetime) -> RSAPublicKey | None:
        """The key of this id or serial number; None where it is not known, or its certificate is not valid now."""
        if serial in self._public:
            return self._public[serial]
        found = self._certificates.get(serial)
        if found is None or not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
            return None
        key = found.public_key()
        return key if isinstance(key, RSAPublicKey) else None

    def learn(self, reply: Reply) -> None:
        """The certificates of an answer to the call for them. Those that are not encrypted with our key are ignored."""
        entries = reply.record().get("data")
        fresh = [_decrypted(entry, self._secret) for entry in entries if isinstance(entry, dict)] if entries else []
        self._certificates = {f"{each.serial_number:X}": each for each in fresh if each} or self._certificates


def _decrypted(entry: Mapping[str, Any], secret: bytes | None) -> Certificate | None:
    sealed = entry.get("encrypt_certificate")
    if not isinstance(sealed, dict) or secret is None:
        return None
    nonce, bound, text = (str(sealed.get(key, "")) for key in ("nonce", "associated_data", "ciphertext"))
    try:
        pem = AESGCM(secret).decrypt(nonce.encode(), b64decode(text, validate=True), bound.encode())
        return load_pem_x509_certificate(pem)
    except (InvalidTag, ValueError):
        return None
