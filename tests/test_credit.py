"""A clerk asks for the price of a failed top-up: once, on record, and only where something failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.credit import request_credit
from kiosk.errors import Illegal, Misconfigured, NotNow, Refused, Unreachable
from kiosk.facts import Call, Event, Fact, Outcome
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.ledger.desk import open_finding
from kiosk.ledger.verify import problems
from kiosk.order import State
from kiosk.ports import TopUp
from kiosk.simcheck import KIND
from kiosk.simulation.remotes import FakeProvider
from kiosk.simulation.shop import Shop
from tests.world import PIN, World


@dataclass
class Listening(FakeProvider):
    """A provider with people who read requests."""

    requests: list[tuple[TopUp, str]] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)
    meanwhile: Shop | None = None

    def request_credit(self, request: TopUp, why: str) -> str:
        self.requests.append((request, why))
        if self.meanwhile:
            order = self.meanwhile.order(Reference(request.reference[:-2]))
            self.meanwhile.ledger.record(order, Fact(event=Event.NOTED, by="queue"), at=self.clock.now())
        if self.answers:
            raise self.answers.pop(0)
        return f"R{len(self.requests)}"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.provider = made.providers["airtime"] = Listening(made.clock)
    made.restart()
    yield made
    assert list(problems(made.ledger)) == []
    made.close()


def people(shop: Shop) -> Listening:
    assert isinstance(shop.provider, Listening)
    return shop.provider


def failed(shop: Shop) -> Reference:
    """A top-up that was carried out and did not work, for all the provider knows."""
    shop.provider.fails = True
    name = shop.sell("cash")
    shop.wait(minutes=1)
    shop.provider.fails = False
    assert shop.state(name) is State.REFUNDING
    return name


def ask(shop: Shop, name: Reference, *, again: bool = False) -> str:
    order, provider = shop.order(name), shop.providers["airtime"]
    return request_credit(shop.ledger, order, provider, "it never came", by="mei", clock=shop.clock, again=again)


def outcomes(shop: Shop, name: Reference) -> list[tuple[Outcome | None, str]]:
    return [(attempt.outcome, attempt.answer) for attempt in shop.order(name).of(Call.CREDIT)]


def test_what_failed_is_asked_for_under_its_reference_and_stands_in_the_timeline(shop: Shop) -> None:
    """Who, why, and the provider's number; the order goes its own way."""
    name = failed(shop)
    number = ask(shop, name)
    ((request, why),) = people(shop).requests

    assert (number, why) == ("R1", "it never came")
    assert request.reference == wire_reference(name, Purpose.TOP_UP)
    assert outcomes(shop, name) == [(Outcome.DONE, "R1")]
    assert shop.state(name) is State.REFUNDING
    said = [(event["by"], event["body"].get("reason", "")) for event in shop.ledger.events(name)]
    assert ("mei", "it never came") in said


def test_it_is_not_asked_twice_by_accident(shop: Shop) -> None:
    """The provider would not notice; a clerk may still want it."""
    name = failed(shop)
    ask(shop, name)
    with pytest.raises(Illegal, match=r"asked for already at .* \(R1\); once more: --again"):
        ask(shop, name)

    assert ask(shop, name, again=True) == "R2"
    assert outcomes(shop, name) == [(Outcome.DONE, "R1"), (Outcome.DONE, "R2")]


@pytest.mark.parametrize(
    ("error", "outcome", "again"),
    [
        (Refused("too late for that"), Outcome.REFUSED, True),
        (NotNow("too often"), Outcome.NOT_NOW, True),
        (Misconfigured("the secret is wrong"), Outcome.NOT_NOW, True),
        (Unreachable("nobody there", sent=False), Outcome.NOT_SENT, True),
        (Unreachable("no answer", sent=True), Outcome.UNKNOWN, False),
        (ValueError("a defect"), Outcome.UNKNOWN, False),
    ],
    ids=["refused", "not now", "misconfigured", "never left", "lost", "a defect"],
)
def test_what_was_not_taken_on_may_be_asked_again_and_what_is_in_doubt_may_not(
    shop: Shop, error: Exception, outcome: Outcome, again: bool
) -> None:
    """Every answer is on record before anybody reads it."""
    name = failed(shop)
    people(shop).answers.append(error)
    with pytest.raises(Unreachable if isinstance(error, ValueError) else type(error)):
        ask(shop, name)

    assert [found for found, _ in outcomes(shop, name)] == [outcome]
    if again:
        assert ask(shop, name) == "R2"
    else:
        with pytest.raises(Illegal, match="asked for already"):
            ask(shop, name)


def test_an_answer_is_kept_though_the_order_moved_on_meanwhile(shop: Shop) -> None:
    """The queue wrote while people were asked."""
    name = failed(shop)
    people(shop).meanwhile = shop

    assert ask(shop, name) == "R1"
    assert outcomes(shop, name) == [(Outcome.DONE, "R1")]


def test_where_nothing_failed_nothing_is_asked(shop: Shop) -> None:
    """Under way, never sent, or delivered: each in its own words, and the provider hears nothing."""
    delivered = shop.sell("cash")
    shop.wait(minutes=1)
    unpaid = shop.open("cash")
    shop.provider.weather = lambda asked: "down"
    waiting = shop.sell("cash")
    shop.wait(minutes=1)
    for name, words in (
        (delivered, "it is delivered"),
        (unpaid, "nothing has failed"),
        (waiting, "nothing has failed"),
    ):
        with pytest.raises(Illegal, match=words):
            ask(shop, name)
    shop.wait(hours=30)
    for name in (unpaid, waiting):
        with pytest.raises(Illegal, match="no top-up was ever sent"):
            ask(shop, name)

    assert people(shop).requests == []


def test_a_delivered_top_up_that_the_sim_does_not_show_has_failed(shop: Shop) -> None:
    """A finding says so, dealt with or not."""
    name = shop.sell("cash")
    shop.wait(minutes=1)
    now = shop.clock.now()
    open_finding(shop.ledger, KIND, "its SIM shows nothing", at=now, deadline_at=now, order=name)

    assert ask(shop, name) == "R1"
    assert shop.state(name) is State.COMPLETED


def test_a_provider_without_such_people_is_said_so(shop: Shop) -> None:
    """Nothing is written down that could not be sent."""
    name = failed(shop)
    shop.providers["airtime"] = FakeProvider(shop.clock)

    with pytest.raises(Illegal, match="airtime takes no such request"):
        ask(shop, name)
    assert outcomes(shop, name) == []


@pytest.mark.prove
def test_a_clerk_asks_airalo_from_the_command_line(kiosk: World) -> None:
    """With the PIN; in Airalo's books once, and in the order's timeline."""
    kiosk.turn(endpoint="POST orders/topups", reject=33)
    kiosk.sell(code=11)
    name = kiosk.orders()[0]["reference"]
    arguments = ("request-credit", name, "--clerk", "mei", "--reason", "out of stock, and charged")
    assert "not the PIN" in kiosk.run(*arguments, pin="000111", code=4)
    told = kiosk.run(*arguments, pin=PIN)
    twice = kiosk.run(*arguments, pin=PIN, code=9)
    (asked,) = kiosk.books("airalo/refunds")
    shown = kiosk.run("show", name)

    assert "airalo has taken the request on (number " in told
    assert "once more: --again" in twice
    assert "out of stock, and charged" in str(asked)
    assert "credit: done" in shown
    assert "out of stock, and charged" in shown
