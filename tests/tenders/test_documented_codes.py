"""docs/payments.md, its tables, and the adapters say the same of every documented code; so does the real queue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kiosk.abilities import ChargesCodes, HasBill
from kiosk.errors import Misconfigured, NotNow, Refused, Unreachable
from kiosk.ledger.desk import open_findings
from kiosk.order import State
from kiosk.ports import Pending
from kiosk.sandbox import wechat_shapes
from tests.tenders.till import Till, opened
from tests.tenders.wechat_rail import WECHAT_SCAN

DOCS = Path(__file__).parents[2] / "docs" / "payments.md"
CALLS = {
    "a new order": "POST */transactions/native",
    "a scanned code": "POST */transactions/pay",
    "a look": "GET */out-trade-no/*",
    "a close": "POST */close",
    "a refund": "POST */refunds",
    "a bill": "GET */statements",
}


@cache
def table(heading: str) -> list[dict[str, str]]:
    """The rows of the table below this heading, by its head."""
    below = DOCS.read_text(encoding="utf-8").split(f"# {heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", below, flags=re.M)
    assert rows
    head, _, *cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[0].splitlines()]
    return [dict(zip(head, row, strict=True)) for row in cells]


CODES = {row["code"]: row for row in table("WeChat Pay: codes")}
ANSWERS = {row["answer"]: row for row in table("What an answer means for everybody")}


def meant(call: Callable[[], Any]) -> str:
    """What the adapter makes of an answer, in the words of the table."""
    try:
        said = call()
    except NotNow:
        return "not now"
    except Misconfigured:
        return "misconfigured"
    except Refused:
        return "refused"
    except Unreachable as error:
        return "in doubt" if error.sent else "nothing was sent"
    if said == ():
        return "nothing moved"
    if not isinstance(said, Pending):
        return type(said).__name__
    return "unknown" if "does not know" in said.said else "pending" if said.said == "USERPAYING" else "looked at"


def test_every_documented_code_is_in_the_table() -> None:
    """Those that the sandbox knows from WeChat Pay's pages with their status, and no other."""
    told = {code: int(row["HTTP"]) for code, row in CODES.items()}
    answers = {row[call] for row in CODES.values() for call in CALLS}

    assert told == wechat_shapes.STATUS
    assert answers - {"unknown", "looked at", "pending", "nothing moved"} == set(ANSWERS)


def test_every_code_means_what_the_table_says(till: Till) -> None:
    """The sandbox answers each call with it; the adapter makes of it what the table says."""
    order, tender, scanner = till.show(), till.tender, till.house.tenders["wechat_scan"]
    assert isinstance(tender, HasBill)
    assert isinstance(scanner, ChargesCodes)
    wire, refund, now = f"{order.reference}P1", f"{order.reference}R1", till.clock.now
    till.clock.forward(minutes=6)
    calls: dict[str, Callable[[], Any]] = {
        "a new order": lambda: tender.start(order, wire),
        "a scanned code": lambda: scanner.charge(order, wire, "130000000000000000", now()),
        "a look": lambda: tender.ask(order, wire, now()),
        "a close": lambda: tender.expire(order, wire, now()),
        "a refund": lambda: tender.refund(order, wire, refund, now()),
        "a bill": lambda: tender.bill(date(2026, 11, 1)),
    }
    wrong = []
    for code, row in CODES.items():
        for name, call in calls.items():
            till.turn(endpoint=CALLS[name], reject=code, times=1)
            if (found := meant(call)) != row[name]:
                wrong.append((code, name, found, row[name]))

    assert wrong == []


@pytest.fixture
def till(keys: Path) -> Iterator[Till]:
    """Both ways to act, of one merchant."""
    scan = WECHAT_SCAN.table(keys, "{url}")
    with opened(keys, settings=scan) as made:
        yield made


def first_of_each_kind(call: str) -> list[tuple[str, str]]:
    return [(next(code for code, row in CODES.items() if row[call] == answer), answer) for answer in ANSWERS]


@pytest.mark.parametrize(("code", "answer"), first_of_each_kind("a new order"))
def test_a_new_order_stands_where_the_table_says(till: Till, code: str, answer: str) -> None:
    """One code of each kind, answered again and again; then the rail is as it should be, and the sale goes on."""
    till.turn(endpoint=CALLS["a new order"], reject=code)
    till.sell()
    till.wait(seconds=5)
    state, findings = till.order.state, open_findings(till.house.ledger)
    till.world.clear_faults()
    till.wait(seconds=5)

    assert state is State(ANSWERS[answer]["new order"])
    assert bool(findings) == (answer == "misconfigured")
    assert bool(till.order.code) == (answer != "refused")


@pytest.mark.parametrize(("code", "answer"), first_of_each_kind("a refund"))
def test_a_refund_stands_where_the_table_says(till: Till, code: str, answer: str) -> None:
    """As above: what is not refused is given back once the rail lets it."""
    till.turn(endpoint=CALLS["a refund"], reject=code)
    till.show()
    till.pay()
    till.leave()
    till.wait(seconds=5)
    state = till.order.state
    till.world.clear_faults()
    till.wait(minutes=10)

    assert state is State(ANSWERS[answer]["refund"])
    assert till.order.state is (State.REVIEW if answer == "refused" else State.REFUNDED)
