"""Our signatures and Alipay's, checked both ways against another implementation (PyPI python-alipay-sdk)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.errors import ConfigError, Forged, Misconfigured, Refused, Unreachable
from kiosk.ports import Pending
from kiosk.tenders.alipay.gateway import to_sign
from kiosk.tenders.rsa_keys import is_signed, private_key, public_key, signature
from tests.tenders.alipay_world import (
    ORDER,
    OURS,
    PAID,
    PRECREATE,
    QUERY,
    REFUND_QUERY,
    THEIRS,
    UNKNOWN,
    WIRE,
    World,
    library,
    no,
    pem_pair,
    said,
    trade,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_library_verifies_what_we_send(world: World) -> None:
    """Every field of a request, Chinese and slashes in it, as the library puts them together."""
    world.on(PRECREATE, UNKNOWN)
    with pytest.raises(Refused):
        world.built(subject="流量/充值").start(ORDER, WIRE)
    sent = world.rail.asked[0]
    fields = {**dict(sent.url.params), **dict(parse_qsl(sent.content.decode()))}
    sign = fields.pop("sign")

    assert library(public=OURS[1])._verify(to_sign(fields).decode(), sign)
    assert library()._sign(to_sign(fields).decode()) == sign
    assert not library(public=OURS[1])._verify(to_sign(fields | {"app_id": "x"}).decode(), sign)


def test_we_verify_what_the_library_signs(world: World) -> None:
    """The rail of these tests signs with the library; the same signature comes of our own key room."""
    world.on(QUERY, trade("TRADE_SUCCESS"))
    text = '{"subject":"流量\\/充值"}'

    assert world.ask() == PAID
    assert signature(private_key(THEIRS[0], ""), text.encode()) == world.rail.signer._sign(text)
    assert is_signed(public_key(THEIRS[1], ""), text.encode(), world.rail.signer._sign(text))


# --- which answers are believed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [trade("TRADE_SUCCESS"), trade("TRADE_CLOSED"), UNKNOWN, no("ACQ.SYSTEM_ERROR")])
def test_an_unsigned_answer_is_no_answer(world: World, reply: httpx.Response) -> None:
    """Whoever sits on the line can neither say "paid" nor "unpaid", and no error is believed either."""
    world.on(QUERY, reply)
    world.rail.signs = False

    with pytest.raises(Unreachable, match="it is not signed") as caught:
        world.ask()
    assert caught.value.sent


@pytest.mark.parametrize("sub_code", ["isv.invalid-signature", "isv.invalid-app-id", "isv.invalid-timestamp"])
def test_what_the_gateway_refuses_unsigned_is_told_to_the_owner(world: World, sub_code: str) -> None:
    """It does not know us: it cannot sign. It says nothing of a payment, so it may be believed."""
    world.on(QUERY, no(sub_code, "40002"))
    world.rail.signs = False

    with pytest.raises(Misconfigured, match=sub_code):
        world.ask()


def test_another_key_is_an_alarm(world: World) -> None:
    """Not an answer, and the owner is told to check the key."""
    world.on(QUERY, trade("TRADE_SUCCESS"))
    world.rail.signer = library(private=pem_pair()[0])

    with pytest.raises(Forged, match="Check alipay_public_key"):
        world.ask()


INNER = f'{{"code":"10000","out_trade_no":"{WIRE}","trade_status":"WAIT_BUYER_PAY"}}'


def body(world: World, **changed: Any) -> str:
    parts = {"node": "alipay_trade_query_response", "inner": INNER, "sign": world.rail.signer._sign(INNER)}
    return '{{"{node}":{inner},"sign":"{sign}"}}'.format(**parts | changed)


def test_the_text_is_cut_out_as_it_stands(world: World) -> None:
    """White space, order of names, escapes: whatever the rail signs. Written anew, it would not verify."""
    inner = f'{{ "trade_status" : "WAIT\\u005fBUYER_PAY","out_trade_no":"{WIRE}" ,"code":"10000"}}'
    sign = world.rail.signer._sign(inner)
    shapes = [
        f'{{"alipay_trade_query_response":{inner},"sign":"{sign}"}}',
        f'\n{{ "sign" : "{sign}" , "alipay_cert_sn":"x", "alipay_trade_query_response" :\t{inner} }}\n',
        f'{{"error_response":{inner},"sign":"{sign.replace("/", chr(92) + "/")}"}}',
    ]
    world.on(QUERY, *(httpx.Response(200, text=shape) for shape in shapes))

    assert [world.ask() for _ in shapes] == [Pending(said="WAIT_BUYER_PAY")] * 3


def test_what_stands_twice_or_elsewhere_is_not_believed(world: World) -> None:
    """The signed text is the one that is read, and there is only one."""
    right = body(world)
    forged = INNER.replace("WAIT_BUYER_PAY", "TRADE_SUCCESS")
    bodies = [
        right.replace('{"alipay', f'{{"alipay_trade_query_response":{forged},"alipay', 1),
        right[:-1] + f',"alipay_trade_query_response":{forged}}}',
        body(world, node="alipay_trade_refund_response"),
        body(world, inner='"text"', sign=world.rail.signer._sign('"text"')),
        right[:-1],
        right + "x",
        "[]",
        "{}",
        "",
        "{" * 100_000,
    ]
    believed = []
    for text in bodies:
        world.on(QUERY, httpx.Response(200, text=text))
        with suppress(Unreachable):
            believed.append((text[:80], world.ask()))

    assert believed == []
    world.on(QUERY, httpx.Response(200, text=body(world, inner=forged)))
    with pytest.raises(Forged):
        world.ask()


def test_an_answer_to_another_question_is_none(world: World) -> None:
    """A signed refund is no trade."""
    world.on(QUERY, httpx.Response(200, text=body(world, node="alipay_trade_fastpay_refund_query_response")))
    world.on(REFUND_QUERY, said())

    with pytest.raises(Unreachable, match="about something else"):
        world.ask()


# --- keys --------------------------------------------------------------------------------------------------------


def bare(pem: str) -> str:
    """As Ant's tools hand keys out: base64 without the lines of a PEM file."""
    return "".join(line for line in pem.splitlines() if "-----" not in line)


def test_keys_are_read_with_and_without_the_lines_of_pem() -> None:
    """PKCS#8 and PKCS#1, in one line or in many."""
    ours, theirs = private_key(OURS[0], ""), public_key(THEIRS[1], "")
    old = ours.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    wrapped = b64encode(b64decode(bare(OURS[0]))).decode()

    for text in (bare(OURS[0]), old, bare(old), f"{wrapped[:64]}\n{wrapped[64:]}\n"):
        assert private_key(text, "").private_numbers() == ours.private_numbers()
    assert public_key(bare(THEIRS[1]), "").public_numbers() == theirs.public_numbers()


def test_what_is_no_key_is_refused_without_being_shown() -> None:
    """The path, and never the text."""
    curve = ec.generate_private_key(ec.SECP256R1())
    elliptic = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    for read in (private_key, public_key):
        for text in ("s3cret", "s3cr", "-----BEGIN s3cret-----", elliptic):
            with pytest.raises(ConfigError, match=r"^tenders\.alipay\.private_key: not an RSA") as caught:
                read(text, "tenders.alipay.private_key")
            assert "s3cr" not in str(caught.value)
