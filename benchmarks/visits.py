"""2,000 complete visits in one process: memory at the end against that after the first hundred, limit 1.1; and no

screen, task, thread or file descriptor left over. The screens are the real ones, headless; the rest is simulated.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kiosk.order import State
from screens.app import KioskApp
from screens.delivery import DeliveryScreen
from screens.done import DoneScreen
from screens.frame import KioskScreen
from screens.number import NumberScreen
from screens.pay import CodeScreen, CounterScreen
from screens.plan import PlanScreen
from screens.scans import STALL_S
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from tests.screens.room import NARROW, SIM, Room, hand_over

VISITS, WARM, LIMIT = 2_000, 100, 1.1
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True)
class Held:
    """What the process holds between two visits. `memory_kib` is its resident set."""

    memory_kib: int
    screens: int
    tasks: int
    threads: int
    descriptors: int


def held(app: KioskApp) -> Held:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    open_files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (Path.iterdir holds one more descriptor)
    tasks = len(asyncio.all_tasks())
    return Held(pages * PAGE_KIB, len(app.screen_stack), tasks, threading.active_count(), open_files)


async def on(app: KioskApp, kind: type[KioskScreen[Any]], *keys: str) -> None:
    """Wait for this screen with its words written, without the pauses of a test; then press these keys."""
    for _ in range(6_000):
        await asyncio.sleep(0.005)
        if isinstance(app.screen, kind) and app.screen.is_mounted:
            hand_over(app, *keys)
            return
    raise AssertionError(f"never on {kind.__name__}, but on {app.screen}")


async def visit(app: KioskApp, room: Room, number: int) -> None:
    """From welcome to welcome: odd ones pay cash, even ones by a wallet's code."""
    await on(app, WelcomeScreen, *SIM, "enter")
    await on(app, NumberScreen)
    await asyncio.sleep(STALL_S)  # an Enter right behind a scan is its second ending
    hand_over(app, "enter")
    await on(app, PlanScreen, "2")
    await on(app, SummaryScreen, "2" if number % 2 else "1")
    if number % 2:
        await on(app, CounterScreen)
        room.pay_cash()
    else:
        await on(app, CodeScreen)
        room.work()
        (order,) = room.ledger.orders([State.AUTHORIZING])
        room.wallet.pay(order.reference, order.total)
        room.time.go_on(seconds=10)
        room.work()
    await on(app, DeliveryScreen)
    room.work()
    await on(app, DoneScreen, "enter")
    await on(app, WelcomeScreen)
    for books in (room.paper.papers, room.wallet.payments, room.network.executed):
        books.clear()  # theirs, elsewhere: only the kiosk is weighed


async def all_visits(visits: int, warm: int) -> tuple[Held, Held, int]:
    """What was held after `warm` visits and at the end, and how many orders were completed."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        app = KioskApp(room)
        async with app.run_test(size=NARROW):
            for number in range(1, visits + 1):
                await visit(app, room, number)
                room.time.go_on(minutes=3)
                if number == warm:
                    await asyncio.sleep(1.0)  # what runs behind the screens has ended
                    first = held(app)
                if number % 100 == 0:
                    print(f"{number} visits: {held(app).memory_kib / 1024:.1f} MiB", flush=True)
            await asyncio.sleep(1.0)
            last = held(app)
        completed = len(room.ledger.orders([State.COMPLETED]))
        room.close()
    return first, last, completed


def main() -> None:
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else VISITS
    first, last, completed = asyncio.run(all_visits(visits, min(WARM, visits // 2)))
    ratio = last.memory_kib / first.memory_kib
    print(f"{completed} orders completed in {visits} visits")
    print(f"memory at the end / after the first {WARM}: {ratio:.3f} (limit {LIMIT})")
    left = {name.name: getattr(last, name.name) - getattr(first, name.name) for name in fields(Held)[1:]}
    print("left over: " + ", ".join(f"{count} {name}" for name, count in left.items()) + " (limit 0)")
    sys.exit(ratio > LIMIT or any(count > 0 for count in left.values()) or completed != visits)


if __name__ == "__main__":
    main()
