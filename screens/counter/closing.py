"""The forms of a shift: its change money, cash in and out, the blind count, and the closing after it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kiosk import closing as till
from kiosk.closing_paper import difference_words, in_words
from kiosk.errors import Illegal
from kiosk.ledger.closing import Count
from kiosk.ledger.shifts import Shift, Way
from kiosk.money import Money
from screens.counter.form import Ask, Form

if TYPE_CHECKING:
    from kiosk.assembly import House

COUNT = "A total such as 123.45, or pieces such as 5x20 3x10 12x0.25"


def opening(house: House) -> Form[str]:
    """A shift begins with its change money."""
    read = partial(till.read_count, currency=house.config.currency)

    def do(typed: dict[str, str], by: str) -> str:
        shift = till.open_till(house, read(typed["money"])[0], by)
        return f"{shift.id} is open, with {in_words(shift.till_float)} change money." if shift.till_float else ""

    tells = "Count the change money that is in the till now. It goes on record; the closing is told by it."
    return Form("A shift begins", tells, [Ask("money", COUNT, read)], do)


def changing(house: House, way: Way) -> Form[str]:
    """Cash goes in or out beside the sales."""
    read = partial(Money.parse, currency=house.config.currency)

    def amount(text: str) -> Money:
        found = read(text.replace(",", "."))
        if found.amount_minor <= 0:
            raise Illegal("How much? It must be above nothing.")
        return found

    def do(typed: dict[str, str], by: str) -> str:
        return till.move(house, way, amount(typed["money"]), typed["reason"], by)

    into = (
        "into the till: from the bank, from the safe" if way is Way.IN else "out of the till: to the bank, for stamps"
    )
    asks = [Ask("money", "Amount, such as 50.00", amount), Ask("reason", "Why; it goes on record", reason, 200)]
    return Form(f"Cash {way}", f"Cash that goes {into}. No sale, and no cash back.", asks, do)


def reason(text: str) -> str:
    if not text:
        raise Illegal("Why? It goes on record.")
    return text


def counting(house: House, *, ask_change_money: bool) -> Form[Count]:
    """The blind count: nothing here says what must be there."""
    read = partial(till.read_count, currency=house.config.currency)

    def do(typed: dict[str, str], by: str) -> Count:
        counted, pieces = read(typed["money"])
        began = read(typed["began"])[0] if typed.get("began") else None
        return till.count(house, counted, by, pieces=pieces, till_float=began)

    asks = [Ask("money", COUNT, read)]
    tells = "Count all cash in the till, then type it. It goes on record before you are told what must be there."
    if ask_change_money:
        asks.insert(0, Ask("began", "Change money that it began with (empty: none)", lambda text: text and read(text)))
        tells += " Nobody told the change money when this shift began: say it first."
    return Form("Count the till", tells, asks, do, pin=False, back="Back, nothing is closed")


def closing(house: House, count: Count) -> Form[Shift]:
    """What was counted against what must be there."""
    word, amount = difference_words(count.difference)
    exact = not count.difference.amount_minor
    tells = f"Counted {in_words(count.counted)}; there must be {in_words(count.till.expected)}. "
    tells += "The closing goes on record, and its paper is printed." if exact else "Say why; it goes on record."

    def do(typed: dict[str, str], by: str) -> Shift:
        return till.close(house, count, typed.get("reason", ""), by)

    asks = [] if exact else [Ask("reason", "Why is there a difference? Unknown is an answer, too", reason, 200)]
    title = "Exact" if exact else f"{word} by {amount}"
    return Form(title, tells, asks, do, back="Back, nothing is closed")
