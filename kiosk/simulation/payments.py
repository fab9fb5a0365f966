"""A payment as a rail has it in its books, simulated or a sandbox's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.money import Money


@dataclass
class Payment:
    """One payment in a rail's books. `back` holds the references that gave money back, "rail" for a cancel.

    When the money moved is known of the simulated rails alone; the sandboxes say it in their bills.
    """

    expires_at: datetime
    paid: Money | None = None
    moved_at: datetime | None = None
    back_at: datetime | None = None
    closed: bool = False
    captured: bool = False
    held_until: datetime | None = None
    back: list[str] = field(default_factory=list)
    wanted_back: dict[str, datetime] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    @property
    def open_refunds(self) -> set[str]:
        """The references of what was taken on to be given back, and is neither done nor failed."""
        return self.wanted_back.keys() - self.failed - set(self.back)
