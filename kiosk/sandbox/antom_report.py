"""Antom's report of one day's transactions, as its dashboard and its SFTP server hand it out: a file, and no API.

`/antom/v1/settlements/MERCHANT/YYYYMMDD/transactionItems_YYYYMMDD_000.csv` is the path that it has on the SFTP server.
Here it is fetched by http, and nobody is asked who they are. A day without transactions has a report as well, as Antom
makes them for merchants who ask for it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.antom import Antom
from kiosk.sandbox.antom_books import CHINA, Row
from kiosk.sandbox.antom_facts import CLIENT_ID
from kiosk.sandbox.antom_shapes import china_time, payment_id, refund_id

PREFIX = "/antom/v1/settlements/"
ADDRESS = re.compile(r"[^/]+/(\d{8})/transactionItems_(\d{8})_000\.csv")
COLUMNS = (
    *("customerId", "acquirer", "acquirerReferenceNo", "referenceMerchantId", "referenceStoreId", "transactionId"),
    *("originalTransactionId", "transactionRequestId", "referenceTransactionId", "transactionType"),
    *("transactionTime", "paymentMethodType", "transactionCurrency", "transactionAmount"),
)
WITHOUT_CENTS = ("JPY", "KRW", "VND", "CLP")


def reports_page(antom: Antom, request: Request) -> Response:
    """The file of a day that is over in China; of any other day there is none."""
    asked = ADDRESS.fullmatch(request.path.removeprefix(PREFIX))
    try:
        day = datetime.strptime(asked[1], "%Y%m%d").replace(tzinfo=CHINA).date() if asked else None
    except ValueError:
        day = None
    now = antom.now()
    over = day is not None and datetime.combine(day + timedelta(days=1), time(), CHINA).timestamp() <= now
    if request.method != "GET" or asked is None or day is None or asked[1] != asked[2] or not over:
        return Response("There is no such file.", 404, content_type="text/plain; charset=utf-8")
    return Response(report(antom, day, now), content_type="text/csv; charset=utf-8")


def report(antom: Antom, day: date, now: float) -> str:
    start = datetime.combine(day, time(), CHINA).timestamp()
    rows = list(_rows(antom, range(int(start), int(start) + 86_400), now))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue() + "<END>\r\n"


def _rows(antom: Antom, within: range, now: float) -> Iterator[Row]:
    """Successful payments, and what went back by a refund or by a cancel."""
    payments = {row["id"]: row for row in antom.books.all_payments(now)}
    for payment in payments.values():
        if payment["paid_at"] is not None and int(payment["paid_at"]) in within:
            yield _cells(payment, "PAYMENT", payment["paid_at"], payment["amount"])
    for refund in antom.books.all_refunds():
        if refund["fails"] or int(refund["done_at"]) not in within:
            continue
        payment = payments[refund["payment"]]
        if refund["by"] == "cancel":
            yield _cells(payment, "CANCEL", refund["done_at"], refund["amount"])
            continue
        names = {"transactionId": refund_id(refund), "transactionRequestId": refund["request_id"]}
        original = {"originalTransactionId": payment_id(payment)}
        yield _cells(payment, "REFUND", refund["done_at"], refund["amount"]) | names | original


def _cells(payment: Row, kind: str, at: float, minor: int) -> Row:
    amount = str(minor) if payment["currency"] in WITHOUT_CENTS else f"{minor // 100}.{minor % 100:02}"
    return {
        "customerId": CLIENT_ID.removeprefix("SANDBOX_"),
        "acquirer": "Antom",
        "transactionId": payment_id(payment),
        "transactionRequestId": payment["request_id"],
        "referenceTransactionId": payment["request_id"],
        "transactionType": kind,
        "transactionTime": china_time(at),
        "paymentMethodType": "ALIPAY_CN",
        "transactionCurrency": payment["currency"],
        "transactionAmount": amount,
    }
