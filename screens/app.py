"""The kiosk's screens as one program. `visit` is the sale, read top to bottom.

No key leads out of it but a clerk's PIN, and nothing that is slow to import is loaded before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.reactive import reactive

from kiosk.scanned import Scan
from kiosk.texts import texts
from kiosk.ways import LineState
from screens.background import Once
from screens.forms import Forms
from screens.frame import KioskScreen, Scanned
from screens.staff import Nobody, Staff
from screens.wedge import Wedge, judged
from screens.welcome import Asks, WelcomeScreen

if TYPE_CHECKING:
    from kiosk.assembly import House
    from kiosk.look_up import LookUp
    from kiosk.order import Order
    from kiosk.plans import Plan, Sim
    from kiosk.scanning import Scanning
    from screens.summary import Choice
    from screens.welcome import Begun

T = TypeVar("T")


LISTEN_S = 1.5
"""What a scanner needs is slow to load: it comes so long after the first picture."""


class Left(Exception):
    """Nobody is there any more. Unwinds the visit."""


class KioskApp(Forms):
    """The screens of one kiosk. What becomes of an order is the queue's; it runs elsewhere."""

    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""
    line: reactive[LineState] = reactive(LineState.UNKNOWN, init=False)
    provider_away = False
    """What the queue has heard, or has not: no line for a customer, whatever this seat's own question said."""

    def __init__(
        self,
        house: House,
        *,
        on_step: Callable[[str, str], None] = lambda step, language: None,
        leave: Callable[[str, str], bool] = lambda clerk, pin: False,
        counter: bool = False,
        staff: Staff | None = None,
        terminal: str = "",
    ) -> None:
        """`on_step(step, language)` hears of every screen; `leave(clerk, pin)` says whether the PIN ends the program;

        `counter`: whether it may also be left for the counter; `staff` calls somebody to this seat; `terminal` is its
        name where a clerk's PIN is taken.

        `leave` is called in a thread of its own, and must not raise for a wrong PIN; MustWait after too many.
        """
        super().__init__(house)
        self._on_step, self.may_leave, self.staff = on_step, leave, staff or Nobody()
        self.terminal, self.has_counter = terminal, counter
        self.left_for: str | None = None
        """Why it has ended: a clerk's name for the counter, empty for the kiosk's end; None: by itself, so it died."""
        self.scanning: Scanning | None = None
        """The listener at a scanner that does not type, once it was begun."""
        self._wedge = Wedge(self, super().on_event)
        self._between = ExitStack()
        self.catalogues = Once(lambda: [texts(language) for language in self.languages], "catalogues")
        self.tenders = Once(lambda: house.tenders, "tenders")

    def on_mount(self) -> None:
        self.run_worker(self._visits(), name="visits")
        self.following.begin(self)
        self.set_timer(LISTEN_S, self._listen)

    def on_unmount(self) -> None:
        self.fall_silent()
        if self.scanning:
            self.scanning.stop()

    def leave_for(self, clerk: str) -> None:
        """The visit goes no further; what of it is on record does, without screens."""
        self.left_for = clerk
        self.exit()

    async def _visits(self) -> None:
        while True:
            self.begin_anew()
            with suppress(Left):
                await self.visit()

    async def visit(self) -> None:
        """One customer, from the welcome screen on. None from a screen is one step back; `Left` unwinds it all."""
        begun = await self.begun()
        if not isinstance(begun, str):
            await self.come_back(begun)
            return
        number = begun
        from screens.number import NumberScreen
        from screens.sim import SimScreen
        from screens.summary import SummaryScreen

        while known := await self.show(NumberScreen(self.house, number)):
            number = known
            sim = await self.show(SimScreen(self.house, number))
            while sim and (plan := await self.choose(sim)):
                changed, shown = False, None
                while choice := await self.show(SummaryScreen(self.house, sim, plan, changed=changed, shown=shown)):
                    shown, now = choice.quote, self.house.quote(sim, plan, choice.quote)
                    if now.same(shown):  # else it is shown again, with another price
                        changed = await self.sell(sim, now.plan, choice)
                        if not changed:
                            return

    async def begun(self) -> Begun:
        """What somebody begins with at the welcome screen, or at what stands there while nothing is sold."""
        if self.following.settings.message is None:
            begun = await self.show(WelcomeScreen(self.house)) or ""
            if begun is not Asks.CLOSED:
                return begun
        from screens.closed import ClosedScreen

        if (message := self.following.settings.message) is None:  # in service again, this very moment
            return Asks.CLOSED
        asked = await self.show(ClosedScreen(self.house, message))
        return asked or Asks.CLOSED

    async def choose(self, sim: Sim) -> Plan | None:
        """The plan; None: another number. Who does not know which one answers three questions, and may still look."""
        from screens.choose import ChooseScreen
        from screens.plan import PlanScreen, Wish

        while True:
            asked = PlanScreen(self.house, sim)
            plan = await self.show(asked)
            if isinstance(plan, Wish):
                plan = await self.show(ChooseScreen(self.house, asked.offers))
                if plan is None:
                    continue
            return plan

    @cached_property
    def look_up(self) -> LookUp:
        from kiosk.look_up import LookUp

        return LookUp(lambda: self.house.ledger, self.house.clock.now)

    async def come_back(self, begun: Order | Asks) -> None:
        """Somebody who has bought asks how it stands; with the receipt in hand, or its number."""
        from screens.found import FoundScreen
        from screens.where import WhereScreen

        found = None if isinstance(begun, Asks) else begun
        if begun is Asks.WHERE:
            found = await self.show(WhereScreen(self.house, self.look_up))
        if found:
            await self.show(FoundScreen(self.house, found))

    async def sell(self, sim: Sim, plan: Plan, choice: Choice) -> bool:
        """Open the order and see it through. True where the customer wants another way to pay."""
        from kiosk.order import State
        from kiosk.sale import takes_another_code
        from screens.delivery import DeliveryScreen
        from screens.done import DoneScreen
        from screens.pay import pay_screen

        order: Order | None = None
        while order is None or takes_another_code(order):  # a payment code that took nothing: one order has one charge
            opened = self.open(sim, plan, choice)
            order = await self.show(pay_screen(self.house, opened, choice.tender, order))
            if order is None:
                return True
        if order.state not in (State.AUTHORIZING, State.CANCELLING, State.ABANDONED):
            order = await self.show(DeliveryScreen(self.house, order)) or order
        again = await self.show(DoneScreen(self.house, order))
        return bool(again)

    def open(self, sim: Sim, plan: Plan, choice: Choice) -> Order:
        """A new order on record, as it was shown to the customer."""
        from kiosk.sale import open_sale

        house = self.house
        return open_sale(
            house.ledger,
            sim,
            plan,
            choice.lines,
            choice.tender,
            kiosk=house.config.kiosk_id,
            language=self.language,
            by="customer",
            at=house.clock.now(),
            choose=house.choose,
        )

    async def show(self, screen: KioskScreen[T]) -> T | None:
        """One screen and its answer. Raises Left where nobody answered."""
        self._on_step(screen.name_of_step, self.language)
        screen.call_after_refresh(self._between.close)
        answer = await self.push_screen_wait(screen)
        self._between.enter_context(self.batch_update())  # nothing is painted between two screens: no blinking
        if screen.left:
            raise Left
        return answer

    def watch_language(self) -> None:
        super().watch_language()
        if isinstance(self.screen, KioskScreen):
            self._on_step(self.screen.name_of_step, self.language)

    # --- scans: typed above every widget, or handed over by the scanner's own thread ---------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._wedge.take(event)
        else:
            await super().on_event(event)

    def _listen(self) -> None:
        self.scanning = self.house.scanning(lambda text: self.call_later(self.show_scan, judged(self, text)))
        if self.scanning:
            self.scanning.start()
        self.listen_for_headphones()

    def show_scan(self, scan: Scan) -> None:
        """To whichever screen is up."""
        self.screen.post_message(Scanned(scan))
