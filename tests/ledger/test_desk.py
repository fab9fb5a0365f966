"""What the counter keeps: findings, clerks, shifts, and paper that comes out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kiosk.errors import ClerkError, LedgerError, UnknownOrder
from kiosk.ledger import Ledger, desk
from kiosk.ledger.verify import problems
from tests.orders import LATER, NOW, reference


def a_finding(ledger: Ledger, reason: str = "the float is low", hours: int = 4) -> str:
    return desk.open_finding(ledger, "float_low", reason, at=NOW, deadline_at=NOW + timedelta(hours=hours))


def test_findings_stand_in_the_order_of_their_deadlines(ledger: Ledger) -> None:
    """The most urgent first, with everything a clerk needs."""
    late, soon = a_finding(ledger, hours=9), a_finding(ledger, hours=1)

    found = desk.open_findings(ledger)

    assert [finding.name for finding in found] == [soon, late]
    assert (found[0].kind, found[0].reason, found[0].opened_at) == ("float_low", "the float is low", NOW)


def test_a_finding_is_decided_once(ledger: Ledger) -> None:
    """It leaves the list, the decision is on record, and nobody decides it again."""
    name = a_finding(ledger)
    desk.decide_finding(ledger, name.lower(), by="clerk:mei", decision="topped up", at=LATER)

    assert desk.open_findings(ledger) == []
    assert [row["event"] for row in ledger.events()][-2:] == ["finding_opened", "finding_decided"]
    with pytest.raises(UnknownOrder, match="no open finding F1"):
        desk.decide_finding(ledger, name, by="clerk:mei", decision="again", at=LATER)
    assert list(problems(ledger)) == []


@pytest.mark.parametrize("name", ["F9", "F", "", "Fx", "1; DROP TABLE findings"])
def test_an_unknown_finding_leaves_no_event(ledger: Ledger, name: str) -> None:
    """A slip of the finger changes nothing."""
    head = ledger.head()

    with pytest.raises(UnknownOrder):
        desk.decide_finding(ledger, name, by="clerk:mei", decision="done", at=NOW)

    assert ledger.head() == head


def test_a_finding_needs_a_reason_and_an_order_that_exists(ledger: Ledger) -> None:
    """What is refused leaves no event behind."""
    head = ledger.head()

    with pytest.raises(LedgerError):
        a_finding(ledger, reason="")
    with pytest.raises(LedgerError):
        desk.open_finding(ledger, "lost", "why", at=NOW, deadline_at=LATER, order=reference(9))

    assert ledger.head() == head


def test_a_disabled_clerk_opens_nothing_and_stays_on_record(ledger: Ledger) -> None:
    """What they did keeps their name; the name is not free for another."""
    desk.add_clerk(ledger, "mei", "hash", "clerk", at=NOW)
    desk.disable_clerk(ledger, "mei", at=LATER)

    with pytest.raises(ClerkError, match="no active clerk mei"):
        desk.pin_hash_of(ledger, "mei")
    with pytest.raises(ClerkError, match="no active clerk mei"):
        desk.disable_clerk(ledger, "mei", at=LATER)
    with pytest.raises(ClerkError, match="already"):
        desk.add_clerk(ledger, "mei", "hash", "clerk", at=LATER)
    assert [row["name"] for row in desk.clerks(ledger)] == ["mei"]


def test_a_list_of_clerks_shows_no_hash(ledger: Ledger) -> None:
    """Nothing that guards a PIN leaves the ledger, nor does it enter the events."""
    desk.add_clerk(ledger, "mei", "$argon2id$secret", "owner", at=NOW)

    assert "secret" not in str(desk.clerks(ledger)) + str(list(ledger.events()))


def test_the_first_cash_of_the_day_opens_one_shift(ledger: Ledger) -> None:
    """Everybody who takes cash at once stands in the same shift."""
    with ThreadPoolExecutor(4) as pool:
        shifts = list(pool.map(lambda number: desk.shift_of(ledger, f"clerk:c{number}", at=NOW), range(8)))

    assert set(shifts) == {"S1"}
    assert [row["event"] for row in ledger.events()].count("shift_opened") == 1
