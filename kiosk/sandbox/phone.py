"""The customer's phone: it shows a payment code to be scanned, and asks for a word where the wallet wants one.

    /phone/WALLET             POST confirm=yes|no: a new code, whose payer must confirm on the phone or need not
    /phone/WALLET/CODE        the code; once it was scanned, the amount, and POST answer=pay|refuse

The code is as good as money in the real wallet, and worth nothing here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from html import escape
from typing import Any, Protocol

import segno
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from kiosk.sandbox.payer import WITHOUT_CENTS

Row = dict[str, Any]
PREFIX = "/phone"

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training phone</title>{refresh}<style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 22em; margin: 2em auto; padding: 0 1em; text-align: center }}
strong {{ display: block; font-size: 2.2em }} output {{ font-size: 1.3em; letter-spacing: .05em }}
button {{ font: inherit; width: 100%; padding: .8em; margin: .4em 0; border: 0; border-radius: .5em;
background: #07c160; color: #fff }} button.no {{ background: #ddd; color: #222 }} small {{ color: #666 }}
svg {{ max-width: 100% }}
</style></head><body>{body}<p><small>Training: no money moves.</small></p></body></html>"""

NEW = """<form method="post" action="{prefix}/{wallet}">
<button name="confirm" value="no">Show a payment code</button>
<button class="no" name="confirm" value="yes">Show one that asks for my word</button></form>"""
ASK = """<p>{description}</p><strong>{amount}</strong><form method="post"><button name="answer" value="pay">Pay</button>
<button class="no" name="answer" value="refuse">Refuse</button></form>"""


class Phone(Protocol):
    """The part of a wallet's books that its app on a phone shows.

    A row has state ("WAITING" for the scanner, "CONFIRM", "PAID", "OVER"), and once it was scanned description, total
    (of the smallest unit) and currency.
    """

    def show_code(self, *, confirm: bool, now: float) -> str: ...

    def behind_code(self, code: str, now: float) -> Row | None: ...

    def answer(self, code: str, *, pays: bool, now: float) -> bool: ...


def phone_page(phones: Mapping[str, Phone], now: float, request: Request) -> Response:
    """One request of somebody who holds this phone. 404 where no wallet knows the code; 409 where it is too late."""
    wallet, _, code = request.path.removeprefix(PREFIX).strip("/").partition("/")
    phone = phones.get(wallet)
    if phone is None:
        return Response("There is no such wallet.", 404)
    if not code:
        if request.method == "POST":
            made = phone.show_code(confirm=request.form.get("confirm") == "yes", now=now)
            return redirect(f"{PREFIX}/{wallet}/{made}", 303)
        return _page(NEW.format(prefix=PREFIX, wallet=wallet))
    late = request.method == "POST" and not phone.answer(code, pays=request.form.get("answer") == "pay", now=now)
    row = phone.behind_code(code, now)
    if row is None:
        return Response("This wallet has shown no such code.", 404)
    return _page(_body(wallet, code, row), 409 if late else 200, waits=row["state"] == "WAITING")


def _body(wallet: str, code: str, row: Row) -> str:
    match row["state"]:
        case "WAITING":
            drawn = io.BytesIO()
            segno.make_qr(code).save(drawn, kind="svg", scale=6, xmldecl=False)
            return f"<p>Hold this under the scanner.</p>{drawn.getvalue().decode()}<p><output>{code}</output></p>"
        case "CONFIRM":
            return ASK.format(description=escape(row["description"]), amount=_amount(row))
        case "PAID":
            return f"<p>Paid.</p><strong>{_amount(row)}</strong>" + NEW.format(prefix=PREFIX, wallet=wallet)
    return "<p>This code is of no more use.</p>" + NEW.format(prefix=PREFIX, wallet=wallet)


def _amount(row: Row) -> str:
    cents = row["total"]
    whole = str(cents) if row["currency"] in WITHOUT_CENTS else f"{cents // 100}.{cents % 100:02}"
    return f"{whole} {escape(row['currency'])}"


def _page(body: str, status: int = 200, *, waits: bool = False) -> Response:
    refresh = '<meta http-equiv="refresh" content="2">' if waits else ""
    return Response(PAGE.format(body=body, refresh=refresh), status, content_type="text/html; charset=utf-8")
