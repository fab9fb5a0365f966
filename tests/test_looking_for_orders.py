"""What a clerk types to find a SIM's orders, and what is looked for."""

from __future__ import annotations

import pytest

from kiosk.cli.orders import wanted
from kiosk.errors import Unreadable
from kiosk.identifiers import SimRule

CARDS = (SimRule("89", (19, 20), True, "airalo"),)
BOTH = (*CARDS, SimRule("+1", (), False, "airtime"))


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("", ""),
        ("8900 0004 6144 2300 635", "8900000461442300635"),
        ("300635", "300635"),
        ("(305) 555-0142", "+13055550142"),
        ("+1 305 555 0142", "+13055550142"),
        ("55-0142", "550142"),
        ("0142", "0142"),
    ],
)
def test_a_number_is_looked_for_however_it_is_typed(typed: str, looked_for: str) -> None:
    """Whole, or by its end."""
    assert wanted(typed, BOTH) == looked_for


@pytest.mark.parametrize("typed", ["142", "5550142", "305555014", "four", "89000004614423", "+44 7911 123456"])
def test_half_a_number_finds_nobody_elses_orders(typed: str) -> None:
    """Too little, or too much to be an end: a sentence."""
    with pytest.raises(Unreadable, match="last four to six digits"):
        wanted(typed, BOTH)


def test_where_no_phone_is_sold_only_cards_are_looked_for() -> None:
    """Four digits are too few to tell cards apart."""
    for typed in ("0142", "3055550142"):
        with pytest.raises(Unreadable, match="last six digits"):
            wanted(typed, CARDS)
