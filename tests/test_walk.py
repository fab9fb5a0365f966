"""A little walk through faults by seed: random weather, customers, clerks' notes and power cuts, then clear skies.

At the end the books of the remotes are compared with the ledger. A failure names its seed, and replays from it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import NotNow, Refused
from kiosk.identifiers import Purpose, Reference, wire_reference
from kiosk.order import SETTLED, State
from kiosk.simulation.payments import Payment
from kiosk.simulation.remotes import Fault
from kiosk.simulation.shop import Shop
from kiosk.steps import Task

SEEDS = 200


class Walk:
    """One seed's day at one shop."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.shop = shop = Shop(folder, seed)
        self.seed, self.dice = seed, shop.random
        shop.provider.repeat_is_lookup = self.dice.random() < 0.5
        shop.wallet.cancel_gives_back = self.dice.random() < 0.5
        for remote in (shop.provider, shop.wallet, shop.card):
            remote.weather = self.weather
        self.names: list[Reference] = []

    def weather(self, asked: str) -> Fault:
        """What strikes this call: mostly nothing."""
        if self.dice.random() < 0.6:
            return None
        faults: list[Fault] = ["down", "dark", "lost", NotNow("busy", retry_after_s=30), OSError("a bug")]
        if asked == "top_up":
            faults.append(Refused("no such plan"))
        return self.dice.choice(faults)

    def go(self) -> None:
        """Some sales, step by step, with whatever comes between."""
        shop, dice = self.shop, self.dice
        for _ in range(3):
            self.names.append(shop.open(dice.choice(["wallet", "card", "cash"])))
        for _ in range(30):
            self.part()
            self.people(dice.choice(self.names))
            shop.clock.go_on(seconds=dice.choice([0, 1, 2, 5, 20, 60]))

    def part(self) -> None:
        """One part of the queue's work, cut off at a random place."""
        shop, dice = self.shop, self.dice
        cut = dice.choice(["taken", "prepared", "performed"]) if dice.random() < 0.2 else ""
        due = shop.queue.claims.take()
        if due is None:
            return
        task = shop.queue.prepare(due) if cut != "taken" else None
        if isinstance(task, Task) and cut != "prepared":
            answer = shop.queue.perform(task)
            if dice.random() < 0.2:
                self.people(due.reference)
            if cut != "performed":
                shop.queue.conclude(task, answer)
        shop.queue.claims.release(due)
        if cut:
            shop.restart()

    def people(self, name: Reference) -> None:
        """A customer pays or leaves; a clerk takes cash or hands it back."""
        shop, order = self.shop, self.shop.order(name)
        deed = self.dice.choice(["pay", "pay", "pay", "leave", "wait"])
        if deed == "pay" and order.tender == "cash" and order.state in (State.AUTHORIZING, State.CANCELLING):
            shop.take_cash(name)
        elif deed == "pay" and order.tender != "cash":
            (shop.card if order.tender == "card" else shop.wallet).pay(name)
        elif deed == "leave" and order.state is State.AUTHORIZING:
            shop.cancel(name)
        elif deed == "leave" and order.tender == "cash" and order.state is State.REFUNDING:
            shop.hand_back(name)

    def clear_skies(self) -> None:
        """No faults any more, and time going on."""
        shop = self.shop
        for remote in (shop.provider, shop.wallet, shop.card):
            remote.weather = lambda asked: None
        shop.restart()
        shop.wait(hours=60)

    def check(self) -> None:
        """The books of the remotes against the ledger: never twice, never nowhere."""
        for name in self.names:
            order = self.shop.order(name)
            story = f"seed {self.seed}: {order.tender} {order.state} {self.shop.events(name)} {order.attempts}"
            payment = self.payment(name)
            delivered = self.shop.provider.delivered(name)
            back = len(payment.back) if payment else int(order.refunded_at is not None)
            paid = bool(payment.paid) if payment else order.paid is not None
            assert delivered <= 1, story
            assert back <= 1, story
            assert not (delivered and back), story
            assert order.state in (*SETTLED, State.REVIEW), story
            assert order.state is not State.REVIEW or (order.reason and order.deadline_at), story
            if order.state is State.COMPLETED:
                assert paid, story
                assert (delivered, back) == (1, 0), story
                assert order.tender != "card" or (payment and payment.captured), story
            if order.state is State.REFUNDED:
                assert (paid, delivered, back) == (True, 0, 1), story
            if order.state is State.ABANDONED:
                assert not paid, story
                assert not delivered, story

    def payment(self, name: Reference) -> Payment | None:
        wire = wire_reference(name, Purpose.PAYMENT)
        return self.shop.wallet.payments.get(wire) or self.shop.card.payments.get(wire)


@pytest.mark.parametrize("tenth", [0, *(pytest.param(each, marks=pytest.mark.prove) for each in range(1, 10))])
def test_whatever_happens_every_payment_ends_once(tmp_path: Path, tenth: int) -> None:
    """Delivered, given back, or before a clerk: each payment in exactly one of them, by the remotes' own books."""
    for seed in range(tenth, SEEDS, 10):
        walk = Walk(tmp_path / str(seed), seed)
        try:
            walk.go()
            walk.clear_skies()
            walk.check()
        finally:
            walk.shop.close()
