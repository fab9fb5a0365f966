"""A partner of DT One who tops up eSIMs, and the keys that its answers may have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from stdnum import luhn

from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import PLAIN

ACTIVE, NEW, SILENT, ROAMING = (
    "8901260744102835179",
    "8901260744102836920",
    "8901260744102844718",
    "8944500219384756484",
)
STRANGER = "8901260999999999993"
PLAN, PLAN_CENTS = 50104, 19_50
REFERENCE = "K077Q3F9XKD2MWBT1"
LOG_IN = ("training-key", "training-secret")


@contextmanager
def buyer(sandbox: Sandbox, log_in: tuple[str, str] = LOG_IN) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{sandbox.url}/dtone/v1/", auth=log_in, timeout=10, verify=PLAIN) as client:
        yield client


def ending_in(digits: str) -> str:
    """A card number of ours that ends in these digits, and whose check digit is right."""
    numbers = (f"8901260{filler:09d}{digits}" for filler in range(10))
    return next(number for number in numbers if luhn.is_valid(number))


def wish(reference: str = REFERENCE, iccid: str | None = ACTIVE, plan: int = PLAN, **more: Any) -> dict[str, Any]:
    body = {"external_id": reference, "product_id": plan, "auto_confirm": True}
    return body | ({"credit_party_identifier": {"account_number": iccid}} if iccid else {}) | more


def create(dtone: httpx.Client, *args: Any, **more: Any) -> Any:
    answer = dtone.post("async/transactions", json=wish(*args, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def look(dtone: httpx.Client, id: int) -> str:
    return str(dtone.get(f"transactions/{id}").json()["status"]["message"])


def code(answer: httpx.Response) -> tuple[int, int]:
    """The HTTP status and DT One's code of a refusal, whose body has nothing else."""
    errors = answer.json()["errors"]
    assert [set(error) for error in errors] == [{"code", "message"}]
    return answer.status_code, errors[0]["code"]


def balance(dtone: httpx.Client) -> tuple[float, float]:
    """Available and held."""
    told = dtone.get("balances").json()[0]
    assert set(told) == {"id", "unit_type", "unit", "available", "holding", "credit_limit"}
    return told["available"], told["holding"]
