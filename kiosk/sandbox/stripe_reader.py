"""A simulated reader: what it is asked to do, the cards that are held to it, and the plug that can be pulled.

As with the real one: an action that has not begun can be replaced, one that is being authorized can be neither replaced
nor cancelled (`terminal_reader_busy`); no sign of life for two minutes is *offline*, before that Stripe waits in vain
(`terminal_reader_timeout`); a reader that loses its line in the middle leaves its action `in_progress` for ever.
Inferred: an action of an offline reader can be cancelled; a card that is held to a cancelled intent fails the action.
"""

from __future__ import annotations

from kiosk.sandbox import stripe_intents as intents
from kiosk.sandbox import stripe_shapes as shapes
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.stripe_books import Desk
from kiosk.sandbox.stripe_shapes import Thing
from kiosk.sandbox.stripe_wishes import Refusal

OFFLINE_AFTER_S = 120.0
CARD = "4242424242424242"


def look(desk: Desk, id: str, now: float) -> Thing:
    """The reader as it stands now: a card that was held to it is authorized when its time has come."""
    reader = desk.get("terminal.reader", id, "reader")
    tap = reader.get("_tap")
    if tap and now >= tap["until"]:
        reader = _authorized(desk, reader, tap)
    since = reader.get("_unplugged_at")
    if since is None:
        seen = {"status": "online", "last_seen_at": int(now * 1000)}
    else:
        seen = {"status": "offline" if now >= since + OFFLINE_AFTER_S else "online", "last_seen_at": int(since * 1000)}
    return desk.put(reader | seen)


def process(desk: Desk, reader: Thing, intent: Thing, config: Thing, now: float, knobs: Knobs) -> Thing:
    """Ask for a card. The answer means only that the reader has heard it. Raises Refusal."""
    _check_line(reader, now)
    if _authorizing(reader, now):
        raise _busy()
    if intent["status"] != "requires_payment_method":
        said = f"The PaymentIntent has a status of {intent['status']}; it must be requires_payment_method."
        raise Refusal(said, code="intent_invalid_state", payment_intent=intent)
    reader = reader | {"action": shapes.action(intent["id"], config), "_tap": None}
    reader["_holds_s"] = knobs.get("holds_s", shapes.HOLD_S)
    reader["_authorizes_s"] = knobs.get("authorizes_s", 0)
    if "taps_by_itself_s" in knobs:
        reader["_tap"] = _tap(reader, CARD, "contactless_emv", now + knobs["taps_by_itself_s"], tells=True)
    return desk.put(reader)


def tap(desk: Desk, reader: Thing, number: str, how: str, now: float, *, tells: bool = True) -> Thing:
    """A card is held to it, put in or swiped. `tells=False`: it loses its line before it can tell what came of it."""
    action = reader["action"]
    if action is None or action["status"] != "in_progress" or reader.get("_unplugged_at") is not None:
        raise Refusal("The reader is not waiting for a card.", code="terminal_reader_invalid_state", begun=False)
    if _authorizing(reader, now):
        raise _busy()
    reader = desk.put(reader | {"_tap": _tap(reader, number, how, now, tells=tells)})
    return look(desk, reader["id"], now)


def press_x(desk: Desk, reader: Thing, now: float) -> Thing:
    """The customer presses X on it, where the caller has allowed that."""
    action = reader["action"]
    if action is None or action["status"] != "in_progress" or _authorizing(reader, now):
        raise Refusal("There is nothing to cancel on the reader.", code="terminal_reader_invalid_state", begun=False)
    if not action["process_payment_intent"]["process_config"].get("enable_customer_cancellation"):
        raise Refusal("The reader shows no X.", code="terminal_reader_invalid_state", begun=False)
    return desk.put(_failed(reader, "customer_canceled", "The customer canceled the payment.", None))


def cancel_action(desk: Desk, reader: Thing, now: float) -> Thing:
    """Back to the welcome picture. Raises Refusal while a card is being authorized."""
    if reader["status"] == "online":
        _check_line(reader, now)
    if _authorizing(reader, now):
        raise _busy()
    return desk.put(reader | {"action": None, "_tap": None})


def plug(desk: Desk, reader: Thing, now: float, *, pulled: bool) -> Thing:
    """Pull the plug, or put it back. Whatever it was doing is never told: the action stays as it was."""
    begun = reader.get("_tap")
    if pulled and begun:  # what was on its way to the bank goes on; what had not begun, never begins
        begun = begun | {"tells": False} if now >= begun["at"] else None
    desk.put(reader | {"_unplugged_at": now if pulled else None, "_tap": begun})
    return look(desk, reader["id"], now)


def _tap(reader: Thing, number: str, how: str, at: float, *, tells: bool) -> Thing:
    until = at + reader.get("_authorizes_s", 0)
    return {"number": number, "how": how, "at": at, "until": until, "tells": tells}


def _authorizing(reader: Thing, now: float) -> bool:
    tap = reader.get("_tap")
    return tap is not None and now >= tap["at"]


def _check_line(reader: Thing, now: float) -> None:
    since = reader.get("_unplugged_at")
    if since is not None and now >= since + OFFLINE_AFTER_S:
        said = "Reader is currently offline, please ensure the reader is powered on and connected to the internet."
        raise Refusal(said, code="terminal_reader_offline")
    if since is not None:
        raise timed_out()


def timed_out() -> Refusal:
    return Refusal("The request to the reader timed out.", code="terminal_reader_timeout")


def _busy() -> Refusal:
    return Refusal("Reader is currently busy processing another request.", code="terminal_reader_busy")


def _authorized(desk: Desk, reader: Thing, tap: Thing) -> Thing:
    reader = reader | {"_tap": None}
    intent = intents.look(desk, reader["action"]["process_payment_intent"]["payment_intent"], tap["until"])
    if intent["status"] != "requires_payment_method":
        said = f"The PaymentIntent has a status of {intent['status']}."
        return desk.put(_failed(reader, "intent_invalid_state", said, None))
    error = intents.authorize(desk, intent, tap["number"], tap["how"], tap["until"], reader["_holds_s"])
    if not tap["tells"]:
        return desk.put(reader)
    if error:
        return desk.put(_failed(reader, error["code"], error["message"], error))
    return desk.put(reader | {"action": reader["action"] | {"status": "succeeded"}})


def _failed(reader: Thing, code: str, message: str, error: Thing | None) -> Thing:
    said = {"status": "failed", "failure_code": code, "failure_message": message, "api_error": error}
    return reader | {"action": reader["action"] | said, "_tap": None}
