"""The platform certificates of the training WeChat Pay, as merchants fetch them: encrypted with their APIv3 key.

There are always two, the present one and the next, as in the day before a change. Made on first use, kept beside the
books; nothing that they sign is worth anything.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, CertificateBuilder, Name, NameAttribute
from cryptography.x509.oid import NameOID

from kiosk.sandbox.wechat_keys import APIV3_KEY, load_private, private_keys

SERIALS = (0x5157F09EFDC096DE15EBE81A47057A7232F1B8E2, 0x50062CE505775F070CAB06E697F1BBD1AD4F4D87)
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
NAMES = ("platform_present", "platform_next")


def serial_of(number: int) -> str:
    """The serial number as WeChat Pay writes it."""
    return f"{SERIALS[number]:X}"


def certificate_keys(folder: Path) -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """The present key and the next one."""
    present, following = (load_private(path) for path in private_keys(folder, NAMES))
    return present, following


def certificates(folder: Path) -> dict[str, Any]:
    """The answer to who asks for them."""
    keys = certificate_keys(folder)
    return {"data": [_sealed(number, _certificate(number, key)) for number, key in enumerate(keys)]}


def _certificate(number: int, key: rsa.RSAPrivateKey) -> Certificate:
    who = Name([NameAttribute(NameOID.COMMON_NAME, "Training platform certificate")])
    made = CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
    made = made.serial_number(SERIALS[number]).not_valid_before(FROM).not_valid_after(UNTIL)
    return made.sign(key, SHA256())


def _sealed(number: int, certificate: Certificate) -> dict[str, Any]:
    nonce, bound = secrets.token_hex(6), "certificate"
    text = AESGCM(APIV3_KEY.encode()).encrypt(nonce.encode(), certificate.public_bytes(Encoding.PEM), bound.encode())
    return {
        "serial_no": serial_of(number),
        "effective_time": FROM.isoformat(),
        "expire_time": UNTIL.isoformat(),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": bound,
            "ciphertext": b64encode(text).decode(),
        },
    }
