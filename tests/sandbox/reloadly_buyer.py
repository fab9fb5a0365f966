"""A partner of Reloadly who tops up phone numbers, and the keys that its answers may have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from kiosk.sandbox.server import Sandbox
from tests.sandbox.conftest import CREDENTIALS, PLAIN

REFERENCE = "K077Q3F9XKD2MWBT1"
PHONE = "3055550142"
AUDIENCE = "https://topups-sandbox.reloadly.com"
ACCEPT = "application/com.reloadly.topups-v1+json"


def log_in(sandbox: Sandbox, **changed: Any) -> httpx.Response:
    body = CREDENTIALS | {"audience": AUDIENCE} | changed
    return httpx.post(f"{sandbox.url}/reloadly/auth/oauth/token", json=body, verify=PLAIN)


@contextmanager
def buyer(sandbox: Sandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {log_in(sandbox).json()['access_token']}", "Accept": ACCEPT}
    base = f"{sandbox.url}/reloadly/topups/"
    with httpx.Client(base_url=base, headers=headers, timeout=10, verify=PLAIN) as client:
        yield client


def wish(reference: str | None = REFERENCE, phone: str = PHONE, amount: Any = 20, **more: Any) -> dict[str, Any]:
    body = {"operatorId": 801, "amount": amount, "useLocalAmount": False}
    body |= {"recipientPhone": {"countryCode": "US", "number": phone}}
    return body | ({"customIdentifier": reference} if reference else {}) | more


def create(reloadly: httpx.Client, *args: Any, **more: Any) -> Any:
    answer = reloadly.post("topups", json=wish(*args, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


def look(reloadly: httpx.Client, id: int) -> Any:
    return reloadly.get(f"topups/{id}/status").json()


def code(answer: httpx.Response) -> tuple[int, str]:
    """The HTTP status and Reloadly's code of a refusal, in exactly the documented shape."""
    body = answer.json()
    assert set(body) == {"timeStamp", "message", "path", "errorCode", "infoLink", "details"}
    assert body["infoLink"] is None
    assert body["details"] == []
    return answer.status_code, body["errorCode"]


def balance(reloadly: httpx.Client) -> float:
    told = reloadly.get("accounts/balance").json()
    assert set(told) >= {"balance", "currencyCode", "currencyName", "updatedAt"}
    return float(told["balance"])
