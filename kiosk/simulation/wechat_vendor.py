"""WeChat Pay as the simulation has to know it: its keys, its calls, and its books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kiosk.money import Money
from kiosk.simulation.payments import Payment

if TYPE_CHECKING:
    from kiosk.sandbox.wechat_keys import TrainingKeys

Rows = Sequence[Mapping[str, Any]]
WECHAT_PATHS = (
    ("POST */native", "start"),
    ("POST */micropay/transactions/pay", "charge"),
    ("POST */close", "cancel"),
    ("POST */reverse", "cancel"),
    ("POST */refunds", "refund"),
)
WECHAT_CODES = ("PARAM_ERROR", "NO_AUTH")


@cache
def _keys() -> dict[str, bytes]:
    """Training keys, made once in a process: each day has a folder of its own."""
    from kiosk.sandbox.wechat_keys import training_keys

    with TemporaryDirectory() as folder:
        training_keys(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def keys_in(folder: Path) -> TrainingKeys:
    """The same training keys in every day's folder."""
    from kiosk.sandbox.wechat_keys import training_keys

    for name, text in _keys().items():
        (folder / name).write_bytes(text)
    return training_keys(folder)


def wechat_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID

    keys = keys_in(folder)
    return {
        "base_url": "http://127.0.0.1/wechat",
        "mchid": MCHID,
        "appid": APPID,
        "serial_no": MERCHANT_SERIAL,
        "private_key": {"file": str(keys.merchant_private)},
        "platform_public_key_id": PLATFORM_KEY_ID,
        "platform_public_key": {"file": str(keys.platform_public)},
        "notify_url": "https://example.com/wechat",
        "merchant_category_code": "4814",
    }


def wechat_scan_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    return wechat_table(folder) | {"kind": "wechat", "acts": "scans_customer_code"}


def wechat_payment(wire: str, books: Sequence[Rows]) -> Payment | None:
    """See `adapted_rails.RailVendor`."""
    payments, refunds = books
    row = next((row for row in payments if row["out_trade_no"] == wire), None)
    if row is None:
        return None
    found = Payment(_at(row["expires_at"]), closed=row["state"] not in ("NOTPAY", "USERPAYING", "SUCCESS"))
    found.paid = Money(row["total"], row["currency"]) if row["paid_at"] is not None else None
    if found.paid and row["state"] == "REVOKED":
        found.back.append("rail")
    for refund in (refund for refund in refunds if refund["out_trade_no"] == wire):
        name = refund["out_refund_no"]
        found.wanted_back[name] = _at(refund["created_at"])
        if refund["fails"]:
            found.failed.add(name)
        elif refund["done_at"] is not None:
            found.back.append(name)
    return found


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
