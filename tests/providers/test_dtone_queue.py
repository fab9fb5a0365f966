"""DT One behind the real queue, in virtual time: whatever is lost, one payment is one transaction or money back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.abilities import HasFloat, Lists
from kiosk.identifiers import Purpose, wire_reference
from kiosk.ledger.verify import problems
from kiosk.money import Money
from kiosk.order import State
from tests.providers.sandbox_shop import SandboxShop
from tests.providers.stand import DTONE
from tests.sandbox.dtone_buyer import LOG_IN, PLAN_CENTS, ending_in

CREATE, CONFIRM = "POST async/transactions", "POST async/transactions/*/confirm"


class DtOneShop(SandboxShop):
    def available(self) -> float:
        return cast(float, self.http.get("/dtone/v1/balances", auth=LOG_IN).json()[0]["available"])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DtOneShop]:
    made = DtOneShop(tmp_path, DTONE)
    yield made
    assert list(problems(made.ledger)) == []
    made.close()


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"endpoint": CREATE, "lose_reply": True, "times": 3},
        {"endpoint": CREATE, "fail_after": 502, "times": 3},
        {"endpoint": CREATE, "garbage": True, "times": 3},
        {"endpoint": CREATE, "down": True, "times": 3},
        {"endpoint": CREATE, "fail_before": 503, "times": 3},
        {"endpoint": CREATE, "reject": 1006001, "times": 3},
        {"endpoint": CREATE, "reject": 1009001, "times": 3},
        {"endpoint": CREATE, "reject": 1000429, "times": 3},
        {"endpoint": "GET transactions", "down": True, "times": 3},
        {"endpoint": "GET transactions", "list_late_s": 60, "times": 8},
        {"takes_s": 300},
        {"stays_created": True},
    ],
    ids=str,
)
def test_whatever_is_lost_one_transaction_is_carried_out(shop: DtOneShop, fault: dict[str, Any]) -> None:
    """Sent again under the same reference, it is adopted; the order ends delivered."""
    name = shop.buy()
    if fault:
        shop.turn(**fault)
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.statuses() == ["COMPLETED"]


def test_a_confirmation_whose_answer_was_lost_is_adopted(shop: DtOneShop) -> None:
    """The transaction waited to be confirmed, and the line broke at that very moment."""
    name = shop.buy()
    shop.turn(endpoint=CREATE, stays_created=True)
    shop.turn(endpoint=CONFIRM, lose_reply=True, times=1)
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.statuses() == ["COMPLETED"]


def test_what_nobody_could_confirm_in_time_is_cancelled_and_given_back(shop: DtOneShop) -> None:
    """An hour without a line: DT One does not confirm it any more."""
    name = shop.buy()
    shop.turn(endpoint=CREATE, stays_created=True)
    shop.turn(endpoint=CONFIRM, down=True)
    shop.wait(minutes=70)
    shop.turn(endpoint=CONFIRM, delay_s=0)
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDING
    assert shop.statuses() == ["CANCELLED"]
    assert shop.available() == 1000


@pytest.mark.parametrize("last", ["102", "203", "304", "105", "206", "307"])
def test_what_dtone_declines_is_given_back_and_never_sent_again(shop: DtOneShop, last: str) -> None:
    """Its reference is spent; a new sale is a new reference."""
    name = shop.buy(ending_in(last))
    shop.turn(endpoint=CREATE, lose_reply=True, times=1)
    shop.wait(hours=1)

    assert shop.state(name) is State.REFUNDING
    assert [status.partition("-")[0] for status in shop.statuses()] == ["DECLINED"]
    assert shop.available() == 1000


def test_a_line_that_is_down_for_hours_delivers_when_it_is_back(shop: DtOneShop) -> None:
    """Every call was in doubt; the same reference settles it."""
    name = shop.buy()
    shop.turn(down=True)
    shop.wait(hours=2)
    waiting = shop.state(name)
    shop.http.delete("/_knobs")
    shop.wait(hours=1)

    assert waiting is State.SUBMITTING
    assert shop.state(name) is State.COMPLETED
    assert shop.statuses() == ["COMPLETED"]


def test_a_top_up_that_is_reversed_days_later_goes_to_a_clerk(shop: DtOneShop) -> None:
    """COMPLETED, then REVERSED by hand at DT One: with a reason and a deadline."""
    name = shop.buy()
    shop.turn(endpoint=CREATE, reverses_s=30 * 3600)
    shop.wait(hours=1)
    before = shop.state(name)
    shop.wait(hours=48)
    order = shop.order(name)

    assert before is State.COMPLETED
    assert order.state is State.REVIEW
    assert "took it back" in order.reason
    assert order.deadline_at is not None
    assert shop.statuses() == ["REVERSED"]


def test_the_float_and_the_list_say_what_was_sold(shop: DtOneShop) -> None:
    """What is held is not available any more; the list finds our references of three days, and no others."""
    since, dtone = shop.clock.now(), shop.adapter
    assert isinstance(dtone, HasFloat)
    assert isinstance(dtone, Lists)
    before = dtone.balance()
    names = []
    for _ in range(3):
        names.append(shop.buy())
        shop.wait(hours=23)
    until = shop.clock.now()
    found = dtone.listed("T07", since, until)

    assert before - dtone.balance() == Money(3 * PLAN_CENTS, "USD")
    assert [entry.reference for entry in found] == [wire_reference(name, Purpose.TOP_UP) for name in names]
    assert all(entry.said.startswith("COMPLETED") for entry in found)
    assert dtone.listed("K08", since, until) == ()
    assert dtone.listed("T07", until + timedelta(days=1), until + timedelta(days=2)) == ()
