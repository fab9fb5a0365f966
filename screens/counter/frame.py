"""The frame of every screen of the counter: who is signed in, the keys, and what is read anew every second in a thread.

A screen never waits for the ledger, a printer or a PIN: it begins the work elsewhere and looks whether it is done.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList

from kiosk.errors import KioskError, LedgerBroken, LedgerGone
from kiosk.texts import printable
from screens.background import begin
from screens.parts import Foot, Head, Key, Touched, Words

if TYPE_CHECKING:
    from kiosk.assembly import House
    from screens.counter.app import CounterApp

Answer = TypeVar("Answer")
EVERY_S, LOOK_S = 1.0, 0.1

log = logging.getLogger(__name__)


class CounterScreen(Screen[Answer], Generic[Answer]):
    """The base of every screen here. A screen of its own has `body`, `keys` and `take`; where it reads, `read`, `show`.

    Its answer is a sentence for the screen below, or whatever its caller waits for.
    """

    AUTO_FOCUS = ""
    ALLOW_SELECT = False
    reads: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._reading: Future[Any] | None = None
        self._read_at = float("-inf")
        self._working: Future[Any] | None = None
        self._then: Callable[[Any], object] = lambda _: None

    # --- what a screen of its own fills in -------------------------------------------------------------------

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def keys(self) -> list[Key]:
        """The keys that work here now."""
        return [Key("escape", "Esc", "Back")]

    def take(self, key: str) -> None:
        """Do what a key does: typed and touched alike."""

    def read(self) -> Any:
        """Read what is shown, in a thread."""

    def show(self, read: Any) -> None:
        """Show what was read."""

    def scanned(self, text: str) -> None:
        """A code was scanned where no field is."""
        self.tell("Nothing is scanned here.")

    # --- the frame -------------------------------------------------------------------------------------------

    @property
    def counter(self) -> CounterApp:
        return cast("CounterApp", self.app)

    @property
    def house(self) -> House:
        return self.counter.house

    def compose(self) -> ComposeResult:
        with Horizontal(id="head"):
            yield Head()
        yield from self.counter.above()
        yield Vertical(*self.body(), id="body")
        yield Words(id="told")
        yield Foot(self.keys())

    def on_mount(self) -> None:
        self.set_interval(LOOK_S, self._look)
        self.write()

    def write(self) -> None:
        """The head and the keys, as they are now."""
        house, clerk = self.house, self.counter.clerk_name
        name = Content.styled(f"COUNTER  {printable(house.config.file.kiosk.name)}", "bold")
        who = f"   {clerk} is signed in" if clerk else "   nobody is signed in"
        mark = Content.styled(("   TRAINING" if house.config.training else "") + who, "$k-accent")
        now = house.clock.now().astimezone(house.config.zone)
        self.query_one(Head).show(name, mark, Content(f"{now:%H:%M:%S}"))
        self.query_one(Foot).show(self.keys())

    def tell(self, words: str, role: str = "") -> None:
        """A sentence above the keys, until the next one. `role` is bad, warm or ok."""
        told = self.query_one("#told", Words)
        told.set_classes(role)
        told.show(printable(words))

    async def on_touched(self, event: Touched) -> None:
        """What a field or a list does when a key is typed, it does when that key is touched at the foot."""
        event.stop()
        match event.key, self.focused:
            case "tab", _:
                self.focus_next()
            case "enter", Input() as field:
                await field.action_submit()
            case "enter", OptionList() as listing:
                listing.action_select()
            case _:
                self._press(event.key)

    def on_key(self, event: events.Key) -> None:
        """Keys of a field stay with it; all others are the screen's."""
        if not isinstance(self.focused, Input) or not event.is_printable:
            self._press(event.key.lower())  # as it is printed, with Caps Lock, too

    def _press(self, key: str) -> None:
        if key in {each.name for each in self.keys()}:
            if key == "escape" and not self.busy:
                self.go_back()
            else:
                self.take(key)

    def go_back(self) -> None:
        self.dismiss()

    # --- work in threads -------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        return self._working is not None

    def work(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Begin it, once at a time; `then` gets its result. What it refuses is told."""
        if self._working is None:
            self.tell("One moment ...")
            self._then, self._working = then, begin(work, "counter")

    def failed(self, error: KioskError) -> None:
        """What was begun was refused."""
        self.tell(str(error), "bad")

    def _look(self) -> None:
        if self.app.screen is not self:
            return
        if self._working and self._working.done():
            done, self._working = self._working, None
            if result := self._result(done, self.failed):
                self.tell("")
                self._then(result[0])
                return
        if self.reads:
            self._read_again()
        self.write()

    def _read_again(self) -> None:
        if self._reading is None:
            if time.monotonic() - self._read_at >= EVERY_S:
                self._read_at, self._reading = time.monotonic(), begin(self.read, "counter-reads")
        elif self._reading.done():
            done, self._reading = self._reading, None
            if result := self._result(done, lambda error: self.tell(str(error), "bad")):
                self.show(result[0])

    def _result(self, done: Future[Any], refused: Callable[[KioskError], None]) -> tuple[Any] | None:
        try:
            return (done.result(),)
        except KioskError as error:
            if isinstance(error, LedgerGone | LedgerBroken):
                self.house.let_go()  # so that it can be put right, and is opened anew then
            refused(error)
        except Exception as error:  # the last resort: a defect of ours must not take the console away
            log.exception("The counter failed.")
            self.tell(f"A defect ({type(error).__name__}); the log has it. Look whether it was done.", "bad")
        return None
