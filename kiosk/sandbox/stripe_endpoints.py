"""What each of Stripe's addresses does, on the open books: parameters in, the object that is answered out.

Raises Refusal, in Stripe's words. Every function takes what was asked, the time, and the knobs that are turned.
"""

from __future__ import annotations

import re

from werkzeug.routing import Map, Rule

from kiosk.sandbox import stripe_intents as intents
from kiosk.sandbox import stripe_reader as readers
from kiosk.sandbox import stripe_shapes as shapes
from kiosk.sandbox import stripe_wishes as wishes
from kiosk.sandbox.knobs import Knobs
from kiosk.sandbox.stripe_books import Desk
from kiosk.sandbox.stripe_shapes import Thing
from kiosk.sandbox.stripe_wishes import Wish

ROUTES = Map(
    [
        Rule("/payment_intents", methods=["POST"], endpoint="create"),
        Rule("/payment_intents", methods=["GET"], endpoint="list_intents"),
        Rule("/payment_intents/search", methods=["GET"], endpoint="search"),
        Rule("/payment_intents/<id>", methods=["GET"], endpoint="look"),
        Rule("/payment_intents/<id>/capture", methods=["POST"], endpoint="capture"),
        Rule("/payment_intents/<id>/cancel", methods=["POST"], endpoint="cancel"),
        Rule("/charges/<id>", methods=["GET"], endpoint="look_at_charge"),
        Rule("/refunds", methods=["POST"], endpoint="refund"),
        Rule("/refunds", methods=["GET"], endpoint="list_refunds"),
        Rule("/refunds/<id>", methods=["GET"], endpoint="look_at_refund"),
        Rule("/balance_transactions", methods=["GET"], endpoint="list_balance"),
        Rule("/terminal/locations", methods=["POST"], endpoint="locate"),
        Rule("/terminal/readers", methods=["POST"], endpoint="register"),
        Rule("/terminal/readers", methods=["GET"], endpoint="list_readers"),
        Rule("/terminal/readers/<id>", methods=["GET"], endpoint="look_at_reader"),
        Rule("/terminal/readers/<id>/process_payment_intent", methods=["POST"], endpoint="process"),
        Rule("/terminal/readers/<id>/cancel_action", methods=["POST"], endpoint="cancel_action"),
        Rule("/test_helpers/terminal/readers/<id>/present_payment_method", methods=["POST"], endpoint="present"),
    ]
)

# --- payment intents ------------------------------------------------------------------------------------------


def create(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    made = shapes.intent(desk.new_id("payment_intent"), wishes.intent_wish(wish), now)
    return desk.put(made | {"_found_from": now + knobs.get("search_late_s", 0)})


def look(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish, "client_secret")
    return intents.look(desk, id, now)


def list_intents(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    wishes.check_names(wish, "created", "limit", "starting_after")
    since, until = wishes.window(wish)
    every = [intents.look(desk, each["id"], now) for each in desk.all("payment_intent")]
    return page("/v1/payment_intents", [each for each in every if since <= each["created"] <= until], wish)


def search(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    name, value = wishes.searched(wish)
    every = (each for each in desk.all("payment_intent") if each["metadata"].get(name) == value)
    found = [intents.look(desk, each["id"], now) for each in every if each["_found_from"] <= now]
    said = {"object": "search_result", "url": "/v1/payment_intents/search", "next_page": None}
    return said | {"has_more": False, "data": found[:100]}


def capture(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish, "amount_to_capture", "metadata")
    amount = wishes.whole(wish, "amount_to_capture") if "amount_to_capture" in wish else None
    return intents.capture(desk, intents.look(desk, id, now), amount, now)


def cancel(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish, "cancellation_reason")
    return intents.cancel(desk, intents.look(desk, id, now), wish.get("cancellation_reason"), now)


def look_at_charge(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish)
    return desk.get("charge", id, "charge")


# --- refunds --------------------------------------------------------------------------------------------------


def refund(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    wishes.check_names(wish, "payment_intent", "amount", "metadata", "reason")
    told = {"metadata": wishes.metadata(wish), "reason": wish.get("reason")}
    if told["reason"] not in (None, "duplicate", "fraudulent", "requested_by_customer"):
        raise wishes.invalid("Invalid reason.", "reason")
    intent = intents.look(desk, str(wishes.required(wish, "payment_intent")), now, "payment_intent")
    amount = wishes.whole(wish, "amount") if "amount" in wish else None
    return intents.refund(desk, intent, amount, told, now, knobs)


def list_refunds(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    wishes.check_names(wish, "payment_intent", "charge", "created", "limit", "starting_after")
    since, until = wishes.window(wish)
    every = [intents.look_at_refund(desk, each, now) for each in desk.all("refund", wish.get("payment_intent"))]
    return page("/v1/refunds", [each for each in every if since <= each["created"] <= until], wish)


def look_at_refund(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish)
    return intents.look_at_refund(desk, desk.get("refund", id, "id"), now)


def list_balance(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    """What has moved our balance, newest first. A hold that was never taken has not."""
    wishes.check_names(wish, "created", "type", "source", "limit", "starting_after")
    since, until = wishes.window(wish)
    for refund in desk.all("refund"):
        intents.look_at_refund(desk, refund, now)  # one that has failed by now has moved it once more
    every = [
        each | {"status": "available" if each["available_on"] <= now else "pending"}
        for each in sorted(desk.all("balance_transaction"), key=lambda each: -each["created"])
        if since <= each["created"] <= until
        and wish.get("type") in (None, each["type"])
        and wish.get("source") in (None, each["source"])
    ]
    return page("/v1/balance_transactions", every, wish)


# --- readers --------------------------------------------------------------------------------------------------


def locate(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    wishes.check_names(wish, "display_name", "address", "metadata")
    said = {"display_name": wishes.required(wish, "display_name"), "address": wishes.required(wish, "address")}
    made = {"id": desk.new_id("terminal.location"), "object": "terminal.location", "livemode": False}
    return desk.put(made | said | {"metadata": wishes.metadata(wish)})


def register(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    wishes.check_names(wish, "registration_code", "location", "label", "metadata")
    if not str(wishes.required(wish, "registration_code")).startswith("simulated-"):
        raise wishes.invalid("The sandbox has simulated readers alone: simulated-wpe.", "registration_code")
    location = desk.get("terminal.location", str(wishes.required(wish, "location")), "location")["id"]
    id = desk.new_id("terminal.reader")
    return desk.put(shapes.reader(id, str(wish.get("label") or id), location))


def list_readers(desk: Desk, wish: Wish, now: float, knobs: Knobs) -> Thing:
    wishes.check_names(wish, "limit", "starting_after", "location", "status", "device_type")
    every = [readers.look(desk, each["id"], now) for each in desk.all("terminal.reader")]
    return page("/v1/terminal/readers", every, wish)


def look_at_reader(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish)
    return readers.look(desk, id, now)


def process(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish, "payment_intent", "process_config")
    config: Wish = wish.get("process_config", {})
    for name in config:
        if name not in ("enable_customer_cancellation", "skip_tipping"):
            raise wishes.invalid(f"Received unknown parameter: process_config[{name}]", name, "parameter_unknown")
    told = {name: value == "true" for name, value in config.items()}
    reader = readers.look(desk, id, now)
    intent = intents.look(desk, str(wishes.required(wish, "payment_intent")), now, "payment_intent")
    return readers.process(desk, reader, intent, told, now, knobs)


def cancel_action(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish)
    return readers.cancel_action(desk, readers.look(desk, id, now), now)


def present(desk: Desk, wish: Wish, now: float, knobs: Knobs, id: str) -> Thing:
    wishes.check_names(wish, "type", "card_present")
    number = wish.get("card_present", {}).get("number", readers.CARD)
    if wish.get("type", "card_present") != "card_present" or not re.fullmatch(r"\d{14,19}", number):
        raise wishes.invalid("Invalid card: a test card number of type card_present.", "card_present[number]")
    return readers.tap(desk, readers.look(desk, id, now), number, "contactless_emv", now)


def page(url: str, things: list[Thing], wish: Wish) -> Thing:
    """A page of a list, newest first: at most 100, after the one that `starting_after` names."""
    limit = wishes.whole(wish, "limit", 100) if "limit" in wish else 10
    if after := wish.get("starting_after"):
        ids = [each["id"] for each in things]
        if after not in ids:
            raise wishes.invalid(f"No such object: '{after}'", "starting_after", "resource_missing")
        things = things[ids.index(after) + 1 :]
    return shapes.listed(url, things[:limit], has_more=len(things) > limit)


def expanded(desk: Desk, thing: Thing, wish: Wish) -> Thing:
    """The latest charge, or what moved the balance, in full, where the caller asks for it."""
    if "latest_charge" in wish.get("expand", []) and thing.get("latest_charge"):
        return thing | {"latest_charge": desk.get("charge", thing["latest_charge"])}
    if "data.latest_charge" in wish.get("expand", []):
        return thing | {"data": [expanded(desk, each, {"expand": ["latest_charge"]}) for each in thing["data"]]}
    if "data.source" in wish.get("expand", []):
        return thing | {"data": [each | {"source": _source(desk, each["source"])} for each in thing["data"]]}
    return thing


def _source(desk: Desk, id: str) -> Thing:
    return desk.get("charge" if id.startswith("ch_") else "refund", id)
