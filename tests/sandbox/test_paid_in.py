"""What an owner sends a provider is there to spend, at that provider alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.sandbox.books import Books
from kiosk.sandbox.server import Sandbox
from tests.sandbox import dtone_buyer, reloadly_buyer
from tests.sandbox.conftest import logged_in


def at_airalo(sandbox: Sandbox) -> float:
    with logged_in(sandbox) as airalo:
        return float(airalo.get("balance").json()["data"]["balances"]["availableBalance"]["amount"])


def at_dtone(sandbox: Sandbox) -> float:
    with dtone_buyer.buyer(sandbox) as dtone:
        return dtone_buyer.balance(dtone)[0]


def at_reloadly(sandbox: Sandbox) -> float:
    with reloadly_buyer.buyer(sandbox) as reloadly:
        return reloadly_buyer.balance(reloadly)


@pytest.mark.parametrize(("remote", "balance"), [("airalo", at_airalo), ("dtone", at_dtone), ("reloadly", at_reloadly)])
def test_a_balance_grows_by_what_is_paid_in(
    sandbox: Sandbox, tmp_path: Path, remote: str, balance: Callable[[Sandbox], float]
) -> None:
    """The others' do not."""
    others = [other for other in (at_airalo, at_dtone, at_reloadly) if other is not balance]
    before, theirs = balance(sandbox), [other(sandbox) for other in others]

    Books(tmp_path / "books.db").pay_in(remote, 250_50)

    assert balance(sandbox) == before + 250.50
    assert [other(sandbox) for other in others] == theirs
