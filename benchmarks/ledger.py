"""What a sale costs the disk: commits per sale, each with its reason, and time per sale in raw commits.

Limits: at most 6 commits a sale; a median of at most 1.5 times its raw commits, which are the same rows into the same
tables, with their indexes and triggers, in as many transactions, by bare sqlite3 (same statements, pragmas, disk), with
nothing read, decided, encoded or hashed; at least twice the rate of DBOS with a workflow of three steps. Beside them,
without a limit: commits of one bare row each, and persist-queue's put, get, ack, which is a queue, and no ledger.
Alternating rounds in one run.

What a sale takes beside its raw commits is the processor's, whatever the disk: so each line also says from which cost
of a commit on the limit holds. This machine's disk may be faster than a kiosk's: see what it takes.

The sale is the real one: open_sale, the real queue step by step, a real file with synchronous=FULL. Its remotes and its
customer are in-process, answer at once, and what they take is subtracted: in a shop they are elsewhere. A sale ends
when the top-up is delivered and the money taken: the receipt is the printer's, and counted apart; the queue's next
look, at settled orders and for others that are due, is no part of it. A poll that brings nothing is only jotted down
(no commit waits for the disk).
"""

from __future__ import annotations

import sqlite3
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from _peers import dbos, no_dbos, persist_queue, raw

from kiosk.identifiers import Reference
from kiosk.ledger.database import PRAGMAS
from kiosk.ledger.jobs import JobStatus, claim_job, finish_job
from kiosk.order import State
from kiosk.simulation.shop import Shop

COMMITS_MAX, RATIO, TIMES_DBOS, ROUNDS, IN_A_ROUND = 6, 1.5, 2.0, 100, 3
TENDERS = ("cash", "wallet", "card")

REASONS = {
    "opened": "the order is on record before anything can be paid",
    "paid": "the money that came in",
    "delivered": "the provider's own record of the top-up",
    "captured": "the money was taken",
    "intent": "written down before it is sent",
    "answer": "the answer, before it is acted upon",
}


class Elsewhere:
    """What is simulated beside the kiosk, remotes and customer, and the seconds that it took."""

    seconds = 0.0

    def move(self, one: object, *calls: str) -> None:
        for name in calls:
            setattr(one, name, self._timed(getattr(one, name)))

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*what: Any) -> Any:
            started = time.perf_counter()
            try:
                return call(*what)
            finally:
                self.seconds += time.perf_counter() - started

        return timed


ELSEWHERE = Elsewhere()


def shop_in(folder: Path) -> Shop:
    folder.mkdir()
    shop = Shop(folder)
    shop.ledger.database.execute("PRAGMA synchronous = FULL")
    ELSEWHERE.move(shop.provider, "sim", "top_up", "look_up")
    for rail in (shop.wallet, shop.card):
        ELSEWHERE.move(rail, "start", "ask", "capture", "pay")
    shop.sell()  # the first sale of the day opens the shift
    shop.now()
    return shop


def sale(shop: Shop, tender: str) -> Reference:
    """From the opening to the delivery, as clerk, customer and queue make it."""
    name = shop.open(tender)
    if tender == "cash":
        shop.take_cash(name)
    else:
        shop.queue.step(first=name)
        (shop.card if tender == "card" else shop.wallet).pay(name)
        shop.clock.go_on(seconds=2)
    while (done := shop.queue.step()) and done.order.state is not State.COMPLETED:
        pass
    assert done
    assert done.order.reference == name
    return name


def forget(shop: Shop) -> None:
    """The remotes search their books from end to end, which is not what is measured."""
    shop.provider.forget()
    shop.wallet.payments.clear()
    shop.card.payments.clear()


class Commits:
    """Counts commits by what SQLite is told, and by the marks in the write-ahead log itself: they must agree.

    What is only jotted down (synchronous=NORMAL) is no commit that anybody waits for.
    """

    def __init__(self, shop: Shop) -> None:
        self.database, self.path = shop.ledger.database, shop.ledger.path
        self.events: list[int] = []
        """How many events each commit wrote."""
        self._jotted, self._within, self._waits, self._last = 0, False, True, ""

    def __enter__(self) -> Commits:
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.execute("PRAGMA wal_autocheckpoint = 0")
        self.database.connection.set_trace_callback(self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        self.database.connection.set_trace_callback(None)
        assert commit_marks(self.path) == len(self.events) + self._jotted
        self.database.execute("PRAGMA wal_autocheckpoint = 1000")

    def _heard(self, statement: str) -> None:
        match statement.split()[0]:
            case "BEGIN":
                self._within = True
                self.events.append(0)
            case "COMMIT":
                self._within = False
            case "PRAGMA" if "=" in statement:
                self._waits = statement.endswith("FULL")
            case "INSERT" if "INTO events" in statement and statement != self._last:  # its trigger is told as well
                self.events[-1] += 1
            case "UPDATE" if not self._within and self._waits:
                self.events.append(0)
            case "UPDATE" if not self._within:
                self._jotted += 1
        self._last = statement


def commit_marks(path: Path) -> int:
    """Frames of the write-ahead log that end a commit (https://sqlite.org/fileformat2.html#the_write_ahead_log)."""
    log = path.with_name(path.name + "-wal").read_bytes()
    page = struct.unpack(">I", log[8:12])[0]
    return sum(struct.unpack(">I", log[at + 4 : at + 8])[0] > 0 for at in range(32, len(log), 24 + page))


def reasons(shop: Shop, name: Reference, commits: Commits) -> list[str]:
    """Why each commit of this sale was made, from the events that it wrote. A commit without one is a defect."""
    events = shop.ledger.events(name)
    told = [", ".join(reason(next(events)) for _ in range(count)) for count in commits.events]
    assert all(told), f"a commit without a reason: {told}"
    assert not list(events)
    return told


def reason(row: dict[str, Any]) -> str:
    attempt = row["body"].get("attempt")
    if row["event"] == "noted":
        return f"{attempt['call']}: {REASONS['answer' if attempt['outcome'] else 'intent']}"
    return f"{row['event']}: {REASONS[row['event']]}"


def count(folder: Path) -> tuple[dict[str, int], bool]:
    """Print the commits of each kind of sale. Returns how many, and whether the limit is kept."""
    shop, counts = shop_in(folder / "counted"), {}
    for tender in TENDERS:
        with Commits(shop) as commits:
            name = sale(shop, tender)
        counts[tender] = len(commits.events)
        print(f"{tender}: {counts[tender]} commits (limit {COMMITS_MAX})")
        for number, why in enumerate(reasons(shop, name, commits), start=1):
            print(f"    {number}. {why}")
    with Commits(shop) as commits:
        print_one(shop, name)
    print(f"the receipt: {len(commits.events)} commits: claimed before the first byte; what became of the paper")
    shop.close()
    return counts, max(counts.values()) <= COMMITS_MAX


def print_one(shop: Shop, name: Reference) -> None:
    job = claim_job(shop.ledger, name, "sale", by="benchmark", at=shop.clock.now())
    assert job
    finish_job(shop.ledger, job, JobStatus.PRINTED, "", at=shop.clock.now())


class Recorded:
    """A connection that notes what is written in transactions, and lets everything through."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.sales = connection, []

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        if sql.split()[0] in ("BEGIN", "COMMIT", "INSERT", "UPDATE") and self.connection.in_transaction | (
            sql == "BEGIN IMMEDIATE"
        ):
            self.sales[-1].append((sql, parameters))
        return self.connection.execute(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def same_rows(folder: Path, tender: str) -> Callable[[], object]:
    """Each call writes the next sale of many that were made before, statement by statement, by bare sqlite3."""
    shop = shop_in(folder / f"same-{tender}")
    database = shop.ledger.database
    with closing(sqlite3.connect(folder / f"{tender}.db")) as copy:
        database.connection.backup(copy)
    recorded = Recorded(database.connection)
    database.connection = recorded  # type: ignore[assignment]
    for _ in range(ROUNDS * IN_A_ROUND + 1):
        recorded.sales.append([])
        sale(shop, tender)
        forget(shop)
    shop.close()
    connection = sqlite3.connect(folder / f"{tender}.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", *PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")
    sales = iter(recorded.sales)

    def write() -> None:
        for sql, parameters in next(sales):
            connection.execute(sql, parameters)

    return write


def timed_ms(work: Callable[[], object]) -> float:
    started, elsewhere = time.perf_counter(), ELSEWHERE.seconds
    for _ in range(IN_A_ROUND):
        work()
    return (time.perf_counter() - started - (ELSEWHERE.seconds - elsewhere)) * 1000 / IN_A_ROUND


def compare(folder: Path, counts: dict[str, int]) -> bool:
    shop = shop_in(folder / "timed")
    sales = {tender: (lambda tender=tender: sale(shop, tender)) for tender in TENDERS}
    commit = raw(folder)
    raws = {f"{tender}, raw": same_rows(folder, tender) for tender in TENDERS}
    rows = {f"{tender}, one row": (lambda count=counts[tender]: [commit() for _ in range(count)]) for tender in TENDERS}
    peers = {"persist-queue": persist_queue(folder), "DBOS": dbos(folder, "delete")}
    works = {name: work for trio in zip(sales.items(), raws.items(), rows.items(), strict=True) for name, work in trio}
    rounds = measured(shop, works | peers)
    for name in (*works, *peers):
        print(f"{name:14} {statistics.median(each[name] for each in rounds):7.2f} ms")
    kept = [keeps(tender, counts[tender], rounds) for tender in TENDERS]
    no_dbos()
    rounds = measured(shop, {"DBOS": dbos(folder, "wal"), "wallet": sales["wallet"]})
    times = statistics.median(each["DBOS"] / each["wallet"] for each in rounds)
    print(f"beside: a wallet's sale is {times:.1f} times DBOS where that is given a write-ahead log by hand")
    no_dbos()
    shop.close()
    return all(kept)


def keeps(tender: str, commits: int, rounds: list[dict[str, float]]) -> bool:
    """Print the figures of one way to pay. Returns whether the limits are kept."""
    in_commits = statistics.median(each[tender] / each[f"{tender}, raw"] for each in rounds)
    in_rows = statistics.median(each[tender] / each[f"{tender}, one row"] for each in rounds)
    times = statistics.median(each["DBOS"] / each[tender] for each in rounds)
    cycles = statistics.median(each[tender] / each["persist-queue"] for each in rounds)
    beside_us = max(0.0, statistics.median(each[tender] - each[f"{tender}, raw"] for each in rounds) * 1000)
    enough_us = beside_us / (RATIO - 1) / commits
    here_us = statistics.median(each[f"{tender}, raw"] for each in rounds) * 1000 / commits
    print(
        f"{tender}: {in_commits:.2f} x its {commits} raw commits (limit {RATIO}), {in_rows:.2f} x commits of"
        f" one row; {times:.1f} times DBOS (limit {TIMES_DBOS}); {cycles:.1f} cycles of persist-queue\n"
        f"    {beside_us:.0f} us beside its commits: {RATIO} holds where one costs {enough_us:.0f} us or more;"
        f" here it costs {here_us:.0f}"
    )
    return in_commits <= RATIO and times >= TIMES_DBOS


def measured(shop: Shop, works: dict[str, Callable[[], object]]) -> list[dict[str, float]]:
    """Milliseconds of each, round by round."""
    rounds = []
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        rounds.append({name: timed_ms(work) for name, work in works.items()})
        forget(shop)
    return rounds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        counts, few = count(Path(folder))
        fast = compare(Path(folder), counts)
    sys.exit(not (few and fast))


if __name__ == "__main__":
    main()
