"""WeChat Pay's signatures, version 3: ours on every request, theirs on every answer. Pure; sends nothing.

Source: pay.weixin.qq.com, `wechatpay4_0.shtml` and `wechatpay4_1.shtml`. SHA256 with RSA (PKCS#1 v1.5), in base64. An
answer that is not signed by the configured key is no answer, whatever its status. Keys never reach a message.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from kiosk.errors import ConfigError

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW_MAX = timedelta(minutes=5)


def private_key(pem: str, path: str) -> RSAPrivateKey:
    """The merchant's private key. `path` is the key's path for the message. Raises ConfigError."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(f"{path}: not an RSA private key in PEM without a password (apiclient_key.pem).")
    return key


def public_key(pem: str, path: str) -> RSAPublicKey:
    """WeChat Pay's public key. `path` is the key's path for the message. Raises ConfigError."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise ConfigError(f"{path}: not an RSA public key in PEM (pub_key.pem).")
    return key


class Signer:
    """Signs what the merchant sends. `path` is the path with its query exactly as it goes over the wire."""

    def __init__(self, mchid: str, serial_no: str, key: RSAPrivateKey) -> None:
        self._mchid, self._serial_no, self._key = mchid, serial_no, key

    def authorization(self, method: str, path: str, body: bytes, at: datetime, nonce: str) -> str:
        """The Authorization header of one request."""
        stamp = str(int(at.timestamp()))
        message = f"{method}\n{path}\n{stamp}\n{nonce}\n".encode() + body + b"\n"
        signature = b64encode(self._key.sign(message, PKCS1v15(), SHA256())).decode()
        return (
            f'{SCHEME} mchid="{self._mchid}",nonce_str="{nonce}",signature="{signature}",'
            f'timestamp="{stamp}",serial_no="{self._serial_no}"'
        )


def signed_by(key: RSAPublicKey, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the signature of these headers is one of `key` over their time, their nonce and the raw body."""
    stamp, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    try:
        signature = b64decode(headers.get("wechatpay-signature", ""), validate=True)
        key.verify(signature, f"{stamp}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def told_at(headers: Mapping[str, str]) -> datetime | None:
    """The rail's own clock, from the header that it signs."""
    stamp = headers.get("wechatpay-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return None
    return datetime.fromtimestamp(int(stamp), UTC)
