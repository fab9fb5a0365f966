"""What every provider keeps, shown against its sandbox over real HTTP. A new one gets it by one line in test_contract.

    class TestAcme(ProviderContract): case = Case(...)

Which documented code means what is in test_documented_codes.py; what a queue makes of it in tests of the queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.identifiers import SimNumber
from kiosk.ports import Absent, Delivered, Provider, TopUp
from tests.providers.line import Break, Line
from tests.providers.stand import Case, Stand, settled, stand

STRANGER = SimNumber("8944000000000000009")


def until_not_now(provider: Provider, requests: Iterable[TopUp]) -> int:
    """How many top-ups were taken before one was answered with *not now*."""
    for done, request in enumerate(requests):
        try:
            provider.top_up(request)
        except NotNow:
            return done
    raise AssertionError("it was never said: not now")


class ProviderContract:
    case: Case

    @pytest.fixture
    def at(self, tmp_path: Path) -> Iterator[Stand]:
        with stand(self.case, tmp_path) as made:
            yield made

    @pytest.fixture
    def provider(self, at: Stand) -> Provider:
        return at.provider()

    def test_a_sale_is_delivered_and_read_back(self, at: Stand, provider: Provider) -> None:
        """Plans with their cost, the top-up, and the provider's own record of it."""
        request = self.case.request()
        sim = provider.sim(request.sim_number)
        found = provider.top_up(request)
        looked = provider.look_up(request)

        assert request.plan_id in {plan.id for plan in sim.plans if plan.wholesale.amount_minor > 0}
        assert (sim.number, sim.provider, provider.name) == (request.sim_number, self.case.name, self.case.name)
        assert isinstance(found, Delivered)
        assert isinstance(looked, Delivered)
        assert found.number == looked.number != ""
        assert at.executed() == 1

    def test_a_strangers_card_is_refused_before_it_is_paid(self, provider: Provider) -> None:
        """In words that the screen knows."""
        with pytest.raises(Refused) as caught:
            provider.sim(STRANGER)

        assert caught.value.code == "unknown_sim"

    # --- unknown outcomes ----------------------------------------------------------------------------------------

    @pytest.mark.parametrize("fault", [{"lose_reply": True}, {"fail_after": 502}, {"garbage": True}], ids=str)
    def test_what_was_lost_on_the_way_back_is_found(self, at: Stand, provider: Provider, fault: dict[str, Any]) -> None:
        """In doubt at first; settled by our reference, and carried out once."""
        at.turn(self.case.create, times=1, **fault)

        with pytest.raises(Unreachable) as caught:
            provider.top_up(self.case.request())

        assert caught.value.sent
        assert isinstance(settled(provider, self.case.request()), Delivered)
        assert at.executed() == 1

    @pytest.mark.parametrize("fault", [{"down": True}, {"fail_before": 500}, {"fail_before": 503}], ids=str)
    def test_what_was_lost_on_the_way_there_is_in_doubt(
        self, at: Stand, provider: Provider, fault: dict[str, Any]
    ) -> None:
        """Not listed: that proves nothing. Sent again only where a second use of the reference is refused."""
        at.turn(self.case.create, times=1, **fault)

        with pytest.raises(Unreachable) as caught:
            provider.top_up(self.case.request())
        looked = provider.look_up(self.case.request())

        assert caught.value.sent
        assert isinstance(looked, Absent)
        assert isinstance(settled(provider, self.case.request()), Delivered if provider.repeat_is_lookup else Absent)
        assert at.executed() == int(provider.repeat_is_lookup)

    def test_a_connection_that_never_opened_sent_nothing(self, at: Stand, provider: Provider) -> None:
        """The one proof of it."""
        at.sandbox.stop()

        with pytest.raises(Unreachable) as caught:
            provider.top_up(self.case.request())

        assert not caught.value.sent

    def test_one_reference_twice_is_what_the_adapter_says_it_is(self, at: Stand, provider: Provider) -> None:
        """The queue trusts `repeat_is_lookup`: where it is promised there is one top-up. A look finds them all."""
        for _ in range(2):
            assert isinstance(provider.top_up(self.case.request()), Delivered)
        found = provider.look_up(self.case.request())

        assert isinstance(found, Delivered)
        assert at.executed() == self.case.twice == len(found.number.split(", "))
        assert self.case.twice == 1 or not provider.repeat_is_lookup

    def test_a_look_up_finds_no_other_reference(self, provider: Provider) -> None:
        """Not even one that ours is a part of."""
        provider.top_up(self.case.request(2))
        shorter = replace(self.case.request(2), reference=self.case.request(2).reference[:-1])

        assert isinstance(provider.look_up(self.case.request(1)), Absent)
        assert isinstance(provider.look_up(shorter), Absent)

    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
    def test_a_look_that_failed_says_nothing_of_the_top_up(self, at: Stand, provider: Provider, status: int) -> None:
        """Never a no; and a top-up that was taken on and cannot be read back is no doubt either."""
        at.turn(self.case.look, fail_before=status)
        found = provider.top_up(self.case.request())

        with pytest.raises(NoAnswer) as caught:
            provider.look_up(self.case.request())

        assert not isinstance(caught.value, Refused)
        assert not isinstance(found, Delivered)
        assert at.executed() == 1

    # --- definite answers ----------------------------------------------------------------------------------------

    def test_not_now_was_not_done_and_is_done_later(self, at: Stand, provider: Provider) -> None:
        """Under the same reference."""
        at.turn(self.case.create, reject=self.case.not_now, times=1)

        with pytest.raises(NotNow):
            provider.top_up(self.case.request())

        assert at.executed() == 0
        assert isinstance(provider.top_up(self.case.request()), Delivered)

    def test_a_wrong_secret_is_told_to_the_owner(self, at: Stand) -> None:
        """Nothing is sold, and nothing is given back for it; the secret is in no message."""
        provider = at.provider(password="training-guess")

        for call in (provider.top_up, provider.look_up):
            with pytest.raises(Misconfigured) as caught:
                call(self.case.request())
            assert "guess" not in str(caught.value)
        assert at.executed() == 0

    def test_the_rate_limit_is_kept_to(self, tmp_path: Path) -> None:
        """What was one too many was not done; later it is, and no other was lost."""
        with stand(self.case, tmp_path, limits=True) as at:
            provider = at.provider()
            done = until_not_now(provider, (self.case.request(number) for number in range(99)))
            before = at.executed()
            at.forward(61)

            assert isinstance(provider.top_up(self.case.request(done)), Delivered)
            assert 0 < before == done < 99
            assert at.executed() == done + 1

    # --- a bad line ----------------------------------------------------------------------------------------------

    def test_a_remote_that_answers_garbage_is_in_doubt(self, at: Stand, provider: Provider) -> None:
        """Whatever was asked: a page of HTML is no answer, and no defect of ours."""
        request = self.case.request()
        provider.look_up(request)  # logged in, where there is a log-in
        at.turn("*", garbage=True)

        for call in (lambda: provider.sim(request.sim_number), lambda: provider.top_up(request)):
            with pytest.raises(Unreachable):
                call()
        with pytest.raises(Unreachable):
            provider.look_up(request)

    def test_a_remote_that_is_too_slow_is_in_doubt(self, at: Stand, provider: Provider) -> None:
        """It carried the top-up out after we had hung up."""
        provider.look_up(self.case.request())
        at.turn(self.case.create, delay_s=0.4, times=1)

        with pytest.raises(Unreachable) as caught:
            at.provider(timeout_s=0.2).top_up(self.case.request())
        assert caught.value.sent
        at.wait_until_executed()
        assert isinstance(settled(provider, self.case.request()), Delivered)
        assert at.executed() == 1

    @pytest.mark.parametrize("how", [Break.HALF, Break.RESET, Break.HALF_CLOSED])
    def test_a_line_that_breaks_in_the_reply_leaves_a_doubt_that_is_settled(self, at: Stand, how: Break) -> None:
        """Cut in half, reset, or closed on one side only: the request was carried out."""
        at.provider().look_up(self.case.request())
        with Line(at.sandbox.url, f"POST {self.case.path}{self.case.create.removeprefix('POST ')}", how) as line:
            with pytest.raises(Unreachable) as caught:
                at.provider(line.url).top_up(self.case.request())
            assert caught.value.sent

        assert isinstance(settled(at.provider(), self.case.request()), Delivered)
        assert at.executed() == 1

    def test_connections_that_are_reset_after_each_answer_disturb_nothing(self, at: Stand) -> None:
        """None is kept, so none is stale."""
        with Line(at.sandbox.url, "", Break.AFTERWARDS) as line:
            provider = at.provider(line.url)
            sim = provider.sim(self.case.request().sim_number)
            found = [provider.top_up(self.case.request(number)) for number in (1, 2)]

        assert sim.plans
        assert all(isinstance(one, Delivered) for one in found)
        assert at.executed() == 2


class WithTokens:
    """For a provider whose log-in is a token that ends."""

    case: Case

    def test_a_token_that_ends_in_mid_queue_is_renewed(self, tmp_path: Path) -> None:
        """The provider says 401 to the next top-up, although the token should still be good: it is sent once more."""
        with stand(self.case, tmp_path) as at:
            provider = at.provider()
            provider.top_up(self.case.request(1))
            at.theirs.forward(days=400)

            assert isinstance(provider.top_up(self.case.request(2)), Delivered)
            assert at.executed() == 2
