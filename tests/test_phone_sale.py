"""A whole sale to a US phone number without a screen: real processes, real HTTP, a real ledger, a real TCP printer."""

from __future__ import annotations

import json
import re

import pytest

from tests.world import PIN, World

PHONE = "305 555 0142"
RELOADLY = """
[providers.reloadly]
base_url = "{url}/reloadly/topups/"
auth_url = "{url}/reloadly/auth/"
client_id = "training-client"
client_secret = {{ file = "{folder}/airalo-secret" }}
also = {{ "801" = [802] }}
timeout_s = 5

[[sims]]
prefix = "+1"
provider = "reloadly"
"""


@pytest.fixture
def phones(kiosk: World) -> World:
    """A kiosk that takes phone numbers, too."""
    table = RELOADLY.format(url=kiosk.sandbox.url, folder=kiosk.folder)
    kiosk.config.write_text(kiosk.config.read_text(encoding="utf-8") + table, encoding="utf-8")
    return kiosk


def sell(kiosk: World, plan: str, *more: str, phone: str = PHONE, code: int = 0) -> str:
    return kiosk.run("sell", "--phone", phone, "--plan", plan, "--clerk", "mei", "--checked", *more, pin=PIN, code=code)


def test_a_number_is_shown_with_its_network_its_credit_and_its_plans(phones: World) -> None:
    """Credit has no days, and its amount is no price."""
    told = phones.run("plans", "--phone", PHONE)
    plans = {plan["id"]: plan for plan in json.loads(phones.run("plans", "--phone", PHONE, "--json"))["plans"]}

    assert "+1 305 555 0142: Training Mobile USA" in told
    assert "10.00 USD credit" in told
    assert (plans["802-25.00"]["data_mb"], plans["802-25.00"]["days"]) == (5120, 30)
    assert (plans["801-10.00"]["data_mb"], plans["801-10.00"]["total_minor"]) == (0, 1300)


@pytest.mark.prove
@pytest.mark.parametrize(("language", "words"), [("en", "20.00 USD credit"), ("zh", "话费 20.00 USD")])
def test_credit_is_sold_as_credit(phones: World, language: str, words: str) -> None:
    """Delivered once under our reference; the receipt says what it is, and shows four digits of the number."""
    told = sell(phones, "801-20.00", "--lang", language)
    (order,), (row,) = phones.orders(), phones.books("reloadly/topups")

    assert order["state"] == "COMPLETED"
    assert "20.00 USD credit for +1 305 555 0142" in told
    assert (row["custom_identifier"], row["phone"], row["amount"]) == (order["reference"] + "T1", "13055550142", "20.0")
    receipt = phones.twin.receipts[0]
    assert words in receipt
    assert "0142" in receipt
    without_help_line = receipt.replace("+1 305 555 0142", "")
    assert not re.search(r"\b555\b|3055550142", without_help_line)  # by itself: the ledger's head may hold any digits


@pytest.mark.prove
def test_what_the_mobile_network_fails_is_given_back_by_the_clerk(phones: World) -> None:
    """The reason says how long to wait with the next one."""
    told = sell(phones, "802-25.00", phone="305 555 0200", code=11)

    assert "30 min" in told
    assert phones.orders()[0]["state"] == "REFUNDING"


def test_nothing_is_sold_to_a_number_that_takes_none(phones: World) -> None:
    """A network of PINs, which would still have to be redeemed."""
    sell(phones, "804-10.00", phone="702 555 0142", code=6)

    assert phones.orders() == []
    assert phones.books("reloadly/topups") == []
