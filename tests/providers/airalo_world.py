"""An Airalo that answers as told, and the adapter in front of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from kiosk.identifiers import SimNumber
from kiosk.ports import Provider, TopUp
from kiosk.providers import build
from tests.providers.fakes import FixedClock, Script, Step, answer

ICCID = SimNumber("8901260862291477122")
REQUEST = TopUp("T077Q3F9XKD2MWBT1", ICCID, "us-5gb-30days-topup")
TOKEN, TOPUPS = "POST /airalo/v2/token", f"GET /airalo/v2/sims/{ICCID}/topups"
PACKAGES = f"GET /airalo/v2/sims/{ICCID}/packages"
USAGE, ORDER, ORDERS = f"GET /airalo/v2/sims/{ICCID}/usage", "POST /airalo/v2/orders/topups", "GET /airalo/v2/orders"


def token(name: str = "tok.1", expires_in: Any = 86_400) -> httpx.Response:
    return answer(200, {"data": {"token_type": "Bearer", "expires_in": expires_in, "access_token": name}})


def record(**changed: Any) -> dict[str, Any]:
    said = {"id": 1, "code": "20261122-000001", "description": REQUEST.reference, "package_id": REQUEST.plan_id}
    said |= {"price": "12.50", "currency": "USD", "sims": [], "status": {"name": "Completed", "slug": "completed"}}
    return said | changed


def listed(*records: dict[str, Any], page: int = 1, last: int = 1) -> httpx.Response:
    return answer(200, {"data": list(records), "meta": {"current_page": page, "last_page": last}})


def status(slug: str) -> dict[str, str]:
    return {"name": slug.title(), "slug": slug}


def offered(**changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"id": "us-5gb-30days-topup", "type": "topup", "title": "5 GB - 30 Days", "price": 16}
    return said | {"amount": 5120, "day": 30, "is_unlimited": False, "net_price": 12.5} | changed


class World:
    """An Airalo that answers as told, and the adapter in front of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.script = Script().on(TOKEN, token()).on(PACKAGES, answer(200, {"data": []}))
        self.clock = FixedClock()
        self.state_dir = tmp_path / "state"
        self.state_dir.mkdir(exist_ok=True)
        self.secret = tmp_path / "secret"
        self.secret.write_text("training-secret")
        self.provider = self.started()

    def started(self) -> Provider:
        """The adapter, as after a start of the kiosk."""
        table = {"base_url": "http://127.0.0.1:1/airalo/v2/", "client_id": "training-client"}
        return build(
            "airalo",
            {**table, "client_secret": {"file": str(self.secret)}},
            path="config.toml: providers.airalo",
            training=True,
            currency="USD",
            state_dir=self.state_dir,
            clock=self.clock,
            transport=self.script,
        )

    def on(self, call: str, *steps: Step) -> World:
        self.script.on(call, *steps)
        return self
