"""Alipay of the mainland before its sandbox, as the contract asks for it: a shop in yuan."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from kiosk.money import Money
from kiosk.sandbox.alipay_facts import APP_ID
from kiosk.sandbox.wechat_keys import training_keys
from tests.sandbox.conftest import PLAIN
from tests.tenders.rail import CANCEL, Can, CodeRail, Payment, ScanRail

if TYPE_CHECKING:
    from tests.tenders.till import Till

TABLE = """
[prices.fixed]
change-30days-10gb-topup = "168.00"

[tenders.{name}]
kind = "alipay"
base_url = "{url}/alipay"
app_id = "{app_id}"
private_key = {{ file = "{keys.merchant_private}" }}
alipay_public_key = {{ file = "{keys.platform_public}" }}
timeout_s = 5
"""
SCAN = """INSERT OR IGNORE INTO alipay_trades (out_trade_no, subject, total, coupon, by_code, made_at, expires_at)
          SELECT out_trade_no, subject, total, coupon, 0, made_at, dies_at FROM alipay_codes"""


class Alipay(CodeRail):
    """The customer scans at once, which makes the trade. A code that nobody scans: test_alipay_sandbox.py."""

    name = remote = "alipay"
    kiosk = 'currency = "CNY"\n'
    calls = {  # noqa: RUF012 - nobody changes it
        "start": "* alipay.trade.precreate",
        "look": "* alipay.trade.query",
        "close": "* alipay.trade.c*",
        "refund": "* alipay.trade.refund",
        "look_at_refund": "* alipay.trade.fastpay.refund.query",
    }
    refused = "ACQ.TOTAL_FEE_EXCEED"
    not_now = "isv.app-call-limited"
    misconfigured = "isv.invalid-app-id"
    ten_minutes = "code_minutes = 10\n"
    can = frozenset({Can.CODE, Can.FORGED, Can.COUPON, Can.CANCEL_GIVES_BACK})

    def table(self, folder: Path, url: str) -> str:
        return TABLE.format(name=self.name, url=url, app_id=APP_ID, keys=training_keys(folder))

    def present(self, till: Till) -> None:
        if till.order.code:
            httpx.get(till.order.code, verify=PLAIN)

    def payments(self, till: Till) -> list[Payment]:
        refunds = self.read(till, "alipay/refunds")
        found = [_payment(row, refunds, till) for row in self.read(till, "alipay/trades")]
        scanned, now = {payment.reference for payment in found}, till.clock.now().timestamp()
        for row in self.read(till, "alipay/codes"):
            if row["out_trade_no"] not in scanned:
                total, payable = Money(row["total"], "CNY"), now < row["dies_at"]
                found.append(Payment(row["out_trade_no"], total, paid=False, payable=payable, taken=False, back=()))
        return found

    def spoil(self, till: Till, *, less_minor: int = 0, currency: str = "", paid: bool = False) -> None:
        connection, now = sqlite3.connect(till.world.folder / "sandbox.db"), till.clock.now()
        with connection:
            connection.execute(SCAN)
            connection.execute("UPDATE alipay_trades SET total = total - ?", [less_minor])
            connection.execute("UPDATE alipay_trades SET currency = ? WHERE ? != ''", [currency, currency])
            if paid:
                connection.execute("UPDATE alipay_trades SET state = 'TRADE_SUCCESS', paid_at = ?", [now.timestamp()])
        connection.close()


def _payment(row: dict[str, object], refunds: list[dict[str, object]], till: Till) -> Payment:
    now = till.clock.now().timestamp()
    back = [refund for refund in refunds if refund["out_trade_no"] == row["out_trade_no"]]
    assert all(refund["refund"] == row["total"] for refund in back)
    done = [refund for refund in back if float(str(refund["done_at"])) <= now]
    return Payment(
        reference=str(row["out_trade_no"]),
        total=Money(int(str(row["total"])), str(row["currency"])),
        paid=row["paid_at"] is not None,
        payable=row["state"] == "WAIT_BUYER_PAY",
        taken=row["state"] == "TRADE_SUCCESS",
        back=tuple(CANCEL if refund["by"] == "cancel" else str(refund["out_request_no"]) for refund in done),
        back_under_way=len(done) < len(back),
    )


class Phone(ScanRail):
    """Alipay's app on a phone, whichever gateway charges its code."""

    wallet = "alipay"
    code_form = r"28\d{16}"


class Scanning(Phone, Alipay):
    """The payment code on the customer's phone."""

    name = "alipay_scan"
    calls = {  # noqa: RUF012 - nobody changes it
        "charge": "* alipay.trade.pay",
        "look": "* alipay.trade.query",
        "close": "* alipay.trade.cancel",
        "refund": "* alipay.trade.refund",
        "look_at_refund": "* alipay.trade.fastpay.refund.query",
    }
    can = frozenset({Can.FORGED, Can.COUPON, Can.CANCEL_GIVES_BACK})

    def table(self, folder: Path, url: str) -> str:
        return super().table(folder, url) + 'acts = "scans_customer_code"\n'

    def present(self, till: Till) -> None:
        ScanRail.present(self, till)


ALIPAY, ALIPAY_SCAN = Alipay(), Scanning()
