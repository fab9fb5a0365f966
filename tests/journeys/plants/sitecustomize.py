"""Plants one exception into the screens of the started program, from outside: the product knows nothing of it.

`PLANT` names where, `PLANTED` the file that says that it has happened: it happens once.
"""

import asyncio
import importlib.abc
import importlib.machinery
import os
import sys
from pathlib import Path

WHERE = {"handler": "screens.number", "timer": "screens.pay", "worker": "screens.app", "renderer": "screens.plan"}
MARK = Path(os.environ.get("PLANTED", "/nonexistent"))
PLANT = os.environ.get("PLANT", "")


def explode() -> None:
    if not MARK.exists():
        MARK.touch()
        raise RuntimeError("planted")


def plant(module) -> None:
    """Wrap one method of the module's screen so that it explodes, once."""
    owner, name = {
        "handler": (getattr(module, "NumberScreen", None), "take"),
        "timer": (getattr(module, "PayScreen", None), "_look"),
        "worker": (getattr(module, "KioskApp", None), "sell"),
        "renderer": (getattr(module, "PlanScreen", None), "relabel"),
    }[PLANT]
    usual = getattr(owner, name)

    def wrapped(self, *arguments, **named):
        explode()
        return usual(self, *arguments, **named)

    async def wrapped_async(self, *arguments, **named):
        explode()
        return await usual(self, *arguments, **named)

    setattr(owner, name, wrapped_async if asyncio.iscoroutinefunction(usual) else wrapped)


class Planter(importlib.abc.MetaPathFinder):
    """Lets the module load as usual, then plants."""

    def find_spec(self, fullname, path, target=None):
        if fullname != WHERE.get(PLANT):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        usual = spec.loader.exec_module

        def exec_module(module):
            usual(module)
            plant(module)

        spec.loader.exec_module = exec_module
        return spec


if PLANT:
    sys.meta_path.insert(0, Planter())
