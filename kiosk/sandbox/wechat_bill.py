"""The bill of one day, as WeChat Pay makes it: a table of text, overseas and in the mainland with other columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk.sandbox.wechat_books import Refusal, WechatBooks
from kiosk.sandbox.wechat_keys import APPID, MCHID
from kiosk.sandbox.wechat_shapes import CHINA, refund_id, transaction_id

Row = dict[str, Any]
READY = time(10)

OVERSEAS = (
    "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,充值券币种,"
    "充值券金额,优惠券币种,优惠券金额,微信退款单号,商户退款单号,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"
    "标价币种,订单金额(标价币种),用户支付币种,用户支付金额,结算币种,应结订单金额,支付汇率,退款汇率,申请退款金额,"
    "用户退款币种,用户退款金额,退款结算币种,退款应结订单金额,充值券退款金额,优惠券退款金额"
)
MAINLAND = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
TOTALS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


def bill(books: WechatBooks, day: date, now: float, *, overseas: bool) -> bytes:
    """Everything that moved on that day in China. Raises Refusal before it is made, and where nothing moved."""
    begin = datetime.combine(day, time(), CHINA)
    if now < datetime.combine(day + timedelta(days=1), READY, CHINA).timestamp():
        raise Refusal("STATEMENT_CREATING", "The bill of that day is not made yet.")
    within = range(int(begin.timestamp()), int((begin + timedelta(days=1)).timestamp()))
    rows = list(_rows(books, within, now))
    if not rows:
        raise Refusal("NO_STATEMENT_EXIST", "There is no bill of that day.")
    columns = (OVERSEAS if overseas else MAINLAND).split(",")
    lines = ["`" + ",`".join(str(row.get(column, "0")) for column in columns) for row in rows]
    totals = "`" + ",`".join([str(len(rows)), *["0.00"] * TOTALS.count(",")])
    return "\r\n".join([",".join(columns), *lines, TOTALS, totals, ""]).encode("utf-8-sig")


def _rows(books: WechatBooks, within: range, now: float) -> Iterable[dict[str, Any]]:
    payments = {row["out_trade_no"]: row for row in books.all_payments(now)}
    for payment in payments.values():
        if payment["paid_at"] and int(payment["paid_at"]) in within:
            yield _row(payment, payment["paid_at"], "SUCCESS")
        if payment["paid_at"] and payment["state"] == "REVOKED" and int(payment["closed_at"]) in within:
            yield _row(payment, payment["closed_at"], "REVOKED") | {"申请退款金额": _yuan(payment["total"])}
    for refund in books.all_refunds():
        if int(refund["created_at"]) in within:
            status = "CHANGE" if refund["fails"] else "SUCCESS" if refund["done_at"] else "PROCESSING"
            yield _row(payments[refund["out_trade_no"]], refund["created_at"], "REFUND") | {
                "微信退款单号": refund_id(refund),
                "商户退款单号": refund["out_refund_no"],
                "退款状态": status,
                "申请退款金额": _yuan(refund["refund"]),
                "退款金额": _yuan(refund["refund"]),
            }


def _row(payment: Row, at: float, state: str) -> dict[str, Any]:
    total = _yuan(payment["total"]) if state == "SUCCESS" else "0.00"
    return {
        "交易时间": f"{datetime.fromtimestamp(at, CHINA):%Y-%m-%d %H:%M:%S}",
        "公众账号ID": APPID,
        "商户号": MCHID,
        "微信订单号": transaction_id(payment),
        "商户订单号": payment["out_trade_no"],
        "交易类型": "MICROPAY" if payment["scanned"] else "NATIVE",
        "交易状态": state,
        "商品名称": payment["description"],
        "标价币种": payment["currency"],
        "货币种类": payment["currency"],
        "订单金额(标价币种)": total,
        "订单金额": total,
        "申请退款金额": "0.00",
        "退款状态": "",
    }


def _yuan(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
