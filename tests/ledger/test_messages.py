"""Messages are queued with what causes them, once; a deleted address is in no byte of the ledger's files."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.contacts import Channel, Contact
from kiosk.facts import Event
from kiosk.ledger import Ledger
from kiosk.ledger.backup import back_up
from kiosk.ledger.database import insert
from kiosk.ledger.messages import (
    Status,
    claim_message,
    contact_of,
    due_messages,
    forget_contacts,
    leave_contact,
    messages_of,
    send_again,
)
from kiosk.ledger.rows import stamp
from kiosk.ledger.verify import problems
from kiosk.notices import MessageKind, kind_of
from kiosk.order import Order, State
from tests.orders import LATER, NOW, PATHS, a_fact, a_ledger, an_order_in, opened, recorded, usd

SEEDS = (14, 26)
MAIL = Contact(Channel.EMAIL, "mei.wang.traveller@example.com", "zh")


def left(ledger: Ledger, order: Order, contact: Contact = MAIL) -> Order:
    leave_contact(ledger, order, contact, kind_of(order), at=NOW)
    return order


def kinds(ledger: Ledger, order: Order) -> list[tuple[MessageKind, int]]:
    return [(entry.kind, entry.copy) for entry in messages_of(ledger, order.reference)]


def bytes_of(ledger: Ledger) -> bytes:
    """Everything that SQLite keeps of the ledger: the file with its free pages, and the log."""
    return b"".join(path.read_bytes() for path in ledger.path.parent.glob("ledger.db*"))


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.AUTHORIZING, None),
        (State.CANCELLING, None),
        (State.SUBMITTING, MessageKind.WAITING),
        (State.CAPTURING, MessageKind.DELIVERED),
        (State.COMPLETED, MessageKind.DELIVERED),
        (State.REFUNDING, MessageKind.WAITING),
        (State.REFUNDED, MessageKind.REFUNDED),
        (State.REVIEW, MessageKind.WAITING),
        (State.ABANDONED, None),
    ],
)
def test_there_is_no_word_of_a_delivery_before_it_is_delivered(state: State, kind: MessageKind | None) -> None:
    """And nothing to tell where nothing was paid."""
    assert kind_of(an_order_in(state)) is kind


def test_a_message_is_queued_with_the_event_that_causes_it(ledger: Ledger) -> None:
    """In one transaction: first that it waits, then that it is delivered; each once."""
    order = left(ledger, recorded(ledger, State.SUBMITTING))
    order = ledger.record(order, a_fact(Event.DELIVERED), at=LATER)
    order = ledger.record(order, a_fact(Event.CAPTURED), at=LATER)

    assert kinds(ledger, order) == [(MessageKind.WAITING, 0), (MessageKind.DELIVERED, 0)]
    assert list(problems(ledger)) == []


def test_what_failed_together_with_its_event_is_not_queued(ledger: Ledger) -> None:
    """A message about something that is not on record would be a lie."""
    order = left(ledger, recorded(ledger, State.SUBMITTING))
    ledger.database.execute("CREATE TRIGGER full BEFORE INSERT ON print_jobs BEGIN SELECT raise(ABORT, 'full'); END")
    with pytest.raises(Exception, match="full"):
        ledger.record(order, a_fact(Event.DELIVERED), a_fact(Event.CAPTURED), at=LATER)

    assert kinds(ledger, order) == [(MessageKind.WAITING, 0)]


def test_an_order_without_an_address_has_no_messages(ledger: Ledger) -> None:
    """Nobody hears of what they did not ask for."""
    order = recorded(ledger, State.COMPLETED)

    assert kinds(ledger, order) == []


def test_the_same_news_twice_is_one_message(ledger: Ledger) -> None:
    """Delivered, taken back, and delivered after all: the second time a clerk is in it, who can send it again."""
    order = left(ledger, recorded(ledger, State.COMPLETED))
    order = ledger.record(order, a_fact(Event.REVERSED), at=LATER)
    order = ledger.record(order, a_fact(Event.SETTLED_DELIVERED), at=LATER)
    assert kinds(ledger, order) == [(MessageKind.DELIVERED, 0), (MessageKind.WAITING, 0)]

    (first, _) = due_messages(ledger, LATER)
    claim_message(ledger, first, LATER, at=LATER)
    send_again(ledger, order, MessageKind.DELIVERED, at=LATER)

    assert (MessageKind.DELIVERED, 1) in kinds(ledger, order)


def test_a_second_address_takes_the_place_of_a_mistyped_one(ledger: Ledger) -> None:
    """What waits goes to the new one; nothing is queued twice."""
    order = left(ledger, recorded(ledger, State.SUBMITTING))
    left(ledger, order, Contact(Channel.SMS, "+8613800138000", "zh"))

    (entry,) = messages_of(ledger, order.reference)
    assert (entry.channel, entry.status) == (Channel.SMS, Status.QUEUED)
    assert contact_of(ledger, order.reference) == Contact(Channel.SMS, "+8613800138000", "zh")


def test_of_two_one_claims_a_message(ledger: Ledger, tmp_path: Path) -> None:
    """Two processes never send one message at the same time."""
    left(ledger, recorded(ledger, State.COMPLETED))
    other = a_ledger(tmp_path)
    entries = [*due_messages(ledger, LATER), *due_messages(other, LATER)]

    claims = [claim_message(each, entry, LATER, at=LATER) for each, entry in zip((ledger, other), entries, strict=True)]
    other.close()

    assert claims == [True, False]


def test_no_event_and_no_list_has_the_address(ledger: Ledger) -> None:
    """The chain may leave the shop; an address may not."""
    order = left(ledger, recorded(ledger, State.COMPLETED))

    assert b"mei.wang" in bytes_of(ledger)
    assert "mei.wang" not in str(list(ledger.events()))
    assert "mei.wang" not in str(messages_of(ledger, order.reference)) + repr(MAIL)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deleted_address_is_in_no_byte_of_the_ledger(ledger: Ledger, seed: int) -> None:
    """Neither in the file, nor in its free pages, nor in the log; whoever came later keeps theirs, for their own time.

    With these seeds SQLite's own DELETE leaves a copy behind, on a page from which it had moved the row.
    """
    dice, days = random.Random(seed), 6  # noqa: S311 - it need only repeat
    left_on: dict[str, int] = {}
    for pragma in ("synchronous = OFF", "foreign_keys = OFF"):
        ledger.database.execute(f"PRAGMA {pragma}")
    for day in range(days):
        with ledger.database.transaction() as execute:
            for number in range(150):
                address = f"traveller-{day}-{number}-{'x' * dice.randint(5, 200)}@example.com"
                left_on[address] = at = day + dice.choice((0, 0, 1, 3))
                row = {"order_id": address.partition("-x")[0], "channel": "email", "address": address, "language": "en"}
                insert(execute, "contacts", row | {"at": stamp(NOW + timedelta(days=at))})
        gone = forget_contacts(ledger, NOW + timedelta(days=day, hours=1), at=LATER)
        assert (gone > 0, ledger.database.empty_log()) == (True, True)

    there = {found.decode() for found in re.findall(rb"traveller-\d+-\d+-x+@example\.com", bytes_of(ledger))}
    assert there == {address for address, at in left_on.items() if at >= days}


def test_a_log_that_somebody_reads_is_emptied_later(ledger: Ledger, tmp_path: Path) -> None:
    """Nobody waits, and nobody claims that it is done."""
    order = left(ledger, recorded(ledger, State.SUBMITTING))
    other = a_ledger(tmp_path)
    with other.database.snapshot():
        assert contact_of(other, order.reference)
        assert forget_contacts(ledger, LATER, at=LATER) == 1
        assert not ledger.database.empty_log()
    other.close()

    assert ledger.database.empty_log()
    assert b"mei.wang" not in bytes_of(ledger)


def test_no_backup_has_an_address(ledger: Ledger, tmp_path: Path) -> None:
    """A backup may lie on a shelf for years."""
    order = left(ledger, recorded(ledger, State.SUBMITTING))
    back_up(ledger, tmp_path / "backup.db")

    assert b"mei.wang" not in (tmp_path / "backup.db").read_bytes()
    assert contact_of(ledger, order.reference) == MAIL


def test_an_older_ledger_gets_the_new_tables(tmp_path: Path) -> None:
    """Its orders go on as before, and may have messages."""
    ledger = a_ledger(tmp_path)
    for statement in ("DROP TABLE messages", "DROP TABLE contacts", "DELETE FROM migrations WHERE number = 21"):
        ledger.database.execute(statement)
    order = opened(ledger)
    ledger.close()

    ledger = a_ledger(tmp_path)
    left(ledger, order)
    for event in PATHS[State.COMPLETED]:
        fact = a_fact(event, amount=usd(1750)) if event is Event.PAID else a_fact(event)
        order = ledger.record(order, fact, at=NOW)
    found = kinds(ledger, order)
    ledger.close()

    assert found == [(MessageKind.WAITING, 0), (MessageKind.DELIVERED, 0)]
