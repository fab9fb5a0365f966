"""The slot for payment codes: its owner alone may use it, the queue's holder alone reads it, no code stays behind."""

from __future__ import annotations

import json
import logging
import pickle
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.backstage import Backstage
from kiosk.code_slot import NAME, CodeSlot, Passed, pass_on
from kiosk.errors import Misconfigured, Refused
from kiosk.facts import Call
from kiosk.log import log_to
from kiosk.order import Order
from kiosk.payment_codes import PaymentCode
from kiosk.sale import cancel
from tests.screens.room import Room

CODE = "134567890123456789"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "state", tenders={"alipay": {}, "wechat": {}, "cash": {}})
    made.scanner.shown[CODE] = made.time.now()
    yield made
    made.close()


@pytest.fixture
def slot(room: Room) -> Iterator[CodeSlot]:
    made = CodeSlot(room.line, room.config.state_dir)
    yield made
    made.stop()


def scan(room: Room, order: Order, code: str = CODE) -> Passed:
    return pass_on(room.config.state_dir, order.reference, PaymentCode(code))


def test_a_code_that_is_handed_over_is_charged(room: Room, slot: CodeSlot) -> None:
    """The answer comes when the charge is on record, and the slot sees it through."""
    order = room.sell("alipay")

    assert scan(room, order) is Passed.TAKEN
    slot.stop()

    assert room.ledger.order(order.reference).attempts[0].call is Call.CHARGE
    assert room.ledger.order(order.reference).paid == order.total


def test_another_process_hands_its_codes_over_through_the_same_slot(room: Room, slot: CodeSlot) -> None:
    """A seat without the queue: the code goes through the socket, and nowhere else."""
    order = room.sell("alipay")
    program = (
        "import sys; from pathlib import Path; from kiosk.code_slot import pass_on;"
        "from kiosk.payment_codes import PaymentCode;"
        "print(pass_on(Path(sys.argv[1]), sys.argv[2], PaymentCode(sys.stdin.read())))"
    )
    arguments = [sys.executable, "-c", program, str(room.config.state_dir), order.reference]

    told = subprocess.run(arguments, input=CODE, text=True, capture_output=True, check=True, timeout=30)
    slot.stop()

    assert told.stdout.strip() == Passed.TAKEN
    assert room.ledger.order(order.reference).paid == order.total


def test_only_its_owner_may_connect(room: Room, slot: CodeSlot) -> None:
    """Read and write for the kiosk's own user, nothing for others, whatever the umask."""
    mode = (room.config.state_dir / NAME).stat().st_mode

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_an_order_takes_one_code(room: Room, slot: CodeSlot) -> None:
    """The second scan is told so, and charges nothing."""
    order = room.sell("alipay")
    scan(room, order)
    slot.stop()
    again = CodeSlot(room.line, room.config.state_dir)
    second = scan(room, order, room.scanner.show_code())
    again.stop()

    assert second is Passed.TWICE
    assert len(room.scanner.charged) == 1


def test_what_cannot_be_charged_is_told_and_changes_nothing(room: Room, slot: CodeSlot) -> None:
    """Another wallet's code, an order that shows a code itself, one that was left, one that nobody knows."""
    order, showing, left = room.sell("alipay"), room.sell("wechat"), room.sell("alipay")
    cancel(room.ledger, left, by="customer", at=room.time.now())

    assert scan(room, order, "8900000461442300635") is Passed.NO_CODE
    assert scan(room, showing) is Passed.NO_CODE
    assert scan(room, left) is Passed.OVER
    assert pass_on(room.config.state_dir, "K0700000000001Z", PaymentCode(CODE)) is Passed.NOT_NOW  # type: ignore[arg-type]
    assert room.ledger.order(order.reference).version == 1
    assert room.scanner.charged == []


def test_where_nobody_works_the_queue_a_code_goes_nowhere(room: Room) -> None:
    """The customer may scan again; the order has not moved."""
    order = room.sell("alipay")

    assert scan(room, order) is Passed.NOT_NOW
    assert room.ledger.order(order.reference) == order


def test_nonsense_in_the_slot_stops_nothing(room: Room, slot: CodeSlot) -> None:
    """Hung up, not a line, not JSON, too long: the next code is charged all the same."""
    order = room.sell("alipay")
    for nonsense in (b"", b"{}\n", b"\xff\xfe\n", b"x" * 2000, b'{"order": 7, "code": []}\n'):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(room.config.state_dir / NAME))
            line.sendall(nonsense)

    assert scan(room, order) is Passed.TAKEN


def test_a_dead_predecessors_socket_is_replaced(room: Room) -> None:
    """kill -9 leaves the name behind: the lock alone says who listens."""
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(room.config.state_dir / NAME))
    dead.close()
    order = room.sell("alipay")
    assert scan(room, order) is Passed.NOT_NOW

    slot = CodeSlot(room.line, room.config.state_dir)
    passed = scan(room, order)
    slot.stop()

    assert passed is Passed.TAKEN
    assert not (room.config.state_dir / NAME).exists()


def test_a_state_folder_with_a_long_name_has_a_slot_too(tmp_path: Path) -> None:
    """A socket's own path may have 107 bytes."""
    folder = tmp_path / ("long" * 30) / "state"
    room = Room(folder, tenders={"alipay": {}})
    room.scanner.shown[CODE] = room.time.now()
    slot = CodeSlot(room.line, folder)
    order = room.sell("alipay")

    passed = scan(room, order)
    slot.stop()
    room.close()

    assert passed is Passed.TAKEN


@pytest.mark.parametrize(("tenders", "listens"), [({"alipay": {}}, True), ({"wechat": {}, "cash": {}}, False)])
def test_the_holder_of_the_queue_listens_where_a_code_may_come(
    tmp_path: Path, tenders: dict[str, dict[str, str]], listens: bool
) -> None:
    """From the moment it has the lock until it lets go of it."""
    room = Room(tmp_path / "state", tenders=tenders)
    backstage = Backstage(room, "the test")
    backstage.look()
    while_held = (tmp_path / "state" / NAME).exists()
    backstage.start()
    backstage.stop()
    afterwards = (tmp_path / "state" / NAME).exists()
    room.close()

    assert (while_held, afterwards) == (listens, False)


@pytest.mark.parametrize(
    "fault",
    [
        None,
        "lost",
        Refused(f"auth_code {CODE} is invalid"),
        Misconfigured(f"no such merchant; your request: {{'auth_code': '{CODE}'}}"),
        ValueError(f"could not parse {CODE}"),
        KeyError(CODE),
    ],
)
def test_the_code_is_nowhere_afterwards(
    room: Room, slot: CodeSlot, tmp_path: Path, fault: Exception | str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the ledger, its journal, the log, or any other file; whatever the rail and its adapter say of it."""
    log_to(room.config.state_dir / "kiosk.log")
    if fault:
        room.scanner.faults.append(fault)
    order = room.sell("alipay")
    with caplog.at_level(logging.DEBUG):
        assert scan(room, order) is Passed.TAKEN
        slot.stop()
        room.work()
    file = logging.getLogger().handlers[-1]
    logging.getLogger().removeHandler(file)
    file.close()

    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.name.startswith("ledger.db") for path in kept)
    for path, held in kept.items():
        assert CODE.encode() not in held, path
        assert CODE[4:-4].encode() not in held, path
        assert f"{CODE[:4]}****".encode() not in held, path
    assert CODE not in caplog.text
    assert room.ledger.order(order.reference).of(Call.CHARGE)[0].outcome


def test_a_code_is_stars_to_whoever_looks_at_it() -> None:
    """Printed, formatted, in a traceback's variables, or packed to be stored."""
    code = PaymentCode(CODE)

    assert CODE not in f"{code} {code!r} {[code]} {vars(type(code))}"
    assert code.reveal() == CODE
    with pytest.raises(TypeError, match="never stored"):
        pickle.dumps(code)
    with pytest.raises(TypeError):
        json.dumps({"code": code})
