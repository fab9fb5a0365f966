"""Our signatures and WeChat Pay's, checked both ways against another implementation (PyPI wechatpayv3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from wechatpayv3.utils import build_authorization, load_private_key, rsa_sign, rsa_verify

from kiosk.errors import ConfigError, Forged, Unreachable
from kiosk.remote import Remote, Reply
from kiosk.tenders.wechat.door import Door
from kiosk.tenders.wechat.keys import PlatformKeys
from kiosk.tenders.wechat.signing import Signer, private_key, public_key
from tests.providers.fakes import FixedClock

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = generate_private_key(65537, 2048)
BODY = '{"mchid":"1900000109","描述":"流量"}'


def pem_of(key: RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem() -> str:
    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed(body: str = BODY, at: datetime = NOW, serial: str = "PUB_KEY_ID_1") -> dict[str, str]:
    """The headers of an answer, signed by the other implementation."""
    stamp = str(int(at.timestamp()))
    signature = rsa_sign(load_private_key(pem_of(KEY)), f"{stamp}\nNONCE\n{body}\n")
    return {
        "wechatpay-timestamp": stamp,
        "wechatpay-nonce": "NONCE",
        "wechatpay-serial": serial,
        "wechatpay-signature": signature,
    }


@pytest.fixture
def door() -> Door:
    clock = FixedClock()
    clock.at = NOW
    keys = PlatformKeys({"PUB_KEY_ID_1": public_key(public_pem(), "x")}, None)
    signer = Signer("1900000109", "5157F09E", private_key(pem_of(KEY), "x"))
    return Door(Remote("WeChat Pay", "http://127.0.0.1:1/", 1.0), signer, keys, clock, "/v3/certificates")


@pytest.mark.parametrize("body", ["", BODY])
def test_our_authorization_is_that_of_the_other_implementation(body: str) -> None:
    """The same request, time and nonce give the same header, sign for sign."""
    path = "/v3/global/transactions/out-trade-no/T077?mchid=1900000109"
    theirs = build_authorization(path, "POST", "1900000109", "5157F09E", KEY, data=body, nonce_str="NONCE")
    stamp = re.search(r'timestamp="(\d+)"', theirs)
    assert stamp is not None
    at = datetime.fromtimestamp(int(stamp[1]), UTC)

    ours = Signer("1900000109", "5157F09E", private_key(pem_of(KEY), "x"))

    assert ours.authorization("POST", path, body.encode(), at, "NONCE") == theirs


@pytest.mark.parametrize("body", ["", BODY])
def test_an_answer_signed_by_the_other_implementation_is_believed(door: Door, body: str) -> None:
    """Over the raw body; an empty one (204) is a lone line break."""
    headers = signed(body)

    door.check(Reply("WeChat Pay", 200, httpx.Headers(headers), body.encode()), body.encode())

    assert rsa_verify(headers["wechatpay-timestamp"], "NONCE", body, headers["wechatpay-signature"], KEY.public_key())


@pytest.mark.parametrize(
    ("headers", "kind", "told"),
    [
        ({}, Unreachable, "not signed"),
        (signed() | {"wechatpay-timestamp": "soon"}, Unreachable, "not signed"),
        (signed(serial="PUB_KEY_ID_2"), Forged, "another key"),
        (signed(BODY + " "), Forged, "signature is wrong"),
        (signed() | {"wechatpay-nonce": "OTHER"}, Forged, "signature is wrong"),
        (signed() | {"wechatpay-signature": "%%%"}, Forged, "signature is wrong"),
        (signed(at=NOW - timedelta(minutes=6)), Unreachable, "the kiosk's clock says"),
        (signed(at=NOW + timedelta(minutes=6)), Unreachable, "the kiosk's clock says"),
    ],
)
def test_an_answer_that_is_not_theirs_is_not_believed(
    door: Door, headers: dict[str, str], kind: type[Unreachable], told: str
) -> None:
    """No signature, another key, another body, another time: each is named; somebody else's signature is an alarm."""
    with pytest.raises(Unreachable, match=told) as caught:
        door.check(Reply("WeChat Pay", 200, httpx.Headers(headers), BODY.encode()), BODY.encode())

    assert type(caught.value) is kind


def test_a_key_that_cannot_be_used_is_named_and_not_shown() -> None:
    """The owner reads which key it is; nobody reads the key."""
    elliptic = pem_of(ec.generate_private_key(ec.SECP256R1()))
    for pem in ("rubbish", elliptic, public_pem()):
        with pytest.raises(ConfigError, match=r"tenders\.wechat\.private_key: not an RSA private key") as caught:
            private_key(pem, "config.toml: tenders.wechat.private_key")
        assert pem not in str(caught.value)
    with pytest.raises(ConfigError, match="platform_public_key: not an RSA public key"):
        public_key("rubbish", "config.toml: tenders.wechat.platform_public_key")
