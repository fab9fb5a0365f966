"""The bill of one day, as Alipay makes it: a zip of two tables in GBK, one of single movements and one of sums.

Its address is told once it is asked for, and is good for thirty seconds. The real one is https where `secure` is asked
for; here it is the sandbox's own. Monthly bills, and those of other kinds, are not offered.
"""

from __future__ import annotations

import csv
import io
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk.sandbox.alipay_books import AlipayBooks
from kiosk.sandbox.alipay_facts import APP_ID
from kiosk.sandbox.alipay_rows import Refusal, Row
from kiosk.sandbox.alipay_shapes import CHINA, china_time, trade_no, yuan
from kiosk.sandbox.books import Books

READY = time(9)
ADDRESS_LIFE_S = 30.0
KEPT = timedelta(days=6 * 365)
EMPTY_FILE = "EMPTY_DATA_WITH_BILL_FILE"
SCHEMA = "CREATE TABLE IF NOT EXISTS alipay_bills (token TEXT PRIMARY KEY, day TEXT NOT NULL, made_at REAL) STRICT"
HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
SUMS = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）"
RULE = "-" * 40


class Bills:
    """The bills that were asked for, and what stands in them."""

    def __init__(self, books: Books, trades: AlipayBooks) -> None:
        self._books, self._trades = books, trades
        books.define(SCHEMA)

    def asked(self, body: Mapping[str, Any], now: float, base: str, *, says_so: bool) -> Row:
        """Where the bill is. `says_so`: that nothing moved is a refusal, not an empty file. Raises Refusal."""
        day = _day(body)
        made_at = datetime.combine(day + timedelta(days=1), READY, CHINA).timestamp()
        if now < made_at or day < datetime.fromtimestamp(now, CHINA).date() - KEPT:
            raise Refusal("BILL_NOT_EXIST")
        nothing = not list(self._rows(day, now))
        if nothing and says_so:
            raise Refusal("NO_BILL_DATA")
        token = secrets.token_urlsafe(12)
        with self._books.writing() as db:
            db.execute("INSERT INTO alipay_bills VALUES (?, ?, ?)", [token, day.isoformat(), now])
        told = {"bill_download_url": f"{base}/alipay/bill/{token}"}
        return told | ({"bill_file_code": EMPTY_FILE} if nothing else {})

    def fetched(self, token: str, now: float) -> bytes | None:
        """The file; None where the address is too old, or none of ours."""
        with self._books.reading() as db:
            rows = list(db.query("SELECT * FROM alipay_bills WHERE token = ?", [token]))
        if not rows or now > rows[0]["made_at"] + ADDRESS_LIFE_S:
            return None
        return self._packed(date.fromisoformat(rows[0]["day"]), now)

    def _packed(self, day: date, now: float) -> bytes:
        named = f"2088{APP_ID[-12:]}_{day:%Y%m%d}_业务明细"
        files = {f"{named}.csv": self._detail(day, now), f"{named}(汇总).csv": self._summary(day, now)}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in files.items():
                file.writestr(name, text.encode("gb18030"))
        return packed.getvalue()

    def _detail(self, day: date, now: float) -> str:
        lines = [_line(row) for row in self._rows(day, now)]
        ends = [f"#{RULE}业务明细列表结束{RULE}", f"#导出时间：[{china_time(now)}]"]
        return "\r\n".join([*_top("业务明细", day), f"#{RULE}业务明细列表{RULE}", HEAD, *lines, *ends, ""])

    def _summary(self, day: date, now: float) -> str:
        kinds = [row["业务类型"] for row in self._rows(day, now)]
        sums = f"\t,合计,{kinds.count('交易')},{kinds.count('退款')},0.00,0.00"
        ends = [f"#{RULE}业务汇总列表结束{RULE}", f"#导出时间：[{china_time(now)}]"]
        return "\r\n".join([*_top("业务汇总", day), f"#{RULE}业务汇总列表{RULE}", SUMS, sums, *ends, ""])

    def _rows(self, day: date, now: float) -> Iterator[Row]:
        """What moved on that day in China, as its cells."""
        start = datetime.combine(day, time(), CHINA).timestamp()
        within = range(int(start), int(start) + 86_400)
        trades = {row["out_trade_no"]: row for row in self._trades.all_trades(now)}
        for trade in trades.values():
            if trade["paid_at"] is not None and int(trade["paid_at"]) in within:
                yield _cells(trade, "交易", trade["paid_at"], yuan(trade["total"]))
        for refund in self._trades.all_refunds():
            if int(refund["done_at"]) in within:
                name = "" if refund["by"] == "cancel" else f"{refund['out_request_no']}\t"
                back = f"-{yuan(refund['refund'])}"
                yield _cells(trades[refund["out_trade_no"]], "退款", refund["done_at"], back, name)


def _day(body: Mapping[str, Any]) -> date:
    """Raises Refusal."""
    if body.get("bill_type") != "trade":
        raise Refusal("TYPE_NOT_SUPPORTED" if body.get("bill_type") in ("signcustomer", "merchant_act") else _BAD)
    try:
        return datetime.strptime(str(body.get("bill_date")), "%Y-%m-%d").replace(tzinfo=CHINA).date()
    except ValueError:
        raise Refusal(_BAD) from None


_BAD = "INVAILID_ARGUMENTS"


def _top(what: str, day: date) -> list[str]:
    ends = day + timedelta(days=1)
    span = f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{ends:%Y年%m月%d日} 00:00:00]"
    return [f"#支付宝{what}查询", f"#账号：[2088{APP_ID[-12:]}0156]", span]


def _cells(trade: Row, kind: str, at: float, amount: str, refund: str = "") -> Row:
    return {
        "支付宝交易号": f"{trade_no(trade)}\t",
        "商户订单号": f"{trade['out_trade_no']}\t",
        "业务类型": kind,
        "商品名称": trade["subject"],
        "创建时间": china_time(trade["made_at"]),
        "完成时间": china_time(at),
        "对方账户": "159****5620",
        "订单金额（元）": amount,
        "商家实收（元）": amount,
        "退款批次号/请求号": refund,
    }


def _line(row: Row) -> str:
    """Text with a comma in it stands in quotes."""
    line = io.StringIO()
    csv.writer(line).writerow([row.get(name, "0.00" if "（元）" in name else "") for name in HEAD.split(",")])
    return line.getvalue().rstrip("\r\n")
