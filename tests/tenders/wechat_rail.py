"""WeChat Pay before its sandbox, as the contract asks for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.money import Money
from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys
from tests.tenders.rail import Can, CodeRail, Payment

if TYPE_CHECKING:
    from tests.tenders.till import Till

TABLE = """
[tenders.wechat]
base_url = "{url}/wechat"
mchid = "{mchid}"
appid = "{appid}"
serial_no = "{serial_no}"
private_key = {{ file = "{keys.merchant_private}" }}
platform_public_key_id = "{key_id}"
platform_public_key = {{ file = "{keys.platform_public}" }}
notify_url = "https://example.com/wechat"
merchant_category_code = "4814"
timeout_s = 5
"""


class Wechat(CodeRail):
    """Native, version 3, overseas."""

    name = remote = "wechat"
    calls = {  # noqa: RUF012 - nobody changes it
        "start": "POST */native",
        "look": "GET */out-trade-no/*",
        "close": "POST */close",
        "refund": "POST *refunds",
        "look_at_refund": "GET *refunds/*",
    }
    refused = "PARAM_ERROR"
    not_now = "FREQUENCY_LIMITED"
    misconfigured = "MCH_NOT_EXISTS"
    ten_minutes = "code_minutes = 10\n"
    can = frozenset({Can.CODE, Can.TELLS_TIME, Can.FORGED, Can.COUPON})

    def table(self, folder: Path, url: str) -> str:
        return TABLE.format(
            url=url,
            mchid=MCHID,
            appid=APPID,
            serial_no=MERCHANT_SERIAL,
            key_id=PLATFORM_KEY_ID,
            keys=training_keys(folder),
        )

    def payments(self, till: Till) -> list[Payment]:
        now, refunds = till.clock.now().timestamp(), self.read(till, "wechat/refunds")
        found = []
        for row in self.read(till, "wechat/payments"):
            back = [refund for refund in refunds if refund["out_trade_no"] == row["out_trade_no"]]
            total, good = Money(row["total"], row["currency"]), [refund for refund in back if not refund["fails"]]
            assert all(refund["refund"] == row["total"] for refund in back)
            paid = row["state"] == "SUCCESS"
            found.append(
                Payment(
                    reference=row["out_trade_no"],
                    total=total,
                    paid=paid,
                    payable=row["state"] == "NOTPAY" and now < row["expires_at"],
                    taken=paid,
                    back=tuple(refund["out_refund_no"] for refund in good if refund["done_at"] is not None),
                    back_under_way=any(refund["done_at"] is None for refund in good),
                )
            )
        return found

    def spoil(self, till: Till, *, less_minor: int = 0, currency: str = "", paid: bool = False) -> None:
        connection, now = sqlite3.connect(till.world.folder / "sandbox.db"), till.clock.now()
        with connection:
            connection.execute("UPDATE wechat_payments SET total = total - ?", [less_minor])
            connection.execute("UPDATE wechat_payments SET currency = ? WHERE ? != ''", [currency, currency])
            if paid:
                connection.execute("UPDATE wechat_payments SET state = 'SUCCESS', paid_at = ?", [now.timestamp()])
        connection.close()


WECHAT = Wechat()
