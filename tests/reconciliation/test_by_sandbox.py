"""The real adapters of the rails, and Airalo's, before their sandboxes: bills and list against the ledger."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from kiosk.identifiers import Purpose, Reference, new_reference, wire_reference
from kiosk.ledger.verify import problems
from kiosk.reconciliation.differences import Kind
from kiosk.simulation.remotes import PRICE
from tests.reconciliation.sandboxes import RAILS, READY, Till

NOBODY = new_reference("T07", lambda _: "7")


@pytest.fixture(params=RAILS, ids=lambda vendor: vendor.name)
def till(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    made = Till(tmp_path, request.param)
    yield made
    assert list(problems(made.shop.ledger)) == []
    made.shop.close()


def test_two_days_in_order_agree_to_the_cent_by_the_remotes_own_books(till: Till) -> None:
    """Sales on both sides of the rail's own midnight: each bill has its own."""
    start = till.shop.clock.now()
    there = start.astimezone(till.rail.bill_zone)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    till.sell()
    till.shop.wait(seconds=(midnight - there).total_seconds() - 20)
    till.sell()
    till.shop.wait(hours=1)
    till.sell()
    till.shop.wait(days=2)

    reports = [till.reconcile(there.date() + timedelta(days=days)) for days in (0, 1)]

    assert [report.differences for report in reports] == [[], []]
    assert [report.unanswered for report in reports] == [[], []]
    assert all(report.totals[0].agree for report in reports)
    assert sum(report.totals[0].entries for report in reports) == 3
    assert sum(report.totals[0].theirs_in.amount_minor for report in reports) == 3 * PRICE.amount_minor


def test_a_refund_on_the_rails_own_pages_is_found(till: Till) -> None:
    """Somebody of the shop gave the money back where the kiosk could not see it."""
    name = till.sell()
    till.give_back_by_hand(name)
    day = till.shop.clock.now().astimezone(till.rail.bill_zone).date()
    till.shop.wait(days=2)

    report = till.reconcile(day)

    assert [difference.kind for difference in report.differences] == [Kind.REFUND_NOT_RECORDED]
    assert report.differences[0].order == till.shop.order(name)


def test_todays_bill_is_not_there_yet_and_says_when(till: Till) -> None:
    """The clerk reads when to try again; what the provider lists is compared all the same."""
    till.sell()

    report = till.reconcile(till.shop.clock.now().astimezone(till.rail.bill_zone).date())

    assert report.differences == []
    assert READY[till.rail.name] in report.unanswered[0]
    assert list(report.top_ups) == ["airalo"]


# --- planted in the rail's own books -----------------------------------------------------------------------------


def in_books(till: Till, change: str, name: Reference) -> None:
    """Change one payment in the sandbox's books, as if the rail had always had it so."""
    with closing(sqlite3.connect(till.folder / f"{till.rail.name}.db")) as db, db:
        assert db.execute(change, {"wire": wire_reference(name, Purpose.PAYMENT)}).rowcount > 0


AMOUNT = {
    "wechat": "UPDATE wechat_payments SET total = total - 1 WHERE out_trade_no = :wire",
    "alipay_cn": "UPDATE alipay_trades SET total = total - 1 WHERE out_trade_no = :wire",
    "alipay": "UPDATE antom_payments SET amount = amount - 1 WHERE request_id = :wire",
    "card": """UPDATE stripe_objects SET body = json_set(body, '$.amount_captured', json_extract(body, '$.amount') - 1)
               WHERE kind = 'charge' AND json_extract(body, '$.metadata.order') = :wire""",
}
GONE = {
    "wechat": "DELETE FROM wechat_payments WHERE out_trade_no = :wire",
    "alipay_cn": "DELETE FROM alipay_trades WHERE out_trade_no = :wire",
    "alipay": "DELETE FROM antom_payments WHERE request_id = :wire",
    "card": """DELETE FROM stripe_objects WHERE kind = 'balance_transaction' AND json_extract(body, '$.source') IN
               (SELECT id FROM stripe_objects WHERE json_extract(body, '$.metadata.order') = :wire)""",
}


def midnight_of(till: Till) -> datetime:
    """The rail's next one."""
    there = till.shop.clock.now().astimezone(till.rail.bill_zone)
    return there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def on_to(till: Till, at: datetime) -> None:
    till.shop.wait(seconds=(at - till.shop.clock.now()).total_seconds())


def strange_payment(till: Till, like: Reference) -> None:
    """One of this kiosk's, well formed and paid, that its ledger has never heard of."""
    rail, order = till.rail, till.shop.order(like)
    now = till.shop.clock.now()
    stranger = structs.replace(order, reference=NOBODY, code="", attempts=(), opened_at=now, paid=None)
    wire = wire_reference(NOBODY, Purpose.PAYMENT)
    started = rail.start(structs.replace(stranger, expires_at=now + timedelta(minutes=5)), wire)
    assert rail.pay(NOBODY)
    if rail.captures_later:
        rail.capture(structs.replace(stranger, code=started.code), wire)


@pytest.mark.prove
def test_what_is_planted_around_the_rails_midnight_is_found_and_nothing_else(till: Till) -> None:
    """Each on its own day of the rail's; only what is missing there from the day's last ten minutes is told on the

    next, for the clocks may differ by so much.
    """
    on_to(till, midnight_of(till) - timedelta(minutes=10))
    day = till.shop.clock.now().astimezone(till.rail.bill_zone).date()
    less, gone, back, good = (till.sell() for _ in range(4))
    strange_payment(till, good)
    till.give_back_by_hand(back)
    on_to(till, midnight_of(till) + timedelta(minutes=1))
    late = till.sell()
    in_books(till, AMOUNT[till.rail.name], less)
    in_books(till, GONE[till.rail.name], gone)
    in_books(till, AMOUNT[till.rail.name], late)
    till.shop.wait(days=3)

    first, second, third = (till.reconcile(day + timedelta(days=days)) for days in range(3))

    assert {(each.kind, each.order and each.order.reference) for each in first.differences} == {
        (Kind.AMOUNT, less),
        (Kind.REFUND_NOT_RECORDED, back),
        (Kind.MONEY_WITHOUT_ORDER, None),
    }
    assert {(each.kind, each.order and each.order.reference) for each in second.differences} == {
        (Kind.AMOUNT, late),
        (Kind.ORDER_WITHOUT_MONEY, gone),
    }
    assert (third.differences, first.unanswered, second.unanswered, third.unanswered) == ([], [], [], [])
    assert not first.totals[0].agree


@pytest.mark.prove
def test_a_season_at_each_rail_has_no_difference(till: Till) -> None:
    """Thirty days of sales around its midnight, some given back: every day agrees to the cent."""
    dice = random.Random(till.rail.name)  # noqa: S311 - a seed makes it repeat
    first = till.shop.clock.now().astimezone(till.rail.bill_zone).date()
    sold = 0
    for _ in range(30):
        on_to(till, midnight_of(till) - timedelta(seconds=dice.uniform(0, 120)))
        for _ in range(dice.randint(0, 3)):
            name = till.sell()
            sold += 1
            if dice.random() < 0.2:
                till.refund(name)
            till.shop.wait(seconds=dice.uniform(0, 60))
        till.shop.wait(hours=3)
    till.shop.wait(days=3)

    reports = [till.reconcile(first + timedelta(days=days)) for days in range(32)]

    assert [report.differences for report in reports] == [[]] * 32
    assert [report.unanswered for report in reports] == [[]] * 32
    assert all(report.totals[0].agree for report in reports)
    assert sum(report.totals[0].theirs_in.amount_minor for report in reports) == sold * PRICE.amount_minor
    assert any(report.totals[0].theirs_back.amount_minor for report in reports)
