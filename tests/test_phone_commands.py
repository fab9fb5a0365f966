"""A clerk sells a top-up for a phone number from the command line, and finds it again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pexpect
import pytest

from kiosk.order import State
from tests.shell import kiosk_says
from tests.world import PIN, World, world


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One kiosk that takes cards and phones."""
    with world(tmp_path_factory.mktemp("shop")) as made:
        made.take_phones()
        yield made


def a_plan(shop: World) -> str:
    """The first plan that this number takes, by its name."""
    code, said = kiosk_says("plans", "--phone", "(305) 555-0142", "--json", config=shop.config)
    assert code == 0, said
    told = json.loads(said)
    assert (told["provider"], told["network"]) == ("reloadly", "Training Mobile USA")
    return str(told["plans"][0]["id"])


def test_the_plans_of_a_phone_number_name_its_network(shop: World) -> None:
    """For the clerk to ask about."""
    code, said = kiosk_says("plans", "--iccid", "1-305-555-0142", config=shop.config)

    assert code == 0
    assert said.startswith("+1 305 555 0142: Training Mobile USA, active (reloadly)")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("305555014", "9 of 10 digits: one is missing."),
        ("+44 7911 123456", "phone number of another country"),
        ("2995550142", "no such US phone number"),
        ("8900 0004 6144 2300 63", "one or two are missing"),
    ],
)
def test_a_wrong_number_is_a_sentence_of_its_kind(shop: World, typed: str, sentence: str) -> None:
    """And sells nothing."""
    code, said = kiosk_says("plans", "--phone", typed, config=shop.config)

    assert (code, sentence in said) == (5, True), said


def test_a_clerk_sells_a_top_up_for_a_phone_number(shop: World) -> None:
    """From the number to the receipt; found again by the digits on the paper."""
    plan = a_plan(shop)
    said = shop.run("sell", "--phone", "305 555 0142", "--plan", plan, "--clerk", "mei", "--tendered", "200", pin=PIN)

    assert re.search(r"for \+1 305 555 0142", said)
    (order,) = shop.found("0142")
    assert (order["state"], order["sim_number"]) == (State.COMPLETED, "+1 *** *** 0142")
    assert shop.found("+1 305 555 0142") == shop.found("550142") == [order]
    shown = shop.run("show", order["reference"])
    assert "+1 *** *** 0142, Training Mobile USA" in shown
    assert "305" not in shown.partition("\n\n")[0]


def test_at_a_terminal_the_clerk_is_asked_whose_number_it_is(shop: World) -> None:
    """Before any PIN: no ends it, and nothing is on record."""
    plan, before = a_plan(shop), len(shop.orders())
    arguments = ["-m", "kiosk", "sell", "--phone", "3055550143", "--plan", plan, "--clerk", "mei"]
    program = pexpect.spawn(shop.python, arguments, env=shop.env, encoding="utf-8", timeout=30)
    program.expect(r"\+1 305 555 0143.*the customer's number\?")
    program.sendline("n")
    program.expect(pexpect.EOF)
    program.close()

    assert program.exitstatus != 0
    assert len(shop.orders()) == before
