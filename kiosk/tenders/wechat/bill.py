"""WeChat Pay's bill of one day, to be reconciled. A part of it is never taken for the whole: its hash is checked.

Sources: pay.weixin.qq.com, `api_external/ch/apis/chapter3_3_6` (overseas: the file itself, with its SHA1 in a signed
header) and `docs/merchant/apis/native-payment/get-trade-bill` (mainland: an address and a SHA1, both signed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from kiosk.abilities import BillEntry, Moved
from kiosk.errors import BadMoney, NotNow
from kiosk.money import Money
from kiosk.remote import Reply, plain
from kiosk.tenders.bills import CHINA
from kiosk.tenders.wechat import answers
from kiosk.tenders.wechat.door import Door

READY = time(10)  # documented: the bill of a day is there after ten o'clock in China on the next
EMPTY = ("NO_STATEMENT_EXIST", "NO_BILL_EXIST", "NO BILL EXIST")
MAKING = ("STATEMENT_CREATING", "BILL_CREATING")
MOVED = ("SUCCESS", "PROCESSING")  # documented: a refund that is PROCESSING in a bill counts as given back

OVERSEAS = (
    *("交易时间", "公众账号ID", "商户号", "子商户号", "设备号", "微信订单号", "商户订单号", "用户标识", "交易类型"),
    *("交易状态", "付款银行", "充值券币种", "充值券金额", "优惠券币种", "优惠券金额", "微信退款单号", "商户退款单号"),
    *("退款类型", "退款状态", "商品名称", "商户数据包", "手续费", "费率", "标价币种", "订单金额(标价币种)"),
    *("用户支付币种", "用户支付金额", "结算币种", "应结订单金额", "支付汇率", "退款汇率", "申请退款金额"),
    *("用户退款币种", "用户退款金额", "退款结算币种", "退款应结订单金额", "充值券退款金额", "优惠券退款金额"),
)
"""The columns as documented, for a bill whose head is in another language."""


def of_overseas(door: Door, day: date, mchid: str) -> tuple[BillEntry, ...]:
    """The bill is the answer itself. What is signed is the hash in its header, in this form."""
    reply = door.send("GET", f"/v3/global/statements?date={day:%Y%m%d}&mchid={mchid}")
    told = reply.headers.get("wechatpay-statement-sha1", "")
    signed = f'{{"sha1":"{told}"}}'.encode() if reply.status == 200 and told else reply.body
    door.check(reply, signed)
    if _is_empty(reply):
        return ()
    return _entries(reply, told)


def of_mainland(door: Door, day: date) -> tuple[BillEntry, ...]:
    """A signed answer tells where the bill is, and its hash; the bill itself is not signed."""
    reply = door.call("GET", f"/v3/bill/tradebill?bill_date={day:%Y-%m-%d}&bill_type=ALL")
    if _is_empty(reply):
        return ()
    told = reply.record()
    head, found, path = str(told.get("download_url")).partition("/v3/billdownload/")
    if told.get("hash_type") != "SHA1" or not (head and found):
        raise reply.odd("without the address and the SHA1 of a bill")
    return _entries(door.send("GET", found + path), str(told.get("hash_value")))


def _is_empty(reply: Reply) -> bool:
    """Whether nothing moved on that day. Raises NoAnswer where it cannot say."""
    if reply.status == 200:
        return False
    code = answers.code_in(reply)
    if code in MAKING:
        raise NotNow("WeChat Pay is still making the bill of that day.")
    if code not in EMPTY:
        raise answers.refusal(reply)
    return True


def _entries(reply: Reply, sha1: str) -> tuple[BillEntry, ...]:
    """Of both ways: one merchant has one bill."""
    if reply.status != 200 or hashlib.sha1(reply.body, usedforsecurity=False).hexdigest() != sha1.lower():
        raise reply.odd("with a bill that is not whole")
    try:
        return tuple(entry for row in _rows(reply.body.decode("utf-8-sig")) if (entry := _entry(row)))
    except (UnicodeDecodeError, ValueError, KeyError, BadMoney):
        raise reply.odd("with a bill of another form than documented") from None


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    """The rows up to the totals. Every value of a row has a grave accent before it, every head has none."""
    head, *lines = text.strip().splitlines()
    told = tuple(name.strip() for name in head.split(","))
    names = told if "商户订单号" in told else OVERSEAS
    for line in lines:
        if not line.startswith("`"):
            return
        values = line[1:].split(",`")
        yield {name: value.strip() for name, value in zip(names, values, strict=True)}
    raise ValueError("a bill ends in totals")


def _entry(row: Mapping[str, str]) -> BillEntry | None:
    """A payment, or what went back of one: by a refund, or by a revoke, which may have no number of its own."""
    state = row["交易状态"]
    currency = row.get("标价币种") or row["货币种类"]
    at = datetime.strptime(row["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    total = row.get("订单金额(标价币种)") or row["订单金额"]
    if state == "SUCCESS":
        number, reference = row["微信订单号"], row["商户订单号"]
        return BillEntry(Moved.IN, reference, plain(number, 64), Money.parse(total, currency), at)
    if state not in ("REFUND", "REVOKED") or (state == "REFUND" and row["退款状态"] not in MOVED):
        return None
    back = Money.parse(row["申请退款金额"], currency)
    reference = row["商户退款单号"] if row["商户退款单号"] not in ("", "0") else row["商户订单号"]
    number = row["微信退款单号"] if row["微信退款单号"] not in ("", "0") else row["微信订单号"]
    return BillEntry(
        Moved.BACK, reference, plain(number, 64), back if back.amount_minor else Money.parse(total, currency), at
    )
