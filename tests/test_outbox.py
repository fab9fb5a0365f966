"""Messages are sent rather twice than never, and whatever becomes of them, no order is the worse for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.contacts import Channel, Contact, Message
from kiosk.errors import ConfigError, Misconfigured, NotNow, Refused, Unreachable
from kiosk.facts import Event
from kiosk.ledger import Ledger
from kiosk.ledger.desk import open_findings
from kiosk.ledger.messages import Entry, Status, contact_of, failed_messages, leave_contact, messages_of, send_again
from kiosk.ledger.reopening import RESTORED
from kiosk.ledger.restore import reopen
from kiosk.notices import MessageKind, kind_of
from kiosk.order import Order, State
from kiosk.outbox import DOUBTS_MAX, LEASE, Outbox
from kiosk.ports import Messenger
from kiosk.tables import Sales
from tests.orders import NOW, a_fact, a_ledger, recorded
from tests.providers.fakes import FixedClock

PHONE = Contact(Channel.SMS, "+8613800138000", "en")
DOWN, LOST = Unreachable("no line", sent=False), Unreachable("no word back", sent=True)


class PowerCut(BaseException):
    """The process ends in the middle of the call."""


@dataclass
class Gateway:
    """Keeps what it was given, and says what a test wants: an error before it takes the message, or after."""

    name: str = "gateway"
    got: list[Message] = field(default_factory=list)
    says: list[BaseException] = field(default_factory=list)
    fates: list[bool | Refused] = field(default_factory=list)

    def send(self, message: Message) -> str:
        error = self.says.pop(0) if self.says else None
        if error is None or error is LOST or isinstance(error, PowerCut):
            self.got.append(message)
        if error:
            raise error
        return "SM1"

    def arrived(self, number: str) -> bool:
        fate = self.fates.pop(0) if self.fates else False
        if isinstance(fate, Refused):
            raise fate
        return fate


@dataclass
class Shop:
    ledger: Ledger
    gateway: Gateway = field(default_factory=Gateway)
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.clock.at = NOW
        self.box = self.restart()

    def restart(self) -> Outbox:
        self.box = Outbox(self.ledger, self.messenger, Sales(), "+1 305 555 0142", False, self.clock, lambda: 1.0)
        return self.box

    def messenger(self, channel: Channel) -> Messenger | None:
        return self.gateway

    def sold(self, state: State = State.COMPLETED, number: int = 1) -> Order:
        order = recorded(self.ledger, state, number)
        leave_contact(self.ledger, order, PHONE, kind_of(order), at=NOW)
        return order

    def work(self, **later: float) -> None:
        self.clock.at += timedelta(**later)
        while self.box.step():
            pass

    def work_for(self, **span: float) -> None:
        """All that comes due within this time, every five minutes."""
        for _ in range(int(timedelta(**span) / timedelta(minutes=5))):
            self.work(minutes=5)

    def first(self, order: Order) -> Entry:
        return messages_of(self.ledger, order.reference)[0]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(a_ledger(tmp_path))
    made.ledger.database.execute("PRAGMA synchronous = OFF")
    yield made
    made.ledger.close()


def test_a_message_is_sent_once_and_looked_after_until_it_arrives(shop: Shop) -> None:
    """`accepted` is not `arrived`: only the gateway's later word is."""
    order = shop.sold()
    shop.work()
    assert (len(shop.gateway.got), shop.first(order).status) == (1, Status.ACCEPTED)

    shop.work(hours=1)
    assert shop.first(order).status is Status.ACCEPTED
    shop.gateway.fates = [True]
    shop.work(hours=1)

    assert (len(shop.gateway.got), shop.first(order).status) == (1, Status.ARRIVED)


def test_a_message_that_never_arrives_is_a_failure_with_its_reason(shop: Shop) -> None:
    """The phone was never reached: a clerk who looks sees it, and the order is as it was."""
    order = shop.sold()
    shop.gateway.fates = [Refused("undelivered, error 30003")]
    shop.work()
    shop.work(hours=1)

    assert (shop.first(order).status, shop.first(order).reason) == (Status.FAILED, "undelivered, error 30003")
    assert shop.ledger.order(order.reference) == order


def test_a_message_that_nobody_knows_the_fate_of_is_not_asked_about_for_ever(shop: Shop) -> None:
    """It stays `accepted`."""
    order = shop.sold()
    shop.work_for(hours=20)

    assert (shop.first(order).status, shop.first(order).due_at) == (Status.ACCEPTED, None)


def test_a_lost_reply_is_sent_again_with_the_same_name(shop: Shop) -> None:
    """Rather twice than never; a mailbox can tell that it is the same."""
    order = shop.sold()
    shop.gateway.says = [LOST]
    shop.work()
    shop.work(minutes=1)

    assert [message.name for message in shop.gateway.got] == [f"{order.reference}D0"] * 2
    assert shop.first(order).status is Status.ACCEPTED


def test_a_power_cut_in_the_middle_of_a_call_sends_again(shop: Shop) -> None:
    """The next start takes it up at once."""
    order = shop.sold()
    shop.gateway.says = [PowerCut()]
    with pytest.raises(PowerCut):
        shop.work()
    assert shop.first(order).status is Status.SENDING

    shop.restart()
    shop.work()

    assert (len(shop.gateway.got), shop.first(order).status) == (2, Status.ACCEPTED)


def test_another_process_does_not_send_what_is_being_sent(shop: Shop) -> None:
    """Until the lease is over: by then whoever was sending is gone."""
    shop.sold()
    shop.gateway.says = [PowerCut()]
    with pytest.raises(PowerCut):
        shop.work()

    shop.work(minutes=4)
    assert len(shop.gateway.got) == 1
    shop.work(seconds=LEASE.total_seconds())

    assert len(shop.gateway.got) == 2


def test_a_line_that_is_down_for_an_hour_delays_a_message_and_nothing_else(shop: Shop) -> None:
    """It goes out when the line is back, once."""
    order = shop.sold()
    shop.gateway.says = [DOWN] * 5
    shop.work_for(minutes=60)

    assert (len(shop.gateway.got), shop.first(order).status, shop.first(order).doubts) == (1, Status.ACCEPTED, 0)


def test_one_silent_gateway_is_not_asked_for_each_message_in_turn(shop: Shop) -> None:
    """After some time-outs it is left alone for a while: there may be hundreds waiting."""
    for number in range(1, 21):
        shop.sold(number=number)
    shop.gateway.says = [DOWN] * 20
    shop.work()

    assert len(shop.gateway.says) >= 16


def test_a_wrong_number_is_tried_once(shop: Shop) -> None:
    """A definite no; the customer's top-up is as good as before."""
    order = shop.sold()
    shop.gateway.says = [Refused("Twilio 21211: The 'To' number +8613800138000 is not a valid phone number.")]
    shop.work()
    shop.work(hours=2)

    entry = shop.first(order)
    assert (entry.status, shop.gateway.got) == (Status.FAILED, [])
    assert "+****8000" in entry.reason
    assert "8613800138000" not in entry.reason
    assert shop.ledger.order(order.reference) == order


def test_not_now_waits_as_long_as_it_is_told(shop: Shop) -> None:
    """A gateway that is busy is not hammered."""
    shop.sold()
    shop.gateway.says = [NotNow("busy", retry_after_s=900)]
    shop.work()
    shop.work(minutes=14)
    assert shop.gateway.got == []

    shop.work(minutes=2)

    assert len(shop.gateway.got) == 1


def test_an_outage_of_a_day_ends_in_front_of_a_clerk(shop: Shop) -> None:
    """Once, however many customers it met; with the reason, and without a number; the orders are settled as before."""
    order, other = shop.sold(), shop.sold(number=2)
    shop.gateway.says = [DOWN] * 1000
    shop.work_for(hours=25)

    (finding,) = open_findings(shop.ledger)
    assert {entry.order for entry in failed_messages(shop.ledger)} == {order.reference, other.reference}
    assert (shop.first(order).status, finding.kind) == (Status.FAILED, "message")
    assert "given up: no line" in finding.reason
    assert "8000" not in finding.reason
    assert shop.ledger.order(order.reference) == order


def test_replies_that_are_lost_again_and_again_end_too(shop: Shop) -> None:
    """A customer gets a handful of copies at the most."""
    order = shop.sold()
    shop.gateway.says = [LOST] * 1000
    shop.work_for(hours=20)

    assert len(shop.gateway.got) == DOUBTS_MAX + 1
    assert shop.first(order).status is Status.FAILED
    assert len(open_findings(shop.ledger)) == 1


def test_crashes_again_and_again_end_too(shop: Shop) -> None:
    """A message that kills its sender does not do so for ever."""
    order = shop.sold()
    shop.gateway.says = [PowerCut()] * 20
    for _ in range(DOUBTS_MAX + 1):
        with pytest.raises(PowerCut):
            shop.work()
        shop.restart()
    shop.work()

    assert (len(shop.gateway.got), shop.first(order).status) == (DOUBTS_MAX + 1, Status.FAILED)


def test_what_is_not_true_any_more_is_not_sent(shop: Shop) -> None:
    """The line came back, and the top-up was faster than the word that it waits."""
    order = shop.sold(State.SUBMITTING)
    shop.ledger.record(order, a_fact(Event.DELIVERED), a_fact(Event.CAPTURED), at=NOW)
    shop.work()

    statuses = {entry.kind: entry.status for entry in messages_of(shop.ledger, order.reference)}
    assert statuses == {MessageKind.WAITING: Status.DROPPED, MessageKind.DELIVERED: Status.ACCEPTED}
    assert len(shop.gateway.got) == 1
    assert "delivered" in shop.gateway.got[0].text


def test_no_word_of_a_delivery_goes_out_before_it(shop: Shop) -> None:
    """Paid, waiting, given back: none of them says delivered."""
    for number, state in enumerate((State.SUBMITTING, State.REFUNDING, State.REVIEW, State.REFUNDED), start=1):
        shop.sold(state, number)
    shop.work()

    assert len(shop.gateway.got) == 4
    assert not [message.text for message in shop.gateway.got if ": delivered" in message.text]


@pytest.mark.parametrize("wrong", [Misconfigured("wrong log-in"), ConfigError("messages.sms.secret: is missing")])
def test_a_wrong_setting_is_one_finding_however_many_messages_wait(shop: Shop, wrong: Exception) -> None:
    """And when the owner has put it right, they all go out."""
    for number in (1, 2, 3):
        shop.sold(number=number)
    if isinstance(wrong, ConfigError):
        shop.box.messengers = lambda channel: (_ for _ in ()).throw(wrong)
    else:
        shop.gateway.says = [wrong] * 3
    shop.work()
    assert [str(wrong) in finding.reason for finding in open_findings(shop.ledger)] == [True]

    shop.restart()
    shop.work(minutes=11)

    assert len(shop.gateway.got) == 3


def test_a_defect_in_an_adapter_is_a_message_in_doubt(shop: Shop) -> None:
    """It stops neither the others nor itself."""
    order = shop.sold()
    shop.gateway.says = [ZeroDivisionError()]
    shop.work()
    assert (shop.first(order).status, shop.first(order).doubts) == (Status.QUEUED, 1)

    shop.work(minutes=1)

    assert shop.first(order).status is Status.ACCEPTED


def test_addresses_are_deleted_after_their_days_and_nothing_is_sent_to_them(shop: Shop) -> None:
    """By the holder of the queue, without anybody's doing; the deletion is on record."""
    order = shop.sold(State.SUBMITTING)
    shop.work()
    assert contact_of(shop.ledger, order.reference) == PHONE

    shop.work(days=30, hours=2)
    shop.ledger.record(order, a_fact(Event.DELIVERED), a_fact(Event.CAPTURED), at=shop.clock.at)
    shop.work()

    assert contact_of(shop.ledger, order.reference) is None
    assert [event["body"]["count"] for event in shop.ledger.events() if event["event"] == "contacts_deleted"] == [1]
    assert len(messages_of(shop.ledger, order.reference)) == 1
    assert send_again(shop.ledger, order, MessageKind.WAITING, at=shop.clock.at) is None


def test_a_restored_ledger_sends_nothing_before_a_clerk_says_yes(tmp_path: Path) -> None:
    """What it would say may be old."""
    before = Shop(a_ledger(tmp_path))
    before.sold(State.REVIEW)
    with before.ledger.database.transaction():
        before.ledger.append(NOW, RESTORED, "kiosk restore", {}, seq=before.ledger.head().seq + 1)
    before.ledger.close()
    shop = Shop(a_ledger(tmp_path))
    shop.work()
    assert shop.gateway.got == []

    reopen(shop.ledger, "clerk:mei", NOW)
    shop.work()
    shop.ledger.close()

    assert len(shop.gateway.got) == 1
