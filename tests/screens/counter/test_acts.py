"""The order's page and its acts: in plain words, only where they are allowed, by PIN where money moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import Verb, acts_for
from kiosk.contacts import Channel, Contact
from kiosk.decisions import decide
from kiosk.facts import Event, Fact
from kiosk.ledger.messages import leave_contact, messages_of
from kiosk.order import Order, State
from screens.counter.act import ActScreen
from screens.counter.order import OrderScreen
from tests.screens.counter.desk import PIN, WRONG, a_desk, in_review, reads, signed_in, tap
from tests.screens.room import Room, settled

A, V = State.AUTHORIZING, Verb


async def to_page(pilot: Any, order: Order) -> None:
    await tap(pilot, "l")
    await pilot.press(*order.reference, "enter")
    await settled(pilot, lambda: isinstance(pilot.app.screen, OrderScreen), "its page")
    await reads(pilot, "opened", "N Note")


async def begin(pilot: Any, key: str) -> None:
    await pilot.press(key)
    await settled(pilot, lambda: isinstance(pilot.app.screen, ActScreen), "the act")
    await pilot.pause()


def history(room: Room, order: Order) -> list[tuple[str, str]]:
    return [(event["event"], event["by"]) for event in room.ledger.events(order.reference)][1:]


def test_only_what_the_machine_allows_is_offered(desk: Room) -> None:
    """Waiting, in review, and sold: each has its own ways, and none more."""
    waiting, reviewed = desk.sell("cash"), in_review(desk)
    unpaid = desk.sell("wechat")

    offered = {order.reference: {act.verb for act in acts_for(desk, order)} for order in (waiting, reviewed, unpaid)}

    always = {V.REPRINT, V.NOTE}
    assert offered[waiting.reference] == always | {V.CASH, V.TRY_NOW}
    assert offered[reviewed.reference] == always | {V.RESUME, V.REFUND, V.DELIVERED, V.RETURNED, V.SIDES}
    assert offered[unpaid.reference] == always | {V.TRY_NOW, V.SIDES}


def test_where_money_moves_a_pin_is_asked_for_and_every_act_says_what_it_does(desk: Room) -> None:
    """Above all where it is given back."""
    for order in (desk.sell("cash"), in_review(desk)):
        for act in acts_for(desk, order):
            assert act.tells.endswith(".")
            assert act.pin is (act.verb not in (V.TRY_NOW, V.SIDES, V.REPRINT, V.MESSAGE, V.NOTE))


@pytest.mark.prove
async def test_the_page_tells_every_event_papers_messages_and_the_receipt(desk: Room) -> None:
    """Who, when, what the remote said; what was printed and sent; and the receipt as it stands."""
    order = in_review(desk)
    leave_contact(desk.ledger, order, Contact(Channel.EMAIL, "mei@example.com", "en"), None, at=desk.time.now())
    async with signed_in(desk, (100, 60)) as pilot:
        await to_page(pilot, order)
        await reads(pilot, "REVIEW: a clerk must decide", "paid", "number 4200001234567", "escalated", "queue")
        await reads(pilot, "Margin: not yet", "paid 23.50 USD", "The receipt, as it stands now", "TRAINING")


@pytest.mark.prove
async def test_a_refund_takes_a_reason_and_the_pin(desk: Room) -> None:
    """A wrong PIN decides nothing, what was typed stays; a right one is on record with the clerk's name."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await begin(pilot, "f")
        await reads(pilot, "Orders 23.50 USD to be given back, by wechat")
        await pilot.press(*"asked", "enter", *WRONG, "enter")
        await reads(pilot, "do not match")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "Decided. The order is REFUNDING now.", "refund_ordered")

    assert history(desk, order)[-1] == ("refund_ordered", "clerk:mei")


@pytest.mark.prove
async def test_no_reason_decides_nothing(desk: Room) -> None:
    """It goes on record, so there must be one."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await begin(pilot, "d")
        await pilot.press("enter", *PIN, "enter")
        await reads(pilot, "It needs a reason")

    assert desk.ledger.order(order.reference).state is State.REVIEW


@pytest.mark.prove
async def test_above_the_limit_it_takes_two_people(tmp_path: Path) -> None:
    """The same one twice is not two."""
    room = a_desk(tmp_path, sales={"refund_second_person_above": "20.00"})
    order = in_review(room)
    async with signed_in(room) as pilot:
        await to_page(pilot, order)
        await begin(pilot, "f")
        await reads(pilot, "It takes two people")
        await pilot.press(*"asked", "enter", *PIN, "enter", *"mei", "enter", *PIN, "enter")
        await reads(pilot, "The second clerk must be another one")
        for field, text in (("#pin", PIN), ("#second", "bob"), ("#second-pin", PIN)):
            pilot.app.screen.query_one(field).value = text  # type: ignore[attr-defined]
        pilot.app.screen.query_one("#second-pin").focus()
        await pilot.press("enter")
        await reads(pilot, "Decided. The order is REFUNDING now.")

    assert history(room, order)[-1] == ("refund_ordered", "clerk:mei, clerk:bob")
    room.close()


@pytest.mark.prove
async def test_who_comes_second_is_told_who_was_faster_and_what_they_did(desk: Room) -> None:
    """Two clerks decide the same order: one decision, and the other one knows whose."""
    order = in_review(desk)
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await begin(pilot, "f")
        decide(desk.ledger, order, "resume", by="clerk:bob", reason="look again", at=desk.time.now())
        await pilot.press(*"asked", "enter", *PIN, "enter")
        await reads(pilot, "has moved on meanwhile: resumed_submitting by clerk:bob")

    assert history(desk, order)[-1] == ("resumed_submitting", "clerk:bob")


@pytest.mark.prove
@pytest.mark.parametrize(
    ("key", "told", "noted"),
    [
        ("p", "The receipt is printed", "receipt printed once more"),
        ("m", "goes to m***@example.com", "message sent once more"),
    ],
)
async def test_paper_and_message_once_more_are_on_record_with_who_asked(
    desk: Room, key: str, told: str, noted: str
) -> None:
    """One key, one yes; no PIN, since no money moves."""
    order = desk.sell("cash")
    desk.pay_cash()
    leave_contact(desk.ledger, order, Contact(Channel.EMAIL, "mei@example.com", "en"), None, at=desk.time.now())
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await begin(pilot, key)
        await pilot.press("enter")
        await reads(pilot, told, noted)

    assert history(desk, order)[-1] == ("noted", "clerk:mei")
    assert len(desk.paper.papers) == (key == "p")
    assert len(messages_of(desk.ledger, order.reference)) == (key == "m")


@pytest.mark.prove
async def test_try_now_makes_an_order_due_and_a_note_changes_nothing_else(desk: Room) -> None:
    """The queue looks at it; who asked is on record."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await begin(pilot, "t")
        await pilot.press("enter")
        await reads(pilot, "It is due now")
        entry = desk.ledger.entry(order.reference)
        assert entry
        assert entry.due_at == desk.time.now()
        await begin(pilot, "n")
        await pilot.press(*"came back", "enter")
        await reads(pilot, "The note is on record", "came back")

    assert desk.ledger.order(order.reference).state is A


@pytest.mark.prove
async def test_what_is_private_in_a_note_is_not_kept(desk: Room) -> None:
    """Events are never deleted, so no address, phone or bank card stands in one."""
    order = desk.sell("cash")
    async with signed_in(desk) as pilot:
        await to_page(pilot, order)
        await begin(pilot, "n")
        await pilot.press(*"ask mei@example.com", "enter")
        await reads(pilot, "The note is on record")

    *_, last = desk.ledger.events(order.reference)
    assert last["body"]["reason"] == "ask ***"


@pytest.mark.prove
async def test_cash_that_is_to_be_given_back_is_handed_back_out_of_the_till(desk: Room) -> None:
    """From the board: one key, the PIN, and it is on record with who did it."""
    order = desk.sell("cash")
    desk.pay_cash()
    paid = desk.ledger.order(order.reference)
    rejected = Fact(event=Event.REJECTED, by="airtime", reason="the SIM is gone")
    desk.ledger.record(paid, rejected, at=desk.time.now())
    async with signed_in(desk) as pilot:
        await reads(pilot, "1 cash to hand back")
        await pilot.press("enter")
        await reads(pilot, "H Hand back cash")
        await begin(pilot, "h")
        await reads(pilot, "You hand 23.50 USD back in cash, out of the till")
        await pilot.press(*PIN, "enter")
        await reads(pilot, "Hand back 23.50 USD. It is on record.", "the money is given back")

    assert history(desk, order)[-1] == ("refunded", "clerk:mei")
