"""When its days are over, nothing of a customer is left in any byte that the kiosk keeps on its disk."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.clerks import add_clerk, check_pin, pepper_of
from kiosk.contacts import Channel, Contact, Message
from kiosk.decisions import decide
from kiosk.errors import ClerkError, NotNow, Refused
from kiosk.facts import Event, Fact
from kiosk.hearsay import written
from kiosk.ledger.desk import decide_finding, open_finding
from kiosk.ledger.messages import leave_contact
from kiosk.ledger.verify import problems
from kiosk.log import LogFile, Masked
from kiosk.notices import kind_of
from kiosk.order import State
from kiosk.outbox import Outbox
from kiosk.simulation.remotes import CARD
from kiosk.simulation.shop import Shop
from kiosk.tables import Secret

SALES, DAYS = 1_000, 30
PIN, PAN = "9047183655", "4111111111111111"
CHANNELS = (Channel.EMAIL, Channel.SMS)


@dataclass
class Gateway:
    """Takes a message, or repeats in its refusal whom it was for, as mail servers do."""

    name: str = "gateway"
    got: list[str] = field(default_factory=list)

    def send(self, message: Message) -> str:
        self.got.append(message.to)
        if len(self.got) % 7 == 0:
            raise Refused(f"550 5.1.1 <{message.to}>: no such mailbox, number {message.to} unknown")
        if len(self.got) % 11 == 0:
            raise NotNow(f"451 {message.to} is greylisted")
        return f"taken on for {message.to}"[:20]


class Place:
    """A state folder with all that a kiosk writes there: ledger, log, pepper."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shop = Shop(folder)
        self.gateway = Gateway()
        self.pepper = pepper_of(Secret(file=str(folder / "pepper")), "ledger.pepper")
        self.handler = LogFile(folder / "kiosk.log", encoding="utf-8")
        self.handler.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(self.handler)
        add_clerk(self.shop.ledger, self.pepper, "wang", PIN, "clerk", at=self.shop.clock.now())
        self.box = self.outbox()
        self.secrets = [PIN, PAN]

    def outbox(self) -> Outbox:
        shop = self.shop
        return Outbox(shop.ledger, lambda _: self.gateway, shop.sales, "+1 305", True, shop.clock, lambda: 1.0)

    def sale(self, number: int) -> None:
        """A customer pays, by a code on the phone or in cash; some lose the line; each leaves an address."""
        shop = self.shop
        name = shop.open("scanner" if number % 2 else "cash")
        if number % 2:
            code = shop.scanner.show_code()
            self.secrets.append(code)
            shop.scan(name, code)
            if number % 10 == 1:  # held under the scanner again: the rail repeats the code in its refusal
                other = shop.open("scanner")
                shop.scan(other, code)
        else:
            shop.take_cash(name)
        contact = Contact(CHANNELS[number % 3 == 0], self.address(number), "en")
        order = shop.order(name)
        leave_contact(shop.ledger, order, contact, kind_of(order), at=shop.clock.now())
        shop.wait(seconds=5)
        while self.box.step():
            pass

    def address(self, number: int) -> str:
        address = f"+86138{number:08}" if number % 3 == 0 else f"li.wei.{number:05}@example.com"
        self.secrets.append(address)
        return address

    def image(self) -> bytes:
        """Every byte of every file."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())

    def found(self) -> set[str]:
        image = self.image()
        return {secret for secret in self.secrets if secret.encode() in image}

    def close(self) -> None:
        logging.getLogger().removeHandler(self.handler)
        self.handler.close()
        self.shop.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


@pytest.mark.prove
def test_after_its_days_no_byte_of_the_state_folder_names_a_customer(place: Place) -> None:
    """A thousand sales with e-mails and phones, codes, a clerk's PIN and words, refusals that repeat what they refuse.

    The file with its free pages and its log, the log of the kiosk: all are read from the first byte to the last.
    """
    for number in range(SALES):
        place.sale(number)
        logging.getLogger("kiosk.test").warning("odd: %s, %s, %s", place.secrets[-1], PAN, CARD)
    with suppress(ClerkError):
        check_pin(place.shop.ledger, place.pepper, "wang", PIN[::-1])
    check_pin(place.shop.ledger, place.pepper, "wang", PIN)
    while_there = place.found()
    place.shop.wait(days=DAYS + 1)
    while place.box.step():
        pass
    place.handler.flush()

    holds_the_sim = {path.name for path in place.folder.iterdir() if CARD.encode() in path.read_bytes()}
    assert holds_the_sim <= {"ledger.db", "ledger.db-wal"}, "a SIM's number stays with its order, and nowhere else"
    assert len(place.gateway.got) >= SALES
    assert len(while_there) >= SALES - 100, "the search itself sees what is there"
    assert place.found() == set()
    place.shop.ledger.close()
    assert place.found() == set()
    place.shop.ledger = type(place.shop.ledger)(
        place.folder / "ledger.db", mode="training", kiosk="T07", at=place.shop.clock.now()
    )
    assert list(problems(place.shop.ledger)) == []


WORDS = "wrote to li.wei@example.com, called +86 138 0013 8000 and +13055550142, card 4111 1111 1111 1111"


def test_a_clerks_reason_goes_on_record_without_addresses_phones_and_bank_cards(place: Place) -> None:
    """An event is never deleted; a payment's number stays, for it is evidence."""
    shop = place.shop
    name = shop.sell()
    order = shop.order(name)
    due = shop.clock.now()
    order = shop.ledger.record(order, Fact(event=Event.ESCALATED, by="queue", reason="odd", deadline_at=due), at=due)
    evidence = "4200001234202608011234567890"
    decide(shop.ledger, order, "refund", by="wang", reason=f"{WORDS}; paid by {evidence}", at=due)
    open_finding(shop.ledger, "message", "odd", at=due, deadline_at=due)
    decide_finding(shop.ledger, "F1", by="wang", decision=written(WORDS), at=due)

    reason = list(shop.ledger.events(name))[-1]["body"]["reason"]
    assert reason == f"wrote to ***, called +****8000 and +****0142, card ****1111; paid by {evidence}"
    for told in (b"li.wei", b"0013 8000", b"3055550142", b"4111 1111"):
        assert told not in place.image()
    assert shop.state(name) is State.REFUNDING
