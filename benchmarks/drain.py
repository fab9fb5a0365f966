"""5,000 orders that waited for the line are delivered: the kiosk's workers against a bare httpx loop.

Both make the same two calls an order (the top-up, and the look into the provider's list) to `kiosk sandbox
--no-limits` over real HTTP, with the same two commits around them (synchronous=FULL), by the same number of threads.
Each call of both opens its own connection, as the kiosk must: a kept one may be stale, and then nobody knows whether
the request left. Alternating rounds, in turns first; the limit is a median of 0.7 of the bare loop's rate. The rate of
a bare loop that keeps its connections is printed beside.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
from _kiosk import PLAN, SIM, configure, house_of, let_wait, sandbox

from kiosk.assembly import House
from kiosk.holder import Workers

LIMIT, ORDERS, ROUNDS = 0.7, 5_000, 10
KEPT = 200
"""So many orders a round go to the loop that keeps its connections."""


class Bare:
    """The same calls and commits with nothing around them."""

    def __init__(self, folder: Path, url: str, threads: int, *, keeps: bool) -> None:
        self.threads, self._lock, self._url = threads, threading.Lock(), f"{url}/airalo/v2"
        self._names = (f"B{'K' if keeps else 'O'}{number:013}" for number in count())
        limits = httpx.Limits() if keeps else httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(limits=limits, trust_env=False, headers={"Accept": "application/json"})
        form = {"client_id": "training-client", "client_secret": "training-secret", "grant_type": "client_credentials"}
        token = self._client.post(f"{self._url}/token", data=form).json()["data"]["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"
        self._ledger = sqlite3.connect(folder / f"bare-{keeps}.db", isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE t (name TEXT, said TEXT)",
        ):
            self._ledger.execute(statement)

    def deliver(self, orders: int) -> float:
        """Seconds for so many orders."""
        names = iter([next(self._names) for _ in range(orders)])
        started = time.perf_counter()
        threads = [threading.Thread(target=self._work, args=(names,)) for _ in range(self.threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - started

    def _work(self, names: object) -> None:
        while name := self._next(names):
            self._commit(name, "intent")
            wish = {"package_id": PLAN.id, "iccid": SIM, "description": name}
            done = self._client.post(f"{self._url}/orders/topups", json=wish)
            query = {"filter[description]": name, "include": "status", "limit": "50", "page": "1"}
            listed = self._client.get(f"{self._url}/orders", params=query)
            assert done.status_code == listed.status_code == 200
            assert listed.json()["data"][0]["description"] == name
            self._commit(name, "delivered")

    def _next(self, names: object) -> str | None:
        with self._lock:
            return next(names, None)  # type: ignore[call-overload,no-any-return]

    def _commit(self, name: str, said: str) -> None:
        with self._lock:
            self._ledger.execute("INSERT INTO t VALUES (?, ?)", (name, said))


def kiosk_rate(house: House, orders: int, waiting: Callable[[], int]) -> float:
    """Orders a second, by the kiosk's own workers, until `orders` fewer wait."""
    queue, before = house.queue(), waiting()
    started = time.perf_counter()
    workers = Workers(queue, house.config.file.sync.workers)
    while (left := waiting()) > before - orders:
        time.sleep(0.005)
    seconds = time.perf_counter() - started
    workers.stop()
    return (before - left) / seconds


def reader(path: Path) -> Callable[[], int]:
    connection = sqlite3.connect(path)
    sql = "SELECT count(*) FROM orders WHERE due_at IS NOT NULL"
    return lambda: int(connection.execute(sql).fetchone()[0])


def main() -> None:
    with tempfile.TemporaryDirectory() as name, suppress(KeyboardInterrupt):
        folder = Path(name)
        with sandbox(folder / "sandbox") as url:
            house = house_of(configure(folder / "kiosk", provider=url, rail=url, keys=folder / "sandbox"))
            let_wait(house, ORDERS, timedelta(hours=1))
            threads = house.config.file.sync.workers
            bare = Bare(folder, url, threads, keeps=False)
            keeping = Bare(folder, url, threads, keeps=True)
            waiting = reader(house.ledger.path)
            ours, theirs, kept = [], [], []
            for number in range(ROUNDS):
                a_round = ORDERS // ROUNDS
                if number % 2:
                    theirs.append(a_round / bare.deliver(a_round))
                ours.append(kiosk_rate(house, min(a_round, waiting()), waiting))
                if not number % 2:
                    theirs.append(a_round / bare.deliver(a_round))
                kept.append(KEPT / keeping.deliver(KEPT))
            left = waiting()
            house.close()
    ratio = statistics.median(our / their for our, their in zip(ours, theirs, strict=True))
    beside = statistics.median(our / their for our, their in zip(ours, kept, strict=True))
    print(f"{ORDERS - left:,} of {ORDERS:,} waiting orders delivered by {threads} workers, {left} left")
    print(
        f"kiosk {statistics.median(ours):.0f} orders/s, bare loop {statistics.median(theirs):.0f}:"
        f" ratio {ratio:.2f} (limit {LIMIT})"
    )
    print(f"a bare loop that keeps its connections {statistics.median(kept):.0f} orders/s: ratio {beside:.2f}")
    sys.exit(ratio < LIMIT or left > 0)


if __name__ == "__main__":
    main()
