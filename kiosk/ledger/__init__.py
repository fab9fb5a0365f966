"""The ledger: the only SQL of the kiosk, and the only thing that its processes share.

`store.Ledger` is the door. Events are append-only and hash-chained; everything else follows from them.
"""

from kiosk.ledger.chain import Head
from kiosk.ledger.store import Due, Ledger

__all__ = ["Due", "Head", "Ledger"]
