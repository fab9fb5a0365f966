"""A ledger with years of settled orders, made quickly: real sales are told again under other names and dates.

It is a true ledger: the chain holds, and every order follows from its events (`kiosk verify` finds nothing).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from kiosk.facts import Event, Fact
from kiosk.identifiers import Reference, SimNumber, new_reference
from kiosk.ledger import Ledger
from kiosk.ledger.chain import LINKED, link
from kiosk.order import Order
from kiosk.plans import Line, LineKind
from kiosk.simulation.remotes import CARD, NOON, PLAN, PRICE
from kiosk.simulation.shop import Shop

KIOSK = "T07"
AN_HOUR, IN_ONE_GO = 23, 20_000
"""So many orders fall into one hour of a busy shop; so many are written in one transaction."""
NAME = "THE-REFERENCE"
TABLES = ("orders", "attempts", "print_jobs", "events")
WATCHED = timedelta(days=3)

Rows = dict[str, list[dict[str, Any]]]


def templates() -> list[str]:
    """What a sale of each kind leaves in the ledger, as JSON: paid by cash, wallet, card; given back; never paid."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        names = [shop.sell(tender) for tender in ("cash", "wallet", "card")]
        shop.now()
        shop.provider.fails = True
        names.append(shop.sell("wallet"))
        names.append(shop.open("wallet"))
        shop.wait(minutes=8)
        assert all(shop.order(name).settled for name in names)
        found = [
            msgspec.json.encode({table: _rows(shop.ledger, table, name) for table in TABLES})
            .decode()
            .replace(name, NAME)
            for name in names
        ]
        shop.close()
    return [found[number] for number in (0, 0, 1, 1, 1, 1, 2, 2, 3, 4)]


def _rows(ledger: Ledger, table: str, name: Reference) -> list[dict[str, Any]]:
    key = "reference" if table == "orders" else "order_id"
    without = ("sim_last6", "id", "seq", "prev", "hash")
    rows = ledger.database.rows(f"SELECT * FROM {table} WHERE {key} = ?", (name,))  # noqa: S608 - our own tables
    return [{column: value for column, value in row.items() if column not in without} for row in rows]


def fill(ledger: Ledger, count: int, until: datetime, dice: Random) -> list[tuple[Reference, SimNumber]]:
    """Write `count` settled orders, the last ones just before `until`. Returns 1,000 of their names and cards."""
    database, said = ledger.database, templates()
    for pragma in ("synchronous = OFF", "cache_size = -1000000"):
        database.execute(f"PRAGMA {pragma}")
    cards = [SimNumber(f"89012608{dice.randrange(10**11):011}") for _ in range(max(1, count // 3))]
    told, samples = _told(said, count, cards, until, dice), []
    while batch := list(islice(told, IN_ONE_GO)):
        with database.transaction():
            for table in TABLES[:3]:
                _write(ledger, table, [row for rows in batch for row in rows[table]])
            _write_events(ledger, [row for rows in batch for row in rows["events"]])
        samples += [
            (rows["orders"][0]["reference"], rows["orders"][0]["sim_number"])
            for rows in dice.sample(batch, min(1_000, len(batch)))
        ]
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return dice.sample(samples, min(1_000, len(samples)))


def _told(said: list[str], count: int, cards: list[SimNumber], until: datetime, dice: Random) -> Iterator[Rows]:
    for number in range(count):
        at = until - timedelta(hours=1 + (count - number) // AN_HOUR)
        text = said[number % len(said)].replace(NAME, new_reference(KIOSK, dice.choice))
        text = text.replace(CARD, dice.choice(cards)).replace(f"{NOON:%Y-%m-%dT%H}:", f"{at:%Y-%m-%dT%H}:")
        rows: Rows = msgspec.json.decode(text)
        if until - at > WATCHED:
            rows["orders"][0]["watch_at"] = None
        yield rows


def _write(ledger: Ledger, table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    names, places = ", ".join(columns), ", ".join(f":{column}" for column in columns)
    ledger.database.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608


def _write_events(ledger: Ledger, rows: list[dict[str, Any]]) -> None:
    seq, prev = ledger.head().seq, ledger.head().hash
    for row in rows:
        seq += 1
        row |= {"seq": seq, "prev": prev}
        row["hash"] = prev = link(prev, *(row[column] for column in LINKED))
    _write(ledger, "events", rows)


def leave_open(
    ledger: Ledger,
    samples: list[tuple[Reference, SimNumber]],
    now: datetime,
    dice: Random,
    *,
    waiting: int,
    reviews: int,
) -> None:
    """Beside them so many paid orders that wait for their top-up, and so many that a clerk must look at."""
    for number in range(waiting + reviews):
        order = ledger.open_order(unpaid(now, dice, samples[number % len(samples)][1]), "benchmark", due_at=now)
        order = ledger.record(order, Fact(event=Event.PAID, by="benchmark", amount=PRICE), at=now)
        if number >= waiting:
            review = Fact(event=Event.ESCALATED, by="benchmark", reason="a clerk must look", deadline_at=now)
            ledger.record(order, review, at=now)


def unpaid(now: datetime, dice: Random, number: SimNumber) -> Order:
    """Opened within the last hour, to be paid in cash."""
    at = now - timedelta(seconds=dice.randrange(3600))
    return Order(
        reference=new_reference(KIOSK, dice.choice),
        sim_number=number,
        provider="airtime",
        tender="cash",
        language="en",
        plan=PLAN,
        lines=(Line(LineKind.PLAN, PLAN.title, PRICE),),
        total=PRICE,
        captures_later=False,
        opened_at=at,
        expires_at=at + timedelta(minutes=30),
        since_at=at,
    )
