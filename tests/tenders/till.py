"""A kiosk that sells by WeChat Pay: the real adapter, queue and ledger against the sandbox over HTTP, on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from devices.twin import PrinterTwin
from kiosk.assembly import House
from kiosk.holder import drain
from kiosk.identifiers import SimNumber
from kiosk.ledger.verify import problems
from kiosk.order import Order, State
from kiosk.ports import Tender
from kiosk.sale import cancel, lines_of, open_sale, plan_of
from kiosk.sandbox.server import Sandbox
from tests.providers.fakes import FixedClock
from tests.world import PLAIN, PLAN, SIM, World

Books = tuple[State, list[str], list[tuple[str, bool]], list[str]]
"""The ledger's state, the rail's payments, its refunds (and whether each is done), and the provider's top-ups."""


def sold(house: House, way: str = "wechat") -> Order:
    """The customer has chosen a plan and a way to pay: an order that nobody has worked on yet."""
    now, kiosk, tender = house.clock.now(), house.config.kiosk_id, house.tenders[way]
    sim = house.inquiry.sim_now(SimNumber(SIM))
    plan = plan_of(sim, PLAN, house.config.prices)
    lines = lines_of(house.config, plan, "zh", now)
    return open_sale(
        house.ledger, sim, plan, lines, tender, kiosk=kiosk, language="zh", by="1", at=now, choose=house.choose
    )


class Till:
    """One order at a time. Nothing happens between `work` and `wait`, and time passes only in `wait`."""

    def __init__(self, world: World, clock: FixedClock) -> None:
        self.world, self.clock = world, clock
        self.open()

    def open(self) -> None:
        """The kiosk as it starts: also after a power cut, or with another configuration."""
        self.house = self.world.house(self.clock)
        self.queue = self.house.queue()

    def close(self) -> None:
        self.house.close()

    def sell(self) -> Order:
        """An order whose code is not made yet."""
        self.reference = sold(self.house).reference
        return self.order

    def show(self) -> Order:
        """An order whose code is on the screen."""
        self.sell()
        self.work()
        assert self.order.code.startswith(self.world.sandbox.url + "/pay/")
        return self.order

    def leave(self) -> None:
        cancel(self.house.ledger, self.order, by="1", at=self.clock.now())

    def pay(self) -> str:
        """The customer scans the code and says yes. What the phone says then."""
        return httpx.post(self.order.code, data={"answer": "pay"}, verify=PLAIN).text

    def work(self) -> Order:
        """Do what is due now."""
        assert drain(self.queue) < 50, "the queue turns without time passing"
        return self.order

    def wait(self, **span: float) -> Order:
        """Let time pass, with the queue at work, from one due moment to the next."""
        end = self.clock.now() + timedelta(**span)
        while (due := self.house.ledger.next_due(1)) and due[0].due_at <= end:
            self.clock.at = max(self.clock.at, due[0].due_at)
            self.work()
        self.clock.at = end
        return self.order

    @property
    def tender(self) -> Tender:
        """The adapter itself."""
        return self.house.tenders["wechat"]

    @property
    def order(self) -> Order:
        return self.house.ledger.order(self.reference)

    @property
    def answers(self) -> str:
        """What was said to each call that changes the rail."""
        return " / ".join(attempt.answer for attempt in self.order.attempts)

    def turn(self, **rule: Any) -> None:
        """Rehearse a fault of WeChat Pay."""
        self.world.turn(remote="wechat", **rule)

    def faults(self) -> list[dict[str, Any]]:
        """What is still rehearsed, and how often it has fired."""
        found: list[dict[str, Any]] = httpx.get(f"{self.world.sandbox.url}/_knobs", verify=PLAIN).json()["knobs"]
        return found

    def four_books(self) -> Books:
        """What they say. In all of them it is this order, and the same amount; and the ledger is whole."""
        order, ref = self.order, self.reference
        payments = self.world.books("wechat/payments")
        refunds = self.world.books("wechat/refunds")
        assert all((row["out_trade_no"], row["total"]) == (f"{ref}P1", order.total.amount_minor) for row in payments)
        assert all(row["refund"] == order.total.amount_minor for row in refunds)
        assert list(problems(self.house.ledger)) == []
        given_back = [(row["out_refund_no"].removeprefix(ref), row["done_at"] is not None) for row in refunds]
        top_ups = [row["description"].removeprefix(ref) for row in self.world.delivered()]
        return order.state, [row["trade_state"] for row in payments], given_back, top_ups


@contextmanager
def opened(folder: Path, *, settings: str = "", rail_ahead: timedelta = timedelta(0)) -> Iterator[Till]:
    """A kiosk with more `settings` of `[tenders.wechat]`, and the clock of the rail so far `rail_ahead` of its own."""
    clock = FixedClock()
    books = folder / "sandbox.db"
    with Sandbox(books, limits=False, clock=lambda: clock.now() + rail_ahead) as sandbox, PrinterTwin() as twin:
        world = World(folder, sandbox, twin, wechat=True)
        world.config.write_text(world.config.read_text(encoding="utf-8") + settings, encoding="utf-8")
        till = Till(world, clock)
        yield till
        till.close()
