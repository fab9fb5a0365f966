"""A shop on a virtual clock: the real queue on a real ledger file, with the remotes of remotes.py around it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from kiosk.decisions import decide, hand_back
from kiosk.errors import NoAnswer
from kiosk.holder import drain
from kiosk.identifiers import Reference
from kiosk.ledger import Due, Ledger
from kiosk.ledger.due import next_watched
from kiosk.order import Order, State
from kiosk.payment_codes import PaymentCode
from kiosk.plans import Line, LineKind
from kiosk.ports import Provider, Tender
from kiosk.questions import Remotes, Yes
from kiosk.sale import cancel, open_sale, take_cash
from kiosk.simulation.rails import FakeCard, FakeScanner, FakeWallet
from kiosk.simulation.remotes import CARD, PLAN, PRICE, FakeProvider, SetClock
from kiosk.steps import Step, Task
from kiosk.sync import Queue
from kiosk.tables import Sales, SyncTable
from kiosk.tenders.cash import Cash, Settings


class Shop:
    """One ledger, one queue, an Airalo-like provider, a wallet, a card reader, a scanner, and cash."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.clock = SetClock()
        self.random = random.Random(seed)  # noqa: S311 - a seed makes it repeat
        self.provider = FakeProvider(self.clock)
        self.wallet = FakeWallet(self.clock)
        self.card = FakeCard(self.clock)
        self.scanner = FakeScanner(self.clock)
        self.ledger = Ledger(folder / "ledger.db", mode="training", kiosk="T07", at=self.clock.now())
        self.ledger.database.execute("PRAGMA synchronous = OFF")  # no test here cuts the machine's own power
        self.tenders: dict[str, Tender] = {
            "wallet": self.wallet,
            "card": self.card,
            "scanner": self.scanner,
            "cash": cast(Tender, Cash(Settings())),
        }
        self.providers: dict[str, Provider] = {"airtime": self.provider}
        self.sales, self.settings = Sales(deliver_within_h=4, refund_within_h=8), SyncTable()
        self.restart()

    def restart(self) -> None:
        """A new holder of the queue, as after a power cut: only the ledger has survived."""
        remotes = Remotes(self.providers, self.tenders, self.sales)
        self.queue = Queue(self.ledger, remotes, self.settings, self.clock, self.random.random)

    def open(self, tender: str = "cash") -> Reference:
        order = open_sale(
            self.ledger,
            self.provider.sim(CARD),
            PLAN,
            (Line(LineKind.PLAN, PLAN.title, PRICE),),
            self.tenders[tender],
            kiosk="T07",
            language="en",
            by="mei",
            at=self.clock.now(),
            choose=self.random.choice,
        )
        return order.reference

    def sell(self, tender: str = "cash") -> Reference:
        """An order that is paid, with nothing sent to the provider yet."""
        name = self.open(tender)
        if tender == "cash":
            self.take_cash(name)
            return name
        self.queue.step(first=name)
        (self.card if tender == "card" else self.wallet).pay(name)
        self.clock.go_on(seconds=2)
        self.land(*self.in_flight(name))
        return name

    def scan(self, name: Reference, code: str = "") -> None:
        """The customer's code comes in, and the whole step is done."""
        for _ in self.scanned(name, code):
            pass

    def scanned(self, name: Reference, code: str = "") -> Iterator[Task | Yes | NoAnswer | Step]:
        """The parts of that step, one by one. None where somebody is at work on the order already."""
        due = self.queue.claims.claim(name)
        return iter(()) if due is None else self.queue.parts(due, PaymentCode(code or self.scanner.show_code()))

    def take_cash(self, name: Reference) -> Order:
        now = self.clock.now()
        review_by = now + timedelta(hours=4)
        return take_cash(self.ledger, self.order(name), PRICE, by="mei", at=now, review_by=review_by)

    def hand_back(self, name: Reference) -> Order:
        return hand_back(self.ledger, self.order(name), by="mei", at=self.clock.now())

    def cancel(self, name: Reference) -> Order:
        return cancel(self.ledger, self.order(name), by="customer", at=self.clock.now())

    def decide(self, name: Reference, verb: str, to: State | None = None) -> Order:
        order = self.order(name)
        return decide(self.ledger, order, verb, to=to, by="mei", reason="seen to", at=self.clock.now())

    def order(self, name: Reference) -> Order:
        return self.ledger.order(name)

    def state(self, name: Reference) -> State:
        return self.order(name).state

    def now(self) -> int:
        """Do all that is due, without a moment passing. Returns how many steps that took."""
        return drain(self.queue)

    def wait(self, **how_long: float) -> None:
        """Let time go on, with the queue at work, from one due moment to the next."""
        end = self.clock.now() + timedelta(**how_long)
        while (at := self._next()) and at <= end:
            self.clock.at = max(self.clock.at, at)
            assert drain(self.queue) < 500, "the queue turns without time passing"
        self.clock.at = end

    def _next(self) -> datetime | None:
        entries = [*self.ledger.next_due(1), next_watched(self.ledger)]
        return min((entry.due_at for entry in entries if entry), default=None)

    def in_flight(self, name: Reference) -> tuple[Due, Task]:
        """The order's next call, written down and not yet made."""
        due = self.queue.claims.take(first=name)
        assert due
        assert due.reference == name
        task = self.queue.prepare(due)
        assert isinstance(task, Task)
        return due, task

    def land(self, due: Due, task: Task) -> Step:
        """Make the call of `in_flight`, and write its answer down."""
        step = self.queue.conclude(task, self.queue.perform(task))
        self.queue.claims.release(due)
        return step

    def events(self, name: Reference) -> list[str]:
        return [row["event"] for row in self.ledger.events(name)]

    def remarks(self, name: Reference) -> str:
        """What the remotes said, as it is on record."""
        return "; ".join(row["body"].get("remote", "") for row in self.ledger.events(name))

    def asked(self, *names: str) -> int:
        """How many calls of these names all remotes have got."""
        return sum(len(remote.asked(*names)) for remote in (self.provider, self.wallet, self.card, self.scanner))

    def close(self) -> None:
        self.ledger.close()
