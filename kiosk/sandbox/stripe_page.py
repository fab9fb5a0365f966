"""The simulated reader as a customer sees it: what stands on its display, cards to hold to it, a plug to pull."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from kiosk.sandbox import stripe_intents as intents
from kiosk.sandbox import stripe_reader as readers
from kiosk.sandbox.stripe import Stripe
from kiosk.sandbox.stripe_books import READER, Desk
from kiosk.sandbox.stripe_shapes import Thing
from kiosk.sandbox.stripe_wishes import Refusal

PREFIX = "/reader"

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3"><title>Training reader</title><style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 22em; margin: 2em auto; padding: 0 1em; text-align: center }}
main {{ background: #1a1f36; color: #fff; border-radius: 1em; padding: 2em 1em; margin-bottom: 1em }}
strong {{ display: block; font-size: 2em }} button {{ font: inherit; width: 100%; padding: .6em; margin: .2em 0;
border: 0; border-radius: .5em; background: #635bff; color: #fff }} button.no {{ background: #ddd; color: #222 }}
small {{ color: #666 }}</style></head><body>
<main><strong>{display}</strong>{more}</main><form method="post">{buttons}</form>
<p><small>Training: no money moves. {label}</small></p></body></html>"""

Act = Callable[[Desk, Thing, float], Thing]
ACTS: dict[str, tuple[str, Act]] = {
    "tap": (
        "Tap a card",
        lambda desk, reader, now: readers.tap(desk, reader, readers.CARD, "contactless_emv", now),
    ),
    "insert": (
        "Insert a card",
        lambda desk, reader, now: readers.tap(desk, reader, "5555555555554444", "contact_emv", now),
    ),
    "swipe": (
        "Swipe a card",
        lambda desk, reader, now: readers.tap(desk, reader, "6011111111111117", "magnetic_stripe_track2", now),
    ),
    "decline": (
        "A card without money",
        lambda desk, reader, now: readers.tap(desk, reader, "4000000000009995", "contact_emv", now),
    ),
    "lost": (
        "A card that is reported lost",
        lambda desk, reader, now: readers.tap(desk, reader, "4000000000009987", "contact_emv", now),
    ),
    "tap_and_pull": (
        "Tap, and pull the plug before it can tell",
        lambda desk, reader, now: readers.plug(
            desk, readers.tap(desk, reader, readers.CARD, "contactless_emv", now, tells=False), now, pulled=True
        ),
    ),
    "x": ("X (cancel)", readers.press_x),
    "pull": ("Pull the plug", lambda desk, reader, now: readers.plug(desk, reader, now, pulled=True)),
    "plug": ("Put the plug back", lambda desk, reader, now: readers.plug(desk, reader, now, pulled=False)),
}


def readers_page(stripe: Stripe, request: Request) -> Response:
    """GET shows the reader; POST act=tap, insert, decline, x, pull, plug and so on does it."""
    id, now = request.path.removeprefix(PREFIX).strip("/") or READER, stripe.now()
    act = request.form.get("act", "") if request.method == "POST" else ""
    try:
        with stripe.books.desk() as desk:
            reader = readers.look(desk, id, now)
            if act not in ACTS:
                return _page(desk, reader, now)
            ACTS[act][1](desk, reader, now)
    except Refusal as refusal:
        return Response(str(refusal), 409 if act else 404)
    return redirect(request.path, 303)


def _page(desk: Desk, reader: Thing, now: float) -> Response:
    dark = reader.get("_unplugged_at") is not None
    display, more = ("", "<p>no power</p>") if dark else _display(desk, reader, now)
    waits = bool(reader["action"] and reader["action"]["status"] == "in_progress")
    offered = ["plug"] if dark else [name for name in ACTS if name != "plug" and (waits or name == "pull")]
    buttons = "".join(
        f'<button class="{"no" if name in ("x", "pull", "plug") else "card"}" name="act" value="{name}">'
        f"{ACTS[name][0]}</button>"
        for name in offered
    )
    page = PAGE.format(display=display, more=more, buttons=buttons, label=escape(reader["label"]))
    return Response(page, content_type="text/html; charset=utf-8")


def _display(desk: Desk, reader: Thing, now: float) -> tuple[str, str]:
    action = reader["action"]
    if action is None:
        return "Welcome", ""
    if action["status"] == "failed":
        return "Declined" if action["failure_code"] != "customer_canceled" else "Cancelled", ""
    intent = intents.look(desk, action["process_payment_intent"]["payment_intent"], now)
    amount = f"{intent['amount'] / 100:.2f} {intent['currency'].upper()}"
    if action["status"] == "succeeded":
        return "Approved", f"<p>{amount}</p>"
    return amount, "<p>Tap, insert or swipe</p>"
