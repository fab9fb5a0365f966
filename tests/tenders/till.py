"""A kiosk that sells by one rail: the real adapter, queue and ledger against the sandbox over HTTP, on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from devices.twin import PrinterTwin
from kiosk.assembly import House
from kiosk.holder import drain
from kiosk.identifiers import Purpose, SimNumber, wire_reference
from kiosk.ledger.desk import open_findings
from kiosk.ledger.verify import problems
from kiosk.order import Order, State
from kiosk.payment_codes import PaymentCode
from kiosk.ports import Tender
from kiosk.sale import cancel, lines_of, open_sale, plan_of
from kiosk.sandbox.server import Sandbox
from tests.providers.fakes import FixedClock
from tests.tenders.rail import Can, Rail
from tests.tenders.wechat_rail import WECHAT
from tests.world import PLAIN, PLAN, SIM, World


@dataclass(frozen=True, slots=True)
class End:
    """What all books say of one order: the ledger, the rail (payments taken, back, open), the provider."""

    state: State
    paid: int
    back: int
    back_under_way: bool
    payable: bool
    top_ups: int


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

    def __init__(self, world: World, clock: FixedClock, rail: Rail = WECHAT) -> None:
        self.world, self.clock, self.rail = world, clock, rail
        self.open()

    def open(self) -> None:
        """The kiosk as it starts: also after a power cut, or with another configuration."""
        self.house = self.world.house(self.clock)
        self.queue = self.house.queue()

    def close(self) -> None:
        self.house.close()

    def sell(self) -> Order:
        """An order whose code is not made yet."""
        self.reference = sold(self.house, self.rail.name).reference
        return self.order

    def show(self) -> Order:
        """An order that the customer can pay: where there is a code, it is on the screen; or it was scanned."""
        self.sell()
        self.work()
        self.rail.present(self)
        assert self.order.state is State.AUTHORIZING
        assert self.order.code.startswith(self.world.sandbox.url + "/pay/" if Can.CODE in self.rail.can else "")
        return self.order

    def leave(self) -> None:
        cancel(self.house.ledger, self.order, by="1", at=self.clock.now())

    def pay(self) -> bool:
        """The customer pays. Whether the rail took it."""
        return self.rail.pay(self)

    def scan(self, code: str) -> Order:
        """The customer's phone is held under the scanner."""
        due = self.queue.claims.claim(self.reference)
        for _ in () if due is None else self.queue.parts(due, PaymentCode(code)):
            pass
        return self.order

    def settle(self) -> End:
        """Let time pass until everything is settled."""
        self.wait(seconds=self.rail.patience.total_seconds())
        return self.end()

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
        return self.house.tenders[self.rail.name]

    @property
    def order(self) -> Order:
        return self.house.ledger.order(self.reference)

    @property
    def answers(self) -> str:
        """What was said to each call that changes the rail."""
        return " / ".join(attempt.answer for attempt in self.order.attempts)

    def turn(self, **rule: Any) -> None:
        """Rehearse a fault of the rail."""
        self.world.turn(remote=self.rail.remote, **rule)

    def faults(self) -> list[dict[str, Any]]:
        """What is still rehearsed, and how often it has fired."""
        found: list[dict[str, Any]] = httpx.get(f"{self.world.sandbox.url}/_knobs", verify=PLAIN).json()["knobs"]
        return found

    def end(self) -> End:
        """What they say. In all of them it is this order, and its amount; and the ledger is whole."""
        order = self.order
        payments, top_ups = self.rail.payments(self), self.world.delivered()
        assert {payment.reference for payment in payments} <= {wire_reference(order.reference, Purpose.PAYMENT)}
        assert {row["description"] for row in top_ups} <= {wire_reference(order.reference, Purpose.TOP_UP)}
        assert list(problems(self.house.ledger)) == []
        if order.state is State.COMPLETED:
            assert all(payment.taken for payment in payments)
        return End(
            order.state,
            paid=sum(payment.paid for payment in payments),
            back=sum(len(payment.back) for payment in payments),
            back_under_way=any(payment.back_under_way for payment in payments),
            payable=any(payment.payable for payment in payments),
            top_ups=len(top_ups),
        )

    def findings(self) -> list[str]:
        """What the owner or a clerk is told, beside the orders."""
        return [finding.reason for finding in open_findings(self.house.ledger)]


@contextmanager
def opened(
    folder: Path, rail: Rail = WECHAT, *, settings: str = "", rail_ahead: timedelta = timedelta(0)
) -> Iterator[Till]:
    """A kiosk with `rail`, whose clock is so far `rail_ahead`. In more `settings` of its table {url} is the sandbox."""
    clock = FixedClock()
    books = folder / "sandbox.db"
    with Sandbox(books, limits=False, clock=lambda: clock.now() + rail_ahead) as sandbox, PrinterTwin() as twin:
        world = World(folder, sandbox, twin)
        text = world.config.read_text(encoding="utf-8").replace("[kiosk]\n", f"[kiosk]\n{rail.kiosk}")
        text += rail.table(folder, sandbox.url) + settings.replace("{url}", sandbox.url)
        world.config.write_text(text, encoding="utf-8")
        till = Till(world, clock, rail)
        yield till
        till.close()
