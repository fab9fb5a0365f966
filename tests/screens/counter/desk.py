"""A counter beside the show room of the screens' tests: the same ledger, and a clerk with a PIN. For tests only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from kiosk import clerks
from kiosk.facts import Event, Fact
from kiosk.order import Order
from screens.counter.app import CounterApp
from screens.counter.board import BoardScreen
from screens.counter.bursts import HOLD_S
from screens.parts import Touch
from tests.screens.room import Room, seen, settled

PIN, WRONG = "135790", "908172"
SIZE = (100, 34)


def a_desk(folder: Path, **tables: Any) -> Room:
    """A shop with two clerks."""
    ledger = {"mode": "training", "state_dir": str(folder), "pepper": {"file": str(folder / "pepper")}}
    room = Room(folder, **({"ledger": ledger} | tables))
    pepper = clerks.pepper_of(room.config.file.ledger.pepper, "ledger.pepper")
    for name in ("mei", "bob"):
        clerks.add_clerk(room.ledger, pepper, name, PIN, "clerk", at=room.time.now())
    return room


def hire(room: Room, name: str, role: str) -> None:
    """Somebody of this role, with the PIN of everybody here."""
    pepper = clerks.pepper_of(room.config.file.ledger.pepper, "ledger.pepper")
    clerks.add_clerk(room.ledger, pepper, name, PIN, role, at=room.time.now())


def in_review(room: Room, tender: str = "wechat") -> Order:
    """An order that was paid, and that a clerk must decide."""
    order = room.sell(tender)
    now = room.time.now()
    paid = Fact(event=Event.PAID, by="wechat", amount=order.total, number="4200001234567")
    asked = Fact(event=Event.ESCALATED, by="queue", reason="nobody knows of the top-up", deadline_at=room.review_by())
    return room.ledger.record(order, paid, asked, at=now)


@asynccontextmanager
async def counter(
    room: Room, size: tuple[int, int] = SIZE, first: str = "Who is at the counter?"
) -> AsyncIterator[Pilot[None]]:
    """The counter, with nobody signed in. `first` is what it asks at its start."""
    async with CounterApp(room).run_test(size=size) as pilot:
        await reads(pilot, first)
        yield pilot


@asynccontextmanager
async def signed_in(room: Room, size: tuple[int, int] = SIZE) -> AsyncIterator[Pilot[None]]:
    """The counter, with mei at its board."""
    async with counter(room, size) as pilot:
        await sign_in(pilot)
        yield pilot


async def sign_in(pilot: Pilot[None], name: str = "mei", pin: str = PIN) -> None:
    await pilot.press(*name, "enter", *pin, "enter")
    await settled(pilot, lambda: isinstance(pilot.app.screen, BoardScreen), "the board")
    await reads(pilot, "Today")


async def reads(pilot: Pilot[None], *texts: str) -> None:
    """Wait until each of these stands on the screen, broken over lines or not."""
    for text in texts:
        await settled(pilot, lambda text=text: squeezed(text) in squeezed(seen(pilot)), repr(text))  # type: ignore[misc]


def squeezed(text: str) -> str:
    return "".join(text.split())


async def tap(pilot: Pilot[None], *keys: str) -> None:
    """Press keys where no field is, at a hand's pace: what comes faster is a scan."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause(2 * HOLD_S)


async def touch(pilot: Pilot[None], key: str) -> None:
    """Touch a key at the foot, once it stands there."""

    def found() -> list[Touch]:
        return [slot for slot in pilot.app.screen.query(Touch) if slot.key == key and slot.display]

    await settled(pilot, lambda: bool(found()), f"the key {key}")
    await pilot.click(found()[0])
    await pilot.pause(2 * HOLD_S)
