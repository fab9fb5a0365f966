"""Selling a card unseen from the command line: only where the owner allows it, and the clerk says so."""

from __future__ import annotations

import json

import pytest

from tests.shell import kiosk_says
from tests.world import PLAN, SIM, World

OFFLINE = """
[offline]
orders_max = 3
amount_max = "100.00"
oldest_max_h = 2
tenders = ["cash"]
catalogue_max_h = 12
"""
ALIKE = "8900000711302984559"
"""Of the same issuer as SIM, and not one that the provider knows."""


@pytest.fixture
def lenient(kiosk: World) -> World:
    """It was told the plans of one card; and now the provider has no answer about any."""
    kiosk.config.write_text(kiosk.config.read_text() + OFFLINE)
    assert kiosk_says("plans", "--iccid", SIM, config=kiosk.config)[0] == 0
    kiosk.turn(endpoint="GET sims/*", fail_before=503)
    return kiosk


def test_the_last_known_plans_are_listed_and_called_so(lenient: World) -> None:
    """For a person and for a script, with their age; a card of another issuer has none."""
    ended, said = kiosk_says("plans", "--iccid", ALIKE, config=lenient.config)
    told, _ = json.JSONDecoder().raw_decode(lenient.run("plans", "--iccid", SIM, "--json"))
    other, none = kiosk_says("plans", "--iccid", "8901260862291477122", config=lenient.config)

    assert ended == 0
    assert "for SIMs of its kind; if it takes no top-up, the money goes back." in said
    assert ": not checked (airalo)" in said
    assert "24.50 USD" in said
    assert told["remembered_at"]
    assert (other, "Its plans" in none) == (6, False)


@pytest.mark.prove
def test_it_is_sold_when_the_clerk_says_so_and_given_back_where_the_provider_says_no(lenient: World) -> None:
    """Without --unseen nothing is sold. The provider does not know the card: the cash is to be handed back."""
    arguments = ("sell", "--iccid", ALIKE, "--plan", PLAN, "--clerk", "mei")
    asked = lenient.run(*arguments, pin="135790", code=6)
    sold = lenient.run(*arguments, "--unseen", pin="135790", code=11)
    (order,) = lenient.orders()
    shown = lenient.run("show", order["reference"])

    assert "Sell it all the same: --unseen." in asked
    assert "if it takes no top-up, the money goes back." in sold
    assert order["state"] == "REFUNDING"
    assert "airalo did not answer: SIM not seen, plans of" in shown
    assert lenient.delivered() == []
