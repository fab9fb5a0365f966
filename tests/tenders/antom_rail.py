"""Antom before its sandbox, as the contract asks for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.money import Money
from kiosk.sandbox.antom_facts import CLIENT_ID
from kiosk.sandbox.wechat_keys import training_keys
from tests.tenders.alipay_rail import Phone
from tests.tenders.rail import CANCEL, Can, CodeRail, Payment

if TYPE_CHECKING:
    from tests.tenders.till import Till

TABLE = """
[tenders.{name}]
kind = "antom"
base_url = "{url}/antom"
client_id = "{client_id}"
private_key = {{ file = "{keys.merchant_private}" }}
antom_public_key = {{ file = "{keys.platform_public}" }}
notify_url = "https://example.com/antom"
merchant_id = "M1"
merchant_name = "US data SIM top-up"
merchant_category_code = "4814"
store_id = "S1"
store_name = "Arrivals hall, desk 7"
timeout_s = 5
"""


class Antom(CodeRail):
    """Order Code."""

    name, remote = "alipay", "antom"
    calls = {  # noqa: RUF012 - nobody changes it
        "start": "POST payments/pay",
        "look": "POST payments/inquiryPayment",
        "close": "POST payments/cancel",
        "refund": "POST payments/refund",
        "look_at_refund": "POST payments/inquiryRefund",
    }
    refused = "PARAM_ILLEGAL"
    not_now = "REQUEST_TRAFFIC_EXCEED_LIMIT"
    misconfigured = "KEY_NOT_FOUND"
    ten_minutes = "code_minutes = 10\n"
    can = frozenset({Can.CODE, Can.TELLS_TIME, Can.FORGED, Can.COUPON, Can.CANCEL_GIVES_BACK})

    def table(self, folder: Path, url: str) -> str:
        return TABLE.format(name=self.name, url=url, client_id=CLIENT_ID, keys=training_keys(folder))

    def payments(self, till: Till) -> list[Payment]:
        now, refunds = till.clock.now().timestamp(), self.read(till, "antom/refunds")
        found = []
        for row in self.read(till, "antom/payments"):
            back = [each for each in refunds if each["payment"] == row["id"] and not each["fails"]]
            done = [each for each in back if each["done_at"] <= now]
            assert all(each["amount"] == row["amount"] for each in back)
            found.append(
                Payment(
                    reference=row["request_id"],
                    total=Money(row["amount"], row["currency"]),
                    paid=row["paid_at"] is not None,
                    payable=row["state"] == "PROCESSING",
                    taken=row["state"] == "SUCCESS",
                    back=tuple(CANCEL if each["by"] == "cancel" else each["request_id"] for each in done),
                    back_under_way=len(done) < len(back),
                )
            )
        return found

    def spoil(self, till: Till, *, less_minor: int = 0, currency: str = "", paid: bool = False) -> None:
        connection, now = sqlite3.connect(till.world.folder / "sandbox.db"), till.clock.now()
        with connection:
            connection.execute("UPDATE antom_payments SET amount = amount - ?", [less_minor])
            connection.execute("UPDATE antom_payments SET currency = ? WHERE ? != ''", [currency, currency])
            if paid:
                connection.execute("UPDATE antom_payments SET state = 'SUCCESS', paid_at = ?", [now.timestamp()])
        connection.close()


class Scanning(Phone, Antom):
    """The payment code on the customer's phone."""

    name = "alipay_scan"
    calls = {"charge": "POST payments/pay"} | {call: at for call, at in Antom.calls.items() if call != "start"}
    can = Antom.can - {Can.CODE}

    def table(self, folder: Path, url: str) -> str:
        return super().table(folder, url) + 'acts = "scans_customer_code"\n'


ANTOM, ANTOM_SCAN = Antom(), Scanning()
