"""The thin shell around the queue: one holder, and workers that nothing stops but their owner."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.errors import LedgerError, QueueHeld
from kiosk.holder import QueueLock, Workers, work
from kiosk.identifiers import Reference
from kiosk.order import State
from kiosk.simulation.shop import Shop
from kiosk.steps import Step
from kiosk.sync import Queue

HOLDS = """
import sys
from pathlib import Path
from kiosk.holder import QueueLock
lock = QueueLock(Path(sys.argv[1]), "the other kiosk")
sys.stdout.write("held")
sys.stdout.flush()
sys.stdin.read()
"""


def test_a_second_holder_is_told_who_the_first_one_is(tmp_path: Path) -> None:
    """By name and process; once released, the lock is anybody's."""
    path = tmp_path / "state" / "queue.lock"
    with (
        QueueLock(path, "kiosk run"),
        pytest.raises(QueueHeld, match=rf"worked by kiosk run \(process {os.getpid()}\)"),
    ):
        QueueLock(path, "kiosk sync")

    with QueueLock(path, "kiosk sync"):
        assert path.read_text() == f"kiosk sync (process {os.getpid()})"


def test_a_killed_process_leaves_the_lock_behind_for_others(tmp_path: Path) -> None:
    """Another process holds it, and is killed: the kernel lets go."""
    path = tmp_path / "queue.lock"
    command = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.read(4) == b"held"
        with pytest.raises(QueueHeld, match=rf"the other kiosk \(process {other.pid}\)"):
            QueueLock(path, "kiosk run")
        other.kill()

    with QueueLock(path, "kiosk run") as lock:
        lock.release()
        lock.release()


class Failing(Queue):
    """A queue whose first step fails."""

    def fail_with(self, error: Exception, done: threading.Event) -> Failing:
        self.error: Exception | None = error
        self.done = done
        return self

    def step(self, *, first: Reference | None = None, live_only: bool = False) -> Step | None:
        error, self.error = self.error, None
        if error:
            raise error
        step = super().step(first=first, live_only=live_only)
        if step is None:
            self.done.set()
        return step


def failing(shop: Shop, error: Exception, done: threading.Event) -> Failing:
    queue = Failing(shop.ledger, shop.queue.remotes, shop.settings, shop.clock, shop.random.random)
    return queue.fail_with(error, done)


def test_workers_survive_an_exception_and_stop_when_told(tmp_path: Path) -> None:
    """A defect costs a moment, not the queue; `stop` ends every thread."""
    shop = Shop(tmp_path)
    name = shop.sell()
    done = threading.Event()
    before = threading.active_count()
    workers = Workers(failing(shop, ZeroDivisionError(), done), 2)
    finished = done.wait(20)
    workers.stop()

    assert finished
    assert shop.state(name) is State.COMPLETED
    assert shop.provider.delivered(name) == 1
    assert threading.active_count() == before
    shop.close()


def test_a_ledger_that_fails_is_waited_out(tmp_path: Path) -> None:
    """Locked or full for a while: the work goes on afterwards."""
    shop = Shop(tmp_path)
    name = shop.sell()
    pauses: list[float] = []
    queue = failing(shop, LedgerError("the disk is full"), threading.Event())
    work(queue, until=lambda: shop.state(name) is State.COMPLETED, idle=pauses.append)

    assert pauses == [1.0]
    shop.close()


def test_many_workers_do_every_order_once(tmp_path: Path) -> None:
    """Four workers, twelve orders: each delivered, none twice."""
    shop = Shop(tmp_path)
    names = [shop.sell() for _ in range(12)]
    done = threading.Event()
    workers = Workers(failing(shop, LedgerError("once"), done), 4)
    done.wait(20)
    workers.stop()

    assert {shop.state(name) for name in names} == {State.COMPLETED}
    assert [shop.provider.delivered(name) for name in names] == [1] * 12
    shop.close()
