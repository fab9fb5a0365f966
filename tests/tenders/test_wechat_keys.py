"""WeChat Pay's own keys: certificates that come encrypted, change without a word, and are believed for that alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from wechatpayv3.utils import aes_decrypt, load_certificate

from kiosk.errors import ConfigError, Forged
from kiosk.remote import Reply
from kiosk.sandbox.wechat_certificates import SERIALS, certificates, serial_of
from kiosk.sandbox.wechat_keys import APIV3_KEY
from kiosk.tenders.wechat.keys import PlatformKeys, apiv3_key
from tests.tenders.till import opened
from tests.tenders.wechat_rail import WECHAT_MAINLAND
from tests.tenders.wechat_world import World

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def learnt(folder: Path, secret: str = APIV3_KEY, **changed: Any) -> PlatformKeys:
    keys = PlatformKeys({}, secret.encode())
    body = msgspec.json.encode(certificates(folder) | changed)
    keys.learn(Reply("WeChat Pay", 200, httpx.Headers(), body))
    return keys


def test_certificates_are_decrypted_as_the_other_implementation_does(keys: Path) -> None:
    """The sandbox encrypts, and both implementations read the same certificates."""
    ours = learnt(keys)

    for number, entry in enumerate(certificates(keys)["data"]):
        sealed = entry["encrypt_certificate"]
        theirs = load_certificate(
            aes_decrypt(sealed["nonce"], sealed["ciphertext"], sealed["associated_data"], APIV3_KEY)
        )
        found = ours.of(serial_of(number), NOW)
        assert theirs.serial_number == SERIALS[number]
        assert found is not None
        assert found.public_numbers() == theirs.public_key().public_numbers()


def test_a_certificate_that_is_not_valid_now_is_not_believed(keys: Path) -> None:
    """Neither before its time nor after it."""
    found = learnt(keys)

    assert found.of(serial_of(0), NOW) is not None
    assert found.of(serial_of(0), NOW + timedelta(days=36_500)) is None
    assert found.of(serial_of(0), datetime(2019, 12, 31, tzinfo=UTC)) is None


@pytest.mark.parametrize("changed", [{"data": [{"encrypt_certificate": {}}, 7]}, {"data": []}, {"data": None}])
def test_what_is_no_certificate_teaches_nothing(keys: Path, changed: dict[str, Any]) -> None:
    """Nor does it take away what is known."""
    found = learnt(keys)
    found.learn(Reply("WeChat Pay", 200, httpx.Headers(), msgspec.json.encode(changed)))

    assert found.of(serial_of(0), NOW) is not None


def test_a_certificate_for_another_apiv3_key_is_ignored(keys: Path) -> None:
    """Whoever does not know our key is not WeChat Pay."""
    assert learnt(keys, "x" * 32).of(serial_of(0), NOW) is None


def test_an_apiv3_key_of_another_length_is_refused_and_not_shown() -> None:
    """The owner reads what it should be."""
    with pytest.raises(ConfigError, match=r"tenders\.wechat\.api_v3_key: the APIv3 key .* has 32 characters") as caught:
        apiv3_key("hunter2", "config.toml: tenders.wechat.api_v3_key")

    assert "hunter2" not in str(caught.value)


def test_somebody_with_keys_of_their_own_makes_us_fetch_once_a_minute(tmp_path: Path) -> None:
    """However often they answer."""
    world = World(tmp_path)
    (tmp_path / "apiv3").write_text("x" * 32)
    tender = world.built(api_v3_key={"file": str(tmp_path / "apiv3")}, platform_public_key_id="PUB_2")
    fetch, look = "GET /wechat/v3/global/certificates", "GET /wechat/v3/global/transactions/out-trade-no/W"
    world.on(fetch, httpx.Response(200, json={"data": []})).on(look, httpx.Response(200, json={}))

    for _ in range(3):
        with pytest.raises(Forged):
            tender.door.call("GET", "/v3/global/transactions/out-trade-no/W")  # type: ignore[attr-defined]
    fetched = world.rail.count(fetch)
    world.clock.forward(minutes=1)
    with pytest.raises(Forged):
        tender.door.call("GET", "/v3/global/transactions/out-trade-no/W")  # type: ignore[attr-defined]

    assert (fetched, world.rail.count(fetch)) == (1, 2)


def test_certificates_alone_are_enough_to_sell(keys: Path) -> None:
    """Nothing is configured but the APIv3 key: the first answer makes the kiosk fetch them."""
    with opened(keys, WECHAT_MAINLAND) as till:
        till.show()

        assert till.pay()
        assert till.settle().top_ups == 1
        assert till.findings() == []
