"""The end of a visit: how it stands, in plain words, and the receipt, printed and on the screen.

It goes on looking at the ledger: what arrives while the customer still stands here is shown, and printed too.
"""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from kiosk.contacts import Contact
from kiosk.errors import LedgerError
from kiosk.identifiers import grouped_reference, is_phone
from kiosk.ledger.jobs import JobStatus
from kiosk.notices import kind_of
from kiosk.order import Order, State
from kiosk.post import leave, offered
from kiosk.printing import Printed, document_of, print_receipt
from screens.background import begin
from screens.delivery import HANG, progress_text
from screens.frame import KioskScreen
from screens.paper import Paper
from screens.parts import Key, Words
from screens.pay import POLL_S, cancelled

if TYPE_CHECKING:
    from kiosk.assembly import House

RECEIPT_COLUMNS = 38
GOOD = (State.COMPLETED, State.CAPTURING)
UNPAID = (State.CANCELLING, State.ABANDONED)
NOT_YET_PAID = (State.AUTHORIZING, *UNPAID)


class DoneScreen(KioskScreen[bool]):
    """Answers whether the customer wants another way to pay; that is asked only where nothing was paid."""

    name_of_step = "done"
    step = 4
    idle_s = 45.0

    def __init__(self, house: House, order: Order) -> None:
        super().__init__(house)
        self.order = order
        self.printed: Printed | None = None
        self._printing: Future[Printed] | None = None
        self._printed_kinds: set[str] = set()
        self.channels = offered(house.config)
        self._message = ""

    def body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            with Vertical(id="outcome"):
                yield Words(id="question")
                yield Words(id="hint")
                yield Words(id="progress-lines", hang=HANG)
                yield Words(id="paper", classes="dim")
                yield Words(id="reference", classes="bold")
                yield Words(id="message", classes="ok")
                yield Words(id="contact", classes="dim")
            with VerticalScroll(id="receipt", can_focus=False):
                yield Paper(id="receipt-text")

    def on_mount(self) -> None:
        self._print()
        self.set_interval(POLL_S, self._look)

    def relabel(self) -> None:
        say, order = self.texts.say, self.order
        headline, advice = self.outcome(order)
        question = self.query_one("#question", Words)
        question.show(headline)
        question.set_class(order.state in GOOD, "ok")
        question.set_class(order.state not in GOOD, "warm")
        self.query_one("#hint", Words).show(advice)
        self.query_one("#progress-lines", Words).show(progress_text(self.texts, order, self.house))
        reference = grouped_reference(order.reference)
        self.query_one("#reference", Words).show(say("Order {reference}", reference=reference))
        paper = self._paper_words()
        self.query_one("#paper", Words).show(paper)
        self.query_one("#paper").display = bool(paper)
        help_line = self.house.config.file.kiosk.help_line
        self.query_one("#contact", Words).show(say("Help line {number}", number=help_line) if help_line else "")
        words = self.query_one("#message", Words)
        words.show(self._message)
        words.display = bool(self._message)
        document = document_of(
            self.house.ledger, self.house.config, order, self.house.clock, language=self.kiosk.language
        )
        self.query_one("#receipt-text", Paper).draw(document, RECEIPT_COLUMNS)
        self.query_one("#receipt").display = order.state not in UNPAID

    def outcome(self, order: Order) -> tuple[str, str]:
        """How it stands, in one line; and what the customer does next."""
        return outcome_words(self, order)

    def keys(self) -> list[Key]:
        say = self.texts.say
        keys = [Key("enter", "Enter", say("Done"))]
        if self.order.state in NOT_YET_PAID:
            again = say("Try again") if self.order.state is State.AUTHORIZING else say("Another way to pay")
            keys.append(Key("t", "T", again))
        else:
            keys.append(Key("down", "^v", say("Scroll")))
        if self._may_have_message:
            keys.append(Key("m", "M", say("Message")))
        return [*keys, Key("+", "+", say("More time"))]

    def take(self, key: str) -> None:
        receipt = self.query_one("#receipt", VerticalScroll)
        match key:
            case "enter" | "escape":
                self.leave(False)
            case "t" if self.order.state in NOT_YET_PAID:
                self._pay_again()
            case "m" if self._may_have_message:
                self._ask_for_address()
            case "down":
                if receipt.scroll_y >= receipt.max_scroll_y:
                    receipt.scroll_home(animate=False)
                else:
                    receipt.scroll_page_down(animate=False)
            case "up":
                receipt.scroll_page_up(animate=False)

    @property
    def _may_have_message(self) -> bool:
        """Whether there is anything to tell, and any way to tell it. Nobody is asked: who is in a hurry goes."""
        return bool(self.channels) and kind_of(self.order) is not None

    def _ask_for_address(self) -> None:
        from screens.contact import ContactScreen  # few customers want one

        asked = ContactScreen(self.house, self.channels)
        self.app.push_screen(asked, lambda contact: self._told(asked.left, contact))

    def _told(self, left: bool, contact: Contact | None) -> None:
        """What became of it. Who has gone from that screen has gone from this one."""
        if left:
            self.left = True
            self.leave()
        elif contact:
            try:
                leave(self.house, self.order, contact)
                self._message = self.texts.say("Messages go to {address}", address=contact.masked)
            except LedgerError:
                self._message = self.texts.say("No message can be sent now. The receipt has it all.")
            self.write()

    def _pay_again(self) -> None:
        """Only once the old order is cancelled on disk. Where its payment was faster, the next look shows it."""
        if cancelled(self.house, self.order).state in UNPAID:
            self.leave(True)

    def _look(self) -> None:
        """What has happened to the order, and to the paper?"""
        order = self.order
        with suppress(LedgerError):
            order = self.house.ledger.order(self.order.reference)
        if self._printing is not None and self._printing.done():
            self.printed, self._printing = self._printing.result(), None
            self.write()
        if order != self.order:
            self.order = order
            self._print()
            self.write()

    def _print(self) -> None:
        """Once for each kind of receipt; never for an order that nobody can have paid."""
        if self._printing is not None or (self.order.paid is None and self.order.state is not State.AUTHORIZING):
            return
        house, order = self.house, self.order
        kind = document_of(house.ledger, house.config, order, house.clock).kind.value
        if kind in self._printed_kinds:
            return
        self._printed_kinds.add(kind)
        language = self.kiosk.language
        self._printing = begin(
            lambda: print_receipt(house.ledger, house.config, house.printer, order, house.clock, language), "printing"
        )

    def _paper_words(self) -> str:
        say = self.texts.say
        if self._printing is not None:
            return say("Your receipt is being printed.")
        if self.printed is None:
            return ""
        match self.printed.status:
            case JobStatus.PRINTED:
                return say("Your receipt is printed.")
            case JobStatus.SENT | JobStatus.UNKNOWN:  # nobody has said that it came out
                return say("If no paper receipt comes out, please take a photo of this screen.")
            case None:
                return say("This receipt was printed before.")
        return say("There is no paper receipt: please take a photo of this screen.")


def outcome_words(screen: DoneScreen, order: Order) -> tuple[str, str]:
    """How it stands, in one line; and what the customer does next."""
    say = screen.texts.say
    match order.state:
        case State.COMPLETED | State.CAPTURING:
            data = screen.texts.content(order.plan)
            advice = say("Turn on mobile data for this card. If there is no connection, restart the phone.")
            if order.plan.is_credit:
                advice = say("Nothing more is needed.")
            if is_phone(order.sim_number):
                return say("Delivered: {data} on your number", data=data), advice
            return say("Delivered: {data} on your card", data=data), advice
        case State.SUBMITTING:
            advice = say(
                "It is delivered automatically as soon as the line is back. Keep the receipt. Do not pay again."
            )
            return say("Paid; your top-up follows"), advice
        case State.REFUNDING:
            return say("Your money is on its way back"), _way_back(screen, order)
        case State.REFUNDED:
            return say("Your money was given back"), say("Nothing more is needed.")
        case State.REVIEW:
            advice = say("Please keep the receipt, and ask at the counter.")
            return say("A clerk is looking into it"), advice
        case State.AUTHORIZING:
            advice = say("Do not pay any more. If you have paid, it is delivered or comes back. Keep the order number.")
            return say("The time to pay is over"), advice
        case State.CANCELLING | State.ABANDONED:
            advice = say("Nothing more is needed. Please do not pay the old code. If you have paid, it comes back.")
            return say("Cancelled"), advice


def _way_back(screen: DoneScreen, order: Order) -> str:
    say = screen.texts.say
    if order.tender == "cash":
        return say("The top-up was not possible. Please show the receipt at the counter to get your cash back.")
    return say("The top-up was not possible. All of it goes back the way you paid; your bank may take some days.")
