"""A sale on the real ledger and the real queue, and what is elsewhere: remotes and customer, whose time is subtracted.

They are in-process and answer after a moment, as remotes do: no two commits of a sale come right after each other in a
shop, and on most disks a commit after a pause costs more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.identifiers import Reference
from kiosk.order import State
from kiosk.simulation.shop import Shop

MOMENT_S = 0.05
"""Sooner than any remote answers over the net: after the time that a commit costs has stopped to grow."""


class Elsewhere:
    """The seconds that are no part of a sale's time."""

    seconds = 0.0
    instead: Callable[[], object] | None = None
    """Called in place of a moment's waiting."""

    def moment(self) -> None:
        """Until somebody answers, or comes to the counter."""
        started = time.perf_counter()
        if self.instead:
            self.instead()
        else:
            time.sleep(MOMENT_S)
        self.seconds += time.perf_counter() - started

    def move(self, one: object, *calls: str) -> None:
        for name in calls:
            setattr(one, name, self._timed(getattr(one, name)))

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*what: Any) -> Any:
            self.moment()
            started = time.perf_counter()
            try:
                return call(*what)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


ELSEWHERE = Elsewhere()


def shop_in(folder: Path) -> Shop:
    folder.mkdir()
    shop = Shop(folder)
    shop.ledger.database.execute("PRAGMA synchronous = FULL")
    ELSEWHERE.move(shop.provider, "sim", "top_up", "look_up")
    for rail in (shop.wallet, shop.card):
        ELSEWHERE.move(rail, "start", "ask", "capture", "pay")
    shop.sell()  # the first sale of the day opens the shift
    shop.now()
    return shop


def sale(shop: Shop, tender: str) -> Reference:
    """From the opening to the delivery, as clerk, customer and queue make it."""
    name = shop.open(tender)
    if tender == "cash":
        ELSEWHERE.moment()
        shop.take_cash(name)
    else:
        shop.queue.step(first=name)
        (shop.card if tender == "card" else shop.wallet).pay(name)
        shop.clock.go_on(seconds=2)
    while (done := shop.queue.step()) and done.order.state is not State.COMPLETED:
        pass
    assert done
    assert done.order.reference == name
    return name


def forget(shop: Shop) -> None:
    """The remotes search their books from end to end, which is not what is measured."""
    shop.provider.forget()
    shop.wallet.payments.clear()
    shop.card.payments.clear()
