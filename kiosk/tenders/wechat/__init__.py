"""WeChat Pay, version 3: overseas and mainland; by a code that the kiosk shows, or by the code on the customer's phone.

What is documented, what is inferred and what every code comes to: docs/payments.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from msgspec import Meta

from kiosk.errors import ConfigError
from kiosk.ports import Clock
from kiosk.remote import Remote, check_address, is_loopback
from kiosk.tables import Minutes, Seconds, Secret, Table, Text
from kiosk.tenders.wechat.account import Account, Merchant
from kiosk.tenders.wechat.dialects import DIALECTS
from kiosk.tenders.wechat.door import Door
from kiosk.tenders.wechat.keys import PlatformKeys, apiv3_key
from kiosk.tenders.wechat.scanned import ScannedCodes
from kiosk.tenders.wechat.shown import ShownCodes
from kiosk.tenders.wechat.signing import Signer, private_key, public_key

TRAINING_CREDENTIALS = ("1900000109", "wx0000000000training")  # the sandbox's mchid and appid

SHOWS_CODE = "shows_code"
Number = Annotated[str, Meta(pattern="^[0-9]{1,32}$")]


class Settings(Table, frozen=True, kw_only=True):
    """`[tenders.wechat]`. Whom to believe: `platform_public_key` with its id, `api_v3_key`, or all of them."""

    region: Literal["overseas", "mainland"] = "overseas"
    acts: Literal["shows_code", "scans_customer_code"] = "shows_code"
    base_url: Text | None = None
    mchid: Number
    appid: Annotated[str, Meta(pattern="^[0-9A-Za-z]{1,32}$")]
    serial_no: Annotated[str, Meta(pattern="^[0-9A-Za-z]{1,64}$")]
    private_key: Secret
    platform_public_key_id: Text | None = None
    platform_public_key: Secret | None = None
    api_v3_key: Secret | None = None
    notify_url: Annotated[str, Meta(pattern=r"^https://[^?\s]{1,247}$")] | None = None
    merchant_category_code: Annotated[str, Meta(pattern="^[0-9]{4}$")] | None = None
    description: Annotated[str, Meta(min_length=1, max_length=127)] = "Travel data top-up"
    timeout_s: Seconds = 15.0
    code_minutes: Minutes = 5


def is_live(settings: Settings) -> bool:
    return settings.base_url is None or not is_loopback(settings.base_url)


def build(
    settings: Settings,
    *,
    name: str,
    path: str,
    currency: str,
    state_dir: Path,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
) -> Account:
    """See kiosk.tenders. Raises ConfigError."""
    dialect = DIALECTS[settings.region]
    base_url = settings.base_url or dialect.host
    check_address(base_url, f"{path}.base_url")
    _check_needs(settings, path)
    if dialect.currency and currency != dialect.currency:
        raise ConfigError(f"{path}.region: in {settings.region} China it takes {dialect.currency}, not {currency}.")
    signer = Signer(
        settings.mchid,
        settings.serial_no,
        private_key(settings.private_key.read(f"{path}.private_key"), f"{path}.private_key"),
    )
    remote = Remote("WeChat Pay", base_url, settings.timeout_s, transport, clock)
    door = Door(remote, signer, _keys(settings, path), clock, dialect.certificates)
    merchant = Merchant(
        settings.mchid,
        settings.appid,
        settings.description,
        settings.code_minutes,
        settings.merchant_category_code or "",
        settings.notify_url or "",
        live=is_live(settings),
    )
    if settings.acts == SHOWS_CODE:
        return ShownCodes(name=name, merchant=merchant, dialect=dialect, door=door, clock=clock)
    return ScannedCodes(name=name, merchant=merchant, dialect=dialect, door=door, clock=clock)


def _check_needs(settings: Settings, path: str) -> None:
    """What is needed in one region, or for one way to act, and not in the others."""
    if settings.notify_url is None and settings.acts == SHOWS_CODE:
        raise ConfigError(f"{path}.notify_url: is missing; WeChat Pay demands an https address with every code.")
    if settings.merchant_category_code is None and settings.region == "overseas":
        raise ConfigError(f"{path}.merchant_category_code: is missing; overseas, WeChat Pay demands four digits.")


def _keys(settings: Settings, path: str) -> PlatformKeys:
    """Whom to believe. Raises ConfigError."""
    named, pem, secret = settings.platform_public_key_id, settings.platform_public_key, settings.api_v3_key
    if (named is None) != (pem is None) or (named is None and secret is None):
        raise ConfigError(
            f"{path}.platform_public_key: give it with platform_public_key_id, or give api_v3_key: without one of the "
            f"two nobody knows whose answers to believe."
        )
    key_path = f"{path}.platform_public_key"
    public: dict[str, RSAPublicKey] = {named: public_key(pem.read(key_path), key_path)} if named and pem else {}
    return PlatformKeys(public, apiv3_key(secret.read(f"{path}.api_v3_key"), f"{path}.api_v3_key") if secret else None)
