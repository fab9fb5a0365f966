"""Alipay as the simulation has to know it, through Antom and in the mainland: its calls, and its books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.money import Money
from kiosk.simulation.payments import Payment
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.wechat_vendor import keys_in

Rows = Sequence[Mapping[str, Any]]
ANTOM_CALLS = (
    ("*/payments/pay", "start"),
    ("*/payments/cancel", "cancel"),
    ("*/payments/refund", "refund"),
)
ANTOM_CODES = ("PARAM_ILLEGAL", "ACCESS_DENIED")
ALIPAY_CALLS = (
    ("*.trade.precreate", "start"),
    ("*.trade.pay", "charge"),
    ("*.trade.close", "cancel"),
    ("*.trade.cancel", "cancel"),
    ("*.trade.refund", "refund"),
)
ALIPAY_CODES = ("ACQ.INVALID_PARAMETER", "ACQ.ACCESS_FORBIDDEN")


def antom_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    from kiosk.sandbox.antom_facts import CLIENT_ID

    keys = keys_in(folder)
    return {
        "kind": "antom",
        "base_url": "http://127.0.0.1/antom",
        "client_id": CLIENT_ID,
        "private_key": {"file": str(keys.merchant_private)},
        "antom_public_key": {"file": str(keys.platform_public)},
        "notify_url": "https://example.com/antom",
        "merchant_id": "M1",
        "merchant_name": "Shop",
        "merchant_category_code": "4814",
        "store_id": "S1",
        "store_name": "Desk 7",
    }


def antom_scan_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    return antom_table(folder) | {"acts": "scans_customer_code"}


def antom_payment(wire: str, books: Sequence[Rows]) -> Payment | None:
    """See `adapted_rails.RailVendor`."""
    payments, refunds = books
    row = next((row for row in payments if row["request_id"] == wire), None)
    if row is None:
        return None
    found = Payment(_at(row["expires_at"]), closed=row["state"] in ("FAIL", "CANCELLED"))
    found.paid = Money(row["amount"], row["currency"]) if row["paid_at"] is not None else None
    for refund in (refund for refund in refunds if refund["payment"] == row["id"]):
        _went_back(found, refund["by"], refund["request_id"], _at(refund["made_at"]))
    return found


def alipay_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    from kiosk.sandbox.alipay_facts import APP_ID

    keys = keys_in(folder)
    return {
        "kind": "alipay",
        "base_url": "http://127.0.0.1/alipay",
        "app_id": APP_ID,
        "private_key": {"file": str(keys.merchant_private)},
        "alipay_public_key": {"file": str(keys.platform_public)},
    }


def alipay_scan_table(folder: Path) -> dict[str, Any]:
    """See `adapted_rails.RailVendor`."""
    return alipay_table(folder) | {"acts": "scans_customer_code"}


def alipay_payment(wire: str, books: Sequence[Rows]) -> Payment | None:
    """See `adapted_rails.RailVendor`. A code that nobody has scanned is no trade, and can be paid all the same."""
    trades, refunds, codes = books
    row = next((row for row in trades if row["out_trade_no"] == wire), None)
    if row is None:
        lives = [row["dies_at"] for row in codes if row["out_trade_no"] == wire]
        return Payment(_at(max(lives))) if lives else None
    found = Payment(_at(row["expires_at"]), closed=row["state"] == "TRADE_CLOSED")
    found.paid = Money(row["total"], PRICE.currency) if row["paid_at"] is not None else None
    for refund in (refund for refund in refunds if refund["out_trade_no"] == wire):
        _went_back(found, refund["by"], refund["out_request_no"], _at(refund["made_at"]))
    return found


def _went_back(payment: Payment, by: str, number: str, at: datetime) -> None:
    """By our refund, or by the rail's own cancel."""
    if by == "cancel":
        payment.back.append("rail")
    else:
        payment.wanted_back[number] = at
        payment.back.append(number)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
