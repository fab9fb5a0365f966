"""Top-ups under faults: one payment, one top-up, whatever the line and the provider do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.errors import NotNow, Refused
from kiosk.facts import Outcome
from kiosk.order import State
from kiosk.simulation.remotes import Fault
from kiosk.simulation.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("dedupes", [True, False])
def test_a_lost_reply_never_delivers_twice(shop: Shop, dedupes: bool) -> None:
    """The provider did it, and its answer was lost: it is found, and done once."""
    shop.provider.repeat_is_lookup = dedupes
    shop.provider.faults += ["lost"]
    name = shop.sell()
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.provider.delivered(name) == 1
    assert shop.asked("top_up") == (2 if dedupes else 1)


def test_a_top_up_listed_late_is_found_and_completes(shop: Shop) -> None:
    """Ten minutes of "not listed" are no proof: the look-ups go on until it shows."""
    shop.provider.faults += ["lost"]
    shop.provider.listed_after = timedelta(minutes=10)
    name = shop.sell()
    shop.wait(minutes=9)
    assert shop.state(name) is State.SUBMITTING
    shop.wait(minutes=20)

    assert shop.state(name) is State.COMPLETED
    assert shop.provider.delivered(name) == 1


def test_a_top_up_that_is_never_listed_goes_to_a_clerk(shop: Shop) -> None:
    """In doubt, and not in the provider's list in time: a clerk, with a reason and a deadline; never a second send."""
    shop.provider.faults += ["dark"]
    name = shop.sell()
    shop.wait(minutes=39)
    assert shop.state(name) is State.SUBMITTING
    shop.wait(minutes=15)

    order = shop.order(name)
    assert order.state is State.REVIEW
    assert "does not list it after 40 min" in order.reason
    assert order.deadline_at
    assert order.deadline_at > shop.clock.now()
    assert shop.asked("top_up") == 1


def test_a_call_cut_by_a_power_cut_is_looked_up_not_sent_again(shop: Shop) -> None:
    """An attempt without an answer is in doubt, whether it left or not."""
    name = shop.sell()
    _, task = shop.in_flight(name)
    shop.queue.perform(task)
    shop.restart()
    shop.now()

    assert shop.state(name) is State.COMPLETED
    assert shop.asked("top_up", "look_up") == 2
    assert shop.provider.delivered(name) == 1


def test_a_power_cut_before_the_call_still_never_sends_twice(shop: Shop) -> None:
    """Written down and never sent looks the same on disk: the order goes to a clerk instead."""
    name = shop.sell()
    shop.in_flight(name)
    shop.restart()
    shop.wait(hours=1)

    assert shop.state(name) is State.REVIEW
    assert shop.asked("top_up") == 0


def test_a_clerk_who_resumes_a_doubt_makes_it_looked_up_again(shop: Shop) -> None:
    """Resuming is no second send; what shows up meanwhile completes the order."""
    shop.provider.faults += ["lost"]
    shop.provider.listed_after = timedelta(hours=2)
    name = shop.sell()
    shop.wait(hours=1)
    assert shop.decide(name, "resume").state is State.SUBMITTING
    shop.wait(hours=1)
    assert shop.state(name) is State.REVIEW
    shop.decide(name, "resume")
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.asked("top_up") == 1


@pytest.mark.parametrize("dedupes", [True, False])
def test_a_no_to_the_second_call_is_no_proof_about_the_first(shop: Shop, dedupes: bool) -> None:
    """Rejected after a lost reply: the money is not given back for a top-up that may stand."""
    shop.provider.repeat_is_lookup = dedupes
    shop.provider.faults += ["lost", Refused("the plan is not on sale")]
    name = shop.sell()
    shop.wait(hours=1)

    assert shop.state(name) is State.COMPLETED
    assert shop.provider.delivered(name) == 1


def test_a_definite_no_gives_the_money_back(shop: Shop) -> None:
    """Nothing was done, and never will be."""
    shop.provider.faults += [Refused("this SIM is unknown")]
    name = shop.sell("wallet")
    shop.now()

    assert shop.state(name) is State.REFUNDED
    assert shop.events(name)[-4:] == ["noted", "rejected", "noted", "refunded"]


def test_a_failure_in_the_providers_own_record_settles_every_attempt(shop: Shop) -> None:
    """A lost reply, then a record that says failed: a definite no."""
    shop.provider.fails = True
    shop.provider.faults += ["lost"]
    name = shop.sell("wallet")
    shop.wait(minutes=5)

    order = shop.order(name)
    assert order.state is State.REFUNDED
    assert not order.in_doubt


def test_not_now_is_not_a_refusal_and_its_pace_is_kept(shop: Shop) -> None:
    """Maintenance for an hour: nobody is asked before it is over, then it is delivered."""
    shop.provider.faults += [NotNow("maintenance", retry_after_s=3600)]
    name = shop.sell()
    shop.wait(minutes=59)
    assert shop.asked("top_up") == 1
    assert not shop.order(name).in_doubt
    shop.wait(minutes=2)

    assert shop.state(name) is State.COMPLETED


def test_a_remote_that_says_at_once_is_not_hammered(shop: Shop) -> None:
    """ "Retry after 0 seconds" does not make the queue turn in place."""
    shop.provider.weather = lambda asked: NotNow("busy", retry_after_s=0)
    shop.sell()
    shop.wait(minutes=1)

    assert 2 < shop.asked("top_up") < 60


def test_a_pace_beyond_the_deadline_does_not_hide_the_order(shop: Shop) -> None:
    """ "Come back in a year", whoever asks: the customer has the money back when the time is over."""
    shop.provider.weather = lambda asked: NotNow("closed", retry_after_s=365 * 86400.0)
    name = shop.sell("wallet")
    shop.wait(hours=5)

    assert shop.state(name) is State.REFUNDED
    assert "gave_up" in shop.events(name)


def test_what_never_left_is_sent_again(shop: Shop) -> None:
    """A connection that never opened proves that nothing was sent."""
    shop.provider.faults += ["down", "down"]
    name = shop.sell()
    shop.wait(minutes=5)

    assert shop.state(name) is State.COMPLETED
    assert [attempt.outcome for attempt in shop.order(name).attempts] == [
        Outcome.NOT_SENT,
        Outcome.NOT_SENT,
        Outcome.DONE,
    ]


@pytest.mark.parametrize(("fault", "ends"), [("down", State.REFUNDED), ("dark", State.REVIEW)])
def test_the_queue_gives_up_only_what_was_never_sent(shop: Shop, fault: Fault, ends: State) -> None:
    """At the deadline: money back where nothing left, a clerk where anything may have."""
    shop.provider.weather = lambda asked: fault
    name = shop.sell("wallet")
    shop.wait(hours=5)

    order = shop.order(name)
    assert order.state is ends
    assert bool(order.deadline_at) is (ends is State.REVIEW)
    assert ("gave_up" in shop.events(name)) is (ends is State.REFUNDED)


def test_accepted_is_not_delivered(shop: Shop) -> None:
    """Processing for an hour: the order waits, and is neither sent again nor called delivered."""
    shop.provider.takes = timedelta(hours=1)
    name = shop.sell()
    shop.wait(minutes=59)
    assert shop.state(name) is State.SUBMITTING
    assert shop.order(name).delivered_at is None
    shop.wait(minutes=15)

    assert shop.state(name) is State.COMPLETED
    assert shop.asked("top_up") == 1


@pytest.mark.parametrize("dedupes", [True, False])
def test_an_adapter_that_breaks_counts_as_sent(shop: Shop, dedupes: bool) -> None:
    """A plain exception says nothing about the remote: in doubt, and looked up."""
    shop.provider.repeat_is_lookup = dedupes
    shop.provider.faults += [ValueError("a bug")]
    name = shop.sell()
    shop.now()

    order = shop.order(name)
    assert order.state is State.SUBMITTING
    assert order.in_doubt
    assert order.attempts[0].outcome is Outcome.UNKNOWN
    assert "a bug" not in order.attempts[0].answer
