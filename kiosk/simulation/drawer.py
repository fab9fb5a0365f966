"""The drawer of a simulated till: notes and coins that go in and out of hands. It knows nothing of the ledger."""

from __future__ import annotations

from collections import Counter
from random import Random

from kiosk.money import Money

PIECES = (10_000, 5_000, 2_000, 1_000, 500, 100, 25, 10, 5, 1)
"""What there is in dollars, in cents."""
FLOAT = Counter({2_000: 2, 1_000: 5, 500: 10, 100: 40, 25: 40, 10: 50, 5: 40, 1: 100})
"""The change money of a morning."""
CHANGE = Counter({1_000: 3, 500: 6, 100: 20, 25: 20, 10: 20, 5: 20, 1: 50})
"""What is fetched from the safe where the change gives out."""


class NoChange(Exception):
    """The drawer has not the pieces for that amount."""


class Drawer:
    """Counted in pieces: what is missing in it is missing."""

    def __init__(self) -> None:
        self.pieces = Counter(FLOAT)

    def count(self) -> Money:
        return worth(self.pieces)

    def put(self, pieces: Counter[int]) -> None:
        self.pieces += pieces

    def give(self, amount: Money) -> Counter[int]:
        """Take so much out, the largest pieces first. Raises NoChange, and takes nothing."""
        rest, given = amount.amount_minor, Counter[int]()
        for piece in PIECES:
            given[piece] = min(rest // piece, self.pieces[piece])
            rest -= piece * given[piece]
        if rest:
            raise NoChange(str(amount))
        self.pieces -= given
        return +given

    def to_the_bank(self) -> Counter[int]:
        """What is more than a drawer's change money goes: the clerk leaves the small pieces."""
        much = Counter({piece: many - FLOAT[piece] for piece, many in self.pieces.items() if many > FLOAT[piece]})
        self.pieces -= much
        return much


def worth(pieces: Counter[int]) -> Money:
    return Money(sum(piece * many for piece, many in pieces.items()), "USD")


def tendered(amount: Money, dice: Random) -> Counter[int]:
    """What a customer puts on the counter for this amount: exactly, or the next larger notes."""
    if dice.random() < 0.2:
        return _in_pieces(amount.amount_minor)
    step = dice.choice([500, 1_000, 2_000, 2_000, 5_000])
    return _in_pieces(-(-amount.amount_minor // step) * step)


def _in_pieces(minor: int) -> Counter[int]:
    found = Counter[int]()
    for piece in PIECES:
        found[piece], minor = divmod(minor, piece)
    return +found
