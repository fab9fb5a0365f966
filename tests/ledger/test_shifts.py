"""Shifts and closings: they tile the chain, so each payment stands in exactly one closing, whatever the clocks say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec import structs

from kiosk.errors import Illegal, Stale
from kiosk.facts import Attempt, Call, Event, Fact, Outcome
from kiosk.ledger import Ledger, database, desk, shifts
from kiosk.ledger.closing import Count, close_shift
from kiosk.ledger.rows import stamp
from kiosk.ledger.schema import MIGRATIONS
from kiosk.ledger.shifts import Shift, Way, closing_of
from kiosk.ledger.tally import CASH, Figure, Totals
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.plans import Line, LineKind
from tests.ledger.test_growth import steps
from tests.orders import NOW, a_fact, a_ledger, opened, recorded, usd

MEI = "clerk:mei"
UNPAID = a_fact(Event.ESCALATED, unpaid_proven=True)
TILL = a_fact(Event.REFUNDED, shift="S1")
NO = a_fact(Event.NOTED, attempt=Attempt(1, Call.REFUND, "K0700000000001XR1", NOW, Outcome.REFUSED, NOW))
STORIES: dict[str, tuple[str, tuple[tuple[Event | Fact, str, int], ...]]] = {
    "a sale": ("wechat", ((Event.PAID, "taken wechat", 1750), (Event.DELIVERED, "", 0), (Event.CAPTURED, "", 0))),
    "a cash sale": (CASH, ((Event.PAID, "taken cash", 1750), (Event.DELIVERED, "", 0), (Event.CAPTURED, "", 0))),
    "cash back": (CASH, ((Event.PAID, "taken cash", 1750), (Event.REJECTED, "", 0), (TILL, "back cash", 1750))),
    "a refund that fails": (
        "wechat",
        (
            (Event.PAID, "taken wechat", 1750),
            (Event.REJECTED, "", 0),
            (Event.REFUNDED, "back wechat", 1750),
            (Event.REFUND_FAILED, "back wechat", -1750),
            (NO, "", 0),
            (a_fact(Event.SETTLED_RETURNED, shift="S1"), "back cash", 1750),
        ),
    ),
    "another amount": (
        "wechat",
        (
            (a_fact(Event.ESCALATED, amount=usd(900)), "taken wechat", 900),
            (Event.REFUND_ORDERED, "", 0),
            (Event.REFUNDED, "back wechat", 900),
        ),
    ),
    "a hold that lapsed": (
        "card",
        ((Event.PAID, "taken card", 1750), (UNPAID, "", 0), (Event.SETTLED_UNPAID, "taken card", -1750)),
    ),
    "paid after all": (
        "wechat",
        ((Event.UNPAID, "", 0), (Event.FOUND_PAID, "taken wechat", 1750), (Event.REFUND_ORDERED, "", 0)),
    ),
    "never paid": ("wechat", ((Event.CANCELLED, "", 0), (Event.UNPAID, "", 0))),
}
"""A tender, and what happens: each with what it does to the money."""


def close(ledger: Ledger, counted: int = 0, *, reason: str = "counted", by: str = MEI) -> Shift:
    till = shifts.till(ledger, "USD")
    return close_shift(ledger, Count(usd(counted), till), reason=reason, by=by, at=NOW)


def told(totals: Totals) -> Counter[str]:
    """The money of a closing, by what it is."""
    lines = [("taken", one) for one in totals.taken] + [("back", one) for one in totals.given_back]
    return Counter({f"{what} {one.name}": one.amount.amount_minor for what, one in lines if one.amount.amount_minor})


def trade(ledger: Ledger, seed: int, many: int = 25) -> Iterator[tuple[str, int]]:
    """Many orders at once, each a story, a step at a time, with clocks that go back and forth. Yields what moves."""
    dice = Random(seed)  # noqa: S311 - a seed must give the same day again
    going = []
    for number in range(1, many + 1):
        tender, story = STORIES[dice.choice(list(STORIES))]
        going.append((opened(ledger, number, tender=tender), list(story)))
    while going:
        place = dice.randrange(len(going))
        order, ahead = going[place]
        event, what, minor = ahead.pop(0)
        fact = event if isinstance(event, Fact) else a_fact(event)
        at = NOW + timedelta(hours=dice.randint(-40, 40))
        going[place] = (ledger.record(order, fact, at=at), ahead)
        if not ahead:
            going.pop(place)
        yield what, minor


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.prove) for seed in range(3, 13))])
def test_every_payment_stands_in_exactly_one_closing(ledger: Ledger, seed: int) -> None:
    """Whatever the clocks say, and wherever the closings fall: each says what moved since the last, and no more."""
    ledger.database.execute("PRAGMA synchronous = OFF")
    dice, since, whole = Random(seed), Counter[str](), Counter[str]()  # noqa: S311 - the same
    closed = [close(ledger)]
    for what, minor in trade(ledger, seed):
        if minor:
            since[what] += minor
        if dice.random() < 0.1:
            closed.append(close(ledger))
            totals = closing_of(ledger, closed[-1])[0].totals
            assert told(totals) == Counter({key: minor for key, minor in since.items() if minor})
            assert sum(one.amount.amount_minor for one in totals.plans) == sum(
                one.amount.amount_minor for one in totals.taken
            )
            since.clear()
        if minor:
            whole[what] += minor
    closed.append(close(ledger))

    summed: Counter[str] = Counter()
    for shift in closed:
        summed.update(told(closing_of(ledger, shift)[0].totals))
    assert +summed == +whole
    assert [shift.z for shift in closed] == list(range(1, len(closed) + 1))
    assert list(problems(ledger)) == []


def test_what_was_taken_is_told_by_plan_promotion_tax_and_fee(ledger: Ledger) -> None:
    """And taxes that went back with a refund stand apart; customers' languages are one name here."""
    recorded(ledger, State.COMPLETED, 1)
    chinese = (
        Line(LineKind.PLAN, "10GB 30天", usd(1800)),
        Line(LineKind.DISCOUNT, "开业优惠", usd(-200)),
        Line(LineKind.TAX, "销售税", usd(150)),
    )
    recorded(ledger, State.REFUNDED, 2, lines=chinese, language="zh")
    english = {"开业优惠": "Welcome discount", "销售税": "Sales tax"}
    till = shifts.till(ledger, "USD", lambda name: english.get(name, name))

    assert till.totals == Totals(
        taken=(Figure("wechat", 2, usd(3500)),),
        given_back=(Figure("wechat", 1, usd(1750)),),
        plans=(Figure("10 GB for 30 days", 2, usd(3500)),),
        promotions=(Figure("Welcome discount", 2, usd(-400)),),
        charges=(Figure("Sales tax", 2, usd(300)),),
        charges_given_back=(Figure("Sales tax", 1, usd(150)),),
    )


def test_what_must_be_in_the_till_is_change_money_and_all_that_came_and_went_in_cash(ledger: Ledger) -> None:
    """Change money, sales, cash back, in, out; what is paid otherwise is not in the till."""
    shifts.open_shift(ledger, usd(10000), MEI, at=NOW)
    recorded(ledger, State.COMPLETED, 1, tender=CASH)
    recorded(ledger, State.REFUNDED, 2, tender=CASH)
    recorded(ledger, State.COMPLETED, 3)
    shifts.move_cash(ledger, Way.IN, usd(5000), "coins", MEI, at=NOW)
    shifts.move_cash(ledger, Way.OUT, usd(700), "stamps", MEI, at=NOW)

    assert shifts.till(ledger, "USD").expected == usd(10000 + 1750 + 5000 - 700)


def test_a_closing_is_short_over_or_exact_and_a_difference_needs_a_reason(ledger: Ledger) -> None:
    """Nothing is closed without one; the count before stays on record."""
    shifts.open_shift(ledger, usd(10000), MEI, at=NOW)
    shifts.move_cash(ledger, Way.COUNTED, usd(9900), "", MEI, at=NOW)
    with pytest.raises(Illegal, match="needs a reason"):
        close(ledger, 9900, reason=" ")
    assert shifts.current(ledger)

    closed, head = closing_of(ledger, close(ledger, 9900, reason="a wrong note"))

    assert (closed.difference, closed.reason, closed.till_float) == (usd(-100), "a wrong note", usd(10000))
    assert [(move.way, move.amount) for move in closed.moves] == [(Way.COUNTED, usd(9900))]
    assert head == f"{ledger.head().seq}:{ledger.head().hash}"
    assert list(problems(ledger, head)) == []


def test_a_shift_that_nobody_opened_is_closed_all_the_same(ledger: Ledger) -> None:
    """Without any cash; and what the clerk says of the change money counts where nobody told it before."""
    recorded(ledger, State.COMPLETED, 1)
    first = close(ledger)
    desk.shift_of(ledger, MEI, at=NOW)
    till = shifts.till(ledger, "USD", till_float=usd(3000))
    second = close_shift(ledger, Count(usd(3000), till, usd(3000)), reason="", by=MEI, at=NOW)

    assert (first.id, first.z, second.id, second.z) == ("S1", 1, "S2", 2)
    assert closing_of(ledger, second)[0].till_float == usd(3000)
    assert list(problems(ledger)) == []


def test_cash_that_comes_after_the_count_is_told_and_the_till_is_counted_again(ledger: Ledger) -> None:
    """Else the difference would be another one than the clerk saw. What is paid otherwise changes nothing."""
    count = Count(usd(0), shifts.till(ledger, "USD"))
    recorded(ledger, State.COMPLETED, 1, tender=CASH)
    with pytest.raises(Stale, match="Count once more"):
        close_shift(ledger, count, reason="", by=MEI, at=NOW)

    count = Count(usd(1750), shifts.till(ledger, "USD"))
    recorded(ledger, State.COMPLETED, 2)
    assert close_shift(ledger, count, reason="", by=MEI, at=NOW).z == 1


def test_a_ledger_of_before_keeps_its_papers_and_its_open_shift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its shift is closed as any other, without a change money that nobody told."""
    before = next(place for place, (name, _) in enumerate(MIGRATIONS) if name.startswith("shifts are closed"))
    with monkeypatch.context() as older:
        older.setattr(database, "MIGRATIONS", MIGRATIONS[:before])
        with closing(a_ledger(tmp_path)) as ledger:
            recorded(ledger, State.COMPLETED, 1)
            desk.shift_of(ledger, MEI, at=NOW)
            papers = ledger.database.rows("SELECT * FROM print_jobs")
    with closing(a_ledger(tmp_path)) as ledger:
        assert [row | {"z": None} for row in papers] == ledger.database.rows("SELECT * FROM print_jobs")
        assert closing_of(ledger, close(ledger))[0].till_float is None
        assert list(problems(ledger)) == []


def test_of_two_who_close_at_once_one_is_first_and_the_other_is_told_who(tmp_path: Path) -> None:
    """Two programs on one ledger: it is closed once."""
    with closing(a_ledger(tmp_path)) as one, closing(a_ledger(tmp_path)) as other:
        shifts.open_shift(one, usd(0), MEI, at=NOW)
        counts = [(ledger, Count(usd(0), shifts.till(ledger, "USD"))) for ledger in (one, other)]

        def end(number: int) -> str:
            ledger, count = counts[number]
            try:
                return f"Z {close_shift(ledger, count, reason='', by=f'clerk:c{number}', at=NOW).z}"
            except Stale as error:
                return str(error)

        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(end, range(2)))

        assert said[1] == "Z 1"
        assert "S1 was closed meanwhile by clerk:c" in said[0]
        assert [row["event"] for row in one.events()].count("shift_closed") == 1


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE shifts SET till_float_minor = 1", "The shift S1"),
        ("UPDATE shifts SET closed_at = NULL, z = NULL, closed_seq = NULL", "The shift S1"),
        ("UPDATE till_moves SET amount_minor = 1", "Cash in or out"),
        ("DELETE FROM till_moves", "Cash in or out"),
    ],
)
def test_what_somebody_changed_behind_the_ledgers_back_is_found(ledger: Ledger, statement: str, found: str) -> None:
    """A shift opened again, or cash that never went out."""
    shifts.open_shift(ledger, usd(10000), MEI, at=NOW)
    shifts.move_cash(ledger, Way.OUT, usd(700), "stamps", MEI, at=NOW)
    close(ledger, 9300)
    ledger.database.execute(statement)

    assert found in " ".join(problems(ledger))


def test_a_closing_that_says_something_else_than_its_events_is_found(ledger: Ledger) -> None:
    """Even where the chain is whole: as if a defect of ours had added up wrongly."""
    recorded(ledger, State.COMPLETED, 1)
    shift = close(ledger)
    wrong = structs.replace(closing_of(ledger, shift)[0], z=2, totals=Totals(), after=shift.closed_seq)
    recorded(ledger, State.COMPLETED, 2)
    with ledger.database.transaction():
        wrong = structs.replace(wrong, id=desk.shift_within(ledger, MEI, at=NOW))
        head = ledger.append(NOW, "shift_closed", MEI, wrong)
        ledger.database.execute(
            "UPDATE shifts SET closed_at = ?, closed_by = ?, z = 2, closed_seq = ? WHERE id = 'S2'",
            (stamp(NOW), MEI, head.seq),
        )

    assert list(problems(ledger)) == ["Z 2 has other totals than its events."]


def test_what_is_closed_already_makes_the_next_closing_no_slower(ledger: Ledger) -> None:
    """It costs what its period costs."""
    ledger.database.execute("PRAGMA synchronous = OFF")
    recorded(ledger, State.COMPLETED, 1)
    close(ledger)
    recorded(ledger, State.COMPLETED, 2)
    before = steps(ledger, lambda ledger: shifts.till(ledger, "USD"))
    for number in range(3, 63):
        recorded(ledger, State.COMPLETED, number)
    close(ledger)
    recorded(ledger, State.COMPLETED, 63)

    assert steps(ledger, lambda ledger: shifts.till(ledger, "USD")) <= before * 1.1
