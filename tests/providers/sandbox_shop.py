"""A shop in virtual time whose provider is a real adapter before its sandbox, without sockets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from kiosk.identifiers import Reference, SimNumber
from kiosk.plans import Line, LineKind
from kiosk.providers import build
from kiosk.sale import open_sale
from kiosk.sandbox.app import application
from kiosk.simulation.remotes import PRICE
from kiosk.simulation.shop import Shop
from tests.providers.fakes import InProcess
from tests.providers.stand import SECRET, Case

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

URL = "http://127.0.0.1:1"


class SandboxShop(Shop):
    def __init__(self, folder: Path, case: Case, remote: WSGIApplication | None = None) -> None:
        """`remote` is another stand-in of the provider than the sandbox that ships with the kiosk."""
        super().__init__(folder)
        self.case = case
        books = folder / "books.db"
        ours = application(books, limits=False, clock=self.clock.now, sleep=lambda _: None)
        self.line = InProcess(remote or ours)
        self.http = httpx.Client(transport=self.line, base_url=URL)
        (folder / "secret").write_text(SECRET)
        self.adapter = build(
            case.name,
            case.configured(URL, **{case.secret: {"file": str(folder / "secret")}}),
            path=f"providers.{case.name}",
            training=True,
            currency="USD",
            state_dir=folder,
            clock=self.clock,
            transport=self.line,
        )
        self.providers[case.name] = self.adapter
        self.restart()

    def buy(self, iccid: str = "") -> Reference:
        """An order that is paid in cash, with nothing sent to the provider yet."""
        sim = self.adapter.sim(SimNumber(iccid) if iccid else self.case.request().sim_number)
        plan = next(plan for plan in sim.plans if plan.id == self.case.plan_id)
        order = open_sale(
            self.ledger,
            sim,
            plan,
            (Line(LineKind.PLAN, plan.title, PRICE),),
            self.tenders["cash"],
            kiosk="T07",
            language="en",
            by="mei",
            at=self.clock.now(),
            choose=self.random.choice,
        )
        self.take_cash(order.reference)
        return order.reference

    def turn(self, **rule: Any) -> None:
        assert self.http.put("/_knobs", json={"remote": self.case.name, **rule}).status_code == 200

    def statuses(self) -> list[str]:
        """What truly became of everything that was ordered."""
        return [row["status"] for row in self.http.get(self.case.books).json()]

    def close(self) -> None:
        self.http.close()
        super().close()
