"""What the counter keeps in the ledger: findings, clerks and shifts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.errors import ClerkError, UnknownOrder
from kiosk.identifiers import Reference
from kiosk.ledger.database import insert
from kiosk.ledger.roster import pin_seal, refuse_if_begun, refuse_without_owner
from kiosk.ledger.rows import instant, stamp
from kiosk.ledger.store import Ledger
from kiosk.money import Money

OPEN_SHIFT = "SELECT id FROM shifts WHERE closed_at IS NULL ORDER BY rowid DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that needs a clerk and has no order, or does not change one."""

    id: int
    kind: str
    reason: str
    opened_at: datetime
    deadline_at: datetime
    order: Reference | None
    decided_at: datetime | None
    decided_by: str
    decision: str

    @property
    def name(self) -> str:
        return f"F{self.id}"


def open_finding(
    ledger: Ledger, kind: str, reason: str, *, at: datetime, deadline_at: datetime, order: Reference | None = None
) -> str:
    """Put a finding before the clerks. Returns its name, `F12`."""
    with ledger.database.transaction():
        return _write_finding(ledger, kind, reason, at, deadline_at, order)


def open_finding_once(
    ledger: Ledger, kind: str, reason: str, *, at: datetime, deadline_at: datetime, order: Reference | None = None
) -> None:
    """The same, unless one with this reason is open already."""
    with ledger.database.transaction():
        if not ledger.database.rows("SELECT 1 FROM findings WHERE decided_at IS NULL AND reason = ?", (reason,)):
            _write_finding(ledger, kind, reason, at, deadline_at, order)


def _write_finding(
    ledger: Ledger, kind: str, reason: str, at: datetime, deadline_at: datetime, order: Reference | None
) -> str:
    id = ledger.database.rows("SELECT coalesce(max(id), 0) + 1 AS id FROM findings")[0]["id"]
    body = {"id": id, "kind": kind, "reason": reason, "deadline_at": stamp(deadline_at), "order": order}
    ledger.append(at, "finding_opened", "queue", body)
    ledger.database.execute(
        "INSERT INTO findings (id, opened_at, kind, order_id, reason, deadline_at) VALUES (?, ?, ?, ?, ?, ?)",
        (id, stamp(at), kind, order, reason, stamp(deadline_at)),
    )
    return f"F{id}"


def decide_finding(ledger: Ledger, name: str, *, by: str, decision: str, at: datetime) -> None:
    """A clerk has dealt with it. Raises UnknownOrder where there is no such open finding."""
    id = name.upper().removeprefix("F")
    with ledger.database.transaction():
        changed = ledger.database.execute(
            "UPDATE findings SET decided_at = ?, decided_by = ?, decision = ? WHERE id = ? AND decided_at IS NULL",
            (stamp(at), by, decision, id),
        )
        if not changed:
            raise UnknownOrder(f"There is no open finding {name}.")
        ledger.append(at, "finding_decided", by, {"id": int(id), "decision": decision})


def open_findings(ledger: Ledger) -> list[Finding]:
    """What is open, the nearest deadline first."""
    rows = ledger.database.rows("SELECT * FROM findings WHERE decided_at IS NULL ORDER BY deadline_at")
    return [_finding(row) for row in rows]


def findings_named(ledger: Ledger, names: Iterable[str]) -> list[Finding]:
    """Those of them that are open."""
    ids = [int(name[1:]) for name in names]
    marks = ", ".join("?" * len(ids))
    rows = ledger.database.rows(f"SELECT * FROM findings WHERE decided_at IS NULL AND id IN ({marks})", tuple(ids))
    return [_finding(row) for row in rows]


def _finding(row: dict[str, Any]) -> Finding:
    """An open one."""
    return Finding(
        id=row["id"],
        kind=row["kind"],
        reason=row["reason"],
        opened_at=instant(row["opened_at"]),
        deadline_at=instant(row["deadline_at"]),
        order=row["order_id"],
        decided_at=None,
        decided_by="",
        decision="",
    )


def has_finding(ledger: Ledger, order: Reference, kind: str) -> bool:
    """Whether there ever was one of this kind about this order, decided since or not."""
    return bool(ledger.database.rows("SELECT 1 FROM findings WHERE order_id = ? AND kind = ?", (order, kind)))


def add_clerk(
    ledger: Ledger, name: str, pin_hash: str, role: str, *, at: datetime, by: str = "", first: bool = False
) -> None:
    """Add a clerk. `by` is who does (nothing: themselves). Raises ClerkError: the name is taken; not the `first`."""
    with ledger.database.transaction():
        if first:
            refuse_if_begun(ledger)
        if ledger.database.rows("SELECT 1 FROM clerks WHERE name = ?", (name,)):
            raise ClerkError(f"There is a clerk {name} already; choose another name.")
        ledger.database.execute("INSERT INTO clerks VALUES (?, ?, ?, ?, NULL)", (name, pin_hash, role, stamp(at)))
        body = {"name": name, "role": role, "pin": pin_seal(pin_hash)}
        ledger.append(at, "clerk_added", by or f"clerk:{name}", body)


def disable_clerk(ledger: Ledger, name: str, *, at: datetime, by: str = "") -> None:
    """The clerk's PIN opens nothing from now on; what they did stays on record. Raises ClerkError: the last owner."""
    with ledger.database.transaction():
        refuse_without_owner(ledger, name)
        changed = ledger.database.execute(
            "UPDATE clerks SET disabled_at = ? WHERE name = ? AND disabled_at IS NULL", (stamp(at), name)
        )
        if not changed:
            raise ClerkError(f"There is no active clerk {name}.")
        ledger.append(at, "clerk_disabled", by or f"clerk:{name}", {"name": name})


def pin_hash_of(ledger: Ledger, name: str) -> str:
    """The stored hash of an active clerk's PIN. Raises ClerkError."""
    rows = ledger.database.rows("SELECT pin_hash FROM clerks WHERE name = ? AND disabled_at IS NULL", (name,))
    if not rows:
        raise ClerkError(f"There is no active clerk {name}; the owner adds one with `kiosk clerk add {name}`.")
    return str(rows[0]["pin_hash"])


def is_clerk(ledger: Ledger, name: str) -> bool:
    """Whether somebody of this name was ever added, disabled since or not."""
    return bool(ledger.database.rows("SELECT 1 FROM clerks WHERE name = ?", (name,)))


def has_role(ledger: Ledger, *roles: str) -> bool:
    """Whether there is an active clerk of one of these roles."""
    marks = ", ".join("?" * len(roles))
    found = f"SELECT 1 FROM clerks WHERE disabled_at IS NULL AND role IN ({marks}) LIMIT 1"
    return bool(ledger.database.rows(found, roles))


def shift_of(ledger: Ledger, by: str, *, at: datetime) -> str:
    """The open shift; the first cash act of a day opens one, and its change money is told at the closing."""
    if rows := ledger.database.rows(OPEN_SHIFT):
        return str(rows[0]["id"])
    with ledger.database.transaction():
        return shift_within(ledger, by, at=at)


def shift_within(ledger: Ledger, by: str, *, at: datetime, till_float: Money | None = None) -> str:
    """The same within a transaction. A new one begins with this change money; None: nobody told."""
    if rows := ledger.database.rows(OPEN_SHIFT):  # another clerk was faster
        return str(rows[0]["id"])
    number = ledger.database.rows("SELECT count(*) + 1 AS number FROM shifts")[0]["number"]
    told = {"till_float_minor": till_float.amount_minor, "currency": till_float.currency} if till_float else {}
    ledger.append(at, "shift_opened", by, {"id": f"S{number}"} | told)
    row = {"id": f"S{number}", "opened_at": stamp(at), "opened_by": by} | told
    insert(ledger.database.connection.execute, "shifts", row)
    return f"S{number}"


def clerks(ledger: Ledger) -> list[dict[str, Any]]:
    """Every clerk, the disabled ones too, without what guards their PIN."""
    rows = ledger.tables["clerks"].rows_where(select="name, role, added_at, disabled_at", order_by="name")
    return [dict(row) for row in rows]
