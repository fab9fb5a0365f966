"""Questions before there is an order: asked in a thread of their own, answered or not within their time."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from kiosk.errors import Misconfigured, Refused, Unreachable
from kiosk.identifiers import SimNumber, SimRule
from kiosk.inquiry import Inquiry
from kiosk.plans import Sim
from kiosk.ports import Provider
from kiosk.simulation.remotes import CARD, PLAN, FakeProvider, SetClock

PHONE = SimNumber("+13055550142")


@dataclass
class Slow(FakeProvider):
    """Answers when it is let go."""

    let_go: threading.Event | None = None
    error: Exception | None = None

    def sim(self, number: SimNumber) -> Sim:
        if self.let_go:
            self.let_go.wait(20)
        if self.error:
            raise self.error
        return super().sim(number)


def inquiry(*providers: Provider, rules: tuple[SimRule, ...] = ()) -> Inquiry:
    """With the default for cards that config.py makes, where there is a provider for them."""
    default = [SimRule("89", (19, 20), True, provider.name) for provider in providers[:1]]
    return Inquiry(lambda: {provider.name: provider for provider in providers}, (*rules, *default))


def test_a_sim_comes_with_its_plans() -> None:
    """The answer is the provider's own."""
    assert inquiry(Slow(SetClock())).sim_now(CARD).plans == (PLAN,)


def test_a_provider_that_does_not_answer_is_unreachable_in_time() -> None:
    """Who waits is told after the deadline; the late answer is nobody's."""
    let_go = threading.Event()
    with pytest.raises(Unreachable, match="has not answered"):
        inquiry(Slow(SetClock(), let_go=let_go)).sim_now(CARD, deadline_s=0.01)
    let_go.set()


def test_a_screen_that_leaves_does_not_break_the_question() -> None:
    """A Future cannot be cancelled under the thread that answers it."""
    let_go = threading.Event()
    future = inquiry(Slow(SetClock(), let_go=let_go)).sim(CARD)
    cancelled = future.cancel()
    let_go.set()

    assert not cancelled
    assert future.result(20).number == CARD


@pytest.mark.parametrize(
    ("error", "told"),
    [(Refused("no such SIM", code="unknown_sim"), Refused), (ValueError("8901260862291477122"), Unreachable)],
)
def test_what_goes_wrong_comes_back_as_no_answer(error: Exception, told: type[Exception]) -> None:
    """A definite no stays one; a defect is no answer, and repeats nothing that may be secret."""
    with pytest.raises(told) as caught:
        inquiry(Slow(SetClock(), error=error)).sim_now(CARD)

    assert CARD not in str(caught.value)


def test_the_longest_prefix_says_who_serves_a_sim() -> None:
    """A rule for more digits goes before one for fewer."""
    one, two, three = (FakeProvider(SetClock(), name=name) for name in ("one", "two", "three"))
    rules = (SimRule("8901", (19,), True, "two"), SimRule("890126", (19,), True, "three"))

    assert inquiry(one, two, three, rules=rules).provider_of(CARD) is three
    assert inquiry(one, two, three, rules=rules).provider_of(SimNumber("8901990862291477122")) is two
    assert inquiry(one, two, three, rules=rules).provider_of(SimNumber("8944990862291477122")) is one


def test_a_phone_number_goes_to_the_provider_of_phone_numbers() -> None:
    """And a card number beside it to that of cards."""
    cards, phones = FakeProvider(SetClock(), name="cards"), FakeProvider(SetClock(), name="phones")
    asked = inquiry(cards, phones, rules=(SimRule("+1", (), False, "phones"),))

    assert asked.provider_of(PHONE) is phones
    assert asked.provider_of(CARD) is cards


def test_a_kind_of_number_that_nobody_serves_is_said_in_a_sentence() -> None:
    """The owner reads which rule is missing."""
    only = FakeProvider(SetClock(), name="only")
    with pytest.raises(Misconfigured, match=r'serves phone numbers.*prefix = "\+1"'):
        inquiry(only).sim_now(PHONE)
    with pytest.raises(Misconfigured, match=r'serves card numbers.*prefix = "89"'):
        Inquiry(lambda: {"only": only}, (SimRule("+1", (), False, "only"),)).sim_now(CARD)


def test_the_line_to_a_provider_of_phone_numbers_is_asked_about_with_a_phone_number() -> None:
    """A card number would never leave the kiosk."""
    asked: list[str] = []

    class Listening(FakeProvider):
        def sim(self, number: SimNumber) -> Sim:
            asked.append(number)
            raise Unreachable("nobody there", sent=False)

    cards, phones = Listening(SetClock(), name="cards"), Listening(SetClock(), name="phones")
    with pytest.raises(Unreachable):
        inquiry(cards, phones, rules=(SimRule("+1", (), False, "phones"),)).line()

    assert [number[:2] for number in asked] == ["89", "+1"]


def test_no_provider_is_said_in_a_sentence() -> None:
    """The owner reads what is missing."""
    with pytest.raises(Misconfigured, match=r"\[providers.airalo\]"):
        inquiry().sim_now(CARD)


def test_the_line_is_up_where_one_provider_says_anything() -> None:
    """A no came through the line as well; one provider's silence says nothing about the others."""
    silent = Slow(SetClock(), name="silent", error=Unreachable("nobody there", sent=False))
    refusing = Slow(SetClock(), name="refusing", error=Refused("no such card"))

    inquiry(silent, refusing).line()
    with pytest.raises(Unreachable):
        inquiry(silent).line()
