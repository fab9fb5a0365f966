"""The first event stamps a ledger: live or training, and of which kiosk. Whoever opens it must mean that one."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kiosk.errors import LedgerBroken, WrongLedger
from kiosk.ledger.database import Database


def refuse_another(database: Database, genesis: Mapping[str, str]) -> None:
    """Raises WrongLedger where the stamp is not `genesis` (mode and kiosk), LedgerBroken where there is none."""
    rows = database.rows("SELECT body FROM events WHERE seq = 1 AND event = 'genesis'")
    stamped = msgspec.json.decode(rows[0]["body"]) if rows else None
    if not isinstance(stamped, dict):
        raise LedgerBroken(f"{database.path} does not begin as a ledger does. Stop selling, and restore a backup.")
    if stamped != genesis:
        raise WrongLedger(
            f"{database.path} is the {stamped.get('mode')} ledger of kiosk {stamped.get('kiosk')}, and the"
            f" configuration asks for the {genesis['mode']} ledger of kiosk {genesis['kiosk']}."
            " Use another state_dir."
        )
