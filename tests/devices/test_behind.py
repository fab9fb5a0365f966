"""What does not come back is left behind: nobody waits for it, and there are never many of them."""

from __future__ import annotations

import threading

import pytest

from devices.behind import LEFT_MAX, Aside, Stuck
from devices.links import Link
from devices.printers import EscposPrinter
from devices.profiles import MODELS
from kiosk.errors import DeviceError
from kiosk.paper import Condition
from tests.receipts import ORDER, SHOP, printed


def test_work_gives_its_result_or_its_error() -> None:
    """As if it were called."""
    aside: Aside[int] = Aside("work")

    assert aside.run(lambda: 7, 20.0) == 7
    with pytest.raises(ZeroDivisionError):
        aside.run(lambda: 1 // 0, 20.0)


def test_what_is_stuck_is_left_and_no_more_than_a_few() -> None:
    """When all places are taken nothing more is begun; when one is free again, work goes on."""
    aside: Aside[bool] = Aside("work")
    go_on, begun = threading.Event(), []

    def hangs() -> bool:
        begun.append(1)
        return go_on.wait()

    stuck = []
    for _ in range(LEFT_MAX + 3):
        with pytest.raises(Stuck) as caught:
            aside.run(hangs, 0.01)
        stuck.append(caught.value.begun)
    go_on.set()
    while any(thread.is_alive() for thread in aside._left):
        pass

    assert stuck == [True] * LEFT_MAX + [False] * 3
    assert len(begun) == LEFT_MAX
    assert aside.run(lambda: True, 20.0) is True


def test_a_line_that_opens_too_late_gets_nothing() -> None:
    """A name server, a driver that hangs: the job has failed long ago when the line opens, and must not print then."""
    go_on, written = threading.Event(), []

    class Late(Link):
        def write(self, data: bytes, until: float) -> int:
            written.append(data)
            return len(data)

        def read(self, until: float) -> bytes:
            return b""

        def left(self) -> int:
            return 0

        def close(self, *, forget: bool = False) -> None:
            closed.set()

    def opens(_: float) -> Link:
        go_on.wait()
        return Late()

    closed = threading.Event()
    printer = EscposPrinter("printer", opens, MODELS["generic-80mm"], 0.01, ask_wait_s=0.01)
    printer.grace_s = 0.05
    with pytest.raises(DeviceError, match="hangs; it was left alone") as caught:
        printer.print(printed(ORDER, SHOP))
    looked = printer.look()
    go_on.set()
    closed.wait(20)

    assert caught.value.sent is False
    assert looked.condition is Condition.AWAY
    assert all(data.startswith(b"\x10\x04") for data in written)
