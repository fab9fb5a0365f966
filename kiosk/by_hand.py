"""A sale by a clerk's hand, for cash: what is looked at before any money is taken, and the sale itself.

For the command line and the counter alike. Nothing is delivered here: the queue does that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.daily import settings_now, since_words
from kiosk.errors import Illegal, LedgerError, NotNow
from kiosk.money import Money
from kiosk.offers import covers
from kiosk.order import Order
from kiosk.plans import Plan, Sim, total_of
from kiosk.ports import Acts, Tender
from kiosk.quotes import Quote
from kiosk.sale import open_sale, take_cash
from kiosk.settings import OUT_OF_SERVICE, TENDER
from kiosk.ways import LineState, ways_to_pay

if TYPE_CHECKING:
    from kiosk.assembly import House


def sell_for_cash(
    house: House, tender: Tender, sim: Sim, shown: Quote, tendered: Money, *, language: str, by: str
) -> Order:
    """Open the sale that was `shown`, and put its cash on record. The top-up is the queue's from then on.

    Raises Illegal where the price is another one by now, NotNow where nothing can be delivered, LedgerError: each says
    what becomes of the money.
    """
    lines = shown.lines(language)
    refuse_if_hindered(house, tender, sim, total_of(lines))
    now = house.quote(sim, shown.plan, shown)
    refuse_if_another_price(shown, now)
    order = open_sale(
        house.ledger, sim, now.plan, lines, tender,
        kiosk=house.config.kiosk_id, language=language, by=by, at=house.clock.now(), choose=house.choose,
    )  # fmt: skip
    try:
        return take_cash(house.ledger, order, tendered, by=by, at=house.clock.now(), review_by=house.review_by())
    except LedgerError as error:
        raise type(error)(f"{error} The cash is not on record: give it back, or try again in a moment.") from None


def cash_tender(house: House, name: str) -> Tender:
    """A way to pay that a clerk can finish here. Raises Illegal for the others."""
    tender = house.tenders.get(name)
    if tender is None:
        raise Illegal(f"{name!r} is not configured; ways to pay: {', '.join(house.tenders) or 'none'}.")
    if tender.acts is not Acts.CLERK:
        raise Illegal(f"{name} needs the kiosk's screen; only cash can be sold without it.")
    return tender


def unchecked(house: House, sim: Sim) -> str:
    """What the clerk tells the customer of a SIM that nobody could look at."""
    assert sim.remembered_at is not None, "only such a one"
    at = f"{sim.remembered_at.astimezone(house.config.zone):%Y-%m-%d %H:%M}"
    return f"Its plans are those of {at}, for SIMs of its kind; if it takes no top-up, the money goes back."


def refuse_if_hindered(house: House, tender: Tender, sim: Sim, total: Money) -> None:
    """Say before any money is taken that nothing can be delivered now. Raises NotNow."""
    refuse_if_set_so(house, tender)
    if house.config.file.printer.required and not (printer := house.paper_watch.look()).condition.prints:
        raise NotNow(f"No receipt can be printed: {printer.why or printer.condition}. Nothing was sold; take no money.")
    outlook = house.outlook(sim.provider, total, unseen=sim.remembered_at is not None)
    (way,) = ways_to_pay({tender.name: tender}, LineState.UP, outlook)
    if way.hindrance is None:
        return
    why = outlook.limit or f"[offline] in the configuration does not let {tender.name} be taken meanwhile"
    raise NotNow(f"{sim.provider} does not answer, and {why}. Nothing was sold; take no money.")


def refuse_if_set_so(house: House, tender: Tender) -> None:
    """What somebody at the counter has set holds here, too. Raises NotNow."""
    found = {each.key: each for each in settings_now(house)}
    for key in (OUT_OF_SERVICE, TENDER + tender.name):
        setting = found.get(key)
        if setting and setting.changed and not setting.as_configured:
            name = "It" if key == OUT_OF_SERVICE else setting.name
            raise NotNow(
                f"{name} is {setting.words} {since_words(house, setting.changed)}. Nothing was sold; take no money."
                f" A supervisor sets it back: kiosk settings reset {key} --clerk NAME."
            )


def refuse_if_uncovered(house: House, provider: str, plan: Plan) -> None:
    """Say before any money is taken that our float does not cover the plan. Raises NotNow."""
    if not covers(house.left_to_sell(provider), plan):
        raise NotNow(f"{plan.id} is not available now: our credit at {provider} does not cover it. Take no money.")


def refuse_if_another_price(shown: Quote, now: Quote) -> None:
    """The clerk said yes to another price, or to something else for it. Raises Illegal."""
    if now.same(shown):
        return
    before, after = total_of(shown.lines("en")), total_of(now.lines("en"))
    told = f"{before} before, now {after}" if before != after else "the same total for something else"
    raise Illegal(f"The price has changed meanwhile: {told}. Nothing was sold; ask the customer, and sell anew.")
