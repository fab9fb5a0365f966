"""Who is called by a customer, as the screens know it: somebody at this seat's counter, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kiosk.ledger.seats import Called


class Staff(Protocol):
    """Both wait for the disk, and may raise LedgerError."""

    def call(self) -> Called | None:
        """Call somebody to this seat, once a visit, and say how that stands."""

    def called(self) -> Called | None:
        """How the call stands; None where nobody was called."""


class Nobody:
    """Screens without a seat: a call reaches nobody."""

    def call(self) -> None:
        return None

    called = call
