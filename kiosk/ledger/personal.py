"""Which addresses and phone numbers of customers the ledger holds at this moment, for whoever looks for others."""

from __future__ import annotations

from datetime import datetime

from kiosk.ledger.rows import instant
from kiosk.ledger.store import Ledger


def addresses(ledger: Ledger) -> list[tuple[str, datetime]]:
    """Each address that a customer left, and when."""
    rows = ledger.database.rows("SELECT address, at FROM contacts")
    return [(row["address"], instant(row["at"])) for row in rows]


def phone_sims(ledger: Ledger) -> list[str]:
    """The SIMs of orders that are known by their phone number, as `+13055550142`."""
    return [
        row["sim_number"]
        for row in ledger.database.rows("SELECT DISTINCT sim_number FROM orders WHERE sim_number LIKE '+%'")
    ]
