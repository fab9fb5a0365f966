"""The counter of `kiosk train`: the same pages, and above them a strip with the customer's words and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from kiosk.errors import KioskError
from kiosk.train.course import Course
from kiosk.train.manual import Row
from kiosk.training import CLERK, PIN
from screens.background import begin
from screens.counter.app import CounterApp
from screens.parts import Key, Touch, Touched, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLL, HINT, DONE, NEXT = "f5", "f6", "f7", "f8"
SLOTS = 4
LOOK_S = 0.2
TO_THE_BOARD = 2
"""Screens of a stack that ends with the board: Textual's own lies below it."""


class Strip(Vertical):
    """The same on every page: who says what, how it stands, and the keys of training."""

    def __init__(self) -> None:
        self._lesson, self._told = Words(id="lesson"), Words(id="lesson-told")
        self._slots = [Touch(classes="foot-key") for _ in range(SLOTS)]
        super().__init__(self._lesson, self._told, Horizontal(*self._slots, id="lesson-keys"), id="strip")

    def on_mount(self) -> None:
        self.set_interval(LOOK_S, self._write)
        self._write()

    def _write(self) -> None:
        app = cast("TrainingApp", self.app)
        for words, text in ((self._lesson, app.lesson_line()), (self._told, app.told)):
            if words.said != text:
                words.show(text)
        for slot, key in zip_longest(self._slots, app.lesson_keys()):
            slot.display = key is not None
            if key:
                slot.key = key.name
                slot.show(key.cap, key.does)

    def on_touched(self, event: Touched) -> None:
        event.stop()
        cast("TrainingApp", self.app).press_lesson(event.key)


class TrainingApp(CounterApp):
    """One clerk who practises. What takes its time runs in threads, one thing at a time."""

    def __init__(self, course: Course, manual: Mapping[str, Row], beside: str) -> None:
        """`beside` is the command that opens the kiosk in another terminal; empty where it stands there already."""
        super().__init__(course.shop.house, terminal="training")
        self.course, self._manual, self._beside = course, manual, beside
        self.told = ""
        self._doing: Future[Any] | None = None
        self._pressed = ""
        """What was pressed while something was being done: it comes right behind that, and is not lost."""
        self._then: Callable[[Any], object] = lambda _: None

    def above(self) -> Iterable[Widget]:
        yield Strip()

    def on_mount(self) -> None:
        """Textual calls the base's own as well."""
        sign_in = f"Sign in: {CLERK}, Enter, {PIN}, Enter."
        self.told = f"{sign_in} The kiosk beside it: {self._beside}" if self._beside else sign_in
        self.set_interval(LOOK_S, self._look)

    # --- what stands there -----------------------------------------------------------------------------------

    def lesson_line(self) -> str:
        course = self.course
        count = f"{course.solved} of {len(course.lessons)} solved"
        if course.lesson is None:
            return f"{count}. That was all: F10 ends."
        if course.lesson.case is None:
            return count
        shows = course.lesson.case.shows
        return f"{count}   “{course.lesson.situation.words}”" + (f"   {shows}" if shows else "")

    def lesson_keys(self) -> Iterator[Key]:
        lesson = self.course.lesson
        if lesson is None or lesson.case is None:
            return
        yield Key(HINT, "F6", "Hint")
        if not lesson.solved:
            yield Key(DONE, "F7", "Done")
        yield Key(NEXT, "F8", "Next")
        if lesson.situation.by_hand:
            yield Key(ROLL, "F5", "Put in paper")

    # --- what is done ----------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and event.key in (ROLL, HINT, DONE, NEXT):
            self.press_lesson(event.key)
        else:
            await super().on_event(event)

    def press_lesson(self, key: str) -> None:
        """A key of training, typed or touched."""
        if key not in {each.name for each in self.lesson_keys()}:
            return
        if self._doing is not None and key in (DONE, NEXT):
            self._pressed = key
            return
        match key:
            case "f5":
                self.course.shop.paper.load_paper()
                self.told = "There is a new roll in the printer."
            case "f6":
                self.told = self._hint()
            case "f7":
                self._do(self.course.judge, self._judged)
            case "f8":
                self._do(self.course.leave, lambda _: self._next())

    def _hint(self) -> str:
        lesson = self.course.lesson
        row = self._manual.get(lesson.situation.words) if lesson else None
        if row is None:
            return "The manual has no row for it."
        keys = row.keys.replace("<new-roll>", "(F5: put in paper)")
        return f"Keys: {keys}\nYou see: {'; '.join(row.sees)}"

    def _judged(self, why: str) -> None:
        self.told = f"Not solved: {why}" if why else "Solved. F8: the next one."

    def _clear(self) -> None:
        self.told = ""

    def _next(self) -> None:
        """Each situation begins at the board."""
        self._clear()
        while self.clerk_name and len(self.screen_stack) > TO_THE_BOARD:
            self.pop_screen()

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Begin it; nobody asks for it while something else is being done."""
        self._then, self._doing = then, begin(work, "training")

    def _look(self) -> None:
        """What was begun may be done; a customer comes once somebody is signed in; the outside goes on."""
        if self._doing is None and self._pressed:
            key, self._pressed = self._pressed, ""
            self.press_lesson(key)
        elif self._doing is None:
            lesson = self.course.lesson
            if lesson and lesson.case is None and self.clerk_name:
                self.told = "A customer is on the way ..."
                self._do(self.course.begin, lambda _: self._clear())
            elif lesson and lesson.case and not lesson.reacted:
                self._do(self.course.react, lambda _: None)
        elif self._doing.done():
            done, self._doing = self._doing, None
            try:
                self._then(done.result())
            except KioskError as error:
                self.told = str(error)
                self._give_up()

    def _give_up(self) -> None:
        """A situation that could not be prepared is none: the next one comes."""
        if (lesson := self.course.lesson) and lesson.case is None:
            self.course.at += 1
