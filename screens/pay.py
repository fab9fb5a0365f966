"""Waits for the payment: with a code to scan, or at the counter. It only looks at the ledger; the queue does the rest.

It closes by itself only when the order has moved on, never while a payment may still be made.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Digits

from kiosk.errors import ClerkError, Illegal, LedgerError, Stale
from kiosk.facts import Call, Outcome
from kiosk.identifiers import grouped_reference
from kiosk.order import Order, State
from kiosk.ports import Acts, Tender
from kiosk.qr import half_blocks, modules
from kiosk.sale import cancel, cash_at_kiosk, take_cash
from kiosk.texts import printable
from kiosk.ways import LineState, line_of
from screens.frame import KioskScreen
from screens.parts import Key, Words
from screens.usual import after_words, usual_span
from screens.words import clock_words

if TYPE_CHECKING:
    from kiosk.abilities import ChargesCodes
    from kiosk.assembly import House

POLL_S = 0.2
AFTER_THE_END = timedelta(seconds=20)
"""How long the screen stays after the time to pay is over, for a late answer."""
QUIET = (4, 3, 2)
CANCEL_TRIES = 5


class PayScreen(KioskScreen[Order]):
    """Answers with the order once it has moved on. None: cancelled on disk, and another way to pay is wanted."""

    name_of_step = "pay"
    step = 3
    idle_s = None
    order: reactive[Order | None] = reactive(None, init=False)
    over: reactive[bool] = reactive(False, init=False)
    """The time to pay is over: nothing that could still be paid is shown."""

    def __init__(self, house: House, order: Order) -> None:
        super().__init__(house)
        self.set_reactive(PayScreen.order, order)
        self.opened = order
        self._usual = usual_span(house, order.provider)

    @property
    def present(self) -> Order:
        return self.order or self.opened

    @property
    def ended(self) -> bool:
        """The order has moved on, or nobody waits for it any more: what lies over this screen should go."""
        order = self.present
        return order.state is not State.AUTHORIZING or self.house.clock.now() >= order.expires_at + AFTER_THE_END

    def on_mount(self) -> None:
        self.set_interval(POLL_S, self._look)

    def keys(self) -> list[Key]:
        say = self.texts.say
        return [Key("escape", "Esc", say("Cancel")), Key("t", "T", say("Another way to pay"))]

    def take(self, key: str) -> None:
        if key in ("escape", "t"):
            self.order = cancelled(self.house, self.present)
            if self.present.state is State.CANCELLING:
                self.leave(None if key == "t" else self.present)

    def watch_order(self) -> None:
        self.write()

    def watch_over(self) -> None:
        self.write()

    def _look(self) -> None:
        with suppress(LedgerError):  # a ledger that is busy now is read 0.2 s later
            self.order = self.house.ledger.order(self.opened.reference)
        order = self.present
        if (line := line_of(order)) is not LineState.UNKNOWN:
            self.kiosk.line = line
        if self.ended:
            self.leave(order)
        else:
            self.over = self.house.clock.now() >= order.expires_at
            self.tick()

    def tick(self) -> None:
        """Show the time left."""
        rest = self.present.expires_at - self.house.clock.now()
        self.query_one("#time", Digits).update(clock_words(rest.total_seconds()))

    def relabel_common(self) -> None:
        """The amount, the plan, the reference; and that the time is over, where it is."""
        order, say = self.present, self.texts.say
        self.set_class(self.over, "-over")
        if self.over:
            self.query_one("#question", Words).show(say("The time to pay is over"))
            hint = say("Please do not pay any more. We look once more whether you have paid: a few seconds.")
            self.query_one("#hint", Words).show(hint)
        self.query_one("#time-left", Words).show(say("left to pay"))
        self.query_one("#after", Words).show("" if self.over else after_words(self.texts, self._usual))
        self.query_one("#amount", Digits).update(self.texts.figure(order.total))
        plan = self.texts.plan(order.plan)
        self.query_one("#pay-for", Words).show(say("{currency} for {plan}", currency=order.total.currency, plan=plan))
        reference = grouped_reference(order.reference)
        self.query_one("#reference", Words).show(say("Order {reference}", reference=reference))
        self.tick()


class CodeScreen(PayScreen):
    """A code to scan, black on white in every theme."""

    def body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Words(id="qr", classes="drawn")
            with Vertical(id="pay-side"):
                yield Words(id="question")
                yield Words(id="hint")
                yield Digits(id="amount")
                yield Words(id="pay-for", classes="dim")
                yield Digits(id="time")
                yield Words(id="time-left")
                yield Words(id="after", classes="dim")
                yield Words(id="reference", classes="bold")
                yield Words(id="practice", classes="warm")

    def relabel(self) -> None:
        say, order = self.texts.say, self.present
        if self.house.config.training:  # a phone cannot reach this machine's own sandbox; who practises has a browser
            practice = say("Training: pay at {address}", address=order.code)
            self.query_one("#practice", Words).show(practice if order.code and not self.over else "")
            self.set_class(bool(order.code), "-practice")
        tender = self.texts.tender(order.tender)
        qr = self.query_one("#qr", Words)
        qr.display = bool(order.code) and not self.over
        if order.code:
            qr.show(self._code(order.code))
            self.query_one("#question", Words).show(say("Scan with {tender}", tender=tender))
            self.query_one("#hint", Words).show(say("Open it on your phone, scan the code, and confirm there."))
        else:
            self.query_one("#question", Words).show(say("Getting your code from {tender} ...", tender=tender))
            self.query_one("#hint", Words).show(self._why_no_code(order, tender))
        self.relabel_common()

    def _why_no_code(self, order: Order, tender: str) -> str:
        starts = order.of(Call.START)
        if starts and starts[-1].outcome in (Outcome.NOT_SENT, Outcome.UNKNOWN, Outcome.NOT_NOW):
            return self.texts.say(
                "{tender} does not answer; trying again. You can wait, or take another way to pay.", tender=tender
            )
        return self.texts.say("This takes a few seconds.")

    def _code(self, text: str) -> str:
        """The code with the widest quiet zone that fits; two modules are the least that scanners accept."""
        code, rows = modules(text), self.app.size.height - 4
        quiet = next((quiet for quiet in QUIET if (len(code) + 2 * quiet + 1) // 2 <= rows), QUIET[-1])
        return half_blocks(code, quiet)


class CounterScreen(PayScreen):
    """Cash to the clerk, who confirms it at the counter, or here where the owner allows it."""

    def keys(self) -> list[Key]:
        here = [Key("k", "K", self.texts.say("Clerk"))] if cash_at_kiosk(self.house.config) else []
        return [*super().keys(), *here]

    def take(self, key: str) -> None:
        if key != "k" or not cash_at_kiosk(self.house.config):
            super().take(key)
            return
        from screens.clerk import ClerkScreen, cash_words

        self.app.push_screen(ClerkScreen(self.house, self._confirm, lambda texts: cash_words(texts, self.present)))

    def _confirm(self, clerk: str, pin: str) -> bool:
        """In a thread: the PIN, then the cash. The order is read anew: it may have moved on. Raises MustWait."""
        from kiosk.sign_in import MustWait, sign_in

        house = self.house
        try:
            by = sign_in(house, clerk, pin, self.kiosk.terminal)
            order = house.ledger.order(self.opened.reference)
            take_cash(house.ledger, order, order.total, by=by, at=house.clock.now(), review_by=house.review_by())
        except MustWait:
            raise
        except (ClerkError, Illegal, LedgerError):
            return False
        return True

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Digits(id="amount")
        yield Words(id="pay-for", classes="dim")
        yield Words(id="reference", classes="bold")
        yield Digits(id="time")
        yield Words(id="time-left")
        yield Words(id="after", classes="dim")
        yield Words(id="where", classes="dim")

    def relabel(self) -> None:
        say, total = self.texts.say, self.present.total
        self.query_one("#question", Words).show(say("Please pay {amount} at the counter", amount=total))
        hint = say("Tell the clerk the order number below. The top-up starts as soon as the clerk confirms.")
        self.query_one("#hint", Words).show(hint)
        address = ", ".join(self.house.config.file.kiosk.address)
        self.query_one("#where", Words).show(printable(address))
        self.relabel_common()


def cancelled(house: House, order: Order) -> Order:
    """The order with the customer's cancel on disk, before anything else; as it stands, where a payment was faster."""
    ledger = house.ledger
    with suppress(Illegal, LedgerError):
        for _ in range(CANCEL_TRIES):
            order = ledger.order(order.reference)
            with suppress(Stale):  # the queue wrote between our look and our word
                return cancel(ledger, order, by="customer", at=house.clock.now())
    return order


def pay_screen(house: House, order: Order, tender: Tender, before: Order | None = None) -> PayScreen:
    """The screen for the way in which this tender is paid. `before` is an order of the same cart whose code failed."""
    match tender.acts:
        case Acts.CLERK:
            return CounterScreen(house, order)
        case Acts.SCANS_CUSTOMER_CODE:
            from screens.pay_scan import ScanScreen

            return ScanScreen(house, order, cast("ChargesCodes", tender), before)
        case Acts.READER:
            from screens.pay_reader import ReaderScreen

            return ReaderScreen(house, order)
    return CodeScreen(house, order)
