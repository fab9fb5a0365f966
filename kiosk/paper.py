"""How a printer is, and what that means for a sale. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """How a printer is, by its own words; UNKNOWN where it says nothing, which is neither paper nor the lack of it."""

    READY = "ready"
    NEAR_END = "its paper is near the end"
    OUT = "it has no paper"
    COVER = "its cover is open"
    OFFLINE = "it is offline"
    ERROR = "it reports an error"
    AWAY = "it cannot be reached"
    UNKNOWN = "it does not say"

    @property
    def prints(self) -> bool:
        """False where what is sent now would not print, or only later and by itself."""
        return self in (Condition.READY, Condition.NEAR_END, Condition.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How a printer is, and the reason in words where there is more to say."""

    condition: Condition
    why: str = ""
