"""`kiosk doctor`: what a sale needs is looked at, and who mends the kiosk is told what to do."""

from __future__ import annotations

import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from fcntl import ioctl
from pathlib import Path

import pytest

from kiosk.cli import group
from kiosk.contacts import Channel, Contact
from kiosk.doctor.privacy import TODO
from kiosk.doctor.remotes import clock
from kiosk.identifiers import parse_reference
from kiosk.ledger.messages import leave_contact
from kiosk.order import State
from tests.orders import recorded
from tests.world import SIM, World, world

TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def wallets(tmp_path: Path) -> Iterator[World]:
    """A kiosk that takes WeChat Pay, too."""
    with world(tmp_path, wechat=True) as made:
        yield made


def lines(kiosk: World, *words: str, code: int = 0) -> dict[str, list[str]]:
    """What the doctor says, by what was looked at: the verdict and the words."""
    told = json.loads(kiosk.run("doctor", "--json", *words, code=code))
    found: dict[str, list[str]] = {}
    for line in told["lines"]:
        found.setdefault(line["what"], []).append(f"{line['verdict']} {line['said']} {line['todo']}")
    assert told["well"] is (code == 0)
    return found


def test_a_kiosk_that_is_well_is_told_so_and_nothing_moves(wallets: World) -> None:
    """Each remote was asked for something that only who is known there is told."""
    found = lines(wallets)

    assert [line for told in found.values() for line in told if line.startswith("WRONG")] == []
    assert found["provider"] == ["ok airalo: answers; 1000.00 USD of our credit are left "]
    assert "ok wechat: answers, and knows us " in found["to pay"]
    assert found["clock"][0].startswith("ok ")
    assert found["printer"][0].startswith("ok ")
    assert wallets.delivered() == []
    assert wallets.books("wechat/payments") == []
    assert wallets.orders() == []


def test_wrong_credentials_are_found_before_the_first_customer(wallets: World) -> None:
    """At the provider and at the rail, each by its name."""
    (wallets.folder / "airalo-secret").write_text("training-wrong\n", encoding="utf-8")
    text = wallets.config.read_text(encoding="utf-8")
    wallets.config.write_text(re.sub(r'mchid = "\d+"', 'mchid = "1900000999"', text), encoding="utf-8")

    found = lines(wallets, code=1)

    assert found["provider"][0].startswith("WRONG airalo: ")
    assert [line for line in found["to pay"] if line.startswith("WRONG wechat: ")]


def test_a_remote_that_is_away_does_not_hide_the_others(wallets: World) -> None:
    """The line is down: each says so, and everything else is looked at all the same."""
    wallets.sandbox.stop()

    found = lines(wallets, code=1)

    assert found["provider"][0].startswith("WRONG airalo: ")
    assert "Is the line up?" in found["provider"][0]
    assert found["ledger"][0].startswith("ok ")
    assert found["printer"][0].startswith("ok ")


@pytest.mark.prove
def test_what_others_on_the_machine_may_read_is_named(kiosk: World) -> None:
    """With the command that shuts it."""
    assert lines(kiosk)["files"][0].startswith("ok ")
    (kiosk.folder / "airalo-secret").chmod(0o644)
    kiosk.state.chmod(0o755)

    found = lines(kiosk, code=1)["files"]

    assert f"chmod go= {kiosk.folder / 'airalo-secret'}" in found[-1]
    assert f"chmod go= {kiosk.state}" in found[0]


def test_a_damaged_ledger_is_found(kiosk: World) -> None:
    """Nothing is sold from it, and the doctor says what to do."""
    kiosk.sell()
    with (kiosk.state / "ledger.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)

    (found,) = lines(kiosk, code=1)["ledger"]

    assert found.startswith("WRONG ")
    assert "restore a backup Until then nothing is sold." in found


def test_what_waits_for_somebody_is_told(kiosk: World) -> None:
    """What is paid and not delivered, and who works it."""
    with closing(kiosk.house()) as house:
        total = recorded(house.ledger, State.SUBMITTING, provider="airalo", tender="cash").total

    found = lines(kiosk)

    assert f"1 paid and not delivered, together {total.decimal} USD" in found["ledger"][1]
    assert found["queue"][0].startswith("note nobody works it")


def seen_in_a_terminal(kiosk: World, columns: int, rows: int, term: str) -> str:
    """What the doctor says where the screens would stand."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    env = kiosk.env | {"TERM": term}
    subprocess.run([sys.executable, "-m", "kiosk", "doctor"], env=env, stdout=theirs, stdin=theirs, check=False)
    os.close(theirs)
    told = b""
    while True:
        try:
            told += os.read(ours, 4096)
        except OSError:
            break
    os.close(ours)
    return told.decode()


@pytest.mark.prove
def test_a_terminal_that_is_too_small_or_has_no_hanzi_is_found(kiosk: World) -> None:
    """Before the kiosk is started in it."""
    assert "WRONG  terminal   70 x 24 characters" in seen_in_a_terminal(kiosk, 70, 24, "xterm-256color")
    assert "WRONG  terminal   the Linux console has no Chinese" in seen_in_a_terminal(kiosk, 100, 30, "linux")
    assert "ok     terminal   100 x 30 characters, foot" in seen_in_a_terminal(kiosk, 100, 30, "foot")


def test_languages_without_a_font_for_large_letters_are_named(kiosk: World, tmp_path: Path) -> None:
    """On a machine without fonts: every language but English, whose letters need none."""
    kiosk.env["XDG_DATA_HOME"] = kiosk.env["XDG_DATA_DIRS"] = str(tmp_path / "nothing")

    told = " ".join(lines(kiosk)["large letters"])

    assert "한국어: no font" in told
    assert "Español: no font" in told
    assert "English" not in told
    assert "fonts-noto-cjk" in told


def test_a_clock_that_is_off_is_told_by_the_remotes(kiosk: World) -> None:
    """Nobody else on the machine knows it."""
    with closing(kiosk.house()) as house:
        house.clock.heard("wechat", datetime.now(UTC) - TWO_MINUTES)
        (line,) = clock(house)

    assert line.verdict == "WRONG"
    assert "120 s ahead of wechat" in line.said
    assert "timedatectl" in line.todo


# --- privacy -----------------------------------------------------------------------------------------------------

PLANTED = {
    "a SIM's number": f"shown {SIM}",
    "a phone number": "+8613800138000",
    "an e-mail address": "wang@example.com",
    "a bank card's number": "4242424242424242",
    "a key": "-----BEGIN PRIVATE KEY-----",
}


def test_after_a_sale_nothing_lies_where_it_should_not(kiosk: World) -> None:
    """The ledger holds the SIM's number and the address that was left, and nothing else does."""
    kiosk.sell()
    leave(kiosk, datetime.now(UTC))

    (found,) = lines(kiosk, "--privacy")["privacy"]

    assert found.startswith("ok ")


@pytest.mark.prove
@pytest.mark.parametrize("kind", TODO)
def test_what_should_not_be_there_is_found_and_not_repeated(kiosk: World, kind: str) -> None:
    """Whatever file it is in, with what to do."""
    kiosk.sell()
    (kiosk.state / "crash.txt").write_text(f"Traceback: {PLANTED[kind]}\n", encoding="utf-8")

    (found,) = lines(kiosk, "--privacy", code=1)["privacy"]

    assert found == f"WRONG crash.txt: {kind}, 1 time {TODO[kind]}"


@pytest.mark.prove
def test_an_address_that_nobody_deleted_in_time_is_found(kiosk: World) -> None:
    """Its days are over, and the queue was not worked."""
    kiosk.sell()
    leave(kiosk, datetime.now(UTC) - timedelta(days=31))

    found = lines(kiosk, "--privacy", code=1)["privacy"][-1]

    assert "1 of the addresses that customers left are older than 30 days" in found


def test_an_address_that_was_deleted_is_in_no_page_of_the_file(kiosk: World) -> None:
    """It stood there, and when its time is over not one byte is left of it: the doctor looks at the whole file."""
    kiosk.sell()
    leave(kiosk, datetime.now(UTC) - timedelta(days=31))
    kiosk.run("sync", "--once")

    (found,) = lines(kiosk, "--privacy")["privacy"]

    assert found.startswith("ok ")
    assert b"wang@example.com" not in b"".join(path.read_bytes() for path in kiosk.state.glob("ledger.db*"))


def leave(kiosk: World, at: datetime) -> None:
    (sold,) = kiosk.orders()
    with closing(kiosk.house()) as house:
        order = house.ledger.order(parse_reference(sold["reference"]))
        leave_contact(house.ledger, order, Contact(Channel.EMAIL, "wang@example.com", "en"), None, at=at)


def test_the_command_is_listed() -> None:
    """`kiosk --help` leads to it."""
    assert "doctor" in group.list_commands(None)  # type: ignore[arg-type]
