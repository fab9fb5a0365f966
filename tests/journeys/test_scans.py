"""A keyboard-wedge scanner types faster than anyone: every burst arrives whole, back to back."""

from __future__ import annotations

import pytest

from devices.scanner_twin import Manner, ScannerTwin
from tests.journeys.terminal import Terminal
from tests.journeys.visits import to_plans
from tests.world import SIM, World

pytestmark = pytest.mark.prove

UNKNOWN = "8901260862291477114"


def test_a_scan_on_the_welcome_screen_and_on_the_card_screen_starts_the_sale(kiosk: World) -> None:
    """On welcome it fills in the number; on the card screen it goes on by itself."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        terminal.process.send(SIM + "\r")
        terminal.wait_for("The number is complete", "Choose a plan")
        terminal.press("esc")
    with Terminal(kiosk, 80, 24) as terminal:
        to_plans(terminal, "")
        terminal.process.send("]C1" + SIM + "\r")
        terminal.wait_for("Choose a plan")


@pytest.mark.parametrize("pairs", [4, 60])
def test_bursts_back_to_back_are_never_torn(kiosk: World, pairs: int) -> None:
    """Two scans in one write, again and again: the first goes on, whole; the second chooses nothing on the next."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        for _ in range(pairs):
            terminal.process.send(UNKNOWN + "\r" + UNKNOWN + "\r")
            terminal.wait_for("This card was not found")
            terminal.press("esc")
            terminal.wait_for("What is the number of your card?")
            assert "too many" not in terminal.look(0.02)
            terminal.press(*["backspace"] * 3)

    assert kiosk.orders() == []


CARD = "4111111111111111"
STRIPE = f"%B{CARD}^TRAVELLER/T^29121010000000000?;{CARD}=29121010000000000?"


@pytest.mark.prove
def test_a_swiped_bank_card_is_never_on_the_terminal_nor_on_the_disk(kiosk: World) -> None:
    """From welcome to payment it presses nothing, and no six digits of it are ever written anywhere."""
    with Terminal(kiosk, 80, 24) as terminal:

        def swipe(stands: str) -> None:
            for text in (STRIPE + "\r", CARD + "\r\n"):
                terminal.process.send(text)
                terminal.wait_for("That is a bank card", "It was thrown away")
            terminal.wait_for(stands)

        terminal.wait_for("Have ready")
        swipe("Have ready")
        terminal.press("1")
        terminal.wait_for("What is the number of your card?")
        swipe("What is the number of your card?")
        terminal.look(1.6)
        terminal.press(*SIM, "enter")
        terminal.wait_for("Choose a plan")
        swipe("Choose a plan")
        terminal.press("5")
        terminal.wait_for("Is this right?")
        swipe("Is this right?")
        terminal.press("1")
        terminal.wait_for("Please pay")
        swipe("Please pay")
        raw = terminal.raw

    (order,) = kiosk.orders()
    assert order["state"] == "AUTHORIZING"
    assert CARD[:6].encode() not in raw
    for path in kiosk.config.parent.rglob("*"):
        assert not path.is_file() or CARD[:12].encode() not in path.read_bytes(), path


@pytest.mark.prove
def test_a_scanner_on_a_serial_line_sells_a_top_up_and_finds_it_again(kiosk: World) -> None:
    """The sale by one scan; a cable pulled in the middle of a code; the receipt's code on the first screen."""
    line = kiosk.config.parent / "scanner"
    text = kiosk.config.read_text(encoding="utf-8")
    kiosk.config.write_text(f'{text}\n[scanner]\nkind = "serial"\ndevice = "{line}"\n', encoding="utf-8")
    with ScannerTwin(Manner("crlf", "]C1", piece=5), line) as twin, Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Have ready")
        terminal.look(3.0)
        twin.send(b"]C1" + SIM[:9].encode())
        twin.pull()
        terminal.look(3.0)
        twin.plug()
        terminal.look(3.0)
        twin.scan(SIM)
        terminal.wait_for("The number is complete", "Choose a plan")
        terminal.look(0.5)
        if "complete" in terminal.look():
            twin.scan(SIM)
        terminal.wait_for("Choose a plan")
        twin.scan(SIM)
        terminal.press("5")
        terminal.wait_for("Is this right?")
        terminal.press("1")
        terminal.wait_for("Please pay")
        for _ in range(20):
            twin.scan(SIM)
        terminal.wait_for("Please pay")
        (order,) = kiosk.orders()
        terminal.press("esc")
        terminal.wait_for("Cancelled", "Is this right?")
        terminal.press("enter", "esc", "esc", "esc")
        terminal.wait_for("Have ready")
        twin.scan(order["reference"])
        terminal.wait_for("Cancelled")

    assert len(kiosk.orders()) == 1
