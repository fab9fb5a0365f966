"""A backup takes the ledger's place whole or not at all; the replaced file is kept; the chain goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import LedgerBroken, LedgerBusy, LedgerError, LedgerGone, NotReopened, WrongLedger
from kiosk.ledger import Head, Ledger, desk
from kiosk.ledger.backup import back_up
from kiosk.ledger.chain import parse_head
from kiosk.ledger.gaps import gaps
from kiosk.ledger.hold import RESTORING, Hold
from kiosk.ledger.restore import Restored, reopen, restore
from kiosk.ledger.verify import problems
from tests.ledger.test_verify import attack
from tests.orders import LATER, NOW, a_ledger, opened


def nothing(ledger: Ledger, restored: Restored) -> None:
    """No order is treated: these tests are about files."""


def put_back(
    backup: Path, folder: Path, paper: Head | None = None, treat: Callable[[Ledger, Restored], None] = nothing
) -> Restored:
    return restore(backup, folder / "ledger.db", paper, mode="live", kiosk="K07", at=NOW, treat=treat)


def shop(folder: Path, lost: int = 3) -> tuple[Path, Head, Head]:
    """A ledger of two orders, its backup, and `lost` orders after it: the backup, its head, the newest head."""
    with closing(a_ledger(folder)) as ledger:
        opened(ledger, 1)
        opened(ledger, 2)
        head = back_up(ledger, folder / "backup.db")
        for number in range(3, 3 + lost):
            opened(ledger, number)
        return folder / "backup.db", head, parse_head(str(ledger.head()))


def test_the_chain_goes_on_after_the_newest_paper_with_one_gap_that_verify_knows(tmp_path: Path) -> None:
    """Events between the backup's head and the paper are missing, and that is on record; nothing else may be."""
    backup, head, paper = shop(tmp_path)
    (tmp_path / "ledger.db").unlink()

    restored = put_back(backup, tmp_path, paper)

    assert (restored.backup, restored.newest, restored.lost) == (head, paper, 3)
    with closing(a_ledger(tmp_path)) as ledger:
        rows = [(row["seq"], row["event"]) for row in ledger.events()]
        assert rows[-2:] == [(head.seq, "opened"), (paper.seq + 1, "restored")]
        assert list(problems(ledger)) == []
        assert list(problems(ledger, str(paper))) == []
        assert list(problems(ledger, str(head))) == []
        assert gaps(ledger)[0].lost == range(head.seq + 1, paper.seq + 1)
        lost = list(problems(ledger, f"{paper.seq - 1}:0123456789abcdef0123"))
        assert "was lost when the ledger was restored" in lost[0]
        other = list(problems(ledger, f"{paper.seq}:0123456789abcdef0123"))
        assert "another one than on the paper that was given" in other[0]


def test_only_the_event_of_a_restore_may_leave_a_gap(tmp_path: Path) -> None:
    """Every other event that skips a number is refused by the file itself; a gap that is not declared is found."""
    backup, _, paper = shop(tmp_path)
    put_back(backup, tmp_path, paper)
    with closing(a_ledger(tmp_path)) as ledger:
        with pytest.raises(LedgerError, match="without gaps"), ledger.database.transaction():
            ledger.append(NOW, "noted", "mei", {}, seq=paper.seq + 7)
        with ledger.database.transaction():
            ledger.append(NOW, "restored", "mei", {"backup": "3:0123456789abcdef0123"}, seq=paper.seq + 7)

        assert any("is missing: the next one on record is" in problem for problem in problems(ledger))


def test_the_replaced_ledger_is_kept_with_its_log(tmp_path: Path) -> None:
    """Whatever was in it can still be read, and a second restore keeps the first one's result as well."""
    backup, _, paper = shop(tmp_path)

    first = put_back(backup, tmp_path, paper)
    second = put_back(backup, tmp_path, paper)

    assert first.replaced
    assert second.replaced
    assert first.replaced != second.replaced
    with closing(sqlite3.connect(first.replaced)) as kept:
        assert kept.execute("SELECT count(*) FROM orders").fetchone() == (5,)
    assert not list(tmp_path.glob("*.restoring*"))
    assert (tmp_path / "ledger.db").stat().st_mode & 0o777 == 0o600
    assert backup.exists()


def test_a_log_beside_the_replaced_ledger_stays_with_it(tmp_path: Path) -> None:
    """A kiosk that was killed leaves its newest entries in the log: they go aside together, never into the backup."""
    backup, _, paper = shop(tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as killed:
        killed.execute("PRAGMA wal_autocheckpoint=0")
        killed.execute("INSERT INTO shifts (id, opened_at, opened_by) VALUES ('S1', '', '')")
        killed.commit()
        pieces = {ending: (tmp_path / f"ledger.db{ending}").read_bytes() for ending in ("", "-wal")}
    for ending, content in pieces.items():
        (tmp_path / f"ledger.db{ending}").write_bytes(content)

    restored = put_back(backup, tmp_path, paper)

    assert restored.replaced
    with closing(sqlite3.connect(restored.replaced)) as kept:
        assert kept.execute("SELECT count(*) FROM shifts").fetchone() == (1,)
    with closing(a_ledger(tmp_path)) as ledger:
        assert len(ledger.orders()) == 2
        assert ledger.database.rows("SELECT * FROM shifts") == []


def test_a_replaced_ledger_that_can_be_read_knows_better_than_the_paper(tmp_path: Path) -> None:
    """Its numbers were given: none of them is given again, whatever the newest paper is."""
    backup, head, newest = shop(tmp_path)

    restored = put_back(backup, tmp_path, Head(head.seq, head.hash[:20]))

    assert restored.newest.seq == newest.seq
    with closing(a_ledger(tmp_path)) as ledger:
        assert ledger.head().seq == newest.seq + 1


def test_without_any_paper_the_backups_own_head_counts(tmp_path: Path) -> None:
    """Nothing is known to be missing, and the chain has no gap."""
    backup, head, _ = shop(tmp_path)
    (tmp_path / "ledger.db").unlink()

    assert put_back(backup, tmp_path).lost == 0
    with closing(a_ledger(tmp_path)) as ledger:
        assert ledger.head().seq == head.seq + 1
        assert list(problems(ledger)) == []


def test_a_paper_that_contradicts_the_backup_is_refused(tmp_path: Path) -> None:
    """It is another ledger's backup, or the paper was typed wrong: nothing is changed."""
    backup, head, _ = shop(tmp_path)
    before = (tmp_path / "ledger.db").read_bytes()

    with pytest.raises(LedgerError, match="The paper contradicts this backup"):
        put_back(backup, tmp_path, Head(head.seq, "0123456789abcdef0123"))

    assert (tmp_path / "ledger.db").read_bytes() == before
    assert not list(tmp_path.glob("*replaced*"))


def test_a_paper_that_contradicts_the_replaced_ledger_is_refused(tmp_path: Path) -> None:
    """While it can still be read, a mistyped paper is noticed beyond the backup's end too."""
    backup, _, newest = shop(tmp_path)

    with pytest.raises(LedgerError, match="is another one than on the paper"):
        put_back(backup, tmp_path, Head(newest.seq, "0123456789abcdef0123"))


def test_a_kiosk_that_has_the_ledger_open_is_not_pulled_from_under_it(tmp_path: Path) -> None:
    """Refused while anybody works on it; and nobody opens it while it is restored."""
    backup, _, paper = shop(tmp_path)
    with closing(a_ledger(tmp_path)), pytest.raises(LedgerBusy, match="is open in a kiosk"):
        put_back(backup, tmp_path, paper)

    def meddle(ledger: Ledger, restored: Restored) -> None:
        with pytest.raises(LedgerBusy, match="is being restored"):
            a_ledger(tmp_path)

    put_back(backup, tmp_path, paper, meddle)
    a_ledger(tmp_path).close()


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (None, LedgerError, "There is no file"),
        (b"", LedgerError, "no such table"),
        (b"an old letter to the bank" * 400, LedgerBroken, "is damaged"),
    ],
)
def test_what_is_no_backup_is_refused(
    tmp_path: Path, content: bytes | None, error: type[LedgerError], said: str
) -> None:
    """A missing file, an empty one, something else altogether."""
    a_ledger(tmp_path).close()
    if content is not None:
        (tmp_path / "wrong.db").write_bytes(content)

    with pytest.raises(error, match=said):
        put_back(tmp_path / "wrong.db", tmp_path)

    a_ledger(tmp_path).close()


def test_a_backup_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    """An edited event, and a ledger of another kiosk."""
    backup, _, paper = shop(tmp_path)
    with closing(Ledger(tmp_path / "other" / "ledger.db", mode="live", kiosk="K08", at=NOW)) as other:
        back_up(other, tmp_path / "other.db")
    with closing(a_ledger(tmp_path / "x")) as copy:
        opened(copy, 1)
        attack(copy, "UPDATE events SET by = 'nobody' WHERE seq = 2")
        back_up(copy, tmp_path / "edited.db")

    with pytest.raises(LedgerBroken, match="is not whole"):
        put_back(tmp_path / "edited.db", tmp_path, None)
    with pytest.raises(WrongLedger, match="kiosk K08"):
        put_back(tmp_path / "other.db", tmp_path, paper)
    with pytest.raises(LedgerError, match="is the ledger itself"):
        put_back(tmp_path / "ledger.db", tmp_path, paper)
    assert put_back(backup, tmp_path, paper).lost == 3


def test_a_restore_that_was_cut_short_sells_nothing_and_can_be_done_again(tmp_path: Path) -> None:
    """Killed between two names: no kiosk opens on what is left, and the same command puts it right."""
    backup, _, paper = shop(tmp_path)
    hold = Hold(tmp_path / "ledger.db", alone=True)
    hold.mark(RESTORING)
    (tmp_path / "ledger.db").rename(tmp_path / "ledger-replaced-before.db")
    hold.release()

    with pytest.raises(LedgerGone, match="Do it again: kiosk restore FILE"):
        a_ledger(tmp_path)
    put_back(backup, tmp_path, paper)

    with closing(a_ledger(tmp_path)) as ledger:
        assert list(problems(ledger)) == []


def test_a_ledger_that_is_gone_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    """A new ledger in its place would forget who has paid: the owner is told how to bring it back."""
    backup, _, paper = shop(tmp_path)
    (tmp_path / "ledger.db").unlink()

    with pytest.raises(LedgerGone, match="Put it back, or restore a backup"):
        a_ledger(tmp_path)
    assert not (tmp_path / "ledger.db").exists()
    put_back(backup, tmp_path, paper)
    a_ledger(tmp_path).close()


def test_a_restored_ledger_is_closed_until_a_clerk_says_yes(tmp_path: Path) -> None:
    """No order is opened before; the yes is on record with the clerk's name."""
    backup, _, paper = shop(tmp_path)
    put_back(backup, tmp_path, paper)
    with closing(a_ledger(tmp_path)) as ledger:
        with pytest.raises(NotReopened):
            opened(ledger, 9)
        desk.open_finding(ledger, "float_low", "the float is low", at=NOW, deadline_at=LATER)
        reopen(ledger, "clerk:mei", NOW)
        opened(ledger, 9)
        assert [row["by"] for row in ledger.events() if row["event"] == "reopened"] == ["clerk:mei"]
        assert list(problems(ledger)) == []


def test_a_clerk_s_yes_in_one_process_opens_the_ledger_for_the_others(tmp_path: Path) -> None:
    """A kiosk that was started before the yes sells from it on."""
    backup, _, paper = shop(tmp_path)
    put_back(backup, tmp_path, paper)
    with closing(a_ledger(tmp_path)) as kiosk, closing(a_ledger(tmp_path)) as counter:
        with pytest.raises(NotReopened):
            opened(kiosk, 9)

        reopen(counter, "clerk:mei", NOW)

        assert opened(kiosk, 9) in kiosk.orders()


def test_a_restore_closes_a_ledger_that_had_been_open(tmp_path: Path) -> None:
    """The yes of before says nothing of what was lost since."""
    backup, _, paper = shop(tmp_path)
    put_back(backup, tmp_path, paper)
    with closing(a_ledger(tmp_path)) as ledger:
        reopen(ledger, "clerk:mei", NOW)
        opened(ledger, 9)
        with pytest.raises(LedgerBusy):
            put_back(backup, tmp_path, ledger.head())
        newest = ledger.head()
    put_back(backup, tmp_path, newest)

    with closing(a_ledger(tmp_path)) as ledger, pytest.raises(NotReopened):
        opened(ledger, 10)


def test_a_ledger_restored_twice_declares_both_gaps(tmp_path: Path) -> None:
    """Each restore says for itself what was lost in it."""
    backup, _, paper = shop(tmp_path)
    put_back(backup, tmp_path, paper)
    with closing(a_ledger(tmp_path)) as ledger:
        reopen(ledger, "clerk:mei", NOW)
        back_up(ledger, tmp_path / "second.db")
        opened(ledger, 20)
        newest = ledger.head()
    put_back(tmp_path / "second.db", tmp_path, newest)

    with closing(a_ledger(tmp_path)) as ledger:
        assert [len(gap.lost) for gap in gaps(ledger)] == [3, 1]
        assert list(problems(ledger, str(newest))) == []
        assert list(problems(ledger, str(paper))) == []
