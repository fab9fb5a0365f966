"""The hash chain over the events. `SEQ:HASH` of its head is printed on paper that other people keep."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
PRINTED_HEX = 20  # 80 bits: enough that nobody finds a second chain with the same head


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: the last event's number and hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash[:PRINTED_HEX]}"


def link(prev: str, row: Mapping[str, Any]) -> str:
    """The hash of one event: over the one before it and every column, exactly as they stand on disk."""
    fields = (prev, row["seq"], row["at"], row["order_id"] or "", row["event"], row["by"], row["body"])
    return hashlib.sha256("\n".join(map(str, fields)).encode()).hexdigest()
