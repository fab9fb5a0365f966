"""The training keys of merchant and platform, and the two signatures of WeChat Pay version 3.

The keys are made on first use and kept beside the books as PEM files, for their owner's eyes only. They are for
training: nothing that they sign is worth anything.
"""

from __future__ import annotations

import os
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

MCHID = "1900000109"
APPID = "wx0000000000training"
MERCHANT_SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
PLATFORM_KEY_ID = "PUB_KEY_ID_0119000001092026112200000000000000"
APIV3_KEY = "training-apiv3-key-0123456789012"
"""The merchant's, of 32 characters: with it platform certificates are encrypted."""
SCHEME = "WECHATPAY2-SHA256-RSA2048"
HALVES = ("private", "public")


@dataclass(frozen=True, slots=True)
class TrainingKeys:
    """Where the files are. The kiosk needs `merchant_private`, and `platform_public` or `api_v3_key`."""

    merchant_private: Path
    merchant_public: Path
    platform_private: Path
    platform_public: Path
    api_v3_key: Path


def training_keys(folder: Path) -> TrainingKeys:
    """The training keys in `folder`, made where they are absent. Two processes may do it at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {f"{whose}_{half}": folder / f"{whose}_{half}.pem" for whose in ("merchant", "platform") for half in HALVES}
    private_keys(folder, ("merchant_private", "platform_private"))
    for whose in ("merchant", "platform"):
        private, public = (paths[f"{whose}_{half}"] for half in HALVES)
        if not public.exists():
            half = load_private(private).public_key()
            _place(public, half.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    secret = folder / "wechat_api_v3_key"
    if not secret.exists():
        _place(secret, APIV3_KEY.encode())
    return TrainingKeys(**paths, api_v3_key=secret)


def private_keys(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Private keys of these names in `folder`, made where they are absent."""
    paths = [folder / f"{name}.pem" for name in names]
    for path in paths:
        if not path.exists():
            made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            _place(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def _place(path: Path, pem: bytes) -> None:
    """Put a whole file there, unless another process was faster: then its file stands."""
    whole = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(whole, path)
    except FileExistsError:
        pass
    finally:
        whole.unlink()


def load_private(path: Path) -> rsa.RSAPrivateKey:
    # Checking the primes takes longer than everything else that the sandbox does, and we made them ourselves.
    key = load_pem_private_key(path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey), "only training_keys writes this file"
    return key


def load_public(path: Path) -> rsa.RSAPublicKey:
    key = load_pem_public_key(path.read_bytes())
    assert isinstance(key, rsa.RSAPublicKey), "only training_keys writes this file"
    return key


def authorization_of(header: str) -> dict[str, str]:
    """The fields of an Authorization header of this scheme; empty where it is another one."""
    scheme, _, fields = header.partition(" ")
    return dict(re.findall(r'(\w+)="([^"]*)"', fields)) if scheme == SCHEME else {}


def verifies(key: rsa.RSAPublicKey, signature: str, *lines: bytes) -> bool:
    """Whether `signature` (base64) is one of `key` over the lines, each ended by a newline."""
    try:
        key.verify(b64decode(signature, validate=True), b"".join(line + b"\n" for line in lines), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_headers(key: rsa.RSAPrivateKey, now: float, body: bytes, serial: str = PLATFORM_KEY_ID) -> dict[str, str]:
    """The headers that sign an answer: over its time, its nonce and its raw body. `serial` names the key."""
    timestamp, nonce = str(int(now)), secrets.token_hex(16)
    text = b"".join(line + b"\n" for line in (timestamp.encode(), nonce.encode(), body))
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": b64encode(key.sign(text, PKCS1v15(), SHA256())).decode(),
        "Wechatpay-Signature-Type": SCHEME,
        "Wechatpay-Serial": serial,
    }
