"""The payer's page: what stands behind the code that the kiosk shows, whichever wallet's it is. It works on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

Row = dict[str, Any]
PREFIX = "/pay/"
WITHOUT_CENTS = ("JPY", "KRW", "VND")

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training payment</title><style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 22em; margin: 2em auto; padding: 0 1em; text-align: center }}
strong {{ display: block; font-size: 2.2em }} button {{ font: inherit; width: 100%; padding: .8em; margin: .4em 0;
border: 0; border-radius: .5em; background: #07c160; color: #fff }} button.no {{ background: #ddd; color: #222 }}
small {{ color: #666 }}</style></head><body>
<p>{description}</p><strong>{amount}</strong>{body}<p><small>Training: no money moves. Order {number}</small></p>
</body></html>"""

BUTTONS = """<form method="post"><button name="answer" value="pay">Pay</button>
<button class="no" name="answer" value="refuse">Refuse</button></form>"""


class Codes(Protocol):
    """The part of a wallet's books that codes lead to. None where nobody there knows the code.

    A row has description, total (of the smallest unit), currency, out_trade_no, payable, state ("SUCCESS", "CLOSED" or
    another) and paid_at; after `pay` also paid_now: whether this is what paid it.
    """

    def behind(self, token: str, now: float) -> Row | None: ...

    def pay(self, token: str, now: float) -> Row | None: ...


class Wallet(Protocol):
    """A remote whose codes are scanned and paid."""

    @property
    def books(self) -> Codes: ...

    def now(self) -> float: ...


def payers_page(wallets: Iterable[Wallet], request: Request) -> Response:
    """GET shows the payment; POST answer=pay pays it, answer=refuse changes nothing, as with the real wallet."""
    token = request.path.removeprefix(PREFIX)
    wants_to_pay = request.method == "POST" and request.form.get("answer") == "pay"
    payment = None
    for wallet in wallets:
        books, now = wallet.books, wallet.now()
        payment = payment or (books.pay(token, now) if wants_to_pay else books.behind(token, now))
    if payment is None:
        return Response("This code leads to no payment.", 404)
    if request.method == "POST" and not wants_to_pay and payment["payable"]:
        return _page(payment, "<p>Nothing was paid. The code may still be paid until it expires.</p>")
    if payment["payable"]:
        return _page(payment, BUTTONS)
    refused = wants_to_pay and not payment["paid_now"]
    return _page(payment, f"<p>{_verdict(payment)}</p>", 409 if refused else 200)


def _verdict(payment: Row) -> str:
    """Why there is nothing more to pay here."""
    if payment["state"] == "SUCCESS":
        return f"Paid at {datetime.fromtimestamp(payment['paid_at'], UTC):%H:%M:%S} UTC."
    return "The shop has closed this payment." if payment["state"] == "CLOSED" else "This code has expired."


def _page(payment: Row, body: str, status: int = 200) -> Response:
    cents = payment["total"]
    whole = str(cents) if payment["currency"] in WITHOUT_CENTS else f"{cents // 100}.{cents % 100:02}"
    page = PAGE.format(
        description=escape(payment["description"]),
        amount=f"{whole} {escape(payment['currency'])}",
        body=body,
        number=escape(payment["out_trade_no"]),
    )
    return Response(page, status, content_type="text/html; charset=utf-8")
