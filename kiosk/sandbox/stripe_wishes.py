"""What a caller may ask of Stripe: form-encoded parameters, nested as Stripe writes them, each known and well-formed.

What fails here was never begun: no idempotency key remembers it. Raises Refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Wish = dict[str, Any]
INVALID, CARD = "invalid_request_error", "card_error"
CURRENCIES = ("usd", "eur", "gbp", "cad", "aud", "cny", "hkd", "sgd", "mxn", "jpy")
AMOUNT_MAX = 99_999_999
METADATA_MAX = 50


class Refusal(Exception):
    """An error object of Stripe's: its HTTP status, type, code, and what else it says. `begun` ones are remembered."""

    def __init__(
        self, message: str, *, code: str = "", status: int = 400, type: str = INVALID, begun: bool = True, **more: Any
    ) -> None:
        super().__init__(message)
        self.status, self.begun = status, begun
        self.body = {"type": type, "message": message} | ({"code": code} if code else {}) | more


def invalid(message: str, param: str, code: str = "") -> Refusal:
    """A parameter that is refused before anything began."""
    return Refusal(message, code=code, param=param, begun=False)


def parsed(pairs: Iterable[tuple[str, str]]) -> Wish:
    """`metadata[order]=K07` and `payment_method_types[]=card_present` (or `[0]`) as the nested thing they mean."""
    wish: Wish = {}
    for name, value in pairs:
        head, *rest = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name) or [name]
        if rest and (rest[-1] == "" or rest[-1].isdecimal()):
            wish.setdefault(head, []).append(value)
        elif rest:
            place = wish.setdefault(head, {})
            place[".".join(rest)] = value
        else:
            wish[head] = value
    return wish


def of_version(wish: Wish, version: str) -> Wish:
    """What it means in this version of the API: for a card on a reader, the list of ways to pay changed its name."""
    if version < "2026-09-30":
        return wish
    if "payment_method_types" in wish:
        said = "payment_method_types is no longer supported. Use allowed_payment_method_types."
        raise invalid(said, "payment_method_types", "payment_method_types_no_longer_supported")
    return {name.removeprefix("allowed_"): value for name, value in wish.items()}


def check_names(wish: Mapping[str, Any], *known: str) -> None:
    for name in wish:
        if name not in (*known, "expand"):
            raise invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")
    for wanted in wish.get("expand", []):
        if wanted not in ("latest_charge", "data.latest_charge", "data.source"):
            raise invalid(f"This property cannot be expanded ({wanted}).", "expand")


def required(wish: Mapping[str, Any], name: str) -> Any:
    if not wish.get(name):
        raise invalid(f"Missing required param: {name}.", name, "parameter_missing")
    return wish[name]


def whole(wish: Mapping[str, Any], name: str, most: int = AMOUNT_MAX) -> int:
    text = required(wish, name)
    if not isinstance(text, str) or not re.fullmatch(r"\d{1,18}", text):
        raise invalid(f"Invalid integer: {text}", name, "parameter_invalid_integer")
    if not 1 <= int(text) <= most:
        raise invalid(f"{name} must be from 1 to {most}.", name, "parameter_invalid_integer")
    return int(text)


def metadata(wish: Mapping[str, Any]) -> dict[str, str]:
    found = wish.get("metadata", {})
    if not isinstance(found, dict) or len(found) > METADATA_MAX:
        raise invalid("Invalid metadata: a hash of at most 50 keys.", "metadata")
    for key, value in found.items():
        if len(key) > 40 or len(value) > 500:
            raise invalid("Metadata keys have at most 40, values at most 500 characters.", "metadata")
    return found


def intent_wish(wish: Wish) -> Wish:
    """A new PaymentIntent. Of the many ways to pay, this stand-in knows the reader alone."""
    check_names(wish, "amount", "currency", "payment_method_types", "capture_method", "metadata", "description")
    currency = str(required(wish, "currency")).lower()
    if currency not in CURRENCIES:
        raise invalid(f"Invalid currency: {currency}.", "currency")
    if wish.get("payment_method_types") != ["card_present"]:
        raise invalid("The sandbox knows payment_method_types[]=card_present alone.", "payment_method_types")
    if wish.get("capture_method", "automatic") not in ("automatic", "automatic_async", "manual"):
        raise invalid("Invalid capture_method.", "capture_method")
    return {
        "amount": whole(wish, "amount"),
        "currency": currency,
        "capture_method": wish.get("capture_method", "automatic"),
        "metadata": metadata(wish),
        "description": wish.get("description"),
    }


def searched(wish: Wish) -> tuple[str, str]:
    """Of Stripe's query language, one clause: metadata['KEY']:'VALUE'."""
    check_names(wish, "query", "limit", "page")
    query = str(required(wish, "query"))
    clause = re.fullmatch(r"""metadata\[(["'])([^"']+)\1\]:(["'])([^"']*)\3""", query.strip())
    if not clause:
        raise invalid("The sandbox understands metadata['key']:'value' alone.", "query")
    return clause[2], clause[4]


def window(wish: Wish) -> tuple[int, int]:
    """The first and the last second that `created[gt]`, `[gte]`, `[lt]` and `[lte]` let in; without them, for ever."""
    created = wish.get("created", {})
    if isinstance(created, str):
        created = {"gte": created, "lte": created}
    if not created.keys() <= {"gt", "gte", "lt", "lte"} or not all(value.isdecimal() for value in created.values()):
        raise invalid("Invalid created: created[gt], [gte], [lt] and [lte], in seconds.", "created")
    told = {name: int(value) for name, value in created.items()}
    since = max(told.get("gte", 0), told.get("gt", -1) + 1)
    return since, min(told.get("lte", 2**40), told.get("lt", 2**40) - 1)
