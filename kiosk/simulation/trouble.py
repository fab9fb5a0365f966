"""The great faults of a simulated day: a power cut, a clock that jumps, a remote that is away for minutes or a week."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from kiosk.order import State
from kiosk.simulation.history import History
from kiosk.simulation.machine import Machine
from kiosk.simulation.outside import Outside


class Trouble:
    """Strikes by seed, and rather where it hurts."""

    def __init__(self, dice: Random, machine: Machine, outside: Outside, history: History) -> None:
        self.dice, self.machine, self.outside, self.history = dice, machine, outside, history

    def strike(self) -> None:
        """One great fault. Raises PowerCut where the power goes, between two parts of a step."""
        dice, what = self.dice, self.dice.choice(["power", "clock", "outage", "week"])
        if what == "power":
            self.machine.mains.cut(self.machine.mains.size())
        elif what == "clock":
            self.outside.weather.struck["clock jump"] += 1
            self.machine.wall_off_by = timedelta(seconds=dice.choice([0, -3600, 3600, -90000, 90000, -5, 1800]))
            self.history.all(f"somebody sets the clock: off by {self.machine.wall_off_by}")
        elif what == "outage" or dice.random() < 0.8:
            remote, minutes = self._somebody_waits_for(), dice.choice([2, 10, 60, 120, 300])
            self.outside.weather.outage(remote, timedelta(minutes=minutes))
            self.history.all(f"{remote} is away for {minutes} min")
        else:
            for every in self.outside.all:
                self.outside.weather.outage(every.name, timedelta(days=7))
            self.history.all("every line is down for a week")

    def _somebody_waits_for(self) -> str:
        """A remote that an order waits for at this moment, where there is one."""
        waiting = self.machine.counter.orders([State.CAPTURING, State.REFUNDING, State.SUBMITTING, State.CANCELLING])
        remotes = [order.provider if order.state is State.SUBMITTING else order.tender for order in waiting]
        return self.dice.choice([remote for remote in remotes if remote != "cash"] or [*self.outside.remotes.tenders])
