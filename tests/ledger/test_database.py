"""Opening the file: the right one, whole, and not held by somebody else."""

from __future__ import annotations

import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import LedgerBroken, LedgerBusy, LedgerError, WrongLedger
from kiosk.ledger import Ledger
from tests.orders import NOW, a_ledger, an_order


def open_handles(path: Path) -> list[str]:
    """This process's open handles of the file."""
    targets = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            targets.append(str(handle.readlink()))
        except OSError:
            continue
    return [target for target in targets if target.startswith(str(path))]


def tampered(path: Path, *statements: str) -> None:
    """The file as an attacker leaves it: without triggers, and changed."""
    with closing(sqlite3.connect(path)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def test_a_ledger_is_opened_again_as_it_was_left(tmp_path: Path) -> None:
    """The second opening adds nothing."""
    with closing(a_ledger(tmp_path)) as ledger:
        order = ledger.open_order(an_order(), "customer", due_at=NOW)
        head = ledger.head()

    with closing(a_ledger(tmp_path)) as again:
        assert again.head() == head
        assert again.order(order.reference) == order


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"mode": "training"}, "is the live ledger of kiosk K07, and the configuration asks for the training ledger"),
        ({"kiosk": "K08"}, "asks for the live ledger of kiosk K08"),
    ],
)
def test_another_kiosks_or_modes_ledger_is_refused(tmp_path: Path, asked: dict[str, str], sentence: str) -> None:
    """Live and training never meet in one file, nor two kiosks; the sentence says what to do."""
    a_ledger(tmp_path).close()

    with pytest.raises(WrongLedger, match=sentence) as caught:
        a_ledger(tmp_path, **asked)

    assert "Use another state_dir" in str(caught.value)
    assert open_handles(tmp_path / "ledger.db") == []


def test_a_newer_kiosks_ledger_is_refused(tmp_path: Path) -> None:
    """An old program never writes to a newer ledger, and lets go of it."""
    a_ledger(tmp_path).close()
    tampered(
        tmp_path / "ledger.db", "INSERT INTO migrations SELECT max(number) + 1, 'tomorrow', 'later' FROM migrations"
    )

    with pytest.raises(WrongLedger, match="newer kiosk"):
        a_ledger(tmp_path)

    assert open_handles(tmp_path / "ledger.db") == []


@pytest.mark.parametrize("content", [b"this is no database, but a letter of some length " * 9, bytes(range(256)) * 32])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    """Stop selling, and restore a backup."""
    (tmp_path / "ledger.db").write_bytes(content)

    with pytest.raises(LedgerBroken, match="Stop selling"):
        a_ledger(tmp_path)

    assert open_handles(tmp_path / "ledger.db") == []


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM events WHERE seq = 1", "UPDATE events SET body = '[]' WHERE seq = 1"],
)
def test_a_ledger_without_its_first_event_is_broken(tmp_path: Path, statement: str) -> None:
    """Nobody can tell any more whose ledger it is."""
    with closing(a_ledger(tmp_path)) as ledger:
        ledger.open_order(an_order(), "customer", due_at=NOW)
    tampered(tmp_path / "ledger.db", statement)

    with pytest.raises(LedgerBroken):
        a_ledger(tmp_path)


def test_a_page_damaged_in_the_middle_is_noticed(tmp_path: Path) -> None:
    """Bytes that rot are told as damage, not as a bug."""
    path = tmp_path / "ledger.db"
    with closing(a_ledger(tmp_path)) as ledger:
        for number in range(1, 60):
            ledger.open_order(an_order(reference=f"K07{number:012}"), "customer", due_at=NOW)
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\xa5" * (len(content) - 12288)
    path.write_bytes(content)

    with pytest.raises(LedgerBroken), closing(a_ledger(tmp_path)) as ledger:
        list(ledger.events())


def test_a_folder_in_the_ledgers_place_is_a_sentence(tmp_path: Path) -> None:
    """Not a traceback."""
    (tmp_path / "ledger.db").mkdir()

    with pytest.raises(LedgerError, match="cannot be used"):
        a_ledger(tmp_path)


def test_a_lock_held_too_long_names_the_file(tmp_path: Path) -> None:
    """The clerk reads which file another program holds."""
    with closing(a_ledger(tmp_path)) as ledger, closing(sqlite3.connect(ledger.path)) as other:
        ledger.database.execute("PRAGMA busy_timeout = 1")
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(LedgerBusy, match=r"ledger\.db has been locked by another program"):
            ledger.open_order(an_order(), "customer", due_at=NOW)

        other.rollback()
        assert ledger.open_order(an_order(), "customer", due_at=NOW) == an_order()


def test_a_closed_ledger_is_not_called_damaged(tmp_path: Path) -> None:
    """Nobody restores a backup because a thread was late."""
    ledger = a_ledger(tmp_path)
    ledger.close()

    with pytest.raises(LedgerError) as caught:
        ledger.head()

    assert not isinstance(caught.value, LedgerBroken)


def test_only_its_owner_may_read_the_ledger(tmp_path: Path) -> None:
    """Card numbers are nobody else's business, not even in the write-ahead log."""
    with closing(a_ledger(tmp_path)) as ledger:
        ledger.open_order(an_order(), "customer", due_at=NOW)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("ledger.db*")}

    assert modes == {0o600}


def test_power_cuts_lose_nothing_that_was_recorded(tmp_path: Path) -> None:
    """Write-ahead log, synced at every commit, foreign keys on."""
    with closing(a_ledger(tmp_path)) as ledger:
        settings = [
            next(iter(ledger.database.rows(f"PRAGMA {name}")[0].values()))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert settings == ["wal", 2, 1]


def test_what_is_only_jotted_down_leaves_the_next_commit_as_careful_as_ever(tmp_path: Path) -> None:
    """After a jot, and after one that failed, every commit waits for the disk again; what was jotted down is there."""
    with closing(a_ledger(tmp_path)) as ledger:
        order = ledger.open_order(an_order(), "customer", due_at=NOW)
        ledger.database.jot("UPDATE orders SET tries = 5")
        after_one = ledger.database.rows("PRAGMA synchronous")
        with pytest.raises(LedgerError):
            ledger.database.jot("UPDATE orders SET tries = NULL")
        after_a_failure = ledger.database.rows("PRAGMA synchronous")
        entry = ledger.entry(order.reference)

    assert after_one == after_a_failure == [{"synchronous": 2}]
    assert entry
    assert entry.tries == 5


def test_many_may_make_the_ledger_at_once(tmp_path: Path) -> None:
    """The first start of two programs makes one ledger with one genesis."""
    start = threading.Barrier(4)

    def run(_: int) -> Ledger:
        start.wait()
        return a_ledger(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        ledgers = list(pool.map(run, range(4)))
    heads = {str(ledger.head()) for ledger in ledgers}
    for ledger in ledgers:
        ledger.close()

    assert len(heads) == 1
    assert heads.pop().startswith("1:")
