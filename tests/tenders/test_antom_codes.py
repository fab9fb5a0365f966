"""docs/payments.md, its table of Antom's codes, and the adapter say the same; so does the real queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kiosk.abilities import ChargesCodes
from kiosk.ledger.desk import open_findings
from kiosk.order import State
from kiosk.sandbox import antom_facts
from kiosk.sandbox.alipay_facts import PAYS
from tests.tenders.antom_rail import ANTOM, ANTOM_SCAN
from tests.tenders.test_documented_codes import ANSWERS, meant, table
from tests.tenders.till import Till, opened

CALLS = {
    "a new order": "POST payments/pay",
    "a look": "POST payments/inquiryPayment",
    "a cancel": "POST payments/cancel",
    "a refund": "POST payments/refund",
    "a look at a refund": "POST payments/inquiryRefund",
}
CODES = {code: row for row in table("Alipay through Antom: codes") for code in row["codes"].split(", ")}


@pytest.fixture
def till(keys: Path) -> Iterator[Till]:
    with opened(keys, ANTOM) as made:
        yield made


def test_every_documented_code_is_in_the_table() -> None:
    """Those that the sandbox knows from Antom's pages, and no other."""
    answers = {row[call] for row in CODES.values() for call in CALLS}

    assert set(CODES) == set(antom_facts.CODES)
    assert answers - {"unknown", "looked at"} == set(ANSWERS)


@pytest.mark.prove
def test_every_code_means_what_the_table_says(till: Till) -> None:
    """The sandbox answers each call with it; the adapter makes of it what the table says."""
    order, tender = till.show(), till.tender
    wrong = []
    for code, row in CODES.items():
        for name, call in calls(till, order, tender).items():
            till.turn(endpoint=CALLS[name], reject=code, times=1)
            if (found := meant(call)) != row[name]:
                wrong.append((code, name, found, row[name]))
            till.world.clear_faults()

    assert wrong == []


def calls(till: Till, order: Any, tender: Any) -> dict[str, Callable[[], Any]]:
    wire, refund, now = f"{order.reference}P1", f"{order.reference}R1", till.clock.now
    return {
        "a new order": lambda: tender.start(order, wire),
        "a look": lambda: tender.ask(order, wire, now()),
        "a cancel": lambda: tender.cancel(order, wire, now()),
        "a refund": lambda: tender.refund(paid(order), wire, refund, now()),
        "a look at a refund": lambda: tender.ask_refund(order, wire, refund, now()),
    }


def paid(order: Any) -> Any:
    """The order with a number of its payment on record."""
    return structs.replace(order, payment_number="20261122194010800100188000000000001")


def test_every_code_means_what_the_table_says_to_a_charge(keys: Path) -> None:
    """The same for a payment code: nothing is executed, so that one order will do."""
    wrong = []
    with opened(keys, ANTOM_SCAN) as till:
        order, tender = till.sell(), till.tender
        assert isinstance(tender, ChargesCodes)
        for code, row in CODES.items():
            till.turn(endpoint="POST payments/pay", reject=code, times=1)
            said = meant(lambda: tender.charge(order, f"{order.reference}P1", PAYS, till.clock.now()))
            if said != row["a charge"]:
                wrong.append((code, said, row["a charge"]))

    assert wrong == []


def first_of_each_kind(call: str) -> list[tuple[str, str]]:
    return [(next(code for code, row in CODES.items() if row[call] == answer), answer) for answer in ANSWERS]


@pytest.mark.prove
@pytest.mark.parametrize(("code", "answer"), first_of_each_kind("a refund"))
def test_a_refund_stands_where_the_table_says(till: Till, code: str, answer: str) -> None:
    """One code of each kind, answered again and again; what is not refused is given back once Antom lets it."""
    till.turn(endpoint=CALLS["a refund"], reject=code)
    till.show()
    till.pay()
    till.leave()
    till.wait(seconds=5)
    state, findings = till.order.state, open_findings(till.house.ledger)
    till.world.clear_faults()
    till.wait(minutes=10)

    assert state is State(ANSWERS[answer]["refund"])
    assert bool(findings) == (answer == "misconfigured")
    assert till.order.state is (State.REVIEW if answer == "refused" else State.REFUNDED)
