"""What happens to printers on a real counter, over real sockets and ptys: what is said of the job is true, and no

receipt comes out twice or later by itself. Waits are short where silence is meant, and long where an answer must come.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from devices import links
from devices.printers import EscposPrinter
from devices.profiles import Profile
from devices.talk import LATE_S
from devices.twin import PrinterTwin, PtyTwin, Twin
from kiosk.errors import DeviceError
from kiosk.paper import Condition
from tests.receipts import ORDER, SHOP, printed

PROFILE = Profile(columns=42, chinese=True, native_qr=True, cutter=True)
KNOWN = Profile(columns=42, chinese=True, native_qr=True, cutter=True, answers=True)
DOCUMENT = printed(ORDER, SHOP)
LONG = 20.0
SHORT = 0.1
WAKES = 0.4


def to(
    twin: Twin,
    profile: Profile = PROFILE,
    *,
    timeout_s: float = LONG,
    ask_wait_s: float = LONG,
    late_s: float = LATE_S,
    flow: str = "none",
) -> EscposPrinter:
    """A kiosk's printer at this twin's door."""

    def over_network(until: float) -> links.Link:
        assert isinstance(twin, PrinterTwin)
        return links.network(twin.host, twin.port, until)

    def over_serial(_: float) -> links.Link:
        assert isinstance(twin, PtyTwin)
        return links.serial(str(twin.path), 115200, flow)

    opens = over_network if isinstance(twin, PrinterTwin) else over_serial
    return EscposPrinter("printer", opens, profile, timeout_s, ask_wait_s=ask_wait_s, late_s=late_s)


def refusal(printer: EscposPrinter) -> tuple[str, bool]:
    """Why it did not print, and whether paper may have come out."""
    with pytest.raises(DeviceError) as caught:
        printer.print(DOCUMENT)
    return str(caught.value), caught.value.sent


@pytest.fixture(params=["tcp", "pty"])
def twin(request: pytest.FixtureRequest) -> Iterator[Twin]:
    """A printer on a network, and one on a serial line."""
    with PrinterTwin() if request.param == "tcp" else PtyTwin() as made:
        yield made


def test_a_receipt_is_printed_on_either_line(twin: Twin) -> None:
    """The twin's answer after the cut is what makes it *printed*."""
    assert to(twin).print(DOCUMENT) is True
    assert len(twin.receipts) == 1
    assert twin.paper.unknown == []


@pytest.mark.parametrize(
    ("knobs", "condition"),
    [
        ({}, Condition.READY),
        ({"near_end": True}, Condition.NEAR_END),
        ({"paper": False}, Condition.OUT),
        ({"cover_open": True}, Condition.COVER),
        ({"error": True}, Condition.ERROR),
        ({"chatty": True, "cover_open": True}, Condition.COVER),
    ],
)
def test_it_says_how_it_is(twin: Twin, knobs: dict[str, bool], condition: Condition) -> None:
    """Every state by its own bits, unasked words between the answers or not; and nothing is printed by asking."""
    twin.turn(**knobs)

    assert to(twin).look().condition is condition
    assert twin.paper.torn == ""


@pytest.mark.parametrize("knobs", [{"paper": False}, {"cover_open": True}, {"error": True}])
def test_what_would_print_later_by_itself_is_not_sent(twin: Twin, knobs: dict[str, bool]) -> None:
    """A new roll, a closed cover: no receipt of an hour ago comes out. The next one prints, once."""
    twin.turn(**knobs)
    said, sent = refusal(to(twin))
    twin.turn(paper=True, cover_open=False, error=False)
    before = list(twin.receipts)
    to(twin).print(DOCUMENT)

    assert said.startswith("Nothing was sent")
    assert sent is False
    assert (before, len(twin.receipts)) == ([], 1)


@pytest.mark.parametrize("knobs", [{"silent": True}, {"wrong": True}])
def test_silence_and_nonsense_are_unknown_and_not_empty(twin: Twin, knobs: dict[str, bool]) -> None:
    """A printer that cannot answer still prints; nobody claims that it did."""
    twin.turn(**knobs)
    printer = to(twin, ask_wait_s=SHORT)

    assert printer.look().condition is Condition.UNKNOWN
    assert printer.print(DOCUMENT) is False


@pytest.mark.prove
def test_a_late_answer_is_not_taken_for_the_next_ones(twin: Twin) -> None:
    """ "There is paper" of a moment ago arrives when the roll is over: it must not count."""
    twin.turn(late_s=3 * SHORT)
    printer = to(twin, ask_wait_s=SHORT)
    first = printer.look().condition
    twin.turn(paper=False, late_s=0.0)
    said = [first]
    while said[-1] is Condition.UNKNOWN:
        said.append(printer.look().condition)

    assert first is Condition.UNKNOWN
    assert said[-1] is Condition.OUT


def test_a_printer_that_is_known_to_answer_and_hangs_gets_nothing(twin: Twin) -> None:
    """It would print whenever it wakes up."""
    twin.turn(hang=True)
    printer = to(twin, KNOWN, timeout_s=SHORT, ask_wait_s=SHORT)
    state = printer.look()
    said, sent = refusal(printer)
    twin.turn(hang=False)
    to(twin).print(DOCUMENT)

    assert (state.condition, state.why) == (Condition.AWAY, "it does not answer")
    assert "does not answer; nothing was sent" in said
    assert sent is False
    assert len(twin.receipts) == 1


def test_a_printer_that_hangs_in_the_middle_may_have_printed_and_is_opened_anew(twin: Twin) -> None:
    """The clerk looks at the paper; the next receipt finds a printer that is well again."""
    twin.turn(hang_after=100)
    said, sent = refusal(to(twin, KNOWN, timeout_s=WAKES, ask_wait_s=WAKES))
    twin.turn(hang=False)

    assert said.endswith("Look at the paper.")
    assert sent is True
    assert to(twin).print(DOCUMENT) is True
    assert len(twin.receipts) == 2


def test_the_receipt_after_one_that_broke_off_is_confirmed() -> None:
    """What the printer owed of the torn one is waited for first, since a late answer would be taken for this one's."""
    with PrinterTwin(reset_after=300) as twin:
        printer = to(twin, ask_wait_s=WAKES, late_s=2 * WAKES)
        _, sent = refusal(printer)
        confirmed = printer.print(DOCUMENT)

    assert sent is True
    assert confirmed is True


def test_paper_that_ends_in_the_middle_is_said(twin: Twin) -> None:
    """What it holds comes with the new roll, once; the kiosk sends nothing again."""
    twin.turn(runs_out_after=300)
    said, sent = refusal(to(twin, timeout_s=WAKES, ask_wait_s=LONG))
    twin.load_paper()

    assert "ran out of paper" in said
    assert sent is True
    assert to(twin).print(DOCUMENT) is True
    assert len(twin.receipts) == 2


def test_a_printer_that_hangs_up_its_side_gets_nothing() -> None:
    """Half-closed: whether it still prints, nobody could ever learn."""
    with PrinterTwin(hangs_up=True) as twin:
        said, sent = refusal(to(twin))

    assert "broke off before the receipt: it closed the connection" in said
    assert sent is False
    assert twin.receipts == []


@pytest.mark.parametrize(("bytes_before", "sent"), [(0, False), (100, True)])
def test_a_pulled_cable_is_said(bytes_before: int, sent: bool) -> None:
    """While it is asked, nothing has left; in the middle of the receipt the clerk looks at the paper."""
    with PtyTwin() as twin, ThreadPoolExecutor() as kiosk:
        twin.turn(hang_after=bytes_before)
        future = kiosk.submit(refusal, to(twin))
        while len(twin.raw) <= bytes_before:
            time.sleep(0.001)
        twin.switch_off()
        said, was_sent = future.result()

    assert "broke off" in said
    assert was_sent is sent
    assert "cannot be reached" in refusal(to(twin))[0]


def test_a_stopped_line_takes_nothing_and_keeps_nothing() -> None:
    """XOFF: not a byte leaves, and none waits in the kernel for the line to go on."""
    with PtyTwin() as twin:
        printer = to(twin, timeout_s=3 * SHORT, ask_wait_s=SHORT, flow="xonxoff")
        holder = os.open(twin.path, os.O_RDWR | os.O_NOCTTY)  # as long as it is open the line stays as it is set up
        printer.look()
        twin.stop_flow()
        said, sent = refusal(printer)
        twin.go_on()
        os.close(holder)

    assert sent is False
    assert "not" in said
    assert twin.receipts == []


def test_two_kiosks_share_a_printer() -> None:
    """It takes one connection at a time: the second kiosk waits its turn, and both receipts come out whole."""
    with PrinterTwin() as twin, ThreadPoolExecutor() as kiosks:
        said = list(kiosks.map(lambda printer: printer.print(DOCUMENT), [to(twin), to(twin)]))

    assert said == [True, True]
    assert len(twin.receipts) == 2
    assert twin.receipts[0] == twin.receipts[1]


def test_a_serial_line_is_for_one_kiosk() -> None:
    """Two on one line would print into each other's receipts."""
    with PtyTwin() as twin:
        held = links.serial(str(twin.path), 9600, "none")
        said, sent = refusal(to(twin))
        held.close()

    assert "cannot be reached" in said
    assert sent is False
