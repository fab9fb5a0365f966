"""Printers over real sockets and real files: what was printed, what was not, and what nobody knows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import devices
from devices import links
from devices.encode import escpos
from devices.printers import EscposPrinter, FolderPrinter
from devices.profiles import Profile
from devices.twin import PrinterTwin
from kiosk.errors import DeviceError
from kiosk.paper import Condition
from kiosk.plain import plain
from kiosk.tables import PrinterTable
from tests.receipts import ORDER, ORDER_ZH, SHOP, SHOP_ZH, printed

PROFILE = Profile(columns=42, chinese=True, native_qr=True, cutter=True)
DOCUMENT = printed(ORDER_ZH, SHOP_ZH)
ASKED = b"\x10\x04\x04"  # for paper, of whoever listens


def at(port: int, timeout_s: float = 20.0, ask_wait_s: float = 20.0) -> EscposPrinter:
    """A printer on this port. Its long waits are for machines that are slow; where silence is meant, they are short."""
    name = f"printer at 127.0.0.1:{port}"
    return EscposPrinter(
        name, lambda until: links.network("127.0.0.1", port, until), PROFILE, timeout_s, ask_wait_s=ask_wait_s
    )


def to(twin: PrinterTwin, timeout_s: float = 20.0, ask_wait_s: float = 20.0) -> EscposPrinter:
    return at(twin.port, timeout_s, ask_wait_s)


def behind(path: Path, timeout_s: float = 20.0) -> EscposPrinter:
    return EscposPrinter(f"printer at {path}", lambda _: links.device(path), PROFILE, timeout_s, ask_wait_s=0.05)


def test_a_receipt_is_printed_and_the_printer_says_so() -> None:
    """The whole way: document, bytes, TCP, paper; and the answer after the cut."""
    with PrinterTwin() as twin:
        said = to(twin).print(DOCUMENT)

    assert said is True
    assert "充值会自动完成，请勿重复付款。" in twin.receipts[0]
    assert twin.qr == ["K077Q3F9XKD2MWB"]
    assert twin.paper.unknown == []


def test_two_receipts_in_a_row_are_two_pieces_of_paper() -> None:
    """One connection for each job; the printer is free in between."""
    with PrinterTwin() as twin:
        printer = to(twin)
        said = [printer.print(DOCUMENT), printer.print(printed(ORDER, SHOP))]

    assert said == [True, True]
    assert len(twin.receipts) == 2


def test_a_silent_printer_gets_the_receipt_and_nothing_is_claimed() -> None:
    """Silence is neither paper nor print: the receipt is sent once, and the answer is "only sent"."""
    with PrinterTwin(silent=True) as twin:
        said = to(twin, ask_wait_s=0.05).print(DOCUMENT)

    assert said is False
    assert len(twin.receipts) == 1


def test_without_paper_nothing_is_sent() -> None:
    """What is sent to an empty printer prints with the next roll, and a second try would print twice."""
    with PrinterTwin(paper=False) as twin:
        with pytest.raises(DeviceError, match="has no paper") as caught:
            to(twin).print(DOCUMENT)
        twin.load_paper()

    assert caught.value.sent is False
    assert twin.receipts == []
    assert twin.paper.torn == ""


def test_paper_that_runs_out_in_the_middle_leaves_a_receipt_to_come() -> None:
    """The printer holds the rest: it says sent, and the rest comes with the new roll, once."""
    with PrinterTwin(runs_out_after=300) as twin:
        with pytest.raises(DeviceError, match="ran out of paper") as caught:
            to(twin, timeout_s=0.2).print(DOCUMENT)
        torn = list(twin.receipts)
        twin.load_paper()

    assert caught.value.sent is True
    assert torn == []
    assert len(twin.receipts) == 1


def test_a_printer_that_resets_in_the_middle_may_have_printed() -> None:
    """Bytes have left: the caller must look at the paper before it prints again."""
    with PrinterTwin(reset_after=200) as twin, pytest.raises(DeviceError, match="Look at the paper") as caught:
        to(twin).print(DOCUMENT)

    assert caught.value.sent is True
    assert twin.receipts == []


def test_a_printer_that_resets_at_the_first_question_has_printed_nothing() -> None:
    """Only the question for paper has left: printing again is safe."""
    with PrinterTwin(reset_after=0) as twin, pytest.raises(DeviceError) as caught:
        to(twin).print(DOCUMENT)

    assert caught.value.sent is False


def test_a_refused_port_means_that_nothing_was_sent() -> None:
    """The printer is off: the message names it, and printing again is safe."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(DeviceError, match=f"The printer at 127.0.0.1:{port} cannot be reached") as caught:
        at(port).print(DOCUMENT)

    assert caught.value.sent is False


def test_a_folder_takes_each_receipt_as_bytes_and_as_text(tmp_path: Path) -> None:
    """Training and audits read receipts as files; a folder that is not there yet is made."""
    folder = tmp_path / "receipts"
    printer = FolderPrinter(folder, PROFILE)

    said = [printer.print(DOCUMENT), printer.print(printed(ORDER, SHOP))]

    assert said == [True, True]
    assert sorted(file.name for file in folder.iterdir()) == [
        "00001-waiting.escpos",
        "00001-waiting.txt",
        "00002-sale.escpos",
        "00002-sale.txt",
    ]
    assert (folder / "00001-waiting.escpos").read_bytes() == escpos(DOCUMENT, PROFILE)
    assert (folder / "00001-waiting.txt").read_text(encoding="utf-8") == plain(DOCUMENT, 42)


def test_a_device_file_gets_the_bytes_and_does_not_answer(tmp_path: Path) -> None:
    """A printer behind a device file says nothing: sent is all that is known."""
    device = tmp_path / "lp0"
    device.touch()

    said = behind(device).print(DOCUMENT)

    assert said is False
    assert device.read_bytes() == ASKED + escpos(DOCUMENT, PROFILE)


def test_a_device_that_has_nothing_to_say_still_prints() -> None:
    """An empty answer is silence: USB printers send such packets all the time."""
    printer = behind(Path("/dev/null"))

    assert printer.look().condition is Condition.UNKNOWN
    assert printer.print(DOCUMENT) is False


@pytest.mark.parametrize(
    ("path", "why"), [("/dev/ttyNONE", "No such file or directory"), ("/dev/null", "it is no serial line")]
)
def test_a_serial_line_that_is_none_is_said_in_few_words(path: str, why: str) -> None:
    """Missing, or something else: the clerk reads it once."""
    printer = devices.printer(PrinterTable(kind="serial", path=path))

    assert printer is not None
    assert printer.look().why.startswith(why)


def test_an_unplugged_device_is_named_and_no_folder_is_made_of_it() -> None:
    """/dev/usb/lp0 of a printer that is not there is a missing printer."""
    unplugged = devices.printer(PrinterTable(kind="file", path="/dev/no-such-printer"))
    assert unplugged is not None
    with pytest.raises(DeviceError, match="printer at /dev/no-such-printer cannot be reached") as caught:
        unplugged.print(DOCUMENT)

    assert caught.value.sent is False


def test_a_fifo_that_nobody_reads_is_no_printer(tmp_path: Path) -> None:
    """To open it would block for ever, and what is written would come out when somebody reads: nothing is sent."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(DeviceError, match="cannot be reached") as caught:
        behind(fifo).print(DOCUMENT)
    with os.fdopen(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        said = behind(fifo).print(DOCUMENT)
        came = reader.read()

    assert caught.value.sent is False
    assert said is False
    assert came == ASKED + escpos(DOCUMENT, PROFILE)


def test_a_device_that_may_not_be_opened_got_nothing(tmp_path: Path) -> None:
    """A missing permission is told from a torn receipt."""
    not_a_folder = tmp_path / "file"
    not_a_folder.touch()

    with pytest.raises(DeviceError, match="cannot be written") as caught:
        FolderPrinter(not_a_folder / "receipts", PROFILE).print(DOCUMENT)

    assert caught.value.sent is False


def test_the_configuration_makes_the_printer(tmp_path: Path) -> None:
    """Each kind of printer in config.toml gives its printer, and "none" gives none. None of them is opened."""
    tables = [
        PrinterTable(kind="network", host="192.0.2.7"),
        PrinterTable(kind="usb", usb_id="04b8:0202"),
        PrinterTable(kind="serial", path="/dev/ttyS9"),
        PrinterTable(kind="file", path="/dev/usb/lp9"),
        PrinterTable(kind="file", path=str(tmp_path)),
        PrinterTable(kind="cups", queue="counter"),
    ]
    made = [devices.printer(table) for table in tables]

    assert [printer.name for printer in made if printer] == [
        "printer at 192.0.2.7:9100",
        "USB printer 04b8:0202",
        "printer at /dev/ttyS9",
        "printer at /dev/usb/lp9",
        f"printer at {tmp_path}",
        "printer counter of CUPS",
    ]
    assert isinstance(made[4], FolderPrinter)
    assert devices.printer(PrinterTable(kind="none")) is None


def test_the_printing_library_leaves_no_handler_and_no_litter(tmp_path: Path) -> None:
    """A log line on the customer's screen, or a folder in /tmp for every start, would be the library's doing."""
    script = "import logging; from devices import usb; usb._library(); print(logging.getLogger().handlers)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_western_printer_gets_question_marks_and_no_raw_bytes() -> None:
    """A Chinese document on a printer without hanzi is poor, and never garbage."""
    western = replace(PROFILE, chinese=False, font="/dev/null")
    with PrinterTwin() as twin:
        EscposPrinter("it", lambda until: links.network(twin.host, twin.port, until), western, 20.0).print(DOCUMENT)

    assert "K07-7Q3F-9XKD-2MWB" in twin.receipts[0]
    assert twin.paper.unknown == []
