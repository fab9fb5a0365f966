"""A Reloadly that answers as told, and the adapter in front of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from kiosk.identifiers import SimNumber
from kiosk.ports import TopUp
from kiosk.providers import build
from kiosk.providers.reloadly import Reloadly
from tests.providers.fakes import FixedClock, Script, Step, answer

PHONE = SimNumber("+13055550142")
REQUEST = TopUp("T077Q3F9XKD2MWBT1", PHONE, "801-20.00")
TOKEN = "POST /auth/oauth/token"
CREATE, STATUS, REPORT = "POST /topups-async", "GET /topups/77/status", "GET /topups/reports/transactions"
DETECT = "GET /operators/auto-detect/phone/13055550142/countries/US"
BALANCE, PROMOTIONS = "GET /accounts/balance", "GET /promotions/country-codes/US"


def token(name: str = "tok.1", expires_in: Any = 86_400) -> httpx.Response:
    return answer(200, {"access_token": name, "scope": "developer", "expires_in": expires_in, "token_type": "Bearer"})


def record(status: Any = "SUCCESSFUL", **changed: Any) -> dict[str, Any]:
    """A top-up of ours, in this state."""
    said: dict[str, Any] = {"transactionId": 77, "status": status, "customIdentifier": REQUEST.reference}
    said |= {"recipientPhone": "13055550142", "operatorId": 801, "operatorName": "Training Mobile USA"}
    said |= {"requestedAmount": 20.0, "requestedAmountCurrencyCode": "USD", "pinDetail": None, "balanceInfo": None}
    return said | {"transactionDate": "2026-11-22 12:00:00"} | changed


def accepted(id: Any = 77) -> httpx.Response:
    return answer(200, {"transactionId": id})


def told(status: str = "SUCCESSFUL", **changed: Any) -> httpx.Response:
    """The live state of a top-up: there is none in it while it is PROCESSING."""
    transaction = None if status == "PROCESSING" else record(status, **changed)
    return answer(200, {"code": None, "message": None, "status": status, "transaction": transaction})


def listed(*records: Any, last: Any = True) -> httpx.Response:
    return answer(200, {"content": list(records), "last": last, "totalElements": len(records)})


def error(status: int, code: Any, **headers: str) -> httpx.Response:
    body = {"timeStamp": "2026-11-22 12:00:00", "message": "…", "path": "/topups-async", "errorCode": code}
    return answer(status, body | {"infoLink": None, "details": []}, **headers)


def operator(**changed: Any) -> dict[str, Any]:
    """An operator that takes any amount, in dollars."""
    said: dict[str, Any] = {"id": 801, "operatorId": 801, "name": "Training Mobile USA", "pin": False, "data": False}
    said |= {"bundle": False, "supportsLocalAmounts": False, "denominationType": "RANGE", "senderCurrencyCode": "USD"}
    said |= {"destinationCurrencyCode": "USD", "internationalDiscount": 3.0, "localDiscount": 0, "minAmount": 5}
    said |= {"maxAmount": 25, "fx": {"rate": 1, "currencyCode": "USD"}, "fixedAmounts": [], "localFixedAmounts": []}
    return said | {"fixedAmountsDescriptions": {}, "status": "ACTIVE"} | changed


class World:
    """A Reloadly that answers as told, and the adapter in front of it."""

    def __init__(self, tmp_path: Path, **table: Any) -> None:
        self.clock, self.folder, self.table = FixedClock(), tmp_path, table
        self.script = Script().on(TOKEN, token()).on(REPORT, listed()).on(DETECT, answer(200, operator()))
        self.provider = self.started()

    def started(self) -> Reloadly:
        """The adapter, as after a start of the kiosk."""
        (self.folder / "secret").write_text("training-secret")
        table = {"base_url": "http://127.0.0.1:1/", "auth_url": "http://127.0.0.1:1/auth", "client_id": "shop"}
        provider = build(
            "reloadly",
            table | {"client_secret": {"file": str(self.folder / "secret")}} | self.table,
            path="config.toml: providers.reloadly",
            training=True,
            currency="USD",
            state_dir=self.folder,
            clock=self.clock,
            transport=self.script,
        )
        assert isinstance(provider, Reloadly)
        return provider

    def on(self, call: str, *steps: Step) -> World:
        self.script.on(call, *steps)
        return self

    def count(self, call: str) -> int:
        return self.script.count(call)
