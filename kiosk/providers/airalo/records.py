"""Airalo's own records of our top-ups, as its list of orders shows them: what they say together. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kiosk.abilities import Listed
from kiosk.ports import Absent, Delivered, NotDelivered, Processing, TopUp
from kiosk.providers.airalo.answers import cost_of
from kiosk.remote import plain

FAILED = ("failed", "refunded")


def ours(record: object, request: TopUp) -> bool:
    """Whether it carries exactly our reference: Airalo's own search matches parts of it, too."""
    return isinstance(record, dict) and record.get("description") == request.reference


def _slug(record: dict[str, Any]) -> object:
    status = record.get("status")
    return status.get("slug") if isinstance(status, dict) else status


def _contradiction(record: dict[str, Any], request: TopUp) -> str:
    """What a record of our reference says that we did not ask for, or an empty text."""
    if record.get("package_id") != request.plan_id:
        return f"another plan, {plain(record.get('package_id'), 60)}"
    sims = record.get("sims")
    cards = [sim.get("iccid") for sim in sims if isinstance(sim, dict)] if isinstance(sims, list) else []
    cards += [record["iccid"]] if record.get("iccid") else []  # a top-up's `sims` is empty in the documented example
    return "another card" if any(card != request.sim_number for card in cards) else ""


def verdict(records: list[dict[str, Any]], request: TopUp) -> Delivered | Processing | Absent | NotDelivered:
    """What all records of our reference say together. Delivered wins; all must have failed for NotDelivered."""
    said = []
    done = []
    for record in records:
        slug = _slug(record)
        if wrong := _contradiction(record, request):
            said.append(f"Airalo has our reference with {wrong}")
        elif slug == "completed":
            done.append(record)
        elif slug not in FAILED:
            said.append(plain(slug, 40))
    if done:
        return Delivered(number_of(*done), cost_of(done[0]))
    if said:
        return Processing(number_of(*records), "; ".join(said))
    return NotDelivered("Airalo's own record says that the top-up failed or was refunded.") if records else Absent()


def number_of(*records: dict[str, Any]) -> str:
    """Airalo's order numbers; two where our reference was carried out twice."""
    return ", ".join(plain(record.get("code") or record.get("id") or "?", 40) for record in records)


def listed(record: dict[str, Any]) -> Listed:
    """One record of the list of orders, as it stands there."""
    slug = _slug(record)
    said = f"{plain(slug or '?', 40)}, {plain(record.get('created_at') or '?', 40)}"
    stands = slug not in FAILED
    return Listed(plain(record.get("description") or "", 40), number_of(record), said, _made_at(record), stands)


def _made_at(record: dict[str, Any]) -> datetime | None:
    """When it was ordered. Airalo names no zone: UTC, by inference."""
    try:
        return datetime.fromisoformat(str(record.get("created_at"))).replace(tzinfo=UTC)
    except ValueError:
        return None
