"""Who may act here: roles and PINs as they change, and that there is somebody to whom the kiosk belongs.

Every change is an event with who made it; of a PIN the chain keeps a seal, and nothing else.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import Enum

from kiosk.errors import ClerkError
from kiosk.ledger.store import Ledger

OWNER = "owner"
HOW = "Whoever owns the machine makes one: kiosk clerk role NAME owner."


class Owned(Enum):
    """Whose kiosk this is."""

    YES = "somebody is its owner"
    NOT_YET = "nobody was ever added: whoever comes first makes themselves the owner"
    NO_MORE = "there are clerks, or were, and no owner"


def owned(ledger: Ledger) -> Owned:
    """Whether there is an owner. Asked every second by a screen: one look at a table of some lines."""
    row = ledger.database.rows(
        "SELECT count(*) AS clerks, coalesce(sum(role = ? AND disabled_at IS NULL), 0) AS owners FROM clerks", (OWNER,)
    )[0]
    if row["owners"]:
        return Owned.YES
    return Owned.NO_MORE if row["clerks"] else Owned.NOT_YET


def pin_seal(pin_hash: str) -> str:
    """What the chain keeps of a PIN's hash: enough to notice another one in its place, and no help to guess it."""
    return hashlib.sha256(pin_hash.encode()).hexdigest()[:20]


def refuse_if_begun(ledger: Ledger) -> None:
    """Within a transaction. Raises ClerkError where somebody was faster."""
    if rows := ledger.database.rows("SELECT name, role FROM clerks ORDER BY added_at LIMIT 1"):
        raise ClerkError(f"{rows[0]['name']} was faster, and is the {rows[0]['role']} here now. Sign in.")


def refuse_without_owner(ledger: Ledger, name: str) -> None:
    """Within a transaction. Raises ClerkError where `name` is the last owner, who is about to be none any more."""
    owners = ledger.database.rows("SELECT name FROM clerks WHERE role = ? AND disabled_at IS NULL", (OWNER,))
    if [row["name"] for row in owners] == [name]:
        raise ClerkError(f"{name} is the only owner: make somebody else an owner first. Nothing was changed.")


def set_role(ledger: Ledger, name: str, role: str, *, by: str, at: datetime) -> None:
    """Another role from now on. Raises ClerkError: no such clerk, the same role, the last owner."""
    with ledger.database.transaction():
        was = active_role(ledger, name)
        if was == role:
            raise ClerkError(f"{name} is {role} already.")
        if was == OWNER:
            refuse_without_owner(ledger, name)
        ledger.database.execute("UPDATE clerks SET role = ? WHERE name = ?", (role, name))
        ledger.append(at, "clerk_role", by, {"name": name, "role": role, "was": was})


def set_pin(ledger: Ledger, name: str, pin_hash: str, *, by: str, at: datetime) -> None:
    """Another PIN from now on; wrong ones given before are forgotten with the old one. Raises ClerkError."""
    with ledger.database.transaction():
        active_role(ledger, name)
        ledger.database.execute("UPDATE clerks SET pin_hash = ? WHERE name = ?", (pin_hash, name))
        ledger.database.execute("DELETE FROM pin_tries WHERE clerk = ?", (name,))
        ledger.append(at, "clerk_pin", by, {"name": name, "pin": pin_seal(pin_hash)})


def active_role(ledger: Ledger, name: str) -> str:
    """Of an active clerk. Raises ClerkError."""
    rows = ledger.database.rows("SELECT role FROM clerks WHERE name = ? AND disabled_at IS NULL", (name,))
    if not rows:
        raise ClerkError(f"There is no active clerk {name}.")
    return str(rows[0]["role"])
