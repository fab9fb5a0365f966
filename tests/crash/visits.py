"""`kiosk run` in a terminal, killed while a customer stands there: at a part of the queue's work, or at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.crash.series import AT_ANY_MOMENT, Series
from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, WECHAT, pay, to_payment

TOLD = ("Delivered: 10 GB", "your top-up follows", "refund")


def die_on_a_screen(series: Series) -> None:
    """One visit that does not end well. It is counted as a kill. What is cut is cut once there is an order to lose."""
    part, cut = series.next_part()
    armed = series.kiosk.folder / "armed"
    armed.unlink(missing_ok=True)
    usual = series.kiosk.env
    series.kiosk.env = usual | {"CUT": cut, "ARMED": str(armed)}
    with Terminal(series.kiosk, 80, 24) as terminal:
        series.kiosk.env = usual
        axe = threading.Timer(series.dice.uniform(0.0, 4.0), terminal.kill_program)

        def opened() -> None:
            armed.touch()
            if part == AT_ANY_MOMENT:
                axe.start()

        try:
            visit(series, terminal, opened)
        except AssertionError:  # it died under the customer's hands; or a fault keeps the visit from going on
            series.tell("the visit ends early")
        axe.cancel()
        dead = not terminal.process.isalive()
    series.kills[part if dead else AT_ANY_MOMENT] += 1
    series.tell(f"kiosk run is killed: {part if dead else AT_ANY_MOMENT}")
    series.check()


def visit(series: Series, terminal: Terminal, opened: Callable[[], None], patience_s: float = 8) -> None:
    """From the welcome to the receipt; `opened` is called once there is an order.

    Raises AssertionError where what should come does not come.
    """
    tender = series.dice.choice([CASH, WECHAT])
    known = {order.reference for order in series.ledger.orders()}
    to_payment(terminal, tender)
    terminal.wait_for("Order T07" if tender == CASH else "Scan with WeChat Pay", seconds=patience_s)
    (order,) = (order for order in series.ledger.orders() if order.reference not in known)
    series.tell(f"{order.reference}: a customer chooses {order.tender} on the screen")
    opened()
    if tender == CASH:
        series.take_cash(order.reference)
    else:
        pay(terminal.scan_qr())
        series.tell(f"{order.reference}: the phone pays")
    terminal.wait_for(*TOLD, seconds=patience_s)
    terminal.wait_for("receipt is printed", seconds=patience_s)
