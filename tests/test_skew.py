"""A clock that is off, end to end: what a remote's Date says in one process stops wallets in another, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.twin import PrinterTwin
from kiosk.assembly import House
from kiosk.clock import BELIEVED_FOR_S, SteadyClock
from kiosk.holder import drain
from kiosk.identifiers import SimNumber
from kiosk.ledger.desk import open_findings
from kiosk.sale import cancel, take_cash
from kiosk.sandbox.server import Sandbox
from kiosk.ways import Hindrance, LineState, ways_to_pay
from tests.tenders.till import sold
from tests.test_clock import Machine
from tests.world import SIM, World

TRUE = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Shop:
    """One machine with a wall clock, the remotes with the true time, and a house for each process on the machine."""

    world: World
    machine: Machine
    houses: list[House] = field(default_factory=list)

    def process(self) -> House:
        """A process of the kiosk that starts now."""
        house = self.world.house(self.machine.clock())
        self.houses.append(house)
        return house


@contextmanager
def shop_of(folder: Path, *, ahead: timedelta) -> Iterator[Shop]:
    machine = Machine(wall=TRUE + ahead)
    begun_s = machine.up_s
    books = folder / "sandbox.db"

    def true_time() -> datetime:
        return TRUE + timedelta(seconds=machine.up_s - begun_s)

    with Sandbox(books, limits=False, clock=true_time) as sandbox, PrinterTwin() as twin:
        shop = Shop(World(folder, sandbox, twin, wechat=True), machine)
        yield shop
        for house in shop.houses:
            house.close()


def offered(house: House) -> dict[str, Hindrance | None]:
    ways = ways_to_pay(house.tenders, LineState.UP, house.outlook("airalo"))
    return {way.tender.name: way.hindrance for way in ways}


@pytest.mark.parametrize(("ahead_s", "stops"), [(-50, False), (50, False), (75, True), (-75, True), (86_400, True)])
def test_the_customers_own_question_finds_it_before_a_wallet_is_offered(keys: Path, ahead_s: int, stops: bool) -> None:
    """The screens ask the provider before every sale, and every answer tells the time."""
    with shop_of(keys, ahead=timedelta(seconds=ahead_s)) as shop:
        screens = shop.process()
        screens.inquiry.sim_now(SimNumber(SIM))

        assert offered(screens) == {"cash": None, "wechat": Hindrance.CLOCK if stops else None}


def test_wallets_come_back_by_themselves_when_the_clock_is_set(keys: Path) -> None:
    """The next answer agrees: no clerk has to tell the kiosk."""
    with shop_of(keys, ahead=timedelta(minutes=3)) as shop:
        screens = shop.process()
        screens.inquiry.sim_now(SimNumber(SIM))
        stopped = offered(screens)["wechat"]
        shop.machine.wall -= timedelta(minutes=3)
        screens.inquiry.sim_now(SimNumber(SIM))

        assert stopped is Hindrance.CLOCK
        assert offered(screens)["wechat"] is None


def test_what_the_queue_hears_stops_the_wallets_of_the_screens_and_is_a_clerks(keys: Path) -> None:
    """Two processes, one ledger: the screens have heard nothing themselves. One finding, however many answers."""
    with shop_of(keys, ahead=timedelta(minutes=3)) as shop:
        holder, screens = shop.process(), shop.process()
        queue = holder.queue()
        for _ in range(2):
            order, now = sold(holder, "cash"), holder.clock.now()
            take_cash(holder.ledger, order, order.total, by="mei", at=now, review_by=now)
        shop.machine.go_on(1)
        drain(queue)

        assert offered(screens) == {"cash": None, "wechat": Hindrance.CLOCK}
        (finding,) = open_findings(screens.ledger)
        assert finding.reason == (
            "The kiosk's clock and that of Airalo differ by over a minute: set the clock. Wallets wait for it."
        )


def test_the_queue_takes_it_back_when_a_remote_agrees(keys: Path) -> None:
    """By the same way through the ledger."""
    with shop_of(keys, ahead=timedelta(minutes=3)) as shop:
        holder, screens = shop.process(), shop.process()
        queue = holder.queue()
        order = sold(holder)
        drain(queue)
        stopped = offered(screens)["wechat"]
        shop.machine.wall -= timedelta(minutes=3)
        cancel(holder.ledger, holder.ledger.order(order.reference), by="1", at=holder.clock.now())
        shop.machine.go_on(10)
        drain(queue)

        assert stopped is Hindrance.CLOCK
        assert offered(screens)["wechat"] is None


def test_what_nobody_has_heard_for_a_while_stops_nothing() -> None:
    """A remote that is asked no more could otherwise stop the wallets for ever."""
    machine = Machine()
    clock: SteadyClock = machine.clock()
    clock.heard("Acme", machine.wall + timedelta(minutes=5))
    machine.go_on(BELIEVED_FOR_S - 1)
    before = dict(clock.off_by)
    machine.go_on(2)

    assert before == {"Acme": timedelta(minutes=-5)}
    assert clock.off_by == {}
