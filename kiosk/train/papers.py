"""Situations with receipts and messages."""

from __future__ import annotations

from kiosk.contacts import Channel, Contact
from kiosk.ledger.messages import Status, messages_of
from kiosk.post import leave
from kiosk.printing import print_receipt
from kiosk.train.cases import Case, Situation, printed_again
from kiosk.train.shop import THIRD_SIM, Shop
from kiosk.train.tills import sold_for_cash

MOBILE = "+13055550142"
UNREACHABLE = 21614


def no_paper(shop: Shop) -> Case:
    """The roll was at its end when the receipt was to come."""
    case = Case(shop, sold_for_cash(shop, prints=False))
    shop.paper.turn(paper=False)
    _prints(case)
    return case


def torn_off(shop: Shop) -> Case:
    """The printer has reset itself in the middle."""
    case = Case(shop, sold_for_cash(shop, prints=False))
    shop.paper.turn(reset_after=300)
    _prints(case)
    shop.paper.well()
    return case


def _prints(case: Case) -> None:
    house = case.shop.house
    print_receipt(house.ledger, house.config, house.printer, case.order, house.clock)
    house.paper_watch.look()


def lost(shop: Shop) -> Case:
    return Case(shop, sold_for_cash(shop, prints=True, sim=THIRD_SIM))


def no_message(shop: Shop) -> Case:
    """The number could not be reached when the message was sent; it can be by now."""
    case = Case(shop, sold_for_cash(shop, prints=True))
    assert case.about
    shop.goes_wrong(remote="twilio", endpoint="POST *", reject=UNREACHABLE, times=1)
    leave(shop.house, case.order, Contact(Channel.SMS, MOBILE, "en"))
    shop.until(case.about, lambda order: _status(case) is Status.FAILED)
    return case


def _status(case: Case) -> Status:
    assert case.about
    return messages_of(case.shop.house.ledger, case.about)[-1].status


def message_came(case: Case) -> str:
    if _status(case) is Status.FAILED:
        return "The message has not been sent again yet."
    return "" if _status(case) in (Status.ACCEPTED, Status.ARRIVED) else "The message is on its way: one moment."


SITUATIONS = (
    Situation("paper-out", "No receipt came out", no_paper, printed_again, by_hand=True),
    Situation("half-printed", "It stopped in the middle of my receipt", torn_off, printed_again),
    Situation("lost-receipt", "I have lost my receipt", lost, printed_again),
    Situation("no-message", "No message came to my phone", no_message, message_came),
)
