"""The port has room for a bill acceptor: escrow, durable record, stack, credit; or return. There is no driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from kiosk.decisions import hand_back
from kiosk.errors import Refused
from kiosk.facts import Call
from kiosk.identifiers import Reference
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.ports import Tender
from kiosk.simulation.power import PowerCut
from kiosk.simulation.shop import Shop
from tests.bill_acceptor import BillAcceptor

TEN, FIVE, ONE = (Money(100 * value, "USD") for value in (10, 5, 1))
EXACT = (TEN, FIVE, ONE, ONE, ONE)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def acceptor(shop: Shop) -> BillAcceptor:
    made = BillAcceptor()
    shop.tenders["notes"] = cast(Tender, made)
    shop.restart()
    return made


def put_in(shop: Shop, acceptor: BillAcceptor, name: Reference, *notes: Money) -> None:
    """Note by note; what is held is handed over as soon as it is what is due."""
    for note in notes:
        if handle := acceptor.insert(note, shop.order(name).total):
            shop.scan(name, handle)


def test_what_is_held_is_recorded_stacked_and_credited(shop: Shop, acceptor: BillAcceptor) -> None:
    """In this order: when the notes fall into the stacker, the attempt is on the disk already."""
    name = shop.open("notes")
    seen: dict[str, Order] = {}
    acceptor.stacking = lambda moment: seen.update({moment: shop.order(name)})
    put_in(shop, acceptor, name, *EXACT)
    shop.now()

    assert [(attempt.call, attempt.outcome) for attempt in seen["before"].attempts] == [(Call.CHARGE, None)]
    assert seen["after"].paid is None
    assert shop.state(name) is State.COMPLETED
    assert acceptor.stacked == {f"{name}P1": Money(1800, "USD")}
    assert acceptor.returned == []


@pytest.mark.parametrize(("cut", "state"), [("before", State.ABANDONED), ("after", State.COMPLETED)])
def test_after_a_power_cut_the_acceptor_says_which_it_was(
    shop: Shop, acceptor: BillAcceptor, cut: str, state: State
) -> None:
    """Still in escrow: returned, and proven unpaid. Stacked: credited once, and delivered."""
    name = shop.open("notes")

    def stop(moment: str) -> None:
        if moment == cut:
            raise PowerCut

    acceptor.stacking = stop
    with suppress(PowerCut):
        put_in(shop, acceptor, name, *EXACT)
    acceptor.give_back()
    shop.restart()
    shop.wait(minutes=10)

    assert shop.state(name) is state
    assert shop.provider.delivered(name) == len(acceptor.stacked) == int(state is State.COMPLETED)
    assert len(acceptor.returned) == (0 if acceptor.stacked else len(EXACT))
    assert len(shop.order(name).of(Call.CHARGE)) == 1


def test_a_note_that_is_too_much_comes_back_at_once(shop: Shop, acceptor: BillAcceptor) -> None:
    """No change is given, so it is never taken; the right one still may be."""
    name = shop.open("notes")
    put_in(shop, acceptor, name, TEN, TEN, FIVE, ONE, ONE, ONE)
    shop.now()

    assert acceptor.returned == [TEN]
    assert shop.state(name) is State.COMPLETED


def test_who_leaves_before_it_is_enough_gets_the_notes_back(shop: Shop, acceptor: BillAcceptor) -> None:
    """Nothing was on record as charged: unpaid without a question."""
    name = shop.open("notes")
    put_in(shop, acceptor, name, TEN)
    shop.cancel(name)
    acceptor.give_back()
    shop.now()

    assert shop.state(name) is State.ABANDONED
    assert (acceptor.returned, acceptor.stacked) == ([TEN], {})


def test_what_is_stacked_and_cannot_be_delivered_goes_back_by_a_clerks_hands(
    shop: Shop, acceptor: BillAcceptor
) -> None:
    """The acceptor has no notes to give: its no is for good, and cash comes out of the till, once."""
    shop.provider.weather = lambda asked: Refused("no such plan") if asked == "top_up" else None
    name = shop.open("notes")
    put_in(shop, acceptor, name, *EXACT)
    shop.wait(hours=1)
    waits = shop.order(name)

    back = hand_back(shop.ledger, waits, by="clerk:mei", at=shop.clock.now())

    assert waits.state is State.REVIEW
    assert "refuses" in waits.reason
    assert back.state is State.REFUNDED
    assert shop.provider.delivered(name) == 0
