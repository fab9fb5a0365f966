"""Twilio's Messages resource, as far as sending an SMS needs it. It refuses what the real one refuses.

Mounted at `/twilio`; below it the paths are Twilio's own: /2010-04-01/Accounts/{Sid}/Messages.json.

What follows the documentation to the letter: the log-in, the numbers of the test credentials and their error codes,
what is missing or too long, the shape of a message and of an error, a new message that is `queued` and no more. Where
it is silent, the harsher reading stands here: a number that is not E.164 is refused, not guessed; the test number and
one Messaging Service are the only senders.

Log-in: Account SID "AC" and 32 zeros, auth token "training-secret".
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from kiosk.sandbox.books import Books
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.sms_lengths import segments

ACCOUNT, TOKEN = "AC" + 32 * "0", "training-secret"
SENDERS = ("+15005550006", "MG" + 32 * "0")
BODY_MAX = 1600
TAKES_S = 3.0

CODES: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    21211: (400, "The 'To' number {to} is not a valid phone number."),
    21212: (400, "The 'From' number {sender} is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The From phone number {sender} is not a valid, SMS-capable inbound phone number or short code."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {sender}"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
}
TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
"""https://www.twilio.com/docs/iam/test-credentials"""

SCHEMA = """
CREATE TABLE IF NOT EXISTS sms (
  id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, at REAL NOT NULL,
  "to" TEXT NOT NULL, sender TEXT NOT NULL, body TEXT NOT NULL,
  takes_s REAL NOT NULL, undelivered INTEGER NOT NULL
) STRICT"""

Row = dict[str, Any]


class Refusal(Exception):
    """One of Twilio's codes."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Twilio:
    """`handle` answers one request; everything it remembers is in the books."""

    name = "twilio"
    prefixes: tuple[str, ...] = ("/twilio/2010-04-01",)
    rejections: tuple[int | str, ...] = tuple(CODES)

    def __init__(self, books: Books, *, clock: Callable[[], datetime]) -> None:
        self.knobs = {
            "takes_s": "seconds until a new message is delivered",
            "ends_undelivered": "true: a new message ends undelivered (error 30003, unreachable)",
        }
        self._books, self._clock = books, clock
        books.define(SCHEMA)

    def now(self) -> float:
        return self._clock().timestamp()

    def handle(self, request: Request, knobs: Knobs) -> Response:
        try:
            return self._routed(request, knobs)
        except Refusal as refusal:
            return self.refuse(request, refusal.code)

    def refuse(self, request: Request, code: int | str) -> Response:
        """Any code, as it is answered when it is rehearsed."""
        status, words = CODES[int(code)]
        said = {"to": request.form.get("To", ""), "sender": request.form.get("From", ""), "path": request.path}
        told = {"code": int(code), "message": words.format(**said), "status": status}
        return _json(told | {"more_info": f"https://www.twilio.com/docs/errors/{code}"}, status)

    def received(self) -> list[Row]:
        """Every message that was truly taken on, oldest first, with its status as it is now."""
        with self._books.reading() as db:
            return [row | {"status": self._status(row)} for row in db.query("SELECT * FROM sms ORDER BY id")]

    def _routed(self, request: Request, knobs: Knobs) -> Response:
        login = request.authorization
        given = f"{login.username}:{login.password}" if login and login.type == "basic" else ""
        if not hmac.compare_digest(given.encode(), f"{ACCOUNT}:{TOKEN}".encode()):
            raise Refusal(20003)
        path = request.path.removeprefix(self.prefixes[0])
        if path == f"/Accounts/{ACCOUNT}.json" and request.method == "GET":
            return _json({"sid": ACCOUNT, "friendly_name": "Training", "status": "active", "type": "Full"})
        found = re.fullmatch(rf"/Accounts/{ACCOUNT}/Messages(?:/(SM[0-9a-f]{{32}}))?\.json", path)
        if found and found[1] and request.method == "GET":
            return _json(self._shape(self._one(found[1])))
        if not found or found[1] or request.method != "POST":
            raise Refusal(20404)
        return _json(self._shape(self._taken_on(_wish(request), knobs)), 201)

    def _one(self, sid: str) -> Row:
        with self._books.reading() as db:
            for row in db.query("SELECT * FROM sms WHERE sid = ?", [sid]):
                return row
        raise Refusal(20404)

    def _taken_on(self, wish: Row, knobs: Knobs) -> Row:
        row = wish | {"sid": f"SM{secrets.token_hex(16)}", "at": self.now()}
        row |= {"takes_s": knobs.get("takes_s", TAKES_S), "undelivered": int(bool(knobs.get("ends_undelivered")))}
        with self._books.writing() as db:
            db["sms"].insert(row)  # type: ignore[union-attr]
        return row

    def _status(self, row: Row) -> str:
        age_s = self.now() - row["at"]
        if age_s >= row["takes_s"]:
            return "undelivered" if row["undelivered"] else "delivered"
        return "sent" if age_s >= 1 else "queued"

    def _shape(self, row: Row) -> Row:
        """https://www.twilio.com/docs/messaging/api/message-resource"""
        status, at = self._status(row), format_datetime(datetime.fromtimestamp(row["at"], UTC))
        uri = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{row['sid']}"
        service = row["sender"] if row["sender"].startswith("MG") else None
        failed = status == "undelivered"
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": row["body"],
            "date_created": at,
            "date_sent": None if status == "queued" else at,
            "date_updated": at,
            "direction": "outbound-api",
            "error_code": 30003 if failed else None,
            "error_message": "Unreachable destination handset" if failed else None,
            "from": None if service else row["sender"],
            "messaging_service_sid": service,
            "num_media": "0",
            "num_segments": str(segments(row["body"])),
            "price": None,
            "price_unit": "USD",
            "sid": row["sid"],
            "status": status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": row["to"],
            "uri": f"{uri}.json",
        }


def _wish(request: Request) -> Row:
    """What a request asks for. Raises Refusal."""
    to, body = request.form.get("To", ""), request.form.get("Body", "")
    sender = request.form.get("MessagingServiceSid") or request.form.get("From", "")
    for missing, code in ((to, 21604), (sender, 21603), (body, 21602)):
        if not missing:
            raise Refusal(code)
    if refused := FROM.get(sender) or TO.get(to):
        raise Refusal(refused)
    if sender not in SENDERS:
        raise Refusal(21606)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", to):
        raise Refusal(21211)
    if len(body) > BODY_MAX:
        raise Refusal(21617)
    return {"to": to, "sender": sender, "body": body}


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
