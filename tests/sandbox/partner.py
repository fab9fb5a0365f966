"""The training SIMs by what they are, and a partner of Airalo who tops one up."""

from __future__ import annotations

from typing import Any

import httpx

ACTIVE, NEW, RECYCLED, NO_TOP_UPS = (
    "8900000461442300635",
    "8901260711302984552",
    "8901260455098172630",
    "8901260933410758260",
)
PLAN = "change-30days-10gb-topup"


def order(airalo: httpx.Client, description: str = "K077Q3F9XKD2MWBT1", iccid: str = ACTIVE, plan: str = PLAN) -> Any:
    answer = airalo.post("orders/topups", json={"package_id": plan, "iccid": iccid, "description": description})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]
