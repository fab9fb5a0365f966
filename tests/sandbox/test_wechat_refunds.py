"""Refunds of the stand-in of WeChat Pay: accepted is not back, and one number is one refund."""

from __future__ import annotations

import httpx

from tests.sandbox.merchant import Merchant, error, pay


def test_a_refund_is_accepted_then_processing_then_done(http: httpx.Client, merchant: Merchant) -> None:
    """Accepted says no status overseas; the second look finds it done; the order shows REFUND."""
    pay(http, merchant)

    accepted = merchant.refund().json()
    first, second = merchant.look_at_refund().json(), merchant.look_at_refund().json()

    assert "status" not in accepted
    assert (first["status"], second["status"]) == ("PROCESSING", "SUCCESS")
    assert accepted["id"] == second["id"]
    assert second["transaction_id"] == merchant.look().json()["id"]
    assert merchant.look().json()["trade_state"] == "REFUND"


def test_a_refund_is_made_once_for_each_number(http: httpx.Client, merchant: Merchant) -> None:
    """The same again is the same refund; other amounts, and more than was paid, are refused."""
    pay(http, merchant)

    ids = {merchant.refund(2000).json()["id"] for _ in range(2)}

    assert len(ids) == len(http.get("/_books/wechat/refunds").json()) == 1
    assert error(merchant.refund(1000)) == (400, "INVALID_REQUEST")
    assert error(merchant.refund(601, "K077Q3F9XKD2MWBR2")) == (400, "INVALID_REQUEST")
    assert error(merchant.refund(600, "K077Q3F9XKD2MWBR2", total=600)) == (400, "PARAM_ERROR")
    assert merchant.refund(600, "K077Q3F9XKD2MWBR2").status_code == 200


def test_what_is_not_paid_or_not_known_cannot_be_refunded(merchant: Merchant) -> None:
    """An unknown order and refund are 404, an unpaid order is refused."""
    unknown = merchant.refund()
    merchant.order()

    assert error(unknown) == (404, "RESOURCE_NOT_EXISTS")
    assert error(merchant.refund()) == (400, "INVALID_REQUEST")
    assert error(merchant.look_at_refund()) == (404, "RESOURCE_NOT_EXISTS")
    assert error(merchant.look("K0700000000000AP1")) == (404, "ORDER_NOT_EXIST")
