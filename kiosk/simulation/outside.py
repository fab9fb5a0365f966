"""Everything outside a simulated kiosk, as one seed has it: rails, providers, the weather in between, and the books."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import cast

from kiosk.ports import Provider, Tender
from kiosk.questions import Remotes
from kiosk.simulation.adapted_rails import AdaptedRail, adapted
from kiosk.simulation.adapted_reader import CARD, AdaptedReader
from kiosk.simulation.adapters import AIRALO, DTONE, RELOADLY, Adapted
from kiosk.simulation.books import Books
from kiosk.simulation.rails import FakeCard, FakeScanner, FakeWallet
from kiosk.simulation.remotes import FakeProvider, SetClock
from kiosk.simulation.weather import Weather
from kiosk.tables import Sales
from kiosk.tenders.cash import Cash, Settings

REAL = 0.1
"""In how many of the seeds the providers and the rails are real adapters."""


class Outside:
    """It runs on the true time, whatever the kiosk's own clock says."""

    def __init__(self, dice: Random, folder: Path) -> None:
        self.clock = SetClock()
        self.weather = Weather(dice, self.clock)
        wallets: list[FakeWallet | AdaptedRail] = [*_wallets(dice, self.clock)]
        self.providers = {provider.name: provider for provider in _providers(dice, self.clock, folder)}
        if any(isinstance(provider, Adapted) for provider in self.providers.values()):
            wallets = [*adapted(folder, self.clock, lambda: dice.random() < 0.4)]
            wallets.append(AdaptedReader(CARD, folder, self.clock, lambda: dice.random() < 0.2))
        self.wallets = {wallet.name: wallet for wallet in wallets}
        self.books = Books(self.wallets, self.providers)
        sales = Sales(deliver_within_h=4, refund_within_h=8)
        tenders = {**self.wallets, "cash": Cash(Settings())}
        self.remotes = Remotes(
            cast(dict[str, Provider], self.providers), cast(dict[str, Tender], tenders), sales, attempts_max=30
        )
        for remote in self.all:
            remote.under(self.weather.of(remote.name), self.weather.late_by)

    @property
    def all(self) -> list[FakeWallet | AdaptedRail | FakeProvider | Adapted]:
        return [*self.wallets.values(), *self.providers.values()]

    def arrive(self) -> None:
        """What is still on its way reaches its remote, if it is time."""
        for remote in self.all:
            remote.arrive()


def _wallets(dice: Random, clock: SetClock) -> list[FakeWallet]:
    """A rail that knows its codes, one that knows none before the scan, one that scans, and a card reader."""
    pending = timedelta(hours=dice.choice([0, 0, 1, 7]))
    wallets = [
        FakeWallet(clock, cancel_gives_back=dice.random() < 0.5, refund_takes=pending),
        FakeWallet(clock, name="unscanned", cancel_gives_back=True, unknown_until_scanned=True),
        FakeScanner(clock, name="scanned", must_confirm=lambda: dice.random() < 0.4, refund_takes=pending),
        FakeCard(clock, held_for=timedelta(hours=dice.choice([1, 3, 48, 120]))),
    ]
    for wallet in wallets:
        wallet.time_to_pay = timedelta(minutes=dice.choice([5, 15]))
    return wallets


def _providers(dice: Random, clock: SetClock, folder: Path) -> list[FakeProvider | Adapted]:
    """One that executes every call and lists late, one that knows a reference again and takes its time.

    In part of the seeds they are the real adapters of all vendors, before their sandboxes.
    """
    slowly = timedelta(minutes=dice.choice([0, 0, 1, 15, 60]))
    if dice.random() < REAL:
        return [Adapted(vendor, folder, clock, slowly) for vendor in (AIRALO, DTONE, RELOADLY)]
    return [
        FakeProvider(clock, name="repeats", listed_after=slowly),
        FakeProvider(clock, name="knows", repeat_is_lookup=True, takes=slowly),
    ]
