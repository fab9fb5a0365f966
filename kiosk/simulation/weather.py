"""What strikes a simulated call: lost requests and replies, late arrivals, every documented error, garbage, outages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

from kiosk.errors import Misconfigured, NotNow, Refused, Unreachable
from kiosk.ports import Clock
from kiosk.simulation.remotes import Fault

REFUSALS = {
    "top_up": 0.05,
    "start": 0.05,
    "capture": 0.02,
    "refund": 0.05,
    "ask": 0.02,
    "look_up": 0.02,
    "cancel": 0.02,
    "expire": 0.02,
}
"""How many of the faults of each call are a definite no."""


class Weather:
    """The lines of one kiosk, by seed. `struck` counts what befell it."""

    def __init__(self, dice: Random, clock: Clock) -> None:
        self.dice, self.clock = dice, clock
        self.storm = dice.choice([0.3, 0.5, 0.7, 0.85])
        self.struck: Counter[str] = Counter()
        self.away: dict[str, float] = {}

    def of(self, remote: str) -> Callable[[str], Fault]:
        """The weather between the kiosk and this remote."""
        return lambda asked: self._strike(remote, asked)

    def outage(self, remote: str, how_long: timedelta) -> None:
        """This remote is away for so long."""
        self.struck["outage"] += 1
        self.away[remote] = self.clock.now().timestamp() + how_long.total_seconds()

    def clear(self) -> None:
        """No faults from now on."""
        self.storm, self.away = 0.0, {}

    def late_by(self) -> timedelta:
        """How long a request is on its way that the kiosk has given up."""
        return timedelta(seconds=self.dice.choice([30, 120, 600, 900]))

    def _strike(self, remote: str, asked: str) -> Fault:
        fault: Fault = None
        if self.clock.now().timestamp() < self.away.get(remote, 0.0):
            fault = self.dice.choice(["down", "down", "dark"])
        elif self.dice.random() < self.storm:
            fault = self._fault(asked)
        if fault is not None:
            self.struck[fault if isinstance(fault, str) else type(fault).__name__] += 1
        return fault

    def _fault(self, asked: str) -> Fault:
        dice = self.dice
        if dice.random() < REFUSALS.get(asked, 0.0):
            return Refused("no", again=asked == "ask")
        if dice.random() < 0.01:
            return Misconfigured("the credentials are wrong")
        pause = dice.choice([None, 1.0, 30.0, 3600.0, 1e9])
        faults: list[Fault] = ["down", "dark", "lost", "lost", "late", NotNow("busy", retry_after_s=pause)]
        faults += [OSError("a defect of the adapter"), Unreachable("HTML for JSON", sent=True)]
        return dice.choice(faults)
