"""Plants in the started program, from outside: the product knows nothing of them.

`CUT` is a named part of a step and a number, such as `kiosk.sync:Queue.perform before 3`: at the third passing the
process kills itself with -9; where `ARMED` names a file, only once that file is there. `AHEAD` is a file with a number
of seconds by which its clocks run ahead. `DEFECT` is one of DEFECTS: a mistake that the crash tests must find.
"""

import importlib.abc
import importlib.machinery
import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

CUT = os.environ.get("CUT", "")
ARMED = os.environ.get("ARMED", "")
AHEAD = os.environ.get("AHEAD", "")
DEFECT = os.environ.get("DEFECT", "")
passing = threading.Lock()
left = int(CUT.split()[2]) if CUT else 0


def cut():
    global left
    if ARMED and not Path(ARMED).exists():
        return
    with passing:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def ahead():
    return float(Path(AHEAD).read_text())


def plant_the_cut(module):
    """Wrap the function or method that `CUT` names."""
    where, when, _ = CUT.split()
    *path, name = where.partition(":")[2].split(".")
    owner = module
    for step in path:
        owner = getattr(owner, step)
    usual = getattr(owner, name)

    def wrapped(*arguments, **named):
        if when == "before":
            cut()
        result = usual(*arguments, **named)
        if when == "after":
            cut()
        return result

    setattr(owner, name, wrapped)


def plant_the_clock(module):
    """Both clocks that the kiosk's own is made of run ahead by what stands in the file now."""
    usual = module.SteadyClock.__init__

    def wrapped(self):
        usual(
            self,
            wall=lambda: datetime.now(UTC) + timedelta(seconds=ahead()),
            elapsed_s=lambda: module.uptime_s() + ahead(),
        )

    module.SteadyClock.__init__ = wrapped


def resend_without_a_look(settlement):
    """A top-up in doubt is sent again."""
    settlement._submitting = lambda order, now, provider, sales: settlement.Question.TOP_UP


def write_down_after_the_call(sync):
    """The attempt goes on record together with its answer."""
    sync.writes = lambda order, question, tender: None


def event_and_order_apart(store):
    """Event and order in two transactions."""
    usual = store.Ledger._save

    def wrapped(self, *arguments, **named):
        self.database.execute("COMMIT")
        self.database.execute("BEGIN IMMEDIATE")
        usual(self, *arguments, **named)

    store.Ledger._save = wrapped


DEFECTS = {
    "resend without a look": ("kiosk.settlement", resend_without_a_look),
    "write down after the call": ("kiosk.sync", write_down_after_the_call),
    "event and order apart": ("kiosk.ledger.store", event_and_order_apart),
}


class Planter(importlib.abc.MetaPathFinder):
    """Lets a module load as usual, then plants."""

    def find_spec(self, fullname, path, target=None):
        plants = []
        if CUT and fullname == CUT.partition(":")[0]:
            plants.append(plant_the_cut)
        if AHEAD and fullname == "kiosk.clock":
            plants.append(plant_the_clock)
        if DEFECT and fullname == DEFECTS[DEFECT][0]:
            plants.insert(0, DEFECTS[DEFECT][1])
        if not plants:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        usual = spec.loader.exec_module

        def exec_module(module):
            usual(module)
            for plant in plants:
                plant(module)

        spec.loader.exec_module = exec_module
        return spec


if CUT or AHEAD or DEFECT:
    sys.meta_path.insert(0, Planter())
