"""Waits for the code on the customer's phone: the scanner types it, and it goes to the queue's holder at once.

The code is money: it must never stand on the screen, nor in anything that outlives its passing on.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Digits

from kiosk.abilities import ChargesCodes
from kiosk.code_slot import Passed, pass_on
from kiosk.facts import PROVES_NOTHING_HAPPENED, Attempt, Call, Outcome
from kiosk.order import Order
from kiosk.payment_codes import reads
from kiosk.scanned import Scan, ScanKind
from screens.background import begin
from screens.parts import Words
from screens.pay import PayScreen

if TYPE_CHECKING:
    from kiosk.assembly import House

PHONE = "╭──────────────╮\n│ ▌█▐▌▐█▐ ▌█▐▌ │\n│ ▌█▐▌▐█▐ ▌█▐▌ │\n╰──────────────╯\n   v  v  v  v\n ══════════════"


class ScanScreen(PayScreen):
    """`before` is the order whose code took nothing: the customer is asked for a new one."""

    def __init__(self, house: House, order: Order, rail: ChargesCodes, before: Order | None = None) -> None:
        super().__init__(house, order)
        self.rail, self.before = rail, before
        self.passing: Future[Passed] | None = None
        self.foreign: ScanKind | None = None
        """What was scanned last, where it is no payment code of this wallet."""
        self.other = ""
        """The other way to pay whose code was scanned last."""
        self.not_now = False

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        with Horizontal(id="columns"):
            with Vertical(id="scan-side"):
                yield Words(id="steps", hang=3)
                yield Words(id="phone", classes="drawn")
            with Vertical(id="pay-side"):
                yield Digits(id="amount")
                yield Words(id="pay-for", classes="dim")
                yield Digits(id="time")
                yield Words(id="time-left")
                yield Words(id="after", classes="dim")
                yield Words(id="reference", classes="bold")

    def scanned(self, scan: Scan) -> None:
        """One code, once. What is no payment code of this wallet is said to be none, and goes nowhere."""
        if self.over or self.passing is not None or self.present.of(Call.CHARGE):
            return
        house, name, code = self.house, self.opened.reference, scan.code
        self.not_now, self.foreign, self.other = False, None, ""
        if code is not None and reads(self.rail, code):
            self.passing = begin(lambda: pass_on(house.config.state_dir, name, code), "payment code")
        else:
            others = (tender for tender in house.tenders.values() if isinstance(tender, ChargesCodes))
            self.other = next((tender.name for tender in others if code is not None and reads(tender, code)), "")
            self.foreign = scan.kind
        self.write()

    def _look(self) -> None:
        super()._look()
        if self.passing is not None and self.passing.done():
            self.not_now = self.passing.result() in (Passed.NOT_NOW, Passed.NO_CODE)
            self.passing = None
            self.write()

    def relabel(self) -> None:
        tried = self.present.of(Call.CHARGE)
        waits = not tried and self.passing is None
        question, hint = self._charge_words(tried[-1] if tried else None) if not waits else self._scan_words()
        self.query_one("#question", Words).show(question)
        self.query_one("#hint", Words).show(hint)
        self.query_one("#hint").set_class(waits and self._troubled, "warm")
        shown = waits and not self.over
        self.query_one("#steps", Words).show(self._steps() if shown else "")
        self.query_one("#phone", Words).show(PHONE if shown else "")
        self.relabel_common()

    def _steps(self) -> str:
        say = self.texts.say
        return "\n".join(
            (
                say("1  Open it on your phone, and tap Pay."),
                say("2  Hold the code under the scanner."),
                say("3  If your phone asks you to, confirm there."),
            )
        )

    @property
    def _troubled(self) -> bool:
        return self.not_now or self.foreign is not None or self.before is not None

    def _scan_words(self) -> tuple[str, str]:
        """What to do, and what was wrong with the last scan."""
        say, tender = self.texts.say, self.texts.tender(self.present.tender)
        question = say("Show the payment code of {tender}", tender=tender)
        if self.foreign is ScanKind.BANK_CARD:
            return question, say("That is a bank card. It was thrown away. Please show the code on your phone.")
        if self.foreign is ScanKind.SIM:
            return question, say("That is the number of a card. Please show the payment code on your phone.")
        if self.other:
            other = self.texts.tender(self.other)
            return question, say("That is a code of {other}. Press T and choose {other}, or show another.", other=other)
        if self.foreign is not None:
            return question, say(
                "That is no payment code of {tender}. Please show the one that Pay opens.", tender=tender
            )
        if self.not_now:
            return question, say("Not possible just now; nothing was taken. Please scan again, or pay in another way.")
        if self.before is not None:
            return question, self._before_words(self.before.of(Call.CHARGE)[-1], tender)
        return question, say("It works without data on your phone. Nothing is taken before the code is scanned.")

    def _before_words(self, charge: Attempt, tender: str) -> str:
        say = self.texts.say
        if charge.outcome is Outcome.REFUSED:
            return say("That code was not accepted; nothing was taken. Please show a new code, or pay in another way.")
        if charge.outcome in PROVES_NOTHING_HAPPENED:
            return say(
                "{tender} cannot be reached; nothing was taken. Please scan again, or pay in another way.",
                tender=tender,
            )
        return say("It was not confirmed on the phone; nothing was taken. Please show a new code.")

    def _charge_words(self, charge: Attempt | None) -> tuple[str, str]:
        """What becomes of the code that was scanned."""
        say, tender = self.texts.say, self.texts.tender(self.present.tender)
        match charge.outcome if charge else None:
            case Outcome.ACCEPTED:
                hint = say(
                    "{tender} asks you there. Without a connection on the phone, pay in another way.", tender=tender
                )
                return say("Please confirm on your phone"), hint
            case Outcome.UNKNOWN:
                hint = say("{tender} has not answered; we ask again. Please do not pay a second time.", tender=tender)
                return say("One moment: is it paid?"), hint
        return say("The code is scanned: paying ..."), say("This takes a few seconds.")
