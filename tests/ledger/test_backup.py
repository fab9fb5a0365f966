"""A backup is whole, is checked, and never overwrites another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import LedgerError
from kiosk.ledger.backup import back_up
from kiosk.ledger.verify import problems
from tests.orders import a_ledger, opened
from tests.world import World


def test_a_copy_is_the_ledger_of_that_moment_in_one_file(tmp_path: Path) -> None:
    """What is written afterwards is not in it; what was before is, and verifies."""
    ledger = a_ledger(tmp_path / "original")
    opened(ledger, 1)
    seen: list[tuple[int, int]] = []
    (tmp_path / "copies" / "copy").mkdir(parents=True)
    target = tmp_path / "copies" / "copy" / "ledger.db"

    head = back_up(ledger, target, lambda done, total: seen.append((done, total)))
    opened(ledger, 2)
    copy = a_ledger(target.parent)

    assert [order.reference for order in copy.orders()] == [ledger.orders()[-1].reference]
    assert copy.head() == head
    assert list(problems(copy)) == []
    assert seen
    assert seen[-1][0] == seen[-1][1]
    assert target.stat().st_mode & 0o777 == 0o600
    copy.close()
    ledger.close()


def test_a_backup_never_overwrites_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    """An existing file stays as it is; a folder that is not there is named."""
    ledger = a_ledger(tmp_path)
    taken = tmp_path / "taken.db"
    taken.write_text("mine")

    with pytest.raises(LedgerError, match="never overwrites"):
        back_up(ledger, taken)
    with pytest.raises(LedgerError, match="cannot be written"):
        back_up(ledger, tmp_path / "nowhere" / "copy.db")
    ledger.close()

    assert taken.read_text() == "mine"
    assert not list(tmp_path.glob("*.unfinished"))


def test_the_command_says_where_the_copy_stands(kiosk: World) -> None:
    """The head of the copy is told, so that paper can be compared with it."""
    kiosk.sell()
    told = kiosk.run("backup", str(kiosk.folder / "copy.db"))
    head = kiosk.rows("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")[0]

    assert f"up to {head['seq']}:{head['hash'][:20]}" in told
    assert "never overwrites" in kiosk.run("backup", str(kiosk.folder / "copy.db"), code=8)
