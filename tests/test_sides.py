"""What each side says is asked now, by the queue's holder: only look-ups, and nothing is decided by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errands import Errands
from kiosk.holder import drain
from kiosk.identifiers import Reference
from kiosk.ledger.sides import Proves, Said, Side, Sides, answer_side, ask_sides, sides_of
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.settlement import escalation
from kiosk.simulation.shop import Shop

WRITES = {"start", "expire", "cancel", "capture", "refund", "top_up"}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def reviewed(shop: Shop, name: Reference) -> Reference:
    order = shop.order(name)
    shop.ledger.record(order, escalation("nobody knows", shop.clock.now(), shop.sales, order), at=shop.clock.now())
    return name


def asked(shop: Shop, name: Reference) -> Sides:
    """A clerk asks, and the queue's holder sees to it."""
    assert ask_sides(shop.ledger, name, by="clerk:mei", at=shop.clock.now())
    drain(Errands(shop.queue))
    return sides_of(shop.ledger, name)[-1]


def calls(shop: Shop) -> set[str]:
    return {call for remote in (shop.wallet, shop.card, shop.provider) for call, _ in remote.calls}


def test_both_sides_of_an_order_in_review_are_looked_up_and_it_stays_in_review(shop: Shop) -> None:
    """Paid, and the top-up's reply lost: the rail and the provider say what they know, in words and as proof."""
    name = shop.sell("wallet")
    shop.provider.faults.append("lost")
    shop.queue.step(first=name)
    reviewed(shop, name)
    before = shop.order(name)
    for remote in (shop.wallet, shop.provider):
        remote.calls.clear()

    sides = asked(shop, name)

    assert sides.payment
    assert sides.delivery
    assert sides.payment.words == "18.00 USD was paid (number W1)"
    assert sides.delivery.words.startswith("the top-up was delivered (number ")
    assert (sides.payment.proves, sides.delivery.proves) == (Proves.PAID, Proves.DELIVERED)
    assert shop.order(name) == before
    assert not calls(shop) & WRITES
    assert list(problems(shop.ledger)) == []


def test_one_request_an_order_is_open_at_a_time(shop: Shop) -> None:
    """However often the key is pressed; afterwards it can be asked anew."""
    name = reviewed(shop, shop.sell("wallet"))
    now = shop.clock.now()

    assert [ask_sides(shop.ledger, name, by="clerk:mei", at=now) for _ in range(3)] == [True, False, False]
    drain(Errands(shop.queue))
    assert ask_sides(shop.ledger, name, by="clerk:bob", at=now)


def test_where_nobody_can_be_asked_it_says_so(shop: Shop) -> None:
    """Cash is known by the till alone; a provider that nothing was sent to is left in peace."""
    sides = asked(shop, reviewed(shop, shop.sell("cash")))

    assert sides.payment
    assert sides.delivery
    assert "The till and the receipts know" in sides.payment.words
    assert sides.delivery.words == "Nothing was ever sent to airtime."
    assert calls(shop) == set()


def test_a_remote_that_is_away_is_told_as_such_and_the_other_side_is_asked_all_the_same(shop: Shop) -> None:
    """And it proves nothing."""
    name = reviewed(shop, shop.sell("wallet"))
    shop.wallet.faults.append("down")

    sides = asked(shop, name)

    assert sides.payment
    assert sides.delivery
    assert sides.payment.words.startswith("no answer: ")
    assert sides.payment.proves is Proves.NOTHING


def test_what_a_settled_order_s_side_proves_goes_the_way_of_the_watch(shop: Shop) -> None:
    """An abandoned order that was paid after all comes to a clerk, as it would at the queue's next look."""
    name = shop.open("wallet")
    shop.now()
    shop.cancel(name)
    shop.now()
    assert shop.state(name) is State.ABANDONED
    shop.wallet.pay(name, whatever_the_rail_said=True)

    asked(shop, name)

    assert shop.state(name) is State.REVIEW
    assert "was paid after all" in shop.order(name).reason


def test_a_delivered_order_that_was_paid_stays_what_it_is(shop: Shop) -> None:
    """That its payment is on the rail's record is nothing new."""
    name = shop.sell("wallet")
    shop.now()
    assert shop.state(name) is State.COMPLETED

    sides = asked(shop, name)

    assert sides.payment
    assert sides.payment.proves is Proves.PAID
    assert shop.state(name) is State.COMPLETED


def test_what_waits_is_looked_at_by_the_queue_at_once(shop: Shop) -> None:
    """The queue concludes, by its own look."""
    name = shop.open("wallet")
    shop.queue.step(first=name)
    shop.wallet.pay(name)

    asked(shop, name)
    assert shop.state(name) is State.AUTHORIZING
    shop.now()

    assert shop.order(name).paid


def test_a_power_cut_between_the_two_answers_loses_neither(shop: Shop) -> None:
    """The next holder of the queue goes on where it stood; what was said stands."""
    name = reviewed(shop, shop.sell("wallet"))
    ask_sides(shop.ledger, name, by="clerk:mei", at=shop.clock.now())
    (open_,) = sides_of(shop.ledger, name)
    first = Said("said before the cut", Proves.NOTHING, shop.clock.now())
    answer_side(shop.ledger, open_, Side.PAYMENT, first, by="queue")

    drain(Errands(shop.queue))

    (sides,) = sides_of(shop.ledger, name)
    assert sides.payment == first
    assert sides.delivery
    assert list(problems(shop.ledger)) == []


def test_a_row_that_was_changed_behind_the_ledgers_back_is_found(shop: Shop) -> None:
    """Nobody makes a clerk believe that a rail has said something."""
    name = reviewed(shop, shop.sell("wallet"))
    asked(shop, name)
    shop.ledger.database.execute("UPDATE inquiries SET payment = 'it was never paid', payment_proves = 'unpaid'")

    assert [told for told in problems(shop.ledger) if "sides said" in told]


def test_a_provider_whose_table_is_gone_cannot_be_asked(shop: Shop) -> None:
    """That is said, and the request is answered."""
    name = reviewed(shop, shop.sell("wallet"))
    shop.queue.remotes.providers.clear()  # type: ignore[attr-defined]

    sides = asked(shop, name)

    assert sides.delivery
    assert "config.toml has no table" in sides.delivery.words


def test_a_refund_that_was_sent_is_asked_for_as_well(shop: Shop) -> None:
    """Whether the money is back counts more than that it was paid once."""
    name = shop.sell("wallet")
    shop.provider.fails = True
    shop.wallet.refund_takes = shop.wallet.time_to_pay
    for _ in range(4):
        shop.queue.step(first=name)
    assert shop.state(name) is State.REFUNDING
    reviewed(shop, name)
    shop.clock.go_on(minutes=10)

    sides = asked(shop, name)

    assert sides.payment
    assert sides.payment.proves is Proves.BACK
    assert "was paid" in sides.payment.words
    assert "the money is back" in sides.payment.words
