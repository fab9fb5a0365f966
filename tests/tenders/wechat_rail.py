"""WeChat Pay before its sandbox, as the contract asks for it: overseas and mainland, code shown and code scanned."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.money import Money
from kiosk.sandbox.wechat_certificates import certificate_keys
from kiosk.sandbox.wechat_keys import APPID, MCHID, MERCHANT_SERIAL, PLATFORM_KEY_ID, training_keys
from tests.tenders.rail import CANCEL, Can, CodeRail, Payment, Rail, ScanRail
from tests.world import PLAN

if TYPE_CHECKING:
    from tests.tenders.till import Till

TABLE = """
[tenders.{name}]
kind = "wechat"
base_url = "{url}/wechat"
mchid = "{mchid}"
appid = "{appid}"
serial_no = "{serial_no}"
private_key = {{ file = "{keys.merchant_private}" }}
api_v3_key = {{ file = "{keys.api_v3_key}" }}
timeout_s = 5
"""
NAMED = """
platform_public_key_id = "{key_id}"
platform_public_key = {{ file = "{keys.platform_public}" }}
"""


YUAN = 'currency = "CNY"\n'
FIXED = f'\n[prices]\nfixed = {{{{ {PLAN} = "98.00" }}}}\n'


class Wechat(Rail):
    """What its ways have in common: the table, and the books."""

    remote = "wechat"
    refused = "PARAM_ERROR"
    not_now = "FREQUENCY_LIMITED"
    misconfigured = "MCH_NOT_EXISTS"
    before = more = ""
    """Tables before its own, and what its own has beside what all have."""

    def table(self, folder: Path, url: str) -> str:
        certificate_keys(folder)
        text = self.before + TABLE + self.more
        keys = training_keys(folder)
        who = {"mchid": MCHID, "appid": APPID, "serial_no": MERCHANT_SERIAL, "key_id": PLATFORM_KEY_ID, "keys": keys}
        return text.format(name=self.name, url=url, **who)

    def payments(self, till: Till) -> list[Payment]:
        now, refunds = till.clock.now().timestamp(), self.read(till, "wechat/refunds")
        found = []
        for row in self.read(till, "wechat/payments"):
            asked = [refund for refund in refunds if refund["out_trade_no"] == row["out_trade_no"]]
            good = [refund for refund in asked if not refund["fails"]]
            assert all(refund["refund"] == row["total"] for refund in asked)
            paid = row["paid_at"] is not None
            back = [refund["out_refund_no"] for refund in good if refund["done_at"] is not None]
            back += [CANCEL] if paid and row["state"] == "REVOKED" else []
            found.append(
                Payment(
                    reference=row["out_trade_no"],
                    total=Money(row["total"], row["currency"]),
                    paid=paid,
                    payable=row["state"] in ("NOTPAY", "USERPAYING") and now < row["expires_at"],
                    taken=paid,
                    back=tuple(back),
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


class Shown(Wechat, CodeRail):
    """Native, overseas: the public key, and certificates for the day on which it changes."""

    name = "wechat"
    more = NAMED + 'notify_url = "https://example.com/wechat"\nmerchant_category_code = "4814"\n'
    calls = {  # noqa: RUF012 - nobody changes it
        "start": "POST */native",
        "look": "GET */out-trade-no/*",
        "close": "POST */close",
        "refund": "POST *refunds",
        "look_at_refund": "GET *refunds/*",
    }
    ten_minutes = "code_minutes = 10\n"
    can = frozenset({Can.CODE, Can.TELLS_TIME, Can.FORGED, Can.ROTATED, Can.COUPON})


class Mainland(Shown):
    """Native, in the mainland, with certificates alone."""

    name = "wechat_mainland"
    kiosk = YUAN
    before = FIXED
    more = 'region = "mainland"\nnotify_url = "https://example.com/wechat"\n'


class Scanned(Wechat, ScanRail):
    """By payment code, overseas."""

    name = "wechat_scan"
    more = NAMED + 'acts = "scans_customer_code"\nmerchant_category_code = "4814"\n'
    calls = {  # noqa: RUF012 - nobody changes it
        "charge": "POST global/micropay/transactions/pay",
        "look": "GET */out-trade-no/*",
        "close": "POST */reverse",
        "refund": "POST *refunds",
        "look_at_refund": "GET *refunds/*",
    }
    wallet = "wechat"
    code_form = r"\d{18}"
    can = frozenset({Can.TELLS_TIME, Can.FORGED, Can.ROTATED, Can.COUPON, Can.CANCEL_GIVES_BACK})


class MainlandScanned(Scanned):
    """By payment code, in the mainland."""

    name = "wechat_mainland_scan"
    kiosk = YUAN
    before = FIXED
    more = 'region = "mainland"\nacts = "scans_customer_code"\n'
    calls = Scanned.calls | {"charge": "POST pay/transactions/codepay"}


WECHAT, WECHAT_MAINLAND = Shown(), Mainland()
WECHAT_SCAN, WECHAT_MAINLAND_SCAN = Scanned(), MainlandScanned()
