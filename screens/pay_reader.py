"""Waits for a bank card at the reader. It only looks at the ledger; why a card was declined stands there, too.

What became of the last card is said before another is asked for; nothing is tried again but at the customer's word.
"""

from __future__ import annotations

from contextlib import suppress

from textual.app import ComposeResult
from textual.widgets import Digits

from kiosk.errors import Illegal, LedgerError
from kiosk.facts import Call, Outcome
from kiosk.sale import try_again
from kiosk.texts import Texts, printable
from screens.parts import Key, Words
from screens.pay import PayScreen

ASKED = (Outcome.DONE, Outcome.REFUSED)
"""What has become of asking the reader, where it may be asked once more."""


class ReaderScreen(PayScreen):
    """The amount, what to do at the reader, and what came of it."""

    def keys(self) -> list[Key]:
        say, keys = self.texts.say, super().keys()
        if self._outcome not in ASKED or self.over:
            return keys
        again = say("Try again") if self.present.declined else say("Ask again")
        return [*keys, Key("r", "R", again)]

    def take(self, key: str) -> None:
        if key != "r":
            super().take(key)
        elif self._outcome in ASKED and not self.over:
            with suppress(Illegal, LedgerError):  # the queue was faster: the next look shows what it wrote
                self.order = try_again(self.house.ledger, self.present, by="customer", at=self.house.clock.now())

    def body(self) -> ComposeResult:
        yield Words(id="question")
        yield Words(id="hint")
        yield Digits(id="amount")
        yield Words(id="pay-for", classes="dim")
        yield Words(id="reference", classes="bold")
        yield Digits(id="time")
        yield Words(id="time-left")
        yield Words(id="after", classes="dim")
        yield Words(id="practice", classes="warm")

    def relabel(self) -> None:
        question, hint = self._words()
        self.query_one("#question", Words).show(question)
        self.query_one("#question").set_class(bool(self.present.declined), "warm")
        self.query_one("#hint", Words).show(hint)
        practice = self.house.config.training and not self.over
        self.query_one("#practice", Words).show(self._practice_words() if practice else "")
        self.relabel_common()

    def _practice_words(self) -> str:
        """Where the sandbox has its reader: a page beside the rail's address."""
        base_url = str(self.house.config.file.tenders[self.opened.tender].get("base_url", ""))
        address = f"{base_url.removesuffix('/stripe')}/reader"
        return self.texts.say("Training: the reader is at {address}", address=printable(address))

    @property
    def _outcome(self) -> Outcome | None:
        starts = self.present.of(Call.START)
        return starts[-1].outcome if starts else None

    def _words(self) -> tuple[str, str]:
        say, starts = self.texts.say, self.present.of(Call.START)
        if why := self.present.declined:
            advice = say("Nothing was charged. Try again with this card or another one, or take another way to pay.")
            return declined_words(self.texts, why), advice
        match self._outcome:
            case Outcome.DONE:
                hint = say("The reader shows the amount. The money is taken only when the top-up is delivered.")
                return say("Insert, tap or swipe your card at the reader"), hint
            case Outcome.NOT_NOW | Outcome.NOT_SENT | Outcome.UNKNOWN if starts[-1].answer:
                hint = say("Trying again. You can wait, or take another way to pay.")
                return say("The card reader does not answer yet"), hint
        return say("Waking the card reader ..."), say("This takes a few seconds.")


def declined_words(texts: Texts, why: str) -> str:
    """Why no card was taken, by the first word of what is on record."""
    say = texts.say
    match why.partition(":")[0]:
        case "no_funds":
            return say("There is not enough money on this card")
        case "expired":
            return say("This card has expired")
        case "wrong_pin":
            return say("The PIN was wrong, or none was entered")
        case "pin_locked":
            return say("The PIN was wrong too often")
        case "not_read":
            return say("The card could not be read")
        case "stopped":
            return say("It was cancelled at the reader")
        case "reader_lost":
            return say("The reader asks for no card any more")
    return say("The bank of this card said no")
