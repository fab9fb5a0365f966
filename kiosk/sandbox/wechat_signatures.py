"""Which key the training WeChat Pay signs an answer with: its public key, a platform certificate, or somebody else's.

A merchant who names the public key in `Wechatpay-Serial` gets it; who names nothing gets the present certificate.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.wrappers import Request, Response

from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.wechat_certificates import certificate_keys, serial_of
from kiosk.sandbox.wechat_keys import PLATFORM_KEY_ID, load_private, load_public, signed_headers, training_keys

STATEMENT = "Wechatpay-Statement-Sha1"
UNSIGNED = "Training-Unsigned"
"""A mark for what the real one does not sign; it does not go out."""


class Signatures:
    """`folder` is where the keys are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def merchant(self) -> rsa.RSAPublicKey:
        return load_public(training_keys(self._folder).merchant_public)

    @cached_property
    def _public(self) -> rsa.RSAPrivateKey:
        return load_private(training_keys(self._folder).platform_private)

    @cached_property
    def _certified(self) -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
        return certificate_keys(self._folder)

    @cached_property
    def _stranger(self) -> rsa.RSAPrivateKey:
        """Somebody who stands on the line."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self, response: Response, request: Request, knobs: Knobs, now: float) -> Response:
        """The same answer, signed. Of a bill its hash is signed; the mainland's bill is not signed at all."""
        if response.headers.pop(UNSIGNED, None):
            return response
        told = response.headers.get(STATEMENT)
        body = f'{{"sha1":"{told}"}}'.encode() if told else response.get_data()
        named = request.headers.get("Wechatpay-Serial") == PLATFORM_KEY_ID
        if knobs.get("rotated"):
            key, serial = self._certified[1], serial_of(1)
        else:
            key, serial = (self._public, PLATFORM_KEY_ID) if named else (self._certified[0], serial_of(0))
        if knobs.get("forged"):
            key = self._stranger
        response.headers.extend(signed_headers(key, now, body, serial))
        return response


def sha1(text: bytes) -> str:
    return hashlib.sha1(text, usedforsecurity=False).hexdigest()
