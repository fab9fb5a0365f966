"""A show room: a real ledger and the real queue, remotes of a few lines, and a host that shows one screen.

Nothing happens behind the screens until a test lets the queue work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, cast

from textual import events
from textual.css.query import NoMatches
from textual.pilot import Pilot

from kiosk.assembly import House
from kiosk.config import check
from kiosk.errors import DeviceError, NoAnswer
from kiosk.holder import drain
from kiosk.identifiers import SimNumber, is_phone
from kiosk.money import Money
from kiosk.order import Order, State
from kiosk.paper import Condition, PrinterState
from kiosk.payment_codes import PaymentCode
from kiosk.plans import Plan, Sim
from kiosk.ports import Paid, Pending, Printer, Provider, Tender, Unpaid
from kiosk.receipt import Document
from kiosk.sale import lines_of, open_sale, take_cash
from kiosk.simulation.rails import FakeCard, FakeScanner, FakeWallet
from kiosk.simulation.remotes import FakeProvider, SetClock
from kiosk.sync import Queue
from kiosk.tenders.cash import Cash, Settings
from screens.app import KioskApp, Left
from screens.frame import KioskScreen
from screens.language import LanguageScreen
from screens.number import NumberScreen
from screens.parts import Words
from screens.plan import PlanScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen

SIM = SimNumber("8900000461442300635")
OTHER = SimNumber("8901260862291477122")
PHONE = SimNumber("+13055550142")
EITHER = [{"prefix": "+1", "provider": "airtime"}, {"prefix": "89", "provider": "airtime"}]
"""[[sims]] of a shop that takes card numbers and phone numbers."""
PLANS = (
    Plan("1gb", "1 GB - 7 Days", 1024, 7, Money(400, "USD")),
    Plan("10gb", "10 GB - 30 Days", 10240, 30, Money(1800, "USD")),
    Plan("endless", "Unlimited - 30 Days", None, 30, Money(5000, "USD")),
)
NARROW, WIDE = (80, 24), (120, 40)
PATIENCE_S, LOOK_S = 40.0, 0.04
STYLES = KioskApp.CSS_PATH.with_name("sale.tcss")


class Network(FakeProvider):
    """A provider whose word on a SIM a test can choose."""

    plans: tuple[Plan, ...] = PLANS
    active: bool = True
    called: str = "T-Mobile USA"
    says: Exception | None = None

    def sim(self, number: SimNumber) -> Sim:
        if self.says is not None:
            raise self.says
        return Sim(number, self.name, self.plans, self.active, network=self.called if is_phone(number) else "")


@dataclass
class FakeReader(FakeCard):
    """A card reader whose word a test can choose."""

    says: NoAnswer | None = None

    def ask(self, order: Order, wire: str, now: datetime) -> Paid | Unpaid | Pending:
        if self.says is not None:
            raise self.says
        return super().ask(order, wire, now)


@dataclass
class FakePrinter:
    """Keeps what it printed, or fails."""

    name: str = "fake"
    columns: int = 42
    papers: list[Document] = field(default_factory=list)
    broken: bool = False
    confirms: bool = True
    error: DeviceError | None = None
    condition: Condition = Condition.READY

    def can_say(self, document: Document) -> bool:
        return True

    def print(self, document: Document) -> bool:
        if self.broken:
            raise DeviceError("no paper", sent=False)
        if self.error:
            raise self.error
        self.papers.append(document)
        return self.confirms

    def look(self) -> PrinterState:
        return PrinterState(self.condition)


class Room(House):
    """One kiosk with fakes around it; `work` lets the queue do all that is due."""

    def __init__(self, folder: Path, **tables: Any) -> None:
        self.time = SetClock()
        self.network = Network(self.time)
        self.wallet = FakeWallet(self.time, name="wechat")
        self.scanner = FakeScanner(self.time, name="alipay")
        self.card = FakeReader(self.time)
        self.paper = FakePrinter()
        shop = {"id": "K07", "name": "US DATA SIM TOP-UP", "help_line": "+1 305 555 0142", "address": ["Desk 7"]}
        raw: dict[str, Any] = {
            "kiosk": shop | {"refund_policy": {"en": "Refunded in full.", "zh": "全额退款。"}},
            "ledger": {"mode": "training", "state_dir": str(folder), "pepper": {"file": str(folder / "pepper")}},
            "providers": {"airtime": {}},
            "tenders": {"wechat": {}, "cash": {}},
        }
        super().__init__(check(raw | tables, "the test"), self.time)
        self.ledger.database.execute("PRAGMA synchronous = OFF")  # no test here cuts the machine's own power

    @cached_property
    def providers(self) -> Mapping[str, Provider]:
        return {"airtime": self.network}

    @cached_property
    def tenders(self) -> Mapping[str, Tender]:
        made: dict[str, Any] = {"wechat": self.wallet, "alipay": self.scanner, "cash": Cash(Settings())}
        made["wechat_scan"] = FakeScanner(self.time, name="wechat_scan")
        made["card"] = self.card
        return {name: cast(Tender, made[name]) for name in self.config.file.tenders}

    @cached_property
    def printer(self) -> Printer | None:
        return self.paper

    @cached_property
    def line(self) -> Queue:
        return self.queue()

    def work(self) -> None:
        drain(self.line)

    def sell(self, tender: str = "cash", plan: Plan = PLANS[1], number: SimNumber = SIM) -> Order:
        """An order that waits for its payment."""
        now, sim = self.time.now(), self.network.sim(number)
        return open_sale(
            self.ledger,
            sim,
            plan,
            lines_of(self.config, plan, "en", now),
            self.tenders[tender],
            kiosk="T07",
            language="en",
            by="customer",
            at=now,
            choose=self.choose,
        )

    def scan(self, order: Order) -> Order:
        """The customer's code comes in for this order."""
        due = self.line.claims.claim(order.reference)
        assert due
        for _ in self.line.parts(due, PaymentCode(self.scanner.show_code())):
            pass
        return self.ledger.order(order.reference)

    def only_order(self) -> Order:
        (order,) = self.ledger.orders([])
        return order

    def pay_cash(self) -> None:
        """The clerk takes the cash for the one order that waits for it."""
        (order,) = self.ledger.orders([State.AUTHORIZING])
        now = self.time.now()
        take_cash(self.ledger, order, order.total, by="mei", at=now, review_by=now)


class Host(KioskApp):
    """Shows one screen again and again, and keeps its answers; `gone` counts the visits that nobody ended."""

    CSS_PATH: ClassVar = [KioskApp.CSS_PATH, STYLES]  # type: ignore[assignment]  # read once by hundreds of hosts

    def __init__(
        self,
        room: Room,
        make: Callable[[Room], KioskScreen[Any]],
        leave: Callable[[str, str], bool] = lambda clerk, pin: False,
    ) -> None:
        super().__init__(room, leave=leave)
        self._make, self._room = make, room
        self.answers: list[Any] = []
        self.gone = 0

    async def visit(self) -> None:
        try:
            self.answers.append(await self.show(self._make(self._room)))
        except Left:
            self.gone += 1
            raise


def hand_over(app: KioskApp, *keys: str, apart_s: float = 0.0) -> None:
    """What the terminal hands over: keys that came so far apart until now, whatever else this machine does."""
    now = events.Key("enter", "\r").time
    for rest, key in zip(reversed(range(len(keys))), keys, strict=True):
        event = events.Key(key, "\r" if key == "enter" else key)
        event.time = now - (rest + 1) * apart_s
        app.post_message(event)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type at a hand's pace, the last key a moment ago: without it, Enter would make a scan of it."""
    assert isinstance(pilot.app, KioskApp)
    hand_over(pilot.app, *text, apart_s=0.2)
    await pilot.pause(0.05)


async def to_the_summary(pilot: Pilot[None], language: str = "1") -> None:
    """From the welcome screen to the summary of the second plan, in the language of this tile."""
    await on(pilot, WelcomeScreen)
    await pilot.press(language)
    await on(pilot, NumberScreen)
    await type_in(pilot, SIM)
    await pilot.press("enter")
    await on(pilot, PlanScreen)
    await pilot.press("2")
    await on(pilot, SummaryScreen)


async def speak(pilot: Pilot[None], language: str) -> None:
    """Choose a language as a customer does: F2, and its tile."""
    app = pilot.app
    assert isinstance(app, KioskApp)
    await pilot.press("f2")
    await on(pilot, LanguageScreen)
    await pilot.press(str(app.languages.index(language) + 1))
    await settled(pilot, lambda: not isinstance(app.screen, LanguageScreen) and app.language == language, language)


async def settled(pilot: Pilot[None], holds: Callable[[], bool], what: str = "") -> None:
    """Wait until it is so. A screen that is there and has no widgets yet is not so yet.

    What is not so at once is looked at less often: to look costs as much as to paint.
    """
    pause_s, give_up_at = 0.01, time.monotonic() + PATIENCE_S
    while True:
        await asyncio.sleep(pause_s)
        pause_s = min(LOOK_S, 1.5 * pause_s)
        with suppress(NoMatches):
            if holds():
                await pilot.pause()
                return
        assert time.monotonic() < give_up_at, f"never so: {what}\n{seen(pilot)}"


async def at_rest(pilot: Pilot[None], look: Callable[[], list[str]]) -> list[str]:
    """What is found amiss once the screen has come to rest: what is so for a moment only, while it is laid out, is not.

    Nobody looks long at what is well at once.
    """
    for _ in range(50):
        if not (found := look()):
            return found
        await pilot.pause(0.1)
    return look()


async def on(pilot: Pilot[None], kind: type[KioskScreen[Any]]) -> None:
    """Wait for this screen, with its words written."""
    await settled(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted, kind.__name__)


async def sees(pilot: Pilot[None], text: str) -> None:
    """Wait until this text stands on the screen."""
    await settled(pilot, lambda: text in seen(pilot), repr(text))


def seen(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line, as the customer sees it."""
    app = pilot.app
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def said(pilot: Pilot[None], id: str) -> str:
    """The words of one widget, before they are wrapped."""
    return pilot.app.screen.query_one(f"#{id}", Words).said
