"""The counter beside a ledger of 1,000 and beside one of 1,000,000 settled orders: one must open as fast as the other.

Limits: from the sign-in's Enter to the painted board at most 300 ms more, and each second's reading of it at most 20 ms
more; a look-up at most 20 ms more; a key in the look-up field, beside the million, at most 1.3 times a bare Textual
Input's. Alternating rounds in one run. `counter.py ORDERS` builds a smaller one, to try things out.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from _bulk import fill, leave_open
from keystroke import BARE, Program, measure, told

from kiosk import clerks
from kiosk.assembly import House
from kiosk.board import read_board
from kiosk.config import load
from kiosk.search import find
from kiosk.simulation.remotes import PRICE

FEW, MANY, ROUNDS, READS = 1_000, 1_000_000, 5, 30
OPENS_MS, READS_MS, FINDS_MS = 300.0, 20.0, 20.0
WAITING, REVIEWS, PIN = 20, 5, "135790"
CONFIG = """
[kiosk]
id = "K07"
[ledger]
mode = "training"
state_dir = "{folder}"
pepper = {{ file = "{folder}/pepper" }}
[providers.airtime]
kind = "airalo"
base_url = "http://127.0.0.1:9/airalo/v2/"
client_id = "training-client"
client_secret = {{ file = "{folder}/pepper" }}
[tenders.cash]
"""


def made(folder: Path, count: int) -> House:
    """A shop with `count` settled orders until now, one clerk, and the same few that wait or are in review in both."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    house, dice, started = House(load(folder / "config.toml")), Random(count), time.perf_counter()
    samples = fill(house.ledger, count, house.clock.now(), dice)
    now = house.clock.now()
    clerks.add_clerk(house.ledger, clerks.pepper_of(house.config.file.ledger.pepper, ""), "mei", PIN, "owner", at=now)
    leave_open(house.ledger, samples, now, dice, waiting=WAITING, reviews=REVIEWS)
    print(f"{count:,} settled orders made in {time.perf_counter() - started:.0f} s")
    return house


@contextmanager
def signing_in(house: House) -> Iterator[Program]:
    """A counter in a terminal; all but the last Enter of the sign-in is typed."""
    env = dict(os.environ) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    program = Program(["-m", "kiosk", "counter", "--config", str(house.config.state_dir / "config.toml")], env)
    program.process.expect("Who is at the counter")
    program.quiet()
    program.process.send("mei\r")
    program.quiet()
    program.process.send(PIN)
    program.quiet()
    try:
        yield program
    finally:
        program.process.close(force=True)


def opens_ms(house: House) -> float:
    """From Enter to the last line of the board, in a program that has read nothing yet."""
    with signing_in(house) as program:
        started = time.perf_counter()
        program.process.send("\r")
        program.process.expect("Today")
        return (time.perf_counter() - started) * 1000


def costs_ms(ask: Callable[[House], object]) -> Callable[[House], float]:
    def cost(house: House) -> float:
        started = time.perf_counter()
        ask(house)
        return (time.perf_counter() - started) * 1000

    return cost


def kept(name: str, small: House, large: House, cost: Callable[[House], float], rounds: int, limit_ms: float) -> bool:
    """Measure both in turn, print the medians, and say whether the limit is kept."""
    for house in (small, large):
        cost(house)
    pairs = [(cost(small), cost(large)) for _ in range(rounds)]
    few, many = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name:28} {few:8.2f} ms {many:8.2f} ms  {many - few:+8.2f} ms (limit +{limit_ms:.0f} ms)")
    return many - few <= limit_ms


def looked_up(house: House) -> dict[str, str]:
    """What customers of this shop have in hand."""
    row = house.ledger.database.rows("SELECT * FROM orders WHERE payment_number <> '' ORDER BY opened_at LIMIT 1")[0]
    return {
        "a reference": row["reference"],
        "a card number": row["sim_number"],
        "its last six digits": row["sim_last6"],
        "a phone number": "+1 305 555 0142",
        "an e-mail address": "somebody@example.com",
        "a payment's number": row["payment_number"],
        "an amount": str(PRICE.decimal),
        "today": "today",
    }


def key_kept(house: House) -> bool:
    """A key in the look-up field of a real counter."""
    bare = Program(["-c", BARE], dict(os.environ) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"})
    with signing_in(house) as program:
        program.process.send("\r")
        program.process.expect("Today")
        program.quiet()
        program.process.send("l")
        program.process.expect("Look up an order")
        good = told("a key in the look-up field", *measure(bare, program))
    bare.process.close(force=True)
    return good


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(made(Path(folder) / "small", FEW)) as small,
        closing(made(Path(folder) / "large", many)) as large,
    ):
        print(f"{'':28} {FEW:11,} {many:11,}")
        good = [
            kept("the board opens", small, large, opens_ms, ROUNDS, OPENS_MS),
            kept("the board is read again", small, large, costs_ms(read_board), READS, READS_MS),
        ]
        for way in looked_up(small):
            texts = {house.config.source: looked_up(house)[way] for house in (small, large)}
            ask = costs_ms(lambda house, texts=texts: find(house, texts[house.config.source]))
            good.append(kept(f"looked up by {way}", small, large, ask, READS, FINDS_MS))
        good.append(key_kept(large))
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
