"""The shapes of Airalo's answers, with the odd types that are documented: strings in lists, numbers in POST answers.

Pure: rows and constants in, JSON-ready dicts out. It never decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.sandbox.airalo_facts import CATALOGUE, FIRST_PACKAGE, Package, Sim, SimKind

Row = dict[str, Any]
PRICING = {"model": "net_pricing", "discount_percentage": 0}
EUR_PER_USD = 0.92
INSTALLATION = "<p><b>eSIM name:</b> Change</p><p><b>Coverage: </b>United States</p>"


def number(cents: int) -> int | float:
    """18.4, but 8 and not 8.0: as in the documented examples."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _in_currencies(cents: int) -> dict[str, int | float]:
    return {"USD": number(cents), "EUR": round(cents * EUR_PER_USD / 100, 2)}


def offered(package: Package) -> Row:
    """A package in the list of top-ups for one SIM."""
    return {
        "id": package.id,
        "type": package.type,
        "price": number(package.price_cents),
        "amount": package.amount_mb,
        "day": package.days,
        "is_unlimited": not package.amount_mb,
        "title": package.title,
        "data": package.data,
        "short_info": "This eSIM doesn't come with a phone number.",
        "voice": None,
        "text": None,
        "net_price": number(package.net_cents),
        "prices": {
            "net_price": _in_currencies(package.net_cents),
            "recommended_retail_price": _in_currencies(package.price_cents),
        },
    }


def _order(order: Row) -> Row:
    package = CATALOGUE[order["package_id"]]
    return {
        "id": order["id"],
        "code": order["code"],
        "package_id": package.id,
        "currency": "USD",
        "quantity": 1,
        "type": package.type,
        "description": order["description"],
        "esim_type": "Prepaid",
        "package": f"Change-{package.title}",
        "data": package.data,
        "created_at": stamp(order["at"]),
        "manual_installation": INSTALLATION,
        "qrcode_installation": INSTALLATION,
        "installation_guides": {"en": "https://www.airalo.com/help/getting-started-with-airalo"},
    }


def submitted(order: Row) -> Row:
    """An order as the POST answers it: validity and price are numbers; no ICCID and no `sims`."""
    package = CATALOGUE[order["package_id"]]
    return _order(order) | {
        "validity": package.days,
        "price": number(package.price_cents),
        "pricing_model": PRICING["model"],
        "net_price": number(package.net_cents),
        "text": None,
        "voice": None,
    }


def listed(order: Row, include: Sequence[str]) -> Row:
    """An order as lists and look-ups show it: validity and price are strings, `sims` of a top-up is empty."""
    package = CATALOGUE[order["package_id"]]
    cents = package.price_cents
    shown = _order(order) | {"validity": str(package.days), "price": f"{cents // 100}.{cents % 100:02}"}
    if "sims" in include:
        shown["sims"] = []
    if "user" in include:
        shown["user"] = {"id": 120, "name": "Training", "email": "training@example.com", "company": "Training"}
    if "status" in include:
        shown["status"] = {"name": order["status"].capitalize(), "slug": order["status"]}
    return shown


def history(sim: Sim, sold_at: float, orders: Sequence[Row], now: float) -> list[Row]:
    """The packages on a SIM, newest first: its top-ups, and the one that it was sold with."""
    active = sim.kind is not SimKind.NEW
    packages = [
        _held(order["id"], CATALOGUE[order["package_id"]], order["at"] if active else None, now)
        for order in reversed(orders)
    ]
    begun = sold_at - timedelta(days=sim.days_used).total_seconds() if active else None
    first = _held(int(sim.iccid[-6:]), FIRST_PACKAGE, begun, now) | {"remaining": sim.remaining_mb}
    return [*packages, first]


def _held(id: int, package: Package, activated_at: float | None, now: float) -> Row:
    expires_at = activated_at + timedelta(days=package.days).total_seconds() if activated_at is not None else None
    status = "NOT_ACTIVE" if expires_at is None else "ACTIVE" if expires_at > now else "EXPIRED"
    short = {key: value for key, value in offered(package).items() if key not in ("prices", "voice", "text")}
    return {
        "id": id,
        "status": status,
        "remaining": package.amount_mb,
        "activated_at": None if activated_at is None else _iso(activated_at),
        "expired_at": None if expires_at is None else _iso(expires_at),
        "finished_at": None,
        "package": short | {"short_info": None},
    }


def usage(packages: Sequence[Row]) -> Row:
    """What is left on a SIM, over all packages that still count. Unlimited shows as 0 of 0, as documented."""
    counting = [held for held in packages if held["status"] != "EXPIRED"]
    unlimited = any(held["package"]["is_unlimited"] for held in counting)
    expiries = [datetime.fromisoformat(held["expired_at"]) for held in packages if held["expired_at"]]
    statuses = {held["status"] for held in packages}
    return {
        "remaining": 0 if unlimited else sum(held["remaining"] for held in counting),
        "total": 0 if unlimited else sum(held["package"]["amount"] for held in counting),
        "expired_at": stamp(max(expiries).timestamp()) if expiries else None,
        "is_unlimited": unlimited,
        "status": next(status for status in ("ACTIVE", "NOT_ACTIVE", "EXPIRED") if status in statuses),
        **dict.fromkeys(("remaining_voice", "remaining_text", "total_voice", "total_text"), 0),
    }


RECYCLED_USAGE: Row = {
    "remaining": 0,
    "total": 0,
    "expired_at": None,
    "is_unlimited": None,
    "status": "RECYCLED",
    **dict.fromkeys(("remaining_voice", "remaining_text", "total_voice", "total_text"), 0),
}
