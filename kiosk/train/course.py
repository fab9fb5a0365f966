"""The way through the situations: one after another, each prepared, judged by the ledger, and left behind in order."""

from __future__ import annotations

import time
from dataclasses import dataclass

from kiosk.decisions import hand_back
from kiosk.errors import Illegal, Stale
from kiosk.facts import Event, Fact
from kiosk.ledger.desk import decide_finding
from kiosk.order import Order, State
from kiosk.sale import cancel
from kiosk.train import people
from kiosk.train.cases import Case, Situation
from kiosk.train.shop import COLLEAGUE, Shop

LEFT = "left over in training"


@dataclass(slots=True)
class Lesson:
    """One situation of this course, and how it went. `tries` counts how often somebody called it done."""

    situation: Situation
    case: Case | None = None
    began_s: float = 0.0
    took_s: float = 0.0
    tries: int = 0
    solved: bool = False
    reacted: bool = False


@dataclass(slots=True)
class Course:
    """Its acts take their time: call them in a thread, one at a time."""

    shop: Shop
    lessons: list[Lesson]
    at: int = 0

    @property
    def lesson(self) -> Lesson | None:
        """The one that is being played; None once all are over."""
        return self.lessons[self.at] if self.at < len(self.lessons) else None

    @property
    def solved(self) -> int:
        return sum(lesson.solved for lesson in self.lessons)

    def begin(self) -> None:
        """The customer comes. Raises KioskError where that did not go as it was meant to."""
        if (lesson := self.lesson) and lesson.case is None:
            lesson.case = lesson.situation.build(self.shop)
            lesson.began_s = time.monotonic()

    def judge(self) -> str:
        """Why the situation is not solved; empty where it is."""
        lesson = self.lesson
        if lesson is None or lesson.case is None or lesson.solved:
            return ""
        lesson.tries += 1
        why = lesson.situation.why_not(lesson.case)
        if not why:
            lesson.solved, lesson.took_s = True, time.monotonic() - lesson.began_s
        return why

    def react(self) -> None:
        """The outside's answer to what the clerk has done by now."""
        if (lesson := self.lesson) and lesson.case and not lesson.reacted:
            lesson.reacted = lesson.situation.reacts(lesson.case)

    def leave(self) -> None:
        """On to the next one, solved or not; the colleague sees to what is left, so that nothing mixes."""
        if lesson := self.lesson:
            lesson.took_s = lesson.took_s or (time.monotonic() - lesson.began_s if lesson.began_s else 0.0)
            self.shop.calm()
            people.goes_home(self.shop)
            self.at += 1
            if lesson.case:
                _see_to(self.shop, lesson.case)


def _see_to(shop: Shop, case: Case) -> None:
    """What a clerk has left is somebody else's; whoever is faster has seen to it."""
    if case.finding and people.seen_to(case):
        house = shop.house
        decide_finding(house.ledger, case.finding, by=COLLEAGUE, decision=LEFT, at=house.clock.now())
    for name in (case.about, case.other):
        for _ in range(5):
            if name is None or not _one_step(shop, shop.order(name)):
                break


def _one_step(shop: Shop, order: Order) -> bool:
    """Whether there was anything to do: what waits for nobody but a clerk."""
    house, now = shop.house, shop.house.clock.now()
    try:
        if order.state is State.REVIEW and order.paid:
            house.ledger.record(order, Fact(event=Event.REFUND_ORDERED, by=COLLEAGUE, reason=LEFT), at=now)
        elif order.state is State.REFUNDING and order.tender == "cash":
            hand_back(house.ledger, order, by=COLLEAGUE, at=now)
        elif order.state is State.AUTHORIZING:
            cancel(house.ledger, order, by="customer", at=now)
            return False
        else:
            return False
    except (Stale, Illegal):
        shop.wait()
    return True
