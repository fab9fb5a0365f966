"""10,000 orders wait from before, and a customer comes: how long until the first call for their order is answered.

A real `kiosk sync` is started, and at the same moment an order to be paid by WeChat is opened by another process; the
clock stops when its code can be shown. Then more customers come, one after the other, while the 10,000 are worked on.
The provider answers, refuses connections, or takes them and is silent. Alternating rounds against a kiosk with nothing
waiting; limit: a median of at most 1.5 times that, or one second more.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from _kiosk import PLAN, PRICE, SIM, configure, house_of, let_wait, sandbox

from kiosk.assembly import House
from kiosk.plans import Line, LineKind, Sim
from kiosk.sale import open_sale

WAITING, ROUNDS, MORE = 10_000, 5, 5
RATIO, EXTRA_S, GIVE_UP_S = 1.5, 1.0, 60.0
PROVIDERS = ("answers", "refuses", "is silent")


def customer_s(house: House, started: float | None = None) -> float:
    """Seconds from `started`, or from the opening of an order, until the customer can be shown a code."""
    started = started or time.perf_counter()
    order = open_sale(
        house.ledger,
        Sim(SIM, "airalo", (PLAN,)),
        PLAN,
        (Line(LineKind.PLAN, PLAN.title, PRICE),),
        house.tenders["wechat"],
        kiosk="K07",
        language="en",
        by="customer",
        at=house.clock.now(),
        choose=secrets.choice,
    )
    while not house.ledger.order(order.reference).code:
        assert time.perf_counter() - started < GIVE_UP_S, "the customer has left"
        time.sleep(0.005)
    return time.perf_counter() - started


def a_start(folder: Path, ledger: Path, addresses: dict[str, str]) -> tuple[float, float]:
    """Of one start: seconds until the first customer's code, and the median of those who come after."""
    config = configure(folder, keys=folder.parent / "sandbox", **addresses)
    (folder / "state").mkdir()
    shutil.copyfile(ledger, folder / "state" / "ledger.db")
    house = house_of(config)
    house.ledger.head()  # whoever opens the order is at work already
    assert "wechat" in house.tenders
    command = [sys.executable, "-m", "kiosk", "sync", "--config", str(config)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            first_s = customer_s(house, started)
            more_s = statistics.median(customer_s(house) for _ in range(MORE))
        finally:
            process.kill()
    house.close()
    shutil.rmtree(folder)
    return first_s, more_s


def a_ledger(folder: Path, waiting: int) -> Path:
    """A ledger in which so many orders wait, in one file."""
    house = house_of(configure(folder, provider="http://127.0.0.1:9", rail="http://127.0.0.1:9", keys=folder))
    let_wait(house, waiting, timedelta(hours=1))
    house.ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    house.close()
    return folder / "state" / "ledger.db"


def kept(provider: str, word: str, alone: list[float], behind: list[float]) -> bool:
    few_s, many_s = statistics.median(alone), statistics.median(behind)
    good = many_s <= few_s * RATIO or many_s <= few_s + EXTRA_S
    print(
        f"the provider {provider:10} {word:16} {few_s:6.2f} s alone, {many_s:6.2f} s behind {WAITING:,}:"
        f" ratio {many_s / few_s:5.2f} (limit {RATIO}, or +{EXTRA_S} s) {'' if good else 'TOO SLOW'}"
    )
    return good


def main() -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url = stack.enter_context(sandbox(folder / "sandbox"))
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        with socket.create_server(("127.0.0.1", 0)) as gone:
            closed = gone.getsockname()[1]
        addresses = {
            "answers": url,
            "refuses": f"http://127.0.0.1:{closed}",
            "is silent": f"http://127.0.0.1:{silent.getsockname()[1]}",
        }
        few, many = a_ledger(folder / "few", 0), a_ledger(folder / "many", WAITING)
        good = []
        for provider in PROVIDERS:
            to = {"provider": addresses[provider], "rail": url}
            pairs = [(a_start(folder / "a", few, to), a_start(folder / "b", many, to)) for _ in range(ROUNDS)]
            for number, word in enumerate(("from the start", "while it works")):
                alone, behind = ([times[number] for times in column] for column in zip(*pairs, strict=True))
                good.append(kept(provider, word, alone, behind))
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
