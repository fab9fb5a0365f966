"""The sandbox's own file, whose connections are kept from one use to the next."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.sandbox.books import Books, paid_in


def held(books: Books) -> int:
    with books.reading() as db:
        return paid_in(db, "airalo")


def half_done(books: Books) -> None:
    with books.writing() as db:
        db.execute("INSERT INTO paid_in VALUES ('airalo', 100)")
        next(db.execute("SELECT * FROM paid_in"))
        raise KeyError


def test_a_file_that_was_replaced_is_read_and_not_the_one_before(tmp_path: Path) -> None:
    """Whoever puts older books back, or deletes them, sees those."""
    books, other = Books(tmp_path / "books.db"), Books(tmp_path / "other.db")
    books.pay_in("airalo", 100)
    other.pay_in("airalo", 7)

    (tmp_path / "other.db").replace(tmp_path / "books.db")

    assert held(books) == 7


def test_what_failed_within_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither a row nor a lock that would keep the next writer waiting."""
    books = Books(tmp_path / "books.db")

    with pytest.raises(KeyError):
        half_done(books)
    Books(tmp_path / "books.db").pay_in("airalo", 7)

    assert held(books) == 7


def test_uses_within_each_other_have_a_connection_each(tmp_path: Path) -> None:
    """What is not committed is seen by nobody else."""
    books = Books(tmp_path / "books.db")

    with books.writing() as db:
        db.execute("INSERT INTO paid_in VALUES ('airalo', 100)")
        meanwhile = held(books)

    assert (meanwhile, held(books)) == (0, 100)


def test_many_threads_write_what_they_were_told(tmp_path: Path) -> None:
    """Each server thread takes what another has put back."""
    books = Books(tmp_path / "books.db")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: books.pay_in("airalo", 1), range(200)))

    assert held(books) == 200


FORKS = """
import os, sys
from pathlib import Path
from kiosk.sandbox.books import Books
books = Books(Path(sys.argv[1]))
child = os.fork()
books.pay_in("airalo", 7)
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


def test_a_forked_process_opens_its_own(tmp_path: Path) -> None:
    """SQLite forbids the use of a connection across a fork."""
    subprocess.run([sys.executable, "-c", FORKS, tmp_path / "books.db"], check=True)

    assert held(Books(tmp_path / "books.db")) == 14
