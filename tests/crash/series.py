"""A series of kills: customers and a clerk go on, faults strike by seed, the program is killed and started again.

`Series.run` kills; `settle` ends the faults, lets time go on and clerks decide; then every payment is in one place.
A seed chooses customers, faults, and where the program dies; only the threads' own pace is not in its hands.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from devices.twin import PrinterTwin
from kiosk.decisions import decide, hand_back
from kiosk.errors import Illegal, Stale
from kiosk.holder import drain
from kiosk.identifiers import Reference, SimNumber
from kiosk.ledger import Ledger
from kiosk.ledger.due import next_watched
from kiosk.order import Order, State
from kiosk.plans import Sim, total_of
from kiosk.sale import cancel, lines_of, open_sale, plan_of
from tests.crash.accounts import Accounts, Entry
from tests.crash.elsewhere import Elsewhere
from tests.crash.parts import CLERK, LEDGER, QUEUE, SALE
from tests.journeys.visits import pay
from tests.world import PIN, PLAN, SIM, World, kill

PLANTS = Path(__file__).parent / "plants"
SIMS = (SIM, "8901260862291477122", "89014103277884605127")
AT_ANY_MOMENT = "at any moment"
FAULTS: tuple[dict[str, Any], ...] = (
    {"remote": "airalo", "endpoint": "POST orders/topups", "lose_reply": True},
    {"remote": "airalo", "endpoint": "POST orders/topups", "fail_after": 500},
    {"remote": "airalo", "endpoint": "POST orders/topups", "garbage": True},
    {"remote": "airalo", "endpoint": "POST orders/topups", "delay_s": 0.5},
    {"remote": "airalo", "endpoint": "POST orders/topups", "down": True},
    {"remote": "airalo", "endpoint": "POST orders/topups", "fail_before": 503},
    {"remote": "airalo", "endpoint": "POST orders/topups", "reject": 33},
    {"remote": "airalo", "endpoint": "POST orders/topups", "reject": 13},
    {"remote": "airalo", "endpoint": "GET orders", "list_late_s": 20},
    {"remote": "airalo", "endpoint": "GET orders", "down": True},
    {"remote": "airalo", "endpoint": "GET orders", "garbage": True},
    {"remote": "airalo", "endpoint": "POST token", "down": True},
    {"remote": "wechat", "endpoint": "POST */native", "lose_reply": True},
    {"remote": "wechat", "endpoint": "POST */native", "fail_before": 500},
    {"remote": "wechat", "endpoint": "GET */out-trade-no/*", "lose_reply": True},
    {"remote": "wechat", "endpoint": "GET */out-trade-no/*", "garbage": True},
    {"remote": "wechat", "endpoint": "POST */refunds", "lose_reply": True},
    {"remote": "wechat", "endpoint": "POST */refunds", "fail_after": 500},
    {"remote": "wechat", "endpoint": "*", "down": True},
    {"remote": "wechat", "endpoint": "*", "delay_s": 0.3},
)


class Violation(AssertionError):
    """A payment is in two places, or in none. The text says where, and how to see it again."""


@contextmanager
def doomed_world(folder: Path, keys: Path) -> Iterator[World]:
    """A kiosk whose program can be killed at a named part, with the sandbox in another process."""
    shutil.copytree(keys, folder, dirs_exist_ok=True)
    sandbox = Elsewhere(folder)
    try:
        with PrinterTwin() as twin:
            made = World(folder, sandbox, twin, wechat=True)
            made.run("clerk", "add", "mei", "--role", "owner", pin=PIN)
            made.env |= {"PYTHONPATH": str(PLANTS), "AHEAD": str(sandbox.ahead.path)}
            yield made
    finally:
        sandbox.stop()


class Series:
    """One kiosk, killed again and again."""

    def __init__(self, kiosk: World, seed: int, again: str, *, parts: dict[str, str] = QUEUE | LEDGER) -> None:
        assert isinstance(kiosk.sandbox, Elsewhere)
        self.kiosk, self.seed, self.again = kiosk, seed, again
        self.dice = random.Random(seed)  # noqa: S311 - a seed makes it repeat
        self.ahead = kiosk.sandbox.ahead
        self.house = kiosk.house(self.ahead.clock())
        self.kills: Counter[str] = Counter()
        self.till: set[Reference] = set()
        self.handed_back: set[Reference] = set()
        self.story: list[str] = []
        self._sims: dict[str, Sim] = {}
        self._parts = parts
        self._left: list[tuple[str, str]] = []

    @property
    def ledger(self) -> Ledger:
        return self.house.ledger

    def close(self) -> None:
        self.house.close()

    def tell(self, what: str) -> None:
        self.story.append(what)

    # --- what people do ------------------------------------------------------------------------------------------

    def open(self, tender: str = "") -> Order:
        """A customer chooses, as the screens would write it down."""
        tender = tender or self.dice.choice(["cash", "wechat", "wechat"])
        house, iccid = self.house, self.dice.choice(SIMS)
        if iccid not in self._sims:
            self._sims[iccid] = house.inquiry.sim_now(SimNumber(iccid))
        plan = plan_of(self._sims[iccid], PLAN, house.config.prices)
        lines = lines_of(house.config, plan, "en", house.clock.now())
        order = open_sale(
            house.ledger,
            self._sims[iccid],
            plan,
            lines,
            house.tenders[tender],
            kiosk=house.config.kiosk_id,
            language="en",
            by="customer",
            at=house.clock.now(),
            choose=self.dice.choice,
        )
        self.tell(f"{order.reference}: a customer chooses {tender} for {total_of(lines)}")
        return order

    def act(self, order: Order) -> None:
        """The customer, or the clerk for them, does something about the payment."""
        deed = self.dice.random()
        if order.tender == "cash" and order.state is State.AUTHORIZING:
            if deed < 0.8:
                self.take_cash(order.reference)
            else:
                self.leave(order)
        elif order.tender == "wechat" and order.code:
            if deed < 0.15 and order.state is State.AUTHORIZING:
                self.leave(order)
            elif deed < 0.8:
                self.scan(order)

    def leave(self, order: Order) -> None:
        with suppress(Stale, Illegal):  # the payment was faster
            cancel(self.ledger, order, by="customer", at=self.house.clock.now())
            self.tell(f"{order.reference}: the customer leaves")

    def scan(self, order: Order) -> None:
        """The phone pays, if it still can."""
        with suppress(AssertionError):  # paid already, closed, or expired
            pay(order.code)
            self.tell(f"{order.reference}: the phone pays")

    def take_cash(self, name: Reference) -> None:
        """The clerk has the cash in hand, and says so until it is on record; sometimes the command is killed."""
        self.till.add(name)
        part, cut = self.dice.choice(sorted((CLERK | LEDGER).items())) if self.dice.random() < 0.4 else ("", "")
        for tried in range(5):
            order = self.ledger.order(name)
            if order.paid:
                return
            if order.state is State.CANCELLING:  # the customer left: the cash never leaves their hand
                break
            process = self.start(f"{cut} 1" if cut and not tried else "", "cash", name, "--clerk", "mei")
            process.communicate(PIN + "\n")
            self.tell(f"{name}: the clerk takes the cash{part and f', killed: {part}'}: {process.returncode}")
            if process.returncode == -9:
                self.kills[part] += 1
        if not self.ledger.order(name).paid:
            self.till.discard(name)

    # --- how the program dies ------------------------------------------------------------------------------------

    def start(self, cut: str, *arguments: str) -> subprocess.Popen[str]:
        usual = self.kiosk.env
        self.kiosk.env = usual | {"CUT": cut}
        try:
            return self.kiosk.start(*arguments)
        finally:
            self.kiosk.env = usual

    def run(self, kills: int) -> None:
        """So many kills, with the books compared after each."""
        target = self.kills.total() + kills
        while self.kills.total() < target:
            self.strike()
            for _ in range(self.dice.choice([1, 1, 2])):
                self.open()
            if self.dice.random() < 0.25:
                self._die_selling()
            else:
                self._die_working()
            self.check()

    def strike(self) -> None:
        """A fault by seed, or none; sometimes those before it are over."""
        if self.dice.random() < 0.25:
            self.kiosk.clear_faults()
        if self.dice.random() < 0.5:
            fault = self.dice.choice(FAULTS) | {"times": self.dice.choice([1, 1, 2, 3])}
            self.kiosk.turn(**fault)
            self.tell(f"fault: {fault}")

    def next_part(self) -> tuple[str, str]:
        """Each part in turn, in an order of the seed's own; one in four kills is at no part, but at any moment."""
        if self.dice.random() < 0.25:
            return AT_ANY_MOMENT, ""
        if not self._left:
            self._left = sorted(self._parts.items())
            self.dice.shuffle(self._left)
        part, where = self._left.pop()
        return part, f"{where} {self.dice.choice([1, 1, 2, 3])}"

    def _die_working(self) -> None:
        part, cut = self.next_part()
        process = self.start(cut, "sync")
        patience_s = self.dice.uniform(0.4, 2.0) if part is AT_ANY_MOMENT else 4.0
        self._wait_for_the_end(process, patience_s)
        self._count(process, part, "kiosk sync")

    def _die_selling(self) -> None:
        """`kiosk sell` does a whole sale, and holds the queue meanwhile."""
        known = {order.reference for order in self.ledger.orders()}
        parts = SALE | LEDGER | {name: QUEUE[name] for name in ("prepared", "request sent, answer not read")}
        part, where = self.dice.choice(sorted(parts.items()))
        iccid = self.dice.choice(SIMS)
        arguments = ("sell", "--iccid", iccid, "--plan", PLAN, "--clerk", "mei", "--tendered", "30", "--wait", "3")
        process = self.start(f"{where} {self.dice.choice([1, 1, 2])}", *arguments)
        assert process.stdin
        process.stdin.write(PIN + "\n")
        process.stdin.flush()
        self._wait_for_the_end(process, 6.0)
        new = [order for order in self.ledger.orders() if order.reference not in known]
        self.till |= {order.reference for order in new}
        self._count(process, part, "kiosk sell")
        for order in new:
            if order.state is State.AUTHORIZING:  # the clerk has the cash in hand, and sees that it is not on record
                self.take_cash(order.reference)

    def _wait_for_the_end(self, process: subprocess.Popen[str], patience_s: float) -> None:
        """People go on until the program is dead."""
        end = time.monotonic() + patience_s
        while process.poll() is None and time.monotonic() < end:
            waiting = self.ledger.orders([State.AUTHORIZING, State.CANCELLING])
            if waiting and self.dice.random() < 0.3:
                self.act(self.dice.choice(waiting))
            time.sleep(0.05)

    def _count(self, process: subprocess.Popen[str], part: str, program: str) -> None:
        if process.poll() is None:
            kill(process)
            part = AT_ANY_MOMENT
        out, err = process.communicate()
        if process.returncode == -9:
            self.kills[part] += 1
        elif program == "kiosk sync":
            raise Violation(f"{program} ended with {process.returncode}:\n{out}\n{err}")
        self.tell(f"{program} ends with {process.returncode}: {part}")

    # --- what must hold ------------------------------------------------------------------------------------------

    def accounts(self) -> Accounts:
        return Accounts(self.kiosk, self.ledger, self.till, self.handed_back)

    def check(self) -> None:
        self._refuse(list(self.accounts().disagreements()))

    def settle(self) -> Accounts:
        """The faults are over. The real program starts once more; then time goes on, and clerks decide."""
        self.kiosk.clear_faults()
        self.kiosk.run("sync", "--once")
        self._be_patient()
        self.ahead.go_on(minutes=6)  # longer than any code can be paid: what nobody paid need not be asked every 2 s
        with self.house.lock("the end"):
            self._let_time_go_on(hours=30)
            for _ in range(12):
                reviews = self.ledger.orders([State.REVIEW])
                for order in reviews:
                    self._decide(order)
                self._let_time_go_on(hours=2)
                if not reviews:
                    break
        accounts = self.accounts()
        self._refuse(list(accounts.at_the_end()))
        return accounts

    def _be_patient(self) -> None:
        """From now on time goes on by itself: with the test's short back-off, a day would be a million looks."""
        text = self.kiosk.config.read_text(encoding="utf-8")
        self.kiosk.config.write_text(text.replace("backoff_max_s = 0.5", "backoff_max_s = 600"), encoding="utf-8")
        self.house.close()
        self.house = self.kiosk.house(self.ahead.clock())

    def _let_time_go_on(self, **how_long: float) -> None:
        """From one due moment to the next."""
        queue, clock = self.house.queue(), self.house.clock
        end = clock.now() + timedelta(**how_long)
        while True:
            drain(queue)
            for order in self.ledger.orders([State.REFUNDING]):
                if order.tender == "cash":
                    hand_back(self.ledger, order, by="mei", at=clock.now())
                    self.handed_back.add(order.reference)
            entries = [*self.ledger.next_due(1), next_watched(self.ledger)]
            next_at = min((entry.due_at for entry in entries if entry), default=end)
            if next_at >= end:
                return
            self.ahead.go_on(seconds=max(0.1, (next_at - clock.now()).total_seconds()))

    def _decide(self, order: Order) -> None:
        """A clerk looks at both sides, and decides what fits: the first that the machine allows."""
        for verb, to in _verdicts(order, self.accounts().entry(order)):
            with suppress(Illegal):
                at = self.house.clock.now()
                decide(self.ledger, order, verb, to=to, by="mei", reason="seen to", at=at)
                self.tell(f"{order.reference}: a clerk decides {verb} {to or ''}, for: {order.reason}")
                return

    def _refuse(self, wrong: list[str]) -> None:
        if wrong:
            meant = "".join(wrong).replace("-", "")
            others = {order.reference for order in self.ledger.orders() if order.reference not in meant}
            told = [line for line in self.story if line.partition(":")[0] not in others]
            raise Violation("\n".join([f"seed {self.seed}:", *wrong, "", *told, "", f"Again: {self.again}"]))


def _verdicts(order: Order, entry: Entry) -> list[tuple[str, State | None]]:
    if entry.back:
        return [("returned", None), ("resume", State.CANCELLING)]
    if entry.delivered and entry.paid:
        return [("delivered", None), ("resume", State.CAPTURING), ("resume", None)]
    if entry.paid:
        return [("refund", None), ("resume", State.CANCELLING), ("resume", State.AUTHORIZING)]
    return [("unpaid", None), ("resume", State.CANCELLING), ("resume", None)]
