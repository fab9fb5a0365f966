"""What a sale costs the disk: commits per sale, each with its reason, and time per sale in raw commits.

Limits: at most 6 commits a sale; a median of at most 1.5 times its raw commits, which are the same rows into the same
tables, with their indexes and triggers, in as many transactions and with the same pauses between them, by bare sqlite3
(same statements, pragmas, disk), with nothing read, decided, encoded or hashed; at least twice the rate of DBOS with a
workflow of three steps. Beside them, without a limit: commits of one bare row each, one right after another and after
a pause, and persist-queue's put, get, ack, which is a queue, and no ledger. Alternating rounds in one run.

What a sale takes beside its raw commits is the processor's, whatever the disk: so each line also says from which cost
of a commit on the limit holds. This machine's disk may be faster than a kiosk's: see what it takes.

The sale is the real one: open_sale, the real queue step by step, a real file with synchronous=FULL. Its remotes and its
customer are in-process, take a moment each, and what they take is subtracted: in a shop they are elsewhere. A sale ends
when the top-up is delivered and the money taken: the receipt is the printer's, and counted apart; the queue's next
look, at settled orders and for others that are due, is no part of it. A poll that brings nothing is only jotted down
(no commit waits for the disk).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from _commits import Commits, reasons, same_rows
from _peers import dbos, no_dbos, persist_queue, raw
from _sale import ELSEWHERE, forget, sale, shop_in

from kiosk.identifiers import Reference
from kiosk.ledger.jobs import JobStatus, claim_job, finish_job
from kiosk.simulation.shop import Shop

COMMITS_MAX, RATIO, TIMES_DBOS, ROUNDS, IN_A_ROUND = 6, 1.5, 2.0, 50, 3
TENDERS = ("cash", "wallet", "card")


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


def timed_ms(work: Callable[[], object]) -> float:
    started, elsewhere = time.perf_counter(), ELSEWHERE.seconds
    for _ in range(IN_A_ROUND):
        work()
    return (time.perf_counter() - started - (ELSEWHERE.seconds - elsewhere)) * 1000 / IN_A_ROUND


def compare(folder: Path, counts: dict[str, int]) -> bool:
    shop = shop_in(folder / "timed")
    sales = {tender: (lambda tender=tender: sale(shop, tender)) for tender in TENDERS}
    raws = {f"{tender}, raw": same_rows(folder, tender, ROUNDS * IN_A_ROUND + 1) for tender in TENDERS}
    works = {name: work for pair in zip(sales.items(), raws.items(), strict=True) for name, work in pair}
    commit = raw(folder)
    rows = {"one row": commit, "after a pause": lambda: (ELSEWHERE.moment(), commit())}
    peers = {"persist-queue": persist_queue(folder), "DBOS": dbos(folder, "delete")}
    rounds = measured(shop, works | rows | peers)
    for name in (*works, *rows, *peers):
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
    in_rows = statistics.median(each[tender] / (commits * each["after a pause"]) for each in rounds)
    times = statistics.median(each["DBOS"] / each[tender] for each in rounds)
    cycles = statistics.median(each[tender] / each["persist-queue"] for each in rounds)
    beside_us = max(0.0, statistics.median(each[tender] - each[f"{tender}, raw"] for each in rounds) * 1000)
    enough_us = beside_us / (RATIO - 1) / commits
    here_us = statistics.median(each[f"{tender}, raw"] for each in rounds) * 1000 / commits
    print(
        f"{tender}: {in_commits:.2f} x its {commits} raw commits (limit {RATIO}), {in_rows:.2f} x commits of one row"
        f" after a pause; {times:.1f} times DBOS (limit {TIMES_DBOS}); {cycles:.1f} cycles of persist-queue\n"
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
