"""Two terminals on one ledger: what the counter sets, the kiosk shows, and nobody who is paying is thrown out."""

from __future__ import annotations

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.test_counter import at_the_counter
from tests.journeys.visits import CASH, to_payment
from tests.world import PIN, World

pytestmark = pytest.mark.prove


def set_service(counter: Terminal, line: int, now: str) -> None:
    """From the board to the settings and back, by keys: the `line` below the chosen one of the values."""
    counter.press("m")
    counter.wait_for("What else?")
    counter.press("t")
    counter.wait_for(f"Service {now}")
    counter.press("enter")
    counter.wait_for("in words of your own")
    counter.press(*["down"] * line, "enter")
    counter.wait_for("PIN of mei")
    counter.press(*PIN, "enter")
    counter.wait_for("Every screen has it")
    counter.press("esc")
    counter.wait_for("What else?")
    counter.press("esc")
    counter.wait_for("Today")


def test_out_of_service_is_set_at_the_counter_and_shown_in_the_customers_language(kiosk: World) -> None:
    """A sale that has begun is paid and delivered first; then nothing is sold, until it is set back."""
    with Terminal(kiosk, 80, 24) as terminal, Terminal(kiosk, 80, 24, command="counter") as counter:
        at_the_counter(counter)
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        set_service(counter, 1, "in service")
        counter.wait_for("! Settings", 'out of service: "Back soon." since')
        terminal.wait_for("Please pay")
        counter.press("c")
        counter.wait_for("Which order is paid in cash? 1 wait.")
        counter.press("1", "enter")
        counter.wait_for("24.50 USD is due")
        counter.press(*"24.50", "enter", *PIN, "enter")
        terminal.wait_for("Delivered: 10 GB")
        terminal.press("enter")
        terminal.wait_for("No top-ups are sold here just now")
        terminal.wait_for("Back soon.")
        terminal.press("2")
        terminal.wait_for("此处暂停充值服务")
        terminal.wait_for("很快恢复")
        counter.wait_for("Nothing needs anybody")
        set_service(counter, 0, "out of service")
        terminal.wait_for("Choose your language")

    events = kiosk.rows("SELECT by FROM events WHERE event = 'setting_changed'")
    assert [event["by"] for event in events] == ["clerk:mei", "clerk:mei"]
    assert len(kiosk.delivered()) == 1
    kiosk.run("verify")
