"""The ledger fails under a kiosk: nobody is sold to, the clerk reads why, and service comes back with the ledger."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal
from tests.journeys.visits import CASH, to_payment
from tests.world import PIN, World

pytestmark = pytest.mark.prove

DO_NOT_PAY = "Please do not pay now, not even a code that you have scanned."


def test_a_ledger_that_is_moved_away_stops_the_sale_and_comes_back(kiosk: World, tmp_path: Path) -> None:
    """At the payment screen: honest words, the cause for the clerk, no new file; put back, the order is there."""
    ledger, elsewhere = kiosk.state / "ledger.db", tmp_path / "moved.db"
    with Terminal(kiosk, 80, 24) as terminal:
        to_payment(terminal, CASH)
        terminal.wait_for("Please pay")
        ledger.rename(elsewhere)
        seen = terminal.wait_for(DO_NOT_PAY)
        assert "What was paid is not lost" in seen
        assert "deleted, moved or replaced" in " ".join(seen.split())
        assert not ledger.exists()
        terminal.press(*"1x", "esc", "enter")
        assert "Out of service" in terminal.look(0.5)
        elsewhere.rename(ledger)
        terminal.wait_for("Choose your language")
        (order,) = kiosk.orders()
        kiosk.run("cash", order["reference"], "--clerk", "mei", pin=PIN)
        kiosk.wait_for("SELECT 1 FROM orders WHERE state = 'COMPLETED'")

    assert b"Traceback" not in terminal.raw
    assert "deleted, moved or replaced" in (kiosk.state / "kiosk.log").read_text(encoding="utf-8")
    assert len(kiosk.delivered()) == 1


def test_a_backup_is_restored_under_a_waiting_kiosk_and_the_clerks_yes_opens_it(kiosk: World) -> None:
    """Deleted: out of service; restored: still, until the yes; then it sells, without anybody touching the kiosk."""
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        kiosk.wait_for("SELECT 1 FROM seats WHERE heartbeat_at > taken_at")
        for file in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
            (kiosk.state / file).unlink()
        terminal.wait_for(DO_NOT_PAY)
        kiosk.run("restore", str(kiosk.folder / "copy.db"), "--no-head")
        terminal.wait_for("no clerk has said yes")
        kiosk.run("restore", "--clerk", "mei", pin=PIN)
        terminal.wait_for("Choose your language")

    assert b"Traceback" not in terminal.raw


def test_a_kiosk_that_starts_on_a_ledger_that_is_gone_waits_for_it(kiosk: World, tmp_path: Path) -> None:
    """No shell and no empty ledger: the cause stands there until the file is back."""
    ledger, elsewhere = kiosk.state / "ledger.db", tmp_path / "moved.db"
    ledger.rename(elsewhere)
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("There was a ledger at")
        assert not ledger.exists()
        elsewhere.rename(ledger)
        terminal.wait_for("Choose your language")


def test_a_state_folder_that_is_gone_is_not_made_anew(kiosk: World, tmp_path: Path) -> None:
    """The whole folder is moved away and comes back; meanwhile nothing stands in its place."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        kiosk.wait_for("SELECT 1 FROM seats WHERE heartbeat_at > taken_at")
        kiosk.state.rename(tmp_path / "elsewhere")
        terminal.wait_for(DO_NOT_PAY)
        terminal.look(5)
        assert not kiosk.state.exists()
        (tmp_path / "elsewhere").rename(kiosk.state)
        terminal.wait_for("Choose your language")


def test_a_ledger_that_another_program_locks_is_waited_out(kiosk: World) -> None:
    """A tool that holds a transaction open: named as the cause; it ends, and the kiosk sells."""
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("Choose your language")
        with closing(sqlite3.connect(kiosk.state / "ledger.db", isolation_level=None)) as tool:
            tool.execute("BEGIN IMMEDIATE")
            terminal.wait_for("locked by another program", seconds=40)
            tool.execute("ROLLBACK")
        terminal.wait_for("Choose your language", seconds=30)


def test_damage_in_the_middle_of_the_file_is_found_before_anybody_needs_it(kiosk: World) -> None:
    """Overwritten bytes: out of service until the file is whole again, whoever opens it in between."""
    kiosk.sell()
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    ledger = kiosk.state / "ledger.db"
    whole = ledger.read_bytes()
    with ledger.open("r+b") as file:
        file.seek(4096 * 6)
        file.write(os.urandom(4096 * 8))
    with Terminal(kiosk, 80, 24) as terminal:
        terminal.wait_for("damaged")
        terminal.look(6)
        assert "Out of service" in terminal.look()
        for log in ("ledger.db-wal", "ledger.db-shm"):
            (kiosk.state / log).unlink(missing_ok=True)
        ledger.write_bytes(whole)
        terminal.wait_for("Choose your language")
