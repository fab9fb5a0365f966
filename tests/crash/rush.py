"""A rush: thousands of orders through the thin shell. Real threads, two processes on one ledger, a provider of a file.

One process holds the queue and works it with threads; the other opens orders, takes cash, lets customers leave, and
tries to take the queue. The holder is killed again and again, and whoever gets the lock goes on.

`python -m tests.crash.rush FOLDER` is a holder: it waits for the lock, and works until it is killed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import cast

from kiosk.clock import SteadyClock
from kiosk.decisions import hand_back
from kiosk.errors import Illegal, QueueHeld, Stale, Unreachable
from kiosk.holder import QueueLock, Workers
from kiosk.identifiers import Reference
from kiosk.ledger import Ledger
from kiosk.order import WAITING, Order, State
from kiosk.plans import Line, LineKind, Sim
from kiosk.ports import Absent, Delivered, Processing, Tender, TopUp
from kiosk.questions import Remotes
from kiosk.sale import cancel, open_sale, take_cash
from kiosk.simulation.remotes import CARD, PLAN, PRICE
from kiosk.sync import Queue
from kiosk.tables import Sales, SyncTable
from kiosk.tenders.cash import Cash, Settings

WORKERS, CLERKS = 8, 4
GIVE_UP_S = 300.0
EVERYTHING = 1_000_000
WANTED = {
    State.COMPLETED: (1, True),
    State.ABANDONED: (0, False),
    State.REFUNDED: (0, True),
    State.REVIEW: (0, True),
}
"""How often each was executed, and whether it was paid."""


class FileProvider:
    """Executes every top-up that it gets, even the same again: one line of a file each, which all processes share.

    One answer in twenty is lost on its way back.
    """

    name = "airtime"
    repeat_is_lookup = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def sim(self, number: object) -> Sim:
        return Sim(CARD, self.name, (PLAN,))

    def top_up(self, request: TopUp) -> Delivered | Processing:
        os.write(self._file, f"{request.reference}\n".encode())  # at once, or not at all
        if random.random() < 0.05:  # noqa: S311
            raise Unreachable("the reply was lost", sent=True)
        return Delivered("A1")

    def look_up(self, request: TopUp) -> Delivered | Absent:
        return Delivered("A1") if self.executed()[request.reference] else Absent()

    def executed(self) -> Counter[str]:
        return Counter(self._path.read_text().split())


class Shop:
    """One ledger, as each process opens it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, SteadyClock()
        self.ledger = Ledger(folder / "ledger.db", mode="training", kiosk="T07", at=self.clock.now())
        self.provider = FileProvider(folder / "top-ups")
        self.cash = cast(Tender, Cash(Settings()))

    def hold(self, name: str) -> tuple[QueueLock, Workers]:
        """Take the queue and work it. Raises QueueHeld."""
        lock = QueueLock(self.folder / "queue.lock", name)
        settings = SyncTable(workers=WORKERS, backoff_first_s=0.02, backoff_max_s=0.2)
        remotes = Remotes({"airtime": self.provider}, {"cash": self.cash}, Sales())
        return lock, Workers(Queue(self.ledger, remotes, settings, self.clock, random.random), WORKERS)

    def open(self) -> Reference:
        lines = (Line(LineKind.PLAN, PLAN.title, PRICE),)
        return open_sale(
            self.ledger,
            self.provider.sim(CARD),
            PLAN,
            lines,
            self.cash,
            kiosk="T07",
            language="en",
            by="customer",
            at=self.clock.now(),
            choose=random.choice,
        ).reference


class Rush:
    """The second process: this one. What it knows for itself is who paid, and who left."""

    def __init__(self, folder: Path, orders: int, seed: int, **env: str) -> None:
        """`env` is for the holders' processes."""
        self.folder, self.count, self.seed, self.env = folder, orders, seed, env
        self.shop = Shop(folder)
        self.paid: set[Reference] = set()
        self.left: set[Reference] = set()
        self.happened: Counter[str] = Counter()
        self.failed: list[Exception] = []
        self._clerks = [threading.Thread(target=self._work, args=(self.serve, n), daemon=True) for n in range(CLERKS)]

    def _work(self, act: Callable[..., None], *arguments: object) -> None:
        """A thread's work; what stops it, nobody may miss."""
        try:
            act(*arguments)
        except Exception as error:  # noqa: BLE001 - told by whoever waits
            self.failed.append(error)

    def serve(self, number: int) -> None:
        """One clerk of several, a thread each: opens orders, takes the cash, or lets the customer leave."""
        dice = random.Random(f"{self.seed} {number}")  # noqa: S311
        for _ in range(number, self.count, CLERKS):
            name = self.shop.open()
            deeds = dice.choice([["pay"], ["pay"], ["pay"], ["pay"], ["pay"], ["leave"], ["pay", "leave"]])
            dice.shuffle(deeds)
            threads = [threading.Thread(target=self._work, args=(self._do, deed, name)) for deed in deeds]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _do(self, deed: str, name: Reference) -> None:
        """On record sooner or later, or refused for good because the other was faster."""
        ledger, now = self.shop.ledger, self.shop.clock.now()
        with suppress(Illegal):
            while True:
                with suppress(Stale):
                    order = ledger.order(name)
                    if deed == "pay":
                        if name not in self.paid:
                            order = take_cash(
                                ledger, order, PRICE, by="mei", at=now, review_by=now + timedelta(hours=4)
                            )
                            self.paid.add(name)
                        if order.state is State.REFUNDING:  # the customer had left already
                            hand_back(ledger, order, by="mei", at=now)
                    else:
                        cancel(ledger, order, by="customer", at=now)
                        self.left.add(name)
                    return

    def run(self, takeovers: int) -> None:
        """Until every order is settled. The holder is killed `takeovers` times, and each time somebody goes on."""
        for clerk in self._clerks:
            clerk.start()
        give_up_at = time.monotonic() + GIVE_UP_S
        for takeover in range(takeovers):
            part = self.count * (takeover + 1) // (takeovers + 2)
            with holder(self.folder, self.env) as process:
                self._wait_until_done(max(part, self._done() + 1), give_up_at)
                self._may_not_hold()
                process.kill()
                self.happened["killed"] += 1
            if takeover % 2 == 0:
                self._hold_for_a_while(give_up_at)
        with holder(self.folder, self.env):
            for clerk in self._clerks:
                clerk.join(max(0.0, give_up_at - time.monotonic()))
            self._wait(lambda: not self._still_open(), give_up_at)

    def _may_not_hold(self) -> None:
        """The lock says who holds the queue: the process that is about to be killed, and nobody else."""
        try:
            QueueLock(self.folder / "queue.lock", "a second one").release()
        except QueueHeld:
            self.happened["refused"] += 1

    def _hold_for_a_while(self, give_up_at: float) -> None:
        """The kernel has let go of the dead one's lock: this process goes on, then leaves it to another."""
        done = self._done()
        lock, workers = self.shop.hold("the clerks' process")
        self._wait_until_done(done + 1, give_up_at)
        workers.stop()
        lock.release()
        self.happened["taken over"] += 1

    def _done(self) -> int:
        return int(self.shop.ledger.database.rows("SELECT count(*) AS n FROM orders WHERE due_at IS NULL")[0]["n"])

    def _wait_until_done(self, at_least: int, give_up_at: float) -> None:
        self._wait(lambda: self._done() >= at_least or self._over(), give_up_at)

    def _over(self) -> bool:
        """All customers were served before the last holder was killed: this machine is quick, or busy elsewhere."""
        return not any(clerk.is_alive() for clerk in self._clerks) and not self._still_open()

    def _still_open(self) -> bool:
        """Whether anything waits but what was cut off between its writing down and its call: that is a clerk's."""
        executed = self.shop.provider.executed()
        return any(not self._in_doubt(order, executed) for order in self.shop.ledger.orders(WAITING, limit=EVERYTHING))

    def _in_doubt(self, order: Order, executed: Counter[str]) -> bool:
        return order.state is State.SUBMITTING and order.in_doubt and not executed[f"{order.reference}T1"]

    def _wait(self, until: Callable[[], bool], give_up_at: float) -> None:
        while not until():
            assert not self.failed, f"a clerk cannot go on: {self.failed}"
            assert time.monotonic() < give_up_at, f"nothing goes on any more: {self.counted()}"
            time.sleep(0.05)

    def counted(self) -> dict[str, int]:
        rows = self.shop.ledger.database.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    def disagreements(self) -> Iterator[str]:
        """What each order came to, against who paid and what was executed."""
        executed = self.shop.provider.executed()
        if executed.keys() - {f"{order.reference}T1" for order in self.shop.ledger.orders(limit=EVERYTHING)}:
            yield "a top-up of an order that nobody knows"
        doubts = 0
        for order in self.shop.ledger.orders(limit=EVERYTHING):
            times, paid = executed[f"{order.reference}T1"], order.reference in self.paid
            if self._in_doubt(order, executed):
                doubts += 1
            elif (times, paid) != WANTED.get(order.state):
                yield f"{order.reference} is {order.state}: executed {times} times, paid: {paid}"
            if order.state in (State.ABANDONED, State.REFUNDED) and order.reference not in self.left:
                yield f"{order.reference} is {order.state}, and nobody left"
        if doubts > WORKERS * self.happened["killed"]:
            yield f"{doubts} orders are in doubt, and not so many calls were cut off"


@contextmanager
def holder(folder: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.crash.rush", str(folder)]
    process = subprocess.Popen(command, env=os.environ | env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main() -> None:
    shop = Shop(Path(sys.argv[1]))
    while True:
        with suppress(QueueHeld):
            shop.hold("the holder")
            break
        time.sleep(0.02)
    threading.Event().wait()


if __name__ == "__main__":
    main()
