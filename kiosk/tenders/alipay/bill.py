"""Alipay's bill of one day, in the mainland: a signed answer tells where it is, and there is a zip of tables in GBK.

The file itself is signed by nobody: its address comes signed, TLS vouches for who sends it, and the zip's own sums and
the line that ends the table say that it is whole. Source: the page of alipay.data.dataservice.bill.downloadurl.query.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

import httpx

from kiosk.abilities import BillEntry, Moved
from kiosk.errors import BadMoney, NotNow
from kiosk.money import Money
from kiosk.remote import Reply, is_loopback, plain
from kiosk.tenders.alipay import answers
from kiosk.tenders.alipay.gateway import Answer, Gateway
from kiosk.tenders.bills import CHINA, check_ready

QUERY = "alipay.data.dataservice.bill.downloadurl.query"
READY = time(9)  # documented: made by nine o'clock in China of the next day, later where something is special
NO_DATA = "NO_BILL_DATA"  # documented: nothing of this kind of business in that time
NOT_MADE = "BILL_NOT_EXIST"
LATER = ("SYSTEM_RATE_LIMIT", "USER_RATE_LIMIT")
LATER_S = 60.0  # documented
UNDECIDED = ("UNKNOWN_ERROR", "UNKNOW_ERROR")
EMPTY_FILE = "EMPTY_DATA_WITH_BILL_FILE"
UNPACKED_MAX_BYTES = 50_000_000
HEAD, END = "支付宝交易号", "业务明细列表结束"
WAYS = {"交易": Moved.IN, "退款": Moved.BACK}


def of_day(gateway: Gateway, day: date) -> tuple[BillEntry, ...]:
    """See abilities.HasBill. Raises NotNow while it is not made."""
    check_ready("Alipay", day, READY, CHINA, gateway.clock.now())
    wish = {"bill_type": "trade", "bill_date": day.isoformat(), "secure": "true"}
    answer = gateway.call(QUERY, wish, changes=False)
    if answer.code != answers.DONE:
        return _none(answer, day)
    if answer.record.get("bill_file_code") == EMPTY_FILE:
        return ()
    reply = _fetched(gateway, answer)
    try:
        return tuple(entry for row in _rows(_table(reply)) if (entry := _entry(row)))
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, ValueError, KeyError, BadMoney, csv.Error):
        raise reply.odd("with a bill that is not whole, or of another form than documented") from None


def _none(answer: Answer, day: date) -> tuple[BillEntry, ...]:
    """Nothing, where Alipay says that nothing moved. Raises NoAnswer for everything else."""
    code = answer.sub_code.rpartition(".")[2].upper()
    if code == NO_DATA:
        return ()
    if code == NOT_MADE:
        raise NotNow(f"Alipay has no bill of {day} so far.")
    if code in LATER:
        raise NotNow("Alipay is asked for bills too often.", retry_after_s=LATER_S)
    if code in UNDECIDED:
        raise answer.reply.odd("that it does not know")
    raise answers.refusal(answer)


def _fetched(gateway: Gateway, answer: Answer) -> Reply:
    """What is at the address, which is good for thirty seconds."""
    told = answer.record.get("bill_download_url")
    sandbox = is_loopback(gateway.remote.base_url)
    if not isinstance(told, str) or not (told.startswith("https://") or (sandbox and is_loopback(told))):
        raise answer.reply.odd("without an address that its bill can be fetched from")
    try:
        url = httpx.URL(told)
    except httpx.InvalidURL:
        raise answer.reply.odd("without an address that its bill can be fetched from") from None
    there = gateway.remote.under(f"{url.scheme}://{url.netloc.decode('ascii')}")
    reply = there.send("GET", url.raw_path.decode("ascii"), changes=False)
    if reply.status != 200:
        raise reply.odd("with an error page in the place of a bill")
    return reply


def _table(reply: Reply) -> str:
    """The one table of single movements in the zip; beside it is one of sums."""
    with zipfile.ZipFile(io.BytesIO(reply.body)) as packed:
        if sum(file.file_size for file in packed.infolist()) > UNPACKED_MAX_BYTES:
            raise ValueError("a bill of such a size")
        texts = [packed.read(file).decode("gb18030") for file in packed.infolist()]
    (found,) = [text for text in texts if f"\n{HEAD}," in text]
    return found


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    """From the head to the line that ends the list. Numbers have a tab behind them, for spreadsheets."""
    lines = iter(text.splitlines())
    head = next((line for line in lines if line.startswith(f"{HEAD},")), "")
    names = [name.strip() for name in head.split(",")]
    for line in lines:
        if line.startswith("#"):
            if END not in line:
                raise ValueError("a list ends by its own line")
            return
        (values,) = csv.reader([line])
        yield {name: value.strip() for name, value in zip(names, values, strict=True)}
    raise ValueError("a list that does not end")


def _entry(row: Mapping[str, str]) -> BillEntry | None:
    """A payment or a refund, which is negative there; a cancel that gave money back leaves no number of a refund."""
    moved = WAYS.get(row["业务类型"])
    if moved is None:
        return None
    amount = Money.parse(row["订单金额（元）"].removeprefix("-"), "CNY")
    refund = row["退款批次号/请求号"] if moved is Moved.BACK else ""
    at = datetime.strptime(row["完成时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    number = f"{row[HEAD]}/{refund}" if refund else row[HEAD]  # a refund has no number of Alipay's own
    return BillEntry(moved, refund or row["商户订单号"], plain(number, 100), amount, at)
