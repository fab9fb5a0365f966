"""The shop in which situations are played: the customer's hands, a colleague's, and what goes wrong around them.

Everything goes the way it goes in a real shop: sales through the ledger, phones and faults over HTTP to the sandbox. No
customer here ever writes an outcome: that is the queue's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from kiosk.errors import KioskError
from kiosk.identifiers import Reference, SimNumber, grouped_reference
from kiosk.sale import lines_of, open_sale, take_cash

if TYPE_CHECKING:
    from devices.twin import Twin
    from kiosk.assembly import House
    from kiosk.order import Order, State

SIM, SECOND_SIM, THIRD_SIM = map(SimNumber, ("8900000461442300635", "8901260862291477122", "89014103277884605127"))
PLAN = "change-30days-10gb-topup"
COLLEAGUE = "clerk:bob"
PATIENCE_S = 30.0
TURNS_MAX = 150


class NotSo(KioskError):
    """What was to happen in the training shop did not happen in time."""


@dataclass
class Shop:
    """`wait` lets some moments pass in which the queue works; `sandbox` is where the remotes stand."""

    house: House
    sandbox: str
    paper: Twin
    wait: Callable[[], object]

    # --- the customer's hands --------------------------------------------------------------------------------

    def comes(self, tender: str, sim: SimNumber = SIM, ago: timedelta = timedelta(0)) -> Order:
        """A customer chooses 10 GB at the kiosk, and how to pay; so long ago."""
        house, now = self.house, self.house.clock.now() - ago
        found = house.providers["airalo"].sim(sim)
        plan = next(plan for plan in found.plans if plan.id == PLAN)
        return open_sale(
            house.ledger,
            found,
            plan,
            lines_of(house.config, plan, "en", now),
            house.tenders[tender],
            kiosk=house.config.kiosk_id,
            language="en",
            by="customer",
            at=now,
            choose=house.choose,
        )

    def shown_code(self, order: Order) -> str:
        """The code that the kiosk shows, once the wallet has made it."""
        return self.until(order.reference, lambda now: bool(now.code)).code

    def pays(self, code: str) -> None:
        """The phone that has scanned this code pays."""
        self._send("POST", code, urlencode({"answer": "pay"}))

    def holds_card(self, act: str) -> None:
        """A card at the reader: tap, decline and so on, as the reader's page calls it."""
        self._send("POST", f"{self.sandbox}/reader", urlencode({"act": act}))

    # --- others ----------------------------------------------------------------------------------------------

    def colleague_takes(self, order: Order, ago: timedelta = timedelta(0)) -> Order:
        """The colleague has taken exactly what is due."""
        at, by = self.house.clock.now() - ago, self.house.review_by()
        return take_cash(self.house.ledger, order, order.total, by=COLLEAGUE, at=at, review_by=by)

    def goes_wrong(self, **rule: object) -> None:
        """A fault of a remote, as kiosk/sandbox/knobs.py has them."""
        self._send("PUT", f"{self.sandbox}/_knobs", json.dumps(rule))

    def calm(self) -> None:
        """All remotes and the printer are well again."""
        self._send("DELETE", f"{self.sandbox}/_knobs", "")
        self.paper.well()

    def line_goes(self) -> None:
        """The provider takes no top-up for now, and answers no question either."""
        self.goes_wrong(remote="airalo", endpoint="POST orders/topups", reject=13)
        self.goes_wrong(remote="airalo", endpoint="GET *", down=True)

    # --- what comes of it ------------------------------------------------------------------------------------

    def order(self, reference: Reference) -> Order:
        return self.house.ledger.order(reference)

    def reaches(self, order: Order, *states: State) -> Order:
        """The order, once it has come to one of these. Raises NotSo."""
        return self.until(order.reference, lambda now: now.state in states)

    def until(self, reference: Reference, holds: Callable[[Order], bool]) -> Order:
        """The order, once this holds. Raises NotSo."""
        ends = time.monotonic() + PATIENCE_S
        for _ in range(TURNS_MAX):
            order = self.order(reference)
            if holds(order):
                return order
            if time.monotonic() > ends:
                break
            self.wait()
        raise NotSo(f"{grouped_reference(reference)} is {order.state}: it did not go as it was meant to.")

    def _send(self, method: str, url: str, body: str) -> None:
        """To the sandbox. Raises NotSo where it does not take it."""
        where = urlsplit(url)
        line = HTTPConnection(where.hostname or "", where.port or 80, timeout=10)
        kind = "application/json" if method == "PUT" else "application/x-www-form-urlencoded"
        try:
            line.request(method, where.path or "/", body, {"Content-Type": kind})
            answer = line.getresponse()
            said = answer.read().decode(errors="replace")
        except OSError as error:
            raise NotSo(f"The sandbox does not answer: {error}.") from None
        finally:
            line.close()
        if answer.status >= 400:
            raise NotSo(f"The sandbox takes no {method} of {where.path}: {said[:200]}")
