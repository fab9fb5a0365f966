"""What becomes of a payment intent: authorized or declined, captured, cancelled, expired, refunded.

requires_payment_method --authorized--> requires_capture --captured--> succeeded --> refunds
        |  ^ declined                          |
        `--+--cancelled------------------------`--cancelled, or the hold expired--> canceled
"""

from __future__ import annotations

from kiosk.sandbox import stripe_shapes as shapes
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.stripe_books import Desk, shown
from kiosk.sandbox.stripe_shapes import Thing
from kiosk.sandbox.stripe_wishes import Refusal

REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
CANCELLABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")


def look(desk: Desk, id: str, now: float, param: str = "intent") -> Thing:
    """The intent as it stands now: a hold that has run out is given back by itself."""
    intent = desk.get("payment_intent", id, param)
    if intent["status"] == "requires_capture" and now >= _hold_ends(desk, intent):
        return _cancelled(desk, intent, "automatic", now)
    return intent


def _hold_ends(desk: Desk, intent: Thing) -> float:
    charge = desk.get("charge", intent["latest_charge"])
    return float(charge["payment_method_details"]["card_present"]["capture_before"])


def authorize(desk: Desk, intent: Thing, number: str, how: str, now: float, held_s: float) -> Thing | None:
    """The card is asked. None where it is approved, else the error, which stands in the intent as well."""
    decline = shapes.decline_of(number, intent["amount"])
    charge = shapes.charge(desk.new_id("charge"), intent, number, decline, now, held_s=held_s, how=how)
    desk.put(charge)
    if decline:
        error = shapes.card_error(decline, charge["id"])
        desk.put(intent | {"latest_charge": charge["id"], "last_payment_error": error})
        return error
    said = {"status": "requires_capture", "amount_capturable": intent["amount"], "last_payment_error": None}
    authorized = desk.put(intent | said | {"latest_charge": charge["id"]})
    if intent["capture_method"] != "manual":
        capture(desk, authorized, intent["amount"], now)
    return None


def capture(desk: Desk, intent: Thing, amount: int | None, now: float) -> Thing:
    """Take the money, all of it or a part; the rest of the hold is let go. Raises Refusal."""
    if intent["status"] != "requires_capture":
        raise unexpected(intent, "captured", "requires_capture")
    amount = intent["amount_capturable"] if amount is None else amount
    if amount > intent["amount_capturable"]:
        said = f"The amount to capture ({amount}) is more than the intent's {intent['amount_capturable']}."
        raise Refusal(said, code="amount_too_large", param="amount_to_capture")
    charge = desk.get("charge", intent["latest_charge"])
    rest = intent["amount"] - amount
    taken = shapes.balance(desk.new_id("balance_transaction"), "charge", charge, amount, _fee(amount), now)
    now_taken = {"captured": True, "amount_captured": amount, "amount_refunded": rest}
    desk.put(charge | now_taken | {"balance_transaction": taken["id"]})
    desk.put(taken)
    return desk.put(intent | {"status": "succeeded", "amount_received": amount, "amount_capturable": 0})


def _fee(amount: int) -> int:
    """Stripe's published price of a card on a reader in the US: 2.7 % and five cents."""
    return amount * 27 // 1000 + 5


def cancel(desk: Desk, intent: Thing, reason: str | None, now: float) -> Thing:
    """Make it unpayable; what it held is let go. Raises Refusal."""
    if reason is not None and reason not in REASONS:
        raise Refusal(f"Invalid cancellation_reason: {reason}", param="cancellation_reason", begun=False)
    if intent["status"] not in CANCELLABLE:
        raise unexpected(intent, "canceled", ", ".join(CANCELLABLE))
    return _cancelled(desk, intent, reason, now)


def _cancelled(desk: Desk, intent: Thing, reason: str | None, now: float) -> Thing:
    if intent["status"] == "requires_capture":
        charge = desk.get("charge", intent["latest_charge"])
        desk.put(charge | {"refunded": True, "amount_refunded": charge["amount"]})
    said = {"status": "canceled", "amount_capturable": 0, "canceled_at": int(now), "cancellation_reason": reason}
    return desk.put(intent | said)


def unexpected(intent: Thing, what: str, wanted: str) -> Refusal:
    """The refusal of what the intent's state does not allow; it shows the intent."""
    return Refusal(
        f"This PaymentIntent could not be {what} because it has a status of {intent['status']}."
        f" Only a PaymentIntent with one of the following statuses may be {what}: {wanted}.",
        code="payment_intent_unexpected_state",
        payment_intent=shown(intent),
    )


# --- refunds -------------------------------------------------------------------------------------------------------


def refund(desk: Desk, intent: Thing, amount: int | None, wish: Thing, now: float, knobs: Knobs) -> Thing:
    """Give back. Raises Refusal where there is nothing (so much) to give back."""
    if intent["status"] != "succeeded":
        said = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise Refusal(said, code="payment_intent_unexpected_state", payment_intent=shown(intent))
    charge = desk.get("charge", intent["latest_charge"])
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount > left:
        said = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})."
        raise Refusal(said, param="amount")
    slowly = bool(knobs.get("refund_pends_s") or knobs.get("refund_fails"))
    made = shapes.refund(desk.new_id("refund"), intent, amount, wish, now, "pending" if slowly else "succeeded")
    if slowly:
        made |= {"_done_at": now + knobs.get("refund_pends_s", 0), "_fails": bool(knobs.get("refund_fails"))}
    _give_back(desk, charge, amount)
    desk.put(made)
    went = desk.put(shapes.balance(desk.new_id("balance_transaction"), "refund", made, -amount, 0, now))
    return desk.put(made | {"balance_transaction": went["id"]})


def look_at_refund(desk: Desk, found: Thing, now: float) -> Thing:
    """As it stands now. A refund that fails puts the money back on the charge, so that another may be tried."""
    if found["status"] != "pending" or now < found["_done_at"]:
        return found
    if not found["_fails"]:
        return desk.put(found | {"status": "succeeded"})
    _give_back(desk, desk.get("charge", found["charge"]), -found["amount"])
    id = desk.new_id("balance_transaction")
    came = desk.put(shapes.balance(id, "refund_failure", found, found["amount"], 0, found["_done_at"]))
    said = {"failure_reason": "expired_or_canceled_card", "failure_balance_transaction": came["id"]}
    return desk.put(found | {"status": "failed"} | said)


def _give_back(desk: Desk, charge: Thing, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    desk.put(charge | {"amount_refunded": refunded, "refunded": refunded == charge["amount"]})
