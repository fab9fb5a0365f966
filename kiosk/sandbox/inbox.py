"""The customer's phone once more: the messages that it has got, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any

from werkzeug.wrappers import Response

from kiosk.sandbox.sms_lengths import segments

PATH = "/phone/messages"

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3"><title>Training phone: messages</title><style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 22em; margin: 2em auto; padding: 0 1em }}
p {{ background: #e8eef5; border-radius: 1em; padding: .8em 1em; overflow-wrap: anywhere }}
small {{ color: #666; display: block }}</style></head><body>{messages}
<small>Training: no message leaves this machine.</small></body></html>"""


def inbox_page(received: Iterable[dict[str, Any]]) -> Response:
    """Only what has been delivered is on a phone."""
    shown = [_message(row) for row in received if row["status"] == "delivered"]
    page = PAGE.format(messages="".join(reversed(shown)) or "<p>No message yet.</p>")
    return Response(page, content_type="text/html; charset=utf-8")


def _message(row: dict[str, Any]) -> str:
    at, parts = datetime.fromtimestamp(row["at"], UTC), segments(row["body"])
    told = f"to {escape(row['to'])}, {at:%H:%M:%S} UTC, {parts} SMS"
    return f"<p>{escape(row['body'])}<small>{told}</small></p>"
