"""Two connections to one real file, whatever each says in whatever order: one is first, the other is told so."""

from __future__ import annotations

import tempfile
import threading
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import Illegal, Stale
from kiosk.facts import Fact
from kiosk.ledger import Ledger
from kiosk.ledger.verify import problems
from kiosk.order import SETTLED, Order, State, advance, targets
from tests.orders import NOW, a_ledger, opened
from tests.test_order_histories import facts

pytestmark = pytest.mark.prove
unhurried = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rebuilt(ledger: Ledger, order: Order) -> Order:
    """The order that its events alone make."""
    first, *others = ledger.events(order.reference)
    again = msgspec.convert(first["body"]["order"], Order)
    for row in others:
        again = advance(again, msgspec.convert(row["body"], Fact), NOW)
    return again


def in_its_queue(ledger: Ledger, order: Order) -> bool:
    """-ING has a due time, a review its deadline, a settled order neither."""
    (row,) = ledger.database.rows("SELECT due_at, deadline_at FROM orders WHERE reference = ?", (order.reference,))
    if order.state is State.REVIEW:
        return bool(row["due_at"]) and row["due_at"] == row["deadline_at"]
    return (row["due_at"] is None) is (order.state in SETTLED)


@unhurried
@given(data=st.data())
def test_of_two_connections_exactly_one_is_first(data: st.DataObject) -> None:
    """Each writes over what it last saw: the newest wins, the stale one changes nothing; row, events, chain agree."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ledgers = [stack.enter_context(closing(a_ledger(Path(folder)))) for _ in range(2)]
        for ledger in ledgers:
            ledger.database.execute("PRAGMA synchronous = OFF")
        truth = opened(ledgers[0])
        seen = [truth, truth]
        for _ in range(data.draw(st.integers(2, 10))):
            who = data.draw(st.integers(0, 1))
            if data.draw(st.booleans()):
                seen[who] = ledgers[who].order(truth.reference)
            events = st.sampled_from(sorted(targets(truth.state)))
            said = data.draw(st.lists(events.flatmap(facts), min_size=1, max_size=2))
            due_at = data.draw(st.sampled_from([None, NOW + timedelta(seconds=9)]))
            expected = _expected(truth, seen[who], said)
            head = ledgers[0].head()
            if isinstance(expected, Order):
                seen[who] = truth = ledgers[who].record(seen[who], *said, at=NOW, due_at=due_at)
                assert truth == expected
            else:
                with pytest.raises(expected):
                    ledgers[who].record(seen[who], *said, at=NOW, due_at=due_at)
                assert ledgers[0].head() == head
            for ledger in ledgers:
                assert ledger.order(truth.reference) == truth
            assert in_its_queue(ledgers[1 - who], truth)
        assert rebuilt(ledgers[0], truth) == truth
        assert list(problems(ledgers[1])) == []


def _expected(truth: Order, seen: Order, said: list[Fact]) -> Order | type[Exception]:
    """What the machine alone says of it."""
    if seen.version != truth.version:
        return Stale
    try:
        for fact in said:
            truth = advance(truth, fact, NOW)
    except Illegal:
        return Illegal
    return truth


@unhurried
@given(data=st.data())
def test_of_two_threads_at_the_same_moment_exactly_one_is_first(data: st.DataObject) -> None:
    """Both say something that is legal, over the same version: one is recorded, the other is stale."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ledgers = [stack.enter_context(closing(a_ledger(Path(folder)))) for _ in range(2)]
        order = opened(ledgers[0])
        legal = st.sampled_from(sorted(targets(order.state))).flatmap(facts).filter(lambda fact: _is_legal(order, fact))
        said = [data.draw(legal), data.draw(legal)]
        start = threading.Barrier(2)
        outcome: dict[int, Order | None] = {}

        def record(who: int) -> None:
            start.wait()
            try:
                outcome[who] = ledgers[who].record(order, said[who], at=NOW)
            except Stale:
                outcome[who] = None

        threads = [threading.Thread(target=record, args=(who,)) for who in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners = [who for who in range(2) if outcome[who]]

        assert len(winners) == 1
        assert ledgers[0].order(order.reference) == advance(order, said[winners[0]], NOW)
        assert list(problems(ledgers[0])) == []


def _is_legal(order: Order, fact: Fact) -> bool:
    try:
        return bool(advance(order, fact, NOW))
    except Illegal:
        return False
