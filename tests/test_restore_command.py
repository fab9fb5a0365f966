"""`kiosk restore` as the owner types it: what is missing, what only Airalo knows, and the clerk's yes."""

from __future__ import annotations

import re
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.identifiers import grouped_reference
from tests.world import PIN, World, kill

DELIVERED = "SELECT 1 FROM orders WHERE state = 'COMPLETED'"

pytestmark = pytest.mark.prove


def head_of(kiosk: World) -> str:
    """As the newest paper has it."""
    found = re.search(r"Its head is (\S+)", kiosk.run("verify"))
    assert found
    return found[1]


def lose_the_ledger(kiosk: World) -> None:
    for file in kiosk.state.glob("ledger.db*"):
        if not file.name.endswith("-lock"):
            file.unlink()


def test_what_was_sold_after_the_backup_is_found_and_nothing_is_sold_twice(kiosk: World) -> None:
    """Sold, backed up, sold again, lost, restored, reopened: Airalo's books have each top-up once, ours know of all."""
    kiosk.sell()
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    kiosk.sell()
    lost = kiosk.orders()[0]["reference"]
    head = head_of(kiosk)
    lose_the_ledger(kiosk)
    assert "Put it back, or restore a backup" in kiosk.run("orders", code=8)

    told = kiosk.run("restore", str(kiosk.folder / "copy.db"), "--head", head)

    assert re.search(r"\d+ events are missing", told)
    assert f"airalo has {lost}T1" in told
    assert grouped_reference(lost) in told
    assert "until a clerk says yes: kiosk restore --clerk NAME" in told
    assert "no clerk has said yes" in kiosk.sell(code=8)
    assert len(kiosk.delivered()) == 2
    assert "This is not the PIN of mei" in kiosk.run("restore", "--clerk", "mei", pin="000000", code=4)

    again = kiosk.run("restore", "--clerk", "mei", pin=PIN)
    kiosk.sell()

    assert "Open again" in again
    assert "airalo has" not in again
    assert [row["description"] for row in kiosk.delivered()].count(lost + "T1") == 1
    assert len(kiosk.delivered()) == 3
    assert "events" in kiosk.run("verify", "--head", head)


def test_a_top_up_sent_after_the_backup_is_found_not_repeated(kiosk: World) -> None:
    """Paid and waiting in the backup, delivered since: the restored queue finds it in Airalo's list."""
    kiosk.turn(endpoint="POST orders/topups", reject=13)
    kiosk.sell("--wait", "1", code=10)
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    kiosk.clear_faults()
    kiosk.run_until_settled()
    head = head_of(kiosk)
    lose_the_ledger(kiosk)

    kiosk.run("restore", str(kiosk.folder / "copy.db"), "--head", head, "--clerk", "mei", pin=PIN)
    kiosk.run_until_settled()

    assert [order["state"] for order in kiosk.orders()] == ["COMPLETED"]
    assert len(kiosk.delivered()) == 1
    kiosk.run("verify")


def test_a_running_kiosk_is_named_and_nothing_is_replaced(kiosk: World) -> None:
    """The holder of the queue is told by name; nothing has changed."""
    kiosk.sell()
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    sync = kiosk.start("sync")
    assert sync.stdout
    sync.stdout.readline()

    told = kiosk.run("restore", str(kiosk.folder / "copy.db"), "--no-head", code=7)
    sync.send_signal(signal.SIGTERM)
    sync.communicate(timeout=20)

    assert f"kiosk sync (process {sync.pid})" in told
    assert not list(kiosk.state.glob("*replaced*"))


def test_the_paper_is_asked_for_and_a_wrong_one_refused(kiosk: World) -> None:
    """Without a terminal the option must say it; a mistyped or foreign head changes nothing."""
    kiosk.sell()
    copy = str(kiosk.folder / "copy.db")
    kiosk.run("backup", copy)

    assert "This ledger was never restored" in kiosk.run("restore", code=9)
    assert "--no-head" in kiosk.run("restore", copy, code=2)
    assert "Either" in kiosk.run("restore", copy, "--no-head", "--head", "1:0123456789abcdef0123", code=2)
    assert "is not the head of a ledger" in kiosk.run("restore", copy, "--head", "12", code=5)
    assert "contradicts this backup" in kiosk.run("restore", copy, "--head", "3:0123456789abcdef0123", code=8)
    assert not list(kiosk.state.glob("*replaced*"))
    kiosk.sell()


def test_airalo_away_is_told_and_asked_again_later(kiosk: World) -> None:
    """The restore does not wait for the line: it leaves a finding, and the next `kiosk restore` asks."""
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    kiosk.sell()
    lost = kiosk.orders()[0]["reference"]
    kiosk.turn(endpoint="GET orders", down=True)

    first = kiosk.run("restore", str(kiosk.folder / "copy.db"), "--no-head")
    kiosk.clear_faults()
    second = kiosk.run("restore")

    assert "airalo could not be asked" in first
    assert f"airalo has {lost}T1" in second


def test_a_restore_that_is_killed_at_any_moment_loses_neither_ledger(kiosk: World) -> None:
    """kill -9 again and again: the last one goes through, and what was replaced can still be read, with all orders."""
    kiosk.sell()
    kiosk.run("backup", str(kiosk.folder / "copy.db"))
    kiosk.sell()
    for step in range(12):
        process = kiosk.start("restore", str(kiosk.folder / "copy.db"), "--no-head")
        time.sleep(0.3 + 0.07 * step)
        kill(process)

    kiosk.run("restore", str(kiosk.folder / "copy.db"), "--no-head", "--clerk", "mei", pin=PIN)

    kept = [orders_in(path) for path in (*kiosk.state.glob("ledger-replaced-*.db"), kiosk.state / "ledger.db")]
    assert max(kept) == 2
    assert min(kept) >= 1
    kiosk.run("verify")
    kiosk.sell()
    assert len(kiosk.delivered()) == 3


def orders_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as ledger:
        return int(ledger.execute("SELECT count(*) FROM orders").fetchone()[0])
