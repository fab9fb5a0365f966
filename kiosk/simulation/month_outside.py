"""Everything outside a kiosk that trades for a month: every way to pay and every provider, real adapters among them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from kiosk.money import Money
from kiosk.plans import Plan
from kiosk.ports import Provider, Tender
from kiosk.questions import Remotes
from kiosk.simulation.adapted_rails import ALIPAY, ALIPAY_SCAN, WECHAT, WECHAT_SCAN, AdaptedRail
from kiosk.simulation.adapted_reader import CARD
from kiosk.simulation.adapters import AIRALO, DTONE, RELOADLY, Adapted
from kiosk.simulation.billed import (
    ANTOM_REPORTED,
    ANTOM_SCAN_REPORTED,
    BilledCard,
    BilledScanner,
    BilledWallet,
    ListedProvider,
    OwnBill,
    ReaderWithBill,
    WithList,
    of_vendor,
)
from kiosk.simulation.books import Books
from kiosk.simulation.rails import FakeWallet
from kiosk.simulation.remotes import PLAN, FakeProvider, SetClock
from kiosk.simulation.told import Told
from kiosk.simulation.weather import Weather
from kiosk.tables import Sales
from kiosk.tenders.cash import Cash, Settings

SHANGHAI, NEW_YORK, UTC_DAYS = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("UTC")
VENDORS = (WECHAT, WECHAT_SCAN, ANTOM_REPORTED, ANTOM_SCAN_REPORTED, ALIPAY, ALIPAY_SCAN)
CASH = 0.24
"""So many of the sales are paid in cash."""
REAL = 0.16
"""So many are paid through a real adapter, and so many delivered by one: they take ten times as long."""
PAID_IN_CENTS = 2_000_00
"""To each provider each morning."""
STORMS = (0.0, 0.0, 0.0, 0.01, 0.03, 0.1, 0.3)
"""How much of an hour's calls something befalls."""
PLANS = (
    PLAN,
    replace(PLAN, id="us-3gb-15d", title="3 GB for 15 days", data_mb=3072, days=15, wholesale=Money(490, "USD")),
    replace(PLAN, id="us-20gb-30d", title="20 GB for 30 days", data_mb=20480, wholesale=Money(1725, "USD")),
    replace(PLAN, id="us-day", title="Unlimited for a day", data_mb=None, days=1, wholesale=Money(299, "USD")),
)


class MonthOutside:
    """It runs on the true time, whatever the kiosk's own clock says."""

    def __init__(self, dice: Random, folder: Path, at: datetime, share: float = REAL) -> None:
        """`share` of the sales are paid through a real adapter, and delivered by one."""
        self.dice, self.clock, self.share = dice, SetClock(at), share
        self.weather = Weather(dice, self.clock)
        self.weather.storm = 0.0
        self.own = _own(dice, self.clock)
        self.real, self.adapted = _real(dice, folder, self.clock) if share else ([], [])
        rails: list[FakeWallet | AdaptedRail] = [*self.own, *self.real]
        self.wallets = {rail.name: rail for rail in rails}
        self.listed = [
            ListedProvider(self.clock, name="repeats", listed_after=timedelta(minutes=1)),
            ListedProvider(self.clock, name="knows", repeat_is_lookup=True, takes=timedelta(seconds=40)),
        ]
        providers: list[FakeProvider | Adapted] = [*self.listed, *self.adapted]
        self.providers = {provider.name: provider for provider in providers}
        self.books = Books(self.wallets, self.providers)
        tenders = {**self.wallets, "cash": Cash(Settings())}
        sales = Sales(deliver_within_h=4, refund_within_h=8)
        self.remotes = Remotes(cast(dict[str, Provider], self.providers), cast(dict[str, Tender], tenders), sales)
        self.told = Told(self.clock.now)
        for remote in self.all:
            remote.under(self.weather.of(remote.name), self.weather.late_by)
            self.told.listen(remote)

    @property
    def all(self) -> list[FakeWallet | AdaptedRail | FakeProvider | Adapted]:
        return [*self.wallets.values(), *self.providers.values()]

    def arrive(self) -> None:
        """What is still on its way reaches its remote, if it is time."""
        for remote in self.all:
            remote.arrive()

    def weather_turns(self) -> None:
        """Another hour, another storm; and at times a remote goes away."""
        weather, dice = self.weather, self.dice
        weather.storm = dice.choice(STORMS)
        if dice.random() < 0.08:
            weather.outage(dice.choice(self.all).name, timedelta(minutes=dice.choice([2, 10, 45, 90])))

    def pay_in(self) -> None:
        """The owner sends each provider what a day's top-ups cost at most."""
        for provider in self.adapted:
            provider.pay_in(PAID_IN_CENTS)

    @contextmanager
    def fine_weather(self) -> Iterator[None]:
        """For as long as somebody reads the books."""
        weather = self.weather
        kept = weather.storm, weather.away
        weather.storm, weather.away = 0.0, {}
        yield
        weather.storm, weather.away = kept

    def a_tender(self) -> str:
        """How the next customer pays."""
        dice = self.dice.random()
        if dice < CASH:
            return "cash"
        if dice < CASH + self.share:
            return self.dice.choice(self.real).name
        return self.dice.choice(self.own).name

    def an_offer(self) -> tuple[FakeProvider | Adapted, Plan]:
        """What the next customer buys, and of whom."""
        if self.dice.random() < self.share:
            adapted = self.dice.choice(self.adapted)
            return adapted, adapted.plan
        return self.dice.choice(self.listed), self.dice.choice(PLANS)


def _own(dice: Random, clock: SetClock) -> list[OwnBill]:
    """Simulated rails, each with days of its own."""
    pending = timedelta(hours=dice.choice([0, 1, 7]))
    return [
        BilledWallet(clock, cancel_gives_back=dice.random() < 0.5, refund_takes=pending, bill_zone=SHANGHAI),
        BilledWallet(clock, name="unscanned", cancel_gives_back=True, unknown_until_scanned=True, bill_zone=SHANGHAI),
        BilledScanner(
            clock, name="scanned", must_confirm=lambda: dice.random() < 0.4, refund_takes=pending, bill_zone=NEW_YORK
        ),
        BilledCard(clock, name="held", held_for=timedelta(hours=120), bill_zone=UTC_DAYS),
    ]


def _real(dice: Random, folder: Path, clock: SetClock) -> tuple[list[AdaptedRail], list[Adapted]]:
    """Every rail's adapter and every provider's, each before a sandbox of its own."""
    rails: list[AdaptedRail] = [of_vendor(vendor, folder, clock, lambda: dice.random() < 0.4) for vendor in VENDORS]
    rails.append(ReaderWithBill(CARD, folder, clock, lambda: dice.random() < 0.1))
    return rails, [WithList(vendor, folder, clock, timedelta(0)) for vendor in (AIRALO, DTONE, RELOADLY)]
