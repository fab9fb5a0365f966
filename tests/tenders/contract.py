"""What every tender keeps, shown with the real queue and ledger against its sandbox over HTTP.

A new one gets it by one line in test_contract.py:

    class TestAcme(TenderContract): rail = ACME

What a rail has not (a card shows no code) it does not declare, and that is looked at, too: `Can` in rail.py. Which
documented code means what is in test_documented_codes.py.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.abilities import ChargesCodes
from kiosk.identifiers import Purpose, wire_reference
from kiosk.order import State
from kiosk.ports import Acts, Pending, Refunded
from tests.sandbox.conftest import PLAIN
from tests.tenders.rail import CANCEL, KNOBS, Can, Rail, ScanRail
from tests.tenders.till import End, Till, opened

DELIVERED = End(State.COMPLETED, paid=1, back=0, back_under_way=False, payable=False, top_ups=1)
GIVEN_BACK = End(State.REFUNDED, paid=1, back=1, back_under_way=False, payable=False, top_ups=0)
NOTHING_PAID = End(State.ABANDONED, paid=0, back=0, back_under_way=False, payable=False, top_ups=0)

ENDS = {
    "start": DELIVERED,
    "charge": DELIVERED,
    "look": DELIVERED,
    "capture": DELIVERED,
    "close": NOTHING_PAID,
    "refund": GIVEN_BACK,
    "look_at_refund": GIVEN_BACK,
}
"""How a sale ends that meets this call."""

FAULTS = [
    pytest.param({"garbage": True}, id="HTML"),
    pytest.param({"fail_before": 429}, id="429"),
    pytest.param({"fail_before": 503}, id="503", marks=pytest.mark.prove),
    pytest.param({"fail_after": 502}, id="502", marks=pytest.mark.prove),
    pytest.param({"down": True}, id="down", marks=pytest.mark.prove),
]


class TenderContract:
    rail: Rail

    @pytest.fixture
    def open_till(self, keys: Path) -> Iterator[Callable[..., Till]]:
        with ExitStack() as stack:
            yield lambda **how: stack.enter_context(opened(keys, self.rail, **how))

    @pytest.fixture
    def till(self, open_till: Callable[..., Till]) -> Till:
        return open_till()

    # --- what it declares ----------------------------------------------------------------------------------------

    def test_what_it_declares_is_so(self, till: Till) -> None:
        """By the tender's own word, and by the knobs of its sandbox: no clause is skipped for convenience."""
        tender, declared = till.tender, self.rail.can
        knobs = {knob for knob in KNOBS if _takes(till, {"remote": self.rail.remote, "times": 1, knob: True})}
        calls = {"look", "close", "refund", "look_at_refund"}
        calls |= {"start"} if tender.starts else set()
        calls |= {"capture"} if tender.captures_later else set()
        calls |= {"charge"} if isinstance(tender, ChargesCodes) else set()

        assert tender.name == self.rail.name
        assert (Can.CODE in declared) == (tender.acts is Acts.SHOWS_CODE)
        assert isinstance(self.rail, ScanRail) == (tender.acts is Acts.SCANS_CUSTOMER_CODE)
        assert declared & set(KNOBS) == knobs
        assert set(self.rail.calls) == calls

    # --- how a payment ends --------------------------------------------------------------------------------------

    def test_a_payment_delivers_once(self, till: Till) -> None:
        """Paid, delivered, and the receipt has the rail's own number and the order's amount."""
        till.show()

        assert till.pay()
        assert till.settle() == DELIVERED
        assert till.order.paid == till.order.total
        assert till.order.payment_number
        assert self.looked_at_again(till) == DELIVERED

    def test_a_no_of_the_payer_moves_nothing(self, till: Till) -> None:
        """The same order can still be paid; a wallet that was scanned needs another code, which is another order."""
        till.show()
        self.rail.decline(till)
        till.wait(seconds=5)
        declined = till.end()
        if not self.scans:
            till.pay()

        assert (declined.paid, declined.top_ups) == (0, 0)
        assert till.settle() == (NOTHING_PAID if self.scans else DELIVERED)

    def test_what_nobody_pays_is_abandoned_by_proof(self, till: Till) -> None:
        """The time is over, and nothing can be paid any more."""
        till.show()

        assert till.settle() == NOTHING_PAID
        assert till.order.unpaid_proven
        assert self.looked_at_again(till) == NOTHING_PAID

    def test_a_payment_at_the_last_moment_counts(self, till: Till) -> None:
        """Nobody looked between the payment and the end of the time. Where the end must cancel, it is given back."""
        order, second = till.show(), timedelta(seconds=1)
        till.clock.at = min(order.expires_at, till.clock.at + self.rail.confirms_within) - second
        assert till.pay()
        till.clock.at = order.expires_at + second

        assert till.settle() == (GIVEN_BACK if till.tender.cancels_at_time_out else DELIVERED)

    def test_who_leaves_leaves_nothing_that_can_be_paid(self, till: Till) -> None:
        """Another way to pay may be chosen at once."""
        till.show()
        till.leave()

        assert till.settle() == NOTHING_PAID

    def test_who_leaves_before_anything_was_shown_owes_nothing(self, till: Till) -> None:
        """Nothing payable ever reached anybody."""
        till.sell()
        till.leave()

        assert till.settle() == NOTHING_PAID

    def test_who_pays_and_leaves_gets_the_money_back_once(self, till: Till) -> None:
        """Payment wins: first it is found, then given back in full."""
        till.show()
        till.pay()
        till.leave()

        assert till.settle() == GIVEN_BACK
        assert self.looked_at_again(till) == GIVEN_BACK

    def test_a_payment_between_the_look_and_the_close_is_given_back_once(self, open_till: Callable[..., Till]) -> None:
        """By the rail's own cancel where that gives back, else by our refund; never by both."""
        till = open_till(settings=self.rail.ten_minutes)
        till.show()
        till.leave()
        till.turn(endpoint=self.rail.calls["close"], delay_s=0.5, times=1)
        said: list[bool] = []
        customer = threading.Thread(target=self._pay_while_it_closes, args=(till, said))
        customer.start()
        ended = till.settle()
        customer.join()
        by = [each for payment in self.rail.payments(till) for each in payment.back]

        assert said == [True]
        assert ended == GIVEN_BACK
        assert (by == [CANCEL]) == (Can.CANCEL_GIVES_BACK in self.rail.can)
        assert self.looked_at_again(till) == GIVEN_BACK

    def _pay_while_it_closes(self, till: Till, said: list[bool]) -> None:
        while any(rule["endpoint"] == self.rail.calls["close"] for rule in till.faults()):
            time.sleep(0.01)
        said.append(till.pay())

    def test_what_is_closed_cannot_be_paid(self, till: Till) -> None:
        """A photo of the code is worth nothing, nor is a late word on the phone."""
        till.show()
        till.leave()
        till.settle()

        assert not till.pay()
        assert till.settle() == NOTHING_PAID

    def test_a_rail_that_took_the_money_after_it_had_closed_is_found_out(self, till: Till) -> None:
        """It contradicts itself: the money is found by looking again, and a clerk decides."""
        till.show()
        till.settle()
        self.rail.spoil(till, paid=True)

        assert self.looked_at_again(till).state is State.REVIEW
        assert "was paid after all" in till.order.reason

    def test_a_code_that_is_paid_twice_is_paid_once(self, till: Till) -> None:
        """By two phones; the second is told so."""
        self.only(Can.CODE)
        till.show()

        assert [till.pay(), till.pay()] == [True, False]
        assert till.settle() == DELIVERED

    def test_a_scanned_code_may_pay_at_once(self, till: Till) -> None:
        """Small amounts need no word on the phone. What was scanned is in no book of ours."""
        rail = self.scanning()
        till.sell()
        code = rail.show_code(till, confirm=False)
        till.scan(code)

        assert till.settle() == DELIVERED
        assert code not in str([row["body"] for row in till.house.ledger.events(till.reference)])

    def test_a_scanned_code_is_good_for_one_order(self, till: Till) -> None:
        """Held under the scanner again it is refused: another order needs another code."""
        rail = self.scanning()
        till.show()
        till.pay()
        till.settle()
        till.sell()
        till.scan(rail.code)
        till.wait(minutes=10)

        assert till.order.state is State.ABANDONED
        assert sum(payment.paid for payment in rail.payments(till)) == 1

    # --- the wrong money -----------------------------------------------------------------------------------------

    @pytest.mark.parametrize("wrong", [{"less_minor": 1}, {"currency": "EUR"}], ids=str)
    def test_another_amount_or_currency_goes_to_a_clerk(self, till: Till, wrong: dict[str, Any]) -> None:
        """Compared to the cent with what is due; the top-up is not sent."""
        self.paid_unseen(till)
        self.rail.spoil(till, **wrong)
        till.settle()

        assert till.order.state is State.REVIEW
        assert f"{till.order.total} is due" in till.order.reason
        assert till.order.deadline_at
        assert till.world.delivered() == []

    def test_a_coupon_of_the_payer_is_no_difference(self, till: Till) -> None:
        """The wallet pays the rest: the order's amount counts, and all of it goes back where it must."""
        self.only(Can.COUPON)
        till.turn(coupon=True)
        till.world.turn(endpoint="POST orders/topups", reject=33)
        till.show()
        till.pay()

        assert till.settle() == GIVEN_BACK
        assert till.order.paid == till.order.total

    # --- lost on the way -----------------------------------------------------------------------------------------

    @pytest.mark.parametrize("fault", ["lose_reply", pytest.param("down", marks=pytest.mark.prove)])
    @pytest.mark.parametrize("call", ENDS)
    def test_a_call_that_is_lost_changes_no_book(self, till: Till, call: str, fault: str) -> None:
        """On the way there or back: looked up or sent again under the same reference, never done twice."""
        if call not in self.rail.calls:
            pytest.skip(f"{self.rail.name} has no such call, and that is looked at: {call}")
        expected = ENDS[call]
        if call == "charge" and fault == "down":
            expected = NOTHING_PAID  # it never arrived; a code is charged once, and after that only looked for
        if expected is GIVEN_BACK:
            till.world.turn(endpoint="POST orders/topups", reject=33)
        till.turn(endpoint=self.rail.calls[call], times=1, **{fault: True})
        till.sell()
        till.wait(seconds=5)
        self.rail.present(till)
        if expected is not NOTHING_PAID:
            till.pay()
        elif call == "close":
            till.leave()

        assert till.settle() == expected
        assert [rule for rule in till.faults() if rule["remote"] == self.rail.remote] == []

    @pytest.mark.parametrize("fault", FAULTS)
    def test_an_answer_that_says_nothing_moves_nothing(self, till: Till, fault: dict[str, Any]) -> None:
        """HTML, too many requests, a broken gateway: the order stays, and goes on when the rail speaks again."""
        self.paid_unseen(till)
        till.turn(**fault)
        till.wait(seconds=5)
        unseen = till.order
        till.world.clear_faults()

        assert (unseen.state, unseen.paid) == (State.AUTHORIZING, None)
        assert till.settle() == DELIVERED

    def test_a_rail_that_is_asked_too_often_is_asked_later(self, till: Till) -> None:
        """In its own words: not done, and done later."""
        self.paid_unseen(till)
        till.turn(reject=self.rail.not_now)
        till.wait(seconds=5)
        unseen = till.order
        till.world.clear_faults()

        assert (unseen.state, unseen.paid) == (State.AUTHORIZING, None)
        assert till.settle() == DELIVERED

    def test_credentials_that_do_not_serve_are_one_finding(self, till: Till) -> None:
        """For the owner, however often it is asked; nothing is concluded from it."""
        self.paid_unseen(till)
        till.turn(reject=self.rail.misconfigured)
        till.wait(seconds=5)
        told, unseen = till.findings(), till.order
        till.world.clear_faults()

        assert len(told) == 1
        assert unseen.state is State.AUTHORIZING
        assert till.settle() == DELIVERED

    def test_a_power_cut_loses_nothing(self, till: Till) -> None:
        """Paid while the kiosk was dark: it starts again, looks, and delivers."""
        self.paid_unseen(till)
        till.close()
        till.open()

        assert till.settle() == DELIVERED

    # --- once ----------------------------------------------------------------------------------------------------

    def test_a_payment_that_is_made_known_twice_is_one_payment(self, till: Till) -> None:
        """The same reference again, as after a lost reply; then it is paid once."""
        if "start" not in self.rail.calls:
            pytest.skip("it is not told before the customer pays, and that is looked at")
        order = till.show()
        till.tender.start(order, wire_reference(order.reference, Purpose.PAYMENT))

        assert till.pay()
        assert till.settle() == DELIVERED
        assert len(self.rail.payments(till)) == 1

    def test_a_refund_that_is_wanted_twice_is_one_refund(self, till: Till) -> None:
        """The same reference again is the same refund: it ends, and the money goes back once."""
        till.show()
        till.pay()
        order = till.wait(seconds=30)
        wire, now = wire_reference(order.reference, Purpose.PAYMENT), till.clock.now
        refund = wire_reference(order.reference, Purpose.REFUND)
        answers = []
        for _ in range(4):
            answers.append(till.tender.refund(order, wire, refund, now()))
            till.clock.forward(minutes=2)
        answers.append(till.tender.ask_refund(order, wire, refund, now()))

        assert all(isinstance(answer, Pending | Refunded) for answer in answers)
        assert isinstance(answers[-1], Refunded)
        assert [payment.back for payment in self.rail.payments(till)] == [(refund,)]

    # --- trust ---------------------------------------------------------------------------------------------------

    def test_an_answer_that_somebody_else_signed_is_none_and_an_alarm(self, till: Till) -> None:
        """No "paid" is believed, nor any other word; the owner is told once; then the sale goes on."""
        self.only(Can.FORGED)
        self.paid_unseen(till)
        till.turn(forged=True)
        till.wait(seconds=5)
        told, unseen = till.findings(), till.order
        till.world.clear_faults()

        assert (unseen.state, unseen.paid) == (State.AUTHORIZING, None)
        assert len(told) == 1
        assert "is not believed" in told[0]
        assert till.settle() == DELIVERED

    def test_a_key_that_changes_without_a_word_disturbs_nothing(self, till: Till) -> None:
        """The next key is fetched, and believed because the known one vouches for it."""
        self.only(Can.ROTATED)
        till.show()
        till.turn(rotated=True)
        till.pay()

        assert till.settle() == DELIVERED
        assert till.findings() == []

    @pytest.mark.parametrize("minutes", [10, pytest.param(-10, marks=pytest.mark.prove)])
    def test_a_clock_that_is_wrong_is_told(self, open_till: Callable[..., Till], minutes: int) -> None:
        """Where the rail's signature holds the time, nothing is sold by it meanwhile, and the reason is on record."""
        till = open_till(rail_ahead=timedelta(minutes=minutes))
        told = Can.TELLS_TIME in self.rail.can
        till.sell()
        till.wait(seconds=5)
        self.rail.present(till)
        if not told:
            till.pay()
        till.wait(seconds=30)

        assert ("the kiosk's clock says" in till.answers) == told
        assert till.end().top_ups == (0 if told else 1)

    # --- helpers -------------------------------------------------------------------------------------------------

    def only(self, *needed: Can) -> None:
        """This clause is for rails that can do this."""
        if missing := [each for each in needed if each not in self.rail.can]:
            pytest.skip(f"{self.rail.name} has no such thing, as it declares: {', '.join(missing)}")

    @property
    def scans(self) -> bool:
        return "charge" in self.rail.calls

    def scanning(self) -> ScanRail:
        """This clause is for rails that scan."""
        if not isinstance(self.rail, ScanRail):
            pytest.skip(f"{self.rail.name} scans nothing, as it declares")
        return self.rail

    def looked_at_again(self, till: Till) -> End:
        """What the watch makes of a settled order."""
        till.clock.forward(minutes=16)
        till.work()
        assert till.findings() == []
        return till.end()

    def paid_unseen(self, till: Till) -> None:
        """The customer has paid, and the kiosk has not looked since."""
        till.show()
        assert till.pay()


def _takes(till: Till, rule: dict[str, Any]) -> bool:
    """Whether the sandbox has such a knob."""
    done = httpx.put(f"{till.world.sandbox.url}/_knobs", json=rule, verify=PLAIN).status_code == 200
    till.world.clear_faults()
    return done
