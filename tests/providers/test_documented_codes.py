"""docs/providers.md, its tables, and the adapters say the same of every documented code; so does the real queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kiosk.errors import Misconfigured, NoAnswer, NotNow, Refused, Unreachable
from kiosk.ledger.desk import open_findings
from kiosk.order import State
from kiosk.ports import Delivered, NotDelivered, Processing
from kiosk.providers.dtone.answers import verdict
from kiosk.providers.dtone.codes import MEANINGS
from kiosk.providers.reloadly import answers, codes
from kiosk.sandbox import airalo_facts, dtone_facts, reloadly_facts
from tests.providers import dtone_world, reloadly_world
from tests.providers.sandbox_shop import SandboxShop
from tests.providers.stand import AIRALO, DTONE, RELOADLY

DOCS = Path(__file__).parents[2] / "docs" / "providers.md"
CASES = {"Airalo": AIRALO, "DT One": DTONE, "Reloadly": RELOADLY}

MEANT: dict[str, Callable[[NoAnswer | Processing], bool]] = {
    "refused": lambda said: isinstance(said, Refused) and not said.code,
    "refused: unknown SIM": lambda said: isinstance(said, Refused) and said.code == "unknown_sim",
    "refused: recycled SIM": lambda said: isinstance(said, Refused) and said.code == "recycled_sim",
    "not now": lambda said: isinstance(said, NotNow),
    "misconfigured": lambda said: isinstance(said, Misconfigured),
    "in doubt": lambda said: isinstance(said, Unreachable) and said.sent,
    "looked up": lambda said: isinstance(said, Processing) or (isinstance(said, Unreachable) and said.sent),
}


@cache
def table(heading: str) -> list[list[str]]:
    """The cells of the table below this heading, without its head."""
    below = DOCS.read_text(encoding="utf-8").split(f"# {heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", below, flags=re.M)
    assert rows
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[0].splitlines()[2:]]


CODES = [
    (name, int(code) if code.isdigit() else code, int(status), answer)
    for name in CASES
    for code, status, _, answer in table(f"{name}: codes")
]
ANSWERS = {answer: State(state) for answer, state, *_ in table("What an answer means for everybody")}


def first_of_each_kind() -> list[tuple[str, int | str, str]]:
    found = {(name, answer): code for name, code, _, answer in reversed(CODES)}
    return [(name, code, answer) for (name, answer), code in found.items()]


def test_every_documented_code_is_in_the_table() -> None:
    """Those that the sandboxes know from the vendors' pages, and no other; the tables in code have the same."""
    told = {(name, code): answer for name, code, _, answer in CODES}

    assert {code for name, code in told if name == "Airalo"} == set(airalo_facts.REASONS)
    assert {code for name, code in told if name == "DT One"} == set(dtone_facts.CODES) == set(MEANINGS)
    assert {code for name, code in told if name == "Reloadly"} == set(reloadly_facts.CODES) == set(codes.MEANINGS)
    assert all(told["DT One", code] == means.value for code, (means, _) in MEANINGS.items())
    assert all(told["Reloadly", code] == means.value for code, (means, _) in codes.MEANINGS.items())
    assert set(told.values()) <= set(ANSWERS) == {*MEANT, "delivered", "processing"}


@pytest.mark.parametrize("name", CASES)
def test_every_code_means_what_the_table_says(tmp_path: Path, name: str) -> None:
    """The sandbox answers a top-up with it, as documented; the adapter makes of it what the table says.

    Twice, where the first is answered by another token.
    """
    shop = SandboxShop(tmp_path, CASES[name])
    wrong = []
    for number, (_, code, status, answer) in enumerate(row for row in CODES if row[0] == name):
        shop.turn(endpoint=shop.case.create, reject=code, times=2)
        shop.clock.go_on(minutes=1)
        said, seen = asked(shop, number)
        if seen != status or not MEANT[answer](said):
            wrong.append((code, seen, said))
    shop.close()

    assert wrong == []


def asked(shop: SandboxShop, number: int) -> tuple[NoAnswer | Processing, int]:
    """What a top-up comes to, and the HTTP status of the order itself."""
    said: NoAnswer | Processing
    try:
        found = shop.adapter.top_up(shop.case.request(number))
        assert isinstance(found, Processing)
        said = found
    except NoAnswer as error:
        said = error
    method, path = shop.case.create.split()
    order = f"{method} {shop.case.path}{path}"
    return said, next(status for call, status in reversed(shop.line.seen) if call == order)


@pytest.mark.parametrize(("name", "code", "answer"), first_of_each_kind())
def test_the_queue_does_what_the_table_says(tmp_path: Path, name: str, code: int | str, answer: str) -> None:
    """One code of each kind, answered again and again to the same order; then the remote is as it should be."""
    shop = SandboxShop(tmp_path, CASES[name])
    order = shop.buy()
    shop.turn(endpoint=shop.case.create, reject=code)
    shop.wait(minutes=10)
    state, findings = shop.state(order), open_findings(shop.ledger)
    shop.http.delete("/_knobs")
    shop.wait(hours=2)
    later = shop.state(order)
    shop.close()

    assert state is ANSWERS[answer]
    assert bool(findings) == (answer == "misconfigured")
    if answer in ("not now", "misconfigured"):
        assert later is State.COMPLETED
    if answer in ("in doubt", "looked up"):
        assert later is (State.COMPLETED if shop.adapter.repeat_is_lookup and answer == "in doubt" else State.REVIEW)


def test_every_class_of_a_status_means_what_the_table_says() -> None:
    """As the adapter reads a transaction of ours in it."""
    kinds = {"delivered": Delivered, "refused": NotDelivered, "processing": Processing}
    rows = table("DT One: classes of a status")

    assert {(int(id), name) for id, name, *_ in rows} == {(id, name) for name, id in dtone_facts.CLASSES.items()}
    for _, name, _, answer in rows:
        assert type(verdict([dtone_world.record(name)], dtone_world.REQUEST)) is kinds[answer], name


def test_every_state_of_a_top_up_means_what_the_table_says() -> None:
    """Reloadly's, as the adapter reads a top-up of ours in it."""
    kinds = {"delivered": Delivered, "refused": NotDelivered, "processing": Processing}
    rows = table("Reloadly: states of a top-up")

    assert {state for state, _ in rows} == set(codes.State)
    for state, answer in rows:
        assert type(answers.verdict([reloadly_world.record(state)], reloadly_world.REQUEST)) is kinds[answer], state
