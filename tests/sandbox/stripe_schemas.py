"""Stripe's own published schemas (the parts that a card on a reader needs): does an answer keep to them?

What they do not describe is refused too: a field that we made up is found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

OPENAPI = json.loads((Path(__file__).parent / "stripe_openapi.json").read_text(encoding="utf-8"))
NAMED = {"payment_intent", "charge", "refund", "terminal.reader", "terminal.location", "balance_transaction"}


def objections(answer: Any) -> list[str]:
    """Everything in the answer that Stripe's description does not allow, objects within lists and errors too."""
    kind = "error" if "error" in answer else answer["object"]
    if kind in ("list", "search_result"):
        return [said for each in answer["data"] for said in objections(each)]
    assert kind == "error" or kind in NAMED, kind
    validator = Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": OPENAPI["$defs"]})
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(answer)]
