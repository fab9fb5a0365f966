"""All situations by name, and the course that everybody goes through once."""

from __future__ import annotations

from kiosk.train import money_back, papers, people, shifts, tills, top_ups
from kiosk.train.cases import Situation

SITUATIONS: dict[str, Situation] = {
    situation.name: situation
    for room in (tills, top_ups, money_back, papers, people, shifts)
    for situation in room.SITUATIONS
}
COURSE = ("paper-out", "line-down", "i-paid", "refund", "late-payment", "closing")
