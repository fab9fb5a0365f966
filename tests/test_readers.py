"""The queue's holder asks the card reader now and then, so that the screens offer only what works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.ways import Hindrance, LineState, ways_to_pay
from tests.tenders.card_rail import CARD
from tests.tenders.till import Till, opened


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with ExitStack() as stack:
        yield stack.enter_context(opened(tmp_path, CARD))


def hindrance(till: Till) -> Hindrance | None:
    ways = ways_to_pay(till.house.tenders, LineState.UP, till.house.outlook())
    return next(way.hindrance for way in ways if way.tender.name == "card")


def test_a_reader_without_power_is_known_in_time_and_back_by_itself(till: Till) -> None:
    """Off after two minutes, as Stripe sees it; on again within half a minute."""
    till.queue.step()
    at_first = hindrance(till)
    CARD.act(till, "pull")
    till.clock.forward(minutes=3)
    till.queue.step()
    off = hindrance(till)
    CARD.act(till, "plug")
    till.clock.forward(seconds=31)
    till.queue.step()

    assert (at_first, off, hindrance(till)) == (None, Hindrance.READER_OFF, None)


def test_a_rail_that_does_not_answer_says_nothing_of_its_reader(till: Till) -> None:
    """What was known stands."""
    till.queue.step()
    till.turn(endpoint="GET terminal/*", down=True)
    till.clock.forward(minutes=1)
    till.queue.step()

    assert hindrance(till) is None


def test_a_reader_is_busy_until_the_order_before_is_settled_or_paid(till: Till) -> None:
    """In AUTHORIZING and in CANCELLING; then the next customer may have it."""
    till.show()
    waiting = hindrance(till)
    till.leave()
    leaving = hindrance(till)
    till.work()

    assert (waiting, leaving, hindrance(till)) == (Hindrance.READER_BUSY, Hindrance.READER_BUSY, None)
