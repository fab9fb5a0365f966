"""A DT One that answers as told, and the adapter in front of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from kiosk.identifiers import SimNumber
from kiosk.ports import TopUp
from kiosk.providers import build
from kiosk.providers.dtone import DtOne
from tests.providers.fakes import FixedClock, Script, Step, answer

ICCID = SimNumber("8901260744102835179")
REQUEST = TopUp("T077Q3F9XKD2MWBT1", ICCID, "50104")
CREATE, LIST = "POST /dtone/v1/async/transactions", "GET /dtone/v1/transactions"
CONFIRM, CANCEL = "POST /dtone/v1/async/transactions/77/confirm", "POST /dtone/v1/transactions/77/cancel"
PRODUCTS, BALANCES = "GET /dtone/v1/products", "GET /dtone/v1/balances"
PROMOTIONS = "GET /dtone/v1/promotions"
STATUS, LEFT = "POST /dtone/v1/lookup/credit-party-status", "POST /dtone/v1/lookup/credit-party-benefits"

CLASSES = {"CREATED": 1, "CONFIRMED": 2, "REJECTED": 3, "CANCELLED": 4, "SUBMITTED": 5, "ODD": 6, "COMPLETED": 7}
CLASSES |= {"REVERSED": 8, "DECLINED": 9}


def record(message: str = "COMPLETED", **changed: Any) -> dict[str, Any]:
    """A transaction of ours, in this status."""
    name = message.partition("-")[0]
    status = {"id": 1, "message": message, "class": {"id": CLASSES[name], "message": name}}
    price = {"unit_type": "CURRENCY", "unit": "USD", "amount": 19.4, "fee": 0.1}
    said: dict[str, Any] = {"id": 77, "external_id": REQUEST.reference, "status": status, "product": {"id": 50104}}
    said |= {"credit_party_identifier": {"account_number": ICCID}, "prices": {"wholesale": price, "retail": None}}
    return said | changed


def created(message: str = "CONFIRMED", **changed: Any) -> httpx.Response:
    return answer(201, record(message, **changed))


def listed(*records: Any) -> httpx.Response:
    return answer(200, list(records))


def error(status: int, *found: int, **headers: str) -> httpx.Response:
    return answer(status, {"errors": [{"code": code, "message": "…"} for code in found]}, **headers)


def offered(**changed: Any) -> dict[str, Any]:
    """A product as it is listed."""
    total = {"base": 10, "promotion_bonus": 0, "total_excluding_tax": 10, "total_including_tax": 10}
    benefit = {"type": "DATA", "unit_type": "DATA", "unit": "GB", "amount": total}
    price = {"unit_type": "CURRENCY", "unit": "USD", "amount": 19.4, "fee": 0.1}
    said: dict[str, Any] = {"id": 50104, "name": "USA 10 GB", "type": "FIXED_VALUE_PIN_PURCHASE", "service": {"id": 13}}
    said |= {"validity": {"unit": "DAY", "quantity": 30}, "benefits": [benefit], "prices": {"wholesale": price}}
    return said | {"required_sender_fields": None} | changed


class World:
    """A DT One that answers as told, and the adapter in front of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.clock = FixedClock()
        self.script = Script().on(LIST, error(404, 1008004)).on(PRODUCTS, listed(offered()))
        self.script.on(STATUS, answer(200, {"activation_date": "2026-11-01T08:00:00Z"})).on(LEFT, listed())
        secret = tmp_path / "secret"
        secret.write_text("training-secret")
        table = {"base_url": "http://127.0.0.1:1/dtone/v1", "api_key": "training-key", "operator_id": 9901}
        provider = build(
            "dtone",
            {**table, "api_secret": {"file": str(secret)}},
            path="config.toml: providers.dtone",
            training=True,
            currency="USD",
            state_dir=tmp_path,
            clock=self.clock,
            transport=self.script,
        )
        assert isinstance(provider, DtOne)
        self.provider = provider

    def on(self, call: str, *steps: Step) -> World:
        self.script.on(call, *steps)
        return self

    def count(self, call: str) -> int:
        return self.script.count(call)
